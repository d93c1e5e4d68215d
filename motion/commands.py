"""Generate body motion for speech, and measure motion against real people.

`attune motion generate --agent-audio A --out M.bvh|M.npz` moves the model-free body to a recording; `attune motion evaluate`
prints the table of methods by measures on held-out real motion. Blocking; wrong files and names are one sentence.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import typer

from motion.evaluation import encoder, run
from motion.evaluation.baselines import Intended, procedural
from motion.evaluation.heldout import read_narration
from motion.evaluation.speech import RATE_HZ, read_speech, spoken_words
from motion.formats import bvh, npz
from runtime.errors import AttuneError
from runtime.paths import data_dir

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

_AUDIO = typer.Option(..., "--agent-audio", help="What the agent says: WAV, FLAC, OGG or MP3.")
_OUT = typer.Option(..., "--out", help="M.bvh or M.npz.")
_INTEND = typer.Option(
    None, "--intend", help='A gesture, "wave@2.0" or "wave left@4.5:stroke"; may be given several times.'
)
_SEED = typer.Option(0, "--seed", help="Of all noise.")
_MOTION = typer.Option(None, "--motion", help="Real motion in the layout of mpi-ebedb (default: its held-out actors).")
_SPEECH = typer.Option(None, "--speech", help="Folder of recordings (default: ljspeech of $ATTUNE_DATA).")
_JSON = typer.Option(False, "--json", help="Print one JSON object and nothing else.")

_INTENTION: Final = re.compile(
    r"\s*([^@:]{1,80}?)(?:\s+(left|right))?\s*@\s*([0-9]+(?:\.[0-9]+)?)\s*(:stroke)?\s*", re.IGNORECASE
)


def parse_intention(text: str) -> Intended:
    """Read `label[ left| right]@seconds[:stroke]`.

    Raises:
        ValueError: it has another form.
    """
    found = _INTENTION.fullmatch(text)
    if not found:
        raise ValueError(f'--intend {text[:100]!r} is not of the form "wave@2.0" or "wave left@4.5:stroke"')
    side = {"left": 1.0, "right": -1.0, "": 0.0}[(found[2] or "").lower()]
    return Intended(found[1], float(found[3]), bool(found[4]), side)


@app.command("generate")
def generate(audio: Path = _AUDIO, out: Path = _OUT, intend: list[str] | None = _INTEND, seed: int = _SEED) -> None:
    """Move the model-free body to a recording of speech and write the clip at 30 fps."""
    if out.suffix.lower() not in (".bvh", ".npz"):
        raise AttuneError(f"--out {out} must end in .bvh or .npz")
    try:
        samples = read_speech(audio)
        clip = procedural(
            spoken_words(samples), len(samples) / RATE_HZ, seed, [parse_intention(text) for text in intend or []]
        )
        if out.suffix.lower() == ".bvh":
            bvh.write(out, clip)
        else:
            npz.write(out, clip)
    except ValueError as error:
        raise AttuneError(str(error)) from error
    except OSError as error:
        raise AttuneError(f"{out} cannot be written ({error.strerror})", "choose another place with --out") from error
    typer.echo(f"{out}: {len(clip)} frames, {clip.duration_s:.1f} s")


@app.command("evaluate")
def evaluate(
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
    for note in report.notes:
        typer.echo(f"- {note}")
