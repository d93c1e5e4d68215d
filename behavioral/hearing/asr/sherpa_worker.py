"""The process that holds a streaming sherpa-onnx model (`attune: hearing`): sherpa-onnx ends its process at a broken model file.

Requests: `load` and `start` with `files` (by part, see `sherpa.find_model_files`) and `hotwords`; `push` with PCM (16 kHz int16 mono);
`finish`; `abort`. A reply's `words` are [text, first ms, last ms, confidence] from the start of the utterance: tokens are joined at
their word marks, a word begins with its first token and ends where the next one begins, at most `_TOKEN_S` after its last token;
its confidence is the mean of its tokens' probabilities, or 0.5 from a model that gives none. One thread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runtime.worker import Header, serve_worker

_TOKEN_S = 0.2
"""Longest time that the last token of a word is taken to last."""
_TAIL_S = 0.5
"""Silence after the utterance, so that the model's look-ahead covers its last sound."""
_RATE_HZ = 16_000
_FIRST_IDEOGRAPH = 0x2E80  # from here on a character is a word of its own

Row = list[Any]


class Streams:
    """One loaded model and its running stream."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._recogniser: Any = None
        self._stream: Any = None
        self._hotwords = ""

    def handle(self, header: Header, payload: bytes) -> tuple[Header, bytes]:
        """Answer one request."""
        operation = header.get("op")
        if operation in ("load", "start"):
            if self._recogniser is None:
                self._load(dict(header["files"]), list(header["hotwords"]))
            if operation == "start":
                self._stream = self._new_stream()
            return {"biased": bool(self._hotwords)}, b""
        if self._stream is None:
            raise ValueError(f"{operation}: no utterance runs")
        if operation == "push":
            return {"words": self._push(payload)}, b""
        if operation == "finish":
            return {"words": self._finish()}, b""
        if operation == "abort":
            self._stream = None
            return {}, b""
        raise ValueError(f"unknown operation {operation!r}")

    def _load(self, files: dict[str, str], phrases: list[str]) -> None:
        import sherpa_onnx

        symbols = symbols_of(files["tokens"])
        make = sherpa_onnx.OnlineRecognizer
        common: dict[str, Any] = {"tokens": files["tokens"], "num_threads": 1, "provider": "cpu"}
        if "joiner" in files:
            vocabulary = files.get("bpe_vocab", "")
            if vocabulary and phrases:
                self._hotwords = "/".join(phrase.upper() if _is_upper(symbols) else phrase for phrase in phrases)
                common |= {"modeling_unit": "bpe", "bpe_vocab": vocabulary, "decoding_method": "modified_beam_search"}
            self._recogniser = make.from_transducer(
                encoder=files["encoder"], decoder=files["decoder"], joiner=files["joiner"], **common
            )
        elif "model" in files:
            self._recogniser = make.from_zipformer2_ctc(model=files["model"], **common)
        else:
            self._recogniser = make.from_paraformer(encoder=files["encoder"], decoder=files["decoder"], **common)

    def _new_stream(self) -> Any:
        return self._recogniser.create_stream(self._hotwords) if self._hotwords else self._recogniser.create_stream()

    def _push(self, pcm: bytes) -> list[Row]:
        import numpy as np

        if len(pcm) % 2:
            raise ValueError(f"{len(pcm)} bytes are not 16-bit samples")
        self._accept(np.frombuffer(pcm, "<i2").astype(np.float32) / 32_768)
        return self._words()

    def _finish(self) -> list[Row]:
        import numpy as np

        self._accept(np.zeros(round(_TAIL_S * _RATE_HZ), np.float32))
        self._stream.input_finished()
        self._decode()
        words = self._words()
        self._stream = None
        return words

    def _accept(self, samples: Any) -> None:
        self._stream.accept_waveform(_RATE_HZ, samples)
        self._decode()

    def _decode(self) -> None:
        while self._recogniser.is_ready(self._stream):
            self._recogniser.decode_stream(self._stream)

    def _words(self) -> list[Row]:
        result = self._recogniser.get_result_all(self._stream)
        return words_of_tokens(result.tokens, result.timestamps, result.ys_probs)


def words_of_tokens(tokens: Sequence[str], times_s: Sequence[float], logprobs: Sequence[float]) -> list[Row]:
    """Join tokens to words.

    Args:
        tokens: a token that begins with a space or an ideograph begins a word.
        times_s: when each token begins; empty where the model gives no times, which then are 0.
        logprobs: natural logarithm of each token's probability; empty where the model gives none.

    Returns:
        Text, start and end (ms) and confidence of each word, in lower case where the model knows only capitals.
    """
    words: list[tuple[list[str], list[float], list[float]]] = []
    for index, token in enumerate(tokens):
        text = token.replace("\u2581", " ")
        begins = text.startswith(" ") or ord((text or " ")[0]) >= _FIRST_IDEOGRAPH
        if begins or not words:
            words.append(([], [], []))
        parts, starts, scores = words[-1]
        parts.append(text.strip())
        starts.append(times_s[index] if index < len(times_s) else 0.0)
        scores.append(math.exp(min(0.0, logprobs[index])) if index < len(logprobs) else 0.5)
    words = [word for word in words if "".join(word[0])]
    rows = []
    for index, (parts, starts, scores) in enumerate(words):
        end_s = starts[-1] + _TOKEN_S
        if index + 1 < len(words):
            end_s = max(starts[-1], min(end_s, words[index + 1][1][0]))
        text = "".join(parts)
        confidence = round(sum(scores) / len(scores), 4)
        rows.append(
            [text.lower() if text.isupper() else text, round(1_000 * starts[0]), round(1_000 * end_s), confidence]
        )
    return rows


def symbols_of(tokens_file: str) -> list[str]:
    """Return the symbols of a table of tokens; ValueError where it is none (sherpa-onnx would take it and say nothing)."""
    rows = [row for row in Path(tokens_file).read_text(encoding="utf-8").splitlines() if row.strip()]
    if not rows or not all(row.split()[-1].isdigit() for row in rows):
        raise ValueError(f"{tokens_file}: not a table of symbols and numbers")
    return [row.split()[0] for row in rows]


def _is_upper(symbols: Sequence[str]) -> bool:
    """Return whether a model writes its words in capitals."""
    letters = "".join(symbol for symbol in symbols if not symbol.startswith("<"))
    return any(map(str.isupper, letters)) and not any(map(str.islower, letters))


if __name__ == "__main__":
    serve_worker("hearing", Streams().handle)
