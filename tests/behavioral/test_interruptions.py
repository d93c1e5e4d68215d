"""The person speaks over the agent, in a whole conversation on virtual time: it falls silent, and goes on or gives up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest

from behavioral.hearing.events import BlockHeard, FinalText, SpeechOffset, SpeechOnset
from behavioral.hearing.gate import SpeechGate
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.messages import (
    AgentAudio,
    AgentSpeech,
    AnyMessage,
    BodyAct,
    MotionFrame,
    Turn,
    TurnDecision,
)
from runtime.settings import Profile
from runtime.vocabulary import BODY_JOINTS, VISEMES
from tests.behavioral.scene import BLOCK_NS, Scene, agent_turns, only, play

STORY = "I would like to tell you a long story about many things that have happened to me in this room."


def decisions(messages: Sequence[AnyMessage]) -> list[str]:
    return [m.decision for m in messages if isinstance(m, TurnDecision) and m.decision not in ("hold", "end_of_turn")]


def when(messages: Sequence[AnyMessage], decision: str) -> float:
    return next(m.t_ns / NS_PER_S for m in messages if isinstance(m, TurnDecision) and m.decision == decision)


def speech(messages: Sequence[AnyMessage], state: str) -> list[AgentSpeech]:
    return [m for m in messages if isinstance(m, AgentSpeech) and m.state == state]


def said_by_the_person(messages: Sequence[AnyMessage]) -> list[str]:
    return [m.text for m in messages if isinstance(m, Turn) and m.speaker == "user" and m.state == "ended"]


def sounds(messages: Sequence[AnyMessage]) -> list[tuple[float, float]]:
    """Begin and end (s) of every piece, cut where a pause took it back."""
    halts = [m.t_ns for m in speech(messages, "paused")]
    pieces = [m for m in messages if isinstance(m, AgentAudio)]
    spans = []
    for piece in pieces:
        end_ns = piece.t_ns + len(piece.pcm) // 2 * NS_PER_S // piece.sample_rate_hz
        cut_ns = min((t for t in halts if piece.t_ns - 100 * NS_PER_MS < t < end_ns), default=end_ns)
        if cut_ns > piece.t_ns:
            spans.append((piece.t_ns / NS_PER_S, cut_ns / NS_PER_S))
    return spans


def over_the_story(text: str, seconds: float, *, after_s: float = 2.0, confidence: float = 0.9) -> list[AnyMessage]:
    async def script(scene: Scene) -> None:
        scene.conversation.say(STORY)
        await scene.wait(after_s)
        await scene.hear(text, seconds, confidence)
        await scene.wait(10.0)

    return play(script)


def test_a_backchannel_of_usual_length_halts_the_agent_for_less_than_a_second_and_the_answer_is_heard_whole() -> None:
    messages = over_the_story("look you", 0.5, confidence=0.4)  # whatever it was heard as
    assert decisions(messages) == ["duck", "pause", "backchannel", "resume"]
    (turn,) = agent_turns(messages)
    assert not turn.interrupted and turn.text == STORY
    paused, resumed = speech(messages, "paused")[0], speech(messages, "resumed")[0]
    assert 0.3 < (resumed.t_ns - paused.t_ns) / NS_PER_S < 0.9
    assert STORY.startswith(paused.heard) and paused.heard != STORY


def test_words_that_are_a_backchannel_let_it_go_on_at_once() -> None:
    messages = over_the_story("yeah", 0.5)
    assert decisions(messages) == ["duck", "pause", "backchannel", "resume"]
    assert when(messages, "resume") == pytest.approx(2.5 + 0.16 + 0.06, abs=0.03)


def test_an_interruption_silences_it_at_once_and_only_what_was_heard_is_remembered() -> None:
    messages = over_the_story("tell me something else instead", 1.8)
    assert decisions(messages)[:3] == ["duck", "pause", "stop"]
    last_s = max(end for begin, end in sounds(messages) if begin < 4.0)
    assert last_s - 2.0 <= 0.3, "from the first sound of the interruption to silence"
    told = agent_turns(messages)[0]
    assert told.interrupted and told.text == speech(messages, "paused")[0].heard
    said = [m.text for m in messages if isinstance(m, Turn) and m.speaker == "user" and m.state == "ended"]
    assert said == ["tell me something else instead"]


def test_a_person_who_hesitates_within_an_interruption_is_not_spoken_over_and_loses_no_word() -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say(STORY)
        await scene.wait(2.0)
        await scene.hear("now", 0.4)  # "No, ...", misheard
        await scene.wait(0.05)
        await scene.hear("wait a moment please", 1.2)
        await scene.wait(6.0)

    messages = play(script)
    assert decisions(messages)[:3] == ["duck", "pause", "stop"]
    assert not [s for s in sounds(messages) if 2.4 < s[0] < 4.0]
    said = [m.text for m in messages if isinstance(m, Turn) and m.speaker == "user" and m.state == "ended"]
    assert said == ["now wait a moment please"]


def test_an_agent_whose_recogniser_says_nothing_goes_on_by_itself() -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say(STORY)
        await scene.wait(2.0)
        await scene.make_sound(0.5)
        await scene.wait(10.0)

    messages = play(script)
    assert decisions(messages) == ["duck", "pause", "resume"]
    assert agent_turns(messages)[0].text == STORY


def test_two_backchannels_over_one_answer_halt_it_twice_and_it_is_still_heard_whole() -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say(STORY)
        await scene.wait(1.5)
        for _ in range(2):
            await scene.hear("uh-huh", 0.5)
            await scene.wait(1.0)
        await scene.wait(10.0)

    messages = play(script)
    assert decisions(messages) == ["duck", "pause", "backchannel", "resume"] * 2
    assert agent_turns(messages)[0].text == STORY


def test_an_answer_that_is_being_made_waits_for_a_person_who_still_speaks() -> None:
    async def slow(text: str) -> AsyncIterator[str]:
        await asyncio.sleep(0.7)  # its first words would come into the middle of the person's
        yield f"You asked {text}."

    async def script(scene: Scene) -> None:
        scene.answer_by(slow)
        await scene.hear("what can you do", 1.0)
        await scene.wait(0.3)
        await scene.hear("and who are you then", 1.5)
        await scene.wait(8.0)

    messages = play(script)
    begun = [m for m in messages if isinstance(m, Turn) and m.speaker == "agent" and m.state == "started"]
    assert len(begun) == 1 and begun[0].start_ns > 3.0 * NS_PER_S
    assert agent_turns(messages)[0].text == "You asked what can you do and who are you then."


def test_a_late_stir_and_a_short_sound_after_it_do_not_leave_it_silent_for_ever() -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say(STORY)
        await scene.wait(2.0)
        start_ns = scene.clock.now_ns()
        end_ns = await scene.make_sound(0.32)
        await scene.wait(0.06)
        scene.conversation.recognised(FinalText("", 0.0, 220.0, start_ns, end_ns))
        await scene.clock.sleep_until_ns(end_ns + 440 * NS_PER_MS)
        scene.clatter(True)
        await scene.wait(0.032)
        scene.clatter(False)
        await scene.clock.sleep_until_ns(end_ns + 480 * NS_PER_MS)
        assert scene.playback.paused, "it waits for the next word"
        await scene.hear("mhm", 0.19)
        await scene.wait(12.0)

    messages = play(script)
    assert decisions(messages) == ["duck", "pause", "backchannel", "resume"]
    (turn,) = agent_turns(messages)
    assert not turn.interrupted and turn.text == STORY


@pytest.mark.parametrize("left_s", [0.9, 0.35, 0.1])
def test_a_yes_over_the_last_words_of_a_question_answers_it(left_s: float) -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say("Would you like to hear a story?")
        await scene.wait(0.1)
        await scene.clock.sleep_until_ns(scene.playback.ends_ns - round(left_s * NS_PER_S))
        await scene.hear("yes", 0.4)
        await scene.wait(6.0)

    messages = play(script)
    assert said_by_the_person(messages) == ["yes"]
    assert len(agent_turns(messages)) == 2, "and the agent goes on from there"


def test_a_yes_within_a_long_question_is_a_backchannel() -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say("Would you like to hear a story about all that has happened to me in this room?")
        await scene.wait(1.0)
        await scene.hear("yes", 0.5)
        await scene.wait(8.0)

    messages = play(script)
    assert decisions(messages) == ["duck", "pause", "backchannel", "resume"]
    assert not said_by_the_person(messages)


# ---------------------------------------------------------------- what is told, and the body


@pytest.mark.parametrize("before_end_s", [0.2, 0.25, 0.3, 0.5, 1.0, 1.5, 2.5])
def test_each_pause_that_was_told_is_told_over(before_end_s: float) -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say(STORY)
        await scene.wait(0.1)
        await scene.clock.sleep_until_ns(scene.playback.ends_ns - round(before_end_s * NS_PER_S))
        await scene.hear("mhm", 0.5)
        await scene.wait(10.0)

    messages = play(script)
    assert len(speech(messages, "paused")) == len(speech(messages, "resumed"))
    assert agent_turns(messages)[0].text == STORY


def test_what_is_left_of_the_clause_is_told_with_its_going_on() -> None:
    messages = over_the_story("mhm", 0.5)
    resumed, finished = speech(messages, "resumed")[0], speech(messages, "finished")[0]
    assert resumed.t_ns + resumed.duration_ms * NS_PER_MS == pytest.approx(finished.t_ns, abs=0.1 * NS_PER_S)


def test_a_filler_is_given_up_at_a_pause_and_no_piece_of_it_is_heard_twice() -> None:
    async def slow(text: str) -> AsyncIterator[str]:
        await asyncio.sleep(6.0)
        yield "Here is my answer to you."

    async def script(scene: Scene) -> None:
        scene.answer_by(slow)
        await scene.hear("what can you do", 1.0)
        while scene.playback.ends_ns < scene.clock.now_ns() + NS_PER_S // 2:
            await scene.wait(0.032)
        await scene.hear("well", 0.5, 0.3)
        await scene.wait(10.0)

    messages = play(script)
    (given_up,) = speech(messages, "interrupted")
    pieces = [m for m in messages if isinstance(m, AgentAudio) and m.response_id == given_up.response_id]
    assert pieces and len({m.offset_samples for m in pieces}) == len(pieces)
    assert all(m.t_ns < given_up.t_ns + 150 * NS_PER_MS for m in pieces)
    assert decisions(messages)[:2] == ["duck", "pause"] and not speech(messages, "paused")
    assert [turn.text for turn in agent_turns(messages)] == ["Here is my answer to you."]


def test_what_a_pause_has_moved_is_planned_anew_on_the_clock_of_what_is_heard() -> None:
    messages = over_the_story("mhm", 0.5)
    plan = speech(messages, "planned")[-1]
    resumed = speech(messages, "resumed")[0]
    finished = speech(messages, "finished")[0]
    last = plan.words[-1]
    assert (plan.t_ns + last.end_ms * NS_PER_MS) == pytest.approx(finished.t_ns, abs=0.2 * NS_PER_S)
    after = [word for word in plan.words if plan.t_ns + word.start_ms * NS_PER_MS >= resumed.t_ns - NS_PER_MS]
    assert after[0].text == STORY.split()[len(STORY.split()) - len(after)]
    assert plan.t_ns + after[0].start_ms * NS_PER_MS == pytest.approx(resumed.t_ns, abs=90 * NS_PER_MS)
    assert all(shape.end_ms - shape.start_ms < 400 for shape in plan.visemes), "no mouth is held open through the pause"


def test_the_mouth_rests_while_the_voice_is_halted_and_moves_with_it_again() -> None:
    messages = over_the_story("mhm", 0.5)
    paused, resumed = speech(messages, "paused")[0], speech(messages, "resumed")[0]
    frames = [m for m in messages if isinstance(m, MotionFrame)]
    sil = VISEMES.index("sil")

    def opening(begin_ns: float, end_ns: float) -> float:
        shapes = [np.frombuffer(f.visemes, "<f4") for f in frames if begin_ns <= f.t_ns < end_ns]
        return max(float(np.delete(shape, sil).sum()) for shape in shapes)

    assert opening(paused.t_ns + 150 * NS_PER_MS, resumed.t_ns - 150 * NS_PER_MS) < 0.05
    assert opening(resumed.t_ns, resumed.t_ns + 600 * NS_PER_MS) > 0.3


def test_the_body_does_not_jump_at_a_pause_nor_at_its_end() -> None:
    messages = over_the_story("mhm", 0.5)
    edges = [speech(messages, state)[0].t_ns for state in ("paused", "resumed")]
    frames = [m for m in messages if isinstance(m, MotionFrame)]
    poses = np.array([np.frombuffer(f.rotations, "<f4").reshape(-1, 4) for f in frames])
    turned = 2 * np.arccos(np.clip(np.abs((poses[1:] * poses[:-1]).sum(-1)), 0, 1)).max(1)  # rad per frame
    near = [k for k, f in enumerate(frames[1:]) if any(abs(f.t_ns - edge) < 300 * NS_PER_MS for edge in edges)]
    assert turned[near].max() <= max(0.12, turned[50:90].max())
    arm = BODY_JOINTS.index("rightUpperArm")
    assert np.isfinite(poses[:, arm]).all()


def test_a_gesture_that_waits_in_the_rest_of_a_reply_comes_with_its_word_once() -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say(
            "I would like to tell you a long story about many things and then to [wave] wave at you."
        )
        await scene.wait(1.5)
        await scene.hear("mhm", 0.5)
        await scene.wait(8.0)

    messages = play(script)
    waves = [m for m in only(BodyAct, messages) if isinstance(m, BodyAct) and m.act == "wave" and m.reason == "reply"]
    assert [wave.state for wave in waves] == ["started", "started"], "asked for, taken back, and asked for again"
    assert waves[1].t_ns >= speech(messages, "paused")[0].t_ns


def test_giving_up_says_no_word_that_waited() -> None:
    messages = over_the_story("no stop that please", 1.5)
    pauses, (cut,) = speech(messages, "paused"), speech(messages, "interrupted")
    assert pauses[0].t_ns < cut.t_ns
    assert not [
        m
        for m in only(AgentAudio, messages)
        if pauses[0].t_ns < m.t_ns < cut.t_ns + NS_PER_S // 5 and m.response_id == cut.response_id and m.t_ns > cut.t_ns
    ]  # type: ignore[union-attr] # only AgentAudio


def test_a_pause_between_two_clauses_is_told_to_be_over() -> None:
    async def slow(_text: str) -> AsyncIterator[str]:
        yield "First I say this little sentence here. "
        await asyncio.sleep(6.0)
        yield "Then I say the second sentence of it."

    async def script(scene: Scene) -> None:
        scene.answer_by(slow)
        await scene.hear("what can you do", 1.0)
        await scene.wait(3.5)
        await scene.hear("mhm", 0.5)
        await scene.wait(10.0)

    messages = play(script)
    assert decisions(messages) == ["duck", "pause", "backchannel", "resume"]
    assert len(speech(messages, "paused")) == len(speech(messages, "resumed")) == 1
    assert agent_turns(messages)[0].text.endswith("sentence of it.")


@pytest.mark.parametrize("gap_blocks", range(6, 14, 2))
def test_a_second_sound_that_comes_late_leaves_no_agent_silent_for_ever(gap_blocks: int) -> None:
    """A mumble, a block that may be speech, and a short hum; heard by the real gate."""

    async def script(scene: Scene) -> None:
        gate = SpeechGate(Profile().hearing)
        scene.conversation.say(STORY)
        onset_ns = 0
        for probability in [0.0] * 60 + [1.0] * 9 + [0.0] * gap_blocks + [1.0, 0.0, 0.0] + [1.0] * 5 + [0.0] * 400:
            t_ns = scene.clock.now_ns()
            decision = gate.push(probability, t_ns)
            await scene.clock.sleep_until_ns(t_ns + BLOCK_NS)
            scene.conversation.heard_block(BlockHeard(t_ns, probability, gate.speaking, -30.0, 120.0))
            if isinstance(decision, SpeechOnset):
                onset_ns = decision.t_ns
                scene.conversation.heard_onset(decision)
            elif isinstance(decision, SpeechOffset):
                scene.conversation.heard_offset(decision)
                scene.conversation.recognised(FinalText("m the", 0.4, 200.0, onset_ns, decision.t_ns))
        assert not scene.playback.paused
        assert not scene.conversation.responses.active

    (turn,) = agent_turns(play(script))
    assert turn.text == STORY


def test_clatter_of_which_nothing_becomes_speech_does_not_keep_it_silent() -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say(STORY)
        await scene.wait(2.0)
        await scene.hear("", 0.5)
        for block in range(300):  # one in three may be speech
            scene.clatter(block % 3 == 0)
            await scene.wait(0.032)
        scene.clatter(False)
        await scene.wait(1.0)

    messages = play(script)
    assert when(messages, "resume") < 2.5 + 0.16 + 0.9
    assert agent_turns(messages)[0].text == STORY
