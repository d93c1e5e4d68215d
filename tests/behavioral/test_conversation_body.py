"""What the body does in a conversation: intentions, gaze, postures, gestures that are taken back."""

from __future__ import annotations

import numpy as np
import pytest

from behavioral.hearing.events import BackchannelCue, SpeechOnset
from runtime.clock import NS_PER_S
from runtime.messages import (
    BodyAct,
    Intention,
    MotionFrame,
    PersonPercept,
    Timing,
)
from runtime.vocabulary import BODY_JOINTS, EXPRESSIONS
from tests.behavioral.scene import Scene, agent_turns, only, play


def test_an_interrupted_reply_takes_its_gesture_back() -> None:
    async def script(scene: Scene) -> None:
        scene.conversation.say(
            "[smile] I would like to tell you a long story about many things and then to [wave] wave."
        )
        await scene.wait(1.0)
        scene.conversation.stop_speaking(scene.clock.now_ns())
        await scene.wait(6.0)

    frames = [m for m in play(script) if isinstance(m, MotionFrame)]
    right_arm = BODY_JOINTS.index("rightUpperArm")
    arms = np.array([np.frombuffer(f.rotations, dtype="<f4").reshape(-1, 4)[right_arm] for f in frames])
    after = arms[120:]
    assert np.abs(after - after[0]).max() < 0.15, "no arm comes up for a word that was never said"
    assert all(not f.response_id and not any(np.frombuffer(f.visemes, dtype="<f4")[1:] > 0.05) for f in frames[70:])


def test_two_urgent_utterances_at_once_say_the_last_one() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(0.2)
        for name in ("a", "b"):
            scene.realiser.receive(
                Intention(id=name, kind="dialogue", content=f"This is {name}.", priority=9), scene.clock.now_ns()
            )
        await scene.wait(5.0)
        ends = {a.intention_id: a.state for a in scene.answers}
        assert ends == {"a": "superseded", "b": "finished"}

    assert [turn.text for turn in agent_turns(play(script)) if turn.text] == ["This is b."]


def test_the_agent_looks_at_the_person_it_sees() -> None:
    async def script(scene: Scene) -> None:
        scene.people.take(PersonPercept(state="arrived", person_id="p", bearing_rad=(0.4, 0.1), box=(0, 0, 0.2, 0.3)))
        await scene.wait(2.0)

    last = [m for m in play(script) if isinstance(m, MotionFrame)][-30]
    neck, head = (BODY_JOINTS.index(name) for name in ("neck", "head"))
    turned = np.frombuffer(last.rotations, dtype="<f4").reshape(-1, 4)
    head_yaw = 2 * (turned[neck][1] + turned[head][1])
    assert 0.25 < head_yaw + last.eyes_rad[0] < 0.55


@pytest.mark.parametrize(
    ("kind", "first", "second"), [("expression", "sad", "happy"), ("posture", "lean_back", "lean_in")]
)
def test_a_newer_act_is_not_wiped_by_the_end_of_the_older_one(kind: str, first: str, second: str) -> None:
    async def script(scene: Scene) -> None:
        for label in (first, second):
            scene.realiser.receive(
                Intention(id=label, kind=kind, label=label, parameters={"duration_s": 30.0}),  # type: ignore[arg-type]
                scene.clock.now_ns(),
            )
            await scene.wait(1.0)
        await scene.wait(1.0)

    frames = [m for m in play(script) if isinstance(m, MotionFrame)]
    assert frames[-1].intention_ids == (second,)
    if kind == "expression":
        assert np.frombuffer(frames[-1].expression, dtype="<f4")[EXPRESSIONS.index("happy")] > 0.9
    else:
        spine = BODY_JOINTS.index("spine")
        lean = [np.frombuffer(f.rotations, dtype="<f4").reshape(-1, 4)[spine][0] for f in frames]
        assert lean[-1] > lean[45] + 0.01, "leaning in, not back"


def test_a_posture_ends_with_its_time() -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(1.0)
        scene.realiser.receive(
            Intention(id="p", kind="posture", label="lean_back", parameters={"duration_s": 2.0}), scene.clock.now_ns()
        )
        await scene.wait(8.0)

    frames = [m for m in play(script) if isinstance(m, MotionFrame)]
    spine = BODY_JOINTS.index("spine")
    lean = np.array([np.frombuffer(f.rotations, dtype="<f4").reshape(-1, 4)[spine][0] for f in frames])
    assert abs(lean[130] - lean[40]) > 0.02, "it leans"
    assert abs(lean[-1] - lean[40]) < 0.012, "and comes back"


def test_the_listener_nods_at_cues_while_the_person_speaks() -> None:
    async def script(scene: Scene) -> None:
        start_ns = scene.clock.now_ns()
        scene.conversation.heard_onset(SpeechOnset(start_ns, start_ns))
        scene._speaking = scene._voice = True
        for _ in range(20):
            await scene.wait(2.0)
            scene.conversation.heard_cue(BackchannelCue(scene.clock.now_ns(), "low_pitch"))

    nods = [m for m in play(script) if isinstance(m, BodyAct) and m.act.startswith("nod")]
    assert 4 <= len(nods) <= 13


async def _send(scene: Scene, intention: Intention, seconds: float) -> list[str]:
    scene.realiser.receive(intention, scene.clock.now_ns())
    await scene.wait(seconds)
    return [a.state for a in scene.answers if a.intention_id == intention.id]


def test_a_dialogue_intention_waits_for_the_floor_and_is_said() -> None:
    states: list[str] = []

    async def script(scene: Scene) -> None:
        await scene.hear("what can you do", 1.0)
        await scene.wait(0.6)
        states.extend(await _send(scene, Intention(id="i", kind="dialogue", content="By the way, tea is ready."), 9.5))

    said = [turn.text for turn in agent_turns(play(script))]
    assert said[-1] == "By the way, tea is ready."
    assert states == ["accepted", "started", "finished"]


def test_a_gesture_at_a_word_lands_on_it() -> None:
    states: list[str] = []

    async def script(scene: Scene) -> None:
        scene.conversation.say("I would like to show you something very big over there.")
        await scene.wait(0.1)
        at = scene.conversation.word_time_s("big", scene.clock.now_ns() / NS_PER_S)
        assert at is not None
        states.extend(
            await _send(
                scene, Intention(id="g", kind="gesture", label="big", timing=Timing(when="at_word", word="big")), 6.0
            )
        )

    messages = play(script)
    assert states == ["accepted", "started", "finished"]
    assert any("g" in m.intention_ids for m in messages if isinstance(m, MotionFrame))


@pytest.mark.parametrize(
    ("intention", "reason"),
    [
        (Intention(id="x", kind="locomotion", content="walk to the door"), "walk"),
        (Intention(id="x", kind="gesture", label="flibber"), "flibber"),
        (Intention(id="x", kind="expression", label="hapy"), "'happy'"),
        (Intention(id="x", kind="posture", label="upside_down"), "posture"),
        (Intention(id="x", kind="dialogue"), "content"),
    ],
)
def test_what_this_body_cannot_do_is_rejected_with_the_reason(intention: Intention, reason: str) -> None:
    async def script(scene: Scene) -> None:
        assert await _send(scene, intention, 0.1) == ["rejected"]
        assert reason in scene.answers[0].reason

    play(script)


@pytest.mark.parametrize(("hand", "moved", "still"), [("left", "left", "right"), ("right", "right", "left")])
def test_the_hand_that_the_text_names_does_the_gesture(hand: str, moved: str, still: str) -> None:
    async def script(scene: Scene) -> None:
        await scene.wait(0.5)
        wish = f"hold up two fingers of your {hand} hand"
        assert "finished" in await _send(scene, Intention(id="g", kind="gesture", content=wish), 5.0)

    frames = [m for m in play(script) if isinstance(m, MotionFrame)]
    arms = np.array([np.frombuffer(f.rotations, dtype="<f4").reshape(-1, 4) for f in frames])
    swing = np.ptp(arms, axis=0).max(axis=1)
    assert swing[BODY_JOINTS.index(f"{moved}LowerArm")] > 3.0 * swing[BODY_JOINTS.index(f"{still}LowerArm")]


def test_the_same_script_gives_the_same_motion() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("hello", 0.5)
        await scene.wait(4.0)

    one, other = (only(MotionFrame, play(script)) for _ in range(2))
    assert [m.rotations for m in one if isinstance(m, MotionFrame)] == [
        m.rotations for m in other if isinstance(m, MotionFrame)
    ]
