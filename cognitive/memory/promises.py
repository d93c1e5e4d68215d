"""What the agent has promised ("I'll remind you in five minutes"), until it is kept or dropped.

A promise is in a file before anybody hears it, and its state changes once: `settle` says True to exactly one caller, in whichever order
promises are settled, processes killed and files reopened. A promise to somebody who has consented lies in the long-term memory;
any other in a file of the same form in the session's private folder, which goes with the session, and moves when they consent. A kill
between the two writes of a move leaves the promise in both files: it still counts once. Due times are Unix seconds, so that they hold
across restarts of the machine. Blocking; raises `sqlite3.Error` as the memory does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.schema import transaction

PROMISE_CHARS = 300
EVIDENCE_MAX = 32
OPEN_MAX = 64
"""Open promises of one file; beyond it the one that is due last is dropped."""
SESSION_FILE = "session-promises.db"

State = Literal["open", "kept", "dropped"]


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise.

    Attributes:
        id: chosen by who makes it, unique; making it again is harmless.
        person: number in the long-term memory, 0 where the person has not consented.
        track: track id of the session in which it was made.
        text: what was promised.
        made_s: Unix seconds.
        due_s: Unix seconds.
        state: `open` until it is kept or dropped.
        evidence: what it rests on (turn ids), and after it was settled what settled it (intention ids).
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
                "INSERT OR IGNORE INTO promises VALUES (?, ?, ?, ?, ?, ?, 'open', NULL, ?)",
                (promise.id, promise.person if memory is self.long_term and promise.person else None, promise.track,
                 promise.text[:PROMISE_CHARS], promise.made_s, promise.due_s, _encoded(promise.evidence)),
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
        closed = {id for id in found if any(self._state(file, id) in ("kept", "dropped") for file in self._files())}
        return sorted((p for p in found.values() if p.id not in closed), key=lambda p: (p.due_s, p.id))

    def of_person(self, person: int) -> list[Promise]:
        """Return all promises to a remembered person, also settled ones, the first made first."""
        if self.long_term is None:
            return []
        with self.long_term.lock:
            rows = self.long_term.connection.execute(
                f"{_SELECT} WHERE person = ? ORDER BY made_s, id", (person,)
            ).fetchall()
        return [_promise(row) for row in rows]

    def settle(self, id: str, state: Literal["kept", "dropped"], at_s: float, evidence: tuple[str, ...] = ()) -> bool:
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

    def move(self, track: str, person: int) -> int:
        """Take promises to a track that has consented over into the long-term memory; return how many."""
        if self.long_term is None:
            return 0
        with self.session.lock:
            rows = self.session.connection.execute("SELECT * FROM promises WHERE track = ?", (track,)).fetchall()
        if not rows:
            return 0
        with self.long_term.lock, transaction(self.long_term.connection):
            self.long_term.require(person)
            for row in rows:
                self.long_term.connection.execute(
                    "INSERT OR IGNORE INTO promises VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (row[0], person, *row[2:])
                )
        with self.session.lock:
            with transaction(self.session.connection):
                self.session.connection.executemany("DELETE FROM promises WHERE id = ?", [(row[0],) for row in rows])
            self._clear()
        return len(rows)

    def forget_track(self, track: str) -> None:
        """Delete what was promised to a track in this session."""
        with self.session.lock:
            with transaction(self.session.connection):
                gone = self.session.connection.execute("DELETE FROM promises WHERE track = ?", (track,)).rowcount
            if gone:
                self._clear()

    def _clear(self) -> None:
        """Leave nothing of deleted rows in the session's file."""
        self.session.connection.execute("VACUUM")
        self.session.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _files(self) -> list[LongTermMemory]:
        # The long-term memory first: a promise that was moved is settled there before its left-over copy.
        return [self.session] if self.long_term is None else [self.long_term, self.session]

    @staticmethod
    def _state(memory: LongTermMemory, id: str) -> str | None:
        with memory.lock:
            row = memory.connection.execute("SELECT state FROM promises WHERE id = ?", (id,)).fetchone()
        return None if row is None else str(row[0])


_SELECT = (
    "SELECT id, coalesce(person, 0), track, text, made_s, due_s, state, coalesce(closed_s, 0), evidence FROM promises"
)


def _promise(row: tuple[str, int, str, str, float, float, State, float, str]) -> Promise:
    return Promise(*row[:8], evidence=tuple(msgspec.json.decode(row[8])))


def _encoded(evidence: tuple[str, ...]) -> str:
    return msgspec.json.encode([str(item)[:128] for item in evidence[-EVIDENCE_MAX:]]).decode()
