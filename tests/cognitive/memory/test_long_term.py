"""What the file keeps: facts that supersede each other, episodes once each, and only of people who have agreed."""

from __future__ import annotations

import sqlite3

import pytest

from cognitive.memory import schema
from cognitive.memory.facts import Fact, facts_in
from cognitive.memory.long_term import Forgotten, LongTermMemory
from cognitive.memory.promises import SESSION_FILE, Promises
from tests.cognitive.memory.conftest import T0, facts_of, met, somebody, tell


def test_a_newer_home_supersedes_the_older_and_the_older_is_kept_as_such(memory):
    anna = somebody(memory)
    tell(memory, anna, "I live in Berlin", T0)
    tell(memory, anna, "I moved to Hamburg", T0 + 60)
    assert facts_of(memory, anna) == [("self", "home", "Hamburg")]
    old = memory.connection.execute(
        "SELECT value, superseded_by FROM facts JOIN entries ON id = entry WHERE NOT active"
    ).fetchall()
    assert old == [("Berlin", 2)]


def test_likes_stand_beside_each_other_until_the_opposite_is_said(memory):
    anna = somebody(memory)
    for k, text in enumerate(("I like tea", "I like coffee", "I don't like tea")):
        tell(memory, anna, text, T0 + k)
    assert facts_of(memory, anna) == [("self", "likes", "coffee"), ("self", "dislikes", "tea")]


def test_a_retraction_ends_a_fact_without_another(memory):
    anna = somebody(memory)
    tell(memory, anna, "I live in Berlin", T0)
    tell(memory, anna, "I don't live in Berlin anymore", T0 + 60)
    assert facts_of(memory, anna) == []


def test_the_same_saying_twice_is_one_fact_and_a_repetition_renews_it(memory):
    anna = somebody(memory)
    for at_s in (T0, T0, T0 + 10, T0):
        tell(memory, anna, "I like tea", at_s)
    rows = memory.connection.execute("SELECT at_s FROM entries").fetchall()
    assert rows == [(T0 + 10,)]


def test_sayings_that_arrive_again_in_any_order_leave_the_newest(memory):
    anna = somebody(memory)
    for at_s, text in (
        (T0, "I live in Berlin"),
        (T0 + 60, "I moved to Hamburg"),
        (T0, "I live in Berlin"),
        (T0 + 60, "I moved to Hamburg"),
    ):
        tell(memory, anna, text, at_s)
    assert facts_of(memory, anna) == [("self", "home", "Hamburg")]
    tell(memory, anna, "I live in Rome", T0 + 30)
    assert facts_of(memory, anna) == [("self", "home", "Hamburg")], "said before, heard of later"
    assert memory.connection.execute("SELECT count(*) FROM facts").fetchone() == (3,)


def test_a_guess_does_not_supersede_what_is_sure(memory):
    anna = somebody(memory)
    tell(memory, anna, "my name is Anna", T0)
    memory.learn(anna, Fact(subject="self", attribute="name", value="Late", source="I'm Late", confidence=0.3), T0 + 5)
    assert facts_of(memory, anna) == [("self", "name", "Anna")]


def test_several_sons_may_have_names(memory):
    anna = somebody(memory)
    tell(memory, anna, "my son is called Tom", T0)
    tell(memory, anna, "my son is called Ben", T0 + 1)
    assert [value for _, _, value in facts_of(memory, anna)] == ["Tom", "Ben"]


def test_an_encounter_is_one_episode_however_often_it_is_written(memory):
    anna = somebody(memory)
    first = met(memory, anna, "came", closed=False)
    assert met(memory, anna, "came; talked about tea") == first
    assert met(memory, anna, "came; talked about tea and left") == first
    assert memory.people()[0].encounters == 1
    assert memory.connection.execute("SELECT text FROM entries").fetchall() == [("came; talked about tea and left",)]


def test_what_a_killed_session_left_open_is_closed_by_the_next(memory):
    anna = somebody(memory)
    met(memory, anna, "was cut off", closed=False, session=3)
    assert memory.close_episodes(but_session=3) == 0 and memory.close_episodes(but_session=4) == 1
    assert memory.connection.execute("SELECT count(*) FROM words WHERE words MATCH 'cut'").fetchone() == (1,)


def test_nothing_is_written_of_somebody_who_has_not_agreed(memory):
    with pytest.raises(Forgotten):
        memory.learn(7, facts_in("I live in Berlin")[0], T0)
    with pytest.raises(Forgotten):
        met(memory, 7, "talked")
    assert memory.connection.execute("SELECT count(*) FROM entries").fetchone() == (0,)


def test_the_same_consent_enters_nobody_twice(memory):
    first = memory.begin_person("1/a/5.0", T0, "words", spoken="Anna")
    assert memory.begin_person("1/a/5.0", T0, "words", spoken="Anna") == first
    assert memory.begin_person("2/b/9.0", T0, "words", known_as="x") != first
    assert memory.begin_person("3/c/9.0", T0, "words", known_as="x") == memory.person_of("x")


def test_merging_moves_everything_and_is_written_down(memory):
    one, two = somebody(memory, "Anna", "face-1"), somebody(memory, "Ann")
    tell(memory, two, "I like tea")
    met(memory, two, "sang")
    memory.merge(two, one, T0, "known as face-1")
    (row,) = memory.people()
    assert (row.person, row.encounters, row.facts, set(row.spoken)) == (one, 1, 1, {"Anna", "Ann"})
    assert (
        memory.connection.execute("SELECT state, how FROM consents WHERE state = 'linked'")
        .fetchone()[1]
        .startswith(f"person {two}")
    )


def test_the_files_are_private(memory):
    somebody(memory)
    assert {path.stat().st_mode & 0o777 for path in memory.folder.iterdir()} == {0o600}
    assert memory.folder.stat().st_mode & 0o777 == 0o700
    settings = [
        memory.connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "secure_delete", "foreign_keys")
    ]
    assert settings == ["wal", 1, 1]


@pytest.mark.parametrize("damage", [b"no database at all" * 400, b"SQLite format 3\x00" + b"\xff" * 5_000])
def test_a_damaged_file_is_set_aside_and_both_are_named(tmp_path, damage):
    (tmp_path / schema.FILE_NAME).write_bytes(damage)
    memory = LongTermMemory(tmp_path)
    assert str(tmp_path / schema.FILE_NAME) in memory.warning and "attune-memory.db.damaged-1" in memory.warning
    assert (tmp_path / "attune-memory.db.damaged-1").read_bytes() == damage
    assert somebody(memory) == 1
    memory.close()


def test_a_page_that_was_overwritten_is_noticed_at_opening(tmp_path):
    memory = LongTermMemory(tmp_path)
    anna = somebody(memory)
    for k in range(200):
        met(memory, anna, f"encounter {k} " + "x" * 500, T0 + k * 100)
    memory.close()
    content = bytearray(memory.path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8_192] = b"\xa5" * 8_192
    memory.path.write_bytes(content)
    again = LongTermMemory(tmp_path)
    assert "damaged-1" in again.warning and again.people() == []
    again.close()


def test_a_file_of_a_later_version_is_kept_aside(tmp_path):
    memory = LongTermMemory(tmp_path)
    memory.connection.execute("PRAGMA user_version = 99")
    memory.close()
    again = LongTermMemory(tmp_path)
    assert f"its schema is 99, not {schema.MEMORY_SCHEMA}" in again.warning
    again.close()


def test_a_file_of_the_first_version_is_brought_up_to_date_with_what_it_holds(tmp_path):
    memory = LongTermMemory(tmp_path)
    anna = somebody(memory)
    for statement in (
        "DROP TABLE promises",
        "CREATE TABLE promises(id TEXT PRIMARY KEY, person INTEGER REFERENCES people(id) ON DELETE CASCADE, track TEXT NOT NULL,"
        " text TEXT NOT NULL, made_s REAL NOT NULL, due_s REAL NOT NULL,"
        " state TEXT NOT NULL CHECK (state IN ('open', 'kept', 'dropped')), closed_s REAL, evidence TEXT NOT NULL)",
        "CREATE INDEX promises_open ON promises(due_s) WHERE state = 'open'",
        "CREATE INDEX promises_person ON promises(person)",
        "INSERT INTO promises VALUES ('p', 1, 't', 'the oven', 1.0, 2.0, 'open', NULL, '[]')",
        "PRAGMA user_version = 1",
    ):
        memory.connection.execute(statement)
    memory.close()
    for _ in range(2):
        again = LongTermMemory(tmp_path)
        assert again.warning == "" and [row.name for row in again.people()] == ["Anna"]
        promises = Promises(LongTermMemory(tmp_path, SESSION_FILE), again)
        assert [(p.person, p.text, p.about, p.due_s) for p in promises.open_promises()] == [
            (anna, "the oven", "the oven", 2.0)
        ]
        assert again.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        promises.session.close(), again.close()
    again = LongTermMemory(tmp_path)
    assert Promises(again).settle("p", "missed", 3.0), "which the first version did not know"
    again.close()


def test_a_locked_file_says_so_and_loses_nothing(memory, monkeypatch):
    anna = somebody(memory)
    other = sqlite3.connect(memory.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    memory.connection.execute("PRAGMA busy_timeout = 20")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        met(memory, anna, "talked")
    other.execute("ROLLBACK")
    met(memory, anna, "talked")
    other.close()
    assert memory.people()[0].episodes == 1


def test_a_full_disk_rolls_back_and_works_again_when_there_is_room(memory):
    anna = somebody(memory)
    pages = memory.connection.execute("PRAGMA page_count").fetchone()[0]
    memory.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        for k in range(500):
            met(memory, anna, "x" * 1_000, T0 + k)
    count = memory.people()[0].episodes
    memory.connection.execute("PRAGMA max_page_count = 100000")
    met(memory, anna, "room again", T0 + 10_000)
    assert memory.people()[0].episodes == count + 1
    assert memory.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_another_process_s_writing_is_noticed(memory):
    memory.changed_outside()
    somebody(memory)
    assert not memory.changed_outside()
    other = LongTermMemory(memory.folder)
    somebody(other, "Ben")
    assert memory.changed_outside() and not memory.changed_outside()
    other.close()
