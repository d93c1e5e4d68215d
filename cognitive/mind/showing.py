"""What shows that somebody acts on a belief: the words, deeds and looks of one person, against what the model says that they believe.

Being wrong is no reason for anybody to speak; going to the wrong place is. A `Wrong` is a belief that is not so, or was not so until the
person saw the thing missing; the functions here say whether a sentence shows it. Pure, linear in the text, English.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cognitive import speech_acts
from cognitive.cues import words_of
from cognitive.formulas import any_of, plain
from cognitive.mind import mentions
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import PLACE, Relation
from cognitive.mind.sightings import Evidence, believed

GOES_FOR = frozenset(
    """open opens opened opening look looks looked looking peek peeks search searches searching hunt hunts rummage rummages rummaging dig
    digs feel feels feeling grope gropes pat pats patting reach reaches reaching reached go goes going walk walks walking run runs hurry
    hurries check checks checking try tries grab grabs lift lifts pull pulls empty empties turn turns head heads step steps bend bends
    crouch crouches lean leans point points unlock unlocks shake shakes scoop scoops pour pours spoon spoons dip dips use uses stare
    stares kneel kneels climb climbs tip tips unscrew unscrews fish fishes stop stops stand stands wait waits knock knocks""".split()
)
"""Doing one of these with a place is going for what is believed to be there."""
PICKS = frozenset(
    "pick picks take takes grab grabs drink drinks eat eats taste tastes sniff sniffs hold holds unwrap unwraps".split()
)
"""So is doing one of these with the place itself, but not with what comes from there."""
AWAY = frozenset({"from", "off", "out", "to", "of"})
SEEKS = frozenset(
    """look looks looking peek peeks search searches searching hunt hunts rummage rummages rummaging dig digs feel feels grope gropes pat
    pats patting""".split()
)
"""Doing one of these with places, one after the other, is searching; opening a drawer is so only along with them."""
_AMONG = frozenset(
    {"in", "into", "under", "behind", "inside", "beneath", "for", "through", "between", "around", "among"}
)
OPENS = frozenset("open opens pull pulls lift lifts check checks turn turns empty empties".split())
INTENDS = any_of(
    r"""
    (?:i'll|i will|let me|i'm going to|gonna|just) (?:just |quickly |go and |go )?(?:get|grab|fetch|take|use|need|have|find|pick) /
    (?:i need|i just need|i want) (?:to )?(?:get|grab|fetch|take|use|have|find|pick) /
    (?:get|grab|fetch|bring|pass|hand) me / i need (?:my|the|some) / now (?:for )?(?:my|the) / time for (?:my|the) /
    (?:spoons?|cups?|pinch|bit|drop|gram\w*|slices?|glass) of
    """
)
PUT_THERE = any_of(
    r"""
    i(?:'d|'ve| have| had| just)? (?:left|put|laid|set|hung|kept|dropped|stuck|placed) (?:it|them|that|those|my \w+|the \w+) /
    (?:it|they|that|those)(?:'s|'re| is| are| was| were)(?: still| right| just| always| all)? (?:in|on|at|under|by|behind|there|here|over) /
    should be / must be / ought to be / has to be / was (?:right )?(?:here|there) / were (?:right )?(?:here|there) / i'm sure / i know it's
    """
)
MISSES = any_of(
    r"""
    where (?:\w+ ){0,4}(?:have|did|has|had|'ve) (?:i|we) (?:\w+ )?(?:put|left|leave|lay|laid|set|stuck|park|parked|hung|hang|lose|drop)? /
    (?:seen|taken|moved|had|got) my / can't see / cannot see / who(?:'s| has)? (?:taken|moved|got|had|took) /
    (?:has|have) (?:gone|vanished|disappeared|walked) / what have i done with / what did i do with /
    (?:isn't|aren't|not) (?:here|there|in here|in there|where) / i (?:just|only|definitely) had (?:it|them|that|those) /
    had (?:it|them) (?:a|just|in) / looking everywhere / looked everywhere / empty / nowhere / hiding / got to$ / got to now /
    gone to / \w+ where are (?:you|they) / nothing (?:here|there|in here) /
    i(?:'m| am)? (?:search\w*|hunting) / missing
    """
)
FOUND = any_of(
    r"""
    there (?:you|it|they|she|he) (?:is|are) / there's my / found (?:it|them|you|her) / got (?:it|them|you) / here (?:it|they) (?:is|are) /
    (?:ah|oh|aha)(?: \w+)? (?:here|in here|there) / never ?mind / doesn't matter / gotcha / of course it is
    """
)
_ASKS_SOMEBODY = any_of(r"(?:have|did|do|has|could|can) (?:you|anyone|anybody|either|any of you) / you seen")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What somebody believes, or has believed until it was missing, and how it is."""

    person: str
    subject: str
    attribute: str
    believed: str
    actual: str
    relation: Relation
    because: Evidence
    since: Evidence | None

    @property
    def changed_ns(self) -> int:
        """When it became wrong, 0 where it always was."""
        return 0 if self.since is None else self.since.t_ns


def wrong_of(model: EpistemicModel, person: str) -> list[Wrong]:
    """Return what a person is wrong about, as far as it was seen how it is; newest change first."""
    found = []
    for record in model.state.facts.values():
        if record.actual in (None, "") or record.subject in model.state.people:
            continue
        held = believed((person,), record.subject, record.attribute, record.sightings)
        if held is None:
            continue
        value = held.value or held.before
        if value in ("", record.actual, person) or record.actual == person:
            continue
        if record.since is not None and record.since.by == person:
            continue  # who has moved it knows
        actual, because, since = record.actual or "", held.evidence, record.since
        found.append(Wrong(person, record.subject, record.attribute, value, actual, record.relation, because, since))
    found.sort(key=lambda wrong: -wrong.changed_ns)
    return found


def in_words(wrong: Wrong, text: str) -> str:
    """Return how words show a wrong belief about where a thing is; empty where they do not."""
    words = words_of(text)
    told = plain(text)
    names_it = mentions.named(wrong.subject, words, loosely=True)
    names_place = mentions.named(wrong.believed, words, wrong.actual)
    if mentions.named(wrong.actual, words, wrong.believed):
        return ""
    if names_it and names_place:
        return "says so"
    if names_it and (searches(text) or INTENDS.search(told) or PUT_THERE.search(told)):
        return "looks for it" if searches(text) else "counts on it"
    if mentions.pronoun(wrong.subject, words) and names_place and PUT_THERE.search(told):
        return "says so"
    return ""


def in_deed(wrong: Wrong, text: str) -> str:
    """Return how a deed of the person shows a wrong belief about where a thing is; empty where it does not."""
    words = words_of(text)
    if not GOES_FOR & set(words):
        picked = next((i for i, word in enumerate(words) if word in PICKS), None)
        away = picked is None or AWAY & set(words[picked:])
        return "" if away or not mentions.named(wrong.believed, words, wrong.actual) else "takes it for it"
    if mentions.named(wrong.believed, words, wrong.actual):
        return "goes for it"
    if mentions.named(wrong.subject, words, loosely=True) and {"for"} & set(words):
        return "looks for it"
    return ""


def searches(text: str) -> bool:
    """Return whether words are those of somebody who looks for a thing."""
    return speech_acts.searching(text) or MISSES.search(plain(text)) is not None


def found(text: str) -> bool:
    """Return whether words are those of somebody who has found it."""
    return FOUND.search(plain(text)) is not None


def asks_somebody(text: str) -> bool:
    """Return whether somebody else is asked, who may answer."""
    return "?" in text and _ASKS_SOMEBODY.search(plain(text)) is not None


def searched_spot(text: str) -> tuple[str, bool] | None:
    """Return where a deed searches, as words, and whether it can be nothing else; None where it is no searching."""
    words = words_of(text)
    for i, word in enumerate(words):
        where = set(words[i + 1 :])
        if i and word in SEEKS and where & _AMONG:
            sure = word not in {"look", "looks", "looking"} or not where & {"in", "into", "inside"}
            return " ".join(words[i + 1 :]), sure
        if i and word in {"pat", "pats", "patting"}:
            return " ".join(words[i + 1 :]), True
        if i and word in OPENS:
            return " ".join(words[i + 1 :]), False
    return None


_FIRST = frozenset("i i've i'd i'm my me mine we we've our".split())


def candidate(model: EpistemicModel, person: str, words: Collection[str], *, by_pronoun: bool) -> str:
    """Return which thing somebody looks for: the one that they name, else the one that fits a pronoun and that they put down last."""
    best, best_ns = "", -1
    by_pronoun = by_pronoun and bool(_FIRST & set(words)) and ("you" not in words or "seen" in words)
    for record in model.state.facts.values():
        if record.attribute != PLACE or record.subject in model.state.people or record.actual in (None, "", person):
            continue
        put_ns = record.since.t_ns if record.since is not None and record.since.by == person else 0
        if mentions.named(record.subject, words, loosely=True):
            put_ns += 1 << 62  # named counts before any pronoun
        elif not (by_pronoun and put_ns and mentions.pronoun(record.subject, words)):
            continue
        if put_ns > best_ns:
            best, best_ns = record.subject, put_ns
    return best
