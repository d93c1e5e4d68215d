"""How the person seems to feel, estimated once for each utterance from words and voice: told to the bus, and mirrored a little.

What rests on words is worth no more than their recognition: misheard sadness must not be consoled. Runs on the room's loop.
"""

from __future__ import annotations

from collections.abc import Callable

from behavioral.hearing.affect import AffectEstimator
from behavioral.hearing.events import ProsodySnapshot
from runtime.bus import Bus
from runtime.clock import NS_PER_S, Clock
from runtime.messages import AffectPercept

CONFIDENCE_MIN = 0.15
"""An estimate less sure than this is not worth a message."""


class PersonAffect:
    """The person's affect, utterance by utterance."""

    def __init__(self, clock: Clock, bus: Bus, felt: Callable[[float, float, float, float], None]) -> None:
        """Wire the parts; `felt` takes session seconds, valence, arousal (-1 to 1) and confidence."""
        self._clock, self._bus, self._felt = clock, bus, felt
        self._estimator = AffectEstimator()

    def said(self, text: str, voice: ProsodySnapshot | None, words_confidence: float) -> None:
        """Estimate from an utterance's words, its voice (None if typed) and how surely the words were recognised."""
        estimate = self._estimator.estimate(text, voice)
        confidence = estimate.confidence * words_confidence
        if confidence < CONFIDENCE_MIN:
            return
        now_ns = self._clock.now_ns()
        self._bus.publish(
            AffectPercept(
                t_ns=now_ns,
                valence=estimate.valence,
                arousal=estimate.arousal,
                confidence=confidence,
                cues=estimate.cues[:16],
            )
        )
        self._felt(now_ns / NS_PER_S, estimate.valence, estimate.arousal, confidence)
