"""The operator console for everybody: axe-core's rules in each of its states, every key, the keyboard alone, a phone's width."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from avatar.console.server import END_REASON
from runtime import messages as m
from tests.e2e.page_support import ARTIFACTS, CHROMIUM, House, wait_for
from tests.e2e.test_page_accessibility import PHONE, violations

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

TOKEN = "operator-token-0123456789"
GESTURES = ("beat", "bow", "nod_once", "point_left", "shrug", "wave", "yes", "no", "thumbs_up", "open_palms")


class Desk(House):
    """A scripted fast system: takes each act up as the real one does, and tells what is held."""

    def __init__(self) -> None:
        super().__init__(settings={"operator_token": TOKEN})
        self.held: tuple[m.OperatorChannel, ...] = ()
        self.stopped = self.paused = False
        self.condition, self.initiative = "", True

    def answer(self, message: m.AnyMessage) -> None:
        if not isinstance(message, m.OperatorAct) or message.deed in ("note", "end", "left"):
            return
        now_ns, channel = self.clock.now_ns(), message.channel
        match message.deed:
            case "take" if channel:
                self.held = (*self.held, channel)
            case "give":
                self.held = tuple(name for name in self.held if name != channel)
            case "emergency_stop" | "release":
                self.stopped = message.deed == "emergency_stop"
            case "pause" | "resume":
                self.paused = message.deed == "pause"
            case "condition":
                self.condition, self.initiative = message.text, message.initiative
        if message.deed != "joined":
            self.bus.publish(m.OperatorAnswer(t_ns=now_ns, act_id=message.id, state="finished"))
        self.bus.publish(
            m.OperatorState(
                t_ns=now_ns,
                held=self.held,
                stopped=self.stopped,
                paused=self.paused,
                condition=self.condition,
                initiative=self.initiative,
                gestures=GESTURES,
            )
        )

    def converse(self) -> None:
        """Something in every part of the console."""
        now_ns = self.clock.now_ns()
        said = "That would be kind, I have been looking for the lecture hall for a quarter of an hour."
        idea = m.Intention(id="i1", kind="gesture", label="point_left", trigger="user_intent", t_ns=now_ns)
        for message in (
            m.SessionControl(action="start", t_ns=now_ns),
            m.PersonPercept(person_id="person-1", t_ns=now_ns, state="arrived"),
            m.Turn(state="ended", speaker="user", turn_id="t1", text=said, t_ns=now_ns),
            m.AgentSpeech(state="started", response_id="r", text="It is behind the stairs.", t_ns=now_ns),
            idea,
            m.IntentionAnswer(intention_id="i1", state="rejected", reason="operator", t_ns=now_ns),
            m.CognitiveCycle(cycle=1, duration_ms=1.0, restraint="safety: cool-down", t_ns=now_ns),
        ):
            self.publish(message)

    def acts(self) -> list[m.OperatorAct]:
        return [act for act in self.of(m.OperatorAct) if act.deed not in ("joined", "left")]


class ConsoleTab:
    """The console in a tab of its own."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def text(self, selector: str) -> str:
        return str(self.page.inner_text(selector))

    def state(self) -> str:
        return str(self.page.get_attribute("#state", "data-state"))

    def shot(self, name: str, *, whole: bool = True) -> None:
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(ARTIFACTS / f"{name}.png"), full_page=whole, timeout=60_000)


@contextmanager
def console(browser: Any, house: House, **screen: Any) -> Iterator[ConsoleTab]:
    context = browser.new_context(**({"viewport": {"width": 1440, "height": 960}} | screen))
    tab = ConsoleTab(context.new_page())
    tab.page.goto(f"{house.url.rstrip('/')}/operator?token={TOKEN}")
    wait_for(lambda: tab.text("#link").startswith("Connected") and tab.page.locator("#gestures button").count())
    yield tab
    assert tab.errors == []
    context.close()


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_any_of_its_states(browser: Any, screen: dict[str, Any]) -> None:
    name = f"operator-{'phone' if screen else 'desktop'}"
    with Desk() as house, console(browser, house, **screen) as tab:
        page = tab.page

        def judge(state: str) -> None:
            tab.shot(f"{name}-{state}")
            assert violations(tab) == [], state  # type: ignore[arg-type] # it wants no more than a page

        judge("empty")
        house.converse()
        wait_for(lambda: "lecture hall" in tab.text("#log"))
        page.fill("#condition-name", "reactive")
        page.click("#condition button[type=submit]")
        page.fill("#note-text", "Looked at the stairs before it had said so.")
        page.press("#note-text", "Enter")
        wait_for(lambda: "stairs" in tab.text("#notes") and "reactive" in tab.text("#condition-now"))
        assert "takes no initiative" in tab.text("#session")
        judge("live")

        page.click('#channels [data-name="Voice"]')
        page.click('#channels [data-name="Body"]')
        page.click("#pause")
        wait_for(lambda: page.locator('#channels [aria-pressed="true"]').count() == 2 and house.paused)
        wait_for(lambda: "Paused" in tab.text("#session"))
        page.click("#say-now")  # with nothing to say
        wait_for(lambda: page.is_visible("#message"))
        judge("taken-over")

        page.click("#emergency")
        wait_for(lambda: tab.state() == "stopped")
        assert tab.text("#agent") == "Agent: stopped"
        judge("stopped")
        page.click("#release")
        wait_for(lambda: page.is_visible("#confirm"))
        judge("asked")
        page.click("#confirm-no")

        if not screen:  # a phone has no keys
            page.click("#show-keys")
            wait_for(lambda: page.is_visible("#all-keys"))
            judge("keys")
            page.click("#close-keys")
        said = house.acts()[0]
        house.publish(m.SafetyDecision(decision="refused", rule="violence", where="voice", about="r", t_ns=said.t_ns))
        house.publish(m.SessionControl(action="stop", reason=END_REASON, t_ns=house.clock.now_ns()))
        wait_for(lambda: tab.state() == "ended")
        judge("ended")


def test_axe_would_find_a_field_without_a_name(browser: Any) -> None:
    with Desk() as house, console(browser, house) as tab:
        tab.page.evaluate("document.querySelector('#say').append(document.createElement('input'))")
        assert any(found.startswith("label") for found in violations(tab))  # type: ignore[arg-type]


@pytest.mark.parametrize("query", ["", "?token=wrong-token-0123456789"])
def test_without_its_token_a_browser_shows_one_sentence_that_says_what_to_do(browser: Any, query: str) -> None:
    with Desk() as house:
        context = browser.new_context(viewport={"width": 800, "height": 300})
        tab = ConsoleTab(context.new_page())
        answer = tab.page.goto(f"{house.url.rstrip('/')}/operator{query}")
        assert answer.status == 403
        told = "open the operator console by the full address that was printed at the start: it carries the token"
        assert tab.text("body").strip() == told
        tab.shot("operator-refused")
        context.close()


EACH_KEY: dict[str, tuple[str, dict[str, Any]]] = {
    "V": ("take", {"channel": "voice"}), "B": ("take", {"channel": "body"}), "I": ("take", {"channel": "initiative"}),
    "P": ("pause", {}), "J": ("gaze", {"label": "person"}), "K": ("gaze", {"label": "away"}), "L": ("gaze", {"label": "down"}),
    "1": ("expression", {"label": "happy"}), "2": ("expression", {"label": "sad"}), "3": ("expression", {"label": "angry"}),
    "4": ("expression", {"label": "surprised"}), "5": ("expression", {"label": "relaxed"}),
    "W": ("gesture", {"label": "wave"}), "Y": ("gesture", {"label": "yes"}), "X": ("gesture", {"label": "no"}),
    "Esc": ("emergency_stop", {}),
}  # fmt: skip
FIELD_OF_KEY = {"S": "say-text", "N": "note-text", "G": "gesture-filter"}


def test_every_key_that_is_listed_does_what_it_says(browser: Any) -> None:
    with Desk() as house, console(browser, house) as tab:
        page = tab.page
        page.keyboard.press("?")
        wait_for(lambda: page.is_visible("#all-keys"))
        listed = page.locator("#keys dt").all_inner_texts()
        assert sorted(listed) == sorted([*EACH_KEY, *FIELD_OF_KEY, "?"]), (
            "no key is listed that does nothing, none is untold"
        )
        page.keyboard.press("w")
        page.keyboard.press("Enter")  # the focus is on its only button
        wait_for(lambda: not page.is_visible("#all-keys"))
        for key, field in FIELD_OF_KEY.items():
            page.keyboard.press(key.lower())
            assert page.evaluate("document.activeElement.id") == field
            assert page.input_value(f"#{field}") == "", "the key itself is not written"
            page.evaluate("document.activeElement.blur()")
        assert house.acts() == []
        for number, (key, (deed, fields)) in enumerate(EACH_KEY.items(), start=1):
            page.keyboard.press("Escape" if key == "Esc" else key.lower())
            wait_for(lambda n=number: len(house.acts()) == n)
            act = house.acts()[-1]
            assert act.deed == deed and {name: getattr(act, name) for name in fields} == fields, key
        wait_for(lambda: tab.state() == "stopped")
        for key, deed in (("v", "give"), ("b", "give"), ("i", "give"), ("p", "resume")):
            page.keyboard.press(key)
            wait_for(lambda wanted=deed: house.acts()[-1].deed == wanted)
        before = len(house.acts())
        for key in ("Control+w", "Alt+1", "q"):
            page.keyboard.press(key)
        page.wait_for_timeout(200)
        assert len(house.acts()) == before, "with a modifier a key is the browser's own"


def test_everything_is_reached_by_tab_with_the_focus_seen(browser: Any) -> None:
    with Desk() as house, console(browser, house) as tab:
        reached: set[str] = set()
        for _ in range(80):
            tab.page.keyboard.press("Tab")
            name, seen = tab.page.evaluate(
                "(() => { const a = document.activeElement; "
                " return [a === document.body ? 'body' : a.id || a.textContent.trim(), getComputedStyle(a).outlineStyle !== 'none']; })()"
            )
            if name in reached and name == "emergency":
                break
            reached.add(name)
            assert seen or name == "body", name
        fields = {
            "say-text",
            "say-now",
            "strength",
            "gesture-filter",
            "pause",
            "end",
            "condition-name",
            "note-text",
            "log-filter",
            "show-keys",
        }
        assert fields <= reached
        assert {"wave W", "thumbs up", "happy 1", "Hello!"} <= reached
        assert len([name for name in reached if "the agent's own" in name]) == 3, "the channels"


def test_a_study_is_run_from_the_keyboard_condition_and_end_too(browser: Any) -> None:
    with Desk() as house, console(browser, house) as tab:
        page = tab.page
        page.focus("#condition-name")
        page.keyboard.type("reactive")
        page.keyboard.press("Enter")
        wait_for(lambda: tab.text("#condition-now") == "reactive (only answers)")
        act = house.acts()[-1]
        assert (act.deed, act.text, act.initiative) == ("condition", "reactive", False)
        page.focus("#end")
        page.keyboard.press("Enter")
        wait_for(lambda: page.is_visible("#confirm"))
        assert page.evaluate("document.activeElement.id") == "confirm-no", "the harmless answer has the focus"
        page.keyboard.press("Enter")
        assert not page.is_visible("#confirm") and house.acts()[-1].deed == "condition"
        page.focus("#end")
        page.keyboard.press("Enter")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        wait_for(lambda: END_REASON in tab.text("#log"))
        assert house.acts()[-1].deed == "end"


@pytest.mark.parametrize("width", [320, 390, 760, 1080])
def test_on_a_narrow_screen_nothing_sticks_out_and_the_stop_stays_in_reach(browser: Any, width: int) -> None:
    with Desk() as house, console(browser, house, viewport={"width": width, "height": 720}) as tab:
        page = tab.page
        house.converse()
        wait_for(lambda: "lecture hall" in tab.text("#log"))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.state() == "running"
        small = page.evaluate(
            "[...document.querySelectorAll('button, input:not([type=checkbox]), textarea')].filter(e => e.checkVisibility())"
            ".map(e => [e.id || e.textContent, e.getBoundingClientRect().height]).filter(([, h]) => h > 0 && h < 24)"
        )
        assert small == [], "WCAG 2.5.8: at least 24 px"
        tab.shot(f"operator-{width}")
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        box = page.locator("#emergency").bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 720, "wherever one has scrolled to"
        page.keyboard.press("Escape")
        wait_for(lambda: tab.state() == "stopped")
        release = page.locator("#release").bounding_box()
        assert release["y"] >= 0 and release["y"] + release["height"] <= 720, "that it is stopped is seen everywhere"
        head = page.locator("#top").bounding_box()
        assert head["height"] <= 0.35 * 720, "the head leaves room for what it heads"
