"""From IPA symbols to the 15 mouth shapes, as a table.

Shapes are those of `runtime.vocabulary.VISEMES` (the Oculus set; its reference gives the English phonemes of each:
PP p b m, FF f v, TH th, DD t d, kk k g, CH tS dZ S, SS s z, nn n l, RR r, aa A:, E e, ih ih, oh oh, ou ou). The table
covers what espeak-ng emits for its English voices, and the neighbouring IPA, so that other languages move the lips as
well. A diphthong is two shapes; its first part takes `FIRST_PART` of the time.
"""

from __future__ import annotations

from functools import cache

FIRST_PART = 0.6
"""Share of a diphthong before its glide (nucleus about 60 %: Lehiste and Peterson 1961)."""

_SHAPES: dict[str, tuple[str, ...]] = {
    "sil": ("_", "ʔ", "|"),
    "PP": ("p", "b", "m", "ɓ", "ɸ", "β"),
    "FF": ("f", "v", "ɱ", "ʋ"),
    "TH": ("θ", "ð"),
    "DD": ("t", "d", "ɾ", "ʈ", "ɖ", "ɗ"),
    "kk": ("k", "g", "ɡ", "ŋ", "x", "ɣ", "q", "ɢ", "χ", "ʁ", "h", "ɦ", "ħ", "ʕ", "c", "ɟ", "ç", "ʝ", "ɴ", "ɰ"),
    "CH": ("ʃ", "ʒ", "tʃ", "dʒ", "ɕ", "ʑ", "tɕ", "dʑ", "ʂ", "ʐ"),
    "SS": ("s", "z", "ts", "dz", "ɬ", "ɮ"),
    "nn": ("n", "l", "ɫ", "ɲ", "ɳ", "ʎ", "ɭ", "ɺ"),
    "RR": ("ɹ", "r", "ɚ", "ɝ", "ɻ", "ʀ", "ɽ", "ɜ"),
    "aa": ("ɑ", "a", "æ", "ʌ", "ɐ", "ɒ", "ä"),
    "E": ("ɛ", "e", "ə", "œ", "ø", "ɘ", "ɞ"),
    "ih": ("ɪ", "i", "ᵻ", "ɨ", "y", "ʏ", "j"),
    "oh": ("ɔ", "o", "ɵ", "ɤ"),
    "ou": ("u", "ʊ", "ʉ", "ɯ", "w", "ʍ", "ɥ"),
}
PHONE_TO_VISEME: dict[str, str] = {phone: shape for shape, phones in _SHAPES.items() for phone in phones}
"""Every known phone, marks removed, and its mouth shape."""

VOWEL_SHAPES = frozenset(("aa", "E", "ih", "oh", "ou"))

_IGNORED = frozenset("ˈˌː:ˑ̩̯̪̃ʲʰʷˠˤ˞ˀ̥̬̟̠̈̊̚͜͡'\u032f -")
"""Stress, length and diacritics, which change no lip shape here."""


@cache
def visemes_of(symbol: str) -> tuple[str, ...]:
    """Return the shapes of one phoneme symbol in order; a diphthong or affricate sequence has several.

    Unknown signs are skipped; a symbol without any known sign moves the mouth like a neutral vowel.
    """
    bare = "".join(character for character in symbol if character not in _IGNORED)
    shapes: list[str] = []
    at = 0
    while at < len(bare):
        size = 2 if bare[at : at + 2] in PHONE_TO_VISEME else 1
        shape = PHONE_TO_VISEME.get(bare[at : at + size])
        if shape is not None and (not shapes or shapes[-1] != shape):
            shapes.append(shape)
        at += size
    return tuple(shapes) if shapes else ("E",) if bare else ("sil",)


def unknown_signs(symbol: str) -> str:
    """Return the signs of a symbol that the table does not hold (tests keep this empty for the default voice)."""
    return "".join(c for c in symbol if c not in _IGNORED and c not in PHONE_TO_VISEME)
