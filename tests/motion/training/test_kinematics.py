"""Forward kinematics in torch says what that in NumPy says, and lets gradients through."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0 'attune[train]'")

from motion import kinematics, rotations  # noqa: E402 (after the check for torch)
from motion.training.kinematics import forward  # noqa: E402


def test_torch_and_numpy_agree_for_any_pose_and_shape() -> None:
    rng = np.random.default_rng(0)
    turns, hips = rotations.normalise(rng.normal(size=(3, 5, 22, 4))), rng.normal(size=(3, 5, 3))
    for ours, theirs in zip(
        forward(torch.from_numpy(turns), torch.from_numpy(hips)), kinematics.forward(turns, hips), strict=True
    ):
        assert np.abs(ours.numpy() - theirs).max() < 1e-12


def test_a_loss_on_a_wrist_reaches_the_shoulder() -> None:
    turns = torch.zeros(22, 4, dtype=torch.float64)
    turns[:, 3] = 1.0
    turns.requires_grad_()
    forward(turns, torch.zeros(3))[0][-1].sum().backward()
    assert turns.grad is not None and turns.grad.abs().sum() > 0.0
