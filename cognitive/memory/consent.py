"""Who has agreed to be remembered, and who somebody is: the state of each track id of the session, and the words that change it.

Nobody is remembered beyond the session without having agreed: by `MemoryConsent`, by words ("please remember me"), or in an earlier
session under the same `known_as`. Agreeing to a recording is not agreeing to be remembered. What words mean is read by
`cognitive.memory.wishes`: consent strictly, withdrawals generously. Pure; the state is saved with the session's memory.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

from msgspec import Struct, field

from cognitive.memory.episodes import Draft
from cognitive.memory.wishes import Word, wish_in

__all__ = ["LINKS_MAX", "NAME_CHARS", "Ended", "Link", "Remembering", "Word", "stable_name", "wish_in"]

LINKS_MAX = 24
NAME_CHARS = 128


class Link(Struct, kw_only=True, omit_defaults=True):
    """What is known of who a track id is, and what that person wants.

    Attributes:
        known_as: stable name of a recogniser, a robot or a page; empty where nobody has told one.
        spoken: the name that they gave in words.
        consent: `given` also when it was given in an earlier session.
        how: by what it came (`message`, `words`).
        given_s: when consent was given in this session, Unix seconds.
        changed_s: when anything here last changed, Unix seconds.
        from_ns: nothing that was before is remembered of this track (0: the whole encounter).
        person: number in the long-term memory, 0 while there is none.
        claims: says to have been here before.
        settled: identity and consent are worked into the long-term memory; False is work to do.
    """

    known_as: str = ""
    spoken: str = ""
    consent: Literal["none", "given", "withdrawn"] = "none"
    how: str = ""
    given_s: float = 0.0
    changed_s: float = 0.0
    from_ns: int = 0
    person: int = 0
    claims: bool = False
    settled: bool = True

    def origin(self, session: int, track: str) -> str:
        """Return what tells the person whom this consent entered from others, also after a kill in the middle of it."""
        return f"{session}/{track}/{self.given_s!r}"


class Ended(Struct, kw_only=True):
    """An encounter that is over and not written yet, with who it was with."""

    track: str
    link: Link
    draft: Draft


class Remembering(Struct, kw_only=True):
    """The part of the saved state that belongs to the long-term memory: nothing in it of people who have not agreed but their names.

    Attributes:
        session: number of this session in the file, 0 before there is one.
        origin_s: Unix seconds at session time 0.
        tombstone: deletions up to this one have been worked into the session's memory.
        links: by track id.
        drafts: the encounter under way, by track id.
        ended: encounters that are over and not written yet.
        unseen_from_ns: when whoever was only heard or typing last changed: what was before is not the present one's.
        forget_people: numbers of people to be deleted from the long-term memory.
        forget_names: the same by stable name.
        forget_origins: the same by what entered them.
    """

    session: int = 0
    origin_s: float = 0.0
    tombstone: int = 0
    links: dict[str, Link] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    ended: list[Ended] = field(default_factory=list)
    unseen_from_ns: int = 0
    forget_people: list[int] = field(default_factory=list)
    forget_names: list[str] = field(default_factory=list)
    forget_origins: list[str] = field(default_factory=list)


def stable_name(known_as: str) -> str:
    """Return a stable name as it is kept: composed Unicode, single spaces, no control signs."""
    text = "".join(sign for sign in unicodedata.normalize("NFC", known_as) if unicodedata.category(sign)[0] != "C")
    return " ".join(text.split())[:NAME_CHARS]
