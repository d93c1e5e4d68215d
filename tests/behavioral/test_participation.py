"""Two people before the agent: it answers who talks to it and stays out of what they say to each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.messages import AnyMessage, BodyAct, MotionFrame
from runtime.settings import Profile, TurnSettings
from tests.behavioral.company import ANNA, BOB, Company, company, decisions, people_turns, side
from tests.behavioral.scene import agent_turns


def continuers(messages: list[AnyMessage]) -> list[BodyAct]:
    return [
        m for m in messages if isinstance(m, BodyAct) and (m.act == "continuer" or (m.act.startswith("nod_")))
    ]  # fmt: skip


def yaw_of(messages: list[AnyMessage], from_s: float, to_s: float) -> float:
    """Mean yaw of the eyes in a stretch of time; both eyes move together."""
    yaws = [
        m.eyes_rad[0] for m in messages if isinstance(m, MotionFrame) and from_s * NS_PER_S <= m.t_ns < to_s * NS_PER_S
    ]
    return sum(yaws) / len(yaws)


async def _echo(text: str) -> AsyncIterator[str]:
    yield f"You said: {text}."


def test_two_people_who_talk_to_each_other_are_left_to_it() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "we could eat at the place by the river", 2.5)
        await scene.wait(0.8)
        await scene.says(BOB, "that was closed when we came on sunday", 2.5)
        await scene.wait(6.0)
        assert not scene.conversation.user_has_spoken

    messages = company(script)
    assert agent_turns(messages) == []
    assert side(messages) == ["stay_out", "stay_out"]
    assert [(turn.text.split()[0], turn.person_id) for turn in people_turns(messages)] == [("we", ANNA), ("that", BOB)]
    assert all(turn.addressed is not None and turn.addressed < 0.2 for turn in people_turns(messages))
    assert continuers(messages) == []


def test_the_decision_says_on_what_it_rests() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "what is your name", 1.5)
        await scene.wait(4.0)

    (decision,) = decisions(company(script), "answer", "wait", "stay_out")
    assert (decision.decision, decision.person_id) == ("stay_out", ANNA)
    evidence = decision.evidence
    assert evidence["people"] == 2 and evidence["speaker"] > 0.8
    assert evidence["looks_log_odds"] < -1 and evidence["ends_on_log_odds"] < -0.5 and evidence["request_log_odds"] > 0


def test_one_who_turns_to_the_agent_and_asks_is_answered() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "we could eat at the place by the river", 2.5)
        await scene.wait(0.8)
        await scene.says(BOB, "what is your name", 1.5, "other", "agent")
        await scene.wait(5.0)

    messages = company(script)
    (answer,) = agent_turns(messages)
    assert "Ada" in answer.text
    assert side(messages) == ["stay_out", "answer"]
    asked = people_turns(messages)[1]
    assert asked.person_id == BOB and asked.addressed is not None and asked.addressed > 0.8
    assert (answer.start_ns - asked.end_ns) / NS_PER_MS < 450, "as soon as with one person"


def test_who_says_the_agents_name_while_looking_away_is_answered() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "ada what can you do", 2.0, "away")
        await scene.wait(5.0)

    messages = company(script)
    assert len(agent_turns(messages)) == 1
    assert side(messages) == ["answer"]


def test_where_it_is_unsure_another_person_may_take_the_turn_first() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "I wonder where one could eat", 2.0, "away")
        await scene.wait(0.9)
        await scene.says(BOB, "at the place by the river", 1.5, "other")
        await scene.wait(6.0)

    messages = company(script)
    assert agent_turns(messages) == []
    assert side(messages) == ["wait", "stay_out", "stay_out"]
    asked, answered = decisions(messages, "stay_out")
    assert (asked.person_id, asked.evidence["taken"]) == (ANNA, 1.0)
    assert answered.person_id == BOB


def test_and_the_agent_answers_if_nobody_does() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "I wonder where one could eat", 2.0, "away")
        await scene.wait(0.8)
        assert scene.conversation.busy, "the opening and proactive acts wait as well"
        await scene.wait(6.0)

    messages = company(script)
    assert side(messages) == ["wait", "answer"]
    waited, answered = decisions(messages, "wait", "answer")
    assert (answered.t_ns - waited.t_ns) / NS_PER_MS == TurnSettings().others_first_ms
    assert len(agent_turns(messages)) == 1


def test_how_long_it_waits_is_a_setting() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "I wonder where one could eat", 2.0, "away")
        await scene.wait(6.0)

    messages = company(script, Profile(turns=TurnSettings(others_first_ms=3_000.0)))
    waited, answered = decisions(messages, "wait", "answer")
    assert (answered.t_ns - waited.t_ns) / NS_PER_MS == 3_000.0


def test_a_cough_takes_no_turn() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "I wonder where one could eat", 2.0, "away")
        await scene.wait(0.8)
        await scene.says(BOB, "", 0.2)
        await scene.wait(6.0)

    messages = company(script)
    assert side(messages) == ["wait", "answer"]
    assert len(agent_turns(messages)) == 1


def test_who_goes_on_during_the_wait_is_answered_to_all_of_it() -> None:
    async def script(scene: Company) -> None:
        scene.answer_by(_echo)
        await scene.says(ANNA, "I wonder where one could eat", 2.0, "away")
        await scene.wait(0.8)
        await scene.says(ANNA, "near the river", 1.2, "agent")
        await scene.wait(6.0)

    messages = company(script)
    (answer,) = agent_turns(messages)
    assert answer.text == "You said: I wonder where one could eat near the river."
    assert side(messages) == ["wait", "answer"]


def test_an_answer_that_talk_between_people_cut_off_before_it_was_heard_is_still_given() -> None:
    async def slow(text: str) -> AsyncIterator[str]:
        await asyncio.sleep(2.0)
        yield f"You said: {text}."

    async def script(scene: Company) -> None:
        scene.answer_by(slow)
        await scene.says(ANNA, "are you open today", 1.2, "agent")
        await scene.wait(0.6)
        await scene.says(BOB, "did you bring the money with you", 1.5, "other")
        await scene.wait(8.0)

    messages = company(script)
    assert side(messages) == ["answer", "stay_out"]
    (answer,) = agent_turns(messages)
    assert answer.text == "You said: are you open today."


def test_what_people_said_to_each_other_is_remembered_as_such() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "we could eat at the place by the river", 2.5)
        await scene.wait(2.0)
        heard = scene.replies._history.turns
        assert [(turn.role, turn.content) for turn in heard] == [
            ("user", "(to somebody else: we could eat at the place by the river)")
        ]

    company(script)


def test_nothing_is_prepared_for_a_turn_between_people() -> None:
    prepared = []

    async def script(scene: Company) -> None:
        prepare = scene.replies.prepare
        scene.replies.prepare = lambda text: (prepared.append(text), prepare(text))[1]  # type: ignore[method-assign,func-returns-value]
        await scene.says(ANNA, "what is your name", 1.5, "other")
        await scene.wait(4.0)
        await scene.says(ANNA, "what can you do", 1.5, "agent")
        await scene.wait(4.0)

    company(script)
    assert prepared == ["what can you do"]


def test_the_agent_looks_at_whoever_speaks() -> None:
    async def script(scene: Company) -> None:
        await scene.wait(1.0)
        await scene.says(ANNA, "we could eat at the place by the river", 4.0)
        await scene.wait(0.8)
        await scene.says(BOB, "that was closed when we came on sunday", 4.0)
        await scene.wait(3.0)

    messages = company(script)
    at_anna, at_bob = yaw_of(messages, 3.0, 5.0), yaw_of(messages, 8.5, 10.0)
    assert at_anna > at_bob + 0.2, "Anna is to the agent's left"
