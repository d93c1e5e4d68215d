"""Sentences said by espeak-ng, for benchmarks of hearing. Not a benchmark itself."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray


@cache
def _library() -> tuple[Any, int]:
    import espeakng_loader

    library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
    return library, library.espeak_Initialize(2, 200, str(espeakng_loader.get_data_path()).encode(), 0)


def espeak(text: str, voice: str) -> NDArray[np.int16]:
    """Return the text said by espeak-ng at 16 kHz, with a third of a second of faint noise around it.

    Raises:
        SystemExit: espeak-ng has no such voice.
    """
    library, rate = _library()
    pieces: list[NDArray[np.int16]] = []
    callback_type = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    def collect(samples: Any, count: int, _events: Any) -> int:
        if count > 0:
            pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    callback = callback_type(collect)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise SystemExit(f"espeak-ng has no voice {voice!r}")
    encoded = text.encode()
    library.espeak_Synth(encoded, len(encoded) + 1, 0, 0, 0, 1, None, None)
    library.espeak_Synchronize()
    said = soxr.resample(np.concatenate(pieces).astype(np.float32), rate, 16_000)
    padded = np.concatenate((np.zeros(4_800), said, np.zeros(4_800)))
    padded += np.random.default_rng(0).normal(0, 10, len(padded))
    return np.clip(0.9 * padded, -32_768, 32_767).astype(np.int16)
