"""Says one response: text pieces in, clauses to the speech engine, sound to the playback, words to the body.

A piece may also be a clause that brings its own sound; it is played after what came before it. Clauses are synthesised
one ahead of what plays, so that the first sound comes after the first clause and an interruption wastes little. Behaviour tags in
the text become acts at their word and never reach the voice. A response ends when its last sample has been heard (the player's
reported delay included), or at once with `stop`; both return what the person really heard. Whatever happens to the
text's source, the response ends in order.
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
from runtime.messages import SpeechTiming

AHEAD_S = 1.0
"""The next clause is synthesised when less than this is left to play."""
NAP_NS = 20 * NS_PER_MS
"""A response that only has to be heard looks this often whether it has been."""


@dataclass(frozen=True, slots=True)
class ClauseScheduled:
    """A clause has its place on the session clock: what the body needs to move with it."""

    response_id: str
    index: int
    clause: SpokenClause
    start_ns: int
    tags: tuple[BehaviourTag, ...]
    visemes: tuple[SpeechTiming, ...]

    @property
    def end_ns(self) -> int:
        """Session time at which its last sample is due."""
        return self.start_ns + round(self.clause.duration_ms * NS_PER_MS)


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a response ended: what was heard of it, and whether it was stopped."""

    response_id: str
    heard: str
    interrupted: bool


class Speaker:
    """The agent's voice: one response at a time."""

    def __init__(
        self,
        tts: TextToSpeech,
        playback: Playback,
        clock: Clock,
        scheduled: Callable[[ClauseScheduled], None],
        complete: Callable[[int], None],
    ) -> None:
        """Wire the voice.

        Args:
            tts: makes sound of text.
            playback: plays it.
            clock: session time.
            scheduled: told each clause with its time.
            complete: told the end of the response (ns) once its last clause is scheduled.
        """
        self._tts = tts
        self._playback = playback
        self._clock = clock
        self._scheduled = scheduled
        self._complete = complete
        self._response_id = ""
        self._stopped = asyncio.Event()
        self._heard_at_stop = ""

    async def say(self, response_id: str, pieces: AsyncIterator[str | SpokenClause]) -> Spoken:
        """Say a response to its end or until `stop`; a piece that is a clause already brings its own sound.

        Raises:
            RuntimeError: when another response is being said.
        """
        if self._response_id:
            raise RuntimeError(f"{self._response_id} is being said")
        self._response_id = response_id
        self._stopped = asyncio.Event()
        self._heard_at_stop = ""
        clauses: list[ClauseScheduled] = []
        saying = asyncio.ensure_future(self._synthesise(response_id, pieces, clauses))
        stopping = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait({saying, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not self._stopped.is_set():
                saying.result()
                await self._played(clauses)
        finally:
            for task in (saying, stopping):
                task.cancel()
            await asyncio.gather(saying, stopping, return_exceptions=True)
            self._response_id = ""
        if self._stopped.is_set():
            return Spoken(response_id, self._heard_at_stop, interrupted=True)
        return Spoken(response_id, " ".join(c.clause.text for c in clauses), interrupted=False)

    def stop(self, now_ns: int) -> None:
        """Stop at once; harmless when nothing is being said."""
        if self._response_id and not self._stopped.is_set():
            self._heard_at_stop = self._playback.stop(self._response_id, now_ns)
            self._stopped.set()

    async def _synthesise(
        self, response_id: str, pieces: AsyncIterator[str | SpokenClause], clauses: list[ClauseScheduled]
    ) -> None:
        splitter = ClauseSplitter()
        try:
            async for piece in pieces:
                if isinstance(piece, SpokenClause):
                    for text in splitter.flush():
                        await self._clause(response_id, text, clauses)
                    await self._schedule(response_id, piece, (), clauses)
                    continue
                for text in splitter.push(piece):
                    await self._clause(response_id, text, clauses)
        finally:
            # A generator that is not closed would hold a language model's connection until it is collected.
            if (close := getattr(pieces, "aclose", None)) is not None:
                await close()
        for text in splitter.flush():
            await self._clause(response_id, text, clauses)
        if clauses:
            self._complete(clauses[-1].end_ns)

    async def _clause(self, response_id: str, text: str, clauses: list[ClauseScheduled]) -> None:
        tagged = split_tags(text)
        if not tagged.text:
            return
        await self._schedule(response_id, await self._tts.synthesise(tagged.text), tagged.tags, clauses)

    async def _schedule(
        self, response_id: str, clause: SpokenClause, tags: tuple[BehaviourTag, ...], clauses: list[ClauseScheduled]
    ) -> None:
        if clauses:
            await self._clock.sleep_until_ns(clauses[-1].end_ns - round(AHEAD_S * NS_PER_S))
        start_ns = self._playback.enqueue(response_id, len(clauses), clause)
        if start_ns is None:  # stopped while the clause was being made
            return
        scheduled = ClauseScheduled(response_id, len(clauses), clause, start_ns, tags, tuple(viseme_track(clause)))
        clauses.append(scheduled)
        self._scheduled(scheduled)

    async def _played(self, clauses: list[ClauseScheduled]) -> None:
        """Wait until the last sample has been heard."""
        if not clauses:
            return
        while not self._stopped.is_set():
            end_ns = clauses[-1].end_ns + round(self._playback.delay_ms * NS_PER_MS)
            now_ns = self._clock.now_ns()
            if now_ns >= end_ns:
                return
            await self._clock.sleep_until_ns(min(end_ns, now_ns + NAP_NS))
