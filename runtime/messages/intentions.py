"""Intentions, their answers and their withdrawal: the contract between the slow system, or an operator, and the fast one."""

from __future__ import annotations

from typing import Annotated, Literal, Union

from msgspec import Meta, Struct, field

from runtime.limits import Angle, Label, Number, Text, Timestamp, Unit
from runtime.messages.base import Message

IntentionKind = Literal["dialogue", "gesture", "gaze", "expression", "posture", "locomotion", "attention"]
IntentionState = Literal["accepted", "started", "finished", "superseded", "expired", "rejected", "cancelled"]
FINAL_STATES: frozenset[str] = frozenset({"finished", "superseded", "expired", "rejected", "cancelled"})


class Timing(Struct, frozen=True, gc=False):
    """When an intention wants to begin: at once, when the current turn ends, or at a word of the agent's speech."""

    when: Literal["now", "turn_end", "at_word"] = "now"
    word: Label = ""
    earliest_ns: Timestamp = 0


class Target(Struct, frozen=True, gc=False):
    """What an intention is directed at: a person, a named thing, or a direction (yaw left positive, pitch up positive)."""

    person_id: Label = ""
    name: Label = ""
    direction_rad: Union[tuple[Angle, Angle], None] = None  # noqa: UP007 - evaluated by msgspec on Python 3.10 as well


class Evidence(Struct, frozen=True, gc=False):
    """One observation that an intention rests on."""

    t_ns: Timestamp
    kind: Label
    detail: Label = ""
    weight: Number = 1.0


class Intention(Message, frozen=True, kw_only=True, gc=False, tag="intention"):
    """What the slow system, an operator or an outside client wants the fast one to do.

    Attributes:
        id: chosen by the sender, unique; sending it again is harmless.
        kind: the channel that it speaks to.
        content: free text; for `dialogue` the words to say.
        label: optional name from the gesture lexicon, expression or posture list.
        target: whom or what it is about.
        timing: when it wants to begin.
        created_ns: session time of creation; 0 means on receipt.
        valid_until_ns: session time after which it must not begin any more; 0 means the receiver's default for its kind.
        priority: 0 (lowest) to 9 (safety).
        strength: 0 to 1, scales amplitude or emphasis.
        parameters: further numbers by name (side: -1 right, 1 left; duration_s; amplitude).
        turn_id: the turn that it was based on.
        evidence: what it rests on.
        plan_id: of several intentions that belong together, the plan that they belong to.
        sender: who sent it, where the receiver tells it to everybody (`source` is then the receiver's).
        trigger: trigger type (`social_protocol`, `visual_change`, `user_intent`, `conversation_state`, `emotional_need`, ...).
        score: the trigger's score when it was sent.
    """

    id: Annotated[str, Meta(min_length=1, max_length=128)]
    kind: IntentionKind
    content: Text = ""
    label: Label = ""
    target: Union[Target, None] = None  # noqa: UP007 - as above
    timing: Timing = Timing()
    created_ns: Timestamp = 0
    valid_until_ns: Timestamp = 0
    priority: Annotated[int, Meta(ge=0, le=9)] = 5
    strength: Unit = 1.0
    parameters: Annotated[dict[Label, Number], Meta(max_length=16)] = field(default_factory=dict)
    turn_id: Label = ""
    evidence: Annotated[tuple[Evidence, ...], Meta(max_length=32)] = ()
    trigger: Label = "external"
    score: Unit = 1.0
    plan_id: Label = ""
    sender: Label = ""


class IntentionCancel(Message, frozen=True, kw_only=True, gc=False, tag="intention_cancel"):
    """The sender no longer wants an intention: what waits is dropped, what goes on ends smoothly. Sending it again is harmless."""

    intention_id: Annotated[str, Meta(min_length=1, max_length=128)]
    reason: Label = ""
    sender: Label = ""


class IntentionAnswer(Message, frozen=True, kw_only=True, gc=False, tag="intention_answer"):
    """What became of an intention. Each is accepted or rejected once, and ends in exactly one final state.

    `frame` is the first motion frame that it shaped (on `started`), -1 where it shapes none.
    """

    intention_id: Label
    state: IntentionState
    reason: Label = ""
    frame: Annotated[int, Meta(ge=-1, le=2**53)] = -1
    superseded_by: Label = ""
