"""What one person has said of themself is not told to another: by the memory's person ids, not by names.

A sentence tells a fact where most of the fact's telling words stand in it. It may go out where everybody who is here is the one whose fact
it is, or has heard it said here. Who people are, technically (track ids), is never said. Pure; bounded by the memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cognitive.memory.bank import Bank
from cognitive.situation import Situation

TELLING_MIN = 2
SHARE = 0.6
_WORD = re.compile(r"[a-z]{4,}")
_COMMON = frozenset(
    """
    about after again also always been before being could does doing from have having here just know like love loves likes made make
    more much name need never only other people please really said says should some something than that their them then there they
    thing things think this time today very want wants well were what when where which while will with would your you're yours tell
    told talk good great nice come came going gone thank thanks hello help sorry feel feels seems glad earlier person asked asks
    """.split()
)
_TRACK = re.compile(r"\b(?:person|track|viewer|user|face)[-_]?\d+\b", re.I)


def tells_of_others(text: str, addressee: str, situation: Situation, bank: Bank) -> bool:
    """Whether a sentence gives away who somebody is, or what somebody else has let the agent know."""
    if _TRACK.search(text):
        return True
    listeners = {person.person_id for person in situation.people} | ({addressee} if addressee else set())
    said = _telling(text)
    if len(said) < TELLING_MIN:
        return False
    public = [_telling(u.text) for u in situation.utterances if not u.aside]
    for owner, fact in _facts(situation, bank):
        if listeners <= {owner}:
            continue
        words = _telling(fact)
        common = words & said
        if len(common) >= TELLING_MIN and len(common) >= SHARE * len(words):
            heard_by_all = owner in listeners and any(len(common & heard) >= len(common) for heard in public)
            if not heard_by_all:
                return True
    return False


def _facts(situation: Situation, bank: Bank) -> Iterator[tuple[str, str]]:
    """Return what is remembered, each with whose it is."""
    for person_id, known in bank.people.items():
        yield from ((person_id, note.text) for note in known.facts)
        yield from ((person_id, note.text) for note in known.notes)
    for person_id, recollection in situation.recollections.items():
        yield from ((person_id, memory.text) for memory in recollection.memories)
    for promise in situation.promises:
        if promise.person_id and promise.about:
            yield promise.person_id, promise.about


def _telling(text: str) -> set[str]:
    return {_stem(word) for word in _words(text) if word not in _COMMON}


def _words(text: str) -> Iterable[str]:
    return _WORD.findall(text.lower())


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 4 else word
