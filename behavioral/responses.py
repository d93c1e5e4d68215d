"""The agent's turns: one response at a time, from the first word planned to the last word heard.

Owns the speaker and the task that runs it; tells the bus, the body and telemetry what really happens. A new
response waits until the one before it has ended. Runs on the behavioral room's event loop; nothing blocks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from behavioral.body.body import Body
from behavioral.voice.playback import Playback
from behavioral.voice.speaker import ClauseScheduled, Speaker, Spoken
from behavioral.voice.tts.contract import TextToSpeech
from runtime.bus import Bus
from runtime.clock import NS_PER_MS, NS_PER_S, Clock
from runtime.ids import IdSource
from runtime.messages import AgentSpeech, BodyAct, Turn
from runtime.telemetry import Telemetry


@dataclass(slots=True)
class SaidIntention:
    """A dialogue intention being said; implements the realiser's `Running`."""

    responses: Responses
    task: asyncio.Task[Spoken]

    def finished(self, now_ns: int) -> str | None:
        """Done when the response has ended; broken off when the person stopped it."""
        if not self.task.done():
            return None
        if self.task.cancelled() or self.task.exception() is not None:
            return "it could not be said"
        return "the person interrupted it" if self.task.result().interrupted else ""

    def cancel(self, now_ns: int) -> None:
        """Stop saying it."""
        self.responses.stop(now_ns)


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
        heard: Callable[[str], None],
    ) -> None:
        """Wire the parts; `heard` is told what the person heard of each response."""
        self._clock = clock
        self._bus = bus
        self._ids = ids
        self._telemetry = telemetry
        self._body = body
        self._playback = playback
        self._heard = heard
        self._speaker = Speaker(tts, playback, clock, self._clause_scheduled, bus.publish)
        self._current: asyncio.Task[Spoken] | None = None
        self._clauses: list[ClauseScheduled] = []
        self._unannounced: list[ClauseScheduled] = []
        self._turn: tuple[str, int] | None = None
        self._reply_to_ns = 0

    @property
    def response_id(self) -> str:
        """The response being prepared or said, or empty."""
        return self._speaker.response_id

    @property
    def preparing(self) -> bool:
        """Whether a response is on its way but not audible yet."""
        return self._current is not None and not self.audible(self._clock.now_ns())

    @property
    def active(self) -> bool:
        """Whether a response is being prepared or said."""
        return self._current is not None

    def audible(self, now_ns: int) -> bool:
        """Whether the agent's voice has begun (and not ended)."""
        return bool(self._clauses) and self._clauses[0].start_ns <= now_ns

    @property
    def scheduled(self) -> bool:
        """Whether sound has a place on the clock: from here on, the person's speech is overlap."""
        return bool(self._clauses)

    def word_time_s(self, word: str, now_s: float) -> float | None:
        """Session time of the next occurrence of a word in the scheduled speech, or None."""
        wanted = _bare(word)
        for scheduled in self._clauses:
            for timing in scheduled.clause.words:
                at_s = scheduled.start_ns / NS_PER_S + timing.start_ms / 1e3
                if at_s >= now_s and _bare(timing.text) == wanted:
                    return at_s
        return None

    def speak(self, pieces: AsyncIterator[str], reply_to_ns: int = 0) -> asyncio.Task[Spoken]:
        """Say something; after the present response, if there is one.

        Args:
            pieces: text with behaviour tags, as it becomes known.
            reply_to_ns: end of the speech that this answers, 0 if it answers none.
        """
        task = asyncio.ensure_future(self._run(pieces, reply_to_ns, self._current))
        self._current = task
        task.add_done_callback(self._done)
        return task

    def stop(self, now_ns: int) -> int:
        """Stop the present response; return when the loudspeaker is silent (session ns)."""
        if self._speaker.response_id:
            self._speaker.stop(now_ns)
            self._body.speech_stopped(now_ns / NS_PER_S)
            self._unannounced.clear()
            self._clauses = []
        elif self._current is not None:
            self._current.cancel()
        return max(now_ns, self._playback.ends_ns)

    def tick(self, now_ns: int) -> None:
        """Announce the clauses whose first sample is heard now."""
        while self._unannounced and self._unannounced[0].start_ns <= now_ns:
            scheduled = self._unannounced.pop(0)
            self._bus.publish(
                AgentSpeech(
                    t_ns=scheduled.start_ns,
                    state="started",
                    response_id=scheduled.response_id,
                    clause=scheduled.index,
                    text=scheduled.clause.text[:4_000],
                    duration_ms=scheduled.clause.duration_ms,
                )
            )

    async def aclose(self) -> None:
        """Stop and wait for the running response."""
        self.stop(self._clock.now_ns())
        if self._current is not None:
            self._current.cancel()
            await asyncio.gather(self._current, return_exceptions=True)

    async def _run(self, pieces: AsyncIterator[str], reply_to_ns: int, before: asyncio.Task[Spoken] | None) -> Spoken:
        if before is not None:
            await asyncio.wait({before})
        self._reply_to_ns = reply_to_ns
        self._clauses = []
        spoken = await self._speaker.say(self._ids.new("response"), pieces)
        self._heard(spoken.heard)
        self._end_turn(spoken)
        return spoken

    def _done(self, task: asyncio.Task[Spoken]) -> None:
        if self._current is task:
            self._current = None
            self._clauses = []

    def _clause_scheduled(self, scheduled: ClauseScheduled) -> None:
        self._clauses.append(scheduled)
        self._unannounced.append(scheduled)
        self._body.speech_scheduled(scheduled)
        self._perform_tags(scheduled)
        if scheduled.index > 0:
            return
        turn_id = self._ids.new("turn")
        start_ns = scheduled.start_ns
        self._turn = (turn_id, start_ns)
        self._bus.publish(Turn(t_ns=start_ns, state="started", speaker="agent", turn_id=turn_id, start_ns=start_ns))
        if self._reply_to_ns:
            self._telemetry.record("end_of_turn_to_first_audio", (start_ns - self._reply_to_ns) / NS_PER_MS)

    def _perform_tags(self, scheduled: ClauseScheduled) -> None:
        """Let the body act at the words that carry a behaviour tag."""
        words = scheduled.clause.words
        for tag in scheduled.tags:
            offset_ms = words[min(tag.word_index, len(words) - 1)].start_ms if words else 0.0
            act_id = self._ids.new("act")
            length_s = self._body.perform_tag(
                tag.label, act_id, self._clock.now_ns() / NS_PER_S, scheduled.start_ns / NS_PER_S + offset_ms / 1e3
            )
            if length_s > 0:
                self._bus.publish(
                    BodyAct(
                        t_ns=self._clock.now_ns(),
                        state="started",
                        act=tag.label,
                        act_id=act_id,
                        reason="reply",
                        duration_ms=1e3 * length_s,
                    )
                )

    def _end_turn(self, spoken: Spoken) -> None:
        if self._turn is None:
            return
        (turn_id, start_ns), self._turn = self._turn, None
        now_ns = self._clock.now_ns()
        self._bus.publish(
            Turn(
                t_ns=now_ns,
                state="ended",
                speaker="agent",
                turn_id=turn_id,
                text=spoken.heard[:4_000],
                start_ns=start_ns,
                end_ns=now_ns,
                interrupted=spoken.interrupted,
            )
        )


def _bare(word: str) -> str:
    return word.lower().strip(".,!?;:\"'")
