"""The shipped networks that judge motion: one bounded ONNX file each, run on one CPU thread, known in reports by its hash.

Blocking; nothing in the file is executed but the graph. ONNX Runtime is imported when a file is read.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any


def read(path: Path, what: str, mend: str, max_bytes: int) -> tuple[Any, str]:
    """Open a network.

    Args:
        path: its file.
        what: names it in errors.
        mend: what to do about a file that is missing or broken.
        max_bytes: a larger file is refused unread.

    Returns:
        The `onnxruntime.InferenceSession` and the file's SHA-256 in hexadecimal.

    Raises:
        ValueError: missing, too large, or no ONNX network; names the file and the mend.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise ValueError(f"{path} is no {what}: it has {size} bytes, at most {max_bytes} are read; {mend}")
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} is no {what} ({error}); {mend}") from error
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's exception classes share no public base
        raise ValueError(f"{path} is no {what} ({str(error)[:200]}); {mend}") from error
    return session, hashlib.sha256(data).hexdigest()
