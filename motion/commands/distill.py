"""`attune motion distill`: teach a trained base to need few evaluations; it stays good for many.

Replaces the folder's base when done, so it comes before the control. Needs the extra `train`. Blocking.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import typer

from motion.commands.torch_extra import explained
from runtime.errors import AttuneError


class Objective(str, Enum):
    """How."""

    energy = "energy"
    shortcut = "shortcut"
    consistency = "consistency"


_CORPUS = typer.Option(..., "--corpus", help="Folder that `attune motion corpus` made.")
_FOLDER = typer.Option(..., "--out", help="Folder of the training of the base.")
_OBJECTIVE = typer.Option(Objective.energy, "--objective", help="energy, shortcut or consistency.")
_STEPS = typer.Option(1200, "--steps", help="Steps of the whole stage.")
_ROWS = typer.Option(24, "--rows", help="Windows of 4 s a step.")
_RATE = typer.Option(3e-4, "--rate", help="Greatest learning rate.")
_SEED = typer.Option(0, "--seed", min=0, help="Of all chance.")
_EXACT = typer.Option(False, "--exact", help="Single precision instead of bfloat16.")


def command(
    corpus: Path = _CORPUS,
    out: Path = _FOLDER,
    objective: Objective = _OBJECTIVE,
    steps: int = _STEPS,
    rows: int = _ROWS,
    rate: float = _RATE,
    seed: int = _SEED,
    exact: bool = _EXACT,
) -> None:
    """Distil a trained base to 1, 2 and 4 evaluations."""
    if steps < 1 or rows < 1 or not 0.0 < rate < 1.0:
        raise AttuneError("--steps and --rows start at 1, --rate lies between 0 and 1")
    with explained():
        from motion.corpus import store
        from motion.tokens import shape as shapes
        from motion.training.train import Trainer, TrainSettings

        shape = shapes.read(out / "shape.json")
        settings = TrainSettings(
            steps=steps, rows=rows, rate=rate, seed=seed, precision="no" if exact else "bf16", objective=objective.value
        )
        Trainer(out, "distill", store.read(corpus), shape, settings, typer.echo).run()
    typer.echo(f"{out}: distilled ({objective.value}) in {steps} steps")
