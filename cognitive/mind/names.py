"""Names of people, things and places in one normal form, so that "the Green_Suitcase." and "green suitcase" are the same.

Pure functions, no failure: whatever is given, a string of at most `NAME_CHARS` comes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

NAME_CHARS = 64

_ARTICLE = re.compile(r"^(?:the|a|an|some|this|that|these|those)\s+")
_NOT_WORD = re.compile(r"[^\w' ]+")
_SPACES = re.compile(r"[\s_]+")
_EDGE_QUOTES = re.compile(r"(?<!\w)'+|'+(?!\w)")


def normal(name: str) -> str:
    """Return the name lower-case, without article and punctuation; underscores and hyphens are spaces."""
    text = name[: 4 * NAME_CHARS].casefold().replace("’", "'").replace("-", " ")
    text = _EDGE_QUOTES.sub("", _NOT_WORD.sub(" ", text))
    text = _SPACES.sub(" ", text).strip()
    return _ARTICLE.sub("", text)[:NAME_CHARS].rstrip()


def spoken(name: str) -> str:
    """Return the normal form of a person's name as one writes it: "anna" is "Anna"."""
    return " ".join(word[:1].upper() + word[1:] for word in name.split())


def with_names(text: str, people: Iterable[str]) -> str:
    """Return a text with people's names as one writes them; `people` in normal form."""
    for name in people:
        if name and name in text:
            text = re.sub(rf"\b{re.escape(name)}\b", spoken(name), text)
    return text


_ROOMS = frozenset(
    """attic backyard yard basement bathroom bedroom cellar crawlspace den garage garden hall hallway kitchen laundry lounge office
    patio playroom porch staircase study sunroom workshop room classroom lobby corridor library balcony terrace foyer toilet
    conservatory nursery supermarket restaurant""".split()
)
_PLACES = frozenset("park church school cafe shop store street house home outside".split())
"""These alone: a doll's house is a thing."""


def is_room(name: str) -> bool:
    """Return whether the normal form is the name of a room or place in everyday English, by its last word."""
    return name in _PLACES or name.rpartition(" ")[2] in _ROOMS


_TITLES = (
    r"\b(?:the )?(?:mr|mrs|ms|miss|dr|doctor|professor|prof|old|young|little|aunt|auntie|uncle|grandma|grandpa"
    r"|nurse|sister|madame)\.? "
)


def without_titles(text: str, people: Iterable[str]) -> str:
    """Return a sentence with the people called as they are known: "Mrs Okafor sits down" is "okafor sits down"."""
    for person in sorted(people):
        text = re.sub(_TITLES + rf"({re.escape(person)})\b", r"\1", text, flags=re.IGNORECASE)
    return text


def doer(text: str, people: Iterable[str]) -> str:
    """Return who of the people a sentence begins with, so that it tells what they do; empty for nobody."""
    known = sorted(people, key=lambda person: -len(person))
    words = normal(without_titles(text[:80], known))
    for person in known:
        name = normal(person)
        if name and (words == name or words.startswith(f"{name} ")):
            return person
    return ""
