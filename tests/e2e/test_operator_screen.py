"""The operator console's screen: what a wizard needs is in view without scrolling, nothing is cut off, one scroll is the page's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from motion.procedural.lexicon import LABELS
from runtime import messages as m
from tests.e2e import test_operator_accessibility
from tests.e2e.page_support import CHROMIUM, wait_for
from tests.e2e.test_operator_accessibility import Desk, console

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

ESSENTIAL = (
    "#session", "#agent", "#emergency", "#channels button", "#pause", "#say-text", "#say button", "#phrases button",
    "#looks button", "#faces button", "#strength", "#gestures button", "#note-text", "#note button[type=submit]",
)  # fmt: skip
OUT_OF_VIEW = """(selectors) => selectors.flatMap((selector) => {
    const found = [...document.querySelectorAll(selector)];
    if (!found.length) return [`${selector}: none`];
    return found.filter((e) => { const b = e.getBoundingClientRect();
        const hit = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
        return b.top < 0 || b.left < 0 || b.bottom > innerHeight || b.right > innerWidth || !(e.contains(hit) || hit?.contains(e)); })
        .map((e) => `${selector}: ${e.id || e.textContent} ${Math.round(e.getBoundingClientRect().bottom)}`); })"""
SCROLLERS = """[...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && e.tagName !== 'TEXTAREA'
    && ['auto', 'scroll'].includes(getComputedStyle(e).overflowY)).map((e) => e.id || e.tagName)"""
CUT_OFF = """[...document.querySelectorAll('button, .pill, h2, label, dd, dt, #log li span, select')].filter((e) => e.checkVisibility()
    && !e.classList.contains('unseen') && (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)).map((e) => e.id || e.textContent)"""


@pytest.fixture(autouse=True)
def _the_whole_lexicon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(test_operator_accessibility, "GESTURES", LABELS)
    yield


def long_session(house: Desk) -> None:
    """An hour's talk in the log, and long words in the captions."""
    house.converse()
    for number in range(60):
        text = f"Sentence number {number}, and some more of what people say."
        house.publish(m.Turn(state="ended", speaker="user", turn_id=f"t{number}", text=text, t_ns=number * 10**9))


def test_all_that_a_wizard_needs_is_on_one_screen_in_every_state(browser: Any) -> None:
    with Desk() as house, console(browser, house, viewport={"width": 1280, "height": 800}) as tab:
        page = tab.page
        house.converse()
        wait_for(lambda: "lecture hall" in tab.text("#log"))
        assert page.locator("#gestures button").count() == len(LABELS)
        head = page.locator("#top").bounding_box()["height"]

        def judge(state: str) -> None:
            tab.shot(f"operator-1280-{state}", whole=False)
            assert page.evaluate(OUT_OF_VIEW, list(ESSENTIAL)) == [], state
            assert page.evaluate(SCROLLERS) == [], state
            assert page.evaluate(CUT_OFF) == [], state
            assert page.locator("#top").bounding_box()["height"] == head, "no button moves under the hand"

        judge("running")
        page.click('#channels [data-name="Voice"]')
        page.click('#channels [data-name="Body"]')
        page.click('#channels [data-name="Initiative"]')
        for number in range(4):
            page.fill(
                "#note-text", f"Note {number}: looked at the stairs before the agent had said anything of stairs."
            )
            page.press("#note-text", "Enter")
        wait_for(
            lambda: tab.text("#all-notes") == "All notes (4)" and "voice, body, initiative" in tab.text("#session")
        )
        page.click("#say-now")  # with nothing to say: a sentence about it appears
        wait_for(lambda: page.is_visible("#message"))
        judge("taken-over")
        page.keyboard.press("Escape")
        wait_for(lambda: page.is_visible("#release"))
        judge("stopped")


def test_the_controls_stay_in_view_while_a_long_log_is_read(browser: Any) -> None:
    with Desk() as house, console(browser, house, viewport={"width": 1280, "height": 800}) as tab:
        page = tab.page
        long_session(house)
        wait_for(lambda: "number 59" in tab.text("#log"))
        assert page.evaluate("document.documentElement.scrollHeight") > 1_600, "the log is as long as it is"
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        wait_for(lambda: page.evaluate("scrollY") > 500)
        assert page.evaluate(OUT_OF_VIEW, list(ESSENTIAL)) == []
        page.select_option("#log-filter", "act")
        assert "number 59" not in tab.text("#log") and "Console opened" in tab.text("#log")


def test_notes_of_a_long_session_are_found_again(browser: Any) -> None:
    with Desk() as house, console(browser, house, viewport={"width": 1280, "height": 800}) as tab:
        page = tab.page
        long_session(house)
        for number in range(3):
            page.fill("#note-text", f"Note {number}." + " It goes on." * (80 if number == 2 else 0))
            page.press("#note-text", "Enter")
        wait_for(lambda: tab.text("#all-notes") == "All notes (3)")
        assert page.locator("#notes").bounding_box()["height"] < 120, "a long note takes no room from what is below it"
        assert tab.text("#notes").count("Note") == 2, "the last two beside the field"
        page.focus("#all-notes")
        page.keyboard.press("Enter")
        assert [f"Note {number}." in tab.text("#log") for number in range(3)] == [True] * 3
        assert "number 59" not in tab.text("#log") and page.input_value("#log-filter") == "note"


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (390, 844)])
def test_on_smaller_screens_one_scroll_reaches_everything(browser: Any, width: int, height: int) -> None:
    with Desk() as house, console(browser, house, viewport={"width": width, "height": height}) as tab:
        page = tab.page
        long_session(house)
        wait_for(lambda: "number 59" in tab.text("#log"))
        tab.shot(f"operator-{width}-screen", whole=False)
        assert page.evaluate(SCROLLERS) == [] and page.evaluate(CUT_OFF) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width == 1024:
            assert page.evaluate(OUT_OF_VIEW, list(ESSENTIAL)) == []
        for selector in ("#gestures button:last-child", "#note-text", "#condition button", "#log li:last-child"):
            page.locator(selector).scroll_into_view_if_needed()
            assert page.evaluate(OUT_OF_VIEW, ["#emergency", "#session"]) == [], selector


def test_a_gesture_that_does_not_exist_is_said_to_be_none(browser: Any) -> None:
    with Desk() as house, console(browser, house) as tab:
        page = tab.page
        page.keyboard.press("g")
        page.keyboard.type("somersault")
        page.keyboard.press("Enter")
        assert tab.text("#no-gesture") == "No gesture of this name." and house.acts() == []
        page.fill("#gesture-filter", "applau")
        page.keyboard.press("Enter")
        wait_for(lambda: [act.label for act in house.acts()] == ["applaud"])
        assert tab.text("#no-gesture") == ""
