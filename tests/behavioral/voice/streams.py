"""Clauses that come in pieces, for tests: a voice whose words are tones of equal length, made at a given pace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.prosody import PLAIN, Prosody
from behavioral.voice.tts.contract import PhonemeTime, WordTime
from behavioral.voice.tts.streamed import Broken, StreamedClause, Times

RATE_HZ = 10_000
LEVEL = 8_000


def even_times(text: str, word_ms: float) -> Times:
    words = text.split()
    spans = [(i * word_ms, (i + 1) * word_ms) for i in range(len(words))]
    phonemes = tuple(PhonemeTime("ɑː", start, end) for start, end in spans)
    return phonemes, tuple(WordTime(w, start, end, 0.5) for w, (start, end) in zip(words, spans, strict=True))


class EvenTimer:
    """Knows exactly; counts how often it is asked."""

    def __init__(self, text: str, word_ms: float) -> None:
        self._times = even_times(text, word_ms)
        self.asked: list[bool] = []

    def expected(self) -> Times:
        return self._times

    async def times(self, pcm: NDArray[np.int16], rate_hz: int, *, complete: bool) -> Times:
        self.asked.append(complete)
        return self._times


class ToneVoice:
    """A voice that makes its sound in pieces: `(wait_s, length_ms)` each, the rest of the clause with the last."""

    name, note = "tones", ""

    def __init__(self, plan: Sequence[tuple[float, float]], word_ms: float = 200.0, breaks: bool = False) -> None:
        self.plan = list(plan)
        self.word_ms = word_ms
        self.breaks = breaks
        self.asked: list[tuple[str, Prosody]] = []
        self.closed = 0

    async def prepare(self) -> None:
        return

    async def synthesise(self, text: str, prosody: Prosody = PLAIN) -> StreamedClause:
        self.asked.append((text, prosody))
        clause = StreamedClause(text, RATE_HZ, self._pieces(text), EvenTimer(text, self.word_ms))
        await clause.grow()
        return clause

    async def _pieces(self, text: str) -> AsyncGenerator[NDArray[np.int16], None]:
        total = round(len(text.split()) * self.word_ms * RATE_HZ / 1_000)
        sound = (LEVEL * np.sin(2 * np.pi * 500 * np.arange(total) / RATE_HZ + 0.5 * np.pi)).astype(np.int16)
        at = 0
        plan, self.plan = self.plan, self.plan[-1:] if not self.breaks else [(0.0, 1e9)]
        breaks, self.breaks = self.breaks, False
        try:
            for place, (wait_s, length_ms) in enumerate(plan):
                await asyncio.sleep(wait_s)
                end = at + round(length_ms * RATE_HZ / 1_000)
                if place == len(plan) - 1 and not breaks:
                    end = total
                if at < total:
                    yield sound[at : min(end, total)]
                at = min(end, total)
                if at == total:
                    break
            if breaks:
                raise Broken("the engine broke off")
        finally:
            self.closed += 1

    async def aclose(self) -> None:
        return
