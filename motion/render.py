"""Pictures of motion for people to look at: contact sheets of a clip (front and side), and curves of hand speed and head pitch.

Draws with matplotlib, imported when first called (extra `agent`). Not for the running loop. Positions are the agent's root frame in metres.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.kinematics import forward
from motion.skeleton import END_OFFSETS_M, INDEX, PARENTS
from runtime.vocabulary import BODY_JOINTS

Float64 = NDArray[np.float64]

_LEFT_COLOUR: Final = "#2f7fd0"
_RIGHT_COLOUR: Final = "#d0552f"
_MIDDLE_COLOUR: Final = "#555555"
_WIDTHS: Final = {"UpperArm": 5.5, "LowerArm": 4.5, "Hand": 4.0, "UpperLeg": 8.0, "LowerLeg": 6.5, "Foot": 4.5}


def _colour(name: str) -> str:
    return _LEFT_COLOUR if name.startswith("left") else _RIGHT_COLOUR if name.startswith("right") else _MIDDLE_COLOUR


def _project(points: Float64, view: str) -> Float64:
    """Screen coordinates and depth (towards the viewer): front faces the agent, side looks from its left, top from above."""
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    if view == "front":
        return np.stack([x, y, z], axis=-1)
    if view == "side":
        return np.stack([-z, y, x], axis=-1)
    if view == "top":
        return np.stack([x, -z, y], axis=-1)
    raise ValueError(f"unknown view {view!r}; one of: front, side, top")


def _draw(axis: Any, positions: Float64, world: Float64, view: str, scale: float) -> None:
    bones: list[tuple[float, Float64, str, float]] = []
    for joint, parent in enumerate(PARENTS):
        if parent < 0:
            continue
        name = BODY_JOINTS[parent]
        width = next((w for key, w in _WIDTHS.items() if name.endswith(key)), 6.0)
        bones.append((0.0, np.stack([positions[parent], positions[joint]]), _colour(BODY_JOINTS[joint]), width))
    for name, offset in END_OFFSETS_M.items():
        if name == "head":
            continue
        joint = INDEX[name]
        tip = positions[joint] + rot.rotate(world[joint], np.array(offset))
        bones.append((0.0, np.stack([positions[joint], tip]), _colour(name), 4.0))
        if name.endswith("Hand"):
            # The palm: a short stroke out of the middle of the hand, and the thumb's side.
            sign = 1.0 if name.startswith("left") else -1.0
            middle = positions[joint] + rot.rotate(world[joint], np.array([sign * 0.08, 0.0, 0.0]))
            palm = middle + rot.rotate(world[joint], np.array([0.0, -0.06, 0.0]))
            thumb_root = positions[joint] + rot.rotate(world[joint], np.array([sign * 0.03, 0.0, 0.0]))
            thumb = positions[joint] + rot.rotate(world[joint], np.array([sign * 0.08, 0.0, 0.06]))
            bones.append((0.0, np.stack([middle, palm]), "#18a05a", 1.5))
            bones.append((0.0, np.stack([thumb_root, thumb]), _colour(name), 2.0))
    flat = [(_project(points, view), colour, width) for _, points, colour, width in bones]
    for points, colour, width in sorted(flat, key=lambda item: float(item[0][:, 2].mean())):
        axis.plot(points[:, 0], points[:, 1], color=colour, linewidth=width * scale, solid_capstyle="round")
    head = INDEX["head"]
    centre = _project(positions[head] + rot.rotate(world[head], np.array([0.0, 0.09, 0.02])), view)
    nose = _project(positions[head] + rot.rotate(world[head], np.array([0.0, 0.08, 0.13])), view)
    from matplotlib.patches import Ellipse

    lean = _project(rot.rotate(world[head], np.array([0.0, 1.0, 0.0])), view)
    turn = float(np.degrees(np.arctan2(-lean[0], lean[1]))) if view != "top" else 0.0
    axis.add_patch(
        Ellipse(
            (centre[0], centre[1]),
            0.16,
            0.22,
            angle=turn,
            facecolor="#e8cfae",
            edgecolor="#333333",
            zorder=2.5,
            linewidth=0.8,
        )
    )
    axis.plot([nose[0]], [nose[1]], "o", color="#333333", markersize=3.0 * scale, zorder=3)


def contact_sheet(
    clip: Clip,
    path: str | os.PathLike[str],
    times_s: Sequence[float],
    views: Sequence[str] = ("front", "side"),
    titles: Sequence[str] | None = None,
    columns: int = 10,
) -> None:
    """Draw poses of a clip as a PNG: one column a moment, one row a view; long lists wrap.

    Args:
        clip: the motion.
        path: PNG to write.
        times_s: moments from the clip's start.
        views: `front`, `side`, `top`.
        titles: caption of each moment, else its time.
        columns: moments per row.

    Raises:
        ValueError: unknown view, or no moment.
    """
    if not times_s:
        raise ValueError("contact_sheet: times_s is empty; name at least one moment")
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    positions, world = forward(clip.rotations, clip.hips_m)
    count = len(times_s)
    columns = min(columns, count)
    rows = -(-count // columns) * len(views)
    figure, axes = plt.subplots(rows, columns, figsize=(1.75 * columns, 2.3 * rows), squeeze=False)
    for axis in axes.ravel():
        axis.set_axis_off()
    for index, t_s in enumerate(times_s):
        frame = min(max(round(t_s * clip.fps), 0), len(clip) - 1)
        for v, view in enumerate(views):
            axis = axes[(index // columns) * len(views) + v][index % columns]
            _draw(axis, positions[frame], world[frame], view, 0.85)
            axis.set_xlim(-0.72, 0.72)
            axis.set_ylim((-0.02, 2.05) if view != "top" else (-1.0, 1.0))
            axis.set_aspect("equal")
            if v == 0:
                axis.set_title(titles[index] if titles else f"{t_s:.2f} s", fontsize=8)
    figure.tight_layout(pad=0.3)
    figure.savefig(path, dpi=80)
    plt.close(figure)


def hand_speed(clip: Clip) -> Float64:
    """Speed of both wrists [T, 2] in metres per second by central differences."""
    positions, _ = forward(clip.rotations, clip.hips_m)
    hands = positions[:, [INDEX["leftHand"], INDEX["rightHand"]]]
    speed: Float64 = np.linalg.norm(np.gradient(hands, 1.0 / clip.fps, axis=0), axis=-1)
    return speed


def head_pitch_deg(clip: Clip) -> Float64:
    """Pitch of the head in the root frame [T], degrees, down positive."""
    _, world = forward(clip.rotations, clip.hips_m)
    ahead = rot.rotate(world[:, INDEX["head"]], np.array([0.0, 0.0, 1.0]))
    out: Float64 = -np.degrees(np.arcsin(np.clip(ahead[:, 1], -1.0, 1.0)))
    return out


def curves(clip: Clip, path: str | os.PathLike[str], marks_s: Sequence[float] = ()) -> None:
    """Plot hand speed and head pitch over time as a PNG; `marks_s` draws vertical lines, for example at accents."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    t = np.arange(len(clip)) / clip.fps
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(14, 5), sharex=True)
    speed = hand_speed(clip)
    top.plot(t, speed[:, 0], color=_LEFT_COLOUR, label="left")
    top.plot(t, speed[:, 1], color=_RIGHT_COLOUR, label="right")
    top.set_ylabel("hand speed, m/s")
    top.legend(loc="upper right")
    bottom.plot(t, head_pitch_deg(clip), color=_MIDDLE_COLOUR)
    bottom.set_ylabel("head pitch, deg (down +)")
    bottom.set_xlabel("time, s")
    for axis in (top, bottom):
        for mark in marks_s:
            axis.axvline(mark, color="#18a05a", linewidth=0.6)
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    plt.close(figure)
