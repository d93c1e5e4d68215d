"""The running generator: continuous, finite, deterministic, steerable, and the same alone as in company."""

from __future__ import annotations

import numpy as np
import pytest

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.scene import PlacedIntent
from motion.limits import SPEED_RAD_S, excess_rad
from motion.streaming.generator import Generator
from motion.streaming.model import Model
from motion.streaming.sampler import OVERLAP, overlapped
from motion.streaming.speak import speak

RATE = 16_000


def speech(seconds: float, seed: int = 0) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(round(RATE * seconds))).astype(np.float32)


def joined(clips: list[Clip]) -> np.ndarray:
    return np.concatenate([clip.rotations for clip in clips])


def test_the_first_chunk_brings_the_pose_to_begin_with_and_each_further_one_four_frames(small_model: Model) -> None:
    generator = Generator(small_model)
    assert [len(generator.chunk()[0]) for _ in range(4)] == [3, 4, 4, 4]
    assert generator.agents[0].frames == 15


def test_one_seed_gives_one_motion_and_another_seed_another(small_model: Model) -> None:
    a, _ = speak(small_model, speech(2.0), speech(2.0, 1), seed=3)
    b, _ = speak(small_model, speech(2.0), speech(2.0, 1), seed=3)
    c, _ = speak(small_model, speech(2.0), speech(2.0, 1), seed=4)
    assert (a.rotations == b.rotations).all()
    assert not (a.rotations == c.rotations).all()


def test_an_agent_moves_alone_as_it_does_among_others(small_model: Model) -> None:
    alone = Generator(small_model, seeds=(7,))
    among = Generator(small_model, seeds=(1, 7, 2))
    for generator in (alone, among):
        generator.agents[len(generator.agents) // 2].say(0, speech(2.0))
    a = joined([alone.chunk()[0] for _ in range(10)])
    b = joined([among.chunk()[1] for _ in range(10)])
    assert np.degrees(rot.angle_between(a.astype(np.float64), b.astype(np.float64)).max()) < 0.05


def test_live_pieces_give_what_a_whole_recording_gives(small_model: Model) -> None:
    said, heard = speech(3.0), speech(3.0, 1)
    whole, _ = speak(small_model, said, heard, seed=2)
    live = Generator(small_model, seeds=(2,))
    agent = live.agents[0]
    clips: list[Clip] = []
    told = given = 0
    rng = np.random.default_rng(0)
    while agent.frames < 90:
        # The agent's voice comes clause by clause a second ahead, the user's up to now.
        ahead = min(len(said), round((agent.now_s + 1.2) * RATE))
        while told < ahead:
            piece = int(rng.integers(300, 5000))
            agent.say(told, said[told : min(told + piece, ahead)])
            told = min(told + piece, ahead)
        now = min(len(heard), round(agent.now_s * RATE))
        agent.listen(heard[given:now])
        given = now
        clips += live.chunk()
    apart = rot.angle_between(joined(clips)[:90].astype(np.float64), whole.rotations.astype(np.float64))
    assert np.degrees(apart.max()) < 0.1


def test_the_users_voice_moves_the_listener(small_model: Model) -> None:
    quiet, _ = speak(small_model, np.zeros(RATE * 2, np.float32), np.zeros(RATE * 2, np.float32), seed=2)
    heard, _ = speak(small_model, np.zeros(RATE * 2, np.float32), speech(2.0), seed=2)
    assert not np.allclose(quiet.rotations, heard.rotations)


def test_an_interruption_takes_back_what_was_not_said(small_model: Model) -> None:
    stopped, never = Generator(small_model, seeds=(2,)), Generator(small_model, seeds=(2,))
    stopped.agents[0].say(0, speech(4.0))
    never.agents[0].say(0, speech(4.0)[: round(1.3 * RATE)])
    # A look-ahead of 0.8 s has not come as far as 1.3 s yet.
    first = [(stopped.chunk()[0], never.chunk()[0]) for _ in range(2)]
    assert all((a.rotations == b.rotations).all() for a, b in first)
    stopped.agents[0].stop(round(1.3 * RATE))
    later = [(stopped.chunk()[0], never.chunk()[0]) for _ in range(12)]
    assert all(np.allclose(a.rotations, b.rotations, atol=1e-5) for a, b in later)


def test_speech_of_hours_takes_no_memory(small_model: Model) -> None:
    generator = Generator(small_model)
    agent = generator.agents[0]
    for _ in range(60):
        agent.say(round(agent.now_s * RATE) + RATE, speech(0.1))
        agent.listen(speech(4 / 30))
        generator.chunk()
    assert len(agent._speech.agent.rows) < 200 and len(agent._speech.user.rows) < 200
    assert len(agent._points) == 5


# ------------------------------------------------------------ gestures


def test_without_its_control_a_gesture_changes_no_bit(small_model: Model) -> None:
    asked = [PlacedIntent("wave", 0.5, 1.1, 2.5)]
    plain, _ = speak(small_model, speech(3.0), speech(3.0, 1), seed=2)
    muted, _ = speak(small_model, speech(3.0), speech(3.0, 1), seed=2, intents=asked, control=0.0)
    steered, _ = speak(small_model, speech(3.0), speech(3.0, 1), seed=2, intents=asked)
    assert (plain.rotations == muted.rotations).all() and (plain.hands == muted.hands).all()
    assert not np.allclose(plain.rotations, steered.rotations)


def test_beside_one_that_gestures_an_agent_without_control_moves_as_the_base_bit_for_bit(small_model: Model) -> None:
    plain, both = (Generator(small_model, seeds=(4, 5)) for _ in range(2))
    muted, steered = both.agents
    muted.control = 0.0
    for agent in both.agents:
        agent.intend("wave")
    for _ in range(6):
        (alone, other), (quiet, waving) = plain.chunk(), both.chunk()
        assert (alone.rotations == quiet.rotations).all() and (alone.hands == quiet.hands).all()
    assert steered.control == 1.0 and not np.allclose(other.rotations, waving.rotations)


def test_a_flood_of_gestures_for_later_and_endless_ones_take_no_room(small_model: Model) -> None:
    agent = Generator(small_model).agents[0]
    for later in range(500):
        agent.intend("wave", stroke_at_s=1e6 + later)
    assert len(agent._gestures) == 64
    endless = agent.intend("wave", duration_s=1e6)
    assert endless.end_s - endless.start_s <= 20.0


def test_the_frame_after_a_chunk_is_foreseen(small_model: Model) -> None:
    generator = Generator(small_model)
    for _ in range(20):
        foreseen = generator.agents[0].foreseen()
        clip = generator.chunk()[0]
        off = rot.angle_between(foreseen.rotations.astype(float), clip.rotations[0].astype(float)).max()
        step = rot.angle_between(clip.rotations[0].astype(float), clip.rotations[1].astype(float)).max()
        assert off <= step


def test_a_gesture_that_the_checkpoint_has_not_learned_is_named(small_model: Model) -> None:
    with pytest.raises(ValueError, match="'shrug' is not one that this checkpoint has learned"):
        speak(small_model, speech(1.0), speech(1.0), intents=[PlacedIntent("shrug", 0.2, 0.6, 1.0)])


def test_a_gesture_shows_in_the_next_chunk_and_nothing_before_it_changes(small_model: Model) -> None:
    plain, asked = Generator(small_model), Generator(small_model)
    before = [(plain.chunk()[0], asked.chunk()[0]) for _ in range(3)]
    assert all((a.rotations == b.rotations).all() for a, b in before)
    gesture = asked.agents[0].intend("wave", side=1.0)
    assert gesture.start_s == asked.agents[0].now_s
    assert not np.allclose(plain.chunk()[0].rotations, asked.chunk()[0].rotations)


def test_a_stroke_that_is_asked_for_in_time_is_planned_for_that_time(small_model: Model) -> None:
    agent = Generator(small_model).agents[0]
    assert agent.intend("point", stroke_at_s=2.0, direction_rad=(0.5, 0.0)).stroke_s == 2.0
    late = agent.intend("point", stroke_at_s=0.05)
    assert 0.1 < late.stroke_s < 0.7


def test_aliases_are_understood_and_unknown_gestures_refused(small_model: Model) -> None:
    agent = Generator(small_model).agents[0]
    assert agent.intend("bow_down").label == "bow"
    with pytest.raises(ValueError, match="nearest"):
        agent.intend("wavee")
    with pytest.raises(ValueError, match="has learned"):
        agent.intend("shrug")
    with pytest.raises(ValueError, match="finite"):
        agent.intend("wave", amplitude=float("nan"))


def test_a_cancelled_gesture_ends_with_the_next_chunk(small_model: Model) -> None:
    generator = Generator(small_model)
    generator.agents[0].intend("wave")
    generator.chunk()
    generator.agents[0].cancel()
    for _ in range(3):
        generator.chunk()
    assert not generator.agents[0].asked().label.any()


# ------------------------------------------------------------ whatever comes


def hostile(kind: str, rng: np.random.Generator, count: int) -> np.ndarray:
    noise = rng.standard_normal(count).astype(np.float32)
    if kind == "clipped":
        return np.sign(noise) * 1e6
    if kind == "nan":
        noise[::3] = np.nan
        noise[1::3] = np.inf
    if kind == "silence":
        noise[:] = 0.0
    return noise


@pytest.mark.parametrize("kind", ["noise", "clipped", "nan", "silence"])
def test_whatever_comes_frames_are_finite_and_human(small_model: Model, kind: str) -> None:
    rng = np.random.default_rng(0)
    generator = Generator(small_model)
    agent = generator.agents[0]
    clips = []
    for _ in range(45):
        agent.say(int(rng.integers(0, RATE * 8)), hostile(kind, rng, int(rng.integers(0, 3000))))
        agent.listen(hostile(kind, rng, int(rng.integers(0, 3000))))
        for _ in range(3):
            agent.intend(
                str(rng.choice(["wave", "bow", "point"])),
                side=float(rng.uniform(-9, 9)),
                amplitude=float(rng.normal(0, 99)),
            )
        clips += generator.chunk()
    turns = joined(clips).astype(np.float64)
    assert np.isfinite(turns).all()
    assert np.abs(np.linalg.norm(turns, axis=-1) - 1.0).max() < 1e-5
    assert np.degrees(excess_rad(turns).max()) < 0.1
    assert (rot.angle_between(turns[:-1], turns[1:]) <= SPEED_RAD_S / 30.0 + 1e-4).all()


def test_tokens_that_are_no_numbers_are_replaced_and_counted(
    small_model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = Generator(small_model)
    generator.chunk()
    monkeypatch.setattr(generator.agents[0], "noise", lambda: np.full((6, 99), np.nan, np.float32))
    clip = generator.chunk()[0]
    assert np.isfinite(clip.rotations).all()
    assert generator.repaired == 2


def test_a_new_chunk_takes_over_from_the_plan_of_the_last_one_by_and_by() -> None:
    block, plan = np.ones((1, 6, 99), np.float32), np.zeros((1, 4, 99), np.float32)
    assert np.array_equal(overlapped(block, None, 2), block[:, :2])
    out = overlapped(block, plan, 2)
    assert np.allclose(out[0, 0], 1.0 - OVERLAP[0]) and np.allclose(out[0, 1], 1.0 - OVERLAP[1])
    assert 1.0 > OVERLAP[0] >= OVERLAP[1] > 0.0
    assert (block == 1.0).all()


def test_a_folder_without_a_model_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="describes no generator"):
        Model(tmp_path)


def test_without_a_shipped_generator_the_way_to_one_is_named(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("motion.streaming.model.models_dir", lambda: tmp_path)
    with pytest.raises(ValueError, match="no generator is shipped; train one"):
        Model()
