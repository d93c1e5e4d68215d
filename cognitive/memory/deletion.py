"""Forgetting for good: nothing that was said by or about a person stays in any file of the memory, nor in a running session.

`forget` deletes the person's rows, leaves a tombstone (a number without content, by which running sessions learn of it), and `purge` makes
the files hold nothing of them: index made anew, file rewritten (VACUUM), log cut to zero, copies of damaged files overwritten and
removed. What a file system or an SSD keeps of overwritten blocks is beyond any program: use an encrypted disk where that matters.
Blocking: call it in an offload thread. A purge that another process holds up is marked and done later (`purge_pending`).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cognitive.memory import schema, store
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.promises import SESSION_FILE, Promises
from cognitive.memory.schema import transaction
from cognitive.memory.session_forgetting import forget_in_session

LOCK_FILE = "memory.lock"
"""Held by a room as long as it uses its state folder."""
LOCK_WAIT_S = 5.0


def forget(memory: LongTermMemory, person: int, at_s: float) -> int:
    """Delete a person and all that is known of them; return the tombstone, 0 where there was nobody.

    Raises:
        sqlite3.Error: nothing was deleted (locked, damaged). Once deleted, a purge that fails is only marked as pending.
    """
    with memory.lock:
        with transaction(memory.connection):
            if memory.connection.execute("DELETE FROM people WHERE id = ?", (person,)).rowcount == 0:
                return 0
            tombstone = int(
                memory.connection.execute(
                    "INSERT INTO tombstones(person, at_s) VALUES (?, ?)", (person, at_s)
                ).lastrowid
                or 0
            )
            memory.connection.execute("INSERT OR REPLACE INTO meta VALUES ('purge_pending', '1')")
        with contextlib.suppress(sqlite3.OperationalError):
            purge(memory)
    return tombstone


def unlearn(memory: LongTermMemory, person: int, since_s: float) -> int:
    """Delete the facts (and names) that a person has told since a time; what they superseded holds again. Return how many."""
    db = memory.connection
    with memory.lock:
        with transaction(db):
            rows = db.execute(
                "SELECT entry FROM facts JOIN entries ON id = entry WHERE facts.person = ? AND at_s >= ?",
                (person, since_s),
            ).fetchall()
            for (entry,) in rows:
                restored = db.execute(
                    "SELECT entry, text FROM facts JOIN entries ON id = entry WHERE superseded_by = ?", (entry,)
                )
                for old, text in restored.fetchall():
                    memory.hold_again(old, text)
                memory.drop([entry])
            db.execute("DELETE FROM names WHERE person = ? AND kind = 'spoken' AND since_s >= ?", (person, since_s))
            db.execute("INSERT OR REPLACE INTO meta VALUES ('purge_pending', '1')")
        with contextlib.suppress(sqlite3.OperationalError):
            purge(memory)
    return len(rows)


def purge(memory: LongTermMemory) -> bool:
    """Make the files hold nothing that was deleted; return whether it is done."""
    db = memory.connection
    with memory.lock:
        with transaction(db):
            if memory.full_text:
                schema.index_all(db)
            else:
                schema.empty_index(db)
        db.execute("VACUUM")
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        for aside in memory.folder.glob(f"{memory.path.name}.damaged-*"):
            wipe(aside)
        if busy:
            return False
        with transaction(db):
            db.execute("DELETE FROM meta WHERE key = 'purge_pending'")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True


def purge_pending(memory: LongTermMemory) -> bool:
    """Whether a deletion still has to be made good on the disk."""
    with memory.lock:
        return memory.connection.execute("SELECT 1 FROM meta WHERE key = 'purge_pending'").fetchone() is not None


def wipe(path: Path) -> None:
    """Overwrite a file with zeros and remove it; harmless if it is gone."""
    with contextlib.suppress(FileNotFoundError):
        with open(path, "r+b", buffering=0) as file:
            left = os.fstat(file.fileno()).st_size
            while left > 0:
                left -= file.write(bytes(min(left, 1 << 20)))
            os.fsync(file.fileno())
        path.unlink()


def wipe_damaged(state_dir: Path) -> None:
    """Remove a session's damaged files, which nobody can read but which hold what was said."""
    for name in (store.FILE_NAME, SESSION_FILE):
        for aside in state_dir.glob(f"{name}.damaged-*"):
            wipe(aside)


@contextlib.contextmanager
def folder_lock(state_dir: Path, wait_s: float) -> Iterator[bool]:
    """Hold a session's folder; yields False where a running room holds it for longer than `wait_s`."""
    descriptor = take_folder(state_dir, wait_s)
    try:
        yield descriptor >= 0
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def take_folder(state_dir: Path, wait_s: float = LOCK_WAIT_S) -> int:
    """Return a descriptor that holds a session's folder until it is closed (or the process ends), -1 where somebody else has it."""
    try:
        descriptor = os.open(state_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return -1
    deadline_s = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except OSError:
            if time.monotonic() >= deadline_s:
                os.close(descriptor)
                return -1
            time.sleep(0.02)


def reach_sessions(
    memory: LongTermMemory, person: int, tombstone: int, wait_s: float, sleep: Callable[[float], None] = time.sleep
) -> list[Path]:
    """See to it that every session has forgotten the person too, and return the folders of those that have not.

    A running room does it by itself within a cycle; of a session that a kill has left the files are rewritten here.
    """
    deadline_s = time.monotonic() + wait_s
    while True:
        waiting = []
        with memory.lock:
            rows = memory.connection.execute("SELECT id, state_dir, tombstone FROM sessions").fetchall()
        for session, folder, seen in rows:
            state_dir = Path(folder)
            if not state_dir.is_dir():
                memory.end_session(session)  # its folder went with it
            elif seen < tombstone and not _scrub_left(memory, session, state_dir, person, tombstone):
                waiting.append(state_dir)
        if not waiting or time.monotonic() >= deadline_s:
            return waiting
        sleep(0.05)


def _scrub_left(memory: LongTermMemory, session: int, state_dir: Path, person: int, tombstone: int) -> bool:
    """Take a person out of the files of a session that nobody runs; False where somebody does."""
    with folder_lock(state_dir, 0.0) as held:
        if not held:
            return False
        saved, _ = store.load(state_dir)
        tracks = [track for track, link in saved.remembering.links.items() if link.person == person]
        promises = LongTermMemory(state_dir, SESSION_FILE) if (state_dir / SESSION_FILE).exists() else None
        for track in tracks:
            forget_in_session(saved, track)
            del saved.remembering.links[track]
            if promises is not None:
                Promises(promises).forget_track(track)
        if promises is not None:
            promises.close()
        if tracks:
            saved.remembering.tombstone = tombstone
            store.write(state_dir, store.encode(saved))
        wipe((state_dir / store.FILE_NAME).with_suffix(".new"))  # what a kill has left half-written
        wipe_damaged(state_dir)
        memory.acknowledge(session, tombstone)
    return True
