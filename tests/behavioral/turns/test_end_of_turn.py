"""When has the person's turn ended?"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from behavioral.hearing.events import ProsodySnapshot
from behavioral.turns.end_of_turn import TurnEvidence, judge_end_of_turn, required_silence_ms
from runtime.settings import TurnSettings

SETTINGS = TurnSettings()
LOW_FALL = ProsodySnapshot(f0_hz=110.0, speaker_f0_hz=140.0, final_st=-6.0, final_floor_st=-1.0, f0_slope_st_s=-12.0)
HIGH_LEVEL = ProsodySnapshot(f0_hz=160.0, speaker_f0_hz=140.0, final_st=4.0, final_floor_st=8.0)
LEVEL = ProsodySnapshot(f0_hz=140.0, speaker_f0_hz=140.0, final_floor_st=2.0)
PLAIN = TurnEvidence(silence_ms=0.0, speech_s=1.5, text="we went home yesterday")


def required_ms(seen: TurnEvidence) -> float:
    return judge_end_of_turn(SETTINGS, seen).required_ms


def test_nothing_known_asks_for_a_little_more_than_the_undecided_silence() -> None:
    assert SETTINGS.undecided_silence_ms < required_ms(replace(PLAIN, text="")) < SETTINGS.incomplete_silence_ms


def test_a_whole_sentence_of_the_scenario_needs_little_silence() -> None:
    assert required_ms(replace(PLAIN, text="what is your name", whole="closed")) == SETTINGS.complete_silence_ms


@pytest.mark.parametrize("text", ["I went to the", "because", "well um"])
def test_words_that_ask_for_more_need_the_longest_silence(text: str) -> None:
    assert required_ms(replace(PLAIN, text=text)) > SETTINGS.incomplete_silence_ms


@pytest.mark.parametrize(
    "ends,goes_on",
    [
        ({"voice": LOW_FALL}, {"voice": HIGH_LEVEL}),
        ({"sound": 0.97}, {"sound": 0.03}),
        ({"looks_s": 0.6}, {"looks_s": 0.0}),
        ({"facing": 1.0}, {"facing": 0.0}),
        ({"speech_s": 4.0, "voice": LEVEL}, {"speech_s": 0.4, "voice": LEVEL}),
    ],
    ids=["voice", "sound", "gaze", "face", "length"],
)
def test_each_kind_of_evidence_moves_the_decision(ends: dict[str, object], goes_on: dict[str, object]) -> None:
    assert required_ms(replace(PLAIN, **ends)) < required_ms(replace(PLAIN, **goes_on))  # type: ignore[arg-type]


def test_unknown_gaze_and_a_face_half_turned_say_the_same() -> None:
    assert required_ms(replace(PLAIN, facing=0.5)) == required_ms(PLAIN)


def test_the_decision_falls_exactly_at_the_required_silence() -> None:
    needed_ms = required_ms(PLAIN)
    assert not judge_end_of_turn(SETTINGS, replace(PLAIN, silence_ms=needed_ms - 0.1)).ended
    assert judge_end_of_turn(SETTINGS, replace(PLAIN, silence_ms=needed_ms)).ended


def test_every_cue_is_in_the_evidence_with_its_worth() -> None:
    evidence = judge_end_of_turn(SETTINGS, replace(PLAIN, sound=0.9, voice=LOW_FALL)).evidence
    for name in ("words", "voice", "sound", "gaze"):
        assert f"{name}_log_odds" in evidence
    assert evidence["sound"] == 0.9


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_likelier_the_end_the_shorter_the_wait(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert required_silence_ms(SETTINGS, low) >= required_silence_ms(SETTINGS, high)


@given(
    st.text(max_size=60),
    st.sampled_from(["", "open", "closed"]),
    st.floats(-100, 100),
    st.floats(-40, 40),
    st.floats(0, 1),
    st.floats(0, 5_000),
    st.floats(0, 60),
)
def test_the_required_silence_stays_within_its_bounds(
    text: str, whole: str, slope: float, final_st: float, share: float, silence_ms: float, speech_s: float
) -> None:
    voice = ProsodySnapshot(f0_hz=120.0, speaker_f0_hz=120.0, f0_slope_st_s=slope, final_st=final_st)
    decision = judge_end_of_turn(
        SETTINGS,
        TurnEvidence(silence_ms, speech_s, text, whole, voice, sound=share, looks_s=share, facing=share),  # type: ignore[arg-type]
    )
    assert SETTINGS.min_silence_ms <= decision.required_ms <= SETTINGS.max_silence_ms
    assert decision.ended == (silence_ms >= decision.required_ms)
