"""Health: what is impaired now, and well again when it is well again."""

import asyncio

from behavioral.health import FORGET_AFTER_S, Health
from runtime.clock import VirtualClock, VirtualTimeLoop, run_virtual


def test_a_mishap_is_shown_and_forgotten_and_a_loss_is_not() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        status = {"status": "ok", "detail": ""}
        health = Health(VirtualClock(loop), status)
        health.mishap("recognition", "an utterance was lost")
        health.show()
        assert status == {"status": "degraded", "detail": "an utterance was lost"}
        await asyncio.sleep(FORGET_AFTER_S + 1)
        health.show()
        assert status == {"status": "ok", "detail": ""}
        health.lost("vision", "vision: OSError")
        await asyncio.sleep(100)
        health.show(("the microphone is gone", ""))
        assert status == {"status": "degraded", "detail": "vision: OSError; the microphone is gone"}

    run_virtual(main())


def test_a_remark_is_no_impairment_and_gives_way_to_one() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        status = {"status": "ok", "detail": ""}
        health = Health(VirtualClock(loop), status)
        health.show(("",), ("a clock runs fast; it is followed",))
        assert status == {"status": "ok", "detail": "a clock runs fast; it is followed"}
        health.show(("the microphone is gone",), ("a clock runs fast; it is followed",))
        assert status == {"status": "degraded", "detail": "the microphone is gone"}

    run_virtual(main())
