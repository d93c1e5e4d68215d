"""Responses move into the speaker's gaze windows; how many there are stays."""

from __future__ import annotations

import random

import pytest

from behavioral.body.gaze_window import GazeWindow
from behavioral.body.listening import Listening
from runtime.settings import ListenerSettings

BLOCK_S = 0.032
SETTINGS = ListenerSettings()


def respond(facing: list[float | None], cues_per_min: float = 25.0, seed: int = 1) -> tuple[int, int]:
    """Responses in all and those at moments when the person looks, over a talk whose facing is repeated for half an hour."""
    window, listening = GazeWindow(SETTINGS), Listening(SETTINGS, random.Random(seed))
    cues = random.Random(f"{seed} cues")
    total = inside = 0
    for block in range(round(1_800 / BLOCK_S)):
        t_s = block * BLOCK_S
        now = facing[block % len(facing)]
        window.take(t_s, now)
        listening.talk(t_s, speaking=True)
        if cues.random() < cues_per_min / 60.0 * BLOCK_S:
            act = listening.cue(t_s, t_s, "low_pitch", likelihood=window.likelihood)
            total += act is not None
            inside += act is not None and now is not None and now >= 0.6
    return total, inside


LOOKS: list[float | None] = [0.9] * round(2.2 / BLOCK_S) + [0.2] * round(2.69 / BLOCK_S)
"""A window of 2.2 s, open 45 % of the time."""


def test_as_many_responses_fall_into_gaze_windows_as_bavelas_found() -> None:
    counts = [respond(LOOKS, seed=seed) for seed in range(4)]
    inside = sum(i for _, i in counts) / sum(t for t, _ in counts)
    assert inside == pytest.approx(SETTINGS.gaze_window_responses, abs=0.08)


@pytest.mark.parametrize("facing", [[0.9], [0.1], LOOKS])
def test_the_rate_stays_as_it_is_without_a_picture(facing: list[float | None]) -> None:
    seen = sum(respond(facing, seed=seed)[0] for seed in range(4))
    unseen = sum(respond([None], seed=seed)[0] for seed in range(4))
    assert seen == pytest.approx(unseen, rel=0.15)


def test_without_a_picture_nothing_is_likelier() -> None:
    window = GazeWindow(SETTINGS)
    assert window.take(0.0, None) is None
    assert window.likelihood == 1.0 and not window.open


def test_a_look_asks_for_an_answer_at_0_69_of_a_window() -> None:
    window = GazeWindow(SETTINGS)
    assert window.take(0.0, 0.2) is None
    due = window.take(1.0, 0.8)
    assert due == pytest.approx(1.0 + 0.69 * 2.2)
    assert window.take(1.1, 0.9) is None, "one look, one answer"


def test_who_is_seen_first_with_the_eyes_on_the_agent_has_not_just_looked_up() -> None:
    assert GazeWindow(SETTINGS).take(0.0, 0.9) is None


def test_a_flickering_estimate_opens_no_windows() -> None:
    window = GazeWindow(SETTINGS)
    opened = [window.take(i * 0.1, 0.62 if i % 2 else 0.55) for i in range(100)]
    assert sum(due is not None for due in opened) == 1
