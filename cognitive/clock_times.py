"""Times of the clock in English: "at half past three", "at 15:30", "at three tomorrow", and when that is next.

Pure: the wall time is given. A bare hour up to twelve is the next one that the dial shows; "in the afternoon" and "pm" say which,
and tomorrow's are those at which people are awake (seven to noon, else after noon). What is no time of the clock ("at three
percent", "at 3 Baker Street") is not taken for one: a bare number counts only at the end of a clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

LocalTime = Callable[[int], datetime]
"""Local wall time at a session time (ns)."""

HOURS = {
    name: hour
    for hour, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
}
_PAST_WORDS = {"five": 5, "ten": 10, "quarter": 15, "fifteen": 15, "twenty": 20, "twenty five": 25, "half": 30}
_TENS = {"ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "forty five": 45}
_NAMED = {"noon": 12, "midday": 12, "midnight": 0}
AWAKE_FROM = 7
SMALL_HOURS = 5
"""At night an hour before this is after midnight."""
_HOUR = rf"(?:{'|'.join(sorted(HOURS, key=len, reverse=True))}|[01]?\d|2[0-3])"
_PAST = (
    rf"(?:a )?(?P<minutes>{'|'.join(sorted(_PAST_WORDS, key=len, reverse=True))}|[0-5]?\d) (?:minutes )?"
    rf"(?P<side>past|after|to|before) (?P<of>{_HOUR})"
)
_DIGITS = r"(?P<hh>[01]?\d|2[0-3])[:.](?P<mm>[0-5]\d)"
_SPOKEN = rf"(?P<hour>{_HOUR})(?: (?P<tens>{'|'.join(sorted(_TENS, key=len, reverse=True))}))?"
_HALF = r"(?: ?(?P<half>[ap]m)\b| in the (?P<part>morning|afternoon|evening)| at (?P<night>night))?"
_DAY = r"(?P<day> today| tonight| tomorrow(?: (?P<tomorrow>morning|afternoon|evening|night))?| this (?P<this>morning|afternoon|evening))?"
CLOCK_TIME = re.compile(
    rf"(?P<before>(?:\btomorrow(?: (?P<then>morning|afternoon|evening|night))?|\btonight|\bthis (?P<now>morning|afternoon|evening)),? )?"
    rf"\b(?P<at>at|for) (?:about |around |exactly )?(?:{_PAST}|{_DIGITS}|(?P<named>noon|midday|midnight)|{_SPOKEN})"
    rf"(?P<oclock> o'?clock)?(?P<sharp> sharp| exactly)?{_HALF}{_DAY}"
    r"(?:(?=(?P<end>\s*(?:$|[,;.!?]|(?:then|and|or|so|please|to|that|when|if|about|for|because)\b))))?"
)
"""A time of the clock in a lower-case text that has kept its punctuation."""
_AFTER_NOON = frozenset({"pm", "afternoon", "evening"})


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of the clock.

    Attributes:
        hour: of the day where `exact`, else on the dial.
        minute: of the hour.
        exact: whether the half of the day is known.
        tomorrow: whether it is tomorrow's.
        after: the word that it follows, `at` or `for`.
        start: where it begins in the text, `end` where it is over.
    """

    hour: int
    minute: int
    exact: bool
    tomorrow: bool
    after: str
    start: int
    end: int


def clock_times(text: str) -> list[ClockTime]:
    """Return the times of the clock in a `readable` text, in order."""
    return [time for found in CLOCK_TIME.finditer(text) if (time := _read(found)) is not None]


def seconds_until(time: ClockTime, now: datetime) -> float:
    """Return how long it is until a time of the clock, seconds; always more than zero.

    Args:
        time: as it was said.
        now: local wall time; its zone's summer time is respected.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    hours = (time.hour,) if time.exact else (time.hour % 12, time.hour % 12 + 12)
    if time.tomorrow:
        hour = hours[0] if time.exact or AWAKE_FROM <= hours[0] < 12 else hours[-1]
        first = [midnight + timedelta(days=1, hours=hour, minutes=time.minute)]
    else:
        first = [midnight + timedelta(days=day, hours=hour, minutes=time.minute) for day in (0, 1) for hour in hours]
    return min(seconds for then in first if (seconds := then.timestamp() - now.timestamp()) > 0.0)


def readable(text: str) -> str:
    """Return a text in lower case, with one spelling of `am`, `pm` and apostrophes."""
    text = text.lower().replace("\u2019", "'").replace("-", " ").replace("a.m.", "am").replace("p.m.", "pm")
    return re.sub(r"\b(\d{1,2}) ?([ap]) ?m\b", r"\1 \2m", text)


def _read(found: re.Match[str]) -> ClockTime | None:
    day = f"{found['before'] or ''}{found['day'] or ''}"
    certain, half = True, _half(found, day)
    if found["named"]:
        return ClockTime(_NAMED[found["named"]], 0, True, "tomorrow" in day, found["at"], found.start(), found.end())
    if found["minutes"]:
        hour, minute = _hour(found["of"]), _number(_PAST_WORDS, found["minutes"])
        if found["side"] in ("to", "before"):
            hour, minute = (hour - 1 if hour > 1 else 12), 60 - minute
    elif found["hh"]:
        hour, minute = int(found["hh"]), int(found["mm"])
    else:
        hour, minute = _hour(found["hour"]), _number(_TENS, found["tens"] or "0")
        certain = bool(found["oclock"] or found["sharp"] or found["tens"] or half or day or found["end"] is not None)
    if minute >= 60 or not certain:
        return None
    exact = hour > 12 or hour == 0 or (found["hh"] or "").startswith("0")
    if half and not exact:
        hour, exact = _of_half(hour, half), True
    return ClockTime(hour, minute, exact, "tomorrow" in day, found["at"], found.start(), found.end())


def _half(found: re.Match[str], day: str) -> str:
    """Return what says which half of the day is meant; may be empty."""
    said = next(
        (found[name] for name in ("half", "part", "night", "tomorrow", "this", "then", "now") if found[name]), ""
    )
    return said or ("night" if "tonight" in day else "")


def _of_half(hour: int, half: str) -> int:
    """Return the hour of the day of an hour on the dial."""
    hour %= 12
    if half == "night":
        return hour if hour < SMALL_HOURS else hour + 12
    return hour + (12 if half in _AFTER_NOON else 0)


def _number(words: dict[str, int], word: str) -> int:
    return words[word] if word in words else int(word)


def _hour(word: str) -> int:
    return _number(HOURS, word)
