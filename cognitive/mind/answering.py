"""What the agent answers when somebody asks where a thing is, what somebody thinks, and why it thinks so.

The questions of the controlled language (`docs/controlled-language.md`), through `MindReader`. Only what is known is answered; "Why do you
think so?" is about the answer before it. The agent speaks of itself as "I". Confined to the room's loop.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cognitive.formulas import any_of, plain
from cognitive.mind.explain import reason
from cognitive.mind.language import Query, parse_question_of, sentences
from cognitive.mind.names import normal, spoken
from cognitive.mind.reader import MindReader
from runtime.clock import NS_PER_S

WHY_SO = any_of(
    r"""
    why do you (?:think|say|believe) (?:so|that|this) / what makes you (?:think|say|so sure) / how do you know /
    how can you know / how would you know
    """
)
AGO_S = 60.0
"""A "why do you think so?" is about an answer that is no older."""
PEOPLE_TOO = frozenset({"belief", "why", "knows", "believes"})


class Answering:
    """Answers questions about one model, and remembers what it was asked last."""

    def __init__(self, reader: MindReader, kept_from: Callable[[str, str, str], bool]) -> None:
        """Answer from a reader's model, but for what is kept from who asks: of a person, a subject and an attribute."""
        self._reader = reader
        self._kept_from = kept_from
        self._last: tuple[int, Query] | None = None

    def answer(self, text: str, asker: str, now_ns: int) -> str:
        """Return the answer to the first question of a text that can be answered; empty where none can.

        Args:
            text: what was asked.
            asker: who asks; "I" and "my".
            now_ns: the present.
        """
        if WHY_SO.search(plain(text)):
            return self._why(now_ns)
        for sentence in sentences(text):
            query = parse_question_of(sentence, asker, self._reader.model.state.me) if sentence.endswith("?") else None
            if query is not None and self._known(query) and not self._kept_from(asker, query.subject, query.attribute):
                self._last = (now_ns, query)
                return self._spoken(self._reader.answer(query), asker)
        return ""

    def _known(self, query: Query) -> bool:
        """Return whether there is anything to answer."""
        model = self._reader.model
        if query.kind == "memory":
            return model.first(query.subject, query.attribute) is not None
        if query.kind == "reality":
            own = model.belief(model.state.me, query.subject, query.attribute) if model.state.me else None
            known = own is not None and bool(own.value)
            return known or bool(model.actual(query.subject, query.attribute))
        return query.kind in PEOPLE_TOO and model.belief(query.chain, query.subject, query.attribute) is not None

    def _why(self, now_ns: int) -> str:
        """Return why the last answer is believed."""
        if self._last is None or now_ns - self._last[0] > AGO_S * NS_PER_S:
            return ""
        model, query = self._reader.model, self._last[1]
        chain = query.chain or (model.state.me,)
        held = model.belief(chain, query.subject, query.attribute) if all(chain) else None
        return "" if held is None else self._spoken(f"Because {reason(held)}.", "")

    def _spoken(self, text: str, asker: str) -> str:
        """Return an answer as the agent says it to the asker: "I" for its name, "your keys" for "anna's keys"."""
        me, who = spoken(self._reader.model.state.me), normal(asker)
        if me:
            text = re.sub(rf"\b{re.escape(me)} thinks\b", "I think", text)
            text = re.sub(rf"(\btold (?:[\w, ]+ and )?){re.escape(me)}\b", r"\1me", text)
            text = re.sub(rf"\b{re.escape(me)}\b", "I", text)
        if who:
            text = re.sub(rf"\b{re.escape(who)}'s ", "your ", text, flags=re.IGNORECASE)
        return text[:1].upper() + text[1:]
