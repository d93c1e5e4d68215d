"""What people say in a conversation, as tellings: "I put my phone on the shelf" said by Anna to Ben.

Several sentences are read one by one; "I" is the speaker, "you" the listener. A report of the speaker's own act is taken as first-hand.
Who says that a thing is being looked for, or asks where it is, looks for it. Never raises; what is not understood is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cognitive.mind import events as e
from cognitive.mind.language import words as w
from cognitive.mind.language.discourse import Discourse
from cognitive.mind.language.questions import Query, parse_question
from cognitive.mind.language.statements import fact_of, parse_statement
from cognitive.mind.names import normal

UTTERANCE_CHARS = 1_000
SENTENCES_MAX = 8

_MISSES = re.compile(
    r"\bi (?:can ?not|can't|cannot|could not|couldn't) (?:find|see) (?P<a>[^,.;!?]{1,60})"
    r"|\bi(?:'ve| have)? (?:just )?lost (?P<b>[^,.;!?]{1,60})"
)
_LEAD = re.compile(
    r"^(?:(?:right|well|ok|okay|so|oh|ah|aha|now|hey|um|uh|er|erm|hmm|hm|mm|yeah|yep|yes|sorry|thanks|please|sure|great|good|fine|god|"
    r"wait|anyway|alright|but|and|because|honestly|listen|look|no|nope|hello|hi|hiya|mornin|morning|evening)\b(?:\s*[,!.:;\u2014-]+)\s*"
    r"|(?:ok|okay|so|oh|ah|now|hey|um|uh|er|erm|hmm|hm|mm|yeah|yep|well|but|and|because)\s+)+",
    re.IGNORECASE,
)
"""What leads in a sentence in speech and is no part of its subject."""


_BEFORE = re.compile(
    r"^(?:one thing that may help|just so you know|(?:please )?(?:do not|don't) forget|remember|a (?:small )?hint|by the way|wait a moment|"
    r"as you (?:may |might |surely )?(?:remember|know)|you know this,? but it is easily overlooked|you may remember|if it helps|"
    r"before you go|one moment)[,:]\s*",
    re.IGNORECASE,
)
"""What is said before a statement to say why it is made."""


def sentences(text: str) -> list[str]:
    """Return the sentences of what was said; at most eight, of at most 1000 characters."""
    return w.split_sentences(text[:UTTERANCE_CHARS])[:SENTENCES_MAX]


def parse_utterance(
    text: str, speaker: str, listener: str = "", *, hearers: Iterable[str] = (), discourse: Discourse | None = None
) -> tuple[e.Event, ...]:
    """Return what an utterance tells, as events; empty where nothing of it is understood.

    Args:
        text: the words.
        speaker: who says them.
        listener: to whom; "you".
        hearers: who hears it; none: everybody in the speaker's place (see `Tells`).
        discourse: what was spoken of before; it is updated.
    """
    talk = discourse if discourse is not None else Discourse()
    talk.speaker, talk.listener = normal(speaker), normal(listener)
    heard = tuple(normal(who) for who in hearers)
    found: list[e.Event] = []
    for spoken in sentences(text):
        sentence = _BEFORE.sub("", _LEAD.sub("", spoken))
        if sentence.endswith("?"):
            query = parse_question(sentence, talk)
            if query is not None and query.kind == "reality" and query.attribute == e.PLACE:
                found.append(e.Searches(talk.speaker, query.subject))
            continue
        if (missed := _MISSES.search(sentence.casefold())) is not None:
            thing = talk.what(w.name(w.tokens(missed["a"] or missed["b"])))
            if thing:
                talk.mentions(thing)
                found.append(e.Searches(talk.speaker, thing))
            continue
        for event in parse_statement(sentence, talk) or ():
            told = _told(event, talk.speaker, heard)
            if told is not None:
                found.append(told)
    return tuple(found)


def _told(event: e.Event, speaker: str, hearers: tuple[str, ...]) -> e.Event | None:
    """Return the event of saying so."""
    if isinstance(event, e.Searches) and event.person == speaker:
        return event
    if isinstance(event, e.Thinks) and event.person != speaker:
        return None  # what a third person thinks is no fact of the world
    fact = fact_of(event)
    if fact is None or not fact.value:
        return None
    own = isinstance(event, e.Moves | e.Takes) and event.person == speaker
    return e.Tells(speaker, fact, hearers, own_act=own)


def parse_question_of(text: str, speaker: str, listener: str = "") -> Query | None:
    """Return what somebody asks, with "I", "my" and "you" resolved."""
    return parse_question(text, Discourse(speaker=speaker, listener=listener))
