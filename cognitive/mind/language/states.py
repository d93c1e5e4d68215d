"""Sentences with "is": where somebody or something is, what holds, who sleeps. "Anna is in the kitchen", "the meeting is at five"."""

from __future__ import annotations

import itertools

from cognitive.mind import events as e
from cognitive.mind import names
from cognitive.mind.language import phrases as ph
from cognitive.mind.language import words as w
from cognitive.mind.language.discourse import Discourse

ASLEEP = frozenset({"asleep", "sleeping", "napping", "dozing", "unconscious"})
DISTRACTED = frozenset({"distracted", "busy", "absorbed", "preoccupied", "daydreaming", "inattentive"})
AWAKE = frozenset({"awake", "attentive", "watching", "alert"})
GONE = frozenset({"away", "out", "gone", "absent", "elsewhere"})
HERE = frozenset({"here", "back", "present", "inside", "home"})
STATE_VERBS: dict[tuple[str, str], str] = {
    ("falls", "asleep"): "asleep", ("fell", "asleep"): "asleep", ("fall", "asleep"): "asleep", ("dozes", "off"): "asleep",
    ("dozed", "off"): "asleep", ("nods", "off"): "asleep", ("nodded", "off"): "asleep", ("wakes", "up"): "awake", ("woke", "up"): "awake",
    ("turns", "away"): "distracted", ("turned", "away"): "distracted", ("turns", "around"): "distracted",
    ("turned", "around"): "distracted",
    ("turns", "back"): "awake", ("turned", "back"): "awake",
}  # fmt: skip
LOCATED = frozenset(
    {
        "located",
        "kept",
        "stored",
        "placed",
        "put",
        "hidden",
        "lying",
        "sitting",
        "standing",
        "waiting",
        "found",
        "left",
        "moved",
    }
)
NUMBERS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve noon midnight half quarter o'clock tomorrow today tonight
    monday tuesday wednesday thursday friday saturday sunday""".split()
)
CONTAINERS = frozenset(
    """box basket drawer bag cupboard fridge shelf table crate bucket bottle envelope suitcase chest container pocket jar bowl cabinet
    desk freezer oven bin case tin purse backpack bed sofa couch floor counter""".split()
)


_ASKING = frozenset({"what", "who", "where", "when", "why", "how", "which", "whose"})


def copula(tokens: list[str], talk: Discourse) -> tuple[e.Event, ...] | None:
    """Return what a sentence without a verb of action says, None where that is not understood."""
    for i, pair in enumerate(itertools.pairwise(tokens)):
        if i and pair in STATE_VERBS:
            return _attends(tokens[:i], STATE_VERBS[pair], talk)
    if (has := next((i for i, word in enumerate(tokens) if word in {"has", "have", "had"}), 0)) and not _unreal(tokens):
        return _has(tokens[:has], tokens[has + 1 :], talk)
    at = next((i for i, word in enumerate(tokens) if word in w.COPULAS), None)
    if not at or _unreal(tokens):
        return None
    if _ASKING & set(tokens[:at]):
        return None  # what's on the list: a question, whatever mark it has
    subject, rest = tokens[:at], [word for word in tokens[at + 1 :] if word not in {"still"}]
    while rest and rest[0] in {"been", "being"}:
        rest = rest[1:]
    if (subject in (["there"], ["inside"]) or not subject) and rest:
        return _there_is(rest, talk)
    if subject and subject[-1] == "there":  # in the box , there are pencils
        return _there_is([*rest, *subject[:-1]], talk)
    if not rest or not subject:
        return None
    if rest[0] in ASLEEP:
        return _attends(subject, "asleep", talk)
    if rest[0] in DISTRACTED or (
        rest[0] == "on" and rest[-1] in {"phone", "telephone"} and not _is_thing(subject, talk)
    ):
        return _attends(subject, "distracted", talk)
    if rest[0] in AWAKE:
        return _attends(subject, "awake", talk)
    if rest[0] in LOCATED or (rest[0].endswith("ing") and rest[1:2] and rest[1] in w.RELATIONS):
        rest = rest[1:]
    if not rest:
        return None
    if rest[0] in w.RELATIONS or rest[0] == "next":
        return _place(subject, rest, talk)
    persons = [who for name in w.people(subject) for who in talk.who(name)]
    if rest[0] in GONE and persons and not _is_thing(subject, talk):
        return tuple(e.Leaves(who) for who in persons)
    if rest[0] in HERE and persons and not _is_thing(subject, talk):
        return tuple(e.Enters(who) for who in persons)
    thing = talk.what(w.name(subject))
    if thing and len(rest) <= 2 and _is_thing(subject, talk) and all(word.isalpha() for word in rest):
        talk.mentions(thing)
        attribute = "day" if rest[0] in NUMBERS else "state"
        return (e.IsSo(e.Fact(thing, attribute, " ".join(rest))),)
    return None


def _unreal(tokens: list[str]) -> bool:
    """Return whether a sentence says what is not so; a person may be called Will."""
    return any(word in w.NEGATIONS or (word in w.UNREAL and i) for i, word in enumerate(tokens))


def _has(subject: list[str], rest: list[str], talk: Discourse) -> tuple[e.Event, ...] | None:
    """Return "Anna has the keys"."""
    persons = [who for name in w.people(subject) for who in talk.who(name)]
    thing = w.name(rest)
    if (
        len(persons) != 1
        or not thing
        or not rest
        or not (rest[0] in w.ARTICLES or rest[0] in w.OWNERS)
        or _is_thing(subject, talk)
    ):
        return None
    talk.acts(persons[0])
    thing = talk.what(thing)
    talk.mentions(thing)
    return (e.Takes(persons[0], thing),)


def _attends(subject: list[str], state: str, talk: Discourse) -> tuple[e.Event, ...] | None:
    persons = [who for name in w.people(ph.subject_words(subject)) for who in talk.who(name)]
    for who in persons:
        talk.acts(who)
    kind: dict[str, tuple[e.Event, ...]] = {
        "asleep": tuple(e.Attends(who, "asleep") for who in persons),
        "distracted": tuple(e.Attends(who, "distracted") for who in persons),
        "awake": tuple(e.Attends(who, "awake") for who in persons),
    }
    return kind[state] or None


def _there_is(rest: list[str], talk: Discourse) -> tuple[e.Event, ...] | None:
    """Return "there is a ball in the box"."""
    thing, spot, relation = ph.put_phrase(rest)
    if not thing or not spot or relation is None:
        return None
    talk.mentions(thing, spot)
    return (e.IsAt(thing, spot, relation),)


def _is_thing(subject: list[str], talk: Discourse) -> bool:
    """Return whether a subject is a thing: with an article or an owner, and not known as a person."""
    name = w.name(subject)
    if name in {"i", "you", "he", "she", "we"} or talk.is_person(name):
        return False
    return bool(
        name in {"it"}
        or subject[0] in w.ARTICLES
        or subject[0] in w.OWNERS
        or "'s" in subject[0]
        or name in talk.things
    )


def _place(subject: list[str], rest: list[str], talk: Discourse) -> tuple[e.Event, ...] | None:
    """Return where a thing is or people are, or when something takes place."""
    relation = w.RELATIONS.get(rest[0], "at")
    words = [word for word in rest[1:] if word != "to"]
    words, further = w.split_at(w.split_at(words, frozenset({",", "and"}))[0], frozenset({"in", "at"}))
    words = w.without_time(words)
    spot, place = w.name(words), w.name(further[1:]) or None
    if not spot or spot in {"course", "time", "way", "fact", "end"}:
        return None
    if _is_thing(subject, talk) or spot.rpartition(" ")[2] in CONTAINERS:
        thing = talk.what(w.name(subject))
        if not thing:
            return None
        if rest[0] in {"at", "on", "in"} and (words[0] in NUMBERS or words[0][0].isdigit()):
            talk.mentions(thing)
            return (e.IsSo(e.Fact(thing, "time", spot, "at")),)
        whom = talk.who(spot)
        spot = talk.container if spot in {"it", "there"} else (whom[0] if whom and whom[0] != spot else talk.what(spot))
        talk.mentions(thing, spot)
        return (e.IsAt(thing, spot, relation, place),)
    if words[0] in NUMBERS or words[0][0].isdigit():
        return None  # "it's at eleven": not a place
    words, company = w.split_at(words, frozenset({"with"}))  # in the kitchen with Anne
    spot = w.name(words)
    persons = [who for name in w.people([*subject, "and", *company[1:]]) for who in talk.who(name)]
    if not spot or not persons or spot in {"it", "them", "hurry", "rush", "mood", "pain", "love", "trouble", "danger"}:
        return None
    for who in persons:
        talk.acts(who)
    if len(persons) > 1:
        talk.group = tuple(persons)
    if relation not in ("in", "at", "on") and not names.is_room(spot):
        return None
    talk.goes_to(spot)
    return tuple(e.Enters(who, spot) for who in persons)
