"""A faster-whisper model made on the spot: the real format with tiny random weights, so that it says nonsense but runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

_WIDTH = 32
_WORDS = ["Ġhello", "Ġrobot", "Ġgood", "Ġmorning", "Ġwhat", "Ġis", "Ġyour", "Ġname", ",", ".", "a", "b"]
_SPECIAL = [
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]
_STAMPS = [f"<|{index * 0.02:.2f}|>" for index in range(1501)]


@pytest.fixture(scope="session")
def random_whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("faster_whisper", reason="faster-whisper is not installed: pip install 'attune[asr]'")
    folder = tmp_path_factory.mktemp("random-whisper")
    _write_model(folder)
    _write_tokenizer(folder)
    return folder


def _write_model(folder: Path) -> None:
    from ctranslate2.specs import WhisperSpec

    rng = np.random.default_rng(0)

    def weights(*shape: int) -> Any:
        return (0.3 * rng.standard_normal(shape)).astype(np.float32)

    def norm(spec: Any) -> None:
        spec.gamma, spec.beta = np.ones(_WIDTH, np.float32), np.zeros(_WIDTH, np.float32)

    def linear(spec: Any, outputs: int, inputs: int) -> None:
        spec.weight, spec.bias = weights(outputs, inputs), np.zeros(outputs, np.float32)

    spec = WhisperSpec(1, 2, 1, 2)
    encoder, decoder = spec.encoder, spec.decoder
    for convolution, inputs in ((encoder.conv1, 80), (encoder.conv2, _WIDTH)):
        convolution.weight, convolution.bias = weights(_WIDTH, inputs, 3), np.zeros(_WIDTH, np.float32)
    encoder.position_encodings.encodings = weights(1500, _WIDTH)
    decoder.position_encodings.encodings = weights(448, _WIDTH)
    vocabulary = [*_WORDS, *_SPECIAL, *_STAMPS]
    decoder.embeddings.weight = decoder.projection.weight = weights(len(vocabulary), _WIDTH)
    norm(encoder.layer_norm)
    norm(decoder.layer_norm)
    for layer in (*encoder.layer, *decoder.layer):
        attention = layer.self_attention
        norm(attention.layer_norm)
        linear(attention.linear[0], 3 * _WIDTH, _WIDTH)
        linear(attention.linear[1], _WIDTH, _WIDTH)
        norm(layer.ffn.layer_norm)
        linear(layer.ffn.linear_0, 4 * _WIDTH, _WIDTH)
        linear(layer.ffn.linear_1, _WIDTH, 4 * _WIDTH)
    for layer in decoder.layer:
        norm(layer.attention.layer_norm)
        for part, outputs in zip(layer.attention.linear, (_WIDTH, 2 * _WIDTH, _WIDTH), strict=True):
            linear(part, outputs, _WIDTH)
    spec.register_vocabulary(vocabulary)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [vocabulary.index("<|endoftext|>")]
    spec.config.lang_ids = [vocabulary.index("<|en|>")]
    spec.config.alignment_heads = [[0, 0], [0, 1]]
    spec.validate()
    spec.save(str(folder))


def _write_tokenizer(folder: Path) -> None:
    added = [
        {
            "id": len(_WORDS) + index,
            "content": token,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": token in _SPECIAL,
        }
        for index, token in enumerate([*_SPECIAL, *_STAMPS])
    ]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    model = {"type": "WordLevel", "vocab": {word: index for index, word in enumerate(_WORDS)}, "unk_token": "a"}
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": None,
        "decoder": byte_level,
        "model": model,
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
