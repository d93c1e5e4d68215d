"""Robots whose models come in packages: pulled once into the user's cache, as a user would pull them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from motion.embodiment.bodies import catalogue, mapping, model_files
from motion.embodiment.bodies.model import RobotModel
from runtime.errors import AttuneError
from runtime.launch_files import find_launch_file

PULLED = ("unitree_g1", "gr1")
"""Robots whose models are on PyPI."""


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
