"""What a language model may have the agent say unasked: short social speech in everyday words, and nothing else.

Rules (`runtime.safety`) name what is wrong, and miss what nobody thought of; this names what is right. An initiative is a short social
act: a greeting, a question, an offer, sympathy, a remark. In `strict` no word of a model's is said: it chooses acts, the persona has the
sentences. In `default` a clause that touches a matter of `risks` must be a question of care, sympathy, a warning or a sending for
somebody; every clause must have one of the `forms`, and every word must be an everyday one (`vocabulary`) or have been said by a person
here. In `research` what the rules let pass there with an event (advice on law and money, pressure,
feelings) needs no form. What is refused
costs nothing but the model's wording. English: another language has no known words. Pure, bounded by `CHARS_MAX`; half a millisecond a
sentence, a quarter of a second to compile at first use (`prepare`).
"""

from __future__ import annotations

import functools
import re
import unicodedata
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
"""Matters on which what the rules let pass in `research` passes here too."""
FILLERS = frozenset(
    "and but so or then well oh ah now still also just really actually please perhaps maybe yes no okay ok".split()
)
SHORT = 2
"""So many words after a comma need no form, as long as they order nothing."""
VOCATIVE = 1
"""So many words before a comma, not at the end, may be a name."""

_SETS = CLASSES | {
    "REQUEST": VERBS["REQUEST"], "DONT": VERBS["DONT"], "DIRECT": VERBS["DIRECT"], "OWNED": VERBS["OWN"], "OWNI": VERBS["I"],
    "IAM": VERBS["I_AM"], "YOUARE": VERBS["YOU_ARE"], "ISHERE": VERBS["IS"], "ALSO": "and|or|then|so|but",
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


_YOU = re.compile("(?<= )you (?:two|both|all|three|guys) ")
_CUT = re.compile(r" [,;:] ")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """All of them, compiled. `orders`: a further verb that directs somebody and is no courteous request."""

    forms: re.Pattern[str]
    questions: re.Pattern[str]
    further: re.Pattern[str]
    subordinate: re.Pattern[str]
    caring: re.Pattern[str]
    harmless: re.Pattern[str]
    never: re.Pattern[str]
    order: re.Pattern[str]
    orders: re.Pattern[str]
    care: dict[str, re.Pattern[str]]
    closed: dict[str, re.Pattern[str]]

    def of_matter(self, word: str) -> bool:
        """Whether a word belongs to a matter of risk."""
        return any(matter.search(f" {word} ") for matter in (*self.care.values(), *self.closed.values()))


@functools.cache
def prepare() -> _Patterns:
    """Compile the patterns, once; whoever may not wait later calls it at start."""
    words = [_SETS[name] for name in ("ADV", "REQUEST", "DIRECT")]
    return _Patterns(
        forms=_compiled(FORMS, begin=True),
        questions=_compiled(QUESTIONS, begin=True),
        further=_compiled(FURTHER, begin=True),
        subordinate=_compiled(SUBORDINATE, begin=True),
        caring=_compiled(CARING, begin=True),
        harmless=_compiled(HARMLESS, begin=False),
        never=_compiled(NEVER, begin=False),
        order=_compiled("@DIRECT|do|be|go", begin=True),
        orders=re.compile("(?<= )(?:and|or|so|then|but) (?:(?:{}) )?(?!(?:{}) )(?:{}) ".format(*words)),
        care=_lexicon(CARE),
        closed=_lexicon(CLOSED),
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a model's words are not said: `RISK` (with the matter), `FORM` or `WORD`."""

    reason: str
    matter: str = ""


def fault(text: str, known: frozenset[str] = frozenset(), name: str = "") -> Fault | None:
    """Return what speaks against words of a model's, None for nothing.

    Args:
        text: what it would have the agent say.
        known: words, in lower case, that may be said besides everyday ones: what people here have said.
        name: the agent's own.
    """
    if len(text) > CHARS_MAX:
        return Fault(FORM)
    if any((sign.isalpha() or sign.isdigit()) and not sign.isascii() for sign in unicodedata.normalize("NFKD", text)):
        return Fault(WORD)  # letters that the rules do not read
    found = [_named(sentence, known, name) for sentence in sentences(text)]
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
    return "she" if strange and not prepare().of_matter(word) else word


def _foreign(sentence: str) -> bool:
    """Whether a sentence has a word that is not everyday; what has been judged by its matter may stand."""
    words = (word for word in prepare().harmless.sub(" ", sentence).split() if word[0].isalnum())
    return any(not everyday(word) and not prepare().of_matter(word) for word in words)


def _of_sentence(sentence: str) -> Fault | None:
    patterns = prepare()
    asks = sentence.rstrip().endswith("?")
    body = _YOU.sub("you ", f" {sentence.strip().rstrip('.!? ')} ")
    whole = patterns.harmless.sub(" ", f"{body}. ")
    if patterns.never.search(whole) or patterns.orders.search(whole):
        return Fault(RISK, "advice")
    cut = _CUT.split(re.sub(r" ([,;:]) ", r"  \1  ", body))
    clauses = [f" {clause.strip()} . " for clause in cut if clause.strip()]
    form: Fault | None = None
    for number, clause in enumerate(clauses):
        bare, last = _bare(clause), number == len(clauses) - 1
        if matter := _matter(clause, bare, asks=asks):
            return Fault(RISK, matter)
        if bare == " . " or _goes_along(bare, first=number == 0, last=last):
            continue
        if not _known(clause, bare, asks=asks, last=last, alone=len(clauses) == 1):
            form = Fault(FORM)
    return form


def _goes_along(bare: str, *, first: bool, last: bool) -> bool:
    """Whether a clause needs no form of its own: a name, a few words after a comma, what goes on without a verb."""
    words = bare.split()[:-1]
    if first:
        return not last and len(words) <= VOCATIVE
    short = len(words) <= SHORT and not prepare().order.search(bare)
    return short or (not last and len(words) <= VOCATIVE) or bool(prepare().further.search(bare))


def _known(clause: str, bare: str, *, asks: bool, last: bool, alone: bool) -> bool:
    """Whether a clause has one of the forms, with or without what it begins with."""
    patterns = prepare()
    if asks and (patterns.questions.search(bare) or patterns.questions.search(clause)):
        return True
    if not alone and not (asks and last) and patterns.subordinate.search(bare):
        return True
    return bool(patterns.forms.search(bare) or patterns.forms.search(clause))


def _matter(clause: str, bare: str, *, asks: bool) -> str:
    """Return the matter of risk of a clause that may not be spoken of like this, empty for none."""
    patterns = prepare()
    caring = bool(patterns.caring.search(bare) or patterns.caring.search(clause))
    rest = patterns.harmless.sub(" ", bare)
    for name, words in patterns.closed.items():
        named = (name == "medicine" and caring) or (name in OFFERED and asks)
        if not named and words.search(rest):
            return name
    return next((name for name, words in patterns.care.items() if not caring and words.search(rest)), "")


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

    def check(self, intention: Intention, situation: Situation, *, noted: bool = False) -> Verdict:
        """Return whether a model's words may be said unasked; the reason is one word, also where they pass.

        Args:
            intention: with the words.
            situation: what people have said is known.
            noted: whether the session's rules have found something in them that passes in its mode.
        """
        if intention.kind != "dialogue":
            return ALLOWED
        if self._mode == "strict":
            return Verdict(False, OWN_WORDS)
        heard = [said.text for said in situation.utterances if said.speaker == "user"][-HEARD_MAX:]
        known = frozenset(word for text in heard for sentence in sentences(text) for word in sentence.split())
        found = fault(intention.content, known, self._name)
        if found is None:
            return ALLOWED
        eased = noted and (found.reason in (FORM, WORD) or found.matter in EASED)
        return Verdict(self._mode == "research" and eased, found.reason)
