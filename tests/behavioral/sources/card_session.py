"""A whole session on virtual time at a scripted sound card: the real room with its own microphone and loudspeaker, PyAudio replaced.

The card has a clock of its own (parts per million off), one rate only, and can be pulled out and put back with another. `serve` is the
behavioral room of a virtual house (`runtime.virtual_house` starts it by this module's name).
"""

from __future__ import annotations

import asyncio
import json
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from behavioral.process import BehavioralRoom
from runtime.clock import NS_PER_S, Clock
from runtime.messages import SessionControl
from runtime.room import RoomContext

WORLD_HZ = 16_000
TURN_S = 0.011
"""Between two looks at the card; no divisor of a buffer's length, so that calls come late by ever different times."""


class ClockedCard:
    """A sound card in a world in which a person speaks; time is the session's, samples are counted by the card's own clock."""

    def __init__(self, clock: Clock, world: NDArray[np.float64]) -> None:
        self.plugged, self.rate_hz, self.drift_ppm = True, 48_000, 0.0
        self.played = 0
        self.world = world
        self.clock = clock
        self.streams: list[CardStream] = []

    def module(self) -> types.ModuleType:
        card = self

        class PyAudio:
            def open(self, *, rate: int, frames_per_buffer: int, stream_callback: Any, **which: Any) -> CardStream:
                if not card.plugged:
                    raise OSError(-9996, "Invalid device")
                if rate != card.rate_hz:
                    raise OSError(-9997, "Invalid sample rate")
                card.streams.append(stream := CardStream(card, frames_per_buffer, stream_callback, "input" in which))
                return stream

            def get_device_count(self) -> int:
                return 0

            def get_default_input_device_info(self) -> dict[str, float]:
                return {"defaultSampleRate": float(card.rate_hz)}

            get_default_output_device_info = get_default_input_device_info

            def terminate(self) -> None:
                return

        module = types.ModuleType("pyaudio")
        module.paInt16, module.paContinue, module.PyAudio = 8, 0, PyAudio  # type: ignore[attr-defined]
        return module

    def sound(self, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """What sounds in the room at the given seconds."""
        places = at_s * WORLD_HZ
        first = int(places[0])
        near = self.world[first : int(places[-1]) + 2]
        return np.interp(places - first, np.arange(near.size), near, right=0.0) if near.size else np.zeros(at_s.size)

    def now_s(self) -> float:
        return self.clock.now_ns() / NS_PER_S

    async def run(self) -> None:
        """Call back whenever a buffer is full or empty by the card's own clock."""
        while True:
            await self.clock.sleep_until_ns(self.clock.now_ns() + round(TURN_S * NS_PER_S))
            for stream in list(self.streams) if self.plugged else []:
                stream.turn()


class CardStream:
    def __init__(self, card: ClockedCard, frames: int, callback: Callable[..., Any], hears: bool) -> None:
        self._card, self._frames, self._callback, self._hears = card, frames, callback, hears
        self._hz = card.rate_hz * (1 + card.drift_ppm * 1e-6)
        self._opened_s, self._count = card.now_s(), 0

    def turn(self) -> None:
        while self._opened_s + (self._count + self._frames) / self._hz <= self._card.now_s():
            data = b""
            if self._hears:
                at_s = self._opened_s + (self._count + np.arange(self._frames)) / self._hz
                data = np.round(32_767 * self._card.sound(at_s)).astype("<i2").tobytes()
            played, _go_on = self._callback(data, self._frames, {}, 0)
            self._count += self._frames
            if not self._hears:
                self._card.played += int(np.count_nonzero(np.frombuffer(played, "<i2")))

    def get_output_latency(self) -> float:
        return 0.02

    def close(self) -> None:
        self._card.streams.remove(self)
        if not self._card.plugged:
            raise OSError(-9988, "Stream closed")


async def serve(context: RoomContext) -> None:
    """Run the session that the options describe; leaves what health said, and when, in the file `result`."""
    options, clock = context.options, context.clock
    card = ClockedCard(clock, soundfile.read(options["world"])[0])
    card.rate_hz, card.drift_ppm = options["before"]
    sys.modules["pyaudio"] = card.module()
    room = BehavioralRoom(context)
    turning = asyncio.create_task(card.run())
    told: list[tuple[float, str, str]] = []
    played: dict[str, int] = {}
    try:
        await room.open()
        running = asyncio.create_task(room.run())
        start_ns = await context.session_started()

        async def at(seconds: float) -> None:
            while (now_s := (clock.now_ns() - start_ns) / NS_PER_S) < seconds:
                status = (context.status["status"], context.status["detail"])
                if not told or told[-1][1:] != status:
                    told.append((round(now_s, 2), *status))
                await clock.sleep_until_ns(clock.now_ns() + NS_PER_S // 4)

        gone_s, back_s = options["away_s"]
        await at(gone_s)
        card.plugged = False
        played["before"] = card.played
        await at(back_s)
        card.rate_hz, card.drift_ppm = options["after"]
        card.plugged = True
        await at(float(options["seconds"]))
        played["after"] = card.played - played["before"]
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        result = {"told": told, "played": played, "counters": dict(context.counters)}
        await context.new_offload("result").run(Path(options["result"]).write_text, json.dumps(result))
        context.bus.publish(SessionControl(t_ns=clock.now_ns(), action="finished"))
    finally:
        turning.cancel()
        await asyncio.gather(turning, return_exceptions=True)
        await room.aclose()
