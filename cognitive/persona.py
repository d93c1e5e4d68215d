"""The persona: who the agent is and the sentences of its own initiative, from `launch/personas/NAME.yaml`.

A persona file has `name`, `topics`, `sentences`, and optionally `role`, `style`, `traits`, `situations`, `boundaries`, `refusals`
(docs/personas.md). Every key that `cognitive.acts` needs must have at least one sentence, but for those with a sentence of their own
(`DEFAULT_SENTENCES`); texts may hold the slots `{name}` (the agent's own) and `{topic}`. Mistakes are one `AttuneError` naming file,
field and mend. Read once at start, in the caller's thread.
"""

from __future__ import annotations

import difflib
import string
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec
from msgspec import Meta, Struct, field

from cognitive.acts import ACTS, DEFAULT_SENTENCES, SENTENCE_KEYS
from runtime.errors import AttuneError
from runtime.launch_files import find_launch_file, read_yaml
from runtime.safety.refusals import Boundaries, parse_limits
from runtime.safety.settings import TopicName

SLOTS = ("name", "topic")

Short = Annotated[str, Meta(min_length=1, max_length=80)]
Sentence = Annotated[str, Meta(min_length=1, max_length=300)]


class Style(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the agent carries itself: `expressiveness` scales strength of gestures and expressions, 0 to 1."""

    expressiveness: Annotated[float, Meta(ge=0, le=1)] = 0.8


Trait = Annotated[float, Meta(ge=0, le=1)]
TraitName = Literal["extraversion", "agreeableness", "conscientiousness", "neuroticism", "openness"]


class Traits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The Big Five, each 0 (low) to 1 (high); 0.5 changes nothing (`cognitive.traits` says what each changes)."""

    extraversion: Trait = 0.5
    agreeableness: Trait = 0.5
    conscientiousness: Trait = 0.5
    neuroticism: Trait = 0.5
    openness: Trait = 0.5

    def in_words(self) -> str:
        """Return what stands out, in words for a language model; empty for nothing."""
        return ", ".join(
            words[value > 0.5]
            for name, words in TRAIT_WORDS.items()
            if abs((value := getattr(self, name)) - 0.5) >= 0.15
        )


TRAIT_WORDS: dict[str, tuple[str, str]] = {
    "extraversion": ("reserved and quiet", "outgoing and lively"),
    "agreeableness": ("frank rather than soothing", "warm and considerate"),
    "conscientiousness": ("easy-going", "careful and reliable"),
    "neuroticism": ("calm and unshakeable", "cautious and restrained"),
    "openness": ("down to earth", "curious and imaginative"),
}
"""Each trait when low and when high."""


class Activation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a situation brings out (`cognitive.manner`).

    Attributes:
        manner: how the agent carries itself in it, in a sentence or two.
        traits: the traits that the situation activates; a language model is told them in words.
        expressiveness: factor on the strength of gestures and expressions.
        refrain: acts that are out of place.
    """

    manner: Annotated[str, Meta(min_length=1, max_length=400)]
    traits: dict[TraitName, Trait] = {}
    expressiveness: Annotated[float, Meta(ge=0, le=1.5)] = 1.0
    refrain: Annotated[tuple[Short, ...], Meta(max_length=32)] = ()


SituationName = Literal["emergency", "grief", "conflict", "child", "confusion", "joy", "first_meeting"]


class Persona(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who the agent is."""

    name: Short
    role: Annotated[str, Meta(max_length=500)] = ""
    style: Style = field(default_factory=Style)
    traits: Traits = field(default_factory=Traits)
    situations: dict[SituationName, Activation] = {}
    boundaries: Boundaries = field(default_factory=Boundaries)
    refusals: dict[str, tuple[Sentence, ...]] = {}
    topics: Annotated[list[Short], Meta(min_length=1, max_length=64)]
    sentences: dict[str, Annotated[list[Sentence], Meta(min_length=1, max_length=32)]]

    def described(self) -> str:
        """Return who the agent is and what it keeps out of, in words for a language model."""
        traits = self.traits.in_words()
        parts = [self.role, f"{self.name} is {traits}." if traits else ""]
        if self.boundaries.topics:
            parts.append(f"It does not talk about {', '.join(self.boundaries.topics)}.")
        parts.append(
            "It never claims to be human, to be a doctor or the like, or to have feelings, and touches nobody."
        )
        return " ".join(part for part in parts if part)


def load_persona(name_or_path: str) -> Persona:
    """Return the persona of a name in `launch/personas/` or of a path.

    Raises:
        AttuneError: naming the file, the field and the mend.
    """
    path = find_launch_file("personas", name_or_path)
    return parse_persona(read_yaml(path), str(path))


def _explained(data: dict[str, Any], error: msgspec.ValidationError, where: str) -> AttuneError:
    """Return the error with the key of the entry at fault, which msgspec does not name in a mapping, and with the names that are known."""
    message, _, place = str(error).partition(" - at ")
    place = place.strip("`$.")
    named, entry, _ = place.partition("[...]")
    if place.startswith("key` in `$.situations"):
        return AttuneError(f"{where}: situations: {_lower(message)}", f"known: {', '.join(get_args(SituationName))}")
    if entry and isinstance(data.get(named), dict):
        kind = get_type_hints(Persona, include_extras=True)[named]
        for key, value in data[named].items():
            try:
                msgspec.convert({key: value}, kind)
            except msgspec.ValidationError as one:
                message, _, inner = str(one).partition(" - at ")
                place = f"{named}.{key}{inner.strip('`$').partition('[...]')[2]}"
                break
    known = f"known: {', '.join(get_args(TopicName))}" if place.startswith("boundaries.topics[") else ""
    return AttuneError(
        f"{where}: {place or 'the persona'}: {_lower(message)}", known or "see launch/personas/default.yaml"
    )


def _lower(message: str) -> str:
    return f"{message[:1].lower()}{message[1:]}"


def parse_persona(data: object, where: str) -> Persona:
    """Return the persona in plain data; `where` is what errors call it.

    Raises:
        AttuneError: as `load_persona`.
    """
    if not isinstance(data, dict):
        raise AttuneError(f"{where}: a persona is a mapping", "see launch/personas/default.yaml")
    try:
        persona = msgspec.convert(data, Persona)
    except msgspec.ValidationError as error:
        raise _explained(data, error, where) from None
    for key, sentences in persona.sentences.items():
        if key not in SENTENCE_KEYS:
            near = difflib.get_close_matches(key, SENTENCE_KEYS, n=1)
            mend = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(SENTENCE_KEYS)}"
            raise AttuneError(f"{where}: sentences: unknown key '{key[:60]}'", mend)
        for index, sentence in enumerate(sentences):
            _check_slots(sentence, f"{where}: sentences.{key}[{index}]")
    for situation, activation in persona.situations.items():
        unknown = [act for act in activation.refrain if act not in ACTS]
        if unknown:
            near = difflib.get_close_matches(unknown[0], ACTS, n=1)
            mend = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(ACTS)}"
            raise AttuneError(f"{where}: situations.{situation}.refrain: unknown act '{unknown[0]}'", mend)
    parse_limits({"boundaries": {}, "refusals": persona.refusals}, where)
    given = {key: list(texts) for key, texts in DEFAULT_SENTENCES.items() if key not in persona.sentences}
    persona = msgspec.structs.replace(persona, sentences={**persona.sentences, **given})
    missing = [key for key in SENTENCE_KEYS if key not in persona.sentences]
    if missing:
        raise AttuneError(f"{where}: sentences: '{missing[0]}' is missing", "give it at least one sentence")
    return persona


def _check_slots(sentence: str, where: str) -> None:
    try:
        parts = list(string.Formatter().parse(sentence))
    except ValueError as error:
        raise AttuneError(f"{where}: {error}", "write {{ and }} for braces that are meant") from None
    for _, slot, form, conversion in parts:
        if slot is not None and (slot not in SLOTS or form or conversion):
            known = ", ".join(f"{{{name}}}" for name in SLOTS)
            raise AttuneError(f"{where}: unknown slot '{{{slot[:40]}}}'", f"known slots: {known}")
