"""Measure retargeting on the data folders and draw contact sheets: `python -m benchmarks.bench_retargeting --out artifacts/retargeting`.

For each source it prints, in degrees, how far our bones' directions are from the source's own forward kinematics (p50, p95, largest),
the fastest joint, and how much of the pose lies outside human joint ranges. Data: `ATTUNE_DATA`. Blocking; about a minute.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from motion.formats import gltf, unity_anim
from motion.formats.npz_sources import read_mvn, read_rocketbox, read_rocketbox_rest
from motion.limits import excess_rad
from motion.render import contact_sheet
from motion.retarget import SourceClip, retarget
from motion.retarget.measure import BONES, CHAINS, direction_errors_deg, joint_speeds_deg_s


def measure(clips: Iterable[SourceClip]) -> dict[str, Any]:
    """Errors, speeds and range of all clips of one source."""
    errors: dict[str, list[Any]] = {}
    fastest: tuple[float, str, str] = (0.0, "", "")
    over: list[Any] = []
    frames = 0
    for source in clips:
        clip = retarget(source)
        frames += len(clip)
        for bone, error in direction_errors_deg(source, clip).items():
            errors.setdefault(bone, []).append(error)
        for joint, speed in joint_speeds_deg_s(clip).items():
            if speed.size:
                fastest = max(fastest, (round(float(speed.max())), source.name, joint))
        turned = retarget(source, face_forward=True)
        over.append(np.degrees(excess_rad(turned.rotations.astype(np.float64))).max(axis=1))
    joined = {bone: np.concatenate(parts) for bone, parts in errors.items()}

    def row(pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
        values = np.concatenate([joined[f"{a}-{b}"] for a, b in pairs])
        p50, p95, largest = np.percentile(values, [50, 95, 100])
        return {"p50_deg": round(float(p50), 3), "p95_deg": round(float(p95), 3), "max_deg": round(float(largest), 3)}

    return {
        "frames": frames,
        "limb_bones": row(BONES),
        "hips_to_head": row(CHAINS[:1]),
        "shoulder_to_wrist": row(CHAINS[1:]),
        "fastest_joint": {"deg_s": fastest[0], "clip": fastest[1], "joint": fastest[2]},
        "share_of_frames_over_5_deg_out_of_range": round(float((np.concatenate(over) > 5.0).mean()), 4),
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=Path("artifacts/retargeting"))
    parser.add_argument("--every", type=int, default=1, help="take every n-th clip of the large sources")
    arguments = parser.parse_args()
    root = os.environ.get("ATTUNE_DATA")
    if not root:
        raise SystemExit(
            "ATTUNE_DATA is not set; it names the folder with mpi-ebedb, rocketbox-gestures and mesh2motion-cc0"
        )
    data = Path(root)
    rest = data / "rocketbox-gestures" / "rest_pose.npz"
    movebox = unity_anim.read(
        data / "rocketbox-movebox" / "RB_conversation_nolips.anim",
        lambda joints: read_rocketbox_rest(rest, "m", joints),
    )
    sources: dict[str, list[SourceClip]] = {
        "mpi-ebedb": list(islice(read_mvn(data / "mpi-ebedb" / "mpi_ebedb_30fps.npz"), 0, None, arguments.every)),
        "rocketbox": list(
            islice(read_rocketbox(data / "rocketbox-gestures" / "rocketbox_30fps.npz"), 0, None, arguments.every)
        ),
        "mesh2motion-base": list(gltf.read(data / "mesh2motion-cc0" / "human-base-animations.glb")),
        "mesh2motion-addon": list(gltf.read(data / "mesh2motion-cc0" / "human-addon-animations.glb")),
        "movebox": unity_anim.without(movebox, unity_anim.MOVEBOX_FAULTS),
    }
    arguments.out.mkdir(parents=True, exist_ok=True)
    report = {}
    for name, clips in sources.items():
        report[name] = measure(clips)
        for source in clips[:: max(1, len(clips) // 4)]:
            clip = retarget(source, height="feet", face_forward=True)
            stem = "".join(letter if letter.isalnum() else "_" for letter in source.name)[:60]
            times = [float(t) for t in np.linspace(0.0, clip.duration_s, 10)]
            contact_sheet(clip, arguments.out / f"{name}-{stem}.png", times)
    (arguments.out / "report.json").write_text(json.dumps(report, indent=1))
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
