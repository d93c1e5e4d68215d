"""Recognition by Moonshine on this machine's CPU, in a worker process: the embedded default for English where its model is installed.

The tiny English model (27 million weights, MIT) comes inside the wheel of `moonshine-voice`; nothing else of that package is used. It
hears open speech (2 to 6 % word errors on read sentences, `benchmarks/bench_asr.py`) and writes punctuation, from which turn-taking
learns whether a sentence is over. Other Moonshine models are taken by folder. Faults of the worker are those of `worker_recogniser`.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from behavioral.hearing.asr.contract import finite
from behavioral.hearing.asr.moonshine_network import GET_MODEL, NAMES, VOCABULARY, model_files
from behavioral.hearing.asr.worker_recogniser import WorkerRecogniser
from behavioral.hearing.units import HypothesisWord
from runtime.errors import AttuneError
from runtime.offload import Offload
from runtime.worker import Header, WorkerDied, WorkerRefused

_PACKAGE = "moonshine_voice"
_PACKAGED = Path("assets", "tiny-en")


def packaged_model() -> Path | None:
    """Return the model's folder in the installed package, None where there is none (versions from 0.1 on hold none)."""
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        folder = Path(place) / _PACKAGED
        if is_moonshine_folder(folder):
            return folder
    return None


def is_moonshine_folder(folder: str | Path) -> bool:
    """Return whether a folder looks like a Moonshine model."""
    return (Path(folder) / VOCABULARY).is_file() and any(Path(folder).glob(f"{NAMES[0]}.*"))


class MoonshineRecogniser(WorkerRecogniser):
    """A Moonshine model behind the recogniser contract."""

    name = "moonshine"

    def __init__(self, folder: Path, new_offload: Callable[[str], Offload], phrases: Sequence[str] = ()) -> None:
        """Describe the worker; it starts with `prepare` or the first utterance.

        Args:
            folder: the model.
            new_offload: makes the runner of the blocking exchanges with the worker.
            phrases: expected phrases: what sounds like one of them is taken for it (`moonshine_bias`).

        Raises:
            AttuneError: the folder holds no model, or onnxruntime is not installed.
        """
        model_files(folder)
        if importlib.util.find_spec("onnxruntime") is None:
            raise AttuneError(
                "onnxruntime is not installed", "pip install onnxruntime, or set hearing.asr to pocketsphinx"
            )
        setup: Header = {"phrases": list(phrases)}
        super().__init__("behavioral.hearing.asr.moonshine_worker", (os.fspath(folder),), setup, new_offload)

    async def prepare(self) -> None:
        """Load the model (a quarter of a second); AttuneError where it cannot be loaded."""
        try:
            await self._load()
        except (WorkerDied, WorkerRefused) as error:
            raise AttuneError(f"hearing.asr_model cannot be loaded: {error}", GET_MODEL) from error

    def _hypothesis(self, reply: Header) -> list[HypothesisWord]:
        words = super()._hypothesis({"words": [row[:4] for row in reply["words"]]})
        if words and (ends := reply["words"][-1][4]) is not None:
            last = words[-1]
            words[-1] = HypothesisWord(last.text, last.start_ns, last.end_ns, last.confidence, finite(ends))
        return words


def open_moonshine(
    folder: str, new_offload: Callable[[str], Offload], phrases: Sequence[str] = ()
) -> MoonshineRecogniser:
    """Return a recogniser over a model folder, or over the packaged model where none is named; AttuneError where there is no model."""
    if folder:
        return MoonshineRecogniser(Path(folder), new_offload, phrases)
    packaged = packaged_model()
    if packaged is None:
        raise AttuneError("no Moonshine model is installed, and hearing.asr_model names none", GET_MODEL)
    return MoonshineRecogniser(packaged, new_offload, phrases)
