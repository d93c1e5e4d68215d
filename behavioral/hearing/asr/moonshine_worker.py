"""The process that holds a Moonshine model (`attune: hearing`): the words of a growing utterance, decoded as a whole again and again.

Argument: model folder. Requests: `load` and `start` with the expected `phrases`; `push` with PCM (16 kHz int16 mono); `finish`; `abort`.
The reply's `words` are [text, first ms, last ms, confidence, sentence end] from the start of the utterance, with the model's
punctuation; sentence end is the log-odds of a full stop, against a comma or nothing, after the last word, and None on the others. The model
says nothing of time: words are laid over the loud parts of the utterance in proportion to their letters, a fifth of a second off at most
places.

The utterance is decoded after each `STEP_S` of new sound, and when it falls quiet: what `finish` asks for is then there already.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from behavioral.hearing.asr.moonshine_bias import ExpectedPhrases
from behavioral.hearing.asr.moonshine_network import Decoded, MoonshineNetwork
from behavioral.hearing.blocks import SAMPLE_RATE_HZ
from runtime.errors import AttuneError
from runtime.worker import Header, serve_worker

STEP_S = 0.5
STEP_SHARE = 0.08
"""New sound between two decodings: at least the one, and the other of the utterance. One takes 30 to 100 ms of a core, 0.4 s at 20 s."""
QUIET_S = 0.064
"""Silence after which a pause is taken to have begun."""
QUIET_RATIO = 0.1
"""Level of silence, as a share of that of the utterance's loud tenth: one bang makes no speech quiet."""
LEAST_S = 0.25
"""Less sound is not decoded before the utterance ends."""
BELIEVED = 0.35
"""Geometric mean of the tokens' probabilities under which an utterance holds no words: noise makes some, of no certainty."""
EXPECTED = 0.9
"""Confidence in each word of an expected phrase."""
BABBLE = (["you"],)
NO_STOP = -2.0
"""What it makes of a door or of a laugh, without a full stop behind it."""
LOG_ODDS_MAX = 6.0
_HOP = SAMPLE_RATE_HZ // 100
_ALMOST_NO = 1e-4

Row = list[Any]


class Utterances:
    """The running utterance and what is believed of it."""

    def __init__(self, folder: Path) -> None:
        """Load nothing yet."""
        self._folder = folder
        self._network: MoonshineNetwork | None = None
        self._pcm: bytearray | None = None
        self._decoded_bytes = 0
        self._rows: list[Row] = []
        self._phrases: list[str] = []
        self._expected: ExpectedPhrases | None = None

    def handle(self, header: Header, payload: bytes) -> tuple[Header, bytes]:
        """Answer one request."""
        operation = header.get("op")
        if self._network is None:
            self._network = _load(self._folder)
        if operation in ("load", "start") and (self._expected is None or header.get("phrases", []) != self._phrases):
            self._phrases = list(header.get("phrases", []))
            self._expected = ExpectedPhrases(self._network, self._phrases)
        if operation == "load":
            return {}, b""
        if operation == "start":
            self._pcm, self._decoded_bytes, self._rows = bytearray(), 0, []
            self._network.forget()
            return {}, b""
        if operation == "abort":
            self._pcm = None
            return {}, b""
        if self._pcm is None:
            raise ValueError(f"{operation}: no utterance runs")
        if operation == "push":
            self._push(payload)
            return {"words": self._rows}, b""
        if operation == "finish":
            levels = _levels(self._pcm)
            if not _is_quiet(levels[self._decoded_bytes // (2 * _HOP) :], levels):
                self._decode(levels, paused=True)
            self._pcm = None
            return {"words": self._rows}, b""
        raise ValueError(f"unknown operation {operation!r}")

    def _push(self, pcm: bytes) -> None:
        assert self._pcm is not None
        if len(pcm) % 2:
            raise ValueError(f"{len(pcm)} bytes are not 16-bit samples")
        self._pcm += pcm
        if len(self._pcm) < 2 * LEAST_S * SAMPLE_RATE_HZ:
            return
        fresh_s = (len(self._pcm) - self._decoded_bytes) / (2 * SAMPLE_RATE_HZ)
        if fresh_s < QUIET_S:
            return
        levels = _levels(self._pcm)
        fresh = levels[-round(100 * fresh_s) :]
        pauses = _is_quiet(levels[-round(100 * QUIET_S) :], levels) and not _is_quiet(fresh, levels)
        step_s = max(STEP_S, STEP_SHARE * len(self._pcm) / (2 * SAMPLE_RATE_HZ))
        if pauses or (fresh_s >= step_s and not _is_quiet(fresh, levels)):
            self._decode(levels, paused=pauses)

    def _decode(self, levels: NDArray[np.float32], *, paused: bool) -> None:
        assert self._network is not None and self._expected is not None and self._pcm is not None
        samples = np.frombuffer(self._pcm, "<i2").astype(np.float32) / np.float32(32_768)
        self._decoded_bytes = len(self._pcm)
        decoded = self._network.decode(samples)
        self._rows = rows(self._network, decoded, levels)
        if paused and self._rows and (phrase := self._expected.instead_of(decoded)) is not None:
            self._rows = laid_out([(word, EXPECTED) for word in phrase.split()], levels)
            self._rows[-1][4] = LOG_ODDS_MAX / 2


def _load(folder: Path) -> MoonshineNetwork:
    """Return a model that runs; ValueError, which the other side is told, where it does not."""
    try:
        network = MoonshineNetwork(folder)
        network.decode(np.zeros(SAMPLE_RATE_HZ // 2, np.float32))
    except AttuneError as error:
        raise ValueError(error.message) from error
    except Exception as error:  # onnxruntime's exception classes share no public base
        raise ValueError(f"{folder} does not run as a Moonshine model: {error}") from error
    return network


def rows(network: MoonshineNetwork, decoded: Decoded, levels: NDArray[np.float32]) -> list[Row]:
    """Return the words of a decoded window; none where the network does not believe itself.

    Args:
        network: whose tokens they are.
        decoded: what it said.
        levels: root mean square of each hundredth of a second.
    """
    if not decoded.tokens or math.exp(sum(map(math.log, decoded.probabilities)) / len(decoded.tokens)) < BELIEVED:
        return []
    words: list[tuple[str, float]] = []
    for token, probability in zip(decoded.tokens, decoded.probabilities, strict=True):
        text = network.text(token)
        if text.startswith(" ") or not words:
            words.append((text.strip(), probability))
        else:
            words[-1] = (words[-1][0] + text, min(words[-1][1], probability))
    found = laid_out([word for word in words if any(map(str.isalnum, word[0]))], levels)
    ends = sentence_end(decoded.after_words)
    if [row[0].lower() for row in found] in BABBLE and ends < NO_STOP:
        return []
    if found:
        found[-1][4] = round(ends, 3)
    return found


def laid_out(words: Sequence[tuple[str, float]], levels: NDArray[np.float32]) -> list[Row]:
    """Return rows of words (text, confidence), laid over the loud hundredths of a second in proportion to their letters."""
    loud = np.flatnonzero(levels >= _silence(levels))
    if not loud.size:
        return [[text, 0, 0, round(confidence, 4), None] for text, confidence in words]
    lengths = np.cumsum([0, *(len(text) for text, _ in words)])
    edges = np.append(loud, loud[-1] + 1)
    at = edges[np.round(lengths / max(1, lengths[-1]) * len(loud)).astype(int)]
    return [
        [text, 10 * int(first), 10 * int(last), round(confidence, 4), None]
        for (text, confidence), first, last in zip(words, at[:-1], at[1:], strict=True)
    ]


def sentence_end(after_words: tuple[float, float, float]) -> float:
    """Return the log-odds of the end of a sentence after the last word, from `Decoded.after_words`."""
    stop, *goes_on = (max(_ALMOST_NO, share) for share in after_words)
    return max(-LOG_ODDS_MAX, min(LOG_ODDS_MAX, math.log(stop / sum(goes_on))))


def _levels(pcm: bytearray) -> NDArray[np.float32]:
    samples = np.frombuffer(pcm, "<i2", count=len(pcm) // (2 * _HOP) * _HOP).astype(np.float32)
    return np.asarray(np.sqrt(np.mean(samples.reshape(-1, _HOP) ** 2, axis=1)), np.float32)


def _is_quiet(part: NDArray[np.float32], levels: NDArray[np.float32]) -> bool:
    return bool(np.all(part < _silence(levels)))


def _silence(levels: NDArray[np.float32]) -> float:
    return QUIET_RATIO * max(1.0, float(np.percentile(levels, 90))) if levels.size else QUIET_RATIO


if __name__ == "__main__":
    serve_worker("hearing", Utterances(Path(sys.argv[1])).handle)
