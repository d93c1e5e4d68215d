"""Which engine sees, and why: what `vision.engine` means on this machine.

`auto` takes the best that is set up: mediapipe, then yunet, then the embedded Haar cascade; what was set but is not there is said in
`Choice.note`, and the next best is taken. An engine asked for by name is used or refused with the mend, never replaced.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from behavioral.vision.contract import Sight
from behavioral.vision.eyes import Eyes
from runtime.errors import AttuneError
from runtime.offload import Offload
from runtime.settings import VisionSettings
from runtime.worker import WorkerProcess

Engine = Literal["haar", "yunet", "mediapipe", "none"]
OPENCV_MEND = "pip install 'opencv-python-headless<5'"
_TIMEOUT_S, _MESH_TIMEOUT_S = 10.0, 25.0
"""Longest look; with the mesh the first one loads mediapipe, which a busy machine takes many seconds for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine and, in a sentence for people, why this one; `note` is a trouble that health should show."""

    engine: Engine
    reason: str
    note: str = ""


def choose_engine(settings: VisionSettings) -> Choice:
    """Return the engine for a profile on this machine.

    Raises:
        RuntimeError: the engine asked for by name cannot work here; with the mend.
    """
    if not settings.enabled or settings.engine == "none":
        return Choice("none", "vision is off in the profile")
    wants: dict[Engine, str | None] = {"mediapipe": _mediapipe(settings), "yunet": _yunet(settings), "haar": _opencv()}
    if settings.engine != "auto":
        trouble = wants[settings.engine]
        if trouble is not None:
            raise RuntimeError(f"vision.engine is {settings.engine}, but {trouble}")
        return Choice(settings.engine, "asked for by name")
    asked: dict[Engine, str] = {"mediapipe": settings.mediapipe_python, "yunet": settings.yunet_model}
    note = "; ".join(f"vision: {wants[name]}" for name, setting in asked.items() if setting and wants[name])
    for name, setting in asked.items():
        if setting and wants[name] is None:
            return Choice(
                name, f"{name}: vision.{'mediapipe_python' if name == 'mediapipe' else 'yunet_model'} is set", note
            )
    if wants["haar"] is None:
        return Choice("haar", "haar: embedded; neither vision.mediapipe_python nor vision.yunet_model is usable", note)
    return Choice("none", f"nothing sees: {wants['haar']}", note)


def open_eyes(settings: VisionSettings, new_offload: Callable[[str], Offload]) -> Sight | None:
    """Return the eyes of a profile, None where vision is off or (with `engine: auto`) nothing can see here.

    Args:
        settings: the profile's vision section.
        new_offload: makes a runner for blocking work (`RoomContext.new_offload`).

    Raises:
        RuntimeError: as `choose_engine`.
    """
    choice = choose_engine(settings)
    if choice.engine == "none":
        return None
    argv = [sys.executable, "-m", "behavioral.vision.worker", "--engine", choice.engine]
    argv += ["--fov-deg", str(settings.horizontal_fov_deg)]
    if choice.engine == "yunet":
        argv += ["--yunet-model", str(Path(settings.yunet_model).expanduser())]
    if choice.engine == "mediapipe":
        argv += ["--mediapipe-python", str(Path(settings.mediapipe_python).expanduser())]
    timeout_s = _MESH_TIMEOUT_S if choice.engine == "mediapipe" else _TIMEOUT_S
    worker = WorkerProcess("vision", argv, new_offload("vision"), timeout_s=timeout_s)
    return Eyes(settings, worker, choice.note)


def _opencv() -> str | None:
    """Return what is wrong with OpenCV, None where nothing is."""
    return None if importlib.util.find_spec("cv2") else f"OpenCV is missing; mend: {OPENCV_MEND}"


def _yunet(settings: VisionSettings) -> str | None:
    if (trouble := _opencv()) is not None:
        return trouble
    if not settings.yunet_model:
        return "vision.yunet_model names no file; mend: give the path of a face_detection_yunet ONNX file"
    if not Path(settings.yunet_model).expanduser().is_file():
        return f"vision.yunet_model: {settings.yunet_model} is not there"
    return None


def _mediapipe(settings: VisionSettings) -> str | None:
    if (trouble := _opencv()) is not None:
        return trouble
    if not settings.mediapipe_python:
        return "vision.mediapipe_python names no Python; mend: attune doctor shows how to make one"
    python = Path(settings.mediapipe_python).expanduser()
    if not python.is_file() or not os.access(python, os.X_OK):
        return f"vision.mediapipe_python: {settings.mediapipe_python} is no program"
    return None


async def open_video(sight: Sight, path: str) -> None:
    """Open the video of a session.

    Raises:
        AttuneError: it cannot be read.
    """
    try:
        await sight.open_file(path)
    except ValueError as error:
        reason = str(error).removeprefix(f"{path}: ")
        raise AttuneError(f"--video {path}: {reason}", "Give another file, or leave --video out") from None
