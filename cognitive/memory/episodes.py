"""How an encounter becomes an episode, and how old episodes become less.

A `Draft` gathers, while a person who has consented is here, what the bank notes of them; its text is what mattered most, in the order
in which it happened. When the file has outgrown its budget, `tidy` lets go in this order until a fifth is free: promises that were
kept or dropped over `PROMISE_KEPT_DAYS` ago; facts that hold no more, beyond the newest of each attribute; then, of the person with
most episodes, the eight of least worth among the older half become one summary (`worth`: importance, halved every 180 days);
where nobody has that many, the episode or summary of least worth; last of all the fact of least worth. Consents and open
promises are never let go. Blocking: call `tidy` in an offload thread.
"""

from __future__ import annotations

import time
from zlib import crc32

from msgspec import Struct, field

from cognitive.memory.bank import Bank, Note
from cognitive.memory.facts import Fact, facts_in, facts_of_note
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.retrieval import DAY_S
from cognitive.memory.schema import transaction

LINES_MAX = 12
"""Notes that an episode keeps of one encounter."""
LINE_CHARS = 160
FACTS_PENDING_MAX = 32
SAID = "said: "
WORTH_HALF_LIFE_DAYS = 180.0
PROMISE_KEPT_DAYS = 30.0
GROUP = 8
"""Episodes that become one summary."""
SUMMARY_LINES = 3
SUMMARY_LINE_CHARS = 120
ROUNDS_MAX = 50
FREE_AFTER_TIDYING = 0.2
GLAD, LOW = 0.25, -0.25
"""Mean valence from which an encounter felt glad or low."""


class Draft(Struct, kw_only=True, omit_defaults=True):
    """An encounter under way (or just over) of somebody who has consented.

    Attributes:
        began_ns: session time of the arrival; tells the encounter from others.
        last_ns: latest sign of the person.
        notes: what mattered most so far.
        facts: what was learnt and is not yet in the long-term memory.
        taken: marks of the bank's notes that were looked at.
        over: the encounter has ended.
        changed: something is not yet in the long-term memory.
        written_ns: when it was last written there.
        unsaid_ns: facts that were said from then on were taken back; the long-term memory is to drop them too.
    """

    began_ns: int
    last_ns: int
    notes: list[Note] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    valence: float = 0.0
    over: bool = False
    changed: bool = True
    written_ns: int = 0
    unsaid_ns: int = 0

    def take(self, bank: Bank, person_id: str, from_ns: int) -> None:
        """Take in what the bank has newly noted of the person since the encounter began, but nothing before `from_ns`."""
        known = bank.people.get(person_id)
        if known is None:
            return
        taken = set(self.taken)
        marks = []
        for learnt, note in [*((False, n) for n in known.notes), *((True, n) for n in known.facts)]:
            if note.t_ns < max(self.began_ns, from_ns):
                continue
            mark = crc32(f"{note.t_ns}:{note.text}".encode())
            marks.append(mark)
            if mark in taken:
                continue
            self.changed = True
            if learnt:
                self.facts.extend(facts_of_note(note.text, note.t_ns))
                continue
            if note.text.startswith(SAID):
                self.facts.extend(facts_in(note.text.removeprefix(SAID), note.t_ns))
            self.notes.append(Note(t_ns=note.t_ns, text=note.text[:LINE_CHARS], importance=note.importance))
        self.taken = marks
        self.valence = known.valence
        del self.facts[:-FACTS_PENDING_MAX]
        while len(self.notes) > LINES_MAX:
            self.notes.remove(min(self.notes, key=lambda note: (note.importance, note.t_ns)))

    @property
    def text(self) -> str:
        """The encounter in words."""
        lines = [note.text for note in sorted(self.notes, key=lambda note: note.t_ns)]
        return "; ".join(lines) or "came and went without a word"

    @property
    def importance(self) -> float:
        """0 to 1: what mattered most, and a little of how strongly it was felt."""
        most = max((note.importance for note in self.notes), default=0.1)
        return min(1.0, 0.8 * most + 0.2 * abs(self.valence))


def felt(valence: float) -> str:
    """Return how an encounter felt, in a word."""
    return "glad" if valence >= GLAD else "low" if valence <= LOW else "calm"


def worth(importance: float, at_s: float, now_s: float) -> float:
    """Return how much a memory is worth keeping."""
    return float(importance * 0.5 ** (max(0.0, now_s - at_s) / DAY_S / WORTH_HALF_LIFE_DAYS))


def tidy(memory: LongTermMemory, budget_bytes: int, now_s: float) -> int:
    """Let go of what matters least where the file is over its budget; return how many memories went.

    An index gives room back only when it is put in order, so the text let go stands for the bytes in between.
    """
    size = memory.size_bytes()
    if size <= budget_bytes:
        return 0
    target = round(budget_bytes * (1.0 - FREE_AFTER_TIDYING))
    gone = 0
    for _ in range(ROUNDS_MAX):
        text = start = _text_bytes(memory)
        enough = start * (1.0 - target / size)  # as if all bytes belonged to the text
        went = 1
        while went and start - text < max(1.0, enough):
            with memory.lock, transaction(memory.connection):
                went = (
                    _old_promises(memory, now_s)
                    or _superseded(memory)
                    or _summed_up(memory, now_s)
                    or _least(memory, now_s, "kind != 'fact' AND coalesce(closed, 1)")
                    or _least(memory, now_s, "kind = 'fact'")
                )
            gone += went
            text = _text_bytes(memory)
        if memory.full_text:
            with memory.lock:
                memory.connection.execute("INSERT INTO words(words) VALUES ('optimize')")
        size = memory.size_bytes()
        if size <= target or not went:
            break
    return gone


def _text_bytes(memory: LongTermMemory) -> int:
    with memory.lock:
        return int(memory.connection.execute("SELECT total(length(text)) FROM entries").fetchone()[0])


def _superseded(memory: LongTermMemory) -> int:
    """Let facts go that hold no more, beyond the newest of each attribute."""
    rows = memory.connection.execute(
        "SELECT entry FROM (SELECT entry, row_number() OVER (PARTITION BY facts.person, subject, attribute ORDER BY at_s DESC) AS age"
        " FROM facts JOIN entries ON id = entry WHERE NOT active) WHERE age > 1 LIMIT 64"
    ).fetchall()
    memory.drop([int(row[0]) for row in rows])
    return len(rows)


def _summed_up(memory: LongTermMemory, now_s: float) -> int:
    """Make one summary of a group of old episodes of whoever has most."""
    db = memory.connection
    row = db.execute(
        "SELECT entries.person FROM entries JOIN episodes ON entry = id WHERE kind = 'episode' AND closed"
        " GROUP BY entries.person HAVING count(*) >= ? ORDER BY count(*) DESC, entries.person LIMIT 1",
        (2 * GROUP,),
    ).fetchone()
    if row is None:
        return 0
    person = int(row[0])
    rows = db.execute(
        "SELECT id, text, importance, started_s, ended_s, valence, episodes.encounters FROM entries JOIN episodes ON entry = id"
        " WHERE entries.person = ? AND kind = 'episode' AND closed ORDER BY ended_s, id",
        (person,),
    ).fetchall()
    old = rows[: len(rows) // 2]
    group = sorted(sorted(old, key=lambda r: (worth(r[2], r[4], now_s), r[0]))[:GROUP], key=lambda r: r[4])
    lines = sorted(sorted(group, key=lambda r: -r[2])[:SUMMARY_LINES], key=lambda r: r[4])
    valence = sum(r[5] for r in group) / len(group)
    first, last = (time.strftime("%d %B %Y", time.gmtime(at_s)) for at_s in (group[0][3], group[-1][4]))
    kept = "; ".join(str(r[1])[:SUMMARY_LINE_CHARS] for r in lines)
    text = f"{first} to {last}: {len(group)} encounters, mostly {felt(valence)}; {kept}"
    memory.drop([int(r[0]) for r in group])
    memory.add_summary(
        person,
        text,
        group[0][3],
        group[-1][4],
        valence,
        max(r[2] for r in group),
        sum(r[6] for r in group),
        int(group[0][0]),
    )
    return len(group)


def _old_promises(memory: LongTermMemory, now_s: float) -> int:
    """Let promises go that were settled long ago."""
    before_s = now_s - PROMISE_KEPT_DAYS * DAY_S
    return memory.connection.execute(
        "DELETE FROM promises WHERE state != 'open' AND closed_s < ?", (before_s,)
    ).rowcount


def _least(memory: LongTermMemory, now_s: float, which: str) -> int:
    """Drop the memory that is worth least, of those that a condition names."""
    rows = memory.connection.execute(
        f"SELECT id, importance, at_s FROM entries LEFT JOIN episodes ON entry = id WHERE {which}"
    ).fetchall()
    if not rows:
        return 0
    memory.drop([int(min(rows, key=lambda row: (worth(row[1], row[2], now_s), row[0]))[0])])
    return 1
