"""Whether the agent is addressed: what each situation is worth, and that alone with somebody there is no question."""

import itertools

import pytest

from behavioral.turns.active_speaker import NOBODY, LooksAt, Speaker
from behavioral.turns.addressee import AddresseeEvidence, judge_addressee, name_cue, request_cue
from behavioral.turns.cues import Whole
from runtime.messages import GazeTarget
from runtime.settings import TurnSettings

SETTINGS = TurnSettings()
ADA = "Ada"
KNOWN = Speaker("b", 0.9)
AT_AGENT, AT_OTHER, AWAY = LooksAt(1.0, 0.0, 0.0), LooksAt(0.0, 1.0, 0.0), LooksAt(0.0, 0.0, 1.0)


def judged(
    text: str = "",
    looks: LooksAt | None = None,
    ends_on: GazeTarget | None = None,
    *,
    people: int = 2,
    whole: Whole = "",
    speaker: Speaker = KNOWN,
    after_agent_s: float | None = None,
    agent_asked: bool = False,
    after_aside_s: float | None = None,
) -> str:
    """Return what the defaults do with this evidence."""
    seen = AddresseeEvidence(
        people, text, whole, ADA, speaker, looks, ends_on, after_agent_s, agent_asked, after_aside_s
    )
    probability = judge_addressee(seen).probability
    if probability >= SETTINGS.addressed_from:
        return "answer"
    return "stay out" if probability < SETTINGS.stay_out_below else "wait"


@pytest.mark.parametrize("people", [0, 1])
def test_with_one_person_or_none_in_view_whatever_is_said_is_for_the_agent(people: int) -> None:
    for looks, ends_on, text in itertools.product((None, AT_OTHER, AWAY), (None, "other", "away"), ("", "so bob")):
        seen = AddresseeEvidence(people, text, agent_name=ADA, speaker=KNOWN, looks=looks, ends_on=ends_on)  # type: ignore[arg-type]
        found = judge_addressee(seen)
        assert (found.probability, found.in_question, found.evidence) == (1.0, False, {})


def test_two_people_who_look_at_each_other_talk_to_each_other() -> None:
    assert judged("we could eat at the place by the river", AT_OTHER, "other") == "stay out"


def test_also_with_a_sentence_that_the_scenario_waits_for() -> None:
    assert judged("what is your name", AT_OTHER, "other", whole="closed") == "stay out"


def test_who_looks_at_the_agent_means_it() -> None:
    assert judged("we could eat at the place by the river", AT_AGENT, "agent") == "answer"


def test_who_turns_to_the_agent_in_the_end_means_it() -> None:
    assert judged("so where could one eat here", LooksAt(0.6, 0.4, 0.0), "agent") == "answer"


def test_who_glances_at_the_agent_and_turns_back_does_not() -> None:
    assert judged("it is only a machine", LooksAt(0.3, 0.7, 0.0), "other") == "stay out"


def test_a_look_into_the_air_leaves_it_open() -> None:
    assert judged("I wonder where one could eat", AWAY, "away") == "wait"


@pytest.mark.parametrize("looks,ends_on", [(AWAY, "away"), (AT_OTHER, "other"), (None, None)])
def test_the_agents_name_calls_it_wherever_the_speaker_looks(looks: LooksAt | None, ends_on: GazeTarget | None) -> None:
    assert judged("ada what time is it", looks, ends_on) == "answer"


def test_talk_about_the_agent_does_not_call_it() -> None:
    assert judged("I asked ada about it yesterday", AT_OTHER, "other") == "stay out"


@pytest.mark.parametrize(
    "text", ["ada", "hey ada", "okay ada what is this", "Ada, can you help us", "can you help us ada", "ada is that so"]
)
def test_a_name_at_the_beginning_or_the_end_is_called(text: str) -> None:
    assert name_cue(text, ADA).seen == 1.0


@pytest.mark.parametrize(
    "text", ["ada said it rains", "ada and bob came", "I talked to ada", "ada is nice", "the new ada version is here"]
)
def test_a_name_within_a_sentence_about_it_is_mentioned(text: str) -> None:
    assert name_cue(text, ADA).seen == 0.5


def test_part_of_a_word_is_no_name_and_a_name_may_have_two_words() -> None:
    assert name_cue("the adapter is here", ADA).log_odds == 0.0
    assert name_cue("hello miss ada", "Miss Ada").seen == 1.0
    assert name_cue("hello ada", "").log_odds == 0.0


def test_a_request_is_worth_something_and_a_whole_sentence_more() -> None:
    plain, request, sentence = (
        request_cue(text, whole).log_odds
        for text, whole in (("it rains", ""), ("could you open it", ""), ("who are you", "closed"))
    )
    assert plain == 0.0 < request < sentence


def test_an_answer_to_the_agents_question_is_for_the_agent_though_one_thinks_about_it() -> None:
    assert judged("about four", AWAY, "away") == "wait"
    assert judged("about four", AWAY, "away", after_agent_s=0.5, agent_asked=True) == "answer"
    assert judged("about four", AWAY, "away", after_agent_s=20.0, agent_asked=True) == "wait"


def test_but_not_if_the_question_is_passed_on() -> None:
    assert judged("what do you think", AT_OTHER, "other", after_agent_s=0.5, agent_asked=True) != "answer"


def test_talk_between_people_goes_on_between_them() -> None:
    assert judged("no the other one") == "answer"
    assert judged("no the other one", after_aside_s=0.6) == "wait"
    assert judged("no the other one", AWAY, "away", after_aside_s=0.6) == "stay out"


def test_an_engine_that_sees_no_gaze_does_not_make_the_agent_mute() -> None:
    assert judged("where can one eat here", speaker=NOBODY) == "answer"
    assert judged("where can one eat here", speaker=NOBODY, people=4) == "wait"


def test_a_gaze_counts_as_far_as_it_is_the_speakers() -> None:
    def probability(share: float) -> float:
        seen = AddresseeEvidence(2, speaker=Speaker("b", share), looks=AT_OTHER, ends_on="other")
        return judge_addressee(seen).probability

    assert probability(0.9) < probability(0.5) < probability(0.0)


def test_every_cue_is_in_the_evidence_and_they_add_up() -> None:
    seen = AddresseeEvidence(3, "ada who are you", "closed", ADA, KNOWN, AT_OTHER, "other", 1.0, True)
    found = judge_addressee(seen)
    assert found.person_id == "b"
    assert set(found.evidence) == {
        "addressed", "speaker", *(f"{name}{end}" for name in ("people", "looks", "ends_on", "name", "request", "before")
        for end in ("", "_log_odds")),
    }  # fmt: skip
    log_odds = sum(value for name, value in found.evidence.items() if name.endswith("_log_odds"))
    assert found.probability == pytest.approx(1.0 / (1.0 + 2.718281828**-log_odds), abs=0.002)
