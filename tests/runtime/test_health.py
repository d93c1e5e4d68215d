"""How the rooms of a house are, by what they say of themselves."""

from __future__ import annotations

from runtime.health import HouseHealth
from runtime.messages import Heartbeat


def beat(health: HouseHealth, status: str, *, pid: int = 7, hears: tuple[str, ...] = ()) -> None:
    health.beat(Heartbeat(t_ns=0, source="cognitive", pid=pid, status=status, hears=hears), 1.0)  # type: ignore[arg-type]


def test_a_room_has_started_once_it_says_so() -> None:
    health = HouseHealth(5.0)
    assert not health.has_started("cognitive")
    health.born("cognitive", 7, 0.0)
    assert not health.has_started("cognitive")
    beat(health, "starting")
    assert not health.has_started("cognitive")
    beat(health, "ok", pid=6)
    assert not health.has_started("cognitive"), "that was a process of before"
    beat(health, "ok")
    assert health.has_started("cognitive")
    health.gone("cognitive")
    assert not health.has_started("cognitive")


def test_what_a_house_still_waits_for_is_told_room_by_room() -> None:
    health = HouseHealth(5.0)
    rooms = ["cognitive"]
    assert health.missing(rooms, []) == {"cognitive": "is not running"}
    health.born("cognitive", 7, 0.0)
    assert health.missing(rooms, []) == {"cognitive": "has not said anything"}
    beat(health, "starting")
    assert health.missing(rooms, []) == {"cognitive": "is still starting"}
    beat(health, "ok")
    assert health.missing(rooms, ["supervisor"]) == {"cognitive": "does not hear supervisor"}
    beat(health, "ok", hears=("supervisor",))
    assert health.missing(rooms, ["supervisor"]) == {}


def test_who_is_silent_for_too_long_is_hung_but_not_where_nobody_looked() -> None:
    health = HouseHealth(5.0)
    health.born("cognitive", 7, 0.0)
    assert [health.hung(float(t)) for t in range(6)] == [[]] * 6
    assert health.hung(6.0) == ["cognitive"]
    assert health.hung(60.0) == [], "the whole machine stood still"
