"""Signs of barriers in what people say, and what is left of them; the curve of a story."""

from __future__ import annotations

import random

import pytest

from cognitive.memory.bank import Line
from cognitive.reasoners.barriers import barriers_in, understanding
from cognitive.reasoners.curve import curve_of, shape_of
from cognitive.uptake import understood
from runtime.clock import NS_PER_S


def lines(*texts, speaker="user", every_s=5):
    return [Line(t_ns=(1 + every_s * n) * NS_PER_S, speaker=speaker, text=text) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("What do you mean by that?", ["semantic_vagueness"]),
        ("Huh?", ["semantic_vagueness"]),
        ("put that thing with the stuff somewhere", ["semantic_vagueness"]),
        ("In my country we would never say so", ["sociocultural_mismatch"]),
        ("Leave me alone", ["emotional_interference"]),
        ("This is terrible!", ["emotional_interference"]),
        ("What do you think about music?", []),
        ("What is that tall building?", []),
        ("I like this room", []),
        ("We had fish for dinner and it was very good", []),
        ("I understand what you mean", []),
        ("", []),
    ],
)
def test_signs(text, kinds):
    assert [sign.kind for sign in barriers_in(text, 1)] == kinds


def test_no_sign_is_no_confusion_and_even_odds_of_understanding():
    now = understanding(lines("nice weather today", "I live near the park"), 20 * NS_PER_S)
    assert (now.unresolved_confusion, now.mutual_understanding, now.barriers) == (0.0, 0.5, ())


def test_confusion_grows_with_signs_fades_with_time_and_is_settled_by_understanding():
    said = lines("what do you mean", "I don't understand")
    fresh = understanding(said, 8 * NS_PER_S)
    assert fresh.unresolved_confusion > 0.7 and fresh.mutual_understanding < 0.4
    later = understanding(said, 200 * NS_PER_S)
    settled = understanding([*said, Line(t_ns=12 * NS_PER_S, speaker="user", text="ah okay, I see")], 13 * NS_PER_S)
    assert later.unresolved_confusion < 0.2 and settled.unresolved_confusion < 0.3
    assert settled.mutual_understanding > fresh.mutual_understanding


def test_the_agents_own_words_are_no_signs():
    assert understanding(lines("what do you mean", "huh", speaker="agent"), 10 * NS_PER_S).barriers == ()


def test_understanding_is_not_read_into_its_denial():
    assert understood("ah, got it") and not understood("I don't get it")


def test_measures_stay_in_their_range_whatever_is_said():
    chance = random.Random(3)
    words = "what do you mean huh i see thing stuff leave me alone got it rude ! ? terrible so in my culture".split()
    for _ in range(300):
        said = lines(*[" ".join(chance.choices(words, k=chance.randint(0, 12))) for _ in range(chance.randint(0, 30))])
        now = understanding(said, chance.randint(0, 300) * NS_PER_S)
        assert 0.0 <= now.unresolved_confusion <= 1.0 and 0.0 < now.mutual_understanding < 1.0


class TestCurve:
    def test_a_story_with_a_turn_for_the_worse_falls(self):
        points = curve_of(lines("I was so happy", "then we went home", "my dog died", "I am miserable"))
        shape = shape_of(points)
        assert shape is not None and shape.now < -0.3 < 0 < shape.highest and shape.change < 0
        assert [point.felt for point in points] == [True, False, True, True]

    def test_a_neutral_story_has_no_shape(self):
        assert shape_of(curve_of(lines("we took the bus", "it was a Tuesday"))) is None
