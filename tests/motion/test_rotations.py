"""Rotations agree with scipy's, on single values and on arrays."""

import numpy as np
import pytest

from motion import rotations as rot

Rotation = pytest.importorskip("scipy.spatial.transform", reason="pip install scipy").Rotation
ORDERS = ["XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX"]


def some(count: int, seed: int = 0) -> np.ndarray:
    return Rotation.random(count, random_state=seed).as_quat()


def same(a: np.ndarray, b: np.ndarray) -> None:
    assert np.max(rot.angle_between(a, b)) < 1e-7


@pytest.mark.parametrize("count", [3, 300])  # both the small-array path and the large one
def test_multiply_and_rotate_agree_with_scipy(count: int) -> None:
    a, b = some(count, 1), some(count, 2)
    v = np.random.default_rng(3).normal(size=(count, 3))
    same(rot.multiply(a, b), (Rotation.from_quat(a) * Rotation.from_quat(b)).as_quat())
    assert np.allclose(rot.rotate(a, v), Rotation.from_quat(a).apply(v))
    assert np.allclose(rot.cross(v, v[::-1]), np.cross(v, v[::-1]))
    same(rot.multiply(a, rot.conjugate(a)), np.broadcast_to(rot.IDENTITY, a.shape))


@pytest.mark.parametrize("order", ORDERS)
def test_euler_angles_agree_with_scipy_in_every_order(order: str) -> None:
    q = some(200)
    angles = rot.to_euler(q, order)
    assert np.allclose(angles, Rotation.from_quat(q).as_euler(order), atol=1e-7)
    same(rot.from_euler(angles, order), q)


@pytest.mark.parametrize("order", ORDERS)
def test_gimbal_lock_keeps_the_rotation(order: str) -> None:
    q = rot.from_euler(np.array([[0.4, np.pi / 2, 0.3], [-1.0, -np.pi / 2, 2.0]]), order)
    assert np.max(rot.angle_between(rot.from_euler(rot.to_euler(q, order), order), q)) < 1e-6


def test_a_wrong_order_is_named() -> None:
    with pytest.raises(ValueError, match="XXY"):
        rot.from_euler(np.zeros(3), "XXY")


def test_matrices_six_d_and_logarithm_round_trip() -> None:
    q = some(300)
    same(rot.from_matrix(rot.to_matrix(q)), q)
    assert np.allclose(rot.to_matrix(q), Rotation.from_quat(q).as_matrix())
    same(rot.from_6d(1.7 * rot.to_6d(q)), q)
    same(rot.exp(rot.log(q)), q)
    assert np.allclose(np.abs(rot.log(q)), np.abs(Rotation.from_quat(q).as_rotvec()), atol=1e-9)


@pytest.mark.parametrize("size", [0.0, 1e-12, 1e-9, 1e-6, 1e-3])
def test_tiny_rotations_survive_logarithm_and_exponential(size: float) -> None:
    v = np.array([0.6, -0.8, 0.0]) * size
    assert np.allclose(rot.log(rot.exp(v)), v, rtol=1e-9, atol=1e-20)


def test_slerp_takes_the_short_way_at_constant_speed() -> None:
    a, b = some(50, 1), some(50, 2)
    whole = rot.angle_between(a, b)
    for share in (0.0, 0.25, 0.5, 1.0):
        middle = rot.slerp(a, -b, np.full(50, share))
        assert np.allclose(rot.angle_between(a, middle), share * whole, atol=1e-6)
        assert np.allclose(np.linalg.norm(middle, axis=-1), 1.0)


def test_shortest_arc_leads_there_also_to_the_opposite() -> None:
    a = rot.normalise(np.random.default_rng(0).normal(size=(20, 3)))
    for b in (a[::-1], a, -a):
        q = rot.shortest_arc(a, b)
        assert np.allclose(rot.rotate(q, a), b, atol=1e-7)
        assert np.allclose(np.linalg.norm(q, axis=-1), 1.0)


def test_swing_and_twist_rebuild_the_rotation() -> None:
    q = some(100)
    axis = np.array([1.0, 0.0, 0.0])
    swing, twist = rot.swing_twist(q, axis)
    same(rot.multiply(swing, twist), q)
    assert np.allclose(swing[:, 0], 0.0, atol=1e-9)
    assert np.allclose(twist[:, 1:3], 0.0)


def test_continuous_removes_sign_flips() -> None:
    q = rot.exp(np.linspace(0, 3, 40)[:, None] * np.array([[0.0, 1.0, 0.0]]))
    flipped = q.copy()
    flipped[10:20] *= -1
    assert np.allclose(rot.continuous(flipped), q)
