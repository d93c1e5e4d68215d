"""What a language model may have the agent say unasked: short social speech of known forms, and nothing else.

Rules (`runtime.safety`) name what is wrong, and miss what nobody thought of; this names what is right. An initiative is a short social act: a
greeting, a question, an offer, sympathy, a remark. In `strict` no word of a model's is said: it chooses acts, the persona has the
sentences. In `default` every clause must have one of the forms of `forms.FORMS`, and one that touches a matter of `risks` must be a question
of care, sympathy or a sending for somebody. In `research` a form that is not known passes, with a `SafetyDecision`; matters of risk do
not, but for those of the categories that pass there anyway. What is refused costs nothing but the model's wording.
English; what is in another language has no known form. Pure, bounded by `CHARS_MAX`; compiled at import; a tenth of a millisecond a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cognitive.reasoners.outgoing import ALLOWED, Verdict
from cognitive.safety.forms import CARING, FORMS, FURTHER, HARMLESS, NEVER, QUESTIONS, SUBORDINATE, VERBS
from cognitive.safety.risks import CARE, CLOSED, OFFERED
from cognitive.safety.vocabulary import everyday
from cognitive.situation import Situation
from runtime.messages import Intention
from runtime.safety.classes import CLASSES
from runtime.safety.patterns import expression
from runtime.safety.settings import Mode
from runtime.safety.words import sentences

CHARS_MAX = 400
SENTENCES_MAX = 3
OWN_WORDS, RISK, FORM, WORD = "models_words", "risk", "form", "word"
"""Reasons: no model's words in this mode; a matter of risk; a form, or a word, that is not known."""
HEARD_MAX = 8
"""So many of people's last utterances lend their words: names, what they speak of."""
EASED = frozenset({"money", "politics", "isolation"})
"""Matters that `research` leaves to the rules, which let the like pass with an event there."""
FILLERS = frozenset("and but so or then well oh ah now still also just really actually please perhaps maybe yes no okay ok".split())
SHORT = 2
"""So many words after a comma need no form, as long as they order nothing."""
VOCATIVE = 1
"""So many words before a comma, not at the end, may be a name."""

_SETS = CLASSES | {
    "REQUEST": VERBS["REQUEST"], "DONT": VERBS["DONT"], "OWNED": VERBS["OWN"], "OWNI": VERBS["I"], "IAM": VERBS["I_AM"], "YOUARE": VERBS["YOU_ARE"],
    "ISHERE": VERBS["IS"], "DIRECT": VERBS["DIRECT"], "ALSO": "and|or|then|so|but",
}  # fmt: skip
_SETS = {name: "|".join(" ".join(word.split()) for word in re.split(r"[/|]", text)) for name, text in _SETS.items()}


def _compiled(lines: str, *, begin: bool) -> re.Pattern[str]:
    rows = [row.strip() for row in lines.splitlines() if row.strip() and not row.strip().startswith("#")]
    return re.compile("|".join(expression(f"^ {row}" if begin else row, _SETS)[0] for row in rows))


def _lexicon(matters: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(
            " (?:" + "|".join(
                re.escape(" ".join(word.replace("_", " ").split())).replace(r"\ ", " ") + ("" if word.endswith("s") else "(?:s|'s)?")
                for word in sorted(set(text.split("|") if "|" in text else text.split()), key=len, reverse=True)
            ) + ") "
        )
        for name, text in matters.items()
    }  # fmt: skip


_FORMS = _compiled(FORMS, begin=True)
_QUESTIONS = _compiled(QUESTIONS, begin=True)
_FURTHER = _compiled(FURTHER, begin=True)
_SUBORDINATE = _compiled(SUBORDINATE, begin=True)
_CARING = _compiled(CARING, begin=True)
_HARMLESS = _compiled(HARMLESS, begin=False)
_NEVER = _compiled(NEVER, begin=False)
_CARE, _CLOSED = _lexicon(CARE), _lexicon(CLOSED)
_ORDERS = re.compile(
    "(?<= )(?:and|or|so|then|but) (?:(?:{}) )?(?!(?:{}) )(?:{}) ".format(
        *("|".join(_SETS[name].split("|")) for name in ("ADV", "REQUEST", "DIRECT"))
    )
)
"""A further verb that directs somebody and is no courteous request."""
_ORDER = _compiled("@DIRECT|do|be|go", begin=True)
_YOU = re.compile("(?<= )you (?:two|both|all|three|guys) ")
_MATTERS = (*_CARE.values(), *_CLOSED.values())
_CUT = re.compile(r" [,;:] ")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a model's words are not said: `OWN_WORDS`, `RISK` (with the matter) or `FORM`."""

    reason: str
    matter: str = ""


def fault(text: str, known: frozenset[str] = frozenset(), name: str = "") -> Fault | None:
    """Return what speaks against words of a model's, None for nothing.

    Args:
        text: what it would have the agent say; cut at `CHARS_MAX`, which other filters refuse anyway.
        known: words, in lower case, that may be said besides everyday ones: what people here have said.
        name: the agent's own.
    """
    found = [_named(sentence, known, name) for sentence in sentences(text[:CHARS_MAX])]
    if not found or len(found) > SENTENCES_MAX:
        return Fault(FORM)
    faults = [one for sentence in found if (one := _of_sentence(sentence)) is not None]
    worst = next((one for one in faults if one.reason == RISK), faults[0] if faults else None)
    if worst is not None:
        return worst
    return Fault(WORD) if any(map(_foreign, found)) else None


def _named(sentence: str, known: frozenset[str], name: str) -> str:
    """Return a sentence with names put as `she` and the agent's own as `a robot`, so that its form can be seen."""
    for own in sentences(name):
        sentence = sentence.replace(own.rstrip(". ") + " ", " a robot ") if own.strip() else sentence
    if known:
        sentence = "".join(f" {_stands_for(word, known)}" for word in sentence.split()) + " "
    return sentence


def _stands_for(word: str, known: frozenset[str]) -> str:
    strange = word in known and word.isalpha() and not everyday(word)
    return "she" if strange and not any(matter.search(f" {word} ") for matter in _MATTERS) else word


def _foreign(sentence: str) -> bool:
    """Whether a sentence has a word that is not everyday; what has been judged by its matter may stand."""
    words = (word for word in _HARMLESS.sub(" ", sentence).split() if word[0].isalnum())
    return any(not everyday(word) and not any(matter.search(f" {word} ") for matter in _MATTERS) for word in words)


def _of_sentence(sentence: str) -> Fault | None:
    asks = sentence.rstrip().endswith("?")
    body = _YOU.sub("you ", f" {sentence.strip().rstrip('.!? ')} ")
    whole = _HARMLESS.sub(" ", f"{body}. ")
    if _NEVER.search(whole) or _ORDERS.search(whole):
        return Fault(RISK, "advice")
    parts = [f" {part.strip()} . " for part in _CUT.split(body.replace(" , ", "  ,  ").replace(" : ", "  :  ")) if part.strip()]
    form: Fault | None = None
    for number, part in enumerate(parts):
        bare = _bare(part)
        matter = _matter(part, bare, asks=asks)
        if matter:
            return Fault(RISK, matter)
        words = bare.split()[:-1]
        named = number < len(parts) - 1 and len(words) <= VOCATIVE
        named = named or (number > 0 and len(words) <= SHORT and not _ORDER.search(bare)) or (number > 0 and bool(_FURTHER.search(bare)))
        if form is None and not named and bare != " . " and not _known(part, bare, asks=asks, last=number == len(parts) - 1, alone=len(parts) == 1):
            form = Fault(FORM)
    return form


def _known(part: str, bare: str, *, asks: bool, last: bool, alone: bool) -> bool:
    """Whether a clause has one of the forms, with or without what it begins with."""
    if asks and (_QUESTIONS.search(bare) or _QUESTIONS.search(part)):
        return True
    if not alone and not (asks and last) and _SUBORDINATE.search(bare):
        return True
    return bool(_FORMS.search(bare) or _FORMS.search(part))


def _matter(part: str, clause: str, *, asks: bool) -> str:
    """Return the matter of risk of a clause that may not be spoken of like this, empty for none."""
    caring = bool(_CARING.search(clause) or _CARING.search(part))
    rest = _HARMLESS.sub(" ", clause)
    for name, words in _CLOSED.items():
        if words.search(rest) and not (asks and name in OFFERED):
            # What a caring clause may name: somebody's tablets in a question, not what to do with them.
            if name != "medicine" or not caring:
                return name
    for name, words in _CARE.items():
        if words.search(rest) and not caring:
            return name
    return ""


def _bare(clause: str) -> str:
    """Return a clause without what it may begin with in any form."""
    words = clause.split()
    while words and words[0] in FILLERS:
        words.pop(0)
    return f" {' '.join(words)} " if words else " . "


class Unasked:
    """An `OutgoingFilter` for words of a language model's in one session."""

    def __init__(self, mode: Mode, name: str = "") -> None:
        """Judge by the session's mode; `name` is the agent's."""
        self._mode = mode
        self._name = name

    def check(self, intention: Intention, situation: Situation) -> Verdict:
        """Return whether a model's words may be said unasked; the reason is one word, also where they pass in `research` only."""
        if intention.kind != "dialogue":
            return ALLOWED
        if self._mode == "strict":
            return Verdict(False, OWN_WORDS)
        heard = [said.text for said in situation.utterances if said.speaker == "user"][-HEARD_MAX:]
        known = frozenset(word for text in heard for sentence in sentences(text) for word in sentence.split())
        found = fault(intention.content, known, self._name)
        if found is None:
            return ALLOWED
        if self._mode == "research" and (found.reason == FORM or found.matter in EASED):
            return Verdict(True, found.reason)
        return Verdict(False, found.reason)
