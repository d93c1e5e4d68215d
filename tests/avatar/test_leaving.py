"""However a page goes, the bus hears that its devices are off and that it has left."""

from __future__ import annotations

import asyncio
import base64
import os

import aiohttp
import pytest

import avatar.server
from runtime import messages as m
from tests.avatar.support import House, Page, heard, with_house


async def states(house: House, count: int) -> list[str]:
    return [(await heard(house, m.Viewer)).state for _ in range(count)]


async def switch_on(house: House, page: Page) -> None:
    assert await states(house, 1) == ["joined"]
    await page.say(m.Viewer(state="microphone_on", viewer_id="forged"))
    await page.say(m.Viewer(state="camera_on"))
    on = await heard(house, m.Viewer)
    assert (on.state, on.viewer_id) == ("microphone_on", "page-1")
    assert await states(house, 1) == ["camera_on"]


def test_a_page_that_closes() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await switch_on(house, page)
        assert await states(house, 3) == ["microphone_off", "camera_off", "left"]

    with_house(test)


def test_a_tab_that_is_killed_and_says_no_goodbye() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await switch_on(house, page)
            connection = page.socket._response.connection
            assert connection is not None and connection.transport is not None
            connection.transport.abort()
            assert await states(house, 3) == ["microphone_off", "camera_off", "left"]

    with_house(test)


def test_a_network_that_is_gone_without_a_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(avatar.server, "PING_S", 0.1)

    async def test(house: House) -> None:
        # A bare socket that shakes hands and then answers nothing, as after a pulled cable: no close, no pong.
        reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET /stream HTTP/1.1\r\nHost: 127.0.0.1:{house.server.port}\r\nOrigin: {house.origin}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        assert b"101" in await reader.readline()
        assert await states(house, 2) == ["joined", "left"]
        assert house.server.pages == 0
        writer.close()

    with_house(test)


def test_a_house_that_ends() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await switch_on(house, page)
            closing = asyncio.create_task(house.server.aclose())
            while (await page.socket.receive(timeout=5)).type is not aiohttp.WSMsgType.CLOSE:
                pass
            await closing
            assert await states(house, 3) == ["microphone_off", "camera_off", "left"]

    with_house(test)


def test_a_device_that_was_switched_off_is_not_switched_off_again() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await switch_on(house, page)
            await page.say(m.Viewer(state="microphone_off"))
            assert await states(house, 1) == ["microphone_off"]
        assert await states(house, 2) == ["camera_off", "left"]

    with_house(test)
