"""`attune motion bench`: what the generator costs, as shares of real time, on one core and on two.

Processor time of a chunk over its duration (the machine may be shared, so processor time and not the clock's, but for the percentiles of
whole chunks), at the shipped number of evaluations and at 50, and for a batch of eight agents. Synthetic speech and a gesture every
four seconds, so that the control is part of it. Blocking, about a minute.
"""

from __future__ import annotations

import json as json_library
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import typer

from runtime.errors import AttuneError

_JSON = typer.Option(False, "--json", help="Print one JSON object and nothing else.")
_MODEL = typer.Option(None, "--model", help="Folder of ONNX files (default: the shipped generator).")
_SECONDS = typer.Option(20.0, "--seconds", help="Motion to make for each figure.")
_STEPS = typer.Option(None, "--steps", help="Evaluations a chunk (default: as shipped).")
_PROVIDER = typer.Option("CPUExecutionProvider", "--provider", help="Of ONNX Runtime.")
_MANY: Final = 50
_AGENTS: Final = 8


def command(
    json: bool = _JSON,
    model: Path | None = _MODEL,
    seconds: float = _SECONDS,
    steps: int | None = _STEPS,
    provider: str = _PROVIDER,
) -> None:
    """Measure the generator's cost."""
    if not 2.0 <= seconds <= 3600.0 or (steps is not None and not 1 <= steps <= 100):
        raise AttuneError("--seconds must be 2 to 3600, --steps 1 to 100")
    try:
        found = measure(model, seconds, steps, provider)
    except ValueError as error:
        raise AttuneError(str(error)) from error
    if json:
        typer.echo(json_library.dumps(found, indent=2))
        return
    for name, value in found.items():
        typer.echo(f"{name:28s} {value if isinstance(value, str | int) else f'{value:.4f}'}")


def measure(folder: Path | None, seconds: float, steps: int | None, provider: str) -> dict[str, Any]:
    """Run the generator and return the figures by name.

    Raises:
        ValueError: the model cannot be opened.
    """
    from motion.streaming.model import Model

    one = Model(folder, (provider,), threads=1)
    if one.providers[0] != provider:
        raise ValueError(
            f"--provider {provider} is not there: ONNX Runtime took {one.providers[0]}; install the extra gpu"
        )
    few = one.shape.steps if steps is None else steps
    chunk_s = one.shape.chunk_s
    base_cpu, base_wall = _run(one, 1, few, seconds, gestures=False)
    with_cpu, with_wall = _run(one, 1, few, seconds, gestures=True)
    many_cpu, _ = _run(one, 1, _MANY, min(seconds, 8.0), gestures=False)
    two = Model(folder, (provider,), threads=2)
    _, eight_wall = _run(two, _AGENTS, few, min(seconds, 10.0), gestures=True)
    return {
        "rtf_one_core": float(np.median(base_cpu)) / chunk_s,
        "rtf_one_core_with_gestures": float(np.median(with_cpu)) / chunk_s,
        "p99_chunk_fraction": float(np.percentile(np.concatenate([base_wall, with_wall]), 99)) / chunk_s,
        "cost_ratio_vs_50_steps": float(np.median(base_cpu) / np.median(many_cpu)),
        "steps": few,
        "batch8_rtf_two_cores": float(np.median(eight_wall)) / chunk_s,
        "chunk_ms": 1e3 * chunk_s,
        "ms_per_chunk": 1e3 * float(np.median(base_wall)),
        "streams_per_device": float(_AGENTS * chunk_s / np.median(eight_wall)),
        "provider": one.providers[0],
    }


def _run(model: Any, agents: int, steps: int, seconds: float, gestures: bool) -> tuple[Any, Any]:
    """Processor and wall time of each chunk, after a second of warm-up."""
    from motion.streaming.generator import Generator

    generator = Generator(model, seeds=range(agents), steps=steps)
    speech = np.random.default_rng(0).standard_normal(round(16_000 * (seconds + 3.0))).astype(np.float32) * 0.1
    for agent in generator.agents:
        agent.say(0, speech[: 16_000 * 100])
    cpu, wall = [], []
    next_s = 0.5
    while generator.agents[0].now_s < seconds + 1.0:
        now_s = generator.agents[0].now_s
        for agent in generator.agents:
            agent.listen(speech[: round(16_000 * model.shape.chunk_s)])
            if gestures and now_s >= next_s:
                agent.intend("wave")
        next_s = now_s + 4.0 if now_s >= next_s else next_s
        began, began_cpu = time.perf_counter(), time.process_time()
        generator.chunk()
        if now_s >= 1.0:
            cpu.append(time.process_time() - began_cpu)
            wall.append(time.perf_counter() - began)
    return np.array(cpu), np.array(wall)
