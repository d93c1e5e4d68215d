"""The scenario's answers: which rule fits, which of its replies is next, what is remembered in slots.

Deterministic under its seed: replies of a rule are taken in a shuffled order and none comes again before all
have been said.
"""

from __future__ import annotations

import random

from behavioral.dialogue.patterns import best_match
from behavioral.dialogue.scenario import Scenario
from behavioral.turns.completeness import words_of

MATCH_MIN = 0.6
"""Score from which a rule answers."""


class ScriptedDialogue:
    """One conversation under a scenario."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        """Start a conversation with no slots filled."""
        self.scenario = scenario
        self.slots: dict[str, str] = {"agent_name": scenario.file.agent_name}
        self._random = random.Random(seed)
        self._decks: dict[str, list[str]] = {}
        self._asked: dict[str, bool] = {}

    def answer(self, text: str) -> tuple[str, str]:
        """Return the reply to a turn, and the id of the rule it came from (`fallback`, `not_understood` included)."""
        if not words_of(text):
            return self._next("not_understood", self.scenario.file.not_understood), "not_understood"
        best_id, best_score, best_slots = "", 0.0, {}
        for rule in self.scenario.rules:
            match = best_match(rule.patterns, text)
            score = match.score * rule.entry.priority
            if match.score >= MATCH_MIN and score > best_score:
                best_id, best_score, best_slots = rule.entry.id, score, match.slots
        if not best_id:
            return self._next("fallback", self.scenario.file.fallbacks), "fallback"
        self.slots.update({key: value.title() if key == "name" else value for key, value in best_slots.items()})
        entry = next(rule.entry for rule in self.scenario.rules if rule.entry.id == best_id)
        reply = self._next(best_id, entry.replies)
        if entry.ask and not self._asked.get(best_id):
            self._asked[best_id] = True
            reply = f"{reply} {self._fill(entry.ask)}"
        return reply, best_id

    def _next(self, key: str, lines: tuple[str, ...]) -> str:
        usable = tuple(line for line in lines if self._fillable(line)) or lines[-1:]
        deck = [line for line in self._decks.get(key, []) if line in usable]
        if not deck:
            deck = list(usable)
            self._random.shuffle(deck)
        line = deck.pop()
        self._decks[key] = deck
        return self._fill(line)

    def _fillable(self, line: str) -> bool:
        return all(part.split("}")[0] in self.slots for part in line.split("{")[1:])

    def _fill(self, line: str) -> str:
        for key, value in self.slots.items():
            line = line.replace("{" + key + "}", value)
        return line
