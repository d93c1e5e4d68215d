"""The bound on tokens holds for every kind of tokenizer, and the memory never exceeds its budget by it.

Measured once with Mistral's tokenizers (mistral-common 1.x): English documentation takes a token per 3.2 bytes (SentencePiece) or 3.4
(tekken), German 2.5 or 3.7, Chinese 2.1 or 2.9, random letters 1.7 or 1.8; random Unicode comes as near as 1.0 of the bound.
"""

from __future__ import annotations

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from cognitive.memory.bank import ActionRecord, Bank, Line, Note
from cognitive.memory.tokens import tokens_bound

CORPUS = ["the agent remembers what people said and when", "Anna lives in Berlin and likes green tea", "guten Tag"] * 20


@functools.cache
def tokenizer(kind: str) -> Tokenizer:
    """Train a real tokenizer of a kind on a few sentences: with so small a vocabulary it splits more than any in use."""
    if kind == "byte-level BPE":
        made = Tokenizer(models.BPE())
        made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
        made.train_from_iterator(
            CORPUS, trainers.BpeTrainer(vocab_size=300, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
        )
        return made
    if kind == "byte fallback":
        pieces = [
            ("<unk>", 0.0),
            *((f"<0x{byte:02X}>", -10.0) for byte in range(256)),
            ("▁", -2.0),
            ("a", -3.0),
            ("▁the", -1.0),
        ]
        made = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=True))
        made.pre_tokenizer = pre_tokenizers.Metaspace()
        made.decoder = decoders.ByteFallback()
        return made
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=200, special_tokens=["[UNK]"]))
    return made


@pytest.mark.parametrize("kind", ["byte-level BPE", "byte fallback", "WordPiece"])
@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=60))
def test_no_tokenizer_makes_more_tokens_than_the_bound(kind, text):
    assert len(tokenizer(kind).encode(text, add_special_tokens=False).ids) <= tokens_bound(text)


def test_the_bound_is_reached_by_signs_that_a_tokenizer_does_not_know():
    text = "ጷ᧰"
    assert len(tokenizer("byte-level BPE").encode(text).ids) == tokens_bound(text)


def test_an_empty_text_has_no_tokens():
    assert tokens_bound("") == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=60), st.integers(256, 2_000))
def test_a_bank_that_was_compressed_holds_at_most_its_tokens(texts, budget):
    bank = Bank()
    for k, text in enumerate(texts):
        bank.note(k, text, 0.5)
        bank.person("anna", k).notes.append(Note(t_ns=k, text=f"said: {text[:160]}", person_id="anna"))
        bank.hear(k, [Line(t_ns=k, speaker="user", text=text, person_id="anna")])
        bank.actions.append(
            ActionRecord(intention_id=f"i{k}", t_ns=k, act="greet", kind="dialogue", trigger="t", state="finished")
        )
    bank.compress(1 << 20, len(texts), budget)
    parts = [part for items in bank.texts().values() for part in items]
    for kind in ("byte-level BPE", "byte fallback"):
        assert len(tokenizer(kind).encode("\n".join(parts)).ids) <= budget
    assert bank.size_tokens() <= budget


def test_an_intention_under_way_outlives_everything_else_when_tokens_are_short():
    bank = Bank()
    bank.actions.append(
        ActionRecord(intention_id="i.0", t_ns=0, act="greet", kind="gaze", trigger="t", state="accepted")
    )
    for k in range(100):
        bank.note(k, f"something that matters a lot {k}", 1.0)
    bank.compress(1 << 20, 50 * 10**9, 300)
    assert bank.action("i.0") is not None and bank.size_tokens() <= 300


def test_an_intention_whose_answer_was_lost_gets_an_outcome_and_a_late_answer_still_counts():
    bank = Bank()
    bank.actions.append(
        ActionRecord(intention_id="i.0", t_ns=0, act="greet", kind="gaze", trigger="t", state="accepted")
    )
    bank.compress(1 << 20, 59 * 10**9)
    assert bank.actions[0].state == "accepted"
    bank.compress(1 << 20, 61 * 10**9)
    assert (bank.actions[0].state, bank.actions[0].reason) == ("expired", "no answer")
