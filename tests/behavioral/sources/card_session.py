"""A whole session on virtual time at a scripted sound card: the real room with its own microphone and loudspeaker, PyAudio replaced.

The card has a clock of its own (parts per million off), or one for each direction, one rate only, and can be pulled out and put back
with another; where the options say so, what it plays comes back into it by an `EchoPath`. `serve` is the behavioral room of a virtual
house (`runtime.virtual_house` starts it by this module's name); `play` runs that house.
"""

from __future__ import annotations

import asyncio
import json
import sys
import types
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from behavioral.bench.echo_path import EchoLine, EchoPath
from behavioral.process import BehavioralRoom
from runtime.clock import NS_PER_S, Clock
from runtime.house import RoomSpec
from runtime.messages import SessionControl
from runtime.profile import load_profile
from runtime.room import RoomContext
from runtime.session.reader import SessionReader
from runtime.virtual_house import run_virtual_house

WORLD_HZ = 16_000
ROOMS = [
    RoomSpec("recorder", "runtime.session.recorder"),
    RoomSpec("behavioral", "tests.behavioral.sources.card_session", essential=True),
]
TURN_S = 0.011
"""Between two looks at the card; no divisor of a buffer's length, so that calls come late by ever different times."""


class ClockedCard:
    """A sound card in a world in which a person speaks; time is the session's, samples are counted by the card's own clock."""

    def __init__(self, clock: Clock, world: NDArray[np.float64]) -> None:
        self.plugged, self.rate_hz, self.drift_ppm = True, 48_000, 0.0
        self.loudspeaker_drift_ppm: float | None = None
        """Where it is not that of the microphone."""
        self.echo: EchoPath | None = None
        self.line: EchoLine | None = None
        self.line_s = 0.0
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
        other_ppm = card.loudspeaker_drift_ppm
        drift_ppm = card.drift_ppm if hears or other_ppm is None else other_ppm
        self._hz = card.rate_hz * (1 + drift_ppm * 1e-6)
        self._opened_s, self._count = card.now_s(), 0
        if not hears and card.echo is not None:
            path = replace(card.echo, drift_ppm=card.drift_ppm - drift_ppm)
            card.line, card.line_s = EchoLine(path, card.rate_hz, card.rate_hz), self._opened_s

    def turn(self) -> None:
        while self._opened_s + (self._count + self._frames) / self._hz <= self._card.now_s():
            data = b""
            if self._hears:
                at_s = self._opened_s + (self._count + np.arange(self._frames)) / self._hz
                sound = self._card.sound(at_s) + self._echo()
                data = np.round(32_767 * sound).clip(-32_768, 32_767).astype("<i2").tobytes()
            played, _go_on = self._callback(data, self._frames, {}, 0)
            if not self._hears and self._card.line is not None:
                self._card.line.play(played, round(self._count * NS_PER_S / self._card.rate_hz))
            self._count += self._frames
            if not self._hears:
                self._card.played += int(np.count_nonzero(np.frombuffer(played, "<i2")))

    def _echo(self) -> NDArray[np.float64]:
        """What comes back of the loudspeaker at the microphone's next samples."""
        if self._card.line is None:
            return np.zeros(self._frames)
        since = round((self._opened_s - self._card.line_s) * self._hz)
        return self._card.line.heard(since + self._count, self._frames)

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
    if "echo" in options:
        card.echo, card.loudspeaker_drift_ppm = EchoPath(**options["echo"]), options["loudspeaker_drift_ppm"]
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

        if "away_s" in options:
            gone_s, back_s = options["away_s"]
            await at(gone_s)
            card.plugged = False
            played["before"] = card.played
            await at(back_s)
            card.rate_hz, card.drift_ppm = options["after"]
            card.plugged = True
        await at(float(options["seconds"]))
        played["after"] = card.played - played.get("before", 0)
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


def play(
    folder: Path, person: NDArray[np.float64], talks_s: Sequence[float], seconds: float, **options: Any
) -> tuple[SessionReader, dict[str, Any]]:
    """Play a session in which a person says the same at several times; return what was recorded and what `serve` left.

    Args:
        folder: for the session and the files around it.
        person: what the person says, at 16 kHz.
        talks_s: when, session time.
        seconds: length of the session.
        options: of the card; see `serve`.
    """
    world = np.zeros(round(WORLD_HZ * seconds))
    for at_s in talks_s:
        first = round(WORLD_HZ * at_s)
        world[first : first + len(person)] = person
    soundfile.write(folder / "world.wav", world, WORLD_HZ)
    profile = load_profile("cpu", ["motion.generator=procedural", "hearing.asr=none", "vision.enabled=false"])
    paths = {"world": str(folder / "world.wav"), "result": str(folder / "result.json")}
    (folder / "s").mkdir()
    run_virtual_house(profile, ROOMS, folder / "s", 1, {"audio": "mic", "seconds": seconds, **paths, **options})
    return SessionReader(folder / "s"), json.loads((folder / "result.json").read_text())


def place(heard: NDArray[np.float64], said: NDArray[np.float64], at_s: float) -> tuple[float, float]:
    """Return how much later than `at_s` a sentence stands in a recording, ms, and how like itself it is (0 to 1)."""
    slack = 3_200
    first = round(16_000 * at_s)
    piece = heard[first - slack : first + len(said) + slack]
    size = 1 << (len(piece) + len(said)).bit_length()
    spectrum = np.fft.rfft(piece, size) * np.conj(np.fft.rfft(said, size))
    likeness = np.fft.irfft(spectrum)[: 2 * slack]
    best = int(np.argmax(likeness))
    match = piece[best : best + len(said)]
    return (best - slack) / 16.0, float(likeness[best] / np.sqrt(np.sum(match**2) * np.sum(said**2)))
