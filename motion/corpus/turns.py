"""Who speaks when in an invented dialogue: turns, pauses, gaps, overlaps and feedback after the AMI meetings.

Lengths are drawn from quantiles measured on the dyadic stretches of AMI's development meetings (`turns.json`, made by
`scripts/fit_turns.py`; AMI Meeting Corpus, Carletta et al. 2005, CC BY 4.0); feedback comes as a Poisson process while the other holds
the floor. Draws are independent: that a talkative person stays talkative, that fast answers meet fast answers, and that feedback follows
what was said, is not modelled. Seconds; deterministic under the generator's seed; nothing is read at run time but the small file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion.corpus.turn_statistics import FEEDBACK_MAX_S, JOIN_S, RESUME_S, Spurt, TurnMeasures
from runtime.errors import AttuneError

STATISTICS_FILE: Final = Path(__file__).with_name("turns.json")
LEVELS: Final[NDArray[np.float64]] = np.array([0.02, *np.arange(0.05, 1.0, 0.05), 0.98])
"""The quantiles that are kept; the wildest 2 % at either end are not drawn."""
MAX_SPURTS: Final = 8
_WAITING_MAX: Final = 64
_TRIES: Final = 8
_QUANTITIES: Final = ("spurt_s", "pause_s", "transfer_s", "feedback_s")


@dataclass(frozen=True, slots=True)
class TurnStatistics:
    """What the sampler knows.

    Attributes:
        quantiles: for spurt_s, pause_s, transfer_s and feedback_s the values at `LEVELS`.
        go_on: probability that a speaker goes on after a pause instead of the other after a gap. As a hazard it is not biased by the
            stretches' ends cutting long turns.
        feedback_per_min: rate while the other holds the floor.
        feedback_overlapped: share of it that begins while the other talks, not in a pause.
    """

    quantiles: dict[str, NDArray[np.float64]]
    go_on: float
    feedback_per_min: float
    feedback_overlapped: float

    @classmethod
    def fitted(cls, measures: TurnMeasures) -> TurnStatistics:
        """Keep what the sampler needs of measures.

        Raises:
            ValueError: a quantity was never observed.
        """
        quantiles = {}
        for name in _QUANTITIES:
            values = getattr(measures, name)
            if not values:
                raise ValueError(f"{name}: nothing was observed")
            quantiles[name] = np.quantile(values, LEVELS).round(3)
        return cls(
            quantiles,
            round(len(measures.pause_s) / (len(measures.pause_s) + len(measures.transfer_s)), 3),
            round(measures.feedback_per_min(), 3),
            round(measures.feedback_overlapped / len(measures.feedback_s), 3),
        )

    def to_json(self) -> dict[str, object]:
        """Return plain lists and numbers."""
        return {
            "levels": LEVELS.round(2).tolist(),
            "quantiles": {name: values.tolist() for name, values in self.quantiles.items()},
            "go_on": self.go_on,
            "feedback_per_min": self.feedback_per_min,
            "feedback_overlapped": self.feedback_overlapped,
        }


def load_turn_statistics(path: Path = STATISTICS_FILE) -> TurnStatistics:
    """Read what `scripts/fit_turns.py` wrote.

    Raises:
        AttuneError: the file is not such.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        quantiles = {name: np.array(data["quantiles"][name], dtype=np.float64) for name in _QUANTITIES}
        go_on, rate, overlapped = (float(data[name]) for name in ("go_on", "feedback_per_min", "feedback_overlapped"))
        good = all(v.shape == LEVELS.shape and (np.diff(v) >= 0).all() for v in quantiles.values())
        good &= all((quantiles[name] > 0).all() for name in ("spurt_s", "pause_s", "feedback_s"))
        if not (good and 0 <= rate < np.inf and 0 <= overlapped <= 1 and 0 <= go_on < 1):
            raise ValueError("values")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AttuneError(
            f"{path}: no turn statistics ({type(error).__name__})", "make them anew with scripts/fit_turns.py"
        ) from error
    return TurnStatistics(quantiles, go_on, rate, overlapped)


class TurnSampler:
    """Invents dialogues."""

    def __init__(self, rng: np.random.Generator, statistics: TurnStatistics | None = None) -> None:
        """Take the source of chance, and the statistics (default: those of AMI)."""
        self._rng = rng
        self._statistics = load_turn_statistics() if statistics is None else statistics
        self._waiting: list[float] = []

    def dialogue(self, length_s: float, first: int | None = None) -> list[Spurt]:
        """Return the spurts of a dialogue in order of their start.

        Args:
            length_s: the last turn begins before it and ends by it.
            first: who begins, 0 or 1; by chance if None.

        Raises:
            ValueError: the length is not positive and finite, or nobody has that number.
        """
        if not (np.isfinite(length_s) and length_s > 0.0):
            raise ValueError(f"length_s is {length_s}; it must be positive")
        if first not in (None, 0, 1):
            raise ValueError(f"first is {first}; it must be 0, 1 or None")
        speaker = int(self._rng.integers(2)) if first is None else first
        spurts: list[Spurt] = []
        self._waiting.clear()
        turn = self._turn(speaker)
        before_s = -JOIN_S
        while turn[0].start_s < length_s:
            following = self._following(turn, before_s)
            spurts += turn
            spurts += self._feedback(1 - speaker, turn, before_s, following[0].start_s)
            before_s = turn[-1].end_s
            speaker, turn = 1 - speaker, following
        cut = [spurt._replace(end_s=min(spurt.end_s, length_s)) for spurt in spurts if spurt.start_s < length_s - 0.1]
        return sorted(cut, key=lambda spurt: (spurt.start_s, spurt.speaker))

    def _draw(self, name: str) -> float:
        level = float(self._rng.uniform(LEVELS[0], LEVELS[-1]))
        return float(np.interp(level, LEVELS, self._statistics.quantiles[name]))

    def _turn(self, speaker: int) -> list[Spurt]:
        """Lay out the spurts of one turn that begins at 0."""
        turn: list[Spurt] = []
        at = 0.0
        while not turn or (len(turn) < MAX_SPURTS and self._rng.random() < self._statistics.go_on):
            length = self._draw("spurt_s")
            turn.append(Spurt(speaker, at, at + length))
            at += length + max(JOIN_S, self._draw("pause_s"))
        return turn

    def _following(self, turn: list[Spurt], before_s: float) -> list[Spurt]:
        """Lay out the next turn; `before_s` is when its speaker last held the floor."""
        last, following = turn[-1], self._turn(1 - turn[-1].speaker)
        # It begins within or after the last spurt and outlasts it; else it would be feedback and no turn. A word between two turns
        # of the other is one only if the other doesn't go on at once.
        least = -min(following[0].length_s - 0.1, last.length_s - min(0.3, 0.5 * last.length_s))
        if len(turn) == 1 and last.length_s < FEEDBACK_MAX_S:
            least = RESUME_S
        least = max(least, before_s + JOIN_S - last.end_s)
        start_s = last.end_s + self._transfer(least)
        return [spurt._replace(start_s=spurt.start_s + start_s, end_s=spurt.end_s + start_s) for spurt in following]

    def _transfer(self, least: float) -> float:
        """Draw a floor transfer offset over `least`; draws that don't fit here wait for a place where they do, so that none is lost."""
        for index, waiting in enumerate(self._waiting):
            if waiting > least:
                return self._waiting.pop(index)
        for _ in range(100):
            drawn = self._draw("transfer_s")
            if drawn > least:
                return drawn
            if len(self._waiting) < _WAITING_MAX:
                self._waiting.append(drawn)
        return least + 0.05

    def _feedback(self, speaker: int, turn: list[Spurt], after_s: float, until_s: float) -> list[Spurt]:
        """Place feedback within a turn of the other: inside spurts, or in pauses after which the other goes on soon enough."""
        taken: list[Spurt] = []
        span = turn[-1].end_s - turn[0].start_s
        for _ in range(int(self._rng.poisson(self._statistics.feedback_per_min / 60.0 * span))):
            for _ in range(_TRIES):
                spurt = self._insertion(speaker, turn)
                # One's own talk neither overlaps nor touches itself, nor the turns around.
                if (
                    spurt is not None
                    and spurt.start_s >= max(turn[0].start_s, after_s) + JOIN_S
                    and spurt.end_s + JOIN_S <= until_s
                    and all(spurt.end_s + JOIN_S <= t.start_s or spurt.start_s >= t.end_s + JOIN_S for t in taken)
                ):
                    taken.append(spurt)
                    break
        return taken

    def _insertion(self, speaker: int, turn: list[Spurt]) -> Spurt | None:
        rng, length = self._rng, self._draw("feedback_s")
        if length < FEEDBACK_MAX_S and rng.random() > self._statistics.feedback_overlapped:
            pauses = [(a.end_s, b.start_s) for a, b in pairwise(turn)]
            wide = [p for p in pauses if length + 0.1 < p[1] - p[0]]
            if wide:
                begin, end = wide[int(rng.integers(len(wide)))]
                start_s = float(rng.uniform(max(begin, end - length - RESUME_S), end - length))
                return Spurt(speaker, start_s, start_s + length)
        roomy = [s for s in turn if s.length_s > length + 0.2]
        if not roomy:
            return None
        weights = np.array([s.length_s - length - 0.1 for s in roomy])
        host = roomy[int(rng.choice(len(roomy), p=weights / weights.sum()))]
        start_s = float(rng.uniform(host.start_s + 0.05, host.end_s - length - 0.05))
        return Spurt(speaker, start_s, start_s + length)
