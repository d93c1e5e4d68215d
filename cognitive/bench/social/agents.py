"""Who plays a scene: the slow loop itself, and baselines that show what its parts are worth.

`never` stays quiet; `always` acts whenever somebody is there, `periodic` every half a minute, both of the trigger type for which
there are the most signs, which flatters them. `threshold` holds the same signs against fixed thresholds in each cycle, as ProAct
does: without a model of minds, without weighing the interruption, with a cool-down only. Each keeps its own state for one scene.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cognitive.bench.social.play import Agent
from cognitive.bench.social.scene_file import SceneScript
from cognitive.cycle import CognitiveCycle
from cognitive.memory.store import Saved
from cognitive.mind.appearance import appearances
from cognitive.motivation.thresholds import CONVERSATION, resolve_thresholds
from cognitive.motivation.triggers import built_in_triggers
from cognitive.perceive import perceive
from cognitive.persona import Persona
from cognitive.reasoners.embedded import EmbeddedReasoner
from cognitive.scene import Scene
from cognitive.situation import derive
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.goals import Declared
from runtime.settings import CognitiveSettings

PERIOD_S = 30.0
COOLDOWN_S = 20.0

MakeAgent = Callable[[SceneScript], Agent]
"""Makes an agent for one scene."""


class Attune:
    """The slow loop."""

    continued: Sequence[m.Intention] = ()
    cancelled: Sequence[str] = ()

    def __init__(
        self,
        name: str,
        settings: CognitiveSettings,
        persona: Persona,
        seed: int,
        *,
        theory_of_mind: bool = True,
        goals: Declared | None = None,
    ) -> None:
        """Start with an empty memory; without theory of mind everybody is taken as they appear at the moment, whatever the goals."""
        saved = Saved()
        saved.planner.id_prefix = "bench"
        reasoner = EmbeddedReasoner(built_in_triggers(name, settings.long_silence_s))
        self.cycle = CognitiveCycle(
            settings, persona, reasoner, seed, saved, theory_of_mind=theory_of_mind, goals=goals
        )

    async def step(self, messages: list[m.Message], now_ns: int, *, regular: bool) -> Sequence[m.Intention]:
        """Run one cycle."""
        outcome = await self.cycle.run(messages, now_ns, regular=regular)
        self.continued = outcome.continued
        self.cancelled = [intention_id for intention_id, _ in outcome.cancelled]
        return outcome.intentions


class Never:
    """Stays quiet, whatever comes."""

    continued: Sequence[m.Intention] = ()
    cancelled: Sequence[str] = ()

    async def step(self, messages: list[m.Message], now_ns: int, *, regular: bool) -> Sequence[m.Intention]:
        """Do nothing."""
        return ()


class FastAlone(Never):
    """The fast system without the slow one: what it answers is in the script (`agent:`), of its own accord it begins nothing.

    So it hits no window by construction, and says nothing in a quiet span that the script does not let it say; what its answers are worth
    is measured by `attune bench dialogue`.
    """

    def __init__(self) -> None:
        """Count `answers`, the sentences that it says in the script."""
        self.answers = 0

    async def step(self, messages: list[m.Message], now_ns: int, *, regular: bool) -> Sequence[m.Intention]:
        """Begin nothing."""
        self.answers += sum(isinstance(message, m.AgentSpeech) and message.state == "started" for message in messages)
        return ()


class Scored:
    """Acts by rule on the scores of the triggers, which see only what everybody appears to be at."""

    continued: Sequence[m.Intention] = ()
    cancelled: Sequence[str] = ()

    def __init__(self, name: str, settings: CognitiveSettings) -> None:
        """Start with an empty scene."""
        self._scene = Scene()
        self._reasoner = EmbeddedReasoner(built_in_triggers(name, settings.long_silence_s))
        self._bank = Saved().bank
        self._count = 0
        self.last_ns: dict[str, int] = {}

    async def scores(self, messages: list[m.Message], now_ns: int) -> dict[str, float]:
        """Return the score of each trigger type now."""
        for message in messages:
            perceive(self._scene, message, now_ns)
        situation = derive(self._scene, now_ns, appearances(self._scene, now_ns))
        assessment = await self._reasoner.assess(situation, self._bank)
        return {trigger: score for trigger, (score, _) in assessment.scores.items()}

    def someone(self) -> bool:
        """Whether anybody is here."""
        return bool(self._scene.present())

    def act(self, trigger: str, score: float, now_ns: int) -> Sequence[m.Intention]:
        """Return an initiative of this type."""
        self._count += 1
        self.last_ns[trigger] = now_ns
        self._scene.handled_ns[trigger] = now_ns
        for person in self._scene.present():
            person.greeted = True
        return (m.Intention(id=f"baseline.{self._count}", kind="attention", trigger=trigger, score=score, t_ns=now_ns),)


class Always(Scored):
    """Acts in every cycle in which somebody is here, at most once in `period_s`."""

    def __init__(self, name: str, settings: CognitiveSettings, period_s: float) -> None:
        """Wait so long between acts."""
        super().__init__(name, settings)
        self._period_ns = round(period_s * NS_PER_S)

    async def step(self, messages: list[m.Message], now_ns: int, *, regular: bool) -> Sequence[m.Intention]:
        """Act by the clock."""
        scores = await self.scores(messages, now_ns)
        due = now_ns - max(self.last_ns.values(), default=-self._period_ns) >= self._period_ns
        if not regular or not due or not self.someone():
            return ()
        trigger = max(scores, key=lambda name: scores[name])
        return self.act(trigger if scores[trigger] > 0.0 else CONVERSATION, scores[trigger], now_ns)


class Threshold(Scored):
    """Acts where a score crosses its threshold, as ProAct's planner does."""

    def __init__(self, name: str, settings: CognitiveSettings) -> None:
        """Take the thresholds of the profile."""
        super().__init__(name, settings)
        self._thresholds = resolve_thresholds(settings.thresholds)

    async def step(self, messages: list[m.Message], now_ns: int, *, regular: bool) -> Sequence[m.Intention]:
        """Act on the highest score over its threshold whose type has cooled down."""
        scores = await self.scores(messages, now_ns)
        cool_ns = now_ns - round(COOLDOWN_S * NS_PER_S)
        over = [
            trigger
            for trigger, score in scores.items()
            if score >= self._thresholds[trigger] and self.last_ns.get(trigger, cool_ns) <= cool_ns
        ]
        if not over:
            return ()
        trigger = max(over, key=lambda name: scores[name])
        return self.act(trigger, scores[trigger], now_ns)


def baselines(settings: CognitiveSettings) -> dict[str, MakeAgent]:
    """Return the makers of the baselines by name."""
    return {
        "never": lambda _scene: Never(),
        "always": lambda scene: Always(scene.agent, settings, settings.cycle_s),
        "periodic": lambda scene: Always(scene.agent, settings, PERIOD_S),
        "threshold": lambda scene: Threshold(scene.agent, settings),
    }
