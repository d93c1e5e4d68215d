"""A small network on ONNX Runtime with one thread: more threads cost a tail of milliseconds at the same median. Blocking; only loads."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

from runtime.errors import AttuneError


def one_thread_session(model: Path, what: str, mend: str, without: str) -> Any:
    """Return an `onnxruntime.InferenceSession` of a file on the CPU.

    Args:
        model: the file.
        what: names it in errors.
        mend: what to do about a file that is missing or broken.
        without: the setting that does without the network.

    Raises:
        AttuneError: onnxruntime is not installed, or the file is missing or no ONNX model.
    """
    if not model.is_file():
        raise AttuneError(f"{what}: {model} is not a file", mend)
    try:
        ort = importlib.import_module("onnxruntime")
    except ImportError as error:
        raise AttuneError("onnxruntime is not installed", f"pip install onnxruntime, or {without}") from error
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(os.fspath(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's exception classes share no public base
        raise AttuneError(f"{what}: {model} is not an ONNX model that onnxruntime can load", mend) from error
