"""What vision's worker answered, taken apart without trust: numbers in range or one of `MALFORMED`."""

from __future__ import annotations

import math
from typing import Any

from behavioral.vision.contract import Face, Picture, VideoFacts
from runtime.worker import Header

MALFORMED = (KeyError, TypeError, ValueError, OverflowError)
"""What taking a reply apart raises where the worker answers something else than it should."""
MAX_FACES = 64
MAX_APPEARANCE = 256
_ANGLE = 2 * math.pi


def picture_of(reply: Header) -> Picture:
    """Return the reply's picture; one of `MALFORMED` where it holds none."""
    faces = reply["faces"]
    if not isinstance(faces, list) or len(faces) > MAX_FACES:
        raise ValueError("faces is not a list of reasonable length")
    return Picture(
        t_s=_number(reply["t_s"]),
        faces=tuple(_face(face) for face in faces),
        motion=_number(reply["motion"]),
        motion_x=_number(reply["motion_x"]),
        luminance=_number(reply["luminance"]),
        aspect=_number(reply["aspect"], 0.01, 100.0),  # the worker's own limits
        ended=bool(reply.get("ended", False)),
    )


def facts_of(reply: Header) -> VideoFacts:
    """Return the facts of an opened source; one of `MALFORMED` where the reply has none."""
    return VideoFacts(float(reply["fps"]), int(reply["frames"]), int(reply["width"]), int(reply["height"]))


def _face(face: dict[str, Any]) -> Face:
    x, y, width, height = (_number(v, 0.0, 1.0) for v in face["box"])
    head = _numbers(face, "head_rad", 3, -_ANGLE, _ANGLE)
    gaze = _numbers(face, "gaze_rad", 2, -_ANGLE, _ANGLE)
    turned = _numbers(face, "turned_rad", 2, -_ANGLE, _ANGLE)
    looks = face.get("appearance")
    return Face(
        (x, y, width, height),
        _number(face["confidence"], 0.0, 1.0),
        head_rad=None if head is None else (head[0], head[1], head[2]),
        gaze_rad=None if gaze is None else (gaze[0], gaze[1]),
        turned_rad=None if turned is None else (turned[0], turned[1]),
        distance_m=_optional(face, "distance_m", 0.0, 1_000.0),
        mouth_open=_optional(face, "mouth_open", 0.0, 100.0),
        eyes_open=_optional(face, "eyes_open", 0.0, 100.0),
        smile=_optional(face, "smile", 0.0, 1.0),
        frown=_optional(face, "frown", 0.0, 1.0),
        appearance=None if looks is None else _numbers(face, "appearance", min(len(looks), MAX_APPEARANCE), 0.0, 1.0),
    )


def _numbers(face: dict[str, Any], name: str, count: int, least: float, most: float) -> tuple[float, ...] | None:
    values = face.get(name)
    if values is None:
        return None
    if len(values) != count:
        raise ValueError(f"{name} has {len(values)} numbers")
    return tuple(_number(value, least, most) for value in values)


def _optional(face: dict[str, Any], name: str, least: float, most: float) -> float | None:
    value = face.get(name)
    return None if value is None else _number(value, least, most)


def _number(value: object, least: float = -math.inf, most: float = math.inf) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value) or not least <= value <= most:
        raise ValueError(f"{value!r} is not a number in range")
    return float(value)
