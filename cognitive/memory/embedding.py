"""Texts as vectors: by a sentence embedding model of the user's own, or a server with OpenAI's embeddings protocol; or not at all.

Both give unit vectors (float32), so that their dot product is the cosine. The ONNX model is a file by path with Hugging Face's
`tokenizer.json` beside it (extra `memory`); token vectors are averaged over the text, a model that gives one vector a text is taken at
its word. The server is asked with timeout and size limit; its key leaves over https or to loopback only. Nothing is ever downloaded.
Blocking: call `embed` in an offload thread. A text that cannot be embedded raises `EmbeddingFailed`; words find it still.
"""

from __future__ import annotations

import http.client
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import msgspec

from runtime.addresses import is_loopback
from runtime.errors import AttuneError
from runtime.memory_settings import EmbeddingServerSettings, LongTermSettings
from runtime.sentence_model import SentenceModel, unit_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOKENS_MAX = 256
BATCH_MAX = 16
"""Most texts of one call."""
TEXT_CHARS = 2_000
ANSWER_BYTES_MAX = 4 << 20


class EmbeddingFailed(Exception):
    """Texts could not be embedded now; the message holds no content."""


class Embedder(Protocol):
    """Makes unit vectors; `model` tells whose, as vectors of different models cannot be compared."""

    model: str

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row per text (at most `BATCH_MAX`), shape (n, d), float32; raises EmbeddingFailed."""
        ...


class _Answer(msgspec.Struct):
    index: int
    embedding: list[float]


class _Answers(msgspec.Struct):
    data: list[_Answer]


def embedder_of(settings: LongTermSettings) -> Embedder | None:
    """Return what the profile names: the model file before the server, None where neither is named.

    Raises:
        AttuneError: the model or a library that it needs is missing or unusable.
    """
    if settings.embedding_model:
        return OnnxEmbedder(Path(settings.embedding_model).expanduser())
    if settings.embedding_server.base_url:
        return ServerEmbedder(settings.embedding_server)
    return None


class OnnxEmbedder:
    """A sentence embedding model on ONNX Runtime, one CPU thread."""

    def __init__(self, path: Path) -> None:
        """Load model and tokenizer.

        Raises:
            AttuneError: a file or library is missing, or the model is of another form.
        """
        where = "profile: cognitive.long_term.embedding_model"
        self._model = SentenceModel(path, where, tokens_max=TOKENS_MAX)
        self.model = f"onnx:{path.stem}:{path.stat().st_size}"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row per text."""
        try:
            return self._model.vectors([text[:TEXT_CHARS] for text in texts[:BATCH_MAX]])
        except ValueError as error:
            raise EmbeddingFailed(str(error)) from None


class ServerEmbedder:
    """`POST {base_url}/embeddings`."""

    def __init__(self, settings: EmbeddingServerSettings) -> None:
        """Read the address; connects with the first text.

        Raises:
            AttuneError: a key would leave unprotected.
        """
        address = urlsplit(settings.base_url)
        self._settings = settings
        self._host, self._port = address.hostname or "", address.port
        self._secure = address.scheme == "https"
        self._path = f"{address.path.rstrip('/')}/embeddings"
        self._key = os.environ.get(settings.api_key_env, "") if settings.api_key_env else ""
        if self._key and not self._secure and not is_loopback(self._host):
            raise AttuneError(
                "profile: cognitive.long_term.embedding_server.base_url is http and not on this machine",
                f"Use https, or unset the environment variable {settings.api_key_env}.",
            )
        self.model = f"server:{self._host}:{settings.model}"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row per text."""
        import numpy as np

        wanted = [text[:TEXT_CHARS] for text in texts[:BATCH_MAX]]
        try:
            answer = msgspec.json.decode(self._post({"model": self._settings.model, "input": wanted}), type=_Answers)
        except (OSError, http.client.HTTPException) as error:
            raise EmbeddingFailed(f"the embedding server cannot be asked ({type(error).__name__})") from None
        except msgspec.MsgspecError:
            raise EmbeddingFailed("the embedding server's answer is of another form") from None
        rows = [item.embedding for item in sorted(answer.data, key=lambda item: item.index)]
        if len({len(row) for row in rows}) != 1:
            raise EmbeddingFailed("the embedding server's vectors have no common length")
        try:
            return unit_rows(np.array(rows, dtype=np.float32), len(wanted))
        except ValueError as error:
            raise EmbeddingFailed(str(error)) from None

    def _post(self, body: dict[str, Any]) -> bytes:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=self._settings.timeout_s)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self._key}"} if self._key else {})
        try:
            connection.request("POST", self._path, msgspec.json.encode(body), headers)
            response = connection.getresponse()
            content = response.read(ANSWER_BYTES_MAX + 1)
            if response.status != 200:
                raise EmbeddingFailed(f"the embedding server answers {response.status}")
            if len(content) > ANSWER_BYTES_MAX:
                raise EmbeddingFailed("the embedding server's answer is too long")
            return content
        finally:
            connection.close()
