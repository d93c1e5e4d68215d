"""`attune bench social`: when the agent takes the initiative, when it holds back, and what it makes of other people's beliefs.

Plays scripted scenes to the slow loop on virtual time (minutes of scenes in a second), beside baselines and without its parts,
and lets the epistemic model answer false-belief stories. Formats: `docs/social-bench.md`, `docs/stories.md`.
"""

from __future__ import annotations

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
    settings: Annotated[list[str] | None, typer.Option("--set", help="Override, as section.key=value.")] = None,
) -> None:
    """Measure initiative, restraint and theory of mind on scripted scenes and stories."""
    from cognitive.bench.social.report import mishaps, social_figures
    from cognitive.bench.social.scene_file import read_scenes
    from runtime.errors import AttuneError
    from runtime.paths import launch_dir
    from runtime.profile import load_profile
    from runtime.pull import print_json

    if part not in ("test", "dev"):
        raise AttuneError(f"--part is {part}", "Give test or dev")
    folder = scenes if scenes is not None else launch_dir() / "scenes" / part
    read = read_scenes(folder)
    profile = load_profile("cpu", settings or ())
    figures, verdicts = social_figures(read, profile.cognitive, stories, seed)
    if json:
        print_json(figures)
        return
    _print(figures)
    if verbose:
        for line in mishaps(verdicts):
            print(line)


def _print(figures: dict[str, Any], indent: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            _print(value, indent + "  ")
        else:
            print(f"{indent}{name:26} {'-' if value is None else value}")
