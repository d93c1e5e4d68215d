"""The built-in tools of an embodied agent: gesture, gaze, expression, memory, time.

What the body should do becomes an `Intention` like those of the slow system and of outside clients, with the same checks, the same
answers on the bus and the same place in a recording. What is to be remembered goes over the bus as a `Fact`. Each function
is instant; refusals become `ToolFailed`, which the model reads.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Literal

from msgspec import Meta, Struct

from behavioral.dialogue.tools import Tool, ToolFailed
from runtime.clock import Clock
from runtime.ids import IdSource
from runtime.messages import Fact, Intention, Target

Words = Annotated[str, Meta(min_length=1, max_length=120)]
Place = Literal["person", "left", "right", "up", "down", "ahead"]
TRIGGER = "dialogue_tool"

DIRECTIONS_RAD: dict[str, tuple[float, float]] = {
    "left": (0.6, 0.0),
    "right": (-0.6, 0.0),
    "up": (0.0, 0.35),
    "down": (0.0, -0.35),
    "ahead": (0.0, 0.0),
}
"""Yaw (the agent's left positive) and pitch (up positive) of a place that the model can name."""


class PerformGesture(Struct, frozen=True, forbid_unknown_fields=True):
    """Arguments of `perform_gesture`."""

    label: Words
    target: Literal["none", "person", "left", "right", "up", "down", "ahead"] = "none"


class LookAt(Struct, frozen=True, forbid_unknown_fields=True):
    """Arguments of `look_at`."""

    target: Place


class SetExpression(Struct, frozen=True, forbid_unknown_fields=True):
    """Arguments of `set_expression`; the names are those of `runtime.vocabulary.EXPRESSIONS`."""

    name: Literal["happy", "sad", "angry", "surprised", "relaxed"]


class Remember(Struct, frozen=True, forbid_unknown_fields=True):
    """Arguments of `remember`."""

    fact: Annotated[str, Meta(min_length=3, max_length=300)]


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """No arguments."""


def embodied_tools(
    intend: Callable[[Intention], str], remember: Callable[[Fact], None], ids: IdSource, clock: Clock
) -> tuple[Tool, ...]:
    """Return the built-in tools.

    Args:
        intend: gives an intention to the body; returns why it is refused, or an empty text.
        remember: tells the slow system a fact.
        ids: names the intentions.
        clock: session time, of the intentions and facts.
    """

    def act(intention: Intention) -> str:
        if refusal := intend(intention):
            raise ToolFailed(refusal)
        return "done"

    def perform_gesture(arguments: PerformGesture) -> str:
        return act(
            Intention(
                id=ids.new("intention"),
                kind="gesture",
                content=arguments.label,
                target=None if arguments.target == "none" else _target(arguments.target),
                trigger=TRIGGER,
                t_ns=clock.now_ns(),
            )
        )

    def look_at(arguments: LookAt) -> str:
        return act(
            Intention(
                id=ids.new("intention"),
                kind="gaze",
                target=_target(arguments.target),
                trigger=TRIGGER,
                t_ns=clock.now_ns(),
            )
        )

    def set_expression(arguments: SetExpression) -> str:
        return act(
            Intention(
                id=ids.new("intention"),
                kind="expression",
                label=arguments.name,
                trigger=TRIGGER,
                t_ns=clock.now_ns(),
            )
        )

    def note(arguments: Remember) -> str:
        text = " ".join(arguments.fact.split())
        if not text:
            raise ToolFailed("an empty fact")
        remember(Fact(text=text, t_ns=clock.now_ns()))
        return "remembered"

    def get_time(_arguments: Nothing) -> str:
        return time.strftime("%A, %d %B %Y, %H:%M")

    return (
        Tool(
            "perform_gesture",
            "Make a gesture with your body now, for example wave, nod, point, shrug, bow, or any short description. "
            "Give target when it should be directed at something.",
            PerformGesture,
            perform_gesture,
            informs=False,
        ),
        Tool(
            "look_at",
            "Look at the person you talk with or in a direction, for two seconds.",
            LookAt,
            look_at,
            informs=False,
        ),
        Tool(
            "set_expression",
            "Show an expression on your face for a few seconds.",
            SetExpression,
            set_expression,
            informs=False,
        ),
        Tool(
            "remember",
            "Remember one fact about the person for later, as a short sentence.",
            Remember,
            note,
            informs=False,
        ),
        Tool("get_time", "Return the local date and time.", Nothing, get_time, informs=True),
    )


def _target(place: Place) -> Target:
    """Return a place as a target; the person is the nearest one in view."""
    return Target() if place == "person" else Target(direction_rad=DIRECTIONS_RAD[place])
