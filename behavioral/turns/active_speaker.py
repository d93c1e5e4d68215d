"""Whose voice is it, among the people in view, and what has that person looked at while speaking?

Fed with each block of hearing and the newest percepts. A person speaks whose mouth moves while there is voice, beyond what it moves in
silence (a chewing mouth is no speaker), or from whose direction the voice comes, where the source tells directions; where both are known
their mean counts. Gaze is gathered for everybody while there is voice, the newest second most, so that it is there once the
speaker is known. Everything is kept by the tracks' ids: people who swap places keep what was seen of them. Pure; a few sums for each
person and block.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from runtime.clock import NS_PER_S
from runtime.messages import PersonPercept

MOUTH_LAG_S: Final = 0.4
"""A mouth is judged by its last second (`behavioral.vision.mouth`): it is seen to speak, and to rest, so much later. Our choice."""
MOUTH_WINDOW_S: Final = 1.0
PAUSE_S: Final = 0.25
"""Voice after more silence than this is another's, or another turn's, unless a turn is open."""
REST_OVER_S: Final = 5.0
"""Time constant of what a mouth does in silence."""
GAZE_OVER_S: Final = 1.0
"""Time constant of gaze while speaking: the last part of a turn counts most (Richter et al. 2016: the end tells)."""
SPEAKS_FROM: Final = 0.25
"""A person with less evidence than this is not taken for the speaker; a sure syllable rate from half of the mouth's window is 0.5."""
UNSEEN: Final = 0.1
"""Evidence that somebody out of view always has."""
DIRECTION_SIGMA_RAD: Final = 0.2
"""Spread of a voice's direction around the face; our choice, about what small arrays of microphones do in a room."""


@dataclass(frozen=True, slots=True)
class LooksAt:
    """What a speaker looked at, shares of the last second or so of speech; less than 1 in sum where the gaze was unsure."""

    agent: float
    other: float
    away: float


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who spoke: the person's id, empty where nobody in view did or nothing is known; and how surely, 0 to 1."""

    person_id: str
    share: float


NOBODY: Final = Speaker("", 0.0)


@dataclass(slots=True)
class _Seen:
    voiced_s: float = 0.0
    moved_s: float = 0.0
    at_rest: float = 0.0
    directions: int = 0
    there: float = 0.0
    looked: float = 0.0
    at_agent: float = 0.0
    at_other: float = 0.0
    away: float = 0.0

    def forget_speech(self) -> None:
        self.voiced_s = self.moved_s = self.there = 0.0
        self.looked = self.at_agent = self.at_other = self.away = 0.0
        self.directions = 0

    def speaks(self) -> float | None:
        """How much speaks for this person, 0 to 1; None where nothing is known."""
        known = []
        if self.voiced_s > 0.0:
            known.append(max(0.0, self.moved_s / self.voiced_s - self.at_rest))
        if self.directions:
            known.append(self.there / self.directions)
        return sum(known) / len(known) if known else None


class ActiveSpeaker:
    """The evidence of the present stretch of speech, a turn's pauses included."""

    def __init__(self) -> None:
        """Start in silence."""
        self._seen: dict[str, _Seen] = {}
        self._since_ns = self._until_ns = -(1 << 62)
        self._turn_open = self._fresh = False

    def turn_started(self) -> None:
        """A turn was opened by the voice that is heard: what follows, after pauses too, belongs to it."""
        self._turn_open = True

    def turn_ended(self) -> None:
        """The turn is over: the next voice begins anew."""
        self._turn_open, self._fresh = False, True

    def block(
        self, t_ns: int, length_s: float, voiced: bool, azimuth_rad: float | None, people: Iterable[PersonPercept]
    ) -> None:
        """Take one block of hearing beside the newest percepts.

        Args:
            t_ns: session time of its end.
            length_s: its length.
            voiced: whether it holds the voice of a person.
            azimuth_rad: where the voice comes from, the agent's left positive; None where the source does not tell.
            people: everybody in view.
        """
        silence_s = (t_ns - self._until_ns) / NS_PER_S
        if voiced:
            pause_s = silence_s - length_s
            if self._fresh or (not self._turn_open and pause_s > PAUSE_S):
                self._fresh = False
                for seen in self._seen.values():
                    seen.forget_speech()
            if pause_s > MOUTH_LAG_S:
                self._since_ns = t_ns
            self._until_ns, silence_s = t_ns, 0.0
        sounded = (t_ns - self._since_ns) / NS_PER_S >= MOUTH_LAG_S and silence_s <= MOUTH_LAG_S
        rests = silence_s > MOUTH_LAG_S + MOUTH_WINDOW_S
        here = set()
        for person in people:
            here.add(person.person_id)
            seen = self._seen.setdefault(person.person_id, _Seen())
            if person.mouth_moving is not None and sounded:
                seen.voiced_s += length_s
                seen.moved_s += length_s * person.mouth_moving
            elif person.mouth_moving is not None and rests:
                seen.at_rest += length_s / REST_OVER_S * (person.mouth_moving - seen.at_rest)
            if voiced:
                _look(seen, person, length_s)
                if azimuth_rad is not None:
                    off = math.remainder(azimuth_rad - person.bearing_rad[0], math.tau) / DIRECTION_SIGMA_RAD
                    seen.directions += 1
                    seen.there += math.exp(-off * off / 2.0)
        if len(here) < len(self._seen):
            self._seen = {key: seen for key, seen in self._seen.items() if key in here}

    def speaker(self) -> Speaker:
        """Return who speaks or has spoken last."""
        scores = {key: score for key, seen in self._seen.items() if (score := seen.speaks()) is not None}
        if not scores:
            return NOBODY
        best = max(scores, key=lambda key: scores[key])
        if scores[best] < SPEAKS_FROM:
            return NOBODY
        return Speaker(best, scores[best] / (sum(scores.values()) + UNSEEN))

    def looks_of(self, person_id: str) -> LooksAt | None:
        """Return what a person has looked at while there was voice; None where vision did not tell."""
        seen = self._seen.get(person_id)
        if seen is None or seen.looked <= 0.0:
            return None
        return LooksAt(seen.at_agent / seen.looked, seen.at_other / seen.looked, seen.away / seen.looked)


def _look(seen: _Seen, person: PersonPercept, length_s: float) -> None:
    if person.gaze_target is None:
        return
    new = 1.0 - math.exp(-length_s / GAZE_OVER_S)
    sure = new * person.gaze_confidence
    seen.looked += new * (1.0 - seen.looked)
    seen.at_agent += (sure if person.gaze_target == "agent" else 0.0) - new * seen.at_agent
    seen.at_other += (sure if person.gaze_target == "other" else 0.0) - new * seen.at_other
    seen.away += (sure if person.gaze_target in ("object", "away") else 0.0) - new * seen.away
