"""An open memory in a folder of the test, and people to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cognitive.memory.facts import facts_in
from cognitive.memory.long_term import Episode, LongTermMemory

T0 = 1_750_000_000.0
DAY_S = 86_400.0


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[LongTermMemory]:
    memory = LongTermMemory(tmp_path / "memory")
    memory.connection.execute("PRAGMA synchronous = OFF")  # tests of this object need not wait for the disk
    yield memory
    memory.close()


def somebody(memory: LongTermMemory, name: str = "Anna", known_as: str = "", at_s: float = T0) -> int:
    return memory.begin_person(f"1/{name}/{known_as}/{at_s}", at_s, "words", known_as=known_as, spoken=name)


def tell(memory: LongTermMemory, person: int, text: str, at_s: float = T0) -> None:
    for fact in facts_in(text):
        memory.learn(person, fact, at_s)


def met(memory: LongTermMemory, person: int, text: str, at_s: float = T0, *, importance: float = 0.5, session: int = 1,
        began_ns: int | None = None, closed: bool = True, valence: float = 0.0) -> int:  # fmt: skip
    began = round((at_s - T0) * 1e9) if began_ns is None else began_ns
    return memory.write_episode(
        Episode(person, session, began, text, at_s, at_s + 60.0, valence, importance, closed=closed)
    )


def facts_of(memory: LongTermMemory, person: int) -> list[tuple[str, str, str]]:
    rows = memory.connection.execute(
        "SELECT subject, attribute, value FROM facts JOIN entries ON id = entry WHERE facts.person = ? AND active ORDER BY id",
        (person,),
    )
    return [(str(subject), str(attribute), str(value)) for subject, attribute, value in rows]


def content_in(folder: Path, *words: str) -> list[str]:
    """Return which files below a folder hold any of the words, in any case."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes().lower()
        found += [f"{path.name}: {word}" for word in words if word.lower().encode() in content]
    return found
