"""Putting, taking, giving and falling in words: "puts the keys in the drawer", "takes off the coat", "the cup falls off the table"."""

from __future__ import annotations

from cognitive.mind import events as e
from cognitive.mind.language import motions
from cognitive.mind.language import phrases as ph
from cognitive.mind.language import words as w
from cognitive.mind.language.discourse import Discourse

Events = tuple[e.Event, ...]


def put(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    """Return where a person puts a thing."""
    if rest and rest[0] in {"to", "into", "inside"}:
        return motions.moves(persons, "go", rest, talk)  # moves to the kitchen
    if (dressed := dons(persons[0], verb, rest, talk, manner)) is not None:
        return dressed
    thing, spot, relation = ph.put_phrase(ph.without_purpose(rest))
    things = things_of(thing, talk)
    if things and not spot and w.PUT.get(verb) == "drop":
        spot, relation = "floor", "on"
    if not things or not spot or relation is None:
        return None
    if spot.rpartition(" ")[2] in w.ON_PERSON and set(rest[-3:]) & set(w.OWNERS):
        talk.mentions(things[-1])
        return tuple(e.Takes(persons[0], one, manner.secretly) for one in things)
    spot = spot_of(spot, talk)
    if not spot:
        return None
    talk.mentions(things[-1], spot)
    return tuple(e.Moves(persons[0], one, spot, relation, manner.secretly) for one in things)


def things_of(name: str, talk: Discourse) -> list[str]:
    """Return the things of "the phone and the keys"; a name of one thing stays whole."""
    parts = [w.name(part.split()) for part in name.split(" and ")]
    return [thing for part in parts if part and (thing := talk.what(part))]


def dons(who: str, verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    """Return that somebody has what they put on: "puts on the coat", "puts the scarf on"."""
    if verb not in w.DON or "on" not in (rest[:1] + rest[-1:]):
        return None
    thing = talk.what(w.name([word for word in rest if word != "on"]))
    if not thing or thing.rpartition(" ")[2] not in w.WORN:
        return None
    talk.mentions(thing)
    return (e.Takes(who, thing, manner.secretly),)


def fall(subject: list[str], rest: list[str], talk: Discourse) -> Events | None:
    """Return where a thing is that has moved by itself: "the keys slip behind the sofa", "the cup falls off the table"."""
    thing = talk.what(w.name(ph.subject_words(subject)))
    if not thing or talk.is_person(thing) or not (subject[0] in w.ARTICLES or thing in talk.things):
        return None
    _, spot, relation = ph.put_phrase(["it", *rest])
    if not spot and set(rest) & w.SOURCES:
        spot, relation = "floor", "on"
    if not spot or relation is None:
        return None
    talk.mentions(thing, spot)
    return (e.IsAt(thing, spot, "on" if spot in w.SURFACES and relation == "in" else relation),)


def spot_of(spot: str, talk: Discourse) -> str:
    """Return a spot, whose name may be a pronoun or somebody's."""
    if spot in {"it", "there", "them"}:
        return talk.container
    whom = talk.who(spot)
    return whom[0] if whom and whom[0] != spot else talk.what(spot)


def take(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    """Return what a person takes."""
    thing, spot, relation = ph.put_phrase(rest)
    if spot and relation is not None and thing and set(rest) & {"to", "into", "onto"}:
        return put(persons, verb, rest, talk, manner)
    if (dressed := dons(persons[0], verb, rest, talk, manner)) is not None:
        return dressed
    words, _ = w.split_at(
        [word for i, word in enumerate(rest) if word not in w.PARTICLES and (i or word != "off")],  # takes off the coat
        frozenset({*w.RELATIONS, *w.SOURCES, "for"}),
    )
    things = things_of(w.name(words), talk)
    if not things:
        return None
    talk.mentions(things[-1])
    return tuple(e.Takes(persons[0], one, manner.secretly) for one in things)


def give(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    """Return what a person gives to whom."""
    before, target = w.split_at(rest, frozenset({"to"}))
    if target:
        thing, whom = w.name(before), w.name(target[1:])
    else:  # gives Ben the keys
        cut = next((i for i, word in enumerate(rest) if i and (word in w.ARTICLES or word in w.OWNERS)), 0)
        whom, thing = w.name(rest[:cut]), w.name(rest[cut:])
    who, thing = talk.who(whom), talk.what(thing)
    if not who or not who[0] or not thing:
        return None
    talk.mentions(thing)
    return (e.Moves(persons[0], thing, who[0], "with", manner.secretly),)
