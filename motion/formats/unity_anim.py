"""Unity `.anim` text (YAML of an AnimationClip): local rotation and position curves of transforms, as a source clip.

Only what bodies need is read: `m_RotationCurves` and `m_PositionCurves` with their keys and slopes (cubic Hermite); compressed and Euler
curves are not. It is read line by line, not by a YAML library: Unity's tags are no standard YAML, and 3 MB would take seconds. Unity is
left-handed; x is mirrored into our right-handed axes (y up, facing +z). The file has no bind pose: the caller brings one. Faults are
UnityAnimError with file and line. Blocking; no state.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.retarget.source import MAX_JOINTS, RestPose, SourceClip, spans

Array = NDArray[Any]

MAX_BYTES: Final = 64 << 20
MAX_SECONDS: Final = 3_600.0
JUMP_RAD_S2: Final = float(np.radians(13_000.0))
"""Angular acceleration of a joint that conversation does not reach: nine of ten Rocketbox clips stay under 9,200 degrees/s2, the splices
of the MoveBox clip reach 13,200 to 17,800 (frames 50, 327, 395, 546)."""
MOVEBOX_FAULTS: Final = ((50, 76), (327, 327), (395, 395), (546, 546), (929, 949))
"""Spliced stretches of `RB_conversation_nolips.anim`: found by eye, and the four that `jumps` finds among them."""

_SECTION: Final = re.compile(r"^  m_(\w+):")
_NUMBER: Final = r"([-+0-9.eE]+|Infinity|-Infinity|NaN)"
_VECTOR: Final = re.compile(
    rf"^\s+(value|inSlope|outSlope): \{{x: {_NUMBER}, y: {_NUMBER}, z: {_NUMBER}(?:, w: {_NUMBER})?\}}"
)
_TIME: Final = re.compile(rf"^\s+time: {_NUMBER}\s*$")


class UnityAnimError(ValueError):
    """A Unity animation that cannot be read; the message names file, line and fault."""


@dataclass(slots=True)
class _Curve:
    path: str = ""
    times: list[float] = field(default_factory=list)
    value: list[list[float]] = field(default_factory=list)
    inSlope: list[list[float]] = field(default_factory=list)
    outSlope: list[list[float]] = field(default_factory=list)


def read(
    source: str | os.PathLike[str] | IO[bytes],
    rest: Callable[[tuple[str, ...]], RestPose],
    fps: float = 30.0,
) -> SourceClip:
    """Read a clip.

    Args:
        source: path or open binary file.
        rest: makes the bind pose for the joints that the file has (their last path parts, e.g. `Bip01 Head`).
        fps: frames per second of the result.

    Raises:
        UnityAnimError: the file is none, is cut off, or is too large.
        ValueError: the rate is not positive.
        OSError: the file cannot be opened.
    """
    if not (np.isfinite(fps) and fps > 0):
        raise ValueError(f"fps is {fps}; it must be positive")
    if isinstance(source, str | os.PathLike):
        with open(source, "rb") as file:
            return _read(file.read(MAX_BYTES + 1), str(Path(source)), rest, fps)
    return _read(source.read(MAX_BYTES + 1), "Unity animation", rest, fps)


def _read(data: bytes, name: str, rest: Callable[[tuple[str, ...]], RestPose], fps: float) -> SourceClip:
    if len(data) > MAX_BYTES:
        raise UnityAnimError(f"{name}: larger than {MAX_BYTES >> 20} MiB")
    curves, title = _curves(data.decode("utf-8", errors="replace"), name)
    turns, moves = curves["RotationCurves"], curves["PositionCurves"]
    if not turns:
        raise UnityAnimError(f"{name}: no m_RotationCurves; is it a Unity AnimationClip saved as text?")
    paths = sorted(turns, key=lambda path: (path.count("/") + bool(path), path))
    if len(paths) > MAX_JOINTS:
        raise UnityAnimError(f"{name}: {len(paths)} curves; at most {MAX_JOINTS} can be read")
    end = max(curve.times[-1] for curve in turns.values())
    wanted = np.arange(int(np.floor(end * fps + 1e-4)) + 1) / fps
    rotations = np.empty((len(wanted), len(paths), 4))
    translations = np.zeros((len(wanted), len(paths), 3))
    for row, path in enumerate(paths):
        x, y, z, w = rot.normalise(_hermite(turns[path], wanted)).T
        rotations[:, row] = np.stack([x, -y, -z, w], axis=-1)
        if path in moves:
            translations[:, row] = _hermite(moves[path], wanted) * np.array([-1.0, 1.0, 1.0])
    joints = tuple(path.rsplit("/", 1)[-1] for path in paths)
    parents = tuple(_parent(path, paths) for path in paths)
    return SourceClip(title, fps, joints, parents, rotations, translations, rest(joints))


def _parent(path: str, paths: Sequence[str]) -> int:
    while path:
        path = path.rpartition("/")[0]
        if path in paths:
            return paths.index(path)
    return -1


def _curves(text: str, name: str) -> tuple[dict[str, dict[str, _Curve]], str]:
    """Curves of each section by the transform's path, and the clip's name."""
    found: dict[str, dict[str, _Curve]] = {"RotationCurves": {}, "PositionCurves": {}}
    section, title, curve = "", "clip", _Curve()
    for number, line in _unfolded(text):
        here = f"{name}, line {number}"
        if head := _SECTION.match(line):
            section, curve = head[1], _Curve()
            if section == "Name":
                title = line.partition(":")[2].strip()[:128] or title
        elif section not in found:
            continue
        elif line.startswith("  - curve:"):
            curve = _Curve()
        elif moment := _TIME.match(line):
            curve.times.append(_number(moment[1], here))
        elif vector := _VECTOR.match(line):
            getattr(curve, vector[1]).append([_number(word, here) for word in vector.groups()[1:] if word is not None])
        elif line.startswith("    path:"):
            curve.path = line.partition(":")[2].strip()
            _check(curve, 4 if section == "RotationCurves" else 3, here)
            found[section][curve.path] = curve
    return found, title


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their number; YAML folds long vectors and paths at 80 columns, and the rest is joined on again."""
    held, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        vector_open = ("{" in held) > ("}" in held) and len(held) < 1_000
        path_goes_on = held.startswith("    path:") and line.startswith("      ") and ":" not in line
        if vector_open or path_goes_on:
            held += " " + line.strip()
        else:
            if held:
                yield first, held
            held, first = line, number
    if held:
        yield first, held


def _number(word: str, here: str) -> float:
    # Unity writes infinite slopes for steps; `_hermite` holds there.
    try:
        value = float(word.replace("Infinity", "inf"))
    except ValueError:
        raise UnityAnimError(f"{here}: {word[:30]!r} is not a number") from None
    if np.isnan(value):
        raise UnityAnimError(f"{here}: a number is not finite")
    return value


def _check(curve: _Curve, width: int, here: str) -> None:
    keys = len(curve.times)
    rows = (curve.value, curve.inSlope, curve.outSlope)
    if not keys or any(len(part) != keys or any(len(v) != width for v in part) for part in rows):
        raise UnityAnimError(f"{here}: curve {curve.path[-60:]!r} has keys without value or slopes")
    if not np.isfinite(curve.value).all() or not 0.0 <= curve.times[0] <= curve.times[-1] <= MAX_SECONDS:
        raise UnityAnimError(
            f"{here}: curve {curve.path[-60:]!r} has values that are not finite or times out of 0 to {MAX_SECONDS:.0f} s"
        )
    if (np.diff(curve.times) < 0).any():
        raise UnityAnimError(f"{here}: curve {curve.path[-60:]!r} has times that go back")


def _hermite(curve: _Curve, wanted: Array) -> Array:
    times, value = np.array(curve.times), np.array(curve.value)
    into, out = np.array(curve.inSlope), np.array(curve.outSlope)
    low, share = spans(times, wanted)
    high = np.minimum(low + 1, len(times) - 1)
    t, width = share[:, None], (times[high] - times[low])[:, None]
    leave, arrive = out[low], into[high]
    step = ~(np.isfinite(leave) & np.isfinite(arrive))
    leave, arrive = np.where(step, 0.0, leave), np.where(step, 0.0, arrive)
    smooth = (
        (2 * t**3 - 3 * t**2 + 1) * value[low]
        + (t**3 - 2 * t**2 + t) * width * leave
        + (3 * t**2 - 2 * t**3) * value[high]
        + (t**3 - t**2) * width * arrive
    )
    held = np.where(t >= 1.0, value[high], value[low])
    return np.where(step, held, smooth)


def jumps(source: SourceClip, joints: Sequence[str], bound_rad_s2: float = JUMP_RAD_S2) -> list[int]:
    """Frames at which a joint's angular velocity changes faster than a conversing person can change it.

    Args:
        source: the clip.
        joints: names of the joints to watch; those that the clip lacks are passed over.
        bound_rad_s2: angular acceleration that counts as a jump.
    """
    watched = [source.joints.index(joint) for joint in joints if joint in source.joints]
    turns = source.rotations[:, watched]
    velocity = rot.log(rot.multiply(rot.conjugate(turns[:-1]), turns[1:])) * source.fps
    change = np.linalg.norm(np.diff(velocity, axis=0), axis=-1) * source.fps
    return [int(frame) + 1 for frame in np.flatnonzero((change > bound_rad_s2).any(axis=1))]


def without(source: SourceClip, faults: Sequence[tuple[int, int]], least_s: float = 1.0) -> list[SourceClip]:
    """Pieces of a clip between faulty stretches of frames.

    Args:
        source: the clip.
        faults: first and last faulty frame of each stretch.
        least_s: pieces shorter than this are dropped.

    Returns:
        The pieces, named `name@frame`; the clip itself where there is no fault.
    """
    if not faults:
        return [source]
    pieces, start = [], 0
    for first, last in [*sorted(faults), (len(source), len(source))]:
        if first - start >= max(1.0, least_s * source.fps):
            pieces.append(source.cut(start, first))
        start = max(start, last + 1)
    return pieces
