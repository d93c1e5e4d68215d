"""The bounded memory of three parts (ProAct's memory bank): user analysis, situation tracking, own action history.

Beside them stands the transcript of the last five cycles in which something was said (ProAct's T_{k-5:k}; cycles of silence take no
place, since ours are shorter than an utterance). The whole has two hard budgets: bytes, counted as it is saved (JSON), and tokens,
counted on what a language model may be given of it (`texts`) by a bound that holds for any tokenizer. Over either,
`compress` lets the least important of the oldest go until a tenth of the budget is free, and counts what it has let go:
importance is halved every `HALF_LIFE_S`. Intentions without an outcome go last of all. The same history always gives the same
bank. Confined to the room's event loop.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct, field

from cognitive.memory.tokens import tokens_bound
from runtime.clock import NS_PER_S
from runtime.messages import FINAL_STATES

WINDOW_CYCLES = 5
HALF_LIFE_S = 300.0
NOTE_CHARS = 200
FACTS_MAX = 32
"""Facts remembered of one person; the oldest gives way."""
FACT_IMPORTANCE = 0.95
FREE_AFTER_COMPRESSION = 0.1
SECTION_CHARS = 1_200
"""Longest published text of one section."""

OPEN_MAX_S = 60.0
"""An intention that has no outcome after this long never gets one: longer than any plan's validity and length together."""
NO_ANSWER = "no answer"
"""Reason of the outcome that such an intention is given; a true outcome that comes still later replaces it."""

_COUNTER_BYTES = 100
"""Room for the counters of what was forgotten, which grow while forgetting."""

_OPEN = 1e9
"""Worth of an intention under way."""

_Holder = list[Any]
_JSON = msgspec.json.Encoder()


class Note(Struct, kw_only=True, omit_defaults=True):
    """One remembered fact with its importance, 0 (trivial) to 1 (never to be forgotten lightly), and whom it is about, if anybody."""

    t_ns: int
    text: str
    importance: float = 0.4
    person_id: str = ""


class PersonMemory(Struct, kw_only=True):
    """User analysis: what is known of one person.

    `valence` is a slow average of the estimates, `feelings` their number; `facts` are what the dialogue wanted to be remembered.
    """

    person_id: str
    first_ns: int
    last_ns: int
    encounters: int = 1
    utterances: int = 0
    valence: float = 0.0
    feelings: int = 0
    notes: list[Note] = field(default_factory=list)
    facts: list[Note] = field(default_factory=list)


class ActionRecord(Struct, kw_only=True, omit_defaults=True):
    """One intention that the agent has sent, and what became of it (`state` is `sent` until the first answer)."""

    intention_id: str
    t_ns: int
    act: str
    kind: str
    trigger: str
    content: str = ""
    person_id: str = ""
    state: str = "sent"
    reason: str = ""

    @property
    def text(self) -> str:
        """The record in words."""
        return f"{self.act}/{self.kind} {self.state}" + (f" ({self.reason})" if self.reason else "")


class Line(Struct, kw_only=True, omit_defaults=True):
    """One line of the transcript; `person_id` said it, or was spoken to."""

    t_ns: int
    speaker: str
    text: str
    person_id: str = ""


class Chunk(Struct, kw_only=True):
    """What was said in one cycle."""

    cycle: int
    lines: list[Line]


class Bank(Struct, kw_only=True):
    """The memory. `forgotten` counts what compression has let go, by part."""

    people: dict[str, PersonMemory] = field(default_factory=dict)
    situation: list[Note] = field(default_factory=list)
    actions: list[ActionRecord] = field(default_factory=list)
    transcript: list[Chunk] = field(default_factory=list)
    forgotten: dict[str, int] = field(default_factory=dict)

    def person(self, person_id: str, t_ns: int) -> PersonMemory:
        """Return the memory of a person, begun if need be."""
        known = self.people.get(person_id)
        if known is None:
            known = self.people[person_id] = PersonMemory(person_id=person_id, first_ns=t_ns, last_ns=t_ns)
        return known

    def note(self, t_ns: int, text: str, importance: float, person_id: str = "") -> None:
        """Add to the situation tracking; an exact repetition of the newest note only renews its time."""
        if self.situation and self.situation[-1].text == text:
            self.situation[-1].t_ns = t_ns
            return
        self.situation.append(Note(t_ns=t_ns, text=text[:NOTE_CHARS], importance=importance, person_id=person_id))

    def hear(self, cycle: int, lines: list[Line]) -> None:
        """Add what was said in one cycle to the window."""
        if lines:
            for line in lines:
                line.text = line.text[:NOTE_CHARS]
            self.transcript.append(Chunk(cycle=cycle, lines=lines))
            del self.transcript[:-WINDOW_CYCLES]

    def learn(self, person_id: str, text: str, t_ns: int) -> None:
        """Remember a fact about a person; one that is known already is only renewed."""
        facts = self.person(person_id, t_ns).facts
        known = next((fact for fact in facts if fact.text.casefold() == text.casefold()), None)
        if known is not None:
            facts.remove(known)
        facts.append(Note(t_ns=t_ns, text=text, importance=FACT_IMPORTANCE))
        del facts[:-FACTS_MAX]

    def action(self, intention_id: str) -> ActionRecord | None:
        """Return the record of an intention, if it is still remembered."""
        return next((action for action in reversed(self.actions) if action.intention_id == intention_id), None)

    def said_before(self) -> list[str]:
        """Return the sentences that the agent has said of its own accord, oldest first."""
        return [action.content for action in self.actions if action.kind == "dialogue"]

    def close_stale(self, now_ns: int) -> None:
        """Give intentions whose answer was lost (a restart of either side) the outcome `expired`, so that none stays open for ever."""
        for action in self.actions:
            if action.state not in FINAL_STATES and now_ns - action.t_ns > OPEN_MAX_S * NS_PER_S:
                action.state, action.reason = "expired", NO_ANSWER

    def forget_person(self, person_id: str) -> None:
        """Take out all that a person said, was told or did; outcomes of intentions stay, without their words."""
        self.people.pop(person_id, None)
        self.situation[:] = [note for note in self.situation if note.person_id != person_id]
        for chunk in self.transcript:
            chunk.lines[:] = [line for line in chunk.lines if line.person_id != person_id]
        self.transcript[:] = [chunk for chunk in self.transcript if chunk.lines]
        for action in self.actions:
            if action.person_id == person_id:
                action.content = action.person_id = ""

    def size_bytes(self) -> int:
        """Return the size as saved."""
        return len(_JSON.encode(self))

    def size_tokens(self) -> int:
        """Return the most tokens that all of it can take as text."""
        return sum(map(_tokens, self._by_text()))

    def texts(self) -> dict[str, list[str]]:
        """Return the four parts in words, the newest last."""
        return {
            "user": [_about(p) for p in sorted(self.people.values(), key=lambda p: (p.last_ns, p.person_id))],
            "situation": [note.text for note in self.situation],
            "actions": [action.text for action in self.actions],
            "transcript": [f"{line.speaker}: {line.text}" for chunk in self.transcript for line in chunk.lines],
        }

    def _by_text(self) -> list[Any]:
        people = [item for person in self.people.values() for item in (person, *person.facts, *person.notes)]
        return [*people, *self.situation, *self.actions, *self.transcript]

    def compress(self, budget_bytes: int, now_ns: int, budget_tokens: int = 1 << 62) -> int:
        """Forget until the bank fits both budgets; return its size in bytes, at most the budget."""
        self.close_stale(now_ns)
        size, tokens = self.size_bytes(), self.size_tokens()
        if size > budget_bytes or tokens > budget_tokens:
            kept = 1.0 - FREE_AFTER_COMPRESSION
            target, target_tokens = round(budget_bytes * kept), round(budget_tokens * kept)
            dropped: dict[int, set[int]] = {}
            holders: dict[int, _Holder] = {}
            for part, holder, item in self._by_worth(now_ns):
                holders[id(holder)] = holder
                dropped.setdefault(id(holder), set()).add(id(item))
                self.forgotten[part] = self.forgotten.get(part, 0) + 1
                size -= len(_JSON.encode(item)) + 1
                tokens -= _tokens(item)
                if size <= target - _COUNTER_BYTES and tokens <= target_tokens:
                    break
            for key, holder in holders.items():
                holder[:] = [item for item in holder if id(item) not in dropped[key]]
            size = self._forget_people(budget_bytes, budget_tokens)
        return size

    def _by_worth(self, now_ns: int) -> list[tuple[str, _Holder, Struct]]:
        """Return all single memories with the list that holds each, the least worth keeping first; ties by time."""
        ranked: list[tuple[float, int, int, str, _Holder, Struct]] = []

        def rank(worth: float, t_ns: int, part: str, holder: _Holder, item: Struct) -> None:
            half_lives = min(1_000.0, max(0, now_ns - t_ns) / NS_PER_S / HALF_LIFE_S)
            ranked.append((worth * 0.5**half_lives, t_ns, len(ranked), part, holder, item))

        for note in self.situation:
            rank(note.importance, note.t_ns, "situation", self.situation, note)
        for person in self.people.values():
            for note in person.notes:
                rank(note.importance, note.t_ns, "user", person.notes, note)
            for fact in person.facts:
                rank(fact.importance, fact.t_ns, "facts", person.facts, fact)
        for action in self.actions:
            if action.state not in FINAL_STATES:  # not to be forgotten before its outcome, while anything else is there
                ranked.append((_OPEN, action.t_ns, len(ranked), "actions", self.actions, action))
                continue
            rank(0.7 if action.kind == "dialogue" else 0.35, action.t_ns, "actions", self.actions, action)
        for chunk in self.transcript:
            rank(0.8, chunk.lines[-1].t_ns if chunk.lines else 0, "transcript", self.transcript, chunk)
        ranked.sort(key=lambda entry: entry[:3])
        return [(part, holder, item) for _, _, _, part, holder, item in ranked]

    def _forget_people(self, budget_bytes: int, budget_tokens: int) -> int:
        """Let whole people go, whoever was met longest ago first, while the bank is too large without their notes."""
        size = self.size_bytes()
        for person in sorted(
            self.people.values(), key=lambda p: (len(p.notes) + len(p.facts) > 0, p.last_ns, p.person_id)
        ):
            if size <= budget_bytes and self.size_tokens() <= budget_tokens:
                break
            del self.people[person.person_id]
            self.forgotten["people"] = self.forgotten.get("people", 0) + 1
            size = self.size_bytes()
        return size

    def sections(self) -> dict[str, str]:
        """Return the parts as short texts for people and language models, the newest last, each of bounded length."""
        return {name: _tail(items) for name, items in self.texts().items()}


def _about(person: PersonMemory) -> str:
    """Return what is known of a person in one line: what was last noted and learnt."""
    notes = "".join(f"; {note.text}" for note in [*person.facts[-4:], *person.notes[-4:]])
    return _head(person) + notes


def _head(person: PersonMemory) -> str:
    return (
        f"{person.person_id}: met {person.encounters}x, {person.utterances} utterances, valence {person.valence:+.2f}"
    )


def _tokens(item: Any) -> int:
    """Return the most tokens that one memory (person, note, action or chunk) takes, with what joins it to the next.

    A person counts without notes and facts.
    """
    if isinstance(item, Chunk):
        return sum(tokens_bound(f"{line.speaker}: {line.text}") + 1 for line in item.lines)
    return tokens_bound(_head(item) if isinstance(item, PersonMemory) else item.text) + 2


def _tail(items: list[str]) -> str:
    """Join the newest items that fit."""
    kept: list[str] = []
    room = SECTION_CHARS
    for item in reversed(items):
        room -= len(item) + 1
        if room < 0:
            break
        kept.append(item)
    return "\n".join(reversed(kept))
