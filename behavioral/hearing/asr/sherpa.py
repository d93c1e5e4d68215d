"""True streaming recognition by sherpa-onnx from a model folder on this disk, in a worker process.

A streaming model of sherpa-onnx in one of three forms: a transducer (`encoder*.onnx`, `decoder*.onnx`, `joiner*.onnx`), a
paraformer (encoder and decoder), a zipformer2 CTC model (one other `.onnx`); each with its `tokens.txt`. Where a part is there twice,
the int8 file is taken for encoder and joiner. With a transducer and its `bpe.vocab` the scenario's phrases are hot words. A model
that cannot be loaded is an error at `prepare`; after that the worker is as in `worker_recogniser`.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from behavioral.hearing.asr.worker_recogniser import WorkerRecogniser
from runtime.errors import AttuneError
from runtime.extras import install_line
from runtime.offload import Offload
from runtime.worker import Header, WorkerDied, WorkerRefused

TOKENS = "tokens.txt"
_PARTS = ("encoder", "decoder", "joiner")
_HOTWORDS_MAX = 100
_METADATA_BYTES = 1 << 16
_GET_MODEL = (
    "set hearing.asr_model to the folder of a streaming model of sherpa-onnx, for example "
    "sherpa-onnx-streaming-zipformer-en-20M-2023-02-17"
)


def is_sherpa_folder(folder: str) -> bool:
    """Return whether a folder looks like a model of sherpa-onnx and not like one of faster-whisper."""
    return (Path(folder) / TOKENS).is_file()


def find_model_files(folder: str) -> dict[str, str]:
    """Return the model's files by part: `tokens`, then `encoder`, `decoder`, `joiner` or `model`, and `bpe_vocab` where there is one.

    Raises:
        AttuneError: sherpa-onnx is not installed, the folder is not one, or a file in it is missing.
    """
    if importlib.util.find_spec("sherpa_onnx") is None:
        raise AttuneError(
            "sherpa-onnx is not installed", f"{install_line('asr-stream')}, or set hearing.asr to pocketsphinx"
        )
    if not folder:
        raise AttuneError("hearing.asr_model is empty, and sherpa-onnx needs a model", _GET_MODEL)
    if not os.path.isdir(folder):
        raise AttuneError(f"hearing.asr_model: {folder} is not a folder on this disk", _GET_MODEL)
    path = Path(folder)
    files = {}
    if (path / TOKENS).is_file():
        files["tokens"] = os.fspath(path / TOKENS)
    for part in _PARTS:
        if found := sorted(path.glob(f"{part}*.onnx")):
            files[part] = os.fspath(_preferred(found, int8=part != "decoder"))
    if not any(part in files for part in _PARTS) and (found := sorted(path.glob("*.onnx"))):
        files["model"] = os.fspath(_preferred(found, int8=True))
    missing = [TOKENS] if "tokens" not in files else []
    if "model" not in files:
        parts = _PARTS[:2] if _is_paraformer(files.get("encoder")) else _PARTS
        missing += [f"{part}*.onnx" for part in parts if part not in files]
    if missing:
        raise AttuneError(f"hearing.asr_model: {folder} lacks {', '.join(missing)}", _GET_MODEL)
    if (path / "bpe.vocab").is_file():
        files["bpe_vocab"] = os.fspath(path / "bpe.vocab")
    return files


class SherpaRecogniser(WorkerRecogniser):
    """A streaming sherpa-onnx model behind the recogniser contract."""

    name = "sherpa"

    def __init__(
        self, files: dict[str, str], new_offload: Callable[[str], Offload], phrases: Sequence[str] = ()
    ) -> None:
        """Describe the worker.

        Args:
            files: what `find_model_files` found.
            new_offload: makes the runner of the blocking exchanges with the worker.
            phrases: expected phrases, used as hot words where the model allows it.
        """
        setup: Header = {"files": files, "hotwords": list(phrases[:_HOTWORDS_MAX])}
        super().__init__("behavioral.hearing.asr.sherpa_worker", (), setup, new_offload)
        self.biased = False
        """After `prepare`: whether the expected phrases are hot words of this model."""

    async def prepare(self) -> None:
        """Load the model.

        Raises:
            AttuneError: sherpa-onnx cannot load it.
        """
        try:
            self.biased = bool((await self._load()).get("biased"))
        except (WorkerDied, WorkerRefused) as error:
            raise AttuneError(f"hearing.asr_model cannot be loaded: {error}", _GET_MODEL) from error


def open_sherpa(folder: str, new_offload: Callable[[str], Offload], phrases: Sequence[str] = ()) -> SherpaRecogniser:
    """Return a recogniser over the model folder; AttuneError where the folder is not usable."""
    return SherpaRecogniser(find_model_files(folder), new_offload, phrases)


def _is_paraformer(encoder: str | None) -> bool:
    """Return whether an encoder belongs to a paraformer, which has no joiner: by a key of its metadata, which end the file."""
    if encoder is None:
        return False
    with open(encoder, "rb") as file:
        file.seek(max(0, os.path.getsize(encoder) - _METADATA_BYTES))
        return b"lfr_window_size" in file.read()


def _preferred(found: list[Path], *, int8: bool) -> Path:
    return next((path for path in found if ("int8" in path.name) == int8), found[0])
