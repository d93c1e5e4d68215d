"""Messages of the operator console: what a person behind the scenes does, what became of it, and what is held."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from runtime.limits import Label, Unit
from runtime.messages.base import Message
from runtime.messages.intentions import IntentionState

OperatorDeed = Literal[
    "joined", "left", "say", "gesture", "gaze", "expression", "take", "give", "pause", "resume", "condition", "note",
    "emergency_stop", "release", "end",
]  # fmt: skip
OperatorChannel = Literal["voice", "body", "initiative"]
OPERATOR_TEXT_CHARS_MAX = 1_000


class OperatorAct(Message, frozen=True, kw_only=True, gc=False, tag="operator_act"):
    """One act of an operator at the console; only the avatar room publishes it, after the operator's token was checked.

    Of `say`, `gesture`, `gaze` and `expression` an intention comes, with the act's id and the trigger `operator`; its answers are
    the act's. Every other act is answered by `OperatorAnswer`.

    Attributes:
        id: unique in the session.
        deed: what is done.
        operator: which console, `operator-1` and so on.
        text: words to say, a note, or the name of a condition.
        label: gesture of the lexicon, expression, or where to look (`person`, `away`, `down`).
        person_id: at whom to look; empty is whom the agent talks with.
        channel: what is taken over or handed back.
        strength: of an expression or gesture.
        over_speech: say it at once, also over somebody; else when the floor is free.
        initiative: of a condition, whether the agent acts of its own accord.
    """

    id: Annotated[str, Meta(min_length=1, max_length=128)]
    deed: OperatorDeed
    operator: Label = ""
    text: Annotated[str, Meta(max_length=OPERATOR_TEXT_CHARS_MAX)] = ""
    label: Label = ""
    person_id: Label = ""
    channel: Literal["", "voice", "body", "initiative"] = ""
    strength: Unit = 1.0
    over_speech: bool = False
    initiative: bool = True


class OperatorAnswer(Message, frozen=True, kw_only=True, gc=False, tag="operator_answer"):
    """What became of an act that is no intention; final states are those of an intention."""

    act_id: Label
    state: IntentionState
    reason: Label = ""


class OperatorState(Message, frozen=True, kw_only=True, gc=False, tag="operator_state"):
    """What an operator holds of the agent, after each change and for each console that joins.

    `condition` is the study's name for how the agent behaves now, `initiative` whether it may act of its own accord in it.
    `gestures`: labels of the lexicon, for the console's buttons.
    """

    held: Annotated[tuple[OperatorChannel, ...], Meta(max_length=3)] = ()
    stopped: bool = False
    paused: bool = False
    condition: Label = ""
    initiative: bool = True
    gestures: Annotated[tuple[Label, ...], Meta(max_length=256)] = ()
