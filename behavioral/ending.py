"""The end of a session on recorded input: the last turn ends, is answered and heard before the session is over."""

from __future__ import annotations

from collections.abc import Callable

from behavioral.sources.contract import BLOCK_NS
from runtime.clock import NS_PER_S, Clock
from runtime.settings import RunSettings


async def until_quiet(clock: Clock, settings: RunSettings, busy: Callable[[], bool]) -> None:
    """Return once nothing has been going on for `tail_s`, or after `max_tail_s` at the latest.

    Args:
        clock: session time.
        settings: the profile's run section.
        busy: whether anybody speaks, or something heard waits for its answer.
    """
    began_ns = quiet_since_ns = clock.now_ns()
    while (now_ns := clock.now_ns()) - began_ns < settings.max_tail_s * NS_PER_S:
        if busy():
            quiet_since_ns = now_ns
        if now_ns - quiet_since_ns >= settings.tail_s * NS_PER_S:
            return
        await clock.sleep_until_ns(now_ns + BLOCK_NS)
