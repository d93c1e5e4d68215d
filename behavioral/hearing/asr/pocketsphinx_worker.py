"""The process that holds the PocketSphinx decoders (`attune: hearing`), because they hold the GIL for up to 50 ms.

Requests: `load` and `start` with `rules`, `values` and `tails` of a `grammar.Grammar`; `push` with PCM (16 kHz int16 mono); `finish`;
`abort`. A reply's `words` are [text, first ms, last ms, confidence] from the start of the utterance. Dictation's settings are those
measured as the best compromise of error rate and tail latency on two CPU cores (maxhmmpf=6000, maxwpf=20, no flat-lexicon pass,
best path through the lattice).

A second, cheap decoder follows the grammar of what the scenario expects. It must explain whatever was said by one of its sentences, so its
acoustic score is held against that of dictation, which is free to choose: up to some nats per frame of speech behind it (`MARGINS`), the
grammar is believed, and its words are the hypothesis, already while the person speaks. Further behind, dictation's words are. When the
grammar is believed at the end, dictation's own last pass (tens of milliseconds) is left for the next start.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from behavioral.hearing.asr.grammar import Grammar, jsgf
from runtime.worker import Header, serve_worker

MARGINS = (2.5, 3.0, 3.5)
"""How far, in nats per frame of speech, a sentence of one, two, or more words may be behind dictation and still be believed: a short one
fits anything more easily. Chosen on three espeak-ng voices against LJSpeech, with the figures of three other voices and of AMI beside
them, so those are no blind test; `benchmarks/bench_asr.py` measures all."""
GRAMMAR_MAX_FRAMES = 800
"""Longer utterances (8 s) are never one of the expected sentences."""
_FRAME_MS = 10
_SCORE_SCALE = 1024  # the first pass reports scores divided by 2^SENSCR_SHIFT
_TINY = 1e-300
_FILLER = re.compile(r"^(<.*>|\[.*\]|\(NULL\)|\+\+.*\+\+)$")
_VARIANT = re.compile(r"\(\d+\)$")

Row = list[Any]


class Decoders:
    """Dictation and, where something is expected, a grammar beside it."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._dictation: Any = None
        self._grammar: Any = None
        self._setup: tuple[Any, ...] = ()
        self._left_out: list[str] = []
        self._running = self._grammar_runs = False
        self._dictation_open = False

    def handle(self, header: Header, payload: bytes) -> tuple[Header, bytes]:
        """Answer one request."""
        operation = header.get("op")
        if operation in ("load", "start"):
            self._load(header)
            if operation == "start":
                self._start()
            return {"left_out": self._left_out}, b""
        if not self._running:
            raise ValueError(f"{operation}: no utterance runs")
        if operation == "push":
            self._push(payload)
            return {"words": self._partial()}, b""
        if operation == "finish":
            return {"words": self._finish()}, b""
        if operation == "abort":
            self._end()
            return {}, b""
        raise ValueError(f"unknown operation {operation!r}")

    def _load(self, header: Header) -> None:
        import pocketsphinx

        if self._dictation is None:
            self._dictation = pocketsphinx.Decoder(
                maxhmmpf=6000, maxwpf=20, fwdflat=False, bestpath=True, loglevel="FATAL"
            )
        setup = (header.get("rules", []), header.get("values", {}), header.get("tails", []))
        if setup == self._setup:
            return
        self._setup = setup
        grammar = self._known(Grammar(tuple(map(tuple, setup[0])), dict(setup[1]), tuple(setup[2])))
        self._grammar = None
        if text := jsgf(grammar):
            # All senones are computed so that both decoders' scores are relative to the same best senone of a frame.
            self._grammar = pocketsphinx.Decoder(lm=None, bestpath=False, compallsen=True, loglevel="FATAL")
            self._grammar.add_jsgf_string("scenario", text)
            self._grammar.activate_search("scenario")

    def _known(self, grammar: Grammar) -> Grammar:
        """Leave out of a grammar what the pronunciation dictionary does not know."""

        def known(words: str) -> bool:
            return all(self._dictation.lookup_word(word) for word in words.split())

        values = {name: tuple(filter(known, items)) for name, items in grammar.values.items()}
        self._left_out = []
        rules = []
        for rule in grammar.rules:
            fixed = " ".join(token for token in rule if token[0] not in "{*")
            if known(fixed) and all(values.get(token[1:-1]) for token in rule if token.startswith("{")):
                rules.append(rule)
            else:
                self._left_out.append(" ".join(rule))
        tails = tuple(filter(known, grammar.tails))
        if not tails:
            rules = [tuple(token for token in rule if token != "*") for rule in rules]
        return Grammar(tuple(rules), values, tails)

    def _start(self) -> None:
        self._end()
        self._dictation.start_utt()
        self._dictation_open = True
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
            if self._grammar.n_frames() > GRAMMAR_MAX_FRAMES:
                self._grammar.end_utt()
                self._grammar_runs = False

    def _partial(self) -> list[Row]:
        dictated = list(_words(self._dictation))
        confidence = self._belief(_score(self._dictation), dictated) if self._grammar_runs else 0.0
        if confidence > 0.0:
            return [_row(*word[:3], confidence) for word in _words(self._grammar)]
        return [_row(*word[:3], 0.5) for word in dictated]

    def _finish(self) -> list[Row]:
        dictation_score, dictated = _score(self._dictation), list(_words(self._dictation))
        if self._grammar_runs:
            self._grammar.end_utt()
            self._grammar_runs = False
            confidence = self._belief(dictation_score, dictated)
            if confidence > 0.0:
                self._running = False
                return [_row(*word[:3], confidence) for word in _words(self._grammar)]
        self._end()
        return [_row(*word) for word in _words(self._dictation)]

    def _belief(self, dictation_score: float, dictated: list[tuple[str, int, int, float]]) -> float:
        """Return the confidence in the grammar's present hypothesis, 0 where it is not believed."""
        frames = sum(last - first + 1 for _, first, last, _ in dictated)
        if frames == 0 or self._grammar.hyp() is None:
            return 0.0
        deficit = (dictation_score - _score(self._grammar)) / frames
        return belief(deficit, sum(1 for _ in _words(self._grammar)))

    def _end(self) -> None:
        if self._dictation_open:
            self._dictation.end_utt()
        if self._grammar_runs:
            self._grammar.end_utt()
        self._running = self._grammar_runs = self._dictation_open = False


def belief(deficit: float, words: int) -> float:
    """Return the confidence in a sentence of the grammar, 0 where it is rejected.

    Args:
        deficit: how far its acoustic score is behind dictation's, nats per frame of speech.
        words: how many words it has.
    """
    if words == 0:
        return 0.0
    margin = MARGINS[min(words, len(MARGINS)) - 1]
    if deficit > margin:
        return 0.0
    return 1 / (1 + math.exp(-2 * (margin - deficit)))


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


def _row(text: str, first: int, last: int, confidence: float) -> Row:
    return [text, first * _FRAME_MS, (last + 1) * _FRAME_MS, round(confidence, 4)]


if __name__ == "__main__":
    serve_worker("hearing", Decoders().handle)
