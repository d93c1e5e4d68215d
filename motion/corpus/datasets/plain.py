"""Any folder of BVH files, with or without speech.

    FOLDER[/ACTOR]/walk.bvh, and walk.wav, walk.TextGrid or walk.tsv beside it or in sibling folders wav, textgrid, tsv

The first folder under FOLDER is the actor, unless it only says what its files are (bvh, motion, ...). Joint names must be of a family that
`attune` knows. A file is a session of its own; where one take lies in several files, split by actor. Faults are `ValueError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from motion.corpus.datasets import sound, textgrid
from motion.corpus.datasets.files import files_under, partner, tsv_words
from motion.corpus.datasets.recording import NO_SOUND, Note, Recording, Source
from motion.corpus.datasets.skeletons import T_POSE_FILE, onto_ours, read_bvh, t_pose_in
from motion.corpus.words import TimedWord
from motion.retarget import RestPose

LOOKS_FOR: Final = "*.bvh, with .wav, .TextGrid or .tsv of the same name where there is speech"
KIND_FOLDERS: Final = frozenset(("bvh", "motion", "motions", "mocap", "data"))
"""Folders that say what lies in them and not who moves."""


def motions(folder: Path) -> list[Path]:
    """All BVH files but the one that shows the bind pose."""
    return [path for path in files_under(folder, ".bvh") if path.name != T_POSE_FILE]


def recognises(folder: Path) -> bool:
    """Whether the folder holds what this loader reads."""
    return bool(motions(folder))


def place_of(path: Path, folder: Path) -> tuple[str, ...]:
    """The folders between FOLDER and a file, without those that only say what lies in them."""
    return tuple(part for part in path.relative_to(folder).parts[:-1] if part.lower() not in KIND_FOLDERS)


def sources(folder: Path, note: Note) -> Iterator[Source]:
    """List the recordings; nothing is read but `tpose.bvh`."""
    pose = t_pose_in(folder)
    silent = 0
    for path in motions(folder):
        silent += partner(path, ".wav", ("wav",)) is None
        yield Source(path, partial(_read, path, folder, pose))
    if silent:
        note(f"{folder}: {silent} files have no .wav of the same name; their speech is taken for silence")


def _read(path: Path, folder: Path, pose: RestPose | None) -> Recording:
    wave = partner(path, ".wav", ("wav",))
    name = path.relative_to(folder).with_suffix("").as_posix()
    place = place_of(path, folder)
    return Recording(
        name=f"bvh/{name}",
        actor=place[0] if place else "",
        session=name,
        emotion="",
        clip=onto_ours(read_bvh(path, pose), path),
        agent=NO_SOUND if wave is None else sound.mono(wave),
        user=NO_SOUND,
        words=_words(path),
    )


def _words(path: Path) -> tuple[TimedWord, ...]:
    grid, table = partner(path, ".TextGrid", ("textgrid",)), partner(path, ".tsv", ("tsv",))
    return textgrid.words(grid) if grid else tsv_words(table) if table else ()
