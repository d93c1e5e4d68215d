"""Recognition by faster-whisper from a model folder on this disk, in a worker process."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from behavioral.hearing.asr.agreement import AgreementRecogniser
from runtime.errors import AttuneError
from runtime.offload import Offload
from runtime.worker import Header, WorkerDied, WorkerProcess, WorkerRefused

_NEEDED = ("model.bin", "config.json", "tokenizer.json")
_VOCABULARY = ("vocabulary.json", "vocabulary.txt")
_TIMEOUT_S = 30.0
_HOTWORDS_CHARS = 400
_GET_MODEL = "set hearing.asr_model to a folder with a CTranslate2 Whisper model, for example a copy of Systran/faster-whisper-base.en"


def check_model_folder(folder: str) -> Path:
    """Return the folder if it can hold a faster-whisper model.

    Raises:
        AttuneError: faster-whisper is not installed, the folder is not one, or a file in it is missing.
    """
    if importlib.util.find_spec("faster_whisper") is None:
        raise AttuneError(
            "faster-whisper is not installed", "pip install faster-whisper, or set hearing.asr to pocketsphinx"
        )
    if not folder:
        raise AttuneError("hearing.asr_model is empty, and faster-whisper needs a model", _GET_MODEL)
    if not os.path.isdir(folder):
        raise AttuneError(f"hearing.asr_model: {folder} is not a folder on this disk", _GET_MODEL)
    path = Path(folder)
    missing = [name for name in _NEEDED if not (path / name).is_file()]
    if not any((path / name).is_file() for name in _VOCABULARY):
        missing.append(" or ".join(_VOCABULARY))
    if missing:
        raise AttuneError(f"hearing.asr_model: {folder} lacks {', '.join(missing)}", _GET_MODEL)
    return path


class WhisperWindows:
    """The worker as a window decoder."""

    name = "faster-whisper"

    def __init__(
        self, folder: Path, language: str, new_offload: Callable[[str], Offload], phrases: Sequence[str] = ()
    ) -> None:
        """Describe the worker; it starts with `prepare` or the first window.

        Args:
            folder: a checked model folder.
            language: code such as `en`.
            new_offload: makes the runner of the blocking exchanges.
            phrases: expected phrases; given to the model as hot words, as far as they fit.
        """
        argv = [sys.executable, "-m", "behavioral.hearing.asr.whisper_worker", os.fspath(folder), language]
        self.worker = WorkerProcess("speech recogniser", argv, new_offload("hearing"), timeout_s=_TIMEOUT_S)
        self._hotwords = ", ".join(phrases)[:_HOTWORDS_CHARS]

    async def prepare(self) -> None:
        """Load the model; AttuneError where it cannot be loaded."""
        try:
            await self.worker.request({"op": "load"})
        except (WorkerDied, WorkerRefused) as error:
            raise AttuneError(f"hearing.asr_model cannot be loaded: {error}", _GET_MODEL) from error

    async def decode(self, pcm: bytes, prompt: str) -> list[tuple[str, float, float, float]]:
        """Decode one window."""
        header: Header = {"op": "decode", "prompt": prompt, "hotwords": self._hotwords}
        reply, _ = await self.worker.request(header, pcm)
        return [
            (str(text), float(first), float(last), float(probability))
            for text, first, last, probability in reply["words"]
        ]

    async def aclose(self) -> None:
        """End the worker."""
        await self.worker.aclose()


def open_whisper(
    folder: str, language: str, new_offload: Callable[[str], Offload], phrases: Sequence[str] = ()
) -> AgreementRecogniser:
    """Return a streaming recogniser over the model folder; AttuneError where the folder is not usable."""
    return AgreementRecogniser(WhisperWindows(check_model_folder(folder), language, new_offload, phrases))
