"""A conversation whose body is the shipped network: the same frames, gestures and interruptions as with the procedural one."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from behavioral.body import motion_source
from behavioral.hearing.blocks import BLOCK_SAMPLES
from motion.clip import Clip, Pose
from motion.evaluation import classifier
from motion.evaluation.encoder import FPS
from motion.evaluation.intentions import onset_frame
from motion.procedural import lexicon
from motion.rotations import slerp
from motion.streaming.model import Model
from runtime.clock import NS_PER_S
from runtime.messages import Intention, MotionFrame
from runtime.settings import Profile
from tests.behavioral.scene import Scene, play

LEARNED = msgspec.structs.replace(Profile(), motion=msgspec.structs.replace(Profile().motion, generator="learned"))


def rotations(frames: list[MotionFrame]) -> np.ndarray:
    return np.stack([np.frombuffer(frame.rotations, dtype="<f4").reshape(-1, 4) for frame in frames])


def at_30_fps(frames: list[MotionFrame]) -> Clip:
    """The frames of 50 Hz, interpolated."""
    turns = rotations(frames).astype(np.float64)
    times = np.arange(0.0, (len(frames) - 1) / 50.0, 1.0 / FPS) * 50.0
    poses = []
    for at in times:
        row = int(at)
        hands = np.frombuffer(frames[row].hands, dtype="<f4").reshape(2, 6)
        turned = slerp(turns[row], turns[row + 1], at - row)
        poses.append(Pose(turned.astype(np.float32), np.array(frames[row].hips_m, np.float32), hands))
    return Clip.from_poses(poses, float(FPS))


def test_the_network_computes_where_the_profile_says_and_on_the_cpu_where_that_is_absent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, ...]] = []

    def model(providers: tuple[str, ...]) -> Model:
        asked.append(providers)
        return Model(providers=providers[-1:])

    monkeypatch.setattr(motion_source, "Model", model)
    for provider in ("cpu", "cuda", "tensorrt"):
        motion = msgspec.structs.replace(LEARNED.motion, provider=provider)
        motion_source.open_motion(msgspec.structs.replace(LEARNED, motion=motion), 0)
    assert [first for first, *_ in asked] == [f"{name}ExecutionProvider" for name in ("CPU", "CUDA", "Tensorrt")]
    assert {last for *_, last in asked} == {"CPUExecutionProvider"}


def test_a_gesture_shows_within_a_quarter_of_a_second_of_its_intention() -> None:
    """The body in virtual time, so without the time that a chunk takes to make (about 10 ms)."""
    delays_s = []
    for number, label in enumerate(lexicon.LABELS[::4]):
        asked_s = 3.0 + 0.011 * number
        frames = []
        for wanted in (True, False):

            async def script(scene: Scene, wanted: bool = wanted, label: str = label, asked_s: float = asked_s) -> None:
                await scene.wait(asked_s)
                if wanted:
                    scene.realiser.receive(Intention(id="g", kind="gesture", label=label), scene.clock.now_ns())
                await scene.wait(1.0)

            frames.append(at_30_fps([m for m in play(script, profile=LEARNED) if isinstance(m, MotionFrame)]))
        first = onset_frame(frames[1], frames[0])
        delays_s.append(np.inf if first is None else first / FPS - asked_s)
    assert np.median(delays_s) < 0.2
    assert np.quantile(delays_s, 0.9) <= 0.25


def test_there_is_a_frame_at_every_tick_and_the_body_lives_without_a_word() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(3.0)
        assert scene.live is not None and scene.live.held == 0

    frames = [m for m in play(script, profile=LEARNED) if isinstance(m, MotionFrame)]
    assert len(frames) == 150
    turned = rotations(frames)[25:]
    assert np.abs(np.diff(turned, axis=0)).max() > 1e-5
    assert np.abs(np.diff(turned, axis=0)).max() < 0.05


def test_a_wave_that_an_intention_asks_for_is_seen_by_the_classifier() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(2.0)
        scene.realiser.receive(Intention(id="w", kind="gesture", label="wave"), scene.clock.now_ns())
        await scene.wait(6.0)
        assert [answer.state for answer in scene.answers][-1] == "finished"

    frames = [m for m in play(script, profile=LEARNED) if isinstance(m, MotionFrame)]
    rows = classifier.frames_of(at_30_fps(frames))
    seen = classifier.shipped().recognise(np.stack([classifier.window(rows, second) for second in (2.8, 3.0, 3.2)]))
    assert "wave" in seen


def test_the_body_hears_and_an_interruption_is_told_to_the_network() -> None:
    def heard_by(loud: bool) -> np.ndarray:
        async def script(scene: Scene) -> None:
            assert scene.live is not None
            for block in range(100):
                sound = np.random.default_rng(block).standard_normal(BLOCK_SAMPLES) * (0.1 if loud else 0.0)
                scene.live.hear(scene.clock.now_ns() / NS_PER_S, sound.astype(np.float32))
                await scene.wait(0.032)
            scene.conversation.say("I would like to tell you a long story about very many things.")
            await scene.wait(1.0)
            scene.conversation.stop_speaking(scene.clock.now_ns())
            await scene.wait(1.0)
            assert scene.live.refused == 0

        return rotations([m for m in play(script, profile=LEARNED) if isinstance(m, MotionFrame)])

    assert np.abs(heard_by(True) - heard_by(False)).max() > 0.01
