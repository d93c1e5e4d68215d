"""Speech over the agent's voice: duck, fall silent, and then go on, or give the floor up."""

import pytest

from behavioral.hearing.events import FinalText
from behavioral.turns.barge_in import was_backchannel
from behavioral.turns.overlap import WAITS_MAX, Overlap
from runtime.clock import NS_PER_MS
from runtime.settings import TurnSettings

SETTINGS = TurnSettings()


def final(text: str, start_ms: float, end_ms: float, confidence: float = 0.5) -> FinalText:
    return FinalText(text, confidence, 220.0, round(start_ms * NS_PER_MS), round(end_ms * NS_PER_MS))


class Agent:
    """A voice that halts as it is told to."""

    def __init__(self) -> None:
        self.paused = False

    def act(self, action: str) -> None:
        self.paused = action == "pause" or (self.paused and action != "resume")


class Talk(Overlap):
    """An overlap with such a voice."""

    def __init__(self) -> None:
        self.agent = Agent()
        super().__init__(SETTINGS, lambda: self.agent.paused)


def speak(overlap: Talk, text: str, from_ms: int, to_ms: int) -> list[tuple[int, str]]:
    """The person speaks, and the detector waits out a silence; return what was done, and when."""
    overlap.begin(from_ms * NS_PER_MS)
    found: list[tuple[int, str]] = []
    for ms in range(from_ms, to_ms + 160, 32):
        if ms <= to_ms:
            overlap.voiced(ms * NS_PER_MS)
        action = overlap.judge(ms * NS_PER_MS, text).action
        overlap.agent.act(action)
        if action != "none":
            found.append((ms - from_ms, action))
        if action == "stop":
            return found
    overlap.end(to_ms * NS_PER_MS)
    return found


def wait(overlap: Talk, text: str, from_ms: int, to_ms: int) -> list[tuple[int, str]]:
    """Nobody speaks; return what was done, and how long after `from_ms`."""
    found: list[tuple[int, str]] = []
    for ms in range(from_ms, to_ms, 20):
        action = overlap.judge(ms * NS_PER_MS, text).action
        overlap.agent.act(action)
        if action != "none":
            found.append((ms - from_ms, action))
            overlap.resumed()
    return found


def actions(text: str, length_ms: int) -> list[str]:
    return [action for _, action in speak(Talk(), text, 0, length_ms)]


# ---------------------------------------------------------------- while the person speaks


@pytest.mark.parametrize("text", ["", "wait a moment", "who are you"])
def test_real_speech_ducks_then_silences_the_agent_and_only_then_takes_the_floor(text: str) -> None:
    (duck_ms, duck), (pause_ms, pause), (stop_ms, stop) = speak(Talk(), text, 0, 2_000)
    assert (duck, pause, stop) == ("duck", "pause", "stop")
    assert duck_ms <= 150
    assert pause_ms <= 250, "whatever its words are: they come late and may be wrong"
    assert stop_ms >= 800, "the agent is silent already, so there is time to be sure"


def test_a_short_hum_only_ducks() -> None:
    assert actions("", 170) == ["duck"]


def test_a_backchannel_of_usual_length_halts_the_agent_and_takes_nothing() -> None:
    assert actions("", 600) == ["duck", "pause"]


def test_words_that_are_backchannels_halt_it_later_or_not_at_all() -> None:
    assert actions("mhm", 400) == ["duck"]
    assert actions("yeah right", 900) == ["duck", "pause"]
    (stop_ms, _) = speak(Talk(), "yeah right", 0, 2_000)[-1]
    assert stop_ms >= 1_000


def test_the_silence_after_a_short_sound_is_not_counted_as_speech() -> None:
    overlap = Talk()
    speak(overlap, "", 0, 160)
    assert wait(overlap, "", 160, 2_000) == []


# ---------------------------------------------------------------- after it


def test_what_nothing_follows_lets_the_agent_go_on_soon_also_without_any_words() -> None:
    overlap = Talk()
    speak(overlap, "", 0, 500)
    ((resumed_ms, action),) = wait(overlap, "", 500, 3_000)
    assert action == "resume" and resumed_ms <= SETTINGS.resume_wait_ms + 20


def test_a_known_backchannel_lets_it_go_on_at_once() -> None:
    overlap = Talk()
    speak(overlap, "", 0, 500)
    assert overlap.final(final("uh-huh", 0, 500)).action == "backchannel"
    overlap = Talk()
    speak(overlap, "yeah", 0, 500)
    assert wait(overlap, "yeah", 660, 3_000)[0] == (0, "resume")


def test_words_that_say_little_wait_for_more_and_then_it_was_a_backchannel() -> None:
    overlap = Talk()
    speak(overlap, "", 0, 500)
    assert overlap.final(final("look you", 0, 500)).action == "none"
    assert overlap.known
    assert [action for _, action in wait(overlap, "", 660, 3_000)] == ["resume"]


def test_a_short_claim_to_the_floor_takes_it_with_its_final_words() -> None:
    overlap = Talk()
    speak(overlap, "", 0, 300)
    assert overlap.final(final("no", 0, 300)).action == "stop"


def test_a_short_turn_whose_words_are_sure_takes_the_floor_and_a_sure_backchannel_does_not() -> None:
    overlap = Talk()
    speak(overlap, "how much", 0, 500)
    assert overlap.final(final("how much?", 0, 500, confidence=0.9)).action == "stop"
    overlap = Talk()
    speak(overlap, "yeah", 0, 500)
    assert overlap.final(final("Yeah.", 0, 500, confidence=0.9)).action == "backchannel"


def test_a_claim_is_not_lost_when_its_words_come_after_the_agent_went_on() -> None:
    overlap = Talk()
    speak(overlap, "", 0, 300)
    assert [action for _, action in wait(overlap, "", 460, 1_500)] == ["resume"]
    assert overlap.final(final("no stop", 0, 300)).action == "stop"


def test_speech_that_begins_again_is_the_same_overlap() -> None:
    """ "No, ... wait a moment": the pause of a breath does not set the agent off again."""
    overlap = Talk()
    assert speak(overlap, "", 0, 400)[-1] == (256, "pause") or overlap.agent.paused
    assert overlap.final(final("now", 0, 400)).action == "none"
    assert wait(overlap, "", 560, 780) == []
    again = speak(overlap, "", 700, 2_000)
    assert [action for _, action in again] == ["stop"]
    assert again[0][0] == pytest.approx(400, abs=33), "both stretches count together"
    first, second = overlap.take()
    assert (first.onset_ns, second.onset_ns) == (0, 700 * NS_PER_MS)
    assert first.final is not None and first.final.text == "now", "and its first words are part of the turn"


def test_the_agent_does_not_begin_into_what_may_be_the_next_word() -> None:
    overlap = Talk()
    speak(overlap, "", 0, 500)
    overlap.stirred(940 * NS_PER_MS)
    ((resumed_ms, _),) = wait(overlap, "", 660, 3_000)
    assert 660 + resumed_ms >= 1_060


def test_clatter_puts_it_off_for_so_long_and_no_longer() -> None:
    overlap = Talk()
    speak(overlap, "", 0, 500)
    overlap.stirred(60_000 * NS_PER_MS)
    ((resumed_ms, action),) = wait(overlap, "", 500, 3_000)
    assert action == "resume"
    assert resumed_ms == pytest.approx(WAITS_MAX * SETTINGS.resume_wait_ms, abs=20)


def test_speech_that_the_wait_was_put_off_for_is_the_same_overlap() -> None:
    overlap = Talk()
    speak(overlap, "", 0, 300)
    overlap.stirred(740 * NS_PER_MS)
    assert wait(overlap, "", 460, 790) == []
    assert [action for _, action in speak(overlap, "", 790, 990)] == [], "the voice is halted already"
    assert overlap.onset_ns == 0
    assert [action for _, action in wait(overlap, "", 1_150, 3_000)] == ["resume"]


def test_speech_about_something_that_is_over_counts_from_then_on_and_its_words_say_nothing() -> None:
    overlap = Talk()
    overlap.begin(0)
    overlap.voiced(700 * NS_PER_MS)
    overlap.restart(700 * NS_PER_MS)
    overlap.voiced(900 * NS_PER_MS)
    assert overlap.judge(900 * NS_PER_MS, "tell me").evidence == {"speech_ms": 200.0, "words": 0.0}
    overlap.end(900 * NS_PER_MS)
    assert overlap.final(final("tell me now", 0, 900, confidence=0.9)).action == "backchannel"


def test_of_speech_that_was_over_already_nothing_is_left() -> None:
    overlap = Talk()
    speak(overlap, "", 0, 500)
    overlap.restart(700 * NS_PER_MS)
    assert not overlap.waiting and not overlap.going_on
    assert overlap.final(final("tell me now", 0, 500, confidence=0.9)).action == "none"


@pytest.mark.parametrize("text,done", [("yes", "stop"), ("mhm", "stop"), ("fine", "stop"), ("", "none")])
def test_over_the_last_words_of_a_question_every_word_is_a_turn(text: str, done: str) -> None:
    overlap = Talk()
    overlap.begin(0, asked=True)
    overlap.voiced(400 * NS_PER_MS)
    overlap.agent.act(overlap.judge(400 * NS_PER_MS, "").action)
    overlap.end(400 * NS_PER_MS)
    assert overlap.judge(500 * NS_PER_MS, text).action == "none", "what may be an answer lets nothing go on"
    assert overlap.final(final(text, 0, 400)).action == done


def test_a_second_backchannel_after_a_while_is_one_of_its_own() -> None:
    overlap = Talk()
    for begin_ms in (0, 1_500, 3_000):
        assert [action for _, action in speak(overlap, "", begin_ms, begin_ms + 500)] == ["duck", "pause"]
        wait(overlap, "", begin_ms + 660, begin_ms + 1_400)


@pytest.mark.parametrize("text,speech_ms", [("mhm", 900), ("", 900), ("him", 300), ("who are you", 600)])
def test_a_short_overlap_without_a_claim_to_the_floor_was_a_backchannel(text: str, speech_ms: float) -> None:
    assert was_backchannel(SETTINGS, text, speech_ms)


@pytest.mark.parametrize("text,speech_ms", [("stop", 200), ("no wait", 400), ("hello", 400), ("tell me more", 750)])
def test_a_claim_to_it_or_a_longer_one_was_a_turn(text: str, speech_ms: float) -> None:
    assert not was_backchannel(SETTINGS, text, speech_ms)


def test_without_an_overlap_there_is_nothing_to_judge_and_no_words_are_waited_for() -> None:
    with pytest.raises(RuntimeError):
        Talk().judge(0, "")
    assert Talk().final(final("hello", 0, 500)).action == "none"
