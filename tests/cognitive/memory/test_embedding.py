"""Embeddings for real: an ONNX model that the test builds, and a server that the test runs."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import tokenizers
from onnx import TensorProto, helper, numpy_helper

from cognitive.memory import embedding
from cognitive.memory.embedding import EmbeddingFailed, OnnxEmbedder, ServerEmbedder, embedder_of
from runtime.errors import AttuneError
from runtime.memory_settings import EmbeddingServerSettings, LongTermSettings
from runtime.sentence_model import TOKENIZER_BYTES_MAX

WORDS = ["[PAD]", "[UNK]", "dog", "puppy", "train", "railway", "is", "ill"]
MEANING = {"dog": (1, 0, 0), "puppy": (0.9, 0.1, 0), "train": (0, 1, 0), "railway": (0, 0.9, 0.1), "ill": (0, 0, 1)}


def build(folder: Path, *, pooled: bool = False, inputs: tuple[str, ...] = ("input_ids", "attention_mask")) -> Path:
    """Make a model that looks up three numbers per word, with a tokenizer of eight words."""
    table = np.array([MEANING.get(word, (0, 0, 0)) for word in WORDS], dtype=np.float32)
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["tokens"])]
    if pooled:
        nodes.append(helper.make_node("ReduceMax", ["tokens"], ["out"], axes=[1], keepdims=0))
    else:
        nodes.append(helper.make_node("Identity", ["tokens"], ["out"]))
    shape = ["n", 3] if pooled else ["n", "t", 3]
    graph = helper.make_graph(
        nodes, "tiny", [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"]) for name in inputs],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, shape)], [numpy_helper.from_array(table, "table")],
    )  # fmt: skip
    path = folder / "tiny.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({word: k for k, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return path


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize(
    "inputs", [("input_ids", "attention_mask"), ("input_ids", "attention_mask", "token_type_ids"), ("input_ids",)]
)
def test_an_onnx_model_gives_unit_vectors_near_for_like_meaning(tmp_path, pooled, inputs):
    embedder = OnnxEmbedder(build(tmp_path, pooled=pooled, inputs=inputs))
    rows = embedder.embed(["dog", "Puppy", "the train is late", "railway"])
    assert rows.shape == (4, 3) and rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(4), abs=1e-6)
    near = rows @ rows.T
    assert near[0, 1] > 0.9 and near[2, 3] > 0.9 and near[0, 2] < 0.2


def test_padding_changes_nothing(tmp_path):
    embedder = OnnxEmbedder(build(tmp_path))
    alone = embedder.embed(["dog"])
    beside = embedder.embed(["dog", "dog is ill " * 20])
    assert alone[0] == pytest.approx(beside[0], abs=1e-6)


def test_a_very_long_text_is_cut_and_an_empty_one_has_no_direction(tmp_path):
    rows = OnnxEmbedder(build(tmp_path)).embed(["dog " * 5_000, ""])
    assert rows[0, 0] == pytest.approx(1.0) and np.all(rows[1] == 0)


def test_what_is_missing_or_wrong_is_named(tmp_path):
    with pytest.raises(AttuneError, match=r"tiny\.onnx is missing"):
        OnnxEmbedder(tmp_path / "tiny.onnx")
    path = build(tmp_path)
    (tmp_path / "tokenizer.json").unlink()
    with pytest.raises(AttuneError, match=r"tokenizer\.json is missing"):
        OnnxEmbedder(path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(AttuneError, match="cannot be loaded"):
        OnnxEmbedder(path)
    with (tmp_path / "tokenizer.json").open("wb") as file:
        file.truncate(TOKENIZER_BYTES_MAX + 1)
    with pytest.raises(AttuneError, match=r"tokenizer\.json is larger than 64 MiB"):
        OnnxEmbedder(path)
    path = build(tmp_path, inputs=("input_ids", "pixel_values"))
    with pytest.raises(AttuneError, match="takes input_ids, pixel_values"):
        OnnxEmbedder(path)


class Server:
    """An embeddings server: `answer` decides what it says."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.answer = self.good
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append(body | {"path": self.path})
                outer.keys.append(self.headers.get("Authorization", ""))
                status, content = outer.answer(body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with contextlib.suppress(OSError):  # the client may have given up
                    self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        self.settings = EmbeddingServerSettings(base_url=f"http://127.0.0.1:{self.http.server_port}/v1/", timeout_s=1.0)

    @staticmethod
    def vector(text: str) -> list[float]:
        return [2.0 * sum(word in text for word in words) + 0.1 for words in (("dog", "puppy"), ("train", "railway"))]

    def good(self, body: dict[str, Any]) -> tuple[int, bytes]:
        rows = [
            {"object": "embedding", "index": k, "embedding": self.vector(text)} for k, text in enumerate(body["input"])
        ]
        return 200, json.dumps({"object": "list", "model": body["model"], "data": rows[::-1], "usage": {}}).encode()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    server = Server()
    yield server
    server.close()


def test_a_server_is_asked_in_its_protocol(server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret-7")
    embedder = embedder_of(LongTermSettings(embedding_server=server.settings))
    rows = embedder.embed(["dog", "train"])
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1]) and rows[0, 0] > 0.9 and rows[1, 1] > 0.9
    assert server.asked == [{"model": "text-embedding-3-small", "input": ["dog", "train"], "path": "/v1/embeddings"}]
    assert server.keys == ["Bearer secret-7"]


@pytest.mark.parametrize(
    ("status", "content", "said"),
    [
        (500, b"{}", "answers 500"), (429, b"slow down", "answers 429"),
        (200, b"<html>", "another form"), (200, b'{"data": []}', "no common length"),
        (200, b'{"data": [{"index": 0, "embedding": [1.0]}]}', "for 2 texts"),
        (200, b'{"data": [{"index": 0, "embedding": ["a"]}]}', "another form"),
        (200, b'{"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]}', "no common length"),
        (200, b" " * (embedding.ANSWER_BYTES_MAX + 10), "too long"),
        (200, b'{"data": [{"index": 0, "embedding": [1e999]}, {"index": 1, "embedding": [1]}]}', "."),
    ],
    ids=["error", "rate limit", "page", "nothing", "too few", "words", "ragged", "oversized", "infinite"],
)  # fmt: skip
def test_whatever_a_server_answers_is_survived_without_content_in_the_error(server, status, content, said):
    server.answer = lambda _body: (status, content)
    with pytest.raises(EmbeddingFailed, match=said) as failure:
        ServerEmbedder(server.settings).embed(["dog", "train"])
    assert "dog" not in str(failure.value)


def test_a_server_that_hangs_is_given_up(server):
    release = threading.Event()
    server.answer = lambda _body: (release.wait(20), (200, b"{}"))[1]
    settings = EmbeddingServerSettings(base_url=server.settings.base_url, timeout_s=0.05)
    with pytest.raises(EmbeddingFailed, match="cannot be asked"):
        ServerEmbedder(settings).embed(["dog"])
    release.set()


def test_no_server_at_the_address_is_a_failure_not_a_crash(server):
    server.http.server_close()
    with pytest.raises(EmbeddingFailed, match="cannot be asked"):
        ServerEmbedder(server.settings).embed(["dog"])


def test_a_key_leaves_over_https_or_to_this_machine_only(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret-7")
    with pytest.raises(AttuneError, match="Use https") as failure:
        ServerEmbedder(EmbeddingServerSettings(base_url="http://192.0.2.1/v1"))
    assert "secret-7" not in str(failure.value)
    ServerEmbedder(EmbeddingServerSettings(base_url="https://192.0.2.1/v1"))


def test_an_address_that_is_none_is_refused_by_the_settings():
    with pytest.raises(ValueError, match="base_url"):
        EmbeddingServerSettings(base_url="ftp://x")


def test_without_a_model_there_is_none():
    assert embedder_of(LongTermSettings()) is None
