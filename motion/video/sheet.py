"""Contact sheets: the figure at moments of a clip, one column a moment and one row a view, as a PNG.

Needs OpenCV (extra `vision`), imported when first used. Blocking.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from motion.clip import Clip
from motion.video.movie import VIEWS, load_cv2, write_text
from motion.video.painter import Painter
from runtime.errors import AttuneError

_TILE: Final = (240, 270)
MAX_MOMENTS: Final = 120
_COLUMNS: Final = 8


def even_moments(clip: Clip, count: int) -> list[float]:
    """Moments that share a clip out evenly, seconds; the first frame and the last are among them where there are two or more."""
    return [float(t) for t in np.linspace(0.0, max(clip.duration_s - 1.0 / clip.fps, 0.0), count)]


def write_sheet(
    clip: Clip, path: str | os.PathLike[str], moments_s: Sequence[float], views: Sequence[str] = ("front", "three-quarter")
) -> None:  # fmt: skip
    """Draw a clip's poses as a PNG; long lists wrap.

    Args:
        clip: the motion.
        path: of the PNG; a file that is there is replaced.
        moments_s: from the clip's start; those beyond its end show the last pose.
        views: names of `motion.video.movie.VIEWS`.

    Raises:
        ValueError: no moment or too many, an unknown view, or motion that is not finite.
        AttuneError: OpenCV is absent, or the file cannot be written.
    """
    if not 0 < len(moments_s) <= MAX_MOMENTS:
        raise ValueError(f"write_sheet: {len(moments_s)} moments; between 1 and {MAX_MOMENTS} can be shown")
    unknown = [view for view in views if view not in VIEWS]
    if unknown or not views:
        raise ValueError(f"write_sheet: view {(unknown or [''])[0]!r} is none of {', '.join(VIEWS)}")
    if not all(np.isfinite(part).all() for part in (clip.rotations, clip.hips_m, clip.hands)):
        raise ValueError("write_sheet: the clip holds a number that is not finite")
    cv2 = load_cv2("a contact sheet")
    frames = np.clip(np.round(np.asarray(moments_s) * clip.fps), 0, len(clip) - 1).astype(np.intp)
    rows = []
    for view in views:
        tiles = list(Painter(cv2, clip, VIEWS[view], *_TILE).frames(frames))
        for tile, t_s in zip(tiles, moments_s, strict=True):
            write_text(cv2, tile, f"{t_s:.2f} s" if view == views[0] else view, (8, 18), 0.42)
        rows.append(tiles)
    blank = np.full_like(rows[0][0], 255)
    columns = min(_COLUMNS, len(moments_s))
    lines = []
    for first in range(0, len(moments_s), columns):
        for tiles in rows:
            some = tiles[first : first + columns]
            lines.append(np.hstack([*some, *[blank] * (columns - len(some))]))
    good, data = cv2.imencode(".png", np.vstack(lines))
    if not good:
        raise AttuneError(f"{path} cannot be made into a PNG by OpenCV", "install another opencv-python-headless")
    try:
        Path(path).write_bytes(data.tobytes())
    except OSError as error:
        raise AttuneError(f"{path} cannot be written ({error.strerror})", "choose another place") from error
