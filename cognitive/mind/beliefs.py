"""The epistemic model in the running scene: percepts, world events and words go in, wrong beliefs that matter now come out.

The model (`cognitive.mind.epistemic`) knows who saw, heard or was told what. That somebody is wrong about something is no reason
to speak; that they act on it is. So each word and deed is held against what its doer believes *before* it takes effect
(`cognitive.mind.showing`): a mistake that shows is kept for some seconds, until the person learns better, finds the thing or is told.
Who evidently looks for a thing whose place the agent knows is kept in the same way, even where they ought to know. What shows is
forgotten in a restart, the model is not. Called once a cycle; microseconds a message; raises at nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from cognitive.cues import words_of
from cognitive.mind import discretion, mentions, secrets, showing
from cognitive.mind import state as st
from cognitive.mind.about_agent import AboutAgent
from cognitive.mind.announcements import Announcements
from cognitive.mind.beforehand import assume_it_was_there
from cognitive.mind.epistemic import EpistemicModel, EpistemicState
from cognitive.mind.events import PLACE, Fact, Tells, Thinks
from cognitive.mind.knowing import Knowing
from cognitive.mind.left_things import LeftThings
from cognitive.mind.mistakes import Belonging, Mistake
from cognitive.mind.names import doer, normal, without_titles
from cognitive.mind.reader import MindReader
from cognitive.mind.shown import Shown, as_mistake
from cognitive.scene import Person, Scene
from runtime import messages as m
from runtime.clock import NS_PER_S

SHOWN_S = 16.0
"""A word or a deed shows a belief for this long."""
LOOK_S, UPSET_LOOK_S = 5.0, 1.5
"""A look at where a thing was counts from this long on; with a sad or cross face sooner."""
UPSET = -0.2
ANSWER_S = 4.5
"""Whom somebody has asked has this long to answer."""
SEARCH_S = 25.0
"""Searches of different places within this time are one search."""
SILENT_S = 1200.0
"""What is to be kept to oneself is kept for this long."""
CONFIDED_S = 120.0
"""Words in confidence are about what their speaker moves within this time, before or after."""
FEW_WORDS = 6
_BROAD = frozenset(
    "table desk counter floor room kitchen shelf bench worktop bed sofa couch door window wall chair hall".split()
)
"""People look at these for many reasons."""
LISTED_MAX = 32


class Beliefs:
    """Keeps the epistemic model up with the scene."""

    def __init__(self, state: EpistemicState | None, me: str) -> None:
        """Go on with a saved state, or begin; `me` is the agent's name."""
        self.model = EpistemicModel(
            state, me=me, sight="nothing"
        )  # a glance on coming in is no proof that it was noticed
        self.reader = MindReader(self.model)
        self._me = me
        self._announced = Announcements(self.model)
        self._about_agent = AboutAgent(self.model)
        self.knowing = Knowing(self.reader, self._silent, self._sought, self._kept_from)
        self._present: set[str] = set()
        self._shown: dict[tuple[str, str, str], Shown] = {}
        self._searched: dict[str, list[tuple[int, str, bool]]] = {}
        self._left = LeftThings()
        self._silent_ns = 0
        self._confided_ns: dict[str, int] = {}
        self._heard: list[tuple[int, frozenset[str], frozenset[str]]] = []

    def update(self, scene: Scene, messages: Iterable[m.Message], now_ns: int) -> None:
        """Take in what has come since the last cycle; the scene holds it already."""
        if self._me and normal(self._me) not in self.model.people():
            self.model.present(self._me, max(1, now_ns - 1))
        here = {person.person_id for person in scene.present()}
        for person_id in sorted(here - self._present):
            self.model.present(person_id, now_ns)
            self._left.is_back(person_id)
        for message in messages:
            t_ns = min(message.t_ns or now_ns, now_ns)
            match message:
                case m.WorldEvent():
                    self._happened(message, here | self._present, t_ns)
                case m.Turn() if message.state == "ended" and message.text.strip():
                    self._turn(scene, message, t_ns)
                case m.TypedText():
                    self._said(scene, scene.partner(message.person_id), message.text, t_ns, self._me)
        self._about_agent.promised(scene, now_ns)
        for person_id in sorted(here):
            self.model.present(person_id, now_ns)  # whatever was told of where they walk: they are seen here
        for person_id in sorted(self._present - here):
            self.model.absent(person_id, now_ns)
            self._searched.pop(person_id, None)
        self._present = here
        for table in (self._searched, self._confided_ns):
            while len(table) > LISTED_MAX:
                del table[next(iter(table))]
        self._shown = {
            key: one
            for key, one in self._shown.items()
            if one.person_id in here and now_ns - one.t_ns <= SHOWN_S * NS_PER_S
        }

    def forget(self, person_id: str) -> None:
        """Drop what is kept of a person besides the model, and what was heard last, whoever said it."""
        self._searched.pop(person_id, None)
        self._confided_ns.pop(person_id, None)
        self._left.forget(person_id)
        self._shown = {key: one for key, one in self._shown.items() if one.person_id != person_id}
        self._heard.clear()
        self._announced.forget(normal(person_id))
        self.reader = MindReader(self.model)

    # ---------------------------------------------------------------- what happens and is said

    def _happened(self, message: m.WorldEvent, people: set[str], t_ns: int) -> None:
        text = without_titles(message.text, people)
        who = doer(text, people)
        if who:
            self._does(who, text, t_ns)
        seen_by = None if message.seen_by is None else (*message.seen_by, self._me)
        before = self.model.state.events
        if not self._announced.happened(text, t_ns, seen_by):
            self.reader.happened(text, t_ns, seen_by=seen_by)
            assume_it_was_there(self.model, text, t_ns)
        alone = (
            bool(who) and message.seen_by is not None and {normal(name) for name in message.seen_by} <= {normal(who)}
        )
        asked_ns = self._confided_ns.get(who, 0)
        lately = bool(asked_ns) and t_ns - asked_ns <= CONFIDED_S * NS_PER_S
        secrets.done(self.model, before, text, alone=alone, confided=lately)

    def _does(self, person_id: str, text: str, t_ns: int) -> None:
        """Hold a deed against what its doer believes."""
        who = normal(person_id)
        for wrong in showing.wrong_of(self.model, who):
            if wrong.attribute == PLACE and (how := showing.in_deed(wrong, text)):
                self._show(Shown(person_id, t_ns, how, 1.0, wrong.subject, wrong=wrong))
        spot = showing.searched_spot(text)
        if spot is not None:
            kept = self._searched.setdefault(person_id, [])
            kept.append((t_ns, *spot))
            del kept[:-LISTED_MAX]
            self._searches_about(person_id, who, t_ns)
        words = words_of(text)
        for key, one in list(self._shown.items()):  # takes it, or goes where it is
            actual = self.model.actual(one.subject) or ""
            if one.person_id == person_id and one.sought and mentions.named(actual, words):
                del self._shown[key]

    def _searches_about(self, person_id: str, who: str, t_ns: int) -> None:
        """Report who looks in one place after the other for the only thing that they have put down."""
        recent = [(spot, sure) for at, spot, sure in self._searched[person_id] if t_ns - at <= SEARCH_S * NS_PER_S]
        if len({spot for spot, sure in recent if sure}) < 2:
            return
        own = [
            record.subject
            for record in self.model.state.facts.values()
            if record.attribute == PLACE and record.since is not None and record.since.by == who and record.since.act == "moves"
            and record.subject not in self.model.state.people and record.actual not in (None, "", who)
            and not any(mentions.named(record.actual or "", spot.split()) for spot, _ in recent)
        ]  # fmt: skip
        if len(own) == 1:
            self._show(Shown(person_id, t_ns, "looks in one place after the other", 0.75, own[0]))

    def _turn(self, scene: Scene, message: m.Turn, t_ns: int) -> None:
        if message.speaker == "agent":
            if discretion.silence(message.text):
                self._silent_ns = t_ns
            self._corrected(scene, "", message.text, t_ns)
            self._hear(scene, words_of(message.text), t_ns)
            self.reader.said(message.text, self._me, t_ns, listener=scene.partner())
            self._announced.said(message.text, normal(self._me), t_ns)
            self._about_agent.said(scene, message.text, t_ns, scene.partner())
            return
        said = next((u for u in reversed(scene.utterances) if u.turn_id == message.turn_id), None)
        speaker = said.person_id if said is not None else scene.partner(message.person_id)
        others = [person.person_id for person in scene.present() if person.person_id != speaker]
        aside = said is not None and said.aside and bool(others)
        self._said(
            scene, speaker, message.text, t_ns, others[0] if aside else self._me, to_agent=not (said and said.aside)
        )

    def _said(self, scene: Scene, speaker: str, text: str, t_ns: int, listener: str, *, to_agent: bool = True) -> None:
        """Hold words against what the speaker believes, then take them in."""
        who, words = normal(speaker), words_of(text)
        self._left.said(speaker, text, t_ns)
        if discretion.silence(text):
            self._silent_ns = t_ns
        self._corrected(scene, speaker, text, t_ns)
        self._hear(scene, words, t_ns)
        person = scene.people.get(speaker)
        talks = person is not None and person.target == "other"
        at_once = not (to_agent or showing.asks_somebody(text) or (talks and "?" in text))
        later_ns = t_ns + round(ANSWER_S * NS_PER_S)
        self._announced.misremembered(text, who, t_ns)
        if showing.found(text):
            self._shown = {key: one for key, one in self._shown.items() if one.person_id != speaker}
        else:
            wrongs = showing.wrong_of(self.model, who)
            shows = [(w, how) for w in wrongs if w.attribute == PLACE and (how := showing.in_words(w, text))]
            shows += [(w, f"reckons with {value}") for w, value in self._announced.reckoned(wrongs, text)]
            for wrong, how in shows:
                now = at_once and not (talks and self._others_know(scene, speaker, wrong))
                after_ns = t_ns if now else later_ns
                self._show(Shown(speaker, t_ns, how, 1.0, wrong.subject, wrong=wrong, after_ns=after_ns))
            if showing.searches(text):
                self._misses(speaker, who, words, t_ns, t_ns if at_once else later_ns)
        before = self.model.state.events
        self.reader.said(text, speaker, t_ns, listener=listener)
        self._announced.said(text, who, t_ns)
        self._about_agent.told(text, speaker, t_ns)
        secrets.done(self.model, before, text, by=who)
        if discretion.confides(text):
            self._confided_ns[speaker] = t_ns
            secrets.confided(self.model, who, words, t_ns - round(CONFIDED_S * NS_PER_S))
        elif discretion.releases(text):
            if self._confided_ns.pop(speaker, 0) == self._silent_ns:
                self._silent_ns = 0
            secrets.released(self.model, who)

    def _others_know(self, scene: Scene, speaker: str, wrong: showing.Wrong) -> bool:
        """Return whether somebody else who is here could put it right."""
        others = (normal(person.person_id) for person in scene.present() if person.person_id != speaker)
        return any(self.model.knows(other, wrong.subject, wrong.attribute) for other in others)

    def _misses(self, speaker: str, who: str, words: list[str], t_ns: int, after_ns: int) -> None:
        """Report who says that they look for a thing which the agent knows to be somewhere."""
        thing = showing.candidate(self.model, who, words, by_pronoun=True)
        known = next((one for one in self._shown.values() if (one.person_id, one.subject) == (speaker, thing)), None)
        if thing and (known is None or known.certainty < 0.9):
            self._show(Shown(speaker, t_ns, "says that they look for it", 0.9, thing, after_ns=after_ns))

    def _show(self, shown: Shown) -> None:
        """Keep what shows; a deed makes sure of what words have shown, without a new reason to speak."""
        attribute = PLACE if shown.wrong is None else shown.wrong.attribute
        if shown.wrong is not None and attribute == PLACE and self._expects(shown.person_id, shown.wrong):
            return
        key = (shown.person_id, shown.subject, attribute)
        before = self._shown.get(key)
        if (
            before is not None
            and before.certainty >= shown.certainty
            and (before.wrong is not None or shown.wrong is None)
        ):
            after_ns = min(before.after_ns, shown.after_ns) or max(before.after_ns, shown.after_ns)
            self._shown[key] = before.again(shown.t_ns, shown.how, after_ns)
        else:
            self._shown[key] = shown

    def _expects(self, person_id: str, wrong: showing.Wrong) -> bool:
        """Return whether the move was spoken of in the person's hearing: "put my cup in the dishwasher, will you"."""
        since_ns = wrong.because.t_ns
        return any(
            t_ns >= since_ns
            and person_id in hearers
            and mentions.named(wrong.actual, words, wrong.believed)
            and (mentions.named(wrong.subject, words, loosely=True) or mentions.pronoun(wrong.subject, words))
            for t_ns, words, hearers in self._heard
        )

    def _hear(self, scene: Scene, words: Iterable[str], t_ns: int) -> None:
        """Remember what was said, and who was here."""
        self._heard.append((t_ns, frozenset(words), frozenset(person.person_id for person in scene.present())))
        del self._heard[:-LISTED_MAX]

    def _corrected(self, scene: Scene, speaker: str, text: str, t_ns: int) -> None:
        """Take words that name the right place for the truth told, however they put it ("Drawer, my dear")."""
        words = words_of(text)
        for person in scene.present():
            who = normal(person.person_id)
            for wrong in showing.wrong_of(self.model, who):
                live = (person.person_id, wrong.subject, wrong.attribute) in self._shown
                about = mentions.named(wrong.subject, words, loosely=True) or (
                    (live or len(words) > 2) and mentions.pronoun(wrong.subject, words)
                )
                if not mentions.named(wrong.actual, words, wrong.believed) or not (
                    about or (live and len(words) <= FEW_WORDS)
                ):
                    continue
                fact = Fact(wrong.subject, wrong.attribute, wrong.actual, wrong.relation)
                if speaker == person.person_id:
                    self.model.apply(Thinks(who, fact), t_ns, text=text)
                else:
                    self.model.apply(Tells(speaker or self._me, fact, (who,)), t_ns, text=text)
            for key, one in list(self._shown.items()):
                told = mentions.named(self.model.actual(one.subject) or "", words)
                if one.person_id == person.person_id and one.sought and told:
                    del self._shown[key]

    # ---------------------------------------------------------------- what shows

    def mistakes(self, scene: Scene, now_ns: int) -> tuple[Mistake, ...]:
        """Return the wrong beliefs that people who are here show now, and what they look for in vain."""
        here = {person.person_id: person for person in scene.present()}
        for person in here.values():
            self._looks(person, now_ns)
        found = []
        for key, one in list(self._shown.items()):
            known = here.get(one.person_id)
            if known is None or self._settled(one, known, now_ns):
                del self._shown[key]
            elif (
                now_ns >= one.after_ns
                and not self._is_secret(one, now_ns)
                and not self._kept_from(one.person_id, one.subject, one.attribute)
            ):
                found.append(as_mistake(self.model, one))
        return tuple(found)

    def _is_secret(self, one: Shown, now_ns: int) -> bool:
        """Return whether somebody wants no telling of where things are."""
        about_things = one.wrong is None or one.wrong.attribute == PLACE
        return about_things and self._silent(now_ns)

    def _kept_from(self, person_id: str, subject: str, attribute: str = PLACE, *, claimed: bool = False) -> bool:
        """Return whether what is known of a thing is not for this person (`cognitive.mind.secrets`)."""
        if self.model.knows(person_id, subject, attribute):
            return False
        record = self.model.state.facts.get(st.key(self.model.resolve(subject, attribute), attribute))
        return record is not None and secrets.kept_from(self.model.state, record, normal(person_id), claimed=claimed)

    def _looks(self, person: Person, now_ns: int) -> None:
        """Hold a look against what the person believes."""
        if not person.target_name:
            return
        held_s = (now_ns - person.target_since_ns) / NS_PER_S
        upset = person.face_valence is not None and person.face_valence <= UPSET and held_s >= UPSET_LOOK_S
        target = words_of(person.target_name)
        if held_s > SHOWN_S or not (upset or (held_s >= LOOK_S and not _BROAD & set(target))):
            return
        who = normal(person.person_id)
        for wrong in showing.wrong_of(self.model, who):
            key = (person.person_id, wrong.subject, wrong.attribute)
            seen = person.target_since_ns > wrong.changed_ns and mentions.named(wrong.believed, target, wrong.actual)
            if seen and wrong.attribute == PLACE and key not in self._shown:
                self._show(
                    Shown(
                        person.person_id,
                        person.target_since_ns,
                        "turns to where it was",
                        0.85,
                        wrong.subject,
                        wrong=wrong,
                    )
                )

    def _settled(self, one: Shown, person: Person, now_ns: int) -> bool:
        """Return whether the person knows by now, or has the thing."""
        who = normal(one.person_id)
        attribute = PLACE if one.wrong is None else one.wrong.attribute
        actual = self.model.actual(one.subject, attribute)
        if not actual or actual == who:
            return True
        if one.wrong is not None:
            held = self.model.belief(who, one.subject, attribute)
            return held is None or held.value == actual
        looks_there = bool(person.target_name) and mentions.named(actual, words_of(person.target_name))
        return looks_there and person.target_since_ns > one.t_ns and now_ns - person.target_since_ns >= NS_PER_S

    def _sought(self, person_id: str) -> Mistake | None:
        """Return what a person has lately shown to look for, also where others still have the time to tell them."""
        found = [
            one
            for one in self._shown.values()
            if one.person_id == person_id and one.sought and not self._kept_from(person_id, one.subject)
        ]
        return as_mistake(self.model, max(found, key=lambda one: one.t_ns)) if found else None

    def _silent(self, now_ns: int) -> bool:
        """Return whether somebody has asked that things be kept to oneself."""
        return bool(self._silent_ns) and now_ns - self._silent_ns <= SILENT_S * NS_PER_S

    def left_behind(self, scene: Scene) -> tuple[Belonging, ...]:
        """Return what people who are here, and do not go for a moment only, have put down and not taken again."""
        return self._left.left_behind(scene, self.model, lambda who, thing: self._kept_from(who, thing, claimed=True))
