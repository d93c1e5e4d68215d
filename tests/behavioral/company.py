"""A scene with two people in view, Anna and Bob, as vision with landmarks tells of them; what the agent made of their turns."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from runtime.messages import AnyMessage, GazeTarget, PersonPercept, Turn, TurnDecision
from runtime.settings import Profile
from tests.behavioral.scene import Scene, play

ANNA, BOB = "anna", "bob"
BOXES = {ANNA: (0.1, 0.3, 0.2, 0.3), BOB: (0.6, 0.3, 0.2, 0.3)}
BEARINGS = {ANNA: (0.3, 0.0), BOB: (-0.3, 0.0)}
OTHER = {ANNA: BOB, BOB: ANNA}
Script = Callable[["Company"], Awaitable[None]]


class Company(Scene):
    """A scene with Anna and Bob in view, as vision with landmarks tells of them."""

    mouths = True

    def shows(self, who: str, looks: GazeTarget | None = "other", mouth: float = 0.0) -> None:
        """Vision's newest of a person; gaze and mouth are unknown where `mouths` is off."""
        known = looks if self.mouths else None
        self.people.take(
            PersonPercept(
                state="present",
                person_id=who,
                box=BOXES[who],
                bearing_rad=BEARINGS[who],
                gaze_target=known,
                gaze_name=OTHER[who] if known == "other" else "",
                gaze_confidence=0.9,
                mouth_moving=mouth if self.mouths else None,
            )
        )

    def leaves(self, who: str) -> None:
        self.people.take(PersonPercept(state="left", person_id=who))

    async def says(
        self,
        who: str,
        text: str,
        seconds: float,
        looks: GazeTarget | None = "other",
        then: GazeTarget | None = None,
        turns_at: float = 0.5,
    ) -> None:
        """A person says a text looking there, and from the share `turns_at` of it on at `then`; others look at the speaker."""
        self.shows(who, looks, 0.9)
        self.shows(OTHER[who], "other", 0.0)
        speaking = asyncio.ensure_future(self.hear(text, seconds))
        if then is not None:
            await asyncio.sleep(seconds * turns_at)
            self.shows(who, then, 0.9)
        await speaking
        self.shows(who, then or looks, 0.0)


def company(script: Script, profile: Profile | None = None, *, mouths: bool = True) -> list[AnyMessage]:
    """Play a script with both in view and return what was said on the bus."""

    async def run(scene: Scene) -> None:
        assert isinstance(scene, Company)
        scene.mouths = mouths
        scene.shows(ANNA)
        scene.shows(BOB)
        await script(scene)

    return play(run, profile=profile, of=Company)


def decisions(messages: list[AnyMessage], *names: str) -> list[TurnDecision]:
    return [m for m in messages if isinstance(m, TurnDecision) and m.decision in names]


def side(messages: list[AnyMessage]) -> list[str]:
    """What was decided about other people's turns."""
    return [m.decision for m in decisions(messages, "answer", "wait", "stay_out")]


def people_turns(messages: list[AnyMessage]) -> list[Turn]:
    return [m for m in messages if isinstance(m, Turn) and m.speaker == "user" and m.state == "ended"]
