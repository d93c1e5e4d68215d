"""A tiny cognitive room with a worker process: sends one intention a second and publishes each answer as a word."""

import asyncio
import sys

from runtime.messages import Intention, Word


async def serve(context):
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(600)")
    client = context.open_intention_client("cognitive")
    words = context.bus.subscribe(Word)

    async def hear():
        async for word in words:
            if word.source == "behavioral":
                context.counters["words"] = context.counters.get("words", 0) + 1

    async def report():
        async for answer in client.answers:
            context.bus.publish(Word(op="commit", unit_id=answer.intention_id, text=answer.state))

    tasks = [asyncio.create_task(hear()), asyncio.create_task(report())]
    try:
        await context.session_started()
        while True:
            client.send(Intention(id=context.ids.new("intention"), kind="gesture", label="nod"))
            await asyncio.sleep(0.2)
    finally:
        for task in tasks:
            task.cancel()
        await client.aclose()
        worker.kill()
