"""The mouth in time: from phonemes to 15 weights per frame, with coarticulation.

`viseme_track` turns a clause's phonemes into a row of shapes with times, which also travels in `AgentSpeech.visemes`.
`VisemePlayer` gives the weights at any time: each shape rises before its phoneme (the mouth prepares, about 60 ms for
vowels and rounding), holds, and falls into the next; shapes that overlap share the face by dominance (Cohen and Massaro
1993). A closure (PP, FF) is not shared: /p b m/ read as wrong unless the lips really meet. Pure and deterministic;
times in milliseconds of the clause's audio.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.phones import FIRST_PART, VOWEL_SHAPES, visemes_of
from behavioral.voice.tts.contract import PhonemeTime
from runtime.messages import SpeechTiming
from runtime.vocabulary import VISEMES

ANTICIPATION_MS = 60.0
"""A vowel's shape begins this long before its sound (lip anticipation of 50 to 100 ms: Benguerel and Cowan 1974)."""
CONSONANT_ANTICIPATION_MS = 40.0
RELEASE_MS = 60.0
"""A shape has gone this long after its sound."""
CLOSURE_MS = 45.0
"""Lips stay together at least this long, or at 50 frames a second a short /b/ might fall between two frames."""
MAX_TRACK = 2_048

_INDEX = {name: index for index, name in enumerate(VISEMES)}
_SIL = _INDEX["sil"]
# How far each shape is really made in running speech, and how strongly it insists on the face against its neighbours.
_AMPLITUDE = {"kk": 0.6, "nn": 0.7, "DD": 0.75, "SS": 0.85, "TH": 0.85, "RR": 0.85, "E": 0.85}
_DOMINANCE = {"kk": 0.35, "nn": 0.5, "DD": 0.55, "SS": 0.8, "TH": 0.8, "RR": 0.7, "CH": 0.9, "ou": 1.3, "oh": 1.1}
_CLOSURES = frozenset(("PP", "FF"))


def viseme_track(phonemes: Sequence[PhonemeTime]) -> tuple[SpeechTiming, ...]:
    """Return a clause's mouth shapes in order, without gaps; neighbours of one shape are joined. At most `MAX_TRACK`."""
    rows: list[tuple[str, float, float]] = []
    for phoneme in phonemes:
        shapes = visemes_of(phoneme.symbol)
        at_ms, length_ms = phoneme.start_ms, phoneme.end_ms - phoneme.start_ms
        rest = 1.0
        for place, shape in enumerate(shapes):
            share = rest if place == len(shapes) - 1 else rest * FIRST_PART
            rest -= share
            end_ms = at_ms + share * length_ms
            if rows and rows[-1][0] == shape:
                rows[-1] = (shape, rows[-1][1], end_ms)
            else:
                rows.append((shape, at_ms, end_ms))
            at_ms = end_ms
    return tuple(SpeechTiming(shape, start_ms, end_ms) for shape, start_ms, end_ms in rows[:MAX_TRACK])


class VisemePlayer:
    """Weights of one clause's mouth shapes at any time."""

    def __init__(self, track: Sequence[SpeechTiming]) -> None:
        """Prepare a track of `viseme_track` (or of a received `AgentSpeech`); unknown names and silence are rest."""
        self._spans: list[tuple[float, float, float, float, int, float, float, bool]] = []
        for item in track:
            if item.text not in _INDEX or item.text == "sil":
                continue
            self._spans.append(_span(item))
        self._spans.sort(key=lambda span: span[0])
        self._begins = [span[0] for span in self._spans]
        self._longest_ms = max((span[3] - span[0] for span in self._spans), default=0.0)

    def weights(self, t_ms: float) -> NDArray[np.float32]:
        """Return float32 [15] in the order of `VISEMES`, each 0 to 1, together 1 (the rest is `sil`).

        Args:
            t_ms: position in the clause's audio; before and after it the mouth opens and comes to rest.
        """
        amounts = [0.0] * len(VISEMES)
        pull = claimed = 0.0
        closed, closure_pull = 0.0, 0.0
        closures = [0.0] * len(VISEMES)
        first = bisect_left(self._begins, t_ms - self._longest_ms)
        for place in range(first, bisect_right(self._begins, t_ms)):
            begin, top, hold, end, index, amplitude, dominance, closes = self._spans[place]
            if t_ms >= end:
                continue
            rise = 1.0 if t_ms >= top else _ease((t_ms - begin) / (top - begin))
            fall = 1.0 if t_ms <= hold else _ease((end - t_ms) / (end - hold))
            level = min(rise, fall)
            if closes:
                closed = max(closed, level)
                # Cubed: of two closures in a row ("give me") the one that is fully made has the lips almost to itself.
                closures[index] += level**3
                closure_pull += level**3
                continue
            amounts[index] += amplitude * dominance * level
            pull += dominance * level
            claimed = max(claimed, level)
        weights = np.zeros(len(VISEMES), dtype=np.float32)
        if pull > 0:
            # Shapes share the face by dominance; together they move it as far as the most present of them.
            scale = claimed * (1.0 - closed) / pull
            for index, amount in enumerate(amounts):
                weights[index] = amount * scale
        if closure_pull > 0:
            for index, amount in enumerate(closures):
                weights[index] += closed * amount / closure_pull
        weights[_SIL] = max(0.0, 1.0 - float(weights.sum() - weights[_SIL]))
        return weights


def _span(item: SpeechTiming) -> tuple[float, float, float, float, int, float, float, bool]:
    """Return begin, top, end of hold, end, index, amplitude, dominance and whether it is a closure."""
    start_ms, end_ms = item.start_ms, max(item.end_ms, item.start_ms)
    closes = item.text in _CLOSURES
    if closes:
        if end_ms - start_ms < CLOSURE_MS:
            middle_ms = (start_ms + end_ms) / 2
            start_ms, end_ms = middle_ms - CLOSURE_MS / 2, middle_ms + CLOSURE_MS / 2
        # The lips are together when the sound begins, and part at once when it ends.
        begin, top, hold, end = start_ms - CONSONANT_ANTICIPATION_MS, start_ms, end_ms, end_ms + RELEASE_MS / 2
    else:
        ahead_ms = ANTICIPATION_MS if item.text in VOWEL_SHAPES else CONSONANT_ANTICIPATION_MS
        settle_ms = min(30.0, 0.3 * (end_ms - start_ms))
        begin, top, hold, end = start_ms - ahead_ms, start_ms + settle_ms, end_ms - settle_ms, end_ms + RELEASE_MS
    amplitude, dominance = _AMPLITUDE.get(item.text, 1.0), _DOMINANCE.get(item.text, 1.0)
    return begin, top, hold, end, _INDEX[item.text], amplitude, dominance, closes


def _ease(x: float) -> float:
    """Smooth step from 0 to 1."""
    x = min(1.0, max(0.0, x))
    return x * x * (3.0 - 2.0 * x)
