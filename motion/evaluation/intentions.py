"""What becomes of intentions: whether gestures are recognised, when they begin and strike, how smoothly, and when the body is back.

Each label of the lexicon is asked for alone, at random moments of speech, of silence and between the two, half of the times at once and
half of the times for a stroke at a given time; every run is compared with the same run without the request, so methods must be
deterministic under their seed. Recognition is by `motion.evaluation.classifier`, which no generator was trained with. Seconds at 30 fps.
Blocking: about ten seconds of motion a request. `ValueError` where method and request do not fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.intentions.overlay import perform
from motion.corpus.scene import PlacedIntent
from motion.evaluation.arrays import Float64
from motion.evaluation.beats import UPPER_BODY
from motion.evaluation.classifier import Classifier, frames_of, window
from motion.evaluation.encoder import FPS
from motion.evaluation.methods import ANYBODY, Float32, SpeechMotion, Style, request
from motion.evaluation.sessions import Session
from motion.evaluation.smoothness import SEAM_FRAMES, pooled_jerk_ratio, seam_width
from motion.evaluation.speech import RATE_HZ
from motion.kinematics import positions
from motion.procedural import lexicon
from motion.skeleton import INDEX

ARRIVAL_S: Final = (3.0, 4.2)
"""A request arrives so long after the run's beginning."""
LENGTH_S: Final = 11.0
AHEAD_S: Final = (0.0, 0.5)
"""A stroke is asked for so much earlier than the gesture naturally needs."""
DIFFERENT_RAD: Final = float(np.radians(2.0))
DIFFERENT_M: Final = 0.015
"""A gesture has begun when a joint or a wrist differs by more from the run without it."""
SITUATIONS: Final = 4
"""Speech, silence, speech that ends, and speech that begins; in each, every other label at once and the rest for a stroke."""
_LAG_FRAMES: Final = 12
_AFTER_S: Final = 0.2
"""How far beyond its stroke a gesture is compared with the ideal one."""
_HEAD_M: Final = 0.2
"""Metres at the wrist that a radian of the head counts for."""
_CALM_FRAMES: Final = 9
_WRISTS: Final = (INDEX["leftHand"], INDEX["rightHand"])


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one request; seconds, infinite where it never happened."""

    label: str
    onset_s: float | None
    stroke_error_s: float | None
    return_s: float


@dataclass(frozen=True, slots=True)
class Intentions:
    """What became of all requests to one method.

    Attributes:
        accuracy: share recognised.
        onset_delay_ms: median and 95th percentile of the time from arrival to the first visible difference, where no stroke's time was
            given.
        stroke_error_ms: the same of the time by which the gesture is late or early, where one was: against the gesture as the
            procedural body lays it, with that stroke's time, over the same run.
        return_s: the same of the time from the gesture's end until the body is no further from the run without it than other seeds
            are.
        injected_jerk_ratio: jerk in the five frames around arrivals over jerk elsewhere in the same runs, most of them without a gesture.
        gesture_jerk_ratio: the same over jerk in the rest of the gestures.
        chunk_jerk_ratio: jerk around the method's own boundaries over jerk elsewhere in these runs; NaN where it has none.
        requests: how many.
        by_label: share recognised of each label.
        confused: for each label that was missed, what it was taken for.
    """

    accuracy: float
    onset_delay_ms: tuple[float, float]
    stroke_error_ms: tuple[float, float]
    return_s: tuple[float, float]
    injected_jerk_ratio: float
    gesture_jerk_ratio: float
    chunk_jerk_ratio: float
    requests: int
    by_label: Mapping[str, float] = field(repr=False)
    confused: Mapping[str, tuple[str, ...]] = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """A JSON object; null for what is not a number."""

        def number(value: float) -> float | None:
            return float(value) if np.isfinite(value) else None

        out: dict[str, Any] = {"requests": self.requests, "accuracy": number(self.accuracy)}
        for name in ("onset_delay_ms", "stroke_error_ms", "return_s"):
            middle, most = getattr(self, name)
            out[name] = {"median": number(middle), "p95": number(most)}
        for name in ("injected_jerk_ratio", "gesture_jerk_ratio", "chunk_jerk_ratio"):
            out[name] = number(getattr(self, name))
        out["by_label"] = dict(self.by_label)
        out["confused"] = {label: list(others) for label, others in self.confused.items()}
        return out


@dataclass(frozen=True, slots=True)
class _Run:
    clip: Clip
    boundaries: tuple[int, ...]
    wrists_m: Float64
    """Places of both wrists relative to the hips [T, 2, 3]."""


_Seams = tuple[Float64, Sequence[int], int]


def measure(
    method: SpeechMotion,
    sessions: Sequence[Session],
    classifier: Classifier,
    *,
    labels: Sequence[str] = lexicon.LABELS,
    repeats: int = 4,
    seed: int = 0,
    style: Style = ANYBODY,
) -> Intentions:
    """Ask a method for every label, `repeats` times.

    Raises:
        ValueError: the classifier does not know a label, or the method's motion does not fit the sound.
    """
    if unknown := classifier.unknown(labels):
        raise ValueError(f"the intention classifier does not know {', '.join(unknown)}; train it anew")
    rng = np.random.default_rng([abs(seed), 5])
    answers: list[Answered] = []
    windows: list[Float32] = []
    injected: list[_Seams] = []
    gestures: list[_Seams] = []
    chunked: list[_Seams] = []
    for repeat in range(repeats):
        agent = context(sessions, repeat, rng)
        own = seed + 100 * repeat
        base, other = (_run(method, agent, one, style, ()) for one in (own, own + 1))
        floor_m = float(np.median(_apart(base, other)[round(ARRIVAL_S[0] * FPS) :]))
        for number, label in enumerate(labels):
            stroke = (number + repeat + repeat // SITUATIONS) % 2 == 1
            asked = _asked(label, stroke, rng)
            made = _run(method, agent, own, style, (asked,))
            answers.append(_answer(base, made, asked, stroke, floor_m, rng))
            windows.append(window(frames_of(made.clip), asked.stroke_s))
            places = positions(made.clip.rotations, made.clip.hips_m)
            arrival, end = round(asked.start_s * FPS), round(asked.end_s * FPS)
            injected.append((places, [arrival], SEAM_FRAMES))
            gestures.append((places[arrival - SEAM_FRAMES : end], [SEAM_FRAMES], SEAM_FRAMES))
            if made.boundaries:
                chunked.append((places, made.boundaries, seam_width(made.boundaries)))
    found = classifier.recognise(np.stack(windows))
    injected_ratio, gesture_ratio, chunk_ratio = (
        pooled_jerk_ratio(runs, FPS) for runs in (injected, gestures, chunked)
    )
    return _summary(answers, found, injected_ratio, gesture_ratio, chunk_ratio)


def context(sessions: Sequence[Session], repeat: int, rng: np.random.Generator) -> Float32:
    """What is said meanwhile: speech, silence, speech that ends, and speech that begins, in turn."""
    length = round(LENGTH_S * RATE_HZ)
    session = sessions[repeat % len(sessions)]
    first = int(rng.integers(0, max(1, len(session.agent) - length)))
    said = np.zeros(length, dtype=np.float32)
    speech = session.agent[first : first + length]
    half = round(sum(ARRIVAL_S) / 2 * RATE_HZ)
    part = (slice(0, length), slice(0, 0), slice(0, half), slice(half, length))[repeat % SITUATIONS]
    said[: len(speech)][part] = speech[part]
    return said


def _asked(label: str, stroke: bool, rng: np.random.Generator) -> PlacedIntent:
    arrival_s = float(rng.uniform(*ARRIVAL_S))
    if not stroke:
        return request(label, arrival_s)
    entry = lexicon.find(label)
    lead_s = entry.prepare_s + entry.stroke_s + float(rng.uniform(*AHEAD_S))
    return request(label, arrival_s + lead_s, stroke=True, lead_s=lead_s)


def _run(method: SpeechMotion, agent: Float32, seed: int, style: Style, intents: Sequence[PlacedIntent]) -> _Run:
    clip, boundaries = method(agent, np.zeros_like(agent), seed, style, intents)
    frames = round(len(agent) / RATE_HZ * FPS)
    if abs(len(clip) - frames) > 2:
        raise ValueError(f"a method made {len(clip)} frames for {frames} of speech")
    places = positions(clip.rotations, clip.hips_m)
    return _Run(clip, boundaries, places[:, _WRISTS] - places[:, :1])


def _apart(a: _Run, b: _Run) -> Float64:
    """How far [T] two runs are apart at the wrists, and by the head's turn."""
    frames = min(len(a.clip), len(b.clip))
    wrists = np.linalg.norm(a.wrists_m[:frames] - b.wrists_m[:frames], axis=-1).max(axis=1)
    rows = [INDEX["spine"], INDEX["chest"], INDEX["upperChest"], INDEX["neck"], INDEX["head"]]
    turns = rot.angle_between(
        a.clip.rotations[:frames, rows].astype(np.float64), b.clip.rotations[:frames, rows].astype(np.float64)
    )
    out: Float64 = wrists + _HEAD_M * turns.sum(axis=1)
    return out


def onset_frame(base: Clip, made: Clip) -> int | None:
    """The first frame that differs visibly; None where none does."""
    frames = min(len(base), len(made))
    rows = list(UPPER_BODY)
    turns = rot.angle_between(
        base.rotations[:frames, rows].astype(np.float64), made.rotations[:frames, rows].astype(np.float64)
    ).max(axis=1)
    a, b = (positions(clip.rotations[:frames], clip.hips_m[:frames])[:, _WRISTS] for clip in (base, made))
    seen = np.flatnonzero((turns > DIFFERENT_RAD) | (np.linalg.norm(a - b, axis=-1).max(axis=1) > DIFFERENT_M))
    return int(seen[0]) if len(seen) else None


def _answer(
    base: _Run, made: _Run, asked: PlacedIntent, stroke: bool, floor_m: float, rng: np.random.Generator
) -> Answered:
    onset = onset_frame(base.clip, made.clip)
    if onset is not None and onset < int(asked.start_s * FPS):
        raise ValueError(
            f"{asked.label}: the motion changes {asked.start_s - onset / FPS:.2f} s before the request arrives; "
            "a method must be deterministic and causal"
        )
    apart = _apart(base, made)
    error_s: float | None = None
    if stroke:
        model = perform(base.clip, (asked,), rng)
        ideal = _Run(model, (), _wrists(model))
        error_s = late_s(apart, _apart(base, ideal), asked)
    first = round(asked.end_s * FPS)
    calm = np.convolve(apart, np.full(_CALM_FRAMES, 1.0 / _CALM_FRAMES), mode="valid")[first:]
    back = np.flatnonzero(calm <= max(floor_m, DIFFERENT_M))
    delay_s = np.inf if onset is None else max(0.0, onset / FPS - asked.start_s)
    return Answered(asked.label, None if stroke else delay_s, error_s, back[0] / FPS if len(back) else np.inf)


def _wrists(clip: Clip) -> Float64:
    places = positions(clip.rotations, clip.hips_m)
    out: Float64 = places[:, _WRISTS] - places[:, :1]
    return out


def late_s(apart: Float64, ideal: Float64, asked: PlacedIntent) -> float:
    """By how much a gesture runs late, or early (negative), against the ideal one, up to its stroke.

    The lag within 0.4 s at which the two ways out, each as a share of its greatest, fit best; between frames by a parabola. Infinite where
    the body hardly leaves.
    """
    first, last = (
        round(asked.start_s * FPS),
        min(round((asked.stroke_s + _AFTER_S) * FPS), len(ideal) - _LAG_FRAMES - 1),
    )
    model = ideal[first:last] / max(float(ideal[first:last].max()), 1e-9)
    lags = np.arange(-_LAG_FRAMES, _LAG_FRAMES + 1)
    errors = []
    for lag in lags:
        way = apart[first + lag : last + lag]
        if float(way.max()) < DIFFERENT_M:
            return float("inf")
        errors.append(float(np.square(way / way.max() - model).mean()))
    best = int(np.argmin(errors))
    shift = 0.0
    if 0 < best < len(errors) - 1:
        before, here, after = errors[best - 1 : best + 2]
        shift = 0.5 * (before - after) / max(before - 2.0 * here + after, 1e-12)
    return float(lags[best] + shift) / FPS


def _summary(
    answers: Sequence[Answered], found: Sequence[str], injected: float, gesture: float, chunked: float
) -> Intentions:
    by: dict[str, list[str]] = {}
    for answer, label in zip(answers, found, strict=True):
        by.setdefault(answer.label, []).append(label)
    right = {label: float(np.mean([one == label for one in got])) for label, got in by.items()}
    confused = {
        label: tuple(sorted({one for one in got if one != label})) for label, got in by.items() if right[label] < 1.0
    }
    return Intentions(
        accuracy=float(np.mean([answer.label == label for answer, label in zip(answers, found, strict=True)])),
        onset_delay_ms=_spread([1e3 * a.onset_s for a in answers if a.onset_s is not None]),
        stroke_error_ms=_spread([1e3 * abs(a.stroke_error_s) for a in answers if a.stroke_error_s is not None]),
        return_s=_spread([answer.return_s for answer in answers]),
        injected_jerk_ratio=injected,
        gesture_jerk_ratio=gesture,
        chunk_jerk_ratio=chunked,
        requests=len(answers),
        by_label=right,
        confused=confused,
    )


def _spread(values: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile by nearest rank, so that what never happened counts; NaN where there is none."""
    if not len(values):
        return float("nan"), float("nan")
    ordered: NDArray[np.float64] = np.sort(np.asarray(values, dtype=np.float64))
    return float(ordered[(len(ordered) - 1) // 2]), float(ordered[int(np.ceil(0.95 * len(ordered))) - 1])
