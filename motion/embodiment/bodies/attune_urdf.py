"""Our humanoid as a URDF, made from the same model as its MJCF, so that the two cannot disagree.

Run as `python -m motion.embodiment.bodies.attune_urdf FOLDER` it writes `attune.urdf` and `attune.ros2_control.urdf` (the same with a
`ros2_control` block of mock hardware) there; the committed files in `ros_ws/src/attune_description/urdf` are what it writes.

Links and joints have the names of the MJCF's bodies and joints; metres, radians, kilograms, newton metres, REP-103 axes. URDF has one joint
between two links, so several hinges of one body become links of their own in between, named after their joint, each with the weight of
a small motor, since simulators take no moving link without. The frames of REP-120 are fixed links: `base_link` (at the pelvis),
`base_footprint`, `torso`, `gaze`, `l_wrist`, `l_gripper` and those of the right; `camera_link` and `camera_optical_frame` (REP-103) lie
between the eyes. An effort limit is the torque that a motor needs against its own damping at its highest speed. Blocking and pure,
except that the program writes the files. MuJoCo (extra `robot`) works out the inertia of each link.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import mujoco
import numpy as np

from motion.embodiment.bodies.attune_body import NAME, ROWS, Row
from motion.embodiment.bodies.attune_model import AXES, LAG_S, mjcf
from motion.embodiment.description import Float64
from runtime.errors import AttuneError

PLAIN, CONTROLLED = "attune.urdf", "attune.ros2_control.urdf"
MOTOR_KG, MOTOR_RADIUS_M = 0.02, 0.025
"""A link between two hinges of one body: a sphere."""
_QUARTER = math.pi / 2
HIDDEN_GROUP = 3
"""Of shapes that are only there to be touched: MuJoCo's custom."""
_EYES_M = (0.085, 0.0, 0.075)
"""Between the eyes, in the frame of the head."""
FRAMES: tuple[tuple[str, str, tuple[float, float, float], tuple[float, float, float]], ...] = (
    ("gaze", "head", _EYES_M, (0, 0, 0)),
    ("camera_link", "head", _EYES_M, (0, 0, 0)),
    ("camera_optical_frame", "camera_link", (0, 0, 0), (-_QUARTER, 0, -_QUARTER)),
    ("l_wrist", "left_hand", (0, 0, 0), (0, 0, 0)),
    ("r_wrist", "right_hand", (0, 0, 0), (0, 0, 0)),
)
"""Name, parent, place and roll, pitch, yaw of the fixed frames that need nothing of the model."""
_GRASP_RPY = (0.0, _QUARTER, 0.0)
"""REP-120: x towards the thing grasped, which is along the fingers; y the way that the fingers close."""

Numbers = Iterable[float]


def urdf(*, ros2_control: bool = False) -> str:
    """Return the URDF as text; with a `ros2_control` block where asked for."""
    model: Any = mujoco.MjModel.from_xml_string(mjcf())
    root = Xml.Element("robot", name=NAME)
    root.append(Xml.Comment(" Written by python -m motion.embodiment.bodies.attune_urdf; do not edit. "))
    materials: dict[tuple[float, ...], str] = {}
    _add(root, "link", name="base_link")
    for number in range(1, model.nbody):
        _body(root, model, number, materials)
    height_m = float(model.body("pelvis").pos[2])
    _frame(root, "base_footprint", "base_link", (0, 0, -height_m), (0, 0, 0))
    for frame in FRAMES:
        _frame(root, *frame)
    for side in ("left", "right"):
        tip_m = model.site(f"{side}_fingertip").pos
        _frame(root, f"{side}_fingertip", f"{side}_hand", tip_m, (0, 0, 0))
        _frame(root, f"{side[0]}_gripper", f"{side}_hand", tip_m / 2, _GRASP_RPY)
    for place, (rgba, name) in enumerate(materials.items(), 1):
        material = Xml.Element("material", name=name)
        _add(material, "color", rgba=rgba)
        root.insert(place, material)
    if ros2_control:
        _control(root)
    Xml.indent(root)
    return '<?xml version="1.0"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _body(root: Xml.Element, model: Any, number: int, materials: dict[tuple[float, ...], str]) -> None:
    """Add a body of the model: its link, and the joints that lead to it, the outermost first."""
    body = model.body(number)
    parent, place_m, rpy = _link_name(model, int(body.parentid[0])), body.pos, _rpy(_matrix(body.quat))
    if parent == "base_link":  # the pelvis: where it stands is said by base_footprint
        place_m = (0, 0, 0)
    joints = [model.joint(int(body.jntadr[0]) + k) for k in range(int(body.jntnum[0]))]
    if not joints:
        _joint(root, f"{body.name}_fixed", "fixed", parent, body.name, place_m, rpy)
    for joint in joints:
        child = body.name if joint is joints[-1] else f"{joint.name}_link"
        _hinge(root, _row(joint.name), parent, child, place_m, rpy)
        if child != body.name:
            moment = 0.4 * MOTOR_KG * MOTOR_RADIUS_M**2
            _inertial(_add(root, "link", name=child), MOTOR_KG, np.zeros(3), np.eye(3) * moment)
        parent, place_m, rpy = child, (0, 0, 0), (0, 0, 0)
    link = _add(root, "link", name=body.name)
    turn = _matrix(body.iquat)
    _inertial(link, float(body.mass[0]), body.ipos, turn @ np.diag(body.inertia) @ turn.T)
    for k in range(int(body.geomnum[0])):
        _shape(link, model.geom(int(body.geomadr[0]) + k), materials)


def _link_name(model: Any, number: int) -> str:
    return "base_link" if number == 0 else str(model.body(number).name)


def _row(name: str) -> Row:
    return next(row for row in ROWS if row.name == name)


def _hinge(root: Xml.Element, row: Row, parent: str, child: str, place_m: Numbers, rpy: Numbers) -> None:
    joint = _joint(root, row.name, "revolute", parent, child, place_m, rpy)
    damping, velocity = row.kp * LAG_S, _within(row.velocity)
    _add(joint, "axis", xyz=AXES[row.axis])
    _add(joint, "limit", lower=_within(row.low), upper=_within(row.high), velocity=velocity, effort=damping * velocity)
    _add(joint, "dynamics", damping=damping, friction=0.0)


def _joint(
    root: Xml.Element, name: str, kind: str, parent: str, child: str, place_m: Numbers, rpy: Numbers
) -> Xml.Element:
    joint = _add(root, "joint", name=name, type=kind)
    _add(joint, "parent", link=parent)
    _add(joint, "child", link=child)
    _add(joint, "origin", xyz=place_m, rpy=rpy)
    return joint


def _frame(root: Xml.Element, name: str, parent: str, place_m: Numbers, rpy: Numbers) -> None:
    _joint(root, f"{name}_fixed", "fixed", parent, name, place_m, rpy)
    _add(root, "link", name=name)


def _inertial(link: Xml.Element, mass_kg: float, centre_m: Float64, moments: Float64) -> None:
    inertial = _add(link, "inertial")
    _add(inertial, "origin", xyz=centre_m, rpy=(0, 0, 0))
    _add(inertial, "mass", value=mass_kg)
    (xx, xy, xz), (_, yy, yz), (_, _, zz) = moments
    _add(inertial, "inertia", ixx=xx, ixy=xy, ixz=xz, iyy=yy, iyz=yz, izz=zz)


def _shape(link: Xml.Element, geom: Any, materials: dict[tuple[float, ...], str]) -> None:
    """Add a shape where it can be seen and where it can be touched. URDF has no capsule: a cylinder with two spheres."""
    rgba = tuple(round(float(part), 4) for part in geom.rgba)
    colour = materials.setdefault(rgba, f"colour_{len(materials) + 1}")
    touched = bool(geom.contype[0] or geom.conaffinity[0])
    turn, size = _matrix(geom.quat), geom.size
    parts: list[tuple[str, Float64, dict[str, object]]]
    if geom.type[0] == mujoco.mjtGeom.mjGEOM_SPHERE:
        parts = [("sphere", geom.pos, {"radius": size[0]})]
    elif geom.type[0] == mujoco.mjtGeom.mjGEOM_BOX:
        parts = [("box", geom.pos, {"size": 2 * size})]
    elif geom.type[0] == mujoco.mjtGeom.mjGEOM_CAPSULE:
        parts = [("cylinder", geom.pos, {"radius": size[0], "length": 2 * size[1]})]
        parts += [("sphere", geom.pos + turn[:, 2] * end * size[1], {"radius": size[0]}) for end in (-1, 1)]
    else:
        raise AttuneError(f"{NAME}: {geom.name}: a shape that URDF does not know", "Use a sphere, a capsule or a box")
    for tag in (*(("visual",) if geom.group[0] != HIDDEN_GROUP else ()), *(("collision",) if touched else ())):
        for place, (kind, at_m, measures) in enumerate(parts):
            name = geom.name if tag == "visual" else f"{geom.name}_{tag}"
            element = _add(link, tag, name=name if place == 0 else f"{name}_end_{place}")
            _add(element, "origin", xyz=at_m, rpy=(0, 0, 0) if kind == "sphere" else _rpy(turn))
            _add(_add(element, "geometry"), kind, **measures)
            if tag == "visual":
                _add(element, "material", name=colour)


def _control(root: Xml.Element) -> None:
    """Add mock hardware that takes positions and tells positions and velocities; it begins at rest."""
    system = _add(root, "ros2_control", name=NAME, type="system")
    hardware = _add(system, "hardware")
    _add(hardware, "plugin").text = "mock_components/GenericSystem"
    _add(hardware, "param", name="calculate_dynamics").text = "true"  # else the velocities that it tells are always 0
    for row in ROWS:
        joint = _add(system, "joint", name=row.name)
        command = _add(joint, "command_interface", name="position")
        _add(command, "param", name="min").text = _text(_within(row.low))
        _add(command, "param", name="max").text = _text(_within(row.high))
        state = _add(joint, "state_interface", name="position")
        _add(state, "param", name="initial_value").text = _text(math.radians(row.rest))
        _add(joint, "state_interface", name="velocity")


def _within(limit_deg: float) -> float:
    """Return a limit in radians, rounded towards zero: who goes to the limit that is written here stays within the body's own."""
    return math.trunc(math.radians(limit_deg) * 1e6) / 1e6


def _matrix(quaternion: Float64) -> Float64:
    flat = np.zeros(9)
    mujoco.mju_quat2Mat(flat, quaternion)
    return flat.reshape(3, 3)


def _rpy(turn: Float64) -> tuple[float, float, float]:
    """Return roll, pitch and yaw about fixed axes, radians."""
    pitch = math.asin(float(np.clip(-turn[2, 0], -1, 1)))
    if abs(turn[2, 0]) > 1 - 1e-9:  # roll and yaw turn about the same axis: it is all yaw
        return 0.0, pitch, math.atan2(-turn[0, 1], turn[1, 1])
    return math.atan2(turn[2, 1], turn[2, 2]), pitch, math.atan2(turn[1, 0], turn[0, 0])


def _add(parent: Xml.Element, tag: str, **attributes: object) -> Xml.Element:
    return Xml.SubElement(parent, tag, {name: _text(value) for name, value in attributes.items()})


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return " ".join(_text(one) for one in value)
    number = float(value)  # type: ignore[arg-type] # numbers of Python or NumPy
    return "0" if abs(number) < 1e-9 else f"{number:.7g}"


def main(arguments: list[str]) -> int:
    """Write both files into a folder."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m motion.embodiment.bodies.attune_urdf FOLDER (one that exists)", file=sys.stderr)
        return 2
    for name, controlled in ((PLAIN, False), (CONTROLLED, True)):
        (Path(arguments[0]) / name).write_text(urdf(ros2_control=controlled), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
