"""`attune motion evaluate`: the table of methods by measures on held-out real motion.

Blocking; wrong files and folders are one sentence.
"""

from __future__ import annotations

import json
from pathlib import Path

import typer

from motion.evaluation import encoder, run
from motion.evaluation.heldout import read_narration
from runtime.errors import AttuneError
from runtime.paths import data_dir

_MOTION = typer.Option(None, "--motion", help="Real motion in the layout of mpi-ebedb (default: its held-out actors).")
_SPEECH = typer.Option(None, "--speech", help="Folder of recordings (default: ljspeech of $ATTUNE_DATA).")
_SEED = typer.Option(0, "--seed", help="Of all noise.")
_JSON = typer.Option(False, "--json", help="Print one JSON object and nothing else.")


def command(
    motion: Path | None = _MOTION, speech: Path | None = _SPEECH, seed: int = _SEED, json_: bool = _JSON
) -> None:
    """Print the table of methods by measures: real motion, the procedural body, a static one, mismatched audio."""
    root = data_dir()
    if root is None and (motion is None or speech is None):
        raise AttuneError(
            "ATTUNE_DATA names no folder", "set it (attune data list), or give both --motion FILE.npz and --speech DIR"
        )
    try:
        if motion is not None and not motion.is_file():
            raise ValueError(f"{motion} is no file; --motion takes an npz in the layout of mpi-ebedb")
        real = read_narration(motion) if motion is not None else run.held_out(root or "")
        recordings = run.read_folder(speech if speech is not None else (root or Path()) / "ljspeech" / "wavs")
        report = run.evaluate(real, recordings, encoder.shipped(), seed=seed)
    except ValueError as error:
        raise AttuneError(str(error)) from error
    if json_:
        typer.echo(json.dumps(report.as_json(), allow_nan=False, indent=2))
        return
    typer.echo(f"encoder {report.encoder} {report.encoder_sha256[:12]}; {report.reference}")
    typer.echo(f"FGD between two real actors: {report.between_actors_fgd:.3f}\n\n{report.text()}")
