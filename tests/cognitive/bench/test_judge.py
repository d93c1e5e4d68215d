"""Hits, misses, false alarms and restraint, by the labels of a scene."""

from __future__ import annotations

import pytest

from cognitive.bench.social.judge import figures, judge
from cognitive.bench.social.play import Initiative, Played
from cognitive.bench.social.scene_file import Quiet, SceneScript, Window

SCENE = SceneScript(
    scene="s",
    seconds=360,
    script=[],
    windows=[
        Window(from_s=10, to_s=20, trigger="social_protocol"),
        Window(from_s=100, to_s=120, trigger=["user_intent", "visual_change"]),
    ],
    quiet=[Quiet(from_s=30, to_s=90), Quiet(from_s=200, to_s=300)],
)


def judged(*acts: tuple[float, str], any_type: bool = False):
    initiatives = tuple(Initiative(at_s, trigger, 0.9, ("gaze",)) for at_s, trigger in acts)
    return judge(Played(SCENE, initiatives), any_type=any_type)


def test_an_initiative_of_a_fitting_type_inside_a_window_is_a_hit() -> None:
    verdict = judged((12.0, "social_protocol"), (120.0, "visual_change"))
    assert len(verdict.hits) == 2 and not verdict.missed and not verdict.false_alarms


def test_one_of_another_type_is_a_false_alarm_unless_types_do_not_count() -> None:
    assert len(judged((12.0, "emotional_need")).false_alarms) == 1
    assert len(judged((12.0, "emotional_need"), any_type=True).hits) == 1


def test_a_second_one_in_the_same_window_is_neither() -> None:
    verdict = judged((12.0, "social_protocol"), (15.0, "social_protocol"))
    assert len(verdict.hits) == 1 and not verdict.false_alarms


def test_everything_outside_of_windows_is_a_false_alarm_and_some_of_it_breaks_a_quiet_span() -> None:
    verdict = judged((25.0, "social_protocol"), (40.0, "social_protocol"), (50.0, "user_intent"))
    assert len(verdict.false_alarms) == 3 and [kept for _, kept in verdict.quiet] == [False, True]


def test_the_figures_follow() -> None:
    found = figures([judged((12.0, "social_protocol"), (40.0, "emotional_need"))])
    assert (found["precision"], found["recall"], found["f1"]) == (0.5, 0.5, 0.5)
    assert found["false_alarms_per_hour"] == 10.0 and found["restraint"] == 0.5
    assert found["onset_error_s"]["p50"] == 2.0
    assert found["by_type"]["social_protocol"]["f1"] == 1.0 and found["by_type"]["user_intent"]["recall"] == 0.0
    assert found["by_type"]["emotional_need"]["precision"] == 0.0


def test_of_nothing_nothing_is_known() -> None:
    found = figures([])
    assert found["f1"] is None and found["restraint"] is None and found["false_alarms_per_hour"] is None


def test_an_agent_that_never_acts_has_perfect_restraint_and_no_recall() -> None:
    found = figures([judged()])
    assert (found["restraint"], found["recall"], found["f1"]) == (1.0, 0.0, 0.0)
    assert found["precision"] is None


@pytest.mark.parametrize("at_s", [9.9, 20.1])
def test_windows_have_sharp_ends(at_s: float) -> None:
    assert judged((at_s, "social_protocol")).missed[0].from_s == 10
