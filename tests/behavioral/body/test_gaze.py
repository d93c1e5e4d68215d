"""Gaze: at the person most of the time, averted by the measured statistics, back at the end of an utterance, eyes before head."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest

from behavioral.body.gaze import EYE_LIMIT_RAD, Gaze, GazeState, Mode
from runtime.settings import ListenerSettings

STEP_S = 0.02
SETTINGS = ListenerSettings()
Span = tuple[float, float]


def run(gaze: Gaze, start_s: float, length_s: float) -> list[GazeState]:
    return [gaze.tick(start_s + i * STEP_S) for i in range(round(length_s / STEP_S))]


def averted_share(states: list[GazeState]) -> float:
    return sum(s.averted for s in states) / len(states)


def new_gaze(seed: int = 1) -> Gaze:
    return Gaze(SETTINGS, random.Random(seed))


def spans(states: list[GazeState]) -> list[Span]:
    """Begin and end of every aversion that is over."""
    averted = np.array([False, *(s.averted for s in states), True])
    begins, ends = np.flatnonzero(averted[1:] & ~averted[:-1]), np.flatnonzero(~averted[1:] & averted[:-1])
    return [(b * STEP_S, e * STEP_S) for b, e in zip(begins, ends, strict=False)]


def hour(mode: Mode, seed: int = 5) -> list[GazeState]:
    gaze = new_gaze(seed)
    gaze.set_mode(mode, 0.0)
    return run(gaze, 0.0, 3_600.0)


def turn(seed: int, thinks_s: float, speaks_s: float) -> tuple[list[GazeState], float]:
    """An answer: listening, thinking, speaking; the states, and when its first sound is."""
    gaze = new_gaze(seed)
    gaze.set_mode("listening", 0.0)
    states = run(gaze, 0.0, 2.0)
    gaze.set_mode("thinking", 2.0)
    states += run(gaze, 2.0, thinks_s)
    onset_s = 2.0 + thinks_s
    gaze.set_mode("speaking", onset_s)
    gaze.utterance_ends_at(onset_s + speaks_s)
    return states + run(gaze, onset_s, speaks_s), onset_s


@pytest.mark.parametrize(
    ("mode", "every", "length", "at_the_person"),
    [
        ("speaking", SETTINGS.gaze_speaking_every_s, SETTINGS.gaze_speaking_length_s, 4.75 / (4.75 + 1.96)),
        ("listening", SETTINGS.gaze_listening_every_s, SETTINGS.gaze_listening_length_s, 7.21 / (7.21 + 1.14)),
    ],
)
def test_an_hour_of_aversions_has_the_measured_lengths_and_distances(
    mode: Mode, every: Span, length: Span, at_the_person: float
) -> None:
    states = hour(mode)
    found = spans(states)
    lengths = np.array([end - begin for begin, end in found])
    between = np.array([b[0] - a[1] for a, b in itertools.pairwise(found)])
    assert lengths.mean() == pytest.approx(length[0], rel=0.06) and lengths.std() == pytest.approx(length[1], rel=0.2)
    assert between.mean() == pytest.approx(every[0], rel=0.06) and between.std() == pytest.approx(every[1], rel=0.2)
    # Andrist's figures, not Argyle's 41 % and 75 %: see the table.
    assert 1.0 - averted_share(states) == pytest.approx(at_the_person, abs=0.02)


@pytest.mark.parametrize(
    ("mode", "shares"),
    [
        ("speaking", SETTINGS.gaze_intimacy_directions),
        ("listening", SETTINGS.gaze_intimacy_directions),
        ("thinking", SETTINGS.gaze_thinking_directions),
    ],
)
def test_aversions_go_up_down_and_aside_in_the_measured_shares(mode: Mode, shares: tuple[float, float, float]) -> None:
    states = hour(mode, seed=8)
    counts = {"up": 0, "down": 0, "side": 0}
    for begin, end in spans(states):
        yaw, pitch = states[round(end / STEP_S) - 2].look_rad
        if end - begin < 0.3:
            continue
        counts["side" if abs(yaw) > abs(pitch) else "up" if pitch > 0.0 else "down"] += 1
    total = sum(counts.values())
    for name, share in zip(counts, shares, strict=True):
        assert counts[name] / total == pytest.approx(share / sum(shares), abs=0.07), name


def test_a_turn_begins_averted_as_often_and_until_when_people_do() -> None:
    turns = [turn(seed, 0.3, 12.0) for seed in range(400)]
    averted = [states for states, _ in turns if states[round(2.25 / STEP_S)].averted]
    assert len(averted) / len(turns) == pytest.approx(SETTINGS.gaze_turn_start_share, abs=0.06)
    ends = np.array([next(i for i in range(115, len(s)) if not s[i].averted) * STEP_S - 2.3 for s in averted])
    mean, sd = SETTINGS.gaze_turn_start_end_s
    assert ends.mean() == pytest.approx(mean, abs=0.12) and ends.std() == pytest.approx(sd, rel=0.2)
    assert all(s[round(2.02 / STEP_S)].averted for s in averted), "at once, as the answer is soon there"


def test_an_answer_without_a_wait_begins_averted_as_often() -> None:
    averted = []
    for seed in range(300):
        gaze = new_gaze(seed)
        gaze.set_mode("listening", 0.0)
        run(gaze, 0.0, 1.0)
        gaze.set_mode("speaking", 1.0)
        gaze.utterance_ends_at(9.0)
        averted.append(run(gaze, 1.0, 0.1)[-1].averted)
    assert np.mean(averted) == pytest.approx(SETTINGS.gaze_turn_start_share, abs=0.07)


def test_who_thinks_long_looks_away_and_back_in_between() -> None:
    thoughts, share, in_thought = [], [], []
    for seed in range(60):
        gaze = new_gaze(seed)
        gaze.set_mode("thinking", 0.0)
        states = run(gaze, 0.0, 60.0)
        in_thought.append(states[round(1.1 / STEP_S)].averted)
        thoughts += [end - begin for begin, end in spans(states)[1:-1]]
        share.append(averted_share(states))
    assert np.mean(in_thought) > 0.9, "an answer that takes a second is thought about"
    mean, sd = SETTINGS.gaze_thinking_length_s
    assert np.mean(thoughts) == pytest.approx(mean, rel=0.06) and np.std(thoughts) == pytest.approx(sd, rel=0.2)
    assert np.mean(share) == pytest.approx(SETTINGS.gaze_thinking_share, abs=0.04)


def test_thought_lasts_into_ones_speech_longer_than_the_start_of_a_turn() -> None:
    def ends(thinks_s: float) -> list[float]:
        found = []
        for seed in range(150):
            states, onset_s = turn(seed, thinks_s, 20.0)
            first = round(onset_s / STEP_S)
            if states[first].averted:
                found.append(next(i for i in range(first, len(states)) if not states[i].averted) * STEP_S - onset_s)
        return found

    soon, late = ends(0.4), ends(1.4)
    assert np.mean(late) > np.mean(soon) + 0.4
    assert max(late) < SETTINGS.gaze_thinking_end_s[0] + 4 * SETTINGS.gaze_thinking_end_s[1]


def test_no_aversion_lasts_into_the_last_seconds_of_an_utterance() -> None:
    for seed in range(100):
        states, onset_s = turn(seed, 0.3, 4.0 + 0.1 * seed)
        last = round((onset_s + 4.0 + 0.1 * seed - SETTINGS.gaze_yield_least_s) / STEP_S) + 1
        assert not any(s.averted for s in states[last:])


def test_a_new_utterance_has_its_own_end() -> None:
    gaze = new_gaze(2)
    gaze.set_mode("speaking", 0.0)
    gaze.utterance_ends_at(6.0)
    run(gaze, 0.0, 6.0)
    gaze.set_mode("listening", 6.0)
    run(gaze, 6.0, 5.0)
    gaze.utterance_ends_at(71.0)  # known before its first sound
    gaze.set_mode("speaking", 11.0)
    states = run(gaze, 11.0, 60.0)
    assert averted_share(states) > 0.15
    assert not any(s.averted for s in states[round(57.7 / STEP_S) :])


def test_thought_comes_before_turn_and_turn_before_intimacy() -> None:
    reasons = set()
    for seed in range(40):
        gaze = new_gaze(seed)
        gaze.set_mode("listening", 0.0)
        run(gaze, 0.0, 20.0)  # an aversion of intimacy may be running
        gaze.set_mode("thinking", 20.0)
        run(gaze, 20.0, 0.1)
        reasons.add(gaze.averting_for)
        run(gaze, 20.1, 1.0)
        assert gaze.averting_for == "thought"
    assert reasons == {"turn", None}


def test_a_seed_gives_one_gaze() -> None:
    one, two, other = (hour("speaking", seed)[:20_000] for seed in (3, 3, 4))
    assert one == two
    assert one != other


def test_the_eyes_arrive_before_the_head() -> None:
    gaze = new_gaze()
    run(gaze, 0.0, 0.1)
    gaze.look((0.5, 0.0), 100.0)
    states = run(gaze, 0.1, 0.3)
    looks = np.array([s.look_rad[0] for s in states])
    arrived_s = (int(np.argmax(looks > 0.5 - 1e-6)) + 1) * STEP_S
    assert SETTINGS.gaze_saccade_s[0] <= arrived_s <= SETTINGS.gaze_saccade_s[1] + STEP_S
    set_out_s = (int(np.argmax(np.array([s.head_rad[0] for s in states]) > 0.01)) + 1) * STEP_S
    assert set_out_s >= arrived_s - STEP_S
    settled = run(gaze, 0.4, 2.0)[-1]
    assert math.isclose(settled.eyes_rad[0] + settled.head_rad[0], 0.5, abs_tol=0.02)
    assert settled.head_rad[0] == pytest.approx(SETTINGS.gaze_head_share * 0.5, abs=0.01)


@pytest.mark.parametrize(("degrees", "seconds"), [(4.0, 0.030), (20.0, 0.065), (60.0, 0.120)])
def test_a_saccade_takes_longer_the_farther_it_goes(degrees: float, seconds: float) -> None:
    gaze = new_gaze()
    gaze.tick(0.0)
    gaze.look((math.radians(degrees), 0.0), 100.0)
    step_s = 0.002
    looks = [gaze.tick(step_s * i).look_rad[0] for i in range(1, 200)]
    arrived = next(i for i, yaw in enumerate(looks) if yaw > math.radians(degrees) - 1e-6)
    assert (arrived + 1) * step_s == pytest.approx(seconds, abs=2 * step_s)


def test_a_moving_person_is_followed_smoothly() -> None:
    gaze = new_gaze()
    gaze.set_mode("listening", 0.0)
    looks = []
    for i in range(100):
        gaze.person_at((0.002 * i, 0.0))
        looks.append(gaze.tick(i * STEP_S).look_rad[0])
    assert np.abs(np.diff(looks)).max() < 0.004
    assert abs(looks[-1] - 0.198) < 0.01


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
    assert abs(state.look_rad[0]) < 0.1
