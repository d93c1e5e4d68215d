"""Whether a memory file is as this program has made it: pages, schema, references, and that every value is one that could be written.

SQLite's own check knows pages and indexes. It does not know that a time is one of which a date can be made, that the text of a table's
definition is ours, or that a number is no rowid which leaves no room for the next one. Without all of these a file opens well and fails
later, in the middle of a session or for good (`database or disk is full`). The search index is not looked at here: it can be made
anew (`cognitive.memory.schema`). Text that is no UTF-8 is no damage: it reads with replacement signs.
Blocking: 0.1 s for 30 MB on one core; call it in an offload thread.
"""

from __future__ import annotations

import functools
import sqlite3

import msgspec

TIME_MAX = 10**15
"""Unix seconds (in some thirty million years) of which a date can still be made, by `time.gmtime`; no other measure comes near it."""
INTEGER_MAX = 1 << 62
"""No number is larger (nanoseconds of 146 years), and a rowid beyond it would leave no room for the next."""
_STORED = {"INTEGER": "integer", "REAL": "real", "TEXT": "text", "BLOB": "blob"}


class Damaged(sqlite3.DatabaseError):
    """The file's content is not what was written; the message says what is wrong, without any content."""


def check(connection: sqlite3.Connection, tables: str) -> None:
    """Look at all of an open file.

    Args:
        connection: to it; its text factory must not fail on text that is no UTF-8.
        tables: statements that make the tables it must have.

    Raises:
        Damaged: with what was found first.
        sqlite3.Error: it is locked, cannot be read, or so damaged that it cannot even be looked at.
    """
    definitions, questions = _expected(tables)
    check_pages(connection)
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master").fetchall())
    for name, sql in definitions.items():
        if found.get(name) != sql:
            raise Damaged("the definitions of its tables are damaged")
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise Damaged("it has entries of nobody")
    for question in questions:
        if connection.execute(question).fetchone() is not None:
            raise Damaged("it has values that nobody can have written")
    for (evidence,) in connection.execute("SELECT evidence FROM promises"):
        try:
            msgspec.json.decode(evidence, type=list[str])
        except msgspec.DecodeError:
            raise Damaged("it has values that nobody can have written") from None


def check_pages(connection: sqlite3.Connection) -> None:
    """Let SQLite look at its pages and indexes; raises as `check` does."""
    if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise Damaged("it is damaged")


@functools.cache
def _expected(tables: str) -> tuple[dict[str, str], list[str]]:
    """Return the definition of each table and index by name, and questions that find a value of the wrong kind."""
    model = sqlite3.connect(":memory:")
    try:
        model.executescript(tables)
        made = model.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        questions = []
        for table in [name for kind, name, _ in made if kind == "table"]:
            columns = model.execute(f"PRAGMA table_info({table})").fetchall()
            wrong = " OR ".join(_wrong(name, kind, bool(required)) for _, name, kind, required, _, _ in columns if kind)
            if wrong:
                questions.append(f"SELECT 1 FROM {table} WHERE {wrong} LIMIT 1")
        questions.append(f"SELECT 1 FROM sqlite_sequence WHERE {_wrong('seq', 'INTEGER', True)} LIMIT 1")
        return {name: sql for _, name, sql in made}, questions
    finally:
        model.close()


def _wrong(column: str, kind: str, required: bool) -> str:
    """Return the condition under which a column holds what it cannot hold."""
    stored = f"'{_STORED[kind]}'" if required else f"'{_STORED[kind]}', 'null'"
    wrong = f"typeof({column}) NOT IN ({stored})"
    if kind in ("REAL", "INTEGER"):
        most = TIME_MAX if kind == "REAL" else INTEGER_MAX
        wrong += f" OR {column} NOT BETWEEN -{most} AND {most}"
    return wrong
