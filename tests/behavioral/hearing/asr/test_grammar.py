"""A scenario's patterns as a grammar and as hot words."""

from __future__ import annotations

from behavioral.dialogue.scenario import load_scenario
from behavioral.hearing.asr.given_names import GIVEN_NAMES
from behavioral.hearing.asr.grammar import (
    PATTERNS_MAX,
    TAILS,
    ExpectedSpeech,
    compile_grammar,
    jsgf,
    plain_phrases,
)


def grammar_of(*patterns: str, agent_name: str = "", **slots: tuple[str, ...]) -> str:
    return jsgf(compile_grammar(ExpectedSpeech([pattern.split() for pattern in patterns], slots, agent_name)))


def test_words_slots_and_open_ends_become_jsgf() -> None:
    text = grammar_of("Hello *", "i want {drink} please", agent_name="Ada", drink=("Tea", "hot chocolate"))
    assert text.splitlines() == [
        "#JSGF V1.0;",
        "grammar scenario;",
        "<slot-drink> = tea | hot chocolate;",
        f"<tail> = {' | '.join(['ada', *TAILS])};",
        "public <said> = hello [ <tail> ] | i want <slot-drink> please;",
    ]


def test_a_name_is_a_given_name_unless_the_scenario_lists_its_own() -> None:
    assert f"<slot-name> = {' | '.join(GIVEN_NAMES)};" in grammar_of("call me {name}")
    assert "<slot-name> = frodo | sam;" in grammar_of("call me {name}", name=("Frodo", "Sam"))


def test_a_slot_of_unknown_values_leaves_its_pattern_out() -> None:
    assert grammar_of("i live in {city}") == ""
    assert "{city}" not in grammar_of("i live in {city}", "hello")


def test_nothing_of_a_grammars_syntax_gets_through() -> None:
    text = grammar_of("x; public <y> = z", "say {what}", what=("a | b; <evil>",), agent_name="<x>;")
    assert "public <said> = x public y z | say <slot-what>;" in text
    assert "<slot-what> = a b evil;" in text
    assert text.count(";") == 4


def test_patterns_are_unique_bounded_and_never_open_all_over() -> None:
    assert compile_grammar(ExpectedSpeech([["*"], ["{name}", "*"], ["Hi!"], ["hi"], ["42"], ["a"] * 13])).rules == (
        ("hi",),
    )
    many = ExpectedSpeech([["ab" + "a" * index] for index in range(2 * PATTERNS_MAX)])
    assert len(compile_grammar(many).rules) == PATTERNS_MAX
    assert len(plain_phrases(many)) == PATTERNS_MAX
    assert jsgf(compile_grammar(ExpectedSpeech())) == ""


def test_hot_words_are_the_fixed_words() -> None:
    expected = ExpectedSpeech(
        [["my", "name", "is", "{name}"], ["What\u2019s", "up?", "*"], ["*"], ["hello"], ["Hello", "*"]]
    )
    assert plain_phrases(expected) == ["my name is", "what's up", "hello"]


def test_the_shipped_scenario_compiles_whole() -> None:
    scenario = load_scenario("welcome")
    grammar = compile_grammar(scenario.expected_speech)
    assert ("my", "name", "is", "{name}") in grammar.rules
    assert ("please", "wave", "*") in grammar.rules
    assert grammar.tails[0] == "ada"
    assert len(grammar.rules) > 80
