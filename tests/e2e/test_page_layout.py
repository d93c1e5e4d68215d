"""Narrow screens: nothing covers anything, and all of it can be reached; the log of the conversation is read at its newest line."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from runtime import messages as m
from tests.e2e.page_support import CHROMIUM, SAY, House, Tab, wait_for
from tests.e2e.test_page_accessibility import fill, violations

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

PHONES = [(390, 844), (320, 568)]


def boxes(tab: Tab, *selectors: str) -> dict[str, dict[str, float]]:
    """Return where things are, all at one time; what is not shown has no width."""
    found = "(all) => all.map((one) => document.querySelector(one).getBoundingClientRect().toJSON())"
    return dict(zip(selectors, tab.page.evaluate(found, list(selectors)), strict=True))


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    return a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]


def tell(house: House, text: str) -> None:
    house.publish(m.Turn(state="ended", speaker="user", turn_id=text, text=text, t_ns=house.clock.now_ns()))


@pytest.mark.parametrize("size", PHONES, ids=["390x844", "320x568"])
def test_on_a_phone_the_own_camera_captions_panel_and_controls_leave_each_other_free(
    browser: Any, size: tuple[int, int]
) -> None:
    width, height = size
    with House() as house, Tab(browser, house.url, viewport={"width": width, "height": height}) as tab:
        buttons = boxes(tab, "#talking-button", "#settings-button").values()
        assert len({box["top"] for box in buttons}) == 1, "the buttons of the header are in one row"
        tab.page.click("#camera")
        tab.page.click("#talk")
        wait_for(lambda: tab.page.is_visible("#preview") and tab.page.is_visible("#mute"))
        tab.page.click("#mind > summary")
        fill(house, tab)
        now_ns = house.clock.now_ns()
        house.publish(m.AgentSpeech(state="started", response_id="r", text=SAY, duration_ms=60_000, t_ns=now_ns))
        wait_for(lambda: tab.page.is_visible("#caption-agent"))
        shown = boxes(
            tab, "#preview", "#state", "#talking-button", "#settings-button", "#caption-agent", "#mind", "#said", "#controls"
        )  # fmt: skip
        tab.shot(f"phone-{width}x{height}")
        for one, box in shown.items():
            assert box["width"] > 0, one
            assert box["left"] >= 0 and box["right"] <= width and box["top"] >= 0 and box["bottom"] <= height, one
        for one, other in itertools.combinations(shown, 2):
            assert not overlap(shown[one], shown[other]), (one, other)
        behind = "getComputedStyle(document.querySelector('#mind')).backgroundColor"
        assert tab.page.evaluate(behind) == "rgb(255, 255, 255)", "nothing shines through what is to be read"
        assert tab.errors == []


@pytest.mark.parametrize("size", PHONES, ids=["390x844", "320x568"])
def test_on_a_phone_the_conversation_can_be_read_in_place_of_the_thoughts(browser: Any, size: tuple[int, int]) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with House() as house, Tab(browser, house.url, viewport=viewport, has_touch=True) as tab:
        tell(house, "Good morning")
        tab.page.tap("#mind > summary")
        wait_for(lambda: tab.page.is_visible("#timeline"))
        tab.page.tap("#said > summary")
        wait_for(lambda: not tab.page.is_visible("#timeline"))
        assert tab.text("#transcript") == "You: Good morning"
        assert tab.page.locator("#transcript").bounding_box()["height"] > 10
        assert not overlap(*boxes(tab, "#said", "#controls").values())
        assert violations(tab) == []
        tab.page.tap("#said > summary")
        wait_for(lambda: not tab.page.is_visible("#transcript"))


def test_the_conversation_opens_at_its_newest_line_and_follows_unless_one_reads_above(browser: Any) -> None:
    below = (
        "(() => { const s = document.querySelector('#said'); return s.scrollHeight - s.scrollTop - s.clientHeight; })()"
    )
    with House() as house, Tab(browser, house.url) as tab:
        for number in range(60):
            tell(house, f"line {number}")
        wait_for(lambda: tab.page.evaluate("document.querySelectorAll('#transcript li').length") == 60)
        tab.page.click("#said > summary")
        tab.wait(f"{below} < 2")
        assert tab.page.evaluate("document.querySelector('#said').scrollTop") > 300
        tell(house, "line 60")
        wait_for(lambda: "line 60" in tab.text("#transcript"))
        assert tab.page.evaluate(below) < 2
        tab.page.evaluate("document.querySelector('#said').scrollTop = 100")
        tell(house, "line 61")
        wait_for(lambda: "line 61" in tab.text("#transcript"))
        assert tab.page.evaluate("document.querySelector('#said').scrollTop") == 100
        tab.page.click("#said > summary")  # its title is in reach wherever one reads
        tab.page.click("#said > summary")
        tab.wait(f"{below} < 2")
        assert tab.errors == []


def test_two_sessions_are_told_apart_in_the_conversation(browser: Any) -> None:
    with House() as house:
        port = house.server.port
        tab = Tab(browser, house.url)
        tell(house, "the first")
        wait_for(lambda: "the first" in tab.page.text_content("#transcript"))
        tab.page.evaluate("attune.connection.socket.close()")
        wait_for(lambda: [v.state for v in house.of(m.Viewer)] == ["joined", "left", "joined"])
        tab.wait("attune.connection.live")
        lines = "[...document.querySelectorAll('#transcript li')].map((line) => line.textContent)"
        assert tab.page.evaluate(lines) == ["You: the first"], "the same session goes on"
    with House(settings={"port": port}) as house, tab:
        wait_for(lambda: house.of(m.Viewer), 30)
        tab.wait("attune.connection.live")
        tell(house, "the first")  # by the same id
        wait_for(lambda: len(tab.page.evaluate(lines)) == 3)
        assert tab.page.evaluate(lines) == ["You: the first", "A new conversation", "You: the first"]


def test_a_message_that_is_too_long_is_not_cut_unsaid(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.focus("#text")
        tab.page.keyboard.insert_text("a" * 990)
        assert not tab.page.is_visible("#hint")
        tab.page.keyboard.insert_text("b" * 20)
        wait_for(lambda: "1,000 characters" in tab.text("#hint"))
        tab.page.keyboard.press("Backspace")
        wait_for(lambda: not tab.page.is_visible("#hint"))
        tab.page.evaluate("document.querySelector('#text').value = 'c'.repeat(1001)")  # as dictation programs do
        tab.page.keyboard.press("Enter")
        wait_for(lambda: "1,001 characters" in tab.text("#hint"))
        assert house.of(m.TypedText) == []
        assert len(tab.page.input_value("#text")) == 1_001, "it is still there to be shortened"
        tab.page.keyboard.press("Backspace")
        tab.page.keyboard.press("Enter")
        assert len(wait_for(lambda: house.of(m.TypedText))[0].text) == 1_000
        assert tab.errors == []
