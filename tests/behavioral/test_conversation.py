"""A minute of dialogue in milliseconds: scripted hearing, a silent voice, virtual time; the real floor, replies, playback and body."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest

from behavioral.body.body import Body
from behavioral.body.intention_acts import Acts
from behavioral.body.listening import Listening
from behavioral.body.realiser import Realiser
from behavioral.conversation import Conversation
from behavioral.dialogue.replies import Replies
from behavioral.dialogue.scenario import load_scenario
from behavioral.hearing.events import BackchannelCue, BlockHeard, FinalText, SpeechOffset, SpeechOnset
from behavioral.loop import FastLoop
from behavioral.opening import play_opening
from behavioral.people import People
from behavioral.voice.playback import Playback
from behavioral.voice.tts.silent import SilentVoice
from runtime.clock import NS_PER_MS, NS_PER_S, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.ids import IdSource
from runtime.messages import (
    AffectPercept,
    AgentAudio,
    AgentSpeech,
    AnyMessage,
    BodyAct,
    Intention,
    IntentionAnswer,
    Message,
    MotionFrame,
    PersonPercept,
    Timing,
    Turn,
    TurnDecision,
    TypedText,
)
from runtime.settings import Profile
from runtime.telemetry import Telemetry
from runtime.transport.inprocess import InProcessHub
from runtime.vocabulary import BODY_JOINTS, EXPRESSIONS

BLOCK_NS = 32 * NS_PER_MS
ONSET_S = 0.096
HANGOVER_S = 0.160


class Scene:
    """A house with one room, whose hearing is scripted."""

    def __init__(self, scenario: str = "welcome", seed: int = 1) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        profile = Profile()
        self.clock = VirtualClock(loop)
        self.bus = InProcessHub().bus("behavioral")
        self.told = self.bus.subscribe(
            Turn, TurnDecision, AgentSpeech, AgentAudio, BodyAct, AffectPercept, MotionFrame, capacity=100_000
        )
        ids = IdSource("behavioral", seed)
        self.scenario = load_scenario(scenario)
        self.people = People()
        self.replies = Replies(profile.dialogue, self.scenario, seed, use_llm=False)
        body = Body(profile, seed)
        playback = Playback(self.clock, profile.voice, duck_gain=profile.turns.duck_gain)
        telemetry = Telemetry(self.bus, self.clock)
        self.conversation = Conversation(
            profile,
            self.clock,
            self.bus,
            ids,
            telemetry,
            body=body,
            people=self.people,
            listening=Listening(profile.listener, random.Random(seed)),
            replies=self.replies,
            tts=SilentVoice(profile.voice),
            playback=playback,
        )
        self.answers: list[IntentionAnswer] = []
        self.realiser = Realiser(
            Acts(body.generator, body.gaze, body.face, self.conversation), self.answers.append, lambda _ms, _i: None
        )
        self.counters: dict[str, float] = {}
        fast = FastLoop(
            self.clock,
            self.bus,
            conversation=self.conversation,
            realiser=self.realiser,
            playback=playback,
            body=body,
            play=lambda _piece: None,
            counters=self.counters,
        )
        self._ticking = asyncio.ensure_future(fast.run(50.0, 0))
        self._speaking = self._voice = False

    async def wait(self, seconds: float) -> None:
        """Let time pass, with a block of hearing every 32 ms."""
        end_ns = self.clock.now_ns() + round(seconds * NS_PER_S)
        while self.clock.now_ns() < end_ns:
            now_ns = self.clock.now_ns()
            self.conversation.heard_block(BlockHeard(now_ns, float(self._voice), self._speaking, -30.0, 120.0))
            await self.clock.sleep_until_ns(min(end_ns, now_ns + BLOCK_NS))

    async def hear(self, text: str, seconds: float) -> None:
        """The person says a text that takes so long; as with the real gate, it is heard to begin 96 ms late and to end
        160 ms late, and the words are final 60 ms after that."""
        start_ns = self.clock.now_ns()
        self._voice = self._speaking = True
        await self.wait(ONSET_S)
        self.conversation.heard_onset(SpeechOnset(start_ns, self.clock.now_ns()))
        await self.wait(seconds - ONSET_S)
        end_ns = self.clock.now_ns()
        self._voice = False
        await self.wait(HANGOVER_S)
        self._speaking = False
        self.conversation.heard_offset(SpeechOffset(end_ns, self.clock.now_ns()))
        await self.wait(0.06)
        self.conversation.recognised(FinalText(text, 0.9, 220.0, start_ns, end_ns))

    def messages(self) -> list[AnyMessage]:
        """Everything said on the bus so far."""
        return self.told.flush()

    async def close(self) -> None:
        self._ticking.cancel()
        await asyncio.gather(self._ticking, return_exceptions=True)
        await self.conversation.aclose()
        assert not [key for key in self.counters if key.startswith("failed")], self.counters


def play(script: Callable[[Scene], Awaitable[None]], scenario: str = "welcome") -> list[AnyMessage]:
    """Play a scene and return what was said on the bus."""

    async def main() -> list[AnyMessage]:
        scene = Scene(scenario)
        await script(scene)
        await scene.close()
        return scene.messages()

    return run_virtual(main())  # type: ignore[no-any-return] # run_virtual is untyped in its result


def only(kind: type[Message], messages: list[AnyMessage]) -> list[AnyMessage]:
    return [m for m in messages if isinstance(m, kind)]


def agent_turns(messages: list[AnyMessage]) -> list[Turn]:
    return [m for m in messages if isinstance(m, Turn) and m.speaker == "agent" and m.state == "ended"]


def test_a_question_is_answered_within_a_human_beat() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(0.5)
        await scene.hear("what is your name", 1.5)
        await scene.wait(6.0)

    messages = play(script)
    (answer,) = agent_turns(messages)
    assert "Ada" in answer.text
    ended = next(m for m in messages if isinstance(m, Turn) and m.speaker == "user" and m.state == "ended")
    assert 200 <= (answer.start_ns - ended.end_ns) / NS_PER_MS <= 450


def test_every_tick_has_its_frame() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("tell me about yourself", 1.2)
        await scene.wait(8.0)

    frames = only(MotionFrame, play(script))
    assert [f.index for f in frames if isinstance(f, MotionFrame)] == list(range(len(frames)))
    assert len(frames) >= 9 * 50


def test_a_barge_in_ducks_then_stops_and_is_heard_itself() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("what can you do", 1.0)
        await scene.wait(1.6)
        await scene.hear("who are you", 1.0)
        await scene.wait(6.0)

    messages = play(script)
    decisions = [m.decision for m in messages if isinstance(m, TurnDecision)]
    assert decisions == ["end_of_turn", "duck", "stop", "end_of_turn"]
    first, second = agent_turns(messages)
    assert first.interrupted and not second.interrupted
    assert 0 < len(first.text) < 60, "only what was heard is remembered"
    assert "Ada" in second.text


def test_a_backchannel_stops_nothing() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("what can you do", 1.0)
        await scene.wait(1.4)
        await scene.hear("mhm", 0.3)
        await scene.wait(8.0)

    messages = play(script)
    (answer,) = agent_turns(messages)
    assert not answer.interrupted
    decisions = [m.decision for m in messages if isinstance(m, TurnDecision)]
    assert decisions == ["end_of_turn", "duck", "resume", "backchannel"]


def test_a_short_word_over_the_agent_that_is_no_backchannel_takes_the_floor() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("what can you do", 1.0)
        await scene.wait(1.4)
        await scene.hear("no stop", 0.25)
        await scene.wait(8.0)

    messages = play(script)
    decisions = [m.decision for m in messages if isinstance(m, TurnDecision)]
    assert decisions[:4] == ["end_of_turn", "duck", "resume", "stop"]
    assert agent_turns(messages)[0].interrupted
    said = [m.text for m in messages if isinstance(m, Turn) and m.speaker == "user" and m.state == "ended"]
    assert said == ["what can you do", "no stop"]


def test_noise_is_not_answered() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(0.5)
        await scene.hear("", 0.3)
        await scene.wait(4.0)
        assert not scene.conversation.user_has_spoken

    assert agent_turns(play(script)) == []


def test_speech_without_any_recognised_word_is_asked_for_again() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("", 1.5)
        await scene.wait(6.0)

    (answer,) = agent_turns(play(script))
    assert "catch" in answer.text or "missed" in answer.text


async def _slow(text: str) -> AsyncIterator[str]:
    await asyncio.sleep(2.0)
    yield f"You said: {text}."


def test_a_cough_while_the_answer_is_made_does_not_cost_the_answer() -> None:
    async def script(scene: Scene) -> None:
        scene.replies.answer = _slow  # type: ignore[method-assign,assignment] # a slow model
        await scene.hear("are you open today", 1.2)
        await scene.wait(0.6)
        await scene.hear("", 0.2)
        await scene.wait(8.0)

    (answer,) = agent_turns(play(script))
    assert answer.text == "You said: are you open today."


def test_who_goes_on_before_the_answer_is_answered_to_all_of_it() -> None:
    async def script(scene: Scene) -> None:
        scene.replies.answer = _slow  # type: ignore[method-assign,assignment] # a slow model
        await scene.hear("are you open", 1.2)
        await scene.wait(0.6)
        await scene.hear("on sunday morning", 1.2)
        await scene.wait(8.0)

    (answer,) = agent_turns(play(script))
    assert answer.text == "You said: are you open on sunday morning."


def test_a_reply_whose_source_breaks_ends_its_turn_and_the_next_is_answered() -> None:
    async def broken(_text: str) -> AsyncIterator[str]:
        yield "This is the beginning of an answer. "
        await asyncio.sleep(0.1)
        raise TimeoutError

    async def script(scene: Scene) -> None:
        working = scene.replies.answer
        scene.replies.answer = broken  # type: ignore[method-assign,assignment] # a model that dies
        await scene.hear("tell me everything", 1.2)
        await scene.wait(4.0)
        assert scene.conversation.floor_is_free
        scene.replies.answer = working  # type: ignore[method-assign] # and comes back
        await scene.hear("who are you", 1.2)
        await scene.wait(6.0)

    first, second = agent_turns(play(script))
    assert first.interrupted and "Ada" in second.text


def test_an_interrupted_reply_takes_its_gesture_back() -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say(
            "[smile] I would like to tell you a long story about many things and then to [wave] wave."
        )
        await scene.wait(1.0)
        scene.conversation.stop_speaking(scene.clock.now_ns())
        await scene.wait(6.0)

    frames = [m for m in play(script) if isinstance(m, MotionFrame)]
    right_arm = BODY_JOINTS.index("rightUpperArm")
    arms = np.array([np.frombuffer(f.rotations, dtype="<f4").reshape(-1, 4)[right_arm] for f in frames])
    after = arms[120:]
    assert np.abs(after - after[0]).max() < 0.15, "no arm comes up for a word that was never said"
    assert all(not f.response_id and not any(np.frombuffer(f.visemes, dtype="<f4")[1:] > 0.05) for f in frames[70:])


def test_two_urgent_utterances_at_once_say_the_last_one() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(0.2)
        for name in ("a", "b"):
            scene.realiser.receive(
                Intention(id=name, kind="dialogue", content=f"This is {name}.", priority=9), scene.clock.now_ns()
            )
        await scene.wait(5.0)
        ends = {a.intention_id: a.state for a in scene.answers}
        assert ends == {"a": "superseded", "b": "finished"}

    assert [turn.text for turn in agent_turns(play(script)) if turn.text] == ["This is b."]


def test_the_agent_looks_at_the_person_it_sees() -> None:
    async def script(scene: Scene) -> None:
        scene.people.take(PersonPercept(state="arrived", person_id="p", bearing_rad=(0.4, 0.1), box=(0, 0, 0.2, 0.3)))
        await scene.wait(2.0)

    last = [m for m in play(script) if isinstance(m, MotionFrame)][-30]
    neck, head = (BODY_JOINTS.index(name) for name in ("neck", "head"))
    turned = np.frombuffer(last.rotations, dtype="<f4").reshape(-1, 4)
    head_yaw = 2 * (turned[neck][1] + turned[head][1])
    assert 0.25 < head_yaw + last.eyes_rad[0] < 0.55


@pytest.mark.parametrize(
    ("kind", "first", "second"), [("expression", "sad", "happy"), ("posture", "lean_back", "lean_in")]
)
def test_a_newer_act_is_not_wiped_by_the_end_of_the_older_one(kind: str, first: str, second: str) -> None:
    async def script(scene: Scene) -> None:
        for label in (first, second):
            scene.realiser.receive(
                Intention(id=label, kind=kind, label=label, parameters={"duration_s": 30.0}),  # type: ignore[arg-type]
                scene.clock.now_ns(),
            )
            await scene.wait(1.0)
        await scene.wait(1.0)

    frames = [m for m in play(script) if isinstance(m, MotionFrame)]
    assert frames[-1].intention_ids == (second,)
    if kind == "expression":
        assert np.frombuffer(frames[-1].expression, dtype="<f4")[EXPRESSIONS.index("happy")] > 0.9
    else:
        spine = BODY_JOINTS.index("spine")
        lean = [np.frombuffer(f.rotations, dtype="<f4").reshape(-1, 4)[spine][0] for f in frames]
        assert lean[-1] > lean[45] + 0.01, "leaning in, not back"


def test_a_posture_ends_with_its_time() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(1.0)
        scene.realiser.receive(
            Intention(id="p", kind="posture", label="lean_back", parameters={"duration_s": 2.0}), scene.clock.now_ns()
        )
        await scene.wait(8.0)

    frames = [m for m in play(script) if isinstance(m, MotionFrame)]
    spine = BODY_JOINTS.index("spine")
    lean = np.array([np.frombuffer(f.rotations, dtype="<f4").reshape(-1, 4)[spine][0] for f in frames])
    assert abs(lean[130] - lean[40]) > 0.02, "it leans"
    assert abs(lean[-1] - lean[40]) < 0.012, "and comes back"


def test_typed_text_is_a_turn() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(0.5)
        scene.conversation.typed(TypedText(text="who are you"))
        await scene.wait(5.0)

    (answer,) = agent_turns(play(script))
    assert "Ada" in answer.text


def test_sadness_is_felt_and_mirrored_only_where_the_words_are_sure() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("i feel very sad and lonely", 2.0)
        await scene.wait(1.0)

    (felt,) = only(AffectPercept, play(script))
    assert isinstance(felt, AffectPercept) and felt.valence < -0.3


def test_the_listener_nods_at_cues_while_the_person_speaks() -> None:
    async def script(scene: Scene) -> None:
        start_ns = scene.clock.now_ns()
        scene.conversation.heard_onset(SpeechOnset(start_ns, start_ns))
        scene._speaking = scene._voice = True
        for _ in range(20):
            await scene.wait(2.0)
            scene.conversation.heard_cue(BackchannelCue(scene.clock.now_ns(), "low_pitch"))

    nods = [m for m in play(script) if isinstance(m, BodyAct) and m.act.startswith("nod")]
    assert 4 <= len(nods) <= 13


def test_the_opening_is_said_while_nobody_speaks_and_ends_at_the_first_word() -> None:
    async def script(scene: Scene) -> None:
        opening = asyncio.ensure_future(play_opening(scene.scenario, scene.conversation, scene.clock, None))
        await scene.wait(12.0)
        assert not opening.done()
        await scene.hear("hello", 0.6)
        await scene.wait(30.0)
        assert opening.done()

    said = [turn.text for turn in agent_turns(play(script))]
    assert said[0].startswith("Hello, and welcome")
    assert 2 <= len(said) <= 6


async def _send(scene: Scene, intention: Intention, seconds: float) -> list[str]:
    scene.realiser.receive(intention, scene.clock.now_ns())
    await scene.wait(seconds)
    return [a.state for a in scene.answers if a.intention_id == intention.id]


def test_a_dialogue_intention_waits_for_the_floor_and_is_said() -> None:
    states: list[str] = []

    async def script(scene: Scene) -> None:
        await scene.hear("what can you do", 1.0)
        await scene.wait(0.6)
        states.extend(await _send(scene, Intention(id="i", kind="dialogue", content="By the way, tea is ready."), 9.5))

    said = [turn.text for turn in agent_turns(play(script))]
    assert said[-1] == "By the way, tea is ready."
    assert states == ["accepted", "started", "finished"]


def test_a_gesture_at_a_word_lands_on_it() -> None:
    states: list[str] = []

    async def script(scene: Scene) -> None:
        scene.conversation.say("I would like to show you something very big over there.")
        await scene.wait(0.1)
        at = scene.conversation.word_time_s("big", scene.clock.now_ns() / NS_PER_S)
        assert at is not None
        states.extend(
            await _send(
                scene, Intention(id="g", kind="gesture", label="big", timing=Timing(when="at_word", word="big")), 6.0
            )
        )

    messages = play(script)
    assert states == ["accepted", "started", "finished"]
    assert any("g" in m.intention_ids for m in messages if isinstance(m, MotionFrame))


@pytest.mark.parametrize(
    ("intention", "reason"),
    [
        (Intention(id="x", kind="locomotion", content="walk to the door"), "walk"),
        (Intention(id="x", kind="gesture", label="flibber"), "flibber"),
        (Intention(id="x", kind="expression", label="hapy"), "'happy'"),
        (Intention(id="x", kind="posture", label="upside_down"), "posture"),
        (Intention(id="x", kind="dialogue"), "content"),
    ],
)
def test_what_this_body_cannot_do_is_rejected_with_the_reason(intention: Intention, reason: str) -> None:
    async def script(scene: Scene) -> None:
        assert await _send(scene, intention, 0.1) == ["rejected"]
        assert reason in scene.answers[0].reason

    play(script)


def test_the_same_script_gives_the_same_motion() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("hello", 0.5)
        await scene.wait(4.0)

    one, other = (only(MotionFrame, play(script)) for _ in range(2))
    assert [m.rotations for m in one if isinstance(m, MotionFrame)] == [
        m.rotations for m in other if isinstance(m, MotionFrame)
    ]


def test_an_answer_that_takes_long_is_bridged_by_thinking_aloud() -> None:
    async def slow(_text: str) -> AsyncIterator[str]:
        await asyncio.sleep(2.0)
        yield "Here I am."

    async def script(scene: Scene) -> None:
        scene.replies.answer = slow  # type: ignore[method-assign] # a slow model
        await scene.hear("what is the meaning of life", 1.5)
        await scene.wait(6.0)

    messages = play(script)
    (answer,) = agent_turns(messages)
    assert answer.text == "Here I am."
    voices = list(dict.fromkeys(m.response_id for m in messages if isinstance(m, AgentAudio)))
    assert len(voices) == 2, "a filler, then the answer"
    first = next(m for m in messages if isinstance(m, AgentAudio))
    decided = next(m for m in messages if isinstance(m, TurnDecision))
    assert 0.75 <= (first.t_ns - decided.t_ns) / NS_PER_S <= 1.0


def test_the_scenario_can_be_a_users_own(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("name: own\nrules:\n  - {id: a, patterns: ['red *'], replies: ['Blue.']}\n")

    async def script(scene: Scene) -> None:
        await scene.hear("red please", 0.8)
        await scene.wait(3.0)

    assert [turn.text for turn in agent_turns(play(script, str(path)))] == ["Blue."]
