"""The room as a process: early cycles, floods, faults, and what stops it from starting."""

from __future__ import annotations

import pytest

from cognitive.reasoners.embedded import EmbeddedReasoner
from runtime import messages as m
from runtime.errors import AttuneError
from runtime.settings import CognitiveSettings


def arrival(t_s, person="anna"):
    return (t_s, m.PersonPercept(state="arrived", person_id=person, box=(0.4, 0.3, 0.2, 0.3)))


def test_cycles_keep_their_grid_beside_early_ones(play):
    record = play([arrival(2.13)], 10.0)
    times = [cycle.t_ns / 1e9 for cycle in record.cycles]
    early = [t for t in times if abs(t * 2 - round(t * 2)) > 1e-6]
    assert [round(t, 3) for t in early] == [2.18]
    assert len(times) - len(early) in (19, 20)


def test_a_long_cycle_time_still_warns_at_once(play):
    fire = (2.5, m.WorldEvent(text="The curtain is on fire", kind="hazard"))
    record = play([arrival(2.0), fire], 6.0, settings=CognitiveSettings(cycle_s=5.0))
    assert record.said()[0][0] <= 2.7


def test_a_flood_of_events_neither_spins_nor_swells_the_room(play):
    flood = [(2.0 + k * 1e-6, m.PersonPercept(state="arrived", person_id=f"p{k % 300}")) for k in range(4_000)]
    record = play([*flood, *[(3.0 + k * 0.01, arrival(0)[1]) for k in range(300)]], 8.0)
    assert len(record.cycles) <= 16 + 5 / 0.1
    assert record.counters["memory_bytes"] <= CognitiveSettings().memory_bytes_max
    assert "cycles_failed" not in record.counters


def test_events_beyond_the_bound_of_one_cycle_push_out_the_oldest_and_are_counted(play, monkeypatch):
    monkeypatch.setattr("cognitive.process.WAITING_MAX", 10)
    flood = [(1.1 + k * 1e-6, m.Word(op="commit", unit_id=str(k), text="so")) for k in range(50)]
    assert play(flood, 3.0).counters["messages_lost"] == 40


def test_a_failing_cycle_is_counted_and_the_next_one_runs(play, monkeypatch):
    good, calls = EmbeddedReasoner.assess, []

    async def assess(self, situation, bank):
        calls.append(1)
        if len(calls) == 2:
            raise ZeroDivisionError
        return await good(self, situation, bank)

    monkeypatch.setattr(EmbeddedReasoner, "assess", assess)
    record = play([arrival(2.0)], 5.0)
    assert record.counters["cycles_failed"] == 1 and record.status["status"] == "degraded" and len(record.said()) == 1


def test_a_voice_alone_is_not_greeted(play):
    assert play([(2.0, m.UserSpeech(state="started")), (2.5, m.UserSpeech(state="ended"))], 8.0).intentions == []


def test_a_disabled_room_returns_at_once(play):
    assert play([arrival(0.5)], 3.0, settings=CognitiveSettings(enabled=False)).cycles == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (CognitiveSettings(persona="nobody"), "no persona 'nobody'"),
        (CognitiveSettings(thresholds={"emotional_needs": 0.5}), "did you mean 'emotional_need'"),
    ],
)
def test_what_the_user_must_mend_is_said_at_the_start(play, settings, words):
    with pytest.raises(AttuneError, match=words):
        play([], 1.0, settings=settings)


def test_answers_to_others_and_answers_that_come_twice_change_nothing(play):
    answers = [
        (3.0, m.IntentionAnswer(intention_id=name, state=state))
        for name in ("intention-c1.1", "operator-1")
        for state in ("rejected", "rejected", "accepted")
    ]
    record = play([arrival(2.0), *answers], 12.0)
    assert len(record.said()) == 1 and "rejected" not in record.cycles[-1].memory["actions"]


def test_two_pages_are_one_viewer_and_one_closing_is_no_departure(play):
    pages = [
        (1.0, m.Viewer(state="joined", viewer_id="a")),
        (1.5, m.Viewer(state="joined", viewer_id="b")),
        (4.0, m.Viewer(state="left", viewer_id="a")),
        (40.0, m.Viewer(state="joined", viewer_id="a")),
    ]
    hellos = [text for _, text in play(pages, 45.0).said() if text.startswith(("Hello", "Hi"))]
    assert len(hellos) == 1


def test_who_comes_up_is_greeted_and_who_goes_on_waiting_is_offered_help(play):
    def face(t_s, distance_m, target, state="present"):
        percept = m.PersonPercept(
            state=state,
            person_id="anna",
            box=(0, 0, 0.1, 0.1),
            distance_m=distance_m,
            gaze_target=target,
            gaze_confidence=0.8,
        )
        return (t_s, percept)

    faces = [face(0.2, 2.5, "object", "arrived"), *(face(t, 2.5, "object") for t in range(1, 40))]
    faces += [face(t, 0.9, "agent") for t in range(40, 90)]
    record = play(faces, 90.0)
    (greeted_s, _), *_ = record.of("dialogue", "social_protocol")
    (offered_s, _), *_ = record.of("dialogue", "user_intent")
    assert 42.0 <= greeted_s <= 46.0 and greeted_s + 8.0 <= offered_s <= 80.0
