"""`attune motion evaluate`: the table of methods by measures on held-out real motion, and what each method looks like.

Blocking; wrong files and folders are one sentence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from motion.corpus import store
from motion.evaluation import classifier, encoder, run
from motion.evaluation.heldout import halves, read_narration
from motion.evaluation.intentions import measure
from motion.evaluation.methods import SpeechMotion, Style, model_free
from motion.evaluation.score import Sample
from motion.evaluation.sessions import Session, read_sessions
from motion.evaluation.speech import RATE_HZ
from runtime.errors import AttuneError
from runtime.paths import data_dir

_LOOK_S = 10.0
"""Length of the video of each method."""
_MOTION = typer.Option(None, "--motion", help="Real motion in the layout of mpi-ebedb (default: its held-out actors).")
_SPEECH = typer.Option(None, "--speech", help="Folder of recordings (default: ljspeech of $ATTUNE_DATA).")
_CORPUS = typer.Option(None, "--corpus", help="Corpus (attune motion corpus) that retrieval plays back; none without.")
_LOOK = typer.Option(None, "--look", help="Folder for a contact sheet and a short video of each method.")
_REQUESTS = typer.Option(
    2,
    "--requests",
    min=0,
    max=100,
    help="How often each gesture is asked for, to measure intentions; 0 leaves them out.",
)
_SEED = typer.Option(0, "--seed", help="Of all noise.")
_JSON = typer.Option(False, "--json", help="Print one JSON object and nothing else.")


def command(
    motion: Path | None = _MOTION,
    speech: Path | None = _SPEECH,
    corpus: Path | None = _CORPUS,
    look: Path | None = _LOOK,
    requests: int = _REQUESTS,
    seed: int = _SEED,
    json_: bool = _JSON,
) -> None:
    """Print the table of methods by measures: real motion, every body, a static one, mismatched audio and style."""
    root = data_dir()
    if root is None and (motion is None or speech is None):
        raise AttuneError(
            "ATTUNE_DATA names no folder", "set it (attune data list), or give both --motion FILE.npz and --speech DIR"
        )
    if look is not None:
        prepare(look)
    try:
        if motion is not None and not motion.is_file():
            raise ValueError(f"{motion} is no file; --motion takes an npz in the layout of mpi-ebedb")
        real = read_narration(motion) if motion is not None else run.held_out(root or "")
        sessions = read_sessions(speech if speech is not None else (root or Path()) / "ljspeech" / "wavs", seed)
        stored = None if corpus is None else store.read(corpus)
        frozen = encoder.shipped()
        rows = run.samples(real, sessions, frozen, seed, {}, (Style(),), run.FAR, stored)
        report = run.score_samples(real, rows, frozen)
        if requests:
            known = classifier.shipped()
            bodies: dict[str, SpeechMotion] = {"procedural": model_free}
            report = report.with_intentions(
                {name: measure(body, sessions, known, repeats=requests, seed=seed) for name, body in bodies.items()}
            )
        if look is not None:
            truth = [Sample(item.clip) for item in halves(real)[1]]
            show(look, {"ground_truth": truth, **rows}, sessions)
    except ValueError as error:
        raise AttuneError(str(error)) from error
    if json_:
        typer.echo(json.dumps(report.as_json(), allow_nan=False, indent=2))
        return
    typer.echo(f"encoder {report.encoder} {report.encoder_sha256[:12]}; {report.reference}")
    typer.echo(f"FGD between two real actors: {report.between_actors_fgd:.3f}\n\n{report.text()}")
    for line in report.intention_lines():
        typer.echo(line)


def prepare(look: Path) -> None:
    """Make the folder of `--look` before long work begins.

    Raises:
        AttuneError: it cannot be made, or OpenCV is absent.
    """
    from motion.video.movie import load_cv2

    load_cv2(f"--look {look}")
    try:
        look.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AttuneError(f"--look {look} cannot be made ({error.strerror})", "choose another place") from error


def show(look: Path, rows: Mapping[str, Sequence[Sample]], sessions: Sequence[Session]) -> None:
    """Draw the beginning of each method's first clip: METHOD.png and METHOD.mp4, the latter with the speech that it is judged by."""
    from motion.video.movie import THREE_QUARTER_RAD, Panel, write_video
    from motion.video.sheet import even_moments, write_sheet

    for name, samples in rows.items():
        # Of real motion, whose clips are short, the longest.
        clip = max((sample.clip for sample in samples), key=len) if name == "ground_truth" else samples[0].clip
        shown = type(clip)(
            clip.fps, *(part[: round(_LOOK_S * clip.fps)] for part in (clip.rotations, clip.hips_m, clip.hands))
        )
        sound = None
        if name != "ground_truth":
            # Methods are judged without their first second, and one of them against the speech of another session.
            heard = sessions[min(name == "mismatched_audio", len(sessions) - 1)]
            sound = heard.agent[round(run.WARM_UP_S * RATE_HZ) :]
        write_sheet(shown, look / f"{name}.png", even_moments(shown, 16))
        write_video([Panel(name, shown), Panel("", shown, THREE_QUARTER_RAD)], look / f"{name}.mp4", sound)
