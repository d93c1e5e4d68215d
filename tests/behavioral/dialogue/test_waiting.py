"""What the agent does while the person waits."""

from itertools import pairwise

import pytest

from behavioral.dialogue.waiting import FIRST, LATER, TOOL, Waiting
from runtime.clock import NS_PER_MS
from runtime.settings import DialogueSettings


def wait(
    waiting: Waiting, until_ms: int, *, scheduled_from_ms: int = 10**9, tool_ms: tuple[int, int] = (0, 0)
) -> list[tuple[int, str]]:
    """Tick at 50 Hz from a turn's end at 0 whose speech ended 400 ms earlier; return the fillers with their times."""
    waiting.turn_ended(600 * NS_PER_MS, 1_000 * NS_PER_MS)
    uttered = []
    for ms in range(0, until_ms, 20):
        filler = waiting.filler(
            (1_000 + ms) * NS_PER_MS,
            scheduled=ms >= scheduled_from_ms,
            tool_in_silence=tool_ms[0] <= ms < tool_ms[1],
        )
        if filler:
            uttered.append((ms, filler))
    return uttered


def test_a_long_wait_is_bridged_at_its_times_and_not_for_ever() -> None:
    uttered = wait(Waiting(DialogueSettings(), 1), 20_000)
    assert [ms for ms, _text in uttered] == [800, 3_300]
    assert uttered[0][1] in FIRST and uttered[1][1] in LATER


def test_a_reply_that_has_its_place_on_the_clock_needs_no_filler() -> None:
    assert wait(Waiting(DialogueSettings(), 1), 5_000, scheduled_from_ms=700) == []


def test_a_reply_that_comes_after_the_first_filler_gets_no_second() -> None:
    assert len(wait(Waiting(DialogueSettings(), 1), 8_000, scheduled_from_ms=2_000)) == 1


def test_fillers_vary_and_are_reproducible() -> None:
    def texts(seed: int) -> list[str]:
        waiting = Waiting(DialogueSettings(), seed)
        return [text for _turn in range(12) for _ms, text in wait(waiting, 6_000)]

    assert texts(3) == texts(3)
    assert texts(3) != texts(4)
    assert len(set(texts(3))) >= 5
    assert all(one != other for one, other in pairwise(texts(3)))


@pytest.mark.parametrize("most", [0, 1, 3])
def test_there_are_no_more_than_the_profile_says(most: int) -> None:
    assert len(wait(Waiting(DialogueSettings(fillers_max=most), 1), 20_000)) == most


def test_a_tool_that_takes_long_after_the_first_words_is_a_wait_of_its_own() -> None:
    uttered = wait(Waiting(DialogueSettings(), 1), 6_000, scheduled_from_ms=200, tool_ms=(1_500, 4_000))
    assert uttered[0][0] == 2_300 and uttered[0][1] in TOOL
    assert len(uttered) == 1


def test_the_gaze_is_averted_shortly_after_the_persons_end_but_not_for_an_answer_that_is_there() -> None:
    waiting = Waiting(DialogueSettings(), 1)
    waiting.turn_ended(1_000 * NS_PER_MS, 1_050 * NS_PER_MS)
    assert not waiting.thinking(1_290 * NS_PER_MS)
    assert waiting.thinking(1_300 * NS_PER_MS)
    waiting.turn_ended(1_000 * NS_PER_MS, 1_700 * NS_PER_MS)
    assert not waiting.thinking(1_770 * NS_PER_MS), "an answer that is ready comes within 80 ms"
    assert waiting.thinking(1_780 * NS_PER_MS)
