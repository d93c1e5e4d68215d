"""Rooms that fail: `serve` does what options["failure"] says."""

import asyncio
import time

from runtime.errors import AttuneError


async def serve(context):
    failure = context.options.get("failure")
    if failure == "expected":
        raise AttuneError("model hearing/silero.onnx is missing", "Run attune models pull silero.")
    if failure == "crash at start":
        raise RuntimeError("boom at start")
    await context.session_started()
    if failure == "crash":
        raise RuntimeError("boom")
    if failure == "hang":
        time.sleep(600)  # noqa: ASYNC251 - the point of this room
    await asyncio.Event().wait()
