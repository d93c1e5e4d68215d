"""Accessible to everybody: the rules of axe-core, the keyboard alone, and a phone's screen, in a real Chromium."""

from __future__ import annotations

from typing import Any

import pytest

from avatar.consent import Recording
from runtime import messages as m
from tests.e2e.page_support import CHROMIUM, House, Tab, wait_for
from tests.e2e.test_page_thinking import mind, think

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2,
}  # fmt: skip


def violations(tab: Tab) -> list[str]:
    """Return what axe-core finds, all of its rules (WCAG 2.0 to 2.2 A and AA, and good practice)."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    found = axe.Axe().run(tab.page).response["violations"]
    return [f"{v['id']}: {v['help']}: {[node['html'][:120] for node in v['nodes']]}" for v in found]


def fill(house: House, tab: Tab) -> None:
    """Something in every part of the panel."""
    wrong = m.BeliefReport("wrong", ("b",), "Ben thinks that the keys are here", "he saw them", 0, "they are there")
    scores = (m.TriggerScore("user_intent", 0.8, 0.7), m.TriggerScore("safety", 0.1, 0.5))
    think(house, mind("a"), mind("b"), beliefs=(wrong,), scores=scores, restraint="safety: cool-down")
    house.publish(m.Knowledge(facts=("has a dog",)))
    house.publish(m.Intention(id="i1", kind="gesture", label="wave", t_ns=house.clock.now_ns()))
    house.publish(m.Span(name="end_of_turn_to_first_audio", duration_ms=800, attributes={"window_ms": 400.0}, t_ns=1))
    house.publish(m.Turn(state="ended", speaker="user", turn_id="t", text="Hello", t_ns=house.clock.now_ns()))
    wait_for(lambda: tab.page.is_visible("#mistaken") and "dog" in tab.text("#remembered"))


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_the_page_and_its_panel(browser: Any, screen: dict[str, Any]) -> None:
    with House() as house, Tab(browser, house.url, **screen) as tab:
        assert violations(tab) == []
        tab.page.evaluate("document.querySelector('#mind').open = true")
        fill(house, tab)
        tab.page.click("#more")
        for summary in tab.page.query_selector_all("#mind .estimate > summary")[:2]:
            summary.click()
        tab.page.wait_for_timeout(600)  # bars settle
        assert violations(tab) == []
        tab.page.click("#talking-button")
        assert violations(tab) == []
        tab.shot(f"panel-{'phone' if screen else 'desktop'}")


def test_axe_finds_nothing_where_consent_is_asked(browser: Any) -> None:
    with House(Recording("r1", voice=True, picture=False)) as house, Tab(browser, house.url) as tab:
        tab.page.click("#talk")
        wait_for(lambda: tab.page.is_visible("#consent"))
        assert violations(tab) == []


def test_axe_would_find_a_button_without_a_name(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.evaluate("document.querySelector('#controls').append(document.createElement('button'))")
        assert any(found.startswith("button-name") for found in violations(tab))


def test_everything_is_reached_and_used_by_keyboard_alone(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        fill(house, tab)
        names: list[str] = []
        reached = (
            "(() => { const a = document.activeElement; if (!a || a === document.body) return '';"
            " const style = getComputedStyle(a); return (a.id || a.closest('[data-variable]')?.dataset.variable ||"
            " a.textContent.trim().slice(0, 30)) + (style.outlineStyle === 'none' ? ' UNSEEN' : ''); })()"
        )
        for _ in range(60):
            tab.page.keyboard.press("Tab")
            name = str(tab.page.evaluate(reached))
            if name == "" or (names and name == names[0]):
                break
            names.append(name)
        wanted = {"talking-button", "talk", "camera", "text", "engagement", "remember-me", "forget-me", "more"}
        assert wanted <= set(names)
        assert not [name for name in names if "UNSEEN" in name], "the focus is seen on everything"

        tab.page.focus("#talking-button")
        tab.page.keyboard.press("Enter")
        wait_for(lambda: tab.page.is_visible("#push-to-talk"))
        for _ in range(6):
            tab.page.keyboard.press("Tab")
            if tab.page.evaluate("document.activeElement.id") == "push-to-talk":
                break
        tab.page.keyboard.press("Space")
        assert tab.page.is_checked("#push-to-talk")
        tab.page.keyboard.press("Escape")
        wait_for(lambda: not tab.page.is_visible("#push-to-talk"))
        assert tab.page.evaluate("document.activeElement.id") == "talking-button"
        tab.page.focus("#more")
        tab.page.keyboard.press("Enter")
        wait_for(lambda: tab.page.is_visible("#weighing"))
        assert tab.errors == []


def test_on_a_phone_nothing_sticks_out_and_fingers_can_hit_it(browser: Any) -> None:
    with House() as house, Tab(browser, house.url, **PHONE) as tab:
        assert not tab.page.is_visible("#timeline"), "the figure comes first"
        tab.page.tap("#mind > summary")
        fill(house, tab)
        tab.page.tap("#more")
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
        small = tab.page.evaluate(
            "[...document.querySelectorAll('button, summary, input:not([type=checkbox]), select')].filter(e => e.checkVisibility())"
            ".map(e => [e.id || e.textContent, e.getBoundingClientRect().height]).filter(([, h]) => h < 24)"
        )
        assert small == [], "WCAG 2.5.8: at least 24 px"
        box = tab.page.locator("#panel").bounding_box()
        controls = tab.page.locator("#controls").bounding_box()
        assert box["y"] + box["height"] < controls["y"], "the panel leaves the controls free"
        tab.page.tap("#talk")
        wait_for(lambda: len(house.of(m.UserAudio)) > 3)
        assert tab.errors == []


def test_two_tabs_both_show_the_thoughts_and_the_one_that_talks_has_the_say(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as first, Tab(browser, house.url) as second:
        think(house, mind("a"))
        for tab in (first, second):
            wait_for(lambda tab=tab: tab.page.query_selector(".estimate"))
        first.page.click("#remember-me")
        for tab in (first, second):
            wait_for(lambda tab=tab: "asked to be remembered" in tab.text("#memory-consent"))
        second.page.click("#forget-me")
        second.page.click("#forget-me")
        wait_for(lambda: [c.state for c in house.of(m.MemoryConsent)] == ["given", "withdrawn"])
        wait_for(lambda: "asked to be forgotten" in first.text("#memory-consent"))
        assert first.errors == second.errors == []
