"""An hour's worth of talk in seconds: what the page shows stays bounded, and its heap and nodes stop growing."""

from __future__ import annotations

from typing import Any

import pytest

from runtime import messages as m
from tests.e2e.page_support import CHROMIUM, House, Tab, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

TURNS_PER_HOUR = 720
"""One turn of the person and one answer every ten seconds, two each."""


def talk(house: House, tab: Tab, first: int, turns: int) -> None:
    """Publish turns of both sides with an intention each, at about fifty turns a second, and wait until the page has the last."""
    for number in range(first, first + turns):
        now = house.clock.now_ns()
        said = f"This is question {number}."
        house.publish(m.Turn(t_ns=now, speaker="user", turn_id=f"u{number}", state="ended", text=said, start_ns=now))
        speech: dict[str, Any] = {"response_id": f"r{number}", "text": f"Answer {number}.", "duration_ms": 5.0}
        for state in ("planned", "started", "finished"):
            house.publish(m.AgentSpeech(t_ns=now, state=state, **speech))
        house.publish(m.Intention(t_ns=now, id=f"i{number}", kind="gesture", label="wave", created_ns=now))
        for answer in ("accepted", "started", "finished"):
            house.publish(m.IntentionAnswer(t_ns=now, intention_id=f"i{number}", state=answer))
        tab.page.wait_for_timeout(20)
    last = f"Answer {first + turns - 1}."
    wait_for(lambda: last in tab.page.evaluate("document.querySelector('#transcript').textContent"), 30)


def held(tab: Tab) -> dict[str, float]:
    """Nodes, listeners and kilobytes of the page after its garbage is collected."""
    cdp = tab.context.new_cdp_session(tab.page)
    cdp.send("Performance.enable")
    cdp.send("HeapProfiler.collectGarbage")
    cdp.send("HeapProfiler.collectGarbage")
    found = {entry["name"]: entry["value"] for entry in cdp.send("Performance.getMetrics")["metrics"]}
    cdp.detach()
    return {"nodes": found["Nodes"], "listeners": found["JSEventListeners"], "kb": found["JSHeapUsedSize"] / 1e3}


def test_an_hour_of_talk_leaves_lists_nodes_and_listeners_bounded(browser: Any) -> None:
    with House() as house, Tab(browser, house.url, "/?quality=low") as tab:
        talk(house, tab, 0, TURNS_PER_HOUR // 2)
        half = held(tab)
        talk(house, tab, TURNS_PER_HOUR // 2, TURNS_PER_HOUR // 2)
        whole = held(tab)
        lines = tab.page.evaluate("document.querySelectorAll('#transcript li').length")
        shown = tab.page.evaluate("document.querySelectorAll('#intentions li').length")
        assert lines <= 200
        assert 0 < shown <= 50
        assert whole["nodes"] <= 1.05 * half["nodes"], f"{half} {whole}"
        assert whole["listeners"] <= half["listeners"]
        assert whole["kb"] <= 1.05 * half["kb"], f"{half} {whole}"
        assert tab.errors == []
