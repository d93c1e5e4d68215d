"""With a body that has motors an intention is done by the parts there are, or refused with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from behavioral.body.intention_acts import Acts
from behavioral.body.realiser import Refused
from motion.procedural.gestures import GestureRun
from runtime.clock import NS_PER_S
from runtime.messages import Intention, Target


class Stage:
    """Generator, gaze, face and conversation that only note what they are asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def gesture(self, _gesture_id: str, now_s: float, label: str, **_how: Any) -> GestureRun:
        self.asked.append(("gesture", label))
        return GestureRun(now_s, now_s + 0.5, now_s + 2.0, label, 0.0)

    def posture(self, _now_s: float, name: str, strength: float) -> None:
        self.asked.append(("posture", name, strength))

    def look(self, direction_rad: tuple[float, float] | None, _end_s: float) -> None:
        self.asked.append(("look", direction_rad))

    def express(self, name: str, _strength: float, _end_s: float) -> None:
        self.asked.append(("express", name))

    def release(self) -> None:
        self.asked.append(("release",))

    def bearing_of(self, _person_id: str) -> tuple[float, float] | None:
        return None


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def acts(stage: Stage) -> Acts:
    return Acts(stage, stage, stage, stage)  # type: ignore[arg-type] # it is all of them


def test_a_figure_on_a_page_does_everything_as_it_is(acts: Acts, stage: Stage) -> None:
    for label in ("wave", "count_3", "yes"):
        intention = Intention(id=label, kind="gesture", label=label)
        acts.check(intention)
        acts.begin(intention, 0)
    assert stage.asked == [("gesture", "wave"), ("gesture", "count_3"), ("gesture", "yes")]


def test_without_arms_a_wave_is_a_nod_and_a_number_is_refused(acts: Acts, stage: Stage) -> None:
    acts.body_has(("head", "antennas"))
    wave = Intention(id="1", kind="gesture", content="wave at her")
    acts.check(wave)
    acts.begin(wave, 0)
    assert stage.asked == [("gesture", "nod_slow")]
    with pytest.raises(Refused, match="no arms for count_3"):
        acts.check(Intention(id="2", kind="gesture", label="count_3"))


def test_without_arms_it_looks_at_what_it_would_point_at(acts: Acts, stage: Stage) -> None:
    acts.body_has(("head",))
    there = Intention(id="1", kind="gesture", label="point", target=Target(direction_rad=(0.5, 0.1)))
    acts.check(there)
    acts.begin(there, 0)
    assert stage.asked == [("look", (0.5, 0.1))]


def test_without_a_face_a_feeling_is_a_posture_too_and_both_end(acts: Acts, stage: Stage) -> None:
    acts.body_has(("head", "waist", "arms"))
    sad = Intention(id="1", kind="expression", label="sad", strength=0.8)
    acts.check(sad)
    running = acts.begin(sad, 0)
    assert stage.asked == [("express", "sad"), ("posture", "closed", 0.8)]
    assert running.finished(60 * NS_PER_S) == ""
    assert stage.asked[2:] == [("release",), ("posture", "neutral", 0.0)]


def test_speech_needs_no_part(acts: Acts) -> None:
    acts.body_has(())
    acts.check(Intention(id="1", kind="dialogue", content="Hello."))
    with pytest.raises(Refused, match="nothing to look with"):
        acts.check(Intention(id="2", kind="gaze", target=Target(direction_rad=(0.1, 0.0))))
