"""Something else ends the answer that the person speaks over: typed text, a stop, an intention; virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.messages import AnyMessage, Intention, Turn, TypedText
from tests.behavioral.scene import Scene, agent_turns, play
from tests.behavioral.test_interruptions import STORY, said_by_the_person

NEWS = "I want to say something entirely new now."


def while_it_is_silent(text: str, seconds: float, then: Callable[[Scene], None]) -> list[AnyMessage]:
    """The person speaks over the story, and 400 ms later something else happens."""

    async def script(scene: Scene) -> None:
        scene.conversation.say(STORY)
        await scene.wait(2.0)
        speaking = asyncio.ensure_future(scene.hear(text, seconds))
        await scene.clock.sleep_until_ns(scene.clock.now_ns() + 400 * NS_PER_MS)
        assert scene.playback.paused
        then(scene)
        await speaking
        await scene.wait(10.0)
        assert not scene.playback.paused and not scene.conversation.responses.active

    return play(script)


def type_a_question(scene: Scene) -> None:
    scene.conversation.typed(TypedText(text="what can you do"))


def press_stop(scene: Scene) -> None:
    scene.conversation.stop_speaking(scene.clock.now_ns())


def mean_something_new(scene: Scene) -> None:
    now_ns = scene.clock.now_ns()
    valid_ns = now_ns + 10 * NS_PER_S
    scene.realiser.receive(
        Intention(id="i1", kind="dialogue", content=NEWS, priority=9, created_ns=now_ns, valid_until_ns=valid_ns),
        now_ns,
    )


@pytest.mark.parametrize("seconds", [0.5, 0.75, 1.0])
def test_a_typed_question_is_answered_whole(seconds: float) -> None:
    messages = while_it_is_silent("tell me", seconds, type_a_question)
    assert said_by_the_person(messages) == ["what can you do"]
    story, answer = agent_turns(messages)
    assert story.interrupted and not answer.interrupted


def test_an_intention_that_speaks_is_said_whole() -> None:
    messages = while_it_is_silent("tell me", 0.75, mean_something_new)
    story, news = agent_turns(messages)
    assert story.interrupted and news.text == NEWS and not news.interrupted


def test_a_person_who_talks_on_interrupts_that_too() -> None:
    messages = while_it_is_silent("no please tell me something else instead", 2.0, mean_something_new)
    assert [turn.interrupted for turn in agent_turns(messages)[:2]] == [True, True]
    assert said_by_the_person(messages) == ["no please tell me something else instead"]


@pytest.mark.parametrize("text,seconds,turns", [("mhm", 0.5, []), ("stop that", 0.5, ["stop that"])])
def test_after_a_stop_a_hum_is_no_turn_and_words_are_what_they_would_have_been(
    text: str, seconds: float, turns: list[str]
) -> None:
    messages = while_it_is_silent(text, seconds, press_stop)
    assert agent_turns(messages)[0].interrupted
    assert said_by_the_person(messages) == turns


def test_after_a_stop_long_speech_is_a_turn_from_its_first_sound_on() -> None:
    messages = while_it_is_silent("I would rather hear about you", 2.0, press_stop)
    assert said_by_the_person(messages) == ["I would rather hear about you"]
    begun = next(m for m in messages if isinstance(m, Turn) and m.speaker == "user" and m.state == "started")
    assert begun.start_ns == 2 * NS_PER_S


def test_an_answer_after_a_stopped_one_ends_by_itself_under_a_person_who_speaks_on() -> None:
    """What was stopped once says nothing about the next overlap."""

    async def script(scene: Scene) -> None:
        scene.conversation.say(STORY)
        await scene.wait(2.0)
        speaking = asyncio.ensure_future(scene.hear("mhm", 0.5))
        await scene.clock.sleep_until_ns(scene.clock.now_ns() + 400 * NS_PER_MS)
        press_stop(scene)
        await speaking
        await scene.wait(2.0)
        scene.conversation.say("That was it.")
        await scene.wait(0.1)
        await scene.clock.sleep_until_ns(scene.playback.ends_ns - NS_PER_S // 10)
        await scene.hear("thanks", 0.4)
        await scene.wait(4.0)

    messages = play(script)
    assert said_by_the_person(messages) == ["thanks"]
