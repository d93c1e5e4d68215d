"""Ticks are numbered without gaps on a fixed grid, and lateness is told."""

import asyncio

from runtime.clock import VirtualClock, run_virtual
from runtime.ticker import Ticker


def ticks(rate_hz, amount, start_ns=0, slow=None):
    async def main():
        clock = VirtualClock(asyncio.get_running_loop())
        ticker = Ticker(clock, rate_hz, start_ns)
        seen = []
        async for tick in ticker:
            seen.append(tick)
            if slow and tick.index == slow[0]:
                await asyncio.sleep(slow[1])
            if len(seen) == amount:
                return seen, ticker.cadence

    return run_virtual(main())


def test_ticks_lie_on_the_grid():
    seen, cadence = ticks(50, 100, start_ns=1_000)
    assert [tick.index for tick in seen] == list(range(100))
    assert [tick.t_ns for tick in seen] == [1_000 + 20_000_000 * index for index in range(100)]
    assert (cadence.delivered, cadence.late) == (100, 0)


def test_a_rate_that_does_not_divide_a_second_does_not_drift():
    seen, _ = ticks(30, 301)
    assert seen[300].t_ns == 10_000_000_000


def test_after_a_stall_every_tick_still_comes_and_the_grid_is_kept():
    seen, cadence = ticks(50, 20, slow=(4, 0.1))
    assert [tick.index for tick in seen] == list(range(20))
    assert seen[5].lateness_ms == 80.0
    assert seen[10].lateness_ms == 0.0
    assert cadence.late == 3
    assert cadence.worst_ms == 80.0
