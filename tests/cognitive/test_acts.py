"""What the slow process asks for is what the wire and the body know."""

from __future__ import annotations

from typing import get_args

import pytest

from cognitive.acts import ACTS, SENTENCE_KEYS
from cognitive.conditions import CONDITIONS
from cognitive.persona import load_persona
from motion.procedural import lexicon
from runtime.messages import IntentionKind
from runtime.vocabulary import EXPRESSIONS

SAFETY_ACTS = ("warn", "help", "check_on")
STEPS = [(name, step) for name, act in ACTS.items() for step in act.steps]


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_labels_are_known_where_there_is_a_list(name, step):
    if step.kind == "expression":
        assert step.label in EXPRESSIONS
    elif step.kind == "gesture":
        assert lexicon.LEXICON[step.label].label == step.label
    elif step.kind == "dialogue":
        assert step.content in SENTENCE_KEYS


@pytest.mark.parametrize("name", list(ACTS))
def test_an_act_opens_with_one_step_a_channel_and_stays_below_operators_and_safety(name):
    kinds = ["gaze" if step.kind == "attention" else step.kind for step in ACTS[name].steps if step.opens]
    assert len(kinds) == len(set(kinds))
    assert ACTS[name].priority == 9 if name in SAFETY_ACTS else 0 < ACTS[name].priority < 8


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_a_step_waits_for_steps_and_conditions_that_there_are(name, step):
    names = [other.name for other in ACTS[name].steps if other.name]
    assert len(names) == len(set(names))
    assert not step.after or (step.after in names and step.after != step.name)
    assert {step.when, *step.unless} - {""} <= set(CONDITIONS)


def test_all_channels_and_all_timings_are_used():
    assert {step.kind for _, step in STEPS} == set(get_args(IntentionKind))
    assert {step.timing for _, step in STEPS} == {"now", "turn_end", "at_word"}


@pytest.mark.parametrize(("name", "step"), [(n, s) for n, s in STEPS if s.timing == "at_word"])
def test_a_gesture_at_a_word_finds_one_in_the_shipped_sentences(name, step):
    sentences = load_persona("default").sentences
    said = [text for other in ACTS[name].steps if other.kind == "dialogue" for text in sentences[other.content]]
    assert any(word.lower() in text.lower() for word in step.at_words for text in said)
