"""Perspective-taking for questions on stories: first what the person knows, then an answer from that alone; two requests.

After Wilf, Lee, Liang and Morency 2023, "Think Twice: Perspective-Taking Improves Large Language Models' Theory-of-Mind Capabilities"
(SimToM, arXiv 2311.10227): the model first writes the story as the character knows it, then answers from that text without the rest. Ours:
the first answer names the sentences by number and they are taken from the story, so that no sentence is made up or reworded; it also
names whose perspective it is, for a belief about a belief the people in order (the paper takes the first only); a question about what is
or was so keeps the whole story. The prompts are our own. The authors' known weakness stays: most errors are made in the first step.

It answers questions only: a moment of the slow loop is seen from the agent's own place (`strategies.contract.Answerer`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from cognitive.reasoners import quoting
from cognitive.reasoners.strategies.story import SENTENCES_MAX, ask_story, sentences_of, story_prompt
from runtime.llm.prompt import Ask

_FILTER = """\
Step 1 of 2, perspective. Whose knowledge does the question ask about? `people`: their names; for what A thinks that B
believes, A and then B; empty where it asks what is or was really so. `known`: the numbers of all sentences that the
person knows about because they were there, saw, heard or were told it; for A and B, what A knows that B knows. What
happened while they were away is not among them. Do not answer yet."""
_ANSWER = """\
Step 2 of 2. The story is cut down to what the people in the notes know. Put yourself in their place, know nothing but
these sentences, and answer the question."""


class View(Struct, frozen=True, kw_only=True):
    """The answer of the first step."""

    people: Annotated[list[Annotated[str, Meta(min_length=1, max_length=60)]], Meta(max_length=6)]
    known: Annotated[list[int], Meta(max_length=SENTENCES_MAX)]


class Perspective:
    """Two steps."""

    name = "perspective"

    def __init__(self, ask: Ask) -> None:
        """Ask by `ask`."""
        self._ask = ask

    async def answer(self, story: str, question: str, choices: Sequence[str]) -> str:
        """Return the answer from what the people know that the question asks about."""
        sentences = sentences_of(story)

        def exist(view: View) -> str:
            wrong = any(not 1 <= number <= len(sentences) for number in view.known)
            return f"known: only sentences from 1 to {len(sentences)} exist" if wrong else ""

        view = await self._ask(story_prompt(story, question, choices, _FILTER), View, exist)
        if not view.people:
            return await ask_story(self._ask, story, question, choices)
        kept = "\n".join(sentences[number - 1] for number in sorted(set(view.known)))
        notes = [quoting.line({"perspective_of": " on ".join(view.people)})]
        return await ask_story(self._ask, kept, question, choices, _ANSWER, notes)
