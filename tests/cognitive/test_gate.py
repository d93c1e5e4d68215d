"""The gate: one rule after the other, each refusal with its reason."""

from __future__ import annotations

import pytest

from cognitive.acts import ACTS
from cognitive.motivation.gate import NOTHING, Gate, GateState
from cognitive.motivation.thresholds import THRESHOLDS
from cognitive.reasoners.contract import Assessment, Proposal
from cognitive.scene import Person, Scene
from cognitive.situation import derive
from runtime.messages import Evidence
from runtime.settings import CognitiveSettings

S = 10**9


def proposal(trigger="emotional_need", act="comfort", score=0.9, person="anna"):
    return Proposal(trigger, act, score, "a reason", (Evidence(1, "test"),), person)


def assessment(*proposals):
    return Assessment({}, tuple(proposals))


def situation(now_s=100.0, **facts):
    scene = Scene(people={"anna": Person(person_id="anna", last_ns=round(now_s * S))}, **facts)
    return derive(scene, round(now_s * S))


@pytest.fixture
def gate():
    return Gate(CognitiveSettings(), dict(THRESHOLDS), GateState())


def twice(gate, found, moment, priority=-1):
    """Two regular cycles, so that hysteresis is satisfied; the second decides."""
    gate.decide(found, moment, 9, regular=True)
    return gate.decide(found, moment, priority, regular=True)


def test_nothing_over_its_threshold_is_said_so(gate):
    assert gate.decide(assessment(proposal(score=0.69)), situation(), -1, regular=True).restraint == NOTHING


def test_one_cycle_is_not_enough_and_two_are(gate):
    first = gate.decide(assessment(proposal()), situation(), -1, regular=True)
    second = gate.decide(assessment(proposal()), situation(100.5), -1, regular=True)
    assert "one cycle only" in first.restraint and second.proposal is not None


def test_who_goes_without_their_things_is_not_let_go_for_a_second_cycle_or_a_goodbye(gate):
    scene = Scene(people={"anna": Person(person_id="anna", last_ns=100 * S, leave_ns=95 * S)})
    going = derive(scene, 100 * S)
    reminder = assessment(proposal(trigger="user_intent", act="remind_belongings"))
    assert gate.decide(reminder, going, -1, regular=True).proposal is not None
    assert "taken leave" in twice(gate, assessment(proposal(trigger="user_intent", act="offer_help")), going).restraint


def test_early_cycles_do_not_count(gate):
    for _ in range(5):
        decision = gate.decide(assessment(proposal()), situation(), -1, regular=False)
    assert "one cycle only" in decision.restraint


def test_a_cycle_under_the_threshold_begins_the_count_anew(gate):
    for score in (0.9, 0.1, 0.9):
        decision = gate.decide(assessment(proposal(score=score)), situation(), -1, regular=True)
    assert "one cycle only" in decision.restraint


def test_social_protocol_needs_neither_confirmation_nor_quiet(gate):
    found = assessment(proposal("social_protocol", "greet"))
    assert gate.decide(found, situation(user_end_ns=round(99.9 * S)), -1, regular=False).proposal is not None


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"user_speaking_ns": 99 * S}, "the person is speaking"),
        ({"turn_open_ns": 99 * S}, "the person is speaking"),
        ({"agent_until_ns": 101 * S}, "the agent is speaking"),
        ({"user_turn_ns": 99 * S}, "a reply is due first"),
        ({"user_end_ns": 99 * S}, "the person spoke a moment ago"),
    ],
)
def test_the_floor_and_the_quiet_of_the_person_are_respected(gate, facts, reason):
    assert twice(gate, assessment(proposal()), situation(**facts)).restraint == f"emotional_need: {reason}"


def test_speech_whose_end_was_lost_does_not_silence_the_agent_for_ever(gate):
    assert (
        twice(gate, assessment(proposal()), situation(user_speaking_ns=10 * S, turn_open_ns=10 * S)).proposal
        is not None
    )


def test_the_cool_down_holds_for_its_type_only():
    settings = CognitiveSettings(cooldown_s=60.0)
    gate = Gate(settings, dict(THRESHOLDS), GateState())
    gate.acted(proposal(), 60 * S)
    other = proposal("conversation_state", "ask")
    assert twice(gate, assessment(proposal()), situation()).restraint == "emotional_need: cool-down"
    assert twice(gate, assessment(other), situation()).proposal == other
    assert twice(gate, assessment(proposal()), situation(120.1)).proposal is not None


def test_after_any_initiative_the_person_has_time_to_take_it_up(gate):
    gate.acted(proposal(), 90 * S)
    other = proposal("conversation_state", "ask")
    assert "the last initiative was a moment ago" in twice(gate, assessment(other), situation()).restraint
    owed = proposal("promise_due", "keep_promise")
    assert gate.decide(assessment(owed), situation(), -1, regular=True).proposal == owed


def test_a_running_plan_gives_way_only_to_higher_priority(gate):
    running = ACTS["comfort"].priority
    found = assessment(proposal())
    assert twice(gate, found, situation(), running).restraint == "emotional_need: another plan is under way"
    leave = proposal("social_protocol", "farewell")
    assert gate.decide(assessment(leave), situation(), running, regular=True).proposal == leave


def test_the_most_urgent_that_may_pass_passes(gate):
    gate.state.last_act_ns["emotional_need"] = 70 * S
    gate = Gate(CognitiveSettings(cooldown_s=60.0), dict(THRESHOLDS), gate.state)
    found = assessment(proposal(), proposal("conversation_state", "ask", 0.8), proposal("visual_change", "glance", 1.0))
    assert twice(gate, found, situation()).proposal.act == "ask"


def test_what_failed_waits_and_is_given_up_after_two_attempts_until_the_person_comes_anew(gate):
    found = assessment(proposal("social_protocol", "greet"))
    gate.failed("greet", "anna", 95 * S)
    assert "rejected a moment ago" in gate.decide(found, situation(), -1, regular=True).restraint
    assert gate.decide(found, situation(106), -1, regular=True).proposal is not None
    gate.failed("greet", "anna", 106 * S)
    assert "tried in vain" in gate.decide(found, situation(200), -1, regular=True).restraint
    gate.new_encounter("anna")
    assert gate.decide(found, situation(200), -1, regular=True).proposal is not None


def test_an_act_or_a_type_that_nobody_knows_never_passes(gate):
    found = assessment(proposal(act="backflip"), proposal(trigger="whim"))
    assert twice(gate, found, situation()).proposal is None


def test_what_was_tried_in_vain_is_kept_in_bounds(gate):
    for number in range(1_000):
        gate.failed("greet", f"person-{number}", number)
    assert len(gate.state.attempts) <= 64 and len(gate.state.blocked_until_ns) <= 64
