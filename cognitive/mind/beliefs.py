"""The epistemic model in the running scene: percepts, world events and words go in, wrong beliefs that matter now come out.

The model (`cognitive.mind.epistemic`) knows who saw, heard or was told what. That somebody is wrong about something is no reason
to speak; that they act on it is. So a mistake is reported when it shows: the person looks for the thing, turns to where it no
longer is, or says what is not so. Who looks for a thing whose place they do not know, while the agent does, is reported as well,
and so are belongings that somebody who goes has put down and not taken again. Called once a cycle; microseconds a message.
"""

from __future__ import annotations

from collections.abc import Iterable

from cognitive import speech_acts
from cognitive.cues import SMALL_WORDS, words_of
from cognitive.mind.epistemic import EpistemicModel, EpistemicState, FalseBelief
from cognitive.mind.events import PLACE
from cognitive.mind.explain import state_of
from cognitive.mind.mistakes import Belonging, Mistake
from cognitive.mind.names import normal, spoken
from cognitive.mind.reader import MindReader
from cognitive.mind.state import FactRecord
from cognitive.scene import Person, Scene, Utterance
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.messages import Evidence

SHOWN_S = 12.0
"""A look, a word or a deed shows a belief for this long."""
LOOK_S = 0.8
"""A look at a place counts from this long on."""
PORTABLE = frozenset(
    """umbrella bag backpack rucksack handbag suitcase case luggage phone mobile keys key wallet purse card badge pass passport
    ticket tickets glasses spectacles sunglasses scarf hat cap gloves glove mittens coat jacket pullover jumper laptop tablet charger
    headphones tablets pills box medicine inhaler stick cane crutch book notebook folder file papers documents letter parcel
    package shopping groceries lunch lunchbox bottle flask cup thermos toy teddy camera receipt change helmet racket ball watch
    ring necklace earring""".split()
)
"""What people carry with them and leave behind (English, by the last word of its name)."""
STORED = frozenset(
    "drawer cupboard wardrobe cabinet hook shelf bowl jar box tin fridge freezer rack safe locker hanger".split()
)
"""What is in or on these has been put away rather than put down."""


class Beliefs:
    """Keeps the epistemic model up with the scene."""

    def __init__(self, state: EpistemicState | None, me: str) -> None:
        """Go on with a saved state, or begin; `me` is the agent's name."""
        self.model = EpistemicModel(state, me=me)
        self.reader = MindReader(self.model)
        self._me = me
        self._present: set[str] = set()

    def update(self, scene: Scene, messages: Iterable[m.Message], now_ns: int) -> None:
        """Take in what has come since the last cycle; the scene holds it already."""
        if self._me and normal(self._me) not in self.model.people():
            self.model.present(self._me, max(1, now_ns - 1))
        here = {person.person_id for person in scene.present()}
        for person_id in sorted(here - self._present):
            self.model.present(person_id, now_ns)
        for message in messages:
            t_ns = min(message.t_ns or now_ns, now_ns)
            match message:
                case m.WorldEvent():
                    seen_by = None if message.seen_by is None else (*message.seen_by, self._me)
                    self.reader.happened(message.text, t_ns, seen_by=seen_by)
                case m.Turn() if message.state == "ended" and message.text.strip():
                    self._said(scene, message, t_ns)
                case m.TypedText():
                    self.reader.said(message.text, scene.partner(message.person_id), t_ns, listener=self._me)
        for person_id in sorted(self._present - here):
            self.model.absent(person_id, now_ns)
        self._present = here

    def _said(self, scene: Scene, message: m.Turn, t_ns: int) -> None:
        if message.speaker == "agent":
            self.reader.said(message.text, self._me, t_ns, listener=scene.partner())
            return
        said = next((u for u in reversed(scene.utterances) if u.turn_id == message.turn_id), None)
        speaker = said.person_id if said is not None else scene.partner(message.person_id)
        others = [person.person_id for person in scene.present() if person.person_id != speaker]
        listener = self._me if said is None or not said.aside or not others else others[0]
        self.reader.said(message.text, speaker, t_ns, listener=listener)

    # ---------------------------------------------------------------- what shows

    def mistakes(self, scene: Scene, now_ns: int) -> tuple[Mistake, ...]:
        """Return the wrong beliefs that people who are here show now, and what they look for in vain."""
        here = {normal(person.person_id): person for person in scene.present()}
        found: list[Mistake] = []
        for false in self.model.false_beliefs():
            person = here.get(false.person)
            if person is not None and (shown := _shown(false, person, scene, now_ns)) is not None:
                found.append(self._mistake(false, person, shown))
        for seeker in self.model.seekers():
            person = here.get(seeker.person)
            if person is None or any(one.person_id == person.person_id for one in found):
                continue
            t_ns = _sought_ns(seeker.subject, person, scene, now_ns)
            if t_ns:
                truth = state_of(seeker.subject, PLACE, seeker.known, self._relation(seeker.subject))
                reason = f"{spoken(seeker.person)} looks for the {seeker.subject}"
                wrong = bool(seeker.believed)
                found.append(Mistake(person.person_id, t_ns, truth, reason, "looks for it", 0.9, (), sought=not wrong))
        return tuple(found)

    def left_behind(self, scene: Scene) -> tuple[Belonging, ...]:
        """Return what people who are here have put down and not taken again."""
        here = {normal(person.person_id): person for person in scene.present()}
        found = []
        for record in self.model.state.facts.values():
            owner = _put_down_by(record)
            person = here.get(owner)
            if person is None or record.subject in self.model.people() or not _portable(record.subject):
                continue
            spot = record.actual or ""
            if not spot or spot in self.model.people() or spot.split()[-1] in STORED or record.since is None:
                continue
            clause = state_of(record.subject, PLACE, spot, record.relation)
            found.append(Belonging(person.person_id, record.subject, clause, record.since.t_ns))
        return tuple(found)

    def _relation(self, subject: str) -> str:
        record = self.model.state.facts.get(f"{PLACE}|{self.model.resolve(subject)}")
        return "in" if record is None else record.relation

    def _mistake(self, false: FalseBelief, person: Person, shown: tuple[int, str]) -> Mistake:
        record = self.model.state.facts.get(f"{false.attribute}|{false.subject}")
        relation = "in" if record is None else record.relation
        truth = state_of(false.subject, false.attribute, false.actual, relation)
        wrong = state_of(false.subject, false.attribute, false.believed)
        evidence = [Evidence(false.evidence.t_ns, "believed since", false.evidence.text[:128], 0.0)]
        if false.actual_evidence is not None:
            evidence.append(Evidence(false.actual_evidence.t_ns, "untrue since", false.actual_evidence.text[:128], 0.0))
        t_ns, how = shown
        reason = f"{spoken(false.person)} thinks that {wrong}"
        return Mistake(person.person_id, t_ns, truth, reason, how, 0.9, tuple(evidence))


def _shown(false: FalseBelief, person: Person, scene: Scene, now_ns: int) -> tuple[int, str] | None:
    """Return when and how a wrong belief shows, None where it does not."""
    changed_ns = 0 if false.actual_evidence is None else false.actual_evidence.t_ns
    words = set(words_of(false.subject)) - SMALL_WORDS
    believed = set(words_of(false.believed)) - SMALL_WORDS
    said = _newest_by(person, scene)
    if said is not None and said.t_ns > changed_ns and _recent(said.t_ns, now_ns):
        spoken_words = set(words_of(said.text))
        if words & spoken_words and (believed & spoken_words or speech_acts.searching(said.text)):
            return said.t_ns, "says so"
        if believed and believed <= spoken_words and false.attribute != PLACE:
            return said.t_ns, "reckons with it"
    for event in reversed(scene.events):
        if event.t_ns > changed_ns and _recent(event.t_ns, now_ns):
            told = words_of(event.text)
            if told and told[0] == normal(person.person_id).split()[0] and believed & set(told[1:]):
                return event.t_ns, "goes for it"
    target = set(words_of(person.target_name))
    since_ns = person.target_since_ns
    held = now_ns - since_ns >= LOOK_S * NS_PER_S
    if target and target & believed and since_ns > changed_ns and held and _recent(since_ns, now_ns):
        return since_ns, "turns to where it was"
    if false.seeking:
        return _sought_ns(false.subject, person, scene, now_ns) or now_ns, "looks for it"
    return None


def _sought_ns(subject: str, person: Person, scene: Scene, now_ns: int) -> int:
    """Return when a person has lately shown that they look for a thing, 0 if not."""
    words = set(words_of(subject)) - SMALL_WORDS
    said = _newest_by(person, scene)
    if said is not None and _recent(said.t_ns, now_ns) and words & set(words_of(said.text)):
        return said.t_ns
    for event in reversed(scene.events):
        told = words_of(event.text)
        own = bool(told) and told[0] == normal(person.person_id).split()[0]
        if own and _recent(event.t_ns, now_ns) and words & set(told):
            return event.t_ns
    return 0


def _newest_by(person: Person, scene: Scene) -> Utterance | None:
    return next(
        (u for u in reversed(scene.utterances) if u.speaker == "user" and u.person_id == person.person_id), None
    )


def _recent(t_ns: int, now_ns: int) -> bool:
    return 0 <= now_ns - t_ns <= SHOWN_S * NS_PER_S


def _put_down_by(record: FactRecord) -> str:
    """Return who put a thing where it is."""
    since = record.since
    return since.by if since is not None and record.attribute == PLACE and since.act == "moves" else ""


def _portable(subject: str) -> bool:
    return subject.split()[-1] in PORTABLE
