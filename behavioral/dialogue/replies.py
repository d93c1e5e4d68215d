"""One reply to one turn: from the language model where there is one, else from the scenario.

Yields text pieces with behaviour tags still inside; the speaker splits clauses and tags. Keeps the
conversation's history, in which an agent turn is what the person really heard. When the model fails before
its first token the scenario answers instead, and `trouble` says so until the model answers again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from behavioral.dialogue.llm import ChatTurn, LlmClient, LlmUnavailable
from behavioral.dialogue.scenario import Scenario
from behavioral.dialogue.scripted import ScriptedDialogue
from runtime.settings import DialogueSettings

HISTORY_MAX = 40

STYLE = (
    "You are {name}, an embodied agent talking face to face. Answer in one to three short spoken sentences, no lists, no markup. "
    "Where your body should act, put one of these tags before the word: [wave] [nod] [shake] [shrug] [point] [think] "
    "[welcome] [surprised] [hand_on_heart] [offer]. {role}"
)


class Replies:
    """The agent's side of the dialogue."""

    def __init__(self, settings: DialogueSettings, scenario: Scenario, seed: int, *, use_llm: bool) -> None:
        """Prepare scenario and, where configured and allowed, the language model."""
        self.trouble = ""
        self._scripted = ScriptedDialogue(scenario, seed)
        self._history: list[ChatTurn] = []
        prompt = STYLE.format(name=scenario.file.agent_name, role=scenario.file.role)
        self._llm = LlmClient(settings.llm, prompt) if use_llm and settings.llm.base_url else None

    async def answer(self, text: str) -> AsyncGenerator[str, None]:
        """Yield the reply to what the person said."""
        self._remember("user", text or "(inaudible)")
        if self._llm is not None and text:
            said = False
            try:
                async with aclosing(self._llm.reply(self._history)) as pieces:
                    async for piece in pieces:
                        said = True
                        yield piece
                self.trouble = ""
                return
            except LlmUnavailable as error:
                self.trouble = str(error)
                if said:
                    return
        reply, _rule = self._scripted.answer(text)
        yield reply

    def agent_said(self, heard: str) -> None:
        """Take into the history what the person heard of the agent's turn."""
        if heard:
            self._remember("assistant", heard)

    async def aclose(self) -> None:
        """Close the model's connection."""
        if self._llm is not None:
            await self._llm.aclose()

    def _remember(self, role: str, content: str) -> None:
        self._history.append(ChatTurn(role, content))
        del self._history[:-HISTORY_MAX]
