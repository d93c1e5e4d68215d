"""Segments of mpi-ebedb made whole: whose they are, which of them meet, and each take's lean.

The archive cuts takes where the meant emotion changes; where one segment begins at the millisecond at which another ends, and the poses
meet as two frames of one movement do, both are joined. Names are `TAKE_INDEX_STARTMS_ENDMS_LENGTH_EMOTION.bvh`. Errors are ValueError.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from motion import rotations as rot
from motion.clip import Clip
from motion.retarget.source import SourceClip
from motion.retarget.stand import TRUNK
from motion.skeleton import INDEX

_ACTORS: Final = ("AnBh", "DiMi", "HeGa", "LeSt", "MaMa", "NoVo", "SiGl")
_ALSO: Final = {"Session2": "AnBh", "Sinead": "SiGl"}
"""Takes that are named otherwise. `Session2_AnBh-...` says whose it is; `Sinead_2007_ftf_...` is of the day and series of
`SiGl_2007_ftf_...` and of the same actress by all signs, so it is held out with her."""
_MEET_RAD: Final = float(np.radians(1.0))
_MEET_STEPS: Final = 1.8
"""A joint may turn, from segment to segment, this many times as far as in the frame before or after, and the rounding of the file."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of the archive."""

    take: str
    start_ms: int
    end_ms: int
    emotion: str
    source: SourceClip


def actor_of(name: str) -> str:
    """Who moves in a segment or take; one person has one name here, whatever the takes are called."""
    first = name.split("_")[0]
    return next((actor for actor in _ACTORS if first.startswith(actor)), _ALSO.get(first, first))


def segment(source: SourceClip) -> Segment:
    """Read a segment's name.

    Raises:
        ValueError: it is no name of this archive.
    """
    parts = source.name.removesuffix(".bvh").split("_")
    try:
        return Segment("_".join(parts[:-5]), int(parts[-4]), int(parts[-3]), parts[-1].lower(), source)
    except (ValueError, IndexError):
        raise ValueError(
            f"clip {source.name[:80]!r}: mpi-ebedb names are TAKE_INDEX_STARTMS_ENDMS_LENGTH_EMOTION"
        ) from None


def runs(segments: Iterable[Segment]) -> Iterator[list[Segment]]:
    """Segments that go on from one another, as lists in order of time; a list of one where nothing meets."""
    takes: dict[str, list[Segment]] = {}
    for one in segments:
        takes.setdefault(one.take, []).append(one)
    for take in takes.values():
        ordered = sorted(take, key=lambda one: (one.start_ms, one.end_ms))
        run = ordered[:1]
        for before, after in pairwise(ordered):
            if meet(before, after):
                run.append(after)
                continue
            yield run
            run = [after]
        yield run


def meet(before: Segment, after: Segment) -> bool:
    """Whether the second segment goes on where the first ends, in time and in pose."""
    a, b = before.source, after.source
    if before.end_ms != after.start_ms or min(len(a), len(b)) < 2 or a.joints != b.joints or a.fps != b.fps:
        return False
    across = rot.angle_between(a.rotations[-1], b.rotations[0])
    usual = np.maximum(
        rot.angle_between(a.rotations[-2], a.rotations[-1]), rot.angle_between(b.rotations[0], b.rotations[1])
    )
    return bool((across <= _MEET_STEPS * usual + _MEET_RAD).all())


def joined(run: list[Segment]) -> SourceClip:
    """One clip of segments that meet, named after the first; bone lengths are the first one's."""
    first = run[0].source
    if len(run) == 1:
        return first
    turns = np.concatenate([one.source.rotations for one in run])
    moves = np.array(
        np.concatenate(
            [
                np.broadcast_to(one.source.translations_m, (len(one.source), *first.translations_m.shape[1:]))
                for one in run
            ]
        )
    )
    return SourceClip(first.name, first.fps, first.joints, first.parents, turns, moves, first.rest)


def emotions(run: list[Segment]) -> tuple[tuple[int, str], ...]:
    """First frame and emotion of each part; neighbours of one emotion are one part."""
    out: list[tuple[int, str]] = []
    frame = 0
    for one in run:
        if not out or out[-1][1] != one.emotion:
            out.append((frame, one.emotion))
        frame += len(one.source)
    return tuple(out)


def main_emotion(parts: tuple[tuple[int, str], ...], frames: int) -> str:
    """The emotion of most frames; of equals the first."""
    share: dict[str, int] = {}
    for (start, emotion), (end, _) in pairwise([*parts, (frames, "")]):
        share[emotion] = share.get(emotion, 0) + end - start
    return max(share, key=lambda emotion: share[emotion]) if share else ""


def lean_rad(clips: Iterable[Clip]) -> float:
    """Median pitch of the chest over clips, forward positive: one take's lean, for `motion.retarget.stand.stood_up`.

    Raises:
        ValueError: there is no clip.
    """
    pitches = []
    for clip in clips:
        chest = clip.rotations[:, INDEX["hips"]].astype(np.float64)
        for name in TRUNK:
            chest = rot.multiply(chest, clip.rotations[:, INDEX[name]].astype(np.float64))
        up = np.broadcast_to([0.0, 1.0, 0.0], (len(clip), 3))
        _, yaw = rot.swing_twist(clip.rotations[:, INDEX["hips"]].astype(np.float64), up)
        out = rot.rotate(rot.multiply(rot.conjugate(yaw), chest), up)
        pitches.append(np.arctan2(out[:, 2], out[:, 1]))
    if not pitches:
        raise ValueError("lean_rad: there are no clips")
    return float(np.median(np.concatenate(pitches)))
