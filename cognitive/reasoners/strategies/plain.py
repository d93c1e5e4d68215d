"""One question, one judgement: the cheapest way of asking, and the one that the others are compared with."""

from __future__ import annotations

from cognitive.reasoners.brief import Brief
from cognitive.reasoners.judgement import Judgement
from cognitive.reasoners.strategies.contract import ask_judgement
from cognitive.reasoners.strategies.story import AnswersStories


class Plain(AnswersStories):
    """Asks once."""

    name = "plain"
    requests_most = 1

    async def judge(self, brief: Brief) -> Judgement:
        """Return the model's judgement."""
        return await ask_judgement(self._ask, brief)
