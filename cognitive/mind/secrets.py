"""What is not told to everybody: things that somebody has hidden or spoken of in confidence, and what is private by its nature.

A thing becomes a secret of whoever hides it ("hides", "secretly", "so that nobody sees"), puts it away where nobody else saw them do it
(the event says so: `seen_by` is its doer alone) though it was theirs alone, or speaks of it in confidence ("don't tell Ben where the
present is"). It stays so while its keeper moves it, until the keeper says that it may be told or somebody else puts it elsewhere. A
wallet, a diary, keys or medicine need no such sign: where they lie is told to who owns them, or to who has had them in hand or known
where they were kept before. Whose a thing is, its name tells ("anna's wallet"), else who put it here first. Where that is known of nobody,
nothing is withheld. The signs are kept in the epistemic state, so they outlive a restart; pure but for that.
"""

from __future__ import annotations

from cognitive.mind import discretion, mentions
from cognitive.mind.belongings import STORED
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import PLACE
from cognitive.mind.names import normal
from cognitive.mind.sightings import believed
from cognitive.mind.state import EpistemicState, FactRecord

PRIVATE = frozenset(
    """wallet purse billfold handbag phone mobile smartphone cellphone diary diaries journal letter letters medicine medicines medication
    medications meds pill pills tablet tablets inhaler insulin prescription key keys keyring money cash banknotes savings passport passports
    jewellery jewelry necklace ring rings""".split()
)
"""Valuable or private by the last word of its name."""
_PRIVATE_BY_TWO = frozenset(
    {"pill box", "medicine box", "id card", "bank card", "credit card", "identity card", "health card"}
)
_NOT_PRIVATE = frozenset({"piano keys", "capital letters", "capital letter", "onion rings", "rubber ring"})
_HANDLED = frozenset({"moves", "takes"})


def private(thing: str) -> bool:
    """Return whether a thing is valuable or private by its nature (its normal name)."""
    own = mentions.content(thing)
    two = " ".join(own[-2:])
    return bool(own) and two not in _NOT_PRIVATE and (own[-1] in PRIVATE or two in _PRIVATE_BY_TWO)


def kept_from(state: EpistemicState, record: FactRecord, person: str, *, claimed: bool = False) -> bool:
    """Return whether how a fact is must not be told to a person of their own accord.

    Args:
        state: whose names are known.
        record: the fact.
        person: normal name.
        claimed: the person has said to have come for it, and others have put it down for them.
    """
    owner = _by_name(record.subject, state)
    if owner == person:
        return False
    if record.secret_of:
        return record.secret_of != person
    if record.attribute != PLACE or not private(record.subject):
        return False
    if owner:
        return True
    handlers = {s.evidence.by for s in record.sightings if s.evidence.act in _HANDLED and s.evidence.by} | {
        record.owner
    }
    handlers -= {"", state.me}
    return (
        bool(handlers) and person not in handlers and not claimed and not (not record.owner and _knew(record, person))
    )


def done(
    model: EpistemicModel, since: int, text: str, *, by: str = "", alone: bool = False, confided: bool = False
) -> None:
    """Take in which things became secrets by what was just done or said.

    Args:
        model: that has taken it in already.
        since: how many events the model had taken in before.
        text: the sentence.
        by: who said it, where it was said; otherwise the evidence tells who did it.
        alone: the report says that nobody but the doer saw it.
        confided: the doer has just asked for it not to be told.
    """
    state = model.state
    hidden = discretion.hides(text)
    for record in state.facts.values():
        now = record.since
        if now is None or now.event <= since or record.subject in state.people:
            continue
        who = now.by or by
        if not who or who == state.me:
            continue
        if hidden or confided or (alone and _put_away(record) and record.owner == who and _only(record, who)):
            record.secret_of = who
        elif record.secret_of != who:
            record.secret_of = ""


def confided(model: EpistemicModel, speaker: str, words: list[str], since_ns: int) -> None:
    """Make secrets of the things that somebody names in confidence, else of what they put somewhere last.

    Args:
        model: changed.
        speaker: normal name.
        words: what was said.
        since_ns: what was moved before is not meant by words that name nothing.
    """
    things = [r for r in model.state.facts.values() if r.since is not None and r.subject not in model.state.people]
    named = [record for record in things if mentions.named(record.subject, words, loosely=True)]
    own = [
        r
        for r in things
        if r.since is not None and r.since.by == speaker and r.since.act in _HANDLED and r.since.t_ns >= since_ns
    ]
    last = max(own, key=lambda r: r.since.t_ns if r.since is not None else 0, default=None)
    for record in named or ([last] if last is not None else []):
        handled = record.since is not None and record.since.by == speaker
        if handled or record.owner == speaker or _by_name(record.subject, model.state) == speaker:
            record.secret_of = speaker


def released(model: EpistemicModel, speaker: str) -> None:
    """Make what somebody has kept secret common again."""
    for record in model.state.facts.values():
        if record.secret_of == speaker:
            record.secret_of = ""


def _by_name(thing: str, state: EpistemicState) -> str:
    """Return whose a thing is by its name: "anna" of "anna's wallet"."""
    owner, mark, _ = thing.partition("'s ")
    return normal(owner) if mark else ""


def _put_away(record: FactRecord) -> bool:
    spot = mentions.content(record.actual or "")
    return record.relation in ("in", "under", "behind") or bool(spot and spot[-1] in STORED)


def _only(record: FactRecord, who: str) -> bool:
    """Return whether nobody else has ever had the thing in hand."""
    return all(s.evidence.by in ("", who) for s in record.sightings if s.evidence.act in _HANDLED)


def _knew(record: FactRecord, person: str) -> bool:
    """Return whether a person has once seen or been told where the thing is."""
    return believed((person,), record.subject, record.attribute, record.sightings) is not None
