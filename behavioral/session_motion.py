"""A recorded session's motion as files and figures: `motion.bvh`, and the curves that the timeline draws.

Reads the frames that were really sent, from the recording, one at a time: an hour of motion needs no more
memory than a minute, but for two numbers per frame.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motion.clip import Pose
from motion.formats import bvh
from motion.kinematics import positions
from motion.rotations import multiply, rotate
from runtime.messages import MotionFrame
from runtime.session.reader import SessionReader
from runtime.vocabulary import BODY_JOINTS

MOTION = "motion.bvh"
HANDS = [BODY_JOINTS.index("leftHand"), BODY_JOINTS.index("rightHand")]
HEAD_CHAIN = [BODY_JOINTS.index(name) for name in ("spine", "chest", "upperChest", "neck", "head")]
FORWARD = np.array((0.0, 0.0, 1.0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class MotionCurves:
    """One number per frame, in order of the frames' numbers.

    Attributes:
        head_pitch_deg: pitch of the head against the hips, up positive.
        hand_speed_m_s: speed of the faster hand, metres per second.
    """

    head_pitch_deg: list[float]
    hand_speed_m_s: list[float]


def write_motion(folder: Path, rate_hz: float) -> MotionCurves:
    """Write `motion.bvh` (mode 0600, whole or not at all) from a session's recording and return its curves.

    Where there are no frames the curves are empty.

    Raises:
        AttuneError: the folder holds no recording.
        OSError: the file cannot be written.
    """
    curves = MotionCurves([], [])
    poses = _measured(_frames(folder), rate_hz, curves)
    unfinished = folder / f".{MOTION}"
    try:
        with open(os.open(unfinished, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600), "wb") as file:
            bvh.write(file, poses, rate_hz)
        unfinished.replace(folder / MOTION)
    finally:
        unfinished.unlink(missing_ok=True)
    return curves


def _frames(folder: Path) -> Iterator[MotionFrame]:
    for message in SessionReader(folder).messages(MotionFrame):
        if isinstance(message, MotionFrame):
            yield message


def _measured(frames: Iterator[MotionFrame], rate_hz: float, curves: MotionCurves) -> Iterator[Pose]:
    before: NDArray[np.float32] | None = None
    for frame in frames:
        rotations = np.frombuffer(frame.rotations, dtype="<f4").reshape(-1, 4)
        hips_m = np.array(frame.hips_m, dtype=np.float32)
        hands = positions(rotations, hips_m)[HANDS]
        speed = 0.0 if before is None else float(np.linalg.norm(hands - before, axis=-1).max()) * rate_hz
        before = hands
        head = rotations[HEAD_CHAIN[0]]
        for joint in HEAD_CHAIN[1:]:
            head = multiply(head, rotations[joint])
        curves.head_pitch_deg.append(float(np.degrees(np.arcsin(np.clip(rotate(head, FORWARD)[1], -1.0, 1.0)))))
        curves.hand_speed_m_s.append(speed)
        yield Pose(rotations, hips_m, np.frombuffer(frame.hands, dtype="<f4").reshape(2, 6))
