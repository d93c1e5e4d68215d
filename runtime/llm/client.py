"""A chat model behind an OpenAI-compatible server: one streamed request, bounded in every direction.

Works with Ollama, llama.cpp, vLLM, LM Studio and the cloud (`chunks` knows their differences). `complete` sends
`POST {base_url}/chat/completions` and hands on words as they come; it gives up when there is no first word in time, when the stream
stalls, or when the answer is too large. Nothing is tried twice: a turn cannot wait. Cancelling the call closes the connection,
which is how a barge-in stops the model. `warm` opens the connection beforehand, so that no turn pays for TCP and TLS. Runs on
the room's loop. Errors are sentences of ours: nothing of what people or servers said enters a log.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import aiohttp

from runtime.llm.chunks import Chunk, ToolCall, ToolCallParts, read_chunk
from runtime.llm.events import EventLines
from runtime.llm.refusal import BODY_BYTES_MAX, Refusal, read_refusal
from runtime.llm.thoughts import ThoughtFilter
from runtime.settings import LlmSettings

ANSWER_BYTES_MAX = 4 << 20
"""Most that is read of one answer, whatever is in it."""
FINISH_GRACE_S = 0.25
"""An answer that has said that it is finished may add this long (tool calls of some servers come in the next chunk)."""
DRAIN_S = 1.0
"""The connection of a finished answer is kept if the server ends the answer within this."""
KEEP_IDLE_S = 300.0
"""An idle connection is kept this long, unless the server closes it earlier."""
WARM_FOR_S = 4.0
"""A connection used within this is taken to be open (vLLM's server closes idle ones after 5 s)."""
WARM_TIMEOUT_S = 3.0
CONNECTIONS_MAX = 4
"""Requests at the same time; further ones wait for a connection, and their time runs."""

REFUSAL_S = 0.5
"""An error's explanation must come within this."""


class LlmUnavailable(RuntimeError):
    """The server gave no usable answer in time, or broke off in the middle of one."""

    def __init__(self, message: str, refusal: Refusal | None = None, *, slow: bool = False) -> None:
        """Say what went wrong; `refusal` is what an error status meant, None where there was none."""
        super().__init__(message)
        self.refusal = refusal
        self.slow = slow
        """Whether time ran out, as opposed to a connection or an answer that failed."""


class LlmClient:
    """A chat model behind an OpenAI-compatible server."""

    def __init__(self, settings: LlmSettings) -> None:
        """Remember the server; `warm` or the first request connects."""
        self._settings = settings
        self._base_url = settings.base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._draining: set[asyncio.Task[None]] = set()
        self._used_s = -WARM_FOR_S
        self.unreachable = ""
        """What `warm` found wrong, empty while the server can be reached."""
        self.skipped = 0
        """Pieces of streams that could not be read, so far."""

    async def warm(self) -> None:
        """Open a connection if none is likely to be open; harmless at any time, and never an error."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._used_s < WARM_FOR_S:
            return
        self._used_s = loop.time()
        try:
            async with (
                asyncio.timeout(WARM_TIMEOUT_S),
                self._connection().head(f"{self._base_url}/models", **self._options()),
            ):
                self.unreachable = ""
        except (aiohttp.ClientError, OSError, ValueError) as error:  # TimeoutError is an OSError
            self.unreachable = f"language model server: {type(error).__name__}"

    async def complete(
        self,
        messages: Sequence[dict[str, Any]],
        tools: Sequence[dict[str, Any]],
        say: Callable[[str], None],
        extra: Mapping[str, Any] | None = None,
    ) -> tuple[ToolCall, ...]:
        """Have one answer written.

        Args:
            messages: system, user, assistant and tool messages.
            tools: definitions of the tools that it may call; empty for none.
            say: told the answer's words as they come, without any reasoning.
            extra: further keys of this one request (`response_format`).

        Returns:
            The tools that the model wants to be called.

        Raises:
            LlmUnavailable: no connection, an error status or error object, no first word in time, a stalled or broken
            stream; what has been said until then stands.
        """
        settings = self._settings
        parts = ToolCallParts()
        thoughts = ThoughtFilter()
        loop = asyncio.get_running_loop()
        begun = finished = False
        try:
            async with (
                asyncio.timeout(settings.first_token_timeout_s) as limit,
                aclosing(self._chunks({**self._body(messages, tools), **(extra or {})})) as chunks,
            ):
                async for chunk in chunks:
                    if chunk.error:
                        limited = chunk.error == "429" or chunk.error.startswith("rate_limit")
                        refusal = Refusal(429) if limited else None
                        raise LlmUnavailable(f"language model server: error {chunk.error}", refusal)
                    if words := thoughts.push(chunk.text):
                        say(words)
                    parts.add(chunk.calls)
                    begun = begun or bool(words.strip() or chunk.calls)
                    finished = finished or bool(chunk.finish)
                    if finished and not parts.complete() and not chunk.calls:
                        break
                    if finished:
                        limit.reschedule(loop.time() + FINISH_GRACE_S)
                    elif begun and (chunk.text or chunk.calls or chunk.thinking):
                        limit.reschedule(loop.time() + settings.stall_timeout_s)
        except TimeoutError:
            if not finished:
                raise LlmUnavailable(
                    f"the language model stopped for {settings.stall_timeout_s:g} s in the middle of an answer"
                    if begun
                    else f"no answer within {settings.first_token_timeout_s:g} s",
                    slow=True,
                ) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if not finished:
                raise LlmUnavailable(f"language model server: {type(error).__name__}") from error
        finally:
            self._used_s = loop.time()
            if words := thoughts.flush():
                say(words)
        self.unreachable = ""
        return parts.complete()

    async def aclose(self) -> None:
        """Close the connections."""
        for task in list(self._draining):
            task.cancel()
        await asyncio.gather(*self._draining, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _chunks(self, body: dict[str, Any]) -> AsyncGenerator[Chunk, None]:
        """Yield the answer's chunks; the connection is kept where the answer has come to its end, else closed."""
        response = await self._connection().post(f"{self._base_url}/chat/completions", json=body, **self._options())
        ended = False
        try:
            if response.status != 200:
                refusal = read_refusal(response.status, response.headers, await _explanation(response))
                raise LlmUnavailable(f"language model server answered {response.status}", refusal)
            if response.content_type == "application/json":  # a server that does not stream
                whole = await response.content.read(ANSWER_BYTES_MAX)
                while len(whole) < ANSWER_BYTES_MAX and (more := await response.content.read(ANSWER_BYTES_MAX)):
                    whole += more
                ended = True
                yield read_chunk(whole) or Chunk(error="unreadable")
                return
            lines = EventLines()
            size = 0
            async for data in response.content.iter_any():
                size += len(data)
                if size > ANSWER_BYTES_MAX:
                    raise LlmUnavailable("the language model's answer is too large")
                for field, content in lines.push(data):
                    if content == b"[DONE]":
                        ended = True
                        return
                    if (chunk := self._read(field, content)) is not None:
                        ended = bool(chunk.finish)
                        yield chunk
            ended = True
            for field, content in lines.flush():
                if (chunk := self._read(field, content)) is not None:
                    yield chunk
            self.skipped += lines.dropped
        finally:
            if ended:
                task = asyncio.ensure_future(_drain(response))
                self._draining.add(task)
                task.add_done_callback(self._draining.discard)
            else:
                response.close()

    def _read(self, field: str, content: bytes) -> Chunk | None:
        chunk = read_chunk(content)
        if field == "error":
            return Chunk(error=(chunk.error if chunk is not None else "") or "without a code")
        if chunk is None:
            self.skipped += 1
        return chunk

    def _connection(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_IDLE_S, limit=CONNECTIONS_MAX),
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,  # a kilobyte must not become a gigabyte: we ask for plain bytes and read no others
            )
        return self._session

    def _options(self) -> dict[str, Any]:
        """Headers; and no redirection, which could carry key and words to another server."""
        key = os.environ.get(self._settings.api_key_env, "") if self._settings.api_key_env else ""
        headers = {
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            **({"Authorization": f"Bearer {key}"} if key else {}),
        }
        return {"headers": headers, "allow_redirects": False}

    def _body(self, messages: Sequence[dict[str, Any]], tools: Sequence[dict[str, Any]]) -> dict[str, Any]:
        body: dict[str, Any] = {
            **self._settings.request_extra,
            "model": self._settings.model,
            "stream": True,
            "messages": list(messages),
        }
        body.setdefault("temperature", self._settings.temperature)
        if tools:
            body["tools"] = list(tools)
        return body


async def _explanation(response: aiohttp.ClientResponse) -> bytes:
    """Return the beginning of an error's body, as much as comes soon."""
    body = b""
    try:
        async with asyncio.timeout(REFUSAL_S):
            while len(body) < BODY_BYTES_MAX and (more := await response.content.read(BODY_BYTES_MAX - len(body))):
                body += more
    except (aiohttp.ClientError, OSError, ValueError):
        pass
    return body


async def _drain(response: aiohttp.ClientResponse) -> None:
    """Read what a finished answer still sends, so that its connection can be used again."""
    try:
        async with asyncio.timeout(DRAIN_S):
            async for _rest in response.content.iter_any():
                pass
    except (aiohttp.ClientError, OSError, ValueError):
        pass
    finally:
        response.close()  # where the answer has come to its end the connection is back in the pool already
