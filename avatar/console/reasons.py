"""What each safety rule that the guard before the voice can name is about, in words for an operator. Plain data."""

from __future__ import annotations

WHY: dict[str, str] = {
    "violence": "threats, or hurting somebody",
    "danger": "playing a danger down, or sending somebody into it",
    "secrecy": "keeping secrets from those who look after somebody, or lies",
    "self_harm": "words that could lead somebody to harm themself",
    "sexual": "sexual content",
    "insult": "insulting somebody",
    "drugs": "drugs",
    "privacy": "something private: a number, an address, a password, or what is somebody's own",
    "touch": "touching somebody",
    "medical": "medical advice",
    "legal": "legal advice",
    "financial": "advice about money",
    "pressure": "putting somebody under pressure",
    "human": "a claim to be a human being, or to be of a profession",
    "feeling": "a claim to have feelings",
    "machinery": "talk about the agent's own instructions",
    "minor": "what is not for children, while a child is here",
    "topic": "a delicate topic that this session's settings do not allow",
    "boundary": "a topic or a word that the persona keeps out of",
    "unjudged": "words that the rules could not judge",
}
"""By `SafetyDecision.rule`."""


def why(rule: str) -> str:
    """Return what a rule is about; of one that is not known here, its name."""
    return WHY.get(rule, rule.replace("_", " "))
