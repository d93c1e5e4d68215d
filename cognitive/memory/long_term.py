"""The long-term memory: who is known, what was said and done in their encounters, what is known of them.

One object per file; every method is one transaction, so that a kill at any moment leaves all or nothing of it, and doing it again (the
same encounter, the same saying) changes nothing. Only people who have consented have a row in `people`, and nothing is stored without
one: writing about somebody who was forgotten meanwhile fails with `Forgotten`. Methods block (call them in an offload thread) and
hold a lock, so that the thread and the exit path of the room exclude each other.

Every method raises `sqlite3.Error`: OperationalError where the file is locked, full or cannot be written, DatabaseError where it is
damaged (`schema.is_damage`). Text that is no UTF-8 is read with replacement signs.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from cognitive.memory import schema
from cognitive.memory.facts import OPPOSITES, Fact
from cognitive.memory.schema import transaction

EPISODE_CHARS = 1_200
_CONFIDENT = 0.5
"""A newer fact supersedes an older one unless its confidence is less than this share of the older one's."""


class Forgotten(Exception):
    """The person was deleted from the memory meanwhile."""


@dataclass(frozen=True, slots=True)
class Episode:
    """What is written of one encounter; `began_ns` (session time) tells it from others of its session, times are Unix seconds."""

    person: int
    session: int
    began_ns: int
    text: str
    started_s: float
    ended_s: float
    valence: float
    importance: float
    closed: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One remembered person. `identities` are stable names (`known_as`), `spoken` those that they gave in words."""

    person: int
    identities: tuple[str, ...]
    spoken: tuple[str, ...]
    created_s: float
    last_s: float
    encounters: int
    episodes: int
    facts: int
    promises: int

    @property
    def name(self) -> str:
        """What to call them."""
        return next(iter((*reversed(self.spoken), *self.identities)), "") or f"person {self.person}"


class LongTermMemory:
    """One open memory file."""

    def __init__(
        self, folder: Path, name: str = schema.FILE_NAME, *, full_text: bool | None = None, to_read: bool = False
    ) -> None:
        """Open or make it; `warning` says whether a damaged file was set aside. `to_read`: only to look, writing nothing.

        Raises:
            OSError: the folder cannot be made or written.
            sqlite3.DatabaseError: locked for too long or not to be opened; `to_read` also damaged or of another schema.
        """
        self.folder = folder
        self.path = folder / name
        self.lock = threading.RLock()
        opened = schema.open_to_read(folder, name) if to_read else schema.open_file(folder, name, full_text=full_text)
        self.connection, self.full_text, self.warning = opened
        self.inode, self._version = schema.inode(self.path), -1

    def close(self) -> None:
        """Close the file; the log is folded in where nobody else has it open."""
        with self.lock:
            self.connection.close()

    # ---------------------------------------------------------------- people

    def person_of(self, known_as: str) -> int:
        """Return the person with a stable name, 0 if there is none."""
        with self.lock:
            row = self.connection.execute(
                "SELECT person FROM names WHERE kind = 'identity' AND name = ?", (known_as,)
            ).fetchone()
        return 0 if row is None else int(row[0])

    def people_called(self, spoken: str) -> list[int]:
        """Return everybody who has given this name in words; there may be several."""
        with self.lock:
            rows = self.connection.execute("SELECT person, name FROM names WHERE kind = 'spoken'").fetchall()
        return sorted({int(person) for person, name in rows if name.casefold() == spoken.casefold()})

    def entered_by(self, origin: str) -> int:
        """Return the person whom a consent entered, 0 if there is none (any more)."""
        with self.lock:
            row = self.connection.execute("SELECT id FROM people WHERE origin = ?", (origin,)).fetchone()
        return 0 if row is None else int(row[0])

    def begin_person(self, origin: str, at_s: float, how: str, *, known_as: str = "", spoken: str = "") -> int:
        """Enter somebody who has consented; return their number, the old one where `known_as` or this consent is known already."""
        db = self.connection
        with self.lock, transaction(db):
            if person := (self.person_of(known_as) if known_as else 0) or self.entered_by(origin):
                return person
            person = int(
                db.execute(
                    "INSERT INTO people(created_s, last_s, origin) VALUES (?, ?, ?)", (at_s, at_s, origin)
                ).lastrowid
                or 0
            )
            db.execute("INSERT INTO consents(person, state, at_s, how) VALUES (?, 'given', ?, ?)", (person, at_s, how))
            self._name(person, "identity", known_as, at_s)
            self._name(person, "spoken", spoken, at_s)
        return person

    def name_person(self, person: int, kind: str, name: str, at_s: float) -> None:
        """Give a person one more name; of kind `identity` it must not belong to anybody else (sqlite3.IntegrityError)."""
        with self.lock, transaction(self.connection):
            self.require(person)
            self._name(person, kind, name, at_s)

    def merge(self, other: int, into: int, at_s: float, how: str) -> None:
        """Make one person of two, on somebody's word that they are the same; it is written down with the consents."""
        with self.lock, transaction(self.connection):
            self.require(other)
            self.require(into)
            for table in ("entries", "episodes", "facts", "promises", "consents"):
                self.connection.execute(f"UPDATE OR IGNORE {table} SET person = ? WHERE person = ?", (into, other))
            self.connection.execute("UPDATE OR IGNORE names SET person = ? WHERE person = ?", (into, other))
            self.connection.execute(
                "UPDATE people SET encounters = encounters + (SELECT encounters FROM people WHERE id = ?) WHERE id = ?",
                (other, into),
            )
            self.connection.execute("DELETE FROM people WHERE id = ?", (other,))
            self.connection.execute(
                "INSERT INTO consents(person, state, at_s, how) VALUES (?, 'linked', ?, ?)",
                (into, at_s, f"person {other} is the same: {how}"),
            )

    def people(self) -> list[PersonRow]:
        """Return everybody who is remembered."""
        with self.lock:
            numbers = self.connection.execute("SELECT id FROM people ORDER BY id").fetchall()
            return [row for (number,) in numbers if (row := self.row_of(number)) is not None]

    def row_of(self, person: int) -> PersonRow | None:
        """Return one person, None where nobody (any more) has this number."""
        with self.lock:
            row = self.connection.execute(
                "SELECT created_s, last_s, encounters,"
                " (SELECT count(*) FROM entries e WHERE e.person = p.id AND kind != 'fact'),"
                " (SELECT count(*) FROM entries e WHERE e.person = p.id AND kind = 'fact' AND active),"
                " (SELECT count(*) FROM promises q WHERE q.person = p.id AND state = 'open') FROM people p WHERE id = ?",
                (person,),
            ).fetchone()
            names = self.connection.execute(
                "SELECT kind, name FROM names WHERE person = ? ORDER BY since_s, name", (person,)
            ).fetchall()
        if row is None:
            return None
        identities = tuple(name for kind, name in names if kind == "identity")
        return PersonRow(person, identities, tuple(name for kind, name in names if kind == "spoken"), *row)

    def require(self, person: int) -> None:
        """Raise `Forgotten` where nobody (any more) has this number."""
        if self.connection.execute("SELECT 1 FROM people WHERE id = ?", (person,)).fetchone() is None:
            raise Forgotten(f"person {person}")

    def _name(self, person: int, kind: str, name: str, at_s: float) -> None:
        if name:
            held = self.connection.execute(
                "SELECT 1 FROM names WHERE person = ? AND kind = ? AND name = ?", (person, kind, name)
            ).fetchone()
            if held is None:
                self.connection.execute("INSERT INTO names VALUES (?, ?, ?, ?)", (person, kind, name, at_s))

    # ---------------------------------------------------------------- what is remembered of them

    def learn(self, person: int, fact: Fact, at_s: float) -> int:
        """Remember a fact said at a time; return its entry, 0 where it only ended another or was known.

        A newer value of an attribute that has one at a time supersedes the older; one that says the opposite, or that it is not so any
        more, ends it. What arrives late (a saying older than what is known) is kept as superseded.
        """
        db = self.connection
        with self.lock, transaction(db):
            self.require(person)
            rows = db.execute(
                "SELECT entry, attribute, value, at_s, confidence, active FROM facts JOIN entries ON id = entry"
                " WHERE facts.person = ? AND subject = ? ORDER BY entry",
                (person, fact.subject),
            ).fetchall()
            same = [r for r in rows if r[1] == fact.attribute and r[2].casefold() == fact.value.casefold()]
            if fact.retracts:
                for row in same:
                    if row[3] <= at_s:
                        self._end(row[0], None)
                return 0
            if any(row[3] == at_s for row in same):
                return 0  # this very saying is known
            known = next((row for row in same if row[5]), None)
            if known is not None:
                db.execute("UPDATE entries SET at_s = max(at_s, ?) WHERE id = ?", (at_s, known[0]))
                db.execute(
                    "UPDATE facts SET confidence = max(confidence, ?) WHERE entry = ?", (fact.confidence, known[0])
                )
                if fact.attribute == "name" and fact.subject == "self":
                    self._name(person, "spoken", fact.value, at_s)
                return 0
            opposite = OPPOSITES.get(fact.attribute)
            rivals = [
                r for r in rows
                if r[5] and ((fact.single and r[1] == fact.attribute)
                             or (opposite is not None and r[1] == opposite and r[2].casefold() == fact.value.casefold()))
            ]  # fmt: skip
            late = any(row[3] > at_s or fact.confidence < _CONFIDENT * row[4] for row in rivals)
            entry = self._add(person, "fact", fact.text, at_s, fact.importance, active=not late)
            db.execute(
                "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (entry, person, fact.subject, fact.attribute, fact.value, fact.source, fact.confidence,
                 rivals[-1][0] if late else None),
            )  # fmt: skip
            if not late:
                for row in rivals:
                    self._end(row[0], entry)
                if fact.attribute == "name" and fact.subject == "self":
                    self._name(person, "spoken", fact.value, at_s)
        return entry

    def write_episode(self, episode: Episode) -> int:
        """Write or rewrite the episode of an encounter; return its entry. Only a closed one is found by its words."""
        db = self.connection
        text = episode.text[:EPISODE_CHARS]
        with self.lock, transaction(db):
            self.require(episode.person)
            row = db.execute(
                "SELECT entry, closed FROM episodes WHERE episodes.person = ? AND session = ? AND began_ns = ?",
                (episode.person, episode.session, episode.began_ns),
            ).fetchone()
            if row is None:
                entry = self._add(
                    episode.person, "episode", text, episode.ended_s, episode.importance, indexed=episode.closed
                )
                db.execute(
                    "INSERT INTO episodes(entry, person, session, began_ns, started_s, ended_s, valence, closed)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (entry, episode.person, episode.session, episode.began_ns, episode.started_s, episode.ended_s,
                     episode.valence, episode.closed),
                )  # fmt: skip
                db.execute("UPDATE people SET encounters = encounters + 1 WHERE id = ?", (episode.person,))
            else:
                entry = int(row[0])
                if row[1]:
                    self._unindex(entry)
                db.execute(
                    "UPDATE entries SET text = ?, at_s = ?, importance = ?, embedded = '' WHERE id = ?",
                    (text, episode.ended_s, episode.importance, entry),
                )
                db.execute(
                    "UPDATE episodes SET ended_s = ?, valence = ?, closed = ? WHERE entry = ?",
                    (episode.ended_s, episode.valence, episode.closed, entry),
                )
                db.execute("DELETE FROM vectors WHERE entry = ?", (entry,))
                if episode.closed:
                    self._index(entry, text)
            db.execute("UPDATE people SET last_s = max(last_s, ?) WHERE id = ?", (episode.ended_s, episode.person))
        return entry

    def close_episodes(self, but_session: int) -> int:
        """Close what earlier sessions, which a kill ended, have left open; return how many."""
        db = self.connection
        with self.lock, transaction(db):
            rows = db.execute(
                "SELECT entry, text FROM episodes JOIN entries ON id = entry WHERE closed = 0 AND session != ?",
                (but_session,),
            ).fetchall()
            for entry, text in rows:
                db.execute("UPDATE episodes SET closed = 1 WHERE entry = ?", (entry,))
                self._index(entry, text)
        return len(rows)

    def drop(self, entries: list[int]) -> None:
        """Let single memories go, inside a transaction of the caller."""
        for entry in entries:
            row = self.connection.execute(
                "SELECT active, closed FROM entries LEFT JOIN episodes ON entry = id WHERE id = ?", (entry,)
            ).fetchone()
            if row is not None:
                if row[0] and row[1] != 0:
                    self._unindex(entry)
                self.connection.execute("DELETE FROM entries WHERE id = ?", (entry,))

    def hold_again(self, entry: int, text: str) -> None:
        """Let a superseded fact hold again, inside a transaction of the caller."""
        self.connection.execute("UPDATE entries SET active = 1 WHERE id = ? AND NOT active", (entry,))
        self.connection.execute("UPDATE facts SET superseded_by = NULL WHERE entry = ?", (entry,))
        self._index(entry, text)

    def add_summary(self, person: int, text: str, started_s: float, ended_s: float, valence: float, importance: float,
                    encounters: int, key: int) -> int:  # fmt: skip
        """Add a summary of several episodes, inside a transaction of the caller."""
        entry = self._add(person, "summary", text[:EPISODE_CHARS], ended_s, importance)
        self.connection.execute(
            "INSERT INTO episodes VALUES (?, ?, 0, ?, ?, ?, ?, 1, ?)",
            (entry, person, key, started_s, ended_s, valence, encounters),
        )
        return entry

    def size_bytes(self) -> int:
        """Return how much of the file is in use."""
        with self.lock:
            pages, free, size = (
                self.connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
        return int((pages - free) * size)

    def _add(self, person: int, kind: str, text: str, at_s: float, importance: float, *, active: bool = True,
             indexed: bool = True) -> int:  # fmt: skip
        entry = int(
            self.connection.execute(
                "INSERT INTO entries(person, kind, text, at_s, importance, active) VALUES (?, ?, ?, ?, ?, ?)",
                (person, kind, text, at_s, min(1.0, max(0.0, importance)), active),
            ).lastrowid
            or 0
        )
        if active and indexed:
            self._index(entry, text)
        return entry

    def _end(self, entry: int, by: int | None) -> None:
        """Mark a fact as holding no more."""
        row = self.connection.execute("SELECT active FROM entries WHERE id = ?", (entry,)).fetchone()
        if row is not None and row[0]:
            self._unindex(entry)
            self.connection.execute("UPDATE entries SET active = 0 WHERE id = ?", (entry,))
            self.connection.execute("UPDATE facts SET superseded_by = ? WHERE entry = ?", (by, entry))

    def _index(self, entry: int, text: str) -> None:
        if self.full_text:
            self.connection.execute("INSERT INTO words(rowid, text) VALUES (?, ?)", (entry, text))

    def _unindex(self, entry: int) -> None:
        if self.full_text:  # before the entry changes: what is taken out must be what was put in, to the byte
            taken = "INSERT INTO words(words, rowid, text) SELECT 'delete', id, text FROM entries WHERE id = ?"
            self.connection.execute(taken, (entry,))

    # ---------------------------------------------------------------- sessions and what others have deleted

    def begin_session(self, state_dir: Path, at_s: float) -> int:
        """Enter a session, so that a deletion from outside can find its files; return its number."""
        with self.lock, transaction(self.connection):
            newest = self.connection.execute("SELECT coalesce(max(id), 0) FROM tombstones").fetchone()[0]
            return int(
                self.connection.execute(
                    "INSERT INTO sessions(started_s, state_dir, tombstone) VALUES (?, ?, ?)",
                    (at_s, str(state_dir), newest),
                ).lastrowid
                or 0
            )

    def end_session(self, session: int) -> None:
        """Take a session out that has ended in order."""
        with self.lock, transaction(self.connection):
            self.connection.execute("DELETE FROM sessions WHERE id = ?", (session,))

    def changed_outside(self) -> bool:
        """Whether another process has written since the last call; costs microseconds."""
        with self.lock:
            version = int(self.connection.execute("PRAGMA data_version").fetchone()[0])
        changed, self._version = version != self._version, version
        return changed

    def forgotten_since(self, tombstone: int) -> tuple[list[int], int]:
        """Return the people who were deleted after a tombstone, and the newest one."""
        with self.lock:
            rows = self.connection.execute(
                "SELECT person, id FROM tombstones WHERE id > ? ORDER BY id", (tombstone,)
            ).fetchall()
        return [int(person) for person, _ in rows], int(rows[-1][1]) if rows else tombstone

    def acknowledge(self, session: int, tombstone: int) -> None:
        """Note that a session has taken out of its own memory what was deleted."""
        with self.lock, transaction(self.connection):
            self.connection.execute(
                "UPDATE sessions SET tombstone = max(tombstone, ?) WHERE id = ?", (tombstone, session)
            )
