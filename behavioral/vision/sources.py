"""Where pictures come from, in vision's process: video files, cameras of this machine, JPEGs.

Whatever is wrong with an input is one `ValueError` for people. A camera, or a page, whose picture has not changed by a single grey value
for `FROZEN_AFTER_S` is frozen and gives no picture: a real sensor's noise never stands still. Pictures are uint8 BGR.
"""

from __future__ import annotations

import math
import os
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.worker import Header

MAX_JPEG_BYTES = 4 << 20
MAX_SIDE_PIXELS = 8_192
MAX_PIXELS = 1 << 25
FROZEN_AFTER_S = 2.0

Picture = NDArray[np.uint8]


class VideoFile:
    """A video on this machine, decoded forward only."""

    def __init__(self, cv2: Any, path: str) -> None:
        """Open it and decode its first picture; ValueError where it cannot be one."""
        if not os.path.isfile(path):  # also keeps addresses away from OpenCV, which would open them
            raise ValueError(f"{path}: there is no such file")
        if os.path.getsize(path) == 0:
            raise ValueError(f"{path}: the file is empty")
        self._capture = cv2.VideoCapture(os.path.abspath(path), cv2.CAP_FFMPEG)
        self._position = cv2.CAP_PROP_POS_MSEC
        if not self._capture.isOpened():
            raise ValueError(f"{path}: not a video that OpenCV can read")
        self.facts = facts_of(cv2, self._capture)
        self._fps = float(self.facts["fps"])
        self.stamp_s, self.ended = -1.0, False
        self._picture: Picture | None = None
        width, height = self.facts["width"], self.facts["height"]
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PIXELS:
            self.close()
            raise ValueError(f"{path}: {width}x{height} pixels; the limit is {MAX_SIDE_PIXELS} a side")
        if self.at(0.0) is None:
            self.close()
            raise ValueError(f"{path}: no picture can be decoded")

    def at(self, t_s: float) -> Picture | None:
        """Return the picture shown at `t_s`, decoding forward to it; never goes back. `stamp_s` is its own time."""
        grabbed = False
        while not self.ended and (self.stamp_s < 0 or self.stamp_s + 1.0 / self._fps <= t_s + 1e-6):
            if not self._capture.grab():
                self.ended = True
                break
            grabbed = True
            stamp_s = float(self._capture.get(self._position)) / 1_000.0
            # Containers without time stamps say 0 or run backwards: count pictures instead.
            counted_s = 0.0 if self.stamp_s < 0 else self.stamp_s + 1.0 / self._fps
            told = math.isfinite(stamp_s) and stamp_s > max(0.0, self.stamp_s)
            self.stamp_s = stamp_s if told else counted_s
        if grabbed:
            good, picture = self._capture.retrieve()
            if good and picture is not None and picture.size:
                self._picture = picture
        return self._picture

    def close(self) -> None:
        """Let go of the file."""
        self._capture.release()


class Camera:
    """A camera of this machine."""

    def __init__(self, cv2: Any, index: int) -> None:
        """Open it; ValueError where there is none."""
        self._capture = cv2.VideoCapture(index)
        if not self._capture.isOpened():
            raise ValueError(f"camera {index} cannot be opened; mend: plug it in, or allow access to /dev/video{index}")
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, 640)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, 480)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # the newest picture, not the oldest that waits
        self.facts = {**facts_of(cv2, self._capture), "frames": 0}
        self._still = Stillness("the camera")

    def newest(self, t_s: float) -> Picture:
        """Return the newest picture; ValueError where there is none or the camera has frozen."""
        good, picture = self._capture.read()
        if not good or picture is None or not picture.size:
            raise ValueError("the camera gives no picture; mend: unplug it and plug it in again")
        self._still.check(picture.tobytes(), t_s)
        return picture  # type: ignore[no-any-return] # cv2 is untyped

    def close(self) -> None:
        """Let go of the device."""
        self._capture.release()


class Stillness:
    """Notices a source that repeats one picture to the last bit."""

    def __init__(self, what: str) -> None:
        """Say in errors what has frozen."""
        self._what = what
        self._last: tuple[int, int] | None = None
        self._since_s = 0.0

    def check(self, data: bytes, t_s: float) -> None:
        """Take the bytes of a picture taken at `t_s`; ValueError where they have been the same for too long."""
        now = (len(data), zlib.crc32(data))
        if now != self._last or t_s < self._since_s:
            self._last, self._since_s = now, t_s
        elif t_s - self._since_s >= FROZEN_AFTER_S:
            raise ValueError(f"{self._what} shows the same picture for {t_s - self._since_s:.0f} s; mend: restart it")


def decode_jpeg(cv2: Any, data: bytes) -> Picture:
    """Return the picture; ValueError where it is too large, no JPEG or broken."""
    if not 4 <= len(data) <= MAX_JPEG_BYTES:
        raise ValueError(f"a picture of {len(data)} bytes; from 4 to {MAX_JPEG_BYTES} are accepted")
    if data[:2] != b"\xff\xd8":
        raise ValueError("the picture is not a JPEG")
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if picture is None or picture.size == 0:
        raise ValueError("the JPEG cannot be decoded")
    return picture  # type: ignore[no-any-return] # cv2 is untyped


def facts_of(cv2: Any, capture: Any) -> Header:
    """Return frames per second (25 where it does not say), frames, width and height of an opened capture."""
    fps = float(capture.get(cv2.CAP_PROP_FPS))
    width, height = (int(capture.get(which)) for which in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
    return {
        "fps": fps if math.isfinite(fps) and 0.1 <= fps <= 1_000.0 else 25.0,
        "frames": max(0, int(capture.get(cv2.CAP_PROP_FRAME_COUNT))),
        "width": width,
        "height": height,
    }


def load_cv2() -> Any:
    """Import OpenCV with limits on what it opens; ImportError where it is missing."""
    # Read by OpenCV when it is imported. The whitelist keeps a play list from opening addresses.
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "protocol_whitelist;file"
    os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(MAX_PIXELS)
    os.environ["OPENCV_IO_MAX_IMAGE_WIDTH"] = os.environ["OPENCV_IO_MAX_IMAGE_HEIGHT"] = str(MAX_SIDE_PIXELS)
    os.environ["OPENCV_LOG_LEVEL"] = "SILENT"
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
    import cv2

    cv2.setNumThreads(1)
    return cv2
