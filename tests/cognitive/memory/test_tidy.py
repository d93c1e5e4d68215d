"""The file stays within its budget over days and years, by a stated rule, and what matters stays longest."""

from __future__ import annotations

import re

import pytest

from cognitive.memory.bank import Bank, Note
from cognitive.memory.episodes import GROUP, Draft, tidy
from cognitive.memory.promises import Promise, Promises
from runtime import messages as m
from runtime.settings import CognitiveSettings, LongTermSettings
from tests.cognitive.memory.conftest import DAY_S, T0, met, somebody, tell

FACE = (0.4, 0.3, 0.2, 0.3)


def year(memory, person, days=300):
    """A dull year, but for a wedding every fifty days."""
    for day in range(days):
        wedding = day % 50 == 0
        text = f"said: day {day}, " + ("what a wedding" if wedding else "nothing much happened ") * 8
        met(memory, person, text, T0 + day * DAY_S, importance=0.9 if wedding else 0.3)


def test_within_the_budget_nothing_goes(memory):
    year(memory, somebody(memory), 10)
    assert tidy(memory, 16 << 20, T0) == 0


def test_old_dull_episodes_become_summaries_and_what_mattered_stays_longest(memory):
    anna = somebody(memory)
    tell(memory, anna, "I live in Berlin")
    year(memory, anna, 1_200)
    before = memory.size_bytes()
    budget = round(0.8 * before)
    assert tidy(memory, budget, T0 + 1_200 * DAY_S) > 0
    assert memory.size_bytes() <= budget
    rows = memory.connection.execute("SELECT kind, text FROM entries ORDER BY at_s").fetchall()
    assert any(kind == "summary" and f"{GROUP} encounters, mostly calm" in text for kind, text in rows)
    weddings = {day for _, text in rows for day in re.findall(r"day (\d+), what a wedding", text)}
    assert weddings == {str(day) for day in range(0, 1_200, 50)}, "no wedding is lost"
    assert all(kind == "episode" for kind, _ in rows[-40:]), "the newest are whole"
    assert memory.connection.execute("SELECT sum(encounters) FROM episodes").fetchone() == (1_200,), (
        "and each is counted"
    )


def test_however_small_the_budget_facts_go_last_and_consents_and_open_promises_never(memory):
    anna = somebody(memory)
    tell(memory, anna, "I live in Berlin")
    promises = Promises(memory, memory)
    promises.make(Promise("open", anna, "t", "x", T0, T0))
    promises.make(Promise("old", anna, "t", "x", T0, T0))
    promises.settle("old", "kept", T0)
    year(memory, anna, 60)
    tidy(memory, 1, T0 + 90 * DAY_S)
    assert memory.connection.execute("SELECT count(*) FROM entries").fetchone() == (0,)
    assert memory.connection.execute("SELECT id, person FROM promises").fetchall() == [("open", anna)]
    assert len(memory.people()) == 1
    assert memory.connection.execute("SELECT state FROM consents").fetchall() == [("given",)]


def test_facts_that_hold_no_more_go_before_any_episode(memory):
    anna = somebody(memory)
    for k in range(600):
        tell(memory, anna, f"I live in town number {k}x", T0 + k)
    year(memory, anna, 20)
    tidy(memory, memory.size_bytes() - 4_096, T0)
    kinds = dict(memory.connection.execute("SELECT kind, count(*) FROM entries GROUP BY kind").fetchall())
    assert kinds["episode"] == 20 and kinds["fact"] < 600
    assert memory.connection.execute("SELECT value FROM facts JOIN entries ON id = entry WHERE active").fetchall() == [
        ("town number 599x",)
    ]


def test_three_people_over_three_years_keep_the_file_flat(memory):
    budget = 1 << 18
    people = [somebody(memory, name, at_s=T0 + k) for k, name in enumerate("ABC")]
    sizes = []
    for block in range(12):
        for k, person in enumerate(people):
            for day in range(90):
                at_s = T0 + (block * 90 + day) * DAY_S + k * 3_600
                met(
                    memory,
                    person,
                    f"said: on day {day} of block {block} " + "we talked about this and that " * 10,
                    at_s,
                    importance=0.3 + 0.1 * (day % 5),
                )
        tidy(memory, budget, T0 + (block + 1) * 90 * DAY_S)
        memory.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sizes.append((memory.size_bytes(), memory.path.stat().st_size))
    assert all(used <= budget for used, _ in sizes)
    assert max(size for _, size in sizes[4:]) <= max(size for _, size in sizes[:4]) * 1.25, "freed pages are used again"
    assert memory.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_draft_keeps_what_mattered_in_the_order_in_which_it_happened():
    bank, draft = Bank(), Draft(began_ns=100, last_ns=100)
    for k in range(40):
        bank.person("t", 0).notes.append(
            Note(t_ns=k * 10, text=f"said: line {k}", importance=0.8 if k in (12, 30) else 0.4)
        )
        draft.take(bank, "t", 0)
    draft.take(bank, "t", 0)
    lines = draft.text.split("; ")
    assert len(lines) == 12 and "said: line 12" in lines and "said: line 30" in lines and lines[-1] == "said: line 39"
    assert "said: line 9" not in lines, "before this encounter"
    assert draft.importance == pytest.approx(0.64)


@pytest.mark.slow
@pytest.mark.computing
def test_a_simulated_day_of_three_people_keeps_state_and_file_flat(play, tmp_path):
    """Each comes every hour for four minutes, says new things, and is known by a recogniser."""
    settings = CognitiveSettings(
        cycle_s=20.0, long_term=LongTermSettings(folder=str(tmp_path / "memory"), bytes_max=1 << 18)
    )
    script = []
    for visit in range(24):
        for k, name in enumerate("abc"):
            start = visit * 3_600.0 + k * 300.0
            script += [
                (
                    start + s,
                    m.PersonPercept(state="arrived" if s == 0 else "present", person_id=f"{name}{visit}", box=FACE),
                )
                for s in range(0, 240, 10)
            ]
            script.append((start + 1.0, m.PersonIdentity(person_id=f"{name}{visit}", known_as=f"face-{name}")))
            if visit == 0:
                script.append((start + 2.0, m.MemoryConsent(state="given", person_id=f"{name}{visit}")))
            for line in range(12):
                text = f"I live in town {visit}x{line} and I like thing {visit}x{line} very much, " + "so it goes " * 8
                script.append(
                    (
                        start + 5.0 + 15 * line,
                        m.Turn(
                            state="ended",
                            speaker="user",
                            turn_id=f"t{visit}-{k}-{line}",
                            text=text,
                            person_id=f"{name}{visit}",
                        ),
                    )
                )
            script.append((start + 240.0, m.PersonPercept(state="left", person_id=f"{name}{visit}")))
    sizes: list[tuple[int, int]] = []

    def look() -> None:
        files = sum(path.stat().st_size for path in (tmp_path / "memory").iterdir())
        sizes.append((files, (tmp_path / "cognitive-memory.json").stat().st_size))

    script += [(visit * 3_600.0 + 1_500.0, look) for visit in range(24)]
    record = play(script, 86_400.0, settings=settings, answers="silent")
    assert record.counters.get("memory_long_term_failures", 0) == 0 and record.counters["memory_entries_let_go"] > 0
    files, states = zip(*sizes, strict=True)
    assert max(files[12:]) <= max(files[:12]) * 1.1 and max(files) < (1 << 18) * 2 + (2 << 20)
    assert max(states[12:]) <= max(states[:12]) * 1.1
