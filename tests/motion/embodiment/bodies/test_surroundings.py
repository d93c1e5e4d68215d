"""A table before the body is kept off like a part of it."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
from motion.embodiment.bodies import catalogue, registry
from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.bodies.surroundings import Table, table_of
from motion.embodiment.safety.collision import SelfCollision
from runtime.body_settings import BodySettings
from runtime.clock import MonotonicClock
from runtime.errors import AttuneError
from tests.motion.embodiment.bodies.test_simulated import TICK_NS, Clock

TABLE = Table(height_m=0.95, edge_m=0.25)


def onto_the_table() -> np.ndarray:
    """Both arms go down in front of the body, to where the table is."""
    body = catalogue.own().description
    target = body.vector("rest_rad").copy()
    for side in ("left", "right"):
        target[body.names.index(f"{side}_shoulder_pitch")] = np.radians(-35.0)
        target[body.names.index(f"{side}_elbow")] = np.radians(-20.0)
    return target


def follow(table: Table | None) -> SimulatedBody:
    clock = Clock()
    body = SimulatedBody(clock, catalogue.find("attune", table=table))  # type: ignore[arg-type] # all that it asks of a clock

    async def main() -> None:
        await body.connect()
        for _ in range(150):
            clock.ns += TICK_NS
            body.follow(onto_the_table())

    asyncio.run(main())
    return body


def test_arms_stop_above_it_where_without_it_they_go_on() -> None:
    touching = SelfCollision(
        catalogue.find("attune", table=TABLE).make(), catalogue.own().description.names, 0.0
    ).touching(onto_the_table())
    assert any("table" in pair for pair in touching)
    before, without = follow(TABLE), follow(None)
    assert before.self_collisions == 0
    reached = [body.measured() for body in (before, without)]
    assert reached[0] is not None and reached[1] is not None
    off = [np.degrees(abs(one.position_rad - onto_the_table())).max() for one in reached]
    assert off[0] > 10.0 > 1.0 > off[1]


def test_a_table_into_which_the_body_rests_is_refused() -> None:
    with pytest.raises(
        AttuneError, match=r"at rest it touches a table of 0\.95 m that begins at 0\.05 m.*table_edge_m"
    ):
        catalogue.find("attune", table=Table(0.95, edge_m=0.05))


def test_the_profile_says_where_it_is_and_bodies_without_a_model_cannot_know() -> None:
    assert table_of(BodySettings()) is None
    assert table_of(BodySettings(table_height_m=0.7, table_edge_m=0.4)) == Table(0.7, 0.4)
    with pytest.raises(AttuneError, match="vmc: it has no model that a table could stand in"):
        registry.open_body("vmc", MonotonicClock(), TABLE)
