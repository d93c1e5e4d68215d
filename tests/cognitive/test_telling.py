"""What the slow process tells the one who talks, by the wire only."""

from __future__ import annotations

from itertools import pairwise

from runtime import messages as m
from tests.cognitive.conftest import Record


def arrival(t_s, person="anna"):
    return (t_s, m.PersonPercept(state="arrived", person_id=person, box=(0.4, 0.3, 0.2, 0.3)))


def present(from_s, to_s, person="anna"):
    return [
        (t, m.PersonPercept(state="present", person_id=person, box=(0.4, 0.3, 0.2, 0.3))) for t in range(from_s, to_s)
    ]


def test_the_persona_is_told_at_once(play):
    told = play([], 2.0).knowledge
    assert told[0].persona.startswith("Ada. A friendly host")
    assert told[0].t_ns <= 1e9
    assert told[0].person == "" and told[0].facts == ()


def test_a_fact_from_the_dialogue_is_remembered_and_told(play):
    record: Record = play([arrival(1.0), *present(2, 8), (3.0, m.Fact(text="likes green tea"))], 8.0)
    assert record.knowledge[-1].facts[-1] == "likes green tea"
    first = next(k for k in record.knowledge if "likes green tea" in k.facts)
    assert 3.0 <= first.t_ns / 1e9 <= 3.6, "with the next cycle"
    assert "likes green tea" in record.cycles[-1].memory["user"]


def test_a_fact_that_comes_again_is_told_once(play):
    again = [(3.0, m.Fact(text="likes tea")), (4.0, m.Fact(text="has a dog")), (5.0, m.Fact(text="Likes tea"))]
    record = play([arrival(1.0), *present(2, 8), *again], 8.0)
    assert record.knowledge[-1].facts[-2:] == ("has a dog", "Likes tea")


def test_facts_belong_to_their_person(play):
    facts = [(3.0, m.Fact(text="is a pilot", person_id="bert")), (4.0, m.Fact(text="sings", person_id="anna"))]
    record = play([arrival(1.0), *present(2, 8), *facts], 8.0)
    assert record.knowledge[-1].facts == ("sings",)


def test_nothing_is_told_without_news_but_for_those_who_come_later(play):
    times = [k.t_ns / 1e9 for k in play([], 35.0).knowledge]
    assert [round(later - earlier, 3) for earlier, later in pairwise(times)] == [10.0, 10.0, 10.0]


def test_who_is_there_and_what_happens_is_told(play):
    told = play([arrival(1.0), *present(2, 6)], 6.0).knowledge[-1]
    assert told.person.startswith("one person, whom you meet for the first time")
    assert "anna came" in told.situation


def test_a_flood_of_facts_is_bounded(play):
    flood = [(2.0 + k * 1e-3, m.Fact(text=f"fact {k} " + "x" * 280)) for k in range(500)]
    record = play([arrival(1.0), *present(2, 8), *flood], 8.0)
    assert len(record.knowledge[-1].facts) <= 16
    assert record.counters["memory_bytes"] <= 16_384
    assert record.knowledge[-1].facts[-1].startswith("fact 499 ")


def test_facts_outlive_a_restart(play):
    play([arrival(1.0), *present(2, 5), (3.0, m.Fact(text="likes green tea"))], 5.0, kill=True)
    told = play([], 1.0, start_s=6.0).knowledge
    assert told[0].facts[-1] == "likes green tea"
