"""Round trips over the bus between two processes, and from an intention to its answer.

    python benchmarks/bench_bus.py [--json] [--count N]

`publish_round_trip` is a word published by this process, heard by another and published back; one way is about half.
`intention_to_answer` is an intention sent here and answered there. Milliseconds, one message at a time.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from runtime.clock import MonotonicClock
from runtime.messages import Intention, IntentionAnswer, TypedText, Word
from runtime.transport.zeromq import ZmqBus

ROOMS = ("behavioral", "cognitive")


async def echo(folder: Path) -> None:
    """Be the other process: send every word back as typed text and finish every intention."""
    bus = ZmqBus("behavioral", ROOMS, folder, MonotonicClock())
    server = bus.open_intention_server()
    words = bus.subscribe(Word)

    async def answer() -> None:
        async for intention in server:
            server.answer(IntentionAnswer(intention_id=intention.id, state="finished"))

    async def hello() -> None:
        while True:
            bus.say_hello()
            await asyncio.sleep(0.02)

    bus.listen_for_hello()
    tasks = [asyncio.create_task(answer()), asyncio.create_task(hello())]
    async for word in words:
        bus.publish(TypedText(t_ns=word.t_ns, text="back"))
    for task in tasks:
        task.cancel()


async def measure(folder: Path, count: int) -> dict[str, object]:
    """Start the other process and time both ways."""
    bus = ZmqBus("cognitive", ROOMS, folder, MonotonicClock())
    back = bus.subscribe(TypedText)
    bus.listen_for_hello()
    other = await asyncio.create_subprocess_exec(sys.executable, __file__, "--echo", str(folder))
    client = bus.open_intention_client("cognitive")
    try:
        while not bus.hears:
            bus.say_hello()
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        trips, answers = [], []
        for number in range(count):
            begun = time.perf_counter()
            bus.publish(Word(op="add", unit_id=str(number)))
            await asyncio.wait_for(anext(back), 5)
            trips.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            client.send(Intention(id=str(number), kind="gesture"))
            await asyncio.wait_for(anext(client.answers), 5)
            answers.append(time.perf_counter() - begun)
    finally:
        other.kill()
        await other.wait()
        await client.aclose()
        await bus.aclose()
    return {"count": count, "publish_round_trip_ms": quantiles(trips), "intention_to_answer_ms": quantiles(answers)}


def quantiles(values_s: list[float]) -> dict[str, float]:
    """Return p50, p95 and p99 in milliseconds."""
    ordered = sorted(values_s)
    return {f"p{p}": round(ordered[min(len(ordered) - 1, len(ordered) * p // 100)] * 1e3, 4) for p in (50, 95, 99)}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Measure the bus.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--echo", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.echo is not None:
        asyncio.run(echo(arguments.echo))
        return
    with tempfile.TemporaryDirectory(prefix="attune-") as folder:
        figures = asyncio.run(measure(Path(folder), arguments.count))
    if arguments.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(name, value)


if __name__ == "__main__":
    main()
