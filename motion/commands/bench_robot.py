"""`attune bench robot`: what a body with motors does when everything goes wrong, and what of a gesture arrives in it.

Per body: limits, self-collision, watchdog, emergency stop, following and the safety filter's cost under an adversary (see
motion/embodiment/evaluation), retargeting errors and recognisability over the lexicon. On simulated time, some two milliseconds a tick;
`--ticks 1000000` is the whole trial (half an hour a body).
"""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer


def robot(
    body: Annotated[
        list[str] | None,
        typer.Option(help="Body to judge; repeat it for several. All whose models are here unless given."),
    ] = None,
    ticks: Annotated[int, typer.Option(min=100, max=10_000_000, help="Periods under the adversary.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Seed of every chance.")] = 0,
    table: Annotated[
        float,
        typer.Option(min=0.0, max=2.0, help="Height of a table before it that must not be touched, metres; 0: none."),
    ] = 0.0,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Judge bodies with motors: limits, self-collision, stops, retargeting, following."""
    from motion.embodiment.bodies import catalogue
    from motion.embodiment.bodies.surroundings import Table
    from runtime.errors import AttuneError
    from runtime.printing import print_figures, print_json

    found: dict[str, dict[str, Any]] = {}
    for name in body or catalogue.names():
        try:
            model = catalogue.find(name, table=Table(table) if table else None)
        except AttuneError as error:
            if body:
                raise
            print(f"{name} is left out: {error}", file=sys.stderr)
            continue
        found[model.description.name] = _judged(model, ticks, seed)
    if json:
        print_json(found)
    else:
        print_figures(found)


def _judged(model: Any, ticks: int, seed: int) -> dict[str, Any]:
    from motion.embodiment.evaluation.retargeting import measure_retargeting
    from motion.embodiment.evaluation.soak import Soak
    from runtime.printing import print_share

    return {**measure_retargeting(model), **Soak(model, seed).run(ticks, print_share).figures()}
