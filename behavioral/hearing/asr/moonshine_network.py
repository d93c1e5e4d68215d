"""Moonshine (Jeffries et al. 2024, arXiv 2410.15608) on ONNX Runtime: samples in, tokens with probabilities out.

An encoder over raw audio and a decoder with a cache, greedy. The tokens of the window before are a draft: a single pass of the decoder says
how many of them it would choose again, and only what follows is decoded step by step, so that a window that has grown by half a second
costs its new words only. The choices are those of decoding anew, but where two are nearly as likely: the weights are 8-bit integers, and
their arithmetic rounds a pass over many tokens differently from single steps. Blocking, one thread; 16 kHz mono float32.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from behavioral.hearing.blocks import SAMPLE_RATE_HZ
from behavioral.onnx_session import one_thread_session
from runtime.errors import AttuneError

NAMES: Final = ("encoder_model", "decoder_model_merged")
ENDINGS: Final = (".ort", ".onnx")
VOCABULARY: Final = "tokenizer.bin"
GET_MODEL: Final = (
    "pip install 'moonshine-voice<0.1' (its wheel holds the English tiny model), or set hearing.asr to pocketsphinx"
)
_WITHOUT = "set hearing.asr to pocketsphinx"
_BOS, _EOS = 1, 2
_TOKENS_PER_S = 6.5
"""More is babble (the authors' own limit)."""
_LEAST_SAMPLES = SAMPLE_RATE_HZ // 2
_TOKEN_MAX = 64
_SPACE = "\u2581"
_STOPS = frozenset(".?!")
_COMMAS = frozenset((",", ";", ":", "-", "..."))
_PAST = re.compile(r"past_key_values\.(\d+)\.(decoder|encoder)\.(key|value)")

Tensor = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a window says.

    Attributes:
        tokens: token ids, without the marks of begin and end.
        probabilities: of each token, given those before it.
        log_probability: of the words and of an end after them, nats.
        after_words: probabilities of what follows the last word: a full stop (or ? or !), a comma (or another mark that goes on), nothing.
    """

    tokens: tuple[int, ...]
    probabilities: tuple[float, ...]
    log_probability: float
    after_words: tuple[float, float, float]


def model_files(folder: Path) -> tuple[Path, Path, Path]:
    """Return encoder, decoder and vocabulary of a folder.

    Raises:
        AttuneError: one is missing.
    """
    for ending in ENDINGS:
        encoder, decoder = (folder / f"{name}{ending}" for name in NAMES)
        if encoder.is_file() and decoder.is_file() and (folder / VOCABULARY).is_file():
            return encoder, decoder, folder / VOCABULARY
    wanted = ", ".join((*(f"{name}.ort" for name in NAMES), VOCABULARY))
    raise AttuneError(f"hearing.asr_model: {folder} is no Moonshine model: it should hold {wanted}", GET_MODEL)


def read_vocabulary(path: Path) -> list[bytes]:
    """Return the tokens of a `tokenizer.bin`: each a length (one byte, or two from 128 on) and its bytes.

    Raises:
        AttuneError: the file is cut off.
    """
    content, tokens, at = path.read_bytes(), [], 0
    while at < len(content):
        length = content[at]
        at += 1
        if length >= 128:
            if at == len(content):
                break
            length += 128 * content[at] - 128
            at += 1
        token = content[at : at + length]
        if len(token) < length:
            raise AttuneError(f"hearing.asr_model: {path} is cut off", GET_MODEL)
        tokens.append(token)
        at += length
    return tokens


class MoonshineNetwork:
    """A loaded model and its last window's tokens."""

    def __init__(self, folder: Path) -> None:
        """Load; AttuneError where the folder holds no usable model."""
        encoder, decoder, vocabulary = model_files(folder)
        self._encoder = one_thread_session(encoder, "hearing.asr_model", GET_MODEL, _WITHOUT)
        self._decoder = one_thread_session(decoder, "hearing.asr_model", GET_MODEL, _WITHOUT)
        self.vocabulary = read_vocabulary(vocabulary)
        self._masked = {i.name for i in self._encoder.get_inputs()}
        inputs = {i.name: i.shape for i in self._decoder.get_inputs()}
        self._pasts = [name for name in inputs if _PAST.fullmatch(name)]
        self._empty = {name: np.zeros((1, inputs[name][1], 0, inputs[name][3]), np.float32) for name in self._pasts}
        self._outputs = [o.name for o in self._decoder.get_outputs()]
        self._takes_mask = "encoder_attention_mask" in inputs
        self._stops = self._ids(_STOPS)
        self._commas = self._ids(_COMMAS)
        self._marks = frozenset((*self._stops, *self._commas))
        self._numbers = {token: number for number, token in reversed(list(enumerate(self.vocabulary)))}
        self._draft: tuple[int, ...] = ()
        self._heard: dict[str, Any] = {}

    def decode(self, samples: Tensor) -> Decoded:
        """Recognise one window.

        Args:
            samples: (n,) float32 of 16 kHz, -1 to 1; fewer than half a second are filled up with silence.
        """
        if len(samples) < _LEAST_SAMPLES:
            samples = np.concatenate((samples, np.zeros(_LEAST_SAMPLES - len(samples), np.float32)))
        all_of_it = np.ones((1, len(samples)), np.int64)
        hidden = self._encode(samples, all_of_it)
        most = max(4, int(len(samples) / SAMPLE_RATE_HZ * _TOKENS_PER_S) + 1)
        fixed = self._heard = {"encoder_hidden_states": hidden}
        if self._takes_mask:
            fixed["encoder_attention_mask"] = all_of_it
        draft = self._draft[:most]
        logits, cache = self._step(fixed, (_BOS, *draft), self._empty, cached=False)
        if logits.shape[1] != len(self.vocabulary):
            raise ValueError(f"{len(self.vocabulary)} tokens in {VOCABULARY}, {logits.shape[1]} in the decoder")
        chosen = logits.argmax(axis=1)
        kept = next((i for i, token in enumerate(draft) if token != chosen[i]), len(draft))
        rows = list(logits[: kept + 1])
        tokens = list(draft[:kept])
        cache = {name: value[:, :, : kept + 1] if ".decoder." in name else value for name, value in cache.items()}
        while (token := int(rows[-1].argmax())) != _EOS and len(tokens) < most:
            tokens.append(token)
            logits, following = self._step(fixed, (token,), cache, cached=True)
            cache = {name: following[name] if ".decoder." in name else cache[name] for name in self._pasts}
            rows.append(logits[0])
        self._draft = tuple(tokens)
        shares = [_softmax(row) for row in rows]
        probabilities = tuple(float(share[token]) for share, token in zip(shares, tokens, strict=False))
        return Decoded(self._draft, probabilities, *self._judged(self._draft, shares))

    def log_probability(self, text: str) -> float:
        """Return how likely a text is for the window that was decoded last, nats, as `Decoded.log_probability`."""
        tokens = self.tokens(text)
        logits, _ = self._step(self._heard, (_BOS, *tokens), self._empty, cached=False)
        return self._judged(tokens, [_softmax(row) for row in logits])[0]

    def tokens(self, text: str) -> tuple[int, ...]:
        """Return a text as tokens, the longest that fits first (as good as the model's own way for plain words)."""
        rest = (_SPACE + text.replace(" ", _SPACE)).encode()
        found: list[int] = []
        while rest:
            length = next(n for n in range(min(len(rest), _TOKEN_MAX), 0, -1) if rest[:n] in self._numbers)
            found.append(self._numbers[rest[:length]])
            rest = rest[length:]
        return tuple(found)

    def forget(self) -> None:
        """Expect nothing of the next window: it is another utterance."""
        self._draft = ()

    def text(self, token: int) -> str:
        """Return a token's text, a space before a word's first."""
        return self.vocabulary[token].decode("utf-8", "ignore").replace(_SPACE, " ")

    def _encode(self, samples: Tensor, mask: NDArray[np.int64]) -> Tensor:
        given: dict[str, Any] = {"input_values": samples[None]}
        if "attention_mask" in self._masked:
            given["attention_mask"] = mask
        (hidden,) = self._encoder.run(None, given)
        return np.asarray(hidden, np.float32)

    def _step(
        self, fixed: dict[str, Any], tokens: tuple[int, ...], cache: dict[str, Tensor], *, cached: bool
    ) -> tuple[Tensor, dict[str, Tensor]]:
        given = {**fixed, **cache, "input_ids": np.array([tokens], np.int64), "use_cache_branch": np.array([cached])}
        found = dict(zip(self._outputs, self._decoder.run(None, given), strict=True))
        return found["logits"][0], {name: found[name.replace("past_key_values", "present")] for name in self._pasts}

    def _ids(self, marks: frozenset[str]) -> tuple[int, ...]:
        return tuple(
            i for i, token in enumerate(self.vocabulary) if token.decode("utf-8", "ignore").strip(_SPACE) in marks
        )

    def _judged(self, tokens: Sequence[int], shares: list[Tensor]) -> tuple[float, tuple[float, float, float]]:
        """Return the log-probability of the words and an end, and what follows the last word."""
        place = len(tokens)
        while place and tokens[place - 1] in self._marks:
            place -= 1
        words = sum(_log(float(share[token])) for share, token in zip(shares, tokens[:place], strict=False))
        if not place or place >= len(shares):
            return words, (0.0, 0.0, 0.0)
        share = shares[place]
        after = float(share[list(self._stops)].sum()), float(share[list(self._commas)].sum()), float(share[_EOS])
        return words + _log(sum(after)), after


def _log(probability: float) -> float:
    return math.log(max(1e-9, probability))


def _softmax(row: Tensor) -> Tensor:
    powers = np.exp(row - row.max())
    return np.asarray(powers / powers.sum(), np.float32)
