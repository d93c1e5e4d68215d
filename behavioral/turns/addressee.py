"""Is the agent addressed, or do people talk to each other? All cues in one place, fused into a probability.

As for the end of a turn (`end_of_turn`), the cues' log-odds are added to those of talk in company in general. With nobody else in view
there is no question: whoever talks, talks to the agent. The cues are those that tell addressees in people's meetings and before
robots: the speaker's gaze, above all at the end, with the mouth telling whose gaze counts (Richter et al. 2016, "Are you talking to
me?"; Katzenmaier, Stiefelhagen & Schultz 2004: the head's pose tells more than the voice, both together most), the words, and what went
before (Jovanovic, op den Akker & Nijholt 2006: gaze, words and conversational context together do best). They give the order of the
cues, not these numbers: all weights are our choice, set by hand on the situations in `tests/behavioral/turns/test_addressee.py`.
Looking at another person is worth more than looking at the agent, since an agent is looked at also while people talk about
it. What is unknown is worth nothing. Pure and deterministic.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import Final

from behavioral.turns.active_speaker import NOBODY, LooksAt, Speaker
from behavioral.turns.cues import Cue, Whole
from runtime.messages import GazeTarget
from runtime.patterns import words_of

COMPANY: Final = 0.8
"""Log-odds before any evidence with two people in view: who stands before an agent is mostly there for it, and an engine that sees no
gaze must not make it mute."""
MORE_COMPANY_MAX: Final = 3
"""More people who could be meant lower the prior as if drawn by lot, up to this many."""
LOOKED_AT_AGENT: Final = 1.2
LOOKED_AT_OTHER: Final = -2.0
LOOKED_AWAY: Final = -0.6
"""For the whole of the last part of the turn."""
ENDS_ON_AGENT: Final = 0.8
ENDS_ON_OTHER: Final = -1.0
ENDS_AWAY: Final = -0.3
NAME_CALLED: Final = 3.5
NAME_MENTIONED: Final = 0.5
SENTENCE: Final = 0.8
OPEN_SENTENCE: Final = 0.4
"""A sentence that the scenario waits for; people say such sentences to one another as well."""
REQUEST: Final = 0.4
ANSWERS_QUESTION: Final = 1.3
FOLLOWS_AGENT: Final = 0.6
FOLLOWS_ASIDE: Final = -0.8
FOLLOWS_WITHIN_S: Final = 4.0
"""What began later after the last turn is no answer to it."""

BEFORE_NAME: Final = frozenset("hey hi hello ok okay so well and but thanks yes no please dear".split())
REQUESTS: Final = (
    ("can", "you"), ("could", "you"), ("would", "you"), ("will", "you"), ("do", "you"), ("are", "you"), ("did", "you"),
    ("have", "you"), ("tell", "me"), ("tell", "us"), ("show", "me"), ("show", "us"), ("help", "me"), ("is", "your"), ("are", "your"),
)  # fmt: skip
"""Word pairs that ask something of whoever is addressed."""


@dataclass(frozen=True, slots=True)
class AddresseeEvidence:
    """What is known of one turn, or of its beginning.

    Attributes:
        people: how many are in view.
        text: what was recognised of it.
        whole: whether that is a sentence of the scenario.
        agent_name: what the agent is called.
        speaker: who speaks, and how surely: a gaze counts as far as it is the speaker's.
        looks: what the speaker looked at, None if unknown.
        ends_on: what the speaker looks at now, None if unknown.
        after_agent_s: the agent spoke last, so long before the turn began; None where it did not.
        agent_asked: whether that was a question.
        after_aside_s: the last turn was between other people, so long before; None where it was not.
    """

    people: int
    text: str = ""
    whole: Whole = ""
    agent_name: str = ""
    speaker: Speaker = NOBODY
    looks: LooksAt | None = None
    ends_on: GazeTarget | None = None
    after_agent_s: float | None = None
    agent_asked: bool = False
    after_aside_s: float | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """The judgement: the speaker's id (empty if unknown), the probability that the agent is meant, and on what it rests.

    `in_question`: whether anybody else could be meant.
    """

    person_id: str
    probability: float
    in_question: bool = True
    evidence: dict[str, float] = field(default_factory=dict)


def judge_addressee(seen: AddresseeEvidence) -> Addressee:
    """Fuse the evidence of one moment."""
    if seen.people < 2:
        return Addressee(seen.speaker.person_id, 1.0, in_question=False)
    cues = (
        Cue("people", float(seen.people), COMPANY - math.log(min(seen.people - 1, MORE_COMPANY_MAX))),
        looks_cue(seen.looks, seen.speaker.share),
        end_cue(seen.ends_on, seen.speaker.share),
        name_cue(seen.text, seen.agent_name),
        request_cue(seen.text, seen.whole),
        before_cue(seen.after_agent_s, seen.agent_asked, seen.after_aside_s),
    )
    probability = 1.0 / (1.0 + math.exp(-sum(cue.log_odds for cue in cues)))
    evidence = {"addressed": round(probability, 3), "speaker": round(seen.speaker.share, 3)}
    for cue in cues:
        evidence[cue.name] = round(cue.seen, 3)
        evidence[f"{cue.name}_log_odds"] = round(cue.log_odds, 3)
    return Addressee(seen.speaker.person_id, probability, evidence=evidence)


def looks_cue(looks: LooksAt | None, surely: float) -> Cue:
    """Say what the speaker's gaze during the last part of the turn is worth; seen: share at the agent less that at others."""
    if looks is None:
        return Cue("looks", 0.0, 0.0)
    worth = LOOKED_AT_AGENT * looks.agent + LOOKED_AT_OTHER * looks.other + LOOKED_AWAY * looks.away
    return Cue("looks", looks.agent - looks.other, surely * worth)


def end_cue(target: GazeTarget | None, surely: float) -> Cue:
    """Say what the speaker's gaze at the end is worth; seen: 1 at the agent, -1 at another person, 0 elsewhere or unknown."""
    if target is None:
        return Cue("ends_on", 0.0, 0.0)
    if target == "agent":
        return Cue("ends_on", 1.0, surely * ENDS_ON_AGENT)
    return (
        Cue("ends_on", -1.0, surely * ENDS_ON_OTHER) if target == "other" else Cue("ends_on", 0.0, surely * ENDS_AWAY)
    )


def name_cue(text: str, agent_name: str) -> Cue:
    """Say what the agent's name in the words is worth: called at their beginning or end (seen: 1), or mentioned (0.5)."""
    name, words = words_of(agent_name), words_of(text)
    places = [at for at in range(len(words) - len(name) + 1) if words[at : at + len(name)] == name] if name else []
    if not places:
        return Cue("name", 0.0, 0.0)
    first = next((at for at, word in enumerate(words) if word not in BEFORE_NAME), 0)
    ends = places[-1] + len(name) == len(words) and places[-1] > 0 and words[places[-1] - 1] not in BEFORE_A_NOUN
    begins = places[0] == first and not _told_about(words[first + len(name) :])
    return Cue("name", 1.0, NAME_CALLED) if begins or ends else Cue("name", 0.5, NAME_MENTIONED)


BEFORE_A_NOUN: Final = frozenset(
    "to with about at for from of by like and than is was called named ask tell asked told".split()
)
"""Words after which a name at the end is spoken about: "I talked to Ada"."""
SAYS: Final = frozenset("and said says told thinks knows knew wants likes seems looks sounds".split())
"""Words with which a sentence about somebody goes on after the name: "Ada said that"."""
AUXILIARY: Final = frozenset("is was has had does did will would can could might".split())
"""So do these, unless they ask: "Ada is nice", but "Ada, is it open?"."""
ASKED_OF: Final = frozenset("you i we your my our this that it there".split())


def _told_about(after: list[str]) -> bool:
    """Whether words after a leading name make a sentence about its bearer."""
    if not after or after[0] in SAYS:
        return bool(after)
    return after[0] in AUXILIARY and (len(after) < 2 or after[1] not in ASKED_OF)


def request_cue(text: str, whole: Whole) -> Cue:
    """Say what it is worth that the words are a sentence of the scenario (seen: 1) or ask something of "you" (0.5)."""
    if whole == "closed":
        return Cue("request", 1.0, SENTENCE)
    words = words_of(text)
    if any(pair in REQUESTS for pair in itertools.pairwise(words)):
        return Cue("request", 0.5, REQUEST)
    return Cue("request", 1.0, OPEN_SENTENCE) if whole == "open" else Cue("request", 0.0, 0.0)


def before_cue(after_agent_s: float | None, agent_asked: bool, after_aside_s: float | None) -> Cue:
    """Say what the turn before is worth; seen: 1 an agent's question, 0.5 something else of it, -1 talk between people."""
    if after_agent_s is not None and after_agent_s <= FOLLOWS_WITHIN_S:
        return Cue("before", 1.0, ANSWERS_QUESTION) if agent_asked else Cue("before", 0.5, FOLLOWS_AGENT)
    if after_aside_s is not None and after_aside_s <= FOLLOWS_WITHIN_S:
        return Cue("before", -1.0, FOLLOWS_ASIDE)
    return Cue("before", 0.0, 0.0)
