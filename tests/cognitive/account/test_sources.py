"""From a sign back to the message that it was read off: by kind, by person, never from the future."""

from __future__ import annotations

from cognitive.account.sources import ORIGINS, WITHOUT, source_of
from cognitive.conditions import CONDITIONS
from cognitive.motivation.weights import WEIGHTS
from runtime import messages as m

S = 10**9


def look(at_s: float, who: str = "anna") -> m.PersonPercept:
    return m.PersonPercept(t_ns=round(at_s * S), state="present", person_id=who)


def words(at_s: float, who: str = "anna", end_s: float = 0.0) -> m.Turn:
    return m.Turn(
        t_ns=round(at_s * S), state="ended", speaker="user", turn_id="t", text="well", person_id=who, end_ns=round(end_s * S)
    )  # fmt: skip


def agent(at_s: float) -> m.Turn:
    return m.Turn(t_ns=round(at_s * S), state="ended", speaker="agent", turn_id="a", text="I see.")


def source(kind: str, at_s: float, *messages: m.Message, detail: str = "", begun_s: float = 100.0) -> m.Message | None:
    item = m.Evidence(round(at_s * S), kind, detail)
    return source_of(item, messages, "anna", round(begun_s * S), ("anna", "ben"))


def test_every_sign_of_the_weights_has_its_origin() -> None:
    signs = {sign for table in WEIGHTS.values() for sign in table if sign}
    assert signs - set(ORIGINS) - WITHOUT == set()
    waited_for = {name: text for name, (_, text) in CONDITIONS.items() if name not in ("person_gone", "agent_answered")}
    assert set(waited_for.values()) <= set(ORIGINS)


def test_the_kind_of_message_counts_not_the_nearest_one() -> None:
    seen = look(9.2)
    assert source("watches", 10.0, seen, words(9.9), agent(9.8)) is seen
    assert source("watches", 10.0, words(9.9)) is None


def test_what_comes_later_is_no_source() -> None:
    assert source("watches", 10.0, look(10.1)) is None
    before = look(9.0)
    assert source("watches", 10.0, before, look(10.01)) is before


def test_a_look_lasts_until_the_next_and_no_longer() -> None:
    assert source("watches", 10.0, look(6.0)) is None
    newest = look(9.5)
    assert source("watches", 10.0, look(8.0), newest) is newest


def test_it_is_the_persons_own() -> None:
    assert source("watches", 10.0, look(9.9, "ben")) is None
    other = look(9.9, "ben")
    assert source("others watch", 10.0, other, look(9.95, "anna")) is other
    unnamed = words(9.9, "")
    assert source("asks", 9.9, unnamed) is unnamed, "of whom nobody says who spoke"


def test_somebody_elses_deed_is_none_of_the_persons() -> None:
    bens = m.WorldEvent(t_ns=10 * S, text="Ben looks under the table")
    annas = m.WorldEvent(t_ns=10 * S, text="Anna looks under the table")
    assert source("is seen to search", 10.0, bens) is None
    assert source("is seen to search", 10.0, bens, annas) is annas


def test_what_the_agent_says_from_the_plans_beginning_on_comes_of_the_plan() -> None:
    said = agent(9.9)
    assert source("silence", 10.0, said, begun_s=10.0) is said
    assert source("silence", 10.0, agent(10.0), begun_s=10.0) is None


def test_a_silence_begins_with_the_end_of_the_words_not_with_the_decision() -> None:
    turn = words(10.6, end_s=10.0)
    assert source("silence", 10.0, turn) is turn


def test_a_promise_was_made_when_its_words_were_over() -> None:
    clause = m.AgentSpeech(t_ns=5 * S, state="started", response_id="r", text="I will remind you.", duration_ms=2_000.0)
    assert source("promise", 7.0, clause) is clause


def test_a_step_that_follows_another_rests_on_that_ones_end() -> None:
    done = m.IntentionAnswer(t_ns=8 * S, intention_id="i.3", state="finished")
    other = m.IntentionAnswer(t_ns=9 * S, intention_id="i.30", state="finished")
    assert source("after", 10.0, done, other, detail="i.3: finished", begun_s=5.0) is done


def test_what_only_says_that_time_has_passed_has_no_source() -> None:
    assert source("due", 10.0, words(10.0), look(10.0)) is None
    assert source("a sign of somebody's own", 10.0, words(10.0)) is None
