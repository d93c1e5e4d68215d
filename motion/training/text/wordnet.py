"""Related words and example sentences from a WordNet 3.0 folder (Debian package `wordnet-base`), for training only.

Nothing of it is read when gestures are matched. Reads the plain `index.*` and `data.*` files. Errors are `AttuneError` naming the folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from runtime.errors import AttuneError

_POS: Final = ("noun", "verb", "adj", "adv")
_LETTER: Final = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
_FILE: Final = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
MAX_FILE_BYTES: Final = 64 << 20
_RELATED: Final = {"+": 0.8, "&": 0.6, "$": 0.6, "~": 0.4, "@": 0.25, "^": 0.5}
"""Derived forms, similar adjectives, verb groups, kinds of, what it is a kind of, see also: and how near they count."""
_MOST_KINDS: Final = 12
_EXAMPLE: Final = re.compile(r'"([^"]{8,100})"')


class WordNet:
    """The four parts of speech, read whole."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """Read a folder that holds `index.noun`, `data.noun` and so on.

        Raises:
            AttuneError: a file is missing or far too large.
        """
        self._folder = Path(folder)
        self._senses: dict[str, list[tuple[str, str]]] = {}
        self._lines: dict[tuple[str, str], str] = {}
        for pos in _POS:
            for line in self._read(f"index.{pos}"):
                fields = line.split()
                count = int(fields[2])
                self._senses.setdefault(fields[0], []).extend((_LETTER[pos], at) for at in fields[-count:])
            for line in self._read(f"data.{pos}"):
                self._lines[_LETTER[pos], line[:8]] = line

    def _read(self, name: str) -> Iterator[str]:
        path = self._folder / name
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise AttuneError(f"{path}: larger than {MAX_FILE_BYTES >> 20} MiB", "name a folder of WordNet 3.0")
            text = path.read_text(encoding="latin-1")
        except OSError as error:
            raise AttuneError(f"{path}: cannot be read ({error})", "install wordnet-base and name its folder") from None
        return (line for line in text.splitlines() if not line.startswith("  "))

    def related(self, word: str, senses: int = 2) -> dict[str, float]:
        """Words that may stand for a word, from 0 to 1, by its most frequent senses of each part of speech."""
        out: dict[str, float] = {}
        seen: dict[str, int] = {}
        for pos, at in self._senses.get(word, ()):
            rank = seen[pos] = seen.get(pos, -1) + 1
            if rank >= senses:
                continue
            near = 0.7**rank
            lemmas, pointers = self._synset(pos, at)
            for lemma in lemmas:
                out[lemma] = max(out.get(lemma, 0.0), near)
            kinds = 0
            for symbol, other_pos, other in pointers:
                if symbol not in _RELATED or (symbol == "~" and (kinds := kinds + 1) > _MOST_KINDS):
                    continue
                for lemma in self._synset(other_pos, other)[0]:
                    out[lemma] = max(out.get(lemma, 0.0), near * _RELATED[symbol])
        out.pop(word, None)
        return {lemma: weight for lemma, weight in out.items() if lemma.isascii()}

    def examples(self) -> Iterator[str]:
        """The example sentences of all glosses, in order of part of speech and place."""
        for key in sorted(self._lines):
            yield from _EXAMPLE.findall(self._lines[key].partition("|")[2])

    def _synset(self, pos: str, at: str) -> tuple[list[str], list[tuple[str, str, str]]]:
        fields = self._lines[pos, at].partition("|")[0].split()
        count = int(fields[3], 16)
        lemmas = [
            re.sub(r"\(\w+\)$", "", fields[4 + 2 * i]).replace("_", " ").lower().replace("-", " ") for i in range(count)
        ]
        start = 4 + 2 * count
        pointers = [
            (fields[start + 1 + 4 * i], _LETTER[_FILE[fields[start + 3 + 4 * i]]], fields[start + 2 + 4 * i])
            for i in range(int(fields[start]))
        ]
        return lemmas, pointers

    def glosses(self) -> Iterator[tuple[list[str], str, list[list[str]]]]:
        """Each synset's lemmas, its gloss, and the lemmas of synsets that it is derived from, similar to or a kind of."""
        for (pos, at), line in self._lines.items():
            lemmas, pointers = self._synset(pos, at)
            near = [self._synset(*key)[0] for symbol, *key in pointers if symbol in "+&$@^"]
            yield lemmas, line.partition("|")[2].strip(), near
