"""Words by which somebody takes back that they are remembered, read generously: when in doubt a withdrawal is honoured.

A sentence is read from its verb. To the right must stand an aim at the speaker ("me", "my data", "everything you know about me", "what I
tell you"), with nothing but words that lead to it in between. To the left the words that make wishes of verbs are walked over ("I
want you to", "could you please", "don't ever"), which tells whether the verb is denied and who is to do it: deleting counts where it is
not denied, keeping where it is. What is evidently no wish is left out: reports ("I told her to forget me"), what somebody does
or does not do ("you don't remember me", "I can't remember my name"), questions about what was done. English; pure; linear in the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cognitive.memory import withdrawal_words as w
from cognitive.memory.withdrawal_aims import Aim, aim_of


def withdraws(sentences: Sequence[tuple[str, str]]) -> Aim:
    """Return what a text takes back.

    Args:
        sentences: each as its plain words (lower-case, one space between, no other signs) and the sign that ends it, perhaps "".
    """
    found: Aim = ""
    for i, (text, end) in enumerate(sentences):
        words = text.split()
        if (
            w.CONSENT.search(text)
            and not w.CONSENT_DENIED.search(text)
            and not (end == "?" and words[0] in w.QUESTION_AUX | w.WH)
        ):
            return "all"
        for at in range(len(words)):
            aim = _wish_at(words, at, end)
            if aim == "all":
                return aim
            found = found or aim
        if w.ERASE_IT.match(text) and w.MENTIONS.search(" ".join(said for said, _ in sentences[:i])):
            return "all"
        then = sentences[i + 1][0] if i + 1 < len(sentences) else ""
        if w.DENIES.match(then) and _permits(words, text):
            return "all"
    return found


def _permits(words: list[str], text: str) -> bool:
    """Return whether a sentence repeats a permission that the next one may deny: "You can keep what I say?"."""
    match = w.PERMITS.search(text)
    if match is None or set(text[: match.start()].split()) & w.QUESTION_AUX:
        return False
    at = len(text[: match.end()].split()) - 1
    explicit = words[at] not in {"remember"} or set(match[0].split()) & {"can", "may", "allowed"}
    return bool(explicit) and aim_of(words, at) == "all"


def _wish_at(words: list[str], at: int, end: str) -> Aim:
    """Return what the verb at a place withdraws, if it does."""
    verb = words[at]
    rid = (
        verb in {"get", "getting", "throw", "throwing", "take", "leave", "do"}
        and words[at + 1 : at + 2]
        and (words[at + 1] in {"rid", "away", "me"} if verb != "do" else words[at + 1 : at + 3] == ["away", "with"])
    )
    aim: Aim = _passive(words, at, end) if verb in w.DELETED or verb in w.KEPT else ""
    if aim:
        return aim
    deletes = verb in w.DELETE or verb in w.DELETING or bool(rid)
    keeps = verb in w.KEEP or verb in w.KEEPING
    if not (deletes or keeps):
        return ""
    aim = aim_of(words, at)
    if not aim:
        return ""
    walked, head, start = _left(words, at)
    denied = _denied(words, walked, start)
    if deletes and verb not in w.DELETING:
        if denied and not _suggests(words, start):
            return ""
        return aim if _is_wish(words, at, walked, head, end) else ""
    if deletes:
        return aim if w.ASKS & set(words[max(0, at - 4) : at]) and not denied else ""
    if words[at + 1 : at + 2] in (["nothing"], ["no"]) and verb in w.KEEP and not denied:
        return aim if _is_wish(words, at, walked, head, end) else ""
    if not denied:
        return ""
    if verb in w.KEEPING:
        past = (
            words[max(0, at - 2) : at]
            and words[at - 1] in {"been", "are", "were", "am", "was", "is", "not"}
            and words[at - 2 : at - 1] != ["want"]
        )
        return "" if past and "you" not in words[:at] else aim
    return aim if _is_refusal(words, at, walked, head, end) else ""


# ---------------------------------------------------------------- who is to do it, and whether it is denied


def _left(words: list[str], at: int) -> tuple[list[str], str, int]:
    """Return the words before a verb that make a wish of it, the first word before those ("" at the start), and where they begin."""
    i = at
    while i > 0 and (
        words[i - 1] in w.SOFT
        or words[i - 1] in w.NOT
        or words[i - 1] in w.AUX
        or words[i - 1] == "no"
        or words[i - 1 : i + 1] == ["forget", "to"]
    ):
        i -= 1
    return words[i:at], words[i - 1] if i else "", i


def _denied(words: list[str], walked: list[str], start: int) -> bool:
    """Return whether an odd number of denials stands over the verb."""
    count = sum(word in w.NOT for word in walked)
    for i in range(start, start + len(walked)):
        following = words[i + 1 : i + 2]
        count += words[i] == "no" and bool(following) and following[0] in w.NO_WHAT
    if start and words[start - 1] in w.NOT:
        count += 1
    if "forget" in walked and count:
        count -= 1  # don't forget to delete my data
    return count % 2 == 1


def _suggests(words: list[str], start: int) -> bool:
    """Return whether a denial is only the form of a suggestion: "why don't you delete my data"."""
    near = words[max(0, start - 1) : start + 3]
    return "why" in near and "you" in words[start : start + 4]


def _is_question(words: list[str], end: str) -> bool:
    """Return whether a sentence asks what is, was or will be done, rather than for it."""
    if not words or "please" in words:
        return False
    lead = [
        word
        for word in words
        if word not in {"and", "so", "but", "well", "ok", "okay", "hey", "hello", "hi", "ada", "or", "then"}
    ]
    first, second = (*lead[:2], "", "")[:2]
    if first in w.WH and second in w.QUESTION_AUX | w.AUX | {"happens", "if", "about", "should"}:
        return True
    if first == "how" and second in {
        "long",
        "often",
        "much",
        "many",
        "soon",
        "will",
        "did",
        "does",
        "have",
        "are",
        "is",
    }:
        return True
    if first in {"do", "have"}:
        return second in {"you", "he", "she", "they", "it", "i", "we"}
    if (
        first in {"would", "will", "could", "can", "should"}
        and second
        and second not in w.SOFT | w.LEADS | {"i", "we", "my"}
    ):
        return True
    return first in w.QUESTION_AUX


def _reported(words: list[str], i: int) -> bool:
    """Return whether somebody else's words end before place i: "Ben said", "she told me"."""
    before = words[max(0, i - 4) : i]
    for k, word in enumerate(before):
        if word in w.REPORTS and not set(before[k + 1 :]) - {
            "me",
            "us",
            "you",
            "him",
            "her",
            "to",
            "them",
            "please",
            "that",
            "like",
            "again",
            "it",
            "once",
        }:
            whole = words[: max(0, i - 4) + k]
            return word in {"read", "reads", "heard"} or not (
                whole and whole[-1] in {"i", "i've", "we", "just", "already"}
            )
    return False


def _is_wish(words: list[str], at: int, walked: list[str], head: str, end: str) -> bool:
    """Return whether a verb of deleting is wished for rather than told of."""
    asked, verb, before = set(walked), words[at], words[at - 1] if at else ""
    if _is_question(words, end):
        return False
    start = at - len(walked)
    if _reported(words, at) or _reported(words, start):
        return bool(asked & {"should", "must", "need", "have"}) and "you" in asked  # she said you should
    if "please" in asked or "let's" in asked:
        return True
    if head in w.OTHERS or before in w.OTHERS or head in w.HABIT or before in w.HABIT:
        return "you" in asked and head not in w.OTHERS and not set(words[:start]) & w.OTHERS and verb != "forget"
    if "you" in asked or {"you'd"} & asked:
        k = max(i for i, word in enumerate(walked) if word in {"you", "you'd"})
        aux = walked[k - 1] if k else head
        if aux in w.QUESTION_AUX and not (aux == "have" or asked & w.WANTS):
            return False
        if "if" in asked and not (asked | set(words[:start])) & w.OF_WISHES:
            return bool(asked & {"could", "would"}) and verb != "forget"
        if (
            head in {"when", "before", "after", "until", "unless", "because", "while", "once", "since", "whether"}
            and not asked & w.WANTS
        ):
            return False
        foretells = walked[k + 1 : k + 2] in ([], ["will"], ["might"], ["would"]) and aux not in {
            "can",
            "could",
            "would",
            "may",
            "should",
        }
        if verb == "forget" and foretells and not asked & (w.WANTS | w.OF_WISHES) - {"say", "said", "think", "good"}:
            return False  # you will forget me
        return not (end == "?" and not asked & (w.AUX | w.WANTS))
    if "you'll" in asked:
        return verb != "forget"
    if asked & {"i", "we", "i'd", "i'm", "i'll", "we'd", "we're"}:
        own = asked & (w.WANTS | {"need", "want", "wish", "like", "going", "can", "could", "may", "how", "have", "get"})
        if before == "said" and words[at - 2] == "i":
            return True
        return (
            bool(own)
            and ("to" in asked or bool(asked & {"can", "could", "may", "how", "rather"}))
            and (before not in w.FIRST or bool(asked & {"can", "could", "may"}))
        )
    if not walked and head in w.ENDS_IN_S | {""}:
        return True
    if not walked and head.endswith("s"):
        return False  # friends forget me
    if not head:
        return not (asked & w.QUESTION_AUX - {"do", "have"})
    if asked & w.AUX or before == "to":
        return "how" in asked
    return True


def _is_refusal(words: list[str], at: int, walked: list[str], head: str, end: str) -> bool:
    """Return whether a denied verb of keeping is a refusal rather than a report of what is not done."""
    asked, verb = set(walked), words[at]
    if _is_question(words, end) or _reported(words, at - len(walked)) or head in w.OTHERS:
        return False
    if asked & {"sure", "know", "certain"} and asked & {"i", "i'm", "we"}:
        return False  # not sure that I want you to
    describes = {"don't", "didn't", "can't", "won't", "never", "couldn't", "not", "wouldn't"} & asked
    if (
        "you" in asked
        and verb in {"remember", "know", "have", "use"}
        and not asked & (w.WANTS | {"dare", "must", "may", "mustn't", "shouldn't"})
    ):
        return not describes or words[0] in {"no", "nope", "nah"}
    if "you" in asked and not asked & w.WANTS and end == "?":
        return False
    if asked & {"i", "we", "i'd", "i'm", "we'd", "we're", "i'll", "i've"} or head in w.FIRST:
        return bool(asked & w.WANTS)
    return True


def _passive(words: list[str], at: int, end: str) -> Aim:
    """Return what "I want my data deleted", "to be forgotten", "nothing about me may be kept" withdraw."""
    before = words[:at]
    near = set(before)
    unsure = w.UNSURE.search(" ".join(before))
    if _is_question(words, end) or near & w.OTHERS or unsure or _reported(words, at):
        return ""
    k = next(
        (
            i
            for i in range(len(before))
            if before[i] in {"my", "our", "me", "us"} or (before[i] in w.FIRST and set(before[i:]) & w.SAY)
        ),
        -1,
    )
    aimed = k >= 0 and (before[k] in {"me", "us"} or before[k] in w.FIRST or bool(set(before[k:]) & w.DATA))
    itself = (
        bool(near & {"i", "i'd", "we", "we'd", "i'm"})
        and bool(words[at - 1 : at])
        and words[at - 1] in {"be", "being", "get"}
    )
    denials = sum(word in w.NOT for word in before) + sum(
        a == "no" and b in w.NO_WHAT | w.DATA for a, b in pairwise(before)
    )
    wished = near & w.PASSIVE or before[:1] == ["no"]
    if (
        words[at] in w.KEPT
        and near & {"this", "that"}
        and near & w.WANTS
        and denials % 2 == 1
        and not aimed
        and not itself
    ):
        return "all" if near & {"any", "all"} else "recent"
    if (
        not (aimed or itself)
        or not (wished or denials)
        or (near & {"was", "were", "been", "has", "had"} and not near & {"want", "should", "must"})
    ):
        return ""
    if words[at] in w.DELETED and words[at] not in w.KEPT:
        return "all" if denials % 2 == 0 and wished else ""
    return "all" if denials % 2 == 1 else ""
