"""Pictures come out as pictures, and the curves that they show are right."""

from pathlib import Path

import numpy as np
import pytest

from motion import render
from motion import rotations as rot
from motion.clip import Clip, Pose, rest_rotations
from motion.skeleton import INDEX

pytest.importorskip("matplotlib", reason="pip install matplotlib")


def turning_head(frames: int = 20) -> Clip:
    q = np.repeat(rest_rotations()[None], frames, axis=0)
    q[:, INDEX["head"]] = rot.exp(np.radians(np.linspace(0, 19, frames))[:, None] * np.array([1.0, 0.0, 0.0]))
    hips = np.zeros((frames, 3), np.float32)
    hips[:, 0] = np.arange(frames) * 0.01
    return Clip(50.0, q, hips, np.zeros((frames, 2, 6), np.float32))


def test_head_pitch_and_hand_speed_are_measured_in_degrees_and_metres_per_second() -> None:
    clip = turning_head()
    assert np.allclose(render.head_pitch_deg(clip), np.linspace(0, 19, 20), atol=1e-3)
    assert np.allclose(render.hand_speed(clip), 0.5, atol=1e-4)


def test_sheet_and_curves_are_png_files(tmp_path: Path) -> None:
    clip = turning_head()
    render.contact_sheet(clip, tmp_path / "sheet.png", [0.0, 0.2], views=("front", "side", "top"))
    render.curves(clip, tmp_path / "curves.png", marks_s=[0.1])
    for name in ("sheet.png", "curves.png"):
        data = (tmp_path / name).read_bytes()
        assert data.startswith(b"\x89PNG") and len(data) > 5_000


def test_bad_requests_are_named(tmp_path: Path) -> None:
    clip = Clip.from_poses([Pose()], 50.0)
    with pytest.raises(ValueError, match="times_s"):
        render.contact_sheet(clip, tmp_path / "a.png", [])
    with pytest.raises(ValueError, match="back"):
        render.contact_sheet(clip, tmp_path / "a.png", [0.0], views=("back",))
