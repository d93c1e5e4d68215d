"""A clause that comes in several pieces: it can be played from its first sound on.

Whoever plays it draws the pieces out of the engine with `grow`, so that stopping to ask stops the engine, and no task of its own runs.
An engine that breaks off leaves the words that had no sound yet in `missing`; what has been made is played. Times are the engine's where it
knows them, else those of another voice's clause of the same text, laid along the sound by `behavioral.voice.tts.alignment` in the offload.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.tts.contract import PhonemeTime, WordTime

RETIME_MS, RETIME_SHARE = 200.0, 0.25
"""Times are brought up after this much new sound, and after this share of what there was: the cost grows with the length."""
GROWTH = 1 << 16

Times = tuple[tuple[PhonemeTime, ...], tuple[WordTime, ...]]


class Broken(Exception):
    """The engine cannot go on with a clause; the message is for health, without content."""


class Timer(Protocol):
    """Knows when the phonemes and words of a clause are, and better so the more sound there is."""

    def expected(self) -> Times:
        """Return what is known before there is any sound."""
        ...

    async def times(self, pcm: NDArray[np.int16], rate_hz: int, *, complete: bool) -> Times:
        """Return what the sound so far shows: int16 [samples]; phonemes and words that it does not reach yet are estimates."""
        ...


class StreamedClause:
    """A clause that grows; implements `behavioral.voice.tts.contract.Clause`."""

    def __init__(
        self, text: str, sample_rate_hz: int, pieces: AsyncGenerator[NDArray[np.int16], None], timer: Timer
    ) -> None:
        """Begin without sound.

        Args:
            text: what is spoken, normalised.
            sample_rate_hz: of the pieces.
            pieces: int16 [samples] each, in order; raises `Broken` where the engine fails.
            timer: knows the times.
        """
        self.text = text
        self.sample_rate_hz = sample_rate_hz
        self.complete = False
        self.missing = ""
        self.why_broken = ""
        """Why `missing` is not empty, for health."""
        self.phonemes, self.words = timer.expected()
        self._pieces = pieces
        self._timer = timer
        self._pcm = np.zeros(GROWTH, dtype=np.int16)
        self._ready = 0
        self._timed = 0
        self._timed_complete = False

    @property
    def pcm(self) -> NDArray[np.int16]:
        """int16 [samples]: the sound so far."""
        return self._pcm[: self._ready]

    @property
    def ready(self) -> int:
        """Samples that are there."""
        return self._ready

    @property
    def duration_ms(self) -> float:
        """Length of the sound; the expected one while it is not complete."""
        ready_ms = 1_000.0 * self._ready / self.sample_rate_hz
        if self.complete:
            return ready_ms
        return max(ready_ms, self.phonemes[-1].end_ms if self.phonemes else 0.0)

    def samples(self, first: int, size: int) -> NDArray[np.int16]:
        """Return int16 [size] of the samples that are there."""
        return self._pcm[first : min(first + size, self._ready)]

    async def grow(self) -> bool:
        """Wait for the next piece; False once there is no more."""
        if self.complete:
            return False
        try:
            piece = await anext(self._pieces, None)
        except Broken as error:
            self.why_broken = str(error)
            piece = None
        if piece is None:
            self.complete = True
            await self._pieces.aclose()
            return False
        self._append(piece)
        return True

    async def retime(self) -> None:
        """Bring the times up to the sound, where enough of it is new."""
        fresh_ms = 1_000.0 * (self._ready - self._timed) / self.sample_rate_hz
        enough_ms = max(RETIME_MS, RETIME_SHARE * 1_000.0 * self._timed / self.sample_rate_hz)
        if self._timed_complete or (fresh_ms < enough_ms and not self.complete):
            return
        self._timed, self._timed_complete = self._ready, self.complete
        whole = self.complete and not self.why_broken
        self.phonemes, self.words = await self._timer.times(self.pcm.copy(), self.sample_rate_hz, complete=whole)
        if self.why_broken:
            self._cut()

    async def aclose(self) -> None:
        """Want no more of it; what is there stays."""
        await self._pieces.aclose()

    def _append(self, piece: NDArray[np.int16]) -> None:
        end = self._ready + len(piece)
        if end > len(self._pcm):
            larger = np.zeros(max(end, 2 * len(self._pcm)), dtype=np.int16)
            larger[: self._ready] = self.pcm
            self._pcm = larger
        self._pcm[self._ready : end] = piece
        self._ready = end

    def _cut(self) -> None:
        """Leave out the words that have no sound: those of which the greater part lies beyond the end."""
        end_ms = 1_000.0 * self._ready / self.sample_rate_hz
        heard = [word for word in self.words if (word.start_ms + word.end_ms) / 2 < end_ms]
        self.missing = " ".join(word.text for word in self.words[len(heard) :])
        self.words = tuple(WordTime(word.text, word.start_ms, min(word.end_ms, end_ms), word.accent) for word in heard)
        self.phonemes = tuple(
            PhonemeTime(phoneme.symbol, phoneme.start_ms, min(phoneme.end_ms, end_ms))
            for phoneme in self.phonemes
            if phoneme.start_ms < end_ms
        )


async def whole(clause: StreamedClause) -> StreamedClause:
    """Draw all of a clause out of its engine, with its final times."""
    while await clause.grow():
        pass
    await clause.retime()
    return clause
