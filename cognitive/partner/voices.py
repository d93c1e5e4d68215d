"""How a simulated person's words reach the agent: recognised, or as sound. Two levels of fidelity behind one interface.

`WordsVoice` sends the words as they would be recognised, at `WORDS_PER_S`. `SoundVoice` speaks them (entry points `attune.voices`) and
sends blocks of 512 samples at 16 kHz without a gap, with a faint noise between them, as an open microphone does. Speaking blocks for some
tens of milliseconds: it runs in the room's offload, in a thread of its own, since the voice has an event loop of its own. Tasks on the
room's loop.
"""

from __future__ import annotations

import array
import importlib.metadata
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Protocol

from runtime.bus import Bus
from runtime.clock import NS_PER_S, Clock
from runtime.errors import AttuneError
from runtime.extras import install_line
from runtime.messages import RecognisedSpeech, UserAudio
from runtime.offload import Offload

WORDS_PER_S = 2.5
CONFIDENCE = 0.9
RATE_HZ = 16_000
BLOCK = 512
BLOCK_NS = BLOCK * NS_PER_S // RATE_HZ
NOISE = 6
"""Peak of the noise between the words, of 32,768: about -75 dBFS."""
SPOKEN_MAX = 256
"""Sentences whose sound is kept."""


class Voice(Protocol):
    """Says one thing at a time."""

    async def say(self, text: str) -> str:
        """Say a text and return it when it is over; cancelled, it falls silent."""
        ...

    async def run(self) -> None:
        """What goes on whether or not anything is said."""
        ...

    async def prepare(self) -> None:
        """Get ready before the session.

        Raises:
            AttuneError: no voice is installed.
        """
        ...

    def close(self) -> None:
        """Let go of threads and workers."""
        ...


class WordsVoice:
    """Words as a recogniser would report them."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        """Send over a bus."""
        self._bus = bus
        self._clock = clock

    async def say(self, text: str) -> str:
        """Tell of the beginning, of each word, and of the end with what was said until then."""
        said: list[str] = []
        self._tell("started")
        try:
            for word in text.split():
                await self._clock.sleep_until_ns(self._clock.now_ns() + round(NS_PER_S / WORDS_PER_S))
                said.append(word)
                self._tell("words", " ".join(said))
        finally:
            self._tell("ended", " ".join(said))
        return text

    async def prepare(self) -> None:
        """Nothing to get ready."""

    async def run(self) -> None:
        """Nothing goes on between the words."""

    def close(self) -> None:
        """Nothing to let go of."""

    def _tell(self, state: Any, text: str = "") -> None:
        self._bus.publish(RecognisedSpeech(t_ns=self._clock.now_ns(), state=state, text=text, confidence=CONFIDENCE))


class SoundVoice:
    """Sound as a microphone would send it."""

    def __init__(self, bus: Bus, clock: Clock, offload: Offload, name: str, chance: random.Random) -> None:
        """Speak as the named voice."""
        self._bus, self._clock, self._offload, self._name = bus, clock, offload, name
        self._thread = ThreadPoolExecutor(1, "partner-voice")
        self._stack = ExitStack()
        self._speak: Any = None
        self._spoken: dict[str, bytes] = {}
        self._noise = array.array("h", (chance.randint(-NOISE, NOISE) for _ in range(BLOCK))).tobytes()
        self._saying = b""

    async def prepare(self) -> None:
        """Open the voice.

        Raises:
            AttuneError: none is installed.
        """
        found = sorted(importlib.metadata.entry_points(group="attune.voices"), key=lambda point: point.name)
        if not found:
            raise AttuneError("no package offers a voice for the simulated person", install_line("voice"))
        self._speak = await self._offload.run(self._in_thread, lambda: self._stack.enter_context(found[0].load()()))

    async def say(self, text: str) -> str:
        """Speak; the sound goes out with the blocks of `run`."""
        if text not in self._spoken:
            while len(self._spoken) >= SPOKEN_MAX:
                del self._spoken[next(iter(self._spoken))]
            self._spoken[text] = await self._offload.run(self._in_thread, lambda: self._pcm(text))
        self._saying = self._spoken[text]
        try:
            while self._saying:
                await self._clock.sleep_until_ns(self._clock.now_ns() + BLOCK_NS)
        finally:
            self._saying = b""
        return text

    async def run(self) -> None:
        """Send a block every 32 ms."""
        index, next_ns = 0, self._clock.now_ns()
        while True:
            pcm, self._saying = self._saying[: 2 * BLOCK], self._saying[2 * BLOCK :]
            pcm = pcm + self._noise[len(pcm) :]
            self._bus.publish(UserAudio(t_ns=next_ns, pcm=pcm, sample_rate_hz=RATE_HZ, index=index))
            index, next_ns = index + 1, next_ns + BLOCK_NS
            await self._clock.sleep_until_ns(next_ns)

    def close(self) -> None:
        """End the voice's worker and the thread."""
        self._thread.submit(self._stack.close).result()
        self._thread.shutdown()

    def _in_thread(self, work: Any) -> Any:
        return self._thread.submit(work).result()

    def _pcm(self, text: str) -> bytes:
        samples, _ = self._speak(text, self._name)
        return array.array("h", (max(-32_768, min(32_767, round(32_767 * float(x)))) for x in samples)).tobytes()
