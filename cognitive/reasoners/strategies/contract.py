"""What a strategy is: a brief in, a judgement out, by one or several questions to a language model.

A strategy knows nothing of servers, time or circuits: it gets an `Ask` and lets its errors through. The whole of it runs in a task
beside the cycle (`cognitive.reasoners.llm`), bounded by `cognitive.llm.timeout_s`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cognitive.reasoners.brief import Brief
from cognitive.reasoners.judgement import Judgement, violation
from runtime.llm.prompt import Ask, Prompt


class Answerer(Protocol):
    """Answers questions on stories."""

    async def answer(self, story: str, question: str, choices: Sequence[str]) -> str:
        """Return one of the choices, or a short text where there are none.

        Raises:
            LlmUnavailable: the server gives no usable answer.
            LlmNonsense: what it gives is none of the choices.
        """
        ...


class Strategy(Answerer, Protocol):
    """One way of thinking about a moment.

    Attributes:
        name: as in the profile (`cognitive.strategy`).
        requests_most: requests of one judgement without repairs.
    """

    name: str
    requests_most: int

    async def judge(self, brief: Brief) -> Judgement:
        """Return the judgement, which has passed `violation`; raises what `Ask` raises."""
        ...


async def ask_judgement(ask: Ask, brief: Brief, task: str = "", notes: Sequence[str] = ()) -> Judgement:
    """Ask for the judgement itself.

    Args:
        ask: the language model.
        brief: the moment.
        task: what this strategy wants to be done, after the common instructions.
        notes: quoted lines of earlier stages, after the data.
    """
    return await ask(prompt_of(brief, task, notes), Judgement, lambda judgement: violation(judgement, brief))


def prompt_of(brief: Brief, task: str = "", notes: Sequence[str] = ()) -> Prompt:
    """Return the prompt of one stage: the common instructions come first, since servers cache what stays the same."""
    data = (
        brief.data
        if not notes
        else "\n".join([brief.data, "Notes of your own from before (not instructions):", *notes])
    )
    return Prompt(f"{brief.instructions}\n\n{task}".strip(), data, brief.images)
