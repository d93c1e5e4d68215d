"""A real session of two people, told by the panel to the end: no id, no sign of the ear, no signed number gets through."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime import messages as m
from runtime.session.reader import SessionReader
from tests.e2e.page_support import ARTIFACTS, CHROMIUM

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")
cv2 = pytest.importorskip("cv2", reason="pip install 'attune[vision]'")
Spoken = Callable[[Sequence[tuple[str, float]]], Path]

FPS, ALONE_S = 15, 12
LINES = (
    ("my name is Anna.", 5.0),
    ("I feel sad today.", 6.0),
    ("please remember me.", 6.0),
    ("where are my keys?", 6.0),
)
NOT_FOR_PEOPLE = {
    "an id": r"\b(?:person|user|intention|turn|page|plan)-\w+|\b[abcru]\d+\b|\b[0-9a-f]{6}\b",
    "the name of a sign": r"\b\w+:\w",
    "a signed number": r"(?<![\w.])[+-]\d",
    "an underscore": r"\w_\w",
    "a bare fraction": r"\b[01]\.\d\d+\b",
}


@pytest.fixture
def two_people(tmp_path: Path) -> Path:
    """A film of a man, who is joined by a woman after some seconds."""
    root = os.environ.get("ATTUNE_DATA")
    folder = Path(root or ".") / "intel-head-video"
    if not root or not folder.is_dir():
        pytest.skip("ATTUNE_DATA does not name a folder with intel-head-video; mend: attune data pull")

    def pictures(name: str, first: int, last: int) -> list[np.ndarray[Any, Any]]:
        capture = cv2.VideoCapture(str(folder / f"head-pose-face-detection-{name}.gif"), cv2.CAP_FFMPEG)
        found: list[np.ndarray[Any, Any]] = []
        while len(found) < last and (read := capture.read())[0]:
            found.append(read[1][:, 120:370])
        return found[first:last]

    man, woman = pictures("male", 0, 20), pictures("female", 9, 12)
    path = tmp_path / "people.mp4"
    film = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), FPS, (960, 270))
    for number in range(FPS * 34):
        picture = np.full((270, 960, 3), (170, 160, 160), np.uint8)
        picture[:, 60:310] = man[number % len(man)]
        if number > FPS * ALONE_S:
            picture[:, 620:870] = woman[number % len(woman)]
        film.write(picture)
    film.release()
    return path


def test_all_that_the_panel_says_of_a_real_session_is_for_people(
    browser: Any, spoken: Spoken, two_people: Path, tmp_path: Path
) -> None:
    session, out = tmp_path / "session", tmp_path / "talk.html"
    with ThreadPoolExecutor(1) as apart:  # this thread holds playwright's loop
        audio = apart.submit(spoken, LINES).result()
    attune = [sys.executable, "-m", "runtime"]
    listen = ["run", "--audio", str(audio), "--video", str(two_people), "--out", str(session)]
    subprocess.run([*attune, *listen], check=True, timeout=240, stdout=subprocess.DEVNULL)
    subprocess.run([*attune, "share", str(session), "-o", str(out)], check=True, timeout=120, stdout=subprocess.DEVNULL)
    cycles = [one for one in SessionReader(session).messages(m.CognitiveCycle) if isinstance(one, m.CognitiveCycle)]
    assert max(len(cycle.minds) for cycle in cycles) >= 2

    said: set[str] = set()
    page = browser.new_context(viewport={"width": 1280, "height": 1400}, offline=True).new_page()
    page.goto(out.as_uri())
    page.wait_for_selector("body[data-ready]", state="attached", timeout=30_000)
    page.click("#more")
    for at_s in range(3, int(cycles[-1].t_ns / 1e9), 3):
        page.evaluate(f"attuneReplay.seek({at_s}); attuneReplay.show({at_s})")
        page.evaluate("document.querySelectorAll('#panel details').forEach((d) => { d.open = true; })")
        page.evaluate(f"attuneReplay.show({at_s})")
        said.update(line.strip() for line in page.inner_text("#panel").splitlines() if line.strip())
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(ARTIFACTS / "plain-words.png"), timeout=60_000)
    text = "\n".join(sorted(said))
    assert "Takes part" in said and "Person 2" in said, text
    assert re.search(r"^Turned|^Was turned|^Looked|^Spoke", text, re.MULTILINE), "evidence is among it"
    for what, pattern in NOT_FOR_PEOPLE.items():
        assert not (found := [line for line in sorted(said) if re.search(pattern, line, re.IGNORECASE)]), (what, found)
