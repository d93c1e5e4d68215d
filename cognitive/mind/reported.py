"""Minds and beliefs as they are published with every cycle, each with why the agent thinks so.

`minds_of` is a plain copy of the views. `BeliefReports` looks through the facts of the epistemic model for what differs, between people and
from how it is, for common ground (`shared_of`), and for what people believe of the agent; what it finds of a fact is kept until
something new is perceived of it or other people are here, so that a cycle costs microseconds. Bounded: `PER_KIND` of each kind, the newest.
Pure but for that; confined to the room's loop.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from cognitive.mind import own_words
from cognitive.mind.called import NAME, as_called, called, is_track, name_of
from cognitive.mind.common_ground import shared_of
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import PLACE
from cognitive.mind.explain import claim, reason, state_of
from cognitive.mind.goals.view import variable
from cognitive.mind.names import normal, spoken, with_names
from cognitive.mind.person import MindView
from cognitive.mind.sightings import Belief, believed
from cognitive.mind.state import FactRecord
from runtime.messages import BeliefReport, Estimate, Evidence, MindReport

PEOPLE_MAX = 8
EVIDENCE_MAX = 3
GOALS_MAX = 4
PER_KIND = 8
CLAIM_CHARS = 300
LABEL_CHARS = 128
LIKELY = ("engagement", "confusion", "wish_to_speak", "wish_to_leave")
KINDS = ("wrong", "differs", "agent", "common")

_Print = tuple[int, int, str | None, str]


def minds_of(views: Iterable[MindView], names: Mapping[str, str] | None = None) -> tuple[MindReport, ...]:
    """Return what is estimated of people's minds, with the strongest evidence of each estimate.

    Args:
        views: the minds.
        names: what people are called, by id.
    """
    return tuple(_mind(view, names or {}) for view in itertools.islice(views, PEOPLE_MAX))


def _mind(view: MindView, names: Mapping[str, str]) -> MindReport:
    top = max(view.attention, key=lambda name: view.attention[name])
    estimates = [Estimate(name, round(getattr(view, name), 3), evidence=_evidence(view, name)) for name in LIKELY]
    estimates += [
        Estimate("valence", round(view.valence, 3), evidence=_evidence(view, "valence")),
        Estimate("arousal", round(view.arousal, 3), evidence=_evidence(view, "arousal")),
        Estimate(
            "attention", round(view.attention[top], 3), what=top, evidence=_evidence(view, "attention", newest=True)
        ),
    ]
    estimates += [
        Estimate(
            variable(goal.id)[:LABEL_CHARS],
            round(goal.p, 3),
            goal.wish[:LABEL_CHARS],
            _evidence(view, variable(goal.id)),
        )
        for goal in view.goals[:GOALS_MAX]
    ]
    name = names.get(view.person_id, "")[:LABEL_CHARS]
    return MindReport(view.person_id[:LABEL_CHARS], tuple(estimates), seen=view.seen, name=name)


def _evidence(view: MindView, variable: str, *, newest: bool = False) -> tuple[Evidence, ...]:
    """Return what moved an estimate most, or last: of attention it is the last look that counts."""
    reasons = view.strongest(variable)
    if newest:
        reasons.sort(key=lambda reason: -reason.t_ns)
    return tuple(
        Evidence(max(0, one.t_ns), one.cue[:LABEL_CHARS], weight=round(one.weight, 3)) for one in reasons[:EVIDENCE_MAX]
    )


class BeliefReports:
    """Reports of one model."""

    def __init__(self, model: EpistemicModel) -> None:
        """Report on a model, whose `me` is the agent."""
        self._model = model
        self._here: tuple[str, ...] = ()
        self._numbers: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._nameless: dict[str, str] = {}
        self._found: dict[str, tuple[_Print, list[BeliefReport]]] = {}

    def see(self, people: Iterable[str]) -> None:
        """Note who is here, by their ids, and so what they are called."""
        here = tuple(itertools.islice(people, PEOPLE_MAX))
        self._count(here)
        names = called(self._model, here, self._numbers)
        if here != self._here or names != self._names:
            self._here, self._names = here, names
            self._nameless = called(self._model, here, self._numbers, by_name=False)
            self._found.clear()

    def of(self, people: Iterable[str]) -> tuple[BeliefReport, ...]:
        """Return what is to be told of the beliefs of people who are here, and of the agent's.

        Args:
            people: their ids.
        """
        self.see(people)
        facts = self._model.state.facts
        for name in [name for name in self._found if name not in facts]:
            del self._found[name]
        by_kind: dict[str, list[BeliefReport]] = {kind: [] for kind in KINDS}
        for name, record in facts.items():
            mark = _fingerprint(record)
            known = self._found.get(name)
            if known is None or known[0] != mark:
                known = self._found[name] = (mark, self._report(record))
            for report in known[1]:
                by_kind[report.kind].append(report)
        for reports in by_kind.values():
            reports.sort(key=lambda report: -report.t_ns)
        return tuple(report for kind in KINDS for report in by_kind[kind][:PER_KIND])

    def names(self) -> dict[str, str]:
        """Return what those who are here are called where somebody has to be told apart: by name, or "Person 2"."""
        found = {who: name_of(self._model, who) or f"Person {number}" for who, number in self._numbers.items()}
        return {person_id: found[normal(person_id)] for person_id in self._here}

    def _count(self, here: Sequence[str]) -> None:
        """Number people as they come; who stays keeps their number, and when all have gone it begins anew."""
        present = [normal(person_id) for person_id in here]
        self._numbers = {who: number for who, number in self._numbers.items() if who in present}
        for who in present:
            if who not in self._numbers:
                self._numbers[who] = max(self._numbers.values(), default=0) + 1

    def _report(self, record: FactRecord) -> list[BeliefReport]:
        """Return the reports on one fact."""
        state = self._model.state
        if record.subject in state.people and record.attribute == PLACE:
            return []
        ids = {normal(person_id): person_id for person_id in self._here}
        if state.me:
            ids[state.me] = spoken(state.me)
        held = {who: belief for who in ids if (belief := self._held((who,), record)) is not None and belief.value}
        if record.subject == state.me:
            return [self._of_agent((who,), belief, ids) for who, belief in held.items() if who != state.me]
        return [
            *self._wrong(record, held, ids),
            *self._about_agents_mind(record, held, ids),
            *self._common(record, ids),
        ]

    def _held(self, chain: tuple[str, ...], record: FactRecord) -> Belief | None:
        return believed(chain, record.subject, record.attribute, record.sightings)

    def _wrong(self, record: FactRecord, held: dict[str, Belief], ids: dict[str, str]) -> list[BeliefReport]:
        """Return who believes what is not so, or where nobody knows: who believes what."""
        if record.actual:
            actual = state_of(record.subject, record.attribute, record.actual, record.relation)
            wrong = {who: belief for who, belief in held.items() if belief.value != record.actual}
            return [self._one("wrong", (ids[who],), claim(one), one, actual) for who, one in wrong.items()]
        if len({belief.value for belief in held.values()}) < 2:
            return []
        newest = max(held.values(), key=lambda belief: belief.evidence.event)
        claims = "; ".join(claim(belief) for belief in held.values())
        return [self._one("differs", tuple(ids[who] for who in held), claims, newest)]

    def _about_agents_mind(
        self, record: FactRecord, held: dict[str, Belief], ids: dict[str, str]
    ) -> list[BeliefReport]:
        """Return what people take the agent to believe, where that is not what it believes."""
        me = self._model.state.me
        own = held.get(me)
        found = []
        for who in ids if me else ():
            theirs = self._held((who, me), record) if who != me else None
            if theirs is not None and theirs.value and (own is None or theirs.value != own.value):
                found.append(self._of_agent((who, me), theirs, ids))
        return found

    def _of_agent(self, chain: tuple[str, ...], belief: Belief, ids: dict[str, str]) -> BeliefReport:
        return self._one("agent", (ids[chain[0]],), claim(belief), belief)

    def _common(self, record: FactRecord, ids: dict[str, str]) -> list[BeliefReport]:
        """Return who have a fact in common, each group once."""
        if record.actual == own_words.DROPPED:
            return []
        pairs = {
            pair: shared for pair in itertools.combinations(ids, 2) if (shared := shared_of(record, *pair)) is not None
        }
        groups: list[tuple[str, ...]] = []  # each pair is in one of them
        for pair in pairs:
            if any(set(pair) <= set(group) for group in groups):
                continue
            members = list(pair)
            for who in ids:
                if who not in members and all((a, who) in pairs or (who, a) in pairs for a in members):
                    members.append(who)
            groups.append(tuple(who for who in ids if who in members))
        found = []
        for group in groups:
            shared = pairs[group[0], group[1]]
            belief = self._held((group[0],), record)
            if belief is None:
                continue
            names = tuple(ids[who] for who in group)
            text = state_of(record.subject, record.attribute, shared.value, belief.relation)
            both = Belief(group, belief.subject, belief.attribute, belief.value, belief.relation, shared.evidence, 0)
            found.append(self._one("common", names, text, both, why=_for_all(both)))
        return found

    def _one(
        self, kind: str, people: Sequence[str], text: str, belief: Belief, actual: str = "", why: str = ""
    ) -> BeliefReport:
        names = self._nameless if belief.attribute == NAME else self._names
        return BeliefReport(
            kind=kind,  # type: ignore[arg-type] # called with literals above
            people=tuple(name[:LABEL_CHARS] for name in people),
            claim=self._in_words(text, names),
            because=self._in_words(why or reason(belief), names),
            t_ns=max(0, belief.evidence.t_ns),
            actual=self._in_words(actual, names),
        )

    def _in_words(self, text: str, names: dict[str, str]) -> str:
        """Return a clause with everybody as they are called."""
        known = [who for who in self._model.state.people if not is_track(who)]
        return as_called(with_names(text, known), names)[:CLAIM_CHARS]


def _for_all(belief: Belief) -> str:
    """Return why a group has something in common."""
    if belief.evidence.how == "told" and belief.evidence.by in belief.chain:
        return f"{spoken(belief.evidence.by)} told the others so"
    return reason(belief)


def _fingerprint(record: FactRecord) -> _Print:
    last = record.sightings[-1].evidence.event if record.sightings else 0
    return last, len(record.sightings), record.actual, record.relation
