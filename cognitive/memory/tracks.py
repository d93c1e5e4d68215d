"""What messages and words change about who is here and wants to be remembered, and which encounters are to be written.

`Tracks.step` runs once a cycle, after the bank has taken in the news, in the room's event loop: microseconds, no file is touched. It only
changes the saved state; what follows from it (entering, forgetting, writing) is worked into the files by `cognitive.memory.service`,
which finds it there also after a kill. A person who was only heard or typing ends with the visit: the next one is
somebody else, who has agreed to nothing. While several pages are open nobody can tell who typed, so nothing of it is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec.structs import replace

from cognitive.acts import ACKNOWLEDGED
from cognitive.memory.consent import LINKS_MAX, Ended, Link, Remembering, stable_name
from cognitive.memory.episodes import SAID, Draft
from cognitive.memory.facts import name_in
from cognitive.memory.promise_exchange import unsay
from cognitive.memory.session_forgetting import forget_beliefs_since, forget_in_session
from cognitive.memory.store import Saved
from cognitive.memory.wishes import wish_in
from cognitive.scene import UNSEEN, WishHeard
from cognitive.what_was_said import ASIDE_BELOW
from cognitive.who_is_here import RETURN_S
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.settings import LongTermSettings

ENDED_MAX = 32
_FORGET_MAX = 256
NOT_THIS_S = 30.0
"""`don't remember this` concerns what the person has said within this time."""
TOLD = {
    "new": "the person agreed to be remembered: confirm it kindly",
    "session": "the person agreed to be remembered, but memories are kept only until the end of this session here: say so kindly",
    "off": "the person wants to be remembered, but nothing is kept here beyond this session: say so kindly",
    "namesake": "the person agreed to be remembered; somebody else of that name is remembered too, ask whether they have met you before",
    "known_again": "the person is remembered from before",
    "several": "several people of that name are remembered, and nobody can tell which one this is: say so kindly",
    "forgotten": "the person asked to be forgotten: everything about them was deleted, confirm it kindly",
    "not_this": "the person does not want what they just said to be remembered: it was deleted, confirm it kindly",
    "crowd": "several people watch, so nobody can tell who wants to be remembered: ask the person to say their wish alone",
}
"""What the dialogue is told, by finding."""


class Tracks:
    """The links of the session's track ids."""

    def __init__(self, settings: LongTermSettings, saved: Saved) -> None:
        """Continue from a saved state."""
        self._settings = settings
        self._saved = saved
        self.identity_conflicts = 0
        self.on_forget: Callable[[str], None] = lambda track: None
        """Called with each track that is taken out: for whoever holds more of it than the saved state."""
        self.forgotten = 0
        """How often somebody was forgotten, or words were taken back, since the room began."""
        self.forgot = False
        """Something was taken out since this was last set to False: the state must be on the disk at once."""

    @property
    def state(self) -> Remembering:
        """The saved part."""
        return self._saved.remembering

    def step(self, messages: Iterable[m.Message], now_ns: int, now_s: float) -> None:
        """Take in the messages of a cycle."""
        for message in messages:
            match message:
                case m.MemoryConsent():
                    self._consent(message, now_ns, now_s)
                case m.PersonIdentity():
                    if message.confidence >= self._settings.identity_confidence:
                        self.identify(message.person_id, message.known_as, now_s)
                case m.TypedText():
                    self._words(self._saved.scene.partner(message.person_id), message.text, now_ns, now_s)
                case m.Turn():
                    aside = message.addressed is not None and message.addressed < ASIDE_BELOW
                    if message.speaker == "user" and message.state == "ended" and not aside:
                        self._words(self._saved.scene.partner(message.person_id), message.text, now_ns, now_s)
                case m.Viewer():
                    if message.state == "left" and not self._saved.scene.viewers:
                        self._unseen_left(now_ns)
        self._keep(now_ns)

    def tell(self, finding: str, now_ns: int, track: str = "") -> None:
        """Note a finding where the dialogue is told of it, and that its wish is to be acknowledged."""
        if finding == "new" and not self._settings.folder:
            finding = "session"
        if text := TOLD.get(finding):
            self._saved.bank.note(now_ns, text, 0.9, track)
        if finding in ACKNOWLEDGED:
            scene = self._saved.scene
            scene.wishes.append(WishHeard(finding=finding, t_ns=now_ns, person_id=track or scene.partner()))

    def identify(self, track: str, known_as: str, now_s: float) -> None:
        """Link a track with a stable name, unless somebody else who is here has it."""
        name = stable_name(known_as)
        if not name or (track == UNSEEN and self._crowd()):
            return
        for other, link in self.state.links.items():
            present = self._saved.scene.people.get(other)
            if other != track and link.known_as == name and present is not None and present.present:
                self.identity_conflicts += 1
                return
        link = self._link(track)
        if link.known_as != name:
            link.known_as, link.changed_s, link.settled = name, now_s, False

    def drop(self, track: str, now_s: float) -> None:
        """Take a track out of the session's memory: it was forgotten from outside, or was taken for somebody else."""
        unsay(self._saved, track, 0.0, now_s, everywhere=False)
        forget_in_session(self._saved, track)
        self.on_forget(track)
        self.forgot = True

    def consent_of(self, track: str) -> Literal["", "given", "withdrawn"]:
        """Return what whoever has a track wants of being remembered; empty where they have not said."""
        link = self.state.links.get(track)
        return "" if link is None or link.consent == "none" else link.consent

    # ---------------------------------------------------------------- messages and words

    def _consent(self, message: m.MemoryConsent, now_ns: int, now_s: float) -> None:
        name = stable_name(message.known_as)
        if message.state == "withdrawn" and name and not message.person_id:
            self.state.forget_names.append(name)
            for track in [track for track, link in self.state.links.items() if link.known_as == name]:
                self._withdraw(track, now_s)
            return
        track = self._saved.scene.partner(message.person_id)
        if message.state == "withdrawn":
            if name:
                self.state.forget_names.append(name)
            self._withdraw(track, now_s)
            self.tell("forgotten", now_ns)
            return
        if track == UNSEEN and self._crowd():
            self.tell("crowd", now_ns)
            return
        if name:
            self.identify(track, name, now_s)
        self._give(track, "message", now_ns, now_s)

    def _words(self, track: str, text: str, now_ns: int, now_s: float) -> None:
        wish, name = wish_in(text), name_in(text)
        if not wish and not name:
            return
        if wish == "not_this":
            self._unsay(track, now_ns)
            return
        if wish == "forget":
            self._withdraw(track, now_s)
            self.tell("forgotten", now_ns)
            return
        if track == UNSEEN and self._crowd():
            if wish:
                self.tell("crowd", now_ns)
            return
        link = self._link(track)
        if name and link.spoken != name:
            link.spoken, link.changed_s, link.settled = name[:128], now_s, False
        if wish == "known" and not link.claims:
            link.claims, link.changed_s, link.settled = True, now_s, False
        if wish == "remember":
            self._give(track, "words", now_ns, now_s)

    def _give(self, track: str, how: str, now_ns: int, now_s: float) -> None:
        if not self._settings.enabled:
            self.tell("off", now_ns, track)
            return
        link = self._link(track)
        if link.consent == "given":
            return
        if link.consent == "withdrawn":
            link.from_ns = now_ns
        link.consent, link.how, link.given_s, link.changed_s, link.settled = "given", how, now_s, now_s, False

    def _withdraw(self, track: str, now_s: float) -> None:
        self.forgotten += 1
        link, state = self._link(track), self.state
        if link.person:
            state.forget_people.append(link.person)
        if link.known_as:
            state.forget_names.append(link.known_as)
        if link.consent == "given" and link.given_s:
            state.forget_origins.append(link.origin(state.session, track))
        self.drop(track, now_s)  # while the link still knows their names
        state.links[track] = Link(
            known_as=link.known_as, consent="withdrawn", changed_s=now_s, from_ns=link.from_ns, settled=False
        )
        del state.forget_people[:-_FORGET_MAX], state.forget_names[:-_FORGET_MAX], state.forget_origins[:-_FORGET_MAX]

    def _unsay(self, track: str, now_ns: int) -> None:
        """Take out what a person has said in the last seconds; their consent stays as it is."""
        self.forgotten += 1
        from_ns = now_ns - round(NOT_THIS_S * NS_PER_S)
        bank, scene = self._saved.bank, self._saved.scene
        known = bank.people.get(track)
        if known is not None:
            known.notes[:] = [n for n in known.notes if n.t_ns < from_ns or not n.text.startswith(SAID)]
            known.facts[:] = [n for n in known.facts if n.t_ns < from_ns]
        for chunk in bank.transcript:
            chunk.lines[:] = [line for line in chunk.lines if line.person_id != track or line.t_ns < from_ns]
        bank.transcript[:] = [chunk for chunk in bank.transcript if chunk.lines]
        scene.utterances[:] = [u for u in scene.utterances if u.person_id != track or u.t_ns < from_ns]
        forget_beliefs_since(self._saved, track, from_ns)
        self.forgot = True
        origin_s = self.state.origin_s
        unsay(self._saved, track, origin_s + from_ns / NS_PER_S, origin_s + now_ns / NS_PER_S, everywhere=True)
        draft = self.state.drafts.get(track)
        if draft is not None:
            draft.notes[:] = [n for n in draft.notes if n.t_ns < from_ns or not n.text.startswith(SAID)]
            draft.facts[:] = [f for f in draft.facts if f.at_ns < from_ns]
            draft.changed, draft.written_ns, draft.unsaid_ns = True, 0, from_ns
        self.tell("not_this", now_ns)

    # ---------------------------------------------------------------- encounters

    def _keep(self, now_ns: int) -> None:
        """Bring links and drafts up to date with who is here."""
        state, scene = self.state, self._saved.scene
        unseen = scene.people.get(UNSEEN)
        if unseen is not None and not unseen.present:
            self._unseen_left(now_ns)
        elif unseen is None and UNSEEN in state.links:
            self._follow_camera(now_ns)
        for track, link in list(state.links.items()):
            if track == UNSEEN and self._crowd():
                link.from_ns = now_ns
            if link.consent != "given":
                continue
            person, draft = scene.people.get(track), state.drafts.get(track)
            if draft is not None and (person is None or person.arrived_ns != draft.began_ns):
                self._end(track, link, draft)
                draft = None
            if person is None:
                continue
            if draft is None:
                if not person.present:
                    continue
                draft = state.drafts[track] = Draft(began_ns=person.arrived_ns, last_ns=person.last_ns)
            draft.last_ns = max(draft.last_ns, person.last_ns)
            draft.take(self._saved.bank, track, link.from_ns)
            if draft.over == person.present:
                draft.over, draft.changed = not person.present, True
            if draft.over and now_ns - person.left_ns > RETURN_S * NS_PER_S:
                self._end(track, link, draft)
        self._bound()

    def _unseen_left(self, now_ns: int) -> None:
        """Whoever was only heard or typing has gone; their link goes with them."""
        state = self.state
        state.unseen_from_ns = now_ns
        link, draft = state.links.pop(UNSEEN, None), state.drafts.get(UNSEEN)
        if link is not None and draft is not None and link.consent == "given":
            draft.take(self._saved.bank, UNSEEN, link.from_ns)
            self._end(UNSEEN, link, draft)

    def _follow_camera(self, now_ns: int) -> None:
        """The only viewer has switched the camera on: the unseen one is now the only face."""
        state, here = self.state, self._saved.scene.present()
        if len(self._saved.scene.viewers) == 1 and len(here) == 1 and here[0].person_id not in state.links:
            state.links[here[0].person_id] = state.links.pop(UNSEEN)
            if UNSEEN in state.drafts:
                state.drafts[here[0].person_id] = state.drafts.pop(UNSEEN)
        else:
            self._unseen_left(now_ns)

    def _end(self, track: str, link: Link, draft: Draft) -> None:
        draft.changed, draft.over = draft.changed or not draft.over, True
        self.state.ended.append(Ended(track=track, link=replace(link), draft=draft))
        self.state.drafts.pop(track, None)
        del self.state.ended[:-ENDED_MAX]

    def _link(self, track: str) -> Link:
        link = self.state.links.get(track)
        if link is None:
            link = self.state.links[track] = Link(from_ns=self.state.unseen_from_ns if track == UNSEEN else 0)
        return link

    def _crowd(self) -> bool:
        return len(self._saved.scene.viewers) > 1

    def _bound(self) -> None:
        """Let links of people who went long ago give way, those without consent first."""
        links, people = self.state.links, self._saved.scene.people
        spare = [track for track in links if links[track].settled and track not in self.state.drafts]
        spare.sort(key=lambda track: (track in people, links[track].consent == "given", links[track].changed_s))
        for track in spare[: max(0, len(links) - LINKS_MAX)]:
            del links[track]
