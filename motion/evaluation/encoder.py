"""Frozen feature extractors for FGD, density and coverage: windows of motion to vectors.

Figures of different encoders cannot be compared, so every report carries `Encoder.name` and the hash of its file. `pca-v1` is linear: joint
rotations (6-D) and positions relative to the hips of the 13 upper-body joints over 2 s, a cosine transform in time up to 5 Hz, blocks
(posture, slow, fast; trunk, head, arms) scaled to fixed shares of variance, then principal components. Legs, hips and fingers are left out,
because most of the real data is of seated people without fingers. Its scale: real motion has a total variance of 1, so a body frozen in the
mean posture scores an FGD of 1. A learned encoder comes behind the same `Encoder`.

Files are plain npz, never pickles, with a size limit. Reading may raise `ValueError` naming file and mend. Not thread-bound.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.evaluation.arrays import Float64, windows
from motion.evaluation.beats import UPPER_BODY
from motion.kinematics import forward
from runtime.paths import models_dir

FPS: Final = 30.0
WINDOW_FRAMES: Final = 60
HOP_FRAMES: Final = 30
COEFFICIENTS: Final = 21
"""Cosine coefficient k is k/4 Hz in a window of 2 s: up to 5 Hz."""
MAX_FILE_BYTES: Final = 8 << 20
_CHANNELS: Final = 9
"""Per joint: 6-D rotation and position."""
_BANDS: Final = ((0, 1, 0.3), (1, 4, 0.35), (4, COEFFICIENTS, 0.35))
"""First and last coefficient and share of variance: posture, under 1 Hz, from 1 to 5 Hz."""
_PARTS: Final = ((0, 3, 0.15), (3, 5, 0.25), (5, 13, 0.60))
"""First and last of the 13 joints and share of variance: trunk, neck and head, arms."""


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


def cosine_basis(frames: int = WINDOW_FRAMES, coefficients: int = COEFFICIENTS) -> Float64:
    """Orthonormal DCT-II [coefficients, frames]."""
    k = np.arange(coefficients)[:, None]
    basis: Float64 = np.cos(np.pi * k * (np.arange(frames) + 0.5) / frames) * np.sqrt(2.0 / frames)
    basis[0] /= np.sqrt(2.0)
    return basis


def _spectrum(motion: NDArray[Any]) -> Float64:
    """Windows [n, 60, 13, 9] to coefficients [n, 21, 13, 9]."""
    out: Float64 = np.einsum("kt,ntjc->nkjc", cosine_basis(), np.asarray(motion, dtype=np.float64), optimize=True)
    return out


@dataclass(frozen=True, slots=True)
class PcaEncoder:
    """`pca-v1`; see the module's docstring.

    Attributes:
        mean: float64 [21, 13, 9], subtracted from the coefficients.
        components: float64 [21, 13, 9, d], block scales included; features are their products with what is left.
        name: name and version.
        sha256: hash of the file.
    """

    mean: Float64
    components: Float64
    name: str = "pca-v1"
    sha256: str = ""

    @property
    def window_frames(self) -> int:
        """Length of a window at 30 fps."""
        return WINDOW_FRAMES

    @property
    def dimensions(self) -> int:
        """Length of a feature vector."""
        return int(self.components.shape[-1])

    def encode(self, motion: NDArray[Any]) -> Float64:
        """Features [n, d] of windows [n, 60, 13, 9].

        Raises:
            ValueError: wrong shape, or values that are not finite.
        """
        if motion.ndim != 4 or motion.shape[1:] != (WINDOW_FRAMES, len(UPPER_BODY), _CHANNELS):
            raise ValueError(
                f"motion has shape {list(motion.shape)}; it must be [any, {WINDOW_FRAMES}, {len(UPPER_BODY)}, {_CHANNELS}]"
            )
        if not np.isfinite(motion).all():
            raise ValueError("motion holds values that are not finite; leave those windows out")
        out: Float64 = np.tensordot(_spectrum(motion) - self.mean, self.components, axes=3)
        return out

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the npz, float32; the same arrays give the same bytes (fixed times inside the archive)."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, array in (
                ("name", np.array(self.name)),
                ("mean", self.mean.astype(np.float32)),
                ("components", self.components.astype(np.float32)),
            ):
                entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(entry, "w") as file:
                    np.lib.format.write_array(file, array, allow_pickle=False)


def fit(motion: NDArray[Any], dimensions: int = 64) -> PcaEncoder:
    """Fit `pca-v1` to windows [n, 60, 13, 9] of real motion. Deterministic up to the rounding of the eigenvectors.

    Raises:
        ValueError: fewer windows than dimensions, or a body part that never moves.
    """
    if len(motion) <= dimensions:
        raise ValueError(f"{len(motion)} windows are too few for {dimensions} dimensions")
    spectrum = _spectrum(motion)
    mean = spectrum.mean(axis=0)
    spectrum -= mean
    scale = np.empty(mean.shape)
    for first, last, band_share in _BANDS:
        for begin, end, part_share in _PARTS:
            # Metres and 6-D rotations share a block half and half.
            for low, high in ((0, 6), (6, _CHANNELS)):
                block = np.s_[first:last, begin:end, low:high]
                variance = float(np.square(spectrum[(slice(None), *block)]).mean(axis=0).sum())
                if variance < 1e-12:
                    raise ValueError(
                        f"coefficients {first} to {last} of joints {begin} to {end} never change in these windows"
                    )
                scale[block] = np.sqrt(0.5 * band_share * part_share / variance)
    flat = (spectrum * scale).reshape(len(spectrum), -1)
    values, chosen = _principal(flat, dimensions)
    # Eigenvectors have no sign of their own: let the largest entry be positive.
    chosen = chosen * np.sign(chosen[np.abs(chosen).argmax(axis=0), np.arange(dimensions)])
    # Kept components carry all of the variance's unit, so that the frozen mean scores exactly 1 on the data of the fit.
    chosen = chosen / np.sqrt(values.sum())
    components = scale[..., None] * chosen.reshape(*mean.shape, dimensions)
    return PcaEncoder(mean=mean, components=components)


def _principal(rows: Float64, count: int) -> tuple[Float64, Float64]:
    """Greatest variances [count] and unit directions [d, count] of centred rows [n, d]; the smaller of both Gram matrices is solved."""
    n, d = rows.shape
    values, vectors = np.linalg.eigh((rows.T @ rows if d <= n else rows @ rows.T) / n)
    values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
    if d > n:
        vectors = rows.T @ vectors
        vectors = vectors / np.linalg.norm(vectors, axis=0)
    return values, vectors


def load(path: str | os.PathLike[str]) -> PcaEncoder:
    """Read an encoder that `PcaEncoder.save` wrote.

    Raises:
        ValueError: too large, no npz, a missing array or a wrong shape; names the file.
    """
    where = Path(path)
    try:
        size = where.stat().st_size
        if size > MAX_FILE_BYTES:
            raise ValueError(f"{where} has {size} bytes; an encoder has at most {MAX_FILE_BYTES}")
        data = where.read_bytes()
        with zipfile.ZipFile(where) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > 4 * MAX_FILE_BYTES:
                raise ValueError(f"{where} unpacks to {unpacked} bytes; an encoder has at most {4 * MAX_FILE_BYTES}")
        with np.load(where, allow_pickle=False) as arrays:
            name = str(arrays["name"])
            mean, components = arrays["mean"].astype(np.float64), arrays["components"].astype(np.float64)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise ValueError(f"{where} is no motion encoder ({error}); attune models verify motion-encoder-pca") from error
    wanted = (COEFFICIENTS, len(UPPER_BODY), _CHANNELS)
    if name != "pca-v1" or mean.shape != wanted or components.shape[:3] != wanted or components.ndim != 4:
        raise ValueError(
            f"{where} holds encoder {name!r} with arrays {mean.shape} and {components.shape}; pca-v1 needs {wanted}"
        )
    if not (np.isfinite(mean).all() and np.isfinite(components).all()):
        raise ValueError(f"{where} holds values that are not finite; attune models verify motion-encoder-pca")
    return PcaEncoder(mean, components, name, hashlib.sha256(data).hexdigest())


def shipped() -> PcaEncoder:
    """Read the encoder that comes with Attune.

    Raises:
        ValueError: its file is missing or broken.
    """
    return load(models_dir() / "motion-encoder-pca" / "pca_v1.npz")
