"""Gestures of one BVH file each, labelled by folder or file name, as in MOCCA's Semantic Gesture Dataset (SeG, Zhang et al. 2024).

    FOLDER[/bvh]/HAND_WAVE-1.bvh     label and number, as SeG (LuMen-ze/Semantic-Gesticulator-Official, SeG_dataset/bvh)
    FOLDER/wave/anything.bvh         or one folder a label

The gesture spans its file; its stroke ends at the apex (`placing`). Labels that the lexicon has under a name or alias become its own, all
others stay free text, which the text encoder maps. A file is a session of its own, so that every label comes into every split where there
are takes enough. Speech is silence unless a .wav of the same name is there. Faults are `ValueError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from motion.corpus.datasets import sound
from motion.corpus.datasets.files import partner
from motion.corpus.datasets.placing import placed
from motion.corpus.datasets.plain import motions, place_of
from motion.corpus.datasets.recording import NO_SOUND, Note, Recording, Source
from motion.corpus.datasets.skeletons import onto_ours, read_bvh, t_pose_in
from motion.retarget import RestPose

LOOKS_FOR: Final = (
    "bvh/LABEL-N.bvh in capitals (HAND_WAVE-1.bvh); folders LABEL/*.bvh are read so only when you say `labelled`"
)
_SEG_NAME: Final = re.compile(r"^[A-Z][A-Z0-9_']*-\d+$")
_NUMBER: Final = re.compile(r"[-_ ]*(?:\(\d+\)|(?<=[-_ ])\d+)$")


def recognises(folder: Path) -> bool:
    """Whether most BVH files are named as in SeG; folders of labels look like any other folders."""
    names = [path.stem for path in motions(folder)]
    return bool(names) and 2 * sum(bool(_SEG_NAME.match(name)) for name in names) > len(names)


def label_of(path: Path, folder: Path) -> str:
    """The label that folder or name give a file: the nearest folder that is one, else the name without its number."""
    place = place_of(path, folder)
    return place[-1] if place and not _SEG_NAME.match(path.stem) else _NUMBER.sub("", path.stem)


def sources(folder: Path, note: Note) -> Iterator[Source]:
    """List the recordings; nothing is read but `tpose.bvh`."""
    pose = t_pose_in(folder)
    for path in motions(folder):
        yield Source(path, partial(_read, path, folder, pose))


def _read(path: Path, folder: Path, pose: RestPose | None) -> Recording:
    clip = onto_ours(read_bvh(path, pose), path)
    wave = partner(path, ".wav", ("wav",))
    name = path.relative_to(folder).with_suffix("").as_posix()
    try:
        intent = placed(label_of(path, folder), clip, 0.0, clip.duration_s)
    except ValueError as error:
        raise ValueError(f"{path}: {error}; name it LABEL-1.bvh or put it into a folder named by its label") from error
    return Recording(
        name=f"labelled/{name}",
        actor="",
        session=name,
        emotion="",
        clip=clip,
        agent=NO_SOUND if wave is None else sound.mono(wave),
        user=NO_SOUND,
        intents=(intent,),
    )
