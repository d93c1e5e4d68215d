"""A tiny behavioral room: publishes a word at 20 Hz, answers intentions, ends after options["ticks"] (0: never).

It counts its lives in its state folder and names the life in every word.
"""

import asyncio

from runtime.messages import IntentionAnswer, SessionControl, Word
from runtime.ticker import Ticker


async def serve(context):
    server = context.open_intention_server()
    lives = context.state_dir / "lives"
    life = int(lives.read_text()) + 1 if lives.exists() else 1
    lives.write_text(str(life))

    async def answer():
        async for intention in server:
            server.answer(IntentionAnswer(t_ns=context.clock.now_ns(), intention_id=intention.id, state="finished"))

    answering = asyncio.create_task(answer())
    try:
        start_ns = await context.session_started()
        async for tick in Ticker(context.clock, 20.0, start_ns):
            context.bus.publish(Word(t_ns=tick.t_ns, op="add", unit_id=context.ids.new("unit"), text=f"life {life}"))
            if tick.index + 1 == context.options.get("ticks", 0):
                context.bus.publish(SessionControl(t_ns=tick.t_ns, action="finished"))
                await asyncio.Event().wait()
    finally:
        answering.cancel()
        await server.aclose()
