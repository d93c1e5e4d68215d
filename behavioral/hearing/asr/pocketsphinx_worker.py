"""The process that holds the PocketSphinx decoders (`attune: hearing`), because they hold the GIL for up to 50 ms.

Requests: `load`; `start` with `phrases`; `push` with PCM (16 kHz int16 mono); `finish`; `abort`. A reply's `words` are
[text, first ms, last ms, confidence] from the start of the utterance. Decoder settings are those measured as the best compromise
of error rate and tail latency on two CPU cores (maxhmmpf=6000, maxwpf=20, no flat-lexicon pass, best path through the lattice).

Expected phrases are decoded beside open dictation by a second, cheap decoder with a grammar of just these phrases. It must choose
one of them whatever was said, so its acoustic score is held against that of dictation: within `PHRASE_MARGIN` nats per frame of
speech the phrase is believed. The margin was set on espeak-ng voices; `benchmarks/bench_asr.py` measures what it lets through.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from runtime.worker import Header, serve_worker

PHRASE_MARGIN = 3.5
PHRASE_MAX_FRAMES = 800
"""Longer utterances (8 s) are never one of the expected phrases."""
_FRAME_MS = 10
_SCORE_SCALE = 1024  # the first pass reports scores divided by 2^SENSCR_SHIFT
_TINY = 1e-300
_FILLER = re.compile(r"^(<.*>|\[.*\]|\(NULL\)|\+\+.*\+\+)$")
_VARIANT = re.compile(r"\(\d+\)$")


class Decoders:
    """Dictation and, where phrases are expected, a grammar beside it."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._dictation: Any = None
        self._grammar: Any = None
        self._phrases: list[str] = []
        self._left_out: list[str] = []
        self._grammar_runs = self._running = False

    def handle(self, header: Header, payload: bytes) -> tuple[Header, bytes]:
        """Answer one request."""
        operation = header.get("op")
        if operation == "load":
            self._load(list(header.get("phrases", [])))
            return {"left_out": self._left_out}, b""
        if operation == "start":
            self._load(list(header.get("phrases", [])))
            self._start()
            return {}, b""
        if not self._running:
            raise ValueError(f"{operation}: no utterance runs")
        if operation == "push":
            self._push(payload)
            return {"words": [_row(*word[:3], 0.5) for word in _words(self._dictation)]}, b""
        if operation == "finish":
            return {"words": self._finish()}, b""
        if operation == "abort":
            self._end()
            return {}, b""
        raise ValueError(f"unknown operation {operation!r}")

    def _load(self, phrases: list[str]) -> None:
        import pocketsphinx

        if self._dictation is None:
            self._dictation = pocketsphinx.Decoder(
                maxhmmpf=6000, maxwpf=20, fwdflat=False, bestpath=True, loglevel="FATAL"
            )
        if phrases == self._phrases:
            return
        self._phrases = phrases
        known = [phrase for phrase in phrases if all(self._dictation.lookup_word(word) for word in phrase.split())]
        self._left_out = [phrase for phrase in phrases if phrase not in known]
        self._grammar = None
        if known:
            # All senones are computed so that both decoders' scores are relative to the same best senone of a frame.
            self._grammar = pocketsphinx.Decoder(lm=None, bestpath=False, compallsen=True, loglevel="FATAL")
            alternatives = " | ".join(known)
            self._grammar.add_jsgf_string("phrases", f"#JSGF V1.0; grammar phrases; public <phrase> = {alternatives};")
            self._grammar.activate_search("phrases")

    def _start(self) -> None:
        if self._running:
            self._end()
        self._dictation.start_utt()
        self._grammar_runs = self._grammar is not None
        if self._grammar_runs:
            self._grammar.start_utt()
        self._running = True

    def _push(self, pcm: bytes) -> None:
        if len(pcm) % 2:
            raise ValueError(f"{len(pcm)} bytes are not 16-bit samples")
        self._dictation.process_raw(pcm, False, False)
        if self._grammar_runs:
            self._grammar.process_raw(pcm, False, False)
            if self._grammar.n_frames() > PHRASE_MAX_FRAMES:
                self._grammar.end_utt()
                self._grammar_runs = False

    def _finish(self) -> list[list[Any]]:
        dictation_score = _score(self._dictation)
        speech_frames = sum(last - first + 1 for _, first, last, _ in _words(self._dictation))
        grammar_ran = self._grammar_runs
        self._end()
        heard = [_row(*word) for word in _words(self._dictation)]
        if not grammar_ran or self._grammar.hyp() is None or speech_frames == 0:
            return heard
        deficit = (dictation_score - _score(self._grammar)) / speech_frames
        if deficit > PHRASE_MARGIN:
            return heard
        confidence = 1 / (1 + math.exp(-2 * (PHRASE_MARGIN - deficit)))
        return [_row(text, first, last, confidence) for text, first, last, _ in _words(self._grammar)]

    def _end(self) -> None:
        self._dictation.end_utt()
        if self._grammar_runs:
            self._grammar.end_utt()
        self._running = self._grammar_runs = False


def _words(decoder: Any) -> Iterator[tuple[str, int, int, float]]:
    """Yield text, first and last frame and posterior of the words of the current hypothesis."""
    for segment in (decoder.seg() or ()) if decoder.hyp() is not None else ():
        if not _FILLER.match(segment.word):
            yield _VARIANT.sub("", segment.word), segment.start_frame, segment.end_frame, min(1.0, float(segment.prob))


def _score(decoder: Any) -> float:
    """Return the first pass's acoustic score in nats, relative to the best senone of each frame."""
    if decoder.hyp() is None:
        return 0.0
    return _SCORE_SCALE * sum(math.log(max(segment.ascore, _TINY)) for segment in decoder.seg())


def _row(text: str, first: int, last: int, confidence: float) -> list[Any]:
    return [text, first * _FRAME_MS, (last + 1) * _FRAME_MS, round(confidence, 4)]


if __name__ == "__main__":
    serve_worker("hearing", Decoders().handle)
