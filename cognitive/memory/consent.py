"""Who has agreed to be remembered, and who somebody is: the state of each track id of the session, and the words that change it.

Nobody is remembered beyond the session without having agreed: by `MemoryConsent`, by words ("please remember me"), or in an earlier
session under the same `known_as`. Agreeing to a recording is not agreeing to be remembered. Words are read strictly, English:
what merely looks like consent changes nothing. Pure; the state is saved with the session's memory.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from msgspec import Struct, field

from cognitive.memory.episodes import Draft

Word = Literal["", "remember", "forget", "not_this", "known"]
LINKS_MAX = 24
NAME_CHARS = 128

_POLITE = (
    r"(?:please |yes |sure |ok |okay |and |so |you (?:may|can|should|could) (?:please )?|"
    r"(?:can|could|would|will) you (?:please )?|i(?:'d| would) like you to |i want you to )*"
)
_START = rf"(?:^|[,.;!?]\s*|\b(?:and|but|so|yes|please|okay|ok|hello|hi)\s+){_POLITE}"
_FORGET = re.compile(
    rf"{_START}(?:forget (?:about )?me\b(?! not)|"
    r"forget (?:everything|all|anything) (?:that )?(?:you know |you have |you remember )?(?:about|of) me\b|"
    r"(?:delete|erase) (?:everything|all|all the data|the data|what you know) (?:about|of|on) me\b|"
    r"(?:delete|erase) (?:all )?(?:my data|my memory|my memories|my information)\b|"
    r"(?:do not|don't|stop) remember(?:ing)? me\b)|\bi (?:do not|don't) want (?:you to remember me|to be remembered)\b",
    re.IGNORECASE,
)
_NOT_THIS = re.compile(
    rf"{_START}(?:(?:do not|don't) (?:remember|store|save|keep|write down) (?:this|that|what i (?:just )?said|what i say)\b|"
    r"forget (?:that|what i (?:just )?said|i said that)\b)|\b(?:this is )?off the record\b",
    re.IGNORECASE,
)
_REMEMBER = re.compile(
    rf"{_START}remember (?:me\b|my name\b|who i am\b)|\bi (?:want|would like|'d like|wish) to be remembered\b|"
    r"\byou (?:may|can) (?:keep|store|save) (?:my data|what i (?:say|tell you)|what you know (?:about|of) me)\b",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"\b(?:do you (?:still )?remember me|you (?:still )?remember me|do you (?:still )?know me|do you recogni[sz]e me|"
    r"we(?:'ve| have)(?: already)? met|"
    r"we met (?:before|yesterday|last)|i(?:'ve| have) been here before|i was here (?:before|yesterday|last)|it(?:'s| is) me again)\b|"
    r"^(?:hello |hi |hey )?remember me\s*\?",
    re.IGNORECASE,
)


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


def wish_in(text: str) -> Word:
    """Return what somebody's words say about being remembered.

    `remember` and `forget` concern them as a whole, `not_this` what they have just said; `known` claims an earlier encounter.
    """
    text = " ".join(text.replace("\u2019", "'").split())
    if _FORGET.search(text):
        return "forget"
    if _NOT_THIS.search(text):
        return "not_this"
    if _KNOWN.search(text):
        return "known"
    if _REMEMBER.search(text) and not re.search(
        r"\b(?:do|did) you remember\b|\bdon't remember\b|\bdo not remember\b", text, re.I
    ):
        return "remember"
    return ""


def stable_name(known_as: str) -> str:
    """Return a stable name as it is kept: composed Unicode, single spaces, no control signs."""
    text = "".join(sign for sign in unicodedata.normalize("NFC", known_as) if unicodedata.category(sign)[0] != "C")
    return " ".join(text.split())[:NAME_CHARS]
