"""What the tests of the page in a real browser share: a scripted agent on a bus, and one browser tab."""

from __future__ import annotations

import asyncio
import math
import shutil
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from avatar.consent import Recording
from avatar.console.server import Console
from avatar.server import AvatarServer
from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S, MonotonicClock
from runtime.ids import IdSource
from runtime.settings import AvatarSettings
from runtime.transport.inprocess import InProcessHub
from runtime.vocabulary import BODY_JOINTS

CHROMIUM = shutil.which("chromium") or ""
ARTIFACTS = Path("artifacts/page")
HEADLESS = [
    "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
]  # fmt: skip
FLAGS = [*HEADLESS, "--autoplay-policy=no-user-gesture-required"]

JOINT = {name: index for index, name in enumerate(BODY_JOINTS)}
TICK_NS = 20 * NS_PER_MS
WHERE = """(name) => { const node = attune.figure.vrm.humanoid.getRawBoneNode(name);
    node.updateWorldMatrix(true, false); return node.getWorldPosition(node.position.clone()).toArray(); }"""
"""Where a bone is now, metres: left, up, forward."""
WHERE_AT_REST = """(name) => { const rest = attune.figure.vrm.humanoid.normalizedRestPose; let node = name, at = [0, 0, 0];
    for (let n = attune.figure.bone(name); n; n = n.parent) {
        const found = Object.entries(rest).find(([bone]) => attune.figure.bone(bone) === n);
        if (found) at = at.map((v, i) => v + found[1].position[i]); }
    return at; }"""
"""Where a bone of a VRM 1.0 is in the rest pose."""
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

    def __init__(
        self,
        recording: Recording | None = None,
        settings: dict[str, Any] | None = None,
        tls: ssl.SSLContext | None = None,
        *,
        character: bytes | None = None,
        **frame_fields: Any,
    ) -> None:
        self.recording = recording
        self.settings = AvatarSettings(**{"port": 0, **(settings or {})})
        self.tls = tls
        self.character = character
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
        bus = hub.bus("avatar")
        console = None
        if self.settings.operator_token:
            console = Console(bus, self.clock, IdSource("avatar", 1), self.settings, recorded=True)
        server = AvatarServer(
            bus,
            self.clock,
            self.settings,
            counters=self.counters,
            on_interrupt=self._interrupted,
            recording=self.recording,
            character=self.character,
            tls=self.tls,
            console=console,
        )
        await server.start()
        self.server = server
        self.url = server.url
        inbox = hub.bus("test").subscribe(
            m.UserAudio, m.UserVideo, m.TypedText, m.Playback, m.Viewer, m.MemoryConsent, m.OperatorAct
        )
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
            self.answer(message)

    def answer(self, message: m.AnyMessage) -> None:
        """Do something about what came from a page, on the loop; nothing here."""

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


@contextmanager
def browser_with_devices() -> Iterator[Any]:
    """Three cameras and microphones that make a steady picture and sound, and nobody who answers when the browser asks for one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        args = [*FLAGS, "--use-fake-device-for-media-stream=device-count=3", "--deny-permission-prompts"]
        launched = play.chromium.launch(executable_path=CHROMIUM, args=args)
        yield launched
        launched.close()


def wait_for(what: Callable[[], Any], timeout_s: float = 15.0) -> Any:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(f"did not come true within {timeout_s} s")


class Tab:
    """One page with its console errors."""

    def __init__(self, browser: Any, url: str, query: str = "", **options: Any) -> None:
        self.errors: list[str] = []
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **options})
        self.page = self.context.new_page()
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(url + query)
        self.wait("window.attune && attune.figure && attune.motion.received > 5 && attune.theatre.idle.quiet", 30)

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
