"""One program that has joined the bridge: what it wants, what of it runs, when it was heard."""

from __future__ import annotations

from dataclasses import dataclass, field

from runtime import messages as m
from runtime.clock import NS_PER_S

TELL_AGAIN_NS = NS_PER_S


@dataclass(slots=True)
class Member:
    """Its name, the session time when it was last heard, and ids of its running joint goals."""

    name: str
    heard_ns: int
    wants: set[type[m.Message]] = field(default_factory=set)
    goals: set[str] = field(default_factory=set)
    _told_ns: dict[str, int] = field(default_factory=dict)

    def may_be_told(self, about: str, now_ns: int) -> bool:
        """Return whether a refusal of this kind is to be sent: one a second, so that a flood of nonsense is not answered by another."""
        last_ns = self._told_ns.get(about)
        if last_ns is not None and now_ns - last_ns < TELL_AGAIN_NS:
            return False
        if len(self._told_ns) < 128:
            self._told_ns[about] = now_ns
        return True
