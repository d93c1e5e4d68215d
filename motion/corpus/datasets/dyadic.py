"""Dyads with one sound file of two channels, in the layout of Audio2Photoreal (Ng et al. 2024) or with rotations by joint name.

    FOLDER[/PERSON]/scene01_audio.wav         two channels; the person who moves is on channel 0
                   /scene01_motion.npz        joints U[J], parents i[J], quat_xyzw f[T, J, 4], root f[T, 3], offsets f[J, 3], fps;
                                              optional rest_xyzw f[J, 4], subject_channel, bones_ours U[K], bones_theirs U[K]
                   /scene01_body_pose.npy     or: f[T, 104] at 30 fps of Audio2Photoreal's own rig, with rig.npz here or in FOLDER

Layout, channels and rate after README.md of facebookresearch/audio2photoreal (1600 T samples at 48 kHz for T poses). Those 104 numbers are
parameters of a rig that does not come with the download: which joint turns about what is known to the body model alone. So `_body_pose.npy`
is read only with `rig.npz`, which docs/training.md makes from that model; it is what `visualize/ca_body/utils/lbs.py` computes with:

    joints U[J], parents i[J], offsets f[J, 3] (cm), prerotation_xyzw f[J, 4], transform f[7 J, P >= 104], optional transform_offsets f[7 J]

Rows of `transform` are tx, ty, tz, rx, ry, rz, scale of each joint; rotations are Rz Ry Rx after the pre-rotation. Scales are shape, not
motion, and taken for 1. Joints whose names no table knows are named by bones_ours and bones_theirs, in rig.npz or motion.npz.
Faults are `ValueError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.corpus.datasets import sound
from motion.corpus.datasets.files import files_under
from motion.corpus.datasets.recording import FPS, NO_SOUND, Note, Recording, Source
from motion.corpus.datasets.skeletons import onto_ours
from motion.formats.npz import NpzArrays, unit_quaternions
from motion.retarget import NamedSkeleton, RestPose, SourceClip
from motion.retarget.source import forward
from runtime.vocabulary import BODY_JOINTS

LOOKS_FOR: Final = "PERSON/sceneNN_audio.wav with sceneNN_motion.npz, or with sceneNN_body_pose.npy and rig.npz"
POSE_SIZE: Final = 104
MAX_POSE_BYTES: Final = 1 << 30
_MOTION: Final = "_motion.npz"
_POSE: Final = "_body_pose.npy"
_UNITS_PER_M: Final = 100.0


def _scenes(folder: Path) -> list[Path]:
    rotations = [path for path in files_under(folder, _MOTION)]
    known = {path.with_name(path.name.removesuffix(_MOTION) + _POSE) for path in rotations}
    return sorted([*rotations, *(path for path in files_under(folder, _POSE) if path not in known)])


def recognises(folder: Path) -> bool:
    """Whether the folder holds what this loader reads."""
    return bool(_scenes(folder))


def sources(folder: Path, note: Note) -> Iterator[Source]:
    """List the recordings; nothing is read."""
    for path in _scenes(folder):
        yield Source(path, partial(_read, path, folder, note))


def _read(path: Path, folder: Path, note: Note) -> Recording:
    scene = path.name.removesuffix(_MOTION).removesuffix(_POSE)
    person = "/".join(path.relative_to(folder).parts[:-1])
    source, skeleton, channel = _from_rotations(path) if path.name.endswith(_MOTION) else _from_parameters(path, folder)
    wave = path.with_name(f"{scene}_audio.wav")
    agent = user = NO_SOUND
    if wave.is_file():
        agent, user = sound.two_people(wave, channel)
    else:
        note(f"{path}: {wave.name} is absent; both people's speech is taken for silence")
    return Recording(
        name=f"dyadic/{person}/{scene}" if person else f"dyadic/{scene}",
        actor=person,
        session=scene,  # both people of one conversation have folders of their own and equal numbers
        emotion="",
        clip=onto_ours(source, path, skeleton=skeleton),
        agent=agent,
        user=user,
    )


def _names(arrays: NpzArrays) -> tuple[tuple[str, ...], tuple[int, ...], NamedSkeleton | None]:
    """Joints, parents, and the table that the file brings itself."""
    joints = tuple(str(name) for name in arrays.get("joints", "U", (None,)))
    parents = tuple(int(parent) for parent in arrays.get("parents", "iu", (len(joints),)))
    if "bones_ours" not in arrays.names:
        return joints, parents, None
    ours = [str(name) for name in arrays.get("bones_ours", "U", (None,))]
    theirs = [str(name) for name in arrays.get("bones_theirs", "U", (len(ours),))]
    unknown = [name for name in ours if name not in BODY_JOINTS]
    if unknown:
        raise ValueError(f"{arrays.name}: bones_ours has {unknown[0][:40]!r}; known are {', '.join(BODY_JOINTS)}")
    return joints, parents, NamedSkeleton(Path(arrays.name).stem, dict(zip(ours, theirs, strict=True)))


def _from_rotations(path: Path) -> tuple[SourceClip, NamedSkeleton | None, int]:
    with NpzArrays(path) as arrays:
        joints, parents, skeleton = _names(arrays)
        count = len(joints)
        turns = unit_quaternions(arrays.get("quat_xyzw", "f", (None, count, 4)), f"{path}: array 'quat_xyzw'")
        root = arrays.get("root", "f", (len(turns), 3)).astype(np.float64)
        offsets = arrays.get("offsets", "f", (count, 3)).astype(np.float64)
        rest = np.tile(rot.IDENTITY, (count, 1))
        if "rest_xyzw" in arrays.names:
            rest = unit_quaternions(arrays.get("rest_xyzw", "f", (count, 4)), f"{path}: array 'rest_xyzw'")
        fps = float(arrays.get("fps", "fiu", ()))
        channel = int(arrays.get("subject_channel", "iu", ())) if "subject_channel" in arrays.names else 0
    moves = np.repeat(offsets[None], len(turns), axis=0)
    moves[:, [row for row, parent in enumerate(parents) if parent < 0]] = root[:, None]
    return _clip(path, fps, joints, parents, turns, moves, rest, offsets), skeleton, channel


def _from_parameters(path: Path, folder: Path) -> tuple[SourceClip, NamedSkeleton | None, int]:
    rig = next((place / "rig.npz" for place in (path.parent, folder) if (place / "rig.npz").is_file()), None)
    if rig is None:
        motion = path.name.removesuffix(_POSE) + _MOTION
        raise ValueError(
            f"{path} holds {POSE_SIZE} parameters of Audio2Photoreal's own rig, which the download lacks, so its joints are unknown; "
            f"put rig.npz beside it (docs/training.md makes it from the body model), or give rotations in {motion}"
        )
    poses = _poses(path)
    with NpzArrays(rig) as arrays:
        joints, parents, skeleton = _names(arrays)
        count = len(joints)
        offsets = arrays.get("offsets", "f", (count, 3)).astype(np.float64) / _UNITS_PER_M
        before = unit_quaternions(arrays.get("prerotation_xyzw", "f", (count, 4)), f"{rig}: array 'prerotation_xyzw'")
        transform = arrays.get("transform", "f", (7 * count, None)).astype(np.float64)
        base = np.zeros(7 * count)
        if "transform_offsets" in arrays.names:
            base = arrays.get("transform_offsets", "f", (7 * count,)).astype(np.float64)
    if transform.shape[1] < POSE_SIZE:
        raise ValueError(f"{rig}: array 'transform' has {transform.shape[1]} columns; at least {POSE_SIZE} are needed")
    values = (poses @ transform[:, :POSE_SIZE].T + base).reshape(len(poses), count, 7)
    # Turns about x, then y, then z of the parent, as the rig has it.
    turns = rot.multiply(np.broadcast_to(before, (len(poses), count, 4)), rot.from_euler(values[..., 5:2:-1], "ZYX"))
    moves = offsets + values[..., :3] / _UNITS_PER_M
    return _clip(path, FPS, joints, parents, turns, moves, before, offsets), skeleton, 0


def _poses(path: Path) -> NDArray[np.float64]:
    try:
        if path.stat().st_size > MAX_POSE_BYTES:
            raise ValueError("more than 1 GiB")
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ValueError(f"{path} cannot be read as an array ({str(error)[:120]}); download it again") from error
    if (
        not isinstance(array, np.ndarray)
        or array.dtype.kind != "f"
        or array.shape[1:] != (POSE_SIZE,)
        or not len(array)
    ):
        raise ValueError(f"{path} is no float array [T, {POSE_SIZE}]; is it the body pose of Audio2Photoreal?")
    if not np.isfinite(array).all():
        raise ValueError(f"{path} holds numbers that are not finite; cut those frames, sound and all")
    return array.astype(np.float64)


def _clip(
    path: Path,
    fps: float,
    joints: tuple[str, ...],
    parents: tuple[int, ...],
    turns: NDArray[Any],
    moves: NDArray[Any],
    rest: NDArray[Any],
    offsets: NDArray[Any],
) -> SourceClip:
    if any(not -1 <= parent < row for row, parent in enumerate(parents)):
        raise ValueError(f"{path}: array 'parents' must name an earlier row each, or -1")
    positions, world = forward(parents, rest[None], offsets[None])
    return SourceClip(path.stem, fps, joints, parents, turns, moves, RestPose(world[0], positions[0]))
