"""A tiny cognitive room under the seed: publishes random numbers and answers as words, at random times."""

import asyncio
import random

from runtime.messages import Intention, Word


async def serve(context):
    rng = random.Random(context.seed)
    client = context.open_intention_client("cognitive")
    offload = context.new_offload("dice")
    await context.session_started()
    try:
        while True:
            await asyncio.sleep(rng.random())
            number = await offload.run(rng.randrange, 10**6)
            name = context.ids.new("intention")
            client.send(Intention(id=name, kind="gesture", created_ns=context.clock.now_ns()))
            answer = await anext(client.answers)
            context.bus.publish(
                Word(t_ns=context.clock.now_ns(), op="commit", unit_id=name, text=f"{number} {answer.state}")
            )
    finally:
        await client.aclose()
