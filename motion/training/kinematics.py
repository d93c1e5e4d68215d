"""Forward kinematics in torch, for losses on places of joints: `motion.kinematics.forward`, differentiable and on any device.

Local unit quaternions (x, y, z, w) and metres, as there. Pure functions.
"""

from __future__ import annotations

import torch
from torch import Tensor

from motion.skeleton import JOINT_COUNT, PARENTS, REST_OFFSETS_M


def forward(rotations: Tensor, hips_m: Tensor) -> tuple[Tensor, Tensor]:
    """Forward kinematics.

    Args:
        rotations: local unit quaternions [..., 22, 4].
        hips_m: translation of the hips from rest [..., 3].

    Returns:
        Positions [..., 22, 3] in metres and world rotations [..., 22, 4].
    """
    rest = torch.as_tensor(REST_OFFSETS_M, dtype=rotations.dtype, device=rotations.device)
    places, turns = [rest[0] + hips_m], [rotations[..., 0, :]]
    for joint in range(1, JOINT_COUNT):
        parent = PARENTS[joint]
        turns.append(_multiply(turns[parent], rotations[..., joint, :]))
        places.append(places[parent] + _rotate(turns[parent], rest[joint]))
    return torch.stack(places, dim=-2), torch.stack(turns, dim=-2)


def _multiply(a: Tensor, b: Tensor) -> Tensor:
    """Quaternions [..., 4] of turning by b, then by a."""
    u, v, s, t = a[..., :3], b[..., :3], a[..., 3:], b[..., 3:]
    vector = s * v + t * u + torch.linalg.cross(u, v)
    return torch.cat((vector, s * t - (u * v).sum(-1, keepdim=True)), dim=-1)


def _rotate(turn: Tensor, vector: Tensor) -> Tensor:
    """Vectors [3] turned by quaternions [..., 4]."""
    axis = turn[..., :3]
    twice = 2.0 * torch.linalg.cross(axis, vector.expand(axis.shape))
    return vector + turn[..., 3:] * twice + torch.linalg.cross(axis, twice)
