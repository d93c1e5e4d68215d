"""How long one cognitive cycle takes with three people and an hour of history: `python benchmarks/bench_cognitive.py [--json]`.

Three people come and stay; somebody says something every twelve seconds for an hour of simulated time, faces are seen once a second,
feelings and changes come in between, and every intention gets its answers. After that hour the next cycles are timed, each with a second's
worth of messages, including what a cycle costs besides thinking: encoding the state to be saved and the account to be
published. Not timed: writing and syncing the file, which happens in a thread of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cognitive.cycle import CognitiveCycle, Outcome
from cognitive.memory.store import Saved, encode
from cognitive.motivation.triggers import built_in_triggers
from cognitive.persona import load_persona
from cognitive.reasoners.embedded import EmbeddedReasoner
from runtime import codec
from runtime import messages as m
from runtime.settings import CognitiveSettings

PEOPLE = ("anna", "ben", "carla")
SENTENCES = (
    "well I think that this is quite interesting and I would like to hear more about it",
    "I feel so tired and sad today",
    "where is the way to the library",
    "we won the match yesterday and I am very happy",
    "could you tell me a little about yourself",
)
SECOND_NS = 10**9


def second_of_messages(second: int, chance: random.Random) -> list[m.Message]:
    """Return what a lively room with three people sends in one second."""
    t_ns = second * SECOND_NS
    state = "arrived" if second == 0 else "present"
    news: list[m.Message] = [
        m.PersonPercept(
            t_ns=t_ns, state=state, person_id=name, box=(0.3 * k, 0.3, 0.2, 0.3), bearing_rad=(0.4 - 0.4 * k, 0.0)
        )
        for k, name in enumerate(PEOPLE)
    ]
    if second % 12 == 0:
        news.append(m.UserSpeech(t_ns=t_ns, state="started"))
    if second % 12 == 3:
        news.append(m.UserSpeech(t_ns=t_ns, state="ended"))
        text = chance.choice(SENTENCES)
        for k, word in enumerate(text.split()):
            news.append(m.Word(t_ns=t_ns, op="commit", unit_id=f"u{second}-{k}", text=word))
        news.append(m.Turn(t_ns=t_ns, state="ended", speaker="user", turn_id=f"turn-{second}", text=text))
    if second % 12 == 5:
        speech = {"t_ns": t_ns, "response_id": f"r{second}", "duration_ms": 1_500.0}
        news.append(m.AgentSpeech(state="started", text=f"I see, that is remark number {second}.", **speech))
    if second % 12 == 7:
        news.append(m.AgentSpeech(t_ns=t_ns, state="finished", response_id=f"r{second - 2}"))
    if second % 5 == 0:
        news.append(m.AffectPercept(t_ns=t_ns, valence=chance.uniform(-1, 1), arousal=0.0, cues=("voice", "words")))
    if second % 7 == 0:
        news.append(m.VisualChange(t_ns=t_ns, magnitude=chance.random()))
    return news


async def measure(cycles: int, history_s: int, budget_bytes: int) -> dict[str, float]:
    """Return the figures."""
    settings = CognitiveSettings(memory_bytes_max=budget_bytes)
    persona = load_persona("default")
    reasoner = EmbeddedReasoner(built_in_triggers(persona.name, settings.long_silence_s))
    saved = Saved()
    saved.planner.id_prefix = "intention"
    thinker = CognitiveCycle(settings, persona, reasoner, 1, saved)
    chance = random.Random(1)
    took_ms: list[float] = []
    answers: list[m.Message] = []
    largest = 0
    for second in range(history_s + cycles):
        news = answers + second_of_messages(second, chance)
        started = time.perf_counter()
        outcome = await thinker.run(news, second * SECOND_NS, regular=True)
        content = encode(saved)
        codec.encode(account(outcome))
        if second >= history_s:
            took_ms.append((time.perf_counter() - started) * 1_000)
        largest = max(largest, len(content))
        answers = [
            m.IntentionAnswer(t_ns=second * SECOND_NS, intention_id=intention.id, state=state)
            for intention in outcome.intentions
            for state in ("accepted", "started", "finished")
        ]
    steps = statistics.quantiles(took_ms, n=100)
    return {
        "people": len(PEOPLE),
        "history_s": history_s,
        "cycles": cycles,
        "cycle_ms.p50": round(steps[49], 3),
        "cycle_ms.p95": round(steps[94], 3),
        "cycle_ms.max": round(max(took_ms), 3),
        "memory_bytes": saved.bank.size_bytes(),
        "memory_bytes_max": budget_bytes,
        "file_bytes_max": largest,
        "plans": saved.planner.plans,
        "forgotten": sum(saved.bank.forgotten.values()),
    }


def account(outcome: Outcome) -> m.CognitiveCycle:
    """Return the message that the room publishes."""
    return m.CognitiveCycle(
        cycle=outcome.cycle,
        duration_ms=0.0,
        scores=outcome.scores,
        restraint=outcome.restraint,
        memory_bytes=outcome.memory_bytes,
        memory=outcome.sections,
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    parser.add_argument("--cycles", type=int, default=2_000, help="cycles to time")
    parser.add_argument("--history", type=int, default=3_600, help="seconds of history before them")
    parser.add_argument("--budget", type=int, default=CognitiveSettings().memory_bytes_max, help="bytes of memory")
    arguments = parser.parse_args()
    figures = asyncio.run(measure(max(2, arguments.cycles), max(0, arguments.history), arguments.budget))
    if arguments.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:18} {value}")


if __name__ == "__main__":
    main()
