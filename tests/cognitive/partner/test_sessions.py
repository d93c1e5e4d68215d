"""Simulated people with the whole agent on virtual time: reproducible, without a crash, a double greeting or a stuck plan."""

from __future__ import annotations

import msgspec
import pytest

from cognitive.partner.person_file import people_names
from cognitive.partner.sessions import jobs, run_all, run_one
from runtime.errors import AttuneError


def plain(outcome):
    """The outcome without what depends on the machine."""
    return {k: v for k, v in msgspec.to_builtins(outcome).items() if k not in ("wall_s", "rss_mb")}


@pytest.fixture(scope="module")
def ben_twice():
    return [run_one(jobs(["ben"], 1, 4, "words", "", ())[0]) for _ in range(2)]


def test_a_person_gets_what_they_want_of_the_whole_agent(ben_twice):
    ben = ben_twice[0]
    assert ben.error == "" and ben.goals_reached == ben.goals == 1
    assert ben.answered >= 1 and 0.2 < ben.mean_answer_s < 1.5 and ben.intentions_stuck == 0


def test_a_session_is_determined_by_its_seed(ben_twice):
    assert plain(ben_twice[0]) == plain(ben_twice[1])
    other = run_one(jobs(["ben"], 1, 5, "words", "", ())[0])
    assert {**plain(other), "seed": 0} != {**plain(ben_twice[0]), "seed": 0}


def test_people_take_turns_and_each_session_has_its_own_seed():
    work = jobs(["a", "b"], 5, 1, "words", "", ())
    assert [job.person for job in work] == ["a", "b", "a", "b", "a"]
    assert len({job.seed for job in work}) == 5


def test_a_wrong_person_is_said_and_not_counted_as_a_failed_session():
    with pytest.raises(AttuneError, match="there is no person 'nobody'"):
        run_one(jobs(["nobody"], 1, 1, "words", "", ())[0])


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.timeout(600)
def test_fifty_sessions_without_a_crash_a_double_greeting_or_a_stuck_plan_and_memory_stays_bounded():
    work = jobs(people_names(), 50, 11, "words", "", ("cognitive.memory_bytes_max=16384",))
    outcomes = list(run_all(work, 2))
    assert [outcome.session for outcome in outcomes] == list(range(50))
    assert [outcome.error for outcome in outcomes] == [""] * 50
    assert sum(outcome.double_greetings for outcome in outcomes) == 0
    assert sum(outcome.intentions_stuck for outcome in outcomes) == 0
    assert all(outcome.ended != "was taken out" for outcome in outcomes)
    assert max(outcome.memory_bytes_max for outcome in outcomes) <= 16_384
    early, late = (max(outcome.rss_mb for outcome in part) for part in (outcomes[6:20], outcomes[-14:]))
    assert late <= early + 40.0, "a process that ran 25 sessions is hardly larger than after the first ones"
    assert sum(outcome.initiatives for outcome in outcomes) > 20
    assert sum(outcome.goals_reached for outcome in outcomes) / sum(outcome.goals for outcome in outcomes) > 0.7


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.timeout(300)
def test_the_same_person_is_heard_by_voice_through_the_agents_own_ears():
    ben = run_one(jobs(["ben"], 1, 4, "voice", "", ())[0])
    assert ben.error == "" and ben.level == "voice"
    assert ben.turns >= 1 and ben.answered >= 1
