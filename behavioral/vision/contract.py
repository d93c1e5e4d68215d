"""What a look at one picture returns.

Boxes are shares of the picture's width and height (x to the right, y down, origin top left), so that nothing downstream
depends on the camera.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Face:
    """One face: box as x, y, width, height (shares of the picture) and the detector's confidence 0 to 1."""

    box: tuple[float, float, float, float]
    confidence: float


@dataclass(frozen=True, slots=True)
class Picture:
    """What was seen in one picture.

    Attributes:
        t_s: media time of the picture in a file; the time that the caller gave for a live one.
        faces: most confident first.
        motion: mean optical flow since the previous picture, in picture widths per second; 0 on the first.
        motion_x: where the motion was, share of the width from the left; 0.5 where there was none.
        luminance: mean brightness, 0 to 1.
        aspect: width over height of the picture.
        ended: the file has no picture at or after the time asked for; the last one was looked at again.
    """

    t_s: float
    faces: tuple[Face, ...]
    motion: float
    motion_x: float
    luminance: float
    aspect: float = 4.0 / 3.0
    ended: bool = False


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What is known of a video once opened; `frames` is 0 where the container does not say."""

    fps: float
    frames: int
    width: int
    height: int


class Sight(Protocol):
    """Looks at pictures of one source."""

    @property
    def note(self) -> str:
        """For people: why nothing is seen at present; empty while all is well."""
        ...

    async def open_file(self, path: str) -> VideoFacts:
        """Open a video; ValueError with a message for people where it cannot be one."""
        ...

    async def look_at(self, t_s: float) -> Picture | None:
        """Look at the file's picture at media time `t_s`; None where there is none to be had."""
        ...

    async def open_camera(self, index: int) -> VideoFacts:
        """Open a camera of this machine; ValueError with a message for people where there is none."""
        ...

    async def look_camera(self, t_s: float) -> Picture | None:
        """Look at the camera's newest picture, taken at `t_s`."""
        ...

    async def look_jpeg(self, jpeg: bytes, t_s: float) -> Picture | None:
        """Look at one encoded picture; None where it was dropped for a newer one or could not be decoded."""
        ...

    async def aclose(self) -> None:
        """End the worker."""
        ...
