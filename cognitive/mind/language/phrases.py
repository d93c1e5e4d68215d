"""Parts of sentences: what leads in, the verb, the subject, how it is done, a thing and where it is put."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from cognitive.mind import events as e
from cognitive.mind.events import Relation
from cognitive.mind.language import words as w
from cognitive.mind.names import is_room


class Manner(Struct, frozen=True):
    """How something is done."""

    secretly: bool = False
    privately: bool = False


def without_lead(tokens: list[str]) -> list[str]:
    """Return the sentence without "While Sally is away," and the like."""
    if tokens and tokens[0] in w.LEADS and "," in tokens[:20]:
        comma = tokens.index(",")
        head = tokens[1:comma]
        # "Anna, Ben and Carl entered" starts with no such word; "In the box, there are pencils" is kept whole.
        if tokens[0] not in {"the", "a", "one"} or not any(word in w.VERBS for word in head):
            rest = tokens[comma + 1 :]
            if rest and rest[0] not in {"there"}:
                return rest
    return tokens


def manner(tokens: list[str]) -> tuple[list[str], Manner]:
    """Return the sentence without adverbs and without what is said about the time, and what the adverbs mean."""
    secretly = privately = False
    kept: list[str] = []
    depth = 0
    tokens = _without_relative(tokens)
    for i, word in enumerate(tokens):
        if word in w.SECRET:
            secretly = True
        elif word in w.PRIVATE:
            privately = True
        elif word in w.FILLERS or word in w.PUBLIC:
            continue
        elif word == "without" and {"noticing", "seeing", "knowing", "looking", "notice", "anyone"} & set(tokens[i:]):
            secretly = True
            break
        elif word in w.CUTS and depth >= 2:
            break
        else:
            kept.append(word)
            depth += 1
    while kept and kept[0] in {",", "and", "so", "but"}:
        kept.pop(0)
    while kept and kept[-1] in {",", "and", ":", ";"}:
        kept.pop()
    return kept, Manner(secretly, privately)


def _without_relative(tokens: list[str]) -> list[str]:
    """Return the sentence without ", who was alone,"."""
    for i, pair in enumerate(pairwise(tokens)):
        if i and pair[0] == "," and pair[1] in {"who", "which"} and "," in tokens[i + 2 :]:
            return [*tokens[:i], *tokens[tokens.index(",", i + 2) + 1 :]]
    return tokens


def verbs(tokens: list[str]) -> Iterator[tuple[int, str]]:
    """Yield where a verb of action may stand, and of which kind it is, from the left; many a noun looks like one (a watch, a phone)."""
    copula = False
    for i, word in enumerate(tokens):
        copula = copula or word in w.COPULAS
        if i == 0 or word not in w.VERBS:
            continue
        before = tokens[i - 1]
        if (
            before in w.ARTICLES
            or before in w.OWNERS
            or before in w.RELATIONS
            or before.endswith("'s")
            or before == "of"
        ):
            continue
        if tokens[i + 1 : i + 2] and tokens[i + 1] in w.COPULAS:
            continue  # the file is in the drawer
        if copula and not word.endswith("ing"):
            continue  # passive, or a noun behind "is": read as a state
        yield i, w.VERBS[word]


def subject_words(subject: list[str]) -> list[str]:
    """Return the subject without auxiliaries."""
    return [word for word in subject if word not in w.AUXILIARIES]


def conjunct(rest: list[str]) -> tuple[list[str], list[str]]:
    """Return what follows the verb in two parts, where "and" is followed by another verb: "takes it | puts it in the box"."""
    for i, word in enumerate(rest[:-1]):
        if word == "and":
            following = rest[i + 1]
            if following in w.VERBS or (following in w.AUXILIARIES and i + 2 < len(rest)):
                return rest[:i], rest[i + 1 :]
    return rest, []


def put_phrase(rest: list[str], *, first_only: bool = False) -> tuple[str, str, Relation | None]:
    """Return the thing, the spot and how the thing is there, of "the keys from the bag into the drawer".

    The last preposition of place counts ("the cup on the table into the box"), or the first one where `first_only`.
    """
    words = [word for i, word in enumerate(rest) if word not in w.PARTICLES or _leads_on(rest, i)]
    thing, phrase = w.split_at(words, {**w.RELATIONS, **dict.fromkeys(w.SOURCES, "in")})
    spot: list[str] = []
    relation: Relation | None = None
    current: list[str] | None = None
    for i, word in enumerate(phrase):
        if word == "next" or (word == "of" and current is None):
            continue
        if word in w.SOURCES:
            current = None
        elif word in w.RELATIONS:
            if current is not None and not current and relation is not None:
                relation = w.RELATIONS[word] if relation == "in" else relation  # "in under", "back in to"
                continue
            if first_only and spot:
                break
            if i and phrase[i - 1] in w.SOURCES:
                current = None  # "from under the bed"
                continue
            if (
                spot
                and word in {"in", "at"}
                and is_room(phrase[-1])
                and not set(phrase[i + 1 :]) & {*w.RELATIONS, *w.SOURCES}
            ):
                break  # on the table in the kitchen
            current, relation = [], w.RELATIONS[word]
            spot = current
        elif current is not None:
            current.append(word)
    if "," in spot:
        spot = spot[: spot.index(",")]
    spot = w.without_time(spot)
    if spot and relation == "in" and spot[-1] in w.SURFACES and phrase[0] not in {"in", "into", "inside"}:
        relation = "on"  # moved to the table
    return w.name(thing), w.name(spot), relation if spot else None


def without_purpose(rest: list[str]) -> list[str]:
    """Return what follows the verb without what it is done for: "the phone on the sill to charge"."""
    for i, word in enumerate(rest):
        bare = rest[i + 1 : i + 2]
        placed = any(before in w.RELATIONS and before != "to" for before in rest[:i])
        if word == "to" and placed and bare and bare[0] not in w.ARTICLES and bare[0] not in w.OWNERS:
            return rest[:i]
    return rest


def _leads_on(rest: list[str], i: int) -> bool:
    """Return whether a particle is a preposition here: "over the chair", but "over there"."""
    following = rest[i + 1 : i + 2]
    return bool(following) and rest[i] in w.RELATIONS and (following[0] in w.ARTICLES or following[0] in w.OWNERS)


def inside(rest: list[str]) -> list[str]:
    """Return what is inside, of "pencils inside"; empty where it is not said so."""
    if len(rest) > 1 and rest[-1] in {"inside", "within"}:
        return rest[:-1]
    if len(rest) > 2 and rest[-1] == "it" and rest[-2] in {"in", "inside"}:
        return rest[:-2]
    if len(rest) > 1 and rest[0] == "that" and "contains" in rest:
        return rest[rest.index("contains") + 1 :]
    return []


def labelled(tokens: list[str]) -> e.Labelled | None:
    """Return the label of a container: "the box is labelled sweets", "the label on the box says sweets"."""
    for mark in ("labelled", "labeled", "marked"):
        if mark in tokens[1:]:
            at = tokens.index(mark)
            container = w.name([word for word in tokens[:at] if word not in w.AUXILIARIES and word != "there"])
            label = w.name([word for word in tokens[at + 1 :] if word not in {"as", '"', "with"}])
            return e.Labelled(container, label) if container and label else None
    if "label" in tokens[:3] and len(tokens) > 4:
        for verb in ("says", "say", "reads", "said", "read"):
            if verb in tokens:
                at = tokens.index(verb)
                container = w.name([word for word in tokens[:at] if word not in {"label", "on", "of", "the"}])
                label = w.name([word for word in tokens[at + 1 :] if word != '"'])
                return e.Labelled(container, label) if container and label else None
    if "looks" in tokens and "like" in tokens[tokens.index("looks") :][:2] and "full" in tokens:
        at = tokens.index("full")
        container, label = w.name(tokens[: tokens.index("looks")]), w.name([x for x in tokens[at + 1 :] if x != "of"])
        return e.Labelled(container, label) if container and label else None
    return None
