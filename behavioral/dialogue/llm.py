"""Replies from an OpenAI-compatible chat server, streamed; the scenario answers when it cannot.

One HTTP request a turn (`POST {base_url}/chat/completions`, `stream: true`). Time to the first token, total
time and length are bounded by the profile; a line of the stream that is not JSON is skipped and counted.
Every failure becomes `LlmUnavailable` with one sentence for health; nothing of what people said enters a log.
Cancelling the iteration closes the connection, which is how a barge-in stops the model.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass

import aiohttp

from runtime.settings import LlmSettings

LINE_BYTES_MAX = 256 * 1024
HISTORY_TURNS = 12


class LlmUnavailable(RuntimeError):
    """The server gave no usable answer in time."""


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """One earlier turn: role `user` or `assistant`."""

    role: str
    content: str


class LlmClient:
    """A chat model behind an OpenAI-compatible server."""

    def __init__(self, settings: LlmSettings, system_prompt: str) -> None:
        """Remember the server; connects with the first request."""
        self._settings = settings
        self._system_prompt = system_prompt
        self._session: aiohttp.ClientSession | None = None
        self.skipped_lines = 0

    async def reply(self, history: Sequence[ChatTurn]) -> AsyncGenerator[str, None]:
        """Yield the reply's text as it comes.

        The server is read in a task of its own: its time limits run on the server's pace, however slowly the reply is
        spoken, and closing this iterator closes the connection.

        Raises:
            LlmUnavailable: no connection, an error status, no first token in time, a broken stream or an empty reply.
        """
        # At most `max_reply_chars` pieces of one character: bounded by the profile.
        pieces: asyncio.Queue[str | None] = asyncio.Queue()
        reading = asyncio.create_task(self._read(history, pieces))
        try:
            while (piece := await pieces.get()) is not None:
                yield piece
            await reading
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _read(self, history: Sequence[ChatTurn], pieces: asyncio.Queue[str | None]) -> None:
        """Put the reply's pieces into the queue, and None at its end, whatever the end is."""
        settings = self._settings
        url = f"{settings.base_url.rstrip('/')}/chat/completions"
        said = 0
        try:
            async with (
                asyncio.timeout(settings.total_timeout_s),
                asyncio.timeout(settings.first_token_timeout_s) as first,
            ):
                post = self._connection().post(url, json=self._body(history), headers=_headers(settings))
                async with post as response:
                    if response.status != 200:
                        raise LlmUnavailable(f"language model server answered {response.status}")
                    async for piece in self._pieces(response):
                        first.reschedule(None)
                        piece = piece[: settings.max_reply_chars - said]
                        said += len(piece)
                        pieces.put_nowait(piece)
                        if said >= settings.max_reply_chars:
                            return
        except TimeoutError:
            if not said:  # else what has been said stands; the rest is not waited for
                raise LlmUnavailable(f"no answer within {settings.first_token_timeout_s:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if not said:
                raise LlmUnavailable(f"language model server: {type(error).__name__}") from error
        finally:
            pieces.put_nowait(None)
        if not said:
            raise LlmUnavailable("the language model sent an empty reply")

    async def aclose(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()

    def _connection(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(read_bufsize=LINE_BYTES_MAX)
        return self._session

    def _body(self, history: Sequence[ChatTurn]) -> dict[str, object]:
        turns = [{"role": turn.role, "content": turn.content} for turn in history[-HISTORY_TURNS:]]
        return {
            "model": self._settings.model,
            "stream": True,
            "temperature": self._settings.temperature,
            "messages": [{"role": "system", "content": self._system_prompt}, *turns],
        }

    async def _pieces(self, response: aiohttp.ClientResponse) -> AsyncIterator[str]:
        async for raw in response.content:
            line = raw.strip()
            if not line.startswith(b"data:"):
                continue
            data = line[5:].strip()
            if data == b"[DONE]":
                return
            try:
                choices = json.loads(data)["choices"]
                piece = choices[0]["delta"].get("content") if choices else None
            except (ValueError, KeyError, IndexError, TypeError, AttributeError):
                self.skipped_lines += 1
                continue
            if isinstance(piece, str) and piece:
                yield piece


def _headers(settings: LlmSettings) -> dict[str, str]:
    key = os.environ.get(settings.api_key_env, "")
    return {"Authorization": f"Bearer {key}"} if key else {}
