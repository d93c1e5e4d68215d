"""What does not fit: of long captions the newest words are seen, of crowded ideas the names that have room, in a real Chromium."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from runtime import messages as m
from tests.e2e.page_support import ARTIFACTS, CHROMIUM, House, Tab, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

LONG = [f"word{number}" for number in range(120)]
SEEN = """([line, wanted]) => {
    const range = document.createRange(), texts = document.createTreeWalker(line = document.getElementById(line), NodeFilter.SHOW_TEXT);
    const box = line.getBoundingClientRect(), top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom);
    const said = [];
    for (let text = texts.nextNode(); text; text = texts.nextNode())
        for (const { index, 0: word } of text.data.matchAll(/\\S+/g)) {
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            const at = range.getBoundingClientRect();
            const part = (Math.min(at.bottom, bottom) - Math.max(at.top, top)) / at.height;
            said.push([word, part > 0.95 && at.left >= 0 && at.right <= innerWidth, part > 0.3]);
        }
    return wanted ? said.filter(([word]) => word === wanted)[0][1] : said.filter(([, whole, some]) => some && !whole).map(([word]) => word);
}"""
"""Whether a word of a caption is seen in full, or without a word those that are cut."""


def test_the_newest_words_of_a_long_caption_are_seen(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.evaluate("document.getElementById('mind').open = false")  # as it begins on a phone
        for width, height in ((1280, 720), (390, 844), (320, 640)):
            tab.page.set_viewport_size({"width": width, "height": height})
            house.publish(m.Turn(state="started", speaker="user", turn_id=f"t{width}", t_ns=house.clock.now_ns()))
            for number, word in enumerate(LONG):
                house.publish(m.Word(op="add", unit_id=f"{width}-{number}", text=word, t_ns=house.clock.now_ns()))
            wait_for(lambda: tab.text("#caption-user").endswith(LONG[-1]))
            assert tab.page.evaluate(SEEN, ["caption-user", LONG[-1]]), f"the last word at {width}"
            assert not tab.page.evaluate(SEEN, ["caption-user", LONG[0]])
            assert tab.page.evaluate(SEEN, ["caption-user", ""]) == [], "whole lines"
            tab.shot(f"caption-long-{width}")
            house.publish(m.Turn(state="started", speaker="user", turn_id=f"u{width}", t_ns=house.clock.now_ns()))

            # Of the agent's sentence the words that are being said, not those to come.
            times_ms = [i if i < 60 else 90_000.0 + i for i in range(len(LONG))]
            timings = tuple(m.SpeechTiming(word, at, at + 1) for word, at in zip(LONG, times_ms, strict=True))
            said = {"response_id": f"r{width}", "text": " ".join(LONG), "duration_ms": 91_000.0, "words": timings}
            house.publish(m.AgentSpeech(t_ns=house.clock.now_ns(), state="planned", **said))  # type: ignore[arg-type]
            ahead = "document.querySelector('#caption-agent .ahead')?.textContent"
            wait_for(lambda ahead=ahead: str(tab.page.evaluate(ahead)).startswith("word60 "))
            for word in ("word59", "word60"):
                assert tab.page.evaluate(SEEN, ["caption-agent", word]), f"{word}, which is being said, at {width}"
            tab.shot(f"caption-said-{width}")
            house.publish(m.AgentSpeech(t_ns=house.clock.now_ns(), state="interrupted", response_id=f"r{width}"))
        assert tab.errors == []


def test_names_of_ideas_are_left_out_where_they_would_be_cut_or_covered(browser: Any) -> None:
    draw = """async () => {
        const { Timeline } = await import("/thinking/timeline.js");
        const { Lanes } = await import("/thinking/lanes.js");
        const canvas = document.getElementById("timeline");
        const lanes = new Lanes(), timeline = new Timeline(canvas, lanes);
        const seconds = [59, 52, 51.8, 51.6, 40, 36, 35.9, 21, 20.8, 20.7, 9, 1];
        seconds.forEach((s, i) => {
            lanes.take({ type: "intention", id: `i${i}`, kind: "gesture", label: ["look", "recognise"][i % 2], t_ns: 100e9 - s * 1e9 });
            if (i % 3 === 0) lanes.take({ type: "intention_answer", intention_id: `i${i}`, state: "started", t_ns: 100e9 - s * 1e9 + 1e8 });
        });
        const g = canvas.getContext("2d"), { fillText, arc } = g;
        const drawn = [];
        for (let now_ns = 100e9; now_ns < 112e9; now_ns += 1e9) {
            const names = [], marks = [];
            lanes.prune(now_ns);
            g.fillText = function (text, x, y) {
                if (/look|recognise/.test(text)) names.push([x, x + g.measureText(text).width, y]);
                fillText.call(g, text, x, y);
            };
            g.arc = function (x, y, ...rest) { marks.push([x, y]); arc.call(g, x, y, ...rest); };
            timeline.draw(now_ns);
            drawn.push({ names, marks });
        }
        g.fillText = fillText;
        g.arc = arc;
        return [drawn, canvas.toDataURL().split(",")[1]];
    }"""
    with House() as house, Tab(browser, house.url) as tab:
        tab.wait("document.getElementById('timeline').width > 100")
        drawn, picture = tab.page.evaluate(draw)
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        (ARTIFACTS / "timeline-crowded.png").write_bytes(base64.b64decode(picture))
        width = tab.page.evaluate("document.getElementById('timeline').clientWidth")
        rows: dict[int, set[float]] = {}
        for shown in drawn:
            names, marks = shown["names"], shown["marks"]
            assert len(names) >= 3, "there is room for some"
            for left, right, y in names:
                assert left >= 46, "not a scrap beside the lanes' names"
                assert right <= width
                assert not [x for x, at in marks if abs(at - y) < 8 and left - 4 < x < right + 4], "no mark lies on it"
                same = [other for other in names if other[2] == y and other[0] < right and left < other[1]]
                assert same == [[left, right, y]]
            for index, (_, y) in enumerate(sorted(marks)[-6:]):
                rows.setdefault(index, set()).add(y)
        assert all(len(ys) == 1 for ys in rows.values()), "an idea keeps its row"
