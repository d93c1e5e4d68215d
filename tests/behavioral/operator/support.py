"""A scripted conversation with an operator's desk beside it."""

from __future__ import annotations

import itertools
from typing import Any

from behavioral.intake import Intake
from behavioral.operator.desk import Desk
from runtime.messages import AnyMessage, Intention, OperatorAct, OperatorAnswer, OperatorState
from runtime.settings import Profile
from tests.behavioral.scene import Scene


class Operated(Scene):
    """A scene with an operator."""

    def __init__(
        self, scenario: str = "welcome", seed: int = 1, profile: Profile | None = None, tts: Any = None
    ) -> None:
        super().__init__(scenario, seed, profile, tts)
        self.intake = Intake(self.acts, self.realiser, self.channels, self.bus, self.clock)
        self.desk = Desk(self.channels, self.conversation, self.realiser, self.bus, self.clock, self.intake.begin)
        self.desk_told = self.bus.subscribe(OperatorAnswer, OperatorState, capacity=1_000)
        self._ids = itertools.count(1)

    def do(self, deed: str, **fields: Any) -> str:
        """The operator does something; return the act's id."""
        act = OperatorAct(id=f"act-{next(self._ids)}", deed=deed, operator="operator-1", **fields)  # type: ignore[arg-type] # by name
        self.desk.take(act)
        return act.id

    def wishes(self, **fields: Any) -> str:
        """The slow system sends an intention; return its id."""
        intention = Intention(id=f"own-{next(self._ids)}", source="cognitive", trigger="social_protocol", **fields)
        self.intake.take(intention)
        return intention.id

    def fate(self, id_: str) -> list[tuple[str, str]]:
        """What became of an intention."""
        return [(answer.state, answer.reason) for answer in self.answers if answer.intention_id == id_]

    def desk_answers(self) -> list[AnyMessage]:
        return self.desk_told.flush()
