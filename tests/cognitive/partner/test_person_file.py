"""Files of people: all who ship can be read, and each mistake is one error that names place and mend."""

from __future__ import annotations

import pytest

from cognitive.partner.person_file import load_person, parse_person, people_names
from runtime.errors import AttuneError


@pytest.mark.parametrize("name", people_names())
def test_everybody_who_ships_can_be_read_and_is_somebody(name):
    person = load_person(name)
    assert person.about and person.name.lower() == name


def test_there_are_at_least_six_who_differ():
    people = [load_person(name) for name in people_names()]
    assert len(people) >= 6
    assert len({(p.patience_s, p.temper, p.chattiness, p.mood) for p in people}) == len(people)
    assert any(p.wants_quiet for p in people) and any(p.believes for p in people) and any(not p.goals for p in people)


@pytest.mark.parametrize(
    ("data", "place", "mend"),
    [
        ([], "a person is a mapping", "docs/partner.md"),
        ({}, "missing required field `name`", "docs/partner.md"),
        ({"name": "A", "patiense_s": 3}, "unknown field 'patiense_s'", "did you mean 'patience_s'?"),
        ({"name": "A", "temper": 3}, "temper: expected `float` <= 2", "docs/partner.md"),
        ({"name": "A", "mood": "glad"}, "mood: expected `float`, got `str`", "docs/partner.md"),
        ({"name": "A", "goals": [{"says": []}]}, "goals[0].says: expected `array` of length >= 1", "docs/partner.md"),
        ({"name": "A", "goals": [{"says": ["x"], "reachd_by": []}]}, "unknown field 'reachd_by'", "did you mean 'reached_by'?"),
        ({"name": "A", "goals": [{"says": ["x"], "believes": "it flies"}]}, "there is no belief 'it flies'", "known: none"),
        ({"name": "A", "likes": {"interuption": 0}}, "unknown field 'interuption'", "did you mean 'interruption'?"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_error_with_its_place_and_mend(data, place, mend):
    with pytest.raises(AttuneError) as caught:
        parse_person(data, "mine.yaml")
    text = str(caught.value)
    assert text.startswith("mine.yaml: ") and place in text and mend in text and "\n" not in text


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(AttuneError, match="did you mean 'anna'"):
        load_person("ana")
