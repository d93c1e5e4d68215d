"""How signs become the probability that an initiative is called for: a sum of log-odds, each part of it named.

A trigger begins where its type begins and adds the signs that it finds, each with a size; what a sign of size 1 weighs stands in
`cognitive.motivation.weights`. The parts go into the intention's evidence, so that `attune why` can show what weighed how much.
Pure; a few microseconds.
"""

from __future__ import annotations

import math

from cognitive.motivation.weights import WEIGHTS
from runtime.messages import Evidence

DETAIL_CHARS = 128


class Weighing:
    """The log-odds so far, and what they rest on."""

    __slots__ = ("_weights", "evidence", "log_odds", "signs")

    def __init__(self, trigger: str) -> None:
        """Begin with what is to be expected without any sign."""
        self._weights = WEIGHTS[trigger]
        self.log_odds = self._weights[""]
        self.signs: list[tuple[str, float]] = []
        self.evidence: list[Evidence] = []

    def add(self, sign: str, t_ns: int, detail: str = "", size: float = 1.0) -> None:
        """Add a sign that was seen at a time; one of no size is left out."""
        if size:
            weight = self._weights[sign] * size
            self.log_odds += weight
            self.signs.append((sign, size))
            self.evidence.append(Evidence(max(0, t_ns), sign, detail[:DETAIL_CHARS], round(weight, 2)))

    @property
    def p(self) -> float:
        """The probability."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.log_odds))))
