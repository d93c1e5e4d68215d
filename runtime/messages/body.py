"""Messages of a body with motors: what it is, what was commanded and measured, what others ask of it.

Only the body's room publishes what it is, its commands and the answers to goals; a driver or a bridge publishes measurements. Angles are
in radians in the body's own joints (REP-103), arrays little-endian float32 in the order of `BodyDescribed.joints`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from runtime.limits import Count, Label, Metres, Milliseconds, Number, Timestamp
from runtime.messages.base import Message

JOINTS_MAX = 128
POINTS_MAX = 4_096
BodyState = Literal["follows", "slowed", "stops", "rests", "stopped"]
JointGoalStatus = Literal["accepted", "rejected", "succeeded", "aborted", "cancelled"]
SAID_AGAIN = "said again"
"""Reason of an order (`emergency_stop`, `rest`, `resume`) that is only said again, for a body whose process may have missed it."""
JointValues = Annotated[bytes, Meta(max_length=4 * JOINTS_MAX)]
_Numbers = Annotated[tuple[Number, ...], Meta(max_length=JOINTS_MAX)]
_Labels = Annotated[tuple[Label, ...], Meta(max_length=JOINTS_MAX)]


class BodyDescribed(Message, frozen=True, kw_only=True, gc=False, tag="body_described"):
    """What the session's body is: sent when its room is ready, and once a second for rooms that come later.

    `parts`: head, eyes, face, arms, hands, waist, base, antennas; what it has.
    """

    body: Label
    joints: _Labels
    low_rad: _Numbers
    high_rad: _Numbers
    velocity_rad_s: _Numbers
    rate_hz: Number
    parts: Annotated[tuple[Label, ...], Meta(max_length=16)] = ()


class JointCommand(Message, frozen=True, kw_only=True, gc=False, tag="joint_command"):
    """What really left the safety filter for the motors, once per period of the body; `t_ns` is when it left.

    Attributes:
        index: running number without gaps.
        position_rad: float32 [joints].
        velocity_rad_s: float32 [joints].
        state: `follows` the targets, `slowed` by a person near, `stops` or `rests` for want of targets, `stopped` in an emergency.
        connected: whether the body took it.
        refused: targets refused so far, since their numbers were none.
        motion_t_ns: `MotionFrame.t_ns` of the newest frame that it follows, 0 before the first.
    """

    body: Label
    index: Count
    position_rad: JointValues
    velocity_rad_s: JointValues
    state: BodyState
    connected: bool
    refused: Count = 0
    motion_t_ns: Timestamp = 0


class JointMeasured(Message, frozen=True, kw_only=True, gc=False, tag="joint_measured"):
    """Where the joints are, as the body says; `t_ns` is when that was measured. `position_rad`: float32 [joints]."""

    body: Label
    position_rad: JointValues


class BodyStatus(Message, frozen=True, kw_only=True, gc=False, tag="body_status"):
    """The body's state changed. `at_limit`: joints at an end of their range or at their velocity; `detail`: why, in words."""

    body: Label
    state: BodyState
    connected: bool
    at_limit: _Labels = ()
    detail: Label = ""


class BodyControl(Message, frozen=True, kw_only=True, gc=False, tag="body_control"):
    """Somebody asks something of the body: an emergency stop (which holds until it is released), to go to rest, to go on."""

    action: Literal["emergency_stop", "release", "rest", "resume"]
    reason: Label = ""


class PersonDistance(Message, frozen=True, kw_only=True, gc=False, tag="person_distance"):
    """How near the nearest person is, by a sensor that can tell: at least a few times a second, a far one for nobody.

    `sensor`: which one, where there are several; the nearest counts.
    """

    distance_m: Metres
    sensor: Label = ""


class JointGoal(Message, frozen=True, kw_only=True, gc=False, tag="joint_goal"):
    """A trajectory that another program wants the body to follow; it passes the safety filter like the agent's own motion.

    Attributes:
        goal_id: unique in the session.
        joints: which, by name; others stay where they are.
        time_from_start_ms: of each point, rising.
        position_rad: float32 [points, joints of the goal].
    """

    goal_id: Annotated[str, Meta(min_length=1, max_length=128)]
    joints: _Labels
    time_from_start_ms: Annotated[tuple[Milliseconds, ...], Meta(max_length=POINTS_MAX)]
    position_rad: Annotated[bytes, Meta(max_length=1 << 20)]


class JointGoalCancel(Message, frozen=True, kw_only=True, gc=False, tag="joint_goal_cancel"):
    """A goal is no longer wanted (`cancelled`), or whoever wanted it is gone (`aborted`)."""

    goal_id: Annotated[str, Meta(min_length=1, max_length=128)]
    state: Literal["cancelled", "aborted"] = "cancelled"
    reason: Label = ""


class JointGoalAnswer(Message, frozen=True, kw_only=True, gc=False, tag="joint_goal_answer"):
    """What became of a goal: accepted or rejected once; an accepted one ends in exactly one other state."""

    goal_id: Label
    state: JointGoalStatus
    reason: Label = ""
