"""The events of an OpenAI-Realtime-compatible server: what we send, and what we understand of what comes.

Both generations of names are understood (`response.audio.delta` and `response.output_audio.delta`), and the session is described in
the dialect that the profile names. Turn detection is switched off: our own turn-taking decides. Audio is int16 mono PCM in
base64. Pure; what is not of this form reads as `other`, never an exception.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from msgspec import Struct

from behavioral.dialogue.history import Exchange
from runtime.llm.chunks import ARGUMENTS_CHARS_MAX, NAME_CHARS_MAX, ToolCall, error_kind
from runtime.settings import SpeechToSpeechSettings

EVENT_BYTES_MAX = 4 << 20
Kind = Literal["session", "created", "audio", "text", "call", "done", "error", "other"]

_KINDS: dict[str, Kind] = {
    "session.created": "session",
    "session.updated": "session",
    "response.created": "created",
    "response.audio.delta": "audio",
    "response.output_audio.delta": "audio",
    "response.audio_transcript.delta": "text",
    "response.output_audio_transcript.delta": "text",
    "response.text.delta": "text",
    "response.output_text.delta": "text",
    "response.output_item.done": "call",
    "response.done": "done",
    "error": "error",
}


@dataclass(frozen=True, slots=True)
class RealtimeEvent:
    """One event of the server.

    Attributes:
        kind: what it is about.
        response_id: of the answer that it belongs to, where it says so.
        item_id: of the answer's item that it belongs to, and `content_index` of the item's part.
        pcm: its audio, int16 little-endian.
        text: its words.
        call: the tool that is to be called.
        error: short name of what went wrong: of an error, or of an answer that failed.
        caused_by: id of our event that was wrong, where the server says so.
    """

    kind: Kind
    response_id: str = ""
    item_id: str = ""
    content_index: int = 0
    pcm: bytes = b""
    text: str = ""
    call: ToolCall | None = None
    error: str = ""
    caused_by: str = ""


class _Wire(Struct):
    type: str
    response_id: str | None = None
    item_id: str | None = None
    content_index: int | None = None
    delta: Any = None
    item: Any = None
    response: Any = None
    error: Any = None


_decoder = msgspec.json.Decoder(_Wire)
_OTHER = RealtimeEvent("other")


def read_event(data: str | bytes) -> RealtimeEvent:
    """Return what an event says."""
    try:
        wire = _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _OTHER
    kind = _KINDS.get(wire.type, "other")
    response_id, item_id = wire.response_id or "", wire.item_id or ""
    if kind == "audio":
        try:
            pcm = b64decode(wire.delta, validate=True) if isinstance(wire.delta, str) else b""
        except (binascii.Error, ValueError):
            return _OTHER
        return RealtimeEvent("audio", response_id, item_id, wire.content_index or 0, pcm=pcm[: len(pcm) // 2 * 2])
    if kind == "text":
        return RealtimeEvent("text", response_id, item_id, text=wire.delta if isinstance(wire.delta, str) else "")
    if kind == "call":
        return RealtimeEvent("call", response_id, item_id, call=_call(wire.item))
    if kind in ("created", "done"):
        response = wire.response if isinstance(wire.response, dict) else {}
        return RealtimeEvent(kind, _text(response.get("id")), error=_failure(response) if kind == "done" else "")
    if kind == "error":
        error = wire.error if isinstance(wire.error, dict) else {}
        return RealtimeEvent("error", error=error_kind(error), caused_by=_text(error.get("event_id")))
    return RealtimeEvent(kind)


def session_update(settings: SpeechToSpeechSettings, instructions: str, tools: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the event that describes the session: our voice, our turns, our tools."""
    rate_hz = settings.sample_rate_hz
    functions = [{"type": "function", **tool["function"]} for tool in tools]
    session: dict[str, Any] = {"instructions": instructions, **({"tools": functions} if functions else {})}
    if settings.dialect == "beta":
        session |= {
            "modalities": ["audio", "text"],
            "input_audio_format": "pcm16",
            "output_audio_format": "pcm16",
            "turn_detection": None,
            **({"voice": settings.voice} if settings.voice else {}),
        }
    else:
        pcm = {"type": "audio/pcm", "rate": rate_hz}
        session |= {
            "type": "realtime",
            "output_modalities": ["audio"],
            "audio": {
                "input": {"format": pcm, "turn_detection": None},
                "output": {"format": pcm, **({"voice": settings.voice} if settings.voice else {})},
            },
        }
    return {"type": "session.update", "session": session}


def append_audio(pcm: bytes) -> dict[str, Any]:
    """Return the event that adds sound of the person to the turn."""
    return {"type": "input_audio_buffer.append", "audio": b64encode(pcm).decode()}


def commit_audio() -> dict[str, Any]:
    """Return the event that ends the person's turn."""
    return {"type": "input_audio_buffer.commit"}


def clear_audio() -> dict[str, Any]:
    """Return the event that forgets the sound of a turn that was none."""
    return {"type": "input_audio_buffer.clear"}


def said_item(exchange: Exchange, dialect: str) -> dict[str, Any]:
    """Return the event that tells what was said in words: typed text, or the conversation before a reconnection."""
    kind = "input_text" if exchange.role == "user" else "text" if dialect == "beta" else "output_text"
    item = {"type": "message", "role": exchange.role, "content": [{"type": kind, "text": exchange.content}]}
    return {"type": "conversation.item.create", "item": item}


def create_response(instructions: str) -> dict[str, Any]:
    """Return the event that asks for an answer, with the instructions as of now."""
    return {"type": "response.create", "response": {"instructions": instructions}}


def cancel_response(response_id: str) -> dict[str, Any]:
    """Return the event that stops an answer."""
    return {"type": "response.cancel", **({"response_id": response_id} if response_id else {})}


def truncate_item(item_id: str, content_index: int, heard_ms: float) -> dict[str, Any]:
    """Return the event that cuts an answer to what the person has really heard of it."""
    return {
        "type": "conversation.item.truncate",
        "item_id": item_id,
        "content_index": content_index,
        "audio_end_ms": max(0, int(heard_ms)),
    }


def tool_output(call: ToolCall, content: str) -> dict[str, Any]:
    """Return the event with a tool's result."""
    item = {"type": "function_call_output", "call_id": call.call_id, "output": content}
    return {"type": "conversation.item.create", "item": item}


def _call(item: object) -> ToolCall | None:
    if not isinstance(item, dict) or item.get("type") != "function_call":
        return None
    arguments = _text(item.get("arguments"))
    return ToolCall(
        _text(item.get("call_id"))[:NAME_CHARS_MAX],
        _text(item.get("name"))[:NAME_CHARS_MAX],
        arguments[: ARGUMENTS_CHARS_MAX + 1],
    )


def _failure(response: dict[str, Any]) -> str:
    """Return why an answer failed, empty where it did not."""
    if response.get("status") not in ("failed", "incomplete"):
        return ""
    details = response.get("status_details")
    details = details if isinstance(details, dict) else {}
    error = details.get("error")
    return error_kind(error if isinstance(error, dict) else {"type": details.get("reason")})


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
