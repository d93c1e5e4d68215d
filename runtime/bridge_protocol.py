"""What the bridge's room and an outside program say to each other beside the house's own messages.

Each ZeroMQ message is two frames: a kind and a MessagePack map. Kind `m` is a message of `runtime.messages`, kind `c` one of the
structs here. A program joins with its name and the message types that it wants; it is welcomed; from then on it beats every
`BEAT_S`, and each beat is answered with the session time, from which it knows that the house is alive and what time it is there. What
the room does not take is answered by a `Refusal`. Needs only msgspec; Python 3.10 is enough.
"""

from __future__ import annotations

from typing import Annotated, Union

import msgspec
from msgspec import Meta, Struct

from runtime.limits import Label, Text, Timestamp
from runtime.messages import SCHEMA_VERSION

MESSAGE = b"m"
CONTROL = b"c"
BEAT_S = 0.05
CONTROL_MAX_BYTES = 64 << 10
ENDED_GOALS_MAX = 64
"""So many ended goals are remembered for a program that joins again under its name."""

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")]


class Join(Struct, frozen=True, kw_only=True, tag="join", tag_field="type"):
    """A program wants in. `wants`: tags of the message types that are to be sent to it."""

    name: Name
    wants: Annotated[tuple[Label, ...], Meta(max_length=64)] = ()
    schema: int = SCHEMA_VERSION


class Welcome(Struct, frozen=True, kw_only=True, tag="welcome", tag_field="type"):
    """It is in. `goals`: states in which earlier joint goals of this name have ended, the newest last."""

    session_ns: Timestamp
    silent_after_ms: float
    goals: dict[Label, Label] = {}
    schema: int = SCHEMA_VERSION


class Beat(Struct, frozen=True, kw_only=True, tag="beat", tag_field="type"):
    """The program is alive. `sent_ns`: its own clock, which comes back in the answer."""

    sent_ns: Timestamp


class BeatAnswer(Struct, frozen=True, kw_only=True, tag="beat_answer", tag_field="type"):
    """The house is alive, and this is the session's time there."""

    sent_ns: Timestamp
    session_ns: Timestamp


class Refusal(Struct, frozen=True, kw_only=True, tag="refusal", tag_field="type"):
    """Something was not taken. `about`: its message type, or what was wrong with it where it had none; `id`: of a goal, else empty."""

    about: Label
    reason: Text
    id: Label = ""


class Leave(Struct, frozen=True, kw_only=True, tag="leave", tag_field="type"):
    """The program goes; goals of it that still run are aborted."""


Control = Union[Join, Welcome, Beat, BeatAnswer, Refusal, Leave]  # noqa: UP007 - a runtime union on Python 3.10

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Control] = msgspec.msgpack.Decoder(Control)


def encode_control(control: Control) -> bytes:
    """Return the MessagePack bytes."""
    return _encoder.encode(control)


def decode_control(payload: bytes) -> Control:
    """Return what a control frame says.

    Raises:
        ValueError: saying what is wrong with it, whatever the bytes are.
    """
    if len(payload) > CONTROL_MAX_BYTES:
        raise ValueError(f"{len(payload)} bytes, the limit is {CONTROL_MAX_BYTES}")
    try:
        return _decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None
