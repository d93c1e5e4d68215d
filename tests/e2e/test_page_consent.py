"""The recorded conversation, health and plain words on the page, in a real headless Chromium."""

from __future__ import annotations

from typing import Any

import pytest

from avatar.consent import Recording
from behavioral.voice.tts.silent import SilentVoice
from runtime import messages as m
from tests.e2e.page_support import CHROMIUM, House, Tab, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

RECORDING = Recording("r1", voice=True, picture=False)


def states(house: House) -> list[str]:
    return [viewer.state for viewer in house.of(m.Viewer)]


def of_the_person(house: House) -> list[Any]:
    return [message for kind in (m.UserAudio, m.UserVideo, m.TypedText) for message in house.of(kind)]


def test_a_recorded_conversation_says_so_and_begins_with_the_persons_agreement(browser: Any) -> None:
    with House(RECORDING) as house, Tab(browser, house.url) as tab:
        assert tab.text("#recording") == "This conversation is recorded"
        tab.page.click("#talk")
        wait_for(lambda: tab.page.is_visible("#consent"))
        assert "This conversation will be recorded" in tab.text("#consent")
        kept = tab.text("#consent-kept")
        assert "keeps what you say and type and the sound of your voice. It keeps no pictures from your camera" in kept
        tab.shot("consent")
        assert not tab.page.evaluate("attune.microphone.on")
        assert states(house) == ["joined"]

        tab.page.click("#agree")
        wait_for(lambda: len(house.of(m.UserAudio)) > 3)
        assert states(house) == ["joined", "consented", "microphone_on"]
        first = next(i for i, message in enumerate(house.seen) if isinstance(message, m.UserAudio))
        agreed = next(i for i, message in enumerate(house.seen) if getattr(message, "state", "") == "consented")
        assert agreed < first
        tab.page.click("#camera")
        wait_for(lambda: house.of(m.UserVideo))
        assert not tab.page.is_visible("#consent"), "asked once"
        assert tab.page.is_visible("#recording"), "and said for good"
        tab.shot("recorded")
        assert "refused_consent" not in house.counters
        assert tab.errors == []


@pytest.mark.parametrize("how", ["#decline", "Escape"])
def test_who_does_not_agree_may_watch_and_sends_nothing(browser: Any, how: str) -> None:
    with House(RECORDING) as house, Tab(browser, house.url) as tab:
        for attempt in ("#talk", "#camera", "#typing button"):
            tab.page.fill("#text", "hello")
            tab.page.click(attempt)
            wait_for(lambda: tab.page.is_visible("#consent"))
            if how == "Escape":
                tab.page.keyboard.press("Escape")
            else:
                tab.page.click(how)
            wait_for(lambda: "agree to the recording first" in tab.text("#hint"))
            assert not tab.page.is_visible("#consent")
        assert tab.page.input_value("#text") == "hello", "what was typed is not lost"
        assert not tab.page.evaluate("attune.microphone.on || attune.camera.on")
        house.say("r1", seconds=1.0)
        wait_for(lambda: [report for report in house.of(m.Playback) if report.finished])  # listening needs none
        assert states(house) == ["joined"] and of_the_person(house) == []
        tab.page.press("#text", "Enter")
        tab.page.click("#agree")
        assert wait_for(lambda: house.of(m.TypedText))[0].text == "hello"
        assert "refused_consent" not in house.counters
        assert tab.errors == []


def test_agreement_outlasts_a_lost_connection_but_not_the_recording(browser: Any) -> None:
    with House(RECORDING) as house, Tab(browser, house.url) as tab:
        tab.page.click("#talk")
        tab.page.click("#agree")
        wait_for(lambda: house.server_active())
        tab.page.evaluate("attune.connection.socket.close()")
        again = ["joined", "consented", "microphone_on"]
        wait_for(lambda: states(house) == [*again, "microphone_off", "left", *again])
        assert "refused_consent" not in house.counters

        house.server._recording = Recording("r2")
        tab.page.evaluate("attune.connection.socket.close()")
        tab.wait("!attune.microphone.on && attune.connection.live")
        wait_for(lambda: states(house)[-2:] == ["left", "joined"] or states(house)[-1] == "microphone_off")
        assert states(house).count("consented") == 2
        tab.page.click("#talk")
        wait_for(lambda: tab.page.is_visible("#consent"))
        assert tab.errors == []


def test_a_house_that_does_not_record_shows_no_badge_and_asks_nothing(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.click("#talk")
        wait_for(lambda: len(house.of(m.UserAudio)) > 3)
        assert not tab.page.is_visible("#recording") and not tab.page.is_visible("#consent")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1_280, 720)])
def test_the_question_fits_on_every_screen(browser: Any, width: int, height: int) -> None:
    everything = Recording("r1", voice=True, picture=True)
    with House(everything) as house, Tab(browser, house.url, viewport={"width": width, "height": height}) as tab:
        house.publish(m.Heartbeat(pid=1, source="behavioral", status="degraded", detail=SilentVoice.note))
        house.publish(m.PersonPercept(state="present", person_id="p"))
        wait_for(lambda: tab.text("#health"))
        wait_for(lambda: tab.text("#sees"))
        tab.shot(f"recorded-{width}x{height}")
        boxes = {name: tab.page.locator(name).bounding_box() for name in ("#recording", "#health", "#mind")}
        assert all(boxes.values()), boxes
        health, mind = boxes["#health"], boxes["#mind"]
        assert health is not None and mind is not None
        below = mind["y"] >= health["y"] + health["height"]
        assert below or mind["x"] >= health["x"] + health["width"], "the panel does not lie on the header"
        tab.page.click("#talk")
        for name in ("#consent", "#agree", "#decline"):
            box = wait_for(lambda name=name: tab.page.locator(name).bounding_box())
            assert box["x"] >= 0 and box["x"] + box["width"] <= width, name
            assert box["y"] >= 0 and box["y"] + box["height"] <= height, name
        assert "your camera’s pictures" in tab.text("#consent-kept")
        tab.shot(f"consent-{width}x{height}")


def test_a_tab_that_crashes_leaves_with_its_microphone_off(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.click("#talk")
        wait_for(lambda: house.server_active())
        try:
            tab.page.goto("chrome://crash", timeout=3_000)
        except Exception as error:
            assert "crash" in str(error).lower()
        wait_for(lambda: states(house)[-2:] == ["microphone_off", "left"])


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        (SilentVoice.note, "Speaking is impaired: no voice is installed, so its words appear as text."),
        ("recognition: KeyError", "Hearing is impaired: it may miss what you say. You can type."),
        (
            "12 blocks dropped: the recogniser is too slow",
            "Hearing is impaired: it may miss what you say. You can type.",
        ),
        ("something unheard of: 0x7f", "Something is impaired: it may react less well than usual."),
    ],
)
def test_impaired_health_is_one_plain_line_and_good_health_is_none(browser: Any, detail: str, words: str) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        assert not tab.page.is_visible("#health")
        house.publish(m.Heartbeat(pid=1, status="degraded", detail=detail))
        wait_for(lambda: tab.text("#health") == words)
        tab.page.reload()
        wait_for(lambda: tab.text("#health") == words)
        house.publish(m.Heartbeat(pid=1, status="ok"))
        wait_for(lambda: not tab.page.is_visible("#health"))
        assert tab.errors == []


def test_restraint_is_told_in_plain_words_and_survives_a_reload(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        for restraint, words in [
            ("nothing over threshold", "Nothing to add right now."),
            ("visual_change: the person is speaking", "Waiting: you are speaking."),
            ("user_intent: a rule of next year", "Waiting for a better moment."),
        ]:
            house.publish(m.CognitiveCycle(cycle=1, duration_ms=1, restraint=restraint))
            wait_for(lambda words=words: tab.text("#restraint") == words)
        tab.page.reload()
        wait_for(lambda: tab.text("#restraint") == "Waiting for a better moment.")
        house.publish(m.CognitiveCycle(cycle=2, duration_ms=1, intention_ids=("i",)))
        wait_for(lambda: not tab.page.is_visible("#restraint"))
        assert tab.errors == []
