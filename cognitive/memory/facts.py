"""Facts in what somebody says about themself, as subject, attribute and value; by rules, English, precise rather than complete.

"My name is Anna" gives (self, name, Anna); "I moved to Hamburg" (self, home, Hamburg), which supersedes an earlier home;
"my sister lives in Oslo" (sister, home, Oslo); "I don't like coffee any more" (self, dislikes, coffee). Questions, conditions and wishes
give nothing. What the dialogue itself found worth remembering (`Fact`, third person) goes through the same rules and is kept
as a note where none fits. Pure; tolerant of a recogniser's output without punctuation.
"""

from __future__ import annotations

import re

from msgspec import Struct

SELF = "self"
NOTE = "note"
"""Attribute of a fact that no rule takes apart."""
VALUE_CHARS = 80
SINGLE = frozenset({"name", "home", "origin", "work", "workplace", "age", "birthday", "studies"})
"""Attributes with one value at a time: a newer one supersedes the older. `favourite ...` too."""
OPPOSITES = {"likes": "dislikes", "dislikes": "likes"}

_STOP = (
    r"(?=\s+(?:and|but|because|so|since|while|when|which|who|that|although|though|then|now|today|these|right|at the moment|for|"
    r"with my|please|anymore|any more|actually|too|as well|by the way|if|or|i|we|she|he|my|"
    r"last|this|next|yesterday|today|recently|again|until|"
    r"in (?:19|20)\d\d|a (?:year|month|week|few|long)|\d+|two|three)\b|[,.;:!?]|$)"
)
_VALUE = rf"(?P<value>[^\s,.;:!?][^,.;:!?]{{0,{VALUE_CHARS}}}?){_STOP}"
_KIN = (
    r"(?P<kin>wife|husband|partner|girlfriend|boyfriend|son|daughter|child|brother|sister|mother|mom|mum|father|dad|"
    r"grandmother|grandma|grandfather|grandpa|friend|dog|cat|boss|neighbou?r)"
)
_I_AM = r"(?:i am|i'm|im)"
_NOT = r"(?P<not>do not|don't|dont|no longer|not|never|did not|didn't)\s+"

_RULES: tuple[tuple[str, str, float, float], ...] = (
    # attribute, pattern on the text, confidence, importance
    ("name", rf"\bmy name (?:is|'s)(?P<not> not)? {_VALUE}", 0.95, 0.95),
    ("name", rf"\b(?:call me|{_I_AM} called) {_VALUE}", 0.85, 0.95),
    ("home", rf"\bi (?:{_NOT})?(?:currently |now |still |actually )?live (?:in|near|at) {_VALUE}", 0.9, 0.85),
    ("home", rf"\b(?:i|i've|i have|we) (?:just |recently )?(?:have )?moved (?:from [\w' -]+? )?to "
             rf"(?!the |a |an |my |your |another ){_VALUE}", 0.85, 0.85),
    ("home", rf"\b{_I_AM} (?:now |currently )?living in {_VALUE}", 0.85, 0.85),
    ("origin", rf"\b(?:{_I_AM}|i come) (?:originally )?from {_VALUE}", 0.85, 0.7),
    ("work", rf"\bi (?:{_NOT})?work as (?:a |an |the )?{_VALUE}", 0.9, 0.75),
    ("workplace", rf"\bi (?:{_NOT})?work (?:at|in) {_VALUE}", 0.8, 0.7),
    ("studies", rf"\bi (?:{_NOT})?study {_VALUE}", 0.85, 0.7),
    ("age", rf"\b{_I_AM} (?P<value>\d{{1,3}}|[a-z]+(?:-[a-z]+)?) years old\b", 0.9, 0.6),
    ("birthday", rf"\bmy birthday is (?:on |in )?{_VALUE}", 0.9, 0.8),
    ("allergy", rf"\b{_I_AM} (?P<not>not )?allergic to {_VALUE}", 0.9, 0.95),
    ("likes", rf"\bi (?:{_NOT})?(?:really |also |still )?(?:like|love|enjoy) {_VALUE}", 0.8, 0.6),
    ("dislikes", rf"\bi (?:really )?(?:hate|dislike|can't stand|cannot stand) {_VALUE}", 0.8, 0.6),
    ("favourite", rf"\bmy favou?rite (?P<thing>[a-z]+) is {_VALUE}", 0.9, 0.65),
    ("has", r"\bi have (?P<value>(?:a|an|one|two|three|four|five) (?:big |small |little |old |young )?"
            r"(?:dogs?|cats?|sons?|daughters?|children|kids?|brothers?|sisters?|horses?|gardens?|bicycles?|bikes?|cars?))\b", 0.85, 0.7),
    ("name", rf"\bmy {_KIN}(?:'s name)? is (?:called|named) {_VALUE}", 0.9, 0.75),
    ("name", rf"\bmy {_KIN}'s name is {_VALUE}", 0.9, 0.75),
    ("home", rf"\bmy {_KIN} lives in {_VALUE}", 0.85, 0.65),
)  # fmt: skip
_COMPILED = tuple((attribute, re.compile(pattern, re.IGNORECASE), c, i) for attribute, pattern, c, i in _RULES)
_I_AM_NAME = re.compile(r"\bI(?:'m| am) (?P<value>[A-Z][a-zà-öø-ÿ'-]+)(?=\s*(?:[,.;!]|$)|\s+(?:and|from|by)\b)")
_NO_NAMES = frozenset(
    "german french english british italian spanish polish turkish russian american chinese japanese indian dutch irish scottish "
    "swedish danish norwegian finnish greek ukrainian austrian swiss canadian mexican brazilian catholic protestant muslim jewish "
    "christian fine okay ok sorry sad happy tired here not so very".split()
)
_SKIP = re.compile(
    r"\b(?:if i|i wish|imagine|suppose|would|could|should|might|used to|want to|going to|would have|maybe|do you|am i|"
    r"(?<!i )said|says|told|asked|thinks?)\b",
    re.IGNORECASE,
)
_NEVER_VALUES = frozenset("it that this you them him her not me us what when how".split())
_SENTENCE = re.compile(r"[^.!?]+[.!?]?")
_THIRD_PERSON = (
    (
        re.compile(r"^(?:(?:the |this )?(?:user|person)|she|he|they)?\s*(?:is|are) (?:called|named) ", re.IGNORECASE),
        "my name is ",
    ),
    (
        re.compile(
            r"^(?:(?:the |this )?(?:user|person)|she|he|they)?\s*(?:'s |his |her |their )?name is ", re.IGNORECASE
        ),
        "my name is ",
    ),
    (re.compile(r"^(?:(?:the |this )?(?:user|person)|she|he|they)\s+", re.IGNORECASE), ""),
)
_VERBS = {
    "likes": "like", "loves": "love", "enjoys": "enjoy", "hates": "hate", "dislikes": "dislike", "lives": "live", "moved": "moved",
    "works": "work", "studies": "study", "has": "have", "comes": "come", "is": "am", "does": "do", "doesn't": "don't",
}  # fmt: skip


class Fact(Struct, kw_only=True, omit_defaults=True):
    """One fact as it was said. `retracts`: it says that this is not so (any more)."""

    subject: str
    attribute: str
    value: str
    source: str
    at_ns: int = 0
    confidence: float = 0.8
    importance: float = 0.6
    retracts: bool = False

    @property
    def single(self) -> bool:
        """Whether a newer value supersedes this one."""
        return (self.attribute in SINGLE and self.subject in ("self",)) or self.attribute.startswith("favourite")

    @property
    def text(self) -> str:
        """The fact in words."""
        if self.attribute == NOTE:
            return self.value
        who = "" if self.subject == SELF else f"{self.subject}: "
        return who + _WORDS.get(self.attribute, f"{self.attribute}: {{}}").format(self.value)


_WORDS = {
    "name": "is called {}", "home": "lives in {}", "origin": "comes from {}", "work": "works as {}", "workplace": "works at {}",
    "studies": "studies {}", "age": "is {} years old", "birthday": "has birthday on {}", "allergy": "is allergic to {}",
    "likes": "likes {}", "dislikes": "does not like {}", "has": "has {}",
}  # fmt: skip


def facts_in(text: str, at_ns: int = 0) -> list[Fact]:
    """Return the facts that somebody states about themself (or their people) in an utterance."""
    found: list[Fact] = []
    text = text.replace("\u2019", "'")
    for match in _SENTENCE.finditer(text):
        sentence = match.group().strip()
        if sentence.endswith("?"):  # "I'm Anna, do you remember me?" asks with its last part only
            sentence = sentence.rpartition(",")[0]
        for attribute, pattern, confidence, importance in _COMPILED:
            for hit in pattern.finditer(sentence):
                if _SKIP.search(sentence[max(0, hit.start() - 24) : hit.start() + 12]):
                    continue
                fact = _fact(attribute, hit, sentence, at_ns, confidence, importance)
                if fact is not None:
                    found.append(fact)
        for hit in _I_AM_NAME.finditer(sentence):
            if hit["value"].lower() not in _NO_NAMES and sentence != sentence.upper():
                found.append(
                    Fact(subject=SELF, attribute="name", value=hit["value"], source=sentence[:240], at_ns=at_ns,
                         confidence=0.6, importance=0.95)
                )  # fmt: skip
    return _distinct(found)


def facts_of_note(text: str, at_ns: int = 0) -> list[Fact]:
    """Return what a fact of the dialogue says, which speaks in the third person; at least the note itself."""
    spoken = " ".join(text.split())
    for pattern, instead in _THIRD_PERSON:
        spoken = pattern.sub(instead, spoken, count=1)
    first, _, rest = spoken.partition(" ")
    if (verb := _VERBS.get(first.lower())) is not None:
        spoken = f"I {verb} {rest}"
    found = facts_in(spoken, at_ns)
    for fact in found:
        fact.source = text[:240]
    if found:
        return found
    return [
        Fact(
            subject=SELF,
            attribute=NOTE,
            value=text[:300],
            source=text[:240],
            at_ns=at_ns,
            confidence=0.8,
            importance=0.7,
        )
    ]


def name_in(text: str) -> str:
    """Return the name by which somebody introduces themself, or an empty text."""
    names = [f for f in facts_in(text) if f.subject == SELF and f.attribute == "name" and not f.retracts]
    return max(names, key=lambda fact: fact.confidence).value if names else ""


def _fact(
    attribute: str, hit: re.Match[str], sentence: str, at_ns: int, confidence: float, importance: float
) -> Fact | None:
    groups = hit.groupdict()
    value = " ".join(groups["value"].split()).strip("'\" ")
    words = value.split()
    if not words or words[0].lower() in _NEVER_VALUES or len(words) > 8:
        return None
    if attribute == "name":
        words = words[:3] if all(word[:1].isupper() for word in words) else words[:1]
        value = " ".join(word if word[:1].isupper() else word.capitalize() for word in words)
    if attribute == "favourite":
        attribute = f"favourite {groups['thing'].lower()}"
    retracts = bool(groups.get("not"))
    if retracts and attribute in OPPOSITES:
        attribute, retracts = OPPOSITES[attribute], False
    subject = (groups.get("kin") or SELF).lower()
    return Fact(
        subject=subject, attribute=attribute, value=value[:VALUE_CHARS], source=sentence[:240], at_ns=at_ns,
        confidence=confidence, importance=importance, retracts=retracts,
    )  # fmt: skip


def _distinct(found: list[Fact]) -> list[Fact]:
    """Return each fact once, the surest reading of it."""
    best: dict[tuple[str, str, str], Fact] = {}
    for fact in found:
        key = (fact.subject, fact.attribute, fact.value.casefold())
        if key not in best or best[key].confidence < fact.confidence:
            best[key] = fact
    return list(best.values())
