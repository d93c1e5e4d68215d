"""Times and numbers that one goes by: until five o'clock, from gate nine, in room twelve. They change, and who was away misses it.

`read` finds them in a sentence with the words that say what they are about. Pure, linear in the text, English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cognitive.cues import SMALL_WORDS, words_of

_UNITS = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBERS = [
    *_UNITS,
    *"thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty".split(),
]
_NUMBER = (
    rf"(?:(?:twenty|thirty|forty|fifty|sixty)[ -](?:{'|'.join(_UNITS[:9])})|{'|'.join(_NUMBERS)}|[a-z]?\d{{1,4}}[a-z]?)"
)
_HOUR = rf"(?:{'|'.join(_UNITS)}|\d{{1,2}}(?::\d\d)?|noon|midnight)"
_CLOCK = rf"(?:(?:half|quarter|five|ten|twenty)(?: past| to) )?{_HOUR}(?: (?:fifteen|thirty|forty[ -]five))?"
_NOT_CLOCK = (
    r"(?! ?(?:minutes?|mins?|hours?|seconds?|days?|weeks?|months?|years?|euros?|pounds?|dollars?|people|persons?|times|of|per|percent|"
    r"or|more|metres?|steps?|degrees?)\b)"
)
_TIME = re.compile(
    rf"\b(?:at|until|till|til|by|before|for|is|to) (?P<a>{_CLOCK})(?: o'clock| ?[ap]m)?\b{_NOT_CLOCK}"
    rf"|\b(?P<b>{_CLOCK})(?: o'clock| ?[ap]m)\b|\b(?P<c>(?:half|quarter|ten|twenty) (?:past|to) {_HOUR})\b"
    rf"|\b(?P<d>(?:{'|'.join(_UNITS)}) (?:fifteen|thirty|forty[ -]five))\b{_NOT_CLOCK}"
)
_STRICT = re.compile(r"\b(?:for|is|to) ")
_PLACE = re.compile(
    r"\b(?P<kind>gate|platform|room|track|terminal|bay|hall|ward|lane|court|stand|booth|studio|line|bus|window|counter|desk|stop|pier|"
    rf"screen|entrance|exit|lift|floor|level)(?: number)? (?P<value>{_NUMBER})\b"
)
_ORDINAL = re.compile(
    r"\b(?P<value>ground|top|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth) (?P<kind>floor|level)\b"
)
_NAMED = re.compile(
    r"\b(?P<value>garden|blue|green|red|white|yellow|black|grey|north|south|east|west|main|small|large|big|little|upper|lower|back|front|"
    r"music|conference|meeting|seminar|tea|reading|common|breakfast|dining|press|staff|class|left|right|first|second|third) "
    r"(?P<kind>room|hall|entrance|exit|gate|lift|corridor|desk|counter|studio)\b"
)
_WEEKDAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_DAY = re.compile(
    rf"(?:^|\b(?:on|until|till|by|is|to|for|next) )(?P<day>{_WEEKDAY})\b|\b(?P<then>{_WEEKDAY}) (?:at|morning|afternoon|evening)\b"
)
_DIGITS = {str(i + 1): word for i, word in enumerate(_UNITS)}
_SAYS_NOTHING = frozenset(
    """yes no right well hello hi good from until till by before now then here there so has have had will would can could just we they he
    she i'm it's that's be was were do does did how what when where which who long time today tomorrow o'clock half past
    quarter hour hours minutes more all still first please thank thanks okay great lovely sure not if as but goes go get
    come back only time's us them our their his her its gate platform room track terminal bay ward lane court stand
    moves moved move is are number meet meets start starts leave leaves begin begins close closes open opens shut
    need needs say says said writes shows show noon midnight announces tells means""".split()
) | SMALL_WORDS | set(_NUMBERS)  # fmt: skip
GENERIC = frozenset(
    """train flight bus class meeting talk appointment lesson film session tour room plane ferry concert lecture course visit doctor
    dentist game match show workshop""".split()
)
"""Of two trains it is the other words that tell which."""
TOPIC_WORDS = 4


@dataclass(frozen=True, slots=True)
class Particular:
    """One time or number: of which kind ("time", "gate", "day" ...), and which."""

    kind: str
    value: str


def read(text: str) -> list[Particular]:
    """Return the times and numbers of a text, in order, at most four."""
    plain = " ".join(text.lower().replace("\u2019", "'").replace(",", " ").split())[:400]
    found: list[tuple[int, Particular]] = []
    for pattern in (_PLACE, _ORDINAL, _NAMED):
        for match in pattern.finditer(plain):
            found.append((match.start(), Particular(match["kind"], _value(match["value"]))))
    for match in _TIME.finditer(plain):
        told = match["a"] or match["b"] or match["c"] or match["d"]
        if _STRICT.match(match[0]) and not re.search(r"o'clock|[ap]m\b|:|half|quarter|thirty|noon", match[0]):
            continue  # "for four", "to five" may be anything
        found.append((match.start(), Particular("time", _value(told))))
    for match in _DAY.finditer(plain):
        found.append((match.start(), Particular("day", match["day"] or match["then"])))
    return [particular for _, particular in sorted(found, key=lambda one: one[0])[:4]]


def topic(text: str) -> tuple[str, ...]:
    """Return the words that say what a text is about."""
    return tuple(dict.fromkeys(word for word in words_of(text) if word not in _SAYS_NOTHING and not word.isdigit()))


def phrase(particular: Particular) -> str:
    """Return it as one says it: "gate nine", "four o'clock", "Monday"."""
    if particular.kind == "time":
        return (
            particular.value
            if " " in particular.value or ":" in particular.value or particular.value in {"noon", "midnight"}
            else f"{particular.value} o'clock"
        )
    if particular.kind == "day":
        return particular.value.title()
    numbered = particular.value in _NUMBERS or particular.value[-1:].isdigit() or " " in particular.value
    return f"{particular.kind} {particular.value}" if numbered else f"the {particular.value} {particular.kind}"


def _value(told: str) -> str:
    told = told.replace("-", " ")
    return _DIGITS.get(told.removesuffix(":00"), told)
