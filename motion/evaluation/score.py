"""All measures of one method against one reference of real motion.

The reference is real motion that nothing was fitted to. Length-dependent measures are taken on the encoder's windows, on the same number of
them for every method, because a Fréchet distance shrinks with the number of samples. Beats need speech, seams need boundaries: where a
method has none of it the score is NaN, never a number. Everybody stands. Pure functions; everything at 30 fps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from motion.clip import Clip
from motion.evaluation import beats, collision, contact, smoothness
from motion.evaluation.arrays import Float64, windows
from motion.evaluation.coupling import coupling
from motion.evaluation.diversity import l1_diversity
from motion.evaluation.encoder import FPS, HOP_FRAMES, Encoder, motion_windows
from motion.evaluation.frechet import density_and_coverage, frechet_distance
from motion.kinematics import positions
from motion.skeleton import INDEX

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Sample:
    """One clip of a method and what belongs to it.

    Attributes:
        clip: at 30 fps.
        onsets_s: onsets of the speech that it goes with, from the clip's start; empty where there is none.
        strength: onset strength of that speech at every frame [T], or None.
        boundaries: frames at which a new chunk or piece begins.
        seam_frames: frames around a boundary that count as near it (fewer than half a chunk).
    """

    clip: Clip
    onsets_s: tuple[float, ...] = ()
    strength: Float64 | None = field(default=None, repr=False)
    boundaries: tuple[int, ...] = ()
    seam_frames: int = smoothness.SEAM_FRAMES

    def without_start(self, seconds: float) -> Sample:
        """The same without its first seconds: a body that has just begun still moves out of its neutral pose."""
        first = round(seconds * FPS)
        clip = self.clip
        return replace(
            self,
            clip=Clip(clip.fps, clip.rotations[first:], clip.hips_m[first:], clip.hands[first:]),
            onsets_s=tuple(time - first / FPS for time in self.onsets_s if time >= first / FPS),
            strength=None if self.strength is None else self.strength[first:],
            boundaries=tuple(frame - first for frame in self.boundaries if frame > first),
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """One row of the table; NaN where a measure does not apply.

    The first ten carry the names of the published JSON. `beat_beat` averages over audio onsets (BEAT), `beat_aist` over motion
    beats (AIST++). `coupling` and its z say whether the speech is used at all. `ldlj_rel` is real minus generated: positive is
    jerkier than people.
    """

    fgd: float = NAN
    density: float = NAN
    coverage: float = NAN
    ldlj_rel: float = NAN
    beat_beat: float = NAN
    beat_aist: float = NAN
    diversity: float = NAN
    boundary_jerk_ratio: float = NAN
    intention_accuracy: float = NAN
    onset_delay_ms: float = NAN
    coupling: float = NAN
    coupling_z: float = NAN
    jerk_mps3: float = NAN
    foot_contact_error: float = NAN
    skate_rate: float = NAN
    self_collision_rate: float = NAN
    minutes: float = NAN

    def as_json(self) -> dict[str, float | None]:
        """Field to value; null for NaN, which JSON does not know."""
        values = {item.name: float(getattr(self, item.name)) for item in fields(self)}
        return {name: value if np.isfinite(value) else None for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Reference:
    """Real motion in the form that methods are measured against."""

    encoder: Encoder
    features: Float64
    body_windows: NDArray[np.float64] = field(repr=False)
    """[n, window, 22, 3]: upper-body joint positions relative to the hips are read from these."""
    mean_speed_mps: Float64 = field(repr=False)
    contact_share: float


def _upper(clip: Clip) -> Float64:
    """Upper-body positions relative to the hips [T, 13, 3], so that a sway of the whole body is not counted in every joint."""
    at = positions(clip.rotations, clip.hips_m)
    out: Float64 = at[:, list(beats.UPPER_BODY)] - at[:, :1]
    return out


def _windows(clips: Sequence[Clip], length: int, count: int | None) -> NDArray[np.float64]:
    return evenly(windows([_upper(clip) for clip in clips], length, HOP_FRAMES), count)


def evenly(rows: NDArray[np.float64], count: int | None) -> NDArray[np.float64]:
    """At most `count` rows, evenly spread over all; all where count is None."""
    if count is None or len(rows) <= count:
        return rows
    out: NDArray[np.float64] = rows[np.linspace(0, len(rows) - 1, count).round().astype(int)]
    return out


def reference(encoder: Encoder, clips: Sequence[Clip]) -> Reference:
    """Measure real clips once.

    Args:
        encoder: the frozen encoder.
        clips: real motion of standing people at 30 fps; clips shorter than a window are left out.

    Raises:
        ValueError: no clip is as long as a window, or one is not finite or not at 30 fps.
    """
    long = [clip for clip in clips if len(clip) >= encoder.window_frames]
    features = encoder.encode(motion_windows(long, encoder.window_frames))
    body = _windows(long, encoder.window_frames, None)
    speeds = np.concatenate([beats.speeds(positions(clip.rotations, clip.hips_m), FPS) for clip in long])
    return Reference(encoder, features, body, speeds.mean(axis=0), _contact(long))


def score(real: Reference, samples: Sequence[Sample], *, windows_at_most: int | None = None) -> Scores:
    """Every measure of a method that needs no classifier.

    Args:
        real: what to compare with.
        samples: the method's clips at 30 fps; clips shorter than a window count for nothing.
        windows_at_most: spread-out windows to use for distances; give every method of one table the same.

    Raises:
        ValueError: no clip is as long as a window, or one is not finite or not at 30 fps.
    """
    length = real.encoder.window_frames
    long = [sample for sample in samples if len(sample.clip) >= length]
    clips = [sample.clip for sample in long]
    features = evenly(real.encoder.encode(motion_windows(clips, length)), windows_at_most)
    spread = density_and_coverage(real.features, features)
    body = _windows(clips, length, windows_at_most)
    at = {id(clip): positions(clip.rotations, clip.hips_m) for clip in clips}
    spoken = [sample for sample in long if sample.onsets_s]
    seams = [sample for sample in long if sample.boundaries]
    sounding = [(sample, sample.strength) for sample in spoken if sample.strength is not None]
    coupled = coupling([_hands(at[id(s.clip)]) for s, _ in sounding], [strength for _, strength in sounding], FPS)
    return Scores(
        fgd=frechet_distance(real.features, features),
        density=spread.density,
        coverage=spread.coverage,
        ldlj_rel=smoothness.relative_ldlj(list(real.body_windows), list(body), FPS),
        beat_beat=_mean(
            [beats.beat_align_audio(at[id(s.clip)], FPS, s.onsets_s, real.mean_speed_mps) for s in spoken],
            [len(s.onsets_s) for s in spoken],
        ),
        beat_aist=_mean(
            [beats.beat_align_motion(at[id(s.clip)], FPS, s.onsets_s) for s in spoken],
            [len(s.clip) for s in spoken],
        ),
        diversity=l1_diversity(list(body)),
        boundary_jerk_ratio=_mean(
            [smoothness.boundary_jerk_ratio(at[id(s.clip)], FPS, s.boundaries, s.seam_frames) for s in seams],
            [len(s.boundaries) for s in seams],
        ),
        coupling=coupled.correlation if coupled else NAN,
        coupling_z=coupled.z if coupled else NAN,
        jerk_mps3=float(np.mean([smoothness.mean_jerk(window, FPS) for window in body])),
        foot_contact_error=abs(real.contact_share - _contact(clips)),
        skate_rate=_over_frames(
            clips, lambda clip: contact.skate_rate(contact.soles(clip.rotations, clip.hips_m), FPS)
        ),
        self_collision_rate=_over_frames(
            clips, lambda clip: collision.self_collision_rate(clip.rotations, clip.hips_m)
        ),
        minutes=sum(clip.duration_s for clip in clips) / 60.0,
    )


def _hands(at: Float64) -> Float64:
    """Speed [T] of the faster hand."""
    out: Float64 = beats.speeds(at, FPS)[:, [INDEX["leftHand"], INDEX["rightHand"]]].max(axis=1)
    return out


def _contact(clips: Sequence[Clip]) -> float:
    return _over_frames(clips, lambda clip: contact.contact_share(contact.soles(clip.rotations, clip.hips_m), FPS))


def _over_frames(clips: Sequence[Clip], measure: Callable[[Clip], float]) -> float:
    """Mean of a per-frame share over clips, weighted by their frames; NaN where there is none."""
    return _mean([measure(clip) for clip in clips], [len(clip) for clip in clips])


def _mean(values: Sequence[float], weights: Sequence[int]) -> float:
    """Weighted mean of the values that are numbers; NaN where there is none."""
    pairs = [(value, weight) for value, weight in zip(values, weights, strict=True) if np.isfinite(value)]
    total = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / total if total else NAN
