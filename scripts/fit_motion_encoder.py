#!/usr/bin/env python3
"""Fit the motion encoder `pca-v1` to real motion and write models/motion-encoder-pca/pca_v1.npz.

    ATTUNE_DATA=... python scripts/fit_motion_encoder.py [OUT.npz]

Takes mpi-ebedb without the held-out actors and the clips of rocketbox-gestures without props or locomotion. Deterministic: the same
data and the same NumPy on one kind of machine give the same file. Prints size and SHA-256 for models/registry.toml.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from motion.clip import Clip
from motion.evaluation import encoder
from motion.evaluation.heldout import HELD_OUT_ACTORS, read_narration, without_noise
from motion.formats.npz_sources import read_rocketbox
from motion.retarget import retarget
from runtime.paths import data_dir, models_dir

HOP_FRAMES = 15
DIMENSIONS = 64
PROPS = re.compile(r"crouch|danc|door|trolley|umbrella|bag|documents|work|picture|drink|jump")
"""Rocketbox clips about things in the hands or the whole body's way."""


def main() -> None:
    """Fit, write, and print what was made."""
    root = data_dir()
    if root is None:
        sys.exit("ATTUNE_DATA names no folder: attune data pull, then export ATTUNE_DATA=FOLDER")
    narration = read_narration(root / "mpi-ebedb" / "mpi_ebedb_30fps.npz", leave=HELD_OUT_ACTORS)
    clips: list[Clip] = [item.clip for item in narration]
    others = 0
    for source in read_rocketbox(root / "rocketbox-gestures" / "rocketbox_30fps.npz"):
        if not PROPS.search(source.name) and len(source) >= encoder.WINDOW_FRAMES:
            clips.append(without_noise(retarget(source, face_forward=True)))
            others += 1
    motion = encoder.motion_windows(clips, hop=HOP_FRAMES)
    fitted = encoder.fit(motion, DIMENSIONS)
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else models_dir() / "motion-encoder-pca" / "pca_v1.npz"
    where.parent.mkdir(parents=True, exist_ok=True)
    fitted.save(where)
    features = encoder.load(where).encode(motion)
    data = where.read_bytes()
    print(
        f"{len(narration)} narration and {others} Rocketbox clips, {sum(map(len, clips)) / 1800:.1f} minutes, {len(motion)} windows"
    )
    print(
        f"variance of the features: {features.var(axis=0).sum():.4f}; of the first: {features.var(axis=0)[:5].round(3).tolist()}"
    )
    print(f"{where}: size = {len(data)}, sha256 = {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
