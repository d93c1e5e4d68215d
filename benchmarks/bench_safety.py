"""What the safety costs: microseconds a clause at the voice, and a planned intention in the slow loop.

    python benchmarks/bench_safety.py [--json]

Clauses are the sentences of the shipped corpus, the red-team table's, and the worst that we know of: long texts of words that many rules
begin with.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

from cognitive.safety.safeguard import Safeguard
from cognitive.scene import Person, Scene
from cognitive.situation import derive
from runtime import messages as m
from runtime.safety.classes import CLASSES
from runtime.safety.refusals import Limits
from runtime.safety.settings import SafetySettings
from runtime.safety.speech import SpeechRules, Utterance

ROOT = Path(__file__).parents[1]
REPEATS = 5


def lines_of(path: str) -> list[str]:
    """Return the lines of a file that are no comments; of a table, its last column."""
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[-1] for line in lines if line and not line.startswith("#")]


def timed_us(texts: list[str], rules: SpeechRules) -> dict[str, float]:
    """Return how long clauses take, microseconds."""
    times = []
    for _ in range(REPEATS):
        for text in texts:
            utterance = Utterance(rules)
            began = time.perf_counter_ns()
            utterance.judge(text)
            times.append((time.perf_counter_ns() - began) / 1e3)
    times.sort()
    return {
        "p50": round(statistics.median(times), 1),
        "p95": round(times[int(0.95 * len(times))], 1),
        "max": round(times[-1], 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rules = SpeechRules(SafetySettings(mode="strict", children=True), Limits())
    anchors = [word for text in CLASSES.values() for word in text.split("|")]
    worst = [" ".join(anchors[start : start + 30])[:180] for start in range(0, len(anchors), 30)]
    worst += ["you should " * 16, "you have " * 20, "kill you should " * 11]
    figures: dict[str, object] = {
        "clause_us": timed_us(lines_of("motion/corpus/pairing/sentences.txt"), rules),
        "red_team_us": timed_us(lines_of("tests/runtime/safety/tables/red_team.tsv"), rules),
        "worst_us": timed_us(worst, rules),
        "longest_text_us": timed_us(["you should have to kill " * 340], rules),
    }
    guard, scene = Safeguard(), Scene(people={"anna": Person(person_id="anna")})
    situation, times = derive(scene, 10**10), []
    for number, text in enumerate(lines_of("motion/corpus/pairing/sentences.txt")):
        began = time.perf_counter_ns()
        guard.check(m.Intention(id=str(number), kind="dialogue", content=text), situation)
        times.append((time.perf_counter_ns() - began) / 1e3)
    figures["intention_us"] = {"p50": round(statistics.median(times), 1), "max": round(max(times), 1)}
    print(json.dumps(figures) if arguments.json else "\n".join(f"{name:16} {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
