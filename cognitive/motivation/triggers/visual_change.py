# ruff: noqa: E501 - one formula a line
"""Something happened that people would look at or remark on: the light goes out, a poster falls, it begins to snow.

How much the picture changed and what a sentence of the world's tells are weighed together. What people do themselves is their own
business, and what nobody has noticed is worth more than what everybody sees.
"""

from __future__ import annotations

from cognitive.formulas import any_of, plain
from cognitive.memory.bank import Bank
from cognitive.motivation.thresholds import VISUAL
from cognitive.motivation.triggers.contract import proposal
from cognitive.motivation.weighing import Weighing
from cognitive.reasoners.contract import Proposal
from cognitive.scene import Change, Happening
from cognitive.situation import Situation
from runtime.clock import NS_PER_S

FRESH_S = 10.0
FADES_S = 5.0
"""From here on a remark gets later and odder."""
TOGETHER_S = 2.5
"""Changes and sentences within this are one event."""
BACK_WITHIN_S, ANNOUNCED_S = 90.0, 40.0
TOY = any_of(
    r"towers? / blocks? / trains? / marbles? / dominoes / kite / frisbee / ball / balls / toy / toys / dice / cards? / skittles"
)
"""What falls, rolls and tumbles because somebody plays."""
ANNOUNCED = any_of(r"lights? / dark / darker / slides / lamp / curtains? / blinds? / projector / film / switch\w*")
"""Words by which somebody says beforehand that the light will change."""
INTENDS = any_of(
    r"""
    (?:i'll|i will|we'll|we will|i'm going to|we're going to|gonna|let me|let's|about to|watch me|mind|ready|now) / (?:in|on) (?:three|two|five) / one two three
    """
)
"""Words by which somebody says beforehand what they will do."""
LOOKS_UP_S = 4.0
BACKGROUND = 0.45
"""A change up to here is what a living room does all the time."""
NOTABLE = any_of(
    r"""
    fall / falls / fell / drop / drops / dropped / break / breaks / broke / crash\w* / collapse\w* / tip\w* over /
    topple\w* / spill\w* / shatter\w* / burst\w* / explode\w* / bang\w* / slam\w* / go(?:es)? out / went out /
    (?:go(?:es)?|comes?|came|went) (?:on|off|dark|down|black|blank) / black(?:s)? out / power / snow\w* / rain\w* / storm\w* /
    lightning / thunder\w* / rainbow / flood\w* / leak\w* / overflow\w* / boil\w* over / balloon\w* / confetti /
    firework\w* / jump\w* on\w* / lies? down on / climbs? on\w* / runs? (?:in|into|across|through) /
    flies (?:in|into|through|against) / flew / bird / cat / dog / squirrel / deer / robot / drone /
    door (?:opens|bursts|swings|slams) / opens by itself / blows? (?:open|off|over) /
    rolls? (?:off|down|across|away|towards?|into) / sli(?:de|p)s? (?:off|down|from) / lands? on / robin / blackbird /
    heron / butterfly / hedgehog / fox / rabbit / comes? through / sprays? / knock\w* (?:over|down) / swings? open /
    lights? up / turns? (?:red|green|blue|black) / flash\w* / freez\w* / appears?
    """
)
"""What people look up for when it happens (English, present or past)."""


class VisualChange:
    """What people would remark on."""

    name = VISUAL

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose a remark on the newest event that is worth one."""
        if not situation.people:
            return []
        moments = {event.t_ns for event in situation.events if not event.hazard} | {
            change.t_ns for change in situation.changes
        }
        found = [self._at(t_ns, situation) for t_ns in sorted(moments) if self._fresh(t_ns, situation)]
        return [max((one for one in found if one), key=lambda one: one.score)] if any(found) else []

    def _fresh(self, t_ns: int, situation: Situation) -> bool:
        return situation.age_s(t_ns) <= FRESH_S and situation.fresh(VISUAL, t_ns + round(TOGETHER_S * NS_PER_S))

    def _at(self, t_ns: int, situation: Situation) -> Proposal | None:
        """Weigh what happened around one moment."""
        near_ns = round(TOGETHER_S * NS_PER_S)
        changes = [
            c for c in situation.changes if abs(c.t_ns - t_ns) <= near_ns and c.what in ("light", "object", "motion")
        ]
        events = [e for e in situation.events if abs(e.t_ns - t_ns) <= near_ns and not e.hazard]
        if any(self._own_doing(event, situation) for event in events):
            return None
        weighed = Weighing(VISUAL)
        bearing_rad = (0.0, 0.0)
        strongest: Change | None = max(changes, key=lambda change: change.magnitude, default=None)
        if strongest is not None:
            excess = max(0.0, strongest.magnitude - BACKGROUND) / (1.0 - BACKGROUND)
            detail = f"{strongest.what} {strongest.magnitude:.2f}"
            weighed.add(strongest.what, strongest.t_ns, detail, float(excess > 0.0))
            weighed.add("size of motion" if strongest.what == "motion" else "size", strongest.t_ns, detail, excess)
            bearing_rad = strongest.bearing_rad
        notable = next((event for event in events if NOTABLE.search(plain(event.text))), None)
        if notable is not None:
            weighed.add("event", notable.t_ns, notable.text, max(0.0, 2.0 * notable.confidence - 1.0))
            bearing_rad = notable.bearing_rad if any(notable.bearing_rad) else bearing_rad
            here = {person.person_id for person in situation.people}
            unnoticed = notable.seen_by is not None and not set(notable.seen_by) & here
            weighed.add("unnoticed", notable.t_ns, "by all who are here", float(unnoticed))
        if not weighed.evidence:
            return None
        elif events:
            weighed.add("some event", events[-1].t_ns, events[-1].text, float(strongest is not None))
        if strongest is not None and strongest.what == "light":
            before = (c for c in situation.changes if c.what == "light" and c.magnitude > BACKGROUND)
            again = any(near_ns < t_ns - c.t_ns <= BACK_WITHIN_S * NS_PER_S for c in before)
            weighed.add("comes back", strongest.t_ns, "the light was another a moment ago", float(again))
        told = [u for u in situation.utterances if 0 <= t_ns - u.t_ns <= ANNOUNCED_S * NS_PER_S]
        announced = next((u for u in told if ANNOUNCED.search(plain(u.text))), None)
        if announced is None or strongest is None or strongest.what != "light":
            announced = next((u for u in told if notable is not None and _foretells(u.text, notable.text)), None)
        if announced is not None:
            weighed.add("announced", announced.t_ns, announced.text)
        looks_up = any(
            p.target != "agent" and p.target_since_ns and 0.0 <= (p.target_since_ns - t_ns) / NS_PER_S <= LOOKS_UP_S
            for p in situation.people
        )
        weighed.add("somebody looks up", t_ns, size=float(looks_up))
        plays = any(TOY.search(plain(event.text)) for event in events)
        weighed.add("plays", t_ns, "what falls in play", float(plays))
        age_s = situation.age_s(t_ns)
        weighed.add("grows old", situation.now_ns, f"{age_s:.0f} s ago", max(0.0, age_s - FADES_S))
        speak = notable is not None or (strongest is not None and strongest.what != "motion")
        act = "remark" if speak else "glance"
        return proposal(
            VISUAL, act, "something happened that people would remark on", weighed, "", bearing_rad=bearing_rad
        )

    def _own_doing(self, event: Happening, situation: Situation) -> bool:
        """Whether a person who is here does it."""
        words = event.text.lower().split()
        return bool(words) and any(
            words[0].strip(",.'s") == person.person_id.lower() or words[0] == person.person_id.lower()
            for person in situation.people
        )


def _foretells(said: str, event: str) -> bool:
    """Whether somebody has just said that they would do what then happens: "I'll let the curtain drop"."""
    words = plain(event).split()
    subject = words[1] if len(words) > 2 and words[0] in ("the", "a", "an") else ""
    return bool(subject) and subject in plain(said).split() and INTENDS.search(plain(said)) is not None
