"""A scripted conversation: hearing by script, a silent voice, virtual time; the real floor, replies, playback and body."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable

from behavioral.body.body import Body
from behavioral.body.intention_acts import Acts
from behavioral.body.listening import Listening
from behavioral.body.realiser import Realiser
from behavioral.conversation import Conversation
from behavioral.dialogue.replies import Replies
from behavioral.dialogue.scenario import load_scenario
from behavioral.dialogue.waiting import Waiting
from behavioral.dialogue.whole_sentences import WholeSentences
from behavioral.hearing.events import BlockHeard, FinalText, SpeechOffset, SpeechOnset
from behavioral.loop import FastLoop
from behavioral.operator.channels import Channels
from behavioral.people import People
from behavioral.voice.guard import VoiceGuard
from behavioral.voice.playback import Playback
from behavioral.voice.tts.contract import TextToSpeech
from behavioral.voice.tts.silent import SilentVoice
from runtime.clock import NS_PER_MS, NS_PER_S, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.ids import IdSource
from runtime.messages import (
    AffectPercept,
    AgentAudio,
    AgentSpeech,
    AnyMessage,
    BodyAct,
    IntentionAnswer,
    Message,
    MotionFrame,
    SafetyDecision,
    Turn,
    TurnDecision,
)
from runtime.offload import InlineOffload
from runtime.safety.refusals import Limits
from runtime.safety.speech import SpeechRules
from runtime.settings import Profile
from runtime.telemetry import Telemetry
from runtime.transport.inprocess import InProcessHub

BLOCK_NS = 32 * NS_PER_MS
ONSET_S = 0.096
HANGOVER_S = 0.160


class _Draft:
    """What a scripted dialogue would say, begun when it is wanted."""

    def __init__(self, text: str, source: Callable[[str], AsyncIterator[str]]) -> None:
        self.text, self._source = text, source

    def commit(self, final_text: str) -> AsyncIterator[str]:
        return self._source(final_text)

    def cancel(self) -> None:
        """Nothing has begun."""


class Scene:
    """A house with one room, whose hearing is scripted."""

    guarded = False
    """Whether the guard before the voice stands there, by the rules of a session without settings."""

    def __init__(
        self,
        scenario: str = "welcome",
        seed: int = 1,
        profile: Profile | None = None,
        tts: TextToSpeech | None = None,
    ) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        profile = profile or Profile()
        self.clock = VirtualClock(loop)
        self.bus = InProcessHub().bus("behavioral")
        self.told = self.bus.subscribe(
            Turn, TurnDecision, AgentSpeech, AgentAudio, BodyAct, AffectPercept, MotionFrame, SafetyDecision,
            capacity=100_000,
        )  # fmt: skip
        ids = IdSource("behavioral", seed)
        self.scenario = load_scenario(scenario)
        self.people = People()
        rules = SpeechRules(profile.safety, Limits())
        guard = VoiceGuard(rules, self.bus.publish, self.clock.now_ns) if self.guarded else None
        self.replies = Replies(profile.dialogue, self.scenario, seed, use_llm=False, guard=guard)
        self.channels = Channels()
        body = Body(profile, seed)
        self.playback = playback = Playback(self.clock, profile.voice, duck_gain=profile.turns.duck_gain)
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
            tts=tts or SilentVoice(profile.voice),
            playback=playback,
            waiting=Waiting(profile.dialogue, seed),
            whole=WholeSentences(tokens for rule in self.scenario.rules for tokens in rule.patterns).fit,
            channels=self.channels,
        )
        self.answers: list[IntentionAnswer] = []
        self.acts = Acts(body.generator, body.gaze, body.face, self.conversation)
        self.realiser = Realiser(self.acts, self.answers.append, lambda _ms, _i: None)
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
            stopped=lambda: self.channels.stopped,
        )
        self._ticking = asyncio.ensure_future(fast.run(50.0, 0))
        self.live = body.live
        self._moving = [asyncio.ensure_future(body.live.run(self.clock, InlineOffload()))] if body.live else []
        self._speaking = self._voice = False

    def answer_by(self, source: Callable[[str], AsyncIterator[str]]) -> None:
        """Let a function answer in place of the dialogue, drafted or not."""
        self.replies.answer = source  # type: ignore[method-assign,assignment] # a scripted dialogue
        self.replies.prepare = lambda text: _Draft(text, source)  # type: ignore[method-assign,assignment,return-value] # the same

    async def wait(self, seconds: float) -> None:
        """Let time pass, with a block of hearing every 32 ms."""
        end_ns = self.clock.now_ns() + round(seconds * NS_PER_S)
        while self.clock.now_ns() < end_ns:
            now_ns = self.clock.now_ns()
            self.conversation.heard_block(BlockHeard(now_ns, float(self._voice), self._speaking, -30.0, 120.0))
            await self.clock.sleep_until_ns(min(end_ns, now_ns + BLOCK_NS))

    def clatter(self, on: bool) -> None:
        """Let blocks of hearing hold what may be voice, or no more; it is not known for speech."""
        self._voice = on

    async def hear(self, text: str, seconds: float, confidence: float = 0.9) -> None:
        """The person says a text that takes so long; its words are final 60 ms after its end was heard."""
        start_ns = self.clock.now_ns()
        end_ns = await self.make_sound(seconds)
        await self.wait(0.06)
        self.conversation.recognised(FinalText(text, confidence, 220.0, start_ns, end_ns))

    async def make_sound(self, seconds: float) -> int:
        """The person makes a sound of which no words come; as with the real gate, it is heard to begin 96 ms late and to end
        160 ms late. Return when it ended (ns)."""
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
        return end_ns

    def messages(self) -> list[AnyMessage]:
        """Everything said on the bus so far."""
        return self.told.flush()

    async def close(self) -> None:
        for task in (self._ticking, *self._moving):
            task.cancel()
        await asyncio.gather(self._ticking, *self._moving, return_exceptions=True)
        await self.conversation.aclose()
        assert not [key for key in self.counters if key.startswith("failed")], self.counters


def play(
    script: Callable[[Scene], Awaitable[None]],
    scenario: str = "welcome",
    profile: Profile | None = None,
    of: type[Scene] = Scene,
) -> list[AnyMessage]:
    """Play a scene and return what was said on the bus."""

    async def main() -> list[AnyMessage]:
        scene = of(scenario, profile=profile)
        await script(scene)
        await scene.close()
        return scene.messages()

    return run_virtual(main())  # type: ignore[no-any-return] # run_virtual is untyped in its result


def only(kind: type[Message], messages: list[AnyMessage]) -> list[AnyMessage]:
    return [m for m in messages if isinstance(m, kind)]


def agent_turns(messages: list[AnyMessage]) -> list[Turn]:
    return [m for m in messages if isinstance(m, Turn) and m.speaker == "agent" and m.state == "ended"]
