"""Live outputs over real sockets on loopback, read by other implementations, in the frames of those who read them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest

from motion import kinematics
from motion.embodiment.bodies import attune_body, bvh_stream, osc, vmc
from motion.embodiment.bodies.driven import DrivenBody
from motion.formats import bvh
from motion.skeleton import INDEX
from runtime.clock import MonotonicClock
from runtime.errors import AttuneError
from runtime.vocabulary import BODY_JOINTS
from tests.motion.embodiment.bodies.support import broken, drive, expression, frames, free_port, visemes

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
Heard = list[tuple[str, tuple[Any, ...]]]
REST = attune_body.description().vector("rest_rad")


def heard_by_python_osc(
    make: Callable[..., DrivenBody], use: Callable[[DrivenBody, MonotonicClock, Heard], Awaitable[None]]
) -> Heard:
    """Run a driver against python-osc's receiver on a real UDP socket."""
    pythonosc = pytest.importorskip("pythonosc", reason="pip install python-osc")
    assert pythonosc
    from pythonosc.dispatcher import Dispatcher
    from pythonosc.osc_server import AsyncIOOSCUDPServer

    heard: Heard = []

    async def main() -> None:
        dispatcher, clock = Dispatcher(), MonotonicClock()
        dispatcher.set_default_handler(lambda address, *values: heard.append((address, values)))
        server = AsyncIOOSCUDPServer(("127.0.0.1", 0), dispatcher, asyncio.get_running_loop())  # type: ignore[arg-type]
        transport, _ = await server.create_serve_endpoint()
        body = make(clock, port=transport.get_extra_info("sockname")[1])
        await body.connect()
        await use(body, clock, heard)
        await asyncio.sleep(0.05)
        await body.disconnect()
        transport.close()

    asyncio.run(asyncio.wait_for(main(), 40))
    return heard


def test_vmc_bones_are_in_unitys_left_handed_frame() -> None:
    wave = frames("wave", 1.6)
    poses: list[np.ndarray] = []

    async def use(body: DrivenBody, clock: MonotonicClock, heard: Heard) -> None:
        await drive(body, clock, wave)
        heard_then = list(heard)
        await asyncio.sleep(0.03)
        poses.append(np.array(len(heard_then)))

    heard = heard_by_python_osc(vmc.driver, use)
    ends = [index for index, (address, _) in enumerate(heard) if address == "/VMC/Ext/Blend/Apply"]
    at = ends[len(wave) - 10]  # a frame near the end of the wave
    start = ends[len(wave) - 11] + 1
    period = heard[start:at]
    assert [address for address, _ in period[:3]] == ["/VMC/Ext/OK", "/VMC/Ext/T", "/VMC/Ext/Root/Pos"]
    bones = {values[0]: values[1:] for address, values in period if address == "/VMC/Ext/Bone/Pos"}
    assert len(bones) == 22 + 30 + 2 and {
        "Hips",
        "LeftThumbProximal",
        "LeftThumbIntermediate",
        "RightLittleDistal",
        "LeftEye",
    } <= set(bones)

    # Unity's forward kinematics from the numbers received, by matrices in a left-handed frame...
    def world(bone: str) -> tuple[np.ndarray, np.ndarray]:
        name = bone[0].lower() + bone[1:]
        from motion.skeleton import PARENTS

        x, y, z, w = bones[bone][3:]
        turn = np.array([
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ])  # fmt: skip
        place, parent = np.array(bones[bone][:3]), PARENTS[INDEX[name]]
        if parent < 0:
            return turn, place
        above = BODY_JOINTS[parent]
        turned, base = world(above[0].upper() + above[1:])
        return turned @ turn, base + turned @ place

    _, right = world("RightHand")
    _, left = world("LeftHand")
    # ... against ours of the frames that were sent, seen in a mirror.
    positions = kinematics.positions(
        np.stack([np.frombuffer(frame.rotations, "<f4").reshape(-1, 4) for frame in wave]).astype(float),
        np.array([frame.hips_m for frame in wave], float),
    )
    mirrored = positions[:, [INDEX["rightHand"], INDEX["leftHand"]]] * np.array([-1.0, 1.0, 1.0])
    error = abs(mirrored - np.stack([right, left])).max(axis=(1, 2)).min()
    assert error < 0.02, "metres: one of the frames around is where the receiver sees the hands"
    assert right[0] > 0.1 and left[0] < -0.1, "in Unity the right hand is at positive x"


def test_vmc_carries_face_and_mouth_under_the_names_of_both_vrm_versions() -> None:
    shown = frames("nod", 0.4, visemes=visemes(aa=0.5, PP=0.5), expression=expression(happy=0.7), blink=(1.0, 0.25))

    async def use(body: DrivenBody, clock: MonotonicClock, heard: Heard) -> None:
        await drive(body, clock, shown)

    heard = heard_by_python_osc(vmc.driver, use)
    blends = {values[0]: values[1] for address, values in heard[:100] if address == "/VMC/Ext/Blend/Val"}
    assert blends["happy"] == blends["Joy"] == pytest.approx(0.7)
    assert blends["aa"] == blends["A"] == pytest.approx(0.5) and blends["ou"] == 0.0
    assert (
        blends["blink"] == pytest.approx(0.25) and blends["Blink_L"] == pytest.approx(0.75) and blends["Blink_R"] == 0.0
    )


def test_osc_tells_the_joints_that_left_the_filter_and_rests_when_frames_stop() -> None:
    sent: list[np.ndarray] = []

    async def use(body: DrivenBody, clock: MonotonicClock, heard: Heard) -> None:
        driven = await drive(body, clock, frames("bow", 1.5))
        sent.append(driven.sent[-1].command.position_rad)
        await asyncio.sleep(0.05)
        now = {address: values for address, values in heard}
        got = np.array([now[f"/attune/joint/{name}"][0] for name in attune_body.description().names])
        assert abs(got - sent[0]).max() < 1e-6 and now["/attune/state"] == ("follows",)
        refused = body.send(broken(frames("nod", 0.02)[0]))
        assert refused.command.refused == 1
        await asyncio.sleep(3.0)  # the agent is silent
        now = {address: values for address, values in heard}
        got = np.array([now[f"/attune/joint/{name}"][0] for name in attune_body.description().names])
        assert np.degrees(abs(got - REST)).max() < 1.0 and now["/attune/state"] == ("rests",)

    heard_by_python_osc(osc.driver, use)


def test_an_emergency_stop_holds_for_figures_too() -> None:
    async def use(body: DrivenBody, clock: MonotonicClock, heard: Heard) -> None:
        wave = frames("wave", 3.0)
        await drive(body, clock, wave[:70])
        body.emergency_stop()
        stopped = await drive(body, clock, wave[70:110])
        assert stopped.sent[-1].command.state == "stopped"
        heard.clear()
        await drive(body, clock, wave[110:130])
        angles = [values[0] for address, values in heard if address == "/attune/joint/right_elbow"]
        assert len(angles) > 15 and np.ptp(angles) < 1e-5
        assert body.release()

    heard_by_python_osc(osc.driver, use)


def test_a_host_that_is_not_there_is_one_clear_error() -> None:
    with pytest.raises(AttuneError, match=r"body vmc: there is no host robot\.invalid"):
        asyncio.run(vmc.driver(MonotonicClock(), "robot.invalid").connect())


def test_bvh_viewers_get_a_header_and_frames_that_our_reader_reads() -> None:
    port, got = free_port(), []

    async def watch(seconds: float) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        data = b""
        until = asyncio.get_running_loop().time() + seconds
        while (left := until - asyncio.get_running_loop().time()) > 0:
            try:
                async with asyncio.timeout(left):
                    data += await reader.read(65_536)
            except TimeoutError:
                break
        writer.close()
        return data

    async def main() -> None:
        clock = MonotonicClock()
        body = bvh_stream.driver(clock, port)
        await body.connect()
        first = asyncio.create_task(watch(1.2))
        await asyncio.sleep(0.05)
        driving = asyncio.create_task(drive(body, clock, frames("wave", 1.5)))
        await asyncio.sleep(0.3)
        got.extend([await watch(0.4), await first])  # one comes later
        await driving
        with pytest.raises(AttuneError, match=f"port {port} cannot be listened on"):
            await bvh_stream.driver(clock, port).connect()
        await body.disconnect()

    asyncio.run(asyncio.wait_for(main(), 40))
    for data in got:
        header, _, rows = data.partition(b"Frames: 0         \n")
        whole = rows[: rows.rfind(b"\n") + 1]
        count = whole.count(b"\n") - 1
        clip = bvh.read(io.BytesIO(header + f"Frames: {count}\n".encode() + whole))
        assert len(clip) == count > 10 and clip.fps == pytest.approx(50.0)
    assert np.ptp(clip.rotations[:, INDEX["rightUpperArm"]], axis=0).max() > 0.2, "and they show the wave"


def test_a_bvh_viewer_that_never_reads_is_skipped_then_let_go() -> None:
    port = free_port()

    async def main() -> None:
        clock = MonotonicClock()
        body = bvh_stream.driver(clock, port)
        await body.connect()
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=64)
        link = body.link
        assert isinstance(link, bvh_stream.BvhLink)
        await asyncio.sleep(0.05)
        viewer = next(iter(link._viewers))
        viewer.transport.set_write_buffer_limits(high=1)
        viewer.write(b" " * (8 << 20))  # more than sockets hold: it is behind
        await drive(body, clock, frames("wave", 0.5))
        assert link.missed > 10, "frames are left out"
        link._viewers[viewer] = -10_000_000_000  # and so for long
        await drive(body, clock, frames("wave", 0.3))
        assert not link._viewers, "it is let go"
        writer.close()
        await body.disconnect()
        del reader

    asyncio.run(asyncio.wait_for(main(), 40))
