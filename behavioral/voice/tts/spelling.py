"""A clause spelled in phonemes for a network: the signs in order, and which phoneme, word and moment of the reference each belongs to.

The embedded voice gives each spoken word's symbols (`EspeakVoice.pronounce`); between words stand the spaces and the punctuation of the
text, as the published networks were trained on them. A sign is one character. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from behavioral.voice.tts.contract import PAUSE
from behavioral.voice.tts.espeak import PronouncedWord
from behavioral.voice.tts.streamed import Times
from behavioral.voice.tts.timing import gapless_phonemes, timed_words

_PUNCTUATION = re.compile(r"([.,;:!?\u2026\u2014])[.,;:!?\u2026\"'\u201d\u2019)\]]*(?=\s|$)|\s([\u2014\u2013])\s")


@dataclass(frozen=True, slots=True)
class Spelling:
    """Signs of one clause.

    Attributes:
        text: what is spelled.
        signs: one character each.
        reference_ms: onset of each sign in the reference's sound.
        phonemes: symbol, and its first sign; `PAUSE` for punctuation.
        words: index of a word's first character in the text, and its first sign.
    """

    text: str
    signs: tuple[str, ...]
    reference_ms: tuple[float, ...]
    phonemes: tuple[tuple[str, int], ...]
    words: tuple[tuple[int, int], ...]

    def times(self, sign_ms: Sequence[float], end_ms: float) -> Times:
        """Return phonemes and words from the onset of each sign, ms; the sound ends at `end_ms`."""
        phonemes = gapless_phonemes([(symbol, sign_ms[first]) for symbol, first in self.phonemes], end_ms)
        words = [(character, sign_ms[first]) for character, first in self.words]
        return phonemes, timed_words(self.text, words, phonemes, end_ms)


def spell(text: str, words: Sequence[PronouncedWord], rename: Callable[[str], str] = lambda symbol: symbol) -> Spelling:
    """Spell a clause.

    Args:
        text: normalised.
        words: its pronunciation, in order.
        rename: gives a symbol the signs that the network knows it by.
    """
    signs: list[str] = []
    onsets_ms: list[float] = []
    phonemes: list[tuple[str, int]] = []
    firsts: list[tuple[int, int]] = []
    for place, word in enumerate(words):
        if not word.symbols:
            continue
        if signs:
            _add(" ", word.symbols[0][1], signs, onsets_ms)
        firsts.append((word.character, len(signs)))
        for symbol, onset_ms in word.symbols:
            if symbol == PAUSE:
                continue
            phonemes.append((symbol, len(signs)))
            _add(unicodedata.normalize("NFD", rename(symbol)), onset_ms, signs, onsets_ms)
            if phonemes[-1][1] == len(signs):
                phonemes.pop()  # a symbol that the network has no sign for
        until = words[place + 1].character if place + 1 < len(words) else len(text)
        mark = _PUNCTUATION.search(text, word.character, max(until, word.character))
        if mark is not None:
            phonemes.append((PAUSE, len(signs)))
            _add((mark[1] or mark[2]).replace("\u2013", "\u2014"), word.symbols[-1][1], signs, onsets_ms)
    return Spelling(text, tuple(signs), tuple(onsets_ms), tuple(phonemes), tuple(firsts))


def _add(text: str, onset_ms: float, signs: list[str], onsets_ms: list[float]) -> None:
    signs.extend(text)
    onsets_ms.extend([onset_ms] * len(text))
