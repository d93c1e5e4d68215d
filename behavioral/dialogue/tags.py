"""Behaviour tags in a reply: `[wave] Hello!` makes the body act at that word, and the voice never says "wave"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TAG = re.compile(r"\[([a-z][a-z0-9_:.]{0,31})\]", re.IGNORECASE)
"""A colon and a dot for `[pause:1.5s]`, which is the voice's business and nobody's act."""
_STRAY = re.compile(r"[\[\]{}<>*_#`|]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class BehaviourTag:
    """A tag and the number of spoken words before it."""

    label: str
    word_index: int


@dataclass(frozen=True, slots=True)
class TaggedText:
    """Text for the voice, and the acts that go with it."""

    text: str
    tags: tuple[BehaviourTag, ...]


def split_tags(text: str) -> TaggedText:
    """Separate behaviour tags from the words; stray mark-up (of a language model) is dropped as well."""
    tags: list[BehaviourTag] = []
    spoken: list[str] = []
    end = 0
    words = 0
    for found in _TAG.finditer(text):
        piece = text[end : found.start()]
        spoken.append(piece)
        words += len(_STRAY.sub(" ", piece).split())
        tags.append(BehaviourTag(found.group(1).lower(), words))
        end = found.end()
    spoken.append(text[end:])
    plain = _SPACES.sub(" ", _STRAY.sub(" ", "".join(spoken))).strip()
    return TaggedText(re.sub(r"\s+([,.!?;:])", r"\1", plain), tuple(tags))
