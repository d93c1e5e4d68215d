"""How prominent each word of a clause is, so that beats and head accents can meet it.

Content words carry accents, function words do not, and the last content word of a phrase carries the nuclear accent:
the default ("broad focus") accent placement of English (Halliday 1967; Ladd, Intonational Phonology, 2008, chapter 6).
Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

NUCLEAR = 1.0
ONSET = 0.75
"""First content word of a phrase: the head of the intonation contour."""
EMPHASIS = 0.8
"""Negation and words in capitals."""
CONTENT = 0.55
WEAK_CONTENT = 0.35
"""A content word in which no syllable is stressed."""
STRESSED_FUNCTION = 0.2
FUNCTION = 0.0

_FUNCTION_WORDS = frozenset(
    """
    a an the this that these those some any each every either neither both all such i me my mine myself you your
    yours yourself he him his himself she her hers herself it its itself we us our ours ourselves they them their
    theirs themselves who whom whose which what am is are was were be been being do does did doing have has had
    having will would shall should can could may might must i'm i've i'd i'll you're you've you'd you'll he's he'd
    he'll she's she'd she'll it's it'd it'll we're we've we'd we'll they're they've they'd they'll that's there's
    here's what's who's let's of to in on at by for from with about into onto over under up down out off as than
    through between after before during and or but nor so yet if because while when where although though unless
    until since whether there here then just also too very well oh ah um uh please
    """.split()
)
_NEGATIONS = frozenset(["no", "not", "never", "none", "nothing", "nobody", "nowhere", "cannot"])
_PHRASE_END = re.compile(r"[,;:.!?\u2026\u2014][\"'\u201d\u2019)\]]*$")
_TITLE = re.compile(r"^(mr|mrs|ms|dr|prof|st|vs|e\.g|i\.e|[a-z])\.$", re.IGNORECASE)
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")


def is_content_word(word: str) -> bool:
    """Say whether a written word, punctuation allowed, is not one of English's function words."""
    bare = _bare(word)
    return bool(bare) and bare not in _FUNCTION_WORDS


def word_accents(words: Sequence[str], stressed: Sequence[bool]) -> list[float]:
    """Return the accent 0 to 1 of each word.

    Args:
        words: written words with their punctuation, in order.
        stressed: for each, whether it holds a syllable with primary stress as spoken.
    """
    accents = [_alone(word, stress) for word, stress in zip(words, stressed, strict=True)]
    start = 0
    for index, word in enumerate(words):
        ends_phrase = _PHRASE_END.search(word) and not _TITLE.match(word)
        if ends_phrase or index == len(words) - 1:
            content = [i for i in range(start, index + 1) if is_content_word(words[i])]
            if content:
                accents[content[0]] = max(accents[content[0]], ONSET)
                accents[content[-1]] = NUCLEAR
            start = index + 1
    return accents


def _alone(word: str, stress: bool) -> float:
    bare = _bare(word)
    if bare in _NEGATIONS or bare.endswith("n't") or (len(bare) > 2 and _EDGES.sub("", word).isupper()):
        return EMPHASIS
    if not is_content_word(word):
        return STRESSED_FUNCTION if stress and bare else FUNCTION
    return CONTENT if stress else WEAK_CONTENT


def _bare(word: str) -> str:
    return _EDGES.sub("", word).lower().replace("\u2019", "'")
