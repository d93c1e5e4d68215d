"""A language model server as a process of its own: `python tests/openai_server.py`, its address on the first line of output.

It speaks the OpenAI protocol over HTTP: GET /v1/models; POST /v1/chat/completions with and without `stream` (server-sent events with a
role chunk, word chunks, a finish reason and [DONE]); response_format text, json_object, json_schema; errors with status, body and
headers as OpenAI, llama.cpp, vLLM and LM Studio write them. Which of its behaviours (`tests/openai_moods.py`) a request meets is said by
its `model`. A good answer is made from the JSON schema that the request carries, with single values set by `POST /say` (property name
to value); `GET /seen` returns what was asked.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from aiohttp import web

from tests.openai_answers import refusal
from tests.openai_moods import MOODS, State


class Server:
    def __init__(self, delay_s: float, corpus: Path) -> None:
        self.state = State(delay_s, corpus)

    async def models(self, _request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": name, "object": "model"} for name in MOODS]})

    async def say(self, request: web.Request) -> web.Response:
        self.state.said = await request.json()
        return web.json_response({})

    async def tell(self, _request: web.Request) -> web.Response:
        return web.json_response(self.state.seen)

    async def complete(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await request.json()
            messages = body["messages"]
            assert isinstance(messages, list) and all(message["role"] and message["content"] for message in messages)
        except (ValueError, KeyError, TypeError, AssertionError):
            return refusal(400, "messages: a list of role and content is needed", "invalid_request_error")
        self.state.seen.append({"body": body, "authorization": request.headers.get("Authorization", "")})
        mood = MOODS.get(body.get("model", ""))
        if mood is None:
            return refusal(
                404, f"The model `{body.get('model')}` does not exist", "invalid_request_error", "model_not_found"
            )
        return await mood(self.state, request, body)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-s", type=float, default=1.0)
    parser.add_argument(
        "--corpus", type=Path, default=Path(__file__).parents[1] / "launch" / "personas" / "default.yaml"
    )
    arguments = parser.parse_args()
    server = Server(arguments.delay_s, arguments.corpus)
    app = web.Application(client_max_size=4 << 20)
    app.router.add_get("/v1/models", server.models)
    app.router.add_post("/v1/chat/completions", server.complete)
    app.router.add_post("/say", server.say)
    app.router.add_get("/seen", server.tell)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", arguments.port)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)  # type: ignore[union-attr] # the port that the system chose
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
