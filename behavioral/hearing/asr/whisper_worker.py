"""The process that holds a faster-whisper model (`attune: hearing`): decodes windows of audio, keeps no state between them.

Arguments: model folder, language. Requests: `load`; `decode` with `prompt`, `hotwords` and PCM (16 kHz int16 mono). A reply's
`words` are [text, first ms, last ms, probability]. CUDA is used where CTranslate2 finds a device, else the CPU with int8 weights.
Nothing is downloaded: the folder must be on this disk and hold the tokenizer (without it faster-whisper would ask the network).
"""

from __future__ import annotations

import sys
from typing import Any

from runtime.worker import Header, serve_worker


class WhisperDecoder:
    """One loaded model."""

    def __init__(self, folder: str, language: str) -> None:
        """Load nothing yet."""
        self._folder = folder
        self._language = language
        self._model: Any = None

    def handle(self, header: Header, payload: bytes) -> tuple[Header, bytes]:
        """Answer one request."""
        operation = header.get("op")
        if self._model is None:
            self._load()
        if operation == "load":
            return {"device": str(self._model.model.device)}, b""
        if operation == "decode":
            words = self._decode(payload, str(header.get("prompt", "")), str(header.get("hotwords", "")))
            return {"words": words}, b""
        raise ValueError(f"unknown operation {operation!r}")

    def _load(self) -> None:
        import ctranslate2
        from faster_whisper import WhisperModel

        cuda = ctranslate2.get_cuda_device_count() > 0
        try:
            self._model = WhisperModel(
                self._folder,
                device="cuda" if cuda else "cpu",
                compute_type="float16" if cuda else "int8",
                cpu_threads=1,
                local_files_only=True,
            )
        except Exception as error:  # CTranslate2 and tokenizers raise plain RuntimeError and Exception
            raise ValueError(f"{self._folder}: {error}") from error

    def _decode(self, pcm: bytes, prompt: str, hotwords: str) -> list[list[Any]]:
        import numpy as np

        audio = np.frombuffer(pcm, "<i2").astype(np.float32) / 32_768
        segments, _ = self._model.transcribe(
            audio,
            language=self._language,
            beam_size=1,
            temperature=0.0,  # the default falls back to sampling, which would not be reproducible
            condition_on_previous_text=False,
            word_timestamps=True,
            initial_prompt=prompt or None,
            hotwords=hotwords or None,
        )
        return [
            [word.word.strip(), 1000 * float(word.start), 1000 * float(word.end), round(float(word.probability), 4)]
            for segment in segments
            for word in segment.words or ()
            if word.word.strip()
        ]


if __name__ == "__main__":
    serve_worker("hearing", WhisperDecoder(sys.argv[1], sys.argv[2]).handle)
