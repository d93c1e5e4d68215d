"""Frozen feature extractors for FGD, density and coverage: windows of motion to vectors.

Figures of different encoders cannot be compared, so every report carries `Encoder.name` and the hash of its file. `ae-v1` is the encoding
half of a convolutional auto-encoder over joint rotations (6-D) and positions relative to the hips of the 13 upper-body joints in 2 s. Legs,
hips and fingers are left out: most of the real data is of people who were recorded seated and without fingers. Its scale: real training
motion has a total variance of 1. `scripts/fit_motion_encoder.py` trains it and models/motion-encoder/card.md says what it sees.

The file is ONNX, its size is limited, nothing in it is executed but the graph. Reading may raise `ValueError` naming file and mend.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.evaluation import frozen_network
from motion.evaluation.arrays import Float64, windows
from motion.evaluation.beats import UPPER_BODY
from motion.kinematics import forward
from runtime.paths import models_dir

FPS: Final = 30.0
WINDOW_FRAMES: Final = 60
HOP_FRAMES: Final = 30
MODEL: Final = "motion-encoder"
MAX_FILE_BYTES: Final = 8 << 20
_CHANNELS: Final = 9
"""Per joint: 6-D rotation and position."""
SHAPE: Final = (WINDOW_FRAMES, len(UPPER_BODY), _CHANNELS)
"""Of one window."""
_BATCH: Final = 256


class Encoder(Protocol):
    """Turns windows of motion into features; frozen."""

    @property
    def name(self) -> str:
        """Name and version, as it stands in reports."""

    @property
    def sha256(self) -> str:
        """Hash of the file it was read from; empty where there is none."""

    @property
    def window_frames(self) -> int:
        """Length of a window at 30 fps."""

    def encode(self, motion: NDArray[Any]) -> Float64:
        """Features [n, d] of windows [n, window_frames, 13, 9] as from `represent`."""


def represent(clip: Clip) -> NDArray[np.float32]:
    """Upper body of a clip as float32 [T, 13, 9]: 6-D local rotation, then position in the hips' frame in metres.

    Raises:
        ValueError: the clip is not at 30 fps, or holds values that are not finite.
    """
    if abs(clip.fps - FPS) > 0.01:
        raise ValueError(f"the clip has {clip.fps} frames per second; the encoder needs {FPS:g}: resample it first")
    for name, array in (("rotations", clip.rotations), ("hips_m", clip.hips_m)):
        if not np.isfinite(array).all():
            raise ValueError(f"Clip.{name} holds values that are not finite; cut them out")
    q = np.asarray(clip.rotations, dtype=np.float64)
    positions, world = forward(q, np.asarray(clip.hips_m, dtype=np.float64))
    rows = list(UPPER_BODY)
    back = rot.conjugate(world[:, :1])
    relative = rot.rotate(back, positions[:, rows] - positions[:, :1])
    return np.concatenate([rot.to_6d(q[:, rows]), relative], axis=-1).astype(np.float32)


def motion_windows(clips: Sequence[Clip], length: int = WINDOW_FRAMES, hop: int = HOP_FRAMES) -> NDArray[np.float32]:
    """Windows [n, length, 13, 9] of clips; see `represent` and `motion.evaluation.arrays.windows` for errors."""
    return windows([represent(clip) for clip in clips], length, hop)


@dataclass(frozen=True, slots=True)
class OnnxEncoder:
    """An encoder in an ONNX file, run on one thread.

    Attributes:
        session: takes `motion` [n, 60, 13, 9] and gives `features` [n, d].
        name: name and version, from the file.
        sha256: hash of the file.
    """

    session: Any = field(repr=False)
    name: str
    sha256: str

    @property
    def window_frames(self) -> int:
        """Length of a window at 30 fps."""
        return WINDOW_FRAMES

    @property
    def dimensions(self) -> int:
        """Length of a feature vector."""
        return int(self.session.get_outputs()[0].shape[1])

    def encode(self, motion: NDArray[Any]) -> Float64:
        """Features [n, d] of windows [n, 60, 13, 9].

        Raises:
            ValueError: wrong shape, or values that are not finite.
        """
        if motion.ndim != 4 or motion.shape[1:] != SHAPE:
            raise ValueError(f"motion has shape {list(motion.shape)}; it must be [any, {', '.join(map(str, SHAPE))}]")
        if not np.isfinite(motion).all():
            raise ValueError("motion holds values that are not finite; leave those windows out")
        rows = np.ascontiguousarray(motion, dtype=np.float32)
        parts = [
            self.session.run(["features"], {"motion": rows[begin : begin + _BATCH]})[0]
            for begin in range(0, len(rows), _BATCH)
        ]
        out: Float64 = np.concatenate([np.zeros((0, self.dimensions)), *parts])
        return out


def load(path: str | os.PathLike[str]) -> OnnxEncoder:
    """Read an encoder that `scripts/fit_motion_encoder.py` wrote.

    Raises:
        ValueError: too large, or no encoder; names the file.
    """
    where = Path(path)
    mend = f"attune models verify {MODEL}"
    session, sha256 = frozen_network.read(where, "motion encoder", mend, MAX_FILE_BYTES)
    takes, gives = session.get_inputs(), session.get_outputs()
    name = session.get_modelmeta().custom_metadata_map.get("name", "")
    fits = [put.name for put in (*takes, *gives)] == ["motion", "features"] and tuple(takes[0].shape[1:]) == SHAPE
    if not (fits and name and len(gives[0].shape) == 2):
        raise ValueError(
            f"{where} is no motion encoder: it is named {name!r} and takes {[p.name for p in takes]}; {mend}"
        )
    return OnnxEncoder(session, name, sha256)


def shipped() -> OnnxEncoder:
    """Read the encoder that comes with Attune.

    Raises:
        ValueError: its file is missing or broken.
    """
    return load(models_dir() / MODEL / "ae_v1.onnx")
