"""A small, transparent estimate of how a person feels, from words and voice.

Valence: the mean weight of the known words of the utterance, with negation of the following three words and intensifiers, after the idea of
rule-based lexicon methods (Hutto and Gilbert 2014, VADER: a negated word counts -0.74 of itself); the lexicon is our own. Arousal:
loudness, pitch and pitch range against this speaker's own running baseline, in its standard deviations, plus exclaiming words. Neither is a
diagnosis: `confidence` stays under 0.8 and `cues` names everything that the estimate rests on.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from behavioral.hearing.affect_lexicon import INTENSIFIERS, NEGATIONS, VALENCE
from behavioral.hearing.events import ProsodySnapshot

_NEGATED = -0.74
_NEGATION_REACH = 3
_WORD = re.compile(r"[a-z']+")
_MAX_CUES = 16
_WARM_UP = 3
"""Utterances before a speaker's baseline is trusted."""


@dataclass(frozen=True, slots=True)
class Affect:
    """The fields of `runtime.messages.AffectPercept`: valence and arousal -1 to 1, confidence 0 to 1."""

    valence: float
    arousal: float
    confidence: float
    cues: tuple[str, ...]


class AffectEstimator:
    """Follows one speaker."""

    def __init__(self) -> None:
        """Begin without a baseline."""
        self._level = _Baseline(spread=4.0)  # dB
        self._pitch = _Baseline(spread=2.0)  # semitones
        self._range = _Baseline(spread=2.0)  # semitones

    def estimate(self, text: str, voice: ProsodySnapshot | None = None) -> Affect:
        """Judge one utterance and learn the speaker's baseline from its voice.

        Args:
            text: the recognised or typed words.
            voice: prosody at the utterance's end, None for typed text.
        """
        valence, known, cues = _words(text)
        deviations: list[float] = []
        if voice is not None and voice.f0_hz > 0:
            pitch_st = 12 * math.log2(voice.f0_hz)
            for name, baseline, value in (
                ("level", self._level, voice.level_dbfs),
                ("pitch", self._pitch, pitch_st),
                ("pitch_range", self._range, voice.f0_range_st),
            ):
                deviation = baseline.deviation(value)
                baseline.learn(value)
                if deviation is None:
                    continue
                deviations.append(deviation)
                if abs(deviation) >= 1:
                    cues.append(f"voice:{name}{'+' if deviation > 0 else '-'}")
        excitement = min(0.4, 0.2 * text.count("!"))
        arousal = math.tanh(0.5 * sum(deviations) / len(deviations)) if deviations else 0.0
        arousal = max(-1.0, min(1.0, arousal + excitement))
        confidence = min(0.8, (0.0 if not known else 0.25 + 0.15 * known) + (0.2 if deviations else 0.0))
        return Affect(valence, arousal, confidence, tuple(cues[:_MAX_CUES]))


class _Baseline:
    """Running mean and deviation of one figure (exponential, about ten utterances)."""

    _RATE = 0.1

    def __init__(self, spread: float) -> None:
        self._mean = 0.0
        self._variance = spread * spread
        self._count = 0

    def deviation(self, value: float) -> float | None:
        if self._count < _WARM_UP:
            return None
        return max(-3.0, min(3.0, (value - self._mean) / math.sqrt(self._variance)))

    def learn(self, value: float) -> None:
        self._count += 1
        rate = max(self._RATE, 1 / self._count)
        difference = value - self._mean
        self._mean += rate * difference
        if self._count > 1:
            self._variance += self._RATE * (difference * difference - self._variance)
        self._variance = max(self._variance, 0.25)


def _words(text: str) -> tuple[float, int, list[str]]:
    """Return valence, number of known words and cues."""
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    total, known, cues = 0.0, 0, []
    for index, word in enumerate(words):
        weight = VALENCE.get(word)
        if weight is None:
            continue
        before = words[max(0, index - _NEGATION_REACH) : index]
        if before and before[-1] in INTENSIFIERS:
            weight *= INTENSIFIERS[before[-1]]
        negated = any(earlier in NEGATIONS or earlier.endswith("n't") for earlier in before)
        if negated:
            weight *= _NEGATED
        total += weight
        known += 1
        cues.append(f"word:{'not ' if negated else ''}{word}")
    return max(-1.0, min(1.0, total / known)) if known else 0.0, known, cues
