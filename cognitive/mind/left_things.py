"""What people have said of their things, and so which of those that they have put down they leave behind.

Who says that they will be back leaves their things on purpose, as does who says that they are to stay; who is afraid of forgetting
something names it; who has come with or for something calls it their own. Kept for as long as the room runs; bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cognitive.cues import words_of
from cognitive.mind import belongings, discretion
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.mistakes import Belonging
from cognitive.mind.names import normal
from cognitive.scene import Scene
from runtime.clock import NS_PER_S

BRIEF_S = 30.0
"""Who has said that they will be back goes for a moment only if they go within this time."""
LEFT_AFTER_S = 10.0
"""What is put down this soon after the words "leave it there" is meant by them."""
CLAIMS_MAX = 8
PEOPLE_MAX = 32
WORRY_CHARS = 200


class LeftThings:
    """Keeps what was said of things."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self._brief_ns: dict[str, int] = {}
        self._worries: dict[str, str] = {}
        self._claims: dict[str, list[str]] = {}
        self._stays_ns: dict[str, int] = {}

    def said(self, person_id: str, text: str, t_ns: int) -> None:
        """Take in what a person has said."""
        if belongings.brief(text):
            self._brief_ns[person_id] = t_ns
        if belongings.to_remember(text):
            self._worries[person_id] = " ".join(words_of(text))[:WORRY_CHARS]
        if discretion.on_purpose(text):
            self._stays_ns[person_id] = t_ns
        if mine := discretion.claimed(text):
            self._claims[person_id] = [*self._claims.get(person_id, ()), *mine][-CLAIMS_MAX:]
        for table in self._tables:
            while len(table) > PEOPLE_MAX:
                del table[next(iter(table))]

    def is_back(self, person_id: str) -> None:
        """Take in that somebody has come back."""
        self._brief_ns.pop(person_id, None)

    def forget(self, person_id: str) -> None:
        """Drop what a person has said."""
        for table in self._tables:
            table.pop(person_id, None)

    def left_behind(
        self, scene: Scene, model: EpistemicModel, is_secret: Callable[[str, str], bool]
    ) -> tuple[Belonging, ...]:
        """Return what people who are here, and do not go for a moment only, have put down and not taken again.

        Args:
            scene: who is here.
            model: who put what where.
            is_secret: whether a thing (the second) is nothing for a person (the first) to be told of.
        """
        found: list[Belonging] = []
        for person in scene.present():
            who = person.person_id
            known = model.state.people.get(normal(who))
            if known is not None and known.state == "asleep":
                continue
            brief_ns, now_ns = self._brief_ns.get(who, 0), max(person.last_ns, person.leave_ns)
            if brief_ns and now_ns - brief_ns <= BRIEF_S * NS_PER_S:
                continue
            since_ns = self._stays_ns.get(who, 0)
            until_ns = since_ns + round(LEFT_AFTER_S * NS_PER_S) if since_ns else 0
            others = [claim for name, said in self._claims.items() if name != who for claim in said]
            left = belongings.left_by(
                model, normal(who), who, self._worries.get(who, ""), self._claims.get(who, ()), others
            )
            found += [one for one in left if one.t_ns > until_ns and not is_secret(who, one.thing)]
        return tuple(found)

    @property
    def _tables(self) -> tuple[dict[str, Any], ...]:
        return self._brief_ns, self._worries, self._claims, self._stays_ns
