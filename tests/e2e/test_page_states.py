"""What the page says stays true: where nobody answers, nothing is heard, the connection is lost, somebody is forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from runtime import messages as m
from tests.e2e.page_support import CHROMIUM, House, Tab, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

LINES = "[...document.querySelectorAll('#transcript li')].map((li) => li.textContent)"


def typed(tab: Tab, *texts: str) -> None:
    for text in texts:
        tab.page.fill("#text", text)
        tab.page.press("#text", "Enter")


def test_nothing_is_shown_that_does_not_go_on(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        house.publish(m.Word(op="add", unit_id="u1", text="mhm", t_ns=house.clock.now_ns()))
        wait_for(lambda: tab.text("#caption-user") == "mhm")
        typed(tab, "hello?")
        wait_for(lambda: tab.text("#state-text") == "Thinking")
        # A reply of which nothing was heard has not been said.
        house.say("r1", seconds=2.0)
        wait_for(lambda: any(line.startswith("Agent:") for line in tab.page.evaluate(LINES)))
        house.publish(m.AgentSpeech(state="interrupted", response_id="r1", heard="", t_ns=house.clock.now_ns()))
        wait_for(lambda: not any(line.startswith("Agent:") for line in tab.page.evaluate(LINES)))
        # Nobody answers, and no turn takes the word up.
        typed(tab, "hello??")
        wait_for(lambda: tab.text("#state-text") == "Thinking")
        wait_for(lambda: tab.text("#state-text") == "Ready", timeout_s=30.0)
        wait_for(lambda: not tab.page.is_visible("#caption-user"))
        assert tab.errors == []


def test_two_texts_typed_at_once_are_each_shown_once(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        typed(tab, "one", "two")
        wait_for(lambda: [one.text for one in house.of(m.TypedText)] == ["one", "two"])
        for number, text in enumerate(("one", "two")):
            house.publish(m.Turn(state="ended", speaker="user", turn_id=f"t{number}", text=text))
        house.publish(m.Turn(state="ended", speaker="user", turn_id="t9", text="three"))
        wait_for(lambda: "You: three" in tab.page.evaluate(LINES))
        assert tab.page.evaluate(LINES) == ["You: one", "You: two", "You: three"]


def test_what_was_told_before_a_lost_connection_is_told_once_and_what_ended_meanwhile_has_ended(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        now = house.clock.now_ns()
        house.publish(m.Intention(id="i1", kind="gesture", label="wave", t_ns=now))
        for state in ("accepted", "started", "finished"):
            house.publish(m.IntentionAnswer(intention_id="i1", state=state, t_ns=now))  # type: ignore[arg-type] # above
        house.publish(m.Turn(state="ended", speaker="user", turn_id="t1", text="hi", start_ns=now, end_ns=now + 1))
        house.publish(m.UserSpeech(state="started", t_ns=house.clock.now_ns()))
        wait_for(lambda: tab.text("#state-text") == "Listening")
        for _ in range(2):
            tab.page.evaluate("attune.connection.socket.close()")
            wait_for(lambda: tab.text("#state-text") == "Connecting")
            wait_for(lambda: tab.text("#state-text") == "Ready")
        assert tab.text("#intentions").split("\n")[-1] == "noted, doing it, done"
        assert tab.page.evaluate("attune.thinking.lanes.userSpeech.length") == 1
        assert tab.page.evaluate(LINES) == ["You: hi"]


@pytest.mark.parametrize(
    "forgetting",
    [m.MemoryConsent(state="withdrawn"), m.Knowledge(consent="withdrawn", forgotten=1)],
    ids=["by the page's button", "in words"],
)
def test_who_is_forgotten_is_forgotten_by_every_page_and_by_those_that_open_later(
    browser: Any, forgetting: m.Message
) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        house.publish(m.Turn(state="ended", speaker="user", turn_id="t1", text="I love Ben"))
        house.publish(m.Intention(id="i1", kind="dialogue", content="You love Ben?"))
        wait_for(lambda: tab.page.evaluate(LINES) == ["You: I love Ben"])
        house.publish(forgetting)
        wait_for(lambda: tab.page.evaluate(LINES) == [])
        house.publish(m.Turn(state="ended", speaker="user", turn_id="t2", text="hello"))
        wait_for(lambda: tab.page.evaluate(LINES) == ["You: hello"])
        assert tab.text("#memory-consent").startswith("You have asked to be forgotten.")
        with Tab(browser, house.url) as later:
            wait_for(lambda: later.page.evaluate(LINES) == ["You: hello"])
            assert "Ben" not in later.text("body")
