"""A day of strangers, with the long-term memory on: whether anything grows that should not.

Somebody new comes every 20 to 60 seconds and stays for one to three minutes, up to three at a time. All that is said, put away and named
is made of fresh words, so that nothing that is kept by name can hide its growth. One in three agrees to be remembered; of these some
come back under their stable name, and one in six asks to be forgotten again. The memory is that of the room (`LongTermService`) in a
folder of the caller. Session time is virtual, a cycle a `STEP_S`; what is measured each hour is real: resident memory, and the bytes of the
state that is saved and of the memory's file.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

from cognitive.cycle import CognitiveCycle
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.schema import FILE_NAME, SIDE_FILES
from cognitive.memory.service import LongTermService
from cognitive.memory.store import Saved, encode
from cognitive.motivation.triggers import built_in_triggers
from cognitive.persona import load_persona
from cognitive.reasoners.embedded import EmbeddedReasoner
from runtime import messages as m
from runtime.clock import NS_PER_S, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.offload import InlineOffload
from runtime.settings import CognitiveSettings, LongTermSettings

STEP_S = 2
AT_ONCE = 3
COMES_S = (20, 60)
STAYS_S = (60, 180)
AGREES, COMES_BACK, FORGETS = 1 / 3, 0.25, 1 / 6
BYTES_MAX = 1 << 20
"""Of the memory's file: small, so that a day fills it and letting go is part of what is measured."""


@dataclass(slots=True)
class Day:
    """What was measured, each hour in its place.

    Attributes:
        rss_mb: resident memory of this process.
        state_bytes: largest state that was to be saved, in that hour.
        file_bytes: the memory's file and its log.
        lengths: how many of each are in the state: people, beliefs about facts, links, minds.
        visitors: how many came.
        agreed: how many of them agreed to be remembered.
        forgotten: how many of these asked to be forgotten.
        remembered: how many are remembered at the end.
        counters: of the long-term memory.
    """

    rss_mb: list[float] = field(default_factory=list)
    state_bytes: list[int] = field(default_factory=list)
    file_bytes: list[int] = field(default_factory=list)
    lengths: list[dict[str, int]] = field(default_factory=list)
    visitors: int = 0
    agreed: int = 0
    forgotten: int = 0
    remembered: int = 0
    counters: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Visitor:
    track: str
    name: str
    known_as: str
    until_s: int
    agrees: bool
    says_so: bool
    forgets: bool


class Street:
    """Who comes and goes, and what they say and do: messages by the second."""

    def __init__(self, seed: int, day: Day) -> None:
        """Begin with nobody."""
        self._chance = random.Random(seed)  # no secret: variety
        self._day = day
        self._here: list[_Visitor] = []
        self._next_s = 1
        self._known: list[tuple[str, str]] = []

    def messages(self, second: int) -> list[m.Message]:
        """Return what is perceived in the step that ends at a second."""
        chance, t_ns = self._chance, second * NS_PER_S
        news: list[m.Message] = []
        for gone in [visitor for visitor in self._here if visitor.until_s <= second]:
            self._here.remove(gone)
            news.append(self._seen(gone, "left", t_ns))
        if second >= self._next_s:
            self._next_s = second + chance.randint(*COMES_S)
            if len(self._here) < AT_ONCE:
                news += self._arrives(second)
        news += [self._seen(visitor, "present", t_ns) for visitor in self._here]
        if not self._here:
            return news
        who = chance.choice(self._here)
        if who.agrees and who.says_so and chance.random() < 0.3:
            who.says_so = False
            news.append(self._said(who, f"My name is {who.name}. Please remember me.", second))
        elif who.forgets and who.until_s - second < 10:
            who.forgets = False
            self._day.forgotten += 1
            news.append(self._said(who, "Forget me.", second))
        elif second % 8 < STEP_S:
            said = self._sentence()
            news.append(self._said(who, said, second))
            words = f"I see, so it is {self._word()}."
            if said.startswith("can you remind me"):
                words = f"Okay, I'll remind you in {self._chance.randint(1, 40)} minutes of the {self._word()}."
            news.append(
                m.AgentSpeech(t_ns=t_ns, state="started", response_id=f"r{second}", text=words, duration_ms=900.0)
            )
            news.append(m.AgentSpeech(t_ns=t_ns, state="finished", response_id=f"r{second}", text=words))
            news.append(m.Turn(t_ns=t_ns, state="ended", speaker="agent", turn_id=f"r{second}", text=words))
        if second % 6 < STEP_S:
            text = f"{who.name} puts the {self._word()} in the {self._word()}"
            news.append(m.WorldEvent(t_ns=t_ns, text=text))
        return news

    def _arrives(self, second: int) -> list[m.Message]:
        chance, day, t_ns = self._chance, self._day, second * NS_PER_S
        day.visitors += 1
        agrees = chance.random() < AGREES
        back = bool(self._known) and chance.random() < COMES_BACK
        name, known_as = chance.choice(self._known) if back else (self._word().title(), f"face-{second}")
        forgets = agrees and chance.random() < FORGETS
        visitor = _Visitor(
            f"track-{second}", name, known_as, second + chance.randint(*STAYS_S), agrees, agrees, forgets
        )
        self._here.append(visitor)
        news: list[m.Message] = [self._seen(visitor, "arrived", t_ns)]
        if agrees:
            day.agreed += 1
            news.append(m.PersonIdentity(t_ns=t_ns, person_id=visitor.track, known_as=known_as, confidence=0.95))
            self._known = [*self._known, (name, known_as)][-64:]
        return news

    def _seen(self, visitor: _Visitor, state: str, t_ns: int) -> m.PersonPercept:
        return m.PersonPercept(
            t_ns=t_ns, state=state, person_id=visitor.track, box=(0.3, 0.3, 0.2, 0.3), distance_m=1.5,  # type: ignore[arg-type]
            gaze_target=self._chance.choice(("agent", "agent", "other", "object", "away")), gaze_confidence=0.7,
            valence=self._chance.uniform(-0.4, 0.4),
        )  # fmt: skip

    def _said(self, visitor: _Visitor, text: str, second: int) -> m.Turn:
        return m.Turn(
            t_ns=second * NS_PER_S, state="ended", speaker="user", turn_id=f"turn-{second}", text=text, person_id=visitor.track,
            addressed=0.9,
        )  # fmt: skip

    def _sentence(self) -> str:
        word, chance = self._word, self._chance
        return chance.choice(
            (
                f"I like {word()} and my {word()} is called {word().title()}",
                f"I live in {word().title()} and I work as a {word()}",
                f"I put the {word()} in the {word()}",
                f"the {word()} train leaves at {chance.randint(1, 12)} from gate {chance.randint(1, 40)}",
                f"I think the {word()} is in the {word()}",
                f"where is the {word()}",
                f"can you remind me of the {word()} in {chance.randint(1, 40)} minutes",
                f"I feel so {word()} about the {word()} today",
            )
        )

    def _word(self) -> str:
        return "".join(self._chance.choice("bcdfglmnprst") + self._chance.choice("aeiou") for _ in range(4))


def run(settings: CognitiveSettings, folder: Path, *, hours: int, seed: int = 1) -> Day:
    """Let so many hours pass.

    Args:
        settings: of the slow loop; its long-term memory is put into the folder.
        folder: an empty one.
        hours: of session time.
        seed: of what happens.

    Raises:
        AttuneError: the persona cannot be read.
    """
    day = Day()
    run_virtual(_run(settings, folder, hours, seed, day))
    return day


async def _run(settings: CognitiveSettings, folder: Path, hours: int, seed: int, day: Day) -> None:
    persona = load_persona(settings.persona)
    saved = Saved()
    saved.planner.id_prefix = "intention"
    reasoner = EmbeddedReasoner(built_in_triggers(persona.name, settings.long_silence_s))
    thinker = CognitiveCycle(settings, persona, reasoner, seed, saved)
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    clock = VirtualClock(loop)
    state_dir = folder / "state"
    state_dir.mkdir()
    memory = LongTermService(
        LongTermSettings(folder=str(folder / "memory"), bytes_max=BYTES_MAX), saved, state_dir, clock, wall_s=None,
        offload=InlineOffload(), embedding=InlineOffload(), files=InlineOffload(), embedder=None, counters=day.counters,
        status={"status": "ok", "detail": ""},
    )  # fmt: skip
    thinker.recollections = memory.recollections
    await memory.start()
    street, largest = Street(seed, day), 0
    answers: list[m.Message] = []
    for second in range(STEP_S, hours * 3_600 + 1, STEP_S):
        await clock.sleep_until_ns(second * NS_PER_S)
        now_ns = second * NS_PER_S
        news: list[m.Message] = [*answers, *street.messages(second)]
        outcome = await thinker.run(news, now_ns, regular=True)
        memory.step(news, now_ns)
        largest = max(largest, len(encode(saved)))
        memory.saved()
        answers = [
            m.IntentionAnswer(t_ns=now_ns, intention_id=intention.id, state=state)
            for intention in outcome.sent
            for state in ("accepted", "started", "finished")
        ]
        if second % 3_600 == 0:
            _measure(day, saved, folder, largest)
            largest = 0
    await memory.stop()
    memory.close()
    kept = LongTermMemory(folder / "memory")
    day.remembered = len(kept.people())
    kept.close()


def _measure(day: Day, saved: Saved, folder: Path, largest: int) -> None:
    import psutil

    day.rss_mb.append(float(psutil.Process().memory_info().rss) / 1e6)
    day.state_bytes.append(largest)
    files = [folder / "memory" / (FILE_NAME + side) for side in SIDE_FILES]
    day.file_bytes.append(sum(path.stat().st_size for path in files if path.exists()))
    day.lengths.append(
        {
            "people": len(saved.scene.people),
            "minds": len(saved.minds),
            "links": len(saved.remembering.links),
            "facts": 0 if saved.beliefs is None else len(saved.beliefs.facts),
            "believers": 0 if saved.beliefs is None else len(saved.beliefs.people),
            "ended": len(saved.remembering.ended),
            "promises": len(saved.scene.promises),
        }
    )
