"""Barriers between two people who talk, found by rule: vague words, differences of culture, feelings in the way; and what is left of them.

The three barriers and the two measures are those of SocialVeil (Xuan et al. 2026, arXiv 2602.05115): semantic vagueness, sociocultural
mismatch, emotional interference; unresolved confusion and mutual understanding. There a model rates whole dialogues; ours are estimates
from the last minutes of a transcript by word lists and two small formulas, meant to be quick, readable and shy of false alarms:

- each sign of not understanding counts `strength`, halved every `HALF_LIFE_S`, and by `SETTLED` where the person has shown understanding
  since; confusion is 1 - product(1 - weight) over all signs, so that one sign stays under the threshold and two cross it;
- mutual understanding is (1 + grounding) / (2 + grounding + confusing), the mean of a Beta distribution that begins at one half.

English. Pure functions of text and times; session ns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cognitive import cues, uptake
from cognitive.memory.bank import Line
from runtime.clock import NS_PER_S

Kind = Literal["semantic_vagueness", "sociocultural_mismatch", "emotional_interference"]

HALF_LIFE_S = 45.0
SETTLED = 0.25
VAGUE_SHARE = 0.3
"""Share of vague words from which an utterance is vague; at least two of them."""
STRONG_FEELING = -0.55


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of whole phrases, in text made of `cues.words_of`."""
    return re.compile(rf"(?<![a-z'])(?:{'|'.join(map(re.escape, phrases))})(?![a-z'])")


_SHORT_REPAIR = frozenset({"what", "huh", "pardon", "sorry what", "excuse me", "hm what", "wait what", "come again"})
"""Open requests for repair (Dingemanse and Enfield 2015) that are the whole utterance."""
_CULTURE = _any_of((
    "where i come from", "in my culture", "in my country", "in our culture", "back home we", "is that rude", "that's rude",
    "was that rude", "is it polite", "we don't say that", "we don't do that", "what is that expression",
    "what does that expression", "never heard that expression", "i didn't mean to offend", "no offence", "no offense",
    "is that normal here", "is this normal here", "are you allowed to say",
))  # fmt: skip
_FEELING_IN_THE_WAY = _any_of((
    "leave me alone", "i can't think", "i cannot think", "you never listen", "you are not listening", "you're not listening",
    "shut up", "i don't want to talk", "stop asking", "i'm too upset", "i am too upset", "forget it", "never mind",
))  # fmt: skip
_VAGUE = frozenset(
    "thing things stuff something somehow somewhere someone whatever that those it this them kinda sorta sort kind one".split()
)


@dataclass(frozen=True, slots=True)
class Barrier:
    """One sign of a barrier; `strength` 0 to 1; `own` where the agent was the one not understood."""

    kind: Kind
    strength: float
    sign: str
    t_ns: int
    own: bool = False


@dataclass(frozen=True, slots=True)
class Understanding:
    """How well two people understand each other now.

    Attributes:
        unresolved_confusion: 0 to 1.
        mutual_understanding: 0 to 1; one half without any sign.
        barriers: signs with their present weight as strength, oldest first.
    """

    unresolved_confusion: float
    mutual_understanding: float
    barriers: tuple[Barrier, ...]


def barriers_in(text: str, t_ns: int) -> tuple[Barrier, ...]:
    """Return the signs of barriers in one utterance of a person, at most one of each kind."""
    words = cues.words_of(text)
    joined = " ".join(words)
    found: list[Barrier] = []
    if asked := uptake.not_understood(text):
        found.append(Barrier("semantic_vagueness", 0.4 if joined in _SHORT_REPAIR else 0.55, asked, t_ns, own=True))
    elif (vague := _vagueness(words)) > 0.0:
        found.append(Barrier("semantic_vagueness", vague, "vague words", t_ns))
    if phrase := _first(joined, _CULTURE):
        found.append(Barrier("sociocultural_mismatch", 0.45, phrase, t_ns))
    phrase = _first(joined, _FEELING_IN_THE_WAY)
    valence, _hits = cues.valence_of(text)
    if phrase or (valence <= STRONG_FEELING and len(words) <= 6 and "!" in text):
        found.append(Barrier("emotional_interference", 0.5, phrase or "a strong feeling in few words", t_ns))
    return tuple(found)


def understanding(lines: Sequence[Line], now_ns: int) -> Understanding:
    """Return the measures over a transcript, its lines in order of time."""
    settled_ns = max(
        (line.t_ns for line in lines if line.speaker == "user" and uptake.understood(line.text)), default=-1
    )
    grounding = 0.0
    weighed: list[Barrier] = []
    for line in lines:
        if line.speaker != "user":
            continue
        age = 0.5 ** (max(0, now_ns - line.t_ns) / NS_PER_S / HALF_LIFE_S)
        if uptake.understood(line.text):
            grounding += age
        for sign in barriers_in(line.text, line.t_ns):
            weight = sign.strength * age * (SETTLED if sign.t_ns < settled_ns else 1.0)
            weighed.append(Barrier(sign.kind, weight, sign.sign, sign.t_ns, sign.own))
    clear = 1.0
    for sign in weighed:
        clear *= 1.0 - sign.strength
    confusing = sum(sign.strength for sign in weighed)
    return Understanding(1.0 - clear, (1.0 + grounding) / (2.0 + grounding + confusing), tuple(weighed))


def _vagueness(words: list[str]) -> float:
    """Return the strength of vagueness: 0 under `VAGUE_SHARE` or two vague words, 0.5 where every word is vague."""
    vague = sum(word in _VAGUE for word in words)
    share = vague / len(words) if words else 0.0
    return 0.0 if vague < 2 or share < VAGUE_SHARE else min(0.5, 0.2 + 0.3 * share)


def _first(joined: str, phrases: re.Pattern[str]) -> str:
    found = phrases.search(joined)
    return found.group() if found is not None else ""
