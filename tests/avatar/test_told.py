"""What pages are told of the agent's thoughts: enough to show them, nothing that grows, nothing that is the dialogue's own."""

from __future__ import annotations

import pytest

from avatar.console.server import END_REASON
from avatar.memory import Memory, state_key
from avatar.told import OPERATORS, SPANS, ToldToPages
from avatar.told import TRIGGER as OPERATORS_TRIGGER
from behavioral.operator.channels import CONDITION, HELD, STOPPED, TRIGGER
from runtime import messages as m
from tests.avatar.support import House, Page, heard, with_house


@pytest.mark.parametrize("name", sorted(SPANS))
def test_how_long_an_answer_took_is_told(name: str) -> None:
    span = m.Span(name=name, duration_ms=1.0)
    assert ToldToPages().told(span) is span


def test_other_spans_of_the_house_are_not() -> None:
    assert ToldToPages().told(m.Span(name="vad_frame", duration_ms=1.0)) is None


def test_a_cycle_comes_without_the_agents_whole_memory() -> None:
    scores = (m.TriggerScore("safety", 0.1, 0.5),)
    told = ToldToPages().told(m.CognitiveCycle(cycle=3, duration_ms=1.0, scores=scores, memory={"transcript": "said"}))
    assert isinstance(told, m.CognitiveCycle)
    assert (told.cycle, told.scores, told.memory) == (3, scores, {})


def test_knowledge_comes_without_the_dialogues_instructions() -> None:
    told = ToldToPages().told(m.Knowledge(persona="Ada. Be kind.", manner="brief", facts=("has a dog",)))
    assert told == m.Knowledge(facts=("has a dog",))


def test_nothing_tells_that_a_person_stands_behind_the_agent() -> None:
    telling = ToldToPages()
    asked = m.Intention(id="act-1", kind="dialogue", content="I am the wizard", trigger="operator")
    own = m.Intention(id="intention-1", kind="dialogue", content="Hello!", trigger="social_protocol")
    assert telling.told(asked) is None
    assert telling.told(own) is own
    for state in ("accepted", "started", "finished"):
        assert telling.told(m.IntentionAnswer(intention_id="act-1", state=state)) is None  # type: ignore[arg-type]
    plain = m.IntentionAnswer(intention_id="intention-1", state="rejected", reason="too late")
    assert telling.told(plain) is plain
    for reason in OPERATORS:
        told = telling.told(m.IntentionAnswer(intention_id="intention-1", state="rejected", reason=reason))
        assert told == m.IntentionAnswer(intention_id="intention-1", state="rejected")
    replaced = m.IntentionAnswer(
        intention_id="intention-1", state="superseded", reason="higher priority", superseded_by="act-1"
    )
    assert telling.told(replaced) == m.IntentionAnswer(intention_id="intention-1", state="superseded")


def test_the_reasons_that_are_hidden_are_those_that_the_channels_give() -> None:
    assert {HELD, CONDITION, STOPPED} == OPERATORS
    assert TRIGGER == OPERATORS_TRIGGER


def test_it_reaches_no_page_and_none_that_joins_later() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            house.agent.publish(m.Intention(id="act-1", kind="dialogue", content="wizard", trigger="operator"))
            house.agent.publish(m.IntentionAnswer(intention_id="act-1", state="accepted"))
            house.agent.publish(m.Intention(id="intention-1", kind="gesture", label="wave", trigger="visual_change"))
            assert (await page.until(m.Intention)).id == "intention-1"
            async with house.connect() as socket_:
                assert (await Page(socket_).until("history"))["events"] == 1

    with_house(test)


def test_without_thinking_nothing_of_it_is_told_and_the_conversation_is() -> None:
    telling = ToldToPages(thinking=False)
    thoughts = (
        m.CognitiveCycle(cycle=1, duration_ms=1.0),
        m.Intention(id="i1", kind="gesture", label="wave"),
        m.IntentionAnswer(intention_id="i1", state="started"),
        m.TurnDecision(decision="hold"),
        m.Span(name="end_of_turn_to_first_audio", duration_ms=700.0),
    )
    assert [telling.told(thought) for thought in thoughts] == [None] * len(thoughts)
    turn = m.Turn(state="ended", speaker="user", turn_id="t1", text="hello")
    assert telling.told(turn) is turn
    known = m.Knowledge(facts=("has a dog",), situation="a dog barks", news=("it rains",), consent="given", forgotten=2)
    assert telling.told(known) == m.Knowledge(consent="given", forgotten=2), "what becomes of their own wish"


def test_an_operator_who_ends_the_session_is_not_told_of() -> None:
    assert ToldToPages().told(m.SessionControl(action="stop", reason=END_REASON)) == m.SessionControl(action="stop")


def test_newer_spans_and_decisions_replace_those_of_their_own_kind_only() -> None:
    assert state_key(m.Span(name="a", duration_ms=1)) != state_key(m.Span(name="b", duration_ms=1))
    assert state_key(m.TurnDecision(decision="hold")) != state_key(m.TurnDecision(decision="stop"))


def test_who_joins_late_learns_what_is_remembered_and_how_fast_the_last_answer_was() -> None:
    memory = Memory()
    for number in range(100):
        memory.take(m.Span(name="end_of_turn_to_first_audio", duration_ms=number), b"span %d" % number)
        memory.take(m.Knowledge(facts=(str(number),)), b"known %d" % number)
        memory.take(m.TurnDecision(decision="hold"), b"hold")
    assert memory.states == [b"span 99", b"known 99"]


def test_it_all_arrives_at_a_page() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            house.agent.publish(m.Span(name="vad_frame", duration_ms=2.0))
            house.agent.publish(m.Span(name="end_of_turn_to_first_audio", duration_ms=700.0))
            assert (await page.until(m.Span)).duration_ms == 700.0
            house.agent.publish(m.Knowledge(persona="Ada.", facts=("has a dog",)))
            known = await page.until(m.Knowledge)
            assert (known.facts, known.persona) == (("has a dog",), "")
            house.agent.publish(m.TurnDecision(decision="stay_out"))
            assert (await page.until(m.TurnDecision)).decision == "stay_out"

    with_house(test)


# ---------------------------------------------------------------- being remembered


@pytest.mark.parametrize("state", ["given", "withdrawn"])
def test_the_person_at_the_page_that_talks_says_whether_to_be_remembered(state: str) -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await page.claim()
            await page.say(m.MemoryConsent(state=state))  # type: ignore[arg-type]
            assert (await heard(house, m.MemoryConsent)).state == state
            assert (await page.until(m.MemoryConsent)).state == state

    with_house(test)


def test_a_page_says_it_for_nobody_else() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await page.claim()
            await page.say(m.MemoryConsent(state="withdrawn", person_id="track-7", known_as="anna"))
            told = await heard(house, m.MemoryConsent)
            assert (told.person_id, told.known_as) == ("", "")

    with_house(test)


def test_a_page_that_does_not_talk_says_nothing_of_memory() -> None:
    async def test(house: House) -> None:
        async with house.page() as first, house.page() as second:
            await first.claim()
            await second.say(m.MemoryConsent(state="withdrawn"))
            await second.say(m.TypedText(text="hello"))
            await heard(house, m.TypedText)
            assert house.counters["ignored_inactive_page"] == 1

    with_house(test)


@pytest.mark.parametrize("remembers", [True, False])
def test_a_page_is_told_whether_memories_last(remembers: bool) -> None:
    async def test(house: House) -> None:
        async with house.connect() as socket_:
            hello = await Page(socket_).until("hello")
            assert hello["remembers"] is remembers

    with_house(test, remembers=remembers)
