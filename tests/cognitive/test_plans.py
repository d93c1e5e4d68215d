"""Plans of several steps: how they unfold, are revised, taken back, and go on where the body cannot do a part."""

from __future__ import annotations

import itertools

import pytest

from cognitive.memory import store
from cognitive.motivation.experience import REFUSALS
from cognitive.plan import Plan, PlannedStep
from runtime import messages as m
from runtime.clock import NS_PER_S
from tests.cognitive.scenes.script import arrives, greeted, leaves, replies, says


@pytest.fixture
def fresh(play, tmp_path):
    """Play with an empty memory each time."""
    count = itertools.count()

    def run(script, duration_s):
        folder = tmp_path / str(next(count))
        folder.mkdir()
        return play(script, duration_s, answers="faithful", state_dir=folder)

    return run


def voice(t_s, length_s):
    return [(t_s, m.UserSpeech(state="started")), (t_s + length_s, m.UserSpeech(state="ended"))]


def sad(t_s=20.0):
    """Words that ask for comfort, met by the fast system with a mere 'I see'."""
    return greeted() + says(t_s, "I feel so sad today, my dog died") + replies(t_s + 2.0, "I see.")


def seen_at(yaw_rad, *, from_s, until_s, distance_m=1.2):
    percepts = []
    t_s = from_s
    while t_s < until_s:
        where = m.PersonPercept(
            state="present",
            person_id="anna",
            box=(0.4, 0.3, 0.2, 0.3),
            bearing_rad=(yaw_rad, 0.0),
            distance_m=distance_m,
        )
        percepts.append((t_s, where))
        t_s += 1.0
    return percepts


def test_a_later_step_comes_when_what_it_waits_for_has_come(fresh):
    comfort = fresh(sad(), 40.0).of("dialogue", "emotional_need")
    said_s = comfort[0][0]
    record = fresh(sad() + voice(said_s + 4.0, 3.0), 45.0)
    looks = record.of("gaze", "emotional_need")
    assert len(looks) == 2, "one with the words, one when the person tells more"
    assert said_s + 4.0 <= looks[1][0] <= said_s + 5.0
    words = next(one for _, one in record.of("dialogue", "emotional_need"))
    waited = [(item.kind, item.detail) for item in looks[1][1].evidence[:2]]
    assert waited == [("after", f"{words.id}: finished"), ("when", "the person speaks")]
    assert looks[1][1].evidence[2:] == looks[0][1].evidence, "it rests on what its plan rests on"
    assert looks[1][1].plan_id == looks[0][1].plan_id == words.plan_id != ""


def test_what_never_comes_is_no_longer_waited_for(fresh, tmp_path):
    record = fresh(sad(), 60.0)
    assert len(record.of("gaze", "emotional_need")) == 1
    assert store.load(tmp_path / "0")[0].planner.running == []


def test_a_question_is_dropped_when_the_person_begins_to_speak(fresh):
    free = fresh(greeted(), 40.0).of("dialogue", "conversation_state")
    asked_s, question = free[0]
    record = fresh(greeted() + voice(asked_s + 0.05, 8.0), 60.0)
    (same_s, sent), *_ = record.of("dialogue", "conversation_state")
    assert (same_s, sent.id) == (asked_s, question.id), "sent just before the person spoke"
    assert "cancelled" in record.ends(sent.id) and sent.id not in record.executed
    (cancelled_s, _, reason), *_ = [each for each in record.cancelled if each[1] == sent.id]
    assert reason == "the person speaks" and cancelled_s <= asked_s + 0.6


def test_a_greeting_waits_no_longer_once_the_fast_system_has_greeted(fresh):
    record = fresh(arrives(2.0, until_s=20.0), 6.0)
    greet_s = record.said()[0][0]
    script = arrives(2.0, until_s=20.0) + voice(greet_s + 0.1, 1.0) + replies(greet_s + 1.5, "Hello! Good to see you.")
    both = fresh(script, 20.0)
    assert len([i for i in both.executed if i in {x.id for _, x in both.of("dialogue")}]) == 0
    assert len(both.cancelled) >= 1


def test_the_look_follows_a_person_who_moves(fresh):
    still = fresh(sad(), 40.0)
    said_s = still.of("dialogue", "emotional_need")[0][0]
    record = fresh(sad() + seen_at(0.6, from_s=said_s + 1.2, until_s=40.0), 40.0)
    (_, first), (again_s, anew), *more = record.of("gaze", "emotional_need")
    assert not more and again_s <= said_s + 2.0
    assert anew.target.direction_rad == (0.6, 0.0) != first.target.direction_rad
    assert anew.id != first.id and anew.parameters["duration_s"] == pytest.approx(6.0 - (again_s - said_s), abs=0.3)


def test_the_rest_is_dropped_when_the_person_leaves(fresh):
    said_s = fresh(sad(), 40.0).of("dialogue", "emotional_need")[0][0]
    gone_s = said_s + 2.5
    record = fresh(greeted(until_s=gone_s) + sad()[len(greeted()) :] + leaves(gone_s) + voice(gone_s + 2.0, 2.0), 45.0)
    assert len(record.of("gaze", "emotional_need")) == 1


def test_cheer_is_taken_back_when_the_person_turns_out_sad(fresh):
    glad = greeted() + says(20.0, "we won the match, I am so happy") + replies(22.0, "I see.")
    said_s, _ = fresh(glad, 40.0).of("dialogue", "emotional_need")[0]
    tears = [(said_s + 0.4, m.AffectPercept(valence=-0.9, arousal=0.2, confidence=0.9, cues=("voice",)))]
    smiles = [
        (said_s + 0.5 * k, m.PersonPercept(state="present", person_id="anna", box=(0.4, 0.3, 0.2, 0.3), valence=-0.7))
        for k in range(1, 6)
    ]
    record = fresh(glad + tears + smiles, 40.0)
    (_, beam), *_ = record.of("expression", "emotional_need")
    assert record.ends(beam.id)[-1] == "cancelled"


def test_a_body_that_cannot_walk_does_the_rest_and_is_asked_no_more(fresh, tmp_path):
    far = [
        (t + 0.3, m.PersonPercept(state="present", person_id="anna", box=(0.4, 0.3, 0.1, 0.1), distance_m=2.2))
        for t in range(6, 60)
    ]
    record = fresh(sad() + far, 40.0)
    (_, walk), *_ = record.of("locomotion", "emotional_need")
    assert walk.label == "approach" and walk.parameters["distance_m"] == 1.5
    assert record.ends(walk.id) == ["rejected"]
    (_, words), *_ = record.of("dialogue", "emotional_need")
    assert record.ends(words.id)[-1] == "finished"
    saved = store.load(tmp_path / "0")[0]
    assert saved.experience.refusals["locomotion/approach"].in_a_row >= 1
    for _ in range(REFUSALS):
        saved.experience.refused("locomotion/approach", "this body cannot walk", 100 * NS_PER_S)
    assert not saved.experience.possible("locomotion/approach", 101 * NS_PER_S)
    assert "the body cannot: locomotion/approach" in saved.experience.text()


def test_of_what_was_judged_only_that_is_sent_which_passed_and_as_it_passed():
    steps = [PlannedStep(index=k, state="sent", intention=m.Intention(id=f"i{k}", kind="gaze")) for k in range(3)]
    plan = Plan(number=1, act="comfort", trigger="t", person_id="", priority=5, begun_ns=0, steps=steps)
    plan.keep({"i0", "i1"}, [m.Intention(id="i1", kind="gaze", strength=0.2)], "safety: touch")
    assert [(step.state, step.reason) for step in steps] == [("dropped", "safety: touch"), ("sent", ""), ("sent", "")]
    assert [(i.id, i.strength) for i in plan.intentions] == [("i1", 0.2), ("i2", 1.0)]


def test_a_gesture_comes_at_a_word_of_what_is_said(fresh):
    record = fresh(sad(), 40.0)
    (_, hand), *_ = record.of("gesture", "emotional_need")
    (_, words), *_ = record.of("dialogue", "emotional_need")
    assert hand.timing.when == "at_word" and hand.timing.word.lower() in words.content.lower()
