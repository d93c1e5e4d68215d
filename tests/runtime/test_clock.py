"""Virtual time jumps from timer to timer, in the same order every time; real time never runs backwards."""

import asyncio
import time

import pytest

from runtime.clock import MonotonicClock, VirtualClock, VirtualDeadlock, run_virtual


def test_an_hour_of_sleep_costs_no_real_time_and_ends_to_the_nanosecond():
    async def main():
        clock = VirtualClock(asyncio.get_running_loop())
        await clock.sleep_until_ns(3_600_000_000_001)
        return clock.now_ns()

    begun = time.monotonic()
    assert run_virtual(main()) == 3_600_000_000_001
    assert time.monotonic() - begun < 10


def test_sleepers_wake_in_the_order_of_their_times():
    async def main():
        woken = []

        async def sleeper(delay_s):
            await asyncio.sleep(delay_s)
            woken.append(delay_s)

        await asyncio.gather(*(sleeper(delay_s) for delay_s in (3, 1, 2, 0)))
        return woken

    assert run_virtual(main()) == [0, 1, 2, 3]


def test_time_stands_still_while_a_thread_computes():
    async def main():
        loop = asyncio.get_running_loop()
        clock = VirtualClock(loop)
        ticking = asyncio.create_task(asyncio.sleep(100))
        await loop.run_in_executor(None, time.sleep, 0.1)
        ticking.cancel()
        return clock.now_ns()

    assert run_virtual(main()) == 0


def test_waiting_for_nothing_is_an_error_not_a_hang():
    async def main():
        await asyncio.Event().wait()

    with pytest.raises(VirtualDeadlock):
        run_virtual(main())


def test_a_past_time_returns_at_once():
    async def main():
        clock = VirtualClock(asyncio.get_running_loop())
        await clock.sleep_until_ns(-5)
        return clock.now_ns()

    assert run_virtual(main()) == 0


def test_real_time_is_never_negative():
    assert MonotonicClock(time.monotonic_ns() + 10**12).now_ns() == 0
    clock = MonotonicClock()
    readings = [clock.now_ns() for _ in range(100)]
    assert readings == sorted(readings)
