"""`attune motion export`: a trained folder as ONNX files that the running generator opens. Needs the extra `train`; blocking, a minute."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import typer

from motion.commands.torch_extra import explained
from runtime.errors import AttuneError


class Precision(str, Enum):
    """Of the stored weights."""

    fp32 = "fp32"
    fp16 = "fp16"
    int8 = "int8"


_FOLDER = typer.Argument(..., help="Folder of the training.")
_OUT = typer.Option(..., "--out", help="Folder for the ONNX files.")
_PRECISION = typer.Option(
    Precision.fp16,
    "--precision",
    help="Of the stored weights. fp32 and fp16 compute in single precision; int8 is smaller and quicker, on CPUs only.",
)
_STEPS = typer.Option(4, "--steps", help="Evaluations a chunk that it is shipped for.")


def command(folder: Path = _FOLDER, out: Path = _OUT, precision: Precision = _PRECISION, steps: int = _STEPS) -> None:
    """Write a trained generator as ONNX files."""
    if not 1 <= steps <= 100:
        raise AttuneError(f"--steps is {steps}; it must be 1 to 100")
    with explained():
        from motion.training.export import export

        for path in export(folder, out, precision=precision.value, steps=steps):
            typer.echo(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
