# ruff: noqa: E501 - one formula a line
"""When senses disagree: a picture is not trusted over words, nor words over a picture; the worse reading is checked by asking.

The rule: of two readings the worse one decides that something is done, and what is done is a question (act `check_on`), never an alarm and
never nothing. It holds for

- `despair`: somebody says that they want to die, whatever the face shows (a smile is evidence that is shown, not a reason to stay quiet)
  and whatever is being played, unless somebody has declared a rehearsal, a role or a drill that covers these words;
- `fallen`: a camera's or a model's sentence says that somebody lies or does not move, while that person speaks or is seen upright.

And text that was seen (a sign, a screen) is data: a sentence about it that gives orders to the agent moves nothing. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cognitive.formulas import any_of, plain
from cognitive.motivation.thresholds import SAFETY
from cognitive.reasoners.contract import Assessment, Proposal, scored
from cognitive.scene import Happening
from cognitive.situation import Situation
from runtime.clock import NS_PER_S
from runtime.messages import Evidence
from runtime.safety.classes import CLASSES
from runtime.safety.despair import despairs
from runtime.safety.honesty import HONESTY
from runtime.safety.patterns import Matcher
from runtime.safety.peril import danger
from runtime.safety.words import sentences

FRESH_S = 12.0
SPEAKS_S = 6.0
SEEN_S = 2.0
DESPAIR = "words of despair"
"""Kind of evidence."""
ORDERS_S = 60.0
"""Triggers look at events that are so old at most."""
SMILE = 0.3
ASKING = 0.95
"""Score of a question that a contradiction calls for."""

_DOWN = any_of(
    r"""
    (?:lying|lies|laying) (?:\w+ )?on (?:\w+ )?(?:floor|ground|stairs|pavement|carpet|tiles) / (?:collapsed|collapses|fainted|faints) /
    (?:has )?(?:fallen|falls)(?! asleep| silent| in love| into| for| behind| quiet) /
    (?:is |seems )?(?:unconscious|motionless|not moving|passed out) / (?:does not|doesn't) move
    """
)
_SOMEBODY = any_of(
    r"""
    (?:some|any)(?:body|one) / (?:a|an|the|this|that|one|another)(?: \w+){0,2}? (?:person|man|woman|boy|girl|child|kid|toddler|baby|lady|gentleman) /
    (?:a|an|the|this|that|one|another)(?: \w+){0,2}? (?:visitor|guest|patient|customer|user|student|pupil|pensioner|grandmother|grandfather) / he / she / they
    """
)
_WRITTEN = any_of(
    r"(?:sign|screen|paper|note|label|poster|text|board|t shirt|shirt|card|phone|page|picture|letters?|badge)(?: \w+){0,4}? (?:says?|reads?|shows?|written|with) / (?:says|reads|written)"
)
_ORDERS = Matcher([rule for rule in HONESTY if rule.category == "machinery"], CLASSES)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two readings of a moment. `worse` is the one that is checked; `conflict`: whether there really are two."""

    kind: str
    person_id: str
    worse: str
    other: str
    evidence: tuple[Evidence, ...]
    conflict: bool = True

    @property
    def t_ns(self) -> int:
        """Time of its newest evidence."""
        return max(item.t_ns for item in self.evidence)


def contradictions(situation: Situation) -> tuple[Contradiction, ...]:
    """Return what has to be asked about now, and has not been yet."""
    found = [_despair(situation), *(_fallen(event, situation) for event in situation.events)]
    return tuple(one for one in found if one is not None)


def is_written_order(event: Happening) -> bool:
    """Whether what was seen is a text that wants to give the agent orders."""
    return _WRITTEN.search(plain(event.text)) is not None and any(_ORDERS.search(s) for s in sentences(event.text))


def written_orders(situation: Situation) -> list[Happening]:
    """Return the texts that were seen lately and want to give orders."""
    return [event for event in situation.events if situation.age_s(event.t_ns) <= ORDERS_S and is_written_order(event)]


def settle(assessment: Assessment, situation: Situation, found: tuple[Contradiction, ...]) -> Assessment:
    """Return the assessment with a question in the place of what acts on one of two readings, and without what a seen text ordered."""
    orders = {event.t_ns for event in written_orders(situation)}
    doubtful = {item.t_ns for one in found if one.kind == "fallen" for item in one.evidence if item.kind == "hazard"}
    kept = [
        p for p in assessment.proposals if not _rests_on(p, orders) and not (p.act == "warn" and _rests_on(p, doubtful))
    ]
    asked = [
        Proposal(
            trigger=SAFETY, act="check_on", score=ASKING, reason=f"{one.worse}, though {one.other}"[:128], evidence=one.evidence,
            person_id=one.person_id,
        )
        for one in found
    ]  # fmt: skip
    if len(kept) == len(assessment.proposals) and not asked:
        return assessment
    proposals = (*kept, *asked)
    dropped = {p.trigger for p in assessment.proposals if p not in kept}
    scores = {name: (0.0, "") if name in dropped else value for name, value in assessment.scores.items()}
    return replace(assessment, scores=scored(scores, proposals), proposals=proposals)


def _rests_on(proposal: Proposal, times: set[int]) -> bool:
    """Whether all that speaks for a proposal happened at these times; what is true of now alone is no evidence of its own."""
    return bool(times) and bool(proposal.evidence) and bool({item.t_ns for item in proposal.evidence} & times)


def _despair(situation: Situation) -> Contradiction | None:
    for said in reversed(situation.utterances):
        if said.speaker != "user" or situation.age_s(said.t_ns) > FRESH_S or not situation.fresh(SAFETY, said.t_ns):
            continue
        if said.pretence == "declared" or not despairs(said.text):
            continue
        person = situation.person(said.person_id)
        evidence = [Evidence(said.t_ns, DESPAIR, said.text[:128])]
        other = "nothing else shows it"
        smiles = person is not None and person.face_valence is not None and person.face_valence >= SMILE
        glad = any(
            f.valence >= SMILE and f.person_id in (said.person_id, "") and abs(f.t_ns - said.t_ns) <= FRESH_S * NS_PER_S
            for f in situation.all_feelings
        )
        if smiles or glad:
            other = "the face smiles" if smiles else "the voice sounds glad"
            evidence.append(Evidence(situation.now_ns, "face" if smiles else "voice", other))
        return Contradiction(
            "despair", said.person_id, "somebody may not want to live", other, tuple(evidence), smiles or glad
        )
    return None


def _fallen(event: Happening, situation: Situation) -> Contradiction | None:
    if situation.age_s(event.t_ns) > FRESH_S or not situation.fresh(SAFETY, event.t_ns):
        return None
    if situation.pretence or _DOWN.search(plain(event.text)) is None:
        return None
    words = set(plain(event.text).split())
    named = [p for p in situation.people if p.person_id.lower() in words]
    alone = len(situation.people) == 1 and _SOMEBODY.match(plain(event.text)) is not None
    people = named or (list(situation.people) if alone else [])
    if not people:
        return None
    person = people[0]
    evidence = [Evidence(event.t_ns, "hazard", event.text[:128], event.confidence)]
    said = situation.last_said_by(person.person_id)
    if said is not None and situation.age_s(said.t_ns) <= SPEAKS_S and not danger(said.text):
        evidence.append(Evidence(said.t_ns, "speech", said.text[:128]))
    if (
        person.seen
        and person.facing >= 0.5
        and situation.age_s(person.last_ns) <= SEEN_S
        and not situation.distress(person.person_id, SPEAKS_S)
    ):
        evidence.append(Evidence(person.last_ns, "face", "turned to the agent, without distress"))
    if len(evidence) == 1:
        return None
    other = " and ".join(sorted({"speaks" if item.kind == "speech" else "is seen upright" for item in evidence[1:]}))
    return Contradiction("fallen", person.person_id, "somebody may have fallen", f"the person {other}", tuple(evidence))
