"""A corpus on disk: tokens and speech features of all scenes in two flat arrays, and an index.

    FOLDER/corpus.json     version, how it was made, credits, one row a scene
    FOLDER/tokens.npy      float32 [all tokens, 99]
    FOLDER/features.npy    float16 [all frames, 64], dyad features without look-ahead

Arrays are memory-mapped when read, so that a corpus may be larger than memory. Written to files beside the final names and moved there at
the end. Blocking. A folder that is no corpus is a `ValueError` that names it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from motion.corpus.scene import PlacedIntent, Scene
from motion.features.layout import DYAD_SIZE
from motion.features.stream import dyad_features
from motion.tokens import codec
from motion.tokens.layout import TOKEN_SIZE

VERSION: Final = 1
MAX_INDEX_BYTES: Final = 256 << 20
_ALIGNED: Final = 128


@dataclass(frozen=True, slots=True)
class Entry:
    """One scene of a stored corpus; token k stands at frame 2 (k - 1) of the scene."""

    name: str
    split: str
    actor: str
    emotion: str
    first_token: int
    tokens: int
    first_frame: int
    frames: int
    intents: tuple[PlacedIntent, ...] = ()
    performed: bool = False

    @property
    def duration_s(self) -> float:
        """Length of the scene."""
        return self.frames / 30.0


@dataclass(frozen=True, slots=True)
class Corpus:
    """A stored corpus, opened."""

    folder: Path
    about: Mapping[str, Any]
    entries: tuple[Entry, ...]
    all_tokens: NDArray[np.float32]
    all_features: NDArray[np.float16]

    def tokens(self, entry: Entry) -> NDArray[np.float32]:
        """Tokens [n, 99] of a scene."""
        return self.all_tokens[entry.first_token : entry.first_token + entry.tokens]

    def features(self, entry: Entry) -> NDArray[np.float16]:
        """Dyad features [frames, 64] of a scene, not normalised."""
        return self.all_features[entry.first_frame : entry.first_frame + entry.frames]

    def of_split(self, split: str) -> tuple[Entry, ...]:
        """The scenes of one split."""
        return tuple(entry for entry in self.entries if entry.split == split)


class _Rows:
    """An npy file that grows row by row; its header is written when the number is known."""

    def __init__(self, path: Path, width: int, dtype: type[np.generic]) -> None:
        self.count = 0
        self._width, self._dtype = width, np.dtype(dtype)
        self._path, self._part = path, path.with_name(path.name + ".part")
        self._file: BinaryIO = self._part.open("wb")
        self._file.write(b"\0" * _ALIGNED)

    def add(self, rows: NDArray[Any]) -> int:
        """Append rows; returns the index of the first."""
        first = self.count
        self._file.write(np.ascontiguousarray(rows, dtype=self._dtype).tobytes())
        self.count += len(rows)
        return first

    def close(self) -> None:
        header = f"{{'descr': '{self._dtype.str}', 'fortran_order': False, 'shape': ({self.count}, {self._width}), }}"
        room = _ALIGNED - 10
        self._file.seek(0)
        self._file.write(b"\x93NUMPY\x01\x00" + room.to_bytes(2, "little") + header.ljust(room - 1).encode() + b"\n")
        self._file.close()
        os.replace(self._part, self._path)


def write(folder: str | os.PathLike[str], scenes: Iterable[Scene], about: Mapping[str, Any]) -> Corpus:
    """Store scenes and open the result.

    Args:
        folder: made if absent; an older corpus in it is replaced.
        scenes: taken one by one.
        about: JSON-able: seed, sources, credits, measures.

    Raises:
        ValueError: there is no scene, or two have one name.
        OSError: the folder cannot be written.
    """
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    tokens, features = (
        _Rows(where / "tokens.npy", TOKEN_SIZE, np.float32),
        _Rows(where / "features.npy", DYAD_SIZE, np.float16),
    )
    entries: list[Entry] = []
    for scene in scenes:
        rows = codec.fit(scene.clip)
        frames = len(scene.clip)
        heard = dyad_features(scene.agent, scene.user)
        heard = np.concatenate([heard, np.repeat(heard[-1:], max(0, frames - len(heard)), axis=0)])[:frames]
        entries.append(
            Entry(
                scene.name, scene.split, scene.actor, scene.emotion,
                tokens.add(rows), len(rows), features.add(heard), frames, scene.intents, scene.performed,
            )
        )  # fmt: skip
    tokens.close()
    features.close()
    names = {entry.name for entry in entries}
    if len(names) != len(entries):
        raise ValueError(f"{where}: two scenes have one name")
    if not entries:
        raise ValueError(f"{where}: there is no scene to store")
    index = {"version": VERSION, "about": dict(about), "scenes": [asdict(entry) for entry in entries]}
    part = where / "corpus.json.part"
    part.write_text(json.dumps(index), encoding="utf-8")
    os.replace(part, where / "corpus.json")
    return read(where)


def read(folder: str | os.PathLike[str]) -> Corpus:
    """Open a stored corpus.

    Raises:
        ValueError: the folder holds none, or its parts do not fit together.
    """
    where = Path(folder)
    mend = "make it with `attune motion corpus`"
    try:
        path = where / "corpus.json"
        if path.stat().st_size > MAX_INDEX_BYTES:
            raise ValueError(f"index of more than {MAX_INDEX_BYTES} bytes")
        index = json.loads(path.read_text(encoding="utf-8"))
        if index["version"] != VERSION:
            raise ValueError(f"version {index['version']} is not {VERSION}")
        entries = tuple(_entries(index["scenes"]))
        tokens = np.load(where / "tokens.npy", mmap_mode="r", allow_pickle=False)
        features = np.load(where / "features.npy", mmap_mode="r", allow_pickle=False)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{where} is no corpus ({type(error).__name__}: {error}); {mend}") from error
    ends = (
        max((e.first_token + e.tokens for e in entries), default=0),
        max((e.first_frame + e.frames for e in entries), default=0),
    )
    if (
        tokens.ndim != 2
        or features.ndim != 2
        or tokens.shape != (ends[0], TOKEN_SIZE)
        or features.shape != (ends[1], DYAD_SIZE)
    ):
        raise ValueError(f"{where}: arrays {tokens.shape} and {features.shape} do not fit its index; {mend}")
    return Corpus(where, index["about"], entries, tokens, features)


def _entries(rows: list[dict[str, Any]]) -> Iterator[Entry]:
    for row in rows:
        intents = []
        for fields in row.pop("intents"):
            direction = fields.pop("direction_rad")
            intents.append(
                PlacedIntent(**fields, direction_rad=None if direction is None else (direction[0], direction[1]))
            )
        yield Entry(**row, intents=tuple(intents))
