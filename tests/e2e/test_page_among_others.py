"""The page among others: two tabs, other web sites, a lost connection, every size of screen; in a real headless Chromium."""

from __future__ import annotations

from typing import Any

import pytest

from motion.skeleton import REST_OFFSETS_M
from runtime import messages as m
from runtime.vocabulary import BODY_JOINTS
from tests.e2e.page_support import CHROMIUM, House, Tab, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")


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
        assert "Talk here" in first.text("#hint"), "as the button is called"
        assert first.errors == second.errors == []


def test_when_the_page_that_talks_closes_the_one_before_says_that_it_is_heard_again(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as first, Tab(browser, house.url) as watching:
        first.page.click("#talk")
        wait_for(lambda: watching.text("#talk") == "Talk here")
        assert not watching.page.is_visible("#hint")
        with Tab(browser, house.url) as second:
            second.page.click("#talk")
            wait_for(lambda: "Another window" in first.text("#hint"))
        wait_for(lambda: "hears you here again" in first.text("#hint"))
        assert first.page.is_visible("#mute") and not first.page.is_visible("#talk")
        before = len(house.of(m.UserAudio))
        wait_for(lambda: len(house.of(m.UserAudio)) > before + 10)
        wait_for(lambda: not first.page.is_visible("#hint"))
        with Tab(browser, house.url) as second:
            second.page.click("#talk")
            wait_for(lambda: first.text("#talk") == "Talk here")
            first.page.click("#talk")
            wait_for(lambda: first.page.is_visible("#mute"))
            assert not first.page.is_visible("#hint")
            assert "Another window" in second.text("#hint")
        first.page.close()
        wait_for(lambda: watching.text("#talk") == "Start talking")
        assert first.errors == watching.errors == []


def test_after_a_lost_connection_the_page_that_talked_talks(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as first, Tab(browser, house.url) as second:
        for tab in (first, second):
            tab.page.click("#talk")
            wait_for(lambda tab=tab: tab.page.is_visible("#mute"))
        second.page.evaluate("attune.connection.socket.close()")
        wait_for(lambda: "hears you here again" in first.text("#hint"))
        wait_for(lambda: "Another window" in first.text("#hint"))
        assert not second.page.is_visible("#hint")
        first.page.evaluate("attune.connection.socket.close()")
        wait_for(lambda: [v.state for v in house.of(m.Viewer)].count("joined") == 4)
        first.wait("attune.connection.live")
        first.page.wait_for_timeout(500)
        assert second.page.is_visible("#mute") and first.text("#talk") == "Talk here", "who only watched takes nothing"


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
            ".map(e => e.ariaLabel || (e.labels?.[0] ?? e).textContent.trim())"
        )
        assert all(names), names


def test_the_page_moves_the_body_that_motion_is_made_for(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        hips, names, rest = tab.page.evaluate(
            "import('/wire.js').then((w) => [w.REST_HIPS_M, w.JOINTS, attune.figure.body.hipsRest.toArray()])"
        )
        assert tuple(names) == BODY_JOINTS
        assert hips == pytest.approx(REST_OFFSETS_M[0][1])
        assert rest == pytest.approx(list(REST_OFFSETS_M[0]), abs=0.02), "the usual character has its size"
