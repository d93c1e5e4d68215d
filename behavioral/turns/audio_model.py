"""Whether the sound of the last seconds is the end of a turn: an audio model behind one small contract.

`SmartTurn` runs the shipped Smart Turn v3.2 (a Whisper encoder with a head, BSD-2-Clause, Daily), or a file of the same form that a
profile names, on ONNX Runtime with one thread: about 50 ms a question, in an `Offload`, never on the event loop. A model that cannot
be loaded is one error that says what mends it; one that fails later gives no opinion, which the other cues make up for.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from behavioral.onnx_session import one_thread_session
from behavioral.turns.log_mel import BANDS, RATE_HZ, log_mel
from runtime.errors import AttuneError
from runtime.offload import Offload
from runtime.paths import models_dir

WINDOW_S = 8.0
"""What the model hears: the newest seconds, after silence where there is less."""
_SAMPLES = round(WINDOW_S * RATE_HZ)
_MEND = "set turns.audio_model to auto, none, or the path of a Smart Turn v3 ONNX file"


class EndOfTurnModel(Protocol):
    """Judges the sound before a pause."""

    name: str

    async def probability(self, samples: NDArray[np.float32]) -> float | None:
        """Return the probability, 0 to 1, that the turn is over; None where the model failed.

        Args:
            samples: float32 [n], 16 kHz mono, the newest sound up to now with the pause's first tenths of a second.
        """
        ...

    async def aclose(self) -> None:
        """Free what it holds; harmless twice."""
        ...


class SmartTurn:
    """Smart Turn v3 on the CPU."""

    def __init__(self, model: Path, offload: Offload) -> None:
        """Load the model, blocking.

        Args:
            model: the ONNX file.
            offload: where questions are answered; the model closes it.

        Raises:
            AttuneError: onnxruntime is not installed, or the file is missing or another model.
        """
        self.name = model.stem
        self._offload = offload
        self._session: Any = one_thread_session(model, "turns.audio_model", _MEND, "set turns.audio_model to none")
        inputs = [(item.name, item.shape[1:]) for item in self._session.get_inputs()]
        if inputs != [("input_features", [BANDS, round(100 * WINDOW_S)])]:
            raise AttuneError(f"turns.audio_model: {model} takes {inputs}, which is not Smart Turn v3's input", _MEND)

    async def probability(self, samples: NDArray[np.float32]) -> float | None:
        """Return the probability that the turn is over; about 50 ms, in the offload."""
        return await self._offload.run(self.judge, samples)

    def judge(self, samples: NDArray[np.float32]) -> float | None:
        """Do what `probability` does, blocking."""
        window = np.zeros(_SAMPLES, np.float32)
        newest = samples[-_SAMPLES:]
        window[_SAMPLES - len(newest) :] = newest
        window -= window.mean()
        window /= np.sqrt(window.var() + np.float32(1e-7))
        try:
            (output, *_rest) = self._session.run(None, {"input_features": log_mel(window)[None]})
        except Exception:  # as above; a file of the right input may still be broken inside
            return None
        value = float(np.ravel(output)[0])
        return value if 0.0 <= value <= 1.0 else None

    async def aclose(self) -> None:
        """Close the offload."""
        self._offload.close()


def smart_turn_file() -> Path:
    """Return the shipped model's file."""
    return models_dir() / "smart-turn" / "smart_turn_v3_2.onnx"


def open_audio_model(setting: str, offload: Offload) -> EndOfTurnModel | None:
    """Return the model of a profile's `turns.audio_model`, or None where there is none.

    `auto` is the shipped file where onnxruntime is installed; it was trained on English and 22 other languages.

    Raises:
        AttuneError: what was named cannot be used.
    """
    if setting == "none":
        return None
    if setting != "auto":
        return SmartTurn(Path(setting).expanduser(), offload)
    if not smart_turn_file().is_file() or importlib.util.find_spec("onnxruntime") is None:
        return None
    return SmartTurn(smart_turn_file(), offload)
