"""A page that joins late knows the conversation, however much has passed since."""

from __future__ import annotations

import asyncio

import pytest

from avatar.memory import EVENTS_MAX, PEOPLE_MAX, Memory
from avatar.outbox import EVENT_DEPTH
from runtime import messages as m
from runtime.codec import decode, encode
from tests.avatar.support import House, Page, with_house


def remember(memory: Memory, *messages: m.Message) -> None:
    for message in messages:
        memory.take(message, encode(message))


def test_an_hour_of_percepts_words_and_frames_pushes_no_turn_out() -> None:
    memory = Memory()
    turn = m.Turn(state="ended", speaker="user", turn_id="t", text="the first thing said")
    intention = m.Intention(id="i", kind="gesture", label="wave")
    remember(memory, turn, intention)
    for second in range(3_600):
        remember(
            memory,
            m.PersonPercept(state="present", person_id="p", t_ns=second),
            m.Word(op="add", unit_id=str(second), text="word"),
            m.CognitiveCycle(cycle=second, duration_ms=1),
            m.BodyAct(state="started", act="blink", act_id=str(second)),
            m.UserSpeech(state="started"),
            m.Heartbeat(pid=1, source="behavioral"),
        )
    assert [decode(payload) for payload in memory.events] == [turn, intention]
    states = [decode(payload) for payload in memory.states]
    assert {type(state): state for state in states}[m.PersonPercept].t_ns == 3_599, "the newest only"
    assert len(states) == 3


def test_what_was_only_planned_is_not_shown_as_said() -> None:
    memory = Memory()
    said = m.AgentSpeech(state="started", response_id="r", text="Hello")
    cut = m.AgentSpeech(state="interrupted", response_id="r", heard="Hel")
    remember(memory, m.AgentSpeech(state="planned", response_id="r", text="Hello"), said, cut)
    remember(memory, m.Turn(state="started", speaker="agent", turn_id="t"))
    assert [decode(payload) for payload in memory.events] == [said, cut]


def test_people_events_and_rooms_are_bounded_and_the_newest_stay() -> None:
    memory = Memory()
    for number in range(1_000):
        remember(
            memory,
            m.PersonPercept(state="arrived", person_id=f"p{number}"),
            m.TypedText(text=f"line {number}"),
            m.SessionControl(action="start", source="behavioral"),
        )
    people = [p.person_id for payload in memory.states if isinstance(p := decode(payload), m.PersonPercept)]
    assert people == [f"p{number}" for number in range(1_000 - PEOPLE_MAX, 1_000)]
    assert len(memory.events) == EVENTS_MAX and b"line 999" in memory.events[-1]
    assert len(memory.events) + len(memory.states) < EVENT_DEPTH / 1.5, "a joining page is not overrun"


@pytest.mark.parametrize("state", ["present", "left"])
def test_a_page_that_joins_late_sees_who_is_there_before_the_history(state: str) -> None:
    async def test(house: House) -> None:
        for number in range(3):
            house.agent.publish(m.PersonPercept(state="present", person_id="p", t_ns=number))
        house.agent.publish(m.PersonPercept(state=state, person_id="p", t_ns=9))  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        async with house.connect() as socket:
            page = Page(socket)
            assert (await page.next())["type"] == "hello"
            percept = await page.next()
            assert (percept.state, percept.t_ns) == (state, 9)
            assert (await page.next())["type"] == "history"

    with_house(test)


def test_heartbeats_reach_the_page_only_when_a_rooms_health_changes() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            for status, detail in [("ok", ""), ("degraded", "no voice"), ("ok", "")]:
                for rss in range(20):
                    beat = m.Heartbeat(pid=1, status=status, detail=detail, rss_mb=rss)  # type: ignore[arg-type]
                    house.agent.publish(beat)
                got = await page.until(m.Heartbeat)
                assert (got.status, got.detail, got.rss_mb) == (status, detail, 0), "the first of the change"
            house.agent.publish(m.VadFrame(probability=0.5, speaking=True))
            house.agent.publish(m.UserSpeech(state="ended"))
            assert isinstance(await page.until(m.Message), m.UserSpeech), "and nothing in between"

    with_house(test)
