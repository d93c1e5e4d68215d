"""The avatar page in a real headless Chromium, fed by a scripted agent on an in-process bus."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from runtime import messages as m
from runtime.vocabulary import VISEMES
from tests.e2e.page_support import CHROMIUM, SAY, WHERE, WHERE_AT_REST, House, Tab, quaternion, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

# ---------------------------------------------------------------- the agent on the page


def test_the_body_moves_as_the_stream_says(browser: Any) -> None:
    happy = np.array([0.8, 0, 0, 0, 0], np.float32).tobytes()
    visemes = np.zeros(15, np.float32)
    visemes[VISEMES.index("oh")] = 0.6
    body = {"expression": happy, "visemes": visemes.tobytes(), "eyes_rad": (0.3, 0.1), "blink": (1.0, 0.0)}
    with House(**body) as house, Tab(browser, house.url) as tab:
        elbow = "attune.figure.bone('rightLowerArm').quaternion.toArray()"
        first = np.array(tab.page.evaluate(elbow))
        tab.wait(f"Math.abs({elbow}[2] - ({first[2]})) > 0.02")
        shoulder = np.array(tab.page.evaluate("attune.figure.bone('rightUpperArm').quaternion.toArray()"))
        assert np.allclose(shoulder, quaternion((0, 0, 1), 0.75), atol=1e-3)
        for eye in ("leftEye", "rightEye"):
            x, y, _, _ = tab.page.evaluate(f"attune.figure.bone('{eye}').quaternion.toArray()")
            assert 2 * y == pytest.approx(0.3, abs=0.01), "eye yaw, left positive"
            assert 2 * x == pytest.approx(-0.1, abs=0.01), "eye pitch, up positive"
        shown = tab.page.evaluate("attune.figure.expressions")
        assert shown["happy"] == pytest.approx(0.8)
        assert shown["viseme_oh"] == pytest.approx(0.6)
        assert shown["blinkLeft"] == pytest.approx(1) and "blinkRight" not in shown
        # The hand is up beside the head, on the agent's right, which is the left of the picture.
        x, y, _ = tab.page.evaluate(WHERE, "rightHand")
        assert x < -0.2 and y > 1.3
        curled, straight = (
            tab.page.evaluate(f"attune.figure.bone('{side}IndexProximal').quaternion.toArray()")
            for side in ("left", "right")
        )
        assert abs(curled[2]) > 0.1 > abs(straight[2])
        tab.shot("wave")
        assert tab.errors == []


def test_a_gaze_straight_ahead_meets_the_camera(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        camera = np.array(tab.page.evaluate("attune.stage.camera.position.toArray()"))
        eyes = np.mean([tab.page.evaluate(WHERE_AT_REST, eye) for eye in ("leftEye", "rightEye")], axis=0)
        yaw, pitch = np.arctan2(camera[:2] - eyes[:2], camera[2] - eyes[2])
        assert abs(yaw) < 0.005 and abs(pitch) < 0.005
        assert camera[2] > 1


def test_the_figure_lives_before_the_stream_begins_and_passes_into_it_without_a_jump(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        heights, lids, jump, quiet = tab.page.evaluate(
            """async () => {
            const { Idle } = await import("/idle.js");
            const { restPose, JOINTS } = await import("/wire.js");
            const idle = new Idle(), rest = restPose(), moved = restPose();
            const j = 4 * JOINTS.indexOf("chest"), arm = 4 * JOINTS.indexOf("leftUpperArm");
            moved.rotations.set([0, 0, 0, 1], arm);
            const breath = [], lids = [];
            for (let i = 0; i < 1500; i++) {
                const pose = idle.over(rest, true, i / 100);
                breath.push(pose.rotations[j]);
                lids.push(pose.face[2]);
            }
            let last = rest.rotations[arm + 2], jump = 0;
            for (let i = 0; i < 100; i++) {
                const pose = idle.over(moved, false, 15 + i / 100);
                jump = Math.max(jump, Math.abs(pose.rotations[arm + 2] - last));
                last = pose.rotations[arm + 2];
            }
            return [[Math.min(...breath), Math.max(...breath)], [Math.min(...lids), Math.max(...lids)], jump,
                idle.quiet && idle.over(moved, false, 16.1) === moved];
        }"""
        )
        assert heights[1] - heights[0] > 0.003, "it breathes"
        assert lids[0] == 0 and lids[1] > 0.9, "it blinks"
        assert jump < 0.04, "2 s of a straight fall of the arm would be less even, a jump is 0.6"
        assert quiet, "the stream is shown as it is"


def test_captions_intentions_and_state_are_shown(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        now = house.clock.now_ns()
        house.publish(m.Word(op="add", unit_id="u1", text="good", t_ns=now))
        house.publish(m.Word(op="commit", unit_id="u1", t_ns=now))
        house.publish(m.Word(op="add", unit_id="u2", text="mourning", t_ns=now))
        wait_for(lambda: tab.text("#caption-user") == "good mourning")
        assert tab.text("#caption-user .tentative") == "mourning"
        house.publish(m.Word(op="revoke", unit_id="u2", t_ns=now))
        house.publish(m.Word(op="add", unit_id="u3", text="morning", t_ns=now))
        wait_for(lambda: tab.text("#caption-user") == "good morning")
        house.publish(m.Turn(state="ended", speaker="user", turn_id="t1", text="good morning", t_ns=now))
        wait_for(lambda: tab.text("#state-text") == "Thinking")
        house.say("r1", seconds=1.5)
        wait_for(lambda: tab.text("#state-text") == "Speaking")
        wait_for(lambda: tab.text("#caption-agent") == SAY)
        tab.wait("document.querySelector('#caption-agent .ahead').textContent === ''")

        evidence = (m.Evidence(0, "person", "someone arrived <b>now</b>"),)
        house.publish(m.Intention(id="i1", kind="gesture", label="wave", trigger="external", evidence=evidence))
        for state in ("accepted", "started", "finished"):
            house.publish(m.IntentionAnswer(intention_id="i1", state=state))
        wait_for(lambda: "done" in tab.text("#intentions"))
        shown = tab.text("#intentions").split("\n")
        assert shown == ["Wants to wave", "because someone arrived <b>now</b>", "noted, doing it, done"]
        tab.shot("captions")
        assert tab.errors == []


def test_what_people_say_to_each_other_is_shown_and_not_thought_about(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        wait_for(lambda: tab.text("#state-text").startswith("Ready"))
        for addressed, state in ((0.1, "Ready"), (0.9, "Thinking")):
            text = f"addressed {addressed}"
            house.publish(
                m.Turn(
                    state="ended",
                    speaker="user",
                    turn_id=text,
                    text=text,
                    addressed=addressed,
                    t_ns=house.clock.now_ns(),
                )
            )
            wait_for(lambda text=text: tab.text("#caption-user") == text)
            wait_for(lambda state=state: tab.text("#state-text").startswith(state))


def test_the_voice_is_played_in_time_reported_and_cut(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.click("#talk")
        tab.wait("attune.voice.context && attune.voice.context.state === 'running'")
        wait_for(lambda: house.server_active())
        house.say("r1", seconds=1.0)
        wait_for(lambda: [p for p in house.of(m.Playback) if p.finished])
        reports = [p.played_ms for p in house.of(m.Playback) if p.response_id == "r1"]
        assert reports == sorted(reports)
        assert reports[-1] == pytest.approx(1_000, abs=45)

        house.say("r2", seconds=6.0)
        tab.wait("attune.voice.playing")
        tab.wait(
            "(() => { const a = new Float32Array(attune.voice.analyser.fftSize);"
            " attune.voice.analyser.getFloatTimeDomainData(a); return Math.max(...a) > 0.1; })()"
        )
        wait_for(lambda: any(p.played_ms > 300 for p in house.of(m.Playback) if p.response_id == "r2"))
        house.publish(
            m.AgentSpeech(state="interrupted", response_id="r2", heard="Hello there,", t_ns=house.clock.now_ns())
        )
        tab.wait("!attune.voice.playing")
        wait_for(lambda: tab.text("#caption-agent") == "Hello there,")
        dropped = tab.page.evaluate("attune.voice.dropped")
        tab.wait(f"attune.voice.dropped > {dropped}")  # stale pieces still come and are not played
        assert not tab.page.evaluate("attune.voice.playing")
        cut = [p for p in house.of(m.Playback) if p.response_id == "r2"][-1]
        assert not cut.finished and 300 < cut.played_ms < 6_000

        house.say("r3", seconds=5.0)
        tab.wait("attune.voice.playing")
        tab.page.keyboard.press("Escape")
        tab.wait("!attune.voice.playing")
        wait_for(lambda: house.interrupts == 1)
        assert tab.errors == []


def test_a_voice_that_is_paused_is_silent_at_once_and_goes_on_where_it_is_told(browser: Any) -> None:
    pause = """async () => {
        const voice = attune.voice, rate = 22050, now_ns = () => voice.connection.now_ns() - voice.delay_ns();
        const piece = (offset_s, length_s, t_ns) => voice.push({
            response_id: "p", pcm: new Uint8Array(2 * rate * length_s), sample_rate_hz: rate, offset_samples: offset_s * rate, t_ns });
        const wait = (ms) => new Promise((done) => setTimeout(done, ms));
        const until = async (so) => { for (let tries = 0; tries < 500 && !so(); tries++) await wait(20); };
        const heard_ms = () => voice.heard_ms(voice.responses.get("p").pieces);
        const begun_ms = performance.now();
        piece(0, 2, now_ns() + 50e6);
        await until(() => heard_ms() > 250);
        voice.hold("p");
        const passed_ms = performance.now() - begun_ms;
        await wait(100);
        const silent = !voice.playing, held_ms = heard_ms();
        piece(2, 1, now_ns());  // handed out before the pause, and late
        const from_ns = now_ns() + 1500e6;
        piece(0.25, 0.5, from_ns);
        const waits = !voice.playing;
        voice.go_on("p", from_ns);
        await until(() => voice.playing);
        const goes_on = voice.playing, again_ms = heard_ms();
        await until(() => !voice.playing);
        return [silent, waits, goes_on, held_ms, again_ms, heard_ms(), voice.dropped, passed_ms];
    }"""
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.click("#talk")
        tab.wait("attune.voice.context && attune.voice.context.state === 'running'")
        silent, waits, goes_on, held_ms, again_ms, last_ms, dropped, passed_ms = tab.page.evaluate(pause)
        assert silent and waits and goes_on
        assert 250 < held_ms <= passed_ms + 40, "and not while it was paused, but for its fading out"
        assert again_ms >= held_ms - 1, "what is said twice counts once"
        assert last_ms == pytest.approx(max(held_ms, 750), abs=40)
        assert dropped >= 1, "what was due before it went on is not played"
        assert tab.errors == []


def test_where_the_voice_is_late_the_mouth_waits_for_it_and_the_body_does_not(browser: Any) -> None:
    late = """async () => {
        const voice = attune.voice, rate = 22050;
        const pcm = new Uint8Array(2 * rate);
        const t_ns = voice.connection.now_ns() - voice.delay_ns() - 300e6;  // due 0.3 s ago
        voice.push({ response_id: "late", pcm, sample_rate_hz: rate, offset_samples: 0, t_ns });
        await new Promise((done) => setTimeout(done, 200));
        const lag_ns = voice.lag_ns;
        voice.drop("late");
        const { MotionBuffer } = await import("/motion.js");
        const { restPose } = await import("/wire.js");
        const buffer = new MotionBuffer();
        for (let i = 0; i < 30; i++) {  // a mouth that opens and a hip that rises by one a second
            const pose = restPose();
            Object.assign(pose, { t_ns: i * 20e6 });
            pose.visemes[10] = i * 0.02;
            pose.hips[1] = i * 0.02;
            buffer.push(pose, i * 20e6);
        }
        buffer.delay_ns = buffer.wanted_ns;
        const now_ns = 500e6 + buffer.delay_ns;
        const at = (lag) => { const pose = buffer.at(now_ns, lag); return [pose.visemes[10], pose.hips[1]]; };
        return [lag_ns, at(0), at(300e6), at(5e9)];
    }"""
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.click("#talk")
        tab.wait("attune.voice.context && attune.voice.context.state === 'running'")
        lag_ns, in_time, waiting, long_ago = tab.page.evaluate(late)
        assert 295e6 < lag_ns < 420e6
        assert in_time == pytest.approx([0.5, 0.5], abs=1e-3)
        assert waiting == pytest.approx([0.2, 0.5], abs=1e-3)
        assert long_ago == pytest.approx([0.0, 0.5], abs=1e-3)
        assert tab.page.evaluate("attune.voice.lag_ns") == 0
        assert tab.errors == []


# ---------------------------------------------------------------- the person


def test_the_microphone_arrives_at_16_khz_with_its_level_and_pitch(browser: Any) -> None:
    with House() as house, Tab(browser, house.url, "/?processing=off") as tab:
        tab.page.click("#talk")
        wait_for(lambda: len(house.of(m.UserAudio)) > 140, 20)
        blocks = house.of(m.UserAudio)
        assert {(b.sample_rate_hz, len(b.pcm)) for b in blocks} == {(16_000, 1_024)}
        assert [b.index for b in blocks] == list(range(len(blocks)))
        signal = np.concatenate([np.frombuffer(b.pcm, "<i2") for b in blocks]) / 32_768
        windows = signal[: len(signal) // 1_600 * 1_600].reshape(-1, 1_600)
        level = 20 * np.log10(np.sqrt((windows**2).mean(axis=1)) + 1e-9)
        assert level.min() < -60, "the silence of the file"
        assert np.median(level[level > -30]) == pytest.approx(-20, abs=1), "the tone of the file"
        loud = windows[int(np.argmax(level))]
        pitch = np.argmax(np.abs(np.fft.rfft(loud * np.hanning(1_600)))) * 10
        assert pitch == pytest.approx(440, abs=10)
        times = np.array([b.t_ns for b in blocks]) / 1e6
        steps = np.diff(times[5:])
        assert np.median(steps) == pytest.approx(32, abs=1.5)
        assert "microphone_on" in [v.state for v in house.of(m.Viewer)]
        tab.wait("Number(document.querySelector('#meter').ariaValueNow ?? 0) >= 0")

        tab.page.click("#mute")
        wait_for(lambda: house.of(m.Viewer)[-1].state == "microphone_off")
        before = len(house.of(m.UserAudio))
        wait_for(lambda: len(house.of(m.UserAudio)) > before + 40)
        muted = np.frombuffer(b"".join(b.pcm for b in house.of(m.UserAudio)[before + 15 :]), "<i2")
        assert not muted.any(), "a muted microphone sends true silence"
        assert tab.errors == []


def test_the_camera_sends_pictures(browser: Any) -> None:
    cv2 = pytest.importorskip("cv2")
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.click("#camera")
        wait_for(lambda: len(house.of(m.UserVideo)) >= 5)
        pictures = [cv2.imdecode(np.frombuffer(v.jpeg, np.uint8), 1) for v in house.of(m.UserVideo)]
        assert {p.shape for p in pictures} == {(480, 640, 3)}
        assert pictures[0].std() > 10, "not an empty picture"
        assert any((a != b).any() for a, b in itertools.pairwise(pictures))
        tab.shot("camera")
        tab.page.click("#camera")
        wait_for(lambda: house.of(m.Viewer)[-1].state == "camera_off")
        assert tab.errors == []


def test_typed_text_reaches_the_bus_by_keyboard_alone(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        for _ in range(8):
            tab.page.keyboard.press("Tab")
            if tab.page.evaluate("document.activeElement.id") == "text":
                break
        tab.page.keyboard.type("Hello, Ada")
        tab.page.keyboard.press("Enter")
        assert wait_for(lambda: house.of(m.TypedText))[0].text == "Hello, Ada"
        wait_for(lambda: tab.text("#caption-user") == "Hello, Ada")
        assert tab.page.input_value("#text") == ""
        assert tab.errors == []


def test_a_denied_microphone_is_explained_and_typing_still_works(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.evaluate(
            "() => { navigator.mediaDevices.getUserMedia = () =>"
            " Promise.reject(new DOMException('no', 'NotAllowedError')); }"
        )
        tab.page.click("#talk")
        wait_for(lambda: "blocked" in tab.text("#hint"))
        assert "allow the microphone" in tab.text("#hint")
        tab.page.fill("#text", "typed")
        tab.page.press("#text", "Enter")
        wait_for(lambda: house.of(m.TypedText))
        tab.shot("denied")
        assert tab.errors == []
