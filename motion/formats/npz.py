"""Our own clip file: a NumPy `.npz` with named arrays, read without pickle.

Arrays: `format` ("attune-clip"), `version` (1), `fps`, `joints` (our 22 names in order), `rotations` float32 [T, 22, 4] local
quaternions x, y, z, w, `hips_m` float32 [T, 3], `hands` float32 [T, 2, 6], and optionally `expressions` float32 [T, E] with
`expression_names`. A file may hold the joints in another order. Every fault is one NpzError that names file, array and mend.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from motion.clip import HAND_SIZE, Clip
from motion.skeleton import JOINT_COUNT
from runtime.vocabulary import BODY_JOINTS

FORMAT: Final = "attune-clip"
VERSION: Final = 1
MAX_BYTES: Final = 4 << 30
"""Unpacked size at which a file is refused before anything is unpacked."""
MAX_ARRAYS: Final = 4_096


class NpzError(ValueError):
    """An NPZ file that cannot be read; the message names file, array and fault."""


class NpzArrays:
    """The arrays of an NPZ file, read one at a time; use as a context manager. Not safe for several threads."""

    def __init__(self, source: str | os.PathLike[str] | IO[bytes]) -> None:
        """Open the file and check its directory.

        Raises:
            NpzError: it is no NPZ file, or it would unpack to more than `MAX_BYTES`.
            OSError: it cannot be opened.
        """
        self.name = str(Path(source)) if isinstance(source, str | os.PathLike) else "NPZ stream"
        try:
            self._zip = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
            raise NpzError(f"{self.name}: not an NPZ file ({str(error)[:80]}); write one with numpy.savez") from None
        infos = self._zip.infolist()
        if len(infos) > MAX_ARRAYS or sum(info.file_size for info in infos) > MAX_BYTES:
            self._zip.close()
            raise NpzError(
                f"{self.name}: more than {MAX_ARRAYS} arrays or {MAX_BYTES >> 30} GiB unpacked; split the file"
            )
        self._names = {info.filename.removesuffix(".npy"): info.filename for info in infos}

    def __enter__(self) -> NpzArrays:
        """Return the open file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the arrays."""
        return tuple(self._names)

    def get(
        self, key: str, kinds: str, shape: tuple[int | None, ...] | None = None, *, finite: bool = True
    ) -> NDArray[Any]:
        """Read one array.

        Args:
            key: its name.
            kinds: allowed numpy kinds, e.g. "f" for floating, "iu" for whole numbers, "U" for text.
            shape: wanted shape; None stands for any length.
            finite: refuse numbers that are not.

        Raises:
            NpzError: it is absent, holds objects, has another kind or shape, or holds a number that is not finite.
        """
        if key not in self._names:
            raise NpzError(f"{self.name}: array {key!r} is absent; found {', '.join(list(self._names)[:12]) or 'none'}")
        try:
            with self._zip.open(self._names[key]) as file:
                array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
        except (
            ValueError,
            EOFError,
            OSError,
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            MemoryError,
        ) as error:
            raise NpzError(
                f"{self.name}: array {key!r} cannot be read ({str(error)[:120]}); the file is damaged"
            ) from None
        if array.dtype.kind not in kinds:
            raise NpzError(f"{self.name}: array {key!r} has type {array.dtype}; kinds {kinds!r} belong there")
        if shape is not None and (
            array.ndim != len(shape)
            or any(want not in (None, got) for got, want in zip(array.shape, shape, strict=True))
        ):
            wanted = ", ".join("any" if want is None else str(want) for want in shape)
            raise NpzError(f"{self.name}: array {key!r} has shape {array.shape}; it must be ({wanted})")
        if finite and array.dtype.kind == "f" and not np.isfinite(array).all():
            raise NpzError(
                f"{self.name}: array {key!r} holds numbers that are not finite; repair or leave out those frames"
            )
        return array


def unit_quaternions(array: NDArray[Any], where: str) -> NDArray[np.float64]:
    """Normalise stored quaternions (they may have been rounded to half precision).

    Raises:
        NpzError: a length differs from 1 by more than 5 %.
    """
    wide = array.astype(np.float64)
    length = np.sqrt(np.einsum("...i,...i->...", wide, wide))
    if wide.size and (length.min() < 0.95 or length.max() > 1.05):
        raise NpzError(f"{where}: a quaternion has length {length.min():.3f} to {length.max():.3f}; it must be 1")
    out: NDArray[np.float64] = wide / length[..., None]
    return out


def write(
    target: str | os.PathLike[str] | IO[bytes],
    clip: Clip,
    expressions: NDArray[np.float32] | None = None,
    expression_names: Iterable[str] = (),
) -> None:
    """Write a clip, compressed.

    Args:
        target: path (taken as it is) or an open binary file.
        clip: the motion.
        expressions: float [T, E], weights of the face, or None.
        expression_names: E names for them.

    Raises:
        ValueError: the expressions do not fit the clip or their names.
        OSError: the file cannot be written.
    """
    arrays: dict[str, Any] = {
        "format": np.array(FORMAT),
        "version": np.array(VERSION),
        "fps": np.array(float(clip.fps)),
        "joints": np.array(BODY_JOINTS),
        "rotations": clip.rotations.astype(np.float32),
        "hips_m": clip.hips_m.astype(np.float32),
        "hands": clip.hands.astype(np.float32),
    }
    names = tuple(expression_names)
    if expressions is not None:
        if expressions.shape != (len(clip), len(names)):
            raise ValueError(f"expressions have shape {expressions.shape}; it must be ({len(clip)}, {len(names)})")
        arrays["expressions"] = expressions.astype(np.float32)
        arrays["expression_names"] = np.array(names)
    if isinstance(target, str | os.PathLike):
        with open(target, "wb") as file:
            np.savez_compressed(file, **arrays)
    else:
        np.savez_compressed(target, **arrays)


def read(source: str | os.PathLike[str] | IO[bytes]) -> Clip:
    """Read a clip that `write` wrote.

    Raises:
        NpzError: the file is none, is damaged, or is of a newer version.
        OSError: the file cannot be opened.
    """
    with NpzArrays(source) as arrays:
        kind = arrays.get("format", "U", ())
        if str(kind) != FORMAT:
            raise NpzError(f"{arrays.name}: format is {str(kind)[:40]!r}; {FORMAT!r} belongs there")
        version = int(arrays.get("version", "iu", ()))
        if version != VERSION:
            raise NpzError(f"{arrays.name}: version {version}; this program reads version {VERSION}")
        fps = float(arrays.get("fps", "fiu", ()))
        joints = [str(name) for name in arrays.get("joints", "U", (JOINT_COUNT,))]
        if sorted(joints) != sorted(BODY_JOINTS):
            odd = next(name for name in joints if name not in BODY_JOINTS or joints.count(name) > 1)
            raise NpzError(f"{arrays.name}: joints has {odd[:40]!r}; they must be the 22 of this skeleton, each once")
        rotations = arrays.get("rotations", "f", (None, JOINT_COUNT, 4))
        frames = rotations.shape[0]
        hips = arrays.get("hips_m", "f", (frames, 3))
        hands = arrays.get("hands", "f", (frames, 2, HAND_SIZE))
        if not (np.isfinite(fps) and fps > 0) or not frames:
            raise NpzError(f"{arrays.name}: {frames} frames at {fps} fps; both must be positive")
        turns = unit_quaternions(rotations, f"{arrays.name}: array 'rotations'")[
            :, [joints.index(name) for name in BODY_JOINTS]
        ]
        return Clip(fps, turns.astype(np.float32), hips.astype(np.float32), hands.astype(np.float32))


def read_expressions(source: str | os.PathLike[str] | IO[bytes]) -> tuple[NDArray[np.float32], tuple[str, ...]] | None:
    """Read the face weights [T, E] of a clip file and their names; None where it has none.

    Raises:
        NpzError: the arrays do not fit each other.
    """
    with NpzArrays(source) as arrays:
        if "expressions" not in arrays.names:
            return None
        names = tuple(str(name) for name in arrays.get("expression_names", "U", (None,)))
        return arrays.get("expressions", "f", (None, len(names))).astype(np.float32), names
