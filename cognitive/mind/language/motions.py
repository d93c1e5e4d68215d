"""Coming and going in words: "came back into the kitchen", "went out", "left for the garden"."""

from __future__ import annotations

from collections.abc import Sequence

from cognitive.mind import events as e
from cognitive.mind.language import words as w
from cognitive.mind.language.discourse import Discourse

Goings = tuple[e.Enters | e.Leaves, ...]


def enters(persons: Sequence[str], verb: str, rest: list[str], talk: Discourse) -> Goings:
    """Return "entered the kitchen", "joined the others"."""
    if verb.startswith("join"):
        place = ""
    else:
        words = rest[1:] if rest and rest[0] in w.RELATIONS else rest
        place = w.name(words)
    talk.goes_to(place)
    return tuple(e.Enters(who, place) for who in persons)


def exits(persons: Sequence[str], rest: list[str], talk: Discourse) -> Goings:
    """Return "exited the kitchen", "left for the garden"."""
    before, source = w.split_at(rest, frozenset({"from", "of", "for", "to", "with"}))
    for_where = source[:1] == ["for"] or (source[:1] == ["to"] and source[1:2] and source[1] in w.ARTICLES)
    if for_where and (place := w.name(source[1:])):
        talk.goes_to(place)
        return tuple(e.Enters(who, place, announced=True) for who in persons)
    words = before or (source[1:] if source and source[0] in {"from", "of"} else [])
    return tuple(e.Leaves(who, w.name(words)) for who in persons)


def moves(persons: Sequence[str], verb: str, rest: list[str], talk: Discourse) -> Goings | None:
    """Return "went to the garden", "came back", "walked out of the kitchen"."""
    words = [
        word for word in rest if word not in {"back", "over", "along", "straight", "right", "away", "off", "together"}
    ]
    went_off = len(words) < len(rest) and bool(set(rest) & {"away", "off"})
    if not words:
        if went_off:
            return tuple(e.Leaves(who) for who in persons)
        return (
            tuple(e.Enters(who) for who in persons)
            if "back" in rest or verb[:4] in {"retu", "come", "came", "arri"}
            else None
        )
    if words[0] in {"to", "into", "in", "inside", "at", "onto", "on"}:
        place = w.name(words[1:])
        if words[0] == "to" and not place:
            return None
        if words[0] == "to" and len(words) > 2 and words[1] not in w.ARTICLES and w.VERBS.get(words[1]):
            return None  # goes to get the ball: has not happened
        talk.goes_to(place)
        return tuple(e.Enters(who, place, announced=words[0] == "to") for who in persons)
    if words[0] == "home":
        return tuple(e.Enters(who, f"{who}'s home", announced=True) for who in persons)
    if words[0] == "outside" and len(words) == 1:
        return tuple(e.Enters(who, "outside", announced=True) for who in persons)
    if words[0] in {"out", "outside", "from"}:
        inner = [word for word in words[1:] if word not in {"of", "from"}]
        if "to" in inner or "into" in inner:
            _, target = w.split_at(inner, frozenset({"to", "into"}))
            return moves(persons, "go", target, talk)
        return tuple(e.Leaves(who, w.name(inner)) for who in persons)
    return None
