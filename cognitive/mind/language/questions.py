"""Questions about where things are and what people believe, of any order: "Where does Anne think that Sally looks for the ball?".

`parse_question` gives a `Query`, or None for what is not understood. Linear in the question, never raises.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from cognitive.mind.events import CONTENT, PLACE
from cognitive.mind.language import words as w
from cognitive.mind.language.discourse import Discourse
from cognitive.mind.language.statements import fact_of_clause

Kind = Literal["belief", "reality", "memory", "knows", "believes", "why"]

_AUX = frozenset(
    {
        "will",
        "would",
        "does",
        "do",
        "did",
        "is",
        "are",
        "was",
        "were",
        "should",
        "could",
        "might",
        "can",
        "has",
        "have",
        "going",
        "to",
    }
)
_BEGINNING = frozenset({"beginning", "start", "initially", "originally", "first", "before", "outset"})
_NOISE = frozenset(
    """really actually now currently truly first still right exactly probably most likely then next again currently when how come back
    located hidden kept placed put lying""".split()
)
_ASK = frozenset({*w.THINK, "say", "says", "said", "claim", "claims"})
_SEEK = frozenset({*w.SEARCH, *w.LOOK, "find", "finds", "try", "tries", "get", "gets", "reach", "reaches", "expects"})
_MAX_CHAIN = 8


class Query(Struct, frozen=True):
    """One question.

    Attributes:
        kind: belief (where/what does the chain believe), reality (how is it), memory (how was it at the beginning), knows (is the chain
            right about it), believes (does the chain believe this value), why (why does it).
        subject: thing, person or container.
        chain: whose belief, outermost first; empty for reality and memory.
        attribute: "place", "content", or another.
        value: what is asked of `believes` and `why`; may be "".
    """

    kind: Kind
    subject: str
    chain: tuple[str, ...] = ()
    attribute: str = PLACE
    value: str = ""


def parse_question(text: str, discourse: Discourse | None = None) -> Query | None:
    """Return what is asked; None where it is not understood. `discourse` resolves pronouns and is not changed."""
    talk = discourse if discourse is not None else Discourse()
    tokens = [word for word in w.tokens(text.replace("?", " ")) if word not in {",", '"', ":"}]
    for i, word in enumerate(tokens[:8]):
        if word in {"where", "what", "why"} or (word in {"does", "do", "did"} and i < 3):
            tokens = tokens[i:]
            break
        if word in {"which"} and i < 3:
            tokens = ["where", *_after_auxiliary(tokens[i + 1 :])]  # in which container will
            break
    if len(tokens) < 3:
        return None
    if tokens[0] == "where":
        return _where(tokens[1:], talk)
    if tokens[0] == "what":
        return _what(tokens[1:], talk)
    if tokens[0] == "why" and tokens[1] in _AUX:
        return _whether(tokens[2:], talk, "why")
    if tokens[0] in {"does", "do", "did"}:
        return _whether(tokens[1:], talk, "believes")
    return None


def _after_auxiliary(tokens: list[str]) -> list[str]:
    for i, word in enumerate(tokens):
        if word in _AUX:
            return tokens[i:]
    return tokens


def _where(tokens: list[str], talk: Discourse) -> Query | None:
    """Return what "where ..." asks."""
    auxiliary = tokens[0]
    if auxiliary not in _AUX:
        return None
    body = tokens[1:]
    chain = _chain(body, talk)
    if chain is not None:
        people, thing = chain
        return Query("belief", thing, people) if thing else None
    if auxiliary in w.COPULAS:
        memory = auxiliary in {"was", "were"} and bool(_BEGINNING & set(body))
        thing = _thing(_before_time(body), talk)
        return Query("memory" if memory else "reality", thing) if thing else None
    return None


def _before_time(body: list[str]) -> list[str]:
    """Return a name without "at the beginning", "before Anne moved it"."""
    for i, word in enumerate(body):
        if i and (word in _BEGINNING or (word in {"at", "in"} and _BEGINNING & set(body[i:]))):
            return body[:i]
    return body


def _chain(body: list[str], talk: Discourse) -> tuple[tuple[str, ...], str] | None:
    """Return whose belief is asked and about which thing, of "Anne think that Sally looks for the ball"; None where nobody's is."""
    people: list[str] = []
    rest = body
    while len(people) < _MAX_CHAIN:
        at = next(
            (
                i
                for i, word in enumerate(rest)
                if i and (word in _ASK or word in _SEEK) and rest[i - 1] not in w.ARTICLES
            ),
            None,
        )
        if at is None:
            break
        person = w.name([word for word in rest[:at] if word not in _AUX and word not in _NOISE])
        whom = talk.who(person) if person else ()
        if not whom and person != "you":  # "do you think" asks the answerer
            return None
        people.extend(whom[:1])
        if rest[at] in _SEEK and rest[at] not in _ASK:
            before, target = w.split_at(rest[at + 1 :], frozenset({"for"}))
            thing = _thing(target[1:] if target else before, talk)
            return tuple(people), thing
        rest = rest[at + 1 :]
        while rest and rest[0] in {"that", "about"}:
            rest = rest[1:]
        if len(rest) > 2 and rest[0] == "to" and rest[1] in _SEEK:
            return tuple(people), _thing(rest[2:], talk)  # expects to find the ball
    if not people:
        return None
    return tuple(people), _thing(rest, talk)


def _thing(words: list[str], talk: Discourse) -> str:
    """Return the thing of "the ball is really"."""
    kept = []
    for i, word in enumerate(words):
        if i and word in {"when", "after", "if", "in", "on", "at", "once", "before", "while", "and"}:
            break
        if word not in w.COPULAS and word not in _NOISE and word not in {"to", "be", "been", "will", "would"}:
            kept.append(word)
    return talk.what(w.name(kept))


def _what(tokens: list[str], talk: Discourse) -> Query | None:
    """Return what "what is in the box" and "what does Anne think is in the box" ask."""
    mark = next((i for i, word in enumerate(tokens) if word in {"in", "inside", "contains", "contain", "holds"}), None)
    if mark is None:
        return None
    if tokens[mark] in {"contains", "contain", "holds"}:
        head, container_words = tokens[:mark], []
        for i in range(len(head) - 1, -1, -1):
            if head[i] in w.ARTICLES or head[i] in {"think", "thinks", "believe", "believes", "that", "does"}:
                container_words, head = head[i + 1 :] if head[i] not in w.ARTICLES else head[i:], head[:i]
                if head and head[-1] == "that":
                    head = head[:-1]
                break
        head = tokens[: len(head)] if head else tokens[:0]
        if tokens[len(head) : len(head) + 1] and tokens[len(head)] in _ASK:
            head = tokens[: len(head) + 1]
    else:
        head, container_words = tokens[:mark], tokens[mark + 1 :]
    container = _thing([word for word in container_words if word not in {"contains"}], talk)
    if not container:
        return None
    asked = [word for word in head if word not in w.COPULAS and word not in {"there", "be"}]
    chain = (
        _chain([*(asked[1:] if asked and asked[0] in _AUX else asked), "it"], talk)
        if any(x in _ASK for x in asked)
        else None
    )
    if chain is not None:
        return Query("belief", container, chain[0], CONTENT)
    memory = bool(_BEGINNING & set(tokens)) and bool({"was", "were"} & set(head))
    return Query("memory" if memory else "reality", container, (), CONTENT)


def _whether(tokens: list[str], talk: Discourse, kind: Kind) -> Query | None:
    """Return what "does Ben know where the keys are", "does Ben think that ..." and "why does Ben think that ..." ask."""
    people: list[str] = []
    rest = tokens
    knows = False
    while len(people) < _MAX_CHAIN:
        at = next((i for i, word in enumerate(rest) if i and word in _ASK), None)
        if at is None:
            break
        whom = talk.who(w.name([word for word in rest[:at] if word not in _AUX and word not in _NOISE]))
        if not whom:
            return None
        people.append(whom[0])
        knows = rest[at] in {"know", "knows", "knew"}
        rest = rest[at + 1 :]
        if rest[:1] == ["that"]:
            rest = rest[1:]
    if not people:
        sought = _chain(rest, talk) if kind == "why" else None
        return Query("why", sought[1], sought[0]) if sought is not None and sought[1] else None
    if rest[:1] == ["where"]:
        thing = _thing(rest[1:], talk)
        return Query("knows" if kind == "believes" else kind, thing, tuple(people)) if thing else None
    if rest[:1] == ["what"]:
        _, target = w.split_at(rest, frozenset({"in", "inside"}))
        container = _thing(target[1:], talk)
        return Query("knows" if kind == "believes" else kind, container, tuple(people), CONTENT) if container else None
    fact = fact_of_clause(list(rest), Discourse(talk.people, speaker=talk.speaker, listener=talk.listener))
    if fact is None:
        return None
    return Query(
        "knows" if knows and kind == "believes" else kind, fact.subject, tuple(people), fact.attribute, fact.value
    )
