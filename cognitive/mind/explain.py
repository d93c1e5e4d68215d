"""Why somebody believes something, as a sentence: "Ben thinks that the keys are in the drawer, because Ben saw Anna move it there ...".

Pure functions of beliefs and evidence. Times are told relative to `now_ns` where it is given ("4 minutes ago"), never as clock times, which
the model does not know.
"""

from __future__ import annotations

from collections.abc import Sequence

from cognitive.mind import own_words
from cognitive.mind.epistemic import EpistemicModel, FalseBelief
from cognitive.mind.events import CONTENT, PLACE, Relation
from cognitive.mind.names import normal, spoken
from cognitive.mind.sightings import Belief, Evidence
from runtime.clock import NS_PER_S


def explain(
    model: EpistemicModel,
    chain: str | Sequence[str],
    subject: str,
    attribute: str = PLACE,
    *,
    now_ns: int | None = None,
) -> str:
    """Return what a chain of people believes, and why.

    Args:
        model: the scene.
        chain: whose belief.
        subject: of what.
        attribute: which attribute.
        now_ns: the present, to say how long ago.
    """
    belief = model.belief(chain, subject, attribute)
    name = normal(chain if isinstance(chain, str) else chain[-1])
    if belief is None:
        return f"{spoken(name)} knows nothing of {_the(normal(subject))}: nothing was seen or told."
    return f"{claim(belief)}, because {reason(belief)}{_ago(belief.evidence, now_ns)}."


def claim(belief: Belief) -> str:
    """Return what is believed: "Anne thinks that Sally thinks that the ball is in the basket"."""
    said = " thinks that ".join(spoken(who) for who in belief.chain)
    if not belief.value:
        return f"{said} thinks that {_the(belief.subject)} is no longer {_at(belief.before)}"
    return f"{said} thinks that {state_of(belief.subject, belief.attribute, belief.value, belief.relation)}"


def state_of(subject: str, attribute: str, value: str, relation: str = "in", *, past: bool = False) -> str:
    """Return a fact as a clause: "the keys are in the drawer", or were."""
    if attribute == PLACE:
        return f"{_the(subject)} {_is(subject, past)} {_at(value, relation)}"
    if own_words.about_itself(attribute):
        return own_words.in_words(subject, attribute, value)
    if attribute in _OF_PEOPLE:
        return f"{spoken(subject)} {_OF_PEOPLE[attribute].format(spoken(value) if attribute in _NAMES else value)}"
    if attribute == CONTENT:
        return f"{value} {_is(value, past)} in {_the(subject)}"
    if attribute in ("state", "day"):
        return f"{_the(subject)} {_is(subject, past)} {value}"
    return (
        f"{_the(subject)} {_is(subject, past)} at {value}"
        if attribute == "time"
        else f"the {attribute} of {_the(subject)} is {value}"
    )


def reason(belief: Belief) -> str:
    """Return why it is believed, without the time."""
    evidence, who = belief.evidence, _both(belief.chain)
    act = _act(belief)
    match evidence.how:
        case "saw" if evidence.by and evidence.by == belief.chain[-1] and len(belief.chain) == 1:
            return f"{spoken(belief.chain[0])} {act} {_self(evidence)}".rstrip()
        case "saw" if evidence.act == "is_missing":
            return f"{who} saw that it was not there"
        case "saw" if evidence.act == "is_seen" or not evidence.by:
            return f"{who} saw it there"
        case "saw":
            return f"{who} saw that {spoken(evidence.by)} {act}"
        case "told":
            return (
                f"{spoken(evidence.by)} said so"
                if belief.chain[-1] == evidence.by
                else f"{spoken(evidence.by)} told {who} so"
            )
        case "assumed" if evidence.act == "labelled":
            return f"it looks like that from outside, and {spoken(belief.chain[-1])} has not seen inside"
        case "assumed":
            return f"{spoken(belief.chain[-1])} looked, and {spoken(belief.chain[0])} takes it to be there"
        case "searched":
            return f"{spoken(evidence.by)} looks for it there"
        case "stated":
            return "it was reported so"
        case _:
            return f"it was there when {who} saw it"


def mend(false: FalseBelief, *, now_ns: int | None = None) -> str:
    """Return a mistake in one sentence, for who may mend it: what is believed, why, and how it is in truth."""
    held = Belief(
        chain=(false.person,), subject=false.subject, attribute=false.attribute, value=false.believed, relation=_RELATION_UNKNOWN,
        evidence=false.evidence, confirmed_ns=false.evidence.t_ns,
    )  # fmt: skip
    truth = state_of(false.subject, false.attribute, false.actual, _RELATION_UNKNOWN)
    since = ""
    if false.actual_evidence is not None and false.actual_evidence.by:
        since = f" since {spoken(false.actual_evidence.by)} {_ACTS.get(false.actual_evidence.act, 'changed it')}"
        since += _ago(false.actual_evidence, now_ns)
    seeking = f"{spoken(false.person)} is looking for {_the(false.subject)}. " if false.seeking else ""
    return f"{seeking}{claim(held)}, because {reason(held)}; in truth {truth}{since}."


_RELATION_UNKNOWN: Relation = "in"
_OF_PEOPLE = {
    "name": "is called {}", "home": "lives in {}", "origin": "comes from {}", "work": "works as {}", "workplace": "works at {}",
    "studies": "studies {}", "age": "is {} years old", "birthday": "has birthday on {}", "allergy": "is allergic to {}",
    "likes": "likes {}", "dislikes": "does not like {}", "has": "has {}",
}  # fmt: skip
"""What people tell about themselves (`cognitive.memory.facts`)."""
_NAMES = frozenset({"name", "home", "origin"})
_ACTS = {"moves": "moved it there", "takes": "took it", "opens": "opened it", "sees": "looked", "tells": "said so"}


def _act(belief: Belief) -> str:
    return _ACTS.get(belief.evidence.act, "was there")


def _self(evidence: Evidence) -> str:
    return "" if evidence.act in _ACTS else "and saw it"


def _both(chain: Sequence[str]) -> str:
    people = list(dict.fromkeys(spoken(who) for who in chain))
    return people[0] if len(people) == 1 else f"{', '.join(people[:-1])} and {people[-1]} together"


def _the(name: str) -> str:
    return name if "'s " in name else f"the {name}"


def _at(value: str, relation: str = "in") -> str:
    if relation == "with":
        return f"with {spoken(value)}"
    return f"{relation} {_the(value)}"


def _is(name: str, past: bool = False) -> str:
    if name.endswith("s") and not name.endswith("ss"):
        return "were" if past else "are"
    return "was" if past else "is"


def _ago(evidence: Evidence, now_ns: int | None) -> str:
    if now_ns is None:
        return ""
    seconds = max(0, now_ns - evidence.t_ns) // NS_PER_S
    if seconds < 60:
        return f" ({seconds} s ago)"
    return f" ({seconds // 60} min ago)" if seconds < 7200 else f" ({seconds // 3600} h ago)"
