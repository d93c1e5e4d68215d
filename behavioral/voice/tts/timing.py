"""From an engine's raw events, or from the text alone, to gapless phonemes and to words with accents. Pure functions.

Times in milliseconds from the start of the clause.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from behavioral.voice.accents import word_accents
from behavioral.voice.tts.contract import PAUSE, PhonemeTime, WordTime

_TOKEN = re.compile(r"\S+")


def normalise(text: str, limit_chars: int) -> str:
    """Return the text with single spaces, without control characters, cut at a word within the limit."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(text) <= limit_chars:
        return text
    return text[: limit_chars + 1].rpartition(" ")[0] or text[:limit_chars]


def gapless_phonemes(events: Sequence[tuple[str, float]], duration_ms: float) -> tuple[PhonemeTime, ...]:
    """Turn phoneme onsets into intervals that cover 0 to the end; onsets beyond the audio are dropped.

    Args:
        events: symbol and onset in milliseconds, in order; an empty symbol is a pause.
        duration_ms: length of the audio.
    """
    onsets: list[tuple[str, float]] = []
    previous_ms = 0.0
    for symbol, onset_ms in events:
        if onset_ms >= duration_ms:
            break
        if symbol.startswith("("):  # espeak-ng's mark of a change of language, not a sound
            continue
        previous_ms = max(previous_ms, onset_ms)
        symbol = symbol or PAUSE
        if symbol == PAUSE and onsets and onsets[-1][0] == PAUSE:
            continue
        onsets.append((symbol, previous_ms))
    if duration_ms > 0 and (not onsets or onsets[0][1] > 0):
        onsets.insert(0, (PAUSE, 0.0))
    ends = [onset_ms for _, onset_ms in onsets[1:]] + [duration_ms]
    return tuple(
        PhonemeTime(symbol, start_ms, end_ms)
        for (symbol, start_ms), end_ms in zip(onsets, ends, strict=True)
        if end_ms > start_ms
    )


def timed_words(
    text: str, events: Sequence[tuple[int, float]], phonemes: Sequence[PhonemeTime], duration_ms: float
) -> tuple[WordTime, ...]:
    """Give each written word its time and accent.

    There is one entry for each word between spaces. It may be spoken as several ("$3.50") or several as one ("of the");
    a sign that is not spoken (a dash between spaces) gets an instant at the end of the word before it.

    Args:
        text: normalised text.
        events: index of the character at which a spoken word begins, and its onset in milliseconds.
        phonemes: from `gapless_phonemes`.
        duration_ms: length of the audio.
    """
    tokens = [match[0] for match in _TOKEN.finditer(text)]
    if not tokens:
        return ()
    starts = [match.start() for match in _TOKEN.finditer(text)]
    onset_of: dict[int, float] = {}
    latest_ms = 0.0
    for character, onset_ms in events:
        latest_ms = max(latest_ms, min(onset_ms, duration_ms))
        index = max(0, bisect_right(starts, character) - 1)
        if not onset_of or index > max(onset_of):
            onset_of[index] = latest_ms
    if 0 not in onset_of:
        onset_of = {0: 0.0, **onset_of}
    known = sorted(onset_of)
    spans: list[tuple[float, float]] = []
    for place, index in enumerate(known):
        following = known[place + 1] if place + 1 < len(known) else len(tokens)
        limit_ms = onset_of[following] if following < len(tokens) else duration_ms
        end_ms = _end_of_sound(phonemes, onset_of[index], limit_ms)
        spans += _shared(tokens[index:following], onset_of[index], end_ms)
    stressed = [any("ˈ" in p.symbol for p in phonemes if start <= p.start_ms < end) for start, end in spans]
    accents = word_accents(tokens, stressed)
    return tuple(
        WordTime(word, start_ms, end_ms, accent)
        for word, (start_ms, end_ms), accent in zip(tokens, spans, accents, strict=True)
    )


def _end_of_sound(phonemes: Sequence[PhonemeTime], start_ms: float, limit_ms: float) -> float:
    ends = [p.end_ms for p in phonemes if start_ms <= p.start_ms < limit_ms and p.symbol != PAUSE]
    return min(max(ends), limit_ms) if ends else limit_ms


def _shared(words: Sequence[str], start_ms: float, end_ms: float) -> list[tuple[float, float]]:
    """Share an interval among words by their spoken length."""
    lengths = [sum(character.isalnum() for character in word) for word in words]
    per_letter_ms = (end_ms - start_ms) / max(1, sum(lengths))
    spans: list[tuple[float, float]] = []
    done = 0
    for length in lengths:
        begin_ms = start_ms + done * per_letter_ms
        done += length
        spans.append((begin_ms, start_ms + done * per_letter_ms))
    return spans
