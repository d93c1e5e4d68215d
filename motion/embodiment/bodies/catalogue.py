"""Every body that can be had, by name: our own humanoid, and whatever has a mapping file in `launch/bodies` or at a path."""

from __future__ import annotations

import difflib
import math
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from motion.embodiment.bodies import attune_body, attune_model, mapped
from motion.embodiment.bodies.mapping import Arm, Figure, Finger, Hand
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.surroundings import Table, put
from motion.embodiment.engine import load_mujoco
from motion.embodiment.retarget.avoidance import AIM_APART_M
from motion.embodiment.retarget.direct import CURLED_RAD, DirectRetargeting
from motion.embodiment.safety.collision import SelfCollision
from motion.skeleton import HAND_M
from runtime.errors import AttuneError
from runtime.launch_files import find_launch_file, launch_names

if TYPE_CHECKING:
    import mujoco

SIMULATED = "mujoco:"
"""Before the name of a body that is simulated."""


def names() -> list[str]:
    """Return the bodies that come with Attune; the models of the mapped ones have to be had first (`model_files`)."""
    return [attune_body.NAME, *launch_names("bodies")]


def find(name: str, model_path: str | os.PathLike[str] | None = None, table: Table | None = None) -> RobotModel:
    """Return a body by its name or the path of its mapping file.

    Args:
        name: one of `names`, or a path; `mujoco:` may stand before it.
        model_path: MJCF or URDF to take instead of the one that the mapping names.
        table: that stands before it and must not be touched.

    Raises:
        AttuneError: no such body, a mistake in its mapping, its model is not here, or it rests too near the table.
    """
    given, name = name, name.removeprefix(SIMULATED)
    if name == attune_body.NAME:
        if model_path is not None:
            raise AttuneError("body attune: it has a model of its own", "leave the path of the model out")
        return _rests_free(own(table), table)
    if name not in names() and os.sep not in name and not name.endswith((".yaml", ".yml")):
        near = difflib.get_close_matches(name, names(), n=1)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise AttuneError(
            f"there is no body '{given[:80]}'", f"{hint}known: {', '.join(names())}; or give a path to a mapping file"
        )
    path = None if model_path is None else Path(model_path)
    return _rests_free(mapped.load(find_launch_file("bodies", name), path, table), table)


def _rests_free(robot: RobotModel, table: Table | None) -> RobotModel:
    if table is not None:
        rest = robot.description.vector("rest_rad")
        if SelfCollision(robot.make(), robot.description.names, AIM_APART_M).clearance_m(rest) < AIM_APART_M:
            raise AttuneError(
                f"body {robot.description.name}: at rest it touches a table of {table.height_m:g} m that begins at {table.edge_m:g} m",
                "Lower body.table_height_m, or raise body.table_edge_m",
            )
    return robot


def own(table: Table | None = None) -> RobotModel:
    """Return our own humanoid, with a table before it where one is given."""
    return RobotModel(
        attune_body.description(),
        partial(_own_model, table),
        attune_body.LIMBS,
        attune_model.LAG_S,
        DirectRetargeting,
        Figure(torso="torso", head="head", left=_own_arm("left"), right=_own_arm("right")),
    )


def _own_arm(side: str) -> Arm:
    inwards, closed_deg = (-1.0, -math.degrees(CURLED_RAD)) if side == "left" else (1.0, math.degrees(CURLED_RAD))
    return Arm(
        shoulder=f"{side}_upper_arm",
        elbow=f"{side}_forearm",
        wrist=f"{side}_hand",
        hand=Hand(body=f"{side}_hand", tip_m=(0.0, 0.0, -HAND_M), palm=(0.0, inwards, 0.0)),
        fingers=(Finger(joint=f"{side}_grip", open_deg=0.0, closed_deg=closed_deg),),
    )


def _own_model(table: Table | None) -> mujoco.MjModel:
    library = load_mujoco("body attune")
    if table is None:
        return library.MjModel.from_xml_string(attune_model.mjcf())
    spec = library.MjSpec.from_string(attune_model.mjcf())
    put(table, spec)
    return spec.compile()
