"""A tiny recorder that fails when it hears its third word."""

from runtime.messages import Word


async def serve(context):
    words = context.bus.subscribe(Word)
    await context.session_started()
    async for word in words:
        if word.text.startswith("life") and word.seq == 2:
            raise LookupError("third word")
