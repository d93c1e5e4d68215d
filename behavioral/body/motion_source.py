"""Where the body's motion comes from: what a body asks of a generator, and which one the profile chooses.

Two kinds: the procedural body, which computes every pose when it is asked, and the learned one, which makes chunks ahead in an offload and
moves to the sound of both people. Opening the learned one reads a network (a fifth of a second, blocking): before the session.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from motion.clip import Pose
from motion.procedural.generator import ProceduralGenerator
from motion.procedural.gestures import GestureRun
from motion.procedural.head import NodKind, SpokenWord
from motion.procedural.posture import Mode
from motion.streaming.generator import Generator
from motion.streaming.live import LiveMotion
from motion.streaming.model import Model
from runtime.errors import AttuneError
from runtime.settings import Profile

PROVIDERS: Final = {
    "cpu": ("CPUExecutionProvider",),
    "cuda": ("CUDAExecutionProvider", "CPUExecutionProvider"),
    "tensorrt": ("TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"),
}
"""ONNX Runtime's names, best first."""


class MotionSource(Protocol):
    """A generator of motion as the body uses it; times are session seconds, and every call returns at once."""

    def set_mode(self, mode: Mode, t_s: float) -> None:
        """Change between idle, listening, thinking and speaking."""
        ...

    def posture(self, t_s: float, name: str, strength: float) -> None:
        """Take up a posture until the next call."""
        ...

    def speech_planned(self, response_id: str, start_s: float, words: Sequence[SpokenWord]) -> None:
        """Move with words that will be heard."""
        ...

    def speech_stopped(self, t_s: float) -> None:
        """Drop what has not been said."""
        ...

    def nod(self, t_s: float, kind: NodKind, amplitude: float = 1.0) -> float:
        """Nod, and return for how long."""
        ...

    def gesture(
        self,
        gesture_id: str,
        t_s: float,
        label: str,
        *,
        side: float = 0.0,
        strength: float = 1.0,
        duration_s: float | None = None,
        stroke_at_s: float | None = None,
        direction_rad: tuple[float, float] | None = None,
    ) -> GestureRun:
        """Perform a gesture, and return when it begins, strikes and ends."""
        ...

    def cancel_gesture(self, gesture_id: str, t_s: float) -> None:
        """Let a gesture go."""
        ...

    def sample(self, t_s: float) -> Pose:
        """Return the pose at a time."""
        ...


def open_motion(profile: Profile, seed: int) -> MotionSource:
    """Return the generator that the profile asks for.

    Raises:
        AttuneError: it asks for the learned one, whose network is missing or broken.
    """
    if profile.motion.generator == "procedural":
        return ProceduralGenerator(seed, profile.listener, profile.motion)
    try:
        model = Model(providers=PROVIDERS[profile.motion.provider])
    except ValueError as error:
        raise AttuneError(f"motion.generator is learned: {error}", "Set motion.generator to procedural") from None
    return LiveMotion(Generator(model, seeds=(abs(seed),)), seed, profile.listener, profile.motion)
