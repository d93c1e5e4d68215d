"""Real motion to measure against, and how it is split: by actor and by take, never within a take.

Reads archives in the layout of `mpi-ebedb` (seated narration, Xsens MVN joints) onto our skeleton at 30 fps, facing +z, and stands the
narrators up on planted feet, because the agent stands: posture would otherwise outweigh all motion. The actors in `HELD_OUT_ACTORS` are for
evaluation only: neither the encoder nor anything trained may have seen them. Errors are `ValueError`.

Real clips are low-passed at 8 Hz. The archive holds 16-bit quaternions, whose rounding alone makes motion jerkier than it was: on one actor
LDLJ is -15.1 as read, -13.7 after the filter, and -14.5 when the filtered motion is rounded again. Generated motion is never filtered.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.people.in_place import in_place
from motion.corpus.people.narration import actor_of, lean_rad
from motion.evaluation.encoder import FPS
from motion.formats.npz_sources import read_mvn
from motion.retarget import retarget
from motion.retarget.stand import stood_up

HELD_OUT_ACTORS: Final = ("NoVo", "SiGl")
"""Of mpi-ebedb: 9.8 and 5.2 of 71.5 minutes."""
MAX_CLIPS: Final = 20_000
CUTOFF_HZ: Final = 8.0
_TAPS: Final = 10
"""Filter length to each side."""


@dataclass(frozen=True, slots=True)
class NamedClip:
    """A clip with the name that its archive gave it."""

    name: str
    clip: Clip

    @property
    def actor(self) -> str:
        """Who moved; one person has one name here, whatever the takes are called."""
        return actor_of(self.name)

    @property
    def take(self) -> str:
        """The recording it was cut from, the name without index, start, end, length and emotion."""
        parts = self.name.split("_")
        return "_".join(parts[:-5]) if len(parts) > 5 else self.name


def read_narration(
    path: str | os.PathLike[str], *, keep: Collection[str] | None = None, leave: Collection[str] = ()
) -> list[NamedClip]:
    """Read, retarget and stand up the clips of some actors.

    Args:
        path: the npz.
        keep: actors to read; all where None.
        leave: actors to leave out.

    Raises:
        ValueError: the file is none of this layout, or no clip is left.
        OSError: it cannot be opened.
    """
    seated: list[NamedClip] = []
    actors: set[str] = set()
    for source in read_mvn(path):
        who = actor_of(source.name)
        actors.add(who)
        if who in leave or (keep is not None and who not in keep):
            continue
        if len(seated) == MAX_CLIPS:
            raise ValueError(f"{os.fspath(path)}: more than {MAX_CLIPS} clips; cut the file into several")
        seated.append(NamedClip(source.name, without_noise(retarget(source.resampled(FPS), face_forward=True))))
    if not seated:
        raise ValueError(
            f"{os.fspath(path)}: no clip is left; its actors are {', '.join(sorted(actors)[:20]) or 'none'}"
        )
    return standing(seated)


def standing(seated: Sequence[NamedClip]) -> list[NamedClip]:
    """Stand narrators up as the corpus does: each take loses its own median lean, and feet stay where they are planted."""
    takes: dict[str, list[Clip]] = {}
    for item in seated:
        takes.setdefault(item.take, []).append(item.clip)
    leans = {take: lean_rad(clips) for take, clips in takes.items()}
    return [NamedClip(item.name, in_place(stood_up(item.clip, leans[item.take]))) for item in seated]


def without_noise(clip: Clip, cutoff_hz: float = CUTOFF_HZ) -> Clip:
    """Low-pass rotations and hips without delay: a Hamming-windowed sinc of 21 taps; ends are continued by their point reflection."""
    turns = rot.continuous(clip.rotations.astype(np.float64))
    return replace(
        clip,
        rotations=rot.normalise(_low_pass(turns, cutoff_hz / clip.fps)).astype(np.float32),
        hips_m=_low_pass(clip.hips_m.astype(np.float64), cutoff_hz / clip.fps).astype(np.float32),
    )


def _low_pass(x: NDArray[np.float64], cutoff: float) -> NDArray[np.float64]:
    """Filter along the first axis; `cutoff` in cycles per frame."""
    reach = min(_TAPS, len(x) - 1)
    at = np.arange(-reach, reach + 1)
    kernel = np.sinc(2.0 * cutoff * at) * np.hamming(2 * reach + 1)
    kernel /= kernel.sum()
    before, after = 2.0 * x[:1] - x[reach:0:-1], 2.0 * x[-1:] - x[-2 : -2 - reach : -1]
    padded = np.concatenate([before, x, after]) if reach else x
    out = np.zeros_like(x)
    for row, weight in enumerate(kernel):
        out += weight * padded[row : row + len(x)]
    return out


def halves(clips: Sequence[NamedClip]) -> tuple[list[NamedClip], list[NamedClip]]:
    """Two sets of about equal length without a take in common, each actor in both as far as takes allow.

    Takes go by falling length, each to the set that has less of its actor, or where both have as much, to the one that has less.

    Raises:
        ValueError: all clips are of one take.
    """
    lengths: dict[tuple[str, str], int] = {}
    for item in clips:
        key = (item.actor, item.take)
        lengths[key] = lengths.get(key, 0) + len(item.clip)
    if len(lengths) < 2:
        raise ValueError("clips of at least two takes are needed to compare real motion with real motion")
    first: set[str] = set()
    sums = [0, 0]
    of_actor: dict[str, list[int]] = {}
    for (actor, take), length in sorted(lengths.items(), key=lambda pair: (-pair[1], pair[0])):
        own = of_actor.setdefault(actor, [0, 0])
        side = 0 if (own[0], sums[0]) <= (own[1], sums[1]) else 1
        own[side] += length
        sums[side] += length
        if side == 0:
            first.add(take)
    return [item for item in clips if item.take in first], [item for item in clips if item.take not in first]
