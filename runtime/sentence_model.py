"""A sentence embedding model of the user's own: an ONNX file and Hugging Face's `tokenizer.json`; texts in, unit vectors out.

The model takes token ids and an attention mask (and, if it wants them, token types, which are 0) and gives states of the tokens
[n, t, d], averaged here over each text, or vectors [n, d]. ONNX Runtime (one CPU thread) and `tokenizers` are imported when a model is
opened; nothing is ever downloaded, and files over a limit are refused. Blocking; a model may be shared between threads. What is wrong
with the files is an `AttuneError`; texts that cannot be embedded are a `ValueError` whose message holds none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from runtime.errors import AttuneError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Float32 = NDArray[np.float32]
    Int64 = NDArray[np.int64]
    Tokenise = Callable[[Sequence[str]], tuple[Int64, Int64]]
    """Token ids [n, t] and attention mask [n, t] of texts."""

MODEL_BYTES_MAX: Final = 1 << 31
TOKENIZER_BYTES_MAX: Final = 64 << 20
DIMENSIONS_MAX: Final = 8_192
_INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")
_INSTALL: Final = "Install it: pip install 'attune[memory]'"


class SentenceModel:
    """One model that has been opened."""

    def __init__(self, path: Path, where: str, *, tokens_max: int, tokenise: Tokenise | None = None) -> None:
        """Open the model.

        Args:
            path: the .onnx file, with its `tokenizer.json` beside it.
            where: what names the model; begins every error.
            tokens_max: longer texts are cut to so many tokens.
            tokenise: in the place of `tokenizer.json`.

        Raises:
            AttuneError: a library or a file is missing, or a file is too large or of another form.
        """
        _check(path, MODEL_BYTES_MAX, where)
        try:
            import onnxruntime
        except ImportError as error:
            raise AttuneError(f"{where} needs the library {error.name}", _INSTALL) from None
        try:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library raises types of its own
            raise AttuneError(f"{where}: {path.name} cannot be loaded ({str(error)[:200]})") from None
        self._tokenise = tokenise or _tokenizer(path.with_name("tokenizer.json"), tokens_max, where)
        self._inputs = [item.name for item in self._session.get_inputs()]
        if "input_ids" not in self._inputs or set(self._inputs) - set(_INPUTS):
            raise AttuneError(
                f"{where}: {path.name} takes {', '.join(self._inputs)}",
                "A sentence embedding model takes input_ids, attention_mask and perhaps token_type_ids.",
            )

    def vectors(self, texts: Sequence[str]) -> Float32:
        """Return unit vectors, float32 [n, d]; a text without tokens has the vector 0.

        Raises:
            ValueError: the model failed, or gave something else; the message holds no text.
        """
        import numpy as np

        try:
            ids, mask = self._tokenise(texts)
            feed: dict[str, Any] = dict(zip(_INPUTS, (ids, mask, np.zeros_like(ids)), strict=True))
            out = np.asarray(self._session.run(None, {name: feed[name] for name in self._inputs})[0], dtype=np.float32)
        except Exception as error:  # both libraries raise types of their own
            raise ValueError(f"the embedding model failed ({type(error).__name__})") from None
        if out.ndim == 3 and out.shape[:2] == mask.shape:
            weights = mask[:, :, None].astype(np.float32)
            out = (out * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0)
        return unit_rows(out, len(texts))


def _tokenizer(path: Path, tokens_max: int, where: str) -> Tokenise:
    """Read a `tokenizer.json`; texts of one call are padded to the longest."""
    _check(path, TOKENIZER_BYTES_MAX, where)
    try:
        import tokenizers
    except ImportError as error:
        raise AttuneError(f"{where} needs the library {error.name}", _INSTALL) from None
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise AttuneError(f"{where}: {path.name} cannot be loaded ({str(error)[:200]})") from None
    tokenizer.enable_truncation(tokens_max)
    tokenizer.enable_padding()

    def tokenise(texts: Sequence[str]) -> tuple[Int64, Int64]:
        import numpy as np

        found = tokenizer.encode_batch(list(texts))
        ids = np.array([item.ids for item in found], dtype=np.int64).reshape(len(texts), -1)
        return ids, np.array([item.attention_mask for item in found], dtype=np.int64).reshape(ids.shape)

    return tokenise


def unit_rows(rows: Float32, count: int) -> Float32:
    """Return rows [count, d] of length 1; a row of zeros stays one.

    Raises:
        ValueError: another shape, or numbers that are not finite.
    """
    import numpy as np

    if rows.ndim != 2 or len(rows) != count or not 0 < rows.shape[1] <= DIMENSIONS_MAX or not np.isfinite(rows).all():
        raise ValueError(f"vectors of shape {rows.shape} for {count} texts")
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)


def _check(path: Path, bytes_max: int, where: str) -> None:
    if not path.is_file():
        raise AttuneError(f"{where}: {path} is missing", "Name an .onnx file with its tokenizer.json beside it.")
    if path.stat().st_size > bytes_max:
        raise AttuneError(f"{where}: {path} is larger than {bytes_max >> 20} MiB", "Take a smaller model.")
