"""The data sets that can be opened: names, layouts, licences, and the one way in.

    for scene in open_dataset("beat2", folder): ...

Splits are by actor or by session, never within one: the key's hash puts eight keys in ten into `train`, one into `validation`, one into
`test` (`recording.split_of`), whatever else lies in the folder. Where there are few keys a split may stay empty. `given` takes the data
set's own split where it has one. Scenes are read one by one while iterating. Blocking; faults are `ValueError` with file and mend.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from motion.corpus.datasets import beat2, dyadic, genea, labelled, plain, zeroeggs
from motion.corpus.datasets.recording import Note, Recording, Source, SplitBy, scenes, split_of
from motion.corpus.scene import Scene


@dataclass(frozen=True, slots=True)
class Kind:
    """One layout that can be read.

    Attributes:
        title: the data set's own name.
        looks_for: what its folder must hold.
        licence: what its authors allow, as far as known; the folder's own licence file decides.
        split_by: how it is split unless asked otherwise.
        given: whether it brings a split of its own.
        recognises: whether a folder is of this kind.
        sources: lists the recordings of a folder.
    """

    title: str
    looks_for: str
    licence: str
    split_by: SplitBy
    given: bool
    recognises: Callable[[Path], bool]
    sources: Callable[[Path, Note], Iterator[Source]]


_UNSAID: Final = "whatever the folder's owner says"

KINDS: Final[Mapping[str, Kind]] = {
    "beat2": Kind(
        "BEAT2",
        beat2.LOOKS_FOR,
        "contradictory: Apache-2.0 on its page, BEAT and SMPL-X for non-commercial use; take it for non-commercial",
        "actor",
        True,
        beat2.recognises,
        beat2.sources,
    ),
    "genea": Kind(
        "GENEA Challenge 2022/2023 (Talking With Hands 16.2M)",
        genea.LOOKS_FOR,
        "CC BY-NC 4.0: non-commercial",
        "session",
        True,
        genea.recognises,
        genea.sources,
    ),
    "zeroeggs": Kind(
        "ZeroEGGS",
        zeroeggs.LOOKS_FOR,
        "CC BY-NC-ND 4.0: non-commercial, no derivatives",
        "session",
        True,
        zeroeggs.recognises,
        zeroeggs.sources,
    ),
    "dyadic": Kind(
        "Audio2Photoreal and dyads by joint name",
        dyadic.LOOKS_FOR,
        f"Audio2Photoreal: CC BY-NC 4.0, non-commercial; others: {_UNSAID}",
        "session",
        False,
        dyadic.recognises,
        dyadic.sources,
    ),
    "labelled": Kind(
        "SeG and other labelled gestures",
        labelled.LOOKS_FOR,
        f"SeG: non-commercial scientific research only; others: {_UNSAID}",
        "session",
        False,
        labelled.recognises,
        labelled.sources,
    ),
    "bvh": Kind("any BVH files", plain.LOOKS_FOR, _UNSAID, "session", False, plain.recognises, plain.sources),
}
"""By name; in the order in which `recognise` tries them, the most particular first."""
NAMES: Final = tuple(KINDS)


def recognise(folder: str | os.PathLike[str]) -> str:
    """The kind of data set that lies in a folder.

    Raises:
        ValueError: none does; the message lists what was looked for.
    """
    where = Path(folder)
    for name, kind in KINDS.items():
        if kind.recognises(where):
            return name
    wanted = "; ".join(f"{name}: {kind.looks_for}" for name, kind in KINDS.items())
    raise ValueError(f"{where} is no data set that can be read. Looked for: {wanted}")


def open_dataset(
    kind: str,
    folder: str | os.PathLike[str],
    *,
    split_by: SplitBy | None = None,
    on_error: Callable[[ValueError], None] | None = None,
    on_note: Note | None = None,
) -> Iterator[Scene]:
    """Read a data set scene by scene.

    Args:
        kind: one of `NAMES`.
        folder: where it was unpacked.
        split_by: `actor`, `session` or `given`; by default what suits the kind.
        on_error: takes the fault of a recording that cannot be read, which is then left out; without it the fault is raised.
        on_note: takes what a user should know of, such as a sound file that is absent.

    Returns:
        Scenes of at most a minute, in the order of their files' names.

    Raises:
        ValueError: no such kind or split, no recording, or (while iterating) one that cannot be read.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown data set {kind[:40]!r}; known are {', '.join(NAMES)}")
    known = KINDS[kind]
    chosen = known.split_by if split_by is None else split_by
    if chosen not in get_args(SplitBy) or (chosen == "given" and not known.given):
        allowed = [name for name in get_args(SplitBy) if name != "given" or known.given]
        raise ValueError(f"split_by is {chosen!r}; for {kind} it must be one of {', '.join(allowed)}")
    listed = list(known.sources(Path(folder), on_note or _quiet))
    if not listed:
        raise ValueError(f"{folder} holds no recording of {known.title}; looked for {known.looks_for}")
    return _read(kind, Path(folder), listed, chosen, on_error)


def _read(
    kind: str,
    folder: Path,
    listed: list[Source],
    split_by: SplitBy,
    on_error: Callable[[ValueError], None] | None,
) -> Iterator[Scene]:
    good = 0
    for source in listed:
        try:
            recording = _loaded(source)
            pieces = list(scenes(recording, _split(kind, recording, split_by)))
        except ValueError as error:
            if on_error is None:
                raise
            on_error(error)
            continue
        good += 1
        yield from pieces
    if not good:
        raise ValueError(
            f"{folder}: none of {len(listed)} recordings could be read; the faults were reported one by one"
        )


def _loaded(source: Source) -> Recording:
    try:
        return source.load()
    except OSError as error:
        raise ValueError(f"{source.path} cannot be read ({error}); check that it is there and whole") from error


def _split(kind: str, recording: Recording, split_by: SplitBy) -> str:
    if split_by == "given":
        if not recording.given:
            raise ValueError(f"{recording.name}: the data set puts it into no split; split by actor or session instead")
        return recording.given
    key = (recording.actor or recording.session) if split_by == "actor" else recording.session
    return split_of(f"{kind}/{key}")


def _quiet(_: str) -> None:
    """Drop a note."""
