"""After a kill the room goes on where it was: memory, numbers and promises, and nothing is done twice."""

from __future__ import annotations

import pytest

from cognitive.memory import store
from runtime import messages as m
from tests.cognitive.scenes.script import greeted
from tests.cognitive.test_plans import sad

FILE = store.FILE_NAME


def seen(t_s, state="present", person="anna"):
    return (t_s, m.PersonPercept(state=state, person_id=person, box=(0.4, 0.3, 0.2, 0.3)))


def test_a_person_greeted_before_the_kill_is_not_greeted_again(play):
    first = play([seen(2.0, "arrived")], 7.0, kill=True)
    second = play([seen(0.5), seen(1.5)], 10.0, start_s=8.0)
    assert len(first.said()) == 1 and second.said() == []
    assert (
        "anna" in second.cycles[-1].memory["user"] and "greet/dialogue finished" in second.cycles[-1].memory["actions"]
    )


def test_cycle_numbers_and_intention_ids_never_come_twice(play):
    first = play([seen(2.0, "arrived")], 7.3, kill=True)
    second = play([seen(0.5, "arrived", "ben"), *(seen(1.5 + k, person="ben") for k in range(8))], 10.0, start_s=8.0)
    assert second.cycles[0].cycle > first.cycles[-1].cycle
    ids = [i.id for record in (first, second) for _, i in record.intentions]
    assert second.intentions and len(set(ids)) == len(ids)


@pytest.mark.parametrize("kill_at_s", [2.05, 2.1, 3.7, 4.0, 4.4999, 4.5, 4.5001, 4.52, 4.6, 4.81, 5.0, 5.5, 6.2, 6.6])
def test_killed_at_any_moment_nothing_is_executed_twice_and_the_greeting_is_not_lost(play, kill_at_s):
    record = play([seen(2.0, "arrived"), *(seen(3.0 + k) for k in range(9))], 12.0, kill_at_s=kill_at_s)
    assert len(record.executed) == len(set(record.executed)) == 4
    assert len(record.said()) == 1
    numbers = [cycle.cycle for cycle in record.cycles]
    assert numbers == sorted(set(numbers))


def confided(voice_s):
    """Sorrow that is met with comfort at about 24 s, and more of it from `voice_s` on, which the plan's last step waits for."""
    return [*sad(), (voice_s, m.UserSpeech(state="started")), (voice_s + 4.0, m.UserSpeech(state="ended"))]


def test_killed_at_any_moment_of_a_plan_that_unfolds_nothing_is_done_twice_and_no_step_is_lost(play, tmp_path):
    def life(name, kill_at_s=None):
        folder = tmp_path / name
        folder.mkdir()
        return play(confided(28.0), 45.0, answers="faithful", kill_at_s=kill_at_s, state_dir=folder)

    def done(record):
        return sorted((i.kind, i.label) for _, i in record.of_act("emotional_need") if i.id in record.executed)

    whole = life("whole")
    assert done(whole).count(("gaze", "person")) == 2 and len(done(whole)) == 6, "five at once, a look when she goes on"
    sent_s = whole.of("dialogue", "emotional_need")[0][0]
    killed = 0
    for kill_at_s in [sent_s + 0.001, *(round(sent_s + 0.11 * k, 3) for k in range(1, 80))]:
        if 27.7 <= kill_at_s <= 28.5:
            continue  # the voice begins while nobody listens: what nobody perceived cannot be waited for
        record = life(f"killed-{kill_at_s}", kill_at_s)
        killed += 1
        assert len(record.executed) == len(set(record.executed)), kill_at_s
        assert done(record) == done(whole), kill_at_s
    assert killed > 60


@pytest.mark.parametrize("kill_after_s", [0.501, 0.51, 0.55, 0.6, 0.8, 1.2])
def test_what_was_taken_back_before_a_kill_is_not_done_after_it(play, tmp_path, kill_after_s):
    def life(name, extra=(), kill_at_s=None):
        folder = tmp_path / name
        folder.mkdir()
        return play(greeted() + list(extra), 60.0, answers="faithful", kill_at_s=kill_at_s, state_dir=folder)

    asked_s = life("whole").of("dialogue", "conversation_state")[0][0]
    speaks = [(asked_s + 0.05, m.UserSpeech(state="started")), (asked_s + 3.0, m.UserSpeech(state="ended"))]
    record = life("killed", speaks, asked_s + kill_after_s)
    first = record.of("dialogue", "conversation_state")[0][1].id
    assert first not in record.executed and record.ends(first)[-1] in ("cancelled", "expired")


def test_asking_for_the_outcome_after_a_restart_executes_nothing(play):
    """The receiver has been restarted as well and knows no id: a step that was accepted may have been done, so it is not done again."""
    play([seen(2.0, "arrived"), *(seen(3.0 + k) for k in range(2))], 5.1, answers="faithful", kill=True)
    after = play([seen(0.2)], 3.0, start_s=5.5, answers="faithful")
    assert not {i.label for _, i in after.intentions} & {"wave", "happy"}


def test_what_was_promised_without_an_answer_is_sent_again_under_its_id(play, tmp_path):
    lost = play([seen(2.0, "arrived")], 4.7, answers="silent", kill=True)
    after = play([seen(0.2)], 4.0, start_s=5.0)
    assert [i.id for _, i in after.intentions] == [i.id for _, i in lost.intentions]


def test_what_is_no_longer_valid_is_not_sent_again(play):
    play([seen(2.0, "arrived")], 4.7, answers="silent", kill=True)
    assert play([], 10.0, start_s=60.0).intentions == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[]", b'{"store_schema": 1, "bank": 5}', b'{"store_schema": 99}']
)
def test_a_damaged_file_is_kept_aside_and_the_room_starts_empty(play, tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    record = play([seen(2.0, "arrived")], 5.0)
    assert (tmp_path / f"{FILE}.damaged-1").read_bytes() == content
    assert len(record.said()) == 1
    assert record.counters["memory_recoveries_failed"] == 1


def test_ids_after_a_damaged_file_differ_from_those_before(play, tmp_path):
    first = play([seen(2.0, "arrived")], 5.0)
    (tmp_path / FILE).write_bytes(b"garbage")
    second = play([seen(1.0, "arrived")], 5.0, start_s=10.0)
    assert not {i.id for _, i in first.intentions} & {i.id for _, i in second.intentions}


def test_an_oversized_file_is_not_read(tmp_path):
    (tmp_path / FILE).write_bytes(b" " * (store.FILE_BYTES_MAX + 1))
    saved, warning = store.load(tmp_path)
    assert saved.cycle == 0 and "bytes" in warning


def test_a_full_disk_is_counted_and_survived(play, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "write", full)
    record = play([seen(2.0, "arrived")], 8.0)
    assert len(record.said()) == 1
    assert record.counters["memory_saves_failed"] >= 5 and record.status["status"] == "degraded"


def test_the_file_is_private_and_whole(play, tmp_path):
    play([seen(2.0, "arrived")], 5.0)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    saved, warning = store.load(tmp_path)
    assert warning == "" and saved.cycle > 5 and saved.planner.intentions >= 4


def test_a_save_that_is_interrupted_leaves_the_old_state(tmp_path, monkeypatch):
    store.write(tmp_path, store.encode(store.Saved(cycle=7)))

    def killed(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(store.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        store.write(tmp_path, store.encode(store.Saved(cycle=8)))
    assert store.load(tmp_path)[0].cycle == 7


def test_a_plan_is_on_the_disk_before_its_intentions_leave(play, tmp_path):
    record = play([seen(2.0, "arrived")], 4.6, kill=True)
    saved, _ = store.load(tmp_path)
    assert record.intentions and saved.planner.intentions == len(record.intentions)
    assert {action.intention_id for action in saved.bank.actions} == {i.id for _, i in record.intentions}
    assert saved.scene.people["anna"].greeted
