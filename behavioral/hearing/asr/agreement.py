"""Streaming with a recogniser that only knows whole windows: re-decode and keep what two consecutive hypotheses agree on.

LocalAgreement-2 of Liu, Spanakis and Niehues (2020), as in whisper_streaming (Machacek et al. 2023): the audio since the last cut
is decoded again each `step_s`; the longest common prefix of two consecutive hypotheses is committed, the rest stays revisable.
When the window has grown over `window_s` it is cut at the end of the last committed word, and what was committed before becomes the
prompt. The decoder keeps no state between calls, so a worker that dies costs one repeated call. A decoder that does not keep up with
speech (`keeps_up`) is asked only when the utterance has ended, so that its last words come as early as it can give them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from behavioral.hearing.asr.contract import MALFORMED, finite
from behavioral.hearing.blocks import SAMPLE_RATE_HZ
from behavioral.hearing.units import HypothesisWord, RevisableUnits, UnitEdit, plain_word
from runtime.worker import WorkerDied, WorkerRefused

_PROMPT_CHARS = 200
_NS_PER_SAMPLE = 1_000_000_000 / SAMPLE_RATE_HZ


class DecodingFailed(RuntimeError):
    """The engine has no answer to this window, and would have none if it were asked again at once."""


class WindowDecoder(Protocol):
    """Recognises a whole piece of audio at once."""

    name: str

    async def prepare(self) -> None:
        """Load the model.

        Raises:
            AttuneError: it cannot be used.
        """
        ...

    async def decode(self, pcm: bytes, prompt: str) -> Sequence[tuple[str, float, float, float]]:
        """Return text, start and end (ms from the start of the piece) and confidence of each word.

        Raises:
            WorkerDied: the engine ended; the next call starts it again.
            WorkerRefused: the engine cannot decode this.
            DecodingFailed: no answer, and asking again at once is of no use.
        """
        ...

    async def aclose(self) -> None:
        """Free what it holds."""
        ...


class AgreementRecogniser:
    """A window decoder behind the recogniser contract."""

    def __init__(
        self,
        decoder: WindowDecoder,
        *,
        step_s: float = 0.8,
        window_s: float = 15.0,
        window_max_s: float = 28.0,
        keeps_up: Callable[[], bool] = lambda: True,
    ) -> None:
        """Wrap a decoder.

        Args:
            decoder: recognises windows.
            step_s: new audio between two decodings.
            window_s: a longer window is cut at its last committed word.
            window_max_s: a longer window is committed whole (the model sees 30 s at most).
            keeps_up: whether the decoder's last answer came within `step_s`; while not, only finished utterances (and windows
                that must be cut) are decoded.
        """
        self.name = decoder.name
        self._decoder = decoder
        self._keeps_up = keeps_up
        self._step_bytes = 2 * round(step_s * SAMPLE_RATE_HZ)
        self._window_bytes = 2 * round(window_s * SAMPLE_RATE_HZ)
        self._window_max_bytes = 2 * round(window_max_s * SAMPLE_RATE_HZ)
        self._failure: str | None = None
        self._units: RevisableUnits | None = None
        self._window = bytearray()
        self._window_ns = 0
        self._fresh_bytes = 0
        self._previous: list[HypothesisWord] = []

    async def prepare(self) -> None:
        """Load the model; raises AttuneError where it cannot be used."""
        await self._decoder.prepare()

    async def start(self, t_ns: int) -> None:
        """Begin an utterance."""
        self._units = RevisableUnits(t_ns)
        self._window = bytearray()
        self._window_ns = t_ns
        self._fresh_bytes = 0
        self._previous = []

    async def push(self, pcm: bytes) -> list[UnitEdit]:
        """Take audio; each `step_s` of it costs a decoding of the window."""
        if self._units is None:
            return []
        self._window += pcm
        self._fresh_bytes += len(pcm)
        if self._fresh_bytes < self._step_bytes:
            return []
        if not self._keeps_up() and len(self._window) <= self._window_bytes:
            return []
        words = await self._decode()
        if words is None:
            return []
        agreed = _common_prefix(self._previous, words)
        edits = self._units.revise(words) + self._units.commit(agreed)
        self._previous = words[agreed:]
        return edits + self._cut()

    async def finish(self) -> list[UnitEdit]:
        """Decode what is left and commit."""
        if self._units is None:
            return []
        words = await self._decode() if self._fresh_bytes else self._previous
        edits = self._units.revoke_open() if words is None else self._units.revise(words) + self._units.commit()
        self._units = None
        self._window = bytearray()
        return edits

    async def abort(self) -> None:
        """Forget the utterance."""
        self._units = None
        self._window = bytearray()

    def take_failure(self) -> str | None:
        """Return what went wrong since the last call."""
        failure, self._failure = self._failure, None
        return failure

    async def aclose(self) -> None:
        """End the decoder."""
        await self._decoder.aclose()

    async def _decode(self) -> list[HypothesisWord] | None:
        """Return the words after the last committed one, or None where the decoder failed or answered nonsense twice."""
        assert self._units is not None
        self._fresh_bytes = 0
        committed = self._units.words[: self._units.committed]
        before_window = [word.text for word in committed if word.end_ns <= self._window_ns]
        prompt = " ".join(before_window)[-_PROMPT_CHARS:]
        for _ in range(2):
            try:
                rows = await self._decoder.decode(bytes(self._window), prompt)
                words = [
                    HypothesisWord(
                        str(text),
                        self._window_ns + round(first * 1e6),
                        self._window_ns + round(last * 1e6),
                        finite(confidence),
                    )
                    for text, first, last, confidence in rows
                ]
            except (WorkerDied, WorkerRefused) as error:
                self._failure = str(error)
                continue
            except DecodingFailed as error:
                self._failure = str(error)
                return None
            except MALFORMED as error:
                self._failure = f"{self.name}: malformed reply ({type(error).__name__})"
                continue
            end_ns = committed[-1].end_ns if committed else 0
            return [word for word in words if (word.start_ns + word.end_ns) // 2 > end_ns]
        return None

    def _cut(self) -> list[UnitEdit]:
        assert self._units is not None
        edits: list[UnitEdit] = []
        if len(self._window) > self._window_max_bytes:
            edits = self._units.commit()
            self._previous = []
        if len(self._window) <= self._window_bytes:
            return edits
        committed = self._units.words[: self._units.committed]
        end_ns = committed[-1].end_ns if committed else 0
        if len(self._window) > self._window_max_bytes and not edits:  # nothing was understood for 28 s
            end_ns = max(end_ns, self._window_ns + round((len(self._window) // 2 - SAMPLE_RATE_HZ) * _NS_PER_SAMPLE))
        samples = min(len(self._window) // 2, round((end_ns - self._window_ns) / _NS_PER_SAMPLE))
        if samples > 0:
            del self._window[: 2 * samples]
            self._window_ns += round(samples * _NS_PER_SAMPLE)
        return edits


def _common_prefix(one: Sequence[HypothesisWord], other: Sequence[HypothesisWord]) -> int:
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if plain_word(left.text) != plain_word(right.text):
            return index
    return min(len(one), len(other))
