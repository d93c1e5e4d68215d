"""A belief that has shown, as it is kept for some seconds, and how it is reported. Immutable; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cognitive.mind.announcements import news
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import PLACE
from cognitive.mind.explain import state_of
from cognitive.mind.mistakes import Mistake
from cognitive.mind.names import normal, spoken
from cognitive.mind.showing import Wrong
from runtime.messages import Evidence


@dataclass(frozen=True, slots=True)
class Shown:
    """What one person has shown.

    Attributes:
        person_id: who.
        t_ns: when, last.
        how: by what word, deed or look.
        certainty: that it is so, 0 to 1.
        subject: the thing.
        wrong: the belief; None where the person looks for a thing about which we know no wrong belief of theirs.
        after_ns: others have until then to put it right.
    """

    person_id: str
    t_ns: int
    how: str
    certainty: float
    subject: str
    wrong: Wrong | None = None
    after_ns: int = 0

    @property
    def sought(self) -> bool:
        """The person looks for it without being wrong about it."""
        return self.wrong is None

    @property
    def attribute(self) -> str:
        """What about the thing shows."""
        return PLACE if self.wrong is None else self.wrong.attribute

    def again(self, t_ns: int, how: str, after_ns: int) -> Shown:
        """Return it as shown once more."""
        return replace(self, t_ns=t_ns, how=how, after_ns=after_ns)


def as_mistake(model: EpistemicModel, shown: Shown) -> Mistake:
    """Return what the triggers are told."""
    who = normal(shown.person_id)
    record = model.state.facts.get(f"{PLACE}|{model.resolve(shown.subject)}")
    wrong = shown.wrong
    if wrong is None:
        actual, relation = (record.actual or "", record.relation) if record is not None else ("", "in")
        truth = _theirs(state_of(shown.subject, PLACE, actual, relation), who)
        reason = f"{spoken(who)} looks for the {shown.subject}"
        seen = (
            ()
            if record is None or record.since is None
            else (Evidence(record.since.t_ns, "it is there", record.since.text[:128], 0.0),)
        )
        thing = shown.subject
        return Mistake(
            shown.person_id, shown.t_ns, truth, reason, shown.how, shown.certainty, seen, sought=True, thing=thing
        )  # fmt: skip
    if wrong.attribute == PLACE:
        truth = _theirs(state_of(wrong.subject, PLACE, wrong.actual, wrong.relation), who)
        reason = f"{spoken(who)} thinks that {state_of(wrong.subject, PLACE, wrong.believed)}"
    else:
        truth = news(wrong.attribute, wrong.actual, wrong.believed, wrong.since)
        reason = f"{spoken(who)} reckons with {wrong.attribute} {wrong.believed}"
    evidence = [Evidence(wrong.because.t_ns, "believed since", wrong.because.text[:128], 0.0)]
    if wrong.since is not None:
        evidence.append(Evidence(wrong.since.t_ns, "untrue since", wrong.since.text[:128], 0.0))
    return Mistake(shown.person_id, shown.t_ns, truth, reason, shown.how, shown.certainty, tuple(evidence))


def _theirs(clause: str, who: str) -> str:
    """Return the clause as it is said to its owner: "your keys"."""
    return clause.replace(f"{who}'s ", "your ")
