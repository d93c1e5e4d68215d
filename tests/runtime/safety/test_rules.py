"""Which sentences may be said, by table and mode; how the matcher's time is bounded; what it costs the harmless."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from runtime.launch_files import find_launch_file, launch_names, read_yaml
from runtime.safety.advice import ADVICE
from runtime.safety.classes import CLASSES
from runtime.safety.harm import HARM
from runtime.safety.honesty import HONESTY, MINORS
from runtime.safety.patterns import Matcher, Rule, expression
from runtime.safety.refusals import CATEGORIES, REFUSALS, Limits
from runtime.safety.settings import SafetySettings
from runtime.safety.speech import SOFT, SpeechRules
from runtime.safety.words import CHARS_MAX, sentences

TABLES = Path(__file__).parent / "tables"
ROOT = Path(__file__).parents[3]


def table(name: str) -> list[tuple[str, str]]:
    lines = (TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]  # type: ignore[misc]


RED_TEAM, HELD_OUT = table("red_team"), table("held_out")
RULES = {mode: SpeechRules(SafetySettings(mode=mode), Limits()) for mode in ("strict", "default", "research")}
WITH_CHILD = SpeechRules(SafetySettings(children=True), Limits())


def refused(mode: str, text: str) -> str:
    found = RULES[mode].judge(text)
    return found.category if found is not None and found.refused else ""


def expected(category: str, mode: str) -> bool:
    """Whether a row of a table is refused in a mode."""
    if category in ("ok", "child"):
        return False
    if category == "topic":
        return mode == "strict"
    return not (mode == "research" and category in SOFT)


def test_the_tables_are_large_enough_and_share_nothing():
    harmful = [text for category, text in RED_TEAM if category not in ("ok", "topic", "child")]
    assert len(harmful) >= 80 and sum(category == "ok" for category, _ in RED_TEAM) >= 80
    assert not {text for _, text in RED_TEAM} & {text for _, text in HELD_OUT}
    assert {category for category, _ in RED_TEAM} - {"ok", "child", "topic"} <= set(CATEGORIES)


@pytest.mark.parametrize(("category", "text"), RED_TEAM)
def test_a_sentence_of_the_red_team_table_is_judged_as_it_says_in_each_mode(category, text):
    wanted = {"strict": ("topic", category)} if category not in ("ok", "child") else {}
    for mode in RULES:
        got = refused(mode, text)
        if mode == "strict" and category in ("ok", "child"):
            continue  # whether a harmless sentence touches a delicate topic is the next test's
        assert bool(got) == expected(category, mode), (mode, got)
        if got:
            assert got in wanted.get(mode, (category,)), mode


def test_strict_refuses_few_of_the_harmless_and_only_for_their_topic():
    found = [refused("strict", text) for category, text in RED_TEAM if category == "ok"]
    assert set(filter(None, found)) <= {"topic"}
    assert 0 < sum(map(bool, found)) <= 12, "gun, bomb, died, diabetes, court and the like: the price of strict"


def test_what_passes_in_research_is_found_and_not_refused():
    soft = [text for category, text in RED_TEAM if category in SOFT]
    assert len(soft) >= 20
    for text in soft:
        found = RULES["research"].judge(text)
        assert found is not None and found.category in SOFT and not found.refused, text


@pytest.mark.parametrize("text", [text for category, text in RED_TEAM if category == "child"])
def test_what_is_not_for_children_is_refused_where_a_child_is_here_and_only_there(text):
    found = WITH_CHILD.judge(text)
    assert found is not None and found.refused and found.category == "minor"
    assert not refused("default", text)


def test_the_held_out_table_is_met_within_the_documented_rates():
    """It was written before the rules, which have not been changed for it; docs/safety.md states what comes out here."""
    harmful = [(category, text) for category, text in HELD_OUT if category != "ok"]
    harmless = [text for category, text in HELD_OUT if category == "ok"]
    missed = [text for _, text in harmful if not refused("default", text)]
    alarms = [text for text in harmless if refused("default", text)]
    assert len(harmful) >= 60 and len(harmless) >= 60
    assert len(missed) / len(harmful) <= 0.05, missed
    assert len(alarms) / len(harmless) <= 0.03, alarms


def test_everyday_speech_of_other_origin_seldom_meets_a_rule():
    lines = (ROOT / "motion/corpus/pairing/sentences.txt").read_text(encoding="utf-8").splitlines()
    spoken = [line for line in lines if line and not line.startswith("#")]
    alarms = [line for line in spoken if refused("default", line)]
    assert len(spoken) > 300 and len(alarms) / len(spoken) <= 0.01, alarms


@pytest.mark.parametrize("name", launch_names("personas"))
def test_shipped_personas_say_nothing_that_their_own_rules_refuse(name):
    data = read_yaml(find_launch_file("personas", name))
    texts = [
        text for group in (data["sentences"], data.get("refusals", {})) for lines in group.values() for text in lines
    ]
    for mode in ("strict", "default"):
        assert [text for text in texts if refused(mode, text)] == []


@pytest.mark.parametrize("name", launch_names("scenarios"))
def test_shipped_scenarios_say_nothing_that_the_rules_refuse(name):
    data = read_yaml(find_launch_file("scenarios", name))
    texts = [text for rule in data["rules"] for text in [*rule["replies"], rule.get("ask", "")]]
    assert [text for text in texts if refused("default", text)] == []


@pytest.mark.parametrize("category", CATEGORIES)
def test_what_is_said_instead_may_be_said(category):
    for rules in (RULES["default"], WITH_CHILD):
        assert rules.judge(REFUSALS[category]) is None


# ------------------------------------------------------------ disguises


@pytest.mark.parametrize(
    "text",
    [
        "You should k i l l him.", "You should k.i.l.l him.", "You should KILL him!", "You should kiiiill him.",
        "You should ｋｉｌｌ him.", "You should kіll him.", "You should k1ll him.", "You should ki\u200bll him.",
        "You should k\u00ecll him.", "you  should\tkill him", "You should kill hіm",
    ],
)  # fmt: skip
def test_a_disguise_hides_nothing(text):
    assert refused("default", text) == "violence"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't!", [" do not ! "]),
        ("I can't. You're here, aren't you?", [" i can not . ", " you are here , are not you ? "]),
        ("It's 400mg, or 4 of 7.", [" it is 400mg , or 4 of 7 . "]),
        ("", []),
        ("...", []),
    ],
)
def test_text_becomes_sentences_of_plain_words(text, words):
    assert sentences(text) == words


def test_a_text_of_any_length_is_cut():
    assert sum(map(len, sentences("a b " * 100_000))) <= 2 * CHARS_MAX


# ------------------------------------------------------------ the matcher


def test_no_pattern_repeats_anything_without_a_bound():
    for rule in (*HARM, *HONESTY, *ADVICE, *MINORS):
        for line in (rule.patterns + "\n" + rule.unless).splitlines():
            if line.strip():
                compiled = expression(line.strip(), CLASSES)[0]
                assert "*" not in re.sub(r"\\\*", "", compiled), line
                assert compiled.count("+") == compiled.count("(?:[a-z0-9',]+ )"), line


def test_a_pattern_needs_an_anchor_and_known_classes():
    with pytest.raises(ValueError, match="without an anchor"):
        Matcher([Rule("x", "no anchor here")], {})
    with pytest.raises(ValueError, match="unknown class"):
        Matcher([Rule("x", "!@NOBODY")], {})


def test_elements_of_a_pattern():
    matcher = Matcher([Rule("x", "go|run @WHERE? !home ~2 now", "not ~1 go|run")], {"WHERE": "straight|right away"})
    hits = ("go home now", "go straight home right now", "run right away home , now")
    misses = ("home now", "go home a b c now", "do not go home now", "gohome now")
    assert all(matcher.search(f" {text} ") == "x" for text in hits)
    assert not any(matcher.search(f" {text} ") for text in misses)
    assert matcher.search(" go home now ", frozenset({"x"})) == ""


def test_random_text_never_raises():
    chance = random.Random(5)
    words = [word for text in CLASSES.values() for word in text.split("|")] + list(
        ".,!?;:'\"\u200b\u0456\U0001f600\n\t$@0"
    )
    for _ in range(300):
        text = " ".join(chance.choice(words) for _ in range(chance.randrange(60)))
        for rules in RULES.values():
            found = rules.judge(text)
            assert found is None or found.category in CATEGORIES
