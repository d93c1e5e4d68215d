"""Clips as the commands read and write them: the ending of a file's name says its format.

`.bvh` (no fingers), `.npz` (everything), `.vrma` (VRM animation) both ways; `.mp4` is written only. Errors are one sentence that names the
file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion.clip import Clip
from motion.formats import bvh, npz, vrma
from motion.retarget.tables import WRITABLE as SKELETONS
from runtime.errors import AttuneError

READABLE: Final = (".bvh", ".npz", ".vrma")
WRITABLE: Final = (*READABLE, ".mp4")
MAX_BYTES: Final = 2 << 30


def read_clip(path: Path) -> Clip:
    """Read a clip.

    Raises:
        AttuneError: another ending, or the file is missing, too large or damaged.
    """
    ending = _ending(path, READABLE, str(path))
    try:
        if path.stat().st_size > MAX_BYTES:
            raise AttuneError(f"{path} is larger than {MAX_BYTES >> 30} GiB", "cut it into several files")
        return {".bvh": bvh.read, ".npz": npz.read, ".vrma": vrma.read}[ending](path)
    except OSError as error:
        raise AttuneError(f"{path} cannot be read ({error.strerror})", "name a .bvh, .npz or .vrma file") from error
    except ValueError as error:
        raise AttuneError(str(error)) from error


def check_place(out: Path, endings: Sequence[str] = WRITABLE) -> None:
    """Make sure, before long work begins, that `--out` names a file that can be written.

    Raises:
        AttuneError: another ending, no such folder, or a video is asked for without OpenCV.
    """
    _ending(out, endings, f"--out {out}")
    if out.is_dir() or not out.parent.is_dir():
        why = "is a folder" if out.is_dir() else f"cannot be written: {out.parent} is no folder"
        raise AttuneError(f"--out {out} {why}", "choose another place with --out")
    if out.suffix.lower() in (".mp4", ".png"):
        from motion.video.movie import load_cv2

        load_cv2(f"--out {out}")


def joint_names(skeleton: str | None, out: Path) -> Mapping[str, str]:
    """Names of joints that a BVH is to have, by ours.

    Raises:
        AttuneError: no such family, or the file is none that joints are renamed in.
    """
    if skeleton is None:
        return {}
    if out.suffix.lower() != ".bvh":
        raise AttuneError(f"--skeleton {skeleton} is for a .bvh file", "leave it out: other files have one form")
    if skeleton not in SKELETONS:
        raise AttuneError(f"--skeleton {skeleton} is none of {', '.join(SKELETONS)}")
    return SKELETONS[skeleton]


def write_clip(
    out: Path, clip: Clip, title: str, audio: NDArray[np.float32] | None, names: Mapping[str, str] | None = None
) -> str:
    """Write a clip; a video shows it from the front and from three quarters, with the agent's voice.

    Args:
        out: checked by `check_place`.
        clip: the motion.
        title: of a video.
        audio: 16 kHz, of a video.
        names: of joints in a BVH, from `joint_names`.

    Returns:
        A note about what the file lacks; empty where it is whole.

    Raises:
        AttuneError: it cannot be written.
    """
    ending = _ending(out, WRITABLE, f"--out {out}")
    try:
        if ending == ".mp4":
            from motion.video.movie import THREE_QUARTER_RAD, Panel, write_video

            return write_video([Panel(title, clip), Panel("", clip, THREE_QUARTER_RAD)], out, audio).note
        if ending == ".bvh":
            bvh.write(out, clip, names=names or {})
            return "without fingers, for which BVH has no place" if clip.hands.any() else ""
        {".npz": npz.write, ".vrma": vrma.write}[ending](out, clip)
    except OSError as error:
        raise AttuneError(f"{out} cannot be written ({error.strerror})", "choose another place with --out") from error
    except ValueError as error:
        raise AttuneError(f"{out}: {error}") from error
    return ""


def _ending(path: Path, allowed: Sequence[str], where: str) -> str:
    ending = path.suffix.lower()
    if ending not in allowed:
        raise AttuneError(f"{where} must end in {', '.join(allowed[:-1])} or {allowed[-1]}")
    return ending
