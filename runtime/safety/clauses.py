# ruff: noqa: E501 - one formula a line
"""What governs words within a sentence: a denial, a tale, the past, a condition, a figure of speech. The clause that holds the words decides.

Grave words are looked for in sentences as `runtime.safety.words` writes them (lower case, contractions written out, one space between words
and marks). Two stretches around the words matter:

- the *chain*: what stands before them and reaches into their clause. It ends at a mark, at a conjunction that begins a new clause, and,
  since recognisers write no marks, at a word after which a new subject can only begin a new clause: in `he left me i want to die`
  nothing governs the last four words, in `he said i want to die` the saying does.
- the *segment*: the words between two marks or conjunctions, in which adverbials of time and manner stand before or after.

So `not`, `if` and `she said` count where they reach the words, and not elsewhere in what is said. English; pure; every pattern is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

KIN = (
    "husband|wife|mother|father|mum|mom|mummy|dad|daddy|son|daughter|child|baby|kid|boy|girl|brother|sister|grandmother|grandfather|grandma|"
    "grandpa|gran|nan|granny|grandad|"
    "granddad|aunt|uncle|cousin|friend|partner|girlfriend|boyfriend|neighbour|neighbor|colleague|boss|teacher|flatmate|roommate|mate|nephew|niece"
    "|grandson|granddaughter|twin"
)
"""Whom people speak of as theirs."""
WORD = r"(?:(?!not |never |no |nobody |hardly )[a-z0-9']+ )"
"""A word of a gap: none that denies."""
PLACES_MAX = 16
"""Places in one sentence at which grave words are judged."""
_MARKS = frozenset(".,!?;:")
_JOINS = frozenset("and but because cause so then though although while yet plus now".split())
_SUBJECTS = frozenset("i he she they we you it there somebody someone".split())
_LINKS = frozenset(
    "that if when whenever whether think thought thinks believe say said says saying tell know mean guess hope feel felt feels like until "
    "unless where what how why who which than as imagine suppose wish case cries cried shouts shouted screams screamed yells yelled goes "
    "sings sang writes wrote do does did is are can could would will should might".split()
)
_TOLD = frozenset("told tell tells telling asked promised reminded warned".split())
_OBJECTS = frozenset("me him her us them you everybody everyone people".split())
_REACH_WORDS = 14
_REACH_CHARS = 300
"""What is further away governs nothing; it keeps the time linear in the text."""
_LINE = (
    r"(?:said|says|say|saying|cried|cries|crying|shouted|shouts|shouting|screamed|screams|yelled|yells|whispered|whispers|sang|sings|singing|"
    r"goes|went|wrote|writes|asked|replied|begins|reads|told (?:me|us|him|her|them|everybody|everyone))"
)
_FICTION = r"(?:film|movie|book|novel|play|story|tale|song|series|show|scene|poem|game|episode|musical|opera|sketch|comic|lyrics|script|picture|painting|photo|video|dream|nightmare)"
_NOT = re.compile(
    r"\b(?:not|never|no (?:need|longer|one|more|reason)|nobody|nor|neither|without|hardly|stopped|stop)\b(?! (?:know|sure|certain|care|understand|matter)\b)"
)
_IF = re.compile(
    r"\b(?:if|unless|whenever|when|in case|suppose|imagine|what if|until|how|would|could|might|should|pretend)\b"
)
_REPORTS = re.compile(rf"(?<!\bi )(?<!\bi just )(?<!\bi have )(?<!\bi only )\b{_LINE}\b")
_ATTRIBUTED = re.compile(rf"(?<!\bi )(?<!\bi have )\b{_LINE}(?: to \w+| out)?$")
_SAID_AFTER = re.compile(
    rf"^(?: (?:[.,!?:;]|fire|help|help me))* (?:(?:he|she|they|(?:the|a|my|his|her) \w+(?: \w+)?) {_LINE}(?: [.,!?;:]| $)|(?:said|says|cried|cries|shouted|shouts|screamed|whispered|called|sang) (?!i )\w+)"
)
_TALE = re.compile(
    rf"\b(?:in|on|from|of|about|watching|during|is|it was) (?:the|this|that|a|an|my|our|his|her) (?:\w+ )?{_FICTION}\b|\b(?:the|a|this|that|my|our) {_FICTION}(?: of the)? (?:says|goes|is about|ends|begins|starts|called|about)\b|"
    r"\b(?:story|song|book|novel|film|movie|play|poem) (?:about|where|in which|that)\b|\bin chapter\b|\bonce upon\b|\b(?:the|my|a) (?:character|hero|heroine|actor|actress)\b|\bon (?:the )?(?:news|tv|telly|radio|stage)\b"
)
_IN_A_TALE_FIRST = re.compile(rf"\b(?:in|on) (?:the|this|that|my|our|a) (?:\w+ )?{_FICTION} (?:, )?$")
_LONG_AGO = re.compile(
    r"\b(?:last (?:week|month|year|time|summer|winter|spring|autumn|fall|christmas|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:\w+) (?:days|weeks|months|years) ago|used to|back then|"
    r"when i was|when we were|when (?:he|she) was|as a (?:child|kid|boy|girl|teenager|student)|in (?:19|20)\d\d|in my (?:youth|childhood|twenties|thirties)|years ago|the other (?:day|week))\b"
)
_YESTERDAY = re.compile(
    r"\b(?:yesterday|last night|this morning|earlier|before|twice|often|always|every (?:time|day|week|year|winter|summer))\b"
)
_STILL = re.compile(r"\b(?:since|still|again|ever since|just now|right now|even now|from)\b")
_WHEN_CLAUSE = re.compile(r"^(?:when|as a|last|yesterday|back|years|in|once|\w+ \w+ ago|the other)\b")
_FIGURE = re.compile(
    r"\b(?:(?:bored|bore|bores|scared|scare|scares|frightened|frighten|worried|worry|tickled|tickle|tickles|love|loved|loves|work|works|worked|working|starved|starving|"
    r"freezing|frozen|thrilled|sick|tired|talk|talked|pleased|embarrassed|nagged|done)(?: \w+){0,3} to death)\b|"
    r"\b(?:laugh\w*|giggl\w+|ha ha|haha\w*|lol|tickl\w+|ketchup|fake blood)\b|\bwith (?:joy|laughter|excitement|delight|happiness|love|ideas|relief)\b"
)
_TAKEN_BACK = re.compile(r"\b(?<!not )(?<!no )(?:joking|kidding|only a joke|just a joke)\b")


def any_of(formulas: str) -> re.Pattern[str]:
    """Return the pattern of formulas that are parted by ` / `, over sentences with one space around each word and mark."""
    parts = [" ".join(part.split()) for part in formulas.split(" /")]
    return re.compile(r"(?<=[ ])(?:" + "|".join(parts) + r")(?=[ ])")


def places(pattern: re.Pattern[str], sentence: str) -> Iterator[re.Match[str]]:
    """Yield the first places, overlapping ones too, at which a pattern fits."""
    found = pattern.search(sentence)
    for _ in range(PLACES_MAX):
        if found is None:
            return
        yield found
        found = pattern.search(sentence, found.start() + 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where grave words stand.

    Attributes:
        chain: the words before them that reach into their clause.
        segment: the words around them, they included, up to the next marks or conjunctions.
        before: the sentence up to them.
        after: what follows, the next sentence included.
    """

    chain: str
    segment: str
    before: str
    after: str

    @property
    def denied(self) -> bool:
        """Whether a negation reaches them."""
        return _NOT.search(self.chain) is not None

    @property
    def supposed(self) -> bool:
        """Whether they stand under a condition or a question of how."""
        return _IF.search(self.chain) is not None

    @property
    def told(self) -> bool:
        """Whether somebody else is reported to say them, before, after or in the middle of them, or a tale that governs their clause."""
        earlier = re.split(r" [.,!?;:] ", self.before)[:-1]
        return (
            _REPORTS.search(self.chain) is not None
            or any(_ATTRIBUTED.search(clause.strip()) for clause in earlier)
            or _SAID_AFTER.match(self.after) is not None
            or _TALE.search(self.segment) is not None
            or _IN_A_TALE_FIRST.search(self.before) is not None
        )

    @property
    def of_a_tale(self) -> bool:
        """Whether a tale is spoken of in the sentence up to them: what befalls a third person is then part of it."""
        return self.told or _TALE.search(self.before) is not None

    @property
    def long_ago(self) -> bool:
        """Whether they are about a time that is over."""
        return self._when(_LONG_AGO)

    @property
    def past(self) -> bool:
        """Whether they are about a time that is over, be it this morning."""
        return self._when(_LONG_AGO) or self._when(_YESTERDAY)

    @property
    def figurative(self) -> bool:
        """Whether their clause is a figure of speech, or laughs."""
        return _FIGURE.search(self.segment) is not None

    @property
    def taken_back(self) -> bool:
        """Whether the speaker says afterwards that it was a joke."""
        return _TAKEN_BACK.search(self.after) is not None

    def _when(self, times: re.Pattern[str]) -> bool:
        earlier = re.split(r" [.,!?;:] ", self.before)
        place = self.segment
        if len(earlier) > 1 and _WHEN_CLAUSE.match(earlier[-2].strip()):
            place = f"{earlier[-2]} {place}"
        return times.search(place) is not None and _STILL.search(place) is None


def standing(sentence: str, start: int, end: int, follows: str = "") -> Standing:
    """Return where the words from `start` to `end` of a sentence stand.

    Args:
        sentence: as `runtime.safety.words.sentences` makes them.
        start: index of the first sign of the words.
        end: index after the last.
        follows: the next sentence, or an empty text.
    """
    before, after = sentence[max(0, start - _REACH_CHARS) : start], sentence[end : end + _REACH_CHARS]
    words, hit, rest = before.split(), sentence[start:end].split(), after.split()
    ahead = next((i for i, word in enumerate(rest) if word in _MARKS or word in _JOINS), len(rest))
    behind = next((i for i, word in enumerate(reversed(words)) if word in _MARKS or word in _JOINS), len(words))
    return Standing(
        chain=" ".join(_chain(words, hit[0] if hit else "")),
        segment=" ".join(words[len(words) - behind :] + hit + rest[:ahead]),
        before=before,
        after=f" {' '.join(rest)} {follows[:_REACH_CHARS].strip()} ",
    )


def _chain(before: list[str], first: str) -> list[str]:
    kept: list[str] = []
    new_subject = first in _SUBJECTS or first in ("my", "the", "a", "our")
    for at in range(len(before) - 1, max(-1, len(before) - 1 - _REACH_WORDS), -1):
        word = before[at]
        if word in _MARKS or word in _JOINS:
            break
        told = word in _OBJECTS and at > 0 and before[at - 1] in _TOLD
        if new_subject and word not in _LINKS and not told:
            break
        kept.append(word)
        new_subject = word in _SUBJECTS and not told
    return kept[::-1]
