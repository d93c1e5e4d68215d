"""Scenario files: what is accepted, what is refused with a mend, and what the agent answers."""

from pathlib import Path

import pytest

from behavioral.dialogue.scenario import load_scenario
from behavioral.dialogue.scripted import ScriptedDialogue
from runtime.errors import AttuneError

GOOD = """
name: shop
agent_name: Bo
rules:
  - id: hours
    patterns: ["when do you open *"]
    replies: ["We open at nine."]
  - id: name
    patterns: ["my name is {name}"]
    replies: ["Welcome, {name}."]
    ask: "What can I bring you, {name}?"
fallbacks: ["One.", "Two.", "Three."]
not_understood: ["Pardon?"]
"""


@pytest.fixture
def shop(tmp_path: Path) -> ScriptedDialogue:
    path = tmp_path / "shop.yaml"
    path.write_text(GOOD)
    return ScriptedDialogue(load_scenario(str(path)), seed=1)


def test_the_rule_that_fits_answers(shop: ScriptedDialogue) -> None:
    assert shop.answer("excuse me when do you open tomorrow") == ("We open at nine.", "hours")


def test_slots_are_filled_and_the_question_is_asked_once(shop: ScriptedDialogue) -> None:
    assert shop.answer("my name is anna")[0] == "Welcome, Anna. What can I bring you, Anna?"
    assert shop.answer("my name is anna")[0] == "Welcome, Anna."


def test_fallbacks_do_not_repeat_before_all_were_said(shop: ScriptedDialogue) -> None:
    said = [shop.answer("purple elephants dance")[0] for _ in range(3)]
    assert sorted(said) == ["One.", "Three.", "Two."]


def test_no_words_are_not_understood(shop: ScriptedDialogue) -> None:
    assert shop.answer("") == ("Pardon?", "not_understood")


def test_the_same_seed_gives_the_same_conversation(tmp_path: Path) -> None:
    scenario = load_scenario("welcome")
    texts = ["hello", "blue", "green", "who are you", "red", "bye"]
    first, second = (ScriptedDialogue(scenario, seed=7) for _ in range(2))
    assert [first.answer(t) for t in texts] == [second.answer(t) for t in texts]


@pytest.mark.parametrize(
    "text",
    [
        "Help, I cannot breathe!", "I can't breathe.", "I am bleeding badly", "fire!", "my husband has collapsed",
        "the baby isn't breathing", "she said I'd be fine but I'm bleeding",
    ],
)  # fmt: skip
def test_a_cry_for_help_is_not_called_interesting(text: str) -> None:
    assert ScriptedDialogue(load_scenario("welcome"), seed=1).answer(text)[1] == "distress"


@pytest.mark.parametrize("text", ["I want to die", "he left me and i want to kill myself"])
def test_despair_is_not_told_to_go_on(text: str) -> None:
    assert ScriptedDialogue(load_scenario("welcome"), seed=1).answer(text)[1] == "despair"


@pytest.mark.parametrize("text", ["I can't get up before nine", "I was dizzy yesterday", "she said, I can't breathe"])
def test_what_only_resembles_a_cry_for_help_is_none(text: str) -> None:
    assert ScriptedDialogue(load_scenario("welcome"), seed=1).answer(text)[1] != "distress"


def test_a_rule_needs_patterns_unless_it_hears(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("name: x\nrules:\n  - {id: a, replies: [b]}\n", encoding="utf-8")
    with pytest.raises(AttuneError, match="no patterns"):
        load_scenario(str(path))
    path.write_text("name: x\nrules:\n  - {id: a, hears: danger, replies: [b]}\n", encoding="utf-8")
    assert ScriptedDialogue(load_scenario(str(path)), seed=1).answer("I can't breathe") == ("b", "a")
    assert ScriptedDialogue(load_scenario(str(path)), seed=1).answer("hello")[1] == "fallback"


def test_who_asks_what_it_can_do_is_not_in_distress() -> None:
    assert ScriptedDialogue(load_scenario("welcome"), seed=1).answer("Can you help me with this?")[1] == "ability"


def test_every_shipped_scenario_loads() -> None:
    from runtime.paths import launch_dir

    for path in (launch_dir() / "scenarios").glob("*.yaml"):
        assert load_scenario(str(path)).file.name


@pytest.mark.parametrize(
    ("text", "where", "mend"),
    [
        ("name: x\nrulez: []\n", "rulez", "'rules'"),
        ("name: x\nrules:\n  - {id: a, pattern: [b], replies: [c]}\n", "rules", "'patterns'"),
        ("name: x\nrules:\n  - {id: a, patterns: ['(b'], replies: [c]}\n", "rules[0] (a)", "bracket"),
        ("name: [\n", "not YAML", "Mend"),
        ("- a\n", "Expected `object`", "docs/scenarios.md"),
        ("name: x\nopening: [{after_s: -1, say: hi}]\n", "opening[0].after_s", "docs/scenarios.md"),
    ],
)
def test_each_mistake_names_file_place_and_mend(tmp_path: Path, text: str, where: str, mend: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    with pytest.raises(AttuneError) as caught:
        load_scenario(str(path))
    assert "broken.yaml" in str(caught.value)
    assert where in str(caught.value)
    assert mend in str(caught.value)


GOALS = """
places: {coat rack: {bearing_deg: 40, distance_m: 3.0}}
goals:
  - id: hang_up_coat
    prior: 0.2
    steps: [{looks_at: coat rack, says: "where * my coat"}, {approaches: coat rack}]
"""


def test_goals_are_part_of_a_scenario_and_their_phrases_are_listened_for(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(GOOD + GOALS)
    scenario = load_scenario(str(path))
    assert scenario.file.goals[0].wish == "hang up coat"
    assert ("where", "*", "my", "coat") in scenario.expected_speech.patterns
    assert ScriptedDialogue(scenario, seed=1).answer("where is my coat")[1] == "fallback", "no rule answers it"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{approaches: coat rack}", "{approaches: coat rak}", "did you mean 'coat rack'"),
        ("looks_at", "look_at", "Did you mean 'looks_at'"),
        ("prior: 0.2", "prior: 0.99", "leave at least"),
    ],
)
def test_a_mistake_in_a_goal_is_told_as_any_other(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text((GOOD + GOALS).replace(old, new, 1))
    with pytest.raises(AttuneError, match=told) as caught:
        load_scenario(str(path))
    assert "shop.yaml" in str(caught.value)


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(AttuneError, match="welcome"):
        load_scenario("welcom")
