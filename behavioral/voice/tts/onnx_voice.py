"""A voice that is an ONNX network of the user's, in a process of its own: what Piper and Kokoro have in common.

The embedded espeak-ng (a GPL program, spoken to over its pipe) pronounces the words; the network makes the sound (our
own code on ONNX Runtime). So no GPL library is linked, the two engines share one pronunciation, and phonemes have the
network's own durations where it gives them, else they are aligned (`behavioral.voice.tts.alignment`). A long clause is
made passage by passage and played from the first on. A worker that dies is started again and the passage asked for once
more. A clause that fails is said by espeak-ng, in words that have no sound yet; `note` says why.
"""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.prosody import PLAIN, Prosody, with_gain
from behavioral.voice.tts.alignment import AlignedTimer, Pace
from behavioral.voice.tts.contract import Clause
from behavioral.voice.tts.espeak import MAX_TEXT_CHARS, EspeakVoice, Pronounced
from behavioral.voice.tts.spelling import Spelling
from behavioral.voice.tts.streamed import Broken, StreamedClause, Times
from behavioral.voice.tts.timing import normalise
from runtime.errors import AttuneError
from runtime.offload import Offload
from runtime.worker import WorkerDied, WorkerProcess, WorkerRefused

STANDARD_WPM = 165.0
_TIMEOUT_S = 20.0

Tensors = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Passage:
    """What the network is given at once.

    Attributes:
        tensors: its inputs by name; those that it lacks are left out.
        first_sign: index of the passage's first sign in the spelling.
        ids: for each of the passage's signs, the index of its first input id.
    """

    tensors: Tensors
    first_sign: int
    ids: tuple[int, ...]


class VoiceModel(Protocol):
    """A kind of network: how it is fed."""

    name: str
    path: Path
    sample_rate_hz: int

    def spell(self, pronounced: Pronounced) -> Spelling:
        """Spell a clause in the network's signs."""
        ...

    def passages(self, spelling: Spelling, rate: float) -> list[Passage]:
        """Return the inputs for a clause at a factor on the rate; empty where there is nothing to say."""
        ...


class OnnxVoice:
    """A network as a `TextToSpeech`."""

    def __init__(
        self,
        model: VoiceModel,
        espeak: EspeakVoice,
        offload: Offload,
        aligning: Offload,
        *,
        rate_wpm: float = STANDARD_WPM,
        mishap: Callable[[str], None] = lambda _detail: None,
    ) -> None:
        """Wire the voice.

        Args:
            model: the network.
            espeak: pronounces, and speaks where the network fails.
            offload: where the exchanges with the worker run.
            aligning: where times are computed for a network that gives none.
            rate_wpm: 165 is the network's own rate.
            mishap: told what went wrong once and cost no clause.
        """
        self.name = model.name
        self._model = model
        self._espeak = espeak
        self._aligning = aligning
        self._rate = rate_wpm / STANDARD_WPM
        self._mishap = mishap
        self._restarts = 0
        self._note = ""
        self._pace = Pace()
        argv = [sys.executable, "-m", "behavioral.voice.tts.onnx_worker", str(model.path)]
        self.worker = WorkerProcess(f"{model.name} voice", argv, offload, timeout_s=_TIMEOUT_S)

    @property
    def note(self) -> str:
        """Why espeak-ng speaks in this voice's place; empty while all is well."""
        return self._note or self._espeak.note

    async def prepare(self) -> None:
        """Load the network and make one sound, unheard.

        Raises:
            AttuneError: it cannot be loaded or does not speak.
        """
        await self._espeak.prepare()
        clause = await self.synthesise("Hello.")
        while await clause.grow():
            pass
        if self._note:
            raise AttuneError(f"voice.model does not speak: {self._note}", "Give a model of this kind in voice.model")

    async def synthesise(self, text: str, prosody: Prosody = PLAIN) -> Clause:
        """Return the clause with its first sound; see the module's docstring for failures."""
        text = normalise(text, MAX_TEXT_CHARS)
        pronounced = await self._espeak.pronounce(text, prosody)
        if not re.search(r"\w", text):
            return pronounced.clause
        spelling = self._model.spell(pronounced)
        passages = self._model.passages(spelling, self._rate * prosody.rate)
        if not passages:
            self._note = self._espeak.note or "no sound of this voice for this clause: it has no signs for it"
            return pronounced.clause
        rate_hz = self._model.sample_rate_hz
        timer = _Timer(rate_hz, spelling, passages, AlignedTimer(pronounced.clause, self._pace, self._aligning))
        clause = StreamedClause(text, rate_hz, self._sound(passages, timer, prosody.gain_db), timer)
        if await clause.grow():
            return clause
        return pronounced.clause

    async def aclose(self) -> None:
        """End the workers."""
        await self.worker.aclose()
        await self._espeak.aclose()
        self._aligning.close()

    async def _sound(
        self, passages: list[Passage], timer: _Timer, gain_db: float
    ) -> AsyncGenerator[NDArray[np.int16], None]:
        for passage in passages:
            try:
                pcm, durations = await self._make(passage)
            except (WorkerDied, WorkerRefused, ValueError, KeyError) as error:
                self._note = f"no sound of this voice for this clause: {error}"
                raise Broken(self._note) from error
            timer.made(len(pcm), durations)
            if len(pcm):
                yield with_gain(pcm, gain_db)
        self._note = ""

    async def _make(self, passage: Passage) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
        header = {
            "tensors": [{"name": n, "dtype": str(a.dtype), "shape": list(a.shape)} for n, a in passage.tensors.items()]
        }
        payload = b"".join(np.ascontiguousarray(array).tobytes() for array in passage.tensors.values())
        try:
            reply, data = await self.worker.request(header, payload)
        except WorkerDied:
            reply, data = await self.worker.request(header, payload)
        if self.worker.restarts > self._restarts:  # it ended in this passage or since the last one
            self._restarts = self.worker.restarts
            self._mishap(f"the {self.name} voice's worker ended and was started again")
        count = 4 * int(reply["durations"])
        pcm = np.frombuffer(data, dtype="<i2", count=(len(data) - count) // 2).astype(np.int16, copy=False)
        return pcm, np.frombuffer(data, dtype="<f4", offset=len(data) - count)


class _Timer:
    """Times of one clause: by the network's durations where it gives them, else by alignment."""

    def __init__(self, rate_hz: int, spelling: Spelling, passages: list[Passage], aligned: AlignedTimer) -> None:
        self._rate_hz = rate_hz
        self._spelling = spelling
        self._passages = passages
        self._aligned = aligned
        self._sign_ms: list[float] = []
        self._made = 0
        self._made_ms = 0.0
        self._exact = True

    def made(self, samples: int, durations: NDArray[np.float32]) -> None:
        """Take the next passage's sound and durations; these are scaled to the sound, whatever their unit."""
        passage = self._passages[self._made]
        self._made += 1
        length_ms = 1_000.0 * samples / self._rate_hz
        total = float(durations.sum()) if len(durations) else 0.0
        if total <= 0.0 or len(durations) <= max(passage.ids) or not np.isfinite(total):
            self._exact = False
        else:
            onsets = np.concatenate(([0.0], np.cumsum(np.maximum(0.0, durations))))[list(passage.ids)]
            self._sign_ms += [self._made_ms + float(onset) * length_ms / total for onset in onsets]
        self._made_ms += length_ms

    def expected(self) -> Times:
        return self._aligned.expected()

    async def times(self, pcm: NDArray[np.int16], rate_hz: int, *, complete: bool) -> Times:
        reference, pace = self._aligned.reference, self._aligned.pace
        if not self._exact:
            return await self._aligned.times(pcm, rate_hz, complete=complete)
        if complete:
            pace.learn(1_000.0 * len(pcm) / rate_hz, reference.duration_ms)
        sign_ms, end_ms = list(self._sign_ms), self._made_ms
        if self._made < len(self._passages):  # what is to come, at the reference's pace
            base_ms = self._spelling.reference_ms[len(sign_ms)]
            sign_ms += [end_ms + pace.slowness * (at - base_ms) for at in self._spelling.reference_ms[len(sign_ms) :]]
            end_ms += pace.slowness * max(0.0, reference.duration_ms - base_ms)
        return self._spelling.times(sign_ms, end_ms)
