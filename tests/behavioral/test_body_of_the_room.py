"""The fast room learns from the body's room what the body has, and answers intentions by that."""

from __future__ import annotations

import asyncio
from pathlib import Path

from runtime import messages as m
from tests.behavioral.test_dialogue_room import house

HEADED = m.BodyDescribed(
    body="head", joints=("yaw",), low_rad=(-1.0,), high_rad=(1.0,), velocity_rad_s=(2.0,), rate_hz=50.0, parts=("head",)
)


def test_what_the_body_has_no_parts_for_is_refused_as_soon_as_it_is_known(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as run:
            door = run.room._intake
            count = m.Intention(id="1", kind="gesture", label="count_3")
            assert door.own(count) == "", "a figure on a page has fingers"
            run.outside.publish(HEADED)
            await asyncio.sleep(0.2)
            assert "no arms for count_3" in door.own(m.Intention(id="2", kind="gesture", label="count_3"))
            assert door.own(m.Intention(id="3", kind="gesture", label="wave")) == "", "it nods"

    asyncio.run(main())
