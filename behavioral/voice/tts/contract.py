"""What every speech engine returns: a clause as sound, with the time of each phoneme and word.

Times are milliseconds from the first sample of the clause. An engine answers each call with one clause, in the
order of the calls; the callers keep clauses short (`behavioral.voice.clauses`), which is where low latency comes from.
A quick engine returns it whole (`SpokenClause`). A slow one returns it with its first sound
(`behavioral.voice.tts.streamed.StreamedClause`), and whoever plays it lets it grow. An engine never raises for text that it cannot
speak: it returns another voice's clause, or a silent one with estimated times, so that captions and mouth go on, and says so in
`note`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.prosody import PLAIN, Prosody

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


class Clause(Protocol):
    """A clause of which some sound is there, and perhaps more to come.

    Attributes:
        text: what is spoken, white space normalised.
        sample_rate_hz: of its sound.
        phonemes: gapless from 0, in order; estimates where the sound is not there yet.
        words: in order, not overlapping; estimates where the sound is not there yet.
        pcm: int16 [samples], mono: the sound so far.
        complete: whether it is all there.
        missing: of a complete clause, the text at its end that was never given a sound; empty but for an engine that failed.
    """

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def sample_rate_hz(self) -> int: ...  # noqa: D102
    @property
    def phonemes(self) -> tuple[PhonemeTime, ...]: ...  # noqa: D102
    @property
    def words(self) -> tuple[WordTime, ...]: ...  # noqa: D102
    @property
    def pcm(self) -> NDArray[np.int16]: ...  # noqa: D102
    @property
    def complete(self) -> bool: ...  # noqa: D102
    @property
    def missing(self) -> str: ...  # noqa: D102

    @property
    def ready(self) -> int:
        """Samples that are there."""
        ...

    @property
    def duration_ms(self) -> float:
        """Length of the sound; the expected one while it is not complete."""
        ...

    def samples(self, first: int, size: int) -> NDArray[np.int16]:
        """Return int16 [size] of the samples that are there; not to be changed."""
        ...

    async def grow(self) -> bool:
        """Wait for more sound; False once it is complete."""
        ...

    async def retime(self) -> None:
        """Bring the times of phonemes and words up to the sound that is there."""
        ...

    async def aclose(self) -> None:
        """Want no more of it: free the engine; harmless at any time."""
        ...


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

    @property
    def complete(self) -> bool:
        """Always."""
        return True

    @property
    def missing(self) -> str:
        """Nothing."""
        return ""

    @property
    def ready(self) -> int:
        """All samples."""
        return len(self.pcm)

    def samples(self, first: int, size: int) -> NDArray[np.int16]:
        """Return a part of `pcm`."""
        return self.pcm[first : first + size]

    async def grow(self) -> bool:
        """Nothing is to come."""
        return False

    async def retime(self) -> None:
        """The times are final."""

    async def aclose(self) -> None:
        """Nothing to free."""


def text_until(clause: Clause, position_ms: float) -> str:
    """Return the words of which at least half has been heard at a position: what a person would say they heard."""
    return " ".join(word.text for word in clause.words if (word.start_ms + word.end_ms) / 2 <= position_ms)


def spoken_text(clause: Clause) -> str:
    """Return the words of a clause that have a sound."""
    return clause.text[: len(clause.text) - len(clause.missing)].rstrip() if clause.missing else clause.text


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

    async def synthesise(self, text: str, prosody: Prosody = PLAIN) -> Clause:
        """Return the clause as sound; text without anything to say gives an empty or silent clause, never an error.

        Args:
            text: without tags.
            prosody: how it is to be said; an engine does what it can of it.
        """
        ...

    async def aclose(self) -> None:
        """End the engine and free what it holds; harmless twice."""
        ...
