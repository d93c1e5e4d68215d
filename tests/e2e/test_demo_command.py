"""`attune demo` as a person uses it: the command, Chromium, the real agent, Ctrl-C, and the replay of it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from runtime.messages import TypedText, UserAudio, Viewer
from runtime.session.reader import SessionReader
from tests.e2e import page_support
from tests.e2e.page_support import CHROMIUM, HEADLESS

FLAGS = [*HEADLESS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
wait_for = partial(page_support.wait_for, timeout_s=30.0)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")


def attune(*arguments: str) -> subprocess.Popen[str]:
    code = "import sys; from runtime.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found, "the command prints the page's address"
    return found[0]


@pytest.fixture
def page() -> Iterator[Any]:
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.errors = []
        page.on("console", lambda entry: page.errors.append(entry.text) if entry.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        yield page
        browser.close()


def end(process: subprocess.Popen[str]) -> float:
    """Press Ctrl-C; return how long the house took to end."""
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    try:
        process.wait(15)
    finally:
        process.kill()
    return time.monotonic() - began


@pytest.mark.timeout(180)
def test_talk_with_the_agent_then_watch_it_again(page: Any, tmp_path: Path) -> None:
    folder = tmp_path / "session"
    process = attune("demo", "--no-browser", "--port", "0", "--record", str(folder), "--seed", "1")
    try:
        page.goto(address(process))
        wait_for(lambda: page.evaluate("window.attune && attune.motion.received > 20"))
        wait_for(lambda: page.inner_text("#caption-agent"))  # it speaks first
        assert page.inner_text("#recording") == "This conversation is recorded"
        page.fill("#text", "Hello, what is your name?")
        page.press("#text", "Enter")
        page.click("#agree")
        wait_for(lambda: page.evaluate("attune.voice.played > 5"))
        page.click("#said summary")
        wait_for(lambda: "You: Hello, what is your name?" in page.inner_text("#transcript"))
        heard = wait_for(lambda: heard_of_the_answer(page))  # what the next words cut off is in no recording
        page.fill("#text", "Help, I cannot breathe!")
        page.press("#text", "Enter")
        wait_for(lambda: page.inner_text("#intentions"))  # the slow loop wants to help
        rooms = rooms_of(process.pid)
        assert len(rooms) >= 4
        assert page.errors == []
    finally:
        end(process)
    assert process.returncode == 0
    assert all(not psutil.pid_exists(pid) for pid in rooms), "no process is left"
    wait_for(lambda: page.inner_text("#state-text") == "The session has ended")

    code = "import sys; from runtime.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "replay", str(folder), "--text"]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "user:  Hello, what is your name?" in printed.stdout
    assert agreed_before_the_first_word(folder)

    process = attune("replay", str(folder), "--no-browser", "--port", "0", "--speed", "2")
    try:
        page.goto(address(process))
        wait_for(lambda: page.evaluate("window.attune && attune.motion.received > 20"))
        assert not page.is_visible("#typing"), "a recording cannot be talked to"
        page.click("#said summary")
        wait_for(lambda: f"Agent: {heard}" in page.inner_text("#transcript"))
    finally:
        end(process)


def heard_of_the_answer(page: Any) -> str:
    """Return the words of the answer that the caption shows as spoken, but for the last; nothing before there are three."""
    answer = page.query_selector("#transcript li.user ~ li.agent")
    spoken = page.evaluate("document.querySelector('#caption-agent').firstChild?.textContent ?? ''").split()
    known = len(spoken) > 2 and answer and answer.inner_text().startswith(f"Agent: {' '.join(spoken)}")
    return " ".join(spoken[:-1]) if known else ""


def rooms_of(pid: int) -> list[int]:
    """Return the running processes whose parent is, or was, the command."""
    return [process.pid for process in psutil.process_iter() if process.ppid() == pid]


def agreed_before_the_first_word(folder: Path) -> bool:
    """Whether the recording holds the person's agreement, and nothing of the person before it."""
    agreed_ns = None
    for message in SessionReader(folder).messages():
        if isinstance(message, Viewer) and message.state == "consented":
            agreed_ns = message.t_ns
        if isinstance(message, (TypedText, UserAudio)) and agreed_ns is None:
            return False
    return agreed_ns is not None
