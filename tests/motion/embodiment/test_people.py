"""How near people count for a body: sensors are believed, blind where they fall silent; what the agent's eyes estimate is weighed."""

from __future__ import annotations

import math

import pytest

from motion.embodiment.people import MOST, SEEN_S, VANISHED_S, People
from runtime.body_settings import BodySettings
from runtime.clock import NS_PER_S
from runtime.messages import PersonPercept

SETTINGS = BodySettings()
BLIND_M = SETTINGS.distance_blind_m


def nobody(**kept: float) -> People:
    return People(SETTINGS, {name.replace("_", ":"): distance_m for name, distance_m in kept.items()}, 0)


def see(people: People, at_s: float, distance_m: float | None, person: str = "p1", state: str = "present") -> float:
    """Take a percept; return the distance that counts then."""
    now_ns = round(at_s * NS_PER_S)
    percept = PersonPercept(state=state, person_id=person, distance_m=distance_m)  # type: ignore[arg-type]
    people.seen(percept, now_ns)
    return people.nearest_m(now_ns)


def at(people: People, at_s: float) -> float:
    return people.nearest_m(round(at_s * NS_PER_S))


def test_the_nearest_of_sensors_and_people_seen_counts() -> None:
    people = nobody()
    assert at(people, 0.0) == math.inf
    people.measured(1.5, "left", 0)
    people.measured(1.1, "right", 0)
    assert at(people, 0.0) == 1.1
    assert see(people, 0.1, 0.9) == 0.9
    assert see(people, 0.2, 2.0, "p2") == 0.9


def test_who_was_far_and_has_left_or_was_not_told_of_for_long_counts_no_more() -> None:
    people = nobody()
    see(people, 0.0, 2.0, "p1")
    assert see(people, 0.1, 1.5, "p2") == 1.5
    see(people, 0.2, None, "p1", "left")
    assert at(people, 2.9) == 1.5
    assert at(people, 3.2) == math.inf, "a camera without faces is no blind sensor"


@pytest.mark.parametrize("left", [True, False], ids=["left", "not told of"])
def test_somebody_who_came_near_and_is_too_near_to_be_seen_counts_as_one_before_a_blind_sensor_for_a_while(
    left: bool,
) -> None:
    people = nobody()
    for second, distance_m in enumerate((1.0, 0.6, 0.5, 0.4)):
        see(people, second, distance_m)
    if left:
        assert see(people, 3.5, None, "p1", "left") == 0.5, "what was estimated of late counts"
        assert see(people, 7.0, None, "p1", "left") == BLIND_M, "said twice it lasts no longer"
    gone_s = 3.5 if left else 3.0 + SEEN_S
    assert at(people, 6.2) == BLIND_M
    assert at(people, gone_s + VANISHED_S - 0.1) == BLIND_M
    assert at(people, gone_s + VANISHED_S + 0.1) == math.inf


def test_who_was_near_and_is_seen_to_go_off_is_no_longer_near() -> None:
    people = nobody()
    see(people, 0.0, 0.8, "p1")
    see(people, 1.0, 0.8, "p2")
    assert see(people, 1.1, None, "p2", "left") == BLIND_M
    assert see(people, 2.0, 0.9, "p2") == 0.8, "who was only lost for a moment is where it was"
    see(people, 3.0, 1.5, "p1")
    see(people, 3.5, 1.5, "p2")
    assert see(people, 4.5, None, "p2", "left") == 0.8, "not at once"
    assert at(people, 5.5) == 1.5


def test_near_estimates_are_weighed_together_whatever_ids_a_face_gets_that_is_lost_and_found_again() -> None:
    people = nobody()
    counts = []
    for half in range(6):
        counts.append(see(people, half / 2, 0.2, f"p{half}", "arrived"))
        counts.append(see(people, half / 2 + 0.25, None, f"p{half}", "left"))
    assert counts[:2] == [BLIND_M] * 2 and counts[2:] == [0.2] * 10


def test_an_unknown_distance_counts_as_none() -> None:
    people = nobody()
    assert see(people, 0.0, None) == math.inf
    see(people, 1.0, 0.7)
    assert see(people, 1.5, None) == 0.7, "one picture without it lets nobody go"
    assert see(people, 4.1, None) == BLIND_M, "nor do many: there was somebody near"
    see(people, 5.0, 1.3)
    assert see(people, 8.1, None) == math.inf


def test_a_single_wild_estimate_slows_down_and_does_not_stop_and_a_far_one_does_nothing() -> None:
    people = nobody()
    for second in range(3):
        assert see(people, second, 1.0) == 1.0
    assert see(people, 3, 0.05) == BLIND_M, "of one alone"
    assert see(people, 4, 1.0) == BLIND_M
    assert see(people, 6.5, 1.0) == 1.0
    assert see(people, 7.5, 9.0) == 1.0


def test_two_near_estimates_are_believed_at_once() -> None:
    people = nobody()
    see(people, 0.0, 0.2)
    assert see(people, 0.1, 0.2) == BLIND_M, "from the same pictures: still one"
    assert see(people, 1.0, 0.3) == 0.3


def test_noise_of_estimates_does_not_make_the_pace_flutter() -> None:
    people, noise = nobody(), (0.0, 0.04, -0.03, 0.05, -0.05, 0.02, -0.04)
    counts = [see(people, second, 0.9 + noise[second % 7]) for second in range(60)]
    assert len(set(counts[10:])) == 1 and counts[-1] == pytest.approx(0.85)
    away = [see(people, 60 + second, 1.6) for second in range(6)]
    assert away[0] == pytest.approx(0.85) and away[-1] == 1.6, "who moves off is let go after a while"


def test_a_sensor_that_falls_silent_counts_as_blind_or_where_it_last_saw_somebody_nearer() -> None:
    people = nobody()
    people.measured(3.0, "left", 0)
    assert (at(people, 0.9), at(people, 1.1)) == (3.0, BLIND_M)
    people.measured(0.4, "left", round(2 * NS_PER_S))
    assert at(people, 9.0) == 0.4


def test_what_is_kept_changes_seldom_and_is_known_again() -> None:
    people = nobody()
    people.measured(3.0, "left", 0)
    first = people.kept(0)
    people.measured(2.0, "left", 1)
    assert people.kept(1) == first == {"sensor:left": BLIND_M}, "how far away makes no difference to a later life"
    people.measured(0.45, "left", 2)
    see(people, 0.0, 0.93)
    again = People(SETTINGS, people.kept(2), round(50 * NS_PER_S))
    assert at(again, 50.0) == 0.4 and people.kept(2)["vision:"] == 0.9
    again.measured(3.0, "left", round(50.1 * NS_PER_S))
    assert at(again, 50.1) == 0.9, "whoever was seen may still be there"
    again.measured(3.0, "left", round(54.0 * NS_PER_S))
    assert at(again, 54.0) == BLIND_M, "and has not been seen again, nor seen to go"
    again.measured(3.0, "left", round(64.0 * NS_PER_S))
    assert (at(again, 64.0), at(again, 65.1)) == (3.0, BLIND_M), "the sensor is silent"


def test_however_many_there_are_they_are_bounded() -> None:
    people = nobody()
    for number in range(4 * MOST):
        people.measured(2.0, f"s{number}", 0)
        see(people, 0.0, 1.0, f"p{number}")
    people.measured(0.5, "one more", 0)
    assert see(people, 0.1, 0.9, "another") == 0.5
    assert len(people.kept(0)) <= MOST + 2


def test_of_the_sensors_that_are_too_many_the_nearest_counts() -> None:
    people = nobody()
    for number in range(MOST):
        people.measured(2.0, f"s{number}", 0)
    people.measured(0.2, "x", 0)
    people.measured(3.0, "y", 1)
    assert at(people, 0.0) == 0.2
    now_ns = round(2.0 * NS_PER_S)
    for number in range(MOST):
        people.measured(2.0, f"s{number}", now_ns)
    people.measured(3.0, "y", now_ns)
    assert at(people, 2.0) == BLIND_M, "none of them is known to see nobody"
