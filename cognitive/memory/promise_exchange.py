"""Brings the promises of the scene and those of the book together.

The scene is what the cycles decide on, and is on the disk first (`cognitive.memory.store`); the book is what outlives the session for
people who have agreed. In the background what was promised is entered (under an id that is the same however often it is done), what the
scene has settled is settled, what nobody is to know any more is deleted. Once a cycle what the book alone knows comes into the scene:
promises of earlier sessions to people who are here and have agreed, and those of a session whose saved state was lost. A promise to
somebody who is away stays in the book; past its time it is closed there as missed.

`bring` is called between cycles and touches no file; `work` is awaited by the task of `cognitive.memory.service` and raises what
SQLite raises, after which it is done again. Killed between a promise's being said and its being settled in the book, a room finds it
settled in its saved state; only where the whole session is lost with it may it be said once more.
"""

from __future__ import annotations

from cognitive.memory.bank import Bank
from cognitive.memory.consent import Remembering
from cognitive.memory.promise_book import PromiseBook
from cognitive.memory.promises import Closed, Promise, Unsaid
from cognitive.memory.store import Saved
from cognitive.owed import MISSED_IMPORTANCE, TOO_LATE, latest_s
from cognitive.scene import OPEN, PROMISES_MAX, Scene
from cognitive.scene import Promise as Promised
from runtime.clock import NS_PER_S

ID_CHARS = 128
UNSAID_MAX = 256
_CLOSED: dict[str, Closed] = {"kept": "kept", "dropped": "dropped", "missed": "missed"}


class PromiseExchange:
    """Between one scene and one book."""

    def __init__(self, saved: Saved, book: PromiseBook, counters: dict[str, float]) -> None:
        """Work on a saved state."""
        self._saved, self._book, self._counters = saved, book, counters
        self._closed_elsewhere: dict[str, str] = {}
        self._missed_away = 0

    # ---------------------------------------------------------------- between cycles

    def bring(self, now_ns: int) -> None:
        """Take into the scene what the book alone knows, and who is now whom a promise was made to."""
        scene = self._scene
        known = {self.id_of(promise): promise for promise in scene.promises}
        for id, state in self._closed_elsewhere.items():
            settled = known.get(id)
            if settled is not None and settled.state == OPEN:
                settled.state, settled.reason = state, "it was settled elsewhere"
        self._closed_elsewhere.clear()
        for _ in range(self._missed_away):
            self._bank.note(now_ns, f"a promise to somebody who was away was missed: {TOO_LATE}", MISSED_IMPORTANCE)
        self._missed_away = 0
        room = PROMISES_MAX - sum(promise.owed for promise in scene.promises)
        for promise in self._book.open_promises:
            track = self._track_of(promise)
            there = known.get(promise.id)
            if there is not None:
                whom = scene.people.get(there.person_id)
                if track and there.owed and (whom is None or not whom.present):
                    there.person_id = track
            elif track is not None and room > 0 and not self._unsaid(promise):
                scene.promises.append(self._promised(promise, track))
                room -= 1

    def id_of(self, promise: Promised) -> str:
        """Return the id of a promise of the scene in the book: the same whenever it is entered, another in every session."""
        return promise.book_id or f"{round(self._state.origin_s * 1e3):x}-{promise.promise_id}"[:ID_CHARS]

    # ---------------------------------------------------------------- in the background

    async def work(self, now_s: float) -> None:
        """Enter, settle, delete.

        Args:
            now_s: Unix seconds.
        """
        for promise in list(self._scene.promises):
            if promise.state in _CLOSED:
                if self.id_of(promise) in self._open_ids:
                    await self._book.settle(self.id_of(promise), _CLOSED[promise.state], _evidence(promise))
            elif self.id_of(promise) not in self._open_ids:
                state = await self._book.make(self._record(promise))
                if state != OPEN:
                    self._closed_elsewhere[self.id_of(promise)] = state
        await self._close_late(now_s)
        unsaid = list(self._saved.unsaid)
        if unsaid:
            await self._book.unsay(unsaid)
            self._saved.unsaid[:] = [one for one in self._saved.unsaid if one not in unsaid]

    def write_at_exit(self) -> None:
        """Enter and settle what the last cycles have brought. Blocking, for the way out."""
        for promise in self._scene.promises:
            entered = self.id_of(promise) in self._open_ids
            if promise.state in _CLOSED and entered:
                self._book.settle_at_exit(self.id_of(promise), _CLOSED[promise.state], _evidence(promise))
            elif promise.owed and not entered:
                self._book.make_at_exit(self._record(promise))

    @property
    def _scene(self) -> Scene:
        return self._saved.scene

    @property
    def _bank(self) -> Bank:
        return self._saved.bank

    @property
    def _state(self) -> Remembering:
        return self._saved.remembering

    @property
    def _open_ids(self) -> set[str]:
        return {promise.id for promise in self._book.open_promises}

    def _record(self, promise: Promised) -> Promise:
        """Return a promise of the scene as it stands in the book."""
        return Promise(
            self.id_of(promise), 0, promise.person_id, promise.words, self._at_s(promise.made_ns), self._at_s(promise.due_ns),
            evidence=(promise.promise_id,), about=promise.about,
        )  # fmt: skip

    async def _close_late(self, now_s: float) -> None:
        """Close what is too late and was promised to somebody who is away; what is in the scene is closed there."""
        here = {self.id_of(promise) for promise in self._scene.promises}
        for promise in self._book.open_promises:
            late_s = now_s - promise.due_s
            too_late = promise.id not in here and late_s > latest_s(promise.due_s - promise.made_s)
            if too_late and await self._book.settle(promise.id, "missed", (TOO_LATE,)):
                self._missed_away += 1
                self._counters["promises_missed_away"] = self._counters.get("promises_missed_away", 0) + 1

    def _track_of(self, promise: Promise) -> str | None:
        """Return the track id of whom a promise was made to; None where they are not here, or nobody can tell."""
        if not promise.person:
            return promise.track
        for track, link in self._state.links.items():
            person = self._scene.people.get(track)
            theirs = link.person == promise.person and link.consent == "given" and link.settled
            if theirs and person is not None and person.present:
                return track
        return None

    def _unsaid(self, promise: Promise) -> bool:
        """Whether it is about to be deleted."""
        return any(
            one.track == promise.track and one.from_s <= promise.made_s <= one.until_s
            for one in self._saved.unsaid
            if one.everywhere or not promise.person
        )

    def _promised(self, promise: Promise, track: str) -> Promised:
        """Return the scene's record of a promise in the book."""
        return Promised(
            promise_id=promise.id, made_ns=self._at_ns(promise.made_s), due_ns=self._at_ns(promise.due_s),
            words=promise.text, about=promise.about, person_id=track, book_id=promise.id,
        )  # fmt: skip

    def _at_s(self, t_ns: int) -> float:
        return self._state.origin_s + t_ns / NS_PER_S

    def _at_ns(self, at_s: float) -> int:
        return round((at_s - self._state.origin_s) * NS_PER_S)


def unsay(saved: Saved, track: str, from_s: float, until_s: float, *, everywhere: bool) -> None:
    """Take promises to a track out of the scene, and have the book delete them.

    Args:
        saved: changed.
        track: whom they were made to.
        from_s: when the first of them was made, Unix seconds.
        until_s: when the last of them was; a promise counts from the end of its sentence, which may be a little later.
        everywhere: also from the long-term memory; what is deleted there with the person needs no telling.
    """
    origin_s, scene = saved.remembering.origin_s, saved.scene
    gone = [p for p in scene.promises if p.person_id == track and origin_s + p.made_ns / NS_PER_S >= from_s]
    scene.promises[:] = [promise for promise in scene.promises if promise not in gone]
    until_s = max([until_s, *(origin_s + promise.made_ns / NS_PER_S for promise in gone)])
    saved.unsaid.append(Unsaid(track=track, from_s=from_s, until_s=until_s, everywhere=everywhere))
    del saved.unsaid[:-UNSAID_MAX]


def _evidence(promise: Promised) -> tuple[str, ...]:
    """Return what has settled a promise."""
    return tuple(filter(None, (*promise.intention_ids, promise.reason)))
