"""A streaming engine in a worker process behind the recogniser contract.

The worker answers `load`, `start`, `push` (with PCM, 16 kHz int16 mono), `finish` and `abort`; the replies to `push` and `finish` hold
`words`: [text, first ms, last ms, confidence] from the start of the utterance, the whole hypothesis each time. It may die or hang at
any time: it is started again and the running utterance is replayed to it once; if it fails on the same audio again, that utterance is
given up (its units are revoked) and the next one starts afresh. Both are told by `take_failure`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from behavioral.hearing.asr.contract import MALFORMED, finite
from behavioral.hearing.units import HypothesisWord, RevisableUnits, UnitEdit
from runtime.offload import Offload
from runtime.worker import Header, WorkerDied, WorkerProcess, WorkerRefused

_TIMEOUT_S = 15.0
_REPLAYED_PIECES = 31  # about a second of blocks in one exchange


class WorkerRecogniser:
    """Base of the recognisers whose engine streams in a process of its own."""

    name = "worker"

    def __init__(
        self, module: str, arguments: Sequence[str], setup: Header, new_offload: Callable[[str], Offload]
    ) -> None:
        """Describe the worker; it starts with `prepare` or the first utterance.

        Args:
            module: the worker's module, run with `python -m`.
            arguments: its command line after the module.
            setup: what goes with `load` and with every `start`, because a worker that was started again knows nothing.
            new_offload: makes the runner of the blocking exchanges with the worker.
        """
        argv = [sys.executable, "-m", module, *arguments]
        self.worker = WorkerProcess("speech recogniser", argv, new_offload("hearing"), timeout_s=_TIMEOUT_S)
        self._setup = setup
        self._units: RevisableUnits | None = None
        self._t_ns = 0
        self._audio: list[bytes] = []
        self._given_up = False
        self._failure: str | None = None

    async def prepare(self) -> None:
        """Load the models, so that the first utterance need not wait for them."""
        try:
            await self._load()
        except (WorkerDied, *MALFORMED) as error:  # a refusal is a ValueError
            self._failure = str(error)

    async def start(self, t_ns: int) -> None:
        """Begin an utterance."""
        self._units, self._t_ns, self._audio, self._given_up = RevisableUnits(t_ns), t_ns, [], False
        try:
            await self._begin()
        except (WorkerDied, WorkerRefused) as error:
            self._failure = f"{error}; started again"  # the first push starts and replays

    async def push(self, pcm: bytes) -> list[UnitEdit]:
        """Decode the next piece."""
        if self._units is None or self._given_up:
            return []
        self._audio.append(pcm)
        words = await self._words({"op": "push"}, pcm)
        return self._lost() if words is None else self._units.revise(words)

    async def finish(self) -> list[UnitEdit]:
        """End the utterance and commit."""
        if self._units is None or self._given_up:
            self._units = None
            return []
        words = await self._words({"op": "finish"}, b"")
        edits = self._lost() if words is None else [*self._units.revise(words), *self._units.commit()]
        self._units, self._audio = None, []
        return edits

    async def abort(self) -> None:
        """Forget the utterance."""
        running = self._units is not None and not self._given_up
        self._units, self._audio = None, []
        if running:
            try:
                await self.worker.request({"op": "abort"})
            except (WorkerDied, WorkerRefused) as error:
                self._failure = str(error)

    def take_failure(self) -> str | None:
        """Return what went wrong since the last call."""
        failure, self._failure = self._failure, None
        return failure

    async def aclose(self) -> None:
        """End the worker."""
        await self.worker.aclose()

    async def _load(self) -> Header:
        """Let the worker load its models and return its reply; worker errors pass through."""
        return (await self.worker.request({"op": "load", **self._setup}))[0]

    async def _begin(self) -> None:
        await self.worker.request({"op": "start", **self._setup})

    async def _words(self, header: Header, pcm: bytes) -> list[HypothesisWord] | None:
        """Return the new hypothesis, or None where the utterance is lost."""
        reply = await self._ask(header, pcm)
        if reply is None:
            return None
        try:
            return self._hypothesis(reply)
        except MALFORMED as error:
            self.worker.kill()  # what it will answer next cannot be relied on either
            self._failure = f"{self.worker.name}: malformed reply ({type(error).__name__}); the utterance was given up"
            return None

    async def _ask(self, header: Header, pcm: bytes) -> Header | None:
        """Exchange with the worker; after a failure replay the utterance to a fresh one, once."""
        try:
            return (await self.worker.request(header, pcm))[0]
        except (WorkerDied, WorkerRefused) as error:
            self._failure = f"{error}; started again, the utterance was replayed"
        try:
            await self._begin()
            reply: Header = {"words": []}
            for piece in range(0, len(self._audio), _REPLAYED_PIECES):
                pcm = b"".join(self._audio[piece : piece + _REPLAYED_PIECES])
                reply, _ = await self.worker.request({"op": "push"}, pcm)
            return reply if header["op"] == "push" else (await self.worker.request(header))[0]
        except (WorkerDied, WorkerRefused) as error:
            self._failure = f"{error} again on the same audio; the utterance was given up"
            return None

    def _lost(self) -> list[UnitEdit]:
        self._given_up = True
        self._audio = []
        return self._units.revoke_open() if self._units is not None else []

    def _hypothesis(self, reply: Header) -> list[HypothesisWord]:
        return [
            HypothesisWord(
                str(text),
                self._t_ns + int(first_ms) * 1_000_000,
                self._t_ns + int(last_ms) * 1_000_000,
                finite(confidence),
            )
            for text, first_ms, last_ms, confidence in reply["words"]
        ]
