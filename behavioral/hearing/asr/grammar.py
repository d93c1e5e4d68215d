"""What a scenario expects people to say, as a recogniser can use it: a JSGF grammar, or plain phrases as hot words.

The patterns of a scenario are token sequences: words, slots `{name}` and `*` for any words. In the grammar a slot is one of its known
values (the scenario's, or given names for `{name}`), and `*` is at most one of a few phrases that people add to such a sentence: a loop
over anything would explain whatever was said and cost four times the computing time. A pattern with a slot of unknown values is left
out and only heard by dictation. Pure; nothing of a grammar's own syntax gets through from a scenario.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from behavioral.hearing.asr.given_names import GIVEN_NAMES

PATTERNS_MAX = 600
PATTERN_WORDS_MAX = 12
SLOT_VALUES_MAX = 600
ANYTHING = "*"
TAILS = (
    "there", "today", "again", "please", "now", "then", "everyone", "robot", "my friend", "very much", "so much", "for me", "to me",
    "your hand", "doing",
)  # fmt: skip
"""What `*` may be besides the agent's name."""

_NOT_WORDS = re.compile(r"[^a-z' ]+")


@dataclass(frozen=True, slots=True)
class ExpectedSpeech:
    """What people are expected to say.

    Attributes:
        patterns: token sequences of words, slots `{name}` and `*`.
        slots: known values by slot name (without brackets).
        agent_name: what people may call the agent.
    """

    patterns: Sequence[Sequence[str]] = ()
    slots: Mapping[str, Sequence[str]] = field(default_factory=dict)
    agent_name: str = ""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Alternatives ready for a decoder: `rules` of words, slots and `*`, the `values` of slots, and what `*` may be (`tails`)."""

    rules: tuple[tuple[str, ...], ...]
    values: dict[str, tuple[str, ...]]
    tails: tuple[str, ...]


def plain(text: str) -> str:
    """Return a text in lower case with nothing but words, apostrophes and single spaces."""
    return " ".join(_NOT_WORDS.sub(" ", text.lower().replace("\u2019", "'")).split())


def plain_phrases(expected: ExpectedSpeech) -> list[str]:
    """Return the fixed words of each pattern, each phrase once, as hot words for a recogniser with an own language model."""
    fixed = (" ".join(_words(token for token in pattern if not _is_open(token))) for pattern in expected.patterns)
    phrases = [phrase for phrase in fixed if phrase and len(phrase.split()) <= PATTERN_WORDS_MAX]
    return list(dict.fromkeys(phrases))[:PATTERNS_MAX]


def compile_grammar(expected: ExpectedSpeech) -> Grammar:
    """Return the grammar of what is expected; over-long patterns and all beyond the limits are left out."""
    values = {"name": GIVEN_NAMES, **expected.slots}
    rules: dict[tuple[str, ...], None] = {}
    for pattern in expected.patterns:
        rule: list[str] = []
        for token in pattern:
            rule += [token] if _is_open(token) else _words([token])
        if all(map(_is_open, rule)) or len(rule) > PATTERN_WORDS_MAX:
            continue
        rules.setdefault(tuple(rule))
    known = {}
    for name in sorted({token[1:-1] for rule in rules for token in rule if token.startswith("{")}):
        known[name] = tuple(dict.fromkeys(filter(None, map(plain, values.get(name, ())))))[:SLOT_VALUES_MAX]
    usable = [rule for rule in rules if all(known.get(token[1:-1], ()) for token in rule if token.startswith("{"))]
    tails = tuple(dict.fromkeys(filter(None, (plain(expected.agent_name), *TAILS))))
    return Grammar(tuple(usable[:PATTERNS_MAX]), known, tails)


def jsgf(grammar: Grammar) -> str:
    """Return the grammar's text; its public rule is `<said>`. Empty where there is no rule."""
    if not grammar.rules:
        return ""
    lines = ["#JSGF V1.0;", "grammar scenario;"]
    used = {token for rule in grammar.rules for token in rule}
    for name, values in grammar.values.items():
        if f"{{{name}}}" in used:
            lines.append(f"<slot-{_symbol(name)}> = {' | '.join(values)};")
    if ANYTHING in used:
        lines.append(f"<tail> = {' | '.join(grammar.tails)};")
    alternatives = " | ".join(" ".join(map(_jsgf_token, rule)) for rule in grammar.rules)
    lines.append(f"public <said> = {alternatives};")
    return "\n".join(lines)


def _jsgf_token(token: str) -> str:
    if token == ANYTHING:
        return "[ <tail> ]"
    return f"<slot-{_symbol(token[1:-1])}>" if token.startswith("{") else token


def _symbol(name: str) -> str:
    return re.sub(r"[^a-z]", "-", name.lower())


def _is_open(token: str) -> bool:
    return token == ANYTHING or token.startswith("{")


def _words(tokens: Iterable[str]) -> list[str]:
    return [word for token in tokens for word in plain(token).split()]
