"""One question, one judgement: the cheapest way of asking, and the one that the others are compared with."""

from __future__ import annotations

from collections.abc import Sequence

from cognitive.reasoners.brief import Brief
from cognitive.reasoners.judgement import Judgement
from cognitive.reasoners.strategies.contract import ask_judgement
from cognitive.reasoners.strategies.story import ask_story
from runtime.llm.prompt import Ask


class Plain:
    """Asks once."""

    name = "plain"
    requests_most = 1

    def __init__(self, ask: Ask) -> None:
        """Ask by `ask`."""
        self._ask = ask

    async def judge(self, brief: Brief) -> Judgement:
        """Return the model's judgement."""
        return await ask_judgement(self._ask, brief)

    async def answer(self, story: str, question: str, choices: Sequence[str]) -> str:
        """Return the model's answer."""
        return await ask_story(self._ask, story, question, choices)
