"""Initiative or restraint: of the proposals over their thresholds at most one may pass, and each refusal has a published reason.

The rules, in the order in which they refuse (constants in research: ProAct's restraint, MIRA, and our profile): worth
(`cognitive.motivation.utility`) → hysteresis (two regular cycles in a row) → back-off after a rejection → cool-down of the type →
running plan of equal or higher priority → floor (nobody is talked over, a pending reply goes first) → quiet of the person
(`min_quiet_s`). Courtesy, promises and safety are owed: they need no second cycle, no cool-down and no long quiet, and safety no
floor either. Pure but for its saved counters.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct, field

from cognitive.acts import ACTS
from cognitive.motivation.experience import Experience
from cognitive.motivation.thresholds import OWED, SAFETY, SOCIAL, VISUAL
from cognitive.motivation.utility import BREAKS_IN, needed
from cognitive.reasoners.contract import Assessment, Proposal
from cognitive.situation import Situation
from runtime.clock import NS_PER_S
from runtime.settings import CognitiveSettings

STREAK_NEEDED = 2
REJECTION_BACKOFF_S = 10.0
"""What was rejected or came too late is not tried again before this."""
DANGER_BACKOFF_S = 2.0
"""The same for danger: a warning is of use for seconds."""
AT_PARTING = frozenset({"remind_belongings"})
"""What is for who goes: it waits for no second cycle and is not too late at a goodbye."""
INITIATIVE_GAP_S = 25.0
"""After an initiative of any type the person has this long to take it up before another one that is not owed."""
BREAK_IN_GAP_S = 8.0
"""A feeling or an event that comes in between does not wait that long."""
ATTEMPTS_MAX = 2
"""So often an act towards one person is tried in all before it is given up."""
TRIED_MAX = 64
DUE = OWED | {SOCIAL}
"""What is due whenever its moment comes: courtesy too, which may be tried in vain too often."""

NOTHING = "nothing over threshold"


class GateState(Struct, kw_only=True):
    """What must survive a restart: cycles over threshold in a row, last acts by type, and what was tried in vain."""

    streak: dict[str, int] = field(default_factory=dict)
    last_act_ns: dict[str, int] = field(default_factory=dict)
    blocked_until_ns: dict[str, int] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """Either a proposal to act upon, or the reason for restraint."""

    proposal: Proposal | None
    restraint: str


class Gate:
    """Decides; keeps its counters in a `GateState` that the room saves."""

    def __init__(
        self,
        settings: CognitiveSettings,
        thresholds: dict[str, float],
        state: GateState,
        experience: Experience | None = None,
    ) -> None:
        """Take the rules' constants from the profile, and what became of earlier acts."""
        self._settings = settings
        self._thresholds = thresholds
        self.state = state
        self._experience = experience or Experience()

    def decide(self, assessment: Assessment, situation: Situation, running_priority: int, *, regular: bool) -> Decision:
        """Choose.

        Args:
            assessment: what the reasoner found.
            situation: the moment it found it in.
            running_priority: priority of the plan under way, -1 if there is none.
            regular: whether this is a cycle of the fixed rhythm; early ones do not count for hysteresis.
        """
        over, seldom = self._worth(assessment, situation)
        crossing = {p.trigger for p in over}
        for trigger in self._thresholds:
            if trigger not in crossing:
                self.state.streak[trigger] = 0
            elif regular:
                self.state.streak[trigger] = min(1_000, self.state.streak.get(trigger, 0) + 1)
        over.sort(
            key=lambda p: (
                -ACTS[p.act].priority, -p.score / self._experience.caution(p.act, p.person_id), p.act, p.person_id
            )
        )  # fmt: skip
        restraint = seldom or NOTHING
        for proposal in over:
            refusal = self._refuse(proposal, situation, running_priority)
            if not refusal:
                return Decision(proposal, "")
            if restraint in (NOTHING, seldom):
                restraint = f"{proposal.trigger}: {refusal}"
        return Decision(None, restraint)

    def _worth(self, assessment: Assessment, situation: Situation) -> tuple[list[Proposal], str]:
        """Return the proposals that are worth it, and why the strongest of those is not that experience alone speaks against."""
        over: list[Proposal] = []
        seldom: list[Proposal] = []
        for proposal in assessment.proposals:
            threshold = self._thresholds.get(proposal.trigger, 1.0)
            if proposal.act not in ACTS or proposal.score < needed(proposal, situation, threshold):
                continue
            caution = self._experience.caution(proposal.act, proposal.person_id)
            worth = proposal.score >= needed(proposal, situation, threshold, caution)
            (over if worth else seldom).append(proposal)
        if not seldom:
            return over, ""
        best = max(seldom, key=lambda p: p.score)
        chance = self._experience.take_up(best.act, best.person_id)
        return over, f"{best.trigger}: {best.act} is seldom taken up ({chance:.2f})"

    def _refuse(self, proposal: Proposal, situation: Situation, running_priority: int) -> str:
        """Return the first rule that forbids the proposal, or an empty text."""
        owed = proposal.trigger in DUE
        state, now_ns = self.state, situation.now_ns
        at_parting = proposal.act in AT_PARTING
        if not owed and not at_parting and state.streak.get(proposal.trigger, 0) < STREAK_NEEDED:
            return "seen in one cycle only"
        if not owed and not at_parting and situation.people and all(person.leave_ns for person in situation.people):
            return "the person has taken leave"
        key = _key(proposal.act, proposal.person_id)
        if proposal.trigger not in OWED and state.attempts.get(key, 0) >= ATTEMPTS_MAX:
            return "tried in vain before"
        if now_ns < state.blocked_until_ns.get(key, 0):
            return "was rejected a moment ago"
        last_ns = state.last_act_ns.get(proposal.trigger)
        if not owed and last_ns is not None and situation.age_s(last_ns) < self._settings.cooldown_s:
            return "cool-down"
        if not owed and self._too_soon(proposal, situation):
            return "the last initiative was a moment ago"
        if running_priority >= ACTS[proposal.act].priority:
            return "another plan is under way"
        if proposal.trigger == SAFETY:
            return ""
        speaks = ACTS[proposal.act].speaks
        match situation.floor:
            case "user":
                return "the person is speaking"
            case "agent" if speaks:
                return "the agent is speaking"
            case "reply_pending" if speaks:
                return "a reply is due first"
        if not owed and proposal.trigger != VISUAL and situation.quiet_s < self._settings.min_quiet_s:
            return "the person spoke a moment ago"
        return ""

    def _too_soon(self, proposal: Proposal, situation: Situation) -> bool:
        """Whether the person has not had the time to take the last initiative up, nor done so."""
        # A goodbye of the agent's own is no initiative that a word about what is left behind would have to wait for.
        courtesy = {SOCIAL} if proposal.act in AT_PARTING else set()
        newest_ns = max((t_ns for name, t_ns in self.state.last_act_ns.items() if name not in courtesy), default=0)
        taken_up = any(person.addressed_ns > newest_ns for person in situation.people)
        gap_s = BREAK_IN_GAP_S if proposal.trigger in BREAKS_IN else INITIATIVE_GAP_S
        return newest_ns > 0 and not taken_up and situation.age_s(newest_ns) < gap_s

    def acted(self, proposal: Proposal, now_ns: int) -> None:
        """Start the cool-down."""
        self.state.last_act_ns[proposal.trigger] = now_ns

    def failed(self, act: str, person_id: str, now_ns: int, trigger: str = "") -> None:
        """Note that an act was rejected or expired: back off, and give up after `ATTEMPTS_MAX`; danger backs off only shortly."""
        key = _key(act, person_id)
        for table in (self.state.attempts, self.state.blocked_until_ns):
            while len(table) >= TRIED_MAX:
                del table[next(iter(table))]
        self.state.attempts[key] = self.state.attempts.get(key, 0) + 1
        backoff_s = DANGER_BACKOFF_S if trigger == SAFETY else REJECTION_BACKOFF_S
        self.state.blocked_until_ns[key] = now_ns + round(backoff_s * NS_PER_S)

    def new_encounter(self, person_id: str) -> None:
        """Forget what was tried in vain towards a person who comes anew."""
        for table in (self.state.attempts, self.state.blocked_until_ns):
            for key in [key for key in table if key.endswith(f"\n{person_id}")]:
                del table[key]


def _key(act: str, person_id: str) -> str:
    return f"{act}\n{person_id}"
