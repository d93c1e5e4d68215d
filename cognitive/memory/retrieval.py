"""What comes to mind of a person: the memories whose relevance, recency and importance together are highest.

The score is that of Park et al. 2023 ("Generative Agents", section 4.1): each part scaled to 0..1 over the person's memories, then
added with equal weights. Relevance is BM25 over words (FTS5, or `bm25` here where SQLite lacks it: same formula and constants);
where vectors are at hand both rankings are joined by reciprocal rank fusion (Cormack et al. 2009). Recency halves with age. Vectors
are compared one by one with numpy: 384 numbers of ten thousand memories take about a millisecond. Blocking: call it in an offload thread.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cognitive.memory.long_term import LongTermMemory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAY_S = 86_400.0
W_RELEVANCE, W_RECENCY, W_IMPORTANCE = 1.0, 1.0, 1.0
"""Weights of the three parts (all 1 in Park et al. 2023)."""
RRF_K = 60
"""Constant of reciprocal rank fusion (Cormack et al. 2009)."""
RANKED_MAX = 200
"""Longest ranking by words or vectors that is taken into account."""
BM25_K1, BM25_B = 1.2, 0.75
"""Constants of BM25, as in FTS5."""
QUERY_WORDS_MAX = 32
_WORD = re.compile(r"\w+")
_STOP = frozenset(
    "a an and are as at be but by can could did do does for from had has have he her his how i if in is it its just me my no not of on "
    "or our she so some than that the their them then there they this to up us was we were what when where which who why will with "
    "would you your about am any been being hello hi im know like much now ok okay please really said tell think very well yes".split()
)


@dataclass(frozen=True, slots=True)
class Memory:
    """One memory that came to mind; `score` is 0 to 3."""

    entry: int
    kind: str
    text: str
    at_s: float
    importance: float
    score: float


@dataclass(frozen=True, slots=True)
class Recollection:
    """What is known of one person at a moment.

    Attributes:
        person: number in the long-term memory.
        name: what to call them; empty where no name is known.
        encounters: how often they were met, this time included if it is written already.
        last_s: end of the last encounter before the present session, Unix seconds; 0 if there was none.
        memories: facts and episodes, the best first.
    """

    person: int
    name: str
    encounters: int
    last_s: float
    memories: tuple[Memory, ...]


def recall(
    memory: LongTermMemory,
    person: int,
    query: str,
    now_s: float,
    *,
    session: int,
    limit: int,
    half_life_days: float,
    vector: NDArray[np.float32] | None = None,
    model: str = "",
    vector_weight: float = 1.0,
) -> Recollection | None:
    """Return what comes to mind of a person, None where there is nobody of this number.

    Args:
        memory: the open file.
        person: whom it is about.
        query: what is being talked about; may be empty, then recency and importance decide.
        now_s: Unix seconds.
        session: the present session, whose open episode is no memory yet.
        limit: most memories.
        half_life_days: age at which recency has halved.
        vector: the query's unit vector.
        model: which vectors it can be compared with.
        vector_weight: weight of the ranking by vectors beside that by words.
    """
    with memory.lock:
        row = memory.row_of(person)
        if row is None:
            return None
        entries = memory.connection.execute(
            "SELECT id, kind, text, at_s, importance FROM entries LEFT JOIN episodes ON entry = id"
            " WHERE entries.person = ? AND active AND coalesce(closed, 1) ORDER BY id",
            (person,),
        ).fetchall()
        last = memory.connection.execute(
            "SELECT coalesce(max(ended_s), 0) FROM episodes WHERE person = ? AND session != ?", (person, session)
        ).fetchone()[0]
        texts = {int(entry): str(text) for entry, _, text, _, _ in entries}
        by_words = rank_by_words(memory, person, query, texts)
        by_vector = rank_by_vector(memory, person, vector, model) if vector is not None else []
    relevance = _scaled(_fused(texts, [(1.0, by_words), (vector_weight, by_vector)]) if by_vector else by_words, texts)
    recency = _scaled(
        {entry: 0.5 ** (max(0.0, now_s - at_s) / DAY_S / half_life_days) for entry, _, _, at_s, _ in entries}, texts
    )
    importance = _scaled({entry: value for entry, _, _, _, value in entries}, texts)
    memories = [
        Memory(
            entry, kind, text, at_s, value,
            W_RELEVANCE * relevance[entry] + W_RECENCY * recency[entry] + W_IMPORTANCE * importance[entry],
        )
        for entry, kind, text, at_s, value in entries
    ]  # fmt: skip
    memories.sort(key=lambda item: (-item.score, -item.at_s, -item.entry))
    spoken = next(iter((*reversed(row.spoken), *row.identities)), "")
    return Recollection(person, spoken, row.encounters, float(last), tuple(memories[:limit]))


def words_of(text: str) -> list[str]:
    """Return the words that carry meaning, in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return [word for word in _WORD.findall(plain) if word not in _STOP]


def rank_by_words(memory: LongTermMemory, person: int, query: str, texts: dict[int, str]) -> dict[int, float]:
    """Return BM25 of the entries that share a word with the query (higher is better)."""
    words = list(dict.fromkeys(words_of(query)))[:QUERY_WORDS_MAX]
    if not words or not texts:
        return {}
    if not memory.full_text:
        return bm25(words, texts)
    wanted = " OR ".join(f'"{word}"' for word in words)  # words hold letters and digits only: nothing to escape
    rows = memory.connection.execute(
        "SELECT rowid, -bm25(words) FROM words WHERE words MATCH ?"
        " AND rowid IN (SELECT id FROM entries WHERE person = ?) ORDER BY 2 DESC, 1 LIMIT ?",
        (wanted, person, RANKED_MAX),
    ).fetchall()
    return {int(entry): float(score) for entry, score in rows if entry in texts}


def bm25(query: Sequence[str], texts: dict[int, str]) -> dict[int, float]:
    """Return BM25 of texts by their key (Robertson and Zaragoza 2009), those without any of the words left out."""
    documents = {key: Counter(map(stem, words_of(text))) for key, text in texts.items()}
    mean = sum(sum(counts.values()) for counts in documents.values()) / max(1, len(documents)) or 1.0
    scores: dict[int, float] = {}
    for word in map(stem, query):
        holding = [key for key, counts in documents.items() if word in counts]
        idf = max(
            1e-6, math.log((len(documents) - len(holding) + 0.5) / (len(holding) + 0.5))
        )  # FTS5 floors it as well
        for key in holding:
            count, length = documents[key][word], sum(documents[key].values())
            scores[key] = scores.get(key, 0.0) + idf * count * (BM25_K1 + 1) / (
                count + BM25_K1 * (1 - BM25_B + BM25_B * length / mean)
            )
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:RANKED_MAX])


def stem(word: str) -> str:
    """Return a word without its commonest English endings: what Porter's stemmer does first, enough for the fallback."""
    for ending, instead, rest in (
        ("sses", "ss", 1),
        ("ies", "i", 2),
        ("ing", "", 3),
        ("ed", "", 3),
        ("s", "", 3),
        ("e", "", 3),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= rest and not word.endswith("ss"):
            return word[: len(word) - len(ending)] + instead
    return word


def rank_by_vector(memory: LongTermMemory, person: int, vector: NDArray[np.float32], model: str) -> list[int]:
    """Return the entries with a vector of this model, the nearest (cosine) first."""
    import numpy as np

    rows = memory.connection.execute(
        "SELECT entry, vector FROM vectors JOIN entries ON id = entry WHERE person = ? AND model = ? AND active"
        " AND length(vector) = ? ORDER BY entry",
        (person, model, 4 * vector.size),
    ).fetchall()
    if not rows:
        return []
    matrix = np.frombuffer(b"".join(blob for _, blob in rows), dtype="<f4").reshape(len(rows), vector.size)
    order = np.argsort(-(matrix @ vector), kind="stable")[:RANKED_MAX]
    return [int(rows[index][0]) for index in order]


def _fused(texts: dict[int, str], rankings: list[tuple[float, dict[int, float] | list[int]]]) -> dict[int, float]:
    """Return the reciprocal rank fusion of rankings."""
    fused = dict.fromkeys(texts, 0.0)
    for weight, ranking in rankings:
        for rank, entry in enumerate(ranking, start=1):
            if entry in fused:
                fused[entry] += weight / (RRF_K + rank)
    return fused


def _scaled(values: dict[int, float], texts: dict[int, str]) -> dict[int, float]:
    """Return every entry's value on 0..1 (0 where it has none)."""
    full = {entry: values.get(entry, 0.0) for entry in texts}
    if not full:
        return full
    least, most = min(full.values()), max(full.values())
    if most - least < 1e-12:
        return dict.fromkeys(full, 0.0)
    return {entry: (value - least) / (most - least) for entry, value in full.items()}
