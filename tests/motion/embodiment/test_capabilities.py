"""What a body makes of an intention, by the parts that it has."""

from __future__ import annotations

import pytest

from motion.embodiment.capabilities import ARMLESS, FACELESS, express, gesture
from motion.embodiment.description import PARTS
from motion.procedural.lexicon import LABELS
from runtime.vocabulary import EXPRESSIONS

G1 = {"arms", "waist"}
REACHY = {"head", "antennas", "base"}


@pytest.mark.parametrize("label", LABELS)
def test_a_whole_body_does_every_gesture_as_it_is_but_for_its_shoulders(label: str) -> None:
    assert gesture(label, PARTS).way == ("otherwise" if label == "shrug" else "as_is")


def test_without_a_neck_the_waist_nods_and_without_eyes_the_head_looks() -> None:
    assert gesture("yes", G1).way == "otherwise" and gesture("yes", G1).by == ("waist",)
    assert gesture("yes", G1).label == "yes"
    assert express("gaze", "", {"head", "arms"}).by == ("head",)
    assert express("gaze", "", G1).by == ("waist",)
    assert express("gaze", "", {"eyes", "head"}).way == "as_is"


def test_without_arms_head_and_antennas_gesture() -> None:
    wave = gesture("wave", REACHY)
    assert (wave.way, wave.label, wave.by) == ("otherwise", "nod_slow", ("head", "antennas"))
    assert gesture("count_3", REACHY).way == "rejected" and "count_3" in gesture("count_3", REACHY).reason
    assert express("gesture", "point", REACHY, aimed=True).kind == "gaze"
    assert express("gesture", "point", REACHY).label == "nod_emphatic", "at nothing that is known"


def test_without_fingers_nothing_is_counted_but_the_arm_still_does_its_part() -> None:
    assert gesture("count_2", G1).way == "rejected" and "fingers" in gesture("count_2", G1).reason
    assert gesture("this", G1).way == "otherwise" and gesture("this", G1).label == "this"
    assert gesture("wave", G1).way == "as_is"


def test_without_a_face_head_and_posture_show_it() -> None:
    sad = express("expression", "sad", {"head", "waist", "arms"})
    assert (sad.way, sad.kind, sad.label) == ("otherwise", "posture", "closed")
    assert express("expression", "sad", {"face"}).way == "as_is"
    assert express("expression", "sad", {"base"}).way == "rejected"
    assert set(FACELESS) == set(EXPRESSIONS)


def test_what_nothing_can_do_is_rejected_with_the_reason() -> None:
    for kind, label, parts in (
        ("gesture", "wave", {"base"}), ("gesture", "yes", {"arms"}), ("gaze", "", {"arms"}), ("locomotion", "", G1),
        ("posture", "lean_in", {"base"}),
    ):  # fmt: skip
        found = express(kind, label, parts)  # type: ignore[arg-type] # literals above
        assert found.way == "rejected" and found.reason.startswith("this body"), kind


def test_every_stand_in_is_a_gesture_without_arms() -> None:
    for label, instead in ARMLESS.items():
        assert gesture(label, PARTS).label == label
        assert gesture(instead, {"head", "waist"}).way in ("as_is", "otherwise")
    with pytest.raises(ValueError, match="unknown gesture"):
        gesture("somersault", PARTS)
