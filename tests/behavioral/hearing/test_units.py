"""Hypotheses become the fewest add, revoke and commit edits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from behavioral.hearing.units import HypothesisWord, RevisableUnits, UnitEdit


def words(text: str, confidence: float = 0.5) -> list[HypothesisWord]:
    return [HypothesisWord(word, 100 * index, 100 * index + 90, confidence) for index, word in enumerate(text.split())]


def ops(edits: list[UnitEdit]) -> list[str]:
    return [f"{edit.op} {edit.text}" for edit in edits]


def test_a_growing_hypothesis_only_adds() -> None:
    units = RevisableUnits(0)
    assert ops(units.revise(words("he was"))) == ["add he", "add was"]
    assert ops(units.revise(words("he was not"))) == ["add not"]
    assert units.revise(words("he was not")) == []


def test_a_changed_tail_is_revoked_from_the_end_and_added_anew() -> None:
    units = RevisableUnits(0)
    first = units.revise(words("he was until this"))
    edits = units.revise(words("he was an ill man"))
    assert ops(edits) == ["revoke this", "revoke until", "add an", "add ill", "add man"]
    assert [edit.unit_id for edit in edits[:2]] == [first[3].unit_id, first[2].unit_id]


def test_case_and_times_alone_change_nothing_but_reach_the_commit() -> None:
    units = RevisableUnits(0)
    units.revise(words("Hello"))
    assert units.revise([HypothesisWord("hello", 5, 95, 0.9)]) == []
    (commit,) = units.commit()
    assert (commit.op, commit.start_ns, commit.end_ns, commit.confidence) == ("commit", 5, 95, 0.9)


def test_committed_words_are_never_revoked() -> None:
    units = RevisableUnits(0)
    units.revise(words("good morning robot"))
    assert ops(units.commit(2)) == ["commit good", "commit morning"]
    assert ops(units.revoke_open()) == ["revoke robot"]
    assert [word.text for word in units.words] == ["good", "morning"]


def test_ids_are_unique_across_utterances_and_the_same_in_every_run() -> None:
    one, other = RevisableUnits(1_000_000_000), RevisableUnits(2_000_000_000)
    ids = [edit.unit_id for units in (one, other) for edit in units.revise(words("a a"))]
    assert len(set(ids)) == 4
    assert ids == [edit.unit_id for t in (10**9, 2 * 10**9) for edit in RevisableUnits(t).revise(words("a a"))]


hypotheses = st.lists(st.lists(st.sampled_from("abc"), max_size=5), max_size=8)


@given(hypotheses, st.integers(0, 3))
def test_a_reader_of_the_edits_always_holds_the_hypothesis(sequence: list[list[str]], commit: int) -> None:
    units = RevisableUnits(0)
    held: dict[str, str] = {}
    committed: set[str] = set()
    fixed: list[str] = []
    for texts in sequence:
        edits = units.revise([HypothesisWord(text, 0, 1) for text in texts]) + units.commit(commit)
        for edit in edits:
            if edit.op == "add":
                assert edit.unit_id not in held
                held[edit.unit_id] = edit.text
            elif edit.op == "revoke":
                assert edit.unit_id not in committed
                assert list(held)[-1] == edit.unit_id
                del held[edit.unit_id]
            else:
                committed.add(edit.unit_id)
        assert list(held.values()) == fixed + texts
        fixed = list(held.values())[: len(committed)]
