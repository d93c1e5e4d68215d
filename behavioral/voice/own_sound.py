"""A reply that brings its own sound: pieces of audio with text, cut into clauses at the pauses of the speech.

For a speech-to-speech server, whose transcript runs ahead of its sound and has no times. A clause ends in a pause, so that the
playback's pause between clauses falls into it (and takes its place: the pause itself is trimmed by as much); without
any pause it is cut at the quietest place. Which words a clause holds, and the times of its words and phonemes, are estimated from
its length: good for captions, mouth and the account of what was heard, within about half a second. Pure; int16 mono; times in
milliseconds of audio.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.junctures import pause_after_ms
from behavioral.voice.tts.contract import PAUSE, PhonemeTime, SpokenClause, WordTime
from behavioral.voice.tts.silent import estimated_clause

FRAME_MS = 10
PAUSE_FRAMES = 6
"""Silence of this many frames may be cut in."""
SURE_FRAMES = 15
"""Silence that has not ended yet is cut in from this length on."""
FIRST_MS, LATER_MS = (300, 1_500), (800, 5_000)
"""Shortest and longest clause: of the first, which decides when the agent is heard, and of the later ones."""
SILENT_RMS = 100.0
"""About -50 dBFS; and never more than `SILENT_SHARE` of the loudest frame so far."""
SILENT_SHARE = 0.05
OPENING_MS = 500.0
"""Silence before the first sound is left out, up to this."""
CHARS_PER_MS = 0.0145
"""Conversational English: about 165 words a minute."""
ESTIMATE_WPM = 165.0
PHRASE_SHARE, PHRASE_CHARS = 0.5, 8
"""People pause at punctuation: one this near to the expected length (share of it, and characters) is where a clause ends."""
PUNCTUATION = ".!?,;:\u2026\u2014"


@dataclass(frozen=True, slots=True, eq=False)
class SpeechPiece:
    """A piece of a reply's sound, int16 mono, and of its text; either may be empty."""

    pcm: NDArray[np.int16]
    sample_rate_hz: int
    text: str = ""


class OwnSound:
    """Cuts one reply."""

    def __init__(self) -> None:
        """Start before the first piece."""
        self._pcm = np.zeros(0, np.int16)
        self._rate_hz = 0
        self._text = ""
        self._loudest = 0.0
        self._given = 0
        self._owed_ms = OPENING_MS
        self._source_ms = 0.0
        self._played_ms = 0.0
        self._starts: list[tuple[float, float]] = []

    def push(self, piece: SpeechPiece) -> list[SpokenClause]:
        """Add a piece; return the clauses that are complete now."""
        clauses: list[SpokenClause] = []
        if len(piece.pcm):
            if self._rate_hz and piece.sample_rate_hz != self._rate_hz:
                clauses += self._rest(all_text=False)
            self._rate_hz = piece.sample_rate_hz
            self._pcm = np.concatenate((self._pcm, piece.pcm))
        self._text += piece.text
        while len(self._pcm) and (cut := self._cut()):
            clauses.append(self._clause(cut, all_text=False))
        return clauses

    def flush(self) -> tuple[list[SpokenClause], str]:
        """Return the last clause, and the text of a reply that had no sound at all."""
        if self._given == 0 and not len(self._pcm):
            return [], self._text
        if not len(self._pcm) and self._text.strip():  # the last words' sound has gone out already
            self._pcm = np.zeros(self._rate_hz * FRAME_MS // 1_000, np.int16)
        return self._rest(all_text=True), ""

    def source_ms(self, played_ms: float) -> float:
        """Return how far into the sound as it came a position in the played sound is."""
        into = [source_ms + played_ms - start_ms for start_ms, source_ms in self._starts if start_ms <= played_ms]
        return min(into[-1], self._source_ms) if into else 0.0

    def _rest(self, *, all_text: bool) -> list[SpokenClause]:
        return [self._clause(len(self._pcm), all_text=all_text)] if len(self._pcm) else []

    def _cut(self) -> int:
        """Return how many samples make the next clause, 0 where that is not known yet."""
        frame = self._rate_hz * FRAME_MS // 1_000
        count = len(self._pcm) // frame
        shortest, longest = (ms // FRAME_MS for ms in (LATER_MS if self._given else FIRST_MS))
        if count < shortest:
            return 0
        frames = self._pcm[: count * frame].reshape(count, frame).astype(np.float32)
        level = np.sqrt(np.mean(frames * frames, axis=1))
        self._loudest = max(self._loudest, float(level.max()))
        silent = level < min(max(SILENT_RMS, SILENT_SHARE * self._loudest), 0.5 * max(self._loudest, 1.0))
        run = 0
        for place in range(count):
            run = run + 1 if silent[place] else 0
            spoken = place + 1 - run
            if spoken < shortest or run < PAUSE_FRAMES:
                continue
            if place + 1 == count:
                return (place + 1) * frame if run >= SURE_FRAMES else 0
            if not silent[place + 1]:
                return (place + 1) * frame
        if count < longest:
            return 0
        first = round(0.6 * count)
        return (first + int(np.argmin(level[first:])) + 1) * frame

    def _clause(self, size: int, *, all_text: bool) -> SpokenClause:
        pcm, self._pcm = self._pcm[:size], self._pcm[size:]
        length_ms = 1_000.0 * size / self._rate_hz
        text = self._take_text(length_ms, all_text=all_text)
        lead = self._lead(pcm)
        self._starts.append((self._played_ms, self._source_ms + 1_000.0 * lead / self._rate_hz))
        self._source_ms += length_ms
        pcm = pcm[lead:]
        if not all_text:
            pcm = self._trimmed(pcm, pause_after_ms(text))
        self._played_ms += 1_000.0 * len(pcm) / self._rate_hz
        self._given += 1
        return timed_clause(text, pcm, self._rate_hz)

    def _lead(self, pcm: NDArray[np.int16]) -> int:
        """Return how many samples of the clause's opening silence stand for a pause that the playback makes already."""
        loud = np.nonzero(_is_loud(pcm))[0]
        return min(int(loud[0]) if len(loud) else 0, round(self._owed_ms * self._rate_hz / 1_000.0))

    def _trimmed(self, pcm: NDArray[np.int16], pause_ms: float) -> NDArray[np.int16]:
        """Take from the clause's closing silence what the playback will put after it; the next clause owes the rest."""
        loud = np.nonzero(_is_loud(pcm))[0]
        keep = max(int(loud[-1]) + 1 if len(loud) else len(pcm), len(pcm) - round(pause_ms * self._rate_hz / 1_000.0))
        self._owed_ms = pause_ms - 1_000.0 * (len(pcm) - keep) / self._rate_hz
        return pcm[:keep]

    def _take_text(self, length_ms: float, *, all_text: bool) -> str:
        """Return as many of the words as fit the length, rather up to a punctuation than in the middle of a phrase."""
        words = self._text.split()
        if not words:
            return ""
        count = len(words)
        if not all_text:
            wanted = CHARS_PER_MS * length_ms
            whole = self._text[-1].isspace() or words[-1][-1] in PUNCTUATION  # else the last word may go on
            chars, nearest, phrase = 0, (wanted, 0), (PHRASE_SHARE * wanted + PHRASE_CHARS, 0)
            for place, word in enumerate(words if whole else words[:-1], 1):
                chars += len(word) + 1
                nearest = min(nearest, (abs(chars - wanted), place))
                if word[-1] in PUNCTUATION:
                    phrase = min(phrase, (abs(chars - wanted), place))
            count = phrase[1] or nearest[1]
        self._text = " ".join(words[count:]) + (" " if self._text[-1:].isspace() and words[count:] else "")
        return " ".join(words[:count])


def timed_clause(text: str, pcm: NDArray[np.int16], sample_rate_hz: int) -> SpokenClause:
    """Return sound and text as a clause, with the text's estimated times stretched over the sound."""
    length_ms = 1_000.0 * len(pcm) / sample_rate_hz
    if not any(character.isalnum() for character in text):  # no words are known for it: a mouth that is a little open
        neutral = PhonemeTime("\u0259" if _is_loud(pcm).any() else PAUSE, 0.0, length_ms)
        return SpokenClause(text, pcm, sample_rate_hz, (neutral,) if length_ms else (), ())
    estimate = estimated_clause(text, ESTIMATE_WPM)
    scale = length_ms / max(estimate.duration_ms, 1.0)
    last = len(estimate.phonemes) - 1
    phonemes = tuple(
        PhonemeTime(p.symbol, p.start_ms * scale, length_ms if place == last else p.end_ms * scale)
        for place, p in enumerate(estimate.phonemes)
    )
    words = tuple(
        WordTime(w.text, w.start_ms * scale, min(length_ms, w.end_ms * scale), w.accent) for w in estimate.words
    )
    return SpokenClause(estimate.text, pcm, sample_rate_hz, phonemes, words)


def _is_loud(pcm: NDArray[np.int16]) -> NDArray[np.bool_]:
    loud: NDArray[np.bool_] = np.abs(pcm.astype(np.int32)) > 2 * SILENT_RMS
    return loud
