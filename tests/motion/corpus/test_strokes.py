"""Gesture phases on minimum-jerk hand paths whose phases are known, and on real narration."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from motion import rotations as rot
from motion.corpus.strokes import (
    Phase,
    StrokeThresholds,
    phases,
    rest_position,
    speed_mps,
    stroke_phases,
    style_thresholds,
)

FPS = 30.0
LAP = (0.15, -0.45, 0.25)
UP = (0.20, -0.10, 0.40)
DOWN = (0.22, -0.32, 0.48)
SIDE = (0.45, -0.15, 0.35)
Float64 = NDArray[np.float64]


def path(keys: Sequence[tuple[float, tuple[float, float, float]]], end_s: float, fps: float = FPS) -> Float64:
    """Minimum-jerk moves (Flash and Hogan 1985) between keys (s, position)."""
    t = np.arange(round(end_s * fps)) / fps
    out = np.tile(np.array(keys[0][1]), (len(t), 1))
    for (a_s, a), (b_s, b) in pairwise(keys):
        x = np.clip((t - a_s) / (b_s - a_s), 0, 1)[:, None]
        out = np.where(
            t[:, None] >= a_s, np.array(a) + (10 * x**3 - 15 * x**4 + 6 * x**5) * (np.array(b) - np.array(a)), out
        )
    return out


GESTURE = path([(1.0, LAP), (1.7, UP), (1.95, DOWN), (2.5, DOWN), (3.2, LAP)], 4.5)
"""Lap, up in 0.7 s, a beat down in 0.25 s, held 0.55 s, back in 0.7 s."""


def kinds(found: Sequence[Phase]) -> list[str]:
    return [phase.kind for phase in found]


def test_a_gesture_has_all_its_phases_at_their_times() -> None:
    found = phases(GESTURE, FPS)
    assert kinds(found) == ["rest", "preparation", "stroke", "hold", "retraction", "rest"]
    bounds = [phase.start / FPS for phase in found[1:]]
    # Minimum-jerk moves begin and end softly, so their visible part is shorter.
    assert bounds == pytest.approx([1.0, 1.7, 1.95, 2.5, 3.2], abs=0.13)
    stroke = found[2]
    assert stroke.peak / FPS == pytest.approx(1.825, abs=0.04)
    assert stroke.displacement_m[1] == pytest.approx(-0.22, abs=0.05)
    assert stroke.peak_mps == pytest.approx(1.875 * np.linalg.norm(np.subtract(DOWN, UP)) / 0.25, rel=0.25)


def test_phases_cover_the_clip_without_gaps() -> None:
    found = phases(GESTURE, FPS)
    assert found[0].start == 0 and found[-1].end == len(GESTURE)
    assert all(a.end == b.start for a, b in pairwise(found))


def test_beats_in_a_row_are_strokes_with_preparations_between() -> None:
    keys = [(0.6, LAP), (1.3, UP)]
    for beat in range(3):
        at = 1.3 + 0.75 * beat
        keys += [(at + 0.25, DOWN), (at + 0.75, UP)]
    keys[-1] = (keys[-2][0] + 0.8, LAP)
    found = phases(path(keys, 5.5), FPS)
    strokes = stroke_phases(found)
    assert [s.peak / FPS for s in strokes] == pytest.approx([1.425, 2.175, 2.925], abs=0.05)
    assert kinds(found).count("preparation") == 3 and kinds(found).count("retraction") == 1


def test_out_and_back_is_a_stroke_and_a_retraction() -> None:
    found = phases(path([(1.0, LAP), (1.6, SIDE), (2.6, SIDE), (3.4, LAP)], 4.5), FPS)
    assert kinds(found) == ["rest", "stroke", "hold", "retraction", "rest"]


def test_a_slow_shift_of_posture_is_no_gesture() -> None:
    found = phases(path([(1.0, LAP), (4.0, DOWN)], 6.0), FPS)
    assert stroke_phases(found) == [] and "shift" in kinds(found)


def test_stillness_and_noise_hold_no_strokes() -> None:
    assert kinds(phases(np.tile(LAP, (90, 1)), FPS)) == ["rest"]
    shaky = np.tile(LAP, (300, 1)) + 0.002 * np.random.default_rng(0).normal(size=(300, 3))
    assert stroke_phases(phases(shaky, FPS)) == []


@pytest.mark.parametrize("fps", [25.0, 60.0, 120.0])
def test_the_frame_rate_does_not_matter(fps: float) -> None:
    keys = [(1.0, LAP), (1.7, UP), (1.95, DOWN), (2.5, DOWN), (3.2, LAP)]
    found = phases(path(keys, 4.5, fps), fps)
    assert kinds(found) == kinds(phases(GESTURE, FPS))
    assert [p.start / fps for p in found] == pytest.approx([p.start / FPS for p in phases(GESTURE, FPS)], abs=0.07)


def test_recording_noise_moves_boundaries_little() -> None:
    noisy = GESTURE + 0.002 * np.random.default_rng(1).normal(size=GESTURE.shape)
    strokes = stroke_phases(phases(noisy, FPS))
    assert [s.peak / FPS for s in strokes] == pytest.approx([1.825], abs=0.07)


def test_the_style_sets_the_thresholds() -> None:
    calm, wild = (style_thresholds([speed_mps(scale * GESTURE, FPS)]) for scale in (0.5, 2.0))
    assert calm.stroke_mps < wild.stroke_mps
    assert 0.05 <= calm.still_mps <= wild.still_mps <= 0.12
    with pytest.raises(ValueError, match="empty"):
        style_thresholds([])


def test_the_rest_position_is_the_lap_and_may_be_given() -> None:
    rest = rest_position(GESTURE, FPS)
    assert rest is not None and rest == pytest.approx(LAP, abs=0.01)
    assert rest_position(path([(0.0, LAP), (0.5, UP)], 0.5), FPS, StrokeThresholds(still_mps=0.01)) is None
    cut = GESTURE[45:120]  # begins in the stroke's preparation: the clip does not show the lap
    assert "retraction" in kinds(phases(cut, FPS, rest_m=LAP))


@pytest.mark.parametrize("bad", [np.zeros((5, 2)), np.zeros(5), np.zeros((1, 3)), np.full((5, 3), np.nan)])
def test_what_is_no_path_is_refused(bad: Float64) -> None:
    with pytest.raises(ValueError, match="positions"):
        phases(bad, FPS)
    with pytest.raises(ValueError, match="fps"):
        phases(GESTURE, 0.0)


def narration(folder: Path, every: int) -> list[tuple[str, dict[str, Float64]]]:
    """Real clips: emotion, and each wrist relative to the upper chest, metres."""
    path = folder / "mpi-ebedb" / "mpi_ebedb_30fps.npz"
    if not path.is_file():
        pytest.skip("mpi-ebedb is made by hand: attune data list says how")
    with np.load(path) as data:
        joints, parents = [str(j) for j in data["joints"]], data["parents"]
        starts, quats, offsets, names = data["start"], data["quat_xyzw"], data["offsets_cm"], data["name"]
    out = []
    for clip in range(0, len(names), every):
        local = quats[starts[clip] : starts[clip + 1]].astype(np.float64)
        local /= np.linalg.norm(local, axis=-1, keepdims=True)
        world, where = np.zeros_like(local), np.zeros((*local.shape[:2], 3))
        world[:, 0] = local[:, 0]
        for joint in range(1, len(joints)):
            up = parents[joint]
            world[:, joint] = rot.multiply(world[:, up], local[:, joint])
            along = np.broadcast_to(offsets[clip, joint].astype(np.float64), (len(local), 3))
            where[:, joint] = where[:, up] + rot.rotate(world[:, up], along)
        chest = where[:, joints.index("Chest4")]
        wrists = {side: (where[:, joints.index(f"{side}Wrist")] - chest) / 100 for side in ("Left", "Right")}
        out.append((str(names[clip]).rsplit("_", 1)[-1].removesuffix(".bvh"), wrists))
    return out


def test_real_narrators_make_a_plausible_number_of_strokes(attune_data: Path) -> None:
    clips = [clip for clip in narration(attune_data, 8) if len(clip[1]["Left"]) >= 60]
    thresholds = style_thresholds([speed_mps(wrist, FPS) for _, wrists in clips for wrist in wrists.values()])
    strokes, minutes, lengths = 0, 0.0, []
    for _, wrists in clips:
        times, last = [], -1.0
        for wrist in wrists.values():
            found = stroke_phases(phases(wrist, FPS, thresholds))
            times += [stroke.peak / FPS for stroke in found]
            lengths += [(stroke.end - stroke.start) / FPS for stroke in found]
        for at in sorted(times):  # both hands at once are one stroke
            if at - last > 0.3:
                strokes, last = strokes + 1, at
        minutes += len(wrists["Left"]) / FPS / 60
    assert minutes > 5
    assert 15 <= strokes / minutes <= 40
    assert 0.25 <= np.median(lengths) <= 0.8
