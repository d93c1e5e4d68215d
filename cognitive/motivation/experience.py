"""What the agent learns from how its initiatives end: by act and person, how often one was carried out and taken up.

Two chances are kept as Beta posteriors over the prior `PRIOR` (mean 0.75, worth eight observations): that the fast system
carries an act out (finished, as against rejected or expired), and that the person takes it up (speaks to the agent within
`TAKE_UP_S` of its end, where the act invites that). Of a person who is not known yet the act's record with everybody else moves
the prior's mean. `caution` is how many times the usual odds an act needs (`cognitive.motivation.utility`): 1 without
experience, at most `CAUTION_MAX`; it only ever raises them. What the body refuses `REFUSALS` times in a row (a walk, on a page)
is left out of plans for `REST_S`. Saved with the memory, bounded, forgotten with the person, shown in each cycle's account.
Confined to the room's event loop.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from cognitive.situation import Situation
from runtime.clock import NS_PER_S

PRIOR = (6.0, 2.0)
PRIOR_MEAN = PRIOR[0] / sum(PRIOR)
TAKE_UP_S = 12.0
CAUTION_MAX = 4.0
OTHERS = 0.5
"""What was seen of other people counts so much."""
TALLIES_MAX = 256
PENDING_MAX = 16
REFUSALS = 3
REST_S = 600.0
SHOWN = 12
BUSY_REASONS = ("overload", "intentions wait already", "too many unanswered")
"""Refusals that say nothing about what the body can do."""


class Tally(Struct, kw_only=True, omit_defaults=True):
    """How the initiatives of one act towards one person ended."""

    carried_out: int = 0
    failed: int = 0
    taken_up: int = 0
    ignored: int = 0


class Pending(Struct, kw_only=True):
    """An initiative that has been said and may still be taken up."""

    act: str
    person_id: str
    since_ns: int
    until_ns: int


class Refusals(Struct, kw_only=True):
    """How often in a row a step was refused, and until when it is left out."""

    in_a_row: int = 0
    rests_until_ns: int = 0


class Experience(Struct, kw_only=True):
    """All that was learnt; keys are `act/person` and `kind/label`."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)
    refusals: dict[str, Refusals] = field(default_factory=dict)

    def ended(self, act: str, person_id: str, *, carried_out: bool) -> None:
        """Count whether an act was carried out."""
        tally = self._tally(act, person_id)
        if carried_out:
            tally.carried_out += 1
        else:
            tally.failed += 1

    def invited(self, act: str, person_id: str, now_ns: int) -> None:
        """Begin to wait for the person to take an act up."""
        until_ns = now_ns + round(TAKE_UP_S * NS_PER_S)
        self.pending.append(Pending(act=act, person_id=person_id, since_ns=now_ns, until_ns=until_ns))
        del self.pending[:-PENDING_MAX]

    def judge(self, situation: Situation) -> None:
        """Settle what has been taken up, or has had its time; asking for quiet, or leaving, takes nothing up."""
        for waiting in list(self.pending):
            person = situation.person(waiting.person_id)
            unwelcome = person is None or person.quiet_until_ns > situation.now_ns
            taken_up = person is not None and person.addressed_ns > waiting.since_ns
            if not (unwelcome or taken_up or situation.now_ns >= waiting.until_ns):
                continue
            self.pending.remove(waiting)
            tally = self._tally(waiting.act, waiting.person_id)
            if taken_up and not unwelcome:
                tally.taken_up += 1
            else:
                tally.ignored += 1

    def take_up(self, act: str, person_id: str) -> float:
        """Return the probability that the person takes the act up."""
        return self._chance(act, person_id, lambda tally: (tally.taken_up, tally.ignored))

    def carry_out(self, act: str, person_id: str) -> float:
        """Return the probability that the fast system carries the act out."""
        return self._chance(act, person_id, lambda tally: (tally.carried_out, tally.failed))

    def caution(self, act: str, person_id: str) -> float:
        """Return by what factor the odds that are needed for an act rise."""
        chance = self.take_up(act, person_id) * self.carry_out(act, person_id)
        return min(CAUTION_MAX, max(1.0, PRIOR_MEAN**2 / chance))

    def refused(self, step: str, reason: str, now_ns: int) -> None:
        """Note that the body cannot do a step (`kind/label`)."""
        if any(busy in reason for busy in BUSY_REASONS):
            return
        while len(self.refusals) >= TALLIES_MAX and step not in self.refusals:
            del self.refusals[next(iter(self.refusals))]
        known = self.refusals.setdefault(step, Refusals())
        known.in_a_row += 1
        if known.in_a_row >= REFUSALS:
            known.rests_until_ns = now_ns + round(REST_S * NS_PER_S)

    def possible(self, step: str, now_ns: int) -> bool:
        """Whether a step is worth being sent."""
        known = self.refusals.get(step)
        return known is None or now_ns >= known.rests_until_ns

    def done(self, step: str) -> None:
        """Note that the body can do a step."""
        self.refusals.pop(step, None)

    def forget_person(self, person_id: str) -> None:
        """Take out what was learnt of a person."""
        for key in [key for key in self.tallies if key.partition("/")[2] == person_id]:
            del self.tallies[key]
        self.pending[:] = [waiting for waiting in self.pending if waiting.person_id != person_id]

    def text(self, chars: int = 1_200) -> str:
        """Return what was learnt, the newest last and at most so long, for people and language models."""
        lines = []
        for key, tally in list(self.tallies.items())[-SHOWN:]:
            act, _, person_id = key.partition("/")
            chance = self.take_up(act, person_id)
            lines.append(
                f"{act} to {person_id or 'anybody'}: taken up {tally.taken_up} of {tally.taken_up + tally.ignored} "
                f"({chance:.2f}), carried out {tally.carried_out} of {tally.carried_out + tally.failed}"
            )
        resting = [step for step, known in self.refusals.items() if known.in_a_row >= REFUSALS]
        lines += [f"the body cannot: {', '.join(resting[-SHOWN:])}"] if resting else []
        while lines and sum(map(len, lines)) + len(lines) > chars:
            del lines[0]
        return "\n".join(lines)

    def _tally(self, act: str, person_id: str) -> Tally:
        key = f"{act}/{person_id}"
        tally = self.tallies.pop(key, None) or Tally()
        while len(self.tallies) >= TALLIES_MAX:
            del self.tallies[next(iter(self.tallies))]
        self.tallies[key] = tally  # the newest last
        return tally

    def _chance(self, act: str, person_id: str, counts: Callable[[Tally], tuple[int, int]]) -> float:
        good, bad = 0, 0
        others_good, others_bad = 0.0, 0.0
        for key, tally in self.tallies.items():
            name, _, whose = key.partition("/")
            if name != act:
                continue
            hits, misses = counts(tally)
            if whose == person_id:
                good, bad = hits, misses
            else:
                others_good += OTHERS * hits
                others_bad += OTHERS * misses
        weight = sum(PRIOR)
        mean = (PRIOR[0] + others_good) / (weight + others_good + others_bad)
        return (weight * mean + good) / (weight + good + bad)
