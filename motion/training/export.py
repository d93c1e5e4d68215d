"""From a training folder to what ships: two ONNX files, shape and scale.

`base.onnx` is one call of `Base.forward`, `control.onnx` one of `Control.forward`, with the cache as inputs; batch and number of tokens are
free. Weights can be stored in half precision: a Cast to single stands behind each, which ONNX Runtime folds when it opens the file, so that
it computes in single precision. In int8 (weights by channel, activations as they come) a CPU computes the products of matrices in integers,
a quarter faster; a GPU has no kernels for that. Checked against torch before anything is written. torch and onnx.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from torch import Tensor, nn

from motion.network.base import Base, Heard
from motion.network.blocks import Past, Sight
from motion.network.control import Control
from motion.tokens import shape as shapes
from motion.tokens.intents import INTENT_SIZE
from motion.tokens.layout import TOKEN_SIZE
from motion.tokens.shape import Shape
from motion.training import checkpoint
from motion.training.onnx_file import forget_origin

Precision = Literal["fp32", "fp16", "int8"]
_OPSET: Final = 18
_SMALL: Final = 1024
"""Arrays of fewer numbers stay in single precision."""
_TOLERANCE: Final = {"fp32": 1e-3, "fp16": 2e-3, "int8": 0.25}
"""RMS of the difference, as a share of the RMS of the numbers; whether motion is as good says `attune motion evaluate`."""


class _BaseCall(nn.Module):
    def __init__(self, base: Base) -> None:
        super().__init__()
        self.base = base

    def forward(
        self, tokens: Tensor, expected: Tensor, agent: Tensor, user: Tensor, known: Tensor, style: Tensor, time: Tensor,
        step: Tensor, keys: Tensor, values: Tensor, tail: Tensor, distance: Tensor, allowed: Tensor, added: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
        pasts = [Past(*rows) for rows in zip(keys, values, tail, strict=True)]
        seen = Sight(distance, allowed[:, None])
        velocity, kept = self.base(tokens, expected, Heard(agent, user, known, style), time, step, pasts, seen, added)
        return velocity, *(torch.stack([getattr(past, name) for past in kept]) for name in Past._fields)


class _ControlCall(nn.Module):
    def __init__(self, control: Control) -> None:
        super().__init__()
        self.control = control

    def forward(
        self, tokens: Tensor, expected: Tensor, agent: Tensor, user: Tensor, known: Tensor, style: Tensor, time: Tensor,
        step: Tensor, keys: Tensor, values: Tensor, tail: Tensor, distance: Tensor, allowed: Tensor, label: Tensor,
        course: Tensor, pull: Tensor,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        pasts = [Past(*rows) for rows in zip(keys, values, tail, strict=True)]
        seen = Sight(distance, allowed[:, None])
        heard = Heard(agent, user, known, style)
        blocks, velocity = self.control(tokens, expected, heard, label, course, pull, time, step, pasts, seen)
        return torch.stack(blocks), velocity


def export(folder: Path, out: Path, *, precision: Precision = "fp16", steps: int = 4) -> list[Path]:
    """Write the files that `motion.streaming.Model` opens.

    Args:
        folder: of training; the control is left out where it was not trained.
        out: made if absent.
        precision: of the stored weights.
        steps: evaluations a chunk that the checkpoint is shipped for.

    Returns:
        The files.

    Raises:
        ValueError: the folder holds no checkpoint, or ONNX Runtime disagrees with torch.
    """
    shape = shapes.read(folder / "shape.json")
    base = Base(shape)
    checkpoint.load_weights(base, folder / "base.safetensors")
    has_control = (folder / "control.safetensors").is_file()
    shape = replace(shape, steps=steps, labels=shape.labels if has_control else ())
    out.mkdir(parents=True, exist_ok=True)
    fed = _example(shape)
    written = [out / "base.onnx"]
    _write(_BaseCall(base).eval(), {**fed, "added": torch.zeros(shape.layers, 2, 5, shape.width)},
           ("velocity", "new_keys", "new_values", "new_inputs"), written[0], precision)  # fmt: skip
    if has_control:
        control = Control(base)
        checkpoint.load_weights(control, folder / "control.safetensors")
        asked = {
            "label": torch.ones(2, 5, dtype=torch.int64),
            "course": torch.ones(2, 5, INTENT_SIZE),
            "pull": torch.randn(2, 5, TOKEN_SIZE, generator=torch.Generator().manual_seed(1)),
        }
        written.append(out / "control.onnx")
        _write(_ControlCall(control).eval(), {**fed, **asked}, ("added", "push"), written[1], precision)
    shapes.write(out / "shape.json", shape)
    mean, deviation = checkpoint.load_scale(folder / "scale.npz")
    forecast = {"lead": base.lead.numpy(), "mix": base.mix.numpy(), "spread": base.spread.numpy()}
    np.savez(out / "scale.npz", mean=mean, deviation=deviation, **forecast)
    return [*written, out / "shape.json", out / "scale.npz"]


def _example(shape: Shape) -> dict[str, Tensor]:
    rows, count, keys = 2, 5, shape.context_tokens
    chance = torch.Generator().manual_seed(0)  # whether an export is refused is no matter of chance
    return {
        "tokens": torch.randn(rows, count, TOKEN_SIZE, generator=chance),
        "expected": torch.randn(rows, count, TOKEN_SIZE, generator=chance),
        "agent": torch.randn(rows, count, shape.agent_size, generator=chance),
        "user": torch.randn(rows, count, shape.user_size, generator=chance),
        "known": torch.ones(rows, count, 1),
        "style": torch.zeros(rows, 2, dtype=torch.int64),
        "time": torch.rand(rows, count, generator=chance),
        "step": torch.rand(rows, count, generator=chance),
        "keys": torch.randn(shape.layers, rows, keys, shape.width, generator=chance),
        "values": torch.randn(shape.layers, rows, keys, shape.width, generator=chance),
        "tail": torch.randn(shape.layers, rows, 2, shape.width, generator=chance),
        "distance": torch.arange(count)[:, None] + keys - torch.arange(keys + count),
        "allowed": torch.ones(rows, count, keys + count, dtype=torch.bool),
    }


def _write(module: nn.Module, fed: dict[str, Tensor], outputs: Sequence[str], path: Path, precision: Precision) -> None:
    import onnx

    rows, count, seen = (torch.export.Dim(name, min=1) for name in ("rows", "count", "seen"))
    axes: dict[str, dict[int, Any]] = {name: {0: rows, 1: count} for name in fed}
    axes |= {name: {1: rows} for name in ("keys", "values", "tail")}
    axes |= {"style": {0: rows}, "distance": {0: count, 1: seen}, "allowed": {0: rows, 1: count, 2: seen}}
    if "added" in fed:
        axes["added"] = {1: rows, 2: count}
    part = path.with_name(path.name + ".part")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module, tuple(fed.values()), input_names=list(fed), output_names=list(outputs),
            dynamic_shapes=tuple(axes[name] for name in fed), opset_version=_OPSET, dynamo=True, verbose=False,
        )  # fmt: skip
    model = program.model_proto
    forget_origin(model)
    if precision == "fp16":
        _halve(model)
    onnx.checker.check_model(model)
    if precision == "int8":
        _quantise(model, part)
    else:
        part.write_bytes(model.SerializeToString(deterministic=True))
    _compare(module, fed, outputs, part, precision)
    os.replace(part, path)


def _halve(model: Any) -> None:
    """Store large weights in half precision, each with a Cast behind it."""
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or int(np.prod(tensor.dims)) < _SMALL:
            continue
        name = tensor.name
        values = numpy_helper.to_array(tensor)
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    for node in reversed(casts):
        graph.node.insert(0, node)


def _quantise(model: Any, out: Path) -> None:
    """Write a model whose products of matrices are integers."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # It advises, on the root logger, a preparation that is of no use here.
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(model, out, weight_type=QuantType.QInt8, per_channel=True)
    finally:
        logging.disable(logging.NOTSET)


def _rms(values: np.ndarray[Any, Any]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def _compare(
    module: nn.Module, fed: dict[str, Tensor], outputs: Sequence[str], path: Path, precision: Precision
) -> None:
    import onnxruntime as ort

    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    with torch.no_grad():
        wanted = module(*fed.values())
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    found = session.run(list(outputs), {name: value.numpy() for name, value in fed.items()})
    for name, ours, theirs in zip(outputs, wanted, found, strict=True):
        apart = _rms(ours.numpy() - theirs) / max(_rms(ours.numpy()), 1e-3)
        if not apart < _TOLERANCE[precision]:
            raise ValueError(f"{path.name}: ONNX Runtime differs from torch by {apart:.2g} in {name}")
