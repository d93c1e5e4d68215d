"""From text to the agent's first published audio with the embedded voice, and where the time goes.

    python benchmarks/bench_voice.py [--json]

Real speaker, playback, worker process and clock; nothing is played. `first_audio_ms` runs from the reply's text to the
first piece of audio in the hands of whoever publishes it. Its parts: `dispatch` (splitting, tags, the way to the
thread), `worker` (request, speech, reply), `timing` (phonemes, words, accents), `hand_over` (back to the loop,
schedule, first piece). `visemes` comes after the first audio and delays nothing. `lead_ms` is by how much the first
piece is ahead of its time: what it waits for in the player.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from behavioral.voice.playback import Playback
from behavioral.voice.speaker import ClauseScheduled, Speaker
from behavioral.voice.tts import espeak as espeak_module
from behavioral.voice.tts.espeak import EspeakVoice
from runtime.clock import NS_PER_MS, MonotonicClock
from runtime.messages import AgentAudio
from runtime.offload import ThreadOffload
from runtime.settings import VoiceSettings

TEXTS = (
    "Hello there, nice to meet you.",
    "Well, that is a good question.",
    "I am glad that you came. What would you like to see?",
    "Let me show you what I can do for you today in this museum,",
    "Of course.",
)
BETWEEN_S = 0.15


async def one_piece(text: str) -> AsyncIterator[str]:
    """Yield a reply at once."""
    yield text


class Stages:
    """Times of one reply, seconds."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.at: dict[str, float] = {}

    def mark(self, name: str) -> None:
        """Take the first time of a stage."""
        self.at.setdefault(name, time.perf_counter())


async def measure(rounds: int) -> dict[str, list[float]]:
    """Return milliseconds by stage."""
    clock = MonotonicClock()
    playback = Playback(clock)
    voice = EspeakVoice(VoiceSettings(), ThreadOffload("voice"))
    stages = Stages()
    ahead_ms: list[float] = []
    spoken = asyncio.Event()

    def publish(piece: AgentAudio) -> None:
        if "published" not in stages.at:
            ahead_ms.append((piece.t_ns - clock.now_ns()) / NS_PER_MS)
        stages.mark("published")

    def scheduled(_scheduled: ClauseScheduled) -> None:
        stages.mark("scheduled")
        spoken.set()

    playback.hand_out_to(publish)
    speaker = Speaker(voice, playback, clock, scheduled, lambda _ns: None)
    exchange, pronounced = voice.worker.exchange, espeak_module._pronounced

    def timed_exchange(*args: Any) -> Any:
        stages.mark("asked")
        reply = exchange(*args)
        stages.mark("answered")
        return reply

    def timed_pronounced(*args: Any) -> Any:
        made = pronounced(*args)
        stages.mark("timed")
        return made

    voice.worker.exchange = timed_exchange  # type: ignore[method-assign]
    espeak_module._pronounced = timed_pronounced
    await voice.prepare()
    rows: dict[str, list[float]] = {}
    for number in range(rounds * len(TEXTS)):
        stages.at.clear()
        begun = time.perf_counter()
        saying = asyncio.ensure_future(speaker.say(f"r{number}", one_piece(TEXTS[number % len(TEXTS)])))
        await spoken.wait()
        spoken.clear()
        speaker.stop(clock.now_ns())
        playback.pieces_due(clock.now_ns())  # what fades out
        await saying
        await asyncio.sleep(BETWEEN_S)
        at = stages.at
        for name, first, last in (
            ("first_audio", begun, at["published"]),
            ("dispatch", begun, at["asked"]),
            ("worker", at["asked"], at["answered"]),
            ("timing", at["answered"], at["timed"]),
            ("hand_over", at["timed"], at["published"]),
            ("visemes", at["published"], at["scheduled"]),
        ):
            rows.setdefault(name, []).append(1e3 * (last - first))
    rows["lead"] = ahead_ms
    espeak_module._pronounced = pronounced
    await voice.aclose()
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20, help="times that each text is said")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = asyncio.run(measure(options.rounds))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)  # the worker has ended: its forks are counted with it
    clauses = options.rounds * len(TEXTS) + 1
    cpu_ms = 1e3 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / clauses
    found: dict[str, Any] = {
        f"{name}_ms": {q: round(float(np.percentile(row, p)), 3) for q, p in (("p50", 50), ("p95", 95), ("max", 100))}
        for name, row in rows.items()
    }
    found["worker_cpu_ms_per_clause"] = round(cpu_ms, 2)
    found["clauses"] = clauses - 1
    if options.json:
        print(json.dumps(found))
        return
    print(f"{'stage':14}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    for name in rows:
        row = found[f"{name}_ms"]
        print(f"{name:14}{row['p50']:9.2f}{row['p95']:9.2f}{row['max']:9.2f}")
    print(f"the worker's processor time per clause, starting and forking included: {cpu_ms:.1f} ms")


if __name__ == "__main__":
    main()
