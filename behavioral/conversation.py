"""The conversation at the speed of people: what is heard becomes turns, turns become replies, and the listener shows that it listens.

The one place where hearing, floor, dialogue, voice and body meet. Everything here runs on the behavioral
room's event loop; its methods are called by the room's tasks (hearing, recognition, bus, tick) and never
block. Nothing in here waits for the cognitive process, the language model or vision.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from behavioral.body.body import Body
from behavioral.body.listening import Listening
from behavioral.dialogue.drafts import Draft
from behavioral.dialogue.replies import Replies
from behavioral.dialogue.waiting import Waiting
from behavioral.hearing.events import (
    BackchannelCue,
    BlockHeard,
    FinalText,
    ProsodySnapshot,
    SpeechOffset,
    SpeechOnset,
    Units,
)
from behavioral.interruptions import Interruptions
from behavioral.listener import Listener
from behavioral.operator.channels import Channels, by_operator
from behavioral.participation import Participation
from behavioral.people import People
from behavioral.person_affect import PersonAffect
from behavioral.responses import Responses
from behavioral.said_intention import SaidIntention
from behavioral.small_sounds import SmallSounds
from behavioral.sources.contract import BLOCK_NS
from behavioral.turns.cues import Whole
from behavioral.turns.floor import TurnEnded
from behavioral.turns.transcript import RunningText
from behavioral.user_turn import UserTurn
from behavioral.voice.playback import Playback
from behavioral.voice.tts.contract import TextToSpeech
from runtime.bus import Bus
from runtime.clock import NS_PER_MS, NS_PER_S, Clock
from runtime.ids import IdSource
from runtime.messages import (
    AgentSpeech,
    Intention,
    TypedText,
    UserSpeech,
    VadFrame,
    Word,
)
from runtime.settings import Profile
from runtime.telemetry import Telemetry

AHEAD = (0.0, 0.0)
"""Where the agent looks with nobody in view."""
ATTENTIVE_S = 4.0
"""The agent stays attentive for this long after the last exchange before it idles."""


def _raise(error: Exception) -> None:
    raise error


async def one_piece(text: str) -> AsyncIterator[str]:
    """Return a text as the stream of pieces that a response takes."""
    yield text


class Conversation:
    """Floor, replies and listener of one session."""

    def __init__(
        self,
        profile: Profile,
        clock: Clock,
        bus: Bus,
        ids: IdSource,
        telemetry: Telemetry,
        *,
        body: Body,
        people: People,
        listening: Listening,
        replies: Replies,
        tts: TextToSpeech,
        playback: Playback,
        waiting: Waiting,
        whole: Callable[[str], Whole] = lambda _text: "",
        failed: Callable[[Exception], None] = _raise,
        channels: Channels | None = None,
    ) -> None:
        """Wire the parts; nothing runs yet.

        `whole` knows the scenario's sentences, `failed` is told of what fails between ticks, `channels` says what an operator holds.
        """
        self._clock = clock
        self._bus = bus
        self._ids = ids
        self._telemetry = telemetry
        self._body = body
        self._people = people
        self._replies = replies
        self._tts = tts
        self._playback = playback
        self._channels = channels = channels or Channels()
        self.responses = Responses(
            clock, bus, ids, telemetry, body=body, tts=tts, playback=playback, heard=self._agent_said,
            guard=replies.guard,
        )  # fmt: skip
        self._participation = Participation(
            profile,
            clock,
            bus,
            people=people,
            whole=whole,
            agent_name=replies.agent_name,
            answer=self._user_turn_ended,
            stay_out=self._overheard,
            failed=failed,
        )
        self.turn = UserTurn(
            profile.turns,
            clock,
            bus,
            ids,
            telemetry,
            people=people,
            replies=replies,
            whole=whole,
            wanted_text=lambda text: f"{self._unanswered} {text}".strip(),
            ended=self._participation.turn_ended,
            failed=failed,
            participation=self._participation,
        )
        self._sounds = SmallSounds(tts, playback, body, ids)
        self._interruptions = Interruptions(
            profile.turns,
            clock,
            bus,
            telemetry,
            responses=self.responses,
            turn=self.turn,
            playback=playback,
            sounds=self._sounds,
            no_turn=self._no_turn,
        )
        self._text = RunningText()
        self._voice: ProsodySnapshot | None = None
        self._user_voice = False
        self._unanswered = ""
        self._vad_on, self._vad_off = profile.hearing.vad_on, profile.hearing.vad_off
        self._ignore_noise_ns = round(profile.turns.ignore_noise_ms * NS_PER_MS)
        self._waiting = waiting
        self.listener = Listener(
            profile,
            bus,
            ids,
            body=body,
            people=people,
            listening=listening,
            sounds=self._sounds,
            may_respond=lambda: (
                self.turn.open
                and not self.responses.active
                and self._participation.listens
                and channels.own_voice
                and channels.own_body
            ),
        )
        self._affect = PersonAffect(clock, bus, self.listener.felt)
        self._last_exchange_ns = -NS_PER_S * 3_600
        self.user_has_spoken = False

    @property
    def busy(self) -> bool:
        """Whether a reply is being prepared or said, or the person has the floor, or another may take it before the agent."""
        return self.responses.active or self.turn.open or self._participation.waiting

    @property
    def floor_is_free(self) -> bool:
        """Whether neither side is speaking or about to."""
        return not self.busy and not self._user_voice

    def word_time_s(self, word: str, now_s: float) -> float | None:
        """Session time of the next occurrence of a word in the agent's scheduled speech, or None."""
        return self.responses.word_time_s(word, now_s)

    def bearing_of(self, person_id: str) -> tuple[float, float] | None:
        """Direction of a person in view (the nearest, where no id is given)."""
        return self._people.bearing_of(person_id)

    # ------------------------------------------------------------ hearing

    def heard_block(self, block: BlockHeard) -> None:
        """Take one block of voice activity."""
        self._bus.publish(
            VadFrame(
                t_ns=block.t_ns,
                probability=block.probability,
                speaking=block.speaking,
                level_dbfs=block.level_dbfs,
                own_voice=block.own_voice,
            )
        )
        if block.speaking and block.probability >= self._vad_off:
            self._interruptions.voiced(block.t_ns + BLOCK_NS, self._text.text)
        elif block.probability >= self._vad_on:
            self._interruptions.stirred(block.t_ns + BLOCK_NS)
        self._participation.heard_block(block)
        self.listener.heard_block(block)

    def heard_onset(self, onset: SpeechOnset) -> None:
        """The person began to speak."""
        self._user_voice = True
        self._bus.publish(UserSpeech(t_ns=onset.t_ns, state="started", probability=onset.probability))
        self._text.clear()
        if not self._interruptions.began(onset.t_ns):
            self.turn.speech_started(onset.t_ns)

    def heard_offset(self, offset: SpeechOffset) -> None:
        """The person stopped speaking, for now."""
        self._user_voice = False
        self._voice = offset.prosody
        self._bus.publish(UserSpeech(t_ns=offset.t_ns, state="ended"))
        self.turn.speech_ended(offset.t_ns, offset.prosody)
        self._interruptions.ended(offset.t_ns, offset.prosody, self._text.text)

    def heard_cue(self, cue: BackchannelCue) -> None:
        """The person left room for a listener's response."""
        self.listener.heard_cue(cue)

    def recognised(self, event: Units | FinalText) -> None:
        """Take a revised hypothesis or an utterance's final words."""
        if isinstance(event, FinalText):
            self._telemetry.record("asr_final_after_end", event.latency_ms)
            self._text.clear()
            self._interruptions.final(event)
            self.turn.final(event)
            self._affect.said(event.text, self._voice, event.confidence)
            return
        for edit in event.edits:
            self._text.apply(edit)
            self._bus.publish(
                Word(
                    t_ns=self._clock.now_ns(),
                    op=edit.op,
                    unit_id=edit.unit_id,
                    text=edit.text[:128],
                    start_ns=edit.start_ns,
                    end_ns=edit.end_ns,
                    confidence=min(1.0, max(0.0, edit.confidence)),
                    turn_id=self.turn.turn_id,
                )
            )
        self.turn.words(self._text.text, event.onset_ns)

    def typed(self, message: TypedText) -> None:
        """The person typed: a turn that is complete at once, and stops what the agent says."""
        now_ns = self._clock.now_ns()
        self.responses.stop(now_ns)
        self._interruptions.forget(now_ns)
        self._affect.said(message.text, None, 1.0)
        self.turn.typed(message.text, now_ns)

    # ------------------------------------------------------------ the agent's side

    def say(self, text: str) -> None:
        """Say something of the agent's own accord."""
        if self._channels.own_voice:
            self.responses.speak(one_piece(text))

    def say_intention(self, intention: Intention, now_ns: int) -> SaidIntention:
        """Say a dialogue intention's words."""
        if by_operator(intention) and self._unanswered:  # the operator's words are the answer
            self._replies.overheard(self._unanswered)
            self._unanswered = ""
        self.responses.stop(now_ns, "a newer intention")
        self._interruptions.forget(now_ns)
        return SaidIntention(
            self.responses, self.responses.speak(one_piece(intention.content), intention_id=intention.id)
        )

    def stop_speaking(self, now_ns: int) -> None:
        """Silence the agent: the person, or an operator, wants it to end."""
        self.responses.stop(now_ns)
        self._interruptions.stopped()

    def halt(self, now_ns: int) -> None:
        """Silence everything at once, small sounds included: an emergency stop."""
        self.stop_speaking(now_ns)
        if sound := self._sounds.halt(now_ns):
            self._bus.publish(AgentSpeech(t_ns=now_ns, state="interrupted", response_id=sound))
        self.forget_unanswered()

    def voice_returned(self) -> None:
        """The agent may speak for itself again: what nobody has answered gets its answer."""
        if self._unanswered and not self.busy and self._channels.own_voice:
            self.responses.speak(self._replies.answer(self._unanswered))

    def forget_unanswered(self) -> None:
        """What was said while the agent was not taking part is not answered afterwards."""
        self._unanswered = ""

    def tick(self, now_ns: int) -> None:
        """Once a frame: overlap, the turn's end, clause starts, a filler, and what the body is doing."""
        self._interruptions.judge(now_ns, self._text.text)
        self.turn.reconsider(now_ns)
        self.responses.tick(now_ns)
        self._bridge_wait(now_ns)
        self._body.own_acts = self._channels.own_body
        self._body.gaze.person_at(self._people.bearing_of(self._participation.speaker) or AHEAD)
        now_s = now_ns / NS_PER_S
        self.listener.tick(now_s)
        audible = self.responses.audible(now_ns) and not self.responses.paused
        self._participation.tick(now_ns, self.responses.response_id if audible else "")
        if audible:
            self._body.set_mode("speaking", now_s)
            self._last_exchange_ns = now_ns
            self._unanswered = ""
        elif self.responses.active and self._waiting.thinking(now_ns):
            self._body.set_mode("thinking", now_s)
        elif self.busy or self._user_voice or now_ns - self._last_exchange_ns < ATTENTIVE_S * NS_PER_S:
            self._body.set_mode("listening", now_s)
        else:
            self._body.set_mode("idle", now_s)

    async def aclose(self) -> None:
        """Stop every task and release voice and language model."""
        self.turn.close()
        self._participation.close()
        await self.responses.aclose()
        await self._sounds.aclose()
        await self._replies.aclose()
        await self._tts.aclose()

    # ------------------------------------------------------------ the person's turn

    def _user_turn_ended(self, ended: TurnEnded, draft: Draft | None, now_ns: int) -> None:
        if not ended.text and (ended.speech_end_ns - ended.start_ns) < self._ignore_noise_ns:
            if draft is not None:
                draft.cancel()
            return  # a cough, a chair: nobody has said anything
        self.user_has_spoken = True
        self._last_exchange_ns = now_ns
        if not self._channels.own_voice:
            self._hold_answer(ended, draft)
            return
        self._waiting.turn_ended(ended.speech_end_ns, now_ns)
        # What was said before an answer could be heard still wants its answer.
        self._unanswered = f"{self._unanswered} {ended.text}".strip()
        answer = self._replies.answer(self._unanswered) if draft is None else draft.commit(self._unanswered)
        self.responses.speak(answer, ended.speech_end_ns, ended.due_ns)

    def _hold_answer(self, ended: TurnEnded, draft: Draft | None) -> None:
        """An operator has the voice: the answer waits for the operator's words, or for the voice to be handed back."""
        if draft is not None:
            draft.cancel()
        if not self._channels.stopped:
            self._unanswered = f"{self._unanswered} {ended.text}".strip()

    def _overheard(self, ended: TurnEnded) -> None:
        """A turn was for somebody else; what is still unanswered of one that was for the agent gets its answer now."""
        self._replies.overheard(ended.text)
        if self._unanswered and not self.responses.active and self._channels.own_voice:
            self.responses.speak(self._replies.answer(self._unanswered))

    def _agent_said(self, heard: str, heard_ms: float, reply: object) -> None:
        self._participation.agent_spoke(heard, self._clock.now_ns())
        self._replies.agent_said(heard, heard_ms, reply)

    def _bridge_wait(self, now_ns: int) -> None:
        """Think aloud while the person waits for an answer, or for a tool that the answer needs."""
        if not self.responses.active:
            self._waiting.over()
            return
        if self.responses.paused or not self._channels.own_voice:
            return
        tool_in_silence = self._replies.waiting_for_tool and self._playback.ends_ns <= now_ns
        filler = self._waiting.filler(now_ns, scheduled=self.responses.scheduled, tool_in_silence=tool_in_silence)
        if filler:
            self._sounds.utter(
                filler,
                lambda: (
                    self.responses.active
                    and not self.responses.paused
                    and (not self.responses.scheduled or self._replies.waiting_for_tool)
                ),
            )

    def _no_turn(self) -> None:
        """What the person said over the agent was a backchannel, or noise."""
        if not self._user_voice:
            self._replies.was_no_turn()
