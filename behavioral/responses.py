"""The agent's turns: responses that wait in line, the first of which is being said.

Each response is an object of its own, so that stopping one never touches another. A pause halts what is being said and keeps it:
`resume` takes it up again; whether it is halted only the playback knows, and who was told of a pause is told of its end. Tells
the bus, the body and telemetry what really happens, and ends every turn that it began, whatever happens to the text's source. Runs on
the behavioral room's event loop; nothing blocks.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Literal

from behavioral.body.body import Body
from behavioral.dialogue.drafts import Draft
from behavioral.dialogue.tags import BehaviourTag
from behavioral.response import Response
from behavioral.voice.guard import VoiceGuard
from behavioral.voice.playback import Playback
from behavioral.voice.speaker import ClauseScheduled, Speaker, Spoken
from behavioral.voice.tts.contract import SpokenClause, TextToSpeech, WordTime
from runtime.bus import Bus
from runtime.clock import NS_PER_MS, NS_PER_S, Clock
from runtime.ids import IdSource
from runtime.messages import AgentSpeech, BodyAct, SpeechTiming, Turn
from runtime.telemetry import Telemetry
from runtime.trouble import place_of

CLOSE_S = 0.3
"""A response that is closed may take this long to end in order."""
logger = logging.getLogger(__name__)


class Responses:
    """What the agent says, one response after the other."""

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        ids: IdSource,
        telemetry: Telemetry,
        *,
        body: Body,
        tts: TextToSpeech,
        playback: Playback,
        heard: Callable[[str, float, object], None],
        guard: VoiceGuard | None = None,
    ) -> None:
        """Wire the parts; `heard` is told what the person heard of each response: words, milliseconds, its pieces; `guard` judges it."""
        self._clock = clock
        self._bus = bus
        self._ids = ids
        self._telemetry = telemetry
        self._body = body
        self._playback = playback
        self._heard = heard
        self._speaker = Speaker(
            tts, playback, clock, self._clause_scheduled, self._all_scheduled, self._clause_grew, guard
        )
        self._line: deque[Response] = deque()
        self._response_id = ""
        self._task: asyncio.Task[None] | None = None
        self._unannounced: list[ClauseScheduled] = []
        self._told_paused = ""

    @property
    def response_id(self) -> str:
        """Id of the response that is being prepared or said, or empty."""
        return self._response_id

    @property
    def active(self) -> bool:
        """Whether a response is being prepared or said, or waits."""
        return bool(self._line)

    @property
    def paused(self) -> bool:
        """Whether what is being said is halted."""
        return self._playback.paused

    @property
    def scheduled(self) -> bool:
        """Whether sound of the present response has a place on the clock."""
        return bool(self._line and self._line[0].clauses)

    def audible(self, now_ns: int) -> bool:
        """Whether the present response has begun to be heard."""
        return self.scheduled and self._line[0].clauses[0].start_ns <= now_ns

    def asked_by(self, t_ns: int) -> bool:
        """Whether all that the agent has to say is at the last words of a question at a session time."""
        return len(self._line) == 1 and self._line[0].asked_by(t_ns)

    def word_time_s(self, word: str, now_s: float) -> float | None:
        """Session time of the next occurrence of a word in the scheduled speech, or None."""
        wanted = _bare(word)
        for scheduled in self._line[0].clauses if self._line else ():
            for timing in scheduled.clause.words:
                at_s = scheduled.at_ns(timing.start_ms) / NS_PER_S
                if at_s >= now_s and _bare(timing.text) == wanted:
                    return at_s
        return None

    def speak(
        self,
        pieces: AsyncIterator[str | SpokenClause],
        reply_to_ns: int = 0,
        due_ns: int = 0,
        intention_id: str = "",
    ) -> Response:
        """Say something, after what is being said and waits already."""
        response = Response(pieces, reply_to_ns, due_ns, intention_id)
        self._line.append(response)
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())
        return response

    def stop(self, now_ns: int, reason: str = "the person interrupted it") -> int:
        """End the present response and all that wait; return when the loudspeaker is silent (session ns)."""
        for response in list(self._line):
            self.drop(response, now_ns, reason)
        self._playback.resume(now_ns)
        return max(now_ns, self._playback.ends_ns) + round(self._playback.delay_ms * NS_PER_MS)

    def drop(self, response: Response, now_ns: int, reason: str) -> None:
        """End one response, whether it is being said or waits; harmless when it has ended."""
        if response.ended:
            return
        response.why_ended = response.why_ended or reason
        if self._line and self._line[0] is response:
            self._speaker.stop(now_ns)
            self._body.speech_stopped(now_ns / NS_PER_S)
            self._unannounced.clear()
            response.clauses.clear()  # from now on the person's speech is no overlap
        elif response in self._line:
            self._line.remove(response)
            response.ended = True
        if isinstance(response.pieces, Draft):
            response.pieces.cancel()  # at once, and also of a response that nobody has begun to say

    def pause(self, now_ns: int, small_sound: str = "") -> int:
        """Halt what is being said, or is about to be, and keep it; return when it is silent (session ns). Harmless twice.

        A small sound that is heard, by its id, is given up: nobody says the rest of a "hmm".
        """
        already = self._playback.paused
        silent_ns = self._playback.pause(now_ns, small_sound)
        if (self.scheduled or small_sound) and not already:
            self._body.speech_paused(now_ns / NS_PER_S, silent_ns)
        if small_sound and not already:
            self._bus.publish(AgentSpeech(state="interrupted", response_id=small_sound, t_ns=silent_ns))
        if self.scheduled and not already:
            self._tell_paused(silent_ns)
        return silent_ns + round(self._playback.delay_ms * NS_PER_MS)

    def resume(self, now_ns: int) -> int:
        """Take up again what was halted; return when it is heard (session ns)."""
        if (paused_ns := self._playback.paused_ns) is None:
            return now_ns
        self._playback.resume(now_ns)
        if not self.scheduled:
            return now_ns
        response, from_ns = self._line[0], now_ns
        waited = self._speaker.resumed(now_ns)
        if waited:
            from_ns = waited[0].at_ns(waited[0].from_ms)
        self._tell_resumed(from_ns, waited[0] if waited else response.clauses[-1])
        for moved in waited:
            tags = [
                tag
                for tag in response.clauses[moved.index].tags
                if self._tag_ns(response.clauses[moved.index], tag) > paused_ns
            ]
            response.clauses[moved.index] = moved
            self._unannounced = [moved if c.index == moved.index else c for c in self._unannounced]
            self._body.speech_scheduled(moved)
            self._perform_tags(moved, tags)
            self._tell("planned", moved)
        if response.complete:
            self._all_scheduled(self._playback.end_ns(self._response_id))
        return from_ns

    def tick(self, now_ns: int) -> None:
        """Announce the clauses whose first sample is heard now."""
        while self._unannounced and not self._playback.paused and self._unannounced[0].start_ns <= now_ns:
            self._tell("started", self._unannounced.pop(0))

    async def aclose(self) -> None:
        """Stop, and wait for the running response to end in order."""
        self.stop(self._clock.now_ns(), "the session ended")
        if (task := self._task) is not None:
            await asyncio.wait({task}, timeout=CLOSE_S)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        """Say what waits, one response after the other."""
        try:
            while self._line:
                await self._say(self._line[0])
        finally:
            self._task = None

    async def _say(self, response: Response) -> None:
        self._response_id = response_id = self._ids.new("response")
        spoken = Spoken(response_id, "", interrupted=True)
        try:
            if not response.why_ended:
                spoken = await self._speaker.say(response_id, response.pieces, response.intention_id)
        except Exception as error:
            logger.error("a response failed: %s", place_of(error))
            response.why_ended = "it could not be said"
            now_ns = self._clock.now_ns()
            spoken = Spoken(response_id, self._playback.stop(response_id, now_ns), interrupted=True)
            self._body.speech_stopped(now_ns / NS_PER_S)
        finally:
            if spoken.interrupted and not response.why_ended:
                response.why_ended = "it was stopped"
            if not spoken.interrupted and response.clauses:  # it was paused after its last sound
                self._tell_resumed(self._clock.now_ns(), response.clauses[-1])
            response.ended = True
            self._unannounced = [c for c in self._unannounced if c.response_id != response_id]
            self._line.remove(response)
            self._response_id = ""
            self._end_turn(response, spoken)

    def _clause_scheduled(self, scheduled: ClauseScheduled) -> None:
        response = self._line[0]
        response.clauses.append(scheduled)
        self._unannounced.append(scheduled)
        self._body.speech_scheduled(scheduled)
        self._perform_tags(scheduled, scheduled.tags)
        if scheduled.index == 0:
            self._begin_turn(response, scheduled.start_ns)
        self._tell("planned", scheduled)

    def _clause_grew(self, scheduled: ClauseScheduled) -> None:
        """A clause that is being made while it is said has more sound, or better times."""
        response = self._line[0]
        if scheduled.index >= len(response.clauses):  # it was stopped
            return
        response.clauses[scheduled.index] = scheduled
        if self._playback.paused:  # the body hears of it when it goes on
            return
        self._body.speech_grew(scheduled)
        if scheduled.clause.complete:
            self._tell("planned", scheduled)

    def _all_scheduled(self, end_ns: int) -> None:
        self._line[0].complete = True
        self._body.gaze.utterance_ends_at(end_ns / NS_PER_S)

    def _begin_turn(self, response: Response, start_ns: int) -> None:
        response.turn_id, response.turn_start_ns = self._ids.new("turn"), start_ns
        self._bus.publish(
            Turn(t_ns=start_ns, state="started", speaker="agent", turn_id=response.turn_id, start_ns=start_ns)
        )
        if response.reply_to_ns:
            self._tell_latency(response, start_ns)

    def _tell_latency(self, response: Response, start_ns: int) -> None:
        """Record the time from the person's last sound to the agent's first one, and where it went."""
        total_ms = (start_ns - response.reply_to_ns) / NS_PER_MS
        window_ms = max(0, response.due_ns - response.reply_to_ns) / NS_PER_MS
        made = self._speaker.first_sound
        self._telemetry.record(
            "end_of_turn_to_first_audio",
            total_ms,
            window_ms=window_ms,
            dialogue_ms=made.dialogue_ms,
            voice_ms=made.voice_ms,
            own_ms=total_ms - window_ms - made.dialogue_ms - made.voice_ms,
        )

    def _end_turn(self, response: Response, spoken: Spoken) -> None:
        if not response.turn_id:
            return
        now_ns = self._clock.now_ns()
        heard = spoken.heard[:4_000]
        self._heard(heard, self._playback.position_ms(spoken.response_id, now_ns), response.pieces)
        self._bus.publish(
            AgentSpeech(
                state="interrupted" if spoken.interrupted else "finished",
                response_id=spoken.response_id,
                text=heard,
                heard=heard,
                t_ns=now_ns,
            )
        )
        self._bus.publish(
            Turn(
                t_ns=now_ns,
                state="ended",
                speaker="agent",
                turn_id=response.turn_id,
                text=heard,
                start_ns=response.turn_start_ns,
                end_ns=now_ns,
                interrupted=spoken.interrupted,
            )
        )

    def _tag_ns(self, scheduled: ClauseScheduled, tag: BehaviourTag) -> int:
        words = scheduled.clause.words
        return scheduled.at_ns(words[min(tag.word_index, len(words) - 1)].start_ms if words else 0.0)

    def _perform_tags(self, scheduled: ClauseScheduled, tags: Sequence[BehaviourTag]) -> None:
        """Let the body act at the words that carry a behaviour tag."""
        for tag in tags:
            act_id = self._ids.new("act")
            now_ns = self._clock.now_ns()
            at_s = self._tag_ns(scheduled, tag) / NS_PER_S
            length_s = self._body.perform_tag(tag.label, act_id, now_ns / NS_PER_S, at_s)
            if length_s > 0:
                self._bus.publish(
                    BodyAct(
                        t_ns=now_ns,
                        state="started",
                        act=tag.label,
                        act_id=act_id,
                        reason="reply",
                        duration_ms=1e3 * length_s,
                    )
                )

    def _tell_paused(self, t_ns: int) -> None:
        """Tell that the voice is silent from a time on, in which clause."""
        self._told_paused = self._response_id
        clause = max((c.index for c in self._line[0].clauses if c.start_ns <= t_ns), default=0)
        self._tell_change("paused", t_ns, clause, 0.0)

    def _tell_resumed(self, t_ns: int, clause: ClauseScheduled) -> None:
        """Tell who was told of a pause that the voice goes on at a time, also where the next sound is still to be made."""
        if self._told_paused == self._response_id:
            self._tell_change("resumed", t_ns, clause.index, max(0.0, (clause.end_ns - t_ns) / NS_PER_MS))
        self._told_paused = ""

    def _tell_change(self, state: Literal["paused", "resumed"], t_ns: int, clause: int, left_ms: float) -> None:
        self._bus.publish(
            AgentSpeech(
                state=state,
                response_id=self._response_id,
                clause=clause,
                heard=self._playback.heard_text(self._response_id, self._clock.now_ns())[:4_000],
                duration_ms=left_ms,
                t_ns=t_ns,
            )
        )

    def _tell(self, state: Literal["planned", "started"], scheduled: ClauseScheduled) -> None:
        planned = state == "planned"
        clause = scheduled.clause
        self._bus.publish(
            AgentSpeech(
                state=state,
                response_id=scheduled.response_id,
                clause=scheduled.index,
                text=clause.text[:4_000],
                duration_ms=clause.duration_ms + scheduled.moved_ms,
                words=tuple(_on_the_clock(w, scheduled) for w in clause.words[:512]) if planned else (),
                visemes=scheduled.visemes[:2_048] if planned else (),
                t_ns=scheduled.start_ns,
            )
        )


def _on_the_clock(word: WordTime, scheduled: ClauseScheduled) -> SpeechTiming:
    start_ms = (
        (scheduled.at_ns(word.start_ms) - scheduled.start_ns) / NS_PER_MS if scheduled.moved_ms else word.start_ms
    )
    return SpeechTiming(word.text[:128], start_ms, start_ms + word.end_ms - word.start_ms)


def _bare(word: str) -> str:
    return word.lower().strip(".,!?;:\"'")
