"""A slow loop with a language model, cycle by cycle: session time steps, the network's time is real."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from cognitive.cycle import CognitiveCycle, Outcome
from cognitive.memory.store import Saved
from cognitive.persona import Persona, load_persona
from cognitive.reasoners.choice import make_reasoner
from cognitive.reasoners.contract import Reasoner
from cognitive.reasoners.outgoing import OutgoingFilter, PlainWords
from cognitive.safety.safeguard import Safeguard
from cognitive.safety.wording import Each, ModelsWords
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.safety.refusals import Limits
from runtime.safety.settings import SafetySettings
from runtime.settings import CognitiveSettings

FACE = (0.4, 0.3, 0.2, 0.3)
CYCLE_S = 0.5
GREETED_IN_CYCLE = 6


def words_of(persona: Persona) -> set[str]:
    """Everything that the persona file lets the agent say of its own accord."""
    return {
        text.format(name=persona.name, topic=topic)
        for texts in persona.sentences.values()
        for text in texts
        for topic in persona.topics
    }


class StepClock:
    """Session time that a test moves."""

    def __init__(self) -> None:
        self.t_ns = 0

    def now_ns(self) -> int:
        return self.t_ns

    async def sleep_until_ns(self, t_ns: int) -> None:
        raise AssertionError("the reasoner does not sleep")


class Scene:
    """One agent with its reasoner."""

    def __init__(
        self,
        base_url: str,
        model: str,
        strategy: str = "plain",
        *,
        outgoing: OutgoingFilter | None = None,
        safety: SafetySettings | None = None,
        frame: Callable[[], bytes | None] = lambda: None,
        **llm: Any,
    ) -> None:
        given: dict[str, Any] = {"timeout_s": 1.5, "wait_ms": 40.0, "words": True, **llm}
        self.settings = msgspec.convert(
            {"reasoner": "llm", "strategy": strategy, "llm": {"base_url": base_url, "model": model, **given}},
            CognitiveSettings,
        )
        self.clock = StepClock()
        self.persona: Persona = load_persona("default")
        limits = Limits(boundaries=self.persona.boundaries, refusals=self.persona.refusals)
        safeguard = Safeguard(safety, limits, self.persona.name)
        if safety is not None:  # the filters of the room's process
            outgoing = Each(PlainWords(), ModelsWords(safeguard))
        self.reasoner: Reasoner = make_reasoner(
            self.settings, self.persona, self.clock, virtual=False, outgoing=outgoing, frame=frame
        )
        self.cycle = CognitiveCycle(self.settings, self.persona, self.reasoner, 1, Saved(), safeguard=safeguard)
        self.outcomes: list[Outcome] = []

    async def step(self, *messages: m.Message) -> Outcome:
        """Run the next regular cycle."""
        self.clock.t_ns += round(CYCLE_S * NS_PER_S)
        outcome = await self.cycle.run(list(messages), self.clock.t_ns, regular=True)
        self.outcomes.append(outcome)
        return outcome

    async def greeting(self, until: int = GREETED_IN_CYCLE) -> Outcome:
        """Let Anna come and look; return the cycle in which the rules by themselves greet her, or one before."""
        outcome = await self.step(self.here("arrived"))
        for _ in range(until - 1):
            outcome = await self.step(self.here())
        return outcome

    async def settle(self, until: Callable[[Scene], bool], *, steps: int = 200, pause_s: float = 0.02) -> None:
        """Run cycles until something holds; fail where it never does."""
        for _ in range(steps):
            if until(self):
                return
            await self.step(self.here())
            await asyncio.sleep(pause_s)
        raise AssertionError(f"never so: {self.reasoner.trouble!r}, {dict(self.reasoner.counters)}")

    def here(self, state: str = "present") -> m.Message:
        return m.PersonPercept(t_ns=self.clock.t_ns, state=state, person_id="anna", box=FACE, confidence=0.95)  # type: ignore[arg-type]

    def says(self, text: str) -> tuple[m.Message, ...]:
        """A whole turn of the person, long enough ago for the agent to take the floor."""
        return (
            m.Turn(
                t_ns=self.clock.t_ns, state="ended", speaker="user", turn_id="t1", text=text, end_ns=self.clock.t_ns
            ),
        )

    def intentions(self) -> list[m.Intention]:
        return [intention for outcome in self.outcomes for intention in outcome.intentions]

    def words(self) -> list[str]:
        return [intention.content for intention in self.intentions() if intention.kind == "dialogue"]

    def persona_words(self) -> set[str]:
        return words_of(self.persona)

    async def aclose(self) -> None:
        await self.reasoner.aclose()
