"""Reading acts off what is seen and said: which acts of the plans a sentence, a look or words may be.

A sentence of the controlled language is compared by its events ("picks up the umbrella" is "takes the umbrella"); any other one by its
words behind its subject. Names must be told in full: "red door" is not any door. Microseconds a message; English; raises at nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from cognitive.cues import SMALL_WORDS
from cognitive.formulas import any_of, plain
from cognitive.mind import events as e
from cognitive.mind.goals.plans import Plans
from cognitive.mind.language import Discourse, parse_statement
from cognitive.mind.mentions import content, stem
from cognitive.mind.names import doer, normal, without_titles
from runtime.patterns import expand_pattern, match_tokens

SAYS_FROM = 0.75
"""Words fit a pattern from this score on; who answers is content with less, since an answer can be put right."""
NOBODY = "somebody"
LOOKS = frozenset("look looks looked looking gaze gazes stare stares glance glances read reads watch watches".split())
GOES = frozenset(
    """walk walks walked go goes went head heads headed step steps stepped run runs ran hurry hurries hurried move moves
    moved come comes came approach approaches approached stroll strolls wander wanders cross crosses""".split()
)
_ENDINGS = frozenset({"s", "es", "d", "ed", "ing", "'s"})
NO_DEEDS = any_of(
    r"""
    (?:waves?|bows?|smiles?|laughs?|sighs?|nods?|yawns?|coughs?|frowns?|shrugs?|blinks?|sneezes?|stands?|waits?|sits?|turns?|
    arrives?|enters?|leaves?|comes?|says?|speaks?|talks?|asks?|hums?|sings?)
    """
)
"""Doing one of these is neither for nor against any goal."""
FAILS = any_of(
    r"""
    fail\w* to / fails / can ?not / can't / could not / couldn't / in vain / does not manage / doesn't manage / gives up /
    without success / tries .* again / (?:does not|doesn't|won't|will not) (?:work|open|start|fit|move|go|come) /
    is (?:stuck|jammed|broken|locked) / isn't working / not working / keeps? (?:failing|refusing)
    """
)
"""Somebody does not manage what they are at."""
FAILING_WORDS = any_of(
    r"""
    (?:does not|doesn't|won't|will not|isn't|is not) (?:work\w*|open|start|fit|move|go in|come out|print|react|respond) /
    (?:can't|cannot|can not|couldn't|could not) (?:\w+ ){0,2}(?:find|open|get|make|reach|figure|close|start|read) /
    (?:it|this|that)(?:'s| is) (?:stuck|jammed|broken|locked) / how (?:do|does) (?:i|this|it|that|you) / nothing happens
    """
)
"""Somebody says so."""
_YES = any_of(
    r"(?:oh |ah |um |well |er )*(?:yes|yeah|yep|yup|sure|please|exactly|right|of course|i am|i do|that would)"
)
_NO = any_of(
    r"(?:oh |ah |um |well |er )*(?:no|nope|nah|not|i'm not|i am not|i don't|i'm fine|i am fine|i'm good|i'm all right)"
)
_DECLINES = any_of(r"no thanks / no thank you / just looking / something else / somewhere else")


@dataclass(frozen=True, slots=True)
class Deed:
    """What a sentence tells: who did which acts (none: something that no plan names), and whether it went wrong."""

    person_id: str
    acts: frozenset[int] = frozenset()
    other: bool = False
    failed: bool = False


@dataclass(slots=True)
class _Told:
    """A sentence taken apart: its events where it is understood, and its words behind the subject."""

    events: tuple[e.Event, ...]
    words: list[str] = field(default_factory=list)


class Observing:
    """Knows the acts of the plans by every form that they can be seen in."""

    def __init__(self, plans: Plans) -> None:
        """Take apart what the scenario has written."""
        self._plans = plans
        self._talk = Discourse()
        self._deeds: dict[int, _Told] = {}
        self._patterns: dict[int, list[tuple[str, ...]]] = {}
        self._names: dict[int, list[str]] = {}
        for number, act in enumerate(plans.acts):
            if act.kind == "does":
                events = parse_statement(f"{NOBODY} {act.text}") or ()
                self._deeds[number] = _Told(events, normal(act.text).split())
            elif act.kind == "says":
                self._patterns[number] = expand_pattern(act.text)
            else:
                self._names[number] = content(normal(act.text)) or normal(act.text).split()

    def look(self, name: str) -> frozenset[int]:
        """Return the acts that a look at something named may be."""
        words = normal(name).split()
        return frozenset(number for number in self._of("looks_at") if _in_full(self._names[number], words))

    def says(self, text: str) -> frozenset[int]:
        """Return the acts that words may be."""
        return frozenset(
            number
            for number, variants in self._patterns.items()
            if any(match_tokens(tokens, text).score >= SAYS_FROM and _about(tokens, text) for tokens in variants)
        )

    def sentence(self, text: str, people: Collection[str]) -> Deed | None:
        """Return what a sentence about the room tells of a person; None where it tells of nobody who is here."""
        text = without_titles(text, people)
        for person in people:
            self._talk.people.setdefault(normal(person), None)
        events = parse_statement(text, self._talk) or ()
        who = doer(text, people) or next((p for p in people if _acts(events, normal(p))), "")
        if not who:
            return None
        name = normal(who)
        words = normal(text).split()
        behind = words[len(name.split()) :] if normal(text).startswith(name) else words[1:]
        if FAILS.search(plain(text)):
            return Deed(who, failed=True)
        told = _Told(tuple(event for event in events if getattr(event, "person", name) == name), behind)
        acts = frozenset(number for number in range(len(self._plans.acts)) if self._shows(number, told, name))
        other = not acts and bool(behind) and NO_DEEDS.match(behind[0]) is None and behind[0] not in LOOKS
        return Deed(who, acts, other) if acts or other else None

    def _of(self, kind: str) -> list[int]:
        return [number for number, act in enumerate(self._plans.acts) if act.kind == kind]

    def _shows(self, number: int, told: _Told, name: str) -> bool:
        """Return whether the sentence tells the act."""
        kind = self._plans.acts[number].kind
        verb = told.words[0] if told.words else ""
        match kind:
            case "does":
                wanted = self._deeds[number]
                if wanted.events and told.events:
                    return all(any(_same(one, own, name) for own in told.events) for one in wanted.events)
                return not wanted.events and _in_order(wanted.words, told.words)
            case "handles":
                things = [thing for event in told.events for thing in _handled(event, name)]
                named = any(_in_full(self._names[number], thing.split()) for thing in things)
                loosely = not told.events and verb not in LOOKS | GOES and verb not in {"passes", "ignores"}
                return named or (loosely and _in_full(self._names[number], told.words[1:]))
            case "approaches":
                place = next((event.place for event in told.events if isinstance(event, e.Enters)), "")
                if place:
                    return _in_full(self._names[number], normal(place).split())
                return verb in GOES and "from" not in told.words and _in_full(self._names[number], told.words[1:])
            case "looks_at":
                return verb in LOOKS and _in_full(self._names[number], told.words[1:])
        return False


def answer(text: str) -> bool | None:
    """Return whether words take up an offer (True) or decline it (False); None where they do neither."""
    words = plain(text)
    if _NO.match(words) or _DECLINES.search(words):
        return False
    return True if _YES.match(words) else None


def failing(text: str) -> bool:
    """Return whether words are those of somebody who does not manage something."""
    return FAILING_WORDS.search(plain(text)) is not None


def _about(tokens: tuple[str, ...], text: str) -> bool:
    """Return whether all words of a pattern that tell what it is about are in the text: "where is the" asks for anything."""
    telling = [token for token in tokens if token[0] not in "{*" and token not in SMALL_WORDS]
    return all(match_tokens((token,), text).score > 0.0 for token in telling)


def _acts(events: Iterable[e.Event], name: str) -> bool:
    return any(getattr(event, "person", "") == name for event in events)


def _in_full(name: list[str], words: Collection[str]) -> bool:
    """Return whether all words of a name occur."""
    said = {stem(word) for word in words}
    return bool(name) and all(stem(word) in said for word in name)


def _in_order(wanted: list[str], words: list[str]) -> bool:
    """Return whether words occur one after the other, in whatever form; what stands between them does not matter."""
    left = iter(words)
    return all(any(_same_word(one, word) for word in left) for one in wanted)


def _same_word(one: str, other: str) -> bool:
    """Return whether two words are forms of one: "presses" and "pressed"."""
    if one == other:
        return True
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    ends = {one[shared:], other[shared:]} - {""}
    return shared >= 3 and ends <= _ENDINGS


def _same(wanted: e.Event, told: e.Event, name: str) -> bool:
    """Return whether an event is the declared one, whoever does it; what the declaration leaves open does not matter."""
    if type(wanted) is not type(told):
        return False
    for key in ("thing", "spot", "container", "place", "content"):
        want = _bare(getattr(wanted, key, ""), NOBODY)
        if want and _bare(getattr(told, key, ""), name) != want:
            return False
    return True


def _handled(event: e.Event, name: str) -> list[str]:
    """Return what somebody has in hand in an event."""
    if isinstance(event, e.Searches):
        return []
    return [thing for key in ("thing", "container") if (thing := _bare(getattr(event, key, ""), name))]


def _bare(thing: str | None, owner: str) -> str:
    """Return a thing without its owner, where that is the doer."""
    return normal(thing or "").removeprefix(f"{owner}'s ")
