"""What may leave the agent's mouth: the interface of a filter, and a conservative one for words that a language model wrote.

`PlainWords` lets short plain sentences through and nothing else: no addresses, mark-up, behaviour tags, control or invisible characters,
role marks of prompts, long numbers, orders of mischief. It is no judge of harm in what reads as plain speech; a session's
safety filter takes the same interface. Pure, microseconds a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from cognitive.situation import Situation
from runtime.messages import Intention

WORDS_CHARS_MAX = 240
SENTENCES_MAX = 3
WORD_CHARS_MAX = 30

_LETTERS_AND_SPACE = frozenset({"Ll", "Lu", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Zs"})
_MARKS = frozenset(".,;:!?'\"’‘“”…-–—()&%$€£°")
_ADDRESS = re.compile(
    r"(?:https?|ftp|mailto|javascript|data):|www\.|\b[\w-]+\.(?:com|org|net|io|ai|de|ru|cn|xyz)\b", re.I
)
_ROLE = re.compile(r"\b(?:system|assistant|user|developer|instructions?)\s*:", re.I)
_NUMBER = re.compile(r"\d(?:[\s().-]*\d){5,}")
_MACHINERY = re.compile(
    r"\b(?:ignore|disregard|forget)\s+(?:all\s+|any\s+|your\s+|the\s+|my\s+)*(?:previous|prior|above|instructions?|rules?)\b"
    r"|\b(?:system prompt|language model|json|jailbreak)\b",
    re.I,
)
_HARM = re.compile(
    r"\b(?:kill|suicide|murder|rape|naked|nude|undress|sexy|bomb|explosives?|heroin|cocaine|idiot|stupid|hate you|shut up)\b"
    r"|\b(?:hurt|harm|cut|poison)\s+(?:yourself|themselves|himself|herself|him|her|them)\b"
    r"|\b(?:password|pin code|credit card|bank account|social security)\b"
    r"|\b(?:i am|i'm)\s+(?:a\s+)?(?:human|real person|doctor|nurse|police)\b"
    r"|\b(?:stop taking|take more of)\s+(?:your\s+|the\s+)?(?:pills|tablets|medicine|medication|insulin)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may go out; `reason` says in one clause why not, without quoting it."""

    allowed: bool
    reason: str = ""


ALLOWED = Verdict(True)


class OutgoingFilter(Protocol):
    """Judges an intention before it is taken up."""

    def check(self, intention: Intention, situation: Situation) -> Verdict:
        """Return the verdict; never raises."""
        ...


class PlainWords:
    """Lets short plain speech through."""

    def check(self, intention: Intention, situation: Situation) -> Verdict:
        """Judge the words of a dialogue intention; other kinds carry none."""
        fault = _fault(intention.content) if intention.kind == "dialogue" else ""
        return Verdict(False, fault) if fault else ALLOWED


def _fault(words: str) -> str:
    """Return what is wrong with words to say, empty for nothing."""
    if not words.strip():
        return "no words"
    if len(words) > WORDS_CHARS_MAX or len(re.findall(r"[.!?…]+(?:\s|$)", words)) > SENTENCES_MAX:
        return "too long"
    if unicodedata.normalize("NFKC", words) != unicodedata.normalize("NFC", words).replace("…", "..."):
        return "letters that look like others"
    if any(sign not in _MARKS and unicodedata.category(sign) not in _LETTERS_AND_SPACE for sign in words):
        return "mark-up, control or invisible characters"
    if any(len(word) > WORD_CHARS_MAX for word in words.split()):
        return "a word that is none"
    for pattern, fault in (
        (_ADDRESS, "an address"),
        (_ROLE, "a role mark"),
        (_NUMBER, "a long number"),
        (_MACHINERY, "talk about its own instructions"),
        (_HARM, "harmful or private matter"),
    ):
        if pattern.search(words):
            return fault
    return ""
