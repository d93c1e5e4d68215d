"""A stop that was pressed while the body's process was down is said again when it is back."""

from __future__ import annotations

import pytest

from behavioral.body.stop_latch import StopLatch
from runtime import messages as m


class Clock:
    def now_ns(self) -> int:
        return 7

    async def sleep_until_ns(self, t_ns: int) -> None:
        raise NotImplementedError


DESCRIBED = m.BodyDescribed(body="b", joints=(), low_rad=(), high_rad=(), velocity_rad_s=(), rate_hz=50.0)
STOPS = (m.BodyControl(action="emergency_stop"), m.OperatorAct(id="1", deed="emergency_stop"))
RELEASES = (m.BodyControl(action="release"), m.OperatorAct(id="2", deed="release"))


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("release", RELEASES)
def test_it_is_said_to_every_body_that_comes_until_it_is_released(stop: m.Message, release: m.Message) -> None:
    said: list[m.Message] = []
    latch = StopLatch(said.append, Clock())
    latch.hear(DESCRIBED)
    assert not said
    latch.hear(stop)
    latch.hear(DESCRIBED)
    (told,) = said
    assert isinstance(told, m.BodyControl) and told.action == "emergency_stop"
    latch.hear(release)
    latch.hear(told)  # its own words, heard late, hold nothing
    latch.hear(DESCRIBED)
    assert len(said) == 1
