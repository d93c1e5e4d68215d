"""What is said, true or false: who comes to believe it, and who sees through it.

Hearers believe a speaker unless they see that it is otherwise: for a thing, when they have been with it ever since they saw it where it
is; for anything else, when they saw it themselves. The speaker need not believe it: only the others take it for the speaker's belief,
except those who see through it. A speaker of whom nothing is known yet is taken to be sincere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognitive.mind import state as st
from cognitive.mind.events import PLACE, Fact, Tells
from cognitive.mind.names import normal
from cognitive.mind.perception import Perception, of_place
from cognitive.mind.sightings import believed
from cognitive.mind.state import FactRecord

if TYPE_CHECKING:
    from cognitive.mind.updates import Update


def tells(update: Update, event: Tells) -> None:
    """Apply what somebody says."""
    state = update.state
    speaker, person = update.person(event.speaker)
    fact = update.fact(event.fact, event.speaker)
    record = update.record(fact.subject, fact.attribute)
    known = believed((speaker,), fact.subject, fact.attribute, record.sightings)
    if (
        not fact.value
    ):  # "told her where it is": as far as the speaker knows, and as it is where we know nothing of the speaker
        value = known.value if known is not None and known.value else record.actual or ""
        if not value:
            return
        fact = Fact(fact.subject, fact.attribute, value, known.relation if known is not None else record.relation)
    named = [update.person(hearer)[0] for hearer in event.hearers]
    heard = _hearers(update, speaker, person.place, named, event.privately)
    if not heard:
        return
    if event.believed_by is None:
        doubters = tuple(who for who in heard if _sees_otherwise(update, who, fact))
    else:
        believers = {normal(who) for who in event.believed_by}
        doubters = tuple(who for who in heard if who not in believers)
    believes = tuple(who for who in heard if who not in doubters)
    own_act = event.own_act and not _of_the_past(speaker, fact, record)
    if known is None or own_act:
        believes = (*believes, speaker)
    update.note(
        fact.subject, fact.attribute, fact.value, fact.relation, Perception((speaker, *heard)), "told",
        by=speaker, act="tells", believes=believes, seems=(speaker,), doubts=doubters,
        actual=fact.value if own_act else None,
    )  # fmt: skip
    if doubters and not _is_with(state, speaker, fact):  # the speaker cannot know who sees that it is otherwise
        update.note(
            fact.subject, fact.attribute, fact.value, fact.relation, Perception((speaker,)), "told",
            by=speaker, act="tells", believes=(), seems=doubters,
        )  # fmt: skip


def _of_the_past(speaker: str, fact: Fact, record: FactRecord) -> bool:
    """Return whether a speaker's own act was seen when it was done, and has been undone since: "I put it on the table"."""
    if record.actual in (None, fact.value) or record.since is None:
        return False
    return any(
        past.value == fact.value and past.evidence.by == speaker and past.evidence.event < record.since.event
        for past in record.sightings
        if past.evidence.act in ("moves", "takes")
    )


def _hearers(update: Update, speaker: str, place: str | None, named: list[str], privately: bool) -> list[str]:
    """Return who hears it: who is spoken to, and who stands by."""
    state = update.state
    heard = [who for who in named if state.people[who].state != "asleep" and who != speaker]
    if not privately:
        around = of_place(state, place, (speaker,), seen_by=update.seen_by, by_ear=True)
        # Words to somebody elsewhere (on the telephone) are heard by who stands by the speaker, not by who watches through a window.
        heard.extend(who for who in around.openly if who not in heard and who != speaker)
    return heard


def _sees_otherwise(update: Update, who: str, fact: Fact) -> bool:
    """Return whether a hearer has better evidence against what is said."""
    record = update.record(fact.subject, fact.attribute)
    own = believed((who,), fact.subject, fact.attribute, record.sightings)
    if own is None or own.value in ("", fact.value):
        return False
    if fact.attribute != PLACE:
        return own.evidence.how == "saw"
    return (
        own.value == record.actual
        and _is_with(update.state, who, fact)
        and (update.state.people[who].since_ns <= own.confirmed_ns or st.lies_open(update.state, record))
    )


def _is_with(state: st.EpistemicState, who: str, fact: Fact) -> bool:
    """Return whether somebody is where the subject is, and awake to it."""
    person = state.people[who]
    return person.state == "awake" and person.place is not None and person.place == st.place_of(state, fact.subject)
