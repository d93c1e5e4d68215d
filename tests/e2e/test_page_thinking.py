"""The panel that shows what the agent thinks, in a real headless Chromium: words, evidence, timeline, memory, times."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S
from tests.e2e.page_support import CHROMIUM, House, Tab, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api", reason="pip install playwright")


NOW_NS = 100 * NS_PER_S


def mind(person_id: str, engagement: float = 0.9, valence: float = 0.4) -> m.MindReport:
    looked = m.Evidence(NOW_NS - 3 * NS_PER_S, "looks at agent", weight=1.2)
    aside = m.Evidence(NOW_NS - 9 * NS_PER_S, "speaks aside", weight=-0.4)
    return m.MindReport(
        person_id,
        (
            m.Estimate("engagement", engagement, evidence=(looked, aside)),
            m.Estimate("confusion", 0.05),
            m.Estimate("wish_to_speak", 0.2),
            m.Estimate("wish_to_leave", 0.03),
            m.Estimate("valence", valence),
            m.Estimate("arousal", 0.0),
            m.Estimate("attention", 0.8, what="agent", evidence=(looked,)),
        ),
        seen=True,
    )


def think(house: House, *minds: m.MindReport, **fields: Any) -> None:
    cycle = {"cycle": 1, "duration_ms": 1.0, "minds": minds, "t_ns": NOW_NS, **fields}
    house.publish(m.CognitiveCycle(**cycle))


def estimate(tab: Tab, variable: str) -> str:
    return tab.text(f".estimate[data-variable='{variable}'] summary").replace("\n", " ")


# ---------------------------------------------------------------- people


def test_each_estimate_is_shown_in_words_and_says_why_on_demand(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        assert tab.text("#no-people") == "It sees and hears nobody."
        think(house, mind("person-1"))
        wait_for(lambda: tab.page.query_selector(".estimate"))
        assert estimate(tab, "engagement").startswith("Takes part yes")
        assert "the agent" in estimate(tab, "attention")
        assert "good" in estimate(tab, "valence")
        assert not tab.page.is_visible("#no-people")
        why = ".estimate[data-variable='engagement'] .why"
        assert not tab.page.is_visible(why)
        tab.page.focus(".estimate[data-variable='engagement'] summary")
        tab.page.keyboard.press("Enter")
        wait_for(lambda: tab.page.is_visible(why))
        assert tab.text(f"{why} ul").split("\n") == [
            "Looked at the agent, 3 s ago (more)",
            "Spoke to somebody else, 9 s ago (less)",
        ]
        # The next cycle changes the values, neither what is open nor where the focus is.
        think(house, mind("person-1", engagement=0.2, valence=-0.6))
        wait_for(lambda: "hardly" in estimate(tab, "engagement"))
        assert "unhappy" in estimate(tab, "valence")
        assert tab.page.is_visible(why)
        assert tab.page.evaluate("document.activeElement.parentElement.dataset.variable") == "engagement"
        assert tab.errors == []


def test_several_people_are_told_apart_and_who_has_gone_is_gone(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        anna = msgspec.structs.replace(mind("person-b2-8143bd", engagement=0.1), name="Anna")
        think(house, mind("person-b1-8143bd"), anna)
        wait_for(lambda: tab.page.evaluate("document.querySelectorAll('.person').length") == 2)
        titles = "[...document.querySelectorAll('.person h3')].map(h => h.textContent)"
        assert tab.page.evaluate(titles) == ["Person 1", "Anna"]
        think(house, mind("anna"))
        wait_for(lambda: tab.page.evaluate(titles) == ["You"])
        think(house)
        wait_for(lambda: tab.page.is_visible("#no-people"))


def test_mistaken_beliefs_are_shown_with_how_it_is(browser: Any) -> None:
    wrong = m.BeliefReport(
        "wrong",
        ("ben",),
        "Ben thinks that the keys are in the <b>drawer</b>",
        "he put them there",
        0,
        "they are on the shelf",
    )
    shared = m.BeliefReport("common", ("ben", "Ada"), "the meeting begins at three", "", 0)
    with House() as house, Tab(browser, house.url) as tab:
        assert not tab.page.is_visible("#mistaken")
        think(house, beliefs=(shared, wrong))
        wait_for(lambda: tab.page.is_visible("#mistaken"))
        shown = tab.text("#mistaken")
        assert "keys are in the <b>drawer</b>. In fact they are on the shelf." in shown
        assert "three" not in shown and not tab.page.is_visible("#other-beliefs"), "that is in the detailed view"
        tab.page.click("#mistaken summary")
        assert "Because he put them there." in tab.text("#mistaken")
        think(house, beliefs=(shared, wrong))
        tab.page.click("#more")
        assert "All know that the meeting begins at three." in tab.text("#other-beliefs")
        assert "Because he put them there." in tab.text("#mistaken"), "an equal cycle closes nothing"


# ---------------------------------------------------------------- the last minute


def coloured(tab: Tab, top: int, bottom: int) -> int:
    """Return how many strongly coloured pixels a band of the timeline has."""
    return int(
        tab.page.evaluate(
            f"""() => {{ const c = document.getElementById("timeline"), k = c.height / c.clientHeight;
            const d = c.getContext("2d").getImageData(0, {top} * k, c.width, {bottom - top} * k).data; let n = 0;
            for (let i = 0; i < d.length; i += 4)
              if (d[i + 3] > 200 && Math.max(d[i], d[i + 1], d[i + 2]) - Math.min(d[i], d[i + 1], d[i + 2]) > 60) n++;
            return n; }}"""
        )
    )


def test_the_timeline_shows_speech_turns_and_ideas_and_says_so_in_words(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        tab.wait("document.getElementById('timeline').width > 100")
        assert [coloured(tab, 8, 26), coloured(tab, 42, 60), coloured(tab, 72, 108)] == [0, 0, 0]
        wait_for(lambda: house.clock.now_ns() > 3 * NS_PER_S)  # a session begins at 0
        start = house.clock.now_ns() - 3 * NS_PER_S
        end = start + 2 * NS_PER_S
        for message in (
            m.UserSpeech(state="started", t_ns=start),
            m.Turn(state="started", speaker="user", turn_id="t1", start_ns=start, t_ns=start),
            m.UserSpeech(state="ended", t_ns=end),
            m.Turn(state="ended", speaker="user", turn_id="t1", text="hello", start_ns=start, end_ns=end, t_ns=end),
        ):
            house.publish(message)
        wait_for(lambda: coloured(tab, 8, 26) > 50)
        assert coloured(tab, 42, 60) == 0
        house.say("r1", seconds=2.0)
        wait_for(lambda: coloured(tab, 42, 60) > 20)
        gap = tab.page.evaluate("attune.thinking.lanes.gaps.map(g => (g.to - g.from) / 1e9)")
        passed_s = (house.clock.now_ns() - end) / NS_PER_S
        assert len(gap) == 1 and 1.0 < gap[0] < passed_s, "from the last sound of the person to the agent's first"
        house.publish(m.Intention(id="i1", kind="gesture", label="wave", t_ns=house.clock.now_ns()))
        house.publish(m.IntentionAnswer(intention_id="i1", state="rejected", t_ns=house.clock.now_ns()))
        wait_for(lambda: coloured(tab, 72, 108) > 5)
        label = "document.getElementById('timeline').getAttribute('aria-label')"
        tab.wait(f"{label}.includes('you spoke once, the agent once; it had one idea of its own')", 10)
        tab.shot("thinking")
        assert tab.errors == []


def test_an_interrupted_answer_ends_where_it_was_cut(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        house.say("r1", seconds=6.0)
        time.sleep(0.6)
        cut = house.clock.now_ns()
        house.publish(m.AgentSpeech(state="interrupted", response_id="r1", heard="Hello", t_ns=cut))
        tab.wait("[...attune.thinking.lanes.agentSpeech.values()].some(s => s.cut)")
        ends = tab.page.evaluate("[...attune.thinking.lanes.agentSpeech.values()].map(s => s.to)")
        assert ends == [pytest.approx(cut, abs=NS_PER_MS)]


# ---------------------------------------------------------------- ideas


def test_a_plan_is_one_idea_and_its_reason_is_in_plain_words(browser: Any) -> None:
    comes = (m.Evidence(0, "arrival", "is not greeted yet", 1.15),)
    later = (m.Evidence(0, "after", "intention-c1.2: finished"), *comes)
    with House() as house, Tab(browser, house.url) as tab:
        steps = (
            ("c1.1", "gaze", "person", "", comes),
            ("c1.2", "dialogue", "", "Hello!", comes),
            ("c1.3", "posture", "lean_in", "", later),
        )
        for name, kind, label, content, evidence in steps:
            house.publish(
                m.Intention(
                    id=name, kind=kind, label=label, content=content, evidence=evidence, plan_id="plan-1",  # type: ignore[arg-type] # kinds above
                    trigger="social_protocol", target=m.Target(person_id="person-b1-8143bd"),
                )
            )  # fmt: skip
            house.publish(m.IntentionAnswer(intention_id=name, state="started"))
        house.publish(m.IntentionAnswer(intention_id="c1.2", state="finished"))
        house.publish(m.Intention(id="c2.1", kind="gesture", label="nod", plan_id="plan-2", trigger="user_intent"))
        wait_for(lambda: tab.page.evaluate("document.querySelectorAll('#intentions li').length") == 2)
        newest, plan = (item.split("\n") for item in tab.page.locator("#intentions li").all_inner_texts())
        assert newest == ["Wants to nod", "because you seem to want it"]
        assert plan == [
            "Wants to say “Hello!”, look at you, change posture: lean in",
            "because you have come",
            "doing it, done",
        ]


# ---------------------------------------------------------------- more


def test_the_simple_view_is_short_and_more_is_remembered(browser: Any) -> None:
    scores = (m.TriggerScore("user_intent", 0.8, 0.7), m.TriggerScore("safety", 0.0, 0.5))
    with House() as house, Tab(browser, house.url) as tab:
        for number in range(5):
            house.publish(m.Intention(id=f"i{number}", kind="gesture", label="nod"))
        think(house, scores=scores, restraint="user_intent: the person is speaking")
        wait_for(lambda: tab.text("#restraint") == "Waiting: you are speaking.")
        shown = "[...document.querySelectorAll('#intentions li')].filter(i => i.checkVisibility()).length"
        assert tab.page.evaluate(shown) == 3
        assert not tab.page.is_visible("#weighing")
        tab.page.click("#more")
        assert tab.page.evaluate(shown) == 5
        assert tab.text("#weighing").replace("\n", " ") == "Helping you enough Warning of danger no"
        assert tab.page.get_attribute("#more", "aria-expanded") == "true"
        tab.page.reload()
        tab.wait("window.attune && attune.motion.received > 5", 30)
        wait_for(lambda: tab.page.is_visible("#weighing"))
        tab.page.click("#more")
        assert not tab.page.is_visible("#weighing")
        for jargon in ("score", "threshold", "trigger", "cycle", "latency", "intention", "ms"):
            assert jargon not in tab.text("#mind").lower().split(), jargon


def test_where_the_time_of_an_answer_went(browser: Any) -> None:
    spent = {"window_ms": 420.0, "dialogue_ms": 260.0, "voice_ms": 110.0, "own_ms": 80.0}
    with House() as house, Tab(browser, house.url) as tab:
        tab.page.click("#more")
        house.publish(m.Span(name="asr_final_after_end", duration_ms=240, t_ns=1))
        house.publish(m.Span(name="end_of_turn_to_first_audio", duration_ms=870, attributes=spent, t_ns=2))
        wait_for(lambda: tab.text("#answer-times") == "After 0.9 s")
        tab.page.click("#answer-times summary")
        assert tab.text("#answer-times ul").split("\n") == [
            "0.2 s after your last sound it knew your words",
            "0.4 s making sure that you had finished",
            "0.3 s thinking of an answer",
            "0.1 s finding its voice",
            "0.1 s the rest",
        ]
        widths = "[...document.querySelectorAll('.parts i')].map(i => i.getBoundingClientRect().width)"
        parts = tab.page.evaluate(widths)
        assert parts[0] / parts[1] == pytest.approx(420 / 260, rel=0.1)
        house.publish(m.Span(name="barge_in_to_silence", duration_ms=180))
        wait_for(lambda: "silent after 0.2 s" in tab.text("#silence-time"))
        for number in range(9):
            house.publish(m.Span(name="end_of_turn_to_first_audio", duration_ms=500, t_ns=10 + number))
        tab.wait("attune.thinking.answers.last_ns === 18")
        assert tab.page.evaluate("document.querySelectorAll('#answer-times > li').length") <= 5


def test_what_the_turn_taking_makes_of_it_is_said_for_a_moment(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as tab:
        house.publish(m.TurnDecision(decision="hold", t_ns=house.clock.now_ns()))
        wait_for(lambda: tab.text("#moment") == "It takes it that you will go on.")
        wait_for(lambda: tab.text("#moment") == "", 8)


# ---------------------------------------------------------------- a study whose participants are not to see it


def test_where_a_study_hides_it_nothing_of_it_is_sent_and_the_person_keeps_their_say(browser: Any) -> None:
    with House(settings={"thinking": False}) as house, Tab(browser, house.url) as tab:
        kept = "attune.connection.addEventListener('message', (e) => (window.got ??= []).push(e.detail.message))"
        tab.page.evaluate(kept)
        think(house, mind("person-1"), restraint="user_intent: the person is speaking")
        house.publish(m.Knowledge(facts=("has a dog",)))
        house.publish(m.Intention(id="i1", kind="gesture", label="wave"))
        house.publish(m.TurnDecision(decision="hold", t_ns=house.clock.now_ns()))
        house.publish(m.Turn(state="ended", speaker="user", turn_id="t1", text="good morning"))
        wait_for(lambda: tab.page.evaluate("(window.got ?? []).some((one) => one.type === 'turn')"))
        sent = tab.page.evaluate("window.got.map((one) => one.type)")
        assert not {"cognitive_cycle", "intention", "turn_decision"} & set(sent)
        told = tab.page.evaluate("JSON.stringify(window.got.filter((one) => one.type === 'knowledge'))")
        assert "dog" not in told, "only what becomes of the person's own wish"
        assert tab.page.inner_text("#mind summary >> nth=0") == "Being remembered"
        seen = [
            part for part in ("#timeline", "#people", "#intentions", "#restraint", "#more") if tab.page.is_visible(part)
        ]
        assert seen == []
        tab.shot("thinking-hidden")
        tab.page.click("#remember-me")
        wait_for(lambda: any(isinstance(one, m.MemoryConsent) and one.state == "given" for one in house.seen))


# ---------------------------------------------------------------- memory


def test_what_is_remembered_is_shown_and_the_person_has_a_say(browser: Any) -> None:
    facts = ("has a dog called Pim", "the person agreed to be remembered: confirm it kindly")
    with House() as house, Tab(browser, house.url) as tab:
        assert tab.text("#memory-consent") == "Here it keeps nothing beyond this conversation."
        house.publish(m.Knowledge(facts=facts))
        wait_for(lambda: "Pim" in tab.text("#remembered"))
        assert tab.text("#remembered").split("\n") == ["The person agreed to be remembered.", "Has a dog called Pim."]
        tab.page.click("#remember-me")
        assert wait_for(lambda: house.of(m.MemoryConsent))[0].state == "given"
        wait_for(lambda: "asked to be remembered" in tab.text("#memory-consent"))
        assert not tab.page.is_visible("#remember-me")

        tab.page.click("#forget-me")
        assert tab.text("#forget-me") == "Really forget everything?"
        assert len(house.of(m.MemoryConsent)) == 1, "nothing is forgotten by one slip of the finger"
        tab.page.focus("#text")
        assert tab.text("#forget-me") == "Forget me"
        tab.page.click("#forget-me")
        tab.page.click("#forget-me")
        wait_for(lambda: [c.state for c in house.of(m.MemoryConsent)] == ["given", "withdrawn"])
        wait_for(lambda: "asked to be forgotten" in tab.text("#memory-consent"))
        assert tab.text("#remembered") == ""
        assert tab.page.is_visible("#remember-me")
        assert tab.errors == []


def test_another_page_shows_the_same_state_of_memory(browser: Any) -> None:
    with House() as house, Tab(browser, house.url) as first:
        house.publish(m.Knowledge(facts=("likes tea",)))
        first.page.click("#remember-me")
        wait_for(lambda: "asked to be remembered" in first.text("#memory-consent"))
        with Tab(browser, house.url) as second:
            wait_for(lambda: "asked to be remembered" in second.text("#memory-consent"))
            assert second.text("#remembered") == "Likes tea."
