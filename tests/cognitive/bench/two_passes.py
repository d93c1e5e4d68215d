"""Stories with the answers of a writer who plays two people first and adds a third afterwards, as the published ToMi labels came about.

An oracle for `third_entrance`: it keeps tables of beliefs while it writes, and never looks at the text again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import permutations

MOVER, OTHER, THIRD = "Mara", "Tobias", "Ines"
HOME, ELSEWHERE = "cellar", "attic"
ACTS = (
    ("goes", "moves"),
    ("moves", "goes"),
    ("goes", "moves", "back"),
    ("goes", "back", "moves"),
    ("moves", "goes", "back"),
)


@dataclass
class TwoPasses:
    """One story. `own` and `nested` are beliefs after the last pass, `honest` the nested ones before the third person was added."""

    seed: int
    lines: list[str] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    nested: dict[tuple[str, str], str] = field(default_factory=dict)
    honest: dict[tuple[str, str], str] = field(default_factory=dict)
    spot: str = "tin"

    def __post_init__(self) -> None:
        dice = random.Random(self.seed)
        onlookers = self._first_pass(dice)
        self.honest = dict(self.nested)
        self._second_pass(dice, onlookers)

    def share(self, people: set[str]) -> None:
        """All of them know where the key is, and that the others do."""
        self.nested |= {pair: self.spot for pair in permutations(sorted(people), 2)}

    def _first_pass(self, dice: random.Random) -> set[str]:
        onlookers = here = {MOVER, OTHER}
        self.lines = [f"{who} {dice.choice(['entered', 'is in'])} the {HOME}." for who in dice.sample(sorted(here), 2)]
        self.lines.append("The key is in the tin.")
        self.own = dict.fromkeys(here, self.spot)
        self.share(here)
        acts = dice.choice(ACTS)
        for act in acts:
            if act == "moves":
                self.spot = "jar"
                self.lines.append(f"{MOVER} moved the key to the jar.")
                self.own |= dict.fromkeys(here, self.spot)
                self.share(here)
            elif act == "goes":
                here = here - {OTHER}
                self.lines.append(f"{OTHER} exited the {HOME}.")
            else:
                if act == acts[-1] and dice.random() < 0.5:
                    here = here - {MOVER}
                    self.lines.append(f"{MOVER} exited the {HOME}.")
                onlookers = here | {OTHER}
                room = dice.choice([HOME, ELSEWHERE])
                self.lines.append(f"{OTHER} entered the {room}.")
                if room == HOME:
                    here = here | {OTHER}
                    self.own[OTHER] = self.spot
                    self.share(here)
        return onlookers

    def _second_pass(self, dice: random.Random, onlookers: set[str]) -> None:
        if dice.random() < 0.3:
            return
        room, at = dice.choice([HOME, ELSEWHERE]), dice.randint(0, len(self.lines))
        self.lines.insert(at, f"{THIRD} entered the {room}.")
        if dice.random() < 0.5:
            self.lines.insert(dice.randint(at + 1, len(self.lines)), f"{THIRD} exited the {room}.")
        if room == HOME:
            self.share(onlookers | {THIRD})

    def text(self, *, honest: bool) -> str:
        """Return the story four times, with its four questions about beliefs."""
        nested = self.honest if honest else self.nested
        asked = [(f"Where will {who} look for the key?", self.own[who]) for who in (MOVER, OTHER)]
        asked += [
            (f"Where does {a} think that {b} searches for the key?", nested[a, b])
            for a, b in ((MOVER, OTHER), (OTHER, MOVER))
        ]
        return "".join(
            "".join(f"{i} {line}\n" for i, line in enumerate((*self.lines, f"{question}\t{answer}\t1"), 1))
            for question, answer in asked
        )


def file_text(stories: int, *, honest: bool, seed: int = 0) -> str:
    """Return a file of so many stories, with the labels of the first pass (`honest`) or of the last."""
    return "".join(TwoPasses(seed * 100_000 + i).text(honest=honest) for i in range(stories))
