"""What comes to mind is relevant, recent and important; with FTS5 and without, with vectors and without."""

from __future__ import annotations

import numpy as np
import pytest

from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.retrieval import Recollection, bm25, recall, words_of
from tests.cognitive.memory.conftest import DAY_S, T0, met, somebody, tell


def remember(memory: LongTermMemory, person: int, query: str, **options: object) -> Recollection | None:
    return recall(memory, person, query, T0 + 30 * DAY_S, session=9, limit=8, half_life_days=14, **options)


def filled(memory: LongTermMemory) -> int:
    anna = somebody(memory)
    for k, text in enumerate(
        (
            "said: my dog is ill",
            "said: the weather is nice",
            "said: the train was late",
            "asked the way to the library",
            "talked about football",
        )
    ):
        met(memory, anna, text, T0 + k * DAY_S, importance=0.5)
    tell(memory, anna, "I live in Berlin and I like green tea", T0)
    return anna


@pytest.fixture(params=[True, False], ids=["fts5", "without fts5"])
def either(tmp_path, request):
    memory = LongTermMemory(tmp_path, full_text=request.param)
    yield memory
    memory.close()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("How is your dog?", "said: my dog is ill"),
        ("which trains are late", "said: the train was late"),
        ("libraries", "asked the way to the library"),
    ],
)
def test_what_is_talked_about_comes_first_among_equals(either, query, first):
    anna = somebody(either)
    texts = (
        "said: my dog is ill",
        "said: the weather is nice",
        "said: the train was late",
        "asked the way to the library",
    )
    for k, text in enumerate(texts):
        met(either, anna, text, T0, began_ns=k)
    assert remember(either, anna, query).memories[0].text == first


def test_both_ways_rank_by_words_alike(tmp_path):
    ranks = []
    for full_text in (True, False):
        memory = LongTermMemory(tmp_path / str(full_text), full_text=full_text)
        anna = filled(memory)
        ranks.append([m.text for m in remember(memory, anna, "was the train late, or is the dog ill?").memories])
        memory.close()
    assert ranks[0] == ranks[1]


def test_without_a_query_the_recent_and_important_come_first(memory):
    anna = somebody(memory)
    met(memory, anna, "long ago and dull", T0 - 300 * DAY_S, importance=0.2)
    met(memory, anna, "long ago and important", T0 - 300 * DAY_S + 100, importance=0.9)
    met(memory, anna, "recent and important", T0 + 29 * DAY_S, importance=0.9)
    assert [m.text for m in remember(memory, anna, "").memories] == [
        "recent and important",
        "long ago and important",
        "long ago and dull",
    ]


def test_only_the_person_s_own_memories_come_to_mind(memory):
    anna, ben = somebody(memory, "Anna"), somebody(memory, "Ben")
    met(memory, ben, "said: my dog is ill")
    met(memory, anna, "said: the weather is nice")
    assert [m.text for m in remember(memory, anna, "dog").memories] == ["said: the weather is nice"]


def test_what_holds_no_more_and_what_is_under_way_does_not_come_to_mind(memory):
    anna = somebody(memory)
    tell(memory, anna, "I live in Berlin", T0)
    tell(memory, anna, "I moved to Hamburg", T0 + 9)
    met(memory, anna, "is talking right now", closed=False)
    assert [m.text for m in remember(memory, anna, "Berlin Hamburg talking").memories] == ["lives in Hamburg"]


def test_name_encounters_and_the_last_visit_are_told(memory):
    anna = filled(memory)
    found = remember(memory, anna, "")
    assert (found.name, found.encounters, found.last_s) == ("Anna", 5, T0 + 4 * DAY_S + 60)
    assert remember(memory, 99, "") is None


@pytest.mark.parametrize(
    "query", ['"', "a OR b NOT c", "NEAR(dog)", "text:dog*", "x" * 5_000, "\x00'; DROP TABLE people; --", "- ^ ( )"]
)
def test_a_query_is_words_and_never_syntax(either, query):
    anna = filled(either)
    assert len(remember(either, anna, query).memories) == 7


def test_an_index_made_without_fts5_is_made_good_with_it(tmp_path):
    memory = LongTermMemory(tmp_path)
    anna = somebody(memory)
    met(memory, anna, "said: my dog is ill", T0)
    memory.close()
    without = LongTermMemory(tmp_path, full_text=False)
    met(without, anna, "said: my cat is well", T0 + 60)
    without.close()
    again = LongTermMemory(tmp_path)
    hits = again.connection.execute("SELECT rowid FROM words WHERE words MATCH 'cat OR dog' ORDER BY 1").fetchall()
    assert len(hits) == 2
    again.close()


def test_bm25_is_that_of_robertson():
    """Three texts of lengths 2, 2 and 1 words; by hand: idf = ln(2.5 / 1.5), mean length 5/3."""
    score = bm25(["dog"], {1: "dog cat", 2: "bird cat", 3: "cow"})
    idf, length = np.log(2.5 / 1.5), 2 / (5 / 3)
    assert score == pytest.approx({1: idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length))})


def test_words_lose_accents_and_case_and_small_words():
    assert words_of("Où est le CAFÉ? It is in the house") == ["ou", "est", "le", "cafe", "house"]


def test_vectors_find_what_shares_no_word(memory):
    anna = filled(memory)
    rows = memory.connection.execute("SELECT id, text FROM entries").fetchall()
    for entry, text in rows:
        vector = np.array([1.0, 0.0] if "dog" in text else [0.0, 1.0], dtype="<f4")
        memory.connection.execute("INSERT INTO vectors VALUES (?, 'test', ?)", (entry, vector.tobytes()))
    query = np.array([1.0, 0.0], dtype=np.float32)
    found = remember(memory, anna, "veterinarian", vector=query, model="test")
    without = remember(memory, anna, "veterinarian")
    dog, dog_without = (next(m.score for m in f.memories if "dog" in m.text) for f in (found, without))
    assert dog == pytest.approx(dog_without + 1.0), "the most relevant has relevance 1"
    other_model = remember(memory, anna, "veterinarian", vector=query, model="another")
    assert other_model == without
