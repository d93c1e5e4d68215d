"""What an agent made of a script, by when its voice sounded."""

import numpy as np
import pytest

from behavioral.bench.outcome import OverlapOutcome, TurnOutcome, overlap_outcomes, turn_outcomes
from behavioral.bench.report import Tally
from behavioral.bench.script import Script, Sound

TURN = Sound("turn", "one, two", "voice", 1.0, 3.0, ((1.5, 2.1),))
OVERLAP = Sound("interruption", "stop", "voice", 5.2, 6.0)
NEXT = Sound("turn", "three", "real", 12.0, 13.0)
SCRIPT = Script(np.zeros(20 * 16_000, np.float32), (TURN, OVERLAP, NEXT))


def judged(*voice: tuple[float, float]) -> list[tuple[float | None, bool, int]]:
    answers = [[interval] for interval in voice]
    return [(o.answered_after_ms, o.missed, o.cut_ins) for o in turn_outcomes(SCRIPT, answers)]


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


def overlap(*stretches: tuple[float, float]) -> tuple[float | None, float | None]:
    """An answer of five seconds in these stretches, with an overlap from 5.2 to 6.0: when it stopped it, how long it paused it."""
    (judged,) = overlap_outcomes(SCRIPT, [stretches], answer_s=5.0)
    assert judged.over_speech
    return judged.stopped_after_ms, judged.paused_ms


def test_an_overlap_stops_the_answer_it_fell_into_or_it_does_not() -> None:
    assert overlap((3.3, 5.6)) == (pytest.approx(400.0), None)
    assert overlap((3.3, 8.3)) == (None, None)


def test_an_answer_that_goes_on_after_a_while_has_paused() -> None:
    assert overlap((3.3, 5.6), (6.3, 9.2)) == (None, pytest.approx(700.0))


def test_a_pause_of_over_a_second_is_a_stop_even_if_all_is_said_in_the_end() -> None:
    assert overlap((3.3, 5.6), (6.8, 9.7)) == (pytest.approx(400.0), pytest.approx(1_200.0))


def test_an_answer_that_is_given_up_after_a_pause_was_stopped_and_is_silent_from_its_last_sound_on() -> None:
    assert overlap((3.3, 5.6), (6.3, 6.5)) == (pytest.approx(1_300.0), None)


def test_pauses_between_clauses_are_none() -> None:
    assert overlap((3.3, 5.3), (5.55, 8.5)) == (None, None)


def test_of_two_overlaps_the_one_that_came_before_the_stop_is_blamed() -> None:
    hum = Sound("backchannel", "mhm", "voice", 4.0, 4.4)
    script = Script(SCRIPT.samples, (TURN, hum, OVERLAP, NEXT))
    first, second = overlap_outcomes(script, [[(3.3, 5.4)]], answer_s=5.0)
    assert first.stopped_after_ms is None and second.stopped_after_ms == pytest.approx(200.0)


def test_an_overlap_in_silence_says_nothing() -> None:
    (silent,) = overlap_outcomes(SCRIPT, [[(3.3, 5.0)]], answer_s=5.0)
    assert not silent.over_speech


def test_the_report_tells_pauses_from_stops() -> None:
    hum = Sound("backchannel", "mhm", "voice", 4.0, 4.4)
    tally = Tally(
        [], [OverlapOutcome(hum, True, None, 500.0), OverlapOutcome(hum, True, 300.0), OverlapOutcome(hum, True, None)]
    )
    figures = tally.figures()
    assert (figures["backchannel_stop_rate"], figures["backchannel_pause_rate"]) == (0.3333, 0.3333)
    assert figures["backchannel_pause_ms"]["p50"] == 500.0


def test_a_missed_turn_is_three_seconds_of_waiting_and_a_turn_that_was_cut_into_is_none() -> None:
    heard = Tally(
        [
            TurnOutcome(TURN, 300.0, False, 1, 0),
            TurnOutcome(NEXT, None, True, 0, 0),
            TurnOutcome(TURN, None, False, 1, 1),
        ]
    )
    figures = heard.figures()
    assert figures["voice_to_voice_ms"] == {"p50": 300.0, "p95": 300.0, "count": 1}
    assert figures["wait_ms"] == {"p50": 300.0, "p95": 3_000.0, "count": 2}
