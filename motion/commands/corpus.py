"""`attune motion corpus`: store what the network learns from, the shipped corpus or a data set of one's own.

Without `--from` the shipped corpus is built from `ATTUNE_DATA` and the agent's voices (`motion.corpus.voices`). With it, a downloaded
folder is read (`motion.corpus.datasets`); recordings that cannot be read are named and left out. Blocking; wrong options are one sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from runtime.errors import AttuneError
from runtime.paths import data_dir

if TYPE_CHECKING:
    from motion.corpus.scene import Scene
    from motion.corpus.store import Corpus

_OUT = typer.Option(..., "--out", help="Folder for the corpus; an older corpus in it is replaced.")
_DATASET = typer.Option(
    None, "--dataset", help="beat2, genea, zeroeggs, dyadic, labelled or bvh (default: told by the folder)."
)
_FROM = typer.Option(None, "--from", help="Downloaded data set (default: the shipped corpus of $ATTUNE_DATA).")
_SEED = typer.Option(None, "--seed", min=0, help="Of all chance in the shipped corpus (default: 1).")
_MINUTES = typer.Option(None, "--minutes", help="How much (default: 300 shipped, or all of a data set).")


def command(
    out: Path = _OUT,
    dataset: str | None = _DATASET,
    from_: Path | None = _FROM,
    seed: int | None = _SEED,
    minutes: float | None = _MINUTES,
) -> None:
    """Store a corpus for training: the shipped one, or a downloaded data set."""
    if minutes is not None and not 0.0 < minutes <= 1e5:
        raise AttuneError(f"--minutes is {minutes:g}; it must be over 0, at most 100000")
    if out.exists() and not out.is_dir():
        raise AttuneError(f"--out {out} is a file", "name a folder")
    try:
        corpus = shipped(out, seed, minutes, dataset) if from_ is None else read(out, from_, dataset, seed, minutes)
    except ValueError as error:
        raise AttuneError(str(error)) from error
    except OSError as error:
        raise AttuneError(f"{error.filename or out}: {error.strerror or error}", "mend that and start again") from error
    split = {
        name: sum(entry.duration_s for entry in corpus.of_split(name)) / 60 for name in ("train", "validation", "test")
    }
    parts = ", ".join(f"{name} {length:.1f}" for name, length in split.items())
    typer.echo(f"{out}: {len(corpus.entries)} scenes, {sum(split.values()):.1f} minutes ({parts})")


def shipped(out: Path, seed: int | None, minutes: float | None, dataset: str | None) -> Corpus:
    """Build the shipped corpus."""
    from motion.corpus.pairing.build import TRAIN_MINUTES
    from motion.corpus.shipped import build
    from motion.corpus.voices import offered

    if dataset is not None:
        raise AttuneError(f"--dataset {dataset} needs its folder", "add --from FOLDER")
    root = data_dir()
    if root is None:
        raise AttuneError(
            "ATTUNE_DATA names no folder", "set it (attune data pull), or name a data set with --from FOLDER"
        )
    with offered() as speak:
        corpus, measures = build(
            out, root, speak, seed=1 if seed is None else seed, minutes=minutes or TRAIN_MINUTES, progress=_say
        )
    _say(f"measures of the join: {out / 'pairing.json'} ({', '.join(measures)})")
    return corpus


def read(out: Path, folder: Path, dataset: str | None, seed: int | None, minutes: float | None) -> Corpus:
    """Store a downloaded data set."""
    from motion.corpus import store
    from motion.corpus.datasets.catalogue import KINDS, open_dataset, recognise

    if seed is not None:
        raise AttuneError("--seed is for the shipped corpus: nothing in a data set is drawn", "leave it out")
    if not folder.is_dir():
        raise AttuneError(f"--from {folder} is no folder", "name where the data set was unpacked")
    kind = dataset or recognise(folder)
    scenes = open_dataset(kind, folder, on_error=lambda error: _say(f"left out: {error}"), on_note=_say)
    about = {"dataset": kind, "title": KINDS[kind].title, "licence": KINDS[kind].licence}
    _say(f"{KINDS[kind].title}; licence: {KINDS[kind].licence}")
    return store.write(out, scenes if minutes is None else _first(scenes, minutes), about)


def _first(scenes: Iterator[Scene], minutes: float) -> Iterator[Scene]:
    left_s = 60.0 * minutes
    for scene in scenes:
        yield scene
        left_s -= scene.clip.duration_s
        if left_s <= 0.0:
            return


def _say(line: str) -> None:
    typer.echo(line, err=True)
