"""Strokes per minute of real narrators, by the emotion that they meant, and how long each phase lasts.

    ATTUNE_DATA=FOLDER python benchmarks/bench_strokes.py [--json] [--plot FILE.png]

Data: MPI Emotional Body Expressions Database (Volkova et al. 2014, CC BY 4.0), every clip of at least 2 s, both wrists relative to the
upper chest, thresholds by emotion. Strokes of both hands within 0.3 s count once. People who narrate make some 15 to 40 a minute.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from motion import rotations as rot
from motion.corpus.strokes import Phase, StrokeThresholds, phases, speed_mps, stroke_phases, style_thresholds
from runtime.paths import data_dir

FPS = 30.0
TOGETHER_S = 0.3
COLOURS = {
    "rest": "#dddddd",
    "preparation": "#9ecae1",
    "stroke": "#e6550d",
    "hold": "#fdd0a2",
    "retraction": "#a1d99b",
    "shift": "#bcbddc",
}
Wrists = tuple[NDArray[np.float64], NDArray[np.float64]]


def narration(folder: Path) -> dict[str, list[Wrists]]:
    """Return the left and right wrist [T, 3] of each clip, metres from the upper chest, by emotion."""
    with np.load(folder / "mpi-ebedb" / "mpi_ebedb_30fps.npz") as data:
        joints, parents = [str(joint) for joint in data["joints"]], data["parents"]
        starts, quaternions, offsets, names = data["start"], data["quat_xyzw"], data["offsets_cm"], data["name"]
    clips: dict[str, list[Wrists]] = defaultdict(list)
    for clip, name in enumerate(names):
        local = rot.normalise(quaternions[starts[clip] : starts[clip + 1]].astype(np.float64))
        if len(local) < 2 * FPS:
            continue
        world, where = np.zeros_like(local), np.zeros((*local.shape[:2], 3))
        world[:, 0] = local[:, 0]
        for joint in range(1, len(joints)):
            up = parents[joint]
            world[:, joint] = rot.multiply(world[:, up], local[:, joint])
            along = np.broadcast_to(offsets[clip, joint].astype(np.float64), (len(local), 3))
            where[:, joint] = where[:, up] + rot.rotate(world[:, up], along)
        metres = (where - where[:, [joints.index("Chest4")]]) / 100.0
        emotion = str(name).rsplit("_", 1)[-1].removesuffix(".bvh")
        clips[emotion].append((metres[:, joints.index("LeftWrist")], metres[:, joints.index("RightWrist")]))
    return clips


def run(clips: dict[str, list[Wrists]]) -> dict[str, dict[str, object]]:
    """Measure every emotion and all together."""
    out: dict[str, dict[str, object]] = {}
    total_count, total_min = 0, 0.0
    for emotion, takes in sorted(clips.items()):
        thresholds = style_thresholds([speed_mps(wrist, FPS) for take in takes for wrist in take])
        count, frames, seconds = 0, Counter[str](), list[float]()
        for take in takes:
            found = [phase for wrist in take for phase in phases(wrist, FPS, thresholds)]
            for phase in found:
                frames[phase.kind] += phase.end - phase.start
            strokes = stroke_phases(found)
            seconds += [(stroke.end - stroke.start) / FPS for stroke in strokes]
            count += _together(strokes)
        minutes = sum(len(take[0]) for take in takes) / FPS / 60.0
        total_count, total_min = total_count + count, total_min + minutes
        out[emotion] = {
            "minutes": round(minutes, 1),
            "strokes_per_min": round(count / minutes, 1),
            "stroke_median_s": round(float(np.median(seconds)), 2),
            "stroke_threshold_mps": round(thresholds.stroke_mps, 3),
            "shares": {kind: round(frames[kind] / sum(frames.values()), 3) for kind in COLOURS},
        }
    out["all"] = {"minutes": round(total_min, 1), "strokes_per_min": round(total_count / total_min, 1)}
    return out


def _together(strokes: list[Phase]) -> int:
    count, last = 0, -np.inf
    for at_s in sorted(stroke.peak / FPS for stroke in strokes):
        if at_s - last > TOGETHER_S:
            count, last = count + 1, at_s
    return count


def plot(clips: dict[str, list[Wrists]], path: Path) -> None:
    """Draw speed, height and phases of the longest clip of each emotion."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(len(clips), 1, figsize=(15, 1.7 * len(clips)), squeeze=False)
    for axis, (emotion, takes) in zip(axes[:, 0], sorted(clips.items()), strict=True):
        thresholds: StrokeThresholds = style_thresholds([speed_mps(wrist, FPS) for take in takes for wrist in take])
        wrist = max((wrist for take in takes for wrist in take), key=lambda one: speed_mps(one, FPS).mean() * len(one))
        time_s = np.arange(len(wrist)) / FPS
        for phase in phases(wrist, FPS, thresholds):
            axis.axvspan(phase.start / FPS, phase.end / FPS, color=COLOURS[phase.kind], alpha=0.7)
            axis.text((phase.start + phase.end) / 2 / FPS, 0.02, phase.kind[:4], ha="center", fontsize=6)
        axis.plot(time_s, speed_mps(wrist, FPS), "k", linewidth=1)
        axis.plot(time_s, wrist[:, 1] - wrist[:, 1].min(), "b", linewidth=0.8)
        axis.set_title(f"{emotion}: speed (m/s, black), height (m, blue)", fontsize=7, pad=1)
        axis.set_xlim(0, max(1.0, time_s[-1]))
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=70)


def main() -> None:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.add_argument("--plot", type=Path, help="draw one clip of each emotion")
    arguments = parser.parse_args()
    folder = data_dir()
    if folder is None:
        raise SystemExit("ATTUNE_DATA names no folder of real recordings")
    clips = narration(folder)
    result = run(clips)
    if arguments.plot:
        plot(clips, arguments.plot)
    if arguments.json:
        print(json.dumps(result, indent=1))
        return
    for emotion, row in result.items():
        median = f"{row['stroke_median_s']:>8} s" if "stroke_median_s" in row else ""
        print(f"{emotion:12}{row['minutes']:>6} min{row['strokes_per_min']:>8} strokes/min{median}")


if __name__ == "__main__":
    main()
