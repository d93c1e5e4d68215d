# ruff: noqa: E501 - one formula a line
"""Uptake: whether what somebody says shows that they follow, or that they do not (English). One list for the mind's filter and for barriers.

Pure functions of text, tolerant of a recogniser's output. "You know what" opens a story, "I thought it was wonderful" gives an opinion, and
"of course I am angry" acknowledges nothing: formulas that open or end other things are bound to where they mean what they say.
"""

from __future__ import annotations

from cognitive.formulas import any_of, plain

_WHEN_OR_HOW = r"(?:on|at|in|to|next|closed|open|free|over|later|earlier|yesterday|tomorrow|today|still|already|only|not|supposed|meant|called|the other way|round the other|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_NOT_UNDERSTOOD = any_of(
    rf"""
    (?:do not|don't|didn't|did not|can't|cannot) (?:quite |really )?(?:understand|follow|see (?:what|how) you) /
    (?:do not|don't|didn't|did not|can't|cannot) (?:quite |really )?get (?:it|that|this|what|you|the) /
    i (?:understand|understood|get|got) (?:nothing|none|hardly|very little|not a word) / what are you talking about /
    what do you mean / what does (?:that|this|it) mean / what did you (?:say|mean) /
    i(?:'m| am) (?:confused|not sure i follow|not following|lost here) / you(?:'ve| have)? (?:lost me|misunderstood) /
    (?:that|this|it) (?:makes no|doesn't make|does not make|isn't making) (?:any )?sense / not what i (?:mean|meant|said) /
    come again / pardon(?: me)?$ / say (?:that|it) again /
    (?:could|can|would) you (?:say|repeat|explain) (?:that|it|this)? /
    (?:too|so) (?:complicated|confusing|fast for me) / over my head / no idea what (?:you|that|this|it) /
    (?:none|nothing) of (?:that|this) makes sense / ^(?:what|huh|eh|sorry|pardon|excuse me)$ /
    (?!(?:know|guess|so|now|say|you|or|and|but|then|oh|well|matter|just|yes|no|like) )\w+ what(?: now| though| then)?$ /
    what's an? \w+(?: \w+)?$ / that makes no sense / wait what /
    i thought (?:you|we) (?:said|had|were|was|needed|meant|could|have) / i thought (?:it|that|the \w+|they) (?:was|were|is|are|had|has|did|went|came|goes|opens?|opened|closes?|closed|starts?|leaves|left) (?:\w+ )?{_WHEN_OR_HOW} /
    how (?:do|does) (?:that|this) (?:work|go) again /
    which one (?:do you|did you) mean / still don't (?:see|know) / it doesn't fit / i don't see it /
    (?:that|this) can't be (?:right|it) / how you say
    """
)
_UNDERSTOOD = any_of(
    r"""
    i see(?! (?:nothing|none|no|a|an|the|my|him|her|them|you|your|it)) / got it / it just means / so it's / oh it / makes sense /
    i understand(?! (?:nothing|none|little|hardly|very little|not)) / i get it / understood / that's clear / exactly / that's what i mean(?:t)? / yes right /
    ah (?:okay|ok|right|yes|now) / oh (?:okay|ok|right|now i) / ^(?:oh |ah |yes )?(?:of course|perfect)(?: thanks| thank you)?$ / now i (?:get|see|know) / that helps /
    perfect$ / of course$ / right okay / okay thanks / ok thanks / found it / never ?mind
    """
)


def not_understood(text: str) -> str:
    """Return the words by which the text says that its speaker does not follow; empty where it does not."""
    found = _NOT_UNDERSTOOD.search(plain(text))
    return found[0].strip() if found else ""


def understood(text: str) -> bool:
    """Whether the text acknowledges."""
    return bool(_UNDERSTOOD.search(plain(text))) and not not_understood(text)
