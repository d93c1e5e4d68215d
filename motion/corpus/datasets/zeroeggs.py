"""ZeroEGGS (Ghorbani et al. 2022): one actor's monologues in 19 styles, BVH at 60 fps with speech.

    FOLDER[/clean]/001_Neutral_0_x_1_0.bvh      number, style, take, and the stretch of its time
                  /001_Neutral_0_x_1_0.wav
    FOLDER/info.csv                             style, validation, ... by file (for split_by="given")

Layout after README.md, data/info.csv and ZEGGS/data_pipeline.py of ubisoft/ubisoft-laforge-ZeroEGGS. Only `clean` has motion and sound
aligned, so `original` is passed over. Copies that the authors stretched in time (`x_0_9`) or mirrored are passed over too: training
mirrors by itself. Mirrored or not, a take keeps its session. There is one actor, so a split by actor is none. Faults are `ValueError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from motion.corpus.datasets import sound
from motion.corpus.datasets.files import files_under, partner, rows_of
from motion.corpus.datasets.recording import NO_SOUND, Note, Recording, Source
from motion.corpus.datasets.skeletons import onto_ours, read_bvh, t_pose_in
from motion.retarget import RestPose

LOOKS_FOR: Final = "clean/NNN_Style_N_x_1_0.bvh with .wav beside them (001_Neutral_0_x_1_0.bvh)"
ACTOR: Final = "zeroeggs"
_NAME: Final = re.compile(r"^(\d{3})_([A-Za-z]+)_(\d+)(_mirror)?(?:_x_(\d)_(\d))?$")


def _motions(folder: Path) -> list[Path]:
    return [path for path in files_under(folder, ".bvh") if _NAME.match(path.stem) and path.parent.name != "original"]


def recognises(folder: Path) -> bool:
    """Whether the folder holds what this loader reads."""
    return bool(_motions(folder))


def sources(folder: Path, note: Note) -> Iterator[Source]:
    """List the recordings; nothing is read but `info.csv` and `tpose.bvh`."""
    given = _given(folder)
    pose = t_pose_in(folder)
    passed = 0
    for path in _motions(folder):
        found = _NAME.match(path.stem)
        if not found or found[4] or (found[5] or "1", found[6] or "0") != ("1", "0"):
            passed += 1
            continue
        take = f"{found[1]}_{found[2]}_{found[3]}"
        split, style = given.get(take, ""), found[2].lower()
        yield Source(
            path,
            partial(_read, path, take, style, split, pose, note),
        )
    if passed:
        note(f"{folder}: {passed} mirrored or stretched copies were passed over")


def _read(path: Path, take: str, style: str, given: str, pose: RestPose | None, note: Note) -> Recording:
    wave = partner(path, ".wav", ("wav",))
    if wave is None:
        note(f"{path}: {path.stem}.wav is absent; its speech is taken for silence")
    return Recording(
        name=f"zeroeggs/{path.stem}",
        actor=ACTOR,
        session=take,
        emotion=style,
        clip=onto_ours(read_bvh(path, pose), path),
        agent=NO_SOUND if wave is None else sound.mono(wave),
        user=NO_SOUND,
        given=given,
    )


def _given(folder: Path) -> dict[str, str]:
    """Take to split; the authors set validation aside and have no test."""
    path = next((place / "info.csv" for place in (folder, folder.parent) if (place / "info.csv").is_file()), None)
    if path is None:
        return {}
    rows = rows_of(path)
    try:
        file, chosen = rows[0].index("anim_bvh"), rows[0].index("validation")
        return {
            Path(row[file]).stem.removesuffix("_mirror"): "validation" if row[chosen].upper() == "TRUE" else "train"
            for row in rows[1:]
        }
    except (ValueError, IndexError):
        raise ValueError(
            f"{path}: the columns anim_bvh and validation are needed in each row; take the authors' file"
        ) from None
