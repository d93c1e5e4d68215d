"""The fast loop: every tick a frame, whatever its parts do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from behavioral.loop import FastLoop, next_index
from runtime.clock import NS_PER_S, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.messages import MotionFrame
from runtime.ticker import Tick


class Parts:
    """A conversation, realiser, playback, body and bus that can be told to fail."""

    def __init__(self) -> None:
        self.failing: set[str] = set()
        self.frames: list[MotionFrame] = []

    def _maybe(self, part: str) -> None:
        if part in self.failing:
            raise RuntimeError("what a person said")

    def tick(self, _now_ns: int) -> None:
        self._maybe("tick")

    def pieces_due(self, _now_ns: int) -> list[Any]:
        self._maybe("playback")
        return []

    def hand_out_to(self, _send: Any) -> None:
        return

    def frame(self, tick: Tick, _ids: tuple[str, ...]) -> MotionFrame:
        self._maybe("body")
        return MotionFrame(index=tick.index, t_ns=tick.t_ns, rotations=bytes(352))

    def shaping(self, _t_ns: int) -> tuple[str, ...]:
        return ()

    def frame_sent(self, _now_ns: int, _index: int) -> None:
        self._maybe("sent")

    def publish(self, message: MotionFrame) -> None:
        self.frames.append(message)


def run(parts: Parts, seconds: float, start_s: float = 0.0, begin_s: float = 0.0) -> dict[str, float]:
    counters: dict[str, float] = {}

    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        clock = VirtualClock(loop)
        await clock.sleep_until_ns(round(begin_s * NS_PER_S))
        part: Any = parts
        fast = FastLoop(
            clock,
            part,
            conversation=part,
            realiser=part,
            playback=part,
            body=part,
            play=lambda _piece: None,
            counters=counters,
        )
        ticking = asyncio.ensure_future(fast.run(50.0, round(start_s * NS_PER_S)))
        await asyncio.sleep(seconds)
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)

    run_virtual(main())
    return counters


@pytest.mark.parametrize("part", ["tick", "playback", "sent"])
def test_a_part_that_fails_costs_no_frame(part: str, caplog: pytest.LogCaptureFixture) -> None:
    parts = Parts()
    parts.failing = {part}
    counters = run(parts, 1.0)
    assert len(parts.frames) >= 50
    assert any(key.startswith("failed_") for key in counters)
    assert "what a person said" not in caplog.text


def test_a_body_that_fails_later_holds_its_last_frame() -> None:
    parts = Parts()

    original = parts.frame

    def frame(tick: Tick, ids: tuple[str, ...]) -> MotionFrame:
        if tick.index >= 10:
            raise RuntimeError
        return original(tick, ids)

    parts.frame = frame  # type: ignore[method-assign] # breaks after ten frames
    run(parts, 1.0)
    assert [f.index for f in parts.frames[:40]] == list(range(40))


def test_a_session_that_has_just_begun_starts_at_frame_zero() -> None:
    assert next_index(3_000_000, 0, 50.0) == 0
    assert next_index(0, 5, 50.0) == 0


def test_a_room_restarted_after_an_hour_goes_on_with_the_next_frame() -> None:
    parts = Parts()
    run(parts, 1.0, start_s=0.0, begin_s=3_600.0)
    assert 3_600 * 50 <= parts.frames[0].index <= 3_600 * 50 + 1
    assert 49 <= len(parts.frames) <= 52
