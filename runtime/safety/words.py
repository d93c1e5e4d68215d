"""Text as the rules read it: lower case words and marks with one space between, in sentences, whatever they were disguised as.

Letters of other scripts that look like Latin ones, full-width and accented letters, digits for letters within a word, letters spelt out
one by one, drawn-out letters and invisible characters are undone; contractions are written out (`don't` → `do not`) and asides
(`, I think,`) left out. Linear in the length of the text, which is cut at `CHARS_MAX`. Pure.
"""

from __future__ import annotations

import re
import unicodedata

CHARS_MAX = 8_000
_LOOKALIKES = str.maketrans(
    {
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "х": "x", "у": "y", "і": "i", "к": "k", "м": "m", "т": "t",
        "в": "b", "н": "h", "ѕ": "s", "ј": "j", "α": "a", "ε": "e", "ο": "o", "ι": "i", "κ": "k", "ν": "v", "τ": "t",
        "ı": "i", "ł": "l", "ß": "ss", "’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "…": ".",
        "—": ",", "–": ",", "\n": " . ",
    }
)  # fmt: skip
_DIGITS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})
_MIXED = re.compile(r"(?<![\w@$])(?=[0-9@$]*[a-z])[a-z0-9@$]*(?:[a-z][0-9@$]|[0-9@$][a-z])[a-z0-9@$]*(?![\w@$])")
_UNIT = re.compile(r"\d+(?:mg|g|ml|m|km|cm|kg|s|h|th|st|nd|rd|am|pm|x|d|k)$")
_SPELT = re.compile(r"(?<![a-z])[a-z](?:[ .*_-]{1,2}[a-z](?![a-z])){2,}(?:\.(?= [a-z]))?")
_DRAWN = re.compile(r"([aeiou])\1{2,}|([a-z])\2{2,}")
_ASIDE = re.compile(
    r" , (?:i (?:think|mean|guess|suppose|believe)|you know|in fact|of course|honestly|frankly|well|say|for example|let us say|"
    r"if you ask me|as it were|to be honest|by the way) ,(?= )"
)
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[.!?,;:]")
_WHY_NOT = re.compile(r" why (?:do )?not (?:you )?")
"""Is no negation."""
_ENDS = frozenset(".!?")
_WHOLE = {
    "won't": "will not", "can't": "can not", "cannot": "can not", "shan't": "shall not", "ain't": "is not",
    "let's": "let us", "it's": "it is", "that's": "that is", "he's": "he is", "she's": "she is", "what's": "what is",
    "there's": "there is", "here's": "here is", "who's": "who is", "where's": "where is", "how's": "how is",
    "y'all": "you all", "dont": "do not", "cant": "can not", "wont": "will not", "im": "i am", "youre": "you are",
    "gonna": "going to", "wanna": "want to", "gotta": "got to", "u": "you", "ur": "your", "mum's": "mum",
}  # fmt: skip
_ENDINGS = (
    ("n't", " not"), ("'m", " am"), ("'re", " are"), ("'ll", " will"), ("'ve", " have"), ("'d", " would"),
)  # fmt: skip


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each as words and marks with one space between and around, its end mark included."""
    found: list[str] = []
    words: list[str] = []
    for token in _TOKEN.findall(_undisguised(text[:CHARS_MAX])):
        words += _written_out(token).split()
        if token in _ENDS:
            found.append(_sentence(words))
            words = []
    if words:
        found.append(_sentence(words))
    return [sentence for sentence in found if len(sentence) > 3]


def _sentence(words: list[str]) -> str:
    text = f" {' '.join(words)} "
    if " , " in text:
        text = _ASIDE.sub("", text)
    return _WHY_NOT.sub(" whynot ", text) if " why " in text else text


def _undisguised(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Mn", "Cc") or sign == "\n")
    text = text.casefold().translate(_LOOKALIKES)
    if any(sign in text for sign in "0123456789@$"):
        text = _MIXED.sub(_letters, text)
    text = _SPELT.sub(lambda found: re.sub(r"[^a-z]", "", found.group()), text)
    return _DRAWN.sub(lambda found: found.group(1) or 2 * found.group(2), text)


def _letters(found: re.Match[str]) -> str:
    word = found.group()
    return word if _UNIT.match(word) else word.translate(_DIGITS)


def _written_out(word: str) -> str:
    if word in _WHOLE:
        return _WHOLE[word]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return word[: -len(ending)] + instead
    return word
