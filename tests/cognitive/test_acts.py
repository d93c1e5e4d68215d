"""What the slow process asks for is what the wire and the body know."""

from __future__ import annotations

import pytest

from cognitive.acts import ACTS, SENTENCE_KEYS
from motion.procedural import lexicon
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
def test_an_act_asks_each_channel_once_and_stays_below_operators_and_safety(name):
    kinds = ["gaze" if step.kind == "attention" else step.kind for step in ACTS[name].steps]
    assert len(kinds) == len(set(kinds))
    assert ACTS[name].priority == 9 if name in SAFETY_ACTS else 0 < ACTS[name].priority < 8
