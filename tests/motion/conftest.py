"""A small network with weights of chance, exported: what the running generator does does not depend on what it has learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from motion.streaming.model import Model
from tests.motion.training.small import SHAPE


@pytest.fixture(scope="session")
def small_training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0 'attune[train]'")
    import numpy as np

    from motion.network.base import Base
    from motion.network.control import Control
    from motion.tokens import codec, shape
    from motion.training import checkpoint

    folder = tmp_path_factory.mktemp("training")
    torch.manual_seed(5)
    base = Base(SHAPE)
    control = Control(base)
    for module in (base, control):
        for weight in module.parameters():
            torch.nn.init.normal_(weight, std=0.1)
    checkpoint.save_tensors(folder / "base.safetensors", base.state_dict())
    checkpoint.save_tensors(folder / "control.safetensors", control.state_dict())
    checkpoint.save_scale(folder / "scale.npz", codec.neutral(), np.full(99, 0.05, np.float32))
    shape.write(folder / "shape.json", SHAPE)
    return folder


@pytest.fixture(scope="session")
def small_export(small_training: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from motion.training.export import export

    out = tmp_path_factory.mktemp("exported")
    export(small_training, out, precision="fp32", steps=2)
    return out


@pytest.fixture(scope="session")
def small_model(small_export: Path) -> Model:
    return Model(small_export)
