"""Taking one person out of a running session's state: all that they said or did, that names them, and that rests on it.

First goes what is theirs by its record (who said it, whom it is about, whose evidence it is), then what merely repeats them: sentences
of the agent, notes and plans in which a telling word stands that nobody else has used. That somebody is here, and was greeted, stays,
and so does what others said and did without them. Pure but for the state; microseconds to a millisecond; raises at nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from cognitive.cues import SMALL_WORDS
from cognitive.memory.episodes import SAID
from cognitive.memory.store import Saved
from cognitive.mind.events import PLACE
from cognitive.mind.names import normal
from cognitive.mind.sightings import Evidence
from cognitive.mind.state import EpistemicState, FactRecord
from cognitive.scene import UNSEEN, Happening

TELLING_CHARS = 4
"""Shorter words tell nobody apart."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SAYING = frozenset({"tells", "is_so"})
_EVERYDAY = frozenset(
    """about after again also always been before being could does doing done down each even ever every from give going good have having hear
    hello help here just keep know later like little look make many maybe more most much must name need never nice okay once only other over
    please really right said same says should some something soon sorry still sure take tell than thank thanks that their them then there
    these they thing things think this those time today told tomorrow very wait want well were what when where which while will with would
    yeah your you're yours agent person people came come left feel felt talk again away back best better both call goes gone great hope"""
    .split()
)  # fmt: skip


def forget_in_session(saved: Saved, track: str) -> None:
    """Take out of a session's state all that a track said, was told or did; call it while the link still knows their names."""
    names = names_of(saved, track)
    own = list(_words_of(saved, track))
    others = {word for text in _words_of_others(saved, track, names) for word in _words(text)}
    telling = {word for text in own for word in _words(text)} - others
    scene, planner, remembering = saved.scene, saved.planner, saved.remembering

    def theirs(text: str) -> bool:
        return _names(text, names) or not telling.isdisjoint(_words(text))

    saved.bank.forget_person(track)
    saved.bank.situation[:] = [note for note in saved.bank.situation if not theirs(note.text)]
    for chunk in saved.bank.transcript:
        chunk.lines[:] = [line for line in chunk.lines if line.speaker == "user" or not theirs(line.text)]
    saved.bank.transcript[:] = [chunk for chunk in saved.bank.transcript if chunk.lines]
    for action in saved.bank.actions:
        if theirs(action.content) or theirs(action.reason):
            action.content = action.reason = ""
    scene.utterances[:] = [
        said
        for said in scene.utterances
        if said.person_id != track and (said.speaker == "user" or not theirs(said.text))
    ]
    alone = scene.partner() == track
    scene.feelings[:] = [f for f in scene.feelings if f.person_id != track and not (alone and not f.person_id)]
    scene.promises[:] = [p for p in scene.promises if p.person_id != track and not theirs(f"{p.words} {p.about}")]
    scene.events[:] = [_without(event, names) for event in scene.events if not _names(event.text, names)]
    if theirs(scene.own_words):
        scene.own_words = ""
    saved.minds.pop(track, None)  # its evidence quotes words
    saved.goals.pop(track, None)
    for goals in saved.goals.values():
        for reasons in goals.reasons.values():
            reasons[:] = [reason for reason in reasons if not _names(reason.cue, names)]
    for mind in saved.minds.values():
        for estimate in (
            mind.engagement,
            mind.confusion,
            mind.wish_to_speak,
            mind.wish_to_leave,
            mind.valence,
            mind.arousal,
            mind.attention,
        ):
            estimate.reasons[:] = [reason for reason in estimate.reasons if not _names(reason.cue, names)]
    if saved.beliefs is not None:
        _forget_beliefs(saved.beliefs, normal(track), names, own, telling)
    planner.running[:] = [
        plan
        for plan in planner.running
        if plan.person_id != track and not any(theirs(step.words) for step in plan.steps)
    ]
    planner.topics_used[:] = [topic for topic in planner.topics_used if not theirs(topic)]
    saved.experience.forget_person(track)
    remembering.drafts.pop(track, None)
    remembering.ended[:] = [ended for ended in remembering.ended if ended.track != track]


def names_of(saved: Saved, track: str) -> tuple[str, ...]:
    """Return by what names sentences may call the person of a track, in normal form; the track's own first."""
    link = saved.remembering.links.get(track)
    called = [track, *((link.known_as, link.spoken) if link is not None else ())]
    return tuple(dict.fromkeys(name for one in called if (name := normal(one)) and one != UNSEEN))


# ---------------------------------------------------------------- words


def _words_of(saved: Saved, track: str) -> Iterator[str]:
    """Yield all that the state still holds of a person's words."""
    yield from (said.text for said in saved.scene.utterances if said.person_id == track and said.speaker == "user")
    yield from (
        line.text
        for chunk in saved.bank.transcript
        for line in chunk.lines
        if line.person_id == track and line.speaker == "user"
    )
    known = saved.bank.people.get(track)
    if known is not None:
        yield from (note.text.removeprefix(SAID) for note in (*known.notes, *known.facts))
    drafts = [ended.draft for ended in saved.remembering.ended if ended.track == track]
    if track in saved.remembering.drafts:
        drafts.append(saved.remembering.drafts[track])
    for draft in drafts:
        yield from (note.text.removeprefix(SAID) for note in draft.notes)
    if saved.beliefs is not None:
        name = normal(track)
        yield from (
            one.text
            for fact in saved.beliefs.facts.values()
            for one in _evidence(fact)
            if one.by == name and one.act in _SAYING
        )
    link = saved.remembering.links.get(track)
    if link is not None:
        yield link.spoken


def _words_of_others(saved: Saved, track: str, names: tuple[str, ...]) -> Iterator[str]:
    """Yield what other people said, and what happened without this one."""
    yield from (said.text for said in saved.scene.utterances if said.person_id != track and said.speaker == "user")
    yield from (
        line.text
        for chunk in saved.bank.transcript
        for line in chunk.lines
        if line.person_id != track and line.speaker == "user"
    )
    for other, known in saved.bank.people.items():
        if other != track:
            yield from (note.text for note in (*known.notes, *known.facts))
    yield from (event.text for event in saved.scene.events if not _names(event.text, names))


def _words(text: str) -> set[str]:
    """Return the telling words of a text."""
    found = {word.removesuffix("'s") for word in _WORD.findall(text.lower().replace("\u2019", "'"))}
    return {word for word in found if len(word) >= TELLING_CHARS and word not in _EVERYDAY and word not in SMALL_WORDS}


def _names(text: str, names: tuple[str, ...]) -> bool:
    """Return whether a text calls a person by one of these names; one that is an everyday word too ("Will") needs its capital."""
    plain = f" {normal_text(text)} "
    for name in names:
        if name in _EVERYDAY or name in SMALL_WORDS or len(name) < 3:
            if re.search(rf"\b{re.escape(name[:1].upper() + name[1:])}\b", text):
                return True
        elif f" {name} " in plain or f" {name}'s " in plain:
            return True
    return False


def normal_text(text: str) -> str:
    """Return the words of a text as names have them, one space between."""
    return " ".join(_WORD.findall(text.casefold().replace("\u2019", "'").replace("_", " ")))


def _without(event: Happening, names: tuple[str, ...]) -> Happening:
    """Return an event as if the person had not noticed it."""
    if event.seen_by is None or not any(normal(who) in names for who in event.seen_by):
        return event
    return replace(event, seen_by=tuple(who for who in event.seen_by if normal(who) not in names))


# ---------------------------------------------------------------- beliefs


def _evidence(record: FactRecord) -> list[Evidence]:
    return [one for one in (record.since, *(s.evidence for s in record.sightings)) if one is not None]


def _forget_beliefs(
    state: EpistemicState, track: str, names: tuple[str, ...], own: Iterable[str], telling: set[str]
) -> None:
    """Take out of the epistemic model what rests on a person, and what they know; that they are here stays."""
    said = {text.strip() for text in own if text.strip()}
    for key, record in list(state.facts.items()):
        of_me = record.subject == state.me and record.attribute != PLACE
        if of_me and any(name in one.openly for name in names for one in record.sightings):
            del state.facts[key]  # what the agent has said of itself in their hearing, perhaps of them
            continue
        for name in names:
            record.sightings = [
                one for one in (sighting.without(name) for sighting in record.sightings) if one.believes or one.seems
            ]
        # What somebody else answered may be known by the words of who asked.
        repeats = record.subject not in state.people and not telling.isdisjoint(
            _words(f"{record.subject} {record.actual}")
        )
        if repeats or _rests_on(record, names, said):
            del state.facts[key]
            continue
    kept = {value for fact in state.facts.values() for value in (fact.actual, *(one.value for one in fact.sightings))}
    for spots in (state.spots, state.labels):
        for spot in [spot for spot in spots if spot not in kept]:
            del spots[spot]
    for name in names:
        if name != track:  # what they are called, taken for somebody else
            state.people.pop(name, None)
    things = {fact.subject for fact in state.facts.values()}
    for name, person in state.people.items():
        if name in names or person.seeks not in things:
            person.seeks = ""


def forget_beliefs_since(saved: Saved, track: str, from_ns: int) -> None:
    """Take out of the epistemic model what a person has said from a time on, and what others believe since by it."""
    if saved.beliefs is None:
        return
    who = normal(track)
    for key, record in list(saved.beliefs.facts.items()):
        if any(one.by == who and one.t_ns >= from_ns and one.act in _SAYING for one in _evidence(record)):
            del saved.beliefs.facts[key]


def _rests_on(record: FactRecord, names: tuple[str, ...], said: set[str]) -> bool:
    """Return whether a fact is of the person, theirs, or known by what they said or did."""
    values = [record.subject, record.actual or "", record.first, *(one.value for one in record.sightings)]
    if any(value == name or value.startswith(f"{name}'s ") for value in values for name in names):
        return True
    if record.owner in names or record.secret_of in names:
        return True
    evidence = _evidence(record)
    if not evidence:
        return True  # nobody can say who named it
    for one in evidence:
        text = one.text.strip()
        if one.by in names or _names(text, names) or (text and any(text in words for words in said)):
            return True
    return False
