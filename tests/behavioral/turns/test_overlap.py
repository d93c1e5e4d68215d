"""Speech over the agent's voice: duck, stop, or let a backchannel pass."""

import pytest

from behavioral.turns.barge_in import was_backchannel
from behavioral.turns.overlap import Overlap
from runtime.clock import NS_PER_MS
from runtime.settings import TurnSettings


def actions(text: str, length_ms: int, hangover_ms: int = 160) -> list[tuple[int, str]]:
    """What is done at each block of speech of a length, and of the silence that the detector waits out after it."""
    overlap = Overlap(TurnSettings())
    overlap.begin(0)
    found = []
    for ms in range(0, length_ms + hangover_ms, 32):
        if ms <= length_ms:
            overlap.voiced(ms * NS_PER_MS)
        action = overlap.judge(text).action
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


def test_speech_without_recognised_words_is_given_the_length_of_a_hum() -> None:
    assert [a for _, a in actions("", 440)] == ["duck"]
    ((_, duck), (stop_ms, stop)) = actions("", 2_000)
    assert (duck, stop) == ("duck", "stop") and stop_ms <= 480


@pytest.mark.parametrize("text,speech_ms,whole", [("mhm", 900, False), ("", 900, False), ("him", 300, False)])
def test_a_short_overlap_without_a_claim_to_the_floor_was_a_backchannel(
    text: str, speech_ms: float, whole: bool
) -> None:
    assert was_backchannel(TurnSettings(), text, speech_ms, whole=whole)


@pytest.mark.parametrize(
    "text,speech_ms,whole", [("stop", 300, False), ("who are you", 400, True), ("him", 600, False)]
)
def test_a_short_overlap_that_claims_it_was_a_turn(text: str, speech_ms: float, whole: bool) -> None:
    assert not was_backchannel(TurnSettings(), text, speech_ms, whole=whole)


def test_the_silence_after_a_short_sound_is_not_counted_as_speech() -> None:
    assert [a for _, a in actions("", 320, hangover_ms=400)] == ["duck"]


def test_a_short_backchannel_never_stops_the_agent() -> None:
    assert [a for _, a in actions("mhm", 480)] == ["duck"]


def test_speech_that_is_only_backchannel_words_gets_more_time() -> None:
    assert [a for _, a in actions("yeah right", 900)] == ["duck"]
    assert actions("yeah right", 2_000)[-1][1] == "stop"


def test_the_end_of_a_ducked_overlap_says_so() -> None:
    overlap = Overlap(TurnSettings())
    overlap.begin(0)
    overlap.voiced(200 * NS_PER_MS)
    overlap.judge("")
    ended = overlap.end(200 * NS_PER_MS)
    assert (ended.onset_ns, ended.ducked) == (0, True)
    assert not overlap.going_on


def test_without_an_overlap_there_is_nothing_to_judge() -> None:
    with pytest.raises(RuntimeError):
        Overlap(TurnSettings()).judge("")
