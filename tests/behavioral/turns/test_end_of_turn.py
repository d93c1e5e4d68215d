"""When has the person's turn ended?"""

from hypothesis import given
from hypothesis import strategies as st

from behavioral.turns.end_of_turn import TurnEvidence, judge_end_of_turn
from runtime.settings import TurnSettings

SETTINGS = TurnSettings()


def required_ms(text: str, slope: float = 0.0, facing: float = 0.5) -> float:
    return judge_end_of_turn(SETTINGS, TurnEvidence(0.0, text, slope, facing)).required_ms


def test_a_finished_sentence_needs_little_silence() -> None:
    assert required_ms("what is your name") <= SETTINGS.complete_silence_ms + 60


def test_an_unfinished_sentence_needs_the_longest_silence() -> None:
    assert required_ms("I went to the") > SETTINGS.incomplete_silence_ms


def test_a_clear_boundary_tone_shortens_the_wait() -> None:
    assert required_ms("tomorrow", slope=-20.0) < required_ms("tomorrow", slope=0.0)


def test_looking_at_the_agent_shortens_the_wait() -> None:
    assert required_ms("tomorrow", facing=1.0) < required_ms("tomorrow", facing=0.0)


def test_the_decision_falls_exactly_at_the_required_silence() -> None:
    needed = required_ms("I see")
    assert not judge_end_of_turn(SETTINGS, TurnEvidence(needed - 0.1, "I see")).ended
    assert judge_end_of_turn(SETTINGS, TurnEvidence(needed, "I see")).ended


@given(st.text(max_size=60), st.floats(-100, 100), st.floats(0, 1), st.floats(0, 5_000))
def test_the_required_silence_stays_within_its_bounds(
    text: str, slope: float, facing: float, silence_ms: float
) -> None:
    decision = judge_end_of_turn(SETTINGS, TurnEvidence(silence_ms, text, slope, facing))
    assert SETTINGS.min_silence_ms <= decision.required_ms <= SETTINGS.max_silence_ms
    assert decision.ended == (silence_ms >= decision.required_ms)
