"""What every wire message carries."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from runtime.limits import Count, Label, Timestamp

SCHEMA_VERSION = 1
"""Version of this file's meaning. A message from a later schema is skipped and counted, never guessed at."""


class Message(Struct, frozen=True, kw_only=True, gc=False, tag_field="type"):
    """What every message carries.

    Attributes:
        schema: schema version of the sender.
        t_ns: session time at which the content was true (not when it was sent).
        source: room that sent it (`behavioral`, `cognitive`, `avatar`, `supervisor`, or an external client's name).
        seq: running number per source and message type; a gap means that something was lost on the way.
    """

    schema: Annotated[int, Meta(ge=1, le=2**31)] = SCHEMA_VERSION
    t_ns: Timestamp = 0
    source: Label = ""
    seq: Count = 0
