"""The listening agent in a conversation, with both bodies: nods that show when and as large as planned, moods that are taken up,
eyes that stay with the person, a voice that stays out of the person's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
import numpy as np
import pytest

from behavioral.body.head_turns import head_orientation
from behavioral.hearing.events import BackchannelCue, SpeechOffset, SpeechOnset
from motion.kinematics import positions
from motion.rotations import rotate
from runtime.clock import NS_PER_S
from runtime.messages import AgentAudio, BodyAct, MotionFrame, PersonAct, PersonPercept
from runtime.settings import ListenerSettings, Profile
from runtime.vocabulary import BODY_JOINTS, EXPRESSIONS
from tests.behavioral.scene import Scene, play

PROCEDURAL = Profile()
LEARNED = msgspec.structs.replace(PROCEDURAL, motion=msgspec.structs.replace(PROCEDURAL.motion, generator="learned"))
BODIES = pytest.mark.parametrize("profile", [PROCEDURAL, LEARNED], ids=["procedural", "learned"])
HZ = 50
AHEAD = np.array((0.0, 0.0, 1.0))
HEAD = BODY_JOINTS.index("head")

Script = Callable[[Scene], Awaitable[None]]


def frames(script: Script, profile: Profile) -> list[MotionFrame]:
    return [m for m in play(script, profile=profile) if isinstance(m, MotionFrame)]


def turned(frame: MotionFrame) -> np.ndarray:
    return np.frombuffer(frame.rotations, dtype="<f4").reshape(-1, 4)


def head_pitch_deg(made: list[MotionFrame]) -> np.ndarray:
    """Pitch of the head in the room, down positive."""
    return np.array([-np.degrees(np.arcsin(rotate(head_orientation(turned(frame)), AHEAD)[1])) for frame in made])


def shown(made: list[MotionFrame], name: str) -> np.ndarray:
    return np.array([np.frombuffer(frame.expression, dtype="<f4")[EXPRESSIONS.index(name)] for frame in made])


def begin_talk(scene: Scene) -> None:
    now_ns = scene.clock.now_ns()
    scene.conversation.heard_onset(SpeechOnset(now_ns, now_ns))
    scene._speaking = scene._voice = True


def pause(scene: Scene) -> None:
    scene._speaking = scene._voice = False
    scene.conversation.heard_offset(SpeechOffset(scene.clock.now_ns(), scene.clock.now_ns()))


@BODIES
@pytest.mark.parametrize("kind", ["short", "long", "upswing"])
def test_a_nod_shows_when_it_was_asked_for_and_is_as_large_as_planned(profile: Profile, kind: str) -> None:
    planned_deg: list[float] = []
    profile = msgspec.structs.replace(profile, listener=ListenerSettings(response_overdue_s=60.0))  # no nod but this

    def script(nodding: bool) -> Script:
        async def play_it(scene: Scene) -> None:
            begin_talk(scene)
            await scene.wait(4.0)
            generator = scene.conversation._body.generator
            if nodding:
                generator.nod(scene.clock.now_ns() / NS_PER_S, kind)  # type: ignore[arg-type]
            await scene.wait(0.2)
            if nodding:
                planned_deg.append(max(generator._nods[-1].cycles_deg))  # type: ignore[attr-defined]
            await scene.wait(2.3)

        return play_it

    still, nodding = (head_pitch_deg(frames(script(wanted), profile)) for wanted in (False, True))
    nod = nodding - still
    assert np.abs(nod[: 4 * HZ - 1]).max() == 0.0
    first = 4 * HZ + int(np.argmax(np.abs(nod[4 * HZ :]) > 0.5))
    assert first - 4 * HZ <= 0.18 * HZ, "half a degree of a movement that begins softly"
    # The procedural trunk goes along a little.
    assert nod.max() == pytest.approx(planned_deg[0], rel=0.15)
    assert np.abs(nod[-5:]).max() < 0.3


@BODIES
def test_the_policys_nods_begin_at_the_time_that_is_told(profile: Profile) -> None:
    told: list[BodyAct] = []

    def script(cues: bool) -> Script:
        async def play_it(scene: Scene) -> None:
            begin_talk(scene)
            for _ in range(4):
                await scene.wait(1.5)
                if cues:
                    scene.conversation.heard_cue(BackchannelCue(scene.clock.now_ns(), "low_pitch"))
            await scene.wait(2.0)

        return play_it

    still = head_pitch_deg(frames(script(False), profile))
    messages = play(script(True), profile=profile)
    told = [m for m in messages if isinstance(m, BodyAct)]
    nod = head_pitch_deg([m for m in messages if isinstance(m, MotionFrame)]) - still
    assert told and told[0].act.startswith("nod") and told[0].reason == "low_pitch"
    asked = told[0].t_ns / NS_PER_S
    moved = int(np.argmax(np.abs(nod) > 0.3)) / HZ
    assert -0.02 <= moved - asked <= 0.2


def test_a_listening_learned_body_holds_its_head_stiller_than_a_nod() -> None:
    async def script(scene: Scene) -> None:
        begin_talk(scene)
        scene.conversation._body.gaze.look(None, 100.0)
        await scene.wait(20.0)

    quiet = msgspec.structs.replace(LEARNED, listener=ListenerSettings(nod_first_cycle_deg=(0.0, 0.0)))
    pitch = head_pitch_deg(frames(script, quiet))[2 * HZ :]
    second = np.ones(HZ) / HZ
    sway = pitch - np.convolve(pitch, second, mode="same")
    assert sway[HZ:-HZ].std() < 1.0, "degrees; a nod has 6.5"


@BODIES
def test_the_eyes_stay_with_the_person_whatever_the_body_does_to_the_head(profile: Profile) -> None:
    async def script(scene: Scene) -> None:
        scene.people.take(PersonPercept(state="arrived", person_id="p", bearing_rad=(0.2, 0.05), box=(0, 0, 0.2, 0.3)))
        begin_talk(scene)
        scene.conversation._body.gaze.look(None, 100.0)
        scene.conversation.listener.felt(0.5, 0.9, 0.9, 1.0)
        for _ in range(6):
            await scene.wait(2.0)
            scene.conversation._body.generator.nod(scene.clock.now_ns() / NS_PER_S, "long")

    off_deg = []
    for frame in frames(script, profile)[2 * HZ :]:
        yaw, pitch = frame.eyes_rad
        in_head = np.array((np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)))
        x, y, z = rotate(head_orientation(turned(frame)), in_head)
        off_deg.append(np.degrees(np.hypot(np.arctan2(x, z) - 0.2, np.arcsin(y) - 0.05)))
    assert max(off_deg) < 2.0


@BODIES
def test_joy_and_sadness_show_in_trunk_head_and_face(profile: Profile) -> None:
    def script(valence: float, arousal: float) -> Script:
        async def play_it(scene: Scene) -> None:
            begin_talk(scene)
            scene.conversation._body.gaze.look(None, 100.0)
            await scene.wait(2.0)
            if valence:
                scene.conversation.listener.felt(scene.clock.now_ns() / NS_PER_S, valence, arousal, 0.7)
            await scene.wait(4.0)

        return play_it

    plain, joy, sorrow = (frames(script(*mood), profile) for mood in ((0.0, 0.0), (0.8, 0.7), (-0.8, -0.5)))
    at = 5 * HZ
    assert shown(joy, "happy")[at] > shown(plain, "happy")[at] + 0.15
    assert shown(joy, "surprised")[at] > 0.04
    assert shown(sorrow, "sad")[at] > 0.15
    assert (shown(joy, "happy")[: round(2.45 * HZ)] == shown(plain, "happy")[: round(2.45 * HZ)]).all(), "not at once"

    def head_ahead_m(made: list[MotionFrame]) -> float:
        return float(positions(turned(made[at]), np.array(made[at].hips_m, np.float32))[HEAD][2])

    assert head_ahead_m(joy) > head_ahead_m(plain) + 0.015, "leans in"
    assert head_ahead_m(sorrow) < head_ahead_m(plain) - 0.008, "and back"

    def tilt_deg(made: list[MotionFrame]) -> float:
        up = rotate(head_orientation(turned(made[at])), np.array((0.0, 1.0, 0.0)))
        return float(np.degrees(np.arctan2(up[0], up[1])))

    assert abs(tilt_deg(sorrow) - tilt_deg(plain)) > 2.0


def test_words_of_joy_make_a_smile_a_little_later() -> None:
    async def script(scene: Scene) -> None:
        await scene.hear("i am so happy this is wonderful and great", 2.0)
        await scene.wait(3.0)

    happy = shown(frames(script, PROCEDURAL), "happy")
    assert happy[: 2 * HZ].max() < 0.13
    assert happy.max() > 0.25


def test_a_seen_smile_is_answered_and_a_seen_blink_followed_in_a_pause_only() -> None:
    async def smiling(scene: Scene) -> None:
        begin_talk(scene)
        for _ in range(30):
            scene.conversation.listener.saw_smile(scene.clock.now_ns() / NS_PER_S, 0.9)
            await scene.wait(0.15)

    assert shown(frames(smiling, PROCEDURAL), "happy")[-1] > 0.4

    async def seen_smiling(scene: Scene) -> None:
        scene.people.take(PersonPercept(state="arrived", person_id="p", box=(0, 0, 0.2, 0.3), smile=0.9))
        await scene.wait(4.5)

    assert shown(frames(seen_smiling, PROCEDURAL), "happy")[-1] > 0.4, "told by vision's percept"
    begun = []

    async def blinking(scene: Scene) -> None:
        face = scene.conversation._body.face
        scene.people.take(PersonPercept(state="arrived", person_id="p", box=(0, 0, 0.2, 0.3)))
        begin_talk(scene)
        await scene.wait(1.0)
        for speaking in (True, False):
            if not speaking:
                pause(scene)
            await scene.wait(0.1)
            before = face._lent_s
            for _ in range(8):
                face._next_blink_s = 100.0
                scene.people.take_act(PersonAct(state="ended", act="blink", person_id="p"), scene.clock.now_ns())
                await scene.wait(0.1)
            begun.append(face._lent_s > before)

    play(blinking)
    assert begun == [False, True]


def test_the_eyes_tell_a_look_where_vision_knows_them_and_the_head_where_it_does_not() -> None:
    async def script(scene: Scene) -> None:
        def seen(**what: object) -> float | None:
            scene.people.take(PersonPercept(state="present", person_id="p", box=(0, 0, 0.2, 0.3), **what))  # type: ignore[arg-type]
            return scene.conversation.listener._looks(scene.clock.now_ns())

        assert scene.conversation.listener._looks(0) is None
        assert seen(facing=0.8) == 0.8
        assert seen(facing=0.8, gaze_target="away", gaze_confidence=0.9) == 0.0
        assert seen(facing=0.2, gaze_target="agent", gaze_confidence=0.9) == 0.9

    play(script)


def willing() -> Profile:
    """A listener that answers every pause by voice."""
    listener = ListenerSettings(
        continuer_probability=1.0, nod_probability=1.0, pause_cue_weight=50.0, continuer_refractory_s=0.0
    )
    turns = msgspec.structs.replace(PROCEDURAL.turns, incomplete_silence_ms=3_000.0, max_silence_ms=5_000.0)
    return msgspec.structs.replace(PROCEDURAL, listener=listener, turns=turns)


@pytest.mark.parametrize("resumes", [False, True])
def test_a_continuer_is_said_in_a_pause_and_dropped_when_the_person_goes_on(resumes: bool) -> None:
    async def script(scene: Scene) -> None:
        begin_talk(scene)
        await scene.wait(4.0)
        pause(scene)
        await scene.wait(0.3)
        scene.conversation.heard_cue(BackchannelCue(scene.clock.now_ns(), "pause"))
        if resumes:
            await scene.wait(0.1)
            scene._voice = True  # voice activity knows before the gate does
        await scene.wait(0.4)

    messages = play(script, profile=willing())
    acts = [m.act for m in messages if isinstance(m, BodyAct)]
    heard = [m for m in messages if isinstance(m, AgentAudio)]
    assert acts[0] == "nod_short"
    assert ("continuer" in acts) == bool(heard) == (not resumes)
    if heard:
        nod, voice = (next(m.t_ns for m in messages if isinstance(m, BodyAct) and m.act == a) for a in acts[:2])
        assert (voice - nod) / NS_PER_S == pytest.approx(0.19, abs=0.01)


def test_a_look_of_a_person_who_speaks_is_answered_where_there_is_a_picture() -> None:
    async def script(scene: Scene) -> None:
        def seen(facing: float) -> None:
            scene.people.take(PersonPercept(state="present", person_id="p", box=(0, 0, 0.2, 0.3), facing=facing))

        seen(0.1)
        begin_talk(scene)
        for _ in range(20):
            seen(0.1)
            await scene.wait(3.0)
            seen(0.95)
            await scene.wait(2.2)

    told = [m for m in play(script) if isinstance(m, BodyAct)]
    looks = [m for m in told if m.reason == "gaze"]
    assert len(looks) >= 3
    assert all(((m.t_ns / NS_PER_S) % 5.2) > 3.0 for m in looks), "while the person looks"
    assert 6 <= len(told) / (20 * 5.2 / 60) <= 12


def test_one_seed_makes_one_listener() -> None:
    async def script(scene: Scene) -> None:
        begin_talk(scene)
        for _ in range(10):
            await scene.wait(2.0)
            scene.conversation.heard_cue(BackchannelCue(scene.clock.now_ns(), "low_pitch"))
        scene.conversation.listener.felt(scene.clock.now_ns() / NS_PER_S, 0.7, 0.4, 0.6)
        await scene.wait(3.0)

    def acts() -> list[object]:
        return [
            (m.t_ns, m.rotations, m.blink) if isinstance(m, MotionFrame) else (m.t_ns, m.act)  # type: ignore[union-attr]
            for m in play(script)
            if isinstance(m, MotionFrame | BodyAct)
        ]

    assert acts() == acts()
