"""A shared session in a real browser, from the disk alone: it moves, speaks and tells as the session did; and its film."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatar.commands import render, share
from tests.avatar.share.recorded import ANSWER_HZ, SECONDS, VOICE_HZ, loudness, session
from tests.e2e.page_support import ARTIFACTS, CHROMIUM, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")


@pytest.fixture
def tab(browser: Any, tmp_path: Path) -> Any:
    out = tmp_path / "talk.html"
    share.command(session(tmp_path), out)
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page = context.new_page()
    page.troubles = []
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("console", lambda line: page.troubles.append(line.text) if line.type == "error" else None)
    page.goto(out.as_uri())
    page.wait_for_selector("body[data-ready]", state="attached", timeout=30_000)
    yield page
    assert page.troubles == []
    context.close()


def test_it_stands_as_the_session_stood_at_whatever_time_is_sought(tab: Any) -> None:
    for at_s, user, agent, ideas in (
        (1.2, "hello", "", 0),
        (2.2, "hello <b>you</b>", "Good morning.", 0),
        (3.5, None, None, 1),
        (0.5, "", "", 0),
    ):
        tab.evaluate(f"attuneReplay.seek({at_s}); attuneReplay.show({at_s})")
        shown = [
            "" if line.is_hidden() else line.inner_text().strip()
            for line in (tab.locator("#caption-user"), tab.locator("#caption-agent"))
        ]
        if user is not None:
            assert shown == [user, agent], at_s
        assert tab.locator("#intentions li").count() == ideas


def test_it_shows_what_the_agent_thought_then_and_no_button_that_needs_a_live_agent(tab: Any) -> None:
    def at(seconds: float) -> tuple[str, str]:
        tab.evaluate(f"attuneReplay.seek({seconds}); attuneReplay.show({seconds})")
        return tab.inner_text("#people").replace("\n", " "), tab.inner_text("#remembered")

    for _ in range(2):  # back to the start, it knows nothing again
        assert at(0.5) == ("", "")
        people, remembered = at(3.5)
        assert "Takes part" in people and "yes" in people and remembered == "Has a dog."
    tab.click(".estimate[data-variable='engagement'] summary")
    at(0.5)
    at(3.5)
    tab.click(".estimate[data-variable='engagement'] summary")
    assert "Looked at the agent, 2 s ago" in tab.inner_text(".estimate[data-variable='engagement'] .why")
    assert "the agent once" in tab.get_attribute("#timeline", "aria-label")
    for button in ("#remember-me", "#forget-me", "#memory-consent"):
        assert not tab.is_visible(button)
    tab.click("#more")
    assert "0.8 s" in tab.inner_text("#answer-times")
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=str(ARTIFACTS / "replay-thinking.png"), timeout=60_000)


def test_it_plays_its_sound_and_moves_with_it(tab: Any) -> None:
    tab.click("#play")
    wait_for(lambda: tab.evaluate("attuneReplay.audio.currentTime") > 0.5)
    # A busy machine draws seldom; but what is drawn is drawn of the sound's time.
    wait_for(lambda: tab.evaluate("Math.abs(attuneReplay.shown_s - attuneReplay.audio.currentTime)") < 0.2)
    tab.click("#play")
    assert tab.evaluate("attuneReplay.audio.paused")


def test_without_sound_it_plays_no_faster_than_it_was(browser: Any, tmp_path: Path) -> None:
    folder = session(tmp_path)
    for voice in ("user.wav", "agent.wav"):
        (folder / voice).unlink()
    share.command(folder, tmp_path / "silent.html")
    page = browser.new_page()
    page.goto((tmp_path / "silent.html").as_uri())
    page.wait_for_selector("body[data-ready]", state="attached", timeout=30_000)
    begun = page.evaluate("performance.now() / 1e3")
    page.click("#play")
    page.wait_for_timeout(1_500)
    played_s, passed_s = page.evaluate("[attuneReplay.now_s(), performance.now() / 1e3]")
    assert 0.0 < played_s <= passed_s - begun
    page.close()


def test_it_can_be_made_louder_quieter_and_silent(tab: Any) -> None:
    sound = "[attuneReplay.audio.muted, attuneReplay.audio.volume]"
    tab.click("#mute")
    assert tab.evaluate(sound) == [True, 1]
    wait_for(lambda: tab.inner_text("#mute") == "Unmute" and tab.input_value("#volume") == "0")
    tab.focus("#volume")
    for _ in range(8):
        tab.keyboard.press("ArrowRight")
    assert tab.evaluate(sound) == [False, pytest.approx(0.4)]
    wait_for(lambda: tab.get_attribute("#volume", "aria-valuetext") == "40 %")
    assert tab.inner_text("#mute") == "Mute"
    tab.evaluate("document.activeElement.blur()")
    tab.keyboard.press("m")
    assert tab.evaluate(sound) == [True, pytest.approx(0.4)]


@pytest.mark.parametrize("size", [(1280, 720), (320, 568)], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_it(tab: Any, size: tuple[int, int]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    tab.set_viewport_size({"width": size[0], "height": size[1]})
    tab.evaluate("attuneReplay.seek(3.5); attuneReplay.show(3.5)")
    tab.click("#said > summary")
    tab.wait_for_timeout(600)  # bars settle
    found = axe.Axe().run(tab).response["violations"]
    assert [f"{v['id']}: {[node['html'][:120] for node in v['nodes']]}" for v in found] == []
    box = tab.locator("#controls").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1]
    tab.screenshot(path=str(ARTIFACTS / f"replay-{size[0]}.png"), timeout=60_000)


def test_the_keyboard_is_enough(tab: Any) -> None:
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("attuneReplay.now_s()") == pytest.approx(SECONDS, abs=0.1)
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press(" ")
    wait_for(lambda: tab.evaluate("attuneReplay.playing && attuneReplay.now_s() > 0.1"))


def test_a_film_has_every_picture_and_both_voices(tmp_path: Path) -> None:
    import av

    out = tmp_path / "talk.mp4"
    options = {"size": "640x360", "fps": 5, "quality": "low"}
    with ThreadPoolExecutor(1) as apart:  # this thread may hold playwright's loop already
        apart.submit(render.command, session(tmp_path), out, **options).result()
    with av.open(str(out)) as film:
        pictures = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    with av.open(str(out)) as film:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in film.decode(audio=0)])
        rate_hz = film.streams.audio[0].rate
    assert abs(len(pictures) - 5 * SECONDS) <= 1 and pictures[0].shape == (360, 640, 3)
    changed = np.abs(pictures[2].astype(int) - pictures[7].astype(int)).max(axis=2) > 60
    assert changed.mean() > 0.002, "the arm waves"
    assert loudness(sound, rate_hz, 1, VOICE_HZ) > 0.3 > loudness(sound, rate_hz, 2, VOICE_HZ)
    assert loudness(sound, rate_hz, 2, ANSWER_HZ) > 0.3 > loudness(sound, rate_hz, 1, ANSWER_HZ)
    wall = pictures[0][5, 320]
    assert wall.min() > 200 and wall.max() < 250, "colours are as on the page, neither washed out nor darkened"
    assert list(tmp_path.glob(".*part*")) == []
