"""How long one cognitive cycle takes, and whether memory stays flat: `python benchmarks/bench_cognitive.py [--json] [--history 86400]`.

Three people and an hour of history unless told otherwise (`cognitive/bench/load.py` says what happens in it); then the next cycles are
timed. With a day of history (about five minutes) the resident memory at each hour shows whether anything grows. `--visitors HOURS` instead
lets strangers come and go who use fresh words, with the long-term memory on in a temporary folder (`cognitive/bench/visitors.py`;
24 hours take some four minutes): resident memory, saved state and memory file by the hour.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cognitive.bench.load import PEOPLE, run
from cognitive.bench.visitors import run as run_visitors
from runtime.settings import CognitiveSettings


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    parser.add_argument("--cycles", type=int, default=2_000, help="cycles to time")
    parser.add_argument("--history", type=int, default=3_600, help="seconds of history before them")
    parser.add_argument("--budget", type=int, default=CognitiveSettings().memory_bytes_max, help="bytes of memory")
    parser.add_argument("--visitors", type=int, metavar="HOURS", help="hours of visitors who come and go, nothing else")
    arguments = parser.parse_args()
    settings = CognitiveSettings(memory_bytes_max=arguments.budget)
    if arguments.visitors:
        _print(_visitors(settings, max(1, arguments.visitors)), arguments.json)
        return
    load = run(settings, history_s=max(0, arguments.history), cycles=max(2, arguments.cycles))
    figures: dict[str, Any] = {
        "people": len(PEOPLE),
        "history_s": arguments.history,
        "cycles": len(load.cycle_ms),
        **{f"cycle_ms.{name}": value for name, value in load.percentiles().items()},
        "memory_bytes": load.saved.bank.size_bytes(),
        "memory_bytes_max": arguments.budget,
        "file_bytes_max": load.file_bytes,
        "plans": load.plans,
        "forgotten": sum(load.saved.bank.forgotten.values()),
        "rss_mb_by_hour": [round(mb, 1) for mb in load.rss_mb],
    }
    _print(figures, arguments.json)


def _visitors(settings: CognitiveSettings, hours: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as folder:
        day = run_visitors(settings, Path(folder), hours=hours)
    return {
        "hours": hours,
        "visitors": day.visitors,
        "agreed": day.agreed,
        "forgotten": day.forgotten,
        "remembered": day.remembered,
        "rss_mb_hour_1": round(day.rss_mb[0], 1),
        "rss_mb_last_hour": round(day.rss_mb[-1], 1),
        "rss_growth_mb": round(day.rss_mb[-1] - day.rss_mb[0], 1),
        "rss_mb_by_hour": [round(mb, 1) for mb in day.rss_mb],
        "state_bytes_max_by_hour": day.state_bytes,
        "memory_file_bytes_by_hour": day.file_bytes,
        "lengths_last_hour": day.lengths[-1],
        "counters": day.counters,
    }


def _print(figures: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:26} {value}")


if __name__ == "__main__":
    main()
