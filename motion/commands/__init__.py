"""`attune motion`: move the body to speech, look at motion, and measure it against real people.

One file a command, each with a function `command`; what a command needs beyond the base is imported when it runs.
"""

from __future__ import annotations

import typer

from motion.commands import bench, corpus, distill, evaluate, export, generate, render, train

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
app.command("generate")(generate.command)
app.command("render")(render.command)
app.command("evaluate")(evaluate.command)
app.command("corpus")(corpus.command)
app.command("train")(train.command)
app.command("distill")(distill.command)
app.command("export")(export.command)
app.command("bench")(bench.command)
