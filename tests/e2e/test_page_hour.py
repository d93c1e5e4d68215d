"""An hour's worth of talk in seconds: what the page shows stays bounded, and its nodes, its heap and what lies on it stop growing."""

from __future__ import annotations

import json
import re
from collections import Counter
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
OURS = ("object", "closure", "array", "string", "number", "regexp")
"""Of the kinds of a heap snapshot those that a page makes: not the engine's code and shapes, nor the browser's own."""
NUMBER = re.compile(r"[-+.\de]+")
"""What a snapshot shows beside a number, and the engine keeps of numbers that were written: strings of nobody's."""
READINGS = 8


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
    """Nodes, listeners and kilobytes of the page after its garbage is collected.

    A drawing of the last minute leaves up to a megabyte of garbage, and may come between a collection and its reading: the least counts.
    """
    cdp = tab.context.new_cdp_session(tab.page)
    cdp.send("Performance.enable")
    readings = []
    for _ in range(READINGS):
        cdp.send("HeapProfiler.collectGarbage")
        found = {entry["name"]: entry["value"] for entry in cdp.send("Performance.getMetrics")["metrics"]}
        readings.append((found["JSHeapUsedSize"], found["Nodes"], found["JSEventListeners"]))
    cdp.detach()
    heap_bytes, nodes, listeners = (min(column) for column in zip(*readings, strict=True))
    return {"nodes": nodes, "listeners": listeners, "kb": heap_bytes / 1e3}


def kept(tab: Tab) -> Counter[tuple[str, str]]:
    """How many things the page keeps, by kind and name: what is garbage is not in a heap snapshot."""
    cdp = tab.context.new_cdp_session(tab.page)
    pieces: list[str] = []
    cdp.on("HeapProfiler.addHeapSnapshotChunk", lambda event: pieces.append(event["chunk"]))
    cdp.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    cdp.detach()
    snapshot = json.loads("".join(pieces))
    meta, names, values = snapshot["snapshot"]["meta"], snapshot["strings"], snapshot["nodes"]
    assert meta["node_fields"][:2] == ["type", "name"]
    kinds, size = meta["node_types"][0], len(meta["node_fields"])
    found: Counter[tuple[str, str]] = Counter()
    for kind_index, name in zip(values[::size], values[1::size], strict=True):
        kind = "string" if "string" in kinds[kind_index] else kinds[kind_index]  # sliced and joined ones too
        if kind in OURS and not (kind == "string" and NUMBER.fullmatch(names[name])):
            found[kind, "" if kind == "string" else names[name].partition(" / ")[0]] += 1
    return found


def test_an_hour_of_talk_leaves_lists_nodes_listeners_and_heap_bounded(browser: Any) -> None:
    """Half an hour fills all lists; in the other the panel of what the agent thinks is closed after a while, so that it draws nothing."""
    quarter = TURNS_PER_HOUR // 4
    with House() as house, Tab(browser, house.url, "/?quality=low") as tab:
        talk(house, tab, 0, 2 * quarter)
        half, kept_half = held(tab), kept(tab)
        talk(house, tab, 2 * quarter, quarter)
        tab.page.evaluate("(document.querySelector('#mind').open = false)")
        talk(house, tab, 3 * quarter, quarter)
        whole, kept_whole = held(tab), kept(tab)
        lines = tab.page.evaluate("document.querySelectorAll('#transcript li').length")
        shown = tab.page.evaluate("document.querySelectorAll('#intentions li').length")
        assert lines <= 200
        assert 0 < shown <= 50
        assert whole["nodes"] <= 1.05 * half["nodes"], f"{half} {whole}"
        assert whole["listeners"] <= half["listeners"]
        assert whole["kb"] <= 1.05 * half["kb"], f"{half} {whole}"
        more = {
            kind: sum(kept_whole[k] - kept_half[k] for k in kept_whole | kept_half if k[0] == kind) for kind in OURS
        }
        # A thing kept of each turn, or of each quarter with the panel closed or open, would be as many as there are turns.
        assert max(more.values()) < quarter, f"{more} {(kept_whole - kept_half).most_common(8)}"
        assert tab.errors == []
