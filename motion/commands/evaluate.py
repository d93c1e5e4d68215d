"""`attune motion evaluate`: the table of methods by measures on held-out real motion, and what each method looks like.

Blocking; wrong files and folders are one sentence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import typer

from motion.commands.generate import is_shipped
from motion.corpus import store
from motion.corpus.shipped import build
from motion.evaluation import classifier, encoder, run
from motion.evaluation.heldout import halves, read_narration
from motion.evaluation.intentions import Intentions, measure
from motion.evaluation.learned import Learned, narrating_styles
from motion.evaluation.methods import ANYBODY, Style, model_free
from motion.evaluation.score import Sample
from motion.evaluation.sessions import Session, read_sessions
from motion.evaluation.speech import RATE_HZ
from motion.streaming.model import Model
from runtime.errors import AttuneError
from runtime.paths import cache_dir, data_dir

_LOOK_S = 10.0
"""Length of the video of each method."""
_MOTION = typer.Option(None, "--motion", help="Real motion in the layout of mpi-ebedb (default: its held-out actors).")
_SPEECH = typer.Option(None, "--speech", help="Folder of recordings (default: ljspeech of $ATTUNE_DATA).")
_CORPUS = typer.Option(
    None,
    "--corpus",
    help="Corpus (attune motion corpus) that retrieval plays back (default: an hour, made of $ATTUNE_DATA once).",
)
_LOOK = typer.Option(None, "--look", help="Folder for a contact sheet and a short video of each method.")
_REQUESTS = typer.Option(
    4,
    "--requests",
    min=0,
    max=100,
    help="How often each gesture is asked for (4: in speech, in silence, and where they change); 0 leaves it out.",
)
_MODEL = typer.Option(None, "--model", help="Folder of another network (attune motion export) than the shipped one.")
_STEPS = typer.Option(
    None,
    "--steps",
    min=1,
    max=100,
    help="Evaluations of the network, one row each; several times (default 50 10 4 2 1).",
)
_SEED = typer.Option(0, "--seed", min=0, help="Of all noise.")
_JSON = typer.Option(False, "--json", help="Print one JSON object and nothing else.")
_KEPT: Final = "retrieval-corpus-1"
_KEPT_MINUTES: Final = 60.0
_EVERY_STEPS: Final = (50, 10, 4, 2, 1)
_ASKED_STEPS: Final = 10
"""With more evaluations than this a generator is not asked for gestures: that would take an hour."""


def command(
    motion: Path | None = _MOTION,
    speech: Path | None = _SPEECH,
    corpus: Path | None = _CORPUS,
    look: Path | None = _LOOK,
    requests: int = _REQUESTS,
    model: Path | None = _MODEL,
    steps: list[int] | None = _STEPS,
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
        stored = played_back(corpus, root)
        frozen = encoder.shipped()
        generators, styles = networks(model, steps or _EVERY_STEPS)
        rows = run.samples(real, sessions, frozen, seed, generators, styles, run.FAR, stored)
        report = run.score_samples(real, rows, frozen)
        if requests:
            report = report.with_intentions(answers(generators, styles, sessions, requests, seed))
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


def networks(folder: Path | None, steps: Sequence[int]) -> tuple[dict[int, Learned], tuple[Style, ...]]:
    """The network at several numbers of evaluations, and the manners of narration that it knows; none where no network is shipped.

    Raises:
        ValueError: a file of it is missing or broken.
    """
    if folder is None and not is_shipped():
        return {}, (ANYBODY,)
    opened = Model(folder)
    # The one that ships comes first: the mismatched rows are of it.
    ordered = sorted(steps, key=lambda number: number != opened.shape.steps)
    return {number: Learned(opened, number) for number in ordered}, tuple(narrating_styles(opened))


def played_back(folder: Path | None, root: Path | None) -> store.Corpus | None:
    """What retrieval plays back: a named corpus, or an hour of the shipped one without our voices, made once and kept in the cache.

    Returns:
        None, and says so, where there is no data to make it of.

    Raises:
        ValueError: the named folder is no corpus.
        OSError: the cache cannot be written.
    """
    if folder is not None:
        return store.read(folder)
    kept = cache_dir() / _KEPT
    if not kept.is_dir():
        if root is None:
            typer.echo("no retrieval row: it needs --corpus, or data in $ATTUNE_DATA", err=True)
            return None
        typer.echo(f"making an hour of corpus for retrieval in {kept}: a minute, once", err=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=kept.parent) as made:
            try:
                build(Path(made) / "corpus", root, None, minutes=_KEPT_MINUTES, gesture_minutes=0.0)
            except (ValueError, OSError) as error:
                typer.echo(f"no retrieval row: {error}", err=True)
                return None
            (Path(made) / "corpus").rename(kept)
    return store.read(kept)


def answers(
    generators: Mapping[int, Learned], styles: Sequence[Style], sessions: Sequence[Session], repeats: int, seed: int
) -> dict[str, Intentions]:
    """Ask every body that understands gestures for all of them, by the names of the table.

    Raises:
        ValueError: the classifier is missing or does not know the lexicon.
    """
    known = classifier.shipped()
    out = {"procedural": measure(model_free, sessions, known, repeats=repeats, seed=seed)}
    for number, generator in generators.items():
        if number <= _ASKED_STEPS:
            out[f"generator@{number}"] = measure(
                generator, sessions, known, repeats=repeats, seed=seed, style=styles[0]
            )
    return out


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
