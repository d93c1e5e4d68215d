"""BEAT2 (Liu et al. 2024, EMAGE): SMPL-X motion at 30 fps with speech, words and semantic labels.

    FOLDER[/beat_english_v2.0.0]/smplxflame_30/2_scott_0_1_1.npz     poses [T, 165], trans [T, 3], mocap_frame_rate
                                /wave16k/2_scott_0_1_1.wav
                                /textgrid/2_scott_0_1_1.TextGrid
                                /sem/2_scott_0_1_1.txt               type, start, end, duration, score, keywords (tabs)
                                /train_test_split.csv                id, type

Names and numbers after PantoMatrix/PantoMatrix `scripts/BEAT_2022/readme_beat.md`, the set's listing (hf H-Liu1997/BEAT2) and the reader
`scripts/EMAGE_2024/dataloaders/beat_sep.py`. A name is speaker, kind of recording (even: speech, odd: conversation) and the first and last
number of its sequence; in speech the number tells the emotion, conversation is neutral. The other person of a conversation has no channel
of their own: `user` is silence.

Of the semantic labels deictic, iconic and metaphoric gestures become intents, by the keyword where it names a gesture of the lexicon, else
as free text ("iconic gesture: huge"); `beat_align` spans whole recordings and `nogesture` is none. Faults are `ValueError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.datasets import sound, textgrid
from motion.corpus.datasets.files import files_under, partner, rows_of
from motion.corpus.datasets.placing import named, placed
from motion.corpus.datasets.recording import NO_SOUND, Note, Recording, Source
from motion.corpus.datasets.skeletons import onto_ours
from motion.corpus.scene import PlacedIntent
from motion.formats import smplx
from motion.procedural.lexicon import LEXICON
from motion.retarget.tables import SMPLX

LOOKS_FOR: Final = "smplxflame_30/*.npz, with wave16k, textgrid and sem beside that folder"
_NAME: Final = re.compile(r"^(\d+)_([^_]+)_(\d+)_(\d+)_\w+$")
_EMOTIONS: Final = (
    (64, "neutral"), (72, "happiness"), (80, "anger"), (86, "sadness"), (94, "contempt"), (102, "surprise"), (110, "fear"),
    (118, "disgust"),
)  # fmt: skip
"""Last number of each emotion's sequences in speech."""
_SEMANTIC: Final = ("deictic", "iconic", "metaphoric")
_GIVEN: Final = {"train": "train", "additional": "train", "val": "validation", "test": "test"}


def emotion_of(name: str) -> str:
    """The emotion that a recording's name tells; "" for a name of another kind."""
    found = _NAME.match(name)
    if not found:
        return ""
    if int(found[3]) % 2:
        return "neutral"
    return next((emotion for last, emotion in _EMOTIONS if int(found[4]) <= last), "")


def _motions(folder: Path) -> list[Path]:
    return [path for path in files_under(folder, ".npz") if path.parent.name == "smplxflame_30"]


def recognises(folder: Path) -> bool:
    """Whether the folder holds what this loader reads."""
    return bool(_motions(folder))


def sources(folder: Path, note: Note) -> Iterator[Source]:
    """List the recordings; nothing is read but the table of splits."""
    given: dict[Path, dict[str, str]] = {}
    for path in _motions(folder):
        root = path.parent.parent
        if root not in given:
            table = root / "train_test_split.csv"
            rows = rows_of(table) if table.is_file() else []
            given[root] = {row[0]: _GIVEN[row[1]] for row in rows if len(row) > 1 and row[1] in _GIVEN}
        split = given[root].get(path.stem, "")
        yield Source(path, partial(_read, path, split, note))


def _read(path: Path, given: str, note: Note) -> Recording:
    found = _NAME.match(path.stem)
    if not found:
        raise ValueError(
            f"{path}: its name is not speaker, kind and numbers as in 2_scott_0_1_1; rename it as BEAT2 does"
        )
    source = smplx.read(path)
    up = rot.rotate(source.rotations[:, 0], np.broadcast_to([0.0, 1.0, 0.0], (len(source), 3))).mean(axis=0)
    if up[2] > up[1]:  # converted for Blender: the world is z up
        source = smplx.read(path, z_up=True)
    clip = onto_ours(source, path, skeleton=SMPLX)
    wave, grid = partner(path, ".wav", ("wave16k",)), partner(path, ".TextGrid", ("textgrid",))
    labels = partner(path, ".txt", ("sem",))
    if wave is None:
        note(f"{path}: wave16k/{path.stem}.wav is absent; its speech is taken for silence")
    return Recording(
        name=f"beat2/{path.stem}",
        actor=f"{found[1]}_{found[2]}",
        session=path.stem,
        emotion=emotion_of(path.stem),
        clip=clip,
        agent=NO_SOUND if wave is None else sound.mono(wave),
        user=NO_SOUND,
        words=textgrid.words(grid) if grid else (),
        intents=_intents(labels, clip) if labels else (),
        given=given,
    )


def _intents(path: Path, clip: Clip) -> tuple[PlacedIntent, ...]:
    out: list[PlacedIntent] = []
    for number, row in enumerate(rows_of(path, "\t"), 1):
        kind = next((kind for kind in _SEMANTIC if kind in row[0].lower()), "")
        if not kind:
            continue
        try:
            start_s, end_s = float(row[1]), float(row[2])
            if not 0.0 <= start_s < end_s < 1e6:
                raise ValueError
        except (ValueError, IndexError):
            raise ValueError(f"{path}, line {number}: type, start and end in seconds belong there, with tabs") from None
        keywords = " ".join(row[5:])
        text = keywords if named(keywords) in LEXICON else f"{kind} gesture {keywords}"
        if start_s < clip.duration_s - 0.1:
            out.append(placed(text, clip, start_s, end_s))
    return tuple(sorted(out, key=lambda intent: intent.start_s))
