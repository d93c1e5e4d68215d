"""Is what was heard one of the phrases that the scenario expects? Asked of the model itself.

The phrases most like the recognised text are scored against the sound, as if they had been recognised. What people are expected to say is
likelier than any other text before it is heard, so a phrase may be `PRIOR` nats behind the model's own choice and is still taken; further
behind, the choice stands (rejection). What begins with a phrase, or is too short to be like anything, stands too. Blocking.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from behavioral.hearing.asr.grammar import plain
from behavioral.hearing.asr.moonshine_network import Decoded, MoonshineNetwork

PRIOR = 2.5
"""How much likelier an expected phrase is before it is heard, nats. On the voices on which it was chosen (six of espeak-ng) the scenario
`welcome` answered 69 of the 240 sentences of `benchmarks/bench_asr.py` by a wrong rule; this mended 25 of them, broke none of the
others, and replaced 2 of 108 sentences that were not asked for, both by what was said."""
TRIED = 3
"""Phrases that are scored, about 12 ms each."""
WORDS_MAX = 8
LETTERS_MIN = 4
"""Shorter texts (oh, hm) are like too many."""
SIMILAR = 0.5
"""Least similarity (difflib's ratio of the letters) of a phrase that is tried."""
_QUESTIONS = ("what", "where", "who", "when", "why", "how", "can", "could", "do", "does", "are", "is", "will", "would")


class ExpectedPhrases:
    """The phrases, as text and as tokens of a model."""

    def __init__(self, network: MoonshineNetwork, phrases: Sequence[str]) -> None:
        """Write the phrases as the model would: a capital first, `I`, and its mark at the end."""
        self._network = network
        self._plain = [phrase for phrase in map(plain, phrases) if 0 < len(phrase.split()) <= WORDS_MAX]
        self._known = frozenset(self._plain)

    def instead_of(self, decoded: Decoded) -> str | None:
        """Return the phrase that was said rather than what was decoded last, with its punctuation; None where that stands."""
        heard = plain("".join(map(self._network.text, decoded.tokens)))
        if len(heard) < LETTERS_MIN or heard in self._known or len(heard.split()) > WORDS_MAX + 2:
            return None
        letters = heard.replace(" ", "")
        alike = [
            (difflib.SequenceMatcher(None, letters, p.replace(" ", "")).ratio(), p)
            for p in self._plain
            if not heard.startswith(p)
        ]
        alike = sorted((one for one in alike if one[0] >= SIMILAR), reverse=True)[:TRIED]
        best, least = None, decoded.log_probability - PRIOR
        for _, phrase in alike:
            text = written(phrase)
            score = self._network.log_probability(text)
            if score > least:
                best, least = text, score
        return best


def written(phrase: str) -> str:
    """Return a phrase of plain words with a capital, `I`, and a question mark or full stop."""
    words = ["I" + word[1:] if word == "i" or word.startswith("i'") else word for word in phrase.split()]
    text = " ".join(words)
    return text[0].upper() + text[1:] + ("?" if words[0].lower() in _QUESTIONS else ".")
