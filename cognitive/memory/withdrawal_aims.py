"""What a verb of deleting or keeping is aimed at: the speaker as a whole, what was said just now, or something else. Pure; English."""

from __future__ import annotations

from typing import Literal

from cognitive.memory import withdrawal_words as w

Aim = Literal["", "all", "recent"]
"""all: the speaker as a whole; recent: only what was said just now."""
REACH = 16
"""How many words after its verb an aim may stand."""


def aim_of(words: list[str], at: int) -> Aim:
    """Return what the words after a verb aim at: the first that names an aim, if only words that lead to one stand before it."""
    verb = words[at]
    led = False
    for i in range(at + 1, min(len(words), at + REACH)):
        word, before, after = words[i], words[i - 1], words[i + 1 : i + 4]
        if word in w.ME:
            return _me(words, at, i, led=led)
        if word in {"my", "our", "mine"}:
            return _mine(words, at, i)
        if word in w.FIRST:
            return _told(words, at, i)
        if (
            word in {"everything", "all"}
            and i == at + 1
            and verb in w.WHOLLY
            and not set(words[i + 1 :]) - w.AFTERTHOUGHTS
        ):
            return "all"
        if word in {"the", "this", "that"} and after[:1] in (["conversation"], ["chat"], ["talk"]) and verb in w.ERASE:
            return "all"
        if word == "who" and after[:2] in (["i", "am"], ["we", "are"]):
            return "all"
        if word in {"this", "that"} and i == at + 1 and not _more(words, i):
            return "recent" if verb in w.KEEP or verb in {"forget", "delete", "erase"} else ""
        if word not in w.LEADS and not (word == "rid" or before in {"your", "all", "any", "the"}):
            return ""
        led = led or word in {"everything", "anything", "all", "what", "whatever", "nothing"}
    return ""


def _me(words: list[str], at: int, i: int, *, led: bool) -> Aim:
    """Return whether "me" is the aim: "forget me", "everything about me", but not "keep me company"."""
    verb, before, after = words[at], words[i - 1], words[i + 1 : i + 4]
    directly = i == at + 1
    if before in w.ABOUT and not directly:
        return "" if before in {"for", "to", "with"} else "all"
    if not (directly or words[at + 1 : i] == ["about"] or (verb in {"forget", "remember"} and not led)):
        return "all" if before in {"knew", "know", "met", "saw", "remember", "and"} else ""
    if directly and after[:1] == ["not"] and verb == "remember":
        return "all"
    if directly and (verb in w.ONLY_THINGS or after[:1] in (["not"], ["nots"])):
        return _out_of(words, i) if verb in w.DELETE else ""
    if directly and verb in w.MOVES:
        return _out_of(words, i)
    for_something = after[:1] in (["a"], ["an"], ["the"], ["some"]) or after[:2] in (["for", "a"], ["for", "one"])
    return "" if for_something or (verb == "remember" and after[:1] == ["to"]) else "all"


def _mine(words: list[str], at: int, i: int) -> Aim:
    """Return whether something of the speaker's is the aim that stands for them: "my data", but not "my plate"."""
    verb, before, word = words[at], words[i - 1], words[i]
    after = set(words[i + 1 : i + 4])
    if verb in {"use", "have", "drop", "clear", "hold", "write", "share"} and after & w.WORN:
        return ""
    if word == "mine":
        return "all"
    if not (after & w.DATA or before in {"about", "of", "regarding", "concerning", "involving"}):
        return ""
    return "" if verb in {"remember", "forget"} and not _whole(words, i) else "all"


def _whole(words: list[str], i: int) -> bool:
    """Return whether what is "my ..." stands for the person: a birthday that is forgotten is not."""
    return bool(set(words[i + 1 : i + 4]) & w.DATA - w.DETAILS)


def _more(words: list[str], i: int) -> bool:
    """Return whether "that" leads on: "that I was here", "that you know me", "that data about me"."""
    return bool(words[i + 1 : i + 2]) and words[i + 1] not in w.ENDINGS


def _out_of(words: list[str], i: int) -> Aim:
    """Return whether "remove me" goes on with a memory, a list, a system, or ends."""
    rest = [word for word in words[i + 1 :] if word not in w.ASIDES]
    if not rest:
        return "all" if words[i - 1] in w.ERASE - {"wipe", "destroy", "discard", "shred"} else ""
    return "all" if rest[0] in {"from", "off", "of"} and set(rest[1:5]) & w.STORES else ""


def _told(words: list[str], at: int, i: int) -> Aim:
    """Return whether "what I said" is meant, and whether only what was said just now."""
    said = next((k for k in range(i + 1, min(len(words), i + 5)) if words[k] in w.SAY), 0)
    if (
        words[i] in {"i", "we"}
        and words[i + 1 : i + 2] in (["was"], ["am"], ["exist"], ["existed"], ["were"])
        and words[i - 1] in {"forget", "that"}
    ):
        return "all"
    if not said:
        return ""
    if "just" in words[i:said]:
        return "recent"
    verb, rest = words[at], set(words[said + 1 :])
    between = set(words[at + 1 : i])
    whole = between & {"everything", "anything", "all", "whatever", "any", "nothing"} or rest & w.SINCE
    if whole or words[said] not in w.SAID:
        return "all"
    return "recent" if verb == "forget" or verb in w.KEEP or verb in w.KEEPING else "all"
