"""Movements of the head that are added to recorded motion: a listener's nods, tilts and shakes, and the head on a speaker's accents.

Feedback of a listener comes where the other's pitch was low or a clause ended, a third of a second later, 6 to 12 times a minute at most
and not within 1.4 s of the last one; four in five are nods (arXiv 2507.23298, Kihara 2016), the others tilts and shakes whose lengths are
spread as in recorded corpora (ccdb, hatice2010, nvb, sewa). A speaker's accents carry a small nod in 42 % of cases (Graf et al. 2002).
Angles in radians, pitch down positive; neck and head share them. Deterministic under the generator's seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.pairing.search import Spoken
from motion.procedural.head import make_nod
from motion.skeleton import INDEX
from runtime.settings import ListenerSettings

Float64 = NDArray[np.float64]
HeadKind = Literal["short", "long", "upswing", "tilt", "shake"]

TAKEN: Final = 0.42
"""Share of the opportunities that people take."""
REFRACTORY_S: Final = 1.4
MOST_PER_MIN: Final = 12.0
DELAY_S: Final = 0.30
_DELAY_SPREAD_S: Final = 0.12
_KIND_SHARES: Final[dict[HeadKind, float]] = {"short": 0.40, "long": 0.32, "upswing": 0.10, "tilt": 0.12, "shake": 0.06}
_TILT_S: Final = (0.53, 0.84, 1.50)
_SHAKE_S: Final = (0.60, 1.20, 2.10)
"""10th, 50th and 90th percentile."""
_NECK_SHARE: Final = 0.4
_ACCENTED: Final = 0.42
_ACCENT_DEG: Final = (1.5, 3.0)
_ACCENT_REFRACTORY_S: Final = 0.35
_DOWN_S: Final = 0.17
_BACK_S: Final = 0.33


@dataclass(frozen=True, slots=True)
class HeadAct:
    """One act of the head."""

    kind: HeadKind
    start_s: float
    duration_s: float

    @property
    def end_s(self) -> float:
        """When the head is back."""
        return self.start_s + self.duration_s


def opportunities(user: Sequence[Spoken]) -> list[float]:
    """Return when a listener may react: low pitch within clauses, and their ends, in order."""
    return sorted([p.start_s + cue for p in user for cue in p.utterance.cues_s] + [p.end_s for p in user])


def listener_acts(
    user: Sequence[Spoken], listening: Sequence[tuple[float, float]], length_s: float, rng: np.random.Generator
) -> tuple[list[HeadAct], Float64]:
    """Plan what a listener's head does.

    Args:
        user: the other's speech.
        listening: stretches in which the body listens; an act begins and ends in one.
        length_s: of the scene.
        rng: chooses.

    Returns:
        The acts in order, and pitch, yaw and roll [T, 3] in radians at 30 fps.
    """
    times = np.arange(round(length_s * 30)) / 30.0
    angles = np.zeros((len(times), 3))
    acts: list[HeadAct] = []
    settings = ListenerSettings()
    free_s = -np.inf
    for cue in opportunities(user):
        start = cue + float(np.clip(rng.normal(DELAY_S, _DELAY_SPREAD_S), 0.05, 0.8))
        if start < free_s or rng.random() > TAKEN:
            continue
        kinds = tuple(_KIND_SHARES)
        kind: HeadKind = kinds[int(rng.choice(len(kinds), p=list(_KIND_SHARES.values())))]
        amplitude = float(np.clip(rng.lognormal(-0.1, 0.3), 0.5, 1.6))
        if kind == "short" or kind == "long" or kind == "upswing":
            nod = make_nod(start, kind, amplitude, settings, rng)
            act = HeadAct(kind, start, nod.duration_s)
            curve = np.zeros_like(angles)
            for frame in range(int(nod.start_s * 30), min(len(times), int(nod.end_s * 30) + 1)):
                curve[frame, 0] = nod.pitch(float(times[frame]))
        else:
            act, curve = _other(kind, start, amplitude, times, rng)
        recent = sum(a.start_s > start - 30.0 for a in acts)
        if recent >= MOST_PER_MIN / 2 or not any(a <= act.start_s and act.end_s <= b for a, b in listening):
            continue
        acts.append(act)
        angles += curve
        free_s = max(act.end_s + 0.2, start + REFRACTORY_S)
    return acts, angles


def accent_nods(agent: Sequence[Spoken], length_s: float, rng: np.random.Generator) -> Float64:
    """Return pitch, yaw and roll [T, 3] of a speaker's head on accents, light enough for motion that has its own."""
    times = np.arange(round(length_s * 30)) / 30.0
    angles = np.zeros((len(times), 3))
    last = -np.inf
    for when, prominence in sorted((p.start_s + a.t_s, a.prominence) for p in agent for a in p.utterance.accents):
        if when - last < _ACCENT_REFRACTORY_S or rng.random() > _ACCENTED:
            continue
        last = when
        size = np.radians(_ACCENT_DEG[0] + (_ACCENT_DEG[1] - _ACCENT_DEG[0]) * prominence * rng.uniform(0.6, 1.0))
        x = times - when
        angles[:, 0] += size * np.where(x < 0.0, _eased(1.0 + x / _DOWN_S), 1.0 - _eased(x / _BACK_S))
    return angles


def with_head(clip: Clip, angles: Float64) -> Clip:
    """Return the clip with pitch, yaw and roll [T, 3] added to neck and head."""
    turns = clip.rotations.copy()
    for name, share in (("neck", _NECK_SHARE), ("head", 1.0 - _NECK_SHARE)):
        joint = INDEX[name]
        # Roll to the right is a positive turn about +z, which points ahead.
        extra = rot.exp(share * angles[: len(clip)])
        turns[:, joint] = rot.multiply(clip.rotations[:, joint].astype(np.float64), extra).astype(np.float32)
    return Clip(clip.fps, turns, clip.hips_m, clip.hands)


def _other(
    kind: HeadKind, start_s: float, amplitude: float, times: Float64, rng: np.random.Generator
) -> tuple[HeadAct, Float64]:
    """Tilt: there, hold and back. Shake: a sine that dies out."""
    p10, p50, p90 = _TILT_S if kind == "tilt" else _SHAKE_S
    spread = np.log(p90 / p10) / (2 * 1.2816)
    duration = float(np.clip(p50 * np.exp(rng.normal(0.0, spread)), p10, p90))
    x = (times - start_s) / duration
    angles = np.zeros((len(times), 3))
    side = 1.0 if rng.random() < 0.5 else -1.0
    if kind == "tilt":
        angles[:, 2] = side * np.radians(5.5) * amplitude * (_eased(x / 0.35) - _eased((x - 0.55) / 0.45))
    else:
        hz = float(rng.uniform(1.4, 2.2))
        size = _eased(x / 0.25) - _eased((x - 0.4) / 0.6)
        angles[:, 1] = side * np.radians(6.0) * amplitude * size * np.sin(2.0 * np.pi * hz * (times - start_s))
    return HeadAct(kind, start_s, duration), angles


def _eased(x: Float64) -> Float64:
    """Minimum jerk, 0 before 0 and 1 after 1."""
    y = np.clip(x, 0.0, 1.0)
    return np.asarray(y**3 * (10.0 - 15.0 * y + 6.0 * y * y), dtype=np.float64)
