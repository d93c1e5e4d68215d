"""Reads the recorded people of the data folder as pieces: standing, facing +z, in place, low-passed, with hands.

Sources are the folders mpi-ebedb (narration; seated, so stood up, one lean and facing for a take), rocketbox-gestures, mesh2motion-cc0 and
rocketbox-movebox. Where fingers were not recorded (mpi-ebedb, MoveBox) they are guessed from Rocketbox's (`motion.corpus.people.fingers`),
seeded by the piece's name. Blocking, half a minute for everything; deterministic. Faults are ValueError naming file and field, or OSError.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from motion.clip import Clip
from motion.corpus.people import gestures, narration
from motion.corpus.people.fingers import FingerModel, fill_hands, fit_fingers
from motion.corpus.people.in_place import chest_lead_rad, in_place
from motion.corpus.people.piece import FPS, Piece, Split
from motion.evaluation.heldout import HELD_OUT_ACTORS, without_noise
from motion.formats import unity_anim
from motion.formats.npz_sources import read_mesh2motion, read_mvn, read_rocketbox, read_rocketbox_rest
from motion.retarget import SourceClip, retarget
from motion.retarget.stand import stood_up

SOURCES: Final = ("mpi-ebedb", "rocketbox-gestures", "mesh2motion-cc0", "rocketbox-movebox")
VALIDATION_ACTOR: Final = "MaMa"
"""Of mpi-ebedb: 2.5 minutes. Of the actors left for training the next smallest has 10.7, a fifth of all."""
LEAST_S: Final = 0.5


def read_pieces(data_root: str | os.PathLike[str], sources: Collection[str] = SOURCES) -> list[Piece]:
    """Read the pieces of some sources, in the order of `SOURCES`.

    Args:
        data_root: the data folder.
        sources: names of its folders. mpi-ebedb and rocketbox-movebox need rocketbox-gestures beside them, for fingers and bind pose.

    Raises:
        ValueError: a source is unknown, or a file is not of its layout.
        OSError: a file cannot be opened.
    """
    root = Path(data_root)
    unknown = [source for source in sources if source not in SOURCES]
    if unknown:
        raise ValueError(f"source {unknown[0]!r} is unknown; known are {', '.join(SOURCES)}")
    boxes = list(_rocketbox(root)) if set(sources) - {"mesh2motion-cc0"} else []
    out: list[Piece] = []
    if "mpi-ebedb" in sources:
        out += _narration(root, finger_model(boxes))
    if "rocketbox-gestures" in sources:
        out += boxes
    if "mesh2motion-cc0" in sources:
        out += _mesh2motion(root)
    if "rocketbox-movebox" in sources:
        out += _movebox(root, finger_model(boxes))
    return out


def finger_clips(pieces: Collection[Piece]) -> list[Clip]:
    """Clips of Rocketbox from which hands are learned: all but cheering, whose fists narrators do not make."""
    return [
        piece.clip
        for piece in pieces
        if piece.source == "rocketbox-gestures" and not piece.label.startswith(("cheer", "claphands"))
    ]


def finger_model(pieces: Collection[Piece]) -> FingerModel:
    """The model of hands from Rocketbox's pieces.

    Raises:
        ValueError: there are none.
    """
    return fit_fingers(finger_clips(pieces))


def split_of(actor: str) -> Split:
    """Where an actor's motion may be used."""
    return "test" if actor in HELD_OUT_ACTORS else "validation" if actor == VALIDATION_ACTOR else "train"


def _seeded(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))


def _on_our_skeleton(source: SourceClip) -> Clip:
    return without_noise(retarget(source.resampled(FPS), face_forward=True))


def _narration(root: Path, model: FingerModel) -> Iterator[Piece]:
    segments = [narration.segment(source) for source in read_mvn(root / "mpi-ebedb" / "mpi_ebedb_30fps.npz")]
    takes: dict[str, list[tuple[str, tuple[tuple[int, str], ...], Clip]]] = {}
    for run in narration.runs(segments):
        whole = narration.joined(run)
        takes.setdefault(run[0].take, []).append((whole.name, narration.emotions(run), _on_our_skeleton(whole)))
    for take, runs in takes.items():
        actor = narration.actor_of(take)
        lean_rad = narration.lean_rad([clip for _, _, clip in runs])
        standing = [stood_up(seated, lean_rad) for _, _, seated in runs]
        lead_rad = chest_lead_rad(standing)
        for (name, parts, _), stood in zip(runs, standing, strict=True):
            if stood.duration_s < LEAST_S:
                continue
            clip = fill_hands(in_place(stood, lead_rad), model, _seeded(name))
            emotion = narration.main_emotion(parts, len(clip))
            stem = name.removesuffix(".bvh")
            yield Piece(stem, "mpi-ebedb", actor, emotion, split_of(actor), "narrate", emotion, clip, parts)


def _rocketbox(root: Path) -> Iterator[Piece]:
    for source in read_rocketbox(root / "rocketbox-gestures" / "rocketbox_30fps.npz"):
        known = gestures.rocketbox(source.name)
        if known is None or source.duration_s < LEAST_S:
            continue
        clip = _on_our_skeleton(source)
        if not gestures.leaps(clip):
            activity, label, emotion = known
            actor = "rocketbox-" + source.name[0]
            yield Piece(source.name, "rocketbox-gestures", actor, emotion, "train", activity, label, in_place(clip))


def _mesh2motion(root: Path) -> Iterator[Piece]:
    for stem in ("human-base-animations", "human-addon-animations"):
        for source in read_mesh2motion(root / "mesh2motion-cc0" / f"{stem}.conversational_30fps.npz"):
            known = gestures.mesh2motion(source.name)
            if known is None or source.duration_s < LEAST_S:
                continue
            clip = _on_our_skeleton(source)
            if not gestures.leaps(clip):
                yield Piece(source.name, "mesh2motion-cc0", "mesh2motion", "", "train", *known, in_place(clip))


def _movebox(root: Path, model: FingerModel) -> Iterator[Piece]:
    rest = root / "rocketbox-gestures" / "rest_pose.npz"
    whole = unity_anim.read(
        root / "rocketbox-movebox" / "RB_conversation_nolips.anim",
        lambda joints: read_rocketbox_rest(rest, "m", joints),
    )
    for source in unity_anim.without(whole, unity_anim.MOVEBOX_FAULTS, least_s=2.0):
        clip = fill_hands(in_place(_on_our_skeleton(source)), model, _seeded(source.name))
        yield Piece(source.name, "rocketbox-movebox", "movebox", "", "train", "talk", "conversation", clip)
