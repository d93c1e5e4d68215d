"""A robot's MuJoCo or URDF model made into a body that the agent can move, as its mapping says.

The base is fixed, joints that the mapping does not name are locked at zero (so legs stand), gravity is borne by the motors, and each named
joint gets a position actuator. Parts that meet at a joint, and near neighbours that touch at rest, may touch; everything else may not.
Compiling a model with meshes takes about a second, once per body. Blocking; a mistake is one `AttuneError` naming file, field and mend.
"""

from __future__ import annotations

import copy
import math
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from motion.embodiment.bodies import mapping as files
from motion.embodiment.bodies.attune_model import SKY
from motion.embodiment.bodies.mapping import Mapping, nearest
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.model_files import locate
from motion.embodiment.bodies.surroundings import Table, put
from motion.embodiment.description import BodyDescription, Joint
from motion.embodiment.engine import load_mujoco
from motion.embodiment.retarget.inverse import InverseRetargeting
from runtime.errors import AttuneError

SUBSTEP_S = 0.002
ARMATURE_PER_KP = 1.0 / 4_000.0
NEIGHBOURS = 3
"""Parts so many moved joints apart may touch where they do so at rest."""
TOUCH_M = 0.03
"""Nearer than this at rest counts as touching: a little more than the safety filter keeps parts apart."""
HAND_RADIUS_M, HAND_KG = 0.03, 0.3


def load(path: Path, model_path: Path | None = None, table: Table | None = None) -> RobotModel:
    """Return the body of a mapping file.

    Args:
        path: the mapping.
        model_path: MJCF or URDF to take instead of the one that the mapping names.
        table: that stands before it.

    Raises:
        AttuneError: a mistake in the mapping, the model is not here or does not fit, or MuJoCo is not installed.
    """
    mapping = files.read(path)
    model_file = locate(mapping, path, model_path)
    mujoco = load_mujoco(f"body {mapping.name}")
    try:
        spec = mujoco.MjSpec.from_file(str(model_file))
    except ValueError as error:
        raise AttuneError(f"{model_file}: MuJoCo cannot read it: {str(error)[:300]}", "mend the model") from None
    _check_names(path, model_file, mapping, spec)
    description = _describe(path, model_file, mapping, spec)
    _prepare(mapping, description, spec)
    if table is not None:
        put(table, spec)
    try:
        model = _compiled(path, mapping, description, spec)
    except ValueError as error:
        raise AttuneError(f"{model_file}: MuJoCo cannot compile it: {str(error)[:300]}", "mend the model") from None
    return RobotModel(
        description,
        partial(copy.copy, model),
        _limbs(mapping, model),
        mapping.lag_s,
        partial(InverseRetargeting, model, mapping.figure, description, mapping.collision.apart_m),
        mapping.figure,
        mapping.collision.apart_m,
    )


def _check_names(path: Path, model_file: Path, mapping: Mapping, spec: Any) -> None:
    joints = {joint.name: joint for joint in spec.joints}
    bodies = {body.name for body in spec.bodies}
    for name in mapping.joints:
        if name not in joints:
            hinges = [joint.name for joint in spec.joints if joint.name]
            raise AttuneError(f"{path}: joints.{name}: {model_file} has no such joint", nearest(name, hinges))
        if joints[name].type.name != "mjJNT_HINGE":
            raise AttuneError(f"{path}: joints.{name}: it is no hinge in {model_file}", "name hinges only")
    for field, name in _bodies_named(mapping):
        if name not in bodies:
            raise AttuneError(f"{path}: {field}: {model_file} has no body '{name}'", nearest(name, bodies))


def _bodies_named(mapping: Mapping) -> list[tuple[str, str]]:
    figure = mapping.figure
    found = [("figure.torso", figure.torso)]
    if figure.head:
        found.append(("figure.head", figure.head))
    for side, arm in mapping.figure.arms.items():
        for part in ("shoulder", "elbow", "wrist"):
            point = getattr(arm, part)
            found.append((f"figure.{side}.{part}", point if isinstance(point, str) else point.body))
        found.append((f"figure.{side}.hand.body", arm.hand.body))
    for number, pair in enumerate(mapping.collision.exclude):
        found += [(f"collision.exclude[{number}]", name) for name in pair]
    return found


def _describe(path: Path, model_file: Path, mapping: Mapping, spec: Any) -> BodyDescription:
    unit = math.pi / 180.0 if spec.compiler.degree else 1.0
    joints = []
    for name, one in mapping.joints.items():
        own = [unit * float(end) for end in spec.joint(name).range]
        limited = own[0] < own[1]
        low, high = own if one.range_deg is None else map(math.radians, one.range_deg)
        if not limited and one.range_deg is None:
            raise AttuneError(f"{path}: joints.{name}: {model_file} gives it no range", "give range_deg")
        if limited and (low < own[0] - 1e-6 or high > own[1] + 1e-6):
            shown = " to ".join(f"{math.degrees(end):.1f}" for end in own)
            raise AttuneError(f"{path}: joints.{name}.range_deg: the model allows only {shown}", "stay within it")
        if not low <= math.radians(one.rest_deg) <= high:
            shown = f"{math.degrees(low):.1f} to {math.degrees(high):.1f}"
            raise AttuneError(f"{path}: joints.{name}.rest_deg: {one.rest_deg:g} is not in {shown}", "rest within it")
        motor = mapping.motors[one.motor]
        limits = (motor.velocity_deg_s, motor.acceleration_deg_s2, motor.jerk_deg_s3, one.rest_deg)
        joints.append(Joint(name, low, high, *map(math.radians, limits)))
    return BodyDescription(mapping.name, tuple(joints), mapping.rate_hz, frozenset(mapping.parts))


def _prepare(mapping: Mapping, description: BodyDescription, spec: Any) -> None:
    """Change the model: fix it, take its motors and give it ours, and let its hands be felt."""
    for kind in (spec.actuators, spec.sensors, spec.keys, spec.equalities, spec.tendons):
        for one in list(kind):
            spec.delete(one)
    for joint in list(spec.joints):
        if joint.name not in mapping.joints:
            spec.delete(joint)
    for geom in list(spec.worldbody.geoms):
        spec.delete(geom)  # a floor of its own
    _collide(mapping, spec)
    unit = math.degrees(1.0) if spec.compiler.degree else 1.0
    for one in description.joints:
        motor, joint = mapping.motors[mapping.joints[one.name].motor], spec.joint(one.name)
        joint.limited, joint.range = 1, [unit * one.low_rad, unit * one.high_rad]
        joint.damping, joint.armature = [motor.kp_nm_rad * mapping.lag_s, 0.0, 0.0], motor.kp_nm_rad * ARMATURE_PER_KP
        joint.frictionloss, joint.actfrclimited = 0.0, 0
        import mujoco

        actuator = spec.add_actuator(
            name=one.name, target=one.name, trntype=mujoco.mjtTrn.mjTRN_JOINT, ctrllimited=1, forcelimited=0
        )
        actuator.set_to_position(kp=motor.kp_nm_rad)
        actuator.ctrlrange = [one.low_rad, one.high_rad]
    for body in spec.bodies[1:]:
        body.gravcomp = 1.0
    if not any(texture.type == mujoco.mjtTexture.mjTEXTURE_SKYBOX for texture in spec.textures):
        sky = spec.add_texture(name="attune_sky", type=mujoco.mjtTexture.mjTEXTURE_SKYBOX, width=64, height=384)
        sky.builtin, sky.rgb1, sky.rgb2 = mujoco.mjtBuiltin.mjBUILTIN_GRADIENT, SKY, (1.0, 1.0, 1.0)
    spec.option.timestep = SUBSTEP_S
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    for one, other in mapping.collision.exclude:
        spec.add_exclude(bodyname1=one, bodyname2=other)
    spec.visual.global_.offwidth, spec.visual.global_.offheight = 1280, 720


def _collide(mapping: Mapping, spec: Any) -> None:
    """Make the shapes of the mapping's group touch each other; a hand without any shape gets one."""
    import mujoco

    if mapping.collision.group >= 0:
        for geom in spec.geoms:
            geom.contype = geom.conaffinity = int(geom.group == mapping.collision.group)
        for pair in list(spec.pairs):
            spec.delete(pair)
    for arm in mapping.figure.arms.values():
        body = spec.body(arm.hand.body)
        if not any(geom.contype or geom.conaffinity for geom in body.geoms):
            tip = np.array(arm.hand.tip_m)
            bare = not list(body.geoms)
            body.add_geom(
                type=mujoco.mjtGeom.mjGEOM_CAPSULE, size=[HAND_RADIUS_M, 0.0, 0.0], fromto=[*(0.1 * tip), *(0.85 * tip)],
                contype=1, conaffinity=1, mass=0.0 if body.explicitinertial else HAND_KG,
                group=1 if bare else 3, rgba=[0.35, 0.35, 0.38, 1.0],
            )  # fmt: skip


def _compiled(path: Path, mapping: Mapping, description: BodyDescription, spec: Any) -> Any:
    """Compile the model; pairs of near neighbours that touch at rest may do so, others are a mistake."""
    import mujoco

    _exclude_adjacent(spec.compile(), spec)
    model = spec.compile()
    data = mujoco.MjData(model)
    for joint in description.joints:
        data.joint(joint.name).qpos[0] = joint.rest_rad
    shapes = model.geom_margin.copy()
    model.geom_margin[:] = TOUCH_M / 2.0
    mujoco.mj_kinematics(model, data)
    mujoco.mj_comPos(model, data)
    mujoco.mj_collision(model, data)
    model.geom_margin[:] = shapes
    touching = {
        tuple(sorted(int(model.geom_bodyid[geom]) for geom in contact.geom))
        for contact in data.contact[: data.ncon]
        if contact.dist < TOUCH_M
    }
    if not touching:
        return model
    for one, other in sorted(touching):
        names = model.body(one).name, model.body(other).name
        if _joints_between(model, one, other) > NEIGHBOURS:
            raise AttuneError(
                f"{path}: joints: at rest {names[0]} and {names[1]} touch",
                "change rest_deg of a joint between them, or list them in collision.exclude",
            )
        spec.add_exclude(bodyname1=names[0], bodyname2=names[1])
    return spec.compile()


def _exclude_adjacent(model: Any, spec: Any) -> None:
    """Let a body touch the next one above it that has a shape: MuJoCo does so only for its parent."""
    shaped = {
        int(body)
        for body, kind in zip(model.geom_bodyid, model.geom_contype | model.geom_conaffinity, strict=True)
        if kind
    }
    for body in shaped:
        above = int(model.body_parentid[body])
        while above and above not in shaped:
            above = int(model.body_parentid[above])
        if above and above != model.body_parentid[body]:
            spec.add_exclude(bodyname1=model.body(body).name, bodyname2=model.body(above).name)


def _joints_between(model: Any, one: int, other: int) -> int:
    """Return how many joints lie on the way from one body to another."""

    def chain(body: int) -> list[int]:
        found = [body]
        while found[-1]:
            found.append(int(model.body_parentid[found[-1]]))
        return found

    ways = set(chain(one)) ^ set(chain(other))
    return sum(int(model.body_jntnum[body]) for body in ways)


def _limbs(mapping: Mapping, model: Any) -> tuple[tuple[str, ...], ...]:
    """Return the joints of the trunk with the head, and of each arm: those from the torso to the hand and beyond."""
    torso = model.body(mapping.figure.torso).id
    arms: list[list[str]] = []
    for arm in mapping.figure.arms.values():
        hand = model.body(arm.hand.body).id
        root = hand
        while model.body_parentid[root] not in (torso, 0):
            root = int(model.body_parentid[root])
        arms.append([name for name in mapping.joints if root in _above(model, int(model.joint(name).bodyid[0]))])
    taken = {name for arm in arms for name in arm}
    trunk = [name for name in mapping.joints if name not in taken]
    return tuple(tuple(limb) for limb in (trunk, *arms) if limb)


def _above(model: Any, body: int) -> set[int]:
    found = {body}
    while body:
        body = int(model.body_parentid[body])
        found.add(body)
    return found
