"""What has been said so far, as a chat model wants to read it: turns that alternate, the person first.

An agent's turn is what the person really heard of it. Servers' chat templates (Gemma, Mistral) refuse two turns of one
role in a row and an assistant who begins, so such turns are joined, and a person who was silent gets a turn of its own. Bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["user", "assistant"]
TURNS_MAX = 12
"""Turns that a model is given."""
CONTENT_CHARS_MAX = 4_000
INAUDIBLE = "(inaudible)"
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
        self._turns: list[Exchange] = []
        self.version = 0
        """Changes with every turn that is added."""

    @property
    def turns(self) -> list[Exchange]:
        """What has been said, oldest first."""
        return list(self._turns)

    def add(self, role: Role, content: str) -> None:
        """Add a turn; one of the same role as the last continues it."""
        self.version += 1
        self._turns = _joined(self._turns, role, content)[-TURNS_MAX:]

    def with_user(self, content: str) -> list[Exchange]:
        """Return the turns as they would be after the person has said this."""
        turns = _joined(self._turns, "user", content)[-TURNS_MAX:]
        return [Exchange("user", SILENT), *turns] if turns[0].role == "assistant" else turns


def _joined(turns: list[Exchange], role: Role, content: str) -> list[Exchange]:
    content = content.strip()[-CONTENT_CHARS_MAX:] or INAUDIBLE
    if not turns or turns[-1].role != role:
        return [*turns, Exchange(role, content)]
    last = turns[-1].content
    if f"{content} ".startswith(f"{last} "):  # the same turn, which has gone on since
        return [*turns[:-1], Exchange(role, content)]
    return [*turns[:-1], Exchange(role, f"{last} {content}"[-CONTENT_CHARS_MAX:])]
