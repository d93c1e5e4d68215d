"""Words by which somebody takes back that they are remembered, read generously: when in doubt a withdrawal is honoured.

A sentence is read from its verb. To the right must stand an aim at the speaker ("me", "my data", "everything you know about me", "what I
tell you"), with nothing but words that lead to it in between. To the left the words that make wishes of verbs are walked over ("I
want you to", "could you please", "don't ever"), which tells whether the verb is denied and who is to do it: deleting counts where it is
not denied, keeping where it is. What is evidently no wish is left out: reports ("I told her to forget me"), what somebody does
or does not do ("you don't remember me", "I can't remember my name"), questions about what was done. English; pure; linear in the words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Aim = Literal["", "all", "recent"]
"""all: the speaker as a whole; recent: only what was said just now."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DELETE = _set("delete erase remove wipe clear purge destroy discard scrub shred trash drop forget dispose unlearn")
_DELETING = _set("deleting erasing removing wiping clearing purging destroying discarding scrubbing shredding forgetting disposing")
_DELETED = _set("deleted erased removed wiped cleared purged destroyed discarded scrubbed shredded forgotten gone")
_KEEP = _set("keep store save record remember retain hold hang collect log note write memorize archive know process use share have")
_KEEPING = _set("keeping storing saving recording remembering retaining holding hanging collecting logging noting memorizing archiving "
                "processing using sharing having")  # fmt: skip
_KEPT = _set("kept stored saved recorded remembered retained held collected logged noted written memorized archived processed used shared")
_ONLY_THINGS = _set("use have know share process clear drop note write hold hang log record keep store save collect archive discard destroy "
                    "dispose")  # fmt: skip
"""With "me" itself these mean something else ("keep me company"): they need a thing of the speaker's."""
_DATA = _set(
    """data information info detail details record records memory memories profile file files history entry entries trace traces name face
    voice image images photo photos picture pictures words story stories chat chats conversation conversations identity account message
    messages footprint stuff everything fact facts note notes answers recording recordings statement statements secret secrets age birthday
    address number"""
)
_WORN = _set("name face voice image images photo photos picture pictures account number address birthday age words story stories")
"""Of the speaker's things those which verbs of many uses may mean otherwise: "use my name"."""
_ERASE = _set("delete erase remove wipe purge destroy discard scrub shred")
_LEADS = _set(
    """everything anything nothing something all whatever what any every of it that this those these the a your their its you have had has
    know knew got learned learnt remembered stored saved kept collected recorded noted down written wrote away out off also completely
    entirely just now please really ever and or about as well in on from record records data information info details notes facts memories
    memory entries entry files traces trace things thing stuff word bit single piece pieces personal private stuff been rid on onto to hold
    keep store remember know save hear heard knowledge there is are other still may might can could possibly you've you're you'd they it's up
    immediately forever again one conversation conversations answers permanently today's old previous track copies copy some no at met saw knew seen"""
)
_ABOUT = _set("about of on from regarding concerning involving for to with")
_SAY = _set("say said tell told telling saying mention mentioned share shared type typed write wrote written talk talked spoke discussed confided")
_SAID = _set("said told mentioned shared typed wrote talked spoke")
_SINCE = _set("yesterday today earlier before last ever far always")
_I = _set("i we i've we've i'd we'd i'm we're i'll we'll")

_NOT = _set(
    """not don't never can't mustn't shouldn't won't wouldn't couldn't needn't didn't isn't aren't doesn't haven't hasn't wasn't stop cease
    refuse refusing object refrain avoid quit against nor forbid prohibit disagree neither nobody nothing none decline without deny opposed"""
)
_NO_WHAT = _set("longer need reason way right permission point consent business more one circumstances nothing")
_SOFT = _set(
    """please just now also even ever really actually simply then too so kindly immediately finally completely at once be being been get
    getting to you you'd you'll you're your that should must could would can may might shall will do need needs want wish like love prefer
    rather better best going have has allowed allow permit permitted ask asking asked beg demand request insist expect order urge tell think
    believe say said agree agreed consent consented fine ok okay good happy comfortable with it is it's if for us dare try know hereby
    want's how sure make me's let let's robot machine agent anyone anybody and or time hope glad approve accept authorize give gave given
    permission right reason necessary way any my mind supposed about in appreciate it'd great nice longer feel i'd i'm i we us've on i'll i've
    from under circumstances anymore again all we'd we're how longer both kind as"""
)
"""Between a denial or a subject and its verb."""
_AUX = _set("will would can could should may might must shall 'll does did has have had do")
_WANTS = _set(
    """want wish like love prefer rather need ask asking beg demand request insist expect order urge hope agree consent allow permit accept
    approve authorize said say asked fine ok okay comfortable happy permission allowed refuse refusing object against disagree decline forbid
    prohibit deny opposed right gave give given think feel good appreciate glad must should let"""
)
_OTHERS = _set(
    """he she they him her them who people others everybody everyone somebody someone nobody anybody folks men women children kids users
    friends parents colleagues he'll she'll they'll he'd she'd they'd it'll wants likes wanted tries tried used seems began starts"""
)
_HABIT = _set("always often usually sometimes already keep keeps kept soon probably maybe perhaps")
_REPORTS = _set("said says told tells asked asks wrote writes shouted sang sings goes called titled reads read whispered begged begs heard song film")
_QUESTION_AUX = _set("did do does have has had are is were was")
_WH = _set("when who what where which why whose")
_OF_WISHES = _set("like appreciate happy glad nice great good better best prefer love grateful kind thank fine ok want")
_PASSIVE = _set(
    """want wish like need needs should must shall prefer ask demand request have get please rather sure to right insist love choose ought
    better can may could expect hope make let"""
)
_PAST = _set("was were been has had is are got did having who what")
_ENDS_IN_S = _set("yes please thanks pls this is as us always guys perhaps was thus cheers bless actually ours yours its times class")

_CONSENT = re.compile(
    r"\b(?:withdraw(?:ing)?|revok(?:e|ing)|retract(?:ing)?|rescind(?:ing)?|cancel(?:ling)?|tak(?:e|ing) back|undo|take|pull)"
    r" (?:all |of )*(?:my|our|the|any|that|this|all)? ?(?:\w+ )?(?:consent|permission|agreement|approval|authori[sz]ation)\b(?: back)?"
    r"|\b(?:i|we) (?:hereby |now |would like to |want to )?(?:withdraw|revoke|opt out)\b"
    r"|\bmy (?:consent|permission) (?:is|has been|was) (?:withdrawn|revoked|over|gone|cancelled)\b"
    r"|\b(?:i|we) (?:no longer|don't|do not|never|didn't|did not|can't|won't) (?:\w+ )?consent(?:ed)?\b(?: to (?:this|that|it|be|being|you|any|my)\b|$| anymore| any more)"
    r"|\b(?:i|we) (?:no longer|don't|do not|never|didn't|did not|won't) (?:\w+ )?(?:give|gave|grant)(?: you)? (?:my |any |the )?(?:consent|permission)\b"
    r"|\byou (?:no longer have|don't have|do not have|never had|have no) (?:my |any |the )?(?:consent|permission)\b"
    r"|\b(?:changed|change|changing) my mind about (?:being remembered|(?:you )?remembering me|my data|(?:you )?keeping my|the memory)\b"
    r"|\b(?:deletion|removal|erasure) of (?:all |everything |any )*(?:my|data about me|information about me|about me)\b"
    r"|\b(?:get|take) (?:all )?(?:my|our) (?:\w+ )?(?:data|information|name|details|memory|memories|profile) (?:out|off|down)\b"
    r"|\b(?:not|don't|never) (?:\w+ )?(?:want|wish|like|agree) to be (?:in|on|part of) (?:your|the|this|any) (?:memory|database|files|records|system|list)\b"
    r"|\bleave no (?:traces?|records?) of me\b"
    r"|\bright to be forgotten\b|\bremember me not\b|\bopt(?:ing)? out of (?:being remembered|the memory|your memory)\b"
)
_CONSENT_DENIED = re.compile(
    r"\b(?:not|don't|never|won't|can't|wouldn't|didn't|he|she|they) (?:\w+ ){0,3}(?:withdraw|revok|retract|rescind|cancel|tak|undo|pull|opt)"
)
_UNSURE = re.compile(r"\b(?:don't|not|never) (?:\w+ )?(?:know|sure|certain|decided?)\b|\bwonder\b|\bunsure\b")
_PERMITS = re.compile(
    r"\byou (?:can|may|could|will|would|are allowed to|get to)?\s?(?:just )?(?:keep|store|save|record|remember|retain|use|collect)\b"
)
_ERASE_IT = re.compile(
    r"(?:(?:so|then|now|please|and|just|no|could you|can you|i want you to) )*(?:delete|erase|wipe|remove|purge|forget|destroy) (?:all of )?(?:it|that|them|those|this)"
    r"(?: (?:all|please|now|immediately|at once|again|too|everything))*$"
)
_MENTIONS = re.compile(r"\b(?:my|our) (?:\w+ )?(?:data|information|details|records?|memory|memories|profile)\b|\babout me\b|\bremember(?:ing|ed)? me\b")
_DENIES = re.compile(
    r"^(?:(?:oh|well|um|uh|hm|eh|haha|ha|ah|god) )*(?:no|nope|nah|never|not|absolutely not|certainly not|of course not|as if|forget it|over my|"
    r"don't|please don't|hell no|i don't think so|i think not|what nonsense|you're kidding|you must be kidding|no way|rather not)\b"
)


def withdraws(sentences: Sequence[tuple[str, str]]) -> Aim:
    """Return what a text takes back.

    Args:
        sentences: each as its plain words (lower-case, one space between, no other signs) and the sign that ends it, perhaps "".
    """
    found: Aim = ""
    for i, (text, end) in enumerate(sentences):
        words = text.split()
        if _CONSENT.search(text) and not _CONSENT_DENIED.search(text) and not (end == "?" and words[0] in _QUESTION_AUX | _WH):
            return "all"
        for at in range(len(words)):
            aim = _wish_at(words, at, end)
            if aim == "all":
                return aim
            found = found or aim
        if _ERASE_IT.match(text) and _MENTIONS.search(" ".join(said for said, _ in sentences[:i])):
            return "all"
        then = sentences[i + 1][0] if i + 1 < len(sentences) else ""
        if _DENIES.match(then) and _permits(words, text):
            return "all"
    return found


def _permits(words: list[str], text: str) -> bool:
    """Return whether a sentence repeats a permission that the next one may deny: "You can keep what I say?"."""
    match = _PERMITS.search(text)
    if match is None or set(text[: match.start()].split()) & _QUESTION_AUX:
        return False
    at = len(text[: match.end()].split()) - 1
    explicit = words[at] not in {"remember"} or set(match[0].split()) & {"can", "may", "allowed"}
    return bool(explicit) and _aim(words, at) == "all"


def _wish_at(words: list[str], at: int, end: str) -> Aim:
    """Return what the verb at a place withdraws, if it does."""
    verb = words[at]
    rid = verb in {"get", "getting", "throw", "throwing", "take", "leave", "do"} and words[at + 1 : at + 2] and (
        words[at + 1] in {"rid", "away", "me"} if verb != "do" else words[at + 1 : at + 3] == ["away", "with"]
    )
    if verb in _DELETED or verb in _KEPT:
        if (aim := _passive(words, at, end)) or verb not in _KEEP:
            return aim
    deletes = verb in _DELETE or verb in _DELETING or bool(rid)
    keeps = verb in _KEEP or verb in _KEEPING
    if not (deletes or keeps):
        return ""
    aim = _aim(words, at)
    if not aim:
        return ""
    walked, head, start = _left(words, at)
    denied = _denied(words, walked, start)
    if deletes and verb not in _DELETING:
        if denied and not _suggests(words, start):
            return ""
        return aim if _is_wish(words, at, walked, head, end) else ""
    if deletes:
        asks = {"mind", "appreciate", "like", "start", "consider", "prefer", "insist", "about", "suggest", "please", "begin"}
        return aim if asks & set(words[max(0, at - 4) : at]) and not denied else ""
    if words[at + 1 : at + 2] in (["nothing"], ["no"]) and verb in _KEEP and not denied:
        return aim if _is_wish(words, at, walked, head, end) else ""
    if not denied:
        return ""
    if verb in _KEEPING:
        past = words[max(0, at - 2) : at] and words[at - 1] in {"been", "are", "were", "am", "was", "is", "not"} and words[at - 2 : at - 1] != ["want"]
        return "" if past and "you" not in words[:at] else aim
    return aim if _is_refusal(words, at, walked, head, end) else ""


# ---------------------------------------------------------------- what is aimed at


def _aim(words: list[str], at: int) -> Aim:
    """Return what the words after a verb aim at."""
    verb = words[at]
    led = False
    for i in range(at + 1, min(len(words), at + 16)):
        word, before = words[i], words[i - 1]
        after = words[i + 1 : i + 4]
        if word in {"me", "us", "myself"}:
            about = before in _ABOUT
            if not (about or i == at + 1 or words[at + 1 : i] == ["about"] or (verb in {"forget", "remember"} and not led)):
                return "all" if before in {"knew", "know", "met", "saw", "remember", "and"} else ""
            if about and before in {"for", "to", "with"}:
                return ""
            if i == at + 1 and (verb in _ONLY_THINGS or after[:1] in (["not"], ["nots"])):
                return "all" if after[:1] == ["not"] and verb == "remember" else _out_of(words, i) if verb in _DELETE else ""
            if i == at + 1 and verb in {"remove", "clear", "get", "take", "leave", "wipe", "scrub", "drop"}:
                return _out_of(words, i)
            if after[:1] in (["a"], ["an"], ["the"], ["some"]) or after[:2] in (["for", "a"], ["for", "one"]) or (verb == "remember" and after[:1] == ["to"]):
                return ""
            return "all"
        if word in {"everything", "all"} and i == at + 1 and verb in {"delete", "erase", "purge", "forget"}:
            rest = [w for w in words[i + 1 :] if w not in {"of", "it", "please", "now", "then", "again", "at", "once", "immediately", "that"}]
            if not rest:
                return "all"
        if word in {"the", "this", "our", "that"} and after[:1] in (["conversation"], ["chat"], ["talk"]) and verb in _ERASE:
            return "all"
        if word in {"my", "our", "mine"}:
            if verb in {"use", "have", "drop", "clear", "hold", "write", "share"} and set(after) & _WORN:
                return ""
            if word == "mine" or set(after) & _DATA or before in _ABOUT - {"for", "to", "with", "on", "from"}:
                return "all" if not (verb in {"remember", "forget"} and word != "mine" and not _whole(words, i)) else ""
            return ""
        if word in _I:
            return _told(words, at, i)
        if word == "who" and after[:2] in (["i", "am"], ["we", "are"]):
            return "all"
        if word in {"this", "that"} and i == at + 1 and not _more(words, i):
            return "recent" if verb in _KEEP or verb in {"forget", "delete", "erase"} else ""
        if word not in _LEADS and not (word == "rid" or before in {"your", "all", "any", "the"}):
            return ""
        led = led or word in {"everything", "anything", "all", "what", "whatever", "nothing"}
    return ""


def _whole(words: list[str], i: int) -> bool:
    """Return whether what is "my ..." stands for the person: a birthday that is forgotten is not."""
    thing = set(words[i + 1 : i + 4]) & _DATA
    return bool(thing - {"birthday", "address", "number", "age", "secret", "secrets", "file", "files", "account", "words", "picture", "pictures"})


def _more(words: list[str], i: int) -> bool:
    """Return whether "that" leads on: "that I was here", "that you know me", "that data about me"."""
    return bool(words[i + 1 : i + 2]) and words[i + 1] not in {"please", "now", "again", "one", "for", "ok", "okay", "and",
                                                              "either", "too", "right", "down", "anywhere", "at", "then"}  # fmt: skip


def _out_of(words: list[str], i: int) -> Aim:
    """Return whether "remove me" goes on with a memory, a list, a system, or ends."""
    rest = [word for word in words[i + 1 :] if word not in {"please", "now", "out", "completely", "immediately", "entirely", "then"}]
    if not rest:
        return "all" if words[i - 1] in {"delete", "erase", "remove", "purge", "scrub"} else ""
    of_memory = {"memory", "memories", "database", "data", "system", "systems", "record", "records", "files", "list", "lists", "brain",
                 "head", "storage", "disk", "logs", "log", "mind", "archive", "books"}  # fmt: skip
    return "all" if rest[0] in {"from", "off", "of"} and set(rest[1:5]) & of_memory else ""


def _told(words: list[str], at: int, i: int) -> Aim:
    """Return whether "what I said" is meant, and whether only what was said just now."""
    said = next((k for k in range(i + 1, min(len(words), i + 5)) if words[k] in _SAY), 0)
    if words[i] in {"i", "we"} and words[i + 1 : i + 2] in (["was"], ["am"], ["exist"], ["existed"], ["were"]) and words[i - 1] in {"forget", "that"}:
        return "all"
    if not said:
        return ""
    if "just" in words[i:said]:
        return "recent"
    verb, rest = words[at], set(words[said + 1 :])
    between = set(words[at + 1 : i])
    whole = between & {"everything", "anything", "all", "whatever", "any", "nothing"} or rest & _SINCE
    if whole or words[said] not in _SAID:
        return "all"
    return "recent" if verb == "forget" or verb in _KEEP or verb in _KEEPING else "all"


# ---------------------------------------------------------------- who is to do it, and whether it is denied


def _left(words: list[str], at: int) -> tuple[list[str], str, int]:
    """Return the words before a verb that make a wish of it, the first word before those ("" at the start), and where they begin."""
    i = at
    while i > 0 and (
        words[i - 1] in _SOFT or words[i - 1] in _NOT or words[i - 1] in _AUX or words[i - 1] == "no" or words[i - 1 : i + 1] == ["forget", "to"]
    ):
        i -= 1
    return words[i:at], words[i - 1] if i else "", i


def _denied(words: list[str], walked: list[str], start: int) -> bool:
    """Return whether an odd number of denials stands over the verb."""
    count = sum(word in _NOT for word in walked)
    for i in range(start, start + len(walked)):
        following = words[i + 1 : i + 2]
        count += words[i] == "no" and bool(following) and following[0] in _NO_WHAT
    if start and words[start - 1] in _NOT:
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
    lead = [word for word in words if word not in {"and", "so", "but", "well", "ok", "okay", "hey", "hello", "hi", "ada", "or", "then"}]
    first, second = (*lead[:2], "", "")[:2]
    if first in _WH and second in _QUESTION_AUX | _AUX | {"happens", "if", "about", "should"}:
        return True
    if first == "how" and second in {"long", "often", "much", "many", "soon", "will", "did", "does", "have", "are", "is"}:
        return True
    if first in {"do", "have"}:
        return second in {"you", "he", "she", "they", "it", "i", "we"}
    if first in {"would", "will", "could", "can", "should"} and second and second not in _SOFT | _LEADS | {"i", "we", "my"}:
        return True
    return first in _QUESTION_AUX


def _reported(words: list[str], i: int) -> bool:
    """Return whether somebody else's words end before place i: "Ben said", "she told me"."""
    before = words[max(0, i - 4) : i]
    for k, word in enumerate(before):
        if word in _REPORTS and not set(before[k + 1 :]) - {"me", "us", "you", "him", "her", "to", "them", "please", "that", "like", "again", "it", "once"}:
            whole = words[: max(0, i - 4) + k]
            return word in {"read", "reads", "heard"} or not (whole and whole[-1] in {"i", "i've", "we", "just", "already"})
    return False


def _is_wish(words: list[str], at: int, walked: list[str], head: str, end: str) -> bool:
    """Return whether a verb of deleting is wished for rather than told of."""
    asked, verb, before = set(walked), words[at], words[at - 1] if at else ""
    if _is_question(words, end):
        return False
    start = at - len(walked)
    if _reported(words, at) or _reported(words, start):
        return bool(asked & {"should", "must", "need", "have"}) and "you" in asked
    if "please" in asked or "let's" in asked:
        return True
    if head in _OTHERS or before in _OTHERS or head in _HABIT or before in _HABIT:
        return "you" in asked and head not in _OTHERS and not set(words[:start]) & _OTHERS and verb != "forget"
    if "you" in asked or {"you'd"} & asked:
        k = max(i for i, word in enumerate(walked) if word in {"you", "you'd"})
        aux = walked[k - 1] if k else head
        if aux in _QUESTION_AUX and not (aux == "have" or asked & _WANTS):
            return False
        if "if" in asked and not (asked | set(words[:start])) & _OF_WISHES:
            return bool(asked & {"could", "would"}) and verb != "forget"
        if head in {"when", "before", "after", "until", "unless", "because", "while", "once", "since", "whether"} and not asked & _WANTS:
            return False
        foretells = walked[k + 1 : k + 2] in ([], ["will"], ["might"], ["would"]) and aux not in {"can", "could", "would", "may", "should"}
        if verb == "forget" and foretells and not asked & (_WANTS | _OF_WISHES) - {"say", "said", "think", "good"}:
            return False  # you will forget me
        return not (end == "?" and not asked & (_AUX | _WANTS))
    if "you'll" in asked:
        return verb != "forget"
    if asked & {"i", "we", "i'd", "i'm", "i'll", "we'd", "we're"}:
        own = asked & (_WANTS | {"need", "want", "wish", "like", "going", "can", "could", "may", "how", "have", "get"})
        if before == "said" and words[at - 2] == "i":
            return True
        return bool(own) and ("to" in asked or bool(asked & {"can", "could", "may", "how", "rather"})) and (before not in _I or bool(asked & {"can", "could", "may"}))
    if not walked and head in _ENDS_IN_S | {""}:
        return True
    if not walked and head.endswith("s"):
        return False  # friends forget me
    if not head:
        return not (asked & _QUESTION_AUX - {"do", "have"})
    if asked & _AUX or before == "to":
        return "how" in asked
    return True


def _is_refusal(words: list[str], at: int, walked: list[str], head: str, end: str) -> bool:
    """Return whether a denied verb of keeping is a refusal rather than a report of what is not done."""
    asked, verb = set(walked), words[at]
    if _is_question(words, end) or _reported(words, at - len(walked)) or head in _OTHERS:
        return False
    if asked & {"sure", "know", "certain"} and asked & {"i", "i'm", "we"}:
        return False  # not sure that I want you to
    describes = {"don't", "didn't", "can't", "won't", "never", "couldn't", "not", "wouldn't"} & asked
    if "you" in asked and verb in {"remember", "know", "have", "use"} and not asked & (_WANTS | {"dare", "must", "may", "mustn't", "shouldn't"}):
        return not describes or words[0] in {"no", "nope", "nah"}
    if "you" in asked and not asked & _WANTS and end == "?":
        return False
    if asked & {"i", "we", "i'd", "i'm", "we'd", "we're", "i'll", "i've"} or head in _I:
        return bool(asked & _WANTS)
    return True


def _passive(words: list[str], at: int, end: str) -> Aim:
    """Return what "I want my data deleted", "to be forgotten", "nothing about me may be kept" withdraw."""
    before = words[:at]
    near = set(before)
    unsure = _UNSURE.search(" ".join(before))
    if _is_question(words, end) or near & _OTHERS or unsure or _reported(words, at):
        return ""
    k = next((i for i in range(len(before)) if before[i] in {"my", "our", "me", "us"} or (before[i] in _I and set(before[i:]) & _SAY)), -1)
    aimed = k >= 0 and (before[k] in {"me", "us"} or before[k] in _I or bool(set(before[k:]) & _DATA))
    itself = bool(near & {"i", "i'd", "we", "we'd", "i'm"}) and bool(words[at - 1 : at]) and words[at - 1] in {"be", "being", "get"}
    denials = sum(word in _NOT for word in before) + sum(
        a == "no" and b in _NO_WHAT | _DATA for a, b in zip(before, before[1:], strict=False)
    )
    wished = near & _PASSIVE or before[:1] == ["no"]
    if words[at] in _KEPT and near & {"this", "that"} and near & _WANTS and denials % 2 == 1 and not aimed and not itself:
        return "all" if near & {"any", "all"} else "recent"
    if not (aimed or itself) or not (wished or denials) or (near & {"was", "were", "been", "has", "had"} and not near & {"want", "should", "must"}):
        return ""
    if words[at] in _DELETED and words[at] not in _KEPT:
        return "all" if denials % 2 == 0 and wished else ""
    return "all" if denials % 2 == 1 else ""
