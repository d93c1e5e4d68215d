"""What the agent takes one person to feel, attend to and want, with the evidence for each estimate.

`PersonMind` is saved with the memory and holds the filters; `MindView` is what reasoners see of it at one moment. `why` puts the
evidence of an estimate into words. Plain data, confined to the room's event loop.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from msgspec import Struct, field

from cognitive.ages import since_s
from cognitive.mind import likelihoods as table
from cognitive.mind.estimate import Categorical, Gauged, Likely, Reason
from cognitive.mind.goals.view import GoalView

ATTENDING_FROM = 0.55
"""From this probability on somebody counts as attending to what is most probable."""


def _likely(name: str) -> Likely:
    prior = table.VARIABLES[name].prior
    return Likely(log_odds=math.log(prior / (1.0 - prior)))


class PersonMind(Struct, kw_only=True):
    """The filters of one person.

    Attributes:
        updated_ns: when it was last brought up to date.
        attending: what the person has attended to without a break (`agent`, `other`, `object`, `away`), `attending_since_ns`.
        agent_since_ns: since when the agent has had the attention; 0 while it has not.
        agent_last_ns: when it last had it.
        distance_m: where the person last stood, 0 where unknown; `came_closer_ns` and `moved_off_ns`: when they last
            came nearer and moved off.
        frowns_ns: since when the face has looked unhappy; 0 while it does not.
    """

    person_id: str
    updated_ns: int
    engagement: Likely = field(default_factory=lambda: _likely("engagement"))
    confusion: Likely = field(default_factory=lambda: _likely("confusion"))
    wish_to_speak: Likely = field(default_factory=lambda: _likely("wish_to_speak"))
    wish_to_leave: Likely = field(default_factory=lambda: _likely("wish_to_leave"))
    valence: Gauged = field(default_factory=lambda: Gauged(variance=table.VALENCE_SD**2))
    arousal: Gauged = field(default_factory=lambda: Gauged(variance=table.AROUSAL_SD**2))
    attention: Categorical = field(default_factory=lambda: Categorical(shares=dict(table.ATTENTION_PRIOR)))
    attending: str = ""
    attending_since_ns: int = 0
    agent_since_ns: int = 0
    agent_last_ns: int = 0
    distance_m: float = 0.0
    came_closer_ns: int = 0
    moved_off_ns: int = 0
    frowns_ns: int = 0
    known_from_sight: bool = False

    def likely(self, name: str) -> Likely:
        """Return the two-state variable of a name in `likelihoods.VARIABLES`."""
        variable: Likely = getattr(self, name)
        return variable

    def view(self, now_ns: int) -> MindView:
        """Return what is to be seen of it now."""
        return MindView(
            person_id=self.person_id,
            engagement=self.engagement.p,
            confusion=self.confusion.p,
            wish_to_speak=self.wish_to_speak.p,
            wish_to_leave=self.wish_to_leave.p,
            valence=self.valence.mean,
            valence_sd=self.valence.sd,
            arousal=self.arousal.mean,
            attention=dict(self.attention.shares),
            attending=self.attending,
            attending_s=since_s(self.attending_since_ns, now_ns) if self.attending else 0.0,
            agent_attention_s=since_s(self.agent_since_ns, now_ns) if self.agent_since_ns else 0.0,
            since_agent_attention_s=since_s(self.agent_last_ns, now_ns),
            since_came_closer_s=since_s(self.came_closer_ns, now_ns),
            since_moved_off_s=since_s(self.moved_off_ns, now_ns),
            seen=self.known_from_sight,
            reasons={
                name: tuple(Reason(t_ns=r.t_ns, cue=r.cue, weight=r.weight) for r in reasons)
                for name, reasons in (
                    ("engagement", self.engagement.reasons),
                    ("confusion", self.confusion.reasons),
                    ("wish_to_speak", self.wish_to_speak.reasons),
                    ("wish_to_leave", self.wish_to_leave.reasons),
                    ("valence", self.valence.reasons),
                    ("arousal", self.arousal.reasons),
                    ("attention", self.attention.reasons),
                )
            },
        )


@dataclass(frozen=True, slots=True)
class MindView:
    """One person's mind at one moment, as estimated.

    Attributes:
        attention: probabilities of `agent`, `other`, `object`, `away`.
        attending: the one that is held, or empty where none is clear; for `attending_s`.
        agent_attention_s: for how long the agent has had the attention; 0 where it has not.
        since_agent_attention_s: since it last had it.
        since_came_closer_s: since the person last came nearer.
        since_moved_off_s: since the person last moved off.
        seen: whether any of this rests on sight; a voice alone says little of attention.
        reasons: by variable, the observations that moved it most; those of a goal under `goals.view.variable`.
        goals: what the person seems to want, the most probable first; empty where the scenario declares no goals.
    """

    person_id: str
    engagement: float
    confusion: float
    wish_to_speak: float
    wish_to_leave: float
    valence: float
    valence_sd: float
    arousal: float
    attention: dict[str, float]
    attending: str
    attending_s: float
    agent_attention_s: float
    since_agent_attention_s: float
    since_came_closer_s: float
    since_moved_off_s: float
    seen: bool
    reasons: dict[str, tuple[Reason, ...]]
    goals: tuple[GoalView, ...] = ()

    def why(self, variable: str) -> str:
        """Return the evidence of an estimate in words, the weightiest first."""
        return ", ".join(f"{r.cue} ({r.weight:+.1f})" for r in self.strongest(variable)) or "nothing but the prior"

    def strongest(self, variable: str) -> list[Reason]:
        """Return the evidence of an estimate, the weightiest first; the same observation made again counts with its sum."""
        by_cue: dict[str, Reason] = {}
        for one in self.reasons.get(variable, ()):
            before = by_cue.get(one.cue)
            weight = one.weight if before is None else before.weight + one.weight
            by_cue[one.cue] = Reason(
                t_ns=max(one.t_ns, 0 if before is None else before.t_ns), cue=one.cue, weight=weight
            )
        return sorted(by_cue.values(), key=lambda reason: -abs(reason.weight))
