"""The operator console as a wizard uses it: `attune demo --operator`, two tabs in Chromium, the real agent, and the recording."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from runtime import messages as m
from runtime.safety.refusals import REFUSALS
from runtime.session.reader import SessionReader
from tests.e2e import page_support
from tests.e2e.page_support import ARTIFACTS, CHROMIUM, FLAGS
from tests.e2e.test_demo_command import attune

wait_for = partial(page_support.wait_for, timeout_s=30.0)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")


class Study:
    """A running demo, the participant's tab, and the operator's."""

    def __init__(self, process: subprocess.Popen[str], browser: Any, folder: Path) -> None:
        self.process, self.folder = process, folder
        assert process.stdout is not None
        page_url, console_url = (re.search(r"http://\S+", process.stdout.readline()) for _ in range(2))
        assert page_url and console_url, "the command prints both addresses"
        self.console_url = console_url[0]
        self.errors: list[str] = []
        self.page = self._tab(browser, page_url[0], {"width": 1280, "height": 720})
        self.console = self._tab(browser, self.console_url, {"width": 1280, "height": 800})

    def _tab(self, browser: Any, url: str, viewport: dict[str, int]) -> Any:
        tab = browser.new_context(viewport=viewport).new_page()
        tab.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        tab.on("pageerror", lambda error: self.errors.append(str(error)))
        tab.goto(url)
        return tab

    def log(self) -> str:
        return str(self.console.inner_text("#log"))

    def done(self) -> int:
        """How many acts of the operator are done; the agent's own ideas are in the log as well."""
        return int(self.console.locator('#log [data-by="operator"] .fate[data-state="finished"]').count())

    def press(self, key: str) -> None:
        self.console.keyboard.press(key)

    def shot(self, name: str) -> None:
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        self.console.screenshot(path=str(ARTIFACTS / f"{name}.png"), full_page=True, timeout=60_000)

    def ask(self, text: str) -> None:
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    folder = tmp_path / "session"
    process = attune(
        "demo", "--no-browser", "--port", "0", "--operator", "--record", str(folder), "--seed", "1",
        "--set", "motion.generator=procedural", "--set", "vision.enabled=false",
    )  # fmt: skip
    try:
        with sync_api.sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            yield Study(process, browser, folder)
            browser.close()
    finally:
        process.terminate()
        process.wait(15)


@pytest.mark.timeout(240)
def test_a_wizard_runs_a_session_by_keyboard_alone(study: Study) -> None:
    page, console = study.page, study.console
    wait_for(lambda: console.inner_text("#link").startswith("Connected"))
    assert console.url.endswith("/operator"), "the token does not stay in the address"
    assert console.inner_text("#recorded") == "Recorded"
    wait_for(lambda: console.locator("#gestures button").count() > 20)
    page.click("#talk")
    page.click("#agree")
    wait_for(lambda: page.evaluate("attune.voice.context && attune.voice.context.state === 'running'"))

    # Take the voice over; what is asked now waits.
    study.press("v")
    wait_for(lambda: console.get_attribute('#channels [data-name="Voice"]', "aria-pressed") == "true")
    study.ask("What is your name?")
    wait_for(lambda: "What is your name?" in study.log())
    time.sleep(3.0)
    assert not page.evaluate("attune.voice.playing"), "the agent's own reply is held back"

    # The wizard speaks through the agent: the participant's page gets sound and caption.
    study.press("s")
    console.keyboard.type("I am behind the curtain, p v b.")
    assert console.input_value("#say-text").endswith("p v b."), "single keys are letters while one types"
    study.press("Enter")
    wait_for(lambda: "behind the curtain" in page.inner_text("#caption-agent"))
    assert "behind the curtain" in console.inner_text("#caption-agent")
    wait_for(
        lambda: page.evaluate(
            "(() => { const a = new Float32Array(attune.voice.analyser.fftSize);"
            " attune.voice.analyser.getFloatTimeDomainData(a); return Math.max(...a) > 0.02; })()"
        )
    )
    wait_for(lambda: study.done() == 2)  # the taking over, and the words

    # Asked again and handed back: now the agent answers for itself.
    study.ask("What is your name?")
    wait_for(lambda: study.log().count("What is your name?") == 2)
    console.evaluate("document.activeElement.blur()")
    study.press("v")
    wait_for(lambda: "Ada" in page.inner_text("#caption-agent"))

    study.press("n")
    console.keyboard.type("They smiled at the name.")
    study.press("Enter")
    wait_for(lambda: "They smiled" in console.inner_text("#notes"))
    console.evaluate("document.activeElement.blur()")
    for key in ("w", "1", "k"):
        study.press(key)
    wait_for(lambda: study.done() == 7)
    study.shot("operator")
    console.set_viewport_size({"width": 390, "height": 844})
    study.shot("operator-narrow")
    console.set_viewport_size({"width": 1280, "height": 800})

    # The emergency stop works while one types, in the middle of speech.
    study.press("s")
    console.keyboard.type(
        "This is a very long sentence, which the emergency stop will cut off long before its very last words are said."
    )
    study.press("Control+Enter")
    wait_for(lambda: page.evaluate("attune.voice.playing"))
    console.keyboard.type("half a wor")
    study.press("Escape")
    wait_for(lambda: console.get_attribute("#state", "data-state") == "stopped")
    wait_for(lambda: not page.evaluate("attune.voice.playing"), timeout_s=1.0)
    study.shot("operator-stopped")
    console.evaluate("document.activeElement.blur()")
    study.press("w")
    wait_for(lambda: "refused: emergency stop" in study.log())
    console.focus("#release")
    study.press("Enter")
    study.press("Shift+Tab")
    study.press("Enter")
    wait_for(lambda: console.get_attribute("#state", "data-state") == "running")

    # Words that may not be said: the wizard sees what was said in their place, and why.
    study.press("s")
    study.press("Control+a")  # what the stop broke off is still there
    console.keyboard.type("You should kill him.")
    study.press("Control+Enter")
    wait_for(lambda: "Not said as typed" in console.inner_text("#message"))
    wait_for(lambda: "said, but not as typed" in study.log())
    assert f"Said: “{REFUSALS['violence']}”" in study.log() and "threats" in study.log()
    wait_for(lambda: "microphone" in console.inner_text("#participants"))
    study.shot("operator-replaced")

    console.focus("#end")
    study.press("Enter")
    study.press("Shift+Tab")
    study.press("Enter")
    study.process.wait(15)
    wait_for(lambda: console.get_attribute("#state", "data-state") == "ended")
    assert "ended the session" in console.inner_text("#session") and console.is_disabled("#emergency")
    study.shot("operator-ended")
    assert not [error for error in study.errors if "WebSocket" not in error and "ERR_CONNECTION" not in error]

    # All of it is in the recording, and no token is.
    token = study.console_url.rpartition("=")[2]
    reader = SessionReader(study.folder)
    assert token not in str(reader.metadata)
    acts = [act for act in reader.messages(m.OperatorAct) if act.deed != "left"]
    assert [a.deed for a in acts] == [
        "joined", "take", "say", "give", "note", "gesture", "expression", "gaze", "say", "emergency_stop", "gesture", "release",
        "say", "end",
    ]  # fmt: skip
    assert next(a.text for a in acts if a.deed == "note") == "They smiled at the name."
    fates = {a.act_id: a.state for a in reader.messages(m.OperatorAnswer)}
    fates.update({a.intention_id: a.state for a in reader.messages(m.IntentionAnswer)})
    assert [fates[a.id] for a in acts if a.deed == "say"] == ["finished", "superseded", "finished"]
    (replaced,) = (d for d in reader.messages(m.SafetyDecision) if d.where == "voice")
    assert replaced.intention_id == [a.id for a in acts if a.deed == "say"][-1]
    stop = next(a for a in acts if a.deed == "emergency_stop")
    cut = next(s for s in reader.messages(m.AgentSpeech) if s.state == "interrupted" and s.t_ns >= stop.t_ns)
    assert cut.t_ns - stop.t_ns < 60_000_000, "the way between the two rooms, and one tick"


@pytest.mark.timeout(120)
def test_the_pages_address_does_not_open_the_console(study: Study) -> None:
    base = study.console_url.partition("/operator")[0]
    assert study.page.goto(f"{base}/operator").status == 403
    assert study.page.goto(f"{base}/operator/main.js").status == 403
