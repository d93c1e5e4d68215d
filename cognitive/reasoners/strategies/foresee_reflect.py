"""Foresee and Reflect: first what is likely to happen next, then what could be done about it now; two requests.

After Zhou et al. 2023, "How FaR Are Large Language Models From Agents with Theory-of-Mind?" (arXiv 2310.03051): models that track beliefs
fail to act on them; a prompt that makes them anticipate future challenges and then reason about possible actions raised GPT-4 from 50 to
71 % on their T4D task. Ours: two structured questions instead of one free text; futures name whom they concern and what the agent could do
about each; the reflection must say whether acting helps more than it interrupts. The prompts are our own. The authors' known weakness
stays: a wrong forecast misleads the reflection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from cognitive.reasoners import quoting
from cognitive.reasoners.brief import Brief
from cognitive.reasoners.judgement import Judgement, Probability
from cognitive.reasoners.strategies.contract import ask_judgement, prompt_of
from cognitive.reasoners.strategies.story import ask_story, story_prompt
from runtime.llm.prompt import Ask

_FORESEE = """\
Step 1 of 2, foresee. What is likely to happen in the next minute if the agent does nothing? For each person: what do
they want to do next, what do they not know that matters for it, which trouble may they meet? Do not judge triggers
yet."""
_REFLECT = """\
Step 2 of 2, reflect. Go through the forecasts in the notes: could one of the agent's acts now prevent or ease the
trouble, and would it help more than it interrupts? Judge the triggers accordingly and choose an act or none."""
_STORY_FORESEE = """\
Step 1 of 2, foresee. For each person in the story: what will they do next, what do they not know that matters for it,
which trouble may they meet?"""
_STORY_REFLECT = """\
Step 2 of 2, reflect. Go through the forecasts in the notes: who would meet trouble for something that they do not know,
and would it help them to be told of it now? In the light of that, answer the question."""


class Forecast(Struct, frozen=True, kw_only=True):
    """One thing that is likely to happen."""

    who: Annotated[str, Meta(max_length=60)]
    will: Annotated[str, Meta(min_length=1, max_length=300)]
    does_not_know: Annotated[str, Meta(max_length=300)] = ""
    trouble: Annotated[str, Meta(max_length=300)] = ""
    probability: Probability


class Forecasts(Struct, frozen=True, kw_only=True):
    """The answer of the first step."""

    forecasts: Annotated[list[Forecast], Meta(min_length=1, max_length=8)]


class ForeseeReflect:
    """Two steps."""

    name = "foresee_reflect"
    requests_most = 2

    def __init__(self, ask: Ask) -> None:
        """Ask by `ask`."""
        self._ask = ask

    async def judge(self, brief: Brief) -> Judgement:
        """Return the judgement after the forecast."""
        foreseen = await self._ask(prompt_of(brief, _FORESEE), Forecasts)
        return await ask_judgement(self._ask, brief, _REFLECT, _notes(foreseen))

    async def answer(self, story: str, question: str, choices: Sequence[str]) -> str:
        """Return the answer after the forecast."""
        foreseen = await self._ask(story_prompt(story, question, choices, _STORY_FORESEE), Forecasts)
        return await ask_story(self._ask, story, question, choices, _STORY_REFLECT, _notes(foreseen))


def _notes(foreseen: Forecasts) -> list[str]:
    ranked = sorted(foreseen.forecasts, key=lambda one: -one.probability)
    return [
        quoting.line(
            {
                "forecast_of": one.who,
                "probability": round(one.probability, 2),
                "will": one.will,
                "does_not_know": one.does_not_know,
                "trouble": one.trouble,
            }
        )
        for one in ranked
    ]
