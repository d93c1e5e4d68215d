"""One answer written by the language model: rounds of words and tools, filtered until they can be spoken.

The first round may be written before the answer is wanted (a draft); a tool acts only once it is. Tool results go back to the model
for at most `llm.tool_rounds_max` rounds; an answer whose words are complete and whose tools were only acts needs none. The
whole is bounded by `llm.total_timeout_s` and `llm.max_reply_chars`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from behavioral.dialogue.speakable import Speakable
from behavioral.dialogue.tools import Toolbox, ToolResult
from runtime.llm.chunks import ToolCall
from runtime.llm.client import LlmClient, LlmUnavailable
from runtime.settings import LlmSettings


class Writing:
    """One answer under way."""

    def __init__(self, client: LlmClient, settings: LlmSettings, toolbox: Toolbox, say: Callable[[str], None]) -> None:
        """Write through `client`; `say` is told what may be spoken, tags included."""
        self._client = client
        self._settings = settings
        self._toolbox = toolbox
        self._say = say
        self._speakable = Speakable(settings.max_reply_chars)
        self._round_text = ""
        self._full = asyncio.Event()
        self.answered = False
        """Whether there is anything of an answer: words, tags or tools."""
        self.using_tools = False
        """Whether the answer waits for a tool now."""

    async def write(self, messages: list[dict[str, Any]], wanted: Callable[[], Awaitable[object]]) -> tuple[str, ...]:
        """Write the answer to its end.

        Args:
            messages: what the model is given.
            wanted: returns once the answer is really wanted; awaited before anything acts.

        Returns:
            The tags of an answer that has no words to act at.

        Raises:
            LlmUnavailable: as `LlmClient.complete`, or for an empty answer; what has been said until then stands.
        """
        settings = self._settings
        tags: tuple[str, ...] = ()
        try:
            async with asyncio.timeout(settings.total_timeout_s):
                await self._rounds(list(messages), wanted)
        except TimeoutError:
            if not self._speakable.said:
                raise LlmUnavailable(f"no answer within {settings.total_timeout_s:g} s") from None
        finally:
            rest, tags = self._speakable.flush()
            if rest:
                self._say(rest)
            self.answered = self.answered or self._speakable.said or bool(tags)
        if not self.answered:
            raise LlmUnavailable("the language model sent an empty reply")
        return tags

    async def _rounds(self, messages: list[dict[str, Any]], wanted: Callable[[], Awaitable[object]]) -> None:
        settings = self._settings
        rounds = settings.tool_rounds_max if settings.tools else 0
        for left in range(rounds, -1, -1):
            self._round_text = ""
            calls = await self._complete(messages, self._toolbox.definitions if left else [])
            if not calls or not left:
                return
            await wanted()
            self.answered = True
            self.using_tools = True
            try:
                results = [await self._toolbox.call(call) for call in calls]
            finally:
                self.using_tools = False
            if self._round_text.strip() and not any(result.needed for result in results):
                return
            messages += _exchange(self._round_text, results)
            self._hear(" ")  # the next round's words are new words

    async def _complete(self, messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> tuple[ToolCall, ...]:
        """Run one request, ended early where no more can be said."""
        request = asyncio.ensure_future(self._client.complete(messages, tools, self._hear))
        full = asyncio.ensure_future(self._full.wait())
        try:
            await asyncio.wait({request, full}, return_when=asyncio.FIRST_COMPLETED)
            return request.result() if request.done() else ()
        finally:
            for task in (request, full):
                task.cancel()
            await asyncio.gather(request, full, return_exceptions=True)

    def _hear(self, words: str) -> None:
        self._round_text += words[: max(0, self._settings.max_reply_chars - len(self._round_text))]
        if spoken := self._speakable.push(words):
            self._say(spoken)
        if self._speakable.full:
            self._full.set()


def _exchange(text: str, results: list[ToolResult]) -> list[dict[str, Any]]:
    """Return the messages that tell the model what became of its calls."""
    calls = [
        {
            "id": result.call.call_id,
            "type": "function",
            "function": {"name": result.call.name, "arguments": result.call.arguments or "{}"},
        }
        for result in results
    ]
    answers = [{"role": "tool", "tool_call_id": r.call.call_id, "content": r.content} for r in results]
    return [{"role": "assistant", "content": text, "tool_calls": calls}, *answers]
