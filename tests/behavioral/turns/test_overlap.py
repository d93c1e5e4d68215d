"""Speech over the agent's voice: duck, stop, or let a backchannel pass."""

import pytest

from behavioral.turns.overlap import Overlap
from runtime.clock import NS_PER_MS
from runtime.settings import TurnSettings


def actions(text: str, length_ms: int) -> list[tuple[int, str]]:
    overlap = Overlap(TurnSettings())
    overlap.begin(0)
    found = []
    for ms in range(0, length_ms, 32):
        action = overlap.judge(ms * NS_PER_MS, text).action
        if action != "none":
            found.append((ms, action))
        if action == "stop":
            break
    return found


def test_real_speech_ducks_first_and_stops_in_time() -> None:
    (duck_ms, duck), (stop_ms, stop) = actions("wait a moment", 2_000)
    assert (duck, stop) == ("duck", "stop")
    assert duck_ms <= 160
    assert stop_ms <= 384


def test_a_short_backchannel_never_stops_the_agent() -> None:
    assert [a for _, a in actions("mhm", 480)] == ["duck"]


def test_speech_that_is_only_backchannel_words_gets_more_time() -> None:
    assert [a for _, a in actions("yeah right", 900)] == ["duck"]
    assert actions("yeah right", 2_000)[-1][1] == "stop"


def test_the_end_of_a_ducked_overlap_says_so() -> None:
    overlap = Overlap(TurnSettings())
    overlap.begin(0)
    overlap.judge(200 * NS_PER_MS, "")
    assert overlap.end() == (0, True)
    assert not overlap.going_on


def test_without_an_overlap_there_is_nothing_to_judge() -> None:
    with pytest.raises(RuntimeError):
        Overlap(TurnSettings()).judge(0, "")
