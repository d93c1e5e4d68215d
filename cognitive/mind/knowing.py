"""What one person knows, as far as that matters for what the agent says to them: common ground, news, and what they expect of the agent.

Queries of the epistemic model, for `cognitive.mind.tact` and for what the dialogue is told (`cognitive.telling`). Where somebody has
asked that nothing be told, nothing is. Bounded; microseconds; confined to the room's loop.
"""

from __future__ import annotations

from collections.abc import Callable

from cognitive.mind import own_words
from cognitive.mind.answering import Answering
from cognitive.mind.common_ground import news_for, shared_of
from cognitive.mind.events import PLACE
from cognitive.mind.explain import state_of
from cognitive.mind.mistakes import Mistake
from cognitive.mind.names import normal, with_names
from cognitive.mind.reader import MindReader
from cognitive.mind.state import FactRecord

LISTED_MAX = 6


class Knowing:
    """Asks one model."""

    def __init__(
        self,
        reader: MindReader,
        silent: Callable[[int], bool],
        sought: Callable[[str], Mistake | None],
        kept_from: Callable[[str, str, str], bool],
    ) -> None:
        """Take the reader of the model, whether telling is unwanted at a time, what a person looks for, and what is not for a person.

        The last one takes a person, a subject and an attribute.
        """
        self._model = reader.model
        self._sought = sought
        self._silent = silent
        self._answering = Answering(reader, kept_from)
        self._kept_from = kept_from

    def looks_for(self, person_id: str, now_ns: int) -> Mistake | None:
        """Return what a person has lately shown to look for, where the agent knows where it is and may say so."""
        return None if self._silent(now_ns) else self._sought(person_id)

    def shares(self, person_id: str, thing: str) -> bool:
        """Return whether agent and person have in common where a thing is, and it is there."""
        record, me = self._place(thing), self._model.state.me
        shared = None if record is None or not me else shared_of(record, me, person_id)
        return shared is not None and shared.so

    def told_ns(self, person_id: str, thing: str) -> int:
        """Return when the agent last told a person where a thing is; 0 for never since it was put there."""
        record, who, me = self._place(thing), normal(person_id), self._model.state.me
        if record is None or record.since is None:
            return 0
        since = record.since.event
        told = (s.evidence for s in record.sightings if s.evidence.how == "told" and who in s.believes)
        return max((one.t_ns for one in told if one.by == me and one.event > since), default=0)

    def answer(self, question: str, asker: str, now_ns: int) -> str:
        """Return the answer to a question about where things are and what people think; empty where there is none to be given."""
        return "" if self._silent(now_ns) else self._answering.answer(question, asker, now_ns)

    def news(self, person_id: str, now_ns: int) -> tuple[str, ...]:
        """Return as clauses what concerns a person and they have missed."""
        me = self._model.state.me
        if not me or self._silent(now_ns):
            return ()
        found = news_for(self._model, me, person_id, concerning=True)[-LISTED_MAX:]
        return tuple(
            self._clause(subject, attribute, value)
            for subject, attribute, value in found
            if not self._kept_from(person_id, subject, attribute)
        )

    def expected(self, person_id: str) -> tuple[str, ...]:
        """Return as clauses what a person believes of the agent, the newest last: promises that are not kept yet, abilities, knowledge."""
        me = self._model.state.me
        held = [
            (belief.evidence.event, self._clause(me, record.attribute, belief.value))
            for record in self._model.state.facts.values()
            if me and record.subject == me and own_words.about_itself(record.attribute)
            and (belief := self._model.belief(person_id, me, record.attribute)) is not None
            and belief.value not in (own_words.KEPT, own_words.DROPPED)
        ]  # fmt: skip
        return tuple(clause for _, clause in sorted(held)[-LISTED_MAX:])

    def _place(self, thing: str) -> FactRecord | None:
        return self._model.state.facts.get(f"{PLACE}|{self._model.resolve(thing)}")

    def _clause(self, subject: str, attribute: str, value: str) -> str:
        record = self._model.state.facts.get(f"{attribute}|{subject}")
        clause = state_of(subject, attribute, value, "in" if record is None else record.relation)
        return with_names(clause, self._model.state.people)
