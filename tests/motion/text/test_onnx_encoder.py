"""A sentence encoder by local path: on a tiny model made here, whose vectors are rows of a table by token."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from motion.text.encoder import TextEncoder
from motion.text.features import words
from motion.text.matcher import match
from motion.text.onnx_encoder import OnnxEncoder, read_paraphrases
from runtime.errors import AttuneError

onnx = pytest.importorskip("onnx", reason="onnx is not installed: pip install 'attune[train]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed: pip install 'attune[agent]'")

VOCABULARY = ("", "wave", "waving", "clap", "applause", "stop", "weather", "hand")
MEANINGS = np.eye(8, dtype=np.float32)[[0, 1, 1, 2, 2, 3, 4, 5]] + 0.0
"""Words that mean the same have the same vector."""
TEXTS = {"wave": ["wave hand"], "applaud": ["clap"], "": ["weather"]}


def tokenise(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    rows = [[VOCABULARY.index(word) if word in VOCABULARY else 0 for word in words(text)] or [0] for text in texts]
    width = max(map(len, rows))
    ids = np.array([row + [0] * (width - len(row)) for row in rows], dtype=np.int64)
    mask = np.array([[1] * len(row) + [0] * (width - len(row)) for row in rows], dtype=np.int64)
    return ids, mask


def write_model(folder: Path, *, pooled: bool = False, name: str = "input_ids") -> Path:
    helper, kind = onnx.helper, onnx.TensorProto
    nodes = [helper.make_node("Gather", ["table", name], ["states"])]
    shape: list[str | int] = ["n", "t", 8]
    if pooled:
        nodes.append(helper.make_node("ReduceMean", ["states", "axes"], ["vectors"], keepdims=0))
        shape = ["n", 8]
    initialisers = [onnx.numpy_helper.from_array(MEANINGS, "table")]
    if pooled:
        initialisers.append(onnx.numpy_helper.from_array(np.array([1], dtype=np.int64), "axes"))
    graph = helper.make_graph(
        nodes, "tiny",
        [helper.make_tensor_value_info(name, kind.INT64, ["n", "t"])],
        [helper.make_tensor_value_info("vectors" if pooled else "states", kind.FLOAT, shape)],
        initialisers,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    return folder


@pytest.mark.parametrize("pooled", [False, True])
def test_it_takes_the_place_of_the_shipped_encoder(tmp_path: Path, pooled: bool) -> None:
    write_model(tmp_path, pooled=pooled)
    tiny: TextEncoder = OnnxEncoder(tmp_path, tokenise=tokenise, paraphrases=TEXTS)
    assert tiny.name == tmp_path.name
    assert match("applause", tiny).label == "applaud", "a name of the lexicon needs no encoder"
    found = tiny.nearest("waving left hand")
    assert found.label == "wave" and found.side == 1.0 and found.score > 0.8
    assert tiny.encode(["wave", "clap"]).shape == (2, 8)


def test_padding_does_not_change_a_vector(tmp_path: Path) -> None:
    tiny = OnnxEncoder(write_model(tmp_path), tokenise=tokenise, paraphrases=TEXTS)
    alone, beside = tiny.encode(["wave"])[0], tiny.encode(["wave", "clap stop hand"])[0]
    np.testing.assert_allclose(alone, beside, atol=1e-6)


def test_what_is_near_to_nothing_or_far_from_everything_is_refused(tmp_path: Path) -> None:
    tiny = OnnxEncoder(write_model(tmp_path), tokenise=tokenise, paraphrases=TEXTS)
    assert tiny.nearest("weather").label == "" and tiny.nearest("stop").label == "" and tiny.nearest("").label == ""


def test_by_default_it_compares_with_the_shipped_paraphrases() -> None:
    texts = read_paraphrases()
    assert "hand clapping" in texts["applaud"] and "bravo" in texts["applaud"] and len(texts[""]) > 100


def test_a_tokeniser_is_read_from_its_file(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="tokenizers is not installed: pip install tokenizers")
    level = tokenizers.models.WordLevel(
        {word or "[UNK]": row for row, word in enumerate(VOCABULARY)}, unk_token="[UNK]"
    )
    tokeniser = tokenizers.Tokenizer(level)
    tokeniser.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokeniser.save(str(tmp_path / "tokenizer.json"))
    tiny = OnnxEncoder(write_model(tmp_path), paraphrases=TEXTS)
    assert tiny.nearest("applause").label == "applaud"


class TestAFault:
    def test_no_model(self, tmp_path: Path) -> None:
        with pytest.raises(AttuneError, match=r"model\.onnx"):
            OnnxEncoder(tmp_path, tokenise=tokenise, paraphrases=TEXTS)

    def test_a_model_that_takes_something_else(self, tmp_path: Path) -> None:
        with pytest.raises(AttuneError, match="input_ids"):
            OnnxEncoder(write_model(tmp_path, name="pixels"), tokenise=tokenise, paraphrases=TEXTS)

    def test_no_tokeniser(self, tmp_path: Path) -> None:
        pytest.importorskip("tokenizers", reason="tokenizers is not installed: pip install tokenizers")
        with pytest.raises(AttuneError, match=r"tokenizer\.json"):
            OnnxEncoder(write_model(tmp_path), paraphrases=TEXTS)

    def test_tokens_that_the_model_does_not_know(self, tmp_path: Path) -> None:
        with pytest.raises(AttuneError, match="cannot be run"):
            OnnxEncoder(
                write_model(tmp_path), tokenise=lambda texts: (np.full((len(texts), 1), 99), np.ones((len(texts), 1))),
                paraphrases=TEXTS,
            )  # fmt: skip
