"""Hears the body until everybody else has stopped, as the recorder does."""

from __future__ import annotations

import asyncio

from runtime import messages as m
from runtime.room import RoomContext

heard: list[m.Message] = []


async def serve(context: RoomContext) -> None:
    heard.clear()
    commands = context.bus.subscribe(m.JointCommand, capacity=100_000)
    await context.session_started()
    try:
        await asyncio.Event().wait()
    finally:
        heard.extend(commands.flush())
