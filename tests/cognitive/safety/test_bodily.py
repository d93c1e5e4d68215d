"""What the body must not do: touch, or come nearer than personal distance without being asked."""

from __future__ import annotations

import pytest

from cognitive.safety.bodily import fault
from cognitive.scene import Person, Scene, Utterance
from cognitive.situation import derive
from runtime import messages as m
from runtime.safety.refusals import Boundaries
from runtime.safety.settings import SafetySettings

S = 10**9
NOW = 100 * S


def moment(*said, distance_m=2.0):
    scene = Scene(people={"anna": Person(person_id="anna", last_ns=NOW, distance_m=distance_m)})
    for age_s, text, *who in said:
        scene.utterances.append(
            Utterance(
                speaker="user", text=text, t_ns=NOW - age_s * S, person_id=who[0] if who else "anna", to_agent=1.0
            )
        )
    return derive(scene, NOW)


def act(kind, content, label="", target="anna", **parameters):
    return m.Intention(
        id="i", kind=kind, content=content, label=label, target=m.Target(person_id=target) if target else None,
        parameters=parameters,
    )  # fmt: skip


def judged(intention, situation=None, *, touch=False, **settings):
    return fault(intention, situation or moment(), SafetySettings(**settings), Boundaries(touch=touch))


@pytest.mark.parametrize(
    ("content", "label"),
    [
        ("hug the person", ""), ("give her a hug", ""), ("", "hug"), ("pat the person on the back", ""),
        ("shake hands", ""), ("stroke her hair", ""), ("take his hand", ""), ("put an arm around the person", ""),
        ("lay a hand on Anna's shoulder", ""), ("kiss", ""), ("a friendly movement", "pat"), ("push him away", ""),
        ("wipe her tears", ""), ("high five", ""), ("slap the person", ""), ("hit him", ""), ("pinch his cheek", ""),
    ],
)  # fmt: skip
def test_nobody_is_touched(content, label):
    for mode in ("strict", "default", "research"):
        assert judged(act("gesture", content, label), mode=mode) == "touch"


@pytest.mark.parametrize(
    "content",
    [
        "raise the right hand and wave", "lay a hand on the heart", "touch the own chin", "put the hands together",
        "open both hands in an offer", "point at the screen", "touch the screen", "clap hands", "lean towards the person",
        "hold up one finger", "touch its chin",
    ],
)  # fmt: skip
def test_gestures_that_touch_nobody_are_free(content):
    assert judged(act("gesture", content)) == ""


def test_touching_needs_the_persons_own_words_and_a_persona_that_may():
    asked = moment((5, "Can I have a hug?"))
    hug = act("gesture", "hug the person")
    assert judged(hug, asked, touch=True) == ""
    assert judged(hug, asked) == "touch", "this persona never touches"
    assert judged(hug, asked, touch=True, mode="strict") == "touch"
    assert judged(hug, moment((60, "Can I have a hug?")), touch=True) == "touch", "a minute ago"
    assert judged(hug, moment((5, "Can I have a hug?"), (2, "No, don't touch me")), touch=True) == "touch"
    assert judged(hug, moment((5, "Can I have a hug?", "ben")), touch=True) == "touch", "somebody else's wish"


@pytest.mark.parametrize(
    "content",
    ["come closer", "approach the person", "walk up to Anna", "drive towards the person", "follow the person"],
)
def test_nobody_is_approached_unasked(content):
    assert judged(act("locomotion", content)) == "approach"
    assert judged(act("locomotion", content), moment((3, "come closer please"))) == ""
    assert judged(act("locomotion", content), moment((3, "come closer please")), mode="strict") == "approach"


def test_coming_up_to_personal_distance_is_no_approach():
    far, near = moment(distance_m=3.0), moment(distance_m=1.0)
    come = act("locomotion", "come closer", distance_m=1.5)
    assert judged(come, far) == ""
    assert judged(come, near) == "approach", "it would have to go back for that"
    assert judged(come, moment(distance_m=0.0)) == "approach", "how far is not known"
    assert judged(act("locomotion", "come closer", distance_m=0.6), far) == "approach"
    assert judged(come, far, mode="strict") == "approach"


def test_going_away_is_free():
    assert judged(act("locomotion", "step back from the person")) == ""
    assert judged(act("locomotion", "turn to the person")) == ""
    assert judged(act("locomotion", "turn to the person and walk up to them")) == "approach"
    assert judged(act("locomotion", "go to the window", target="")) == ""
    assert judged(act("locomotion", "go to the visitor", target="")) == "approach"


def test_who_is_very_near_is_not_leant_towards():
    lean = act("posture", "lean towards the person", "lean_in")
    assert judged(lean, moment(distance_m=0.4)) == "approach" and judged(lean, moment(distance_m=1.0)) == ""
