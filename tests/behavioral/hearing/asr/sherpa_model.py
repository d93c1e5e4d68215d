"""A streaming transducer in sherpa-onnx's real format, small enough to be written by a test.

Its encoder is one matrix over the mean of a chunk's mel bands: the lower half of the bands means the first word, the upper half the
second one, neither means blank. Its decoder forbids the last word to be said again at once. So it "recognises" noise below
and above about 1.5 kHz, through the unchanged runtime of sherpa-onnx.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WORDS = ("HELLO", "ROBOT")
_BANDS = 80
_CHUNK_FRAMES, _STEP_FRAMES = 5, 4
_STATE = 8


def write_model(folder: Path) -> None:
    """Write `encoder.onnx`, `decoder.onnx`, `joiner.onnx` and `tokens.txt`."""
    import onnx

    node, kind = onnx.helper.make_node, onnx.TensorProto
    vocabulary = 2 + len(WORDS)  # blank, unknown, the words
    weights = np.zeros((_BANDS, vocabulary), np.float32)
    half = _BANDS // 2
    weights[:half, 2] = weights[half:, 3] = 1 / half
    weights[half:, 2] = weights[:half, 3] = -1 / half
    said: NDArray[np.float32] = -50 * np.eye(vocabulary, dtype=np.float32)
    said[0] = 0  # after blank everything may follow
    state = [1, "N", _STATE]
    _save(
        folder / "encoder.onnx",
        [
            node("ReduceMean", ["x"], ["mean"], axes=[1], keepdims=1),
            node("MatMul", ["mean", "weights"], ["weighted"]),
            node("Add", ["weighted", "bias"], ["encoder_out"]),
            node("Identity", ["h"], ["next_h"]),
            node("Identity", ["c"], ["next_c"]),
        ],
        {"x": (kind.FLOAT, ["N", _CHUNK_FRAMES, _BANDS]), "h": (kind.FLOAT, state), "c": (kind.FLOAT, state)},
        {
            "encoder_out": (kind.FLOAT, ["N", 1, vocabulary]),
            "next_h": (kind.FLOAT, state),
            "next_c": (kind.FLOAT, state),
        },
        {"weights": weights, "bias": np.array([4, -50, 0, 0], np.float32)},
        {
            "model_type": "lstm",
            "num_encoder_layers": 1,
            "T": _CHUNK_FRAMES,
            "decode_chunk_len": _STEP_FRAMES,
            "rnn_hidden_size": _STATE,
            "d_model": _STATE,
        },
    )
    _save(
        folder / "decoder.onnx",
        [node("Gather", ["y", "newest"], ["last"], axis=1), node("Gather", ["said", "last"], ["decoder_out"], axis=0)],
        {"y": (kind.INT64, ["N", 2])},
        {"decoder_out": (kind.FLOAT, ["N", vocabulary])},
        {"newest": np.array(1, np.int64), "said": said},
        {"context_size": 2, "vocab_size": vocabulary},
    )
    _save(
        folder / "joiner.onnx",
        [node("Add", ["encoder_out", "decoder_out"], ["logit"])],
        {"encoder_out": (kind.FLOAT, ["N", vocabulary]), "decoder_out": (kind.FLOAT, ["N", vocabulary])},
        {"logit": (kind.FLOAT, ["N", vocabulary])},
        {},
        {"joiner_dim": vocabulary},
    )
    symbols = ["<blk>", "<unk>", *(f"\u2581{word}" for word in WORDS)]
    (folder / "tokens.txt").write_text("".join(f"{symbol} {index}\n" for index, symbol in enumerate(symbols)))


def write_bpe_vocabulary(folder: Path) -> None:
    """Add the file with which sherpa-onnx takes hot words for this model."""
    pieces = [f"\u2581{word}" for word in WORDS]
    (folder / "bpe.vocab").write_text("".join(f"{piece}\t{-index - 1}\n" for index, piece in enumerate(pieces)))


def sound(score: str, seconds_each: float = 0.5) -> bytes:
    """Return int16 audio at 16 kHz: `l` low noise, `h` high noise, `b` both, `_` silence; silence around it."""
    rng = np.random.default_rng(0)
    length = round(16_000 * seconds_each)
    limits = {"l": (100, 1_100), "h": (2_500, 7_500), "b": (100, 7_500)}
    pieces = [np.zeros(length)]
    for letter in score:
        spectrum = np.fft.rfft(rng.normal(0, 1, length))
        frequencies = np.fft.rfftfreq(length, 1 / 16_000)
        low, high = limits.get(letter, (0, 0))
        spectrum[(frequencies < low) | (frequencies > high)] = 0
        noise = np.fft.irfft(spectrum, length)
        pieces.append(np.zeros(length) if letter == "_" else 6_000 * noise / np.abs(noise).max())
    pieces.append(np.zeros(length))
    return np.concatenate(pieces).astype("<i2").tobytes()


def _save(
    path: Path,
    nodes: list[Any],
    inputs: dict[str, tuple[int, list[Any]]],
    outputs: dict[str, tuple[int, list[Any]]],
    constants: dict[str, NDArray[Any]],
    metadata: dict[str, Any],
) -> None:
    import onnx

    def described(values: dict[str, tuple[int, list[Any]]]) -> list[Any]:
        return [onnx.helper.make_tensor_value_info(name, *rest) for name, rest in values.items()]

    weights = [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = onnx.helper.make_graph(nodes, path.stem, described(inputs), described(outputs), weights)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)], ir_version=8)
    onnx.helper.set_model_props(model, {key: str(value) for key, value in metadata.items()})
    onnx.checker.check_model(model)
    onnx.save(model, path)
