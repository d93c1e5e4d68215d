"""What is forgotten is in no file any more: not in the index, the log, the vectors, copies of damaged files, or a session's state."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading

import numpy as np
import pytest

from cognitive.memory import deletion, store
from cognitive.memory.bank import ActionRecord, Line
from cognitive.memory.consent import Link
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.promises import SESSION_FILE, Promise, Promises
from cognitive.memory.retrieval import recall
from cognitive.mind.beliefs import Beliefs
from cognitive.mind.estimate import Categorical, Reason
from cognitive.mind.goals.inference import PersonGoals
from cognitive.mind.person import PersonMind
from cognitive.scene import Feeling, Person, Utterance
from cognitive.scene import Promise as ScenePromise
from runtime import messages as m
from tests.cognitive.memory.conftest import T0, content_in, facts_of, met, somebody, tell

WORDS = ("Zanzibar", "zanzib", "xylophone", "xylophon", "Quetzalcoatl", "quetz", "face-4711", "Wilhelmine")
"""Rare words of the person to be forgotten, also as Porter's stemmer and FTS5's prefix coding keep them."""


def fill(memory: LongTermMemory) -> tuple[int, int]:
    """Two people, one of whom says rare words, so often that index and log have many pages."""
    her, other = somebody(memory, "Wilhelmine", "face-4711"), somebody(memory, "Ben")
    tell(memory, her, "I live in Zanzibar and my dog is called Quetzalcoatl")
    for k in range(60):
        met(memory, her, f"said: I play the xylophone in Zanzibar, day {k}", T0 + k * 100)
        met(memory, other, f"said: the weather is nice, day {k}", T0 + k * 100)
    memory.connection.execute(
        "INSERT INTO vectors VALUES (1, 'test', ?)", (np.frombuffer(b"Zanzibar", dtype="<f4").tobytes(),)
    )
    Promises(memory, memory).make(Promise("p1", her, "t", "remind Wilhelmine of the xylophone", T0, T0))
    return her, other


@pytest.mark.parametrize("full_text", [True, False], ids=["fts5", "without fts5"])
def test_no_byte_of_the_person_stays_and_others_stay_whole(tmp_path, full_text):
    memory = LongTermMemory(tmp_path)
    her, other = fill(memory)
    assert content_in(tmp_path, *WORDS), "or this test could not fail"
    if not full_text:
        memory.close()
        memory = LongTermMemory(tmp_path, full_text=False)
    assert deletion.forget(memory, her, T0) > 0
    assert content_in(tmp_path, *WORDS) == []
    found = recall(memory, other, "weather", T0, session=9, limit=8, half_life_days=14)
    assert found is not None and len(found.memories) == 8 and memory.people()[0].encounters == 60
    memory.close()
    assert content_in(tmp_path, *WORDS) == []
    again = LongTermMemory(tmp_path)
    hits = again.connection.execute("SELECT count(*) FROM words WHERE words MATCH 'weather'").fetchone()
    assert hits == (60,) and content_in(tmp_path, *WORDS) == []
    assert again.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    again.close()


def test_copies_of_damaged_files_go_too(tmp_path):
    memory = LongTermMemory(tmp_path)
    her, _ = fill(memory)
    (tmp_path / "attune-memory.db.damaged-1").write_bytes(b"...Zanzibar...")
    (tmp_path / "attune-memory.db.damaged-1-wal").write_bytes(b"...xylophone...")
    deletion.forget(memory, her, T0)
    assert content_in(tmp_path, *WORDS) == [] and not list(tmp_path.glob("*damaged*"))
    memory.close()


def test_forgetting_nobody_does_nothing(memory):
    assert deletion.forget(memory, 5, T0) == 0 and memory.forgotten_since(0) == ([], 0)


def test_a_reader_in_the_way_delays_the_clearing_but_not_the_deletion(memory):
    her, _ = fill(memory)
    reader = sqlite3.connect(memory.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entries").fetchone()
    memory.connection.execute("PRAGMA busy_timeout = 20")
    deletion.forget(memory, her, T0)
    assert memory.row_of(her) is None and deletion.purge_pending(memory)
    reader.execute("COMMIT")
    reader.close()
    assert deletion.purge(memory) and not deletion.purge_pending(memory)
    assert content_in(memory.folder, *WORDS) == []


def test_a_number_is_never_given_to_somebody_else(memory):
    her, _ = fill(memory)
    deletion.forget(memory, her, T0)
    deletion.forget(memory, 2, T0)
    assert somebody(memory, "New") == 3


def test_what_was_said_just_now_can_be_taken_back_and_what_it_superseded_holds_again(memory):
    her = somebody(memory, "Ada")
    tell(memory, her, "I live in Berlin", T0)
    tell(memory, her, "I moved to Zanzibar, and call me Wilhelmine", T0 + 100)
    assert deletion.unlearn(memory, her, T0 + 50) == 2
    assert facts_of(memory, her) == [("self", "home", "Berlin")] and memory.people()[0].spoken == ("Ada",)
    assert content_in(memory.folder, *WORDS) == []
    assert memory.connection.execute("SELECT count(*) FROM words WHERE words MATCH 'berlin'").fetchone() == (1,)


# ---------------------------------------------------------------- the session's own memory


def session_of(her: int) -> store.Saved:
    saved = store.Saved(cycle=5)
    saved.bank.learn("t1", "lives in Zanzibar", 1)
    saved.bank.note(2, "Wilhelmine came", 0.5, "t1")
    saved.bank.note(2, "light changed", 0.5)
    saved.bank.hear(
        1,
        [
            Line(t_ns=3, speaker="user", text="I play the xylophone", person_id="t1"),
            Line(t_ns=4, speaker="user", text="hi", person_id="t2"),
        ],
    )
    saved.bank.hear(2, [Line(t_ns=3, speaker="agent", text="the xylophone, how nice", person_id="t1")])
    saved.bank.actions.append(
        ActionRecord(
            intention_id="i1",
            t_ns=3,
            act="ask",
            kind="dialogue",
            trigger="t",
            content="Zanzibar?",
            person_id="t1",
            state="finished",
        )
    )
    saved.scene.people["t1"] = Person(person_id="t1", greeted=True)
    saved.scene.utterances.append(Utterance(speaker="user", text="xylophone", t_ns=3, person_id="t1"))
    saved.scene.feelings.append(
        Feeling(t_ns=3, valence=0.5, arousal=0, confidence=1, person_id="t1", cues=("word:xylophone",))
    )
    saved.scene.promises.append(
        ScenePromise(
            promise_id="p", made_ns=1, due_ns=2, words="the xylophone is due", about="xylophone", person_id="t1"
        )
    )
    saved.minds["t1"] = PersonMind(person_id="t1", updated_ns=1)
    saved.minds["t1"].engagement.reasons.append(Reason(t_ns=1, cue="said: xylophone", weight=1.0))
    wants = Categorical(shares={"play": 0.2, "none of these": 0.8})
    saved.goals["t1"] = PersonGoals(person_id="t1", arrived_ns=1, belief=wants, others={"plays the xylophone": 1})
    beliefs = Beliefs(None, "Ada")
    saved.beliefs = beliefs.model.state
    messages = [
        m.Turn(t_ns=9, state="ended", speaker="user", turn_id="x", text="The xylophone is in the box.", person_id="t1"),
        m.WorldEvent(t_ns=9, text="Ben puts the ball into the cupboard.", seen_by=("t1",)),
    ]
    beliefs.update(saved.scene, messages, 10)
    assert {"xylophone", "ball"} <= {fact.subject for fact in saved.beliefs.facts.values()}
    saved.remembering.links["t1"] = Link(known_as="face-4711", spoken="Wilhelmine", consent="given", person=her)
    return saved


def test_a_session_forgets_the_words_and_keeps_that_somebody_is_here_and_greeted(tmp_path):
    saved = session_of(1)
    deletion.forget_in_session(saved, "t1")
    del saved.remembering.links["t1"]
    store.write(tmp_path, store.encode(saved))
    assert content_in(tmp_path, *WORDS) == []
    assert saved.scene.people["t1"].greeted and saved.bank.action("i1").state == "finished"
    assert [line.text for chunk in saved.bank.transcript for line in chunk.lines] == ["hi"]
    assert saved.beliefs is not None
    subjects = {fact.subject for fact in saved.beliefs.facts.values()}
    assert "ball" in subjects and "xylophone" not in subjects


def test_the_files_of_a_session_that_was_killed_are_cleared_too(tmp_path):
    memory = LongTermMemory(tmp_path / "memory")
    her, _ = fill(memory)
    state_dir = tmp_path / "state"
    state_dir.mkdir()
    saved = session_of(her)
    saved.remembering.session = memory.begin_session(state_dir, T0)
    store.write(state_dir, store.encode(saved))
    (state_dir / "cognitive-memory.new").write_bytes(b'{"text": "Zanzibar')
    (state_dir / f"{store.FILE_NAME}.damaged-1").write_bytes(b'{"text": "Zanzibar')
    promises = Promises(LongTermMemory(state_dir, SESSION_FILE))
    promises.make(Promise("p2", 0, "t1", "ask about the xylophone", T0, T0))
    promises.session.close()
    tombstone = deletion.forget(memory, her, T0)
    assert deletion.reach_sessions(memory, her, tombstone, wait_s=0.0) == []
    assert content_in(tmp_path, *WORDS) == []
    assert store.load(state_dir)[0].cycle == 5, "the rest of the session's memory is whole"
    memory.close()


def test_a_session_whose_folder_is_gone_needs_no_clearing(memory, tmp_path):
    her, _ = fill(memory)
    memory.begin_session(tmp_path / "gone", T0)
    tombstone = deletion.forget(memory, her, T0)
    assert deletion.reach_sessions(memory, her, tombstone, wait_s=0.0) == []
    assert memory.connection.execute("SELECT count(*) FROM sessions").fetchone() == (0,)


def test_a_running_session_is_waited_for_until_it_has_acknowledged(memory, tmp_path):
    her, _ = fill(memory)
    session = memory.begin_session(tmp_path, T0)
    tombstone = deletion.forget(memory, her, T0)
    code = (
        "import sys, pathlib; from cognitive.memory.deletion import take_folder\n"
        "assert take_folder(pathlib.Path(sys.argv[1])) >= 0; print('held', flush=True); sys.stdin.read()"
    )
    room = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
    )
    assert room.stdout is not None and room.stdout.readline() == b"held\n"
    try:
        assert deletion.reach_sessions(memory, her, tombstone, wait_s=0.0) == [tmp_path]
        waits = []

        def acknowledging(seconds: float) -> None:
            waits.append(seconds)
            memory.acknowledge(session, tombstone)

        assert (
            deletion.reach_sessions(memory, her, tombstone, wait_s=60.0, sleep=acknowledging) == [] and len(waits) == 1
        )
    finally:
        room.kill()
        room.communicate()


def test_writing_and_forgetting_at_once_leaves_no_piece(memory):
    """Two connections, as the agent and the command: whatever the order, nothing of the person is left in the end."""
    her, other = fill(memory)
    agent = LongTermMemory(memory.folder)
    stop = threading.Event()
    outcomes = []

    def writing() -> None:
        k = 0
        while not stop.is_set():
            k += 1
            for person, text in ((her, "said: xylophone again"), (other, "said: rain again")):
                try:
                    met(agent, person, f"{text} {k}", T0 + 10_000 + k)
                    outcomes.append("written")
                except Exception as error:
                    outcomes.append(type(error).__name__)

    thread = threading.Thread(target=writing)
    thread.start()
    tombstone = deletion.forget(memory, her, T0)
    stop.set()
    thread.join()
    agent.close()
    assert tombstone > 0 and set(outcomes) <= {"written", "Forgotten", "OperationalError"}
    assert deletion.purge(memory) and content_in(memory.folder, *WORDS) == []
