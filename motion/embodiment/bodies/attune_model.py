"""Our humanoid as a MuJoCo model, made from its table and the skeleton's measures: what the figure can do, the body can."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from xml.etree import ElementTree as Xml

from motion.embodiment.bodies.attune_body import ARM, EYE, NAME, NECK, ROWS, WAIST, Row, mirrored
from motion.skeleton import FOREARM_M, HAND_M, HEAD_TOP_M, HIPS_HEIGHT_M, INDEX, REST_OFFSETS_M, UPPER_ARM_M

SUBSTEP_S = 0.002
LAG_S = 0.05
"""By how much a joint follows its command late: damping over stiffness of its motor."""
AXES = {"roll": (1, 0, 0), "pitch": (0, 1, 0), "yaw": (0, 0, 1)}
TEAL, CREAM, SKIN = (0.12, 0.5, 0.48, 1), (0.93, 0.9, 0.84, 1), (0.95, 0.82, 0.72, 1)
SKY = (0.75, 0.86, 0.88)
WHITE, IRIS, GROUND = (0.95, 0.95, 0.95, 1), (0.1, 0.4, 0.4, 1), (0.87, 0.9, 0.9, 1)
ALWAYS_TOUCH = (
    ("torso", "left_upper_arm"), ("torso", "right_upper_arm"), ("pelvis", "torso"), ("torso", "neck"), ("torso", "head"),
    ("left_forearm", "left_fingers"), ("right_forearm", "right_fingers"),
)  # fmt: skip
"""Parts that meet at a joint."""

Numbers = Iterable[float]


@cache
def mjcf() -> str:
    """Return the model: the joints of the body's description in its order, each with a position actuator of the same name."""
    model = Xml.Element("mujoco", model=NAME)
    _add(model, "compiler", angle="degree", autolimits="true")
    _add(model, "option", timestep=SUBSTEP_S, integrator="implicitfast")
    visual = _add(model, "visual")
    _add(visual, "global", offwidth=1280, offheight=720)
    _add(visual, "headlight", ambient=(0.35, 0.35, 0.35), diffuse=(0.35, 0.35, 0.35), specular=(0.05, 0.05, 0.05))
    _add(
        _add(model, "asset"), "texture", type="skybox", builtin="gradient", rgb1=SKY, rgb2=(1, 1, 1), width=64, height=384
    )  # fmt: skip
    world = _add(model, "worldbody")
    _add(world, "light", pos=(1.5, 1, 2.5), dir=(-0.5, -0.3, -0.8), diffuse=(0.5, 0.5, 0.5))
    _add(world, "light", pos=(1, -1, 2), dir=(-0.4, 0.4, -0.8), diffuse=(0.25, 0.25, 0.25))
    _add(world, "camera", name="front", pos=(1.75, 0, 1.22), xyaxes=(0, 1, 0, -0.08, 0, 1))
    _geom(world, "floor", "plane", (3, 3, 0.1), rgba=GROUND, **_UNTOUCHED)
    _trunk(world)
    contact, actuator = _add(model, "contact"), _add(model, "actuator")
    for one, other in ALWAYS_TOUCH:
        _add(contact, "exclude", body1=one, body2=other)
    for row in ROWS:
        _add(
            actuator, "position", name=row.name, joint=row.name, kp=row.kp, ctrlrange=(math.radians(row.low), math.radians(row.high))
        )  # fmt: skip
    return Xml.tostring(model, encoding="unicode")


_UNTOUCHED = {"contype": 0, "conaffinity": 0}


def _trunk(world: Xml.Element) -> None:
    pelvis = _add(world, "body", name="pelvis", pos=(0, 0, HIPS_HEIGHT_M))
    _geom(pelvis, "pelvis", "capsule", (0.09,), fromto=(0, -0.06, 0, 0, 0.06, 0), mass=8)
    for side, y in (("left", 0.09), ("right", -0.09)):
        _geom(
            pelvis,
            f"{side}_leg",
            "capsule",
            (0.06,),
            fromto=(0, y, -0.05, 0, y, 0.08 - HIPS_HEIGHT_M),
            mass=6,
            **_UNTOUCHED,
        )
    torso = _body(pelvis, "torso", (0, 0, _offset("spine")[2]), WAIST)
    _geom(torso, "belly", "capsule", (0.1,), fromto=(0, -0.04, 0.06, 0, 0.04, 0.06), mass=5)
    _geom(torso, "chest", "capsule", (0.105,), fromto=(0, -0.07, 0.27, 0, 0.07, 0.27), mass=9, rgba=CREAM)
    neck = _body(torso, "neck", (0, 0, sum(_offset(name)[2] for name in ("chest", "upperChest", "neck"))), NECK)
    head_z = _offset("head")[2]
    _geom(neck, "neck", "capsule", (0.04,), fromto=(0, 0, -0.02, 0, 0, head_z), mass=0.5)
    head = _body(neck, "head", (0, 0, head_z), ())
    _geom(head, "head", "sphere", (HEAD_TOP_M / 2,), pos=(0.01, 0, 0.09), mass=3, rgba=SKIN)
    for side in ("left", "right"):
        _eye(head, side)
        _arm(torso, side)


def _eye(head: Xml.Element, side: str) -> None:
    eye = _body(head, f"{side}_eye", (0.085, 0.032 * _sign(side), 0.075), (mirrored(row, side) for row in EYE))
    _geom(eye, f"{side}_eye", "sphere", (0.016,), mass=0.02, rgba=WHITE, **_UNTOUCHED)
    _geom(eye, f"{side}_pupil", "sphere", (0.007,), pos=(0.012, 0, 0), mass=0.001, rgba=IRIS, **_UNTOUCHED)


def _arm(torso: Xml.Element, side: str) -> None:
    rows = [mirrored(row, side) for row in ARM]
    x, y, z = (sum(values) for values in zip(_offset("leftShoulder"), _offset("leftUpperArm"), strict=True))
    z += sum(_offset(name)[2] for name in ("chest", "upperChest"))
    upper = _body(torso, f"{side}_upper_arm", (x, y * _sign(side), z), rows[:3])
    _geom(upper, f"{side}_upper_arm", "capsule", (0.04,), fromto=(0, 0, 0, 0, 0, -UPPER_ARM_M), mass=1.6)
    forearm = _body(upper, f"{side}_forearm", (0, 0, -UPPER_ARM_M), rows[3:4])
    _geom(forearm, f"{side}_forearm", "capsule", (0.033,), fromto=(0, 0, -0.02, 0, 0, 0.03 - FOREARM_M), mass=1.0)
    hand, palm_m = _body(forearm, f"{side}_hand", (0, 0, -FOREARM_M), rows[4:7]), 0.55 * HAND_M
    _flat(hand, f"{side}_palm", 0.035, 0.014, palm_m, mass=0.3)
    _add(hand, "site", name=f"{side}_fingertip", pos=(0, 0, -HAND_M), size=0.005, rgba=(0, 0, 0, 0))
    fingers, half_m = _body(hand, f"{side}_fingers", (0, 0, -palm_m), rows[7:]), (HAND_M - palm_m) / 2
    _flat(fingers, f"{side}_fingers", 0.033, 0.009, 2 * half_m, mass=0.1)


def _flat(body: Xml.Element, name: str, half_x_m: float, half_y_m: float, length_m: float, mass: float) -> None:
    """Add a flat part that hangs from its joint: drawn as a box, and three capsules that touch.

    MuJoCo's distance of a capsule from a box is up to some centimetres too large; between capsules it is exact.
    """
    _geom(body, name, "box", (half_x_m, half_y_m, length_m / 2), pos=(0, 0, -length_m / 2), mass=mass, **_UNTOUCHED)
    radius_m = half_y_m
    for place, x in (("inner", -1), ("middle", 0), ("outer", 1)):
        x_m = x * (half_x_m - radius_m)
        fromto = (x_m, 0, -radius_m, x_m, 0, radius_m - length_m)
        _geom(body, f"{name}_{place}", "capsule", (radius_m,), fromto=fromto, mass=0, group=3)


def _sign(side: str) -> float:
    return 1.0 if side == "left" else -1.0


def _offset(name: str) -> tuple[float, float, float]:
    """Return a joint's rest offset from its parent in the body's frame, from the skeleton's (x left, y up, z forward)."""
    x, y, z = REST_OFFSETS_M[INDEX[name]]
    return float(z), float(x), float(y)


def _body(parent: Xml.Element, name: str, at_m: Numbers, rows: Iterable[Row]) -> Xml.Element:
    """Add a link whose weight its motors bear, with its joints."""
    body = _add(parent, "body", name=name, pos=at_m, gravcomp=1)
    for row in rows:
        _add(
            body, "joint", name=row.name, type="hinge", axis=AXES[row.axis], range=(row.low, row.high),
            damping=row.kp * LAG_S, armature=row.kp / 4_000,
        )  # fmt: skip
    return body


def _geom(parent: Xml.Element, name: str, shape: str, size_m: Numbers, **more: object) -> None:
    _add(parent, "geom", **{"name": name, "type": shape, "size": size_m, "rgba": TEAL, **more})


def _add(parent: Xml.Element, tag: str, **attributes: object) -> Xml.Element:
    return Xml.SubElement(parent, tag, {name: _text(value) for name, value in attributes.items()})


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return " ".join(_text(one) for one in value)
    return f"{value:.6g}"
