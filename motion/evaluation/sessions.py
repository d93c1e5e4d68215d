"""Continuous speech to judge motion on: the recordings of a folder, joined by short pauses into sessions of about 45 s.

A single sentence would be judged mostly on how a body leaves its neutral pose. Reading blocks; the pauses are drawn from the seed, the
order is that of names. Wrong folders and files are `ValueError`s that name them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion.evaluation.arrays import Float64
from motion.evaluation.encoder import FPS
from motion.evaluation.onsets import HOP, onset_strength, pick_peaks
from motion.evaluation.speech import RATE_HZ, intensity_db, read_speech

Float32 = NDArray[np.float32]

MAX_FILES: Final = 2_000
SUFFIXES: Final = (".wav", ".flac", ".ogg", ".mp3")
SESSION_S: Final = 45.0
PAUSE_S: Final = (0.4, 0.8)
"""Between two recordings, drawn evenly."""
LONGEST_S: Final = 60.0
"""A longer recording is cut at its quietest moment."""
LEAST_S: Final = 4.0
"""A folder with less speech than this is refused: a second of warming up and a window of two have to fit."""


@dataclass(frozen=True, slots=True)
class Session:
    """Continuous speech of the agent, the other silent.

    Attributes:
        name: first recording in it.
        agent: 16 kHz mono, -1 to 1.
        onsets_s: onsets from the session's start.
        strength: onset strength at every frame of motion.
    """

    name: str
    agent: Float32 = field(repr=False)
    onsets_s: tuple[float, ...] = field(repr=False)
    strength: Float64 = field(repr=False)

    @property
    def duration_s(self) -> float:
        """Length of the speech."""
        return len(self.agent) / RATE_HZ

    @property
    def frames(self) -> int:
        """Frames of motion that go with it."""
        return round(self.duration_s * FPS)


def read_sessions(folder: str | os.PathLike[str], seed: int = 0) -> list[Session]:
    """Read every recording of a folder and join them.

    Raises:
        ValueError: there is none, there are too many, one is no sound, or all together are too short.
    """
    where = Path(folder)
    files = sorted(path for path in where.glob("**/*") if path.suffix.lower() in SUFFIXES) if where.is_dir() else []
    if not files or len(files) > MAX_FILES:
        raise ValueError(
            f"{where}: {len(files)} sound files; between 1 and {MAX_FILES} ({', '.join(SUFFIXES)}) are needed"
        )
    recordings = [(path.name, read_speech(path)) for path in files]
    total_s = sum(len(samples) for _, samples in recordings) / RATE_HZ
    if total_s < LEAST_S:
        raise ValueError(f"{where}: {len(files)} sound files hold {total_s:.1f} s of speech; at least {LEAST_S:g} s")
    return joined(recordings, seed)


def joined(recordings: Sequence[tuple[str, Float64]], seed: int = 0) -> list[Session]:
    """Join named recordings in their order into sessions of about equal length; two at least where there are two pieces."""
    pieces = [(name, piece) for name, samples in recordings for piece in _cut(samples)]
    total = sum(len(piece) for _, piece in pieces)
    count = max(min(2, len(pieces)), round(total / RATE_HZ / SESSION_S))
    rng = np.random.default_rng(seed)
    groups: list[list[tuple[str, Float64]]] = [[] for _ in range(count)]
    passed = 0
    for name, piece in pieces:
        # A piece belongs where its middle lies when all speech is shared out evenly.
        groups[min(int((passed + len(piece) / 2) / total * count), count - 1)].append((name, piece))
        passed += len(piece)
    out = []
    for group in filter(None, groups):
        parts: list[Float64] = []
        for _, piece in group:
            parts += [piece, np.zeros(int(rng.uniform(*PAUSE_S) * RATE_HZ))]
        out.append(session(group[0][0], np.concatenate(parts[:-1])))
    return out


def session(name: str, samples: Float64) -> Session:
    """Find the onsets of speech at 16 kHz.

    Raises:
        ValueError: samples are not one axis or not finite.
    """
    strength = onset_strength(samples, RATE_HZ)
    hop_s = HOP / RATE_HZ
    onsets = tuple(float(frame * hop_s) for frame in pick_peaks(strength, RATE_HZ))
    frames = np.arange(round(len(samples) / RATE_HZ * FPS)) / FPS
    at_frames = np.interp(frames, np.arange(len(strength)) * hop_s, strength)
    return Session(name, np.clip(samples, -1.0, 1.0).astype(np.float32), onsets, at_frames)


def _cut(samples: Float64) -> list[Float64]:
    """A recording in pieces of at most a minute."""
    out = []
    longest, step = round(LONGEST_S * RATE_HZ), RATE_HZ // 100
    while len(samples) > longest:
        level = intensity_db(samples[longest // 2 : longest])
        at = longest // 2 + int(level[1:-1].argmin() + 1) * step
        out.append(samples[:at])
        samples = samples[at:]
    return [*out, samples]
