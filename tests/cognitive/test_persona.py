"""Persona files are checked with errors that say where and how to mend."""

from __future__ import annotations

import copy

import pytest

from cognitive.acts import SENTENCE_KEYS
from cognitive.persona import Traits, load_persona, parse_persona
from runtime.errors import AttuneError
from runtime.launch_files import find_launch_file, read_yaml


@pytest.fixture
def good():
    return copy.deepcopy(read_yaml(find_launch_file("personas", "default")))


def test_the_default_persona_has_a_sentence_for_every_act():
    persona = load_persona("default")
    assert set(persona.sentences) == set(SENTENCE_KEYS) and persona.name == "Ada"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.pop("name"), ["name"]),
        (lambda d: d.update(nmae="x"), ["nmae"]),
        (lambda d: d["sentences"].pop("comfort"), ["sentences", "'comfort' is missing"]),
        (lambda d: d["sentences"].update(comfrot=["x"]), ["'comfrot'", "did you mean 'comfort'"]),
        (lambda d: d["sentences"].update(comfort=[]), ["sentences", "length"]),
        (lambda d: d["sentences"].update(comfort="x"), ["array"]),
        (lambda d: d["sentences"].update(greeting=["I am {nam}"]), ["sentences.greeting[0]", "'{nam}'", "{name}"]),
        (lambda d: d["sentences"].update(greeting=["I am {name.__class__}"]), ["unknown slot"]),
        (lambda d: d["sentences"].update(greeting=["I am {name"]), ["sentences.greeting[0]"]),
        (lambda d: d.update(topics=[]), ["topics"]),
        (lambda d: d["style"].update(expressiveness=3), ["style.expressiveness"]),
        (lambda d: d["traits"].update(openness=1.2), ["traits.openness"]),
        (lambda d: d["traits"].update(openess=1.0), ["openess"]),
        (lambda d: d.update(situations={"party": {"manner": "x"}}), ["situations", "party"]),
        (lambda d: d.update(situations={"joy": {"manner": ""}}), ["situations"]),
        (
            lambda d: d.update(situations={"joy": {"manner": "x", "refrain": ["celebrat"]}}),
            ["situations.joy", "'celebrate'"],
        ),
        (lambda d: d.update(boundaries={"topics": ["sports"]}), ["boundaries.topics"]),
        (lambda d: d.update(refusals={"medicin": ["x"]}), ["refusals", "'medicin'", "medical"]),
    ],
)
def test_a_mistake_is_one_error_with_its_place(good, change, words):
    change(good)
    with pytest.raises(AttuneError) as caught:
        parse_persona(good, "mine.yaml")
    assert "mine.yaml" in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_a_file_without_a_mapping_is_refused():
    with pytest.raises(AttuneError, match="mapping"):
        parse_persona(["x"], "mine.yaml")


def test_an_old_file_without_the_new_keys_still_works(good):
    for key in ("traits", "situations", "boundaries", "refusals"):
        good.pop(key, None)
    good["sentences"].pop("check_on", None)
    persona = parse_persona(good, "mine.yaml")
    assert persona.traits == Traits() and persona.sentences["check_on"]


@pytest.mark.parametrize("name", ["default", "tutor", "host"])
def test_shipped_personas_have_every_key(name):
    persona = load_persona(name)
    assert set(persona.sentences) == set(SENTENCE_KEYS)


def test_a_persona_describes_itself_to_a_language_model():
    text = load_persona("host").described()
    assert (
        "lively host" in text
        and "outgoing and lively" in text
        and "politics" in text
        and "never claims to be human" in text
    )
    assert "frank" not in load_persona("default").described()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sentences": {"greeting": []}}, r"sentences\.greeting: expected `array` of length >= 1"),
        ({"sentences": {"greeting": [""]}}, r"sentences\.greeting\[0\]: expected `str` of length >= 1"),
        (
            {"situations": {"wedding": {"manner": "x"}}},
            r"situations: invalid enum value 'wedding'.*known: emergency, grief",
        ),
        (
            {"situations": {"grief": {"expressiveness": 0.2}}},
            r"situations\.grief: object missing required field `manner`",
        ),
        (
            {"boundaries": {"topics": ["politcs"]}},
            r"boundaries\.topics\[0\]: invalid enum value 'politcs'.*known: .*politics",
        ),
    ],
)
def test_a_mistake_names_its_key_and_what_is_known(change, message):
    data = read_yaml(find_launch_file("personas", "default"))
    for key, value in change.items():
        data[key] = {**data.get(key, {}), **value} if key == "sentences" else value
    with pytest.raises(AttuneError, match=message):
        parse_persona(data, "p.yaml")
