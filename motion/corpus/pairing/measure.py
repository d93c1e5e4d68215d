"""How well the joined speech and motion fit: what goes on the data card.

The share of strong strokes that peak within 0.05, 0.1 and 0.2 s of where an accent wants them, before and after the warp, against the
same with the speech moved around within each stretch of speaking by a random time; the same for strokes that are looked for anew in the
finished motion, which is the fair figure, as splices make and unmake strokes; and the coupling of hand speed and onsets in the
finished scenes (`motion.evaluation.coupling`). Also what splices and warps did. Draws are seeded; keeps sums, not scenes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion.corpus.pairing.dialogue import Record
from motion.corpus.pairing.material import FPS
from motion.corpus.pairing.search import LEAD_S
from motion.corpus.people.movement import actor_style, movement
from motion.corpus.scene import Scene
from motion.evaluation.coupling import coupling
from motion.evaluation.onsets import HOP, onset_strength
from motion.features.frames import SAMPLE_RATE_HZ
from motion.render import hand_speed

Float64 = NDArray[np.float64]

NEAR_S: Final = (0.05, 0.1, 0.2)
STRONG: Final = 0.5
_DRAWS: Final = 20
_COUPLED_MOST: Final = 400
"""Scenes that the coupling is measured on: the first."""


@dataclass(slots=True)
class Alignment:
    """Shares of strong strokes near an accent, for each of `NEAR_S`; `anew` of strokes found in the finished motion."""

    strokes: int = 0
    chance: list[float] = field(default_factory=list)
    joined: list[float] = field(default_factory=list)
    warped: list[float] = field(default_factory=list)
    strokes_anew: int = 0
    chance_anew: list[float] = field(default_factory=list)
    anew: list[float] = field(default_factory=list)


class Measures:
    """Takes scenes one by one (`note`), keeps only what is needed, and sums up."""

    def __init__(self, seed: int = 0) -> None:
        """Begin with nothing."""
        self._rng = np.random.default_rng(seed)
        self._near: dict[str, list[Float64]] = {
            name: [] for name in ("chance", "joined", "warped", "chance_anew", "anew")
        }
        self._minutes: defaultdict[str, float] = defaultdict(float)
        self._speeds: list[Float64] = []
        self._onsets: list[Float64] = []
        self._rates: list[float] = []
        self._splices: list[tuple[float, float, float]] = []
        self._speech: defaultdict[str, float] = defaultdict(float)
        self._styles: set[tuple[str, str]] = set()
        self._acts = 0
        self._listening_s = 0.0

    def note(self, scene: Scene, record: Record) -> None:
        """Take a scene in."""
        minutes = scene.clip.duration_s / 60.0
        self._minutes[f"{scene.split}/{record.kind}"] += minutes
        self._styles.add((scene.actor, scene.emotion))
        for placed in record.agent:
            self._speech[placed.utterance.source] += placed.utterance.duration_s / 60.0
        self._splices += [(s.speed_mps, s.fade_s, s.apart_m) for s in record.splices]
        self._acts += len(record.acts)
        self._listening_s += scene.clip.duration_s - sum(b - a for a, b in record.speaking)
        rate = record.warp.rate()
        self._rates += [float(rate.min()), float(rate.max())]
        strong = np.array([s.t_s for s in record.strokes if s.weight >= STRONG and _spoken(s.t_s, record)])
        accents = np.array([p.start_s + a.t_s for p in record.agent for a in p.utterance.accents]) - LEAD_S
        if strong.size and accents.size:
            self._near["joined"].append(_distance(strong, accents))
            self._near["warped"].append(_distance(record.warp.inverse(strong), accents))
            self._near["chance"] += [_distance(strong, self._moved(accents, record)) for _ in range(_DRAWS)]
        if accents.size:
            seen = movement(scene.clip, actor_style([scene.clip])).strokes
            anew = np.array([s.t_s for s in seen if s.weight >= STRONG and _spoken(s.t_s, record)])
            if anew.size:
                self._near["anew"].append(_distance(anew, accents))
                self._near["chance_anew"] += [_distance(anew, self._moved(accents, record)) for _ in range(_DRAWS)]
        if record.kind == "speaking" and len(self._speeds) < _COUPLED_MOST:
            speed = hand_speed(scene.clip).max(axis=1)
            strength = onset_strength(scene.agent)
            times = np.arange(len(speed)) / FPS
            self._speeds.append(speed)
            self._onsets.append(np.interp(times, np.arange(len(strength)) * HOP / SAMPLE_RATE_HZ, strength))

    def _moved(self, accents: Float64, record: Record) -> Float64:
        """Accents moved around within each stretch of speaking by a time of at least a second."""
        out = []
        for a, b in record.speaking:
            inside = accents[(accents >= a) & (accents < b)]
            length = b - a
            if length > 3.0:
                inside = a + (inside - a + self._rng.uniform(1.0, length - 1.0)) % length
            out.append(inside)
        return np.concatenate(out) if out else accents

    def alignment(self) -> Alignment:
        """Sum up what was found about strokes and accents."""
        strokes, anew = (sum(len(x) for x in self._near[name]) for name in ("joined", "anew"))
        out = Alignment(strokes=strokes, strokes_anew=anew)
        for name, parts in self._near.items():
            apart = np.concatenate(parts) if parts else np.zeros(0)
            setattr(out, name, [round(float(np.mean(apart <= near)), 4) if apart.size else 0.0 for near in NEAR_S])
        return out

    def summary(self) -> dict[str, Any]:
        """Everything, as plain numbers."""
        found = coupling(self._speeds, self._onsets, FPS) if self._speeds else None
        splices = np.array(self._splices).reshape(-1, 3)
        return {
            "minutes": {key: round(value, 2) for key, value in sorted(self._minutes.items())},
            "styles": len(self._styles),
            "agent_speech_minutes": {key: round(value, 2) for key, value in sorted(self._speech.items())},
            "alignment": {"near_s": list(NEAR_S), **asdict(self.alignment())},
            "coupling": None if found is None else {k: round(v, 4) for k, v in asdict(found).items()},
            "rate": [round(min(self._rates, default=1.0), 4), round(max(self._rates, default=1.0), 4)],
            "splices": {
                "count": len(splices),
                "speed_mps_p50_p95_max": _quantiles(splices[:, 0]),
                "fade_s_p50_p95_max": _quantiles(splices[:, 1]),
                "apart_m_p50_p95_max": _quantiles(splices[:, 2]),
            },
            "head_acts_per_listening_min": round(60.0 * self._acts / max(self._listening_s, 1e-9), 2),
        }


def _spoken(t_s: float, record: Record) -> bool:
    """Whether a stroke belongs to a stretch in which the body speaks."""
    return any(a <= t_s <= b for a, b in record.speaking)


def _distance(times: Float64, to: Float64) -> Float64:
    """Distance of each time to the nearest of others, which need no order."""
    if not to.size:
        return np.full(len(times), np.inf)
    return np.asarray(np.abs(times[:, None] - to[None, :]).min(axis=1), dtype=np.float64)


def _quantiles(values: Float64) -> list[float]:
    if not values.size:
        return []
    return [round(float(v), 3) for v in (np.quantile(values, 0.5), np.quantile(values, 0.95), values.max())]
