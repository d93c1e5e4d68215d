"""What the bridge lets through: message types in and out, and what of them it looks at before it lets them in.

Pure functions. In comes what perceives, what measures and what asks of the body; nothing with which a program could pass itself off as
a room of the house. Out goes all that an embodiment, a recorder or a screen elsewhere can use; the person's raw sound and picture only
where every program is authenticated by CURVE, like on the bus's own outside ports.
"""

from __future__ import annotations

import difflib
import itertools
import math
import struct

from runtime import messages as m
from runtime.codec import MESSAGE_TYPES

INBOUND: frozenset[type[m.Message]] = frozenset(
    {
        m.RecognisedSpeech, m.TypedText, m.PersonPercept, m.PersonAct, m.AffectPercept, m.VisualChange, m.WorldEvent, m.UserAudio,
        m.UserVideo, m.JointMeasured, m.BodyControl, m.PersonDistance, m.JointGoal, m.JointGoalCancel, m.Playback, m.Intention,
        m.IntentionCancel, m.OperatorAct,
    }
)  # fmt: skip
OUTBOUND: frozenset[type[m.Message]] = frozenset(
    {
        m.AgentSpeech, m.AgentAudio, m.BodyAct, m.MotionFrame, m.VadFrame, m.UserSpeech, m.Word, m.TypedText, m.Turn, m.TurnDecision,
        m.PersonPercept, m.PersonAct, m.VisualChange, m.AffectPercept, m.WorldEvent, m.Viewer, m.Playback, m.Intention, m.IntentionAnswer,
        m.CognitiveCycle, m.SafetyDecision, m.Heartbeat, m.SessionControl, m.OperatorState, m.OperatorAnswer, m.BodyDescribed,
        m.JointCommand, m.JointMeasured, m.BodyStatus, m.BodyControl, m.JointGoalAnswer,
    }
)  # fmt: skip
PRIVATE: frozenset[type[m.Message]] = frozenset({m.UserAudio, m.UserVideo})
EXCLUSIVE: frozenset[type[m.Message]] = frozenset({m.UserAudio, m.UserVideo, m.JointMeasured})
"""Streams that come from one program at a time: two of them would be neither one's."""
DEEDS = frozenset({"pause", "resume", "emergency_stop", "release"})
"""What a program may do of an operator's deeds, beside taking the voice and giving it back (mute). The others need the operator's token."""


def wanted_type(tag: str, *, private: bool) -> type[m.Message] | str:
    """Return the message type of a tag that a program wants, or why it cannot have it."""
    kind = MESSAGE_TYPES.get(tag)
    if kind is None:
        near = difflib.get_close_matches(tag, MESSAGE_TYPES, 1)
        return f"there is no message type {tag[:64]!r}" + (f", {near[0]!r} is the nearest" if near else "")
    if kind in OUTBOUND or (private and kind in PRIVATE):
        return kind
    return f"{tag} is not sent out" + (" without CURVE (bridge.curve_keys)" if kind in PRIVATE else "")


def refusal_of(message: m.Message) -> str:
    """Return why a message is not taken from a program, or an empty text."""
    if type(message) not in INBOUND:
        tag = message.__struct_config__.tag
        taken = ", ".join(sorted(str(kind.__struct_config__.tag) for kind in INBOUND))
        return f"{tag} is not taken from outside; taken are {taken}"
    if isinstance(message, m.OperatorAct):
        mute = message.deed in ("take", "give") and message.channel == "voice"
        return "" if mute or message.deed in DEEDS else f"the deed {message.deed} needs the operator's console"
    if isinstance(message, m.Intention) and message.trigger == "operator":
        return "the trigger operator is the operator console's own"
    if isinstance(message, m.JointMeasured):
        return _floats_refusal("position_rad", message.position_rad)
    if isinstance(message, m.JointGoal):
        return _goal_refusal(message)
    return ""


def _goal_refusal(goal: m.JointGoal) -> str:
    if len(set(goal.joints)) != len(goal.joints):
        return "joints: one is named twice"
    times = goal.time_from_start_ms
    if any(after <= before for before, after in itertools.pairwise(times)) or times[0] < 0:
        return "time_from_start_ms: must rise from 0 on"
    if len(goal.position_rad) != 4 * len(goal.joints) * len(times):
        return f"position_rad: {len(goal.position_rad)} bytes for {len(times)} points of {len(goal.joints)} joints"
    return _floats_refusal("position_rad", goal.position_rad)


def _floats_refusal(name: str, data: bytes) -> str:
    if len(data) % 4:
        return f"{name}: {len(data)} bytes are no whole float32 numbers"
    for index, (value,) in enumerate(struct.iter_unpack("<f", data)):
        if not math.isfinite(value):
            return f"{name}: number {index} is {value}"
    return ""
