"""What a console is told of the bus, and what one that joins late is told of the past."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from avatar.console.feed import EVENTS_MAX, Feed
from avatar.console.reasons import WHY, why
from behavioral.voice.guard import UNJUDGED
from runtime import messages as m
from runtime.safety.refusals import CATEGORIES


def told(feed: Feed, message: m.Message) -> dict[str, Any]:
    text = feed.take(message)
    return msgspec.json.decode(text) if text else {}  # type: ignore[no-any-return] # an object


def decision(where: str = "voice", rule: str = "violence") -> m.SafetyDecision:
    return m.SafetyDecision(decision="refused", rule=rule, where=where, about="r1", intention_id="a1")


def test_a_decision_before_the_voice_is_told_with_whose_words_it_was_about_and_why() -> None:
    feed = Feed()
    found = told(feed, decision())
    assert (found["intention_id"], found["about"], found["rule"]) == ("a1", "r1", "violence")
    assert found["why"] == "threats, or hurting somebody"
    assert len(feed.past) == 1, "one that joins later is told as well"


@pytest.mark.parametrize("where", ["plan", "senses"])
def test_what_the_slow_loop_decided_in_its_planning_is_not_a_consoles_matter(where: str) -> None:
    feed = Feed()
    assert told(feed, decision(where)) == {} and feed.past == []


def test_each_rule_that_the_guard_can_name_has_plain_words() -> None:
    assert set(CATEGORIES) | {UNJUDGED} == set(WHY)
    assert why("a_rule_of_tomorrow") == "a rule of tomorrow"


def test_pages_and_their_senses_are_counted() -> None:
    feed = Feed()
    for state in ("joined", "microphone_on", "camera_on"):
        seen = told(feed, m.Viewer(state=state, viewer_id="one"))  # type: ignore[arg-type] # each of them
    assert (seen["pages"], seen["microphones"], seen["cameras"]) == (1, 1, 1)
    seen = told(feed, m.Viewer(state="joined", viewer_id="two"))
    assert (seen["pages"], seen["microphones"]) == (2, 1)
    assert told(feed, m.Viewer(state="microphone_on", viewer_id="one")) == {}, "nothing new"
    told(feed, m.Viewer(state="microphone_off", viewer_id="one"))
    seen = told(feed, m.Viewer(state="left", viewer_id="two"))
    assert (seen["pages"], seen["microphones"], seen["cameras"]) == (1, 0, 1)
    assert len(feed.past) == 1, "a state, not a history"


def test_people_are_told_by_what_they_are_called() -> None:
    minds = (m.MindReport("person-b1-8143bd", name="Anna"), m.MindReport("person-b2-8143bd"))
    found = told(Feed(), m.CognitiveCycle(cycle=1, duration_ms=1.0, minds=minds))
    assert found["names"] == {"person-b1-8143bd": "Anna"}


def test_notes_outlast_the_rest_of_a_long_session() -> None:
    feed = Feed()
    feed.take(m.OperatorAct(id="n", deed="note", text="They laughed."))
    feed.take(m.OperatorAct(id="g", deed="gesture", label="wave"))
    for number in range(EVENTS_MAX):
        feed.take(m.Turn(state="ended", speaker="user", turn_id=str(number), text="Well."))
    past = [msgspec.json.decode(text) for text in feed.past]
    assert past[0]["text"] == "They laughed." and len(past) == EVENTS_MAX + 1
    assert not any(event.get("label") == "wave" for event in past)
