"""Who does not want something told: a surprise, a hunt, somebody who would rather find it alone. And who leaves a thing on purpose.

Pure functions of text (English formulas). What was asked for in confidence is kept for a while, whoever it concerns.
"""

from __future__ import annotations

import re

from cognitive.formulas import any_of, plain

_KEEPS = any_of(
    r"""
    not a word / no (?:hints?|telling|clues?|spoilers?|helping|peeking) / mum's the word / between you and me /
    promise not to /
    don't (?:you )?(?:tell|say|give|spoil|reveal|help|let on|breathe) / you mustn't (?:tell|say) / say nothing / hush hush /
    (?:tell|say) (?:nobody|no one|nothing) / (?:our|my) (?:little )?secret /
    keep (?:it|this|that) (?:a |as a )?(?:secret|surprise) /
    (?:it's|it is|is|be) (?:a |meant to be a |supposed to be a )?(?:secret|surprise) / birthday surprise / surprise for /
    keep (?:it|this|that) (?:to yourself|to myself|quiet|under your hat|between us) / hide and seek / hot and cold /
    (?:treasure|egg|scavenger) hunt /
    (?:i'd|i would|want|wants|like|let) (?:\w+ ){0,2}(?:rather )?(?:to )?(?:bump into|come upon) /
    (?:i'd|i would|want|wants|like|let) (?:\w+ ){0,2}(?:rather )?(?:to )?(?:find|discover|work|figure|do) (?:\w+
    ){0,3}(?:alone|out) /
    (?:find|discover|do) (?:\w+ ){0,3}(?:myself|himself|herself|themselves) /
    (?:nobody|no one|he|she|they|\w+) (?:must|should|may|can|is to) (?:not|never) (?:know|find out|see|hear) (?:\w+
    )?(?:it|this|that|about|of|where) /
    (?:nobody|no one) (?:must|should|may|can|is to) (?:know|find out|see) /
    (?:mustn't|shouldn't|isn't supposed to) (?:know|find out|see it) /
    don't let (?:\w+ ){1,3}(?:know|find out|find it|see it) / behind (?:his|her|their|\w+'s) back /
    (?:strictly |just )?between us
    """
)
_CONFIDES = any_of(
    r"""
    not a word / mum's the word / between you and me / between us / promise not to (?:tell|say) /
    keep (?:it|this|that) (?:a |as a )?(?:secret|surprise) /
    (?:don't|mustn't|must not|do not|never) (?:you )?(?:dare )?(?:tell|show|let on|breathe)(?! (?:it |this |that |to
    )*(?:me|us)\b) /
    don't say (?:a word|anything|it|where) / say nothing / (?:tell|say) (?:nobody|no one|nothing) /
    (?:our|my) (?:little )?secret /
    (?:it's|it is|this is|that's|as|is|be) (?:a |meant to be a |supposed to be a |meant as a )?(?:secret|surprise) /
    birthday surprise / surprise for /
    keep (?:it|this|that) (?:to yourself|quiet|under your hat|between us) /
    don't let (?:\w+ ){1,3}(?:know|find out|find it|see it) /
    (?:nobody|no one) (?:must|should|may|can|is to) (?:know|find out|see) /
    (?:mustn't|shouldn't|must not|should not) (?:know|find out|see it)
    """
)
"""In confidence, as against a wish to find something alone."""
_RELEASES = any_of(
    r"""
    you (?:can|may) (?:now )?tell (?:him|her|them|everyone|everybody|us|it|\w+ (?:now|about|where)) / now tell /
    the secret is out / it's no secret (?:any more|anymore|now) /
    (?:it's|it is) no longer a secret / you needn't keep it (?:a )?secret
    """
)
_HIDES = any_of(
    r"""
    hides? / hid / hiding / hidden / conceals? / concealed / concealing / stash(?:es|ed)? / secretly / furtively /
    stealthily / covertly / unseen /
    unnoticed / on the sly / on the quiet / in secret / out of sight / (?:smuggles?|sneaks?|squirrels?|spirits?) /
    locks? (?:\w+ ){1,4}(?:away|up|in) /
    when (?:nobody|no one) (?:looks|watches|is looking|is watching|sees) / behind (?:his|her|their|\w+'s) back /
    without (?:anyone|anybody|\w+|him|her|them) (?:noticing|seeing|knowing|looking) /
    so that (?:\w+ ){1,3}(?:cannot|can't|does not|doesn't|won't) (?:find|see) /
    (?:where|so that|so) (?:nobody|no one) (?:\w+ )?(?:finds?|sees?|looks?|knows?)
    """
)
"""How somebody does what is not to be known."""
_DENIES = re.compile(r"\b(?:never mind|you (?:can|may) tell|now tell|do tell|please tell|the secret is out)\b")
_ON_PURPOSE = any_of(
    r"""
    leave (?:it|them|this|that|these|my \w+|the \w+) (?:\w+ )?(?:here|there|with you|till|until|for|overnight|on the|in
    the|at the) /
    (?:stays?|stay|staying|keep|keeps) (?:\w+ )?(?:here|there) / on my way back / left (?:it|them) (?:here )?on purpose /
    (?:pick|collect|fetch|get|take) (?:it|them) (?:up )?(?:later|tomorrow|afterwards|on) / keep (?:it|them) for me /
    (?:it's|they're|that's|this is) for (?:you|her|him|them|the|my) / (?:this|these|that|those) (?:\w+ )?(?:is|are) for /
    for (?:the next|whoever|anyone) / can have (?:it|them) /
    (?:don't|won't) need (?:it|them|that|my)
    """
)
_BROUGHT = re.compile(
    r"\b(?:brought|i've got|i have got|i have|here's|here is|this is|came for|come for|collect|collecting|pick up|picking up|here for"
    r"|here about|only|ready|fix|mend|repair|is|are|forget|forgot)\s+(?:only |in |along )?my ((?:[\w']+ ){0,3}[\w']+)"
)


def silence(text: str) -> bool:
    """Return whether somebody asks that something be kept to oneself, or wants no telling."""
    said = plain(text)
    return _KEEPS.search(said) is not None and _DENIES.search(said) is None


def confides(text: str) -> bool:
    """Return whether somebody asks that others are not told of a thing."""
    said = plain(text)
    return _CONFIDES.search(said) is not None and _DENIES.search(said) is None


def releases(text: str) -> bool:
    """Return whether somebody says that what was a secret may be told."""
    said = plain(text)
    return _RELEASES.search(said) is not None and "don't" not in said.split() and "not" not in said.split()


def hides(text: str) -> bool:
    """Return whether a sentence tells of something that is done so that others do not know of it."""
    return _HIDES.search(plain(text)) is not None


def on_purpose(text: str) -> bool:
    """Return whether somebody says that things are to stay where they are."""
    return _ON_PURPOSE.search(plain(text)) is not None


def claimed(text: str) -> tuple[str, ...]:
    """Return what somebody calls their own and has come with or for: "gran's lamp", "blood pressure tablets"."""
    return tuple(match[1] for match in _BROUGHT.finditer(plain(text)))[:4]
