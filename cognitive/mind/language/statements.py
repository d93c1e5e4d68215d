"""Sentences that report what happens, as events: "Anna puts the keys in the drawer".

`parse_statement` reads one sentence, in the present or past tense. It finds the first known verb; what stands before it is the subject,
what stands behind it is read by the rule of the verb. What is not understood gives None, and so does what has not happened (negated,
wished, planned). Linear in the sentence, never raises.
"""

from __future__ import annotations

from collections.abc import Callable

from cognitive.mind import events as e
from cognitive.mind.language import handling, motions
from cognitive.mind.language import phrases as ph
from cognitive.mind.language import words as w
from cognitive.mind.language.discourse import Discourse
from cognitive.mind.language.states import copula
from cognitive.mind.names import is_room

Events = tuple[e.Event, ...]


def parse_statement(text: str, discourse: Discourse | None = None) -> Events | None:
    """Return what a sentence reports; None where it is not understood.

    Args:
        text: one sentence, at most 300 characters of it are read.
        discourse: what was spoken of before; it is updated.
    """
    talk = discourse if discourse is not None else Discourse()
    tokens = ph.without_lead(w.tokens(text))
    return clause(tokens, talk)


def clause(tokens: list[str], talk: Discourse) -> Events | None:
    """Return the events of a clause, or of two with one subject ("takes the ball and puts it in the box")."""
    tokens, manner = ph.manner(tokens)
    if (label := ph.labelled(tokens)) is not None:
        talk.mentions("", label.container)
        return (label,)
    for at, kind in ph.verbs(tokens):
        events = _from_verb(tokens, at, kind, talk, manner)
        if events is not None:
            return events
    return copula(tokens, talk)


def _from_verb(tokens: list[str], at: int, kind: str, talk: Discourse, manner: ph.Manner) -> Events | None:
    """Return the events of a clause whose verb stands at a place."""
    subject, rest = tokens[:at], tokens[at + 1 :]
    # A person may be called Will or May, but not at the second place.
    if any(word in w.NEGATIONS or (word in w.UNREAL and i) for i, word in enumerate(subject)) and kind not in {
        "say",
        "tell",
    }:
        return _not_watching(subject, kind, talk)
    first, second = ph.conjunct(rest) if kind not in {"say", "tell", "think"} else (rest, [])
    events = _act(subject, kind, tokens[at], first, talk, manner)
    if events is not None and second:
        more = clause([*ph.subject_words(subject), *second], talk)
        if more is not None:
            events = _with_content(events, more)
    return events


def _with_content(events: Events, more: Events) -> Events:
    """Return both, where "opens the box" and "sees pencils inside" are one event."""
    last, then = events[-1], more[0]
    if isinstance(last, e.Opens) and isinstance(then, e.Opens) and then.content and last.container == then.container:
        return (*events[:-1], e.Opens(last.person, last.container, then.content, last.alone, last.secretly), *more[1:])
    return (*events, *more)


def _act(
    subject: list[str], kind: str, verb: str, rest: list[str], talk: Discourse, manner: ph.Manner
) -> Events | None:
    """Return what a subject does."""
    persons = [who for name in w.people(ph.subject_words(subject)) for who in talk.who(name)]
    if not persons:
        return None
    if kind == "contain":
        return _contains(persons[0], rest, talk)
    if verb in w.FALL and (fallen := handling.fall(subject, rest, talk)) is not None:
        return fallen
    if kind not in _RULES:
        return None
    before, talk.person = talk.person, persons[0]  # "her phone" is the subject's
    made = _RULES[kind](persons, verb, rest, talk, manner)
    if made is not None:
        for who in persons:
            talk.acts(who)
        if len(persons) > 1:
            talk.group = tuple(persons)
    else:
        talk.person = before
    return made


def _enter(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    return motions.enters(persons, verb, rest, talk)


def _exit(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    return motions.exits(persons, rest, talk)


def _leave(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    rest = ph.without_purpose(rest)
    thing, spot, relation = ph.put_phrase(rest)
    a_place = is_room(thing) or thing in talk.places or thing in {"room", "house"}
    if thing and spot and relation is not None and not a_place and not set(rest) & {"for", "to"}:
        return handling.put(persons, verb, rest, talk, manner)
    return _exit(persons, verb, rest, talk, manner)


def _motion(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    if verb in {"return", "returns", "returned"} and (spot := ph.put_phrase(rest)) and spot[0] and spot[1]:
        return handling.put(persons, verb, rest, talk, manner)  # returns the ball to the box
    if verb in {"get", "gets", "got"} and rest and rest[0] not in {"in", "into", "to", "home", "back", "out"}:
        return handling.take(persons, verb, rest, talk, manner)
    return motions.moves(persons, verb, rest, talk)


def _search(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    before, target = w.split_at(rest, frozenset({"for"}))
    if w.SEARCH.get(verb) == "seek" and not target:
        before, target = [], ["for", *rest]
    if not target:
        return None
    thing, spot, relation = ph.put_phrase(target[1:], first_only=True)
    if before and not spot:
        spot = w.name([word for word in before if word not in w.RELATIONS])  # searched the drawer for the keys
    thing = talk.what(thing)
    if not thing:
        return None
    talk.mentions(thing)
    return tuple(
        e.Searches(who, thing, handling.spot_of(spot, talk) if spot else "", relation or "in") for who in persons
    )


def _look(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    if "for" in rest:
        return _search(persons, "search", rest, talk, manner)
    if rest and rest[0] in {"away", "elsewhere"}:
        return tuple(e.Attends(who, "distracted") for who in persons)
    if rest and rest[0] in {"up", "back"}:
        return tuple(e.Attends(who, "awake") for who in persons)
    if "window" in rest or "keyhole" in rest or "door" in rest:
        return _watch(persons, verb, rest, talk, manner)
    if rest and rest[0] in {"in", "into", "inside", "under", "behind"}:
        rest = rest[1:]
    elif w.LOOK.get(verb) != "check":
        return None
    container = w.name([word for word in rest if word not in {"inside", "in", "into"}])
    container = talk.container if container in {"it", ""} else talk.what(container)
    if not container:
        return None
    talk.mentions("", container)
    return tuple(e.Opens(who, container, alone=True, secretly=manner.secretly) for who in persons)


def _open(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    container = w.name(rest)
    container = talk.container if container == "it" else talk.what(container)
    if not container or container in {"door", "window", "curtain", "curtains"}:
        return None
    talk.mentions("", container)
    return (e.Opens(persons[0], container, secretly=manner.secretly),)


def _fill(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    before, after = w.split_at(rest, frozenset({"with"}))
    container, content = w.name(before), w.name(after[1:])
    container = talk.container if container == "it" else container
    if not container or not content:
        return None
    talk.mentions("", container)
    return (e.Opens(persons[0], container, content, secretly=manner.secretly),)


def _empty(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    container = w.name(rest)
    return (e.Opens(persons[0], container, "nothing", secretly=manner.secretly),) if container else None


def _contains(container: str, rest: list[str], talk: Discourse) -> Events | None:
    content = w.name(w.split_at(rest, frozenset({",", "not", "instead"}))[0])
    container = talk.container if container == "it" else container
    if not content or not container:
        return None
    talk.mentions("", container)
    return (e.IsSo(e.Fact(container, e.CONTENT, content), hidden=True),)


def _see(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    rest = rest[1:] if rest[:1] == ["out"] else rest
    if rest[:1] == ["that"]:
        fact = fact_of_clause(rest[1:], talk)
        return None if fact is None else tuple(e.Sees(who, fact, manner.secretly) for who in persons)
    if (inside := ph.inside(rest)) and talk.container:
        content = w.name(inside)
        return (
            tuple(e.Opens(who, talk.container, content, alone=True, secretly=manner.secretly) for who in persons)
            if content
            else None
        )
    if next(ph.verbs(rest), None) is not None:  # saw Ben put the keys in the drawer: so he did
        person, group = talk.person, talk.group
        seen = clause(rest, talk)
        talk.person, talk.group = person, group
        fact = fact_of(seen[-1]) if seen else None
        if seen is None or fact is None:
            return None
        return (*seen, *(e.Sees(who, fact, manner.secretly) for who in persons))
    thing, spot, relation = ph.put_phrase(rest)
    thing = talk.what(thing)
    if not thing or not spot or relation is None or w.SEE.get(verb) in {"hear", "read", "remember"}:
        return None
    spot = handling.spot_of(spot, talk)
    talk.mentions(thing, spot)
    return tuple(e.Sees(who, e.Fact(thing, e.PLACE, spot, relation), manner.secretly) for who in persons)


def _watch(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    before, via = w.split_at(rest, frozenset({"through", "from", "via"}))
    if not via and not manner.secretly and w.WATCH.get(verb) != "spy":
        return None
    target = w.name([word for word in before if word not in {"on", "in", "into", "at"}])
    whom = talk.who(target) if target else ()
    if target and talk.is_person(target) and whom:
        return tuple(e.Watches(who, whom=whom[0]) for who in persons)
    known = target in talk.places
    return tuple(e.Watches(who, place=target if known else None) for who in persons)


def _tell(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    start = next((i for i, word in enumerate(rest) if word in {"that", "where", ":", ",", '"'} and i), None)
    if start is None:
        start = next((i for i, word in enumerate(rest) if i and (word in w.ARTICLES or word in w.OWNERS)), None)
        if start is None:
            return None
    hearers = [who for name in w.people(rest[:start]) for who in talk.who(name)]
    if not hearers:
        return None
    return _speech(persons, tuple(hearers), rest[start:], talk, manner)


def _say(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    hearers: tuple[str, ...] = ()
    if rest[:1] == ["to"]:
        start = next((i for i, word in enumerate(rest) if word in {"that", ":", ",", '"', "where"}), None)
        if start is None:
            return None
        hearers = tuple(who for name in w.people(rest[1:start]) for who in talk.who(name))
        rest = rest[start:]
    if w.SAY.get(verb) == "whisper" and hearers:
        manner = ph.Manner(manner.secretly, privately=True)
    return _speech(persons, hearers, rest, talk, manner)


def _speech(
    persons: list[str], hearers: tuple[str, ...], said: list[str], talk: Discourse, manner: ph.Manner
) -> Events | None:
    """Return the telling of what is said."""
    quoted = any(word in {":", '"'} for word in said[:2])
    while said and said[0] in {"that", ":", ",", '"'}:
        said = said[1:]
    if said[:1] == ["where"]:
        thing = talk.what(
            w.name([word for word in said[1:] if word not in w.COPULAS and word not in {"hidden", "located"}])
        )
        fact = e.Fact(thing, e.PLACE, "") if thing else None
    else:
        inner = talk
        if quoted:
            inner = Discourse(talk.people, speaker=persons[0], listener=hearers[0] if hearers else "")
            inner.thing, inner.container = talk.thing, talk.container
        fact = fact_of_clause(said, inner)
    if fact is None:
        return None
    return tuple(e.Tells(who, fact, hearers, privately=manner.privately or manner.secretly) for who in persons)


def _think(persons: list[str], verb: str, rest: list[str], talk: Discourse, manner: ph.Manner) -> Events | None:
    fact = fact_of_clause(rest[1:] if rest[:1] == ["that"] else rest, talk)
    return None if fact is None else tuple(e.Thinks(who, fact) for who in persons)


def fact_of_clause(tokens: list[str], talk: Discourse) -> e.Fact | None:
    """Return the proposition of a clause: what holds after what it reports."""
    tokens, _ = ph.manner(tokens)
    person, group = talk.person, talk.group
    events = clause(tokens, talk)
    talk.person, talk.group = person, group
    return fact_of(events[-1]) if events else None


def fact_of(event: e.Event) -> e.Fact | None:
    """Return what holds after an event, if that is one proposition."""
    match event:
        case e.Moves() | e.IsAt():
            return e.Fact(event.thing, e.PLACE, event.spot, event.relation)
        case e.Takes():
            return e.Fact(event.thing, e.PLACE, event.person, "with")
        case e.IsSo() | e.Sees() | e.Thinks() | e.Tells():
            return event.fact
        case e.Opens() if event.content:
            return e.Fact(event.container, e.CONTENT, event.content)
        case e.Enters() if event.place:
            return e.Fact(event.person, e.PLACE, event.place)
        case _:
            return None


def _not_watching(subject: list[str], kind: str, talk: Discourse) -> Events | None:
    """Return that somebody does not take in what happens: "Ben is not looking"."""
    if kind in {"look", "watch"} and "not" in subject:
        persons = [who for name in w.people(ph.subject_words(subject)) for who in talk.who(name)]
        return tuple(e.Attends(who, "distracted") for who in persons) or None
    return None


_Rule = Callable[[list[str], str, list[str], Discourse, ph.Manner], "Events | None"]
_RULES: dict[str, _Rule] = {
    "enter": _enter, "exit": _exit, "leave": _leave, "motion": _motion, "put": handling.put, "take": handling.take, "give": handling.give,
    "search": _search,
    "look": _look, "open": _open, "fill": _fill, "empty": _empty, "watch": _watch, "see": _see, "tell": _tell, "say": _say, "think": _think,
}  # fmt: skip
