"""Furhat by its realtime API, against a peer on loopback: the messages of its official client, its key, its loss in mid-gesture."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import math
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from motion.embodiment.bodies import furhat
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.furhat import BODY
from motion.embodiment.bodies.furhat_face import Changes, parameters
from motion.embodiment.retarget.puppet import Face, face
from runtime.clock import MonotonicClock
from runtime.errors import AttuneError
from tests.motion.embodiment.bodies.furhat_peer import FurhatPeer
from tests.motion.embodiment.bodies.support import broken, drive, expression, frames, free_port, visemes

CLIENT = "furhat_realtime_api"

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
HEADPOSE, PARAMS = "request.face.headpose", "request.face.params"


def with_peer(use: Callable[[DrivenBody, FurhatPeer, MonotonicClock], Awaitable[None]]) -> None:
    async def main() -> None:
        peer, clock = FurhatPeer(free_port(), "s3cret"), MonotonicClock()
        await peer.start()
        body = furhat.driver(clock, "127.0.0.1", peer.port, "s3cret")
        await body.connect()
        try:
            await use(body, peer, clock)
        finally:
            await body.disconnect()
            await peer.stop()

    asyncio.run(asyncio.wait_for(main(), 60))


def test_head_and_face_follow_a_frame_in_its_units() -> None:
    shown = frames(
        "nod", 2.0, visemes=visemes(oh=0.6), expression=expression(happy=1.0), blink=(1.0, 1.0), eyes_rad=(0.3, 0.2)
    )

    async def use(body: DrivenBody, peer: FurhatPeer, clock: MonotonicClock) -> None:
        await body.prepare()
        driven = await drive(body, clock, shown)
        await asyncio.sleep(0.1)
        assert peer.of("request.attend.location") == [{"type": "request.attend.location", "x": 0.0, "y": 0.0, "z": 1.0}]
        assert {"type": "request.face.config", "microexpressions": False} in peer.events
        told: dict[str, float] = {}
        for event in peer.of(PARAMS):
            assert set(event) == {"type", "params"}
            told |= event["params"]
        assert told["PHONE_OH"] == pytest.approx(0.6) and told["SMILE_OPEN"] == 0.5 and told["BLINK_LEFT"] == 1.0
        assert told["LOOK_LEFT"] == pytest.approx(0.3 / math.radians(30), abs=0.05) and told["LOOK_UP"] > 0.3
        poses = peer.of(HEADPOSE)
        assert 10 <= len(poses) <= 24, "ten a second while it moves"
        assert all(
            set(pose) == {"type", "yaw", "pitch", "roll", "relative"} and pose["relative"] is False for pose in poses
        )
        commanded = np.degrees(driven.positions()[:, 1])
        assert max(pose["pitch"] for pose in poses) > 8, "degrees, down is positive"
        assert max(pose["pitch"] for pose in poses) <= commanded.max() + 0.01
        assert body.measured() is None
        assert not peer.of("request.attend.user"), "two would turn its head"

    with_peer(use)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the official client; in CI it is fetched."""
    if importlib.util.find_spec(CLIENT) is None:
        wanted = "furhat-realtime-api==0.1.3"
        if not os.environ.get("CI"):
            pytest.skip(f"no furhat environment: pip install --no-deps {wanted}")
        # Without what it asks for: an obsolete package that stands in for the standard library's asyncio.
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path), wanted]
        subprocess.run(pip, check=True, timeout=120)
        monkeypatch.syspath_prepend(str(tmp_path))
    return importlib.import_module(CLIENT)


def test_the_official_client_sends_the_same_fields(client: ModuleType) -> None:
    official: list[dict[str, object]] = []

    class Recorded(client.AsyncFurhatClient):  # type: ignore[misc, name-defined] # of no known type
        async def send_event(self, event: dict[str, object]) -> None:
            official.append(event)

    async def record() -> None:
        one = Recorded("127.0.0.1")
        await one.request_face_headpose(1.0, 2.0, 3.0, False)
        await one.request_face_params({"BLINK_LEFT": 1.0})
        await one.request_attend_location(0.0, 0.0, 1.0)
        await one.request_face_config(microexpressions=False)
        await one.request_face_reset()

    asyncio.run(record())

    async def use(body: DrivenBody, peer: FurhatPeer, clock: MonotonicClock) -> None:
        await drive(body, clock, frames("nod", 0.8))
        await body.disconnect()
        ours = {event["type"]: event for event in peer.events}
        for theirs in official:
            assert set(ours[str(theirs["type"])]) == set(theirs), theirs["type"]

    with_peer(use)


def test_at_the_end_its_face_is_given_back() -> None:
    async def use(body: DrivenBody, peer: FurhatPeer, clock: MonotonicClock) -> None:
        await drive(body, clock, frames("bow", 1.0))
        await body.disconnect()
        assert [event["type"] for event in peer.events[-2:]] == ["request.face.config", "request.face.reset"]
        assert abs(peer.of(HEADPOSE)[-1]["pitch"]) < 0.1, "at rest before that"

    with_peer(use)


def test_one_that_goes_away_is_told_and_gets_its_whole_face_when_it_is_back() -> None:
    async def use(body: DrivenBody, peer: FurhatPeer, clock: MonotonicClock) -> None:
        shown = frames("bow", 5.0, expression=expression(sad=1.0))
        await drive(body, clock, shown[:40])
        await peer.stop()
        gone = await drive(body, clock, shown[40:70])
        assert not gone.sent[-1].connected and gone.sent[-1].command.state in ("stops", "rests")
        peer.events.clear()
        await peer.start()
        back = await drive(body, clock, shown[70:160])
        assert back.sent[-1].connected and body.link.sessions == 2
        assert peer.of(PARAMS)[0]["params"].keys() >= {"EXPR_SAD", "BLINK_LEFT", "PHONE_OH"}
        steps = np.diff([pose["pitch"] for pose in peer.of(HEADPOSE)])
        assert abs(steps).max() <= np.degrees(BODY.joints[1].velocity_rad_s) * 0.14, "no jump"

    with_peer(use)


def test_a_wrong_key_and_a_host_that_does_not_answer_are_clear_errors() -> None:
    async def main() -> None:
        peer = FurhatPeer(free_port(), "right")
        await peer.start()
        for key in ("", "wrong"):
            with pytest.raises(AttuneError, match="refuses the key") as error:
                await furhat.driver(MonotonicClock(), "127.0.0.1", peer.port, key).connect()
            assert "ATTUNE_FURHAT_KEY" in error.value.mend and (not key or key not in str(error.value))
        assert peer.refused == 2
        await peer.stop()
        with pytest.raises(AttuneError, match="nothing answers"):
            await furhat.driver(MonotonicClock(), "127.0.0.1", peer.port).connect()

    asyncio.run(asyncio.wait_for(main(), 30))


def test_numbers_that_are_none_change_nothing() -> None:
    async def use(body: DrivenBody, peer: FurhatPeer, clock: MonotonicClock) -> None:
        given = frames("nod", 0.5)
        await drive(body, clock, [*given, *(broken(frame) for frame in given[:20])])
        await asyncio.sleep(0.1)
        assert all(np.isfinite([pose["yaw"], pose["pitch"], pose["roll"]]).all() for pose in peer.of(HEADPOSE))

    with_peer(use)


def test_every_parameter_is_within_0_and_1_and_only_news_is_told() -> None:
    whole = parameters(Face((1.0,) * 15, (1.0,) * 5, (1.0, 1.0)), (3.0, -3.0))
    assert all(0.0 <= value <= 1.0 for value in whole.values())
    assert parameters(face(frames("nod", 0.02)[0]), (0.0, 0.0)).keys() <= whole.keys()
    changes = Changes()
    assert changes.of(whole) == whole and changes.of(whole) == {}
    assert changes.of(whole | {"SMILE_OPEN": 0.0, "LOOK_UP": 0.995}) == {"SMILE_OPEN": 0.0}
