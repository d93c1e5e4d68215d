"""Live output by the VMC protocol (OSC over UDP), which VSeeFace, Unity and Unreal plug-ins, Warudo and Blender add-ons take.

Each period: `/VMC/Ext/OK`, `/VMC/Ext/T` (seconds), `/VMC/Ext/Root/Pos`, every bone as `/VMC/Ext/Bone/Pos` (Unity's name, local position,
local rotation x, y, z, w), expressions as `/VMC/Ext/Blend/Val` and at last `/VMC/Ext/Blend/Apply`. Unity's frame is left-handed (x right,
y up, z forward) and ours right-handed (x left, y up, z forward): x is mirrored, of rotations y and z. Expressions go under the names of
VRM 1.0 and those of VRM 0.x, since receivers know one or the other. Positions are those of our skeleton in metres.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from motion.clip import Pose
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.live import LOOPBACK, UdpLink, body, gaze
from motion.embodiment.bodies.osc_packets import bundles, message, named
from motion.embodiment.retarget.euler import pitch, yaw
from motion.embodiment.retarget.puppet import Face
from motion.embodiment.safety.filter import Command
from motion.fingers import FINGER_BONES
from motion.quaternions import multiply
from motion.retarget.hands import finger_rotations
from motion.skeleton import REST_OFFSETS_M
from runtime.clock import NS_PER_S, Clock
from runtime.vocabulary import BODY_JOINTS, EXPRESSIONS, VISEMES

NAME = "vmc"
PORT = 39_539
"""Where a receiver of motion ("Marionette") listens by default."""
VOWELS: dict[str, tuple[tuple[str, float], ...]] = {
    "FF": (("ih", 0.2),), "TH": (("ih", 0.25), ("aa", 0.1)), "DD": (("ih", 0.3), ("aa", 0.08)), "kk": (("ih", 0.2), ("aa", 0.2)),
    "CH": (("ou", 0.4), ("ih", 0.15)), "SS": (("ee", 0.35),), "nn": (("ih", 0.25),), "RR": (("ou", 0.35), ("oh", 0.1)),
    "aa": (("aa", 1.0),), "E": (("ee", 0.9),), "ih": (("ih", 0.9),), "oh": (("oh", 1.0),), "ou": (("ou", 1.0),),
}  # fmt: skip
"""Visemes as the five vowels of VRM; those that are absent close the mouth. The page's table (avatar/page/expressions.js)."""
OLD_NAMES = {
    "happy": "Joy", "angry": "Angry", "sad": "Sorrow", "relaxed": "Fun", "surprised": "Surprised",
    "aa": "A", "ih": "I", "ou": "U", "ee": "E", "oh": "O", "blink": "Blink", "blinkLeft": "Blink_L", "blinkRight": "Blink_R",
}  # fmt: skip
"""Names of VRM 0.x; `Surprised` is none of its presets, but what models call it."""
_THUMBS = {"ThumbMetacarpal": "ThumbProximal", "ThumbProximal": "ThumbIntermediate", "ThumbDistal": "ThumbDistal"}


def unity_name(bone: str) -> str:
    """Return Unity's name of a bone (HumanBodyBones) for VRM 1.0's."""
    name = bone[0].upper() + bone[1:]
    for ours, theirs in _THUMBS.items():
        if name.endswith(ours):
            return name.removesuffix(ours) + theirs
    return name


def unity_position(at: Sequence[float]) -> tuple[float, float, float]:
    """Return a place or an offset in Unity's frame."""
    return -float(at[0]), float(at[1]), float(at[2])


def unity_rotation(turn: Sequence[float]) -> tuple[float, float, float, float]:
    """Return a rotation x, y, z, w in Unity's frame."""
    return float(turn[0]), -float(turn[1]), -float(turn[2]), float(turn[3])


def expressions(face: Face) -> dict[str, float]:
    """Return the weights of VRM 1.0's expressions, each 0 to 1."""
    weights = dict.fromkeys(("aa", "ih", "ou", "ee", "oh"), 0.0)
    for name, weight in zip(VISEMES, face.visemes, strict=True):
        for vowel, share in VOWELS.get(name, ()):
            weights[vowel] = min(1.0, weights[vowel] + share * weight)
    weights |= dict(zip(EXPRESSIONS, face.expression, strict=True))
    both = min(face.blink)
    return weights | {"blink": both, "blinkLeft": face.blink[0] - both, "blinkRight": face.blink[1] - both}


_BODY = [(unity_name(name), unity_position(REST_OFFSETS_M[row])) for row, name in enumerate(BODY_JOINTS)]
_FINGERS = [(bone.name, unity_name(bone.name), unity_position(bone.offset_m)) for bone in FINGER_BONES]


def datagrams(pose: Pose, face: Face, command: Command, t_ns: int) -> Iterable[bytes]:
    """Return the datagrams of one period."""
    return bundles(_messages(pose, face, command, t_ns))


def _messages(pose: Pose, face: Face, command: Command, t_ns: int) -> Iterator[bytes]:
    yield message("/VMC/Ext/OK", 1)
    yield message("/VMC/Ext/T", t_ns / NS_PER_S)
    yield named("/VMC/Ext/Root/Pos", "root", (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0))
    hips = unity_position(REST_OFFSETS_M[0] + pose.hips_m)
    for row, ((name, at), turn) in enumerate(zip(_BODY, pose.rotations.tolist(), strict=True)):
        yield named("/VMC/Ext/Bone/Pos", name, (*(at if row else hips), *unity_rotation(turn)))
    to_left, down = gaze(command)
    z, x, y, w = multiply(yaw(to_left), pitch(down))  # from the robot's axes into the skeleton's
    for name in ("LeftEye", "RightEye"):
        yield named("/VMC/Ext/Bone/Pos", name, (0.0, 0.06, 0.08, *unity_rotation((x, y, z, w))))
    yield from _fingers(pose.hands.astype("<f4").tobytes())
    for name, weight in expressions(face).items():
        yield named("/VMC/Ext/Blend/Val", name, (weight,))
        yield named("/VMC/Ext/Blend/Val", OLD_NAMES[name], (weight,))
    yield message("/VMC/Ext/Blend/Apply")


@lru_cache(maxsize=8)  # hands often stay as they are, and their thirty bones take longer than all the rest
def _fingers(hands: bytes) -> tuple[bytes, ...]:
    turns = finger_rotations(np.frombuffer(hands, "<f4").reshape(1, 2, -1).astype(np.float64))
    return tuple(
        named("/VMC/Ext/Bone/Pos", theirs, (*at, *unity_rotation(turns[ours][0].tolist())))
        for ours, theirs, at in _FINGERS
    )


def driver(clock: Clock, host: str = LOOPBACK, port: int = PORT) -> DrivenBody:
    """Return a figure at an address that takes VMC."""
    return body(clock, NAME, UdpLink(NAME, datagrams, host, port))
