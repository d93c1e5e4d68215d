"""Gaze: at the person most of the time, averted in thought, back at the end of an utterance, eyes before head."""

import math
import random

from behavioral.body.gaze import EYE_LIMIT_RAD, Gaze, GazeState
from runtime.settings import ListenerSettings

STEP_S = 0.02


def run(gaze: Gaze, start_s: float, length_s: float) -> list[GazeState]:
    return [gaze.tick(start_s + i * STEP_S) for i in range(round(length_s / STEP_S))]


def averted_share(states: list[GazeState]) -> float:
    return sum(s.averted for s in states) / len(states)


def new_gaze(seed: int = 1) -> Gaze:
    return Gaze(ListenerSettings(), random.Random(seed))


def test_thinking_averts_at_once() -> None:
    gaze = new_gaze()
    gaze.set_mode("listening", 0.0)
    run(gaze, 0.0, 1.0)
    gaze.set_mode("thinking", 1.0)
    assert all(s.averted for s in run(gaze, 1.0, 0.5))


def test_after_thinking_the_gaze_returns_early_in_the_utterance() -> None:
    gaze = new_gaze()
    gaze.set_mode("thinking", 0.0)
    run(gaze, 0.0, 1.0)
    gaze.set_mode("speaking", 1.0)
    states = run(gaze, 1.0, 2.0)
    assert states[0].averted
    assert not any(s.averted for s in states[round(0.8 / STEP_S) : round(1.2 / STEP_S)])


def test_speaking_averts_more_than_listening() -> None:
    speaking, listening = [], []
    for seed in range(6):
        gaze = new_gaze(seed)
        gaze.set_mode("speaking", 0.0)
        speaking += run(gaze, 0.0, 60.0)
        gaze = new_gaze(seed)
        gaze.set_mode("listening", 0.0)
        listening += run(gaze, 0.0, 60.0)
    assert 0.2 < averted_share(speaking) < 0.4
    assert 0.08 < averted_share(listening) < 0.25


def test_the_last_seconds_of_an_utterance_are_the_persons() -> None:
    for seed in range(8):
        gaze = new_gaze(seed)
        gaze.set_mode("speaking", 0.0)
        gaze.utterance_ends_at(10.0)
        states = run(gaze, 0.0, 10.0)
        assert not any(s.averted for s in states[round(7.7 / STEP_S) :])


def test_the_eyes_arrive_before_the_head() -> None:
    gaze = new_gaze()
    run(gaze, 0.0, 0.1)
    gaze.look((0.5, 0.0), 100.0)
    states = run(gaze, 0.1, 0.2)
    early = states[4]
    assert early.eyes_rad[0] > 0.6 * 0.5 * 0.5
    assert early.head_rad[0] < 0.1
    settled = run(gaze, 0.3, 2.0)[-1]
    assert math.isclose(settled.eyes_rad[0] + settled.head_rad[0], 0.5, abs_tol=0.02)


def test_a_target_out_of_the_eyes_reach_is_the_heads_business() -> None:
    gaze = new_gaze()
    gaze.look((1.2, 0.0), 100.0)
    settled = run(gaze, 0.0, 3.0)[-1]
    assert settled.eyes_rad[0] <= EYE_LIMIT_RAD + 1e-6
    assert settled.head_rad[0] > 0.5


def test_a_forced_look_ends_by_itself() -> None:
    gaze = new_gaze()
    gaze.person_at((0.0, 0.0))
    gaze.set_mode("listening", 0.0)
    gaze.look((0.5, 0.0), 1.0)
    run(gaze, 0.0, 1.0)
    state = run(gaze, 1.0, 1.0)[-1]
    assert abs(state.eyes_rad[0] + state.head_rad[0]) < 0.1
