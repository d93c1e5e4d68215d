"""The language model client against a real HTTP server on loopback, well and badly behaved."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from behavioral.dialogue.llm import ChatTurn, LlmClient, LlmUnavailable
from behavioral.dialogue.replies import Replies
from behavioral.dialogue.scenario import load_scenario
from runtime.settings import DialogueSettings, LlmSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def chunk(text: str) -> bytes:
    import json

    return b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}).encode() + b"\n\n"


def streaming(*parts: bytes, pause_s: float = 0.0, hang: bool = False) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for part in parts:
            await asyncio.sleep(pause_s)
            await response.write(part)
        if hang:
            await asyncio.sleep(30)
        return response

    return handle


async def status_500(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=500)


def ask(handler: Handler, **overrides: float) -> str:
    async def main() -> str:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr] # the port that the system chose
        settings = LlmSettings(base_url=f"http://127.0.0.1:{port}/v1", model="tiny", **overrides)  # type: ignore[arg-type]
        client = LlmClient(settings, "You are Ada.")
        try:
            return "".join([piece async for piece in client.reply([ChatTurn("user", "hello")])])
        finally:
            await client.aclose()
            await runner.cleanup()

    return asyncio.run(main())


def test_a_streamed_reply_arrives_in_pieces() -> None:
    assert ask(streaming(chunk("Hello "), chunk("there."), b"data: [DONE]\n\n")) == "Hello there."


def test_garbage_between_the_pieces_is_skipped() -> None:
    assert ask(streaming(chunk("A"), b"data: {not json\n\n", b": ping\n\n", b"data: []\n\n", chunk("B"))) == "AB"


def test_a_reply_is_cut_at_its_limit() -> None:
    assert ask(streaming(*[chunk("x" * 50)] * 40), max_reply_chars=120) == "x" * 120


def test_no_first_token_in_time_is_unavailable() -> None:
    with pytest.raises(LlmUnavailable, match="no answer within"):
        ask(streaming(hang=True), first_token_timeout_s=0.2)


def test_a_stream_that_hangs_after_some_words_keeps_the_words() -> None:
    assert ask(streaming(chunk("Well, "), hang=True), total_timeout_s=0.4) == "Well, "


def test_a_reply_that_is_spoken_slowly_is_not_cut_by_the_time_limits() -> None:
    async def main() -> str:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", streaming(chunk("One. "), chunk("Two. "), chunk("Three.")))
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr] # the port that the system chose
        settings = LlmSettings(
            base_url=f"http://127.0.0.1:{port}/v1", model="tiny", first_token_timeout_s=0.3, total_timeout_s=0.3
        )
        client = LlmClient(settings, "You are Ada.")
        said = ""
        async for piece in client.reply([ChatTurn("user", "hello")]):
            await asyncio.sleep(0.25)  # speaking takes its time
            said += piece
        await client.aclose()
        await runner.cleanup()
        return said

    assert asyncio.run(main()) == "One. Two. Three."


@pytest.mark.parametrize("handler", [status_500, streaming(b"data: [DONE]\n\n"), streaming(b"\xff\xfe\x00garbage")])
def test_errors_and_empty_replies_are_unavailable(handler: Handler) -> None:
    with pytest.raises(LlmUnavailable):
        ask(handler)


def test_without_a_server_the_scenario_answers_and_health_knows() -> None:
    async def main() -> tuple[str, str]:
        settings = DialogueSettings(llm=LlmSettings(base_url="http://127.0.0.1:9/v1", model="none"))
        replies = Replies(settings, load_scenario("welcome"), 1, use_llm=True)
        text = "".join([piece async for piece in replies.answer("who are you")])
        await replies.aclose()
        return text, replies.trouble

    text, trouble = asyncio.run(main())
    assert "Ada" in text
    assert "language model" in trouble
