"""What the operator console says is true: what was really said, and in which state the session really is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from runtime import messages as m
from tests.e2e.page_support import CHROMIUM, wait_for
from tests.e2e.test_operator_accessibility import TOKEN, ConsoleTab, Desk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")

KIND = "I would rather not go there."


class At(Desk):
    """A desk at a port and with a token of one's choice; words are taken up and not yet said."""

    def __init__(self, port: int = 0, token: str = TOKEN) -> None:
        super().__init__()
        self.settings = msgspec.structs.replace(self.settings, port=port, operator_token=token)

    def __exit__(self, *why: object) -> None:
        if self._thread.is_alive():
            super().__exit__(*why)

    def crash(self) -> None:
        """End without a goodbye."""
        assert self.server._console is not None

        async def silently(**_: object) -> bool:
            return False

        for operator in self.server._console._operators:
            operator.socket.close = silently  # type: ignore[method-assign,assignment] # what a killed process says
        self.__exit__()

    def answer(self, message: m.AnyMessage) -> None:
        if isinstance(message, m.OperatorAct) and message.deed == "say":
            self.answers(message, "accepted")
        else:
            super().answer(message)

    def answers(self, act: m.OperatorAct, state: m.IntentionState) -> None:
        self.publish(m.IntentionAnswer(intention_id=act.id, state=state, t_ns=self.clock.now_ns()))

    def begin(self) -> None:
        self.publish(m.SessionControl(action="start", t_ns=self.clock.now_ns()))

    def clause(self, response_id: str, number: int, text: str, state: Any = "started") -> None:
        heard = text if state != "started" else ""
        now_ns = self.clock.now_ns()
        self.publish(
            m.AgentSpeech(state=state, response_id=response_id, clause=number, text=text, heard=heard, t_ns=now_ns)
        )

    def judges(self, rule: str, response_id: str, intention_id: str = "", decision: Any = "refused") -> None:
        self.publish(
            m.SafetyDecision(
                decision=decision, rule=rule, where="voice", about=response_id, intention_id=intention_id,
                t_ns=self.clock.now_ns(),
            )
        )  # fmt: skip


@contextmanager
def opened(browser: Any, house: Desk, size: tuple[int, int] = (1280, 800)) -> Iterator[ConsoleTab]:
    """The console in a tab; what the browser itself says of lost connections is no fault."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    tab = ConsoleTab(context.new_page())
    tab.page.goto(f"{house.url.rstrip('/')}/operator?token={TOKEN}")
    wait_for(lambda: tab.text("#link").startswith("Connected"))
    yield tab
    assert [e for e in tab.errors if "WebSocket" not in e and "Failed to load" not in e] == []
    context.close()


def say(tab: ConsoleTab, house: At, text: str, key: str = "Enter") -> m.OperatorAct:
    before = len(house.acts())
    tab.page.fill("#say-text", text)
    tab.page.press("#say-text", key)
    wait_for(lambda: len(house.acts()) > before)
    return house.acts()[-1]


# ------------------------------------------------------------ what was said


def test_a_wizard_sees_that_something_else_was_said_than_typed_what_and_why(browser: Any) -> None:
    with At() as house, opened(browser, house) as tab:
        house.begin()
        act = say(tab, house, "I see. You should kill him. Bye.")
        wait_for(lambda: "waits until it is quiet" in tab.text("#log"))
        house.answers(act, "started")
        house.clause("r1", 0, "I see.")
        house.judges("violence", "r1", act.id)
        wait_for(lambda: "Not said as typed" in tab.text("#message"))
        assert tab.page.get_attribute("#message", "role") == "alert", "it is read out as well"
        for part in ("violence", "threats, or hurting somebody"):
            assert part in tab.text("#message"), part
        house.clause("r1", 1, KIND)
        said = f"Said: “I see. {KIND}”"
        wait_for(lambda: said in tab.text("#log .safety"))
        house.answers(act, "finished")
        wait_for(lambda: "said, but not as typed" in tab.text("#log"))
        line = tab.page.locator("#log li", has_text="You should kill him").inner_text()
        assert "Not said as typed: safety rule “violence”" in line and said in line, "beside the words"
        assert "done" not in line
        tab.shot("operator-replaced-beside", whole=False)
        with opened(browser, house) as later:
            wait_for(lambda: said in later.text("#log"))
            assert not later.page.is_visible("#message"), "what is past is told and not called out"


def test_what_was_cut_off_is_shown_as_far_as_it_was_heard(browser: Any) -> None:
    with At() as house, opened(browser, house) as tab:
        act = say(tab, house, "Take forty pills.", "Control+Enter")
        house.judges("medical", "r1", act.id)
        wait_for(lambda: "Something else is said instead." in tab.text("#log"))
        house.clause("r1", 0, "I am no doctor, and I do not want to tell you something wrong.")
        house.clause("r1", 0, "I am no doctor", state="interrupted")
        wait_for(lambda: "Said: “I am no doctor”" in tab.text("#log"))


def test_words_that_pass_with_a_note_and_the_agents_own_are_told_apart_from_refused_ones(browser: Any) -> None:
    with At() as house, opened(browser, house) as tab:
        act = say(tab, house, "You should sue him.")
        house.judges("legal", "r1", act.id, "passed")
        wait_for(lambda: "Said as typed, and noted: safety rule “legal” (legal advice)." in tab.text("#log"))
        house.answers(act, "finished")
        wait_for(lambda: "done" in tab.text("#log"))
        house.judges("human", "r2")
        house.clause("r2", 0, KIND)
        own = "Agent's own words Not said as meant: safety rule “human”"
        wait_for(lambda: own in " ".join(tab.text("#log").split()) and KIND in tab.text("#log"))
        assert not tab.page.is_visible("#message"), "only the operator's own words are called out"
        house.publish(m.SafetyDecision(decision="refused", rule="unasked_form", where="plan", about="i9", t_ns=1))
        second = say(tab, house, "Hello.")
        house.answers(second, "finished")
        wait_for(lambda: tab.text("#log").count("done") == 2)
        assert "unasked" not in tab.text("#log"), "what never reached the voice is not its matter"


def test_words_that_were_refused_for_coming_too_fast_come_back_into_the_field(browser: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("avatar.console.inbound.ACTS_PER_S", 1e-6)
    with At() as house, opened(browser, house) as tab:
        tab.page.fill("#say-text", "A long sentence that nobody wants to type again.")
        tab.page.evaluate(
            "() => { for (let i = 0; i < 40; i++) document.querySelector('#looks button').click();"
            " document.querySelector('#say').requestSubmit(); }"
        )
        wait_for(lambda: "Too many" in tab.text("#message"))
        wait_for(lambda: tab.page.input_value("#say-text") == "A long sentence that nobody wants to type again.")


def test_with_the_voice_taken_over_the_wizard_sees_that_an_answer_is_awaited(browser: Any) -> None:
    with At() as house, opened(browser, house) as tab:
        house.begin()
        wait_for(lambda: tab.text("#agent") == "Agent: ready")
        tab.page.keyboard.press("v")
        wait_for(lambda: "Taken over: voice" in tab.text("#session"))
        house.publish(m.UserSpeech(state="started", t_ns=house.clock.now_ns()))
        wait_for(lambda: tab.text("#agent") == "Agent: hears the person")
        house.publish(m.UserSpeech(state="ended", t_ns=house.clock.now_ns()))
        house.publish(m.Turn(state="ended", speaker="user", turn_id="t", text="Where is it?", t_ns=1))
        wait_for(lambda: tab.text("#agent") == "Agent: waits for your words")
        house.clause("r1", 0, "Behind the stairs.")
        wait_for(lambda: tab.text("#agent") == "Agent: speaking")
        tab.page.keyboard.press("Escape")
        wait_for(lambda: tab.text("#agent") == "Agent: stopped")


# ------------------------------------------------------------ in which state the session is


def test_starting_running_and_ended_are_said_and_nobody_tries_for_ever(browser: Any) -> None:
    with At() as house, opened(browser, house) as tab:
        sockets: list[Any] = []
        tab.page.on("websocket", lambda socket: sockets.append(socket))  # playwright marks what it is given
        wait_for(lambda: tab.state() == "starting")
        house.begin()
        wait_for(lambda: tab.state() == "running")
        house.publish(m.SessionControl(action="stop", reason="the operator ended the session", t_ns=1))
        wait_for(lambda: tab.state() == "ended")
        assert "The operator ended the session." in tab.text("#session") and tab.text("#agent") == "Agent: off"
        assert tab.page.is_disabled("#say-now") and tab.page.is_disabled("#emergency")
        house.__exit__()
        tab.page.wait_for_timeout(13_000)
        assert tab.state() == "ended" and tab.page.is_visible("#reconnect")
        assert len(sockets) <= 3, "a few tries for a server that was only started again, and no more"
        shown = tab.text("#clock")
        tab.page.keyboard.press("Escape")
        wait_for(lambda: "NOT sent" in tab.text("#message") or "nothing was sent" in tab.text("#message"))
        tab.page.wait_for_timeout(1_200)
        assert tab.text("#clock") == shown, "time does not go on where nothing does"


def test_the_end_without_a_word_is_seen_and_a_new_session_needs_its_new_address(browser: Any) -> None:
    with At() as house:
        port = house.server.port
        with opened(browser, house) as tab:
            house.begin()
            wait_for(lambda: tab.state() == "running")
            house.__exit__()  # as by Ctrl-C: no message of its end, only the goodbye
            wait_for(lambda: tab.state() == "ended")
            with At(port, "another-token-0123456789"):
                tab.page.click("#reconnect")
                wait_for(lambda: tab.state() == "shut")
                assert "full address that was printed at the start" in tab.text("#session")
                tab.shot("operator-shut", whole=False)
            with At(port) as again:
                tab.page.click("#reconnect")
                wait_for(lambda: tab.state() == "starting")
                again.begin()
                wait_for(lambda: tab.state() == "running" and tab.page.is_enabled("#emergency"))


def test_a_lost_connection_is_said_with_what_to_do_and_mends_itself(browser: Any) -> None:
    with At() as house:
        port = house.server.port
        with opened(browser, house) as tab:
            house.begin()
            wait_for(lambda: tab.state() == "running")
            house.crash()
            wait_for(lambda: tab.state() == "lost")
            told = tab.text("#session")
            for part in ("nor does the emergency stop", "Trying again", "see whether Attune still runs"):
                assert part in told
            assert tab.text("#agent") == "Agent: not known" and tab.text("#link") == "Not connected"
            assert tab.text("#health") == tab.text("#participants") == tab.text("#people") == "not known"
            tab.page.fill("#say-text", "Are you there?")
            tab.page.press("#say-text", "Enter")
            wait_for(lambda: "Not connected: nothing was sent." in tab.text("#message"))
            assert tab.page.input_value("#say-text") == "Are you there?"
            tab.page.keyboard.press("Escape")
            wait_for(lambda: "the emergency stop was NOT sent" in tab.text("#message"))
            shown = tab.text("#clock")
            tab.shot("operator-lost", whole=False)
            tab.page.wait_for_timeout(1_200)
            assert tab.text("#clock") == shown, "what time it is there is not known"
            with At(port) as again:
                wait_for(lambda: tab.state() == "starting")
                again.begin()
                wait_for(lambda: tab.state() == "running")
                assert again.acts() == [], "nothing leaves late"


def test_where_all_places_are_taken_it_is_said_and_a_free_one_is_found(browser: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("avatar.console.server.OPERATORS_MAX", 1)
    with At() as house:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        with opened(browser, house):
            second = ConsoleTab(context.new_page())
            second.page.goto(f"{house.url.rstrip('/')}/operator?token={TOKEN}")
            wait_for(lambda: "1 consoles are open already; close one. Trying again." in second.text("#session"))
        wait_for(lambda: second.state() == "starting")
        context.close()


def test_an_agent_that_gives_no_sign_of_life_is_not_called_ready(browser: Any) -> None:
    with At() as house, opened(browser, house) as tab:
        house.begin()
        house.publish(m.Heartbeat(pid=1, source="behavioral"))
        wait_for(lambda: tab.text("#health") == "all well")
        wait_for(lambda: tab.state() == "silent")
        assert tab.text("#agent") == "Agent: no sign of life"
        assert "voice and body: no sign of life" in tab.text("#health")
        tab.shot("operator-silent", whole=False)
        house.publish(m.Heartbeat(pid=2, source="behavioral"))
        wait_for(lambda: tab.state() == "running" and tab.text("#health") == "all well")


def test_whether_the_participant_is_there_is_seen(browser: Any) -> None:
    with At() as house, opened(browser, house) as tab:
        assert tab.text("#participants") == "no page is open"
        for state in ("joined", "microphone_on", "camera_on"):
            house.publish(m.Viewer(state=state, viewer_id="v1"))  # type: ignore[arg-type] # each of them
        wait_for(lambda: tab.text("#participants") == "open, microphone on, camera on")
        house.publish(m.Viewer(state="left", viewer_id="v1"))
        wait_for(lambda: tab.text("#participants") == "no page is open")


def test_of_several_people_one_is_chosen_to_be_looked_at(browser: Any) -> None:
    with At() as house, opened(browser, house) as tab:
        assert not tab.page.is_visible("#look-at")
        for person in ("person-1", "person-2"):
            house.publish(m.PersonPercept(person_id=person, state="arrived"))
        wait_for(lambda: tab.page.is_visible("#look-at"))
        tab.page.select_option("#look-at", "person-2")
        tab.page.evaluate("document.activeElement.blur()")
        tab.page.keyboard.press("j")
        wait_for(lambda: [act.person_id for act in house.acts()] == ["person-2"])
