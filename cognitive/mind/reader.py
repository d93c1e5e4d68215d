"""The epistemic model together with the controlled language: sentences in, beliefs and reasons out.

For whoever has words rather than events: a scene's reporter, a conversation, somebody who asks "why do you think so?". Only the model's
state needs saving; what "she" and "it" mean is forgotten in a restart. Synchronous, microseconds a sentence, raises at nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import CONTENT, Tells
from cognitive.mind.explain import claim, explain, state_of
from cognitive.mind.language import Discourse, Query, parse_question_of, parse_statement, parse_utterance
from cognitive.mind.names import normal, spoken


class MindReader:
    """Reads what happens and what is said into a model, and answers questions about minds."""

    def __init__(self, model: EpistemicModel) -> None:
        """Work on a model, which may already know something."""
        self.model = model
        self._talk = Discourse(model.people())

    def happened(self, text: str, t_ns: int, *, seen_by: Iterable[str] | None = None) -> bool:
        """Take in a sentence that reports what happened (`WorldEvent.text`); return whether it was understood.

        Args:
            text: one sentence.
            t_ns: when.
            seen_by: who noticed; None: who is there and awake to it.
        """
        for person in self.model.people():
            self._talk.people.setdefault(person, None)
        events = parse_statement(text, self._talk)
        witnesses = None if seen_by is None else tuple(seen_by)
        for event in events or ():
            self.model.apply(event, t_ns, seen_by=witnesses, text=text)
        return events is not None

    def said(self, text: str, speaker: str, t_ns: int, *, listener: str = "", hearers: Iterable[str] = ()) -> int:
        """Take in what somebody said; return how many tellings were understood.

        Args:
            text: the words, of one or more sentences.
            speaker: who said them.
            t_ns: when.
            listener: to whom ("you").
            hearers: who heard it; none: who is there.
        """
        events = parse_utterance(text, speaker, listener, hearers=hearers, discourse=self._talk)
        own_name = f"{normal(speaker)}'s name"  # what somebody is called is a fact of them (`about_agent`), not of a thing of theirs
        told = [event for event in events if not (isinstance(event, Tells) and event.fact.subject == own_name)]
        for event in told:
            self.model.apply(event, t_ns, text=text)
        return len(told)

    def ask(self, text: str, asker: str = "", *, now_ns: int | None = None) -> str | None:
        """Return the answer to a question, as a sentence with its reason; None where the question is not understood."""
        query = parse_question_of(text, asker, self.model.state.me)
        return None if query is None else self.answer(query, now_ns=now_ns)

    def answer(self, query: Query, *, now_ns: int | None = None) -> str:
        """Return the answer to a query, as a sentence with its reason."""
        model = self.model
        if query.kind in {"reality", "memory"}:
            return self._state(query)
        reason = explain(model, query.chain, query.subject, query.attribute, now_ns=now_ns)
        if query.kind in {"belief", "why"}:
            return reason
        held = model.belief(query.chain, query.subject, query.attribute)
        if held is None:
            return f"No. {reason}"
        if query.kind == "believes":
            return f"{'Yes' if held.value == query.value else 'No'}: {claim(held)}."
        actual = query.value or model.actual(query.subject, query.attribute)
        if actual is None:
            return f"I do not know how it is. {claim(held)}."
        if held.value == actual:
            return f"Yes: {claim(held)}."
        truth = state_of(query.subject, query.attribute, actual, self._relation(query))
        return f"No: {claim(held)}; in truth {truth}."

    def _relation(self, query: Query) -> str:
        record = self.model.state.facts.get(f"{query.attribute}|{self.model.resolve(query.subject, query.attribute)}")
        return "in" if record is None else record.relation

    def _state(self, query: Query) -> str:
        """Return how something is, or was at the beginning."""
        now = query.kind == "reality"
        value = (self.model.actual if now else self.model.first)(query.subject, query.attribute)
        me = self.model.state.me
        if (
            value is None
            and now
            and me
            and (own := self.model.belief(me, query.subject, query.attribute)) is not None
            and own.value
        ):
            by = f"{spoken(own.evidence.by)} said so" if own.evidence.by else "so I was told"
            return f"{_capital(state_of(query.subject, query.attribute, own.value, own.relation))}: {by}."
        if not value:
            what = "what is in it" if query.attribute == CONTENT else "where it is"
            return f"I do not know {what}."
        clause = state_of(query.subject, query.attribute, value, self._relation(query) if now else "in", past=not now)
        return f"{_capital(clause)}." if now else f"At the beginning {clause}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
