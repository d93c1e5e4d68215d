"""What a method is to the table: anything that turns speech, a style and intentions into motion; and the model-free ones.

Everything is at 30 fps and deterministic under the seed. Bad input is a `ValueError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from motion.clip import Clip
from motion.corpus.scene import PlacedIntent
from motion.evaluation.baselines import Intended, procedural, static
from motion.evaluation.speech import RATE_HZ, spoken_words
from motion.procedural import lexicon

Float32 = NDArray[np.float32]

EXTRAS: Final = ("rocketbox-f", "rocketbox-m", "movebox", "mesh2motion")
"""Actors of a corpus who do not narrate: they stand, wave, present and idle."""


@dataclass(frozen=True, slots=True)
class Style:
    """Whose manner to move in, as scenes of a corpus name it; "" where anybody's will do."""

    actor: str = ""
    emotion: str = ""


ANYBODY: Final = Style()


class SpeechMotion(Protocol):
    """A method: motion for speech."""

    def __call__(
        self, agent: Float32, user: Float32, seed: int, style: Style, intents: Sequence[PlacedIntent]
    ) -> tuple[Clip, tuple[int, ...]]:
        """Move to speech.

        Args:
            agent: 16 kHz mono, what the body says.
            user: as long; what the other says.
            seed: of all noise.
            style: whose manner.
            intents: gestures asked for; each is known from its `start_s` on and never earlier.

        Returns:
            As many frames as the speech has, from neutral at the start; and the frames at which a chunk or piece begins.
        """


def request(
    label: str, at_s: float, *, stroke: bool = False, lead_s: float | None = None, side: float = 0.0
) -> PlacedIntent:
    """A gesture as it is asked for, at its natural tempo.

    Args:
        label: label or alias of the lexicon.
        at_s: when the request arrives; with `stroke`, when the stroke is to land.
        stroke: whether the stroke's time is asked for.
        lead_s: how long before its stroke such a request arrives; by default as long as the gesture naturally needs.
        side: 1 left, -1 right, 0 free.

    Raises:
        ValueError: unknown gesture.
    """
    entry = lexicon.find(label)
    natural_s = entry.prepare_s + entry.stroke_s
    begin_s = max(0.0, at_s - (natural_s if lead_s is None else lead_s)) if stroke else at_s
    stroke_s = at_s if stroke else at_s + natural_s
    return PlacedIntent(entry.label, begin_s, stroke_s, stroke_s + entry.hold_s + entry.retract_s, side)


def model_free(
    agent: Float32, user: Float32, seed: int, style: Style, intents: Sequence[PlacedIntent]
) -> tuple[Clip, tuple[int, ...]]:
    """The procedural body as a `SpeechMotion`; it has one manner, and hears nobody."""
    del user, style
    asked = [Intended(one.label, one.start_s, side=one.side, stroke_s=one.stroke_s) for one in intents]
    return procedural(spoken_words(agent), len(agent) / RATE_HZ, seed, asked), ()


def motionless(
    agent: Float32, user: Float32, seed: int, style: Style, intents: Sequence[PlacedIntent]
) -> tuple[Clip, tuple[int, ...]]:
    """The neutral pose as a `SpeechMotion`."""
    del user, seed, style, intents
    return static(len(agent) / RATE_HZ), ()
