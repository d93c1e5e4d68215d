"""What a simulated person makes of the agent's words: a greeting, a question, an offer, sympathy, a goodbye. Pure; a few patterns.

The person must not share the agent's own cues, or each would understand the other by construction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_GREETING = re.compile(r"\b(hello|hi|hey|welcome|good (morning|afternoon|evening))\b", re.I)
_GOODBYE = re.compile(r"\b(goodbye|bye|see you|take care|come back soon)\b", re.I)
_OFFER = re.compile(r"\b(help you|do for you|can i help|may i help)\b", re.I)
_SYMPATHY = re.compile(
    r"\b(sorry to hear|sorry that|that sounds hard|not easy|i am listening|take all the time)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What an utterance of the agent's is to the person."""

    text: str
    greets: bool
    parts: bool
    asks: bool
    offers: bool
    sympathises: bool


def understand(text: str) -> Understood:
    """Return what the words are."""
    return Understood(
        text=text,
        greets=bool(_GREETING.search(text)),
        parts=bool(_GOODBYE.search(text)),
        asks=text.rstrip().endswith("?"),
        offers=bool(_OFFER.search(text)),
        sympathises=bool(_SYMPATHY.search(text)),
    )


def holds_any(text: str, words: list[str]) -> bool:
    """Whether a text holds one of these words or phrases, as whole words."""
    plain = f" {' '.join(re.findall(r'[a-z0-9]+', text.lower()))} "
    return any(f" {' '.join(re.findall(r'[a-z0-9]+', word.lower()))} " in plain for word in words)
