"""Kokoro by path: its .onnx file, the model's own config.json (the table of signs) and its voices, side by side.

Inputs are `tokens` (or `input_ids`), `style` and `speed`; both published exports and those with durations are
understood. Kokoro is slow on a processor without a GPU, so a clause is made in passages, cut at punctuation or, where
that is far, at a space; the first is short. Kokoro has no pitch. Its English signs are those of its own speller
(misaki): diphthongs and affricates are single letters there.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.tts.espeak import Pronounced
from behavioral.voice.tts.onnx_voice import Passage
from behavioral.voice.tts.spelling import Spelling, spell
from runtime.errors import AttuneError

SAMPLE_RATE_HZ = 24_000
STYLE = 256
MAX_SIGNS = 508
FIRST_SIGNS, PASSAGE_SIGNS = 40, 120
"""The first passage is cut after so many signs, later ones after so many, at the next place that allows it."""
SPEED = (0.5, 2.0)
MAX_JSON_BYTES = 1 << 20
_STOPS = frozenset(".,;:!?\u2026\u2014")
_MEND = "voice.model is Kokoro's .onnx file, or the folder that holds it, with config.json and its voices beside it"

# From espeak-ng's symbols to Kokoro's, stress marks apart (the phoneme list of Kokoro-82M).
_COMMON = {
    "a\u026a": "I",
    "a\u028a": "W",
    "e\u026a": "A",
    "\u0254\u026a": "Y",
    "d\u0292": "\u02a4",
    "t\u0283": "\u02a7",
    "\u0259l": "\u1d4al",
    "r": "\u0279",
    "x": "k",
    "\u00e7": "k",
    "\u026c": "l",
    "\u0294": "t",
    "\u0250": "\u0259",
    "\u1d7b": "\u026a",
}
_AMERICAN = {
    **_COMMON,
    "o\u028a": "O",
    "\u025a": "\u0259\u0279",
    "\u025c\u02d0": "\u025c\u0279",
    "\u025d": "\u025c\u0279",
}
_BRITISH = {**_COMMON, "\u0259\u028a": "Q", "e\u0259": "\u025b\u02d0"}


class KokoroModel:
    """Kokoro with one of its voices; implements `behavioral.voice.tts.onnx_voice.VoiceModel`."""

    name = "kokoro"
    sample_rate_hz = SAMPLE_RATE_HZ

    def __init__(self, where: Path, speaker: str = "", language: str = "en-us") -> None:
        """Read the table of signs and the voice.

        Args:
            where: the .onnx file or its folder.
            speaker: name of a voice; empty for the first.
            language: espeak-ng's voice name; British English has signs of its own.

        Raises:
            AttuneError: a file is missing or wrong, or there is no such voice.
        """
        folder = where if where.is_dir() else where.parent
        self.path = _network(where)
        config = folder / "config.json"
        if not config.is_file():
            raise AttuneError(f"{config} is missing: it is Kokoro's table of signs", _MEND)
        try:
            if config.stat().st_size > MAX_JSON_BYTES:
                raise ValueError("too large")
            vocabulary = json.loads(config.read_text(encoding="utf-8"))["vocab"]
            self._ids = {str(sign): int(number) for sign, number in vocabulary.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AttuneError(f"{config} holds no table of signs ({error})", _MEND) from None
        self._style = _style(folder, speaker)
        self._rename = _BRITISH if language.lower().startswith("en-gb") else _AMERICAN

    def spell(self, pronounced: Pronounced) -> Spelling:
        """Spell a clause in Kokoro's letters."""
        return spell(pronounced.clause.text, pronounced.words, self._letters)

    def passages(self, spelling: Spelling, rate: float) -> list[Passage]:
        """Return the clause in passages that it takes to make and play."""
        speed = min(SPEED[1], max(SPEED[0], rate))
        passages: list[Passage] = []
        for first, last in cuts(spelling.signs):
            ids: list[int] = [0]
            firsts: list[int] = []
            for sign in spelling.signs[first:last]:
                firsts.append(len(ids))
                if sign in self._ids and len(ids) <= MAX_SIGNS:
                    ids.append(self._ids[sign])
            if len(ids) == 1 and not passages:
                return []
            ids.append(0)
            tokens = np.array([ids], dtype=np.int64)
            style = self._style[min(len(ids) - 2, len(self._style) - 1)].reshape(1, STYLE)
            tensors = {
                "tokens": tokens,
                "input_ids": tokens,
                "style": style,
                "speed": np.array([speed], dtype=np.float32),
            }
            passages.append(Passage(tensors, first, tuple(firsts)))
        return passages

    def _letters(self, symbol: str) -> str:
        bare = symbol.lstrip("\u02c8\u02cc")
        stress = symbol[: len(symbol) - len(bare)]
        letters = self._rename.get(bare, bare)
        if any(letter not in self._ids for letter in letters):  # an older table without these letters
            letters = bare
        return stress + letters


def cuts(signs: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return the passages as half-open ranges of signs: cut behind punctuation or before a space, never within a word."""
    ranges: list[tuple[int, int]] = []
    first = 0
    for at, sign in enumerate(signs):
        length = at + 1 - first
        wanted = PASSAGE_SIGNS if ranges else FIRST_SIGNS
        stop = sign in _STOPS and length >= wanted // 2
        space = sign == " " and length >= 2 * wanted
        if (stop or space) and at + 1 < len(signs) - 1:
            ranges.append((first, at + 1))
            first = at + 1
    return [*ranges, (first, len(signs))] if first < len(signs) else ranges


def _network(where: Path) -> Path:
    if where.is_file():
        return where
    found = sorted(where.glob("*.onnx")) if where.is_dir() else []
    if not found:
        raise AttuneError(f"{where} holds no .onnx file" if where.is_dir() else f"{where} is missing", _MEND)
    return found[0]


def _style(folder: Path, speaker: str) -> NDArray[np.float32]:
    """Return a voice as float32 [lengths, STYLE]."""
    archive = next(iter(sorted([*folder.glob("voices*.bin"), *folder.glob("voices*.npz")])), None)
    loose = {path.stem: path for path in sorted((folder / "voices").glob("*.bin"))}
    try:
        if archive is not None:
            with np.load(archive, allow_pickle=False) as voices:
                name = _named(speaker, voices.files, archive)
                style = np.asarray(voices[name], dtype=np.float32)
        elif loose:
            name = _named(speaker, list(loose), folder / "voices")
            archive = loose[name]
            style = np.fromfile(archive, dtype="<f4")
        else:
            raise AttuneError(f"{folder} holds no voices (voices*.bin, voices*.npz or voices/NAME.bin)", _MEND)
        style = style.reshape(-1, STYLE)
    except (ValueError, OSError, KeyError) as error:
        raise AttuneError(f"{archive} holds no voices of Kokoro ({type(error).__name__})", _MEND) from None
    if not len(style) or not np.isfinite(style).all():
        raise AttuneError(f"{archive} holds no voices of Kokoro", _MEND)
    return style


def _named(speaker: str, known: list[str], where: Path) -> str:
    if speaker and speaker not in known:
        raise AttuneError(f"voice.speaker {speaker!r} is not in {where}", f"it has {', '.join(sorted(known)[:8])}")
    return speaker or min(known)
