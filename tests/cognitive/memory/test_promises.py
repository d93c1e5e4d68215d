"""Promises are on the disk before they are heard, and are settled exactly once."""

from __future__ import annotations

import pytest

from cognitive.memory.long_term import Forgotten, LongTermMemory
from cognitive.memory.promises import OPEN_MAX, SESSION_FILE, Promise, Promises
from tests.cognitive.memory.conftest import T0, content_in, somebody


@pytest.fixture
def files(tmp_path):
    long_term, session = LongTermMemory(tmp_path / "long"), LongTermMemory(tmp_path / "session", SESSION_FILE)
    yield Promises(session, long_term)
    long_term.close(), session.close()


def owed(id="p1", person=0, due_s=T0 + 300, text="remind about the oven"):
    return Promise(id, person, "track-1", text, T0, due_s, evidence=("turn-1",))


def test_a_promise_is_owed_until_it_is_settled_and_only_one_settles_it(files):
    assert files.make(owed()) and not files.make(owed())
    assert [(p.id, p.text, p.evidence) for p in files.open_promises()] == [("p1", "remind about the oven", ("turn-1",))]
    assert files.settle("p1", "kept", T0 + 300, ("intention.7",))
    assert not files.settle("p1", "kept", T0 + 301) and not files.settle("p1", "dropped", T0 + 301)
    assert files.open_promises() == [] and not files.make(owed()), "a known id is never promised again"


def test_nobody_settles_what_was_never_promised(files):
    assert not files.settle("p9", "kept", T0)


def test_they_come_in_the_order_in_which_they_are_due(files):
    for id, due_s in (("late", T0 + 50), ("soon", T0 + 5), ("also-soon", T0 + 5)):
        files.make(owed(id, due_s=due_s))
    assert [p.id for p in files.open_promises()] == ["also-soon", "soon", "late"]


def test_to_whom_has_not_agreed_it_stays_in_the_session(files):
    files.make(owed(text="call the zookeeper"))
    assert content_in(files.long_term.folder, "zookeeper") == []
    assert files.long_term.connection.execute("SELECT count(*) FROM promises").fetchone() == (0,)


def test_with_consent_it_moves_and_counts_once_even_where_a_kill_left_both(files, tmp_path):
    files.make(owed())
    anna = somebody(files.long_term)
    row = files.session.connection.execute("SELECT * FROM promises").fetchone()
    assert files.move("track-1", anna) == 1
    files.session.connection.execute(
        "INSERT INTO promises VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row
    )  # killed before the deletion
    assert [p.person for p in files.open_promises()] == [anna]
    assert files.settle("p1", "kept", T0) and not files.settle("p1", "kept", T0)
    assert files.open_promises() == []
    rows = files.long_term.connection.execute("SELECT state FROM promises WHERE person = ?", (anna,)).fetchall()
    assert rows == [("kept",)]


@pytest.mark.parametrize("state", ["kept", "dropped", "missed"])
def test_a_copy_that_a_kill_left_open_settles_nothing_again(files, state):
    files.make(owed())
    row = files.session.connection.execute("SELECT * FROM promises").fetchone()
    files.move("track-1", somebody(files.long_term))
    files.settle("p1", state, T0)
    files.session.connection.execute("INSERT INTO promises VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    assert files.open_promises() == [] and not files.settle("p1", "kept", T0)


def test_promising_to_somebody_who_was_forgotten_fails(files):
    with pytest.raises(Forgotten):
        files.make(owed(person=9))


def test_forgetting_a_track_leaves_nothing_of_it(files):
    files.make(owed(text="call the zookeeper"))
    files.forget_track("track-1")
    assert files.open_promises() == [] and content_in(files.session.folder, "zookeeper", "track-1") == []


def test_open_promises_are_bounded(files):
    for k in range(OPEN_MAX + 5):
        files.make(owed(f"p{k:03}", due_s=T0 + k))
    assert [p.id for p in files.open_promises()] == [f"p{k:03}" for k in range(OPEN_MAX)]


def test_they_outlive_the_process(files, tmp_path):
    files.make(owed())
    again = Promises(LongTermMemory(tmp_path / "session", SESSION_FILE))
    assert [p.id for p in again.open_promises()] == ["p1"]
    again.session.close()
