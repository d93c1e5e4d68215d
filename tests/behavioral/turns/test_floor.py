"""The person's side of the floor: segments, pauses, final words, turn ends."""

from behavioral.turns.floor import Floor, TurnEnded
from runtime.clock import NS_PER_MS
from runtime.settings import TurnSettings


def at_ms(ms: float) -> int:
    return round(ms * NS_PER_MS)


def judged(floor: Floor, from_ms: float, to_ms: float) -> tuple[float, TurnEnded] | None:
    """Let time pass, and end the turn when it is due."""
    pause = floor.pause(at_ms(from_ms))
    if pause is None or pause.due_ns > at_ms(to_ms):
        return None
    when_ms = max(from_ms, pause.due_ns / NS_PER_MS)
    return when_ms, floor.close(pause.judged.evidence)


def test_a_turn_opens_once_and_ends_after_the_required_silence() -> None:
    floor = Floor(TurnSettings(), lambda text: "closed" if text == "what is your name" else "")
    opened = floor.speech_started("turn-1", at_ms(1_000))
    assert opened is not None and opened.turn_id == "turn-1"
    assert judged(floor, 1_000, 2_000) is None, "nothing ends while the person speaks"
    floor.speech_ended(at_ms(2_000))
    floor.final("what is your name", at_ms(2_000))
    found = judged(floor, 2_000, 4_000)
    assert found is not None
    when_ms, ended = found
    assert 2_200 <= when_ms <= 2_500
    assert (ended.text, ended.start_ns, ended.speech_end_ns) == ("what is your name", at_ms(1_000), at_ms(2_000))
    assert not floor.user_has_floor


def test_a_pause_inside_a_turn_keeps_it_open_and_joins_the_text() -> None:
    floor = Floor(TurnSettings())
    floor.speech_started("turn-1", 0)
    floor.speech_ended(at_ms(1_000))
    floor.final("I went to the", at_ms(1_000))
    assert judged(floor, 1_000, 1_600) is None
    assert floor.speech_started("unused", at_ms(1_650)) is None
    floor.speech_ended(at_ms(2_400))
    floor.final("market yesterday", at_ms(2_400))
    found = judged(floor, 2_400, 4_000)
    assert found is not None and found[1].text == "I went to the market yesterday"


def test_the_end_waits_for_the_final_words_but_not_for_ever() -> None:
    floor = Floor(TurnSettings())
    floor.speech_started("turn-1", 0)
    floor.hypothesis("hello", 0)
    floor.speech_ended(at_ms(1_000))
    found = judged(floor, 1_000, 4_000)
    assert found is not None
    when_ms, ended = found
    assert when_ms >= 1_200 + TurnSettings().final_words_wait_ms
    assert ended.text == "hello", "what was recognised so far counts"


def test_words_of_an_earlier_segment_do_not_enter_a_later_turn() -> None:
    floor = Floor(TurnSettings())
    floor.speech_started("turn-1", at_ms(5_000))
    floor.final("mhm", at_ms(4_000))
    floor.hypothesis("mhm mhm", at_ms(3_500))
    assert floor.close({}).text == ""


def test_a_segment_that_was_cut_for_its_length_is_waited_for_to_its_end() -> None:
    floor = Floor(TurnSettings())
    floor.speech_started("turn-1", 0)
    floor.final("first twenty seconds", at_ms(20_000), continues=True)
    floor.speech_ended(at_ms(24_000))
    assert judged(floor, 24_000, 24_350) is None, "its last words are still to come"
    floor.final("and the rest", at_ms(24_000))
    found = judged(floor, 24_350, 26_000)
    assert found is not None and found[1].text == "first twenty seconds and the rest"
