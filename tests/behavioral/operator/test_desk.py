"""What an operator does and holds, in a conversation on virtual time."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from runtime.clock import NS_PER_MS
from runtime.messages import AgentAudio, AgentSpeech, MotionFrame, OperatorAnswer, OperatorState, SafetyDecision
from runtime.safety.refusals import REFUSALS
from tests.behavioral.operator.support import Operated
from tests.behavioral.scene import Scene, agent_turns, play

TICK_NS = 20 * NS_PER_MS


def test_the_operators_words_are_said_and_answered_for() -> None:
    fate: list[tuple[str, str]] = []

    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        await scene.wait(0.5)
        act = scene.do("say", text="Good  morning, I am the wizard.")
        await scene.wait(5.0)
        fate.extend(scene.fate(act))

    (turn,) = agent_turns(play(script, of=Operated))
    assert turn.text == "Good morning, I am the wizard."
    assert [state for state, _ in fate] == ["accepted", "started", "finished"]


class Guarded(Operated):
    guarded = True


def test_words_that_safety_replaces_are_told_as_that_operators() -> None:
    acts: list[str] = []

    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        await scene.wait(0.5)
        acts.append(scene.do("say", text="I see. You should kill him. Bye."))
        await scene.wait(9.0)
        acts.append(scene.do("say", text="Good morning."))
        await scene.wait(4.0)
        await scene.hear("what is your name", 1.5)
        await scene.wait(5.0)

    messages = play(script, of=Guarded)
    first, second, own = agent_turns(messages)
    assert first.text == f"I see. {REFUSALS['violence']}"
    (decision,) = [message for message in messages if isinstance(message, SafetyDecision)]
    assert (decision.intention_id, decision.rule, decision.decision) == (acts[0], "violence", "refused")
    (response,) = {m.response_id for m in messages if isinstance(m, AgentSpeech) and m.text == "I see."}
    assert decision.about == response
    assert second.text == "Good morning." and "Ada" in own.text


def test_polite_words_wait_for_the_person_and_pressing_ones_do_not() -> None:
    began: dict[bool, list[str]] = {}

    async def script(scene: Scene, over_speech: bool) -> None:
        assert isinstance(scene, Operated)
        scene.do("take", channel="voice")
        await scene.wait(0.3)
        speaking = asyncio.ensure_future(scene.make_sound(2.0))
        await asyncio.sleep(1.0)
        act = scene.do("say", text="Excuse me.", over_speech=over_speech)
        await asyncio.sleep(0.2)
        began[over_speech] = [state for state, _ in scene.fate(act)]
        await speaking

    for over in (False, True):
        play(lambda scene, over=over: script(scene, over), of=Operated)  # type: ignore[misc] # a default argument
    assert began[False] == ["accepted"]
    assert began[True] == ["accepted", "started"]


def test_with_the_voice_taken_over_a_question_waits_for_the_hand_back() -> None:
    silent: list[bool] = []

    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        await scene.wait(0.5)
        scene.do("take", channel="voice")
        await scene.hear("what is your name", 1.5)
        await scene.wait(6.0)
        silent.append(not scene.conversation.responses.active)
        scene.do("give", channel="voice")
        await scene.wait(6.0)

    messages = play(script, of=Operated)
    assert silent == [True]
    (answer,) = agent_turns(messages)
    assert "Ada" in answer.text


def test_a_question_that_the_operator_has_answered_is_not_answered_again() -> None:
    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        scene.do("take", channel="voice")
        await scene.wait(0.5)
        await scene.hear("what is your name", 1.5)
        await scene.wait(1.5)
        scene.do("say", text="My name is a secret.")
        await scene.wait(4.0)
        scene.do("give", channel="voice")
        await scene.wait(4.0)

    assert [turn.text for turn in agent_turns(play(script, of=Operated))] == ["My name is a secret."]


def test_the_slow_systems_wishes_are_rejected_by_channel() -> None:
    fates: dict[str, list[tuple[str, str]]] = {}

    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        scene.do("take", channel="body")
        wave = scene.wishes(kind="gesture", label="wave")
        scene.do("give", channel="body")
        scene.do("take", channel="initiative")
        words = scene.wishes(kind="dialogue", content="Shall we begin?")
        scene.do("give", channel="initiative")
        later = scene.wishes(kind="gesture", label="wave")
        fates.update(wave=scene.fate(wave), words=scene.fate(words), later=scene.fate(later))

    play(script, of=Operated)
    assert fates["wave"] == fates["words"] == [("rejected", "operator")]
    assert fates["later"] == [("accepted", "")]


def test_taking_the_body_over_ends_the_agents_own_gesture_and_keeps_the_operators() -> None:
    fates: list[list[tuple[str, str]]] = []

    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        own = scene.wishes(kind="gesture", label="wave")
        await scene.wait(0.3)
        scene.do("take", channel="body")
        act = scene.do("gesture", label="yes")
        await scene.wait(3.0)
        fates.extend([scene.fate(own), scene.fate(act)])

    play(script, of=Operated)
    assert fates[0][-1] == ("superseded", "operator")
    assert fates[1][-1] == ("finished", "")


def test_no_priority_goes_before_the_operators() -> None:
    fates: list[list[tuple[str, str]]] = []

    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        act = scene.do("expression", label="happy", strength=0.5)
        await scene.wait(0.2)
        own = scene.wishes(kind="expression", label="sad", priority=9)
        await scene.wait(1.0)
        fates.extend([scene.fate(act), scene.fate(own)])

    play(script, of=Operated)
    assert [state for state, _ in fates[0]] == ["accepted", "started"]
    assert [state for state, _ in fates[1]] == ["accepted"], "it waits"


def test_a_reactive_condition_refuses_initiative_and_is_told() -> None:
    told: list[object] = []

    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        scene.do("condition", text="reactive", initiative=False)
        told.append(scene.fate(scene.wishes(kind="gesture", label="wave")))
        told.extend(m for m in scene.desk_answers() if isinstance(m, OperatorState))

    play(script, of=Operated)
    assert told[0] == [("rejected", "condition")]
    state = told[1]
    assert isinstance(state, OperatorState)
    assert (state.condition, state.initiative) == ("reactive", False) and "wave" in state.gestures


def test_an_emergency_stop_silences_within_one_tick_and_holds_until_released() -> None:
    at: dict[str, int] = {}
    fates: dict[str, list[tuple[str, str]]] = {}

    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        speech = scene.do("say", text="This is a long sentence that will be cut off somewhere in its middle, I think.")
        wave = scene.do("gesture", label="wave")
        await scene.wait(1.0)
        at["stop"] = scene.clock.now_ns()
        scene.do("emergency_stop")
        await scene.wait(0.6)
        at["still"] = scene.clock.now_ns()
        await scene.hear("what is your name", 1.5)
        await scene.wait(3.0)
        refused = scene.do("say", text="Anybody there?")
        at["released"] = scene.clock.now_ns()
        answers = {m.act_id: m for m in scene.desk_answers() if isinstance(m, OperatorAnswer)}
        fates["refused"] = [(answers[refused].state, answers[refused].reason)]
        scene.do("release")
        await scene.wait(2.0)
        fates["speech"], fates["wave"] = scene.fate(speech), scene.fate(wave)
        at["after"] = scene.clock.now_ns()
        scene.do("say", text="I am back.")
        await scene.wait(3.0)

    messages = play(script, of=Operated)
    audio = [m for m in messages if isinstance(m, AgentAudio)]
    during = [m for m in audio if at["stop"] + TICK_NS < m.t_ns - 80 * NS_PER_MS and m.t_ns < at["after"]]
    assert not during, "nothing was handed out later than a tick after the stop (80 ms ahead of playback)"
    cut = next(m for m in messages if isinstance(m, AgentSpeech) and m.state == "interrupted")
    assert cut.t_ns - at["stop"] <= TICK_NS
    frames = [m for m in messages if isinstance(m, MotionFrame) and at["still"] <= m.t_ns < at["released"]]
    assert len(frames) > 100 and len({m.rotations for m in frames}) == 1, "the body rests, wholly"
    assert all(not any(m.visemes) for m in frames)
    assert fates["speech"][-1] == fates["wave"][-1] == ("superseded", "emergency stop")
    assert fates["refused"] == [("rejected", "emergency stop")]
    assert [turn.text for turn in agent_turns(messages)][1:] == ["I am back."], (
        "what was asked meanwhile stays unanswered"
    )


def test_the_body_comes_to_rest_and_back_without_a_jump() -> None:
    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        scene.do("gesture", label="wave")
        await scene.wait(0.8)
        scene.do("emergency_stop")
        await scene.wait(1.0)
        scene.do("release")
        await scene.wait(1.5)

    frames = [m for m in play(script, of=Operated) if isinstance(m, MotionFrame)]
    rotations = np.array([np.frombuffer(m.rotations, "<f4").reshape(-1, 4) for m in frames], dtype=np.float64)
    dots = np.abs(np.einsum("tjc,tjc->tj", rotations[1:], rotations[:-1])).clip(0, 1)
    assert float((2 * np.arccos(dots)).max()) / 0.02 < 18.0, "rad/s"


def test_a_pause_silences_the_agent_but_not_the_operator() -> None:
    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        scene.do("pause")
        await scene.wait(0.3)
        await scene.hear("what is your name", 1.5)
        await scene.wait(4.0)
        scene.do("say", text="One moment, please.")
        await scene.wait(3.0)
        scene.do("resume")
        await scene.wait(1.0)
        await scene.hear("what is your name", 1.5)
        await scene.wait(5.0)

    texts = [turn.text for turn in agent_turns(play(script, of=Operated))]
    assert texts[0] == "One moment, please."
    assert len(texts) == 2 and "Ada" in texts[1]


@pytest.mark.parametrize(
    ("deed", "fields", "reason"),
    [
        ("say", {"text": "  "}, "the text is empty"),
        ("gaze", {"label": "sideways"}, "look at person, away, down"),
        ("gesture", {}, "name the gesture"),
        ("take", {}, "name the channel"),
        ("condition", {"text": " "}, "needs a name"),
    ],
)
def test_what_cannot_be_done_is_rejected_with_its_reason(deed: str, fields: dict[str, str], reason: str) -> None:
    found: list[OperatorAnswer] = []

    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        scene.do(deed, **fields)
        found.extend(m for m in scene.desk_answers() if isinstance(m, OperatorAnswer))

    play(script, of=Operated)
    (answer,) = found
    assert answer.state == "rejected" and reason in answer.reason


def test_an_unknown_gesture_is_rejected_by_the_body() -> None:
    fate: list[tuple[str, str]] = []

    async def script(scene: Scene) -> None:
        assert isinstance(scene, Operated)
        fate.extend(scene.fate(scene.do("gesture", label="xyzzy")))

    play(script, of=Operated)
    assert fate[0][0] == "rejected" and "no gesture like" in fate[0][1]
