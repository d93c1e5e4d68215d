"""Does a partial text sound finished? A small, explainable judgement for English.

It looks at how the text begins and ends: a word that needs another one (article, preposition, conjunction, auxiliary), a filler,
a subordinate clause without its main clause, a question, an answer that stands alone. Recognition is noisy, so none of this is certain.
Pure.
"""

from __future__ import annotations

import re

from runtime.patterns import words_of

CONTINUES = frozenset(
    """
    a an the my your his her its our their this that these those some any every each of in on at to for from
    with by about as into over under between and or but because so if when while although than then that
    which who whose where what is are was were am be been being have has had do does did will would can
    could should may might must i we they he she it's i'm don't not very really quite more most such just
    also like
    """.split()
)
"""Words after which English wants another one."""
CAN_END = frozenset(
    """
    that this these those some any more most am is are was were do does did can could will would should have has had
    """.split()
)
"""Of them, those with which a sentence may end after all ("yes, I am"), where a recogniser has put a full stop behind them."""

FILLERS = frozenset(
    """
    uh um uhm er erm hmm well eh
    """.split()
)
CLOSED_ALONE = frozenset(
    """
    yes no yeah yep nope okay ok sure hello hi hey thanks bye goodbye right please maybe exactly great fine
    good stop sorry
    """.split()
)
"""One-word turns that are complete."""

QUESTION_WORDS = frozenset("what where who when why how which whose".split())
AUXILIARIES = frozenset("can could do does did will would shall should may is are was were have has am".split())
PRONOUNS = frozenset("i you he she it we they this that there".split())
STRANDED = frozenset("do does did are is am be can will from for with to about at in on of up you me it".split())
"""Words that want another one in a statement but end a question."""
SUBORDINATORS = frozenset("if when because before after although while since unless until as whenever".split())
SUBORDINATE_WORDS = 6
"""A text that begins with a subordinator and is no longer than this has most likely not come to its main clause."""

COMPLEMENT_VERBS = frozenset(
    """
    think thinking know mean hope guess believe wonder wondering feel want wanted need thought knew tell show give explain said say
    """.split()
)
"""Verbs that mostly lead to what is thought, wanted, told."""
SETTINGS_OF_SCENE = frozenset(
    "yesterday today tomorrow tonight first then now later sometimes usually actually maybe well so".split()
)
"""Words with which a turn begins and that say nothing alone."""

FILLER = -4.0
UNFINISHED = -2.5
SUBORDINATE = -1.2
COMPLEMENT = -1.2
"""A statement that ends with a verb of thinking, wanting or telling."""
FRAGMENT = -0.2
SENTENCE = 0.2
QUESTION = 2.0
ANSWER = 1.2
"""What each is worth, log-odds."""

_SENTENCE_END = re.compile(r"[.?!]\s")


def finished(text: str) -> float:
    """Return what a text's own words say about its end, in log-odds: positive for a finished sentence, 0 for no words."""
    words = words_of(text)
    if not words:
        return 0.0
    if len(words) > 2 and words[-1] == "please":
        words = words[:-1]
    last = words[-1]
    if last in FILLERS:
        return FILLER
    if len(words) <= 2 and last in CLOSED_ALONE:
        return ANSWER
    question = asks(text)
    if len(words) == 1 and last in SETTINGS_OF_SCENE:
        return UNFINISHED
    if last == "me" and len(words) > 1 and words[-2] in COMPLEMENT_VERBS:
        return COMPLEMENT  # "could you tell me": what is still to come
    if question and len(words) >= 3 and (last in STRANDED or (last in CAN_END and text.rstrip().endswith("?"))):
        return QUESTION  # "where do you come from", "what can you do", "what is this?"
    if last in CONTINUES:
        return FRAGMENT if last in CAN_END and text.rstrip().endswith((".", "!")) else UNFINISHED
    if not question and last in COMPLEMENT_VERBS:
        return COMPLEMENT
    if not question and words[0] in SUBORDINATORS and len(words) <= SUBORDINATE_WORDS:
        return SUBORDINATE
    if question and len(words) >= 3:
        return QUESTION
    return SENTENCE if len(words) >= 4 else FRAGMENT


def asks(text: str) -> bool:
    """Return whether the last sentence of a text is a question, by its mark or its words."""
    text = text.rstrip()
    words = words_of(_SENTENCE_END.split(text.rstrip(".?!"))[-1])
    return bool(words) and (text.endswith("?") or _asks(words))


def _asks(words: list[str]) -> bool:
    if words[0] == "when":  # which more often begins a subordinate clause
        return len(words) > 1 and words[1] in AUXILIARIES
    return words[0] in QUESTION_WORDS or (words[0] in AUXILIARIES and len(words) > 2 and words[1] in PRONOUNS)


BACKCHANNELS = frozenset(
    """
    mhm mm hm hmm mm-hmm mm-hm hm-hm uh-huh uh-hum uhuh uh huh yeah yes yep right okay ok aha ah oh i see sure wow really
    """.split()
)
"""Words of which a backchannel is made."""


def is_backchannel(text: str) -> bool:
    """Return whether a text consists of backchannel words only (at most four of them)."""
    words = words_of(text)
    return 0 < len(words) <= 4 and all(word in BACKCHANNELS for word in words)


FLOOR_WORDS = frozenset("stop wait no nope hey sorry but pardon excuse enough quiet silence hold what help".split())
"""With which people take the floor."""
HALTS = frozenset("stop wait enough quiet silence".split())
"""Those that do so wherever they stand in a few words ("please stop", "can you wait?")."""
HALT_WORDS_MAX = 4


def asks_for_floor(text: str) -> bool:
    """Return whether a text begins with a word that takes the floor, or is a short one that asks to stop."""
    words = words_of(text)
    return bool(words) and (words[0] in FLOOR_WORDS or (len(words) <= HALT_WORDS_MAX and not HALTS.isdisjoint(words)))
