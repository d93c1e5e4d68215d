"""What every speech engine returns: a clause as sound, with the time of each phoneme and word.

Times are milliseconds from the first sample of the clause. An engine answers each call with a whole clause, in the
order of the calls; the callers keep clauses short (`behavioral.voice.clauses`), which is where low latency comes from.
An engine never raises for text that it cannot
speak: it returns a silent clause with estimated times, so that captions and mouth go on, and says so in `note`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

PAUSE = "_"
"""Symbol of silence inside a clause."""


@dataclass(frozen=True, slots=True)
class PhonemeTime:
    """One phoneme: IPA with stress (ˈ ˌ) and length (ː) marks, or `PAUSE`."""

    symbol: str
    start_ms: float
    end_ms: float


@dataclass(frozen=True, slots=True)
class WordTime:
    """One written word with the punctuation around it; joined by spaces, the words of a clause are its text.

    `accent` is its prominence: 0 unstressed function word, 1 the nuclear accent of the clause. Beat gestures and head
    accents meet it.
    """

    text: str
    start_ms: float
    end_ms: float
    accent: float


@dataclass(frozen=True, slots=True, eq=False)
class SpokenClause:
    """A clause ready to be played.

    Attributes:
        text: what was spoken, white space normalised.
        pcm: int16 [samples], mono.
        sample_rate_hz: rate of `pcm`.
        phonemes: gapless from 0 to the end of the audio, in order.
        words: in order, not overlapping, all within the audio.
    """

    text: str
    pcm: NDArray[np.int16]
    sample_rate_hz: int
    phonemes: tuple[PhonemeTime, ...]
    words: tuple[WordTime, ...]

    @property
    def duration_ms(self) -> float:
        """Length of the audio."""
        return 1_000.0 * len(self.pcm) / self.sample_rate_hz

    def text_until(self, position_ms: float) -> str:
        """Return the words of which at least half has been heard at a position: what a person would say they heard."""
        return " ".join(word.text for word in self.words if (word.start_ms + word.end_ms) / 2 <= position_ms)


class TextToSpeech(Protocol):
    """A speech engine. Calls are answered in order; one at a time is enough."""

    name: str

    @property
    def note(self) -> str:
        """For people: why the voice is degraded at present; empty while it is well."""
        ...

    async def prepare(self) -> None:
        """Start the engine, so that the first clause is as quick as the others; optional."""
        ...

    async def synthesise(self, text: str) -> SpokenClause:
        """Return the clause as sound; text without anything to say gives an empty or silent clause, never an error."""
        ...

    async def aclose(self) -> None:
        """End the engine and free what it holds; harmless twice."""
        ...
