"""Microphone and loudspeaker on a scripted PortAudio: off the event loop, bounded, and open again after unplugging."""

from __future__ import annotations

import asyncio
import sys
import threading
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.sources import microphone as microphone_module
from behavioral.sources.contract import BLOCK_BYTES
from behavioral.sources.microphone import MicrophoneSource
from behavioral.voice import loudspeaker as loudspeaker_module
from behavioral.voice.loudspeaker import MAX_WAITING_S, Loudspeaker
from runtime.clock import MonotonicClock
from runtime.errors import AttuneError
from runtime.messages import AgentAudio
from runtime.offload import ThreadOffload

RATE_HZ = 22_050


class SoundCard:
    """A PyAudio whose device can be pulled out; writes down in which threads it is called."""

    def __init__(self) -> None:
        self.plugged = True
        self.only_hz = 0
        self.threads: list[int] = []
        self.users = 0
        self.opened = 0
        self.streams: list[Stream] = []

    def module(self) -> types.ModuleType:
        module = types.ModuleType("pyaudio")
        module.paInt16, module.paContinue = 8, 0  # type: ignore[attr-defined] # PyAudio's constants
        module.PyAudio = lambda: Audio(self)  # type: ignore[attr-defined] # PyAudio's class
        return module

    def used(self) -> None:
        self.threads.append(threading.get_ident())

    def turn(self, frames: int, data: bytes = b"") -> list[bytes]:
        """Let every open stream call back once, if the device is there."""
        if not self.plugged:
            return []
        return [stream.callback(data, frames, {}, 0)[0] for stream in self.streams]


class Audio:
    def __init__(self, card: SoundCard) -> None:
        self._card = card
        card.used()
        card.users += 1

    def open(self, *, stream_callback: Callable[..., Any], rate: int, **_settings: object) -> Stream:
        self._card.used()
        if not self._card.plugged:
            raise OSError(-9996, "Invalid device")
        if self._card.only_hz not in (0, rate):
            raise OSError(-9997, "Invalid sample rate")
        self._card.opened += 1
        self._card.streams.append(stream := Stream(self._card, stream_callback))
        return stream

    def get_device_count(self) -> int:
        return 0

    def get_default_input_device_info(self) -> dict[str, float]:
        return {"defaultSampleRate": float(self._card.only_hz)}

    get_default_output_device_info = get_default_input_device_info

    def terminate(self) -> None:
        self._card.used()
        self._card.users -= 1


class Stream:
    def __init__(self, card: SoundCard, callback: Callable[..., Any]) -> None:
        self._card = card
        self.callback = callback

    def get_output_latency(self) -> float:
        return 0.0

    def close(self) -> None:
        self._card.used()
        self._card.streams.remove(self)
        if not self._card.plugged:
            raise OSError(-9988, "Stream closed")


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> SoundCard:
    card = SoundCard()
    monkeypatch.setitem(sys.modules, "pyaudio", card.module())
    for module in (microphone_module, loudspeaker_module):
        monkeypatch.setattr(module, "RETRY_S", 0.02)
        monkeypatch.setattr(module, "SILENT_AFTER_S", 0.3)
    return card


def piece(milliseconds: float, value: int = 1) -> AgentAudio:
    pcm = value.to_bytes(2, "little") * round(RATE_HZ * milliseconds / 1_000)
    return AgentAudio(pcm=pcm, sample_rate_hz=RATE_HZ, response_id="r")


async def until(true: Callable[[], bool], every: Callable[[], object] = lambda: None) -> None:
    async with asyncio.timeout(10):
        while not true():
            every()
            await asyncio.sleep(0.005)


def test_a_microphone_is_opened_again_after_it_was_unplugged_and_never_blocks_the_loop(card: SoundCard) -> None:
    async def main() -> None:
        source = MicrophoneSource(MonotonicClock(), "", ThreadOffload("microphone"))
        await source.open()
        heard = []

        async def listen() -> None:
            async for block in source.blocks(0):
                heard.append(block)

        task = asyncio.create_task(listen())
        await until(lambda: len(heard) > 2, lambda: card.turn(512, b"\1" * BLOCK_BYTES))
        card.plugged = False
        await until(lambda: "cannot be opened" in source.trouble)
        assert card.users == 0, "PortAudio looks for devices anew only when nobody uses it"
        card.plugged = True
        before = len(heard)
        await until(lambda: len(heard) > before and not source.trouble, lambda: card.turn(512, b"\2" * BLOCK_BYTES))
        assert heard[-1].pcm == b"\2" * BLOCK_BYTES
        assert [block.index for block in heard] == list(range(len(heard)))
        await source.aclose()
        await source.aclose()
        await task
        assert card.users == 0
        assert card.opened >= 2
        assert threading.get_ident() not in card.threads

    asyncio.run(main())


def test_the_time_without_a_microphone_is_filled_as_it_passes_and_the_loop_runs_in_between(card: SoundCard) -> None:
    async def main() -> None:
        source = MicrophoneSource(MonotonicClock(), "", ThreadOffload("microphone"))
        await source.open()
        heard: list[bool] = []
        turns = 0

        async def listen() -> None:
            async for block in source.blocks(MonotonicClock().now_ns()):
                heard.append(any(block.pcm))

        async def tick() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        task = asyncio.create_task(listen())
        await until(lambda: len(heard) > 2, lambda: card.turn(512, b"\1" * BLOCK_BYTES))
        card.plugged = False
        ticking = asyncio.create_task(tick())
        at = []
        while heard.count(False) < 12:
            before = len(heard)
            await asyncio.sleep(0)
            at += [turns] * (len(heard) - before)
        assert len(set(at)) == len(at), "never two blocks of silence between two turns of the loop"
        assert source.trouble, "and the microphone is still gone"
        ticking.cancel()
        await source.aclose()
        await asyncio.gather(task, ticking, return_exceptions=True)

    asyncio.run(main())


@pytest.mark.timeout(20)
def test_blocks_that_come_in_a_burst_after_a_pause_are_not_taken_for_lost_time(card: SoundCard) -> None:
    async def main() -> None:
        source = MicrophoneSource(MonotonicClock(), "", ThreadOffload("microphone"))
        await source.open()
        blocks = source.blocks(MonotonicClock().now_ns())
        first = asyncio.ensure_future(anext(blocks))
        await until(first.done, lambda: card.turn(512, b"\xff" * BLOCK_BYTES))
        await asyncio.sleep(0.1)
        while len(source._blocks):
            await anext(blocks)
        await asyncio.sleep(0.8)
        for value in range(1, 26):  # 0.8 s of sound at once
            card.turn(512, bytes([value]) * BLOCK_BYTES)
        await asyncio.sleep(0)
        assert (await anext(blocks)).pcm[0] == 1
        await source.aclose()

    asyncio.run(main())


def test_a_loudspeaker_is_opened_again_after_it_was_unplugged_and_never_blocks_the_loop(card: SoundCard) -> None:
    async def main() -> None:
        speaker = Loudspeaker(RATE_HZ, "", ThreadOffload("loudspeaker"))
        await speaker.aopen()
        speaker.play(piece(10, 3))
        assert card.turn(100) == [b"\3\0" * 100]
        card.plugged = False
        await until(lambda: "cannot be opened" in speaker.trouble)
        assert card.users == 0
        speaker.play(piece(10, 4))
        card.plugged = True
        await until(lambda: speaker.trouble == "", lambda: card.turn(256))
        assert speaker.dropped >= 1
        assert card.opened >= 2
        speaker.play(piece(10, 5))
        assert card.turn(50) == [b"\5\0" * 50], "what was said while it was away is not said late"
        await speaker.aclose()
        await speaker.aclose()
        assert card.users == 0
        assert threading.get_ident() not in card.threads

    asyncio.run(main())


def test_what_waits_for_a_device_that_is_gone_is_bounded_and_the_newest_is_kept(card: SoundCard) -> None:
    speaker = Loudspeaker(RATE_HZ)
    speaker.open()
    for value in range(200):
        speaker.play(piece(20, value))
    heard = b"".join(card.turn(441)[0] for _ in range(200))
    sounding = heard.rstrip(b"\0")
    assert len(sounding) <= 2 * MAX_WAITING_S * RATE_HZ
    assert sounding[-2:-1] == b"\xc7" or sounding[-1:] == b"\xc7"
    assert speaker.dropped == 100
    speaker.play(piece(10, 9))
    assert card.turn(10) == [b"\x09\0" * 10]
    speaker.close()


def test_a_device_that_cannot_be_opened_is_one_error_and_holds_nothing(card: SoundCard) -> None:
    async def main() -> None:
        card.plugged = False
        with pytest.raises(AttuneError, match="loudspeaker cannot be opened"):
            await Loudspeaker(RATE_HZ).aopen()
        source = MicrophoneSource(MonotonicClock())
        with pytest.raises(AttuneError, match="microphone default cannot be opened"):
            await source.open()
        card.plugged = True
        with pytest.raises(AttuneError, match="No audio device is called 'headset'"):
            await MicrophoneSource(MonotonicClock(), "headset").open()
        assert card.users == 0

    asyncio.run(main())


def test_a_driver_that_hangs_does_not_keep_the_session_from_ending(
    card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    monkeypatch.setattr(Audio, "terminate", lambda _self: released.wait(10))
    for module in (microphone_module, loudspeaker_module):
        monkeypatch.setattr(module, "CLOSE_TIMEOUT_S", 0.05)

    async def main() -> None:
        source, speaker = MicrophoneSource(MonotonicClock()), Loudspeaker(RATE_HZ)
        await source.open()
        await speaker.aopen()
        try:
            await source.aclose()
            await speaker.aclose()
        finally:
            released.set()
        assert "does not close" in source.trouble
        assert "does not close" in speaker.trouble

    asyncio.run(main())


# ------------------------------------------------------------ rates and times


def peak_hz(samples: NDArray[np.float64], rate_hz: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate_hz / len(samples))


def tone(rate_hz: int, seconds: float, hz: float) -> bytes:
    return (8_000 * np.sin(2 * np.pi * hz * np.arange(round(rate_hz * seconds)) / rate_hz)).astype("<i2").tobytes()


@pytest.mark.parametrize("device_hz", [44_100, 48_000])
def test_a_microphone_that_has_only_its_own_rate_is_heard_at_ours(card: SoundCard, device_hz: int) -> None:
    card.only_hz = device_hz

    async def main() -> list[bytes]:
        source = MicrophoneSource(MonotonicClock(), "", ThreadOffload("microphone"))
        await source.open()
        heard: list[bytes] = []

        async def listen() -> None:
            async for block in source.blocks(0):
                heard.append(block.pcm)

        task = asyncio.create_task(listen())
        await asyncio.sleep(0)
        sound, size = tone(device_hz, 1.0, 500.0), 2 * device_hz // 50
        for first in range(0, len(sound), size):
            card.turn(size // 2, sound[first : first + size])
            await asyncio.sleep(0)
        await until(lambda: len(heard) >= 29)
        await source.aclose()
        await task
        return heard

    heard = [pcm for pcm in asyncio.run(main()) if any(pcm)]
    assert all(len(pcm) == BLOCK_BYTES for pcm in heard)
    assert peak_hz(np.frombuffer(b"".join(heard), "<i2").astype(float), 16_000) == pytest.approx(500.0, abs=2.0)


def test_a_loudspeaker_of_another_rate_and_a_voice_of_another_rate_both_sound_right(card: SoundCard) -> None:
    card.only_hz = 48_000
    speaker = Loudspeaker(RATE_HZ)
    speaker.open()
    sound = tone(24_000, 1.0, 600.0)
    for first in range(0, len(sound), 1_920):
        speaker.play(AgentAudio(pcm=sound[first : first + 1_920], sample_rate_hz=24_000, response_id="r"))
    out = b"".join(card.turn(557)[0] for _ in range(80))
    assert all(len(piece) == 2 * 557 for piece in card.turn(557))
    assert peak_hz(np.frombuffer(out, "<i2").astype(float), 48_000) == pytest.approx(600.0, abs=2.0)
    speaker.close()


def test_what_the_device_was_really_given_is_told_with_its_time(card: SoundCard) -> None:
    class Steps:
        now = 0

        def now_ns(self) -> int:
            return self.now

        async def sleep_until_ns(self, t_ns: int) -> None:
            raise AssertionError("nothing sleeps here")

    clock, told = Steps(), []
    speaker = Loudspeaker(RATE_HZ, clock=clock)
    speaker.played = lambda pcm, rate_hz, t_ns: told.append((pcm, rate_hz, t_ns))
    speaker.open()
    clock.now = 5_000_000_000
    assert card.turn(441) == [bytes(882)]
    speaker.play(piece(20, 3))
    clock.now += 23_000_000  # three milliseconds late
    card.turn(441)
    assert told == [(bytes(882), RATE_HZ, 5_000_000_000), (b"\3\0" * 441, RATE_HZ, 5_020_000_000)]
    speaker.close()
    speaker.open()
    clock.now = 9_000_000_000
    card.turn(441)
    assert told[-1][2] == 9_000_000_000, "a device that was opened anew begins anew"
    speaker.close()
