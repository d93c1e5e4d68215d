"""The child process that looks at pictures: faces by OpenCV's Haar cascade, motion by dense optical flow, brightness.

Started by `behavioral.vision.eyes` as `python -m behavioral.vision.worker`; one request at a time, single-threaded,
niced. Operations: `open_file {path}`, `look_at {t_s}`, `open_camera {index}`, `look_camera {t_s}`, `look_jpeg {t_s} +
bytes`. Whatever is wrong with an input is one error for people; a crash inside a decoder ends this process and nothing
else. Boxes are shares of the picture, x right, y down.

Haar frontal default, 480 pixels wide, scale factor 1.2, 3 neighbours, grey values as they are: on 97 pictures of real
people at every sixth frame (one 640x480, the rest 480x270 video) it found 89 with one double at 35 ms. Equalising the
histogram, as tutorials do, lost a fifth of them; 320 pixels lost a third. Flow is DIS (Kroeger et al. 2016) at 160
pixels, 0.3 ms. OpenCV 5 has no cascades.
"""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.worker import Header, serve_worker

MAX_JPEG_BYTES = 4 << 20
MAX_SIDE_PIXELS = 8_192
MAX_PIXELS = 1 << 25
MAX_FACES = 16
FACE_WIDTH_PIXELS = 480
FLOW_WIDTH_PIXELS = 160
MIN_SIDE_PIXELS = 48
"""Shorter sides are padded: neither cascade nor flow is defined below its window."""
_SCALE_FACTOR, _MIN_NEIGHBOURS, _MIN_FACE_PIXELS = 1.2, 3, 24
_CHANGED_GREY_LEVELS = 10
"""Flow counts only where the grey value changed by more: on flat or noisy ground it is arbitrary."""
_MEND = "mend: pip install 'opencv-python-headless<5'"

Grey = NDArray[np.uint8]


class Looker:
    """One source of pictures and what the last one looked like."""

    def __init__(self, cv2: Any) -> None:
        """Load the cascade; ValueError where this OpenCV has none."""
        cv2.setNumThreads(1)
        if not hasattr(cv2, "CascadeClassifier"):
            raise ValueError(f"OpenCV {cv2.__version__} has no face cascades; {_MEND}")
        self._cv2 = cv2
        self._cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
        if self._cascade.empty():
            raise ValueError(f"OpenCV's face cascade is missing from its installation; {_MEND}")
        self._flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._capture: Any = None
        self._fps = 0.0
        self._stamp_s = -1.0
        self._ended = False
        self._frame: Grey | None = None
        self._previous: tuple[Grey, float] | None = None

    def handle(self, request: Header, payload: bytes) -> tuple[Header, bytes]:
        """Answer one request; ValueError for people."""
        operation = request.get("op")
        try:
            if operation in ("open_file", "open_camera"):
                self._release()  # also so that a camera that is opened again is not busy with ourselves
            if operation == "open_file":
                return self._open_file(str(request.get("path", ""))), b""
            if operation == "look_at":
                return self._look_at(_seconds(request)), b""
            if operation == "look_jpeg":
                return self._look_jpeg(payload, _seconds(request)), b""
            if operation == "open_camera":
                return self._open_camera(int(request.get("index", 0))), b""
            if operation == "look_camera":
                return self._look_camera(_seconds(request)), b""
        except self._cv2.error as error:
            raise ValueError(f"OpenCV: {error.err or error}") from error
        raise ValueError(f"unknown operation {operation!r}")

    def _open_file(self, path: str) -> Header:
        if not os.path.isfile(path):  # also keeps addresses away from OpenCV, which would open them
            raise ValueError(f"{path}: there is no such file")
        if os.path.getsize(path) == 0:
            raise ValueError(f"{path}: the file is empty")
        capture = self._cv2.VideoCapture(os.path.abspath(path), self._cv2.CAP_FFMPEG)
        if not capture.isOpened():
            raise ValueError(f"{path}: not a video that OpenCV can read")
        self._begin(capture)
        width, height = (int(capture.get(p)) for p in (self._cv2.CAP_PROP_FRAME_WIDTH, self._cv2.CAP_PROP_FRAME_HEIGHT))
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PIXELS:
            self._release()
            raise ValueError(f"{path}: {width}x{height} pixels; the limit is {MAX_SIDE_PIXELS} a side")
        if not self._advance(0.0):
            self._release()
            raise ValueError(f"{path}: no picture can be decoded")
        frames = capture.get(self._cv2.CAP_PROP_FRAME_COUNT)
        return {"fps": self._fps, "frames": max(0, int(frames)), "width": width, "height": height}

    def _look_at(self, t_s: float) -> Header:
        if self._capture is None:
            raise ValueError("no video is open")
        self._advance(t_s)
        assert self._frame is not None  # `open_file` decoded the first one
        return {**self._look(self._frame, self._stamp_s), "ended": self._ended}

    def _look_jpeg(self, payload: bytes, t_s: float) -> Header:
        if not 4 <= len(payload) <= MAX_JPEG_BYTES:
            raise ValueError(f"a picture of {len(payload)} bytes; from 4 to {MAX_JPEG_BYTES} are accepted")
        if payload[:2] != b"\xff\xd8":
            raise ValueError("the picture is not a JPEG")
        grey = self._cv2.imdecode(np.frombuffer(payload, np.uint8), self._cv2.IMREAD_GRAYSCALE)
        if grey is None or grey.size == 0:
            raise ValueError("the JPEG cannot be decoded")
        return self._look(grey, t_s)

    def _open_camera(self, index: int) -> Header:
        capture = self._cv2.VideoCapture(index)
        if not capture.isOpened():
            raise ValueError(f"camera {index} cannot be opened; mend: plug it in, or allow access to /dev/video{index}")
        capture.set(self._cv2.CAP_PROP_FRAME_WIDTH, 640)
        capture.set(self._cv2.CAP_PROP_FRAME_HEIGHT, 480)
        capture.set(self._cv2.CAP_PROP_BUFFERSIZE, 1)  # the newest picture, not the oldest that waits
        self._begin(capture)
        width, height = (int(capture.get(p)) for p in (self._cv2.CAP_PROP_FRAME_WIDTH, self._cv2.CAP_PROP_FRAME_HEIGHT))
        return {"fps": self._fps, "frames": 0, "width": width, "height": height}

    def _look_camera(self, t_s: float) -> Header:
        if self._capture is None:
            raise ValueError("no camera is open")
        good, frame = self._capture.read()
        if not good:
            raise ValueError("the camera gives no picture; mend: unplug it and plug it in again")
        return self._look(self._grey(frame), t_s)

    def _begin(self, capture: Any) -> None:
        self._release()
        self._capture = capture
        fps = float(capture.get(self._cv2.CAP_PROP_FPS))
        self._fps = fps if math.isfinite(fps) and 0.1 <= fps <= 1_000.0 else 25.0
        self._stamp_s, self._ended, self._frame, self._previous = -1.0, False, None, None

    def _release(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _advance(self, t_s: float) -> bool:
        """Decode forward to the picture shown at `t_s`; return whether there is a picture. Never goes back."""
        grabbed = False
        while not self._ended and (self._stamp_s < 0 or self._stamp_s + 1.0 / self._fps <= t_s + 1e-6):
            if not self._capture.grab():
                self._ended = True
                break
            grabbed = True
            stamp_s = float(self._capture.get(self._cv2.CAP_PROP_POS_MSEC)) / 1_000.0
            # Containers without time stamps say 0 or run backwards: count pictures instead.
            counted_s = 0.0 if self._stamp_s < 0 else self._stamp_s + 1.0 / self._fps
            told = math.isfinite(stamp_s) and stamp_s > max(0.0, self._stamp_s)
            self._stamp_s = stamp_s if told else counted_s
        if grabbed:
            good, frame = self._capture.retrieve()
            if good and frame is not None and frame.size:
                self._frame = self._grey(frame)
        return self._frame is not None

    def _grey(self, frame: Any) -> Grey:
        grey: Grey = frame if frame.ndim == 2 else self._cv2.cvtColor(frame, self._cv2.COLOR_BGR2GRAY)
        return grey

    def _look(self, grey: Grey, t_s: float) -> Header:
        height, width = grey.shape
        small, scale = self._small(grey, FACE_WIDTH_PIXELS)
        motion, motion_x = self._motion(grey, t_s)
        return {
            "t_s": t_s,
            "faces": self._faces(small, scale, width, height),
            "motion": motion,
            "motion_x": motion_x,
            "luminance": float(small.mean()) / 255.0,
            "aspect": min(100.0, max(0.01, width / height)),
        }

    def _small(self, grey: Grey, width_pixels: int) -> tuple[Grey, float]:
        """Return the picture at the given width (never enlarged), padded to the least size, and its scale."""
        height, width = grey.shape
        scale = min(1.0, width_pixels / width)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small: Grey = self._cv2.resize(grey, size, interpolation=self._cv2.INTER_AREA) if scale < 1.0 else grey
        bottom, right = max(0, MIN_SIDE_PIXELS - size[1]), max(0, MIN_SIDE_PIXELS - size[0])
        if bottom or right:
            small = self._cv2.copyMakeBorder(small, 0, bottom, 0, right, self._cv2.BORDER_REPLICATE)
        return small, scale

    def _faces(self, small: Grey, scale: float, width: int, height: int) -> list[list[float]]:
        boxes, _, weights = self._cascade.detectMultiScale3(
            small,
            scaleFactor=_SCALE_FACTOR,
            minNeighbors=_MIN_NEIGHBOURS,
            minSize=(_MIN_FACE_PIXELS, _MIN_FACE_PIXELS),
            outputRejectLevels=True,
        )
        faces = []
        for (x, y, w, h), weight in zip(boxes, np.ravel(weights), strict=True):
            left, top = min(1.0, x / scale / width), min(1.0, y / scale / height)
            box = [left, top, min(1.0 - left, w / scale / width), min(1.0 - top, h / scale / height)]
            # The last stage's margin, 0 to about 8, squashed to 0.5 to 1.
            faces.append([*box, 1.0 / (1.0 + math.exp(-0.5 * max(0.0, float(weight))))])
        return sorted(faces, key=lambda face: (-face[4], face[0]))[:MAX_FACES]

    def _motion(self, grey: Grey, t_s: float) -> tuple[float, float]:
        """Return mean flow in picture widths per second and where it was, as a share of the width."""
        small, _ = self._small(grey, FLOW_WIDTH_PIXELS)
        previous, self._previous = self._previous, (small, t_s)
        if previous is None or previous[0].shape != small.shape or t_s - previous[1] <= 1e-4:
            return 0.0, 0.5
        changed = self._cv2.absdiff(small, previous[0]) > _CHANGED_GREY_LEVELS
        if not changed.any():
            return 0.0, 0.5
        flow = self._flow.calc(previous[0], small, None)
        moved = np.hypot(flow[..., 0], flow[..., 1]) * changed
        total = float(moved.sum())
        width = small.shape[1]
        if not math.isfinite(total) or total <= 0.0:
            return 0.0, 0.5
        where = float((moved.sum(axis=0) * np.arange(width)).sum()) / total / max(1, width - 1)
        return total / moved.size / width / (t_s - previous[1]), where


def _seconds(request: Header) -> float:
    t_s = request.get("t_s")
    if not isinstance(t_s, (int, float)) or not math.isfinite(t_s) or t_s < 0:
        raise ValueError(f"t_s must be a time of at least 0 s, not {t_s!r}")
    return float(t_s)


def _load_cv2() -> Any:
    # Read by OpenCV when it is imported. The whitelist keeps a play list from opening addresses.
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "protocol_whitelist;file"
    os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(MAX_PIXELS)
    os.environ["OPENCV_IO_MAX_IMAGE_WIDTH"] = os.environ["OPENCV_IO_MAX_IMAGE_HEIGHT"] = str(MAX_SIDE_PIXELS)
    os.environ["OPENCV_LOG_LEVEL"] = "SILENT"
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
    import cv2

    return cv2


def main() -> None:
    """Serve until the owner closes the pipe."""
    looker: Looker | None = None

    def handle(request: Header, payload: bytes) -> tuple[Header, bytes]:
        nonlocal looker
        if looker is None:
            try:
                looker = Looker(_load_cv2())
            except ImportError as error:
                raise ValueError(f"OpenCV is missing ({error}); {_MEND}") from error
        return looker.handle(request, payload)

    serve_worker("vision", handle, niceness=10)


if __name__ == "__main__":
    main()
