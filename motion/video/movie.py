"""Write clips side by side as one mp4, with sound where the program `ffmpeg` is there; or one moment of them as a picture.

Each panel shows one clip from one side under its title; the running time stands below, and where there is sound, its loudness as a strip
with a mark that moves along. Clips of any rate are shown at the frame that is nearest in time; a shorter one holds its last pose. Needs
OpenCV (extra `vision`), imported when first used. Blocking, one thread; about 10 ms a panel and frame at 480 x 540.
"""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion.clip import Clip
from motion.video.painter import Painter, Picture
from motion.video.sink import SILENT_NOTE, FfmpegSink, OpenCvSink, Sink
from runtime.errors import AttuneError
from runtime.extras import install_line

Float32 = NDArray[np.float32]
FRONT_RAD: Final = 0.0
THREE_QUARTER_RAD: Final = 0.6
SIDE_RAD: Final = np.pi / 2
"""From the agent's left."""
VIEWS: Final = {"front": FRONT_RAD, "three-quarter": THREE_QUARTER_RAD, "side": SIDE_RAD, "back": np.pi}
"""Cameras by name."""
WIDTH: Final = 480
HEIGHT: Final = 540
STRIP: Final = 56
"""Height of the loudness strip, pixels."""
MAX_PANELS: Final = 16
_COLUMNS: Final = 4
MAX_S: Final = 3_600.0
_INK: Final = (70, 62, 56)
_WAVE: Final = (172, 146, 104)
_PAPER: Final = (250, 248, 246)


@dataclass(frozen=True, slots=True)
class Panel:
    """A clip to show.

    Attributes:
        title: stands above it; letters beyond ASCII lose their marks.
        clip: the motion.
        yaw_rad: where the camera stands: 0 in front, positive towards the agent's left.
    """

    title: str
    clip: Clip
    yaw_rad: float = FRONT_RAD


@dataclass(frozen=True, slots=True)
class Movie:
    """What was written.

    Attributes:
        path: the file.
        frames: pictures.
        width: pixels.
        height: pixels.
        sound: whether it can be heard.
        note: for people: what it lacks; empty where it is whole.
    """

    path: Path
    frames: int
    width: int
    height: int
    sound: bool
    note: str


def write_video(
    panels: Sequence[Panel],
    path: str | os.PathLike[str],
    audio: Float32 | None = None,
    fps: float = 30.0,
    *,
    rate_hz: int = 16_000,
    size: tuple[int, int] = (WIDTH, HEIGHT),
) -> Movie:
    """Write an mp4.

    Args:
        panels: up to four side by side, further ones in rows below.
        path: of the mp4; a file that is there is replaced.
        audio: mono, -1..1, from the clips' start; cut or filled with silence to the length of the longest clip.
        fps: pictures per second.
        rate_hz: of the audio.
        size: of a panel, pixels.

    Raises:
        ValueError: no panel or too many, an empty or endless clip, a rate or size that cannot be.
        AttuneError: OpenCV is absent, or the file cannot be written.
    """
    frames = _check(panels, fps, size)
    if audio is not None and (audio.ndim != 1 or rate_hz <= 0):
        raise ValueError(
            f"write_video: audio has shape {audio.shape} at {rate_hz} Hz; it must be one axis at a positive rate"
        )
    cv2 = load_cv2("a video")
    target = Path(path)
    sound = None if audio is None else _fitted(audio, round(frames / fps * rate_hz))
    pictures = _Sheet(cv2, panels, fps, frames, size, sound)
    height, width = pictures.height, pictures.width
    program = shutil.which("ffmpeg")
    sink: Sink
    if program is not None:
        sink = FfmpegSink(program, target, width, height, fps, None if sound is None else (sound, rate_hz))
    else:
        sink = OpenCvSink(cv2, target, width, height, fps)
    with sink:
        for picture in pictures.all():
            sink.write(picture)
    heard = sound is not None and program is not None
    return Movie(target, frames, width, height, heard, SILENT_NOTE if sound is not None and not heard else "")


def still(panels: Sequence[Panel], t_s: float, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Picture:
    """Draw one moment, uint8 [height, width, 3], blue, green, red.

    Raises:
        ValueError: as `write_video`.
        AttuneError: OpenCV is absent.
    """
    _check(panels, 30.0, size)
    cv2 = load_cv2("a picture of the figure")
    return _Sheet(cv2, panels, 30.0, 1, size, None).one(t_s)


def load_cv2(wanted_for: str) -> Any:
    """Import OpenCV.

    Raises:
        AttuneError: it is absent; names the extra.
    """
    try:
        import cv2
    except ImportError as error:
        raise AttuneError(f"{wanted_for} needs OpenCV, the vision extra", install_line("vision")) from error
    return cv2


def write_text(cv2: Any, picture: Picture, text: str, at: tuple[int, int], size: float) -> None:
    """Write one line into a picture, its left end on the base line at `at`; letters beyond ASCII lose their marks."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()[:60]
    cv2.putText(picture, plain, at, cv2.FONT_HERSHEY_SIMPLEX, size, _INK, 1, cv2.LINE_AA)


def _check(panels: Sequence[Panel], fps: float, size: tuple[int, int]) -> int:
    """Return the number of pictures."""
    if not 0 < len(panels) <= MAX_PANELS:
        raise ValueError(f"write_video: {len(panels)} panels; between 1 and {MAX_PANELS} can be shown")
    if not 1.0 <= fps <= 240.0:
        raise ValueError(f"write_video: fps is {fps:g}; it must be between 1 and 240")
    if any(pixels % 2 or not 64 <= pixels <= 2_048 for pixels in size):
        raise ValueError(f"write_video: size is {size}; both must be even, between 64 and 2048")
    for panel in panels:
        if not 0 < panel.clip.duration_s <= MAX_S or not np.isfinite(panel.yaw_rad):
            raise ValueError(
                f"write_video: panel {panel.title[:60]!r} lasts {panel.clip.duration_s:g} s seen from {panel.yaw_rad:g} rad; "
                f"it must last up to {MAX_S:g} s and be seen from a finite angle"
            )
        if not all(np.isfinite(part).all() for part in (panel.clip.rotations, panel.clip.hips_m, panel.clip.hands)):
            raise ValueError(f"write_video: panel {panel.title[:60]!r} holds a number that is not finite")
    return max(1, round(max(panel.clip.duration_s for panel in panels) * fps))


def _fitted(audio: Float32, samples: int) -> Float32:
    out = np.zeros(samples, dtype=np.float32)
    out[: min(samples, len(audio))] = audio[:samples]
    return out


class _Sheet:
    """All panels of a picture, with titles, time and loudness."""

    def __init__(
        self, cv2: Any, panels: Sequence[Panel], fps: float, frames: int, size: tuple[int, int], sound: Float32 | None
    ) -> None:
        self._cv2, self._panels, self._fps, self._frames, self._size = cv2, panels, fps, frames, size
        columns = min(len(panels), _COLUMNS)
        rows = -(-len(panels) // columns)
        self.width, self._below = columns * size[0], rows * size[1]
        self.height = self._below + (STRIP if sound is not None else 0)
        self._painters = [Painter(cv2, panel.clip, panel.yaw_rad, *size) for panel in panels]
        self._corners = [((k % columns) * size[0], (k // columns) * size[1]) for k in range(len(panels))]
        self._blank: Picture = np.full((self.height, self.width, 3), _PAPER, dtype=np.uint8)
        if sound is not None:
            self._draw_loudness(sound)

    def all(self) -> Iterator[Picture]:
        times_s = np.arange(self._frames) / self._fps
        return self._at(times_s)

    def one(self, t_s: float) -> Picture:
        return next(self._at(np.array([max(t_s, 0.0)])))

    def _at(self, times_s: NDArray[np.float64]) -> Iterator[Picture]:
        streams = [
            painter.frames(np.minimum(np.round(times_s * panel.clip.fps).astype(np.intp), len(panel.clip) - 1))
            for painter, panel in zip(self._painters, self._panels, strict=True)
        ]
        width, height = self._size
        for t_s in times_s.tolist():
            sheet = self._blank.copy()
            for stream, panel, (x, y) in zip(streams, self._panels, self._corners, strict=True):
                sheet[y : y + height, x : x + width] = next(stream)
                if x:
                    sheet[y : y + height, x] = _PAPER
                write_text(self._cv2, sheet, panel.title, (x + 16, y + 30), 0.6)
            write_text(self._cv2, sheet, f"{t_s:.1f} s", (16, self._below - 14), 0.45)
            if self.height > self._below:
                at = round(t_s * self._fps / self._frames * (self.width - 1))
                sheet[self._below :, max(at - 1, 0) : at + 1] = _INK
            yield sheet

    def _draw_loudness(self, sound: Float32) -> None:
        edges = np.linspace(0, max(len(sound), 1), self.width + 1).astype(int)
        level = np.abs(np.nan_to_num(sound))
        peaks = np.array([level[a:b].max() if b > a else 0.0 for a, b in pairwise(edges.tolist())])
        middle = self._below + STRIP // 2
        tall = np.round(peaks / max(float(peaks.max()), 1e-3) * (STRIP / 2 - 6)).astype(int)
        for x, reach in enumerate(tall.tolist()):
            self._blank[middle - reach : middle + reach + 1, x] = _WAVE
