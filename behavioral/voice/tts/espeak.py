"""The client of espeak-ng's worker process: the default voice.

Blocking exchanges run in the owner's `Offload`. A worker that dies is started again and the clause asked for once more;
if that fails too, the clause is silent with estimated times, `note` says why, and the next clause tries the worker again.
Deterministic: equal text and settings give equal samples.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from behavioral.voice.prosody import PLAIN, Prosody, with_gain
from behavioral.voice.tts.contract import SpokenClause
from behavioral.voice.tts.silent import SAMPLE_RATE_HZ, estimated_clause
from behavioral.voice.tts.timing import gapless_phonemes, normalise, timed_words
from runtime.offload import Offload
from runtime.settings import VoiceSettings
from runtime.worker import Header, WorkerDied, WorkerProcess, WorkerRefused

MAX_TEXT_CHARS = 1_500
"""Of one clause; the rest is cut off. The worker itself refuses more than 2000."""
_TIMEOUT_S = 5.0
_PITCH_PER_ST = 100.0 / 24.0
"""espeak-ng's pitch goes from an octave below the voice's own to an octave above, 0 to 100."""
_WORKER = Path(__file__).with_name("espeak_worker.py")


@dataclass(frozen=True, slots=True)
class PronouncedWord:
    """A word as it is spoken: index of its first character in the text, IPA symbols with their onsets in the clause (ms)."""

    character: int
    symbols: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Pronounced:
    """A clause, and how its words are pronounced."""

    clause: SpokenClause
    words: tuple[PronouncedWord, ...]


class EspeakVoice:
    """Speech by espeak-ng in its own process."""

    name = "espeak"

    def __init__(
        self, settings: VoiceSettings, offload: Offload, mishap: Callable[[str], None] = lambda _detail: None
    ) -> None:
        """Describe the voice; the worker starts with the first clause or with `prepare`.

        Args:
            settings: voice, rate and pitch.
            offload: where the exchanges with the worker run.
            mishap: told what went wrong once and cost no clause (a worker that had to be started again).
        """
        self._settings = settings
        self._mishap = mishap
        self._restarts = 0
        self._note = ""
        # By path and with -P: the worker is a program of its own and shares no module with Attune.
        argv = [sys.executable, "-P", str(_WORKER), settings.voice]
        self.worker = WorkerProcess("voice", argv, offload, timeout_s=_TIMEOUT_S)

    @property
    def note(self) -> str:
        """Why the last clause was silent; empty while the voice is well."""
        return self._note

    async def prepare(self) -> None:
        """Start the worker and let it speak one word, unheard."""
        await self.synthesise("Hello")

    async def synthesise(self, text: str, prosody: Prosody = PLAIN) -> SpokenClause:
        """Return the clause as sound; see the module's docstring for failures."""
        return (await self.pronounce(text, prosody)).clause

    async def pronounce(self, text: str, prosody: Prosody = PLAIN) -> Pronounced:
        """Return the clause as sound, and how each spoken word is pronounced; without the latter where it failed."""
        text = normalise(text, MAX_TEXT_CHARS)
        if not re.search(r"\w", text):
            return Pronounced(SpokenClause(text, np.zeros(0, dtype=np.int16), SAMPLE_RATE_HZ, (), ()), ())
        rate_wpm = min(450, max(80, round(self._settings.rate_wpm * prosody.rate)))
        request = {
            "text": text,
            "voice": self._settings.voice,
            "rate_wpm": rate_wpm,
            "pitch": min(100, max(0, round(self._settings.pitch + _PITCH_PER_ST * prosody.pitch_st))),
        }
        try:
            try:
                reply, pcm = await self.worker.request(request)
            except WorkerDied:
                reply, pcm = await self.worker.request(request)
            if self.worker.restarts > self._restarts:  # it ended in this clause or since the last one
                self._restarts = self.worker.restarts
                self._mishap("the voice's worker ended and was started again")
            pronounced = _pronounced(text, reply, pcm, prosody.gain_db)
        except (WorkerDied, WorkerRefused, ValueError, KeyError, TypeError, IndexError) as error:
            self._note = f"no sound for this clause: {error}"
            return Pronounced(estimated_clause(text, rate_wpm), ())
        self._note = ""
        return pronounced

    async def aclose(self) -> None:
        """End the worker."""
        await self.worker.aclose()


def _pronounced(text: str, reply: Header, data: bytes, gain_db: float) -> Pronounced:
    """Turn a reply into a clause; ValueError, KeyError, TypeError or IndexError where it is not one."""
    rate_hz = int(reply["sample_rate_hz"])
    pcm = np.frombuffer(data, dtype="<i2").astype(np.int16, copy=False)
    duration_ms = 1_000.0 * len(pcm) / rate_hz
    to_ms = 1_000.0 / rate_hz
    events = [(str(symbol), sample * to_ms) for symbol, sample in reply["phonemes"]]
    phonemes = gapless_phonemes(events, duration_ms)
    words = timed_words(text, [(int(at), sample * to_ms) for at, sample, _ in reply["words"]], phonemes, duration_ms)
    clause = SpokenClause(text, with_gain(pcm, gain_db), rate_hz, phonemes, words)
    firsts = [(int(at), int(first)) for at, _, first in reply["words"]]
    ends = [first for _, first in firsts[1:]] + [len(events)]
    spoken = tuple(
        PronouncedWord(at, tuple(event for event in events[first:end] if event[0] and not event[0].startswith("(")))
        for (at, first), end in zip(firsts, ends, strict=True)
    )
    return Pronounced(clause, spoken)
