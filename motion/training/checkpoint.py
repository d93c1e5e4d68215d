"""Checkpoints without pickles: tensors in safetensors, the rest in JSON.

    FOLDER/shape.json  scale.npz                       what the network is, mean and deviation of tokens
    FOLDER/progress-STAGE.json                         how far a stage came
    FOLDER/base.safetensors  control.safetensors       weights (averaged over training) that are exported
    FOLDER/resume-STAGE.safetensors                    weights as trained and the optimiser's moments

Each file is written beside its final name and moved there, so a kill leaves the last good one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Float32 = NDArray[np.float32]


def save_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write tensors by name."""
    from safetensors.torch import save_file

    part = path.with_name(path.name + ".part")
    save_file({name: value.detach().contiguous().clone() for name, value in tensors.items()}, part)
    os.replace(part, path)


def load_tensors(path: Path) -> dict[str, Tensor]:
    """Read tensors by name.

    Raises:
        ValueError: the file is missing or broken.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return dict(load_file(path))
    except (OSError, SafetensorError) as error:
        raise ValueError(f"{path} is no checkpoint ({error}); train again, or give another folder") from error


def load_weights(module: nn.Module, path: Path) -> None:
    """Fill a module.

    Raises:
        ValueError: the file is missing, broken or of another shape.
    """
    try:
        module.load_state_dict(load_tensors(path))
    except RuntimeError as error:
        raise ValueError(f"{path} does not fit this network ({str(error).splitlines()[0]})") from error


def moments(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimiser's state as named tensors."""
    state = optimiser.state_dict()["state"]
    return {
        f"optimiser.{row}.{name}": torch.as_tensor(value)
        for row, values in state.items()
        for name, value in values.items()
    }


def restore_moments(optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put back what `moments` gave."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimiser."):
            _, row, name = key.split(".", 2)
            state.setdefault(int(row), {})[name] = value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})


def save_scale(path: Path, mean: Float32, deviation: Float32) -> None:
    """Write mean and deviation of tokens."""
    part = path.with_name(path.name + ".part.npz")
    np.savez(part, mean=mean, deviation=deviation)
    os.replace(part, path)


def load_scale(path: Path) -> tuple[Float32, Float32]:
    """Read mean and deviation of tokens [99].

    Raises:
        ValueError: the file is missing or broken.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return arrays["mean"].astype(np.float32), arrays["deviation"].astype(np.float32)
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(f"{path} holds no token scale ({error}); train again, or give another folder") from error


def save_progress(path: Path, progress: Mapping[str, Any]) -> None:
    """Write step and settings as JSON."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(dict(progress), indent=1), encoding="utf-8")
    os.replace(part, path)


def load_progress(path: Path) -> dict[str, Any]:
    """Read step and settings; empty where there are none."""
    if not path.is_file():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} is broken ({error}); remove it to begin again") from error
