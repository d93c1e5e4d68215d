"""BVH: write (whole or as a stream) and read.

Written files use centimetres, degrees, the joint names (or others: `names`) and rest pose (T-pose) of this skeleton, rotation channels in
the order `Zrotation Xrotation Yrotation` (or another), and fixed decimals, so that equal motion gives equal bytes. The writer takes frames
one at a time and keeps none: an hour of motion costs no memory. The reader takes any BVH whose joint names and rest pose are this
skeleton's, in any joint order and rotation order; it reads line by line and names the line of a fault. Hand shapes have no place in BVH and
are lost.
"""

from __future__ import annotations

import io
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import HAND_SIZE, Clip, Pose
from motion.skeleton import END_OFFSETS_M, HIPS_HEIGHT_M, INDEX, JOINT_COUNT, PARENTS, REST_OFFSETS_M
from runtime.vocabulary import BODY_JOINTS

CENTIMETRES: Final = 100.0
_POSITION_FORMAT: Final = "%.5f"
_ANGLE_FORMAT: Final = "%.5f"
_FRAMES_WIDTH: Final = 10
"""The number of frames is filled in when a streamed file is closed; this many characters are kept for it."""
MAX_FRAMES: Final = 24 * 3_600 * 120
"""A file that claims more frames than a day at 120 Hz is refused."""
_MAX_JOINTS: Final = 512


def _depth_first() -> tuple[int, ...]:
    order: list[int] = []

    def visit(joint: int) -> None:
        order.append(joint)
        for child in range(JOINT_COUNT):
            if PARENTS[child] == joint:
                visit(child)

    visit(0)
    return tuple(order)


_ORDER: Final = _depth_first()


def _hierarchy(order: str, names: Mapping[str, str]) -> str:
    letters = order.upper()
    rot.from_euler(np.zeros(3), letters)  # checks the order
    channels = " ".join(f"{letter}rotation" for letter in letters)
    lines = ["HIERARCHY"]

    def offset(x: float, y: float, z: float) -> str:
        return f"OFFSET {x * CENTIMETRES:.4f} {y * CENTIMETRES:.4f} {z * CENTIMETRES:.4f}"

    def visit(joint: int, depth: int) -> None:
        pad = "  " * depth
        name = BODY_JOINTS[joint]
        lines.append(f"{pad}{'ROOT' if depth == 0 else 'JOINT'} {names.get(name, name)}")
        lines.append(f"{pad}{{")
        x, y, z = REST_OFFSETS_M[joint] if depth else (0.0, 0.0, 0.0)
        lines.append(f"{pad}  {offset(float(x), float(y), float(z))}")
        position = "6 Xposition Yposition Zposition" if depth == 0 else "3"
        lines.append(f"{pad}  CHANNELS {position} {channels}")
        children = [child for child in range(JOINT_COUNT) if PARENTS[child] == joint]
        for child in children:
            visit(child, depth + 1)
        if not children:
            lines.extend([f"{pad}  End Site", f"{pad}  {{", f"{pad}    {offset(*END_OFFSETS_M[name])}", f"{pad}  }}"])
        lines.append(f"{pad}}}")

    visit(0, 0)
    return "\n".join(lines) + "\n"


class BvhWriter:
    """Streams poses into a BVH file; use as a context manager.

    Not safe for several threads. The frame count in the header is right once the writer is closed.
    """

    def __init__(
        self,
        target: str | os.PathLike[str] | IO[bytes],
        fps: float,
        order: str = "ZXY",
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Write the header.

        Args:
            target: path, or an open seekable binary file, which stays open.
            fps: frames per second.
            order: rotation channels, a permutation of XYZ.
            names: of our joints in the file, where they differ (`motion.retarget.tables`).

        Raises:
            ValueError: the rate is not positive or the order is none.
            OSError: the file cannot be written.
        """
        if not (math.isfinite(fps) and fps > 0):
            raise ValueError(f"BVH: fps is {fps}; it must be positive")
        self._rotation_order = order.upper()
        header = _hierarchy(order, names)
        self._owned = isinstance(target, str | os.PathLike)
        # Open as long as the writer is: `close` closes it.
        self._file: IO[bytes] = open(target, "wb") if isinstance(target, str | os.PathLike) else target  # noqa: SIM115
        self.frames = 0
        """Frames written so far."""
        self._closed = False
        self._file.write(f"{header}MOTION\nFrames: ".encode("ascii"))
        self._count_at = self._file.tell()
        self._file.write(f"{0:<{_FRAMES_WIDTH}d}\nFrame Time: {1.0 / fps:.8f}\n".encode("ascii"))
        self._row = " ".join([_POSITION_FORMAT] * 3 + [_ANGLE_FORMAT] * (3 * JOINT_COUNT)) + "\n"

    def write(self, pose: Pose) -> None:
        """Append one frame."""
        local = pose.rotations.astype(np.float64)[list(_ORDER)]
        degrees = np.degrees(rot.to_euler(rot.normalise(local), self._rotation_order))
        hips = (np.asarray(pose.hips_m, dtype=np.float64) + REST_OFFSETS_M[0]) * CENTIMETRES
        numbers = np.concatenate([hips, degrees.ravel()])
        # Rounding before formatting, and adding 0, keeps "-0.00000" from standing for zero.
        self._file.write((self._row % tuple((np.round(numbers, 5) + 0.0).tolist())).encode("ascii"))
        self.frames += 1

    def close(self) -> None:
        """Fill in the number of frames and close the file that this writer opened."""
        if self._closed:
            return
        self._closed = True
        end = self._file.tell()
        self._file.seek(self._count_at)
        self._file.write(f"{self.frames:<{_FRAMES_WIDTH}d}".encode("ascii"))
        self._file.seek(end)
        if self._owned:
            self._file.close()
        else:
            self._file.flush()

    def __enter__(self) -> BvhWriter:
        """Return the writer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, also after an error: what was written stays readable."""
        self.close()


def write(
    target: str | os.PathLike[str] | IO[bytes],
    poses: Clip | Iterable[Pose],
    fps: float | None = None,
    order: str = "ZXY",
    names: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """Write a clip, or poses from an iterator without keeping them.

    Args:
        target: path or open seekable binary file.
        poses: a clip, or poses at `fps`.
        fps: frames per second; needed unless a clip says it.
        order: rotation channels.
        names: of our joints in the file, where they differ.

    Returns:
        The number of frames.

    Raises:
        ValueError: no rate, or the rotation order is none.
    """
    if isinstance(poses, Clip):
        clip = poses
        fps = clip.fps if fps is None else fps
        poses = (clip.pose(index) for index in range(len(clip)))
    if fps is None:
        raise ValueError("BVH: fps is needed to write poses that are not a clip")
    with BvhWriter(target, fps, order, names) as writer:
        for pose in poses:
            writer.write(pose)
        return writer.frames


def to_bytes(clip: Clip, order: str = "ZXY") -> bytes:
    """Return the file's content."""
    buffer = io.BytesIO()
    write(buffer, clip, order=order)
    return buffer.getvalue()


# ---------------------------------------------------------------- reading


class BvhError(ValueError):
    """A BVH file that cannot be read; the message names file, line and fault."""


@dataclass(slots=True)
class _Joint:
    name: str
    parent: int
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    channels: list[str] = field(default_factory=list)


class _Lines:
    def __init__(self, file: IO[str], name: str) -> None:
        self._lines: Iterator[str] = iter(file)
        self.name = name
        self.number = 0

    def next(self) -> list[str]:
        """Words of the next line that is not empty."""
        for line in self._lines:
            self.number += 1
            if self.number == 1:
                line = line.removeprefix("\ufeff")
            words = line.split()
            if words:
                return words
        raise self.error("the file ends too early")

    def error(self, text: str) -> BvhError:
        return BvhError(f"{self.name}, line {self.number}: {text}")

    def numbers(self, words: list[str], count: int) -> list[float]:
        if len(words) != count:
            raise self.error(f"{len(words)} numbers where {count} belong")
        try:
            values = [float(word) for word in words]
        except ValueError as error:
            raise self.error(f"not a number: {str(error)[:80]}") from None
        if not all(map(math.isfinite, values)):
            raise self.error("a number is not finite")
        return values


_CHANNEL = re.compile(r"^([XYZ])(position|rotation)$")


def _read_hierarchy(lines: _Lines) -> list[_Joint]:
    if lines.next()[0].upper() != "HIERARCHY":
        raise lines.error("a BVH file begins with HIERARCHY")
    joints: list[_Joint] = []
    stack: list[int] = []
    in_end_site = False
    pending = -1
    while True:
        words = lines.next()
        head = words[0]
        if head in ("ROOT", "JOINT") and len(words) >= 2:
            if len(joints) >= _MAX_JOINTS:
                raise lines.error(f"more than {_MAX_JOINTS} joints")
            if (head == "ROOT") != (not joints):
                raise lines.error("there must be one ROOT, first")
            joints.append(_Joint(" ".join(words[1:]), stack[-1] if stack else -1))
            pending = len(joints) - 1
        elif head == "End":
            in_end_site, pending = True, -2
        elif head == "{":
            stack.append(pending)
        elif head == "}":
            if not stack:
                raise lines.error("a brace too many")
            if stack.pop() == -2:
                in_end_site = False
            if not stack:
                return joints
        elif head == "OFFSET" and stack:
            x, y, z = lines.numbers(words[1:], 3)
            if not in_end_site:
                joints[stack[-1]].offset = (x, y, z)
        elif head == "CHANNELS" and stack and not in_end_site:
            names = words[2:]
            if len(words) < 2 or not words[1].isdigit() or int(words[1]) != len(names):
                raise lines.error("CHANNELS says another number than it lists")
            if any(not _CHANNEL.match(name) for name in names) or len(set(names)) != len(names):
                raise lines.error(f"unknown or doubled channel in {' '.join(names)[:80]}")
            joints[stack[-1]].channels = names
        else:
            raise lines.error(f"unexpected {head[:40]!r}")


def _layout(joints: list[_Joint], name: str) -> tuple[list[tuple[int, int, str]], list[int], int]:
    """Return per known joint (row, column of its rotation, order), columns of the hips' position, and number of columns."""
    found: list[tuple[int, int, str]] = []
    position = [-1, -1, -1]
    column = 0
    for joint in joints:
        rotation = [
            (column + i, channel[0]) for i, channel in enumerate(joint.channels) if channel.endswith("rotation")
        ]
        if joint.name in INDEX:
            if rotation:
                order = "".join(letter for _, letter in rotation)
                first = rotation[0][0]
                if sorted(order) != ["X", "Y", "Z"] or [at for at, _ in rotation] != [first, first + 1, first + 2]:
                    raise BvhError(
                        f"{name}: joint {joint.name} needs three rotation channels side by side, not {order!r}"
                    )
                found.append((INDEX[joint.name], first, order))
            if joint.parent < 0:
                for i, channel in enumerate(joint.channels):
                    if channel.endswith("position"):
                        position["XYZ".index(channel[0])] = column + i
        column += len(joint.channels)
    if not found:
        raise BvhError(
            f"{name}: none of its {len(joints)} joints has a name of this skeleton (hips, spine, leftUpperArm, ...)"
        )
    return found, position, column


def read(source: str | os.PathLike[str] | IO[bytes]) -> Clip:
    """Read a BVH file with joint names and rest pose of this skeleton; joints that it lacks stay at rest.

    Raises:
        BvhError: the file is no BVH, is cut off, or has none of the joints; the message names the place.
        OSError: the file cannot be opened.
    """
    if isinstance(source, str | os.PathLike):
        with open(source, "rb") as file:
            return _read(file, str(Path(source)))
    return _read(source, "BVH stream")


def _read(file: IO[bytes], name: str) -> Clip:
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace")
    try:
        lines = _Lines(text, name)
        joints = _read_hierarchy(lines)
        found, position, columns = _layout(joints, name)
        frames, fps = _read_motion_header(lines)
        data = _read_rows(lines, frames, columns)
    finally:
        text.detach()
    rotations = np.zeros((frames, JOINT_COUNT, 4), dtype=np.float32)
    rotations[..., 3] = 1.0
    for row, first, order in found:
        rotations[:, row] = rot.from_euler(np.radians(data[:, first : first + 3]), order)
    hips = np.zeros((frames, 3), dtype=np.float32)
    if min(position) >= 0:
        # In metres above our rest height; a skeleton of another size keeps its own height.
        rest = HIPS_HEIGHT_M * CENTIMETRES if joints[0].offset == (0.0, 0.0, 0.0) else joints[0].offset[1]
        hips[:] = (data[:, position] - np.array([0.0, rest, 0.0])) / CENTIMETRES
    return Clip(fps, rotations, hips, np.zeros((frames, 2, HAND_SIZE), dtype=np.float32))


def _read_motion_header(lines: _Lines) -> tuple[int, float]:
    if lines.next()[0].upper() != "MOTION":
        raise lines.error("MOTION belongs here")
    words = lines.next()
    if len(words) != 2 or words[0] != "Frames:" or not words[1].isdigit():
        raise lines.error("'Frames: N' belongs here")
    frames = int(words[1])
    if not 0 < frames <= MAX_FRAMES:
        raise lines.error(f"{frames} frames; between 1 and {MAX_FRAMES} can be read")
    words = lines.next()
    if words[:2] != ["Frame", "Time:"]:
        raise lines.error("'Frame Time: seconds' belongs here")
    (step,) = lines.numbers(words[2:], 1)
    if not 1e-4 <= step <= 10.0:
        raise lines.error(f"a frame time of {step} s cannot be right")
    return frames, 1.0 / step


def _read_rows(lines: _Lines, frames: int, columns: int) -> NDArray[np.float64]:
    # The claimed count is not trusted with memory: blocks grow with what is really there.
    blocks: list[NDArray[np.float64]] = []
    rows: list[list[float]] = []
    for index in range(frames):
        try:
            words = lines.next()
        except BvhError:
            raise lines.error(f"the header says {frames} frames, but only {index} are there") from None
        rows.append(lines.numbers(words, columns))
        if len(rows) == 4_096:
            blocks.append(np.array(rows))
            rows = []
    if rows:
        blocks.append(np.array(rows))
    return np.concatenate(blocks)
