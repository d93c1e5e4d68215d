"""A room that takes its time to stop, as a body does that goes to rest first."""

from __future__ import annotations

import asyncio

from runtime.room import RoomContext

STOPS_S = 2.5


async def serve(context: RoomContext) -> None:
    await context.session_started()
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(STOPS_S)
