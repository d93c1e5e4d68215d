"""The lexicon: complete, well formed, and free text finds what it means."""

import numpy as np
import pytest

from motion.procedural import gestures, lexicon
from motion.procedural.controls import HAND_SHAPES

WANTED = {
    *(
        "wave",
        "beckon",
        "point",
        "this",
        "you",
        "me",
        "both",
        "yes",
        "no",
        "tilt",
        "shrug",
        "offer",
        "stop",
        "calm_down",
    ),
    *(
        "count_1",
        "count_2",
        "count_3",
        "big",
        "small",
        "up",
        "down",
        "think",
        "confused",
        "surprised",
        "applaud",
        "bow",
    ),
    *("hand_on_heart", "welcome", "reject", "listen_in", "lean_back", "celebrate", "apologise", "farewell"),
}


def test_every_wanted_gesture_is_there_and_moves_something() -> None:
    assert set(lexicon.LEXICON) >= WANTED
    for entry in lexicon.LEXICON.values():
        assert entry.peak is not None or entry.trunk is not None or entry.swing is not None
        assert (entry.hands == "none") == (entry.peak is None)
        for shape in (entry.ready, entry.peak, entry.other):
            if shape is not None:
                assert shape.hand in HAND_SHAPES
                assert np.isfinite(shape.controls()).all()


def test_every_alias_leads_to_one_gesture() -> None:
    for alias, label in lexicon.ALIASES.items():
        assert lexicon.find(alias).label == label


@pytest.mark.parametrize("name", ["Calm Down", "calm-down", "CALM_DOWN", "  calm_down "])
def test_spelling_of_a_label_does_not_matter(name: str) -> None:
    assert lexicon.find(name).label == "calm_down"


def test_an_unknown_label_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="wave"):
        lexicon.find("wavee")
    with pytest.raises(ValueError, match="nearest"):
        lexicon.find("")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("raise your right hand and wave", "wave"),
        ("wave hello to the visitor", "wave"),
        ("wave goodbye", "farewell"),
        ("nod", "yes"),
        ("shake your head", "no"),
        ("point at the poster", "point"),
        ("shrug your shoulders", "shrug"),
        ("clap your hands", "applaud"),
        ("take a bow", "bow"),
        ("put your hand on your heart", "hand_on_heart"),
        ("open your arms in welcome", "welcome"),
        ("tilt your head", "tilt"),
        ("show the number two", "count_2"),
        ("lean back", "lean_back"),
        ("beckon them to come closer", "beckon"),
        ("tell them to stop", "stop"),
    ],
)
def test_free_text_finds_its_gesture(text: str, label: str) -> None:
    found, score = lexicon.match(text)
    assert found == label and lexicon.MATCH_FLOOR <= score <= 1.0


@pytest.mark.parametrize("text", ["", "!!!", "the weather in Paris", "quantum chromodynamics"])
def test_text_about_nothing_finds_nothing(text: str) -> None:
    assert lexicon.match(text)[0] == ""


def test_a_name_scores_higher_than_a_description() -> None:
    assert lexicon.match("wave")[1] == 1.0 > lexicon.match("please wave with your hand")[1]


def test_timing_stretches_the_hold_first_and_then_hurries() -> None:
    wave = lexicon.find("wave")
    natural = gestures.plan("a", wave, 0.0).run
    long = gestures.plan("a", wave, 0.0, duration_s=6.0).run
    short = gestures.plan("a", wave, 0.0, duration_s=1.1).run
    assert long.end_s == pytest.approx(6.0) and long.stroke_s == natural.stroke_s
    assert short.end_s == pytest.approx(1.1) and short.stroke_s < natural.stroke_s


def test_the_stroke_arrives_when_it_is_wanted() -> None:
    stop = lexicon.find("stop")
    natural = gestures.plan("a", stop, 10.0).run.stroke_s - 10.0
    for wanted in (10.0 + 0.8 * natural, 10.0 + natural, 10.9, 14.0):
        run = gestures.plan("a", stop, 10.0, stroke_at_s=wanted).run
        assert run.stroke_s == pytest.approx(wanted)
        assert 10.0 <= run.start_s <= wanted
    late = gestures.plan("a", stop, 10.0, stroke_at_s=9.0).run
    assert 10.0 < late.stroke_s < 10.0 + natural, "too late for the word, it hurries"


def test_numbers_that_are_not_finite_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="stroke_at_s"):
        gestures.plan("a", lexicon.find("stop"), 0.0, stroke_at_s=float("nan"))
    with pytest.raises(ValueError, match="direction_rad"):
        gestures.plan("a", lexicon.find("point"), 0.0, direction_rad=(float("inf"), 0.0))
    with pytest.raises(ValueError, match="duration_s"):
        gestures.plan("a", lexicon.find("stop"), 0.0, duration_s=0.0)


def test_the_hand_is_the_one_asked_for_or_the_near_one() -> None:
    point = lexicon.find("point")
    assert gestures.choose_side(point, 0.0, None) == -1.0
    assert gestures.choose_side(point, 1.0, None) == 1.0
    assert gestures.choose_side(point, 0.0, (0.8, 0.0)) == 1.0
    assert gestures.choose_side(point, 0.0, (-0.8, 0.0)) == -1.0
    assert gestures.choose_side(point, -1.0, (1.3, 0.0)) == 1.0, "not through one's own neck"
    assert gestures.choose_side(lexicon.find("shrug"), 1.0, None) == 0.0
