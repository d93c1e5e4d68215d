"""Encode and decode wire messages with limits.

Decoding never raises anything but `Undecodable`, whatever the bytes are: too large, not MessagePack, of a future schema, of
an unknown type, or of a known type with absurd values. The bus counts these by reason and skips them.

Thread model: the module-level encoder is safe from any thread (msgspec encoders hold no state between calls).
"""

from __future__ import annotations

from typing import Any, Literal, cast

import msgspec

from runtime.messages import SCHEMA_VERSION, AnyMessage, Message

MAX_PAYLOAD_BYTES = 6 << 20
"""Largest frame accepted; the largest legal message is one camera picture."""

Reason = Literal["too_large", "malformed", "future_schema", "unknown_type", "invalid"]


class Undecodable(ValueError):
    """A payload that is not a message of this schema.

    Attributes:
        reason: one of `Reason`; what health counters are keyed by.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        """Keep the reason beside a sentence for people."""
        super().__init__(f"{reason.replace('_', ' ')}: {detail}")
        self.reason: Reason = reason


class _Head(msgspec.Struct, gc=False):
    """The two keys that decide whether the rest may be read."""

    type: str
    schema: int = SCHEMA_VERSION


_encoder = msgspec.msgpack.Encoder()
_head_decoder = msgspec.msgpack.Decoder(_Head)
_decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(AnyMessage)

MESSAGE_TYPES: dict[str, type[Message]] = {str(t.__struct_config__.tag): t for t in AnyMessage.__args__}  # type: ignore[attr-defined] # Union at runtime
"""Every message type by its tag."""


def topic_of(message: type[Message] | Message) -> bytes:
    """Return the PUB/SUB topic of a message or message type: its tag and a dot, so that no topic is another's prefix."""
    return f"{message.__struct_config__.tag}.".encode()


def encode(message: Message) -> bytes:
    """Return the MessagePack bytes of a message."""
    return _encoder.encode(message)


def decode(payload: bytes | memoryview) -> AnyMessage:
    """Return the message in a payload.

    Raises:
        Undecodable: with its reason, for every payload that is not a valid message of this schema or an earlier one.
    """
    size = payload.nbytes if isinstance(payload, memoryview) else len(payload)
    if size > MAX_PAYLOAD_BYTES:
        raise Undecodable("too_large", f"{size} bytes, the limit is {MAX_PAYLOAD_BYTES}")
    try:
        message = cast(AnyMessage, _decoder.decode(payload))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _explain(payload, error) from None
    if message.schema > SCHEMA_VERSION:
        raise Undecodable("future_schema", f"schema {message.schema}, this is {SCHEMA_VERSION}")
    return message


def _explain(payload: bytes | memoryview, error: Exception) -> Undecodable:
    """Find out why a payload failed; only failures pay for this second look."""
    try:
        head = _head_decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Undecodable("malformed", str(error))
    if head.schema > SCHEMA_VERSION:
        return Undecodable("future_schema", f"schema {head.schema}, this is {SCHEMA_VERSION}")
    if head.type not in MESSAGE_TYPES:
        return Undecodable("unknown_type", f"type {head.type[:64]!r}")
    return Undecodable("invalid", f"{head.type}: {error}")
