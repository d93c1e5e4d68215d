"""The scenario's answers: which rule fits, which of its replies is next, what is remembered in slots.

Deterministic under its seed: replies of a rule are taken in a shuffled order and none comes again before all
have been said. An answer can be drafted without being given: slots, decks and random source advance only when it is.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from behavioral.dialogue.scenario import Scenario
from runtime.patterns import best_match, words_of
from runtime.safety.despair import despairs
from runtime.safety.peril import danger

MATCH_MIN = 0.6
"""Score from which a rule answers."""


@dataclass(slots=True)
class _State:
    """All that changes in the course of a conversation; an answer works on a copy."""

    slots: dict[str, str]
    random: random.Random
    decks: dict[str, list[str]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def copy(self) -> _State:
        source = random.Random()
        source.setstate(self.random.getstate())
        decks = {key: list(deck) for key, deck in self.decks.items()}
        return _State(dict(self.slots), source, decks, set(self.asked))


@dataclass(frozen=True, slots=True)
class ScriptedDraft:
    """An answer that has not been given: the reply, the id of its rule, and the state after it."""

    text: str
    reply: str
    rule_id: str
    after: _State
    based_on: _State


class ScriptedDialogue:
    """One conversation under a scenario."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        """Start a conversation with no slots filled."""
        self.scenario = scenario
        self._state = _State({"agent_name": scenario.file.agent_name}, random.Random(seed))

    @property
    def slots(self) -> dict[str, str]:
        """What has been learnt so far."""
        return self._state.slots

    def answer(self, text: str) -> tuple[str, str]:
        """Return the reply to a turn, and the id of the rule it came from (`fallback`, `not_understood` included)."""
        draft = self.draft(text)
        return self.commit(draft), draft.rule_id

    def draft(self, text: str) -> ScriptedDraft:
        """Return what would be answered to a turn now; nothing changes."""
        after = self._state.copy()
        reply, rule_id = self._answer(text, after)
        return ScriptedDraft(text, reply, rule_id, after, self._state)

    def current(self, draft: ScriptedDraft) -> bool:
        """Whether no other answer has been given since."""
        return draft.based_on is self._state

    def commit(self, draft: ScriptedDraft) -> str:
        """Give the drafted answer and return it; one that another answer has overtaken is made anew."""
        if not self.current(draft):
            draft = self.draft(draft.text)
        self._state = draft.after
        return draft.reply

    def _answer(self, text: str, state: _State) -> tuple[str, str]:
        if not words_of(text):
            return _next("not_understood", self.scenario.file.not_understood, state), "not_understood"
        best_id, best_score, best_slots = self._grave(text), 0.0, {}
        for rule in () if best_id else self.scenario.rules:
            if rule.entry.hears:
                continue
            match = best_match(rule.patterns, text)
            score = match.score * rule.entry.priority
            if match.score >= MATCH_MIN and score > best_score:
                best_id, best_score, best_slots = rule.entry.id, score, match.slots
        if not best_id:
            return _next("fallback", self.scenario.file.fallbacks, state), "fallback"
        state.slots.update({key: value.title() if key == "name" else value for key, value in best_slots.items()})
        entry = next(rule.entry for rule in self.scenario.rules if rule.entry.id == best_id)
        reply = _next(best_id, entry.replies, state)
        if entry.ask and best_id not in state.asked:
            state.asked.add(best_id)
            reply = f"{reply} {_fill(entry.ask, state.slots)}"
        return reply, best_id

    def _grave(self, text: str) -> str:
        """Return the rule that answers what is no matter of patterns: words of despair, then of danger."""
        by_kind = {rule.entry.hears: rule.entry.id for rule in reversed(self.scenario.rules) if rule.entry.hears}
        if "despair" in by_kind and despairs(text):
            return by_kind["despair"]
        return by_kind["danger"] if "danger" in by_kind and danger(text) else ""


def _next(key: str, lines: tuple[str, ...], state: _State) -> str:
    usable = tuple(line for line in lines if _fillable(line, state.slots)) or lines[-1:]
    deck = [line for line in state.decks.get(key, []) if line in usable]
    if not deck:
        deck = list(usable)
        state.random.shuffle(deck)
    line = deck.pop()
    state.decks[key] = deck
    return _fill(line, state.slots)


def _fillable(line: str, slots: dict[str, str]) -> bool:
    return all(part.split("}")[0] in slots for part in line.split("{")[1:])


def _fill(line: str, slots: dict[str, str]) -> str:
    for key, value in slots.items():
        line = line.replace("{" + key + "}", value)
    return line
