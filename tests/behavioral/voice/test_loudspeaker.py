"""What the local loudspeaker plays, when, and what it says of it; the sound card is a double of PyAudio that is turned by hand."""

from __future__ import annotations

import asyncio
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.voice.loudspeaker import FRAMES_PER_BUFFER, Loudspeaker
from behavioral.voice.playback import Playback
from behavioral.voice.tts.contract import PhonemeTime, SpokenClause, WordTime
from runtime import messages
from runtime.clock import NS_PER_MS, NS_PER_S, VirtualClock, VirtualTimeLoop
from runtime.messages import AgentAudio
from runtime.offload import InlineOffload

RATE_HZ = 22_050
LATENCY_S = 0.060


class Card:
    """A sound card: `turn` asks for the next buffer and keeps what came."""

    def __init__(self) -> None:
        self.callback: Callable[..., tuple[bytes, int]] = lambda *_: (b"", 0)
        self.out: list[NDArray[np.int16]] = []

    def module(self) -> types.ModuleType:
        card = self

        class Stream:
            def get_output_latency(self) -> float:
                return LATENCY_S

            def close(self) -> None:
                return

        class PyAudio:
            def open(self, **options: Any) -> Stream:
                card.callback = options["stream_callback"]
                return Stream()

            def get_device_count(self) -> int:
                return 0

            def terminate(self) -> None:
                return

        module = types.ModuleType("pyaudio")
        module.paInt16, module.paContinue, module.PyAudio = 8, 0, PyAudio  # type: ignore[attr-defined]
        return module

    def turn(self) -> None:
        data, _ = self.callback(b"", FRAMES_PER_BUFFER, {}, 0)
        self.out.append(np.frombuffer(data, "<i2"))

    def heard(self, before_ns: int) -> NDArray[np.int16]:
        """Samples that have left the loudspeaker by a time (it began at 0)."""
        sound = np.concatenate(self.out) if self.out else np.zeros(0, np.int16)
        return sound[: max(0, round((before_ns / NS_PER_S - LATENCY_S) * RATE_HZ))]


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Card:
    card = Card()
    monkeypatch.setitem(sys.modules, "pyaudio", card.module())
    return card


@pytest.fixture
def loop() -> Iterator[VirtualTimeLoop]:
    loop = VirtualTimeLoop()
    yield loop
    loop.close()


def clause(text: str, word_ms: float = 250.0) -> SpokenClause:
    """Words of equal length, the samples of word n being n + 1."""
    words = text.split()
    size = round(word_ms * RATE_HZ / 1e3)
    pcm = np.concatenate([np.full(size, n + 1, dtype=np.int16) for n in range(len(words))])
    times = tuple(WordTime(w, n * word_ms, (n + 1) * word_ms, 0.5) for n, w in enumerate(words))
    return SpokenClause(text, pcm, RATE_HZ, (PhonemeTime("a", 0.0, len(words) * word_ms),), times)


class Room:
    """Playback, loudspeaker and card on a clock that is moved by hand."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        self.loop = loop
        clock = VirtualClock(loop)
        self.playback = Playback(clock)
        self.speaker = Loudspeaker(RATE_HZ, offload=InlineOffload(), clock=clock, report=self.playback.report)
        self.playback.hand_out_to(self.speaker.play)
        self.speaker.open()
        self._buffers = 0

    def run(self, card: Card, ms: float) -> None:
        """Let time pass: buffers as the card asks for them, ticks, and reports."""
        end_ns = self.loop.now_ns + round(ms * NS_PER_MS)
        while self.loop.now_ns < end_ns:
            self.loop.now_ns += NS_PER_MS
            if self.loop.now_ns // (20 * NS_PER_MS) != (self.loop.now_ns - NS_PER_MS) // (20 * NS_PER_MS):
                for piece in self.playback.pieces_due(self.loop.now_ns):
                    self.speaker.play(piece)
            while self._buffers * FRAMES_PER_BUFFER / RATE_HZ * NS_PER_S <= self.loop.now_ns:
                card.turn()
                self._buffers += 1
            if self.loop.now_ns % (100 * NS_PER_MS) == 0 and self.speaker._out is not None:
                self.playback.report(self.speaker._out)


def test_a_second_clause_waits_for_its_time(card: Card, loop: VirtualTimeLoop) -> None:
    room = Room(loop)
    room.playback.enqueue("r", 0, clause("one two."))
    second_ns = room.playback.enqueue("r", 1, clause("three"))
    assert second_ns is not None
    room.run(card, 1_500)
    sound = np.concatenate(card.out)
    begins = [int(np.flatnonzero(sound)[0]), len(sound) - int(np.flatnonzero(sound[::-1])[0]) - round(0.25 * RATE_HZ)]
    assert (begins[1] - begins[0]) / RATE_HZ == pytest.approx(0.5 + 0.32, abs=0.07), "the pause is not played away"
    assert np.count_nonzero(sound) == round(0.25 * RATE_HZ) * 3


@pytest.mark.parametrize("stop_ms", [300, 480, 700, 930, 1_180])
def test_what_was_heard_is_what_has_left_the_loudspeaker_to_one_word(
    card: Card, loop: VirtualTimeLoop, stop_ms: int
) -> None:
    room = Room(loop)
    text = "one two three four five six"
    room.playback.enqueue("r", 0, clause(text))
    room.run(card, stop_ms)
    told = room.playback.stop("r", loop.now_ns).split()
    samples = card.heard(loop.now_ns)
    really = [word for n, word in enumerate(text.split()) if np.count_nonzero(samples == n + 1) >= 0.5 * 0.25 * RATE_HZ]
    assert abs(len(told) - len(really)) <= 1
    assert told == text.split()[: len(told)]
    if stop_ms >= 480:  # once the loudspeaker has told of itself
        assert room.playback.delay_ms == pytest.approx(1e3 * LATENCY_S, abs=25)


def test_another_rate_is_resampled_without_a_seam(card: Card, loop: VirtualTimeLoop) -> None:
    room = Room(loop)
    sine = (9_000 * np.sin(2 * np.pi * 300 * np.arange(24_000) / 24_000)).astype("<i2")
    for at in range(0, 24_000, 960):
        pcm = sine[at : at + 960].tobytes()
        room.speaker.play(AgentAudio(pcm=pcm, sample_rate_hz=24_000, response_id="r", offset_samples=at))
    while room.speaker._waiting:
        card.turn()
    sound = np.concatenate(card.out).astype(float)
    sound = sound[np.flatnonzero(np.abs(sound) > 50)[0] :][:21_000]
    crossings = np.count_nonzero((sound[:-1] < 0) & (sound[1:] >= 0))
    assert crossings / (len(sound) / RATE_HZ) == pytest.approx(300, abs=3)
    assert np.abs(np.diff(sound)).max() <= 1.1 * 2 * np.pi * 300 * 9_000 / RATE_HZ, "no step"


def test_positions_are_reported_while_there_is_something_to_report(card: Card) -> None:
    async def main() -> list[messages.Playback]:
        from runtime.clock import MonotonicClock

        told: list[messages.Playback] = []
        speaker = Loudspeaker(RATE_HZ, offload=InlineOffload(), clock=MonotonicClock(), report=told.append)
        await speaker.aopen()
        pcm = np.full(RATE_HZ, 5, "<i2").tobytes()
        speaker.play(AgentAudio(pcm=pcm, sample_rate_hz=RATE_HZ, response_id="r", offset_samples=RATE_HZ))
        async with asyncio.timeout(10):
            while len(told) < 3:
                card.turn()
                await asyncio.sleep(0.02)
        count = len(told)
        await asyncio.sleep(0.3)
        assert len(told) <= count + 1, "a position that stands still is told once"
        await speaker.aclose()
        return told

    told = asyncio.run(main())
    assert all(report.response_id == "r" and report.played_ms > 1_000 for report in told)
    assert [report.played_ms for report in told] == sorted(report.played_ms for report in told)


def test_a_voice_that_halts_is_silent_at_once_but_for_what_the_device_has_and_goes_on_in_time(
    card: Card, loop: VirtualTimeLoop
) -> None:
    room = Room(loop)
    room.playback.halt_by(room.speaker.halt)
    text = "one two three four five six"
    room.playback.enqueue("r", 0, clause(text))
    room.run(card, 1_100)
    silent_ns = room.playback.pause(loop.now_ns)
    room.run(card, 500)
    late_ns = silent_ns + round((LATENCY_S + FRAMES_PER_BUFFER / RATE_HZ) * NS_PER_S)
    assert not card.heard(loop.now_ns)[len(card.heard(late_ns)) :].any()
    broken_off = card.heard(loop.now_ns).max()
    resumed_ns = loop.now_ns
    room.playback.resume(resumed_ns)
    room.run(card, 2_000)
    again = card.heard(loop.now_ns)[len(card.heard(resumed_ns)) :]
    first = again[np.flatnonzero(again)[0] + round(0.02 * RATE_HZ)]  # once it has faded in
    assert first in (broken_off - 1, broken_off), "with the word that broke off, or the one before"
    assert np.flatnonzero(again)[0] / RATE_HZ < 0.15
    assert again.max() == 6
    assert room.playback.heard_text("r", loop.now_ns) == text
