"""`attune bench`: measure how the agent converses, and when it takes the initiative.

The benches of the rooms are found by the entry-point group `attune.benches`, as commands are by `attune.commands`. Each entry point is
a plain function (one Typer command). A room whose libraries are missing does not hide the benches of the others: its bench says so when
it is asked for.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from typing import Any

import typer

from runtime.errors import AttuneError
from runtime.extras import extra_of, install_line

GROUP = "attune.benches"

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def bench() -> None:
    """Measure how the agent converses and when it takes the initiative."""


def _load(point: importlib.metadata.EntryPoint) -> Callable[..., Any]:
    try:
        loaded: Callable[..., Any] = point.load()
        return loaded
    except ImportError as error:
        library = error.name or "a library"
        extra = extra_of(library)
        mend = install_line(extra) if extra else f"install {library}"

        def missing() -> None:
            raise AttuneError(f"attune bench {point.name} needs {library}", mend)

        missing.__doc__ = f"(needs {library})"
        return missing


for _point in sorted(importlib.metadata.entry_points(group=GROUP), key=lambda point: point.name):
    app.command(_point.name)(_load(_point))
