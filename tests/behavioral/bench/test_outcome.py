"""What an agent made of a script, by when its voice sounded."""

import numpy as np
import pytest

from behavioral.bench.outcome import overlap_outcomes, turn_outcomes
from behavioral.bench.script import Script, Sound

TURN = Sound("turn", "one, two", "voice", 1.0, 3.0, ((1.5, 2.1),))
OVERLAP = Sound("interruption", "stop", "voice", 5.2, 6.0)
NEXT = Sound("turn", "three", "real", 12.0, 13.0)
SCRIPT = Script(np.zeros(20 * 16_000, np.float32), (TURN, OVERLAP, NEXT))


def judged(*voice: tuple[float, float]) -> list[tuple[float | None, bool, int]]:
    return [(o.answered_after_ms, o.missed, o.cut_ins) for o in turn_outcomes(SCRIPT, voice)]


def test_an_answer_is_the_first_sound_after_the_turns_end() -> None:
    assert judged((3.3, 8.0), (13.5, 18.0)) == [(pytest.approx(300.0), False, 0), (pytest.approx(500.0), False, 0)]


def test_a_sound_in_a_pause_or_after_it_before_the_turns_end_is_a_cut_in_of_that_pause() -> None:
    assert judged((1.9, 2.0), (3.3, 8.0))[0] == (pytest.approx(300.0), False, 1)
    assert judged((2.4, 2.5), (3.3, 8.0))[0] == (pytest.approx(300.0), False, 1)
    assert judged((1.8, 1.9), (2.4, 2.5), (3.3, 8.0))[0][2] == 1, "one pause is cut into once"


def test_a_turn_that_was_answered_before_it_ended_has_no_latency_but_was_not_missed() -> None:
    assert judged((1.9, 7.0))[0] == (None, False, 1)


def test_a_turn_without_an_answer_in_time_is_missed() -> None:
    assert judged((13.2, 18.0))[0] == (None, True, 0)
    assert judged((6.5, 9.0))[0] == (None, True, 0)


def test_an_overlap_stops_the_answer_it_fell_into_or_it_does_not() -> None:
    (stopped,) = overlap_outcomes(SCRIPT, [(3.3, 5.6)], answer_s=5.0)
    assert stopped.over_speech and stopped.stopped_after_ms == pytest.approx(400.0)
    (went_on,) = overlap_outcomes(SCRIPT, [(3.3, 8.3)], answer_s=5.0)
    assert went_on.over_speech and went_on.stopped_after_ms is None


def test_an_overlap_in_silence_says_nothing() -> None:
    (silent,) = overlap_outcomes(SCRIPT, [(3.3, 5.0)], answer_s=5.0)
    assert not silent.over_speech
