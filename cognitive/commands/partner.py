"""`attune partner`: let simulated people talk with the agent, on virtual time.

`attune partner run` writes `sessions.jsonl` (one line of JSON a session) and `summary.json` into a new folder and prints the summary;
`attune partner people` lists who ships. What is wrong with a person's file is said before the first session.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from cognitive.partner.outcome import Outcome
from cognitive.partner.person_file import load_person, people_names
from cognitive.partner.sessions import LEVELS, PROFILES, jobs, run_all
from runtime.errors import AttuneError
from runtime.profile import load_profile

SESSIONS_MAX = 100_000

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.command("people")
def people() -> None:
    """List the people who ship."""
    for name in people_names():
        print(f"{name:12} {load_person(name).about}")


@app.command("run")
def run(
    out: Annotated[Path, typer.Option(help="New folder for the outcomes.")],
    sessions: Annotated[int, typer.Option(min=1, max=SESSIONS_MAX, help="How many conversations.")] = 7,
    seed: Annotated[int, typer.Option(help="Seed of people, sessions and the agent.")] = 0,
    person: Annotated[
        list[str] | None,
        typer.Option(help="Name in launch/people or a YAML file; may be repeated. All who ship, if not given."),
    ] = None,
    level: Annotated[
        str, typer.Option(help="words: recognised words; voice: sound, through the agent's own ears.")
    ] = "words",
    profile: Annotated[str, typer.Option(help="Instead of the level's profile.")] = "",
    processes: Annotated[int, typer.Option(min=0, max=256, help="Sessions at once; 0: one a core.")] = 0,
    settings: Annotated[list[str] | None, typer.Option("--set", help="Override, as section.key=value.")] = None,
) -> None:
    """Run simulated conversations and write down what came of each."""
    if level not in LEVELS:
        raise AttuneError(f"--level {level[:40]}: there is no such level", f"known: {', '.join(LEVELS)}")
    wanted = person or people_names()
    for name in wanted:
        load_person(name)
    load_profile(profile or PROFILES[level], settings or ())
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise AttuneError(f"--out {out} exists already", "Give a new or an empty folder")
    out.mkdir(parents=True, exist_ok=True)
    work = jobs(wanted, sessions, seed, level, profile, settings or ())
    begun = time.perf_counter()
    outcomes = []
    with open(out / "sessions.jsonl", "wb") as file:
        for outcome in run_all(work, min(len(work), processes or os.cpu_count() or 1)):
            outcomes.append(outcome)
            file.write(msgspec.json.encode(outcome) + b"\n")
            file.flush()
    summary = summarised(outcomes, time.perf_counter() - begun)
    (out / "summary.json").write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n")
    for key, value in summary.items():
        print(f"{key:24} {value}")
    failed = [outcome for outcome in outcomes if outcome.error]
    if failed:
        print(f"{len(failed)} sessions failed; the first: {failed[0].error}", file=sys.stderr)
        raise typer.Exit(1)


def summarised(outcomes: Sequence[Outcome], took_s: float) -> dict[str, Any]:
    """Return totals and means over the sessions that did not fail, and how fast they ran."""
    good = [outcome for outcome in outcomes if not outcome.error]
    answers = [outcome.mean_answer_s for outcome in good if outcome.mean_answer_s is not None]
    goals = sum(outcome.goals for outcome in good)
    return {
        "sessions": len(outcomes),
        "failed": len(outcomes) - len(good),
        "hours_of_talk": round(sum(outcome.length_s for outcome in good) / 3_600, 3),
        "sessions_per_minute": round(60 * len(outcomes) / took_s, 1) if took_s > 0 else None,
        "satisfaction": _mean([outcome.satisfaction for outcome in good]),
        "goals_reached": round(sum(outcome.goals_reached for outcome in good) / goals, 3) if goals else None,
        "answered": _share(sum(o.answered for o in good), sum(o.turns for o in good)),
        "answer_s": _mean(answers),
        "interruptions": sum(outcome.interruptions for outcome in good),
        "initiatives": sum(outcome.initiatives for outcome in good),
        "taken_up": sum(outcome.taken_up for outcome in good),
        "ignored": sum(outcome.ignored for outcome in good),
        "unwelcome": sum(outcome.unwelcome for outcome in good),
        "double_greetings": sum(outcome.double_greetings for outcome in good),
        "intentions_stuck": sum(outcome.intentions_stuck for outcome in good),
        "memory_bytes_max": max((outcome.memory_bytes_max for outcome in good), default=0),
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(statistics.fmean(values), 3) if values else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
