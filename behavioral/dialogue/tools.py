"""Tools that a language model may call: what is offered, the check of what it asks for, and the answer that it gets.

A tool is a name, a sentence for the model, a msgspec struct of its arguments and a function. Whatever a model asks for gets a
result: an unknown tool, arguments that are no JSON or of the wrong form, a tool that fails or takes too long, each as one
sentence that starts with `error:`, so that the model can mend its call. Nothing is ever raised into the conversation. Runs on
the room's loop; a tool that waits is awaited for `TOOL_TIMEOUT_S` at most.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from runtime.llm.chunks import ARGUMENTS_CHARS_MAX, ToolCall
from runtime.trouble import place_of

TOOL_TIMEOUT_S = 5.0
RESULT_CHARS_MAX = 2_000
logger = logging.getLogger(__name__)


class ToolFailed(Exception):
    """A tool cannot do what is asked; the message goes to the model."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool.

    Attributes:
        name: as the model calls it.
        description: what it does, for the model.
        arguments: struct of its arguments, with `forbid_unknown_fields`.
        run: does it and returns the result for the model; raises `ToolFailed`.
        informs: whether the model needs the result to go on; of an act it does not.
    """

    name: str
    description: str
    arguments: type[Struct]
    run: Callable[[Any], str | Awaitable[str]]
    informs: bool


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The answer to one call; `needed` says whether the model must see it before the turn can end."""

    call: ToolCall
    content: str
    needed: bool


class Toolbox:
    """The tools of one agent."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        """Take the tools; names are unique.

        Raises:
            ValueError: two tools have one name.
        """
        self._tools: dict[str, Tool] = {}
        for tool in tools:
            if tool.name in self._tools:
                raise ValueError(f"two tools are called {tool.name}")
            self._tools[tool.name] = tool
        self._decoders = {name: msgspec.json.Decoder(tool.arguments) for name, tool in self._tools.items()}
        self.definitions: list[dict[str, Any]] = [_definition(tool) for tool in self._tools.values()]
        """The tools as a chat request lists them."""

    async def call(self, call: ToolCall) -> ToolResult:
        """Do what a model asks for, and return what it is told."""
        tool = self._tools.get(call.name)
        if tool is None:
            return _failed(call, f"there is no such tool; there are: {', '.join(self._tools)}")
        if len(call.arguments) > ARGUMENTS_CHARS_MAX:
            return _failed(call, f"more than {ARGUMENTS_CHARS_MAX} characters of arguments")
        try:
            arguments = self._decoders[tool.name].decode(call.arguments.strip() or "{}")
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            return _failed(call, f"arguments: {error}")
        try:
            async with asyncio.timeout(TOOL_TIMEOUT_S):
                content = tool.run(arguments)
                if not isinstance(content, str):
                    content = await content
        except ToolFailed as failure:
            return _failed(call, str(failure))
        except TimeoutError:
            return _failed(call, f"no result within {TOOL_TIMEOUT_S:g} s")
        except Exception as error:
            logger.error("tool %s failed: %s", tool.name, place_of(error))
            return _failed(call, "the tool failed")
        return ToolResult(call, content[:RESULT_CHARS_MAX], tool.informs)


def _failed(call: ToolCall, reason: str) -> ToolResult:
    return ToolResult(call, f"error: {reason}"[:RESULT_CHARS_MAX], needed=True)


def _definition(tool: Tool) -> dict[str, Any]:
    """Return a tool as an OpenAI function, its schema in one piece: not every server follows references."""
    (_reference,), components = msgspec.json.schema_components([tool.arguments])
    schema = dict(components[tool.arguments.__name__])
    for extra in ("title", "description"):
        schema.pop(extra, None)
    for field in schema.get("properties", {}).values():
        if "enum" in field:
            field.setdefault("type", "string")  # llama.cpp's and older servers' grammars want it said
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": schema},
    }
