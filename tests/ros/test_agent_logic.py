"""The agent node's logic: intents to intentions, services to acts, what the house says to topics."""

import pytest
from attune_bridge.agent_logic import AgentLogic

from runtime import messages as m
from tests.ros.logics import Stand, plain


def intent(action, data="", priority=128):
    return plain(
        {
            "action": action,
            "data": data,
            "source": "anna",
            "modality": "speech",
            "priority": priority,
            "confidence": 1.0,
        }
    )


@pytest.mark.parametrize(
    ("action", "data", "kind", "what"),
    [
        ("__intent_say__", '{"object": "Hello"}', "dialogue", ("content", "Hello")),
        ("__intent_greet__", '{"recipient": "p1"}', "gesture", ("label", "wave")),
        ("__intent_perform_motion__", '{"object": "clap"}', "gesture", ("content", "clap")),
        ("__intent_engage_with__", '{"recipient": "p1"}', "attention", ("target", m.Target(person_id="p1"))),
        ("__intent_move_to__", '{"goal": "kitchen"}', "locomotion", ("target", m.Target(name="kitchen"))),
    ],
)
def test_an_intent_becomes_the_intention_that_says_the_same(action, data, kind, what):
    stand = Stand(AgentLogic)
    stand.logic.on_topic("intents", intent(action, data))
    (sent,) = stand.of(m.Intention)
    assert (sent.kind, getattr(sent, what[0]), sent.priority) == (kind, what[1], 5)
    assert sent.trigger == "ros"


@pytest.mark.parametrize("data", ["", "no json", "[1]", '{"object": ""}', "[" * 100_000])
def test_an_intent_without_sense_is_a_trouble_and_no_intention(data):
    stand = Stand(AgentLogic)
    stand.logic.on_topic("intents", intent("__intent_say__", data))
    assert stand.sent == []
    assert stand.logic.troubles == {"/intents": 1}
    stand.logic.on_topic("say", plain({"data": "  "}))
    assert stand.logic.troubles["agent/say"] == 1


@pytest.mark.parametrize(
    ("service", "request_", "deed", "body"),
    [
        ("start", {}, "resume", "resume"),
        ("stop", {}, "pause", "rest"),
        ("emergency_stop", {}, "emergency_stop", "emergency_stop"),
        ("release", {}, "release", "release"),
        ("mute", {"data": True}, "take", ""),
        ("mute", {"data": False}, "give", ""),
    ],
)
def test_services_ask_agent_and_body(service, request_, deed, body):
    stand = Stand(AgentLogic)
    assert stand.logic.on_service(service, plain(request_))["success"]
    (act,) = stand.of(m.OperatorAct)
    assert (act.deed, act.operator, act.channel) == (deed, "ros", "" if body else "voice")
    assert [control.action for control in stand.of(m.BodyControl)] == ([body] if body else [])


def status(state):
    return m.BodyStatus(body="b", state=state, connected=True)


def test_an_emergency_stop_is_answered_by_what_the_body_says_of_it():
    stand = Stand(AgentLogic)
    answer = stand.logic.on_service("emergency_stop", plain({}))
    assert answer == {"success": True, "message": "told to the agent; no body of it is heard"}
    stand.logic.on_house(status("follows"))
    stand.waits = lambda seconds: stand.logic.on_house(status("stopped"))
    assert stand.logic.on_service("emergency_stop", plain({})) == {"success": True, "message": ""}
    stand.waits = lambda seconds: stand.logic.on_house(status("follows"))
    answer = stand.logic.on_service("emergency_stop", plain({}))
    assert (answer["success"], "has not said within 0.5 s" in answer["message"]) == (False, True)
    assert "emergency stop" in stand.logic.troubles


def test_without_an_agent_services_say_so():
    stand = Stand(AgentLogic)
    stand.there = False
    assert stand.logic.on_service("start", plain({})) == {"success": False, "message": "the agent is not there"}


def test_stamps_are_ros_time_of_the_session_time():
    stand = Stand(AgentLogic)
    stand.logic.on_house(
        m.AgentAudio(t_ns=stand.times.session + 250_000_000, pcm=b"12", sample_rate_hz=16_000, response_id="r")
    )
    stamp = stand.last("audio_out")["header"]["stamp"]
    assert stamp == {"sec": 1_700_000_000, "nanosec": 250_000_000}


def test_what_was_heard_of_an_interrupted_clause_is_its_final_text():
    stand = Stand(AgentLogic)
    stand.logic.on_house(m.AgentSpeech(state="started", response_id="r", text="One two three."))
    stand.logic.on_house(m.AgentSpeech(state="interrupted", response_id="r", text="One two three.", heard="One two"))
    assert [fields.get("final", "") for fields, _ in stand.published["speech"]] == ["", "One two"]
    assert stand.last("state")["agent_speaking"] is False


def test_a_room_that_is_not_heard_any_more_is_stale_in_diagnostics():
    stand = Stand(AgentLogic)
    stand.logic.on_house(m.Heartbeat(pid=1, source="cognitive"))
    stand.logic.tick()
    stand.times.go_on(3.0)
    stand.logic.tick()
    levels = [
        [(each["name"], each["level"]) for each in fields["status"]] for fields, _ in stand.published["diagnostics"]
    ]
    assert levels == [
        [("attune: cognitive", 0), ("attune: ros", 0)],
        [("attune: cognitive", 3), ("attune: ros", 2)],
    ]
