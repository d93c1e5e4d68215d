"""MetaMind: hypotheses about what goes on in people, refined by norms, then a response that is checked against them; three requests.

After Zhang, Chen, Yeh and Li 2025, "MetaMind: Modeling Human Social Thoughts with Metacognitive Multi-Agent Systems" (NeurIPS 2025, arXiv
2505.18943): a Theory-of-Mind agent proposes hypotheses on mental states, a Domain agent (Moral agent in later versions) refines them with
cultural norms and ethical constraints, a Response agent answers and validates that the answer fits what was inferred. Ours: the three
agents are three structured questions to one model; hypotheses name their evidence by number; the response is a judgement, of which
staying quiet is one; the validation is part of the third answer, and an act that fails it is dropped rather than written anew, since
the moment would have passed. A question on a story can wait: an answer that fails its own validation is asked for once more, and the
one that fits better counts. The prompts are our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cognitive.reasoners import quoting
from cognitive.reasoners.brief import Brief
from cognitive.reasoners.judgement import ActChoice, Judgement, Probability, TriggerJudgement, violation
from cognitive.reasoners.strategies.contract import prompt_of
from cognitive.reasoners.strategies.story import ask_rated, story_prompt
from runtime.llm.prompt import Ask

FITS_FROM = 0.5
"""An act in which the model itself finds less alignment, empathy or coherence is not done."""

_HYPOTHESES = """\
Stage 1 of 3, mental states. Give two to four different hypotheses on what the people present believe, want, intend,
feel or think now, each with its probability and the ids of the observations that it rests on. Do not judge triggers
yet."""
_REFINED = """\
Stage 2 of 3, norms. Go through the hypotheses in the notes. Refine each by what is usual and proper between people
who know each other as little as these, by the agent's role, and by privacy and dignity: reword what presumes too
much, lower what norms make unlikely. Do not judge triggers yet."""
_RESPONSE = """\
Stage 3 of 3, response. In the light of the refined hypotheses in the notes, judge the triggers and choose an act or
none. Then rate honestly, from 0 to 1, how well the act fits the most probable hypothesis (alignment), how considerate
it is (empathy) and how well it fits the moment (coherence); 1 for staying quiet where that is right."""
_STORY_HYPOTHESES = """\
Stage 1 of 3. Give two to four hypotheses on what the people in the story believe, want, intend, feel or think where
the question asks about it, each with its probability. `evidence` are numbers of sentences."""
_STORY_REFINED = """\
Stage 2 of 3. Refine the hypotheses in the notes: what has each person really seen, heard or been told, and what do
social norms make likely?"""
_STORY_RESPONSE = """\
Stage 3 of 3. Answer in the light of the refined hypotheses in the notes. Then check your answer against the most
probable one and against the story: `fit` is how well it fits both, from 0 to 1."""


class Hypothesis(Struct, frozen=True, kw_only=True):
    """What may go on in a person."""

    kind: Literal["belief", "desire", "intention", "emotion", "thought"]
    text: Annotated[str, Meta(min_length=1, max_length=400)]
    probability: Probability
    evidence: Annotated[list[int], Meta(max_length=32)]


class Hypotheses(Struct, frozen=True, kw_only=True):
    """The answer of the first two stages."""

    hypotheses: Annotated[list[Hypothesis], Meta(min_length=1, max_length=6)]


class Response(Struct, frozen=True, kw_only=True):
    """The answer of the third."""

    triggers: Annotated[list[TriggerJudgement], Meta(max_length=16)]
    act: ActChoice | None = None
    alignment: Probability
    empathy: Probability
    coherence: Probability


class MetaMind:
    """Three stages."""

    name = "metamind"
    requests_most = 3

    def __init__(self, ask: Ask) -> None:
        """Ask by `ask`."""
        self._ask = ask

    async def judge(self, brief: Brief) -> Judgement:
        """Return the validated response."""

        def numbers(found: Hypotheses) -> str:
            wrong = any(n not in brief.evidence for one in found.hypotheses for n in one.evidence)
            return f"evidence: only ids from 1 to {len(brief.evidence)} exist" if wrong else ""

        def fits(response: Response) -> str:
            return violation(Judgement(triggers=response.triggers, act=response.act), brief)

        first = await self._ask(prompt_of(brief, _HYPOTHESES), Hypotheses, numbers)
        refined = await self._ask(prompt_of(brief, _REFINED, _notes(first)), Hypotheses, numbers)
        response = await self._ask(prompt_of(brief, _RESPONSE, _notes(refined)), Response, fits)
        valid = min(response.alignment, response.empathy, response.coherence) >= FITS_FROM
        return Judgement(triggers=response.triggers, act=response.act if valid else None)

    async def answer(self, story: str, question: str, choices: Sequence[str]) -> str:
        """Return the answer in the light of refined hypotheses, validated; three requests, or four."""
        first = await self._ask(story_prompt(story, question, choices, _STORY_HYPOTHESES), Hypotheses)
        refined = await self._ask(story_prompt(story, question, choices, _STORY_REFINED, _notes(first)), Hypotheses)
        notes = _notes(refined)
        answer, fit = await ask_rated(self._ask, story, question, choices, _STORY_RESPONSE, notes)
        if fit >= FITS_FROM:
            return answer
        notes.append(quoting.line({"rejected_answer": answer, "fit": round(fit, 2)}))
        other, better = await ask_rated(self._ask, story, question, choices, _STORY_RESPONSE, notes)
        return other if better >= fit else answer


def _notes(found: Hypotheses) -> list[str]:
    """Return hypotheses as quoted lines, the most probable first: what a model wrote from untrusted text is not trusted either."""
    ranked = sorted(found.hypotheses, key=lambda one: -one.probability)
    return [
        quoting.line({"hypothesis": one.kind, "probability": round(one.probability, 2), "text": one.text})
        for one in ranked
    ]
