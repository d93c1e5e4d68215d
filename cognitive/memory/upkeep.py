"""Works what the saved state asks for into an open memory file: deletions, who is who, facts and episodes.

Every step is derived from the saved state and changes nothing when it is done again, so that a kill in the middle costs nothing. Awaited
by the one task of `cognitive.memory.service`, in the room's event loop; calls on the file run in an offload thread, and the
cycles may change the state meanwhile: what changed is left for the next round. Forgetting is a call of its own, so that nothing else
can keep it waiting. Where one link, encounter or deletion fails, the others are still worked in, it stays for the next round, and
the failure is raised at the end; a file that is locked, full or damaged ends the round at once.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from msgspec.structs import replace

from cognitive.memory import deletion, schema
from cognitive.memory.consent import Link, Remembering
from cognitive.memory.episodes import Draft, tidy
from cognitive.memory.identity import Settled, settle
from cognitive.memory.long_term import Episode, Forgotten, LongTermMemory
from cognitive.memory.promise_book import PromiseBook
from cognitive.memory.recollecting import Recollecting
from cognitive.memory.store import Saved
from runtime.clock import NS_PER_S, Clock
from runtime.offload import Offload
from runtime.settings import LongTermSettings

TIDY_EVERY = 64
"""Writes after which the file's size is looked at."""
_SILENT = frozenset({"", "conflict", "merged", "linked"})
"""Findings that the dialogue need not know."""


class Upkeep:
    """One round after the other."""

    def __init__(
        self, settings: LongTermSettings, saved: Saved, clock: Clock, offload: Offload, promises: PromiseBook,
        recollecting: Recollecting, counters: dict[str, float],
    ) -> None:  # fmt: skip
        """Work on a saved state."""
        self.findings: list[tuple[str, str]] = []
        """What the dialogue is to be told, by track id."""
        self.to_drop: list[str] = []
        """Track ids whose session memory the next cycle is to drop."""
        self._settings, self._saved, self._clock, self._offload = settings, saved, clock, offload
        self._promises, self._recollecting, self._counters = promises, recollecting, counters
        self._writes = 0

    async def forget(self, memory: LongTermMemory, now_s: float) -> None:
        """Delete whom the session's people have withdrawn; a wish stays in the saved state until it is done."""
        state = self._state
        people, names, origins = set(state.forget_people), list(state.forget_names), list(state.forget_origins)
        if not (people or names or origins):
            return
        gone = await self._offload.run(self._forgotten, memory, people, names, origins, now_s)
        for track, link in state.links.items():
            if link.person in gone:  # somebody of another track was the same person
                link.person, link.consent = 0, "withdrawn"
                self.to_drop.append(track)
        self._done(people, names, origins)

    async def round(self, memory: LongTermMemory, now_s: float) -> None:
        """Do all else there is to do."""
        state = self._state
        failures: list[Exception] = []
        for track, link in list(state.links.items()):
            if not link.settled:
                with _spared(failures):
                    await self._settle(memory, track, link)
        for ended in list(state.ended):
            with _spared(failures):
                if not ended.link.person and not ended.link.settled:
                    found = await self._settled(memory, ended.track, ended.link)
                    ended.link.person, ended.link.settled = found.person, True
                if ended.link.person:
                    await self._write(memory, ended.link.person, ended.draft)
                state.ended[:] = [other for other in state.ended if other is not ended]
        for track, draft in list(state.drafts.items()):
            link_of = state.links.get(track)
            if link_of is not None and link_of.person and link_of.consent == "given" and link_of.settled:
                with _spared(failures):
                    await self._write(memory, link_of.person, draft)
        if self._writes >= TIDY_EVERY:
            self._writes = 0
            self._count("memory_entries_let_go", await self._offload.run(tidy, memory, self._settings.bytes_max, now_s))
        if failures:
            raise failures[0]

    @property
    def wishes(self) -> int:
        """How many wishes to be forgotten are not carried out yet."""
        state = self._state
        return len(state.forget_people) + len(state.forget_names) + len(state.forget_origins)

    def forget_at_exit(self, memory: LongTermMemory, now_s: float) -> None:
        """Delete who still waits to be forgotten: the wishes go with the session's folder. Blocking."""
        state = self._state
        people, names, origins = set(state.forget_people), list(state.forget_names), list(state.forget_origins)
        if people or names or origins:
            self._forgotten(memory, people, names, origins, now_s)
            self._done(people, names, origins)

    def write_at_exit(self, memory: LongTermMemory) -> None:
        """Write the encounters that the session's end interrupts. Blocking."""
        drafts = [(ended.link.person, ended.draft) for ended in self._state.ended]
        for track, draft in self._state.drafts.items():
            link = self._state.links.get(track)
            if link is not None and link.consent == "given":
                draft.over = draft.changed = True
                drafts.append((link.person, draft))
        failures: list[Exception] = []
        for person, draft in drafts:
            if not person:
                continue
            with _spared(failures):
                try:
                    if draft.unsaid_ns:
                        deletion.unlearn(memory, person, self._at_s(draft.unsaid_ns))
                    for fact in draft.facts:
                        memory.learn(person, fact, self._at_s(fact.at_ns))
                    if draft.changed:
                        memory.write_episode(self._episode(person, draft))
                except Forgotten:
                    continue
                draft.facts.clear()
                draft.changed, draft.unsaid_ns = False, 0
        if failures:
            raise failures[0]

    def disown(self) -> None:
        """The file is another one: its numbers mean other people. Who has agreed in this session is entered anew."""
        for link in (*self._state.links.values(), *(ended.link for ended in self._state.ended)):
            link.person, link.settled = 0, link.consent != "given" and not link.known_as
        for draft in self._state.drafts.values():
            draft.changed, draft.written_ns = True, 0

    @property
    def _state(self) -> Remembering:
        return self._saved.remembering

    def _at_s(self, t_ns: int) -> float:
        return self._state.origin_s + t_ns / NS_PER_S

    def _count(self, name: str, more: float) -> None:
        if more:
            self._counters[name] = self._counters.get(name, 0) + more

    @staticmethod
    def _forgotten(
        memory: LongTermMemory, people: set[int], names: list[str], origins: list[str], now_s: float
    ) -> set[int]:
        """Delete people by number, stable name or what entered them; return all their numbers. Blocking."""
        asked = people | {memory.person_of(name) for name in names} | {memory.entered_by(origin) for origin in origins}
        failures: list[Exception] = []
        for person in sorted(asked - {0}):
            with _spared(failures):
                deletion.forget(memory, person, now_s)
        if failures:
            raise failures[0]
        return asked - {0}

    def _done(self, people: set[int], names: list[str], origins: list[str]) -> None:
        """Take wishes out that are carried out; what was asked meanwhile stays."""
        state = self._state
        state.forget_people[:] = [p for p in state.forget_people if p not in people]
        state.forget_names[:] = [name for name in state.forget_names if name not in names]
        state.forget_origins[:] = [origin for origin in state.forget_origins if origin not in origins]

    async def _settled(self, memory: LongTermMemory, track: str, link: Link) -> Settled:
        def work() -> Settled:
            origin = link.origin(self._state.session, track)
            return settle(memory, link, origin, trust_spoken=self._settings.spoken_names)

        return await self._offload.run(work)

    async def _settle(self, memory: LongTermMemory, track: str, link: Link) -> None:
        """Work a link into the memory; a change that came meanwhile is worked in with the next round."""
        if link.consent == "withdrawn":
            link.settled = True
            return
        before = replace(link)
        found = await self._settled(memory, track, before)
        if self._state.links.get(track) is not link or link != before:
            return  # withdrawn meanwhile? Then `forget_origins` has whom this has entered
        lost = bool(link.person) and not found.person
        link.person, link.settled = found.person, True
        if found.finding == "conflict":
            self.to_drop.append(track)
            link.from_ns = self._clock.now_ns()
            self._count("memory_identity_conflicts", 1)
        if found.consents:
            link.consent = "given"
        elif lost:
            link.consent = "withdrawn" if found.finding != "conflict" else "none"
        if found.person and found.person != before.person:
            await self._promises.move(track, found.person, self._at_s(link.from_ns))
        if found.finding not in _SILENT:
            self.findings.append((track, found.finding))

    async def _write(self, memory: LongTermMemory, person: int, draft: Draft) -> None:
        """Write what of an encounter is new and due."""
        state, now_ns = self._state, self._clock.now_ns()
        try:
            if draft.unsaid_ns:
                since_ns, draft.unsaid_ns = draft.unsaid_ns, 0
                await self._offload.run(deletion.unlearn, memory, person, self._at_s(since_ns))
                draft.changed, draft.written_ns = True, 0
            for fact in list(draft.facts):
                await self._offload.run(memory.learn, person, fact, self._at_s(fact.at_ns))
                if fact in draft.facts:
                    draft.facts.remove(fact)
                self._touched(person)
            due = draft.over or not draft.written_ns or now_ns - draft.written_ns >= self._settings.draft_s * NS_PER_S
            if not (draft.changed and due):
                return
            draft.changed, draft.written_ns = False, max(1, now_ns)
            await self._offload.run(memory.write_episode, self._episode(person, draft))
            self._touched(person)
        except Forgotten:
            draft.facts.clear()
        except BaseException:
            draft.changed, draft.written_ns = True, 0  # to be done again
            raise
        self._counters["memory_long_term_session"] = state.session

    def _episode(self, person: int, draft: Draft) -> Episode:
        return Episode(
            person, self._state.session, draft.began_ns, draft.text, self._at_s(draft.began_ns), self._at_s(draft.last_ns),
            draft.valence, draft.importance, closed=draft.over,
        )  # fmt: skip

    def _touched(self, person: int) -> None:
        self._writes += 1
        self._recollecting.touch(person)


@contextlib.contextmanager
def _spared(failures: list[Exception]) -> Iterator[None]:
    """Keep what goes wrong with one thing from the others; what goes wrong with the whole file passes."""
    try:
        yield
    except (sqlite3.OperationalError, OSError):
        raise
    except Exception as error:
        if schema.is_damage(error):
            raise
        failures.append(error)
