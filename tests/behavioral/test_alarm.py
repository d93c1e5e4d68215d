"""A call at an exact session time."""

import asyncio

from behavioral.alarm import Alarm
from runtime.clock import NS_PER_MS, VirtualClock, run_virtual


def rung(*plan: tuple[float, float | None]) -> tuple[list[float], list[Exception]]:
    """Set the alarm at each time (ms) to another one, and return when it rang (ms) and what failed."""
    times: list[float] = []
    failures: list[Exception] = []

    async def main() -> None:
        clock = VirtualClock(asyncio.get_running_loop())  # type: ignore[arg-type]

        def call(now_ns: int) -> None:
            times.append(now_ns / NS_PER_MS)
            if len(times) > 3:
                raise ValueError("too often")

        alarm = Alarm(clock, call, failures.append)
        for at_ms, due_ms in plan:
            await clock.sleep_until_ns(round(at_ms * NS_PER_MS))
            alarm.set(None if due_ms is None else round(due_ms * NS_PER_MS))
        await clock.sleep_until_ns(5_000 * NS_PER_MS)

    run_virtual(main())
    return times, failures


def test_it_rings_at_its_time_and_once() -> None:
    assert rung((0, 251.5)) == ([251.5], [])


def test_a_new_time_replaces_the_old_one_and_none_silences_it() -> None:
    assert rung((0, 300), (100, 400), (350, 600)) == ([600], [])
    assert rung((0, 300), (100, None)) == ([], [])


def test_a_time_that_is_past_rings_at_once() -> None:
    assert rung((500, 100)) == ([500], [])


def test_it_can_be_set_again_after_it_rang() -> None:
    assert rung((0, 100), (200, 300), (400, 500)) == ([100, 300, 500], [])


def test_what_fails_is_told_and_the_loop_goes_on() -> None:
    times, failures = rung((0, 100), (200, 300), (400, 500), (600, 700), (800, 900))
    assert times == [100, 300, 500, 700, 900]
    assert [str(error) for error in failures] == ["too often", "too often"]
