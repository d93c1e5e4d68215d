"""What somebody's words say about being remembered: English, said or typed, with or without punctuation.

The two wishes are read by opposite rules. Consent is read strictly: a clause must be an agreement from its first word to its last,
spoken as one's own, and nothing in the same breath may doubt it (a denial, a question, a quotation, a later word that takes it
back). A withdrawal is read generously (`cognitive.memory.withdrawal`). When in doubt it is no consent, and a withdrawal is honoured.
Pure; linear in the text, of which the first `TEXT_CHARS` signs count.
"""

from __future__ import annotations

import re
from typing import Literal

from cognitive.memory.withdrawal import withdraws

Word = Literal["", "remember", "forget", "not_this", "known"]
TEXT_CHARS = 4_000
ELLIPSIS = "\u2026"

_WRITTEN = {
    "dont": "don't", "cant": "can't", "cannot": "can't", "wont": "won't", "didnt": "didn't", "doesnt": "doesn't", "isnt": "isn't",
    "shouldnt": "shouldn't", "mustnt": "mustn't", "wouldnt": "wouldn't", "couldnt": "couldn't", "havent": "haven't", "arent": "aren't",
    "ive": "i've", "im": "i'm", "youre": "you're", "youve": "you've", "pls": "please", "plz": "please", "gonna": "going to",
    "wanna": "want to", "u": "you", "ur": "your", "memorise": "memorize", "memorising": "memorizing", "authorise": "authorize",
    "rember": "remember", "rememeber": "remember", "forgot": "forgot", "n't": "not",
}  # fmt: skip
"""How people type and recognisers write."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SENTENCE = re.compile(r"[^.!?\n;\u2026]+[.!?\n;\u2026]*")
_QUOTES = re.compile("[>\"\u201c\u201d\u201e\u00ab\u00bb`]|(?<!\\w)'|'(?!\\w)")

_OFF_THE_RECORD = re.compile(r"(?<!not )(?<!isn't )\boff the record\b")
_KNOWN = re.compile(
    r"\b(?:do|don't) you (?:still |not |even )?(?:remember|know|recogni[sz]e) me\b|\byou (?:still )?remember me\b|"
    r"\b(?:we've|we have)(?: already)? met\b|\bwe met (?:before|yesterday|last)\b|\bi(?:'ve| have) been here before\b|"
    r"\bi was here (?:before|yesterday|last)\b|\bit(?:'s| is) me again\b|^(?:(?:hello|hi|hey) )?remember me$"
)
_NOT_KNOWN = re.compile(
    r"\b(?:not|don't think|doubt|never|haven't|can't have|if)\b(?: \w+){0,4} (?:you (?:still )?remember me|we've met|"
    r"we have met|we met|been here|was here)|"
    r"\b(?:said|says|told|asked|asks|want you to|like you to|wish you to|may you|hope|when|that|please|sure|will|would|can|"
    r"could) you (?:still )?remember me\b"
)

# ---------------------------------------------------------------- consent

_COURTESY = (
    r"(?:oh|well|yes|yeah|yep|yup|sure|okay|ok|alright|all right|right|fine|great|good|perfect|lovely|absolutely|certainly|"
    r"definitely|of course|gladly|"
    r"by all means|with pleasure|please do|please|hello|hi|hey|hello there|hi there|good (?:morning|afternoon|evening|day)|"
    r"thanks|thank you|robot|"
    r"(?:it was |it's )?(?:nice|good|lovely|great) to (?:meet|see|talk to|talk with) you|and|so|then|also|just|always|"
    r"goodbye|bye|see you|"
    r"my name is [^\W\d_]+|(?:i'm|i am) (?!not\b|never\b|sure\b|told\b|against\b|afraid\b|sorry\b)[^\W\d_]+|"
    r"call me [^\W\d_]+|"
    r"(?:you )?(?:can|could|would|will) you please)"
)
_END = (
    r"(?:please|thanks|thank you|okay|ok|then|too|always|forever|now|from now on|again|tomorrow|next (?:time|week|year|"
    r"month)|for (?:the )?next time|"
    r"for (?:later|ever|good|the future|tomorrow|another time|my next visit)|in (?:the )?future|(?:the )?next time (?:i|"
    r"we) (?:come|visit|meet|talk|see each other)(?: here| back| again| by)*|"
    r"when (?:i|we) (?:come|visit|meet|talk|return|see each other)(?: here| back| again| by| next| tomorrow)*|"
    r"by (?:my )?name|if you (?:like|want|can|wish)|my name is [^\W\d_]+|(?:i'm|i am) (?!not\b|never\b|kidding\b|joking\b|"
    r"sure\b)[^\W\d_]+|"
    r"and (?:my name|who i am|what i (?:say|tell you)|what i like)|will you please|if that's (?:okay|ok|possible|all right))"
)
_ME = r"(?:me|my name|who i am|my face|what i (?:say|tell you)|everything (?:i (?:say|tell you)|about me))"
_THINGS = (
    r"(?:my data|what i (?:say|tell you)|everything i (?:say|tell you)|what you (?:know|learn|learned|"
    r"have learned) (?:about|of) me|"
    r"information about me|a memory of me|everything about me|my name)"
)
_KEEP = rf"(?:(?:always )?(?:remember|memorize) {_ME}|(?:keep|store|save|hold on to) {_THINGS})"
_BE = r"(?:be|being|get) remembered(?: by you)?"
_YOU_MAY = (
    r"(?:you (?:may|can)|(?:you have|you've|you have got|you've got) my (?:permission|consent) to|"
    r"(?:you are|you're) (?:allowed|free|welcome) to)(?: please| certainly| gladly| of course)?"
)
_I_WANT = r"(?:i|we)(?:'d| would)? (?:really |very much )?(?:want|like|wish|love|prefer|ask|need)"
_AGREES = (
    rf"(?:i(?: hereby| do| fully)? (?:agree|consent)|i'm (?:okay|ok|fine|happy)|i am (?:okay|ok|fine|happy)|i'm (?:happy|"
    rf"glad)) "
    rf"(?:to {_BE}|with {_BE}|to (?:you )?(?:remembering me|keeping {_THINGS}|storing {_THINGS})|(?:that|if) you {_KEEP})|"
    rf"i(?: hereby)? (?:give|grant) you (?:my )?(?:consent|permission) to {_KEEP}|i allow you to {_KEEP}|"
    rf"(?:please )?feel free to {_KEEP}|it's (?:okay|ok|fine|all right) (?:to|if you|that you) {_KEEP}|"
    rf"it is (?:okay|ok|fine|all right) (?:to|if you|that you) {_KEEP}"
)
_CONSENT = re.compile(
    rf"(?:{_COURTESY} )*(?:(?:do )?(?:always )?remember (?:me|my name|who i am|my face)|{_YOU_MAY} {_KEEP}|"
    rf"{_I_WANT} (?:you to {_KEEP}|to {_BE})|{_AGREES})(?: {_END})*"
)
_ASKED = re.compile(rf"(?:{_COURTESY} )*(?:(?:can|could|would|will) you (?:please )?)?{_KEEP}(?: {_END})*")
_REQUEST = re.compile(r"\b(?:can|could|would|will) you\b")
_DOUBTS = re.compile(
    r"\b(?:no|not|nor|never|nope|nah|none|nothing|nobody|neither|\w+n't|stop|refuse|without|unless|against|deny|hardly|"
    r"kidding|joking|joke|jokes|"
    r"pretend|pretending|example|mistake|on second thought|actually|wait|hang on|hold on|instead|changed my mind|"
    r"change my mind|take (?:that|it) back|"
    r"never ?mind|scratch|cancel|withdraw|revoke|rather|wrong|lie|lying|untrue|false|sarcasm|sarcastic|ironic|irony|maybe|"
    r"perhaps|doubt|only if|"
    r"forget|delete|erase|remove|test|testing|rehearsing|script|line)\b"
)
_SPEAKS_OF = re.compile(
    r"\b(?:remember\w*|keep\w*|kept|stor\w+|sav\w+|data|agree\w*|consent\w*|allow\w*|permission|want\w*|like|memory|"
    r"record\w*|that|it|this)\b"
)
_REPORTS = re.compile(
    r"\b(?:says?|said|saying|tells?|told|telling|asks?|asked|asking|writes?|wrote|written|reads?|reading|sings?|sang|"
    r"singing|song|film|movie|book|poem|play|letter|"
    r"shouts?|shouted|whispers?|whispered|quotes?|quoted|quoting|goes|heard|hear|called|title|titled|phrase|words|sentence|"
    r"like|thinks?|thought|"
    r"claims?|claimed|repeats?|repeated|message|sign|dream\w*|begs?|begged|means?|meant|lyrics?|translates?|spells?|"
    r"password)\b"
)
_TOLD_OF = re.compile(
    r"(?:[^ ]+ ){0,4}(?:said|says|told|asked|asks|wrote|writes|whispered|begged|begs|sang|sings|shouted|quoted|replied|"
    r"answered|cried)\b"
)
_LIMITS = re.compile(
    r"(?:(?:and|but|so|well|ok|okay) )*(?:if|when|once|until|unless|whether|suppose|supposing|imagine|let's say)\b"
)
_TALKED = re.compile(
    r"\b(?:i'd|i would|would|we'd) (?:really )?like\b|\bif you like\b|\b(?:what|everything) i (?:say|tell you)\b|\bi ask\b"
)


def wish_in(text: str) -> Word:
    """Return what somebody's words say about being remembered.

    `remember` and `forget` concern them as a whole, `not_this` what they have just said; `known` claims an earlier encounter.
    """
    text = text[:TEXT_CHARS].replace("\u2019", "'").replace("\u2018", "'")
    sentences = [(words, _sign(part)) for part in _SENTENCE.findall(text) if (words := plain(part))]
    aim = withdraws(sentences)
    if aim == "all":
        return "forget"
    if aim == "recent" or any(_OFF_THE_RECORD.search(words) for words, _ in sentences):
        return "not_this"
    if any(_claims(words, sign) for words, sign in sentences):
        return "known"
    return "remember" if _consents(text) else ""


def plain(text: str) -> str:
    """Return the words of a text: lower-case, one space between them, spelt as `_WRITTEN` says."""
    return " ".join(_WRITTEN.get(word, word) for word in _WORD.findall(text.lower()))


def _sign(sentence: str) -> str:
    """Return the sign that ends a sentence: "?" wherever one is among several."""
    ending = sentence[len(sentence.rstrip(".!?\n;\u2026 ")) :]
    if "?" in ending:
        return "?"
    return ELLIPSIS if ".." in ending else ending[:1]


def _claims(words: str, sign: str) -> bool:
    match = _KNOWN.search(words)
    if match is None or (match[0].endswith("remember me") and "you" not in match[0] and sign != "?"):
        return False
    return _NOT_KNOWN.search(words) is None


def _consents(text: str) -> bool:
    """Return whether a text agrees to be remembered, beyond doubt."""
    if _QUOTES.search(text) or ":" in text:
        return False
    parts = _SENTENCE.findall(text)
    before: list[str] = []
    for i, part in enumerate(parts):
        words, sign = plain(part), _sign(part)
        if _agrees(part, sign) and not any(_casts_doubt(one) for one in before):
            if sign == ELLIPSIS and any(map(plain, parts[i + 1 :])):
                return False
            later = [words, *map(plain, parts[i + 1 :])]
            return not any(_DOUBTS.search(one) for one in later) and not any(_TOLD_OF.match(one) for one in later[1:])
        before.append(words)
    return False


def _casts_doubt(words: str) -> bool:
    """Return whether an earlier sentence makes what follows somebody else's words, or denies what it is about."""
    told = _TALKED.sub("", words)
    return bool(_REPORTS.search(told)) or bool(_DOUBTS.search(words) and _SPEAKS_OF.search(words))


def _agrees(sentence: str, sign: str) -> bool:
    """Return whether one clause of a sentence is an agreement, and the words before it are nothing but courtesy or of another matter."""
    clauses = [
        plain(clause)
        for clause in re.split(
            r",| - |\u2013|\u2014|\((?=\w)|\)|\bbut\b|\band\b(?= (?:please|you (?:may|can)|remember)\b)",
            sentence.lower(),
        )
    ]
    for i, clause in enumerate(clauses):
        if sign == "?" or _REQUEST.search(clause):
            fits = "please" in clause.split() and _ASKED.fullmatch(clause) is not None
        else:
            fits = _CONSENT.fullmatch(clause) is not None
        before, after = clauses[:i], clauses[i + 1 :]
        doubted = any(_casts_doubt(one) or _DOUBTS.search(one) or _LIMITS.match(one) for one in before)
        if fits and not doubted and not any(_REPORTS.search(_TALKED.sub("", one)) for one in after):
            return True
    return False
