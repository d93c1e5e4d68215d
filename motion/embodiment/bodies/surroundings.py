"""What stands around a body and must not be touched: a table, as a part of the body's own model.

Checks for collision then keep arms off it as they keep them off the trunk, and the simulation has it too. Metres in the body's frame
(REP-103: x forward, y left, z up), the floor at z = 0. The table is a convex mesh of a box's corners: MuJoCo's distance of a capsule
from a mesh is exact, from a box it is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

from motion.embodiment.engine import load_mujoco
from runtime.body_settings import BodySettings

NAME = "table"
WOOD = (0.72, 0.58, 0.42, 1.0)


@dataclass(frozen=True, slots=True)
class Table:
    """A table in front of the body.

    Attributes:
        height_m: of its top.
        edge_m: of its near edge from the body's axis.
        depth_m: from near to far edge.
        width_m: from left to right, in the middle before the body.
        thick_m: of its top.
    """

    height_m: float
    edge_m: float = 0.3
    depth_m: float = 0.8
    width_m: float = 1.6
    thick_m: float = 0.04


def table_of(settings: BodySettings) -> Table | None:
    """Return the table of a profile, None where there is none."""
    return Table(settings.table_height_m, settings.table_edge_m) if settings.table_height_m else None


def put(table: Table, spec: Any) -> None:
    """Put a table into a model's specification (`MjSpec`)."""
    mujoco = load_mujoco("a table")
    half = (table.depth_m / 2.0, table.width_m / 2.0, table.thick_m / 2.0)
    corners = [sign * side for signs in product((-1, 1), repeat=3) for sign, side in zip(signs, half, strict=True)]
    spec.add_mesh(name=NAME, uservert=corners)
    spec.worldbody.add_geom(
        name=NAME, type=mujoco.mjtGeom.mjGEOM_MESH, meshname=NAME, rgba=WOOD, contype=1, conaffinity=1, group=0,
        pos=(table.edge_m + half[0], 0.0, table.height_m - half[2]),
    )  # fmt: skip
