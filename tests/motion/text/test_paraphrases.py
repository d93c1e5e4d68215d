"""The texts: enough of them for every gesture, and what is measured on was not learned from."""

from __future__ import annotations

from collections import Counter

from motion.procedural import lexicon
from motion.text.features import words
from tests.motion.text.texts import HELD_OUT, PARAPHRASES, nothing, positive

MOST_IN_COMMON = 0.8
"""Shared words over all words of two texts: the same sentence with one word changed has about this."""


def test_every_gesture_has_texts_to_learn_from_and_to_be_measured_on() -> None:
    learned = Counter(label for label, _ in positive(PARAPHRASES))
    measured = Counter(label for label, _ in positive(HELD_OUT))
    assert set(learned) == set(measured) == set(lexicon.LABELS)
    assert min(learned.values()) >= 14 and min(measured.values()) >= 4
    assert sum(measured.values()) >= 200 and len(nothing(HELD_OUT)) >= 30


def test_no_text_is_written_twice_for_two_gestures() -> None:
    owners: dict[str, str] = {}
    for label, text in positive(PARAPHRASES):
        key = " ".join(words(text))
        assert owners.setdefault(key, label) == label, text


def test_the_held_out_texts_are_in_other_words() -> None:
    names = [name.replace("_", " ") for name in (*lexicon.LABELS, *lexicon.ALIASES)]
    known = [frozenset(words(text)) for _, text in positive(PARAPHRASES)]
    known += [frozenset(words(text)) for text in [*nothing(PARAPHRASES), *names]]
    near = []
    for text in [*(text for _, text in positive(HELD_OUT)), *nothing(HELD_OUT)]:
        own = frozenset(words(text))
        if max(len(own & other) / len(own | other) for other in known) > MOST_IN_COMMON:
            near.append(text)
    assert near == []
