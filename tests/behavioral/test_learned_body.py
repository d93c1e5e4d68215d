"""A conversation whose body is the shipped network: the same frames, gestures and interruptions as with the procedural one."""

from __future__ import annotations

import msgspec
import numpy as np

from behavioral.hearing.blocks import BLOCK_SAMPLES
from motion.clip import Clip, Pose
from motion.evaluation import classifier
from motion.evaluation.encoder import FPS
from motion.rotations import slerp
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
