"""A socket of JSON that nobody waits for: the newest frame, every post in order, nonsense counted, silence told once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from motion.embodiment.bodies.json_socket import MESSAGE_BYTES, POSTS, Json, JsonSocket
from runtime.errors import AttuneError
from tests.motion.embodiment.bodies.support import free_port


def against(
    serve: Callable[[web.WebSocketResponse], Awaitable[None]],
    use: Callable[[JsonSocket, list[Json], list[str]], Awaitable[None]],
) -> None:
    async def main() -> None:
        async def handler(request: web.Request) -> web.WebSocketResponse:
            wire = web.WebSocketResponse()
            await wire.prepare(request)
            await serve(wire)
            return wire

        app, port = web.Application(), free_port()
        app.router.add_get("/", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        heard: list[Json] = []
        lost: list[str] = []
        socket = JsonSocket(f"ws://127.0.0.1:{port}/", heard.append, lost.append)
        await socket.open("test")
        await use(socket, heard, lost)
        await socket.close()
        await socket.close()
        await runner.cleanup()

    asyncio.run(asyncio.wait_for(main(), 20))


def test_nonsense_is_counted_and_the_rest_is_heard() -> None:
    async def serve(wire: web.WebSocketResponse) -> None:
        for text in ("{", "[1]", "null", '{"a": 1}', "NaN"):
            await wire.send_str(text)
        await wire.send_bytes(b"\xff\xfe")
        await wire.send_str('{"b": 2}')
        await wire.receive()

    async def use(socket: JsonSocket, heard: list[Json], lost: list[str]) -> None:
        await asyncio.sleep(0.2)
        assert heard == [{"a": 1}, {"b": 2}] and socket.refused == 5 and not lost

    against(serve, use)


def test_a_message_that_is_too_large_ends_the_connection() -> None:
    async def serve(wire: web.WebSocketResponse) -> None:
        await wire.send_str('"' + "x" * (MESSAGE_BYTES + 10) + '"')
        await wire.receive()

    async def use(socket: JsonSocket, heard: list[Json], lost: list[str]) -> None:
        await asyncio.sleep(0.3)
        assert not heard and len(lost) == 1 and "closed" in lost[0]

    against(serve, use)


def test_of_frames_the_newest_is_sent_and_of_posts_every_one_in_order() -> None:
    got: list[Json] = []

    async def serve(wire: web.WebSocketResponse) -> None:
        async for message in wire:
            got.append(message.json())

    async def use(socket: JsonSocket, heard: list[Json], lost: list[str]) -> None:
        for number in range(50):  # the loop has no turn in between: all but the last give way
            socket.push([{"frame": number}])
            socket.post({"post": number})
        await asyncio.sleep(0.2)
        assert [one for one in got if "frame" in one] == [{"frame": 49}]
        assert [one["post"] for one in got if "post" in one] == list(range(50))
        got.clear()
        for number in range(3 * POSTS):
            socket.post({"post": number})
        await asyncio.sleep(0.2)
        assert [one["post"] for one in got] == list(range(2 * POSTS, 3 * POSTS)), "bounded: the newest are kept"

    against(serve, use)


def test_an_address_of_another_program_is_told_with_its_answer() -> None:
    async def main() -> None:
        app, port = web.Application(), free_port()
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        socket = JsonSocket(f"ws://127.0.0.1:{port}/nothing", lambda _: None, lambda _: None)
        with pytest.raises(AttuneError, match="answered 404"):
            await socket.open("test")
        await socket.close()
        await runner.cleanup()

    asyncio.run(asyncio.wait_for(main(), 20))
