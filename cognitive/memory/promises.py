"""What the agent has promised ("I'll remind you in five minutes"), until it is kept, dropped or missed.

Its state changes once: `settle` says True to exactly one caller, in whichever order promises are settled, processes killed and files
reopened. A promise to somebody who has consented lies in the long-term memory; any other in a file of the same form in the session's
private folder, which goes with the session, and moves when they consent. A kill between the two writes of a move leaves the promise
in both files: it still counts once. Due times are Unix seconds, so that they hold across restarts of the machine. Blocking; raises
`sqlite3.Error` as the memory does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec
from msgspec import Struct

from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.schema import transaction

PROMISE_CHARS = 300
EVIDENCE_MAX = 32
OPEN_MAX = 64
"""Open promises of one file; beyond it the one that is due last is dropped."""
SESSION_FILE = "session-promises.db"
_COLUMNS = "id, person, track, text, about, made_s, due_s, state, closed_s, evidence"
_SELECT = "SELECT id, coalesce(person, 0), track, text, made_s, due_s, state, coalesce(closed_s, 0), evidence, about FROM promises"

State = Literal["open", "kept", "dropped", "missed"]
Closed = Literal["kept", "dropped", "missed"]


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise.

    Attributes:
        id: chosen by who makes it, unique; making it again is harmless.
        person: number in the long-term memory, 0 where the person has not consented.
        track: track id of the session in which it was made.
        text: the words in which it was made.
        made_s: Unix seconds.
        due_s: Unix seconds.
        state: `open` until it is settled.
        evidence: what it rests on (turn ids), and after it was settled what settled it (intention ids, reasons).
        about: what is to be said then; empty where only the time is.
    """

    id: str
    person: int
    track: str
    text: str
    made_s: float
    due_s: float
    state: State = "open"
    closed_s: float = 0.0
    evidence: tuple[str, ...] = ()
    about: str = ""


class Unsaid(Struct, frozen=True, kw_only=True):
    """Promises of which nothing may stay: those to a track that were made in a span of time (Unix seconds).

    `everywhere`: also what lies in the long-term memory already; else only in the session's file.
    """

    track: str
    from_s: float
    until_s: float
    everywhere: bool = False


class Promises:
    """The promises of the session's file and, where it is open, of the long-term memory."""

    def __init__(self, session: LongTermMemory, long_term: LongTermMemory | None = None) -> None:
        """Use open files."""
        self.session = session
        self.long_term = long_term

    def make(self, promise: Promise) -> bool:
        """Write a promise down; False where this id is known, whatever became of it."""
        memory = self.long_term if promise.person and self.long_term is not None else self.session
        if any(self._state(file, promise.id) is not None for file in self._files()):
            return False
        with memory.lock, transaction(memory.connection):
            db = memory.connection
            if promise.person and memory is self.long_term:
                memory.require(promise.person)
            done = db.execute(
                f"INSERT OR IGNORE INTO promises({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', NULL, ?)",
                (promise.id, promise.person if memory is self.long_term and promise.person else None, promise.track,
                 promise.text[:PROMISE_CHARS], promise.about[:PROMISE_CHARS], promise.made_s, promise.due_s,
                 _encoded(promise.evidence)),
            )  # fmt: skip
            db.execute(
                "UPDATE promises SET state = 'dropped', closed_s = ? WHERE id IN"
                " (SELECT id FROM promises WHERE state = 'open' ORDER BY due_s, id LIMIT -1 OFFSET ?)",
                (promise.made_s, OPEN_MAX),
            )
        return done.rowcount == 1

    def open_promises(self) -> list[Promise]:
        """Return what is still owed, the first due first."""
        found: dict[str, Promise] = {}
        for memory in self._files():
            with memory.lock:
                rows = memory.connection.execute(f"{_SELECT} WHERE state = 'open'").fetchall()
            found = {row[0]: _promise(row) for row in rows} | found
        closed = {id for id in found if any(self._state(file, id) not in (None, "open") for file in self._files())}
        return sorted((p for p in found.values() if p.id not in closed), key=lambda p: (p.due_s, p.id))

    def state_of(self, id: str) -> State | None:
        """Return what became of a promise, settled in one of the files or not; None where nobody knows it."""
        states = [state for file in self._files() if (state := self._state(file, id)) is not None]
        return next((state for state in states if state != "open"), states[0] if states else None)

    def settle(self, id: str, state: Closed, at_s: float, evidence: tuple[str, ...] = ()) -> bool:
        """Settle a promise; True where this call did it, False where it was settled before or nobody knows it."""
        settled, before = 0, False
        for memory in self._files():
            with memory.lock, transaction(memory.connection):
                row = memory.connection.execute("SELECT state, evidence FROM promises WHERE id = ?", (id,)).fetchone()
                if row is None:
                    continue
                before = before or row[0] != "open"
                settled += memory.connection.execute(
                    "UPDATE promises SET state = ?, closed_s = ?, evidence = ? WHERE id = ? AND state = 'open'",
                    (state, at_s, _encoded((*msgspec.json.decode(row[1]), *evidence)), id),
                ).rowcount
        return settled > 0 and not before

    def move(self, track: str, person: int, since_s: float = 0.0) -> int:
        """Take promises to a track that has consented over into the long-term memory; return how many.

        Args:
            track: whom they were made to.
            person: who that is.
            since_s: earlier ones were made to somebody else, of whom the track was then.
        """
        if self.long_term is None:
            return 0
        with self.session.lock:
            rows = self.session.connection.execute(
                f"SELECT {_COLUMNS} FROM promises WHERE track = ? AND made_s >= ?", (track, since_s)
            ).fetchall()
        if not rows:
            return 0
        with self.long_term.lock, transaction(self.long_term.connection):
            self.long_term.require(person)
            for row in rows:
                self.long_term.connection.execute(
                    f"INSERT OR IGNORE INTO promises({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (row[0], person, *row[2:]),
                )
        with self.session.lock:
            with transaction(self.session.connection):
                self.session.connection.executemany("DELETE FROM promises WHERE id = ?", [(row[0],) for row in rows])
            _clear(self.session)
        return len(rows)

    def forget_track(self, track: str) -> None:
        """Delete what was promised to a track in this session."""
        with self.session.lock:
            with transaction(self.session.connection):
                gone = self.session.connection.execute("DELETE FROM promises WHERE track = ?", (track,)).rowcount
            if gone:
                _clear(self.session)

    def unsay(self, unsaid: Iterable[Unsaid]) -> bool:
        """Delete promises of which nothing may stay; harmless to do again. Return whether the long-term memory is to be purged."""
        unsaid, purge = list(unsaid), False
        for memory in self._files():
            spans = [one for one in unsaid if one.everywhere or memory is self.session]
            with memory.lock:
                with transaction(memory.connection):
                    gone = sum(
                        memory.connection.execute(
                            "DELETE FROM promises WHERE track = ? AND made_s BETWEEN ? AND ?",
                            (one.track, one.from_s, one.until_s),
                        ).rowcount
                        for one in spans
                    )
                    if gone and memory is self.long_term:
                        memory.connection.execute("INSERT OR REPLACE INTO meta VALUES ('purge_pending', '1')")
                        purge = True
                if gone and memory is self.session:
                    _clear(memory)
        return purge

    def _files(self) -> list[LongTermMemory]:
        # The long-term memory first: a promise that was moved is settled there before its left-over copy.
        return [self.session] if self.long_term is None else [self.long_term, self.session]

    @staticmethod
    def _state(memory: LongTermMemory, id: str) -> State | None:
        with memory.lock:
            row = memory.connection.execute("SELECT state FROM promises WHERE id = ?", (id,)).fetchone()
        return None if row is None else row[0]


def _clear(memory: LongTermMemory) -> None:
    """Leave nothing of deleted rows in a file."""
    memory.connection.execute("VACUUM")
    memory.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _promise(row: tuple[str, int, str, str, float, float, State, float, str, str]) -> Promise:
    return Promise(*row[:8], evidence=tuple(msgspec.json.decode(row[8])), about=row[9])


def _encoded(evidence: tuple[str, ...]) -> str:
    return msgspec.json.encode([str(item)[:128] for item in evidence[-EVIDENCE_MAX:]]).decode()
