"""What the slow system says of itself is shown in everyday words: no reason is forgotten, none is made up."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from pathlib import Path
from typing import get_args, get_type_hints

from avatar.server import PAGE_FOLDER
from behavioral.hearing import affect
from cognitive.mind import likelihoods
from cognitive.motivation import gate
from cognitive.motivation.thresholds import THRESHOLDS
from runtime.messages import TurnDecision


def reasons_of_the_gate() -> set[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(gate.Gate._refuse)))
    returned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    texts = {node.value for value in returned if value for node in ast.walk(value) if isinstance(node, ast.Constant)}
    return {gate.NOTHING, *(text for text in texts if isinstance(text, str) and text)}


def words_of_the_page() -> dict[str, str]:
    source = Path(PAGE_FOLDER / "restraint.js").read_text(encoding="utf-8")
    return dict(re.findall(r'^  "([^"]+)": "([^"]+)",$', source, re.MULTILINE))


def test_every_reason_for_restraint_has_plain_words() -> None:
    assert len(reasons_of_the_gate()) >= 10
    assert reasons_of_the_gate() == set(words_of_the_page()), "give it plain words in avatar/page/restraint.js"


def test_the_words_are_not_the_developers() -> None:
    for words in words_of_the_page().values():
        assert words[0].isupper() and words.endswith(".")
        assert not re.search(r"threshold|cycle|cool-down|trigger|floor|reject", words), words


# ---------------------------------------------------------------- what the panel says


def table(name: str) -> dict[str, str]:
    source = Path(PAGE_FOLDER / "thinking" / "words.js").read_text(encoding="utf-8")
    start = source.index(f"const {name} = {{")
    return dict(re.findall(r'^  "([^"]+)": "([^"]+)",$', source[start : source.index("\n};", start)], re.MULTILINE))


def test_every_observation_of_a_mind_has_plain_words() -> None:
    known = {cue.replace("_", " ") for cue in {**likelihoods.MOMENTS, **likelihoods.STRETCHES}}
    assert known | {"face", "voice"} <= set(table("CUES")), "give it plain words in avatar/page/thinking/words.js"


def test_every_sign_that_the_ear_takes_from_a_voice_has_plain_words() -> None:
    source = inspect.getsource(affect.AffectEstimator.estimate)
    names = re.findall(r'\("(\w+)", self\._', source)
    assert len(names) == 3 and {f"{name}{sign}" for name in names for sign in "+-"} == set(table("VOICES"))


def test_every_reason_to_begin_has_plain_words() -> None:
    assert set(table("REASONS_TO_BEGIN")) == set(THRESHOLDS)


def test_every_decision_of_the_turn_taking_has_plain_words() -> None:
    assert set(table("DECISIONS")) == set(get_args(get_type_hints(TurnDecision)["decision"]))
