"""Everything that the long-term memory holds of one person, as plain data for JSON. Blocking: call it in an offload thread."""

from __future__ import annotations

import time
from typing import Any

from cognitive.memory.long_term import LongTermMemory

EXPORT_FORMAT = "attune-memory-export/1"


def export_person(memory: LongTermMemory, person: int, now_s: float) -> dict[str, Any] | None:
    """Return names, consents, episodes, facts (superseded ones too), promises and which vectors exist; None for nobody."""
    with memory.lock:
        row = memory.row_of(person)
        if row is None:
            return None
        db = memory.connection
        names = db.execute("SELECT kind, name, since_s FROM names WHERE person = ? ORDER BY since_s, name", (person,))
        consents = db.execute("SELECT state, at_s, how FROM consents WHERE person = ? ORDER BY id", (person,))
        episodes = db.execute(
            "SELECT kind, text, started_s, ended_s, valence, importance, episodes.encounters, closed FROM entries"
            " JOIN episodes ON entry = id WHERE entries.person = ? ORDER BY started_s, id",
            (person,),
        )
        facts = db.execute(
            "SELECT entry, subject, attribute, value, source, confidence, at_s, importance, active, superseded_by FROM facts"
            " JOIN entries ON id = entry WHERE facts.person = ? ORDER BY at_s, entry",
            (person,),
        )
        promises = db.execute(
            "SELECT id, text, made_s, due_s, state, closed_s, evidence FROM promises WHERE person = ? ORDER BY made_s, id",
            (person,),
        )
        vectors = db.execute(
            "SELECT model, count(*) FROM vectors JOIN entries ON id = entry WHERE person = ? GROUP BY model", (person,)
        )
        return {
            "format": EXPORT_FORMAT,
            "exported": time_text(now_s),
            "person": person,
            "first_met": time_text(row.created_s),
            "last_met": time_text(row.last_s),
            "encounters": row.encounters,
            "names": [{"kind": kind, "name": name, "since": time_text(at_s)} for kind, name, at_s in names],
            "consents": [{"state": state, "at": time_text(at_s), "how": how} for state, at_s, how in consents],
            "episodes": [
                {"kind": kind, "text": text, "from": time_text(start), "to": time_text(end), "valence": valence,
                 "importance": importance, "encounters": count, "over": bool(closed)}
                for kind, text, start, end, valence, importance, count, closed in episodes
            ],
            "facts": [
                {"id": entry, "subject": subject, "attribute": attribute, "value": value, "said": source, "confidence": confidence,
                 "at": time_text(at_s), "importance": importance, "holds": bool(active), "superseded_by": by}
                for entry, subject, attribute, value, source, confidence, at_s, importance, active, by in facts
            ],
            "promises": [
                {"id": id, "text": text, "made": time_text(made), "due": time_text(due), "state": state,
                 "settled": None if closed is None else time_text(closed), "evidence": evidence}
                for id, text, made, due, state, closed, evidence in promises
            ],
            "vectors": [{"model": model, "memories": count} for model, count in vectors],
        }  # fmt: skip


def time_text(at_s: float) -> str:
    """Return Unix seconds as a date and time in UTC (ISO 8601)."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at_s))
