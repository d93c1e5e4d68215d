"""Every precision of an export opens, is smaller, and moves as the one in single precision does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0 'attune[train]'")
pytest.importorskip("onnx", reason="onnx is not installed: pip install 'attune[train]'")

from motion import rotations as rot
from motion.streaming.model import Model
from motion.streaming.speak import speak
from motion.training.export import Precision, export


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.parametrize(("precision", "apart_deg"), [("fp16", 0.5), ("int8", 5.0)])
def test_smaller_weights_move_like_those_of_single_precision(
    small_training: Path, small_export: Path, tmp_path: Path, precision: Precision, apart_deg: float
) -> None:
    export(small_training, tmp_path, precision=precision, steps=2)
    size, full = (sum(file.stat().st_size for file in folder.glob("*.onnx")) for folder in (tmp_path, small_export))
    assert size < full
    speech = (0.1 * np.random.default_rng(0).standard_normal(32_000)).astype(np.float32)
    made, wanted = (
        speak(Model(folder), speech, np.zeros_like(speech), seed=1)[0].rotations.astype(np.float64)
        for folder in (tmp_path, small_export)
    )
    apart = np.degrees(rot.angle_between(made, wanted))
    assert 0.0 < np.median(apart.max(axis=1)) < apart_deg
