# ruff: noqa: E501 - one formula a line
"""Pretence: who says that what follows is play, how firmly, whom that covers, and what ends it.

Two degrees. *Declared*: a rehearsal, a role, a drill, a lesson, said in so many words; what those whom it covers then cry out is not their
own, not even words of despair. *Play*: a game is going on; cries for help belong to it, but despair is asked about all the same. An everyday
phrase that merely could come from a game (your turn, level two) is neither. Pure.
"""

from __future__ import annotations

from typing import Literal

from cognitive.formulas import any_of, plain

Pretence = Literal["", "play", "declared"]
"""How firmly something is said to be none of the speaker's own."""

_DECLARED = any_of(
    r"""
    rehearsing / (?:let's|let us|to|we|i'll|we'll|gonna|now|and|i) rehearse / (?:it's|it is|this is|that's|in|for|our|a|only|just) (?:a |our |only a |just a |dress )?rehearsal(?! (?:was|went|yesterday|last)) /
    (?:off|on) book(?= tonight| today| now|$) / (?:learn|learning|run|running|practise|practising|practice|practicing|going over|go over) (?:my|our|the|their|some) (?:\w+ )?(?:lines?|part|role|scenes?|speech) /
    (?:doing|practising|practicing|performing|acting) (?:the|our|my|a) (?:\w+ )?(?:play|sketch|scene) / (?:i'm|i am|we're|we are) (?:only |just )acting / act(?:ing)? (?:it|this|that) out /
    (?:it's|it is|this is|that's) (?:all )?(?:(?:only|just) (?:a|our)|part of (?:the|our|a)|(?:all )?in the) (?:play|drill|exercise|game|scene|script|show|rehearsal) /
    (?:let's|let us|we|just|only|and) pretend / pretend (?:that )?(?:i'm|i am|you're|you are|we're|we are|this|there) / (?:we're|we are|they're|only|just) pretending(?! (?:to be (?:fine|ok|okay|happy|normal|strong)|everything|that everything)) / make believe /
    role play\w* / improvising a / charades / (?:this is|it's|it is|only|just|having|doing|in) (?:a|the|our|only a|just a) (?:fire|safety|emergency|evacuation) drill /
    (?:for|doing|practising|practicing|this is) (?:the|a|our|my) first aid (?:course|class|training|exercise|exam) / (?:do|doing|practise|practising|practice|practicing) my (?:listening|speaking|pronunciation|shadowing|dialogues?) /
    never mind what (?:i|we) (?:shout|say|scream) / (?:ignore|don't mind|never mind) (?:the screaming|the shouting|everything you hear|what you hear|(?:what|whatever) (?:you hear|we shout|i shout)) /
    i(?:'m| am) the (?:\w+ )?(?:queen|king|murderer) / i(?:'m| am) playing (?:the (?!game|piano|guitar|violin|drums|flute|lottery)\w+(?: \w+)?|juliet|romeo|hamlet|ophelia|macbeth|lear)$
    """
)
_ROLES = r"(?:trains?|doctors?|pirates?|schools?|knights?|firemen|fire fighters|firefighters|hospital|dragons?|fire|shop|cops|robbers|zombies|cowboys|mummies|vampires|superheroes|monsters|shipwreck|castles?|princess(?:es)?|soldiers|tag|vets?)"
_PLAY = any_of(
    rf"""
    (?:practise|practising|practice|practicing|rehearse|run through|running through|try out|trying out) (?:my|our|the|a) (?:\w+ )?(?:toast|talk|lecture|sermon|eulogy|presentation|pitch|monologue|vows|speech) /
    ^(?:(?:good (?:evening|morning|afternoon)|dear) )?(?:ladies and gentlemen|dear (?:guests|friends and family|colleagues)|my lords|members of the jury) /
    hide and seek / no peeking / ready or not / (?<!it )you count(?= to| and| up| first| i|$) / roll for / hit points /
    (?:you're|you are|now you're) (?:it$|the (?:dragon|monster|baddie|wolf|patient|doctor|pirate|robber)) / you be the /
    i(?:'m| am) the (?:doctor|pirate|dragon|driver|monster|patient|wolf|knight|fireman|lifeguard|princess|prince|witch|ghost|baddie) / the dragon (?:breathes|roars|attacks|comes|wakes) /
    (?:let's|let us|we|we're|we are|i'm|i am|they|they're|today we|to) play(?:ing)? (?:at )?{_ROLES}(?: and \w+)? / playing (?:at )?{_ROLES} / (?:let's|we're|we are) play(?:ing)? (?:a|the|this|our) game
    """
)
_SERIOUS = any_of(
    r"""
    seriously / i(?:'m| am) serious / for real / this is real / it's real / (?:this is|it's|it is) really happening / i mean it / no joke / not (?:a|part of the) (?:joke|drill|game|play|rehearsal) /
    (?:not|isn't|is not) (?:joking|kidding|acting|playing|pretending|part of (?:it|the play|the game|the scene)) / stop (?:the (?:game|play|rehearsal|scene|drill|show)|playing|acting|pretending)
    """
)
_OVER = any_of(
    r"""
    (?:the |this |our )?(?:rehearsal|drill|game|play|exercise|lesson|scene)(?:'s| is| was)? (?:over|finished|done|off) / that's a wrap / game over /
    (?:stop|stopped|done|finished) (?:playing|rehearsing|pretending|acting) / no more (?:games|playing|pretending) / this is real
    """
)


def pretence_in(text: str) -> Pretence:
    """Return how firmly a text says that what follows is play."""
    said = plain(text)
    if _SERIOUS.search(said) or _OVER.search(said):
        return ""
    if _DECLARED.search(said):
        return "declared"
    return "play" if _PLAY.search(said) else ""


def is_serious(text: str) -> bool:
    """Whether a text says of itself that it is no play, whatever is being played."""
    return _SERIOUS.search(plain(text)) is not None


def ends_pretence(text: str) -> bool:
    """Whether a text says that the play is over."""
    return _OVER.search(plain(text)) is not None
