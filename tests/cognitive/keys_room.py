"""A room that perceives a small scene: Anna puts keys away, goes, Ben moves them, the agent promises something, Anna comes back."""

from __future__ import annotations

from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.room import RoomContext

LENGTH_S = 70.0


def here(at_s: float, who: str, state: str = "present") -> tuple[float, m.Message]:
    """Return a percept of somebody who looks at the agent."""
    seen = m.PersonPercept(
        state=state,  # type: ignore[arg-type] # literals below
        person_id=who, gaze_target="agent", gaze_confidence=0.9, distance_m=1.2, valence=-0.1 if who == "ben" else 0.4,
    )  # fmt: skip
    return at_s, seen


def said(at_s: float, who: str, text: str) -> tuple[float, m.Message]:
    """Return the end of a turn: of a person for the agent, or of the agent."""
    speaker = "agent" if who == "agent" else "user"
    return at_s, m.Turn(
        state="ended", speaker=speaker, turn_id=f"t{at_s}", text=text, person_id="" if who == "agent" else who,
        addressed=None if who == "agent" else 0.95,
    )  # fmt: skip


SCENE = [
    here(1.1, "anna", "arrived"), here(1.2, "ben", "arrived"),
    (5.2, m.WorldEvent(text="Anna puts the keys in the drawer")),
    said(8.2, "anna", "I live in Turku."), said(9.2, "agent", "I can wave, but I cannot lift things."),
    here(20.2, "anna", "left"),
    (30.2, m.WorldEvent(text="Ben moves the keys to the bag")),
    said(34.2, "agent", "I will tell Anna where they are."),
    here(40.2, "anna", "arrived"), said(50.2, "anna", "I don't understand, what do you mean?"),
    *[here(t + 0.3, "ben") for t in range(2, 69)], *[here(t + 0.6, "anna") for t in range(2, 69) if not 19 <= t < 40],
]  # fmt: skip


async def serve(context: RoomContext) -> None:
    """Publish the scene, then end the session."""
    start_ns = await context.session_started()
    for at_s, message in sorted(SCENE, key=lambda item: item[0]):
        await context.clock.sleep_until_ns(start_ns + round(at_s * NS_PER_S))
        context.bus.publish(type(message)(**{**_fields(message), "t_ns": context.clock.now_ns()}))
    await context.clock.sleep_until_ns(start_ns + round(LENGTH_S * NS_PER_S))
    context.bus.publish(m.SessionControl(t_ns=context.clock.now_ns(), action="finished"))


def _fields(message: m.Message) -> dict[str, object]:
    return {name: getattr(message, name) for name in message.__struct_fields__}
