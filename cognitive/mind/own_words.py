"""What the agent says of itself: that it will do something, can or cannot, knows or does not, has seen or has not.

Read off its own words, so that it is known what people who heard them expect of it. Formulas of English; what is said only in passing ("I
can imagine") says nothing. The attributes are `promise WHAT`, `ability WHAT`, `knowledge WHAT`, `sight WHAT`. Pure functions of text.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from cognitive.formulas import any_of, plain
from cognitive.mind.language import sentences
from cognitive.mind.names import spoken

Sort = Literal["promise", "ability", "knowledge", "sight"]
SORTS: tuple[Sort, ...] = ("promise", "ability", "knowledge", "sight")
WHAT_WORDS = 8
WHAT_CHARS = 50

OPEN, KEPT, DROPPED = "open", "kept", "dropped"
CAN, CANNOT = "can", "cannot"
KNOWS, KNOWS_NOT = "knows", "does not know"
SEEN, UNSEEN = "has seen", "has not seen"

_DOES = (
    "remind|tell|ask|call|bring|get|fetch|show|explain|look|find|check|wait|come|help|let|keep|remember|take|send|write|watch|listen|"
    "make|give|stay|think|turn|warn|wake|say|repeat|speak|be back|be here|see to|do that|do it|do my"
)
_WILL = re.compile(
    rf"\bi(?:'ll| will| shall| am going to|'m going to| promise to| can promise to)"
    rf"(?: (?:also|just|then|gladly|certainly|surely|definitely|quickly|still|always|happily))* (?P<what>(?:{_DOES})\b.*)"
)
_WILL_NOT = re.compile(r"\bi(?:'ll not| will not| won't| shall not| shan't) (?P<what>.+)")
_CAN = re.compile(r"\bi(?: can| am able to|'m able to| know how to) (?P<what>.+)")
_CANNOT = re.compile(
    r"\bi(?: can't| can not| cannot| am not able to|'m not able to| am unable to|'m unable to| don't know how to| do not know how to)"
    r" (?P<what>.+)"
)
_KNOWS = re.compile(r"\bi(?: do)? know (?P<what>(?:where|what|when|who|whose|how|which|about) .+)")
_KNOWS_NOT = re.compile(
    r"\bi(?: do not| don't) (?:know|remember) (?P<what>(?:where|what|when|who|whose|how|which|whether|if|about|your|any|the) .+)"
)
_SAW = re.compile(r"\bi(?: saw| have seen|'ve seen| have just seen|'ve just seen| just saw) (?P<what>.+)")
_SAW_NOT = re.compile(r"\bi(?: have not seen| haven't seen| did not see| didn't see| never saw) (?P<what>.+)")
_IN_PASSING = any_of(
    r"""
    imagine / understand / tell / believe / only / wait / agree / say / see (?:that|how|why|it|you|what) / hear (?:that|how|it|you|what) /
    think of / feel / relate / be honest / assure / ask
    """
)
"""What one "can" in passing."""
_NOT_MEANT = any_of(r"imagine / believe / wait / say / agree / tell / thank you enough / help (?:but|it|thinking)")
"""What one "cannot" in passing."""
_END = re.compile(
    r" (?:and|but|so|because|since|when i|if you like|if you want|for now|at once|right away|right now|of course|as well|too|please|i)\b.*"
)
_READ: tuple[tuple[re.Pattern[str], Sort, str], ...] = (
    (_WILL, "promise", OPEN),
    (_CANNOT, "ability", CANNOT),
    (_CAN, "ability", CAN),
    (_KNOWS_NOT, "knowledge", KNOWS_NOT),
    (_KNOWS, "knowledge", KNOWS),
    (_SAW_NOT, "sight", UNSEEN),
    (_SAW, "sight", SEEN),
)


class OfItself(Struct, frozen=True):
    """One thing that the agent has said of itself; `sentence` is where."""

    sort: Sort
    what: str
    value: str
    sentence: str

    @property
    def attribute(self) -> str:
        """Under which it is kept as a fact about the agent."""
        return f"{self.sort} {self.what}"


def read(text: str, hearer: str = "") -> list[OfItself]:
    """Return what the agent says of itself in its words.

    Args:
        text: what was heard of them.
        hearer: to whom they were said; "you" and "your".
    """
    found: list[OfItself] = []
    for sentence in sentences(text):
        if sentence.endswith("?"):
            continue  # an offer or a question
        words = plain(sentence)
        for pattern, sort, value in _READ:
            hit = pattern.search(words)
            if hit is None or (sort == "ability" and (_IN_PASSING if value == CAN else _NOT_MEANT).match(hit["what"])):
                continue
            what = _addressed(_cut(hit["what"]), hearer)
            if what and not any((one.sort, one.what) == (sort, what) for one in found):
                found.append(OfItself(sort, what, value, sentence))
        if hit := _WILL_NOT.search(words):
            found.append(OfItself("promise", f"not to {_addressed(_cut(hit['what']), hearer)}", OPEN, sentence))
    return found


def about_itself(attribute: str) -> bool:
    """Return whether a fact's attribute is one of what the agent has said of itself."""
    return attribute.partition(" ")[0] in SORTS


def in_words(agent: str, attribute: str, value: str) -> str:
    """Return such a fact as a clause: "Attune has promised to remind Anna", "Attune cannot lift things"."""
    sort, _, what = attribute.partition(" ")
    who = spoken(agent)
    if sort == "promise":
        done = {KEPT: "has kept its promise", DROPPED: "need not keep its promise"}.get(value, "has promised")
        return f"{who} {done} {'' if what.startswith('not to') else 'to '}{what}"
    return f"{who} {value} {what}"


def _cut(what: str) -> str:
    """Return what is spoken of, without what is said on top of it."""
    words = _END.sub("", what).split()[:WHAT_WORDS]
    while words and len(" ".join(words)) > WHAT_CHARS:
        words.pop()
    return " ".join(words)


def _addressed(what: str, hearer: str) -> str:
    """Return it with the hearer's name for "you", so that it still says the same to whoever hears of it."""
    name = spoken(hearer.lower())
    if not name:
        return what
    return re.sub(r"\byou\b", name, re.sub(r"\byour\b", f"{name}'s", what))
