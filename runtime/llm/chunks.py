"""What one chunk of a streamed chat completion says, whichever server wrote it.

Servers differ: the first delta names only the role, keep-alives and usage chunks have no choices, reasoning comes in
`reasoning_content` or `reasoning`, errors come inside a stream that began with 200, and some answer a streamed request
with one whole completion. All of it becomes `Chunk`. Tool calls come in parts by index and are put together by
`ToolCallParts`. Pure; anything that is not of this form is None, never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

CALLS_MAX = 8
"""Tool calls of one answer; further ones are ignored."""
ARGUMENTS_CHARS_MAX = 8_192
NAME_CHARS_MAX = 64


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wants to be called, with its arguments as JSON text."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class CallPart:
    """A piece of a tool call."""

    index: int
    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: words, whether it was hidden reasoning, parts of tool calls, why the answer ended, or what went wrong."""

    text: str = ""
    thinking: bool = False
    calls: tuple[CallPart, ...] = ()
    finish: str = ""
    error: str = ""


class _Function(Struct):
    name: str | None = None
    arguments: Any = None


class _Call(Struct):
    index: int | None = None
    id: str | None = None
    function: _Function | None = None


class _Delta(Struct):
    content: Any = None
    reasoning_content: Any = None
    reasoning: Any = None
    tool_calls: list[_Call] | None = None


class _Choice(Struct):
    delta: _Delta | None = None
    message: _Delta | None = None
    finish_reason: str | None = None


class _Completion(Struct):
    choices: list[_Choice] | None = None
    error: Any = None
    object: Any = None
    code: Any = None


_decoder = msgspec.json.Decoder(_Completion)


def read_chunk(data: bytes) -> Chunk | None:
    """Return what a chunk (or a whole completion) says; None where it is not one."""
    try:
        read = _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if read.error is not None or read.object == "error":
        return Chunk(error=error_kind(read.error if isinstance(read.error, dict) else {"code": read.code}))
    if not read.choices:
        return Chunk()  # usage, or a keep-alive
    choice = read.choices[0]
    delta = choice.delta or choice.message or _Delta()
    return Chunk(
        text=_text(delta.content),
        thinking=bool(delta.reasoning_content or delta.reasoning),
        calls=tuple(_part(place, call) for place, call in enumerate(delta.tool_calls or ())),
        finish=choice.finish_reason or "",
    )


def error_kind(error: dict[str, Any]) -> str:
    """Return the short name of a server's error. Its message may repeat what people said and is left out."""
    for key in ("code", "type"):
        value = error.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)[:40]
        if isinstance(value, str) and value and value.isascii() and value.replace("_", "").replace("-", "").isalnum():
            return value[:40]
    return "without a code"


class ToolCallParts:
    """Puts the tool calls of one answer together."""

    def __init__(self) -> None:
        """Start without any."""
        self._calls: dict[int, list[str]] = {}

    def add(self, parts: tuple[CallPart, ...]) -> None:
        """Add what a chunk brought."""
        for part in parts:
            call = self._calls.get(part.index)
            if call is None:
                if len(self._calls) >= CALLS_MAX:
                    continue
                call = self._calls[part.index] = ["", "", ""]
            call[0] = call[0] or part.call_id[:NAME_CHARS_MAX]
            call[1] = call[1] or part.name[:NAME_CHARS_MAX]
            if len(call[2]) <= ARGUMENTS_CHARS_MAX:  # one over the limit is refused as a whole by its schema check
                call[2] += part.arguments[: ARGUMENTS_CHARS_MAX + 1]

    def complete(self) -> tuple[ToolCall, ...]:
        """Return the calls in the model's order; the ones without an id get one."""
        return tuple(
            ToolCall(call_id or f"call_{index}", name, arguments)
            for index, (call_id, name, arguments) in sorted(self._calls.items())
        )


def _part(place: int, call: _Call) -> CallPart:
    function = call.function or _Function()
    arguments = function.arguments
    if arguments is not None and not isinstance(arguments, str):  # some servers send the object itself
        arguments = msgspec.json.encode(arguments).decode()
    index = place if call.index is None else call.index
    return CallPart(index, call.id or "", function.name or "", arguments or "")


def _text(content: object) -> str:
    """Return the words of a content, which is text or a list of typed parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"]
        return "".join(part for part in parts if isinstance(part, str))
    return ""
