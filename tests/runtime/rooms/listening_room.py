"""A tiny recorder: appends the time and content of every word to a file in the session folder, closing it on cancellation."""

from runtime.messages import Word


async def serve(context):
    words = context.bus.subscribe(Word)
    await context.session_started()
    with (context.session_dir / "words.txt").open("a") as out:
        try:
            async for word in words:
                out.write(f"{word.t_ns} {word.source} {word.unit_id} {word.text}\n")
                out.flush()
        finally:
            for word in words.flush():
                out.write(f"{word.t_ns} {word.source} {word.unit_id} {word.text}\n")
            out.write("closed\n")
