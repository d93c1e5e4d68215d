"""The worker process of a voice that is an ONNX network of the user's: tensors in, sound and durations out.

`python -m behavioral.voice.tts.onnx_worker MODEL`. Request: `{"tensors": [{"name", "dtype", "shape"}...]}` with their
bytes one after the other; only those that the network has are used, in the type that it declares. Reply: `{"durations":
n}` with int16 mono PCM followed by float32 [n] durations per input sign, in whatever unit the network counts (n = 0 for
a network that gives none). Request `{}` only loads the network. What cannot be done is answered with an error; a crash
of the runtime costs one request (`runtime.worker`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.worker import Header, serve_worker

MAX_SAMPLES = 60 * 48_000
_DTYPES = {"int64": np.int64, "int32": np.int32, "float32": np.float32}
_ONNX_TYPES = {"tensor(int64)": np.int64, "tensor(int32)": np.int32, "tensor(float)": np.float32}
PEAK = 0.97
"""Louder sound than full scale is scaled down to this."""


class OnnxVoiceWorker:
    """One network."""

    def __init__(self, path: str) -> None:
        """Remember the file; it is loaded by the first request, so that a bad one is an answer."""
        self._path = Path(path)
        self._session: Any = None
        self._inputs: dict[str, Any] = {}

    def handle(self, header: Header, payload: bytes) -> tuple[Header, bytes]:
        """Answer one request; ValueError names what is wrong."""
        if self._session is None:
            self._load()
        if not header:
            return {"inputs": sorted(self._inputs)}, b""
        feed = self._feed(header, payload)
        try:
            outputs = self._session.run(None, feed)
        except Exception as error:  # onnxruntime's exception classes share no public base
            raise ValueError(f"{self._path.name} cannot speak this: {str(error)[:200]}") from None
        sound = np.asarray(outputs[0], dtype=np.float32).reshape(-1)[:MAX_SAMPLES]
        if not np.isfinite(sound).all():
            raise ValueError(f"{self._path.name} made numbers that are no sound")
        peak = float(np.abs(sound).max()) if len(sound) else 0.0
        scale = 32_767.0 * (PEAK / peak if peak > PEAK else 1.0)
        pcm = np.rint(sound * scale).astype("<i2")
        durations = np.zeros(0, dtype="<f4")
        if len(outputs) > 1:
            durations = np.asarray(outputs[1], dtype="<f4").reshape(-1)
        return {"durations": len(durations)}, pcm.tobytes() + durations.tobytes()

    def _load(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, min(4, (os.cpu_count() or 1) - 1))  # one core is the fast loop's
        try:
            session = onnxruntime.InferenceSession(str(self._path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # as above
            raise ValueError(f"{self._path} is no ONNX network that can be loaded: {str(error)[:120]}") from None
        self._inputs = {one.name: _ONNX_TYPES.get(one.type, np.float32) for one in session.get_inputs()}
        self._session = session

    def _feed(self, header: Header, payload: bytes) -> dict[str, NDArray[Any]]:
        feed: dict[str, NDArray[Any]] = {}
        at = 0
        try:
            for tensor in header["tensors"]:
                dtype = _DTYPES[tensor["dtype"]]
                shape = [int(size) for size in tensor["shape"]]
                count = int(np.prod(shape))
                array = np.frombuffer(payload, dtype=dtype, count=count, offset=at).reshape(shape)
                at += array.nbytes
                if tensor["name"] in self._inputs:
                    feed[tensor["name"]] = array.astype(self._inputs[tensor["name"]])
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a request of this worker: {error}") from None
        if absent := sorted(set(self._inputs) - set(feed)):
            raise ValueError(f"{self._path.name} wants inputs that this kind of voice has not: {', '.join(absent)}")
        return feed


if __name__ == "__main__":
    serve_worker("voice model", OnnxVoiceWorker(sys.argv[1]).handle)
