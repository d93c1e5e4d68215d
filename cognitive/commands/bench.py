"""`attune bench social`: when the agent takes the initiative, when it holds back, and what it makes of other people's beliefs.

Plays scripted scenes to the slow loop on virtual time (minutes of scenes in a second), beside baselines and without its parts,
and lets the epistemic model answer false-belief stories, or a language model and its strategies beside it. Formats:
`docs/social-bench.md`, `docs/controlled-language.md`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer


def social(
    scenes: Annotated[
        Path | None, typer.Option(help="Folder of scenes; those of the frozen test part unless given.")
    ] = None,
    stories: Annotated[Path | None, typer.Option(help="Stories in ToMi's format; our own unless given.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    part: Annotated[
        str, typer.Option(help="Which of our scenes: test, or dev for those that weights are set on.")
    ] = "test",
    seed: Annotated[int, typer.Option(help="Seed of stories and sentences.")] = 0,
    verbose: Annotated[bool, typer.Option(help="Also list what went wrong, scene by scene.")] = False,
    answerer: Annotated[
        list[str] | None,
        typer.Option(
            help="Who answers the stories: epistemic, llm, llm:metamind ...; repeat it to compare. No scenes then, unless --scenes."
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Most questions, drawn from all; with --answerer.")] = None,
    at_once: Annotated[
        int, typer.Option(min=1, max=4, help="Questions that a language model has at the same time.")
    ] = 4,
    profile: Annotated[
        str, typer.Option(help="Profile with the server (cognitive.llm) and the agent's settings.")
    ] = "cpu",
    settings: Annotated[list[str] | None, typer.Option("--set", help="Override, as section.key=value.")] = None,
) -> None:
    """Measure initiative, restraint and theory of mind on scripted scenes and stories."""
    from cognitive.bench.social.report import mishaps, social_figures
    from cognitive.bench.social.scene_file import read_scenes
    from cognitive.bench.stories.compare import compare
    from runtime.errors import AttuneError
    from runtime.paths import launch_dir
    from runtime.printing import print_figures, print_json
    from runtime.profile import load_profile

    if part not in ("test", "dev"):
        raise AttuneError(f"--part is {part}", "Give test or dev")
    if limit is not None and not answerer:
        raise AttuneError("--limit is of stories that answerers are compared on", "Give --answerer as well")
    cognitive = load_profile(profile, settings or ()).cognitive
    compared = {}
    if answerer:
        compared = compare(
            answerer, stories, cognitive.llm, seed=seed, limit=limit, at_once=at_once, progress=_tell_progress
        )
        if scenes is None:
            print_json({"stories": compared}) if json else _print_side_by_side(compared)
            return
    folder = scenes if scenes is not None else launch_dir() / "scenes" / part
    figures, verdicts = social_figures(read_scenes(folder), cognitive, stories, seed)
    if compared:
        figures["stories"] = compared
    if json:
        print_json(figures)
        return
    if compared:
        _print_side_by_side(figures.pop("stories"))
    print_figures(figures)
    if verbose:
        for line in mishaps(verdicts):
            print(line)


def _tell_progress(name: str, done: int, whole: int) -> None:
    """Keep one line of the terminal up to date; nothing where the output goes elsewhere."""
    if sys.stderr.isatty():
        end = "\n" if done == whole else ""
        print(f"\r{name}: {done} of {whole} questions", end=end, file=sys.stderr, flush=True)


COLUMNS = (
    "first_order",
    "second_order",
    "accuracy",
    "questions",
    "failed",
    "not_attempted",
    "p50_ms",
    "p95_ms",
    "requests",
)


def _print_side_by_side(compared: dict[str, Any]) -> None:
    """Print one row an answerer, and below what kept answers away."""
    width = max(len(name) for name in ("answerer", *compared))
    print(f"{'answerer':{width}}" + "".join(f"  {column:>13}" for column in COLUMNS))
    for name, row in compared.items():
        values = {**row, **(row["latency"] or {})}
        print(f"{name:{width}}" + "".join(f"  {_shown(values.get(column)):>13}" for column in COLUMNS))
    for name, row in compared.items():
        if row["faults"]:
            print(f"{name}: " + ", ".join(f"{count} {fault}" for fault, count in row["faults"].items()))


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
