"""A house on virtual time for the body's room; robots whose models come in packages, pulled once, as a user would pull them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from motion.embodiment.bodies import catalogue, mapping, model_files
from motion.embodiment.bodies.model import RobotModel
from runtime.body_settings import BodySettings
from runtime.errors import AttuneError
from runtime.house import BODY_ROOM, RoomSpec
from runtime.launch_files import find_launch_file
from runtime.settings import Profile
from runtime.virtual_house import run_virtual_house
from tests.motion.embodiment.rooms import stage_room
from tests.motion.embodiment.rooms.stage_room import Stage

PULLED = ("unitree_g1", "gr1")
"""Robots whose models are on PyPI."""
LATE = RoomSpec("recorder", "tests.motion.embodiment.rooms.late_room")
AGENT = RoomSpec("behavioral", "tests.motion.embodiment.rooms.stage_room", essential=True)


@cache
def _robot(name: str) -> RobotModel | str:
    try:
        model_files.pull(mapping.read(find_launch_file("bodies", name)))
    except AttuneError as error:
        return str(error)
    return catalogue.find(name)


@pytest.fixture
def pulled() -> Callable[[str], RobotModel]:
    """Return a robot by name; a machine that cannot get its model skips the test, which CI does not let pass."""

    def get(name: str) -> RobotModel:
        found = _robot(name)
        if isinstance(found, str):
            pytest.skip(f"the model of {name} cannot be had: {found}")
        return found

    return get


@pytest.fixture
def stage() -> Iterator[Stage]:
    """What is to happen in the next house, and what did in the last one."""
    stage_room.stage = Stage()
    yield stage_room.stage


@pytest.fixture
def play(stage: Stage, tmp_path: Path) -> Callable[..., Stage]:
    """Run a house with a body, by default our own humanoid, simulated; `settings` are others of it. Returns the stage."""

    def run(name: str = "mujoco:attune", state: Path | None = None, **settings: Any) -> Stage:
        profile = Profile(body=BodySettings(name=name, **settings))
        result = run_virtual_house(profile, (LATE, BODY_ROOM, AGENT), None, 1, state_dir=state or tmp_path)
        assert result.ok
        return stage

    return run
