"""No voice: silence with estimated phoneme and word times, so that captions, mouth and gestures still work.

Durations follow from the configured rate by letters (a standard word is five), phonemes from a small letter table that
is good enough for lips and no more. Pure and instant. Not a fallback for languages: letters outside the table move the
mouth as a neutral vowel.
"""

from __future__ import annotations

import re

import numpy as np

from behavioral.voice.prosody import PLAIN, Prosody
from behavioral.voice.tts.contract import PAUSE, SpokenClause
from behavioral.voice.tts.timing import gapless_phonemes, normalise, timed_words
from runtime.settings import VoiceSettings

SAMPLE_RATE_HZ = 22_050
"""That of espeak-ng, so that a fallback in mid-reply does not change the player's rate."""
MAX_TEXT_CHARS = 2_000
_LETTERS_PER_WORD = 5.0
_LETTERS_PER_DIGIT = 4.0
_COMMA_MS, _SENTENCE_MS = 160.0, 320.0

_VOWELS = {"a": "æ", "e": "ɛ", "i": "ɪ", "o": "ɑː", "u": "ʌ", "ee": "iː", "ea": "iː", "oo": "uː", "ou": "aʊ"}
_VOWELS |= {"ow": "oʊ", "ai": "eɪ", "ay": "eɪ", "oi": "ɔɪ", "oy": "ɔɪ", "au": "ɔː", "aw": "ɔː", "ie": "iː", "igh": "aɪ"}
_CONSONANTS = {"th": "ð", "sh": "ʃ", "ch": "tʃ", "ph": "f", "ng": "ŋ", "wh": "w", "qu": "kw", "ck": "k", "c": "k"}
_CONSONANTS |= {"j": "dʒ", "q": "k", "r": "ɹ", "x": "ks", "y": "j", **{letter: letter for letter in "bdfghklmnpstvwz"}}
_GRAPHEME = re.compile("|".join(sorted([*_VOWELS, *_CONSONANTS], key=len, reverse=True)) + r"|\d|\w")


class SilentVoice:
    """A voice that makes no sound."""

    name = "silent"
    note = "no voice is installed: captions only; mend: pip install espeakng-loader"

    def __init__(self, settings: VoiceSettings) -> None:
        """Take the speaking rate from the settings."""
        self._rate_wpm = settings.rate_wpm

    async def prepare(self) -> None:
        """Nothing to start."""

    async def synthesise(self, text: str, prosody: Prosody = PLAIN) -> SpokenClause:
        """Return silence of the estimated length."""
        return estimated_clause(text, self._rate_wpm * prosody.rate)

    async def aclose(self) -> None:
        """Nothing to free."""


def estimated_clause(text: str, rate_wpm: float) -> SpokenClause:
    """Return a silent clause with times estimated from the text at a speaking rate."""
    text = normalise(text, MAX_TEXT_CHARS)
    letter_ms = 60_000.0 / (rate_wpm * _LETTERS_PER_WORD)
    phonemes: list[tuple[str, float]] = []
    words: list[tuple[int, float]] = []
    at_ms = 0.0
    for token in re.finditer(r"\S+", text):
        graphemes = _GRAPHEME.findall(token[0].lower())
        if graphemes:
            words.append((token.start(), at_ms))
        stress = "ˈ"
        for grapheme in graphemes:
            symbol = _CONSONANTS.get(grapheme)
            if symbol is None:
                symbol, stress = stress + _VOWELS.get(grapheme, "ə"), ""
            phonemes.append((symbol, at_ms))
            at_ms += letter_ms * (_LETTERS_PER_DIGIT if grapheme.isdigit() else len(grapheme))
        if graphemes and token[0].rstrip("\"'\u201d\u2019)]")[-1:] in tuple(",;:.!?\u2026") and token.end() < len(text):
            phonemes.append((PAUSE, at_ms))
            at_ms += _COMMA_MS if token[0][-1] in ",;:" else _SENTENCE_MS
    pcm = np.zeros(round(at_ms * SAMPLE_RATE_HZ / 1_000.0), dtype=np.int16)
    duration_ms = 1_000.0 * len(pcm) / SAMPLE_RATE_HZ
    timed = gapless_phonemes(phonemes, duration_ms)
    return SpokenClause(text, pcm, SAMPLE_RATE_HZ, timed, timed_words(text, words, timed, duration_ms) if words else ())
