"""The whole way, over the wire and virtual time: consent, an episode, another session, what is told, and being forgotten."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from cognitive.memory import deletion
from cognitive.memory.export import export_person
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.schema import FILE_NAME
from runtime import messages as m
from runtime.settings import CognitiveSettings, LongTermSettings
from tests.cognitive.memory.conftest import content_in, facts_of

FACE = (0.4, 0.3, 0.2, 0.3)


def here(from_s, to_s, person="t1"):
    script = [(float(from_s), m.PersonPercept(state="arrived", person_id=person, box=FACE))]
    script += [(t, m.PersonPercept(state="present", person_id=person, box=FACE)) for t in range(from_s + 1, to_s)]
    return [*script, (float(to_s), m.PersonPercept(state="left", person_id=person))]


def said(t_s, text, person="t1"):
    return (t_s, m.Turn(state="ended", speaker="user", turn_id=f"turn-{t_s}", text=text, person_id=person))


@pytest.fixture
def visit(play, tmp_path):
    """Play one session with a memory folder that outlives it; every session has a state folder of its own."""
    count = 0

    def run(script, duration_s, **options):
        nonlocal count
        count += 1
        long_term = LongTermSettings(folder=str(tmp_path / "memory"), **options.pop("long_term", {}))
        state_dir = options.pop("state_dir", tmp_path / f"state-{count}")
        state_dir.mkdir(exist_ok=True)
        return play(script, duration_s, settings=CognitiveSettings(long_term=long_term), state_dir=state_dir, **options)

    return run


@pytest.fixture
def kept(tmp_path):
    def look() -> LongTermMemory:
        return LongTermMemory(tmp_path / "memory")

    return look


def people(kept):
    memory = kept()
    rows = memory.people()
    memory.close()
    return rows


def facts(kept, person=1):
    memory = kept()
    found = facts_of(memory, person)
    memory.close()
    return found


def episodes(kept):
    memory = kept()
    rows = memory.connection.execute(
        "SELECT text, closed, ended_s - started_s FROM episodes JOIN entries ON id = entry ORDER BY id"
    ).fetchall()
    memory.close()
    return rows


TALK = [
    said(3.0, "My name is Anna and I live in Berlin."),
    said(5.0, "Please remember me."),
    said(8.0, "My dog is called Rex."),
]


def test_without_consent_nothing_of_a_person_is_kept(visit, kept, tmp_path):
    record = visit(
        [
            *here(1, 12),
            said(3.0, "My name is Anna and I live in Zanzibar."),
            (4.0, m.Fact(text="plays the xylophone", person_id="t1")),
        ],
        15.0,
    )
    assert people(kept) == [] and content_in(tmp_path / "memory", "zanzibar", "xylophone", "anna") == []
    assert any("plays the xylophone" in k.facts for k in record.knowledge), "known in this session"


@pytest.mark.parametrize("state", ["consented", "joined"])
def test_agreeing_to_a_recording_is_not_agreeing_to_be_remembered(visit, kept, state):
    visit(
        [
            (1.0, m.Viewer(state="joined", viewer_id="v")),
            (2.0, m.Viewer(state=state, viewer_id="v")),
            said(3.0, "My name is Anna", ""),
        ],
        15.0,
    )
    assert people(kept) == []


def test_with_consent_in_words_the_encounter_is_kept_and_the_dialogue_is_told_to_confirm(visit, kept):
    record = visit([*here(1, 12), *TALK], 15.0)
    (anna,) = people(kept)
    assert (anna.spoken, anna.encounters) == (("Anna",), 1)
    assert ("self", "home", "Berlin") in facts(kept) and ("dog", "name", "Rex") in facts(kept)
    ((text, closed, length_s),) = episodes(kept)
    assert "Please remember me" in text and closed and length_s == pytest.approx(10.0, abs=1.5)
    assert any("agreed to be remembered: confirm it kindly" in k.situation for k in record.knowledge)


NOT_MEANT = [
    "I never said you can keep my data", "you can keep what I say? no way!", "Remember me to your sister", "Ben said please remember me",
    "I do not agree to be remembered, remember me not", "Please remember me. Just kidding.", "Can you remember me?",
]  # fmt: skip


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "said"])
@pytest.mark.parametrize("text", NOT_MEANT)
def test_what_only_looks_like_consent_enters_nobody(visit, kept, text, typed):
    wish = (4.0, m.TypedText(text=text, person_id="t1")) if typed else said(4.0, text)
    visit([*here(1, 12), said(3.0, "I live in Zanzibar."), wish], 15.0)
    assert people(kept) == []


WITHDRAWN = [
    "please delete everything you know about me", "I don't want you to remember anything about me", "don't store anything about me",
    "wipe my data", "please remove everything about me", "forget everything I told you", "please don't ever remember me",
    "I withdraw my consent",
]  # fmt: skip


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "said"])
@pytest.mark.parametrize("text", WITHDRAWN)
def test_a_withdrawal_in_plain_words_deletes_at_once(visit, kept, tmp_path, text, typed):
    wish = (9.0, m.TypedText(text=text, person_id="t1")) if typed else said(9.0, text)
    script = [*here(1, 14), said(3.0, "I live in Zanzibar."), said(4.0, "Please remember me."), wish]
    record = visit(script, 17.0, kill=True)
    assert people(kept) == [] and content_in(tmp_path, "zanzibar") == []
    assert any("everything about them was deleted, confirm it kindly" in k.situation for k in record.knowledge)


def test_an_aside_is_no_consent(visit, kept):
    aside = m.Turn(state="ended", speaker="user", turn_id="t", text="Please remember me", person_id="t1", addressed=0.1)
    visit([*here(1, 12), (4.0, aside)], 15.0)
    assert people(kept) == []


def test_a_session_that_ends_in_the_middle_keeps_the_encounter_closed(visit, kept):
    visit([*here(1, 30), *TALK], 10.0)
    ((text, closed, _),) = episodes(kept)
    assert closed and "Rex" in text


def test_a_recogniser_s_name_brings_everything_back_in_a_later_session(visit, kept):
    visit([*here(1, 12), *TALK, (6.0, m.PersonIdentity(person_id="t1", known_as="face-7"))], 15.0)
    script = [
        *here(1, 10, "t99"),
        (2.0, m.PersonIdentity(person_id="t99", known_as="face-7")),
        said(5.0, "Guess where I moved to", "t99"),
    ]
    record = visit(script, 14.0)
    told = [k for k in record.knowledge if k.facts]
    assert "lives in Berlin" in told[-1].facts and any(f.startswith("earlier: ") for f in told[-1].facts)
    assert "whom you know as Anna" in told[-1].person and "met before, last today" in told[-1].person
    (anna,) = people(kept)
    assert anna.encounters == 2, "her consent holds: this visit is kept as well"


def test_a_doubtful_recogniser_changes_nothing(visit, kept):
    visit([*here(1, 12), *TALK, (6.0, m.PersonIdentity(person_id="t1", known_as="face-7"))], 15.0)
    record = visit(
        [*here(1, 10, "t9"), (2.0, m.PersonIdentity(person_id="t9", known_as="face-7", confidence=0.5))], 12.0
    )
    assert all("Anna" not in k.person for k in record.knowledge)


def test_the_consent_message_links_and_consents_at_once(visit, kept):
    visit(
        [
            *here(1, 9),
            said(3.0, "I live in Berlin"),
            (4.0, m.MemoryConsent(state="given", person_id="t1", known_as="page-anna")),
        ],
        12.0,
    )
    (anna,) = people(kept)
    assert anna.identities == ("page-anna",) and ("self", "home", "Berlin") in facts(kept)


def test_a_spoken_name_with_the_claim_to_be_known_is_believed_once_there_is_one_of_that_name(visit, kept):
    visit([*here(1, 12), *TALK], 15.0)
    record = visit([*here(1, 10, "t5"), said(3.0, "Hi, I'm Anna, do you remember me?", "t5")], 13.0)
    assert "lives in Berlin" in next(k for k in reversed(record.knowledge) if k.facts).facts
    stranger = visit([*here(1, 10, "t6"), said(3.0, "Hi, I'm Anna.", "t6")], 13.0)
    assert all("Berlin" not in " ".join(k.facts) for k in stranger.knowledge), "a mere name opens nothing"


def test_a_move_supersedes_across_sessions(visit, kept):
    visit([*here(1, 12), *TALK, (6.0, m.PersonIdentity(person_id="t1", known_as="face-7"))], 15.0)
    visit(
        [*here(1, 10), (2.0, m.PersonIdentity(person_id="t1", known_as="face-7")), said(4.0, "I moved to Hamburg.")],
        12.0,
    )
    assert [value for _, attribute, value in facts(kept) if attribute == "home"] == ["Hamburg"]


# ---------------------------------------------------------------- forgetting


def test_forget_me_deletes_at_once_in_files_and_session(visit, kept, tmp_path):
    script = [*here(1, 14), said(3.0, "I live in Zanzibar."), said(4.0, "Please remember me."), said(9.0, "Forget me.")]
    record = visit(script, 11.0)
    assert people(kept) == [] and content_in(tmp_path, "zanzibar") == []
    assert any("asked to be forgotten" in k.situation for k in record.knowledge)
    assert all("Zanzibar" not in " ".join(k.facts) + k.situation for k in record.knowledge if k.t_ns > 9.7e9)


def test_the_wire_message_withdraws_also_for_somebody_who_is_not_here(visit, kept, tmp_path):
    visit([*here(1, 12), *TALK, (6.0, m.PersonIdentity(person_id="t1", known_as="face-7"))], 15.0)
    visit([(1.0, m.MemoryConsent(state="withdrawn", known_as="face-7"))], 3.0)
    assert people(kept) == [] and content_in(tmp_path / "memory", "berlin", "rex", "face-7", "anna") == []


def test_who_was_forgotten_may_agree_again_and_begins_anew(visit, kept):
    script = [*here(1, 20), *TALK, said(10.0, "Forget me."), said(13.0, "I live in Rome."), said(15.0, "Please remember me again."),
              said(17.0, "I like tea.")]  # fmt: skip
    visit(script, 22.0)
    (again,) = people(kept)
    assert again.person == 2 and facts(kept, 2) == [("self", "likes", "tea")]
    ((text, _, _),) = episodes(kept)
    assert not any(word in text for word in ("Berlin", "Rex", "Rome")), "nothing from before the second consent"


def test_do_not_remember_this_takes_the_last_words_back(visit, kept, tmp_path):
    script = [*here(1, 70), *TALK, said(50.0, "I'm allergic to zanzibarine."), said(52.0, "Don't remember this.")]
    record = visit(script, 60.0)
    assert ("self", "home", "Berlin") in facts(kept), "what was said long before stays"
    assert content_in(tmp_path, "zanzibarine") == []
    assert any("does not want what they just said to be remembered" in k.situation for k in record.knowledge)


def test_a_deletion_from_outside_reaches_the_running_session_within_two_cycles(visit, kept, tmp_path):
    """The command deletes while the room runs: what the room knew goes as well, and is not written again."""
    left = []

    def delete():
        memory = kept()
        tombstone = deletion.forget(memory, 1, 1.8e9)
        session = memory.connection.execute("SELECT id FROM sessions").fetchone()[0]
        left.append((memory, session, tombstone))

    def look():
        memory, session, tombstone = left[0]
        seen = memory.connection.execute("SELECT tombstone FROM sessions WHERE id = ?", (session,)).fetchone()[0]
        left.append((seen == tombstone > 0, content_in(tmp_path / "state-1", "zanzibar")))
        memory.close()

    script = [
        *here(1, 14),
        said(3.0, "I live in Zanzibar."),
        said(4.0, "Please remember me."),
        (9.2, delete),
        (10.6, look),
    ]
    record = visit(script, 13.0)
    assert left[1] == (True, [])
    assert people(kept) == [] and content_in(tmp_path, "zanzibar") == []
    assert all("Zanzibar" not in " ".join(k.facts) for k in record.knowledge if k.t_ns > 10.2e9)


# ---------------------------------------------------------------- who is who


def test_one_stable_name_is_nobody_else_s_while_its_owner_is_here(visit, kept):
    script = [*here(1, 20), *here(2, 18, "t2"), *TALK, (6.0, m.PersonIdentity(person_id="t1", known_as="face-7")),
              (9.0, m.PersonIdentity(person_id="t2", known_as="face-7")), said(11.0, "I live in Rome.", "t2")]  # fmt: skip
    record = visit(script, 22.0)
    assert record.counters["memory_identity_conflicts"] == 1
    assert [value for _, attribute, value in facts(kept) if attribute == "home"] == ["Berlin"]


def test_a_track_that_turns_out_to_be_somebody_else_gives_nothing_of_the_first_to_the_second(visit, kept):
    visit(
        [*here(1, 9), said(3.0, "I'm Ben."), (4.0, m.MemoryConsent(state="given", person_id="t1", known_as="face-2"))],
        12.0,
    )
    script = [*here(1, 20), *TALK, (6.0, m.PersonIdentity(person_id="t1", known_as="face-7")),
              (12.0, m.PersonIdentity(person_id="t1", known_as="face-2")), said(15.0, "I like tea.")]  # fmt: skip
    record = visit(script, 22.0)
    assert record.counters["memory_identity_conflicts"] == 1
    assert facts(kept, 1) == [("self", "name", "Ben"), ("self", "likes", "tea")]
    assert ("self", "home", "Berlin") in facts(kept, 2)


def test_the_next_unseen_visitor_is_somebody_else(visit, kept, tmp_path):
    join, leave = (
        (lambda t, v: (t, m.Viewer(state="joined", viewer_id=v))),
        (lambda t, v: (t, m.Viewer(state="left", viewer_id=v))),
    )
    script = [join(1.0, "a"), said(3.0, "I live in Zanzibar.", ""), leave(5.0, "a"), join(8.0, "b"),
              said(10.0, "Please remember me.", ""), said(12.0, "I like tea.", "")]  # fmt: skip
    visit(script, 20.0)
    assert facts(kept) == [("self", "likes", "tea")] and content_in(tmp_path / "memory", "zanzibar") == []


def test_consent_of_an_unseen_visitor_ends_with_the_visit(visit, kept):
    script = [(1.0, m.Viewer(state="joined", viewer_id="a")), said(3.0, "Please remember me.", ""),
              said(5.0, "I like tea.", ""),
              (7.0, m.Viewer(state="left", viewer_id="a")),
              (9.0, m.Viewer(state="joined", viewer_id="b")), said(11.0, "I live in Rome.", "")]  # fmt: skip
    visit(script, 20.0)
    assert facts(kept) == [("self", "likes", "tea")]


def test_while_several_watch_nobody_can_tell_who_agrees(visit, kept):
    script = [
        (1.0, m.Viewer(state="joined", viewer_id="a")),
        (2.0, m.Viewer(state="joined", viewer_id="b")),
        said(4.0, "Please remember me.", ""),
    ]
    record = visit(script, 10.0)
    assert people(kept) == [] and any(
        "nobody can tell who wants to be remembered" in k.situation for k in record.knowledge
    )


# ---------------------------------------------------------------- without a folder, without luck


def test_without_a_folder_the_memory_goes_with_the_session_and_the_dialogue_knows(play, tmp_path):
    record = play([*here(1, 12), *TALK], 15.0)
    assert any("only until the end of this session" in k.situation for k in record.knowledge)
    memory = LongTermMemory(tmp_path)
    assert len(memory.people()) == 1
    memory.close()


def test_without_anybody_s_consent_no_file_is_made_without_a_folder(play, tmp_path):
    play([*here(1, 12), said(3.0, "I live in Berlin.")], 15.0)
    assert not (tmp_path / FILE_NAME).exists()


def test_switched_off_nothing_is_kept_and_the_dialogue_says_so(visit, kept, tmp_path):
    record = visit([*here(1, 12), *TALK], 15.0, long_term={"enabled": False})
    assert not (tmp_path / "memory").exists()
    assert any("nothing is kept here beyond this session" in k.situation for k in record.knowledge)


def test_a_restart_in_the_middle_gives_one_episode_and_one_person(visit, kept, tmp_path):
    state_dir = tmp_path / "state-x"
    visit([*here(1, 30), *TALK], 10.0, kill=True, state_dir=state_dir)
    visit([(0.2, m.PersonPercept(state="present", person_id="t1", box=FACE)), said(2.0, "I like tea."),
           (4.0, m.PersonPercept(state="left", person_id="t1"))], 8.0, start_s=10.5, state_dir=state_dir)  # fmt: skip
    assert len(people(kept)) == 1 and people(kept)[0].encounters == 1
    ((text, closed, _),) = episodes(kept)
    assert closed and "Rex" in text and "tea" in text
    assert len(facts(kept)) == len(set(facts(kept)))


def test_a_damaged_file_is_set_aside_and_the_session_goes_on_remembering(visit, kept, tmp_path):
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / FILE_NAME).write_bytes(b"garbage" * 900)
    record = visit([*here(1, 12), *TALK], 15.0)
    assert record.counters["memory_recoveries_failed"] == 1 and record.status["status"] == "degraded"
    assert len(people(kept)) == 1 and (tmp_path / "memory" / f"{FILE_NAME}.damaged-1").exists()


def test_a_file_damaged_in_the_middle_is_set_aside_and_who_agreed_is_entered_anew(visit, kept, tmp_path):
    def damage():
        memory = kept()  # its write makes the room read the file again instead of its cache
        memory.connection.execute("INSERT INTO meta VALUES ('touched', '1')")
        memory.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        memory.close()
        memory.path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 50_000)

    record = visit([*here(1, 20), *TALK, (10.0, damage), said(13.0, "I like tea.")], 22.0)
    assert record.counters["memory_recoveries_failed"] == 1
    assert len(people(kept)) == 1 and ("self", "likes", "tea") in facts(kept)


def test_a_locked_file_is_tried_again_and_nothing_is_lost(visit, kept, tmp_path, monkeypatch):
    monkeypatch.setattr("cognitive.memory.schema.BUSY_S", 0.01)
    kept().close()
    other = sqlite3.connect(tmp_path / "memory" / FILE_NAME, isolation_level=None)
    script = [
        *here(1, 20),
        *TALK,
        (2.5, lambda: other.execute("BEGIN IMMEDIATE")),
        (9.0, lambda: other.execute("ROLLBACK")),
    ]
    record = visit(script, 22.0)
    other.close()
    assert record.counters["memory_long_term_failures"] >= 1 and record.status["status"] == "ok", (
        "it says so, and that it is over"
    )
    assert len(people(kept)) == 1 and ("self", "home", "Berlin") in facts(kept)


def test_a_folder_that_cannot_be_made_degrades_the_room_and_nothing_else(play, tmp_path):
    (tmp_path / "file").write_text("")
    settings = CognitiveSettings(long_term=LongTermSettings(folder=str(tmp_path / "file" / "memory")))
    record = play([*here(1, 12), *TALK], 15.0, settings=settings)
    assert record.status == {"status": "degraded", "detail": "the long-term memory cannot be used"}
    assert record.counters["cycles"] > 20 and "cycles_failed" not in record.counters


def test_two_equal_sessions_keep_equal_memories(visit, kept, tmp_path):
    def export(folder):
        memory = LongTermMemory(folder)
        found = export_person(memory, 1, 0.0)
        memory.close()
        return found

    visit([*here(1, 12), *TALK], 15.0)
    first = export(tmp_path / "memory")
    shutil.rmtree(tmp_path / "memory")
    visit([*here(1, 12), *TALK], 15.0)
    assert export(tmp_path / "memory") == first
