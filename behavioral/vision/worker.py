"""The child process that looks at pictures: faces by one of the engines, motion by dense optical flow, brightness.

Started by `behavioral.vision.open` as `python -m behavioral.vision.worker --engine NAME`; one request at a time, single-threaded,
niced. Operations: `open_file {path}`, `look_at {t_s}`, `open_camera {index}`, `look_camera {t_s}`, `look_jpeg {t_s} +
bytes`. Whatever is wrong with an input is one error for people; a crash inside a decoder ends this process and nothing
else. Boxes are shares of the picture, x right, y down.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict
from typing import Any

from behavioral.vision.contract import Face
from behavioral.vision.engines.cascade import MEND
from behavioral.vision.engines.contract import FaceEngine, Frame, focal_px
from behavioral.vision.scene_motion import SceneMotion
from behavioral.vision.sources import Camera, Picture, Stillness, VideoFile, decode_jpeg, load_cv2
from runtime.worker import Header, serve_worker


class Looker:
    """One source of pictures and what the last one looked like."""

    def __init__(self, cv2: Any, engine: FaceEngine, horizontal_fov_deg: float = 60.0) -> None:
        """Look with an engine through a camera of that field of view."""
        self._cv2 = cv2
        self._engine = engine
        self._fov_deg = horizontal_fov_deg
        self._motion = SceneMotion(cv2)
        self._file: VideoFile | None = None
        self._camera: Camera | None = None
        self._still = Stillness("the page's camera")

    def handle(self, request: Header, payload: bytes) -> tuple[Header, bytes]:
        """Answer one request; ValueError for people."""
        operation = request.get("op")
        try:
            if operation == "open_file":
                self._release()
                self._file = VideoFile(self._cv2, str(request.get("path", "")))
                return self._file.facts, b""
            if operation == "open_camera":
                self._release()  # also so that a camera that is opened again is not busy with ourselves
                self._camera = Camera(self._cv2, int(request.get("index", 0)))
                return self._camera.facts, b""
            if operation == "look_at":
                return self._look_at(_seconds(request)), b""
            if operation == "look_camera":
                if self._camera is None:
                    raise ValueError("no camera is open")
                t_s = _seconds(request)
                return self._look(self._camera.newest(t_s), t_s), b""
            if operation == "look_jpeg":
                t_s = _seconds(request)
                picture = decode_jpeg(self._cv2, payload)
                self._still.check(payload, t_s)
                return self._look(picture, t_s), b""
        except self._cv2.error as error:
            raise ValueError(f"OpenCV: {error.err or error}") from error
        raise ValueError(f"unknown operation {operation!r}")

    def _look_at(self, t_s: float) -> Header:
        if self._file is None:
            raise ValueError("no video is open")
        picture = self._file.at(t_s)
        assert picture is not None  # opening decoded the first one
        return {**self._look(picture, self._file.stamp_s), "ended": self._file.ended}

    def _release(self) -> None:
        for source in (self._file, self._camera):
            if source is not None:
                source.close()
        self._file = self._camera = None
        self._engine.forget()
        self._motion.forget()

    def _look(self, bgr: Picture, t_s: float) -> Header:
        grey = self._cv2.cvtColor(bgr, self._cv2.COLOR_BGR2GRAY)
        height, width = grey.shape
        motion, motion_x = self._motion.update(grey, t_s)
        faces = self._engine.find(Frame(bgr, grey, t_s, focal_px(width, self._fov_deg)))
        return {
            "t_s": t_s,
            "faces": [_told(face) for face in faces],
            "motion": motion,
            "motion_x": motion_x,
            "luminance": float(grey.mean()) / 255.0,
            "aspect": min(100.0, max(0.01, width / height)),
        }


def open_engine(cv2: Any, name: str, *, yunet_model: str = "", mediapipe_python: str = "") -> FaceEngine:
    """Return the engine of that name; ValueError with the mend where it cannot work here."""
    # Each engine's own libraries and processes are its own: only the one that is asked for is imported.
    if name == "haar":
        from behavioral.vision.engines.haar import HaarEngine

        return HaarEngine(cv2)
    if name == "yunet":
        from behavioral.vision.engines.yunet import YuNetEngine

        return YuNetEngine(cv2, yunet_model)
    if name == "mediapipe":
        from behavioral.vision.engines.mediapipe import MediaPipeEngine

        return MediaPipeEngine(cv2, mediapipe_python)
    raise ValueError(f"there is no face engine {name!r}")


def _told(face: Face) -> Header:
    """Return what the engine said of a face; what it did not say is not there."""
    return {name: value for name, value in asdict(face).items() if value is not None}


def _seconds(request: Header) -> float:
    t_s = request.get("t_s")
    if not isinstance(t_s, (int, float)) or not math.isfinite(t_s) or t_s < 0:
        raise ValueError(f"t_s must be a time of at least 0 s, not {t_s!r}")
    return float(t_s)


def main() -> None:
    """Serve until the owner closes the pipe."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", default="haar")
    parser.add_argument("--fov-deg", type=float, default=60.0)
    parser.add_argument("--yunet-model", default="")
    parser.add_argument("--mediapipe-python", default="")
    asked = parser.parse_args()
    looker: Looker | None = None

    def handle(request: Header, payload: bytes) -> tuple[Header, bytes]:
        nonlocal looker
        if looker is None:
            try:
                cv2 = load_cv2()
            except ImportError as error:
                raise ValueError(f"OpenCV is missing ({error}); {MEND}") from error
            engine = open_engine(
                cv2, asked.engine, yunet_model=asked.yunet_model, mediapipe_python=asked.mediapipe_python
            )
            looker = Looker(cv2, engine, asked.fov_deg)
        return looker.handle(request, payload)

    serve_worker("vision", handle, niceness=10)


if __name__ == "__main__":
    main()
