"""GENEA Challenge 2022 and 2023, made of Talking With Hands 16.2M: dyads with BVH at 30 fps, speech and words of both sides.

    2023:  FOLDER/trn/main-agent/bvh/trn_2023_v0_000_main-agent.bvh      and wav, tsv; the folders val and tst likewise
                     /interloctr/wav/trn_2023_v0_000_interloctr.wav
                     /metadata.csv      prefix, main-agent_id, main-agent_has_fingers, interloctr_id, interloctr_has_fingers
    2022:  FOLDER/trn/bvh/trn_2022_v1_000.bvh, and wav, tsv, metadata; one side only, so that `user` is silence

Layout after the challenge's description of its data (genea-workshop, "Folder structure", 2023) and genea-workshop/2023_ivi_baseline
`process_data.py`. A tsv line is start, end and text; a text of several words shares its time equally. The motion is the main agent's: the
2023 training data hold every conversation twice with the sides changed. Both copies have one session, the two people's numbers, so that no
split by session parts them. Where metadata say `excl`, fingers were not captured and hands are at ease.

Zero rotation is a T-pose in the challenge's files, but not in Talking With Hands as Meta released it ("unconventional, contorted",
TeoNikolov/genea_visualizer `scripts/README.md`): those need a `tpose.bvh`. Faults are `ValueError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from motion.corpus.datasets import sound
from motion.corpus.datasets.files import files_under, partner, rows_of, tsv_words
from motion.corpus.datasets.recording import NO_SOUND, Float32, Note, Recording, Source
from motion.corpus.datasets.skeletons import onto_ours, read_bvh, t_pose_in
from motion.retarget import RestPose

LOOKS_FOR: Final = (
    "trn/main-agent/bvh/*.bvh with wav, tsv and interloctr beside (2023), or trn/bvh/*.bvh with wav and tsv (2022)"
)
AGENT: Final = "main-agent"
OTHER: Final = "interloctr"
_GIVEN: Final = {"trn": "train", "val": "validation", "tst": "test"}


@dataclass(frozen=True, slots=True)
class _Row:
    """What metadata say of a recording."""

    actors: tuple[str, ...] = ()
    fingers: bool = True


def _motions(folder: Path) -> list[Path]:
    out = []
    for path in files_under(folder, ".bvh"):
        above = path.parent.parent
        if path.parent.name == "bvh" and (above.name == AGENT or above.name in _GIVEN):
            out.append(path)
    return out


def recognises(folder: Path) -> bool:
    """Whether the folder holds what this loader reads."""
    return bool(_motions(folder))


def sources(folder: Path, note: Note) -> Iterator[Source]:
    """List the recordings; nothing is read but metadata and `tpose.bvh`."""
    pose = t_pose_in(folder)
    tables: dict[Path, dict[str, _Row]] = {}
    for path in _motions(folder):
        split = path.parent.parent.parent if path.parent.parent.name == AGENT else path.parent.parent
        if split not in tables:
            tables[split] = _metadata(split)
            if not tables[split]:
                note(f"{split}: metadata.csv is absent; who moves is unknown")
        prefix = path.stem.removesuffix(f"_{AGENT}")
        row = tables[split].get(prefix, _Row())
        yield Source(path, partial(_read, path, split, row, pose, note))


def _read(path: Path, split: Path, row: _Row, pose: RestPose | None, note: Note) -> Recording:
    prefix = path.stem.removesuffix(f"_{AGENT}")
    dyad = path.parent.parent.name == AGENT
    words = partner(path, ".tsv", ("tsv",))
    other: Float32 = NO_SOUND
    if dyad:
        heard = split / OTHER / "wav" / f"{prefix}_{OTHER}.wav"
        other = _speech(heard if heard.is_file() else None, f"{path}: {OTHER}/wav/{heard.name}", note)
    return Recording(
        name=f"genea/{prefix}",
        actor=row.actors[0] if row.actors else "",
        session="+".join(sorted(row.actors)) if len(row.actors) > 1 else prefix,
        emotion="",
        clip=onto_ours(read_bvh(path, pose), path, fingers=row.fingers),
        agent=_speech(partner(path, ".wav", ("wav",)), f"{path}: wav/{path.stem}.wav", note),
        user=other,
        words=tsv_words(words) if words else (),
        given=_GIVEN.get(split.name, ""),
    )


def _speech(path: Path | None, wanted: str, note: Note) -> Float32:
    if path is None:
        note(f"{wanted} is absent; that person's speech is taken for silence")
        return NO_SOUND
    return sound.mono(path)


def _metadata(split: Path) -> dict[str, _Row]:
    """Recording to what is known of it. Years differ in columns: numbers are people (main agent first), `..._excl` has no fingers."""
    places = [*sorted(split.glob("*metadata*.csv")), *sorted(split.parent.glob(f"*{split.name}*metadata*.csv"))]
    out: dict[str, _Row] = {}
    for row in rows_of(places[0]) if places else []:
        people = tuple(f"{int(cell):02d}" for cell in row[1:] if cell.isdecimal() and len(cell) <= 6)
        marks = [cell for cell in row[1:] if "finger" in cell.lower()]
        out[row[0]] = _Row(people, not (marks and "excl" in marks[0].lower()))
    return out
