"""Whether the agent may say something: `SpeechRules` for a text, `Utterance` for a reply that comes clause by clause.

A clause is judged with what the same sentence has already said, so that a comma hides nothing; the sentence before is done with. Pure but
for the flag `child`, which the slow loop's knowledge sets; microseconds a clause (`benchmarks/bench_safety.py`). Never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from runtime.safety.advice import ADVICE
from runtime.safety.classes import CLASSES
from runtime.safety.danger import DANGER
from runtime.safety.harm import HARM
from runtime.safety.honesty import HONESTY, MINORS
from runtime.safety.patterns import Matcher, Rule
from runtime.safety.refusals import Limits
from runtime.safety.settings import SafetySettings
from runtime.safety.topics import topics_of
from runtime.safety.words import CHARS_MAX, sentences

SOFT = frozenset({"legal", "financial", "pressure", "feeling", "boundary"})
"""What passes in `research`, each time with an event."""
OPEN_CHARS = 400
"""So much of an unfinished sentence is kept for its next clause."""

_READ_OUT = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[a-z]{2}|(?<!\d)(?:\d[ -]?){13,19}(?!\d)", re.I)
"""What is somebody's own even without a word about whose it is: mail addresses and numbers of the length of cards and accounts."""
_EVERYBODY = Matcher((*HARM, *DANGER, *HONESTY, *ADVICE), CLASSES)
_CHILDREN = Matcher(MINORS, CLASSES)
_REFERS = Matcher(
    (
        Rule(
            "refers",
            """
            ask|see|consult|call|contact|visit|talk_to|speak_to ~4 !doctor|pharmacist|lawyer|adviser|advisor|bank|professional
            ask|see|consult|call|contact|visit|talk_to|speak_to ~4 !helpline|counsellor|hospital|crisis|emergency|police|ambulance
            i am !no|not ~2 doctor|lawyer|adviser|pharmacist
            !doctor|lawyer|pharmacist|adviser|advisor can|could|will ~1 tell|help|answer|say
            not|never ~2 !give|talk|speak|tell ~1 advice|about
            """,
        ),
    ),
    CLASSES,
)
"""Who sends somebody to a professional, or says what it does not do, may name the topic."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a text. `refused`: it must not be said; else it passes, and an event says that it did."""

    category: str
    refused: bool


class SpeechRules:
    """The rules of one session."""

    def __init__(self, settings: SafetySettings, limits: Limits) -> None:
        """Take mode and audience from the profile, boundaries from the persona."""
        self.settings = settings
        self.limits = limits
        self.child = settings.children
        """Whether a child is here; the slow loop tells."""
        self._strict = settings.mode == "strict"
        self._research = settings.mode == "research"
        self._allowed = frozenset(settings.topics_allowed)
        self._kept_out = frozenset(limits.boundaries.topics)
        words = [" ".join(sentences(word)).strip(" .") for word in limits.boundaries.words]
        self._words = tuple(f" {word} " for word in words if word)
        self._refusals = 0

    def judge(self, text: str) -> Finding | None:
        """Return what is wrong with a text, None for nothing; what is refused goes before what passes."""
        if _READ_OUT.search(text[:CHARS_MAX]) is not None:
            return Finding("privacy", True)
        passed: Finding | None = None
        for sentence in sentences(text):
            found = self._sentence(sentence)
            if found is not None and found.refused:
                return found
            passed = passed or found
        return passed

    def instead(self, category: str) -> str:
        """Return what to say instead, of several sentences each in turn; a persona's own only where the rules let it be said."""
        self._refusals += 1
        said = self.limits.instead(category, self.settings.help_line, self._refusals - 1)
        finding = self.judge(said) if category in self.limits.refusals else None
        return said if finding is None or not finding.refused else Limits().instead(category, self.settings.help_line)

    def _sentence(self, sentence: str) -> Finding | None:
        soft = ""
        category = _EVERYBODY.search(sentence)
        if category in SOFT and self._research:
            soft, category = category, _EVERYBODY.search(sentence, SOFT)
        if not category and (self.child or self.settings.children):
            category = _CHILDREN.search(sentence)
        if not category and (self._strict or self._kept_out):
            topics = topics_of(sentence)
            if self._strict and topics - self._allowed and not _REFERS.search(sentence):
                category = "topic"
            elif topics & self._kept_out and not _REFERS.search(sentence):
                category = "boundary"
        if not category and self._words and any(word in sentence for word in self._words):
            category = "boundary"
        if category == "boundary" and self._research:
            soft, category = category, ""
        if category:
            return Finding(category, True)
        return Finding(soft, False) if soft else None


class Utterance:
    """One reply on its way to the voice."""

    def __init__(self, rules: SpeechRules) -> None:
        """Begin before its first clause."""
        self._rules = rules
        self._open = ""

    def judge(self, clause: str) -> Finding | None:
        """Return what is wrong with the next clause together with the sentence that it goes on with."""
        text = f"{self._open} {clause}" if self._open else clause
        found = self._rules.judge(text)
        end = max(text.rfind(mark) for mark in ".!?") + 1
        self._open = text[end:].strip()[-OPEN_CHARS:]
        return found
