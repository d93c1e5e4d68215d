"""What the slow process tells whoever talks: who the agent is, whom it talks with, what it remembers, what is going on.

Of a person who has agreed to be remembered it also tells what comes to mind of earlier encounters (`Recollection`), before the
session's own facts, which are newer.

`Telling.news` makes a `Knowledge` message of memory and scene, and gives it out when its content has changed, or after
`REPEAT_S` for a room that has come (back) later. Only words go out, no times, so that nothing changes without need. Synchronous,
microseconds a cycle; every part is bounded.
"""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from cognitive.memory.bank import Bank, PersonMemory
from cognitive.memory.retrieval import DAY_S, Recollection
from cognitive.persona import Persona
from cognitive.scene import Scene
from runtime import messages as m
from runtime.clock import NS_PER_S

REPEAT_S = 10.0
FACTS_MAX = 16
FACT_CHARS = 300
SITUATION_NOTES = 4
SITUATION_CHARS = 600
GLAD, SAD = 0.25, -0.25
"""Slow averages of a person's valence from which the mood has a name."""
WEIGHTY = 0.6
"""What somebody has said is told again from this importance on (questions, needs, leaving)."""


class Telling:
    """Remembers what it has told."""

    def __init__(self, persona: Persona) -> None:
        """Speak of the agent as its persona has it."""
        self._persona = f"{persona.name}. {persona.described()}".strip()
        self._told: m.Knowledge | None = None

    def news(
        self, bank: Bank, scene: Scene, now_ns: int, recollection: Recollection | None = None, now_s: float = 0.0,
        *, manner: str = "", child: bool = False, missed: tuple[str, ...] = (), expected: tuple[str, ...] = (),
        consent: Literal["", "given", "withdrawn"] = "", forgotten: int = 0,
    ) -> m.Knowledge | None:  # fmt: skip
        """Return the knowledge if it is time to tell it.

        Args:
            bank: the session's memory.
            scene: who is here.
            now_ns: session time.
            recollection: what is remembered of the partner from earlier encounters.
            now_s: Unix seconds, to say how long ago the last one was.
            manner: how the agent carries itself now.
            child: whether a child is here.
            missed: what concerns the partner and they do not know yet.
            expected: what the partner believes of the agent.
            consent: what the partner wants of being remembered.
            forgotten: how often in this session anything was forgotten.
        """
        partner = scene.partner()
        known = bank.people.get(partner)
        content = m.Knowledge(
            persona=self._persona,
            person=_person(known, len(scene.present()), recollection, now_s),
            facts=_facts(known, recollection),
            situation="; ".join(note.text for note in bank.situation[-SITUATION_NOTES:])[-SITUATION_CHARS:],
            manner=manner,
            child=child,
            news=missed,
            expected=expected,
            consent=consent,
            forgotten=forgotten,
            t_ns=now_ns,
        )
        told = self._told
        if told is not None and _same(told, content) and now_ns - told.t_ns < REPEAT_S * NS_PER_S:
            return None
        self._told = content
        return content


def _person(known: PersonMemory | None, present: int, recollection: Recollection | None, now_s: float) -> str:
    """Return whom the agent talks with, in words."""
    if present == 0:
        return ""
    parts = ["one person" if present == 1 else f"{present} people"]
    if recollection is not None and recollection.name:
        parts.append(f"whom you know as {recollection.name}")
    if recollection is not None and recollection.last_s > 0:
        parts.append(f"met before, last {_ago(now_s - recollection.last_s)}")
    elif known is not None:
        parts.append("whom you meet for the first time" if known.encounters <= 1 else f"met {known.encounters} times")
    if known is not None and known.feelings:
        parts.append("seems glad" if known.valence >= GLAD else "seems low" if known.valence <= SAD else "seems calm")
    return ", ".join(parts)


def _facts(known: PersonMemory | None, recollection: Recollection | None) -> tuple[str, ...]:
    """Return what is remembered of a person: from earlier, best last, then of now, what the dialogue wanted remembered last."""
    texts: list[str] = []
    if recollection is not None:
        texts = [f"earlier: {mem.text}" if mem.kind != "fact" else mem.text for mem in reversed(recollection.memories)]
    if known is not None:
        said = [note.text for note in known.notes if note.importance >= WEIGHTY]
        texts += [*said[-4:], *(fact.text for fact in known.facts if fact.text not in texts)]
    return tuple(text[:FACT_CHARS] for text in texts[-FACTS_MAX:])


def _ago(seconds: float) -> str:
    """Return how long ago in words that change seldom."""
    days = seconds / DAY_S
    for limit, text in (
        (0.5, "today"),
        (1.5, "yesterday"),
        (7, "some days ago"),
        (31, "some weeks ago"),
        (365, "some months ago"),
    ):
        if days < limit:
            return text
    return "over a year ago"


def _same(one: m.Knowledge, other: m.Knowledge) -> bool:
    return replace(one, t_ns=0) == replace(other, t_ns=0)
