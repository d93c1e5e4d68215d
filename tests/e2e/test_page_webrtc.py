"""On a poor connection the page's sound and motion go by WebRTC, and come back to the WebSocket whenever that way fails."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import numpy as np
import pytest

from avatar.consent import Recording
from runtime import messages as m
from tests.e2e.page_support import CHROMIUM, House, Tab, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")
pytest.importorskip("aiortc", reason="aiortc is not installed: pip install 'attune[webrtc]'")

ALWAYS = {"webrtc": "always"}


def choose(tab: Tab) -> None:
    tab.page.click("#talking-button")
    tab.page.check("#poor-connection")
    tab.page.keyboard.press("Escape")


def peer(house: House) -> Any:
    return house.server._pages[0].peer


def test_motion_and_both_voices_go_by_webrtc(browser: Any) -> None:
    with House(settings=ALWAYS) as house, Tab(browser, house.url, "/?processing=off") as tab:
        tab.page.click("#talk")
        choose(tab)
        tab.wait("attune.peer.open && attune.peer.received > 50")
        socket = tab.page.evaluate(
            "new Promise((done) => { let frames = 0; attune.connection.socket.addEventListener('message',"
            " ({ data }) => { if (typeof data !== 'string') frames += 1; }); setTimeout(() => done(frames), 1500); })"
        )
        assert socket < 10, "the socket carries motion no more"
        before = tab.page.evaluate("attune.motion.received")
        time.sleep(2)
        assert tab.page.evaluate("attune.motion.received") - before > 80, "the channel does"
        sent, heard = tab.page.evaluate("attune.peer.sent"), len(house.of(m.UserAudio))
        wait_for(lambda: tab.page.evaluate("attune.peer.sent") > sent + 60)
        wait_for(lambda: len(house.of(m.UserAudio)) > heard + 50)
        blocks = house.of(m.UserAudio)
        assert [b.index for b in blocks] == list(range(len(blocks))), "in their order, none lost"
        level = np.frombuffer(b"".join(b.pcm for b in blocks[-60:]), "<i2").astype(float).std()
        assert level > 300, "the sound of the file"
        house.say("r1")
        tab.wait("attune.voice.played > 20")
        assert peer(house).open
        assert tab.errors == []


@pytest.mark.parametrize("end", ["the page's end goes", "the house's end goes", "nothing arrives any more"])
def test_where_the_way_fails_the_socket_carries_on(browser: Any, end: str) -> None:
    with House(settings=ALWAYS) as house, Tab(browser, house.url, "/?processing=off") as tab:
        tab.page.click("#talk")
        choose(tab)
        tab.wait("attune.peer.open && attune.peer.received > 20")
        if end == "the page's end goes":
            tab.page.evaluate("attune.peer.link.close()")
        elif end == "the house's end goes":
            asyncio.run_coroutine_threadsafe(peer(house).aclose(), house.loop).result(5)
        else:
            house.loop.call_soon_threadsafe(setattr, peer(house), "_send", lambda _label, _payload: True)
        tab.wait("!attune.peer.open")
        wait_for(lambda: peer(house) is None or not peer(house).open)
        before, heard = tab.page.evaluate("attune.motion.received"), len(house.of(m.UserAudio))
        wait_for(lambda: tab.page.evaluate("attune.motion.received") > before + 50)
        wait_for(lambda: len(house.of(m.UserAudio)) > heard + 30)
        assert tab.page.evaluate("attune.connection.live")
        assert [v.state for v in house.of(m.Viewer) if v.state == "left"] == [], "the session goes on"
        tab.wait("attune.peer.open", 30)  # and is tried again
        assert tab.errors == []


def test_it_waits_for_consent_as_every_way_does(browser: Any) -> None:
    recording = Recording("rec-1")
    with House(recording, settings=ALWAYS) as house, Tab(browser, house.url, "/?processing=off") as tab:
        choose(tab)
        tab.wait("attune.peer.open && attune.peer.received > 20")
        tab.page.evaluate(
            """async () => {
            const { message } = await import("/wire.js");
            for (let index = 0; index < 40; index++)
                attune.peer.send(message("user_audio", { pcm: new Uint8Array(1024), sample_rate_hz: 16000, index }));
            attune.peer.send(message("typed_text", { text: "by another way" }));
            attune.peer.send(new Uint8Array([1, 2, 3]));
        }"""
        )
        wait_for(lambda: house.counters.get("refused_consent", 0) >= 30)
        wait_for(lambda: house.counters.get("refused_not_allowed", 0) >= 1)
        assert house.of(m.UserAudio) == [] and house.of(m.TypedText) == []


def test_a_house_on_loopback_does_not_offer_it_and_takes_no_offer(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.click("#talking-button")
        assert not tab.page.is_visible("#poor-connection")
        tab.page.evaluate("attune.connection.control('offer', { sdp: 'v=0' })")
        wait_for(lambda: house.counters.get("refused_not_allowed", 0) == 1)
        assert house.server._pages[0].peer is None


def test_the_choice_is_kept_and_can_be_taken_back(browser: Any) -> None:
    with House(settings=ALWAYS) as house, Tab(browser, house.url) as tab:
        choose(tab)
        tab.wait("attune.peer.open")
        tab.page.reload()
        tab.wait("window.attune && attune.peer.open && attune.motion.received > 20", 30)
        tab.page.click("#talking-button")
        tab.page.uncheck("#poor-connection")
        tab.wait("!attune.peer.open")
        wait_for(lambda: house.server._pages[-1].peer is None)
        before = tab.page.evaluate("attune.motion.received")
        wait_for(lambda: tab.page.evaluate("attune.motion.received") > before + 50)
        assert tab.errors == []
