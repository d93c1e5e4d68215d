"""Microphone and camera while the browser still asks, when they go away, and by keyboard and screen reader, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from runtime import messages as m
from tests.e2e.page_support import CHROMIUM, House, Tab, browser_with_devices, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

ALLOWED = ["microphone", "camera"]
SLOW = """() => {
    const media = navigator.mediaDevices, ask = media.getUserMedia.bind(media);
    window.given = []; window.asking = 0;
    media.getUserMedia = async (wanted) => {
        asking += 1;
        await new Promise((done) => setTimeout(done, 300));
        try { const stream = await ask(wanted); given.push(...stream.getTracks()); return stream; } finally { asking -= 1; }
    };
    window.worklets = new Set();
    const { connect, disconnect } = AudioNode.prototype;
    AudioNode.prototype.connect = function (...to) {
        if (to[0] instanceof AudioWorkletNode) worklets.add(this);
        return connect.apply(this, to);
    };
    AudioNode.prototype.disconnect = function (...to) { worklets.delete(this); return disconnect.apply(this, to); };
}"""
"""Let the browser's answer take 300 ms; keep all tracks that it gave, and the sources that are connected to a worklet."""
LIVE = "given.filter((track) => track.readyState === 'live').map((track) => track.kind).sort()"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browser_with_devices() as launched:
        yield launched


def test_what_is_switched_off_is_off_however_often_it_was_asked_for(browser: Any) -> None:
    with House() as house, Tab(browser, house.url, permissions=ALLOWED) as tab:
        tab.page.evaluate(SLOW)
        settled = "asking === 0 && !attune.camera.starting && !attune.microphone.starting"
        tab.page.click("#camera")
        tab.wait("asking === 1")
        tab.page.evaluate("document.getElementById('camera').click()")
        tab.wait(f"attune.camera.on && {settled}")
        assert tab.page.evaluate(LIVE) == ["video"]
        assert tab.page.get_attribute("#camera", "aria-pressed") == "true"
        tab.page.click("#camera")
        assert tab.page.evaluate(LIVE) == []
        wait_for(lambda: house.of(m.Viewer)[-1].state == "camera_off")
        seen = len(house.of(m.UserVideo))

        tab.page.click("#camera")
        tab.wait("asking === 1")
        tab.page.evaluate("attune.camera.stop()")  # before the browser has answered
        tab.wait("asking === 0")
        tab.page.wait_for_timeout(200)
        assert tab.page.evaluate(LIVE) == [] and len(house.of(m.UserVideo)) == seen
        assert tab.page.get_attribute("#camera", "aria-pressed") == "false"

        # By keyboard each step through a list is a change; the last one counts, also while the first is still being asked for.
        tab.page.click("#talk")
        tab.page.click("#camera")
        tab.wait(f"attune.microphone.on && attune.camera.on && {settled}")
        tab.page.click("#talking-button")
        for what in ("microphone", "camera"):
            tab.page.focus(f"#{what}-choice")
            for _ in range(3):
                tab.page.keyboard.press("ArrowDown")
            tab.wait(f"attune.{what}.on && {settled}")
            used = tab.page.evaluate(f"attune.{what}.stream.getTracks()[0].getSettings().deviceId")
            last = tab.page.evaluate(f"document.getElementById('{what}-choice').lastElementChild.value")
            assert used == last == tab.page.input_value(f"#{what}-choice")
        assert tab.page.evaluate(LIVE) == ["audio", "video"]
        assert tab.page.evaluate("worklets.size") == 1, "a microphone that is closed is taken from the audio thread"
        tab.page.evaluate("attune.microphone.stop()")
        assert tab.page.evaluate("worklets.size") == 0
        assert tab.errors == []


def test_the_audio_thread_forgets_a_microphone_that_is_closed(browser: Any) -> None:
    run = """async () => {
        const port = {};
        let Microphone;
        class AudioWorkletProcessor { port = port; }
        const registerProcessor = (_, processor) => (Microphone = processor);
        Object.assign(globalThis, { sampleRate: 48000, AudioWorkletProcessor, registerProcessor });
        await import("/microphone-worklet.js");
        const microphone = new Microphone();
        const before = microphone.process([[new Float32Array(128)]]);
        port.onmessage({ data: "end" });
        return [before, microphone.process([[new Float32Array(128)]])];
    }"""
    with House() as house, Tab(browser, house.url) as tab:
        assert tab.page.evaluate(run) == [True, False], "false lets the browser collect it"


def test_a_device_that_goes_away_is_said_and_can_be_started_again(browser: Any) -> None:
    with House() as house, Tab(browser, house.url, permissions=ALLOWED) as tab:
        tab.page.click("#talk")
        tab.page.click("#camera")
        tab.wait("attune.microphone.on && attune.camera.on")
        wait_for(lambda: tab.page.is_visible("#mute"))
        tab.page.click("#mute")
        for what, button in (("microphone", "Start talking"), ("camera", "Camera")):
            # As a browser does when the device is unplugged; the ones it makes for tests cannot be.
            tab.page.evaluate(
                f"(() => {{ const [track] = attune.{what}.stream.getTracks(); track.stop();"
                " track.dispatchEvent(new Event('ended')); })()"
            )
            wait_for(lambda what=what: f"The {what} has gone off" in tab.text("#hint"))
            assert f"press “{button}”" in tab.text("#hint")
            wait_for(lambda what=what: house.of(m.Viewer)[-1].state == f"{what}_off")
        assert tab.page.is_visible("#talk") and not tab.page.is_visible("#mute") and not tab.page.is_visible("#meter")
        assert tab.page.get_attribute("#camera", "aria-pressed") == "false"
        tab.shot("device-gone")
        heard = len(house.of(m.UserAudio))
        tab.page.click("#talk")
        wait_for(lambda: len(house.of(m.UserAudio)) > heard + 3)
        assert tab.text("#mute") == "Mute" and not tab.page.is_visible("#hint")
        assert tab.errors == []


def test_escape_that_closes_something_does_not_interrupt_the_agent(browser: Any) -> None:
    with House() as house, Tab(browser, house.url, permissions=ALLOWED) as tab:
        tab.page.click("#talk")
        wait_for(lambda: house.server_active())
        house.say("r1", seconds=30.0)
        tab.wait("attune.voice.playing && !document.getElementById('stop').disabled")
        for popover in ("talking", "settings"):
            tab.page.click(f"#{popover}-button")
            wait_for(lambda popover=popover: tab.page.is_visible(f"#{popover}"))
            tab.page.keyboard.press("Escape")
            wait_for(lambda popover=popover: not tab.page.is_visible(f"#{popover}"))
            tab.page.wait_for_timeout(300)
            assert house.interrupts == 0 and tab.page.evaluate("attune.voice.playing")
        tab.page.keyboard.press("Escape")
        wait_for(lambda: house.interrupts == 1)
        tab.wait("!attune.voice.playing")
        assert tab.errors == []


def test_who_cannot_hold_a_button_turns_hold_to_talk_on_and_off(browser: Any) -> None:
    with House() as house, Tab(browser, house.url, permissions=ALLOWED) as tab:
        tab.page.evaluate("attune.choices.push.click()")
        tab.page.click("#talk")
        wait_for(lambda: tab.page.is_visible("#hold"))

        def shown(pressed: str) -> bool:
            return tab.page.get_attribute("#hold", "aria-pressed") == pressed and tab.page.evaluate(
                f"attune.microphone.closed === {'false' if pressed == 'true' else 'true'}"
            )

        tab.page.focus("#hold")
        tab.page.keyboard.press("Enter")
        wait_for(lambda: shown("true"))
        tab.page.focus("#text")
        tab.page.keyboard.type("a b")
        tab.page.wait_for_timeout(400)
        assert shown("true"), "a space while typing lets nothing go"
        tab.page.focus("#hold")
        tab.page.keyboard.press("Enter")
        wait_for(lambda: shown("false"))
        for pressed in ("true", "false"):  # as a screen reader clicks
            tab.page.evaluate("document.getElementById('hold').click()")
            wait_for(lambda pressed=pressed: shown(pressed))
        tab.page.click("#hold")  # a pointer holds, it does not turn on
        wait_for(lambda: shown("false"))

        tab.page.keyboard.press("Enter")
        wait_for(lambda: shown("true"))
        tab.page.click("#mute")
        wait_for(lambda: shown("false"))
        assert tab.errors == []
