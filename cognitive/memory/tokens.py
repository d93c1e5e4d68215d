"""How many tokens a text takes at most, without any tokenizer.

The bound is one token per byte of UTF-8 and one for the text's beginning. It holds for every tokenizer in use, since none
makes more than one token of one byte: byte-level BPE (GPT, Llama 3, Qwen, Mistral's tekken) begins with the bytes and only merges;
SentencePiece with byte fallback (Llama 2, Gemma, Mistral) falls back to a character's bytes at worst, and puts one space in
front; WordPiece (BERT) has at most one token a character, and `[UNK]` for a whole word. (A normaliser that takes one ligature to
several letters, NFKC, could exceed it on texts made of such signs; none of the chat models above has one that does.)
A closer figure would have to assume a language: names, other scripts and random letters come close to the bound, plain English is
about four bytes a token (measured with Mistral's two tokenizers: `tests/cognitive/memory/test_tokens.py` says how). Pure.
"""

from __future__ import annotations

_BEGINNING = 1
"""The space or mark that a tokenizer may put before a text."""


def tokens_bound(text: str) -> int:
    """Return a number of tokens that the text never exceeds; 0 for an empty text."""
    return len(text.encode("utf-8", "surrogatepass")) + _BEGINNING if text else 0
