"""What has been said so far, as a chat model wants to read it: turns that alternate, the person first.

An agent's turn is what the person really heard of it. Servers' chat templates (Gemma, Mistral) refuse two turns of one
role in a row and an assistant who begins, so such turns are joined, and a person who was silent gets a turn of its own. What people
say to each other stands among the person's words, in brackets. Bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["user", "assistant"]
TURNS_MAX = 12
"""Turns that a model is given."""
CONTENT_CHARS_MAX = 4_000
INAUDIBLE = "(inaudible)"
ASIDE = "(to somebody else: {})"
"""What a person did not say to the agent."""
SILENT = "(silence)"
"""Stands for the person where the agent spoke first."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn."""

    role: Role
    content: str


class History:
    """The turns of one conversation."""

    def __init__(self) -> None:
        """Start with none."""
        self._turns: list[_Kept] = []
        self.version = 0
        """Changes with every turn that is added."""

    @property
    def turns(self) -> list[Exchange]:
        """What has been said, oldest first."""
        return _alternating(self._turns)

    def add(self, role: Role, content: str) -> None:
        """Add a turn; one of the same role as the last continues it."""
        self.version += 1
        self._turns = _joined(self._turns, role, content)[-TURNS_MAX:]

    def overhear(self, content: str) -> str:
        """Add what a person said to somebody else; return how a model reads it."""
        self.version += 1
        aside = ASIDE.format(content.strip()[-CONTENT_CHARS_MAX:])
        self._turns = [*self._turns, _Kept("user", aside, aside=True)][-TURNS_MAX:]
        return aside

    def with_user(self, content: str) -> list[Exchange]:
        """Return the turns as they would be after the person has said this."""
        turns = _alternating(_joined(self._turns, "user", content)[-TURNS_MAX:])
        return [Exchange("user", SILENT), *turns] if turns[0].role == "assistant" else turns


@dataclass(frozen=True, slots=True)
class _Kept:
    role: Role
    content: str
    aside: bool = False


def _joined(turns: list[_Kept], role: Role, content: str) -> list[_Kept]:
    """Add a turn to those kept; asides stand between turns and are never continued."""
    content = content.strip()[-CONTENT_CHARS_MAX:] or INAUDIBLE
    at = next((k for k in reversed(range(len(turns))) if not turns[k].aside), -1)
    if at < 0 or turns[at].role != role:
        return [*turns, _Kept(role, content)]
    last, before, asides = turns[at].content, turns[:at], turns[at + 1 :]
    if f"{content} ".startswith(f"{last} "):  # the same turn, which has gone on since
        return [*before, *asides, _Kept(role, content)]
    if asides:
        return [*turns, _Kept(role, content)]
    return [*before, _Kept(role, f"{last} {content}"[-CONTENT_CHARS_MAX:])]


def _alternating(turns: list[_Kept]) -> list[Exchange]:
    """Return the turns with those of one role in a row joined."""
    read: list[Exchange] = []
    for kept in turns:
        if read and read[-1].role == kept.role:
            read[-1] = Exchange(kept.role, f"{read[-1].content} {kept.content}"[-CONTENT_CHARS_MAX:])
        else:
            read.append(Exchange(kept.role, kept.content))
    return read
