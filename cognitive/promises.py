"""Promises with a time in what the agent says: "I will remind you in two minutes". Pure functions of text (English).

Only the agent's own words bind it; what a person asks for is no promise until the agent has said yes with the time, or agreed at once.
"""

from __future__ import annotations

import re

from cognitive.formulas import any_of
from cognitive.speech_acts import NUMBERS, UNITS_S

_WORDS = sorted(
    (name for name in NUMBERS if " " not in name and name not in ("a", "an", "half")), key=len, reverse=True
)
_AMOUNT = r"(?P<n>half an?|a couple of|a few|forty five|an?|" + "|".join(_WORDS) + r"|\d{1,4})"
_UNIT = r"(?P<more>and a half )?(?P<unit>seconds?|secs?|minutes?|mins?|hours?)(?P<tail> and a half)?"
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
    check / ask / ring / shout / nudge / announce / timer / reminder / knock / look in / stop you / signal / prompt
    """
)
_ASKED = any_of(
    r"""
    remind / tell (?:me|us) / call (?:me|us) / wake / warn / let (?:me|us) know / set (?:a|the) timer / timer /
    time (?:a|my|the) \w+ / give (?:me|us) a (?:shout|nudge|word|sign|call) / say (?:so|when|something) / stop me /
    check (?:on|in) / ask me / nudge / ping / shout / alert
    """
)
_ABOUT = re.compile(r"\b(?:to|about|that|when) (?P<what>.{3,80})")


def promised_in_s(said: str, asked: str = "") -> float | None:
    """Return in how many seconds the agent has promised to speak up; None where it has not.

    Args:
        said: what the agent said.
        asked: what the person said just before; its time counts where the agent only agrees ("Of course.", "I'll remind you then").
    """
    text, wish = _plain(said), _plain(asked)
    agrees = bool(_COMMITS.search(text))
    if not agrees:
        return None
    time = _TIME.search(text)
    if time and (_WHAT.search(text) or _ASKED.search(wish)):
        return _seconds(time)
    if up := _UP.search(text):
        return _seconds(up)
    left = _TIME_LEFT.search(text)
    if left and _ASKED.search(wish) and not text.rstrip().endswith("?"):
        return _seconds(left)
    asked_time = _TIME.search(wish) or (_TIME_LEFT.search(wish) if _ASKED.search(wish) else None)
    if asked_time and _ASKED.search(wish) and not text.rstrip().endswith("?"):
        return _seconds(asked_time)
    return None


def promised_what(said: str, asked: str = "") -> str:
    """Return what the promise is about, in the words that were used; may be empty."""
    for text in (said, asked):
        cut = _TIME.sub("", _plain(text))
        if found := _ABOUT.search(cut):
            return re.sub(r"\s+", " ", found["what"]).strip(" .,!?")
    return ""


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9' ]+", " ", text.lower().replace("\u2019", "'").replace("-", " "))


def _seconds(found: re.Match[str]) -> float:
    word = found["n"]
    amount = float(word) if word.isdigit() else NUMBERS[word]
    if found["more"] or found["tail"]:
        amount += 0.5
    unit = found["unit"].rstrip("s")
    return amount * UNITS_S["sec" if unit == "sec" else unit]
