"""Which situation is found, what it brings out, and who is told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cognitive.manner import SITUATIONS, active, in_words
from cognitive.memory.bank import Bank
from cognitive.persona import Activation, load_persona
from cognitive.reasoners.brief import make_brief
from cognitive.reasoners.contract import Assessment
from cognitive.scene import Feeling, Happening, Person, Scene, Utterance
from cognitive.situation import derive

S = 10**9
NOW = 1_000 * S
PERSONA = load_persona("default")


def moment(*said, hazard="", event="", feelings=(), encounters=2, turns=1):
    scene = Scene(people={"anna": Person(person_id="anna", last_ns=NOW, encounters=encounters, turns_to_agent=turns)})
    scene.utterances += [
        Utterance(speaker="user", text=t, t_ns=NOW - 3 * S, person_id="anna", to_agent=1.0) for t in said
    ]
    if hazard or event:
        scene.events.append(Happening(text=hazard or event, t_ns=NOW - S, hazard=bool(hazard)))
    scene.feelings += [
        Feeling(t_ns=NOW - S, valence=v, arousal=a, confidence=1.0, person_id="anna") for v, a in feelings
    ]
    return derive(scene, NOW)


@pytest.mark.parametrize(
    ("situation", "name"),
    [
        (moment(hazard="The curtain is on fire"), "emergency"),
        (moment("I want to die"), "emergency"),
        (moment("my father died last week"), "grief"),
        (moment("I lost my dog"), "grief"),
        (moment("I lost my daughter"), "grief"),
        (moment(feelings=[(-0.6, 0.7), (-0.5, 0.8)]), "conflict"),
        (moment("I'm seven years old"), "child"),
        (moment("I am fourteen"), "child"),
        (moment("I am fifteen years old"), "child"),
        (moment(event="A little girl comes in"), "child"),
        (moment(feelings=[(0.8, 0.5)]), "joy"),
        (moment(encounters=1, turns=0), "first_meeting"),
        (moment("what a day"), ""),
        (moment("I lost my keys"), ""),
        (moment("I'm forty years old"), ""),
    ],
)
def test_the_situation_is_found_by_its_cues(situation, name):
    assert active(PERSONA, situation)[0] == name


def test_the_gravest_holds():
    assert active(PERSONA, moment("my father died", "I'm seven years old", hazard="Smoke"))[0] == "emergency"


def test_a_child_that_is_known_of_counts():
    assert active(PERSONA, moment(), child=True)[0] == "child"


def test_the_persona_file_may_have_it_otherwise():
    own = Activation(manner="Sing a song.")
    assert active(replace(PERSONA, situations={"joy": own}), moment(feelings=[(0.8, 0.5)])) == ("joy", own)


def test_there_are_no_jokes_in_grief_and_no_small_talk_in_an_emergency():
    assert "celebrate" in SITUATIONS["grief"].refrain and "ask" in SITUATIONS["emergency"].refrain
    assert "No jokes" in SITUATIONS["grief"].manner


def test_a_language_model_is_told_at_the_end_of_its_instructions():
    brief = make_brief(moment("my father died"), Bank(), PERSONA, Assessment({}, ()))
    assert brief.instructions.endswith(in_words("grief", SITUATIONS["grief"]))
    plain = make_brief(moment("what a day"), Bank(), PERSONA, Assessment({}, ()))
    assert brief.instructions.startswith(plain.instructions), "the long part stays in the server's cache"
    assert "never claims to be human" in plain.instructions
