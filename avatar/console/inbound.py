"""What a console sends: JSON, checked and limited, turned into acts of its operator.

What is refused comes back as one sentence for the operator. An emergency stop is never refused for coming too often.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

from avatar.inbound import Allowance
from runtime.limits import Label, Unit
from runtime.messages import OperatorAct
from runtime.messages.operator import OPERATOR_TEXT_CHARS_MAX

FRAME_CHARS_MAX = 8_192
LABEL_CHARS_MAX = 128
ACTS_PER_S, ACTS_AT_ONCE = 5.0, 20.0
NEEDS_TEXT = {
    "say": "There is nothing to say: write something first.",
    "note": "The note is empty.",
    "condition": "Give the condition a name.",
}


class Unacceptable(ValueError):
    """An act that is not taken; the message is for the operator, `ref` is the console's own name of the act."""

    def __init__(self, message: str, ref: int = -1) -> None:
        """Keep the reference."""
        super().__init__(message)
        self.ref = ref


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One act as the console sends it; fields as in `OperatorAct`, `ref` comes back with the answer."""

    ref: Annotated[int, msgspec.Meta(ge=0, le=2**31)]
    deed: Literal[
        "say", "gesture", "gaze", "expression", "take", "give", "pause", "resume", "condition", "note",
        "emergency_stop", "release", "end",
    ]  # fmt: skip
    text: str = ""
    label: Label = ""
    person_id: Label = ""
    channel: Literal["", "voice", "body", "initiative"] = ""
    strength: Unit = 1.0
    over_speech: bool = False
    initiative: bool = True


_decoder = msgspec.json.Decoder(Wish)


@dataclass(slots=True)
class ConsoleInput:
    """Checks the frames of one console."""

    _allowance: Allowance = field(default_factory=lambda: Allowance(ACTS_PER_S, ACTS_AT_ONCE))

    def wish(self, text: str, now_ns: int) -> Wish:
        """Return what the operator wants; raises Unacceptable."""
        if len(text) > FRAME_CHARS_MAX:
            raise Unacceptable(f"That is too long: at most {OPERATOR_TEXT_CHARS_MAX} characters.")
        try:
            wish = _decoder.decode(text)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            raise Unacceptable("The console sent something that is not understood; reload it.") from None
        if wish.deed in NEEDS_TEXT and not wish.text.strip():
            raise Unacceptable(NEEDS_TEXT[wish.deed], wish.ref)
        limit = LABEL_CHARS_MAX if wish.deed == "condition" else OPERATOR_TEXT_CHARS_MAX
        if len(wish.text) > limit:
            raise Unacceptable(f"That is too long: {len(wish.text)} of at most {limit} characters.", wish.ref)
        if wish.deed != "emergency_stop" and not self._allowance.take(1, now_ns):
            raise Unacceptable("Too many acts at once; wait a moment.", wish.ref)
        return wish


def act_of(wish: Wish, act_id: str, operator: str, now_ns: int) -> OperatorAct:
    """Return the act on the bus."""
    return OperatorAct(
        t_ns=now_ns,
        id=act_id,
        deed=wish.deed,
        operator=operator,
        text=wish.text.strip(),
        label=wish.label,
        person_id=wish.person_id,
        channel=wish.channel,
        strength=wish.strength,
        over_speech=wish.over_speech,
        initiative=wish.initiative,
    )
