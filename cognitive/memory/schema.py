"""The file of the long-term memory: its tables, and how it is opened, checked and, where it is damaged, set aside.

SQLite by the standard library: write-ahead log, `secure_delete`, foreign keys, full synchronisation, mode 0600 (its `-wal` and `-shm`
too). Times are Unix seconds (UTC), text is Unicode, vectors are float32 little-endian. Where SQLite has FTS5, `words` indexes the
entries; where it has not, retrieval ranks by itself and the index is marked stale, to be made anew by an SQLite that has it.
Blocking: call it in an offload thread.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from cognitive.memory.soundness import Damaged, check, check_pages

MEMORY_SCHEMA = 2
FILE_NAME = "attune-memory.db"
BUSY_S = 2.0
"""How long a call waits for another process's transaction before it fails with `database is locked`."""
WAL_BYTES = 1 << 20
DAMAGED_MAX = 8
SIDE_FILES = ("", "-wal", "-shm")
_NOT_THE_CONTENT = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_NOLFS,
        sqlite3.SQLITE_PROTOCOL,
    )
)
"""Errors of SQLite that come from outside the file: time heals them, or a person."""

_PROMISES = """CREATE TABLE promises(
    id TEXT PRIMARY KEY, person INTEGER REFERENCES people(id) ON DELETE CASCADE, track TEXT NOT NULL, text TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '', made_s REAL NOT NULL, due_s REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'kept', 'dropped', 'missed')), closed_s REAL, evidence TEXT NOT NULL);
CREATE INDEX promises_open ON promises(due_s) WHERE state = 'open';
CREATE INDEX promises_person ON promises(person);"""
TABLES = f"""
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE people(
    id INTEGER PRIMARY KEY AUTOINCREMENT, created_s REAL NOT NULL, last_s REAL NOT NULL, encounters INTEGER NOT NULL DEFAULT 0,
    origin TEXT UNIQUE);
CREATE TABLE names(
    person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE, kind TEXT NOT NULL CHECK (kind IN ('identity', 'spoken')),
    name TEXT NOT NULL, since_s REAL NOT NULL, PRIMARY KEY (person, kind, name)) WITHOUT ROWID;
CREATE UNIQUE INDEX names_identity ON names(name) WHERE kind = 'identity';
CREATE TABLE consents(
    id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('given', 'linked')), at_s REAL NOT NULL, how TEXT NOT NULL);
CREATE TABLE entries(
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('episode', 'summary', 'fact')), text TEXT NOT NULL, at_s REAL NOT NULL,
    importance REAL NOT NULL, active INTEGER NOT NULL DEFAULT 1, embedded TEXT NOT NULL DEFAULT '');
CREATE INDEX entries_person ON entries(person, kind, at_s);
CREATE TABLE episodes(
    entry INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE, session INTEGER NOT NULL, began_ns INTEGER NOT NULL,
    started_s REAL NOT NULL, ended_s REAL NOT NULL, valence REAL NOT NULL, closed INTEGER NOT NULL, encounters INTEGER NOT NULL DEFAULT 1,
    UNIQUE (person, session, began_ns));
CREATE TABLE facts(
    entry INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE, subject TEXT NOT NULL, attribute TEXT NOT NULL, value TEXT NOT NULL,
    source TEXT NOT NULL, confidence REAL NOT NULL, superseded_by INTEGER);
CREATE INDEX facts_person ON facts(person, subject, attribute);
CREATE TABLE vectors(
    entry INTEGER PRIMARY KEY REFERENCES entries(id) ON DELETE CASCADE, model TEXT NOT NULL, vector BLOB NOT NULL);
{_PROMISES}
CREATE INDEX consents_person ON consents(person);
CREATE TABLE sessions(
    id INTEGER PRIMARY KEY AUTOINCREMENT, started_s REAL NOT NULL, state_dir TEXT NOT NULL, tombstone INTEGER NOT NULL);
CREATE TABLE tombstones(id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL, at_s REAL NOT NULL);
"""
_STEPS = {
    1: f"""
ALTER TABLE promises RENAME TO old_promises;
DROP INDEX promises_open;
DROP INDEX promises_person;
{_PROMISES}
INSERT INTO promises(id, person, track, text, about, made_s, due_s, state, closed_s, evidence)
    SELECT id, person, track, text, text, made_s, due_s, state, closed_s, evidence FROM old_promises;
DROP TABLE old_promises;
""",
}
"""By schema version, what makes the next one of it; all of a step or nothing of it."""
_INDEX = (
    "CREATE VIRTUAL TABLE words USING "
    "fts5(text, content='entries', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')"
)


def open_file(
    folder: Path, name: str = FILE_NAME, *, full_text: bool | None = None
) -> tuple[sqlite3.Connection, bool, str]:
    """Open the memory of a folder, made if need be.

    Args:
        folder: created with mode 0700 where it is missing.
        name: of the file.
        full_text: whether to use FTS5; None where SQLite has it.

    Returns:
        the connection (autocommit; usable from any thread, by one at a time), whether the index `words` is usable, and a warning that
        names both files where a damaged one was set aside.

    Raises:
        OSError: the folder cannot be made or written.
        sqlite3.OperationalError: another process holds the file for longer than `BUSY_S`, or it cannot be opened.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    warning = ""
    while True:
        opened = _touch(path)
        try:
            return *_opened(path, full_text), warning
        except Exception as error:
            if warning or not is_damage_at_opening(error):
                raise
            if inode(path) == opened:  # otherwise another process has found it first and set it aside
                warning = set_aside(path, str(error) if isinstance(error, Damaged) else "it is damaged")


def open_to_read(folder: Path, name: str = FILE_NAME) -> tuple[sqlite3.Connection, bool, str]:
    """Open the memory of a folder for reading alone: nothing is made, mended, set aside or written, whatever the file is like.

    Returns what `open_file` does: without the index, and without a warning.

    Raises:
        sqlite3.DatabaseError: it is damaged (`is_damage`) or of another schema (`OtherSchema`).
        sqlite3.OperationalError: it is not there, or cannot be opened.
    """
    path = (folder / name).absolute()
    # Where nobody has it open there is no log, and SQLite would leave a fresh one behind even of a mere reader.
    how = "mode=ro" if path.with_name(f"{name}-wal").exists() else "mode=ro&immutable=1"
    connection = sqlite3.connect(
        f"{path.as_uri()}?{how}", uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        connection.text_factory = _text
        connection.execute("PRAGMA query_only = ON")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != MEMORY_SCHEMA:
            raise OtherSchema(f"its schema is {version}, not {MEMORY_SCHEMA}")
        check(connection, TABLES)
    except Exception as error:
        connection.close()
        if is_damage(error) or isinstance(error, OtherSchema) or not is_damage_at_opening(error):
            raise
        raise Damaged("it is damaged") from error
    return connection, False, ""


class OtherSchema(sqlite3.DatabaseError):
    """The file was made by another version."""


def is_damage(error: Exception) -> bool:
    """Whether an error means that the file's content is broken, as opposed to locked, full or not to be opened."""
    return isinstance(error, Damaged) or _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_damage_at_opening(error: Exception) -> bool:
    """Whether a file that cannot be opened is broken: whatever our own statements do not raise on a file that we have made."""
    if isinstance(error, sqlite3.Error):
        # Plain READONLY is said by the file's header: the file itself could be opened for writing.
        by_header = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY
        return is_damage(error) or by_header or _code(error) not in _NOT_THE_CONTENT
    return not isinstance(error, OSError | MemoryError)


def has_full_text(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite was built with FTS5."""
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.probe USING fts5(text)")
        connection.execute("DROP TABLE temp.probe")
    except sqlite3.OperationalError:
        return False
    return True


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # a full disk has rolled back by itself
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def set_aside(path: Path, why: str) -> str:
    """Rename a file that cannot be used, with what lies beside it; return the warning."""
    free = [path.with_name(f"{path.name}.damaged-{n}") for n in range(1, DAMAGED_MAX + 1)]
    aside = next((candidate for candidate in free if not candidate.exists()), free[-1])
    for side in SIDE_FILES:
        part = path.with_name(path.name + side)
        if part.exists():
            os.replace(part, aside.with_name(aside.name + side))
    return f"{path} cannot be used: {why}; kept as {aside.name}; starting with an empty long-term memory"


def _touch(path: Path) -> int:
    """Make the file where it is missing, for its owner alone; return its inode."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        return os.fstat(descriptor).st_ino
    finally:
        os.close(descriptor)


def inode(path: Path) -> int:
    """Return the inode of what lies there now, 0 where nothing does."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


def _opened(path: Path, full_text: bool | None) -> tuple[sqlite3.Connection, bool]:
    """Open the file, checked, with its tables and its index; nothing stays open where that fails."""
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        connection.text_factory = _text
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")  # what VACUUM moves about never lies in a temporary file
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_BYTES // 4096}")
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            with transaction(connection):
                if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
                    _execute(connection, TABLES)
                    connection.execute(f"PRAGMA user_version = {MEMORY_SCHEMA}")
        _bring_up_to_date(connection)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != MEMORY_SCHEMA:
            raise Damaged(f"its schema is {version}, not {MEMORY_SCHEMA}")
        check(connection, TABLES)
        usable = has_full_text(connection) if full_text is None else full_text
        _prepare_index(connection, usable)
    except BaseException:
        connection.close()
        raise
    return connection, usable


def _text(raw: bytes) -> str:
    """Read text; a sign that a fault of the disk has broken costs that sign, not the memory."""
    return raw.decode("utf-8", "replace")


def _code(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make a file of an older schema one of this; a kill in the middle leaves the older one whole."""
    while (version := connection.execute("PRAGMA user_version").fetchone()[0]) in _STEPS:
        check_pages(connection)
        with transaction(connection):
            if connection.execute("PRAGMA user_version").fetchone()[0] == version:  # unless another process was quicker
                _execute(connection, _STEPS[version])
                connection.execute(f"PRAGMA user_version = {version + 1}")


def _execute(connection: sqlite3.Connection, script: str) -> None:
    for statement in filter(str.strip, script.split(";")):
        connection.execute(statement)


def _prepare_index(connection: sqlite3.Connection, usable: bool) -> None:
    """Make the index where it is missing or stale; mark it stale where it cannot be kept."""
    exists = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone() is not None
    stale = connection.execute("SELECT 1 FROM meta WHERE key = 'index_stale'").fetchone() is not None
    if not usable:
        if exists and not stale:
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('index_stale', '1')")
        return
    if exists and not stale and _index_is_sound(connection):
        return
    with transaction(connection):
        if exists:
            connection.execute("DROP TABLE words")
        connection.execute(_INDEX)
        index_all(connection)
        connection.execute("DELETE FROM meta WHERE key = 'index_stale'")


def _index_is_sound(connection: sqlite3.Connection) -> bool:
    """Whether the index can be read; one that cannot is made anew, it holds nothing of its own."""
    if connection.execute("SELECT sql FROM sqlite_master WHERE name = 'words'").fetchone() != (_INDEX,):
        return False
    try:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("INSERT INTO words(words) VALUES ('integrity-check')")
    except sqlite3.Error as error:
        return _code(error) in _NOT_THE_CONTENT  # somebody is writing: they have looked
    finally:
        connection.execute(f"PRAGMA busy_timeout = {round(BUSY_S * 1e3)}")
    return True


def empty_index(connection: sqlite3.Connection) -> None:
    """Empty the index where this SQLite lacks FTS5: its tables are ordinary ones. It is made anew by an SQLite that has FTS5.

    Two records of `words_data` must stay for the index to open at all: 1, the totals, and 10, the structure; these are their values in
    an empty index (SQLite's documentation of FTS5, "The %_data table").
    """
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'words_data'").fetchone() is None:
        return
    for statement in (
        "DELETE FROM words_data WHERE id NOT IN (1, 10)",
        "UPDATE words_data SET block = CASE id WHEN 1 THEN x'' ELSE zeroblob(7) END",
        "DELETE FROM words_idx",
        "DELETE FROM words_docsize",
    ):
        connection.execute(statement)


def index_all(connection: sqlite3.Connection) -> None:
    """Make the index anew from what is to be found: facts that hold, episodes that are over, summaries. Nothing else stays in it."""
    connection.execute("INSERT INTO words(words) VALUES ('rebuild')")
    connection.execute(
        "INSERT INTO words(words, rowid, text) SELECT 'delete', e.id, e.text FROM entries e LEFT JOIN episodes p ON p.entry = e.id"
        " WHERE e.active = 0 OR p.closed = 0"
    )
