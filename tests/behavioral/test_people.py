"""What turn-taking asks of who is in view; what is not known is None."""

import pytest

from behavioral.people import FACING_UNKNOWN, NOD_HOLDS_S, People
from runtime.clock import NS_PER_S
from runtime.messages import PersonAct, PersonPercept

NEAR, FAR = (0.0, 0.0, 0.3, 0.4), (0.5, 0.0, 0.1, 0.1)


def test_with_nobody_in_view_nothing_is_known() -> None:
    people = People()
    assert people.facing == FACING_UNKNOWN
    assert (people.nearest, people.bearing_of(), people.gaze_of(0), people.looks_at_agent(0)) == (None,) * 4
    assert (people.speaks(), people.speaker(), people.head_act(0)) == (None,) * 3


def test_an_engine_without_landmarks_leaves_gaze_and_mouth_unknown() -> None:
    people = People()
    people.take(PersonPercept(state="present", person_id="a", box=NEAR, facing=0.9))
    assert people.facing == 0.9
    assert (people.gaze_of(0), people.looks_at_agent(0), people.speaks(), people.speaker()) == (None,) * 4


def test_gaze_is_told_with_its_length_and_only_the_agent_counts_as_looked_at() -> None:
    people = People()
    people.take(
        PersonPercept(
            state="present",
            person_id="a",
            box=NEAR,
            gaze_target="agent",
            gaze_since_ns=2 * NS_PER_S,
            gaze_confidence=0.8,
        )
    )
    people.take(
        PersonPercept(
            state="present", person_id="b", box=FAR, gaze_target="other", gaze_name="a", gaze_since_ns=NS_PER_S
        )
    )
    gaze = people.gaze_of(5 * NS_PER_S)
    assert gaze is not None
    assert (gaze.target, gaze.confidence, gaze.for_s) == ("agent", 0.8, pytest.approx(3.0))
    assert people.looks_at_agent(5 * NS_PER_S) == pytest.approx(3.0)
    assert people.looks_at_agent(5 * NS_PER_S, "b") == 0.0
    other = people.gaze_of(5 * NS_PER_S, "b")
    assert other is not None
    assert (other.target, other.name) == ("other", "a")


def test_who_speaks_is_whose_mouth_moves_most() -> None:
    people = People()
    people.take(PersonPercept(state="present", person_id="a", box=NEAR, mouth_moving=0.1))
    assert people.speaker() == ""
    people.take(PersonPercept(state="present", person_id="b", box=FAR, mouth_moving=0.8))
    assert people.speaker() == "b"
    assert (people.speaks(), people.speaks("b")) == (0.1, 0.8)
    people.take(PersonPercept(state="left", person_id="b"))
    assert people.speaker() == ""


def test_a_nod_is_known_while_it_lasts_and_a_moment_longer() -> None:
    people = People()
    people.take(PersonPercept(state="present", person_id="a", box=NEAR))
    people.take_act(PersonAct(state="ended", act="blink", person_id="a"), 0)
    assert people.head_act(0) is None
    people.take_act(PersonAct(state="started", act="nod", person_id="a"), 0)
    act = people.head_act(30 * NS_PER_S)
    assert act is not None
    assert act.act == "nod"
    people.take_act(PersonAct(state="ended", act="nod", person_id="a", count=2), NS_PER_S)
    after_ns = round((1.0 + NOD_HOLDS_S) * NS_PER_S)
    assert people.head_act(after_ns, "a") is not None
    assert people.head_act(after_ns + 1, "a") is None
    people.take_act(PersonAct(state="started", act="nod", person_id="stranger"), 0)
    assert people.head_act(0, "stranger") is None
