"""Says one response: text pieces in, clauses to the speech engine, sound to the playback, words to the body.

A piece may also be a clause that brings its own sound; it is played after what came before it. Clauses are synthesised one ahead
of what plays, so that the first sound comes after the first clause and an interruption wastes little. One that comes in pieces is
played from its first sound on, and its times are told again as they become known. While the playback is paused nothing is added to
it; what it resumes has new places on the clock (`resumed`). Behaviour tags in the text become acts at their
word, prosody tags change the voice, and neither is spoken. A response ends when its last sample has been heard (the player's
reported delay included), or at once with `stop`; both return what the person really heard. Whatever happens to the text's source, the
response ends in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from behavioral.dialogue.tags import BehaviourTag, TaggedText, split_tags
from behavioral.voice.clauses import ClauseSplitter
from behavioral.voice.first_sound import FirstSound
from behavioral.voice.guard import ReplyGuard, VoiceGuard
from behavioral.voice.playback import Playback
from behavioral.voice.prosody import Prosody, ProsodyReader
from behavioral.voice.schedule import ScheduledClause
from behavioral.voice.tts.contract import Clause, SpokenClause, TextToSpeech, spoken_text
from behavioral.voice.visemes import viseme_track
from runtime.clock import NS_PER_MS, NS_PER_S, Clock
from runtime.messages import SpeechTiming

AHEAD_S = 1.0
"""The next clause is synthesised when less than this is left to play."""
ROUNDING_MS = 1.0
"""Of times to samples."""
NAP_NS = 20 * NS_PER_MS
"""A response that only has to be heard looks this often whether it has been."""


@dataclass(frozen=True, slots=True)
class ClauseScheduled:
    """A clause has its place on the session clock: what the body needs to move with it.

    Attributes:
        response_id: the reply it belongs to.
        index: its number in the reply.
        clause: its sound, words and phonemes; those of one that still grows change.
        start_ns: session time of its first sample.
        tags: acts at its words.
        visemes: mouth shapes, ms after `start_ns`; of the sound that is there, and moved by gaps and pauses.
        gaps_ms: by how much it ends later than its sound is long: sound that was not there in time, pauses, what was repeated.
        from_ms: position in its sound from which it was last taken up after a pause.
        moved_ms: by how much the pauses move what comes from there on.
    """

    response_id: str
    index: int
    clause: Clause
    start_ns: int
    tags: tuple[BehaviourTag, ...]
    visemes: tuple[SpeechTiming, ...]
    gaps_ms: float = 0.0
    from_ms: float = 0.0
    moved_ms: float = 0.0

    def at_ns(self, position_ms: float) -> int:
        """Return the session time of a position in the sound, a word's begin; of what was repeated, the second time."""
        moved_ms = self.moved_ms if position_ms >= self.from_ms - ROUNDING_MS else 0.0
        return self.start_ns + round((position_ms + moved_ms) * NS_PER_MS)

    @property
    def end_ns(self) -> int:
        """Session time at which its last sample is due; the expected one while it grows."""
        return self.start_ns + round((self.clause.duration_ms + self.gaps_ms) * NS_PER_MS)


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
        grew: Callable[[ClauseScheduled], None] = lambda _scheduled: None,
        guard: VoiceGuard | None = None,
    ) -> None:
        """Wire the voice.

        Args:
            tts: makes sound of text.
            playback: plays it.
            clock: session time.
            scheduled: told each clause with its time.
            complete: told the end of the response (ns) once its last clause is scheduled.
            grew: told a clause again when there is more of it, or when its times are better known.
            guard: judges each clause before sound is made of it; None lets everything pass.
        """
        self._tts = tts
        self._playback = playback
        self._clock = clock
        self._scheduled = scheduled
        self._complete = complete
        self._grew = grew
        self._guard = guard
        self._response_id = ""
        self._stopped = asyncio.Event()
        self._heard_at_stop = ""
        self._clauses: list[ClauseScheduled] = []
        self.first_sound = FirstSound(0)
        """Of the response that is being said."""

    async def say(self, response_id: str, pieces: AsyncIterator[str | SpokenClause], intention_id: str = "") -> Spoken:
        """Say a response to its end or until `stop`; a piece that is a clause already brings its own sound.

        `intention_id` is that of the intention whose words they are, for what the guard tells of them.

        Raises:
            RuntimeError: when another response is being said.
        """
        if self._response_id:
            raise RuntimeError(f"{self._response_id} is being said")
        self._response_id = response_id
        self._stopped = asyncio.Event()
        self._heard_at_stop = ""
        self.first_sound = FirstSound(self._clock.now_ns())
        clauses = self._clauses = []
        saying = asyncio.ensure_future(self._synthesise(response_id, pieces, clauses, intention_id))
        stopping = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait({saying, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not self._stopped.is_set():
                saying.result()
                await self._played(response_id, clauses)
        finally:
            for task in (saying, stopping):
                task.cancel()
            await asyncio.gather(saying, stopping, return_exceptions=True)
            self._response_id = ""
        if self._stopped.is_set():
            return Spoken(response_id, self._heard_at_stop, interrupted=True)
        return Spoken(response_id, " ".join(spoken_text(c.clause) for c in clauses), interrupted=False)

    def stop(self, now_ns: int) -> None:
        """Stop at once; harmless when nothing is being said."""
        if self._response_id and not self._stopped.is_set():
            self._heard_at_stop = self._playback.stop(self._response_id, now_ns)
            self._stopped.set()

    def resumed(self, now_ns: int) -> list[ClauseScheduled]:
        """Return the clauses of the present response that are still to be heard, where they lie after a pause."""
        for index, clause in enumerate(self._clauses):
            place = self._playback.place_of(clause.response_id, index)
            if place.end_ns > now_ns:
                from_ms = place.taken_up_ms
                self._clauses[index] = self._placed(
                    replace(clause, from_ms=from_ms, moved_ms=place.at_ms(from_ms) - from_ms)
                )
        return [clause for clause in self._clauses if clause.end_ns > now_ns]

    async def _synthesise(
        self,
        response_id: str,
        pieces: AsyncIterator[str | SpokenClause],
        clauses: list[ClauseScheduled],
        intention_id: str,
    ) -> None:
        splitter = ClauseSplitter()
        reader = ProsodyReader()
        guard = None if self._guard is None else self._guard.reply(response_id, intention_id)
        try:
            async for piece in pieces:
                self.first_sound.text_came(self._clock.now_ns())
                if guard is not None:
                    guard.takes(piece)
                texts = splitter.flush() if isinstance(piece, SpokenClause) else splitter.push(piece)
                await self._say_all(response_id, texts, reader, clauses, guard)
                if isinstance(piece, SpokenClause) and not (guard is not None and guard.over):
                    await self._own(response_id, piece, reader, clauses, guard)
                if guard is not None and guard.over:
                    break
        finally:
            # A generator that is not closed would hold a language model's connection until it is collected.
            if (close := getattr(pieces, "aclose", None)) is not None:
                await close()
        await self._say_all(response_id, splitter.flush(), reader, clauses, guard)
        if clauses:
            self._complete(self._playback.end_ns(response_id))

    async def _say_all(
        self,
        response_id: str,
        texts: list[str],
        reader: ProsodyReader,
        clauses: list[ClauseScheduled],
        guard: ReplyGuard | None,
    ) -> None:
        """Say clauses up to the first that must not be said, and what is said instead of that."""
        for text in texts:
            if guard is not None and guard.over:
                return
            instead = "" if guard is None else guard.instead(split_tags(text).text)
            await self._clause(response_id, instead or text, reader, clauses)

    async def _own(
        self,
        response_id: str,
        piece: SpokenClause,
        reader: ProsodyReader,
        clauses: list[ClauseScheduled],
        guard: ReplyGuard | None,
    ) -> None:
        """Play a clause that brings its own sound, if its words may be heard."""
        instead = "" if guard is None else guard.instead(piece.text)
        if instead:
            await self._clause(response_id, instead, reader, clauses)
        else:
            await self._play(response_id, piece, (), None, clauses)

    async def _clause(self, response_id: str, text: str, reader: ProsodyReader, clauses: list[ClauseScheduled]) -> None:
        for phrase in reader.phrases(text):
            tagged = split_tags(phrase.text)
            if not tagged.text:
                continue
            missing = await self._phrase(response_id, tagged, phrase.prosody, phrase.pause_ms or None, clauses)
            if missing:  # the engine broke off: it, or what speaks in its place, says the rest
                await self._phrase(response_id, TaggedText(missing, ()), phrase.prosody, 0.0, clauses)

    async def _phrase(
        self,
        response_id: str,
        tagged: TaggedText,
        prosody: Prosody,
        pause_ms: float | None,
        clauses: list[ClauseScheduled],
    ) -> str:
        """Say one phrase, to the end of its making; return the text that was given no sound."""
        clause = await self._tts.synthesise(tagged.text, prosody)
        return await self._play(response_id, clause, tagged.tags, pause_ms, clauses)

    async def _play(
        self,
        response_id: str,
        clause: Clause,
        tags: tuple[BehaviourTag, ...],
        pause_ms: float | None,
        clauses: list[ClauseScheduled],
    ) -> str:
        """Give a clause its place and let it grow to its end; return the text that was given no sound."""
        try:
            store_ms = self._playback.store_ms
            while not clause.complete and 1_000.0 * clause.ready < store_ms * clause.sample_rate_hz:
                await clause.grow()
            self.first_sound.sound_came(self._clock.now_ns())
            if clauses and clause.complete:
                ends_ns = self._playback.end_ns(response_id)
                await self._clock.sleep_until_ns(ends_ns - round(AHEAD_S * NS_PER_S))
            while self._playback.paused:
                await self._clock.sleep_until_ns(self._clock.now_ns() + NAP_NS)
            start_ns = self._playback.enqueue(response_id, len(clauses), clause, pause_ms)
            if start_ns is None:  # stopped while the clause was being made
                return ""
            if clause.complete:
                await clause.retime()
            scheduled = ClauseScheduled(response_id, len(clauses), clause, start_ns, tags, ())
            scheduled = self._placed(scheduled)
            clauses.append(scheduled)
            self._scheduled(scheduled)
            if not clause.complete:
                await self._follow(scheduled)
            return clause.missing
        finally:
            await clause.aclose()

    async def _follow(self, scheduled: ClauseScheduled) -> None:
        """Let a clause grow to its end. Its times are computed beside that, so that they never hold up its sound."""
        clause = scheduled.clause
        retiming: asyncio.Task[None] | None = None
        try:
            while await clause.grow():
                self._playback.grew(scheduled.response_id)
                if retiming is None or retiming.done():
                    retiming = asyncio.ensure_future(self._retime(scheduled))
            self._playback.grew(scheduled.response_id)
            if retiming is not None:
                await retiming
            await self._retime(scheduled)
        finally:
            if retiming is not None:
                retiming.cancel()
                await asyncio.gather(retiming, return_exceptions=True)

    async def _retime(self, scheduled: ClauseScheduled) -> None:
        await scheduled.clause.retime()
        self._clauses[scheduled.index] = placed = self._placed(self._clauses[scheduled.index])
        self._grew(placed)

    def _placed(self, scheduled: ClauseScheduled) -> ClauseScheduled:
        """Return a clause with its present place on the clock, and the mouth shapes of the sound that is there."""
        place, clause = self._playback.place_of(scheduled.response_id, scheduled.index), scheduled.clause
        length_ms = clause.duration_ms
        gaps_ms = max(0.0, place.at_ms(length_ms) - length_ms)
        track = viseme_track(clause.phonemes)
        if not clause.complete or gaps_ms > 0:
            ready_ms = 1_000.0 * clause.ready / clause.sample_rate_hz
            track = tuple(
                _moved(item, place, ready_ms, scheduled.from_ms) for item in track if item.start_ms < ready_ms
            )
        return replace(scheduled, start_ns=place.start_ns, visemes=track, gaps_ms=gaps_ms)

    async def _played(self, response_id: str, clauses: list[ClauseScheduled]) -> None:
        """Wait until the last sample has been heard."""
        if not clauses:
            return
        while not self._stopped.is_set():
            end_ns = self._playback.end_ns(response_id) + round(self._playback.delay_ms * NS_PER_MS)
            now_ns = self._clock.now_ns()
            if now_ns >= end_ns:
                return
            await self._clock.sleep_until_ns(min(end_ns, now_ns + NAP_NS))


def _moved(item: SpeechTiming, place: ScheduledClause, ready_ms: float, from_ms: float) -> SpeechTiming:
    """Return a mouth shape on the clock of its playback; none is held through the pause in which its sound broke off."""
    start_ms = place.at_ms(item.start_ms)
    end_ms = min(item.end_ms, ready_ms)
    broken_off = item.start_ms < from_ms - ROUNDING_MS < end_ms
    return SpeechTiming(item.text, start_ms, start_ms + end_ms - item.start_ms if broken_off else place.at_ms(end_ms))
