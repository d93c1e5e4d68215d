"""Which rooms a house has for a body with motors and for outside programs."""

from __future__ import annotations

import pytest

from runtime.body_settings import BodySettings
from runtime.errors import AttuneError
from runtime.house import BODY_ROOM, BRIDGE_ROOM, body_rooms


@pytest.mark.parametrize(
    ("name", "bridge", "rooms"),
    [
        ("", False, []),
        ("", True, [BRIDGE_ROOM]),
        ("mujoco:attune", False, [BODY_ROOM]),
        ("ros:attune", True, [BRIDGE_ROOM, BODY_ROOM]),
        ("ros", True, [BRIDGE_ROOM, BODY_ROOM]),
    ],
)
def test_there_is_a_room_for_what_is_asked(name: str, bridge: bool, rooms: list[object]) -> None:
    assert body_rooms(BodySettings(name=name), bridge=bridge) == rooms


@pytest.mark.parametrize("name", ["ros", "ros:attune"])
def test_a_body_that_only_the_ros_nodes_can_move_needs_the_bridge(name: str) -> None:
    with pytest.raises(AttuneError, match="Add --bridge"):
        body_rooms(BodySettings(name=name), bridge=False)
