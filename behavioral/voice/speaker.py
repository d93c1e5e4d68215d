"""Says one response: text pieces in, clauses to the speech engine, sound to the playback, words to the body.

A response is one task. Clauses are synthesised one ahead of what plays, so that the first sound comes after the first
clause and an interruption wastes little. Behaviour tags in the text become acts at their word and never reach the
voice. What ends a response is either its last sample having been heard or `stop`; both return what the person really
heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from behavioral.dialogue.tags import BehaviourTag, split_tags
from behavioral.voice.clauses import ClauseSplitter
from behavioral.voice.playback import Playback
from behavioral.voice.tts.contract import SpokenClause, TextToSpeech
from behavioral.voice.visemes import viseme_track
from runtime.clock import NS_PER_MS, NS_PER_S, Clock
from runtime.messages import AgentSpeech, SpeechTiming

AHEAD_S = 1.0
"""The next clause is synthesised when less than this is left to play."""


@dataclass(frozen=True, slots=True)
class ClauseScheduled:
    """A clause has its place on the session clock: what the body needs to move with it."""

    response_id: str
    index: int
    clause: SpokenClause
    start_ns: int
    tags: tuple[BehaviourTag, ...]
    visemes: tuple[SpeechTiming, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a response ended."""

    response_id: str
    heard: str
    interrupted: bool
    first_audio_ns: int
    """Session time of the first audible sample, 0 if there was none."""


class Speaker:
    """The agent's voice: one response at a time."""

    def __init__(
        self,
        tts: TextToSpeech,
        playback: Playback,
        clock: Clock,
        scheduled: Callable[[ClauseScheduled], None],
        publish: Callable[[AgentSpeech], None],
    ) -> None:
        """Wire the voice; `scheduled` and `publish` are called on the event loop and must not block."""
        self._tts = tts
        self._playback = playback
        self._clock = clock
        self._scheduled = scheduled
        self._publish = publish
        self._response_id = ""
        self._stopped = asyncio.Event()
        self._heard_at_stop = ""

    @property
    def response_id(self) -> str:
        """The response that is being said or prepared, or empty."""
        return self._response_id

    async def say(self, response_id: str, pieces: AsyncIterator[str]) -> Spoken:
        """Say a response to its end or until `stop`.

        Raises:
            RuntimeError: when another response is being said.
        """
        if self._response_id:
            raise RuntimeError(f"{self._response_id} is being said")
        self._response_id = response_id
        self._stopped = asyncio.Event()
        self._heard_at_stop = ""
        clauses: list[ClauseScheduled] = []
        try:
            saying = asyncio.ensure_future(self._synthesise(response_id, pieces, clauses))
            stopping = asyncio.ensure_future(self._stopped.wait())
            try:
                await asyncio.wait({saying, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if saying.done():
                    saying.result()
                    await self._played(clauses)
            finally:
                for task in (saying, stopping):
                    task.cancel()
                await asyncio.gather(saying, stopping, return_exceptions=True)
            return self._ended(response_id, clauses)
        finally:
            self._response_id = ""

    def stop(self, now_ns: int) -> str:
        """Stop at once; return what was heard. Harmless when nothing is being said."""
        if not self._response_id or self._stopped.is_set():
            return self._heard_at_stop
        self._heard_at_stop = self._playback.stop(self._response_id, now_ns)
        self._stopped.set()
        return self._heard_at_stop

    async def _synthesise(self, response_id: str, pieces: AsyncIterator[str], clauses: list[ClauseScheduled]) -> None:
        splitter = ClauseSplitter()
        async for piece in pieces:
            for text in splitter.push(piece):
                await self._clause(response_id, text, clauses)
        for text in splitter.flush():
            await self._clause(response_id, text, clauses)

    async def _clause(self, response_id: str, text: str, clauses: list[ClauseScheduled]) -> None:
        tagged = split_tags(text)
        if not tagged.text:
            return
        clause = await self._tts.synthesise(tagged.text)
        if clauses:
            last = clauses[-1]
            ends_ns = last.start_ns + round(last.clause.duration_ms * NS_PER_MS)
            await self._clock.sleep_until_ns(ends_ns - round(AHEAD_S * NS_PER_S))
        start_ns = self._playback.enqueue(response_id, len(clauses), clause)
        scheduled = ClauseScheduled(
            response_id, len(clauses), clause, start_ns, tagged.tags, tuple(viseme_track(clause))
        )
        clauses.append(scheduled)
        self._scheduled(scheduled)
        self._tell("planned", scheduled, start_ns)

    async def _played(self, clauses: list[ClauseScheduled]) -> None:
        for scheduled in clauses:
            end_ns = scheduled.start_ns + round(scheduled.clause.duration_ms * NS_PER_MS)
            while (now_ns := self._clock.now_ns()) < end_ns and not self._stopped.is_set():
                # Short naps, so that a stop is honoured at once and the last word is not cut.
                await self._clock.sleep_until_ns(min(end_ns, now_ns + 20 * NS_PER_MS))

    def _ended(self, response_id: str, clauses: list[ClauseScheduled]) -> Spoken:
        now_ns = self._clock.now_ns()
        interrupted = self._stopped.is_set()
        heard = self._heard_at_stop if interrupted else " ".join(c.clause.text for c in clauses)
        if clauses:
            state = "interrupted" if interrupted else "finished"
            self._publish(
                AgentSpeech(
                    state=state,  # type: ignore[arg-type] # one of the two literals above
                    response_id=response_id,
                    clause=clauses[-1].index,
                    text=" ".join(c.clause.text for c in clauses)[:4_000],
                    heard=heard[:4_000],
                    t_ns=now_ns,
                )
            )
        return Spoken(response_id, heard, interrupted, clauses[0].start_ns if clauses else 0)

    def _tell(self, state: str, scheduled: ClauseScheduled, t_ns: int) -> None:
        clause = scheduled.clause
        words = tuple(SpeechTiming(w.text[:128], w.start_ms, w.end_ms) for w in clause.words[:512])
        self._publish(
            AgentSpeech(
                state=state,  # type: ignore[arg-type] # "planned" or "started"
                response_id=scheduled.response_id,
                clause=scheduled.index,
                text=clause.text[:4_000],
                duration_ms=clause.duration_ms,
                words=words,
                visemes=scheduled.visemes[:2_048],
                t_ns=t_ns,
            )
        )
