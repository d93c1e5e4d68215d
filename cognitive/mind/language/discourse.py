"""What was last spoken of, so that "she leaves the room" and "puts it in the box" can be read.

One `Discourse` goes along with one story, or with one room's conversation. It is small and bounded; nothing raises.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from cognitive.mind.names import normal

REMEMBERED = 64


class Discourse:
    """The last person, people, thing and container, and which names are people."""

    def __init__(self, people: Iterable[str] = (), *, speaker: str = "", listener: str = "") -> None:
        """Know some names as people's from the start; `speaker` is "I", `listener` is "you"."""
        self.people: OrderedDict[str, None] = OrderedDict((normal(who), None) for who in people)
        self.things: OrderedDict[str, None] = OrderedDict()
        self.places: OrderedDict[str, None] = OrderedDict()
        self.speaker, self.listener = normal(speaker), normal(listener)
        self.person = ""
        self.group: tuple[str, ...] = ()
        self.thing = ""
        self.container = ""

    def acts(self, who: str) -> None:
        """Remember somebody who does something as a person, and as the one meant by she or he."""
        _remember(self.people, who)
        self.things.pop(who, None)
        self.person = who

    def mentions(self, thing: str, spot: str = "") -> None:
        """Remember a thing, and the container it is in."""
        if thing:
            _remember(self.things, thing)
            self.thing = thing
        if spot:
            self.container = spot

    def goes_to(self, place: str) -> None:
        """Remember a name as a place's."""
        if place:
            _remember(self.places, place)

    def who(self, name: str) -> tuple[str, ...]:
        """Return whom a subject means: itself, or the person behind a pronoun; empty where that is unknown."""
        if name in {"i", "me", "myself"}:
            return (self.speaker,) if self.speaker else ()
        if name in {"you", "yourself"}:
            return (self.listener,) if self.listener else ()
        if name in {"he", "she", "him", "her"}:
            return (self.person,) if self.person else ()
        if name in {"they", "them", "both"}:
            return self.group
        if name == "we":
            return tuple(who for who in (self.speaker, self.listener) if who)
        return (name,)

    def what(self, name: str) -> str:
        """Return which thing is meant: itself, the last one, or one that belongs to somebody; "" where that is unknown."""
        if name in {"it", "them", "they", "this", "that"}:
            return self.thing
        first, _, rest = name.partition(" ")
        if first in {"my", "your", "his", "her", "our", "their", "its"}:
            owner = {"my": self.speaker, "your": self.listener, "his": self.person, "her": self.person}.get(first, "")
            return f"{owner}'s {rest}" if owner and rest else rest
        return name

    def is_person(self, name: str) -> bool:
        """Return whether the name is known as a person's."""
        return name in self.people


def _remember(names: OrderedDict[str, None], name: str) -> None:
    names[name] = None
    names.move_to_end(name)
    while len(names) > REMEMBERED:
        names.popitem(last=False)
