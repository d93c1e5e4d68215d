"""When the listening agent nods or says "mhm": chance, refractory times and a ceiling over the cues that hearing finds.

A cue is a low-pitch region or a pause in the person's speech (Ward and Tsukahara 2000). People take about 42
% of their chances, nod more than they speak, and place vocal continuers in pauses only (proact.md 4.3, 4.4,
4.7). Pure and deterministic under the random source.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass
from typing import Literal

from runtime.settings import ListenerSettings

NodKind = Literal["short", "long", "upswing"]
NOD_KINDS: tuple[NodKind, NodKind, NodKind] = ("short", "long", "upswing")


@dataclass(frozen=True, slots=True)
class ListenerAct:
    """One act: a nod of a kind at a time, or a vocal continuer with its text."""

    act: Literal["nod", "continuer"]
    at_s: float
    kind: NodKind = "short"
    text: str = ""
    duration_s: float = 0.0


CONTINUERS: tuple[str, ...] = ("Mhm.", "Uh-huh.", "I see.")


class Listening:
    """The listener's decisions."""

    def __init__(self, settings: ListenerSettings, source: random.Random) -> None:
        """Start with no act behind it."""
        self._settings = settings
        self._random = source
        self._last_nod_s = -1e9
        self._last_continuer_s = -1e9
        self._nods: deque[float] = deque()

    def cue(self, t_s: float, *, in_pause: bool) -> ListenerAct | None:
        """Take or leave the chance that a cue at `t_s` offers."""
        settings = self._settings
        while self._nods and self._nods[0] < t_s - 60.0:
            self._nods.popleft()
        take_continuer = self._random.random() < settings.continuer_probability
        if in_pause and take_continuer and t_s - self._last_continuer_s >= settings.continuer_refractory_s:
            self._last_continuer_s = t_s
            return ListenerAct("continuer", t_s, text=self._random.choice(CONTINUERS))
        if t_s - self._last_nod_s < settings.nod_refractory_s or len(self._nods) >= settings.nods_per_minute_max:
            return None
        if self._random.random() >= settings.nod_probability:
            return None
        at_s = t_s + max(0.0, self._random.gauss(settings.nod_delay_s, 0.08))
        self._last_nod_s = at_s
        self._nods.append(at_s)
        kind = self._random.choices(NOD_KINDS, weights=settings.nod_type_shares)[0]
        return ListenerAct("nod", at_s, kind=kind, duration_s=settings.nod_durations_s[NOD_KINDS.index(kind)])
