"""Empathy over a story: how the teller's mood goes up and down, and answers to its course rather than to single words; one request.

After OMG-Empathy (Barros et al. 2019) and EmpathicStories++ (Shen et al. 2024, arXiv 2405.15708), see `cognitive.reasoners.curve` for what
is theirs and ours. `Empathising` adds the embedded half to any reasoner: it proposes to comfort where the smoothed curve has gone low over
more than one utterance, and to share joy where it has come high. `Empathy` asks a model for the curve and a judgement in one; an act
that contradicts the model's own curve (joy at its low, comfort at its high) is dropped.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from cognitive.memory.bank import Bank
from cognitive.motivation.thresholds import EMOTION
from cognitive.reasoners import quoting
from cognitive.reasoners.brief import Brief
from cognitive.reasoners.contract import Proposal
from cognitive.reasoners.curve import Point, curve_of, shape_of, smooth
from cognitive.reasoners.judgement import ActChoice, Judgement, TriggerJudgement, violation
from cognitive.reasoners.strategies.contract import prompt_of
from cognitive.reasoners.strategies.story import AnswersStories
from cognitive.reasoners.strategies.wrapped import Wrapped, transcript
from cognitive.situation import Situation
from runtime.llm.prompt import Ask
from runtime.messages import Evidence

LOW, HIGH = -0.35, 0.45
CONTRADICTED = 0.2
"""Comfort above this valence, or joy below minus this, contradicts the curve."""

_TASK = """\
First give the curve of how the person feels over what they tell: for each observation of kind "said by person" its id and a valence from -1
(very bad) to 1 (very good), from their point of view and in the light of all before. Then judge the triggers; answer to the
course of the story rather than to single words: a low that has lasted calls for comfort, one that has just passed does not."""
_STORY_TASK = "First follow how each person in the story feels over its course. Then answer."


class Empathising(Wrapped):
    """The embedded half."""

    name = "empathy"

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose comfort at a lasting low, shared joy at a high."""
        points = [p for p in curve_of(transcript(situation, bank)) if situation.fresh(EMOTION, p.t_ns)]
        shape = shape_of(points)
        felt = [point for point in points if point.felt]
        if shape is None or len(felt) < 2 or not situation.people:
            return []
        evidence = tuple(
            Evidence(point.t_ns, "story valence", f"valence {point.valence:+.2f}", abs(point.valence))
            for point in felt[-8:]
        )
        who = situation.partner
        if shape.now <= LOW and felt[-2].valence < 0:
            score = min(1.0, 0.35 + 0.75 * -shape.now)
            return [Proposal(EMOTION, "comfort", score, "the story goes low", evidence, who)]
        if shape.now >= HIGH and shape.change >= 0:
            score = min(1.0, 0.35 + 0.75 * shape.now)
            return [Proposal(EMOTION, "celebrate", score, "the story comes to a high", evidence, who)]
        return []


class Felt(Struct, frozen=True, kw_only=True):
    """How one utterance feels to who says it."""

    evidence: int
    valence: Annotated[float, Meta(ge=-1, le=1)]


class Followed(Struct, frozen=True, kw_only=True):
    """The answer."""

    curve: Annotated[list[Felt], Meta(max_length=32)]
    triggers: Annotated[list[TriggerJudgement], Meta(max_length=16)]
    act: ActChoice | None = None


class Empathy(AnswersStories):
    """The language model's half."""

    name = "empathy"
    requests_most = 1
    story_task = _STORY_TASK

    def __init__(self, ask: Ask) -> None:
        """Ask by `ask`."""
        super().__init__(ask)
        self.curve: tuple[Point, ...] = ()
        """As last drawn by the model, smoothed."""

    async def judge(self, brief: Brief) -> Judgement:
        """Return the judgement; an act against the model's own curve is dropped."""

        def fits(followed: Followed) -> str:
            if any(felt.evidence not in brief.evidence for felt in followed.curve):
                return f"curve.evidence: only ids from 1 to {len(brief.evidence)} exist"
            return violation(Judgement(triggers=followed.triggers, act=followed.act), brief)

        followed = await self._ask(prompt_of(brief, _TASK, _notes(brief)), Followed, fits)
        rated = {felt.evidence: felt.valence for felt in followed.curve}
        numbers = sorted(rated)
        self.curve = smooth([brief.evidence[number].t_ns for number in numbers], [rated[number] for number in numbers])
        act = followed.act
        if act is not None and self.curve:
            now = self.curve[-1].valence
            against = (act.act == "comfort" and now > CONTRADICTED) or (act.act == "celebrate" and now < -CONTRADICTED)
            act = None if against else act
        return Judgement(triggers=followed.triggers, act=act)


def _notes(brief: Brief) -> list[str]:
    return [quoting.line({"mean_valence_by_rule": round(brief.situation.valence, 2)})]
