"""A minute of dialogue in milliseconds: turns, interruptions, backchannels, noise, slow and broken answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from behavioral.opening import play_opening
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.messages import (
    AffectPercept,
    AgentAudio,
    MotionFrame,
    Turn,
    TurnDecision,
    TypedText,
)
from tests.behavioral.scene import Scene, agent_turns, only, play


def test_a_question_is_answered_within_a_human_beat() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(0.5)
        await scene.hear("what is your name", 1.5)
        await scene.wait(6.0)

    messages = play(script)
    (answer,) = agent_turns(messages)
    assert "Ada" in answer.text
    ended = next(m for m in messages if isinstance(m, Turn) and m.speaker == "user" and m.state == "ended")
    assert 200 <= (answer.start_ns - ended.end_ns) / NS_PER_MS <= 450


def test_every_tick_has_its_frame() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("tell me about yourself", 1.2)
        await scene.wait(8.0)

    frames = only(MotionFrame, play(script))
    assert [f.index for f in frames if isinstance(f, MotionFrame)] == list(range(len(frames)))
    assert len(frames) >= 9 * 50


def test_a_barge_in_ducks_then_silences_then_stops_and_is_heard_itself() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("what can you do", 1.0)
        await scene.wait(1.6)
        await scene.hear("who are you", 1.0)
        await scene.wait(6.0)

    messages = play(script)
    decisions = [m.decision for m in messages if isinstance(m, TurnDecision) and m.decision != "hold"]
    assert decisions == ["end_of_turn", "duck", "pause", "stop", "end_of_turn"]
    first, second = agent_turns(messages)
    assert first.interrupted and not second.interrupted
    assert 0 < len(first.text) < 60, "only what was heard is remembered"
    assert "Ada" in second.text


def test_a_backchannel_stops_nothing() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("what can you do", 1.0)
        await scene.wait(1.4)
        await scene.hear("mhm", 0.16)
        await scene.wait(8.0)

    messages = play(script)
    (answer,) = agent_turns(messages)
    assert not answer.interrupted
    decisions = [m.decision for m in messages if isinstance(m, TurnDecision) and m.decision != "hold"]
    assert decisions == ["end_of_turn", "duck", "resume", "backchannel"]


def test_a_short_word_over_the_agent_that_is_no_backchannel_takes_the_floor() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("what can you do", 1.0)
        await scene.wait(1.4)
        await scene.hear("no stop", 0.25)
        await scene.wait(8.0)

    messages = play(script)
    decisions = [m.decision for m in messages if isinstance(m, TurnDecision) and m.decision != "hold"]
    assert decisions[:4] == ["end_of_turn", "duck", "pause", "stop"]
    assert agent_turns(messages)[0].interrupted
    said = [m.text for m in messages if isinstance(m, Turn) and m.speaker == "user" and m.state == "ended"]
    assert said == ["what can you do", "no stop"]


def test_noise_is_not_answered() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(0.5)
        await scene.hear("", 0.3)
        await scene.wait(4.0)
        assert not scene.conversation.user_has_spoken

    assert agent_turns(play(script)) == []


def test_speech_without_any_recognised_word_is_asked_for_again() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("", 1.5)
        await scene.wait(6.0)

    (answer,) = agent_turns(play(script))
    assert "catch" in answer.text or "missed" in answer.text


async def _slow(text: str) -> AsyncIterator[str]:
    await asyncio.sleep(2.0)
    yield f"You said: {text}."


def test_a_cough_while_the_answer_is_made_does_not_cost_the_answer() -> None:
    async def script(scene: Scene) -> None:
        scene.answer_by(_slow)  # a slow model
        await scene.hear("are you open today", 1.2)
        await scene.wait(0.6)
        await scene.hear("", 0.2)
        await scene.wait(8.0)

    (answer,) = agent_turns(play(script))
    assert answer.text == "You said: are you open today."


def test_who_goes_on_before_the_answer_is_answered_to_all_of_it() -> None:
    async def script(scene: Scene) -> None:
        scene.answer_by(_slow)  # a slow model
        await scene.hear("are you open", 1.2)
        await scene.wait(0.6)
        await scene.hear("on sunday morning", 1.2)
        await scene.wait(8.0)

    (answer,) = agent_turns(play(script))
    assert answer.text == "You said: are you open on sunday morning."


def test_a_reply_whose_source_breaks_ends_its_turn_and_the_next_is_answered() -> None:
    async def broken(_text: str) -> AsyncIterator[str]:
        yield "This is the beginning of an answer. "
        await asyncio.sleep(0.1)
        raise TimeoutError

    async def script(scene: Scene) -> None:
        working = (scene.replies.answer, scene.replies.prepare)
        scene.answer_by(broken)  # a model that dies
        await scene.hear("tell me everything", 1.2)
        await scene.wait(4.0)
        assert scene.conversation.floor_is_free
        scene.replies.answer, scene.replies.prepare = working  # type: ignore[method-assign] # and comes back
        await scene.hear("who are you", 1.2)
        await scene.wait(6.0)

    first, second = agent_turns(play(script))
    assert first.interrupted and "Ada" in second.text


def test_typed_text_is_a_turn() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(0.5)
        scene.conversation.typed(TypedText(text="who are you"))
        await scene.wait(5.0)

    (answer,) = agent_turns(play(script))
    assert "Ada" in answer.text


def test_sadness_is_felt_and_mirrored_only_where_the_words_are_sure() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("i feel very sad and lonely", 2.0)
        await scene.wait(1.0)

    (felt,) = only(AffectPercept, play(script))
    assert isinstance(felt, AffectPercept) and felt.valence < -0.3


def test_the_opening_is_said_while_nobody_speaks_and_ends_at_the_first_word() -> None:
    async def script(scene: Scene) -> None:
        opening = asyncio.ensure_future(play_opening(scene.scenario, scene.conversation, scene.clock, None))
        await scene.wait(12.0)
        assert not opening.done()
        await scene.hear("hello", 0.6)
        await scene.wait(30.0)
        assert opening.done()

    said = [turn.text for turn in agent_turns(play(script))]
    assert said[0].startswith("Hello, and welcome")
    assert 2 <= len(said) <= 6


def test_an_answer_that_takes_long_is_bridged_by_thinking_aloud() -> None:
    async def slow(_text: str) -> AsyncIterator[str]:
        await asyncio.sleep(2.0)
        yield "Here I am."

    async def script(scene: Scene) -> None:
        scene.answer_by(slow)  # a slow model
        await scene.hear("what is your name", 1.5)
        await scene.wait(6.0)

    messages = play(script)
    (answer,) = agent_turns(messages)
    assert answer.text == "Here I am."
    voices = list(dict.fromkeys(m.response_id for m in messages if isinstance(m, AgentAudio)))
    assert len(voices) == 2, "a filler, then the answer"
    first = next(m for m in messages if isinstance(m, AgentAudio))
    decided = next(m for m in messages if isinstance(m, TurnDecision) and m.decision != "hold")
    assert 0.75 <= (first.t_ns - decided.t_ns) / NS_PER_S <= 1.0


def test_the_agent_looks_away_to_think_only_where_the_answer_takes_its_time() -> None:
    def modes(answer_after_s: float) -> list[tuple[float, str]]:
        async def slow(_text: str) -> AsyncIterator[str]:
            await asyncio.sleep(answer_after_s)
            yield "Here I am."

        seen: list[tuple[float, str]] = []

        async def script(scene: Scene) -> None:
            scene.answer_by(slow)  # a slow model
            await scene.hear("what is your name", 1.5)
            for _step in range(150):
                await scene.wait(0.02)
                mode = scene.conversation._body.mode
                if not seen or seen[-1][1] != mode:
                    seen.append((scene.clock.now_ns() / NS_PER_S, mode))

        play(script)
        return seen

    assert [mode for _t, mode in modes(0.03)] == ["listening", "speaking", "listening"]
    (_before, (thinking_s, _mode)) = modes(2.0)[:2]
    assert [mode for _t, mode in modes(2.0)][:3] == ["listening", "thinking", "speaking"]
    assert 1.8 <= thinking_s <= 2.1, (
        "300 ms after the person's last sound at 1.5 s, or as soon as the turn's end is decided"
    )


def test_a_reply_that_waits_and_is_dropped_lets_go_of_what_prepares_it() -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say("I am going to talk for quite a while now, so please listen to me.")
        await scene.wait(0.5)
        waiting = scene.replies.prepare("who are you")
        scene.conversation.responses.speak(waiting)
        scene.conversation.stop_speaking(scene.clock.now_ns())
        assert waiting.cancelled
        await scene.wait(3.0)
        assert scene.conversation.floor_is_free

    assert len(agent_turns(play(script))) == 1


def test_the_scenario_can_be_a_users_own(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("name: own\nrules:\n  - {id: a, patterns: ['red *'], replies: ['Blue.']}\n")

    async def script(scene: Scene) -> None:
        await scene.hear("red please", 0.8)
        await scene.wait(3.0)

    assert [turn.text for turn in agent_turns(play(script, str(path)))] == ["Blue."]
