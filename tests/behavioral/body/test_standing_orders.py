"""What a body was ordered to while its process was down is said again when it is back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from behavioral.body.standing_orders import StandingOrders
from runtime import messages as m


class Clock:
    def now_ns(self) -> int:
        return 7

    async def sleep_until_ns(self, t_ns: int) -> None:
        raise NotImplementedError


DESCRIBED = m.BodyDescribed(body="b", joints=(), low_rad=(), high_rad=(), velocity_rad_s=(), rate_hz=50.0)
STOPS = (m.BodyControl(action="emergency_stop"), m.OperatorAct(id="1", deed="emergency_stop"))
RELEASES = (m.BodyControl(action="release"), m.OperatorAct(id="2", deed="release"))
REST, RESUME = m.BodyControl(action="rest", reason="ROS"), m.BodyControl(action="resume", reason="ROS")


@pytest.fixture
def said_after() -> Callable[..., list[m.Message]]:
    """Return what is said to a body that describes itself after each message of a list, all of it together."""
    said: list[m.Message] = []
    orders = StandingOrders(said.append, Clock())

    def hear(*heard: m.Message) -> list[m.Message]:
        said.clear()
        for message in heard:
            orders.hear(message)
        orders.hear(DESCRIBED)
        return list(said)

    return hear


def actions(said: list[m.Message]) -> list[str]:
    assert all(isinstance(one, m.BodyControl) and one.reason == m.SAID_AGAIN for one in said)
    return [one.action for one in said if isinstance(one, m.BodyControl)]


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("release", RELEASES)
def test_a_stop_is_said_to_every_body_that_comes_until_it_is_released(
    said_after: Callable[..., list[m.Message]], stop: m.Message, release: m.Message
) -> None:
    assert said_after() == []
    told = said_after(stop)
    assert actions(told) == actions(said_after()) == ["emergency_stop"]
    assert said_after(release, *told) == [], "its own words, heard late, hold nothing"


def test_of_rest_and_resume_the_last_is_said(said_after: Callable[..., list[m.Message]]) -> None:
    rest = said_after(REST)
    assert actions(rest) == actions(said_after()) == ["rest"]
    assert actions(said_after(RESUME, *rest)) == ["resume"], "its own words, heard late, order nothing"
    assert actions(said_after(RESUME, REST)) == ["rest"]


def test_a_stop_and_a_rest_stand_beside_each_other(said_after: Callable[..., list[m.Message]]) -> None:
    assert actions(said_after(REST, *STOPS)) == ["emergency_stop", "rest"]
    assert actions(said_after(*RELEASES)) == ["rest"]
    assert said_after(m.OperatorAct(id="3", deed="pause"))[0] == said_after()[0], "other deeds are no orders to it"
