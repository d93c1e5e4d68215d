"""`attune motion train`: train the base, or the control over a trained base, on a stored corpus.

Goes on where the folder was left. Needs the extra `train`. Blocking, hours on a CPU; a kill loses at most 500 steps.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import typer

from motion.commands.torch_extra import explained
from runtime.errors import AttuneError


class Stage(str, Enum):
    """What is trained."""

    base = "base"
    control = "control"


_CORPUS = typer.Option(..., "--corpus", help="Folder that `attune motion corpus` made.")
_OUT = typer.Option(..., "--out", help="Folder of the training; an earlier one is continued.")
_STAGE = typer.Option(Stage.base, "--stage", help="base, or control over a trained base.")
_STEPS = typer.Option(5000, "--steps", help="Steps of the whole stage.")
_ROWS = typer.Option(24, "--rows", help="Windows of 4 s a step.")
_RATE = typer.Option(1e-3, "--rate", help="Greatest learning rate.")
_WIDTH = typer.Option(192, "--width", help="Of the network, a multiple of 32.")
_LAYERS = typer.Option(6, "--layers", help="Blocks of the network.")
_SEED = typer.Option(0, "--seed", min=0, help="Of all chance.")
_EXACT = typer.Option(False, "--exact", help="Single precision instead of bfloat16.")


def command(
    corpus: Path = _CORPUS,
    out: Path = _OUT,
    stage: Stage = _STAGE,
    steps: int = _STEPS,
    rows: int = _ROWS,
    rate: float = _RATE,
    width: int = _WIDTH,
    layers: int = _LAYERS,
    seed: int = _SEED,
    exact: bool = _EXACT,
) -> None:
    """Train the generator's base or its control."""
    if steps < 1 or rows < 1 or layers < 1 or width < 32 or width % 32 or not 0.0 < rate < 1.0:
        raise AttuneError(
            "--steps, --rows and --layers start at 1, --width is a multiple of 32, --rate between 0 and 1"
        )
    with explained():
        from motion.corpus import store
        from motion.procedural.lexicon import LABELS
        from motion.tokens.shape import Shape
        from motion.training.train import Trainer, TrainSettings

        opened = store.read(corpus)
        shape = Shape(
            width=width,
            layers=layers,
            heads=width // 32,
            # Styles of people who are only looked at, not learned from, would be rows that are never trained.
            actors=tuple(sorted({entry.actor for entry in opened.of_split("train") if entry.actor})),
            emotions=tuple(sorted({entry.emotion for entry in opened.of_split("train") if entry.emotion})),
            labels=LABELS,
        )
        settings = TrainSettings(steps=steps, rows=rows, rate=rate, seed=seed, precision="no" if exact else "bf16")
        Trainer(out, stage.value, opened, shape, settings, typer.echo).run()
    typer.echo(f"{out}: {stage.value} trained for {steps} steps")
