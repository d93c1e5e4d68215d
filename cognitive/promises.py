"""Promises with a time in what the agent says: "I will remind you in two minutes", "at half past three". Pure functions of text (English).

Only the agent's own words bind it; what a person asks for is no promise until the agent has said yes with the time, or agreed at once.
A time of the clock needs a wall time to be told, and counts only for the reminder itself: in "I can tell you that it starts at
three" three is the time of something else. Deliberately no promise is what has no time that can be known: "before you leave", "when the
tour starts", "tomorrow", "later", "by three".
"""

from __future__ import annotations

import re
from datetime import datetime

from cognitive.clock_times import ClockTime, clock_times, readable, seconds_until
from cognitive.formulas import any_of
from cognitive.speech_acts import NUMBERS, UNITS_S

_WORDS = sorted(
    (name for name in NUMBERS if " " not in name and name not in ("a", "an", "half")), key=len, reverse=True
)
_FRACTIONS = {
    "three quarters of an": 0.75, "three quarters of": 0.75, "a quarter of an": 0.25, "quarter of an": 0.25, "a quarter of": 0.25,
    "a quarter": 0.25, "quarter": 0.25,
}  # fmt: skip
_TENS = {"twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0}
_ONES = "one two three four five six seven eight nine".split()
_TAILS = {" and a half": 0.5, " and a quarter": 0.25, " and three quarters": 0.75}
_AMOUNT = (
    rf"(?P<n>{'|'.join(_FRACTIONS)}|half an?|a couple of|a few|(?:{'|'.join(_TENS)}) (?:{'|'.join(_ONES)})|an?|"
    + "|".join(_WORDS)
    + r"|\d{1,4})"
)
_UNIT = r"(?P<more>and a half )?(?P<unit>seconds?|secs?|minutes?|mins?|hours?)(?P<tail> and a half| and a quarter| and three quarters)?"
_TIME = re.compile(rf"\b(?:in|after) (?:about |around |exactly |another )?{_AMOUNT} {_UNIT}\b")
_TIME_LEFT = re.compile(rf"\b{_AMOUNT} {_UNIT}(?: it is| from now| starting now| timer| then|\b)")
_UP = re.compile(rf"\b{_AMOUNT} {_UNIT} (?:are|is|have|has) (?:up|over|passed|gone|done|through)\b")
_COMMITS = any_of(
    r"""
    (?:and|then|shall|will) (?:tell|let|remind|call|wake|say|give|warn) /
    i(?:'ll| will| am going to|'m going to| can) / let me / you(?:'ll| will) hear from me / we(?:'ll| will) /
    consider it done / timer (?:is )?(?:set|started|running) / reminder (?:is )?set / of course / sure / all right /
    alright / okay / ok / certainly / gladly / yes / will do / with pleasure / done
    """
)
_WHAT = any_of(
    r"""
    remind\w* / tell / call / wake / warn / alert / let \w+ know / ping / say / give you / speak up / come back /
    check / ask / ring / shout / nudge / announce / timer / alarm / reminder / knock / look in / stop you / signal / prompt
    """
)
_ASKED = any_of(
    r"""
    remind / tell (?:me|us) / call (?:me|us) / wake / warn / let (?:me|us) know / set (?:a|the) timer / timer / alarm / reminder /
    time (?:a|my|the) \w+ / give (?:me|us) a (?:shout|nudge|word|sign|call) / say (?:so|when|something) / stop me /
    check (?:on|in) / ask me / nudge / ping / shout / alert
    """
)
_REFUSES = any_of(
    r"""
    (?:can't|cannot|can not|won't|will not|not able to|unable to|don't|do not) (?:\w+ )?(?:remind|tell|call|wake|warn|alert|let|give|set)
    """
)
_EVENT = any_of(
    r"""
    opens? / starts? / begins? / leaves? / closes? / departs? / arrives? / ends? / comes? / goes / is / are / was / meets? / have / has /
    takes? place / boards? / due / runs?
    """
)
"""Between the word of reminding and a time these say that it is the time of something else."""
_SENTENCE = re.compile(r"(?:[^.!?;]|(?<=\d)\.(?=\d))+")
_ABOUT = re.compile(r"\b(?:to|about|that|when) (?P<what>.{3,80})")


def promised_in_s(said: str, asked: str = "", now: datetime | None = None) -> float | None:
    """Return in how many seconds the agent has promised to speak up; None where it has not.

    Args:
        said: what the agent said.
        asked: what the person said just before; its time counts where the agent only agrees ("Of course.", "I'll remind you then").
        now: local wall time at the end of what was said; without it no time of the clock is understood.
    """
    text, wish = _plain(said), _plain(asked)
    if not _COMMITS.search(text) or _REFUSES.search(text):
        return None
    time = _TIME.search(text)
    if time and (_WHAT.search(text) or _ASKED.search(wish)):
        return _seconds(time)
    if up := _UP.search(text):
        return _seconds(up)
    asks = said.rstrip().endswith("?")
    clock = None if now is None or asks else _clock_time(said, asked)
    if clock is not None and now is not None:
        return seconds_until(clock, now)
    left = _TIME_LEFT.search(text)
    if left and _ASKED.search(wish) and not asks:
        return _seconds(left)
    asked_time = _TIME.search(wish) or (_TIME_LEFT.search(wish) if _ASKED.search(wish) else None)
    if asked_time and _ASKED.search(wish) and not asks:
        return _seconds(asked_time)
    return None


def promised_what(said: str, asked: str = "") -> str:
    """Return what the promise is about, in the words that were used; may be empty."""
    for text in (said, asked):
        cut = _TIME.sub("", _plain(_without_clock_times(text)))
        if found := _ABOUT.search(cut):
            return re.sub(r"\s+", " ", found["what"]).strip(" .,!?")
    return ""


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9' ]+", " ", text.lower().replace("\u2019", "'").replace("-", " "))


def _clock_time(said: str, asked: str) -> ClockTime | None:
    """Return the time of the clock that a reminder was promised for: the agent's, else the one that was asked for."""
    wished = bool(_ASKED.search(_plain(asked)))
    own = _time_of_reminder(said, _WHAT, bare=wished)
    return own or (_time_of_reminder(asked, _ASKED, bare=False) if wished else None)


def _time_of_reminder(text: str, reminds: re.Pattern[str], *, bare: bool) -> ClockTime | None:
    """Return the first time of the clock that is the reminder's own; `bare`: it needs no word of reminding before or after it."""
    for sentence in _SENTENCE.findall(readable(text)):
        for time in clock_times(sentence):
            before, after = _plain(sentence[: time.start]), _plain(sentence[time.end :])
            verb = max(reminds.finditer(before), key=re.Match.end, default=None)
            between = before if verb is None else before[verb.end() :]
            if time.after == "for" and not re.search(r"\b(?:alarm|reminder|timer)\b", before):
                continue
            if not _EVENT.search(between) and (verb is not None or bare or reminds.search(after)):
                return time
    return None


def _without_clock_times(text: str) -> str:
    text = readable(text)
    for time in reversed(clock_times(text)):
        text = f"{text[: time.start]} {text[time.end :]}"
    return text


def _seconds(found: re.Match[str]) -> float:
    amount = _amount(found["n"]) + (0.5 if found["more"] else _TAILS.get(found["tail"] or "", 0.0))
    unit = found["unit"].rstrip("s")
    return amount * UNITS_S["sec" if unit == "sec" else unit]


def _amount(words: str) -> float:
    if words.isdigit():
        return float(words)
    tens, _, ones = words.partition(" ")
    if tens in _TENS and ones in _ONES:
        return _TENS[tens] + NUMBERS[ones]
    return _FRACTIONS[words] if words in _FRACTIONS else NUMBERS[words]
