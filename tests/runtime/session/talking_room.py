"""A room for tests: 50 numbered messages and frames a second from media time zero for two and a half seconds, then the end."""

from __future__ import annotations

import numpy as np

from runtime.messages import SessionControl, TypedText
from runtime.room import RoomContext
from runtime.ticker import Ticker
from tests.runtime.session.support import frame, user_audio

TICKS = 125


async def serve(context: RoomContext) -> None:
    """Talk, then finish the session."""
    zero_ns = await context.session_started()
    async for tick in Ticker(context.clock, 50.0, zero_ns):
        if tick.index == TICKS:
            break
        context.bus.publish(frame(tick.index, zero_ns=zero_ns))
        context.bus.publish(TypedText(text=str(tick.index), t_ns=tick.t_ns))
        context.bus.publish(user_audio(tick.index, np.full(320, 500), tick.t_ns))
    context.bus.publish(SessionControl(action="finished", t_ns=context.clock.now_ns()))
    await context.clock.sleep_until_ns(2**60)
