"""The shipped network on ONNX Runtime: base and control, one call each.

A folder holds `shape.json`, `scale.npz`, `base.onnx` and `control.onnx` (`attune motion export`). Weights may be stored in half precision;
ONNX Runtime widens them when it opens the file. One session serves any number of agents at once (the batch axis) and may be shared by
threads; each call blocks for some milliseconds. A missing or broken file is a `ValueError` that names it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion.streaming import aims
from motion.streaming.cache import Cache, Sight
from motion.tokens import codec
from motion.tokens import shape as shapes
from motion.tokens.forecast import Forecast
from motion.tokens.layout import TOKEN_SIZE
from motion.tokens.shape import Shape
from runtime.paths import models_dir

Float32 = NDArray[np.float32]
Int64 = NDArray[np.int64]

MAX_BYTES: Final = 512 << 20
SHIPPED: Final = "motion-generator"


@dataclass(frozen=True, slots=True)
class Condition:
    """What tokens are made from: arrays [B, Q, ...] and style [B, 2]; `known` says whether the user's part is."""

    agent: Float32
    user: Float32
    known: Float32
    style: Int64


@dataclass(frozen=True, slots=True)
class Asked:
    """Gestures of tokens.

    Attributes:
        label: row of the label [B, Q].
        course: of it [B, Q, INTENT_SIZE].
        away: where it would bring the body [B, HISTORY + Q, 99], on the body's scale (`motion.streaming.aims`).
        hold: how firmly [B, Q, 99].
        scale: how much of the control to add [B].
    """

    label: Int64
    course: Float32
    away: Float32
    hold: Float32
    scale: Float32


class Model:
    """Base and control, opened."""

    def __init__(
        self,
        folder: str | os.PathLike[str] | None = None,
        providers: Sequence[str] = ("CPUExecutionProvider",),
        threads: int = 1,
    ) -> None:
        """Open a checkpoint.

        Args:
            folder: the shipped one by default.
            providers: of ONNX Runtime, best first.
            threads: that one call may use on a CPU.

        Raises:
            ValueError: a file is missing, broken, or does not fit the others.
        """
        where = Path(folder) if folder is not None else models_dir() / SHIPPED
        if folder is None and not (where / "base.onnx").is_file():
            raise ValueError("no generator is shipped; train one (docs/training.md) and name its folder with --model")
        self.folder = where
        self.shape: Shape = shapes.read(where / "shape.json")
        self.mean, self.deviation, self.forecast = _scale(where / "scale.npz", self.shape.block_tokens)
        self._rest = self.normalise(codec.neutral())
        self._base = _session(where / "base.onnx", providers, threads)
        self._control = _session(where / "control.onnx", providers, threads) if self.shape.labels else None
        self._nothing: dict[tuple[int, int], Float32] = {}

    @property
    def providers(self) -> list[str]:
        """Providers that ONNX Runtime really uses."""
        return list(self._base.get_providers())

    def normalise(self, tokens: NDArray[Any]) -> Float32:
        """Tokens on the network's scale."""
        return np.asarray((tokens - self.mean) / self.deviation, dtype=np.float32)

    def restore(self, tokens: Float32) -> Float32:
        """Tokens on the body's scale."""
        return tokens * self.deviation + self.mean

    def control(
        self,
        tokens: Float32,
        expected: Float32,
        heard: Condition,
        asked: Asked,
        time: float,
        step: float,
        cache: Cache,
        sight: Sight,
    ) -> tuple[Float32, Float32] | None:
        """What the control adds after each block [layers, B, Q, width] and to the velocity [B, Q, 99]; None where nothing is asked for."""
        if self._control is None or not (asked.label.any() and asked.scale.any()):
            return None
        fed = self._feed(tokens, expected, heard, time, step, cache, sight)
        pull = aims.pull(self.forecast, self._rest, asked.away / self.deviation, asked.hold, expected)
        fed |= {"label": asked.label, "course": asked.course, "pull": pull}
        added, push = self._control.run(["added", "push"], fed)
        return added * asked.scale[None, :, None, None], push * asked.scale[:, None, None]

    def base(
        self,
        tokens: Float32,
        expected: Float32,
        heard: Condition,
        time: float,
        step: float,
        cache: Cache,
        sight: Sight,
        added: Float32 | None = None,
    ) -> tuple[Float32, tuple[Float32, Float32, Float32]]:
        """Velocity [B, Q, 99], and keys, values and convolution inputs [layers, B, Q, width] of these tokens."""
        fed = self._feed(tokens, expected, heard, time, step, cache, sight)
        fed["added"] = self._zero(*tokens.shape[:2]) if added is None else added
        velocity, keys, values, inputs = self._base.run(["velocity", "new_keys", "new_values", "new_inputs"], fed)
        return velocity, (keys, values, inputs)

    def _feed(
        self,
        tokens: Float32,
        expected: Float32,
        heard: Condition,
        time: float,
        step: float,
        cache: Cache,
        sight: Sight,
    ) -> dict[str, Any]:
        at = np.full(tokens.shape[:2], time, dtype=np.float32)
        return {
            "tokens": tokens, "expected": expected, "agent": heard.agent, "user": heard.user, "known": heard.known,
            "style": heard.style, "time": at, "step": np.full_like(at, step), "keys": cache.keys,
            "values": cache.values, "tail": cache.tail, "distance": sight.distance, "allowed": cache.allowed(sight),
        }  # fmt: skip

    def _zero(self, rows: int, count: int) -> Float32:
        found = self._nothing.get((rows, count))
        if found is None:
            found = np.zeros((self.shape.layers, rows, count, self.shape.width), dtype=np.float32)
            self._nothing[rows, count] = found
        return found


def _scale(path: Path, block: int) -> tuple[Float32, Float32, Forecast]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            mean, deviation = arrays["mean"].astype(np.float32), arrays["deviation"].astype(np.float32)
            forecast = Forecast(*(arrays[name].astype(np.float32) for name in ("lead", "mix", "spread")))
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(f"{path} holds no token scale ({error}); export the checkpoint again") from error
    if mean.shape != (TOKEN_SIZE,) or deviation.shape != (TOKEN_SIZE,) or not (deviation > 0.0).all():
        raise ValueError(f"{path}: mean and deviation must be {TOKEN_SIZE} numbers, deviations positive")
    if len(forecast.weights) != block:
        raise ValueError(f"{path}: its forecast is for blocks of {len(forecast.weights)} tokens, not {block}")
    return mean, deviation, forecast


def _session(path: Path, providers: Sequence[str], threads: int) -> Any:
    import onnxruntime as ort

    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path} is missing or larger than {MAX_BYTES >> 20} MiB; attune models verify {SHIPPED}")
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A spinning thread would take the core from everything else between two chunks.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(path), options, providers=list(providers))
    except Exception as error:  # ONNX Runtime raises its own kinds, which have no common base but Exception
        raise ValueError(f"{path} cannot be opened ({str(error).splitlines()[0]})") from error
