"""Microphone and camera as the person chooses them, push-to-talk, hints that say what to do, and https, in a real Chromium."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime import messages as m
from tests.e2e.page_support import CHROMIUM, House, Tab, browser_with_devices, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")
TOKEN = "correct-horse-battery"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser with devices that make a steady sound, and that asks before it gives them: nobody answers for the person."""
    with browser_with_devices() as launched:
        yield launched


def level(house: House, since: int) -> float:
    pcm = np.frombuffer(b"".join(b.pcm for b in house.of(m.UserAudio)[since:]), "<i2")
    return float(np.abs(pcm.astype(np.int64)).max(initial=0))


# ---------------------------------------------------------------- devices


def test_a_device_can_be_chosen_changed_while_it_is_on_and_is_kept(browser: Any) -> None:
    allowed = {"permissions": ["microphone", "camera"]}
    with House() as house, Tab(browser, house.url, **allowed) as tab:
        options = "[...document.querySelector('#camera-choice').options].map(o => o.text)"
        tab.wait(f"{options}.length === 4")
        assert tab.page.evaluate(options)[0] == "System default"
        tab.page.click("#talking-button")
        wanted = tab.page.evaluate("document.querySelector('#camera-choice').options[3].value")
        tab.page.select_option("#camera-choice", wanted)
        tab.page.keyboard.press("Escape")
        tab.page.click("#camera")
        used = "attune.camera.stream && attune.camera.stream.getVideoTracks()[0].getSettings().deviceId"
        wait_for(lambda: tab.page.evaluate(used) == wanted)
        tab.page.click("#talking-button")
        other = tab.page.evaluate("document.querySelector('#camera-choice').options[2].value")
        tab.page.select_option("#camera-choice", other)
        wait_for(lambda: tab.page.evaluate(used) == other)
        before = len(house.of(m.UserVideo))
        wait_for(lambda: len(house.of(m.UserVideo)) > before + 3)
        tab.shot("talking")
        tab.page.reload()
        tab.wait("window.attune && attune.motion.received > 5", 30)
        tab.wait(f"{options}.length === 4")
        assert tab.page.input_value("#camera-choice") == other
        assert tab.errors == []


def test_a_chosen_device_that_is_gone_gives_way_to_the_usual_one(browser: Any) -> None:
    with House() as house, Tab(browser, house.url, permissions=["microphone", "camera"]) as tab:
        tab.page.evaluate(
            "localStorage.setItem('attune.talking', JSON.stringify({ microphone: 'unplugged', pushToTalk: 7 }))"
        )
        tab.page.reload()
        tab.wait("window.attune && attune.motion.received > 5", 30)
        tab.wait("document.querySelector('#microphone-choice').options.length > 1")
        assert tab.page.evaluate("attune.choices.device('microphone')") == ""
        assert not tab.page.is_checked("#push-to-talk"), "what is no choice is not taken"
        tab.page.click("#talk")
        wait_for(lambda: len(house.of(m.UserAudio)) > 5)
        assert tab.errors == []


# ---------------------------------------------------------------- push-to-talk


def test_with_push_to_talk_it_hears_only_while_space_or_the_button_is_held(browser: Any) -> None:
    with House() as house, Tab(browser, house.url, permissions=["microphone"]) as tab:
        tab.page.click("#talking-button")
        tab.page.check("#push-to-talk")
        tab.page.keyboard.press("Escape")
        tab.page.click("#talk")
        wait_for(lambda: tab.page.is_visible("#hold"))
        wait_for(lambda: tab.text("#state-text") == "Ready, hold to talk")
        assert [v.state for v in house.of(m.Viewer)][-1] == "microphone_on"

        def heard_for(blocks: int) -> float:
            wait_for(lambda: len(house.of(m.UserAudio)) > 3)
            since = len(house.of(m.UserAudio)) + 10
            wait_for(lambda: len(house.of(m.UserAudio)) >= since + blocks)
            return level(house, since)

        assert heard_for(50) == 0
        tab.page.keyboard.down("Space")
        wait_for(lambda: tab.text("#hold") == "It hears you")
        assert tab.text("#state-text") == "Listening", "and does not say that one may hold it"
        assert heard_for(50) > 1_000
        tab.page.keyboard.up("Space")
        wait_for(lambda: tab.text("#hold") == "Hold to talk")
        assert heard_for(50) == 0

        tab.page.hover("#hold")
        tab.page.mouse.down()
        wait_for(lambda: tab.page.get_attribute("#hold", "aria-pressed") == "true")
        assert heard_for(50) > 1_000
        tab.page.evaluate("window.dispatchEvent(new Event('blur'))")  # the window loses the focus: nothing stays open
        wait_for(lambda: tab.page.get_attribute("#hold", "aria-pressed") == "false")
        tab.page.mouse.up()

        tab.page.focus("#text")
        tab.page.keyboard.type("a b")
        assert tab.page.input_value("#text") == "a b", "Space is a letter while typing"
        assert tab.page.get_attribute("#hold", "aria-pressed") == "false"
        assert [v.state for v in house.of(m.Viewer)].count("microphone_off") == 0, "it listens all the while"
        assert tab.errors == []


def test_without_push_to_talk_there_is_no_such_button(browser: Any) -> None:
    with House() as house, Tab(browser, house.url, permissions=["microphone"]) as tab:
        tab.page.click("#talk")
        wait_for(lambda: tab.page.is_visible("#mute"))
        assert not tab.page.is_visible("#hold")
        tab.page.keyboard.press("Space")
        assert not tab.page.evaluate("attune.microphone.closed")


# ---------------------------------------------------------------- hints


def test_a_real_refusal_by_the_browser_is_explained_and_typing_works(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        for button, what in (("#talk", "microphone"), ("#camera", "camera")):
            tab.page.click(button)
            wait_for(lambda what=what: f"allow the {what}" in tab.text("#hint"))
            assert "icon beside the address" in tab.text("#hint")
        assert tab.page.is_visible("#talk"), "it can be tried again"
        tab.page.fill("#text", "typed")
        tab.page.press("#text", "Enter")
        wait_for(lambda: house.of(m.TypedText))
        assert tab.errors == []


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("NotFoundError", "", "Plug one in"),
        ("NotReadableError", "", "Another program is using the microphone"),
        ("NotAllowedError", "Permission denied by system", "computer’s privacy settings"),
        ("NotAllowedError", "Permission dismissed", "Try again and allow the microphone"),
        ("NotAllowedError", "Permission denied", "icon beside the address"),
        ("OddError", "", "Try again, or type instead"),
    ],
)
def test_each_failure_of_a_device_says_what_to_do(browser: Any, name: str, text: str, hint: str) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.evaluate(
            "([text, name]) => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException(text, name)); }",
            [text, name],
        )
        tab.page.click("#talk")
        wait_for(lambda: hint in tab.text("#hint"))
        assert "Error" not in tab.text("#hint")
        assert tab.errors == []


# ---------------------------------------------------------------- other machines


def lan_address() -> str:
    from avatar.tls import lan_addresses

    found = [host for host in lan_addresses() if ":" not in host]
    if not found:
        pytest.skip("this machine has no address but loopback")
    return found[0]


def test_over_http_from_elsewhere_the_hint_names_tls(browser: Any) -> None:
    host = lan_address()
    with House(settings={"host": "0.0.0.0", "token": TOKEN}) as house:
        url = house.url.replace("127.0.0.1", host)
        with Tab(browser, url) as tab:
            tab.page.click("#talk")
            wait_for(lambda: "--tls" in tab.text("#hint"))
            assert "https" in tab.text("#hint") and "localhost" in tab.text("#hint")
            assert tab.errors == []


def test_over_https_from_elsewhere_the_microphone_works(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("cryptography", reason="pip install cryptography")
    from avatar.tls import machine_certificate

    host = lan_address()
    context: ssl.SSLContext = machine_certificate(tmp_path).server_context()
    with House(settings={"host": "0.0.0.0", "token": TOKEN}, tls=context) as house:
        url = house.url.replace("127.0.0.1", host)
        assert url.startswith("https://")
        # As a person who has gone on after the warning.
        with Tab(browser, url, ignore_https_errors=True, permissions=["microphone"]) as tab:
            assert tab.page.evaluate("attune.connection.socket.url").startswith(f"wss://{host}")
            assert "token" not in tab.page.url
            tab.page.click("#talk")
            wait_for(lambda: len(house.of(m.UserAudio)) > 10)
            tab.page.reload()  # the cookie carries the token on
            tab.wait("window.attune && attune.motion.received > 5", 30)
            assert tab.errors == []


def test_the_caption_keeps_the_order_of_clauses_that_overlap(browser: Any) -> None:
    shown = """async () => {
        const { Conversation } = await import("/conversation.js");
        const elements = new Map();
        const element = (id) => elements.get(id) ?? elements.set(id, document.createElement("p")).get(id);
        let now_s = 0;
        const conversation = new Conversation(element, () => now_s * 1e9);
        const words = (text) => text.split(" ").map((word, i) => ({ text: word, start_ms: 200 * i, end_ms: 200 * (i + 1) }));
        for (const [clause, text, t_s] of [[0, "And now I would love", 0], [1, "to hear from you.", 0.5]])
            conversation.take({ type: "agent_speech", state: "planned", response_id: "r", clause, text, words: words(text), t_ns: t_s * 1e9,
                duration_ms: 1000 });
        return [0.3, 0.8].map((t_s) => {
            now_s = t_s;
            conversation.refresh();
            return element("caption-agent").textContent;
        });
    }"""
    with House() as house, Tab(browser, house.url) as tab:
        assert tab.page.evaluate(shown) == ["And now I would love", "And now I would love to hear from you."]
