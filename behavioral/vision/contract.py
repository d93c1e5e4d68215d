"""What a look at one picture returns.

Boxes are shares of the picture's width and height (x to the right, y down, origin top left), so that nothing downstream
depends on the camera.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

Angles = tuple[float, float, float]
"""Yaw, pitch, roll in radians."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face in one picture; what the engine does not tell is None.

    Angles are the person's: 0 towards the camera, yaw positive to the own left (the picture's right), pitch up, roll to the own
    right shoulder. Yaw and roll have the signs of REP 103, pitch the house's.

    Attributes:
        box: x, y, width, height, shares of the picture.
        confidence: the detector's, 0 to 1.
        head_rad: yaw, pitch, roll of the head.
        gaze_rad: yaw and pitch of the line of sight (head and eyes).
        distance_m: from the camera.
        turned_rad: how far the head turned in yaw and pitch since the previous picture, where only that is known.
        mouth_open: gap of the lips as a share of half the distance of the outer eye corners.
        eyes_open: height over width of the open eye (0.3 open, under 0.15 shut).
        smile: 0 to 1, from the mouth's corners.
        frown: 0 to 1, from the mouth's corners and the brows.
        appearance: non-negative numbers of equal length whose sum is 1, alike for pictures of one person.
    """

    box: tuple[float, float, float, float]
    confidence: float
    head_rad: Angles | None = None
    gaze_rad: tuple[float, float] | None = None
    distance_m: float | None = None
    turned_rad: tuple[float, float] | None = None
    mouth_open: float | None = None
    eyes_open: float | None = None
    smile: float | None = None
    frown: float | None = None
    appearance: tuple[float, ...] | None = None


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
