"""The avatar page in a real headless Chromium, fed by a scripted agent on an in-process bus."""

from __future__ import annotations

import asyncio
import itertools
import math
import shutil
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatar.server import AvatarServer
from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S, MonotonicClock
from runtime.settings import AvatarSettings
from runtime.transport.inprocess import InProcessHub
from runtime.vocabulary import BODY_JOINTS

CHROMIUM = shutil.which("chromium") or ""
ARTIFACTS = Path("artifacts/page")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")

JOINT = {name: index for index, name in enumerate(BODY_JOINTS)}
TICK_NS = 20 * NS_PER_MS
SAY = "Hello there, nice to see you."


def quaternion(axis: tuple[float, float, float], angle_rad: float) -> tuple[float, float, float, float]:
    s = math.sin(angle_rad / 2)
    return axis[0] * s, axis[1] * s, axis[2] * s, math.cos(angle_rad / 2)


def synthetic_frame(index: int, t_ns: int, *, wave_arm: bool = True, **fields: Any) -> m.MotionFrame:
    """A standing body that breathes, waves with its right arm and moves its mouth."""
    t = index / 50
    rotations = np.zeros((22, 4), np.float32)
    rotations[:, 3] = 1
    rotations[JOINT["leftUpperArm"]] = quaternion((0, 0, 1), -1.28)
    rotations[JOINT["leftLowerArm"]] = quaternion((0, 1, 0), -0.35)
    rotations[JOINT["head"]] = quaternion((1, 0, 0), 0.05 * math.sin(2 * t))
    rotations[JOINT["chest"]] = quaternion((0, 1, 0), 0.05 * math.sin(t))
    if wave_arm:
        rotations[JOINT["rightUpperArm"]] = quaternion((0, 0, 1), 0.75)
        rotations[JOINT["rightLowerArm"]] = quaternion((0, 0, 1), -2.05 + 0.3 * math.sin(5 * t))
    else:
        rotations[JOINT["rightUpperArm"]] = quaternion((0, 0, 1), 1.28)
        rotations[JOINT["rightLowerArm"]] = quaternion((0, 1, 0), 0.35)
    values: dict[str, Any] = {
        "hands": np.array([[0.3, 0.35, 0.4, 0.42, 0.45, 0], [0.05, 0, 0, 0, 0, 0.8]], np.float32).tobytes(),
        "visemes": np.zeros(15, np.float32).tobytes(),
        "expression": np.array([0.35, 0, 0, 0, 0], np.float32).tobytes(),
    }
    values.update(fields)
    return m.MotionFrame(t_ns=t_ns, index=index, rotations=rotations.tobytes(), **values)


class House:
    """The server and a scripted agent on a loop of their own in a thread; everything from pages is kept in `seen`."""

    def __init__(self, **frame_fields: Any) -> None:
        self.seen: list[m.AnyMessage] = []
        self.interrupts = 0
        self.counters: dict[str, float] = {}
        self.frame_fields = frame_fields
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), daemon=True)

    def __enter__(self) -> House:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    def _interrupted(self) -> None:
        self.interrupts += 1

    async def _main(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self.clock = MonotonicClock()
        hub = InProcessHub()
        self.bus = hub.bus("behavioral")
        settings = AvatarSettings(port=0)
        server = AvatarServer(
            hub.bus("avatar"), self.clock, settings, counters=self.counters, on_interrupt=self._interrupted
        )
        await server.start()
        self.server = server
        self.url = server.url
        inbox = hub.bus("test").subscribe(m.UserAudio, m.UserVideo, m.TypedText, m.Playback, m.Viewer)
        tasks = [asyncio.create_task(self._move()), asyncio.create_task(self._keep(inbox))]
        self._ready.set()
        await self._stop.wait()
        for task in tasks:
            task.cancel()
        await server.aclose()

    async def _move(self) -> None:
        index = 0
        while True:
            due = index * TICK_NS
            await self.clock.sleep_until_ns(due)
            self.bus.publish(synthetic_frame(index, due, **self.frame_fields))
            index += 1

    async def _keep(self, inbox: Any) -> None:
        async for message in inbox:
            self.seen.append(message)

    def publish(self, message: m.Message) -> None:
        self.loop.call_soon_threadsafe(self.bus.publish, message)

    def say(self, response_id: str, seconds: float = 2.0, hz: float = 220.0) -> None:
        """Speak a tone with timed words, in pieces of 40 ms, 80 ms ahead."""
        start = self.clock.now_ns() + 150 * NS_PER_MS
        words = SAY.split()
        step = 1_000 * seconds / len(words)
        timings = tuple(m.SpeechTiming(w, i * step, (i + 1) * step) for i, w in enumerate(words))
        common = {"response_id": response_id, "text": SAY, "duration_ms": 1_000 * seconds, "words": timings}
        self.publish(m.AgentSpeech(t_ns=start, state="planned", **common))  # type: ignore[arg-type]
        self.publish(m.AgentSpeech(t_ns=start, state="started", **common))  # type: ignore[arg-type]
        rate, piece = 22_050, 882
        tone = (9_000 * np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate)).astype("<i2")

        async def stream() -> None:
            for offset in range(0, len(tone), piece):
                at = start + offset * NS_PER_S // rate
                await self.clock.sleep_until_ns(at - 80 * NS_PER_MS)
                pcm = tone[offset : offset + piece].tobytes()
                self.bus.publish(
                    m.AgentAudio(t_ns=at, pcm=pcm, sample_rate_hz=rate, response_id=response_id, offset_samples=offset)
                )

        asyncio.run_coroutine_threadsafe(stream(), self.loop)

    def server_active(self) -> bool:
        return any(v.state == "microphone_on" for v in self.of(m.Viewer))

    def of(self, kind: type[m.Message]) -> list[Any]:
        return [message for message in list(self.seen) if isinstance(message, kind)]


def wait_for(what: Callable[[], Any], timeout_s: float = 15.0) -> Any:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(f"did not come true within {timeout_s} s")


@pytest.fixture(scope="module")
def speech_wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One second of silence, two of a 440 Hz tone at -20 dBFS RMS, one of silence, at 48 kHz."""
    rate = 48_000
    t = np.arange(2 * rate) / rate
    tone = 0.1 * math.sqrt(2) * np.sin(2 * np.pi * 440 * t)
    signal = np.concatenate([np.zeros(rate), tone, np.zeros(rate)])
    path = tmp_path_factory.mktemp("sound") / "tone.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((32767 * signal).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def browser(speech_wav: Path) -> Iterator[Any]:
    fake = [
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={speech_wav}",
    ]  # fmt: skip
    with sync_api.sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS + fake)
        yield launched
        launched.close()


class Tab:
    """One page with its console errors."""

    def __init__(self, browser: Any, url: str, query: str = "", **options: Any) -> None:
        self.errors: list[str] = []
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **options})
        self.page = self.context.new_page()
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(url + query)
        self.wait("window.attune && attune.motion.received > 5", 30)

    def wait(self, expression: str, timeout_s: float = 15.0) -> Any:
        """Poll from outside: the page's policy forbids the eval that playwright's own waiting uses."""
        return wait_for(lambda: self.page.evaluate(expression), timeout_s)

    def text(self, selector: str) -> str:
        return str(self.page.inner_text(selector))

    def shot(self, name: str) -> None:
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(ARTIFACTS / f"{name}.png"), timeout=60_000)

    def __enter__(self) -> Tab:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


# ---------------------------------------------------------------- the agent on the page


def test_the_body_moves_as_the_stream_says(browser: Any) -> None:
    happy = np.array([0.8, 0, 0, 0, 0], np.float32).tobytes()
    with House(expression=happy, eyes_rad=(0.3, 0.1), blink=(1.0, 0.0)) as house, Tab(browser, house.url) as tab:
        elbow = "attune.figure.bones[attune.figure.number.get('rightLowerArm')].quaternion.toArray()"
        first = np.array(tab.page.evaluate(elbow))
        tab.wait(f"Math.abs({elbow}[2] - ({first[2]})) > 0.02")
        shoulder = np.array(
            tab.page.evaluate("attune.figure.bones[attune.figure.number.get('rightUpperArm')].quaternion.toArray()")
        )
        assert np.allclose(shoulder, quaternion((0, 0, 1), 0.75), atol=1e-3)
        left, right = tab.page.evaluate("attune.figure.face.eyes.map(e => [e.ball.rotation.y, e.upper.rotation.x])")
        assert left[0] == pytest.approx(0.3, abs=1e-3), "eye yaw, left positive"
        assert left[1] > right[1] + 0.5, "the left lid is closed, the right one open"
        # The hand is up beside the head, on the agent's right, which is the left of the picture.
        x, y = tab.page.evaluate(
            "(() => { const p = attune.figure.bones[13].getWorldPosition(attune.figure.root.position.clone());"
            " return [p.x, p.y]; })()"
        )
        assert x < -0.2 and y > 1.3
        tab.shot("wave")
        assert tab.errors == []


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
        house.publish(m.Intention(id="i1", kind="gesture", label="wave", trigger="social_protocol", evidence=evidence))
        for state in ("accepted", "started", "finished"):
            house.publish(m.IntentionAnswer(intention_id="i1", state=state))
        wait_for(lambda: "done" in tab.text("#intentions"))
        shown = tab.text("#intentions").split("\n")
        assert shown == ["Wants to wave", "because someone arrived <b>now</b>", "noted, doing it, done"]
        tab.shot("captions")
        assert tab.errors == []


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


# ---------------------------------------------------------------- several pages, other sites, losses


def test_two_tabs_show_the_body_and_one_of_them_talks(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as first, Tab(browser, house.url) as second:
        first.page.click("#talk")
        wait_for(lambda: first.page.is_visible("#mute"))
        second.page.click("#talk")
        wait_for(lambda: second.page.is_visible("#mute"))
        wait_for(lambda: "Another window" in first.text("#hint"))
        assert first.text("#talk") == "Talk here"
        for tab in (first, second):
            count = tab.page.evaluate("attune.motion.received")
            tab.wait(f"attune.motion.received > {count} + 10")
        assert first.errors == second.errors == []


def test_another_site_cannot_connect(browser: Any) -> None:
    with House() as house, House() as other:
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        page.goto(other.url)
        socket = house.url.replace("http", "ws") + "/stream"
        outcome = page.evaluate(
            "(url) => new Promise((done) => { const s = new WebSocket(url);"
            " s.onopen = () => done('open'); s.onerror = () => done('refused'); })",
            socket,
        )
        context.close()
        assert outcome == "refused"
        assert house.counters["refused_connection"] == 1


def test_the_page_comes_back_on_its_own(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        house.publish(m.Turn(state="ended", speaker="user", turn_id="t1", text="remember me"))
        wait_for(lambda: tab.text("#caption-user") == "remember me")
        tab.page.evaluate("attune.connection.socket.close()")
        wait_for(lambda: [v.state for v in house.of(m.Viewer)] == ["joined", "left", "joined"])
        count = tab.page.evaluate("attune.motion.received")
        tab.wait(f"attune.motion.received > {count} + 10")
        tab.page.click("#said summary")
        assert tab.text("#transcript").count("remember me") == 1, "history is not shown twice"
        assert tab.errors == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (844, 390), (1_920, 1_080)])
def test_everything_fits_on_every_screen(browser: Any, width: int, height: int) -> None:
    with House() as house, Tab(browser, house.url, viewport={"width": width, "height": height}) as tab:
        for control in ("#talk", "#camera", "#stop", "#text", "#state"):
            box = tab.page.locator(control).bounding_box()
            assert box is not None
            assert box["x"] >= 0 and box["x"] + box["width"] <= width, control
            assert box["y"] >= 0 and box["y"] + box["height"] <= height, control
        # The crown of the head and both shoulders lie inside the picture.
        for point in ((0, 1.76, 0), (0.25, 1.38, 0), (-0.25, 1.38, 0)):
            x, y = tab.page.evaluate(
                "(p) => { const v = attune.figure.root.position.clone().set(...p).project(attune.stage.camera);"
                " return [v.x, v.y]; }",
                list(point),
            )
            assert abs(x) < 1 and abs(y) < 1, point
        tab.shot(f"screen-{width}x{height}")


def test_controls_have_names(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        names = tab.page.evaluate(
            "[...document.querySelectorAll('button, input, summary, canvas')].filter(e => !e.hidden)"
            ".map(e => e.ariaLabel || e.textContent.trim())"
        )
        assert all(names), names


def test_the_skeleton_of_the_page_is_the_one_of_the_motion() -> None:
    import importlib.util

    folder = Path(__file__).parents[2] / "avatar" / "page"
    spec = importlib.util.spec_from_file_location("make_skeleton", folder.parents[1] / "scripts" / "make_skeleton.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (folder / "skeleton.js").read_text() == module.skeleton_source()
