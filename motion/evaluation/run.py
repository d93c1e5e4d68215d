"""One evaluation from files: held-out real motion, held-out speech, and the methods that need no network.

The reference is one half of the real takes and `ground_truth` the other, so that its row shows what real motion scores against other real
motion, not zero. `mismatched_audio` is the procedural body's motion for one recording, judged by the onsets of another. Every row is judged
on as many windows as `ground_truth` has. Blocking, minutes of motion take about a minute; deterministic.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from motion.clip import Clip
from motion.evaluation.arrays import Float64
from motion.evaluation.baselines import procedural, static
from motion.evaluation.encoder import FPS, HOP_FRAMES, Encoder, motion_windows
from motion.evaluation.frechet import frechet_distance
from motion.evaluation.heldout import HELD_OUT_ACTORS, NamedClip, halves, read_narration
from motion.evaluation.onsets import HOP, onset_strength, pick_peaks
from motion.evaluation.report import Report
from motion.evaluation.score import Sample, evenly, reference, score
from motion.evaluation.speech import RATE_HZ, read_speech, spoken_words
from motion.procedural.generator import SpokenWord

MAX_FILES: Final = 2_000
_SUFFIXES: Final = (".wav", ".flac", ".ogg", ".mp3")
_ENOUGH: Final = 1.05
"""Times the windows of ground truth that a method makes, before it is cut down to as many."""

NOTES: Final = (
    "Real motion has no sound of its own: ground_truth has no beat scores.",
    "Real motion is of seated narrators: feet have no reference; it is low-passed at 8 Hz (16-bit archive), methods are not.",
    "ground_truth is the other half of the held-out takes; mismatched_audio is the procedural motion against another recording's onsets.",
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One recording, as far as motion needs it."""

    name: str
    duration_s: float
    onsets_s: tuple[float, ...]
    words: list[SpokenWord] = field(repr=False)
    strength: Float64 = field(repr=False)
    """Onset strength at every frame of motion."""


def read_folder(folder: str | os.PathLike[str]) -> list[Spoken]:
    """Read every recording of a folder that is as long as a window, in order of name.

    Raises:
        ValueError: there is none, there are too many, or one is no sound.
    """
    where = Path(folder)
    files = sorted(path for path in where.glob("**/*") if path.suffix.lower() in _SUFFIXES) if where.is_dir() else []
    if not files or len(files) > MAX_FILES:
        raise ValueError(
            f"{where}: {len(files)} sound files; between 1 and {MAX_FILES} ({', '.join(_SUFFIXES)}) are needed"
        )
    out = []
    for path in files:
        samples = read_speech(path)
        duration_s = len(samples) / RATE_HZ
        if duration_s >= 2.0 + 1.0 / FPS:
            strength = onset_strength(samples, RATE_HZ)
            hop_s = HOP / RATE_HZ
            found = tuple(float(frame * hop_s) for frame in pick_peaks(strength, RATE_HZ))
            frames = np.arange(round(duration_s * FPS)) / FPS
            at_frames = np.interp(frames, np.arange(len(strength)) * hop_s, strength)
            out.append(Spoken(path.name, duration_s, found, spoken_words(samples), at_frames))
    if not out:
        raise ValueError(f"{where}: none of {len(files)} sound files is longer than 2 s")
    return out


def evaluate(
    real: Sequence[NamedClip],
    speech: Sequence[Spoken],
    encoder: Encoder,
    *,
    seed: int = 0,
    extra: Mapping[str, Sequence[Sample]] | None = None,
) -> Report:
    """Score ground truth, the procedural body, a static one, mismatched audio and whatever else is given.

    Args:
        real: held-out clips of at least two takes.
        speech: recordings that the body is to speak.
        encoder: frozen.
        seed: of the procedural body; recording n of round m has seed + m.
        extra: further methods by name (`retrieval`, `generator@N`).

    Raises:
        ValueError: too little real motion, or a method's name or clips are wrong.
    """
    first, second = halves(real)
    against = reference(encoder, [item.clip for item in first])
    wanted = len(motion_windows([item.clip for item in second], encoder.window_frames))
    spoken = _speak(speech, encoder.window_frames, wanted, seed)
    mismatched = [
        _mismatch(sample, speech[(index + 1) % len(speech)]) for index, sample in enumerate(spoken) if len(speech) > 1
    ]
    rows: dict[str, Sequence[Sample]] = {
        "ground_truth": [Sample(item.clip, standing=False) for item in second],
        "procedural": spoken,
        "static": [Sample(static(sample.clip.duration_s), sample.onsets_s) for sample in spoken],
        "mismatched_audio": mismatched,
        **(extra or {}),
    }
    return Report(
        encoder=encoder.name,
        encoder_sha256=encoder.sha256,
        reference=f"{len(first)} real clips, {sum(item.clip.duration_s for item in first) / 60:.1f} minutes, "
        f"actors {', '.join(sorted({item.actor for item in first}))}; {wanted} windows a method",
        methods={name: score(against, samples, windows_at_most=wanted) for name, samples in rows.items() if samples},
        between_actors_fgd=between_actors(real, encoder),
        notes=NOTES,
    )


def between_actors(real: Sequence[NamedClip], encoder: Encoder) -> float:
    """FGD between the two actors with most motion, on as many windows of each; NaN where there is one only."""
    by: dict[str, list[Clip]] = {}
    for item in real:
        if len(item.clip) >= encoder.window_frames:
            by.setdefault(item.actor, []).append(item.clip)
    largest = sorted(by.values(), key=lambda clips: -sum(map(len, clips)))[:2]
    if len(largest) < 2:
        return float("nan")
    features = [encoder.encode(motion_windows(clips, encoder.window_frames)) for clips in largest]
    count = min(map(len, features))
    return frechet_distance(evenly(features[0], count), evenly(features[1], count))


def held_out(root: str | os.PathLike[str]) -> list[NamedClip]:
    """The held-out actors of mpi-ebedb in a data folder.

    Raises:
        ValueError: the data set is absent or not of its layout.
    """
    path = Path(root) / "mpi-ebedb" / "mpi_ebedb_30fps.npz"
    if not path.is_file():
        raise ValueError(f"{path} is missing; `attune data list` says where it comes from, or give --motion FILE.npz")
    return read_narration(path, keep=HELD_OUT_ACTORS)


def _speak(speech: Sequence[Spoken], window: int, wanted: int, seed: int) -> list[Sample]:
    """The procedural body over all recordings, again with the next seed until there are windows enough."""
    out: list[Sample] = []
    windows = 0
    round_ = 0
    while windows < _ENOUGH * wanted:
        for item in speech:
            clip = procedural(item.words, item.duration_s, seed + round_)
            out.append(Sample(clip, item.onsets_s, item.strength))
            windows += max(0, (len(clip) - window) // HOP_FRAMES + 1)
        round_ += 1
    return out


def _mismatch(sample: Sample, other: Spoken) -> Sample:
    """The same motion with another recording's onsets, both cut to the shorter."""
    frames = min(len(sample.clip), round(other.duration_s * FPS))
    clip = sample.clip
    cut = Clip(clip.fps, clip.rotations[:frames], clip.hips_m[:frames], clip.hands[:frames])
    return Sample(cut, tuple(time for time in other.onsets_s if time <= frames / FPS), other.strength[:frames])
