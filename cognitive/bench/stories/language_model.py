"""A language model as an answerer of stories: each strategy of the slow loop that answers questions, over the same server settings.

The model is told the story up to the question, one quoted sentence a line, before it the rule of the data set by which people see things
(the epistemic model knows it too); never the label. `cognitive.llm.timeout_s` is the time of one answer, all requests of its strategy
together. A server that wants fewer requests is left alone as long as it asks for, then asked again; every other fault fails the one
answer. After `FAULTS_IN_A_ROW_MAX` faults of the server in a row nothing is asked any more and the rest fails at once. A server that
cannot be reached, or refuses key or model, before it has answered anything is an error of the user's, not a score. On the
caller's event loop; several questions may be under way.
"""

from __future__ import annotations

import asyncio

from aiohttp import ClientConnectorError

from cognitive.bench.stories.story import AnswerFailed, NotAttempted, Question, Story
from cognitive.reasoners.strategies.contract import Answerer
from cognitive.reasoners.strategies.story import CHOICES_MAX, SENTENCES_MAX, sentences_of
from runtime.clock import NS_PER_S, Clock
from runtime.errors import AttuneError
from runtime.llm.client import LlmUnavailable
from runtime.llm.prompt import LlmNonsense
from runtime.reasoning import ReasonerLlmSettings

STORY_CHARS_MAX = 200_000
TRIES = 4
"""Times that a question is asked while the server wants fewer requests."""
PAUSE_MAX_S = 60.0
"""A longer pause is not waited for."""
FAULTS_IN_A_ROW_MAX = 20
USERS_FAULTS = {401: "the key in the environment", 403: "the key in the environment", 404: "address and model"}
"""Statuses that no later answer mends."""

SEES_ALL = "Note: Whoever comes into a room sees everything in it, also what is in boxes and other containers."
SEES_NOTHING = "Note: Whoever comes into a room does not see what is in boxes and other containers."
RULES = {
    "generated": SEES_ALL,
    "tomi": SEES_ALL,
    "tomi_published": SEES_ALL,
    "t4d": SEES_ALL,
    "tom_babi": SEES_NOTHING,
    "hi_tom": "Note: Everybody sees all that happens in a room until they leave it. People may lie. Whoever left a room earlier "
    "believes what those say who left it later, and nobody else. Telling something changes nothing of what the teller believes.",
}
"""By form of the file; the others are prose that needs none."""


class LanguageModelAnswerer:
    """Asks one strategy."""

    def __init__(self, strategy: Answerer, settings: ReasonerLlmSettings, clock: Clock, form: str = "") -> None:
        """Take how to ask, the time for an answer, and the form of the file (`run.load`)."""
        self._strategy = strategy
        self._settings = settings
        self._clock = clock
        self._rule = [RULES[form]] if form in RULES else []
        self._until_ns = 0
        self._faults_in_a_row = 0
        self._answered = False

    @property
    def given_up(self) -> bool:
        """Whether the server has failed so often that nothing is asked any more."""
        return self._faults_in_a_row >= FAULTS_IN_A_ROW_MAX

    async def answer(self, story: Story, question: Question) -> str:
        """Return the model's answer.

        Raises:
            NotAttempted: the story is too long to be sent.
            AnswerFailed: no usable answer in time.
            AttuneError: no server, or it refuses key or model, and it has never answered.
        """
        told = "\n".join([*self._rule, *story.lines[: question.after]])
        if (
            len(told) > STORY_CHARS_MAX
            or len(question.choices) > CHOICES_MAX
            or len(sentences_of(told)) > SENTENCES_MAX
        ):
            raise NotAttempted("the story is too long to be sent")
        for tried in range(1, TRIES + 1):
            await self._clock.sleep_until_ns(self._until_ns)
            if self.given_up:
                raise AnswerFailed("given up")
            try:
                async with asyncio.timeout(self._settings.timeout_s):
                    answer = await self._strategy.answer(told, question.text, question.choices)
            except LlmNonsense:
                self._heard()
                raise AnswerFailed("nonsense") from None
            except TimeoutError:
                raise self._failed("slow") from None
            except LlmUnavailable as error:
                if tried == TRIES or not self._comes_back(error, tried):
                    raise self._failed(self._fault(error)) from None
            else:
                self._heard()
                return answer
        raise AssertionError("the last try returns or raises")

    def _heard(self) -> None:
        self._answered, self._faults_in_a_row = True, 0

    def _failed(self, fault: str) -> AnswerFailed:
        self._faults_in_a_row += 1
        return AnswerFailed(fault)

    def _comes_back(self, error: LlmUnavailable, tried: int) -> bool:
        """Return whether the server only wants a pause, which then begins."""
        refusal = error.refusal
        if refusal is None or not refusal.rate_limited:
            return False
        pause_s = refusal.retry_after_s if refusal.retry_after_s is not None else 2.0 ** (tried - 1)
        if pause_s > PAUSE_MAX_S:
            return False
        self._until_ns = max(self._until_ns, self._clock.now_ns() + round(pause_s * NS_PER_S))
        return True

    def _fault(self, error: LlmUnavailable) -> str:
        """Return the fault in a few words of ours.

        Raises:
            AttuneError: it is one of settings.
        """
        refusal = error.refusal
        unreachable = isinstance(error.__cause__, ClientConnectorError)
        wrong = USERS_FAULTS.get(refusal.status) if refusal is not None else None
        if not self._answered and (unreachable or wrong is not None):
            said = "cannot be reached" if refusal is None else f"answers {refusal.status}"
            raise AttuneError(
                f"the language model server at {self._settings.base_url} {said}",
                f"check {wrong} (cognitive.llm)" if wrong is not None else "start it, or set cognitive.llm.base_url",
            ) from None
        if refusal is not None:
            return "wants fewer requests" if refusal.rate_limited else f"refused ({refusal.status})"
        if error.slow:
            return "slow"
        return "unreachable" if unreachable else "unusable answer"
