"""Puts numbered blocks that overtook each other back into their order; pure, no clock.

A block that is missing is waited for until `depth` later ones are there (at 32 ms a block, about a tenth of a second); then it is given up
and stands as None, so that who listens can put silence in its place. Blocks that come after that, or twice, are dropped.
"""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

GAP_MAX = 16
"""A larger gap, or a number as far back, is a new beginning: nothing is filled up."""


class Reorder(Generic[T]):
    """One stream of numbered blocks."""

    def __init__(self, depth: int = 4) -> None:
        """Wait for a missing block until `depth` later ones are there."""
        self._depth = depth
        self._next = -1
        self._held: dict[int, T] = {}

    def push(self, number: int, block: T) -> list[T | None]:
        """Take a block; return those whose turn it is, None for each that is given up."""
        if self._next < 0 or abs(number - self._next) > GAP_MAX:
            out: list[T | None] = [self._held[n] for n in sorted(self._held)]
            self._held.clear()
            self._next = number + 1
            return [*out, block]
        if number < self._next or number in self._held:
            return []
        self._held[number] = block
        out = []
        while self._held:
            if self._next in self._held:
                out.append(self._held.pop(self._next))
            elif len(self._held) >= self._depth:
                out.append(None)
            else:
                break
            self._next += 1
        return out
