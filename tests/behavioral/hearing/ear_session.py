"""An ear on virtual time with a voice activity detector and a recogniser that the test scripts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from behavioral.hearing.asr.contract import StreamingRecogniser
from behavioral.hearing.asr.silent import NoRecogniser
from behavioral.hearing.blocks import BLOCK_BYTES, BLOCK_NS
from behavioral.hearing.ear import Ear
from behavioral.hearing.events import HearingEvent, RecognitionEvent, SpeechOffset, SpeechOnset
from behavioral.hearing.units import UnitEdit
from behavioral.hearing.vad import SpeechProbability
from runtime.clock import VirtualClock, VirtualTimeLoop
from runtime.settings import HearingSettings, ListenerSettings

SILENT = bytes(BLOCK_BYTES)
LOUD = (np.sin(np.arange(512)) * 8_000).astype("<i2").tobytes()


class LevelVad:
    """Speech is what is loud."""

    name = "level"
    reason = ""
    resets = 0

    def probability(self, block: NDArray[np.float32]) -> float:
        return 1.0 if float(np.abs(block).max()) > 0.1 else 0.0

    def reset(self) -> None:
        self.resets += 1


class ScriptedRecogniser(NoRecogniser):
    """Writes down what it is asked; hears one word per utterance; may be slow or broken."""

    name = "scripted"

    def __init__(self, slow_s: float = 0.0, failure: str | None = None) -> None:
        self.calls: list[tuple[str, int]] = []
        self.slow_s = slow_s
        self.failure = failure
        self.closed = False

    async def start(self, t_ns: int) -> None:
        self.calls.append(("start", t_ns))

    async def push(self, pcm: bytes) -> list[UnitEdit]:
        self.calls.append(("push", len(pcm) // BLOCK_BYTES))
        await asyncio.sleep(self.slow_s)
        return []

    async def finish(self) -> list[UnitEdit]:
        self.calls.append(("finish", 0))
        return [UnitEdit(op, "unit-1", "hello", 0, 1, 0.8) for op in ("add", "commit")]

    def take_failure(self) -> str | None:
        failure, self.failure = self.failure, None
        return failure

    async def aclose(self) -> None:
        self.closed = True

    def blocks(self) -> int:
        return sum(count for call, count in self.calls if call == "push")


class Session:
    """An ear, its events, and the task that iterates its recognition."""

    def __init__(self, recogniser: StreamingRecogniser, vad: SpeechProbability | None = None) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        self.clock = VirtualClock(loop)
        self.vad = vad or LevelVad()
        self.ear = Ear(HearingSettings(), ListenerSettings(), recogniser, self.vad, self.clock)
        self.heard: list[HearingEvent] = []
        self.recognised: list[RecognitionEvent] = []
        self.index = 0
        self._task = asyncio.create_task(self._collect())

    async def _collect(self) -> None:
        async for event in self.ear.recognition:
            self.recognised.append(event)

    async def hear(self, blocks: Iterable[bytes]) -> None:
        for block in blocks:
            self.index += 1
            await self.clock.sleep_until_ns(self.index * BLOCK_NS)  # a block is there when its last sample is
            self.heard += self.ear.push(block, (self.index - 1) * BLOCK_NS)

    async def end(self) -> None:
        self.heard += self.ear.flush()
        await self.ear.aclose()
        await self._task

    def turns(self) -> list[tuple[str, int]]:
        return [
            (type(event).__name__, event.t_ns // BLOCK_NS)
            for event in self.heard
            if isinstance(event, SpeechOnset | SpeechOffset)
        ]
