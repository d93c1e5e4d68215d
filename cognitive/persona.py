"""The persona: who the agent is and the sentences of its own initiative, from `launch/personas/NAME.yaml`.

A persona file has `name`, and optionally `role`, `style`, `topics`, `sentences`. Every key that `cognitive.acts` needs must have at
least one sentence; texts may hold the slots `{name}` (the agent's own) and `{topic}`. Mistakes are one `AttuneError` naming file, field
and mend. Read once at start, in the caller's thread.
"""

from __future__ import annotations

import difflib
import string
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from cognitive.acts import SENTENCE_KEYS
from runtime.errors import AttuneError
from runtime.launch_files import find_launch_file, read_yaml

SLOTS = ("name", "topic")

Short = Annotated[str, Meta(min_length=1, max_length=80)]
Sentence = Annotated[str, Meta(min_length=1, max_length=300)]


class Style(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the agent carries itself: `expressiveness` scales strength of gestures and expressions, 0 to 1."""

    expressiveness: Annotated[float, Meta(ge=0, le=1)] = 0.8


class Persona(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who the agent is."""

    name: Short
    role: Annotated[str, Meta(max_length=500)] = ""
    style: Style = field(default_factory=Style)
    topics: Annotated[list[Short], Meta(min_length=1, max_length=64)]
    sentences: dict[str, Annotated[list[Sentence], Meta(min_length=1, max_length=32)]]


def load_persona(name_or_path: str) -> Persona:
    """Return the persona of a name in `launch/personas/` or of a path.

    Raises:
        AttuneError: naming the file, the field and the mend.
    """
    path = find_launch_file("personas", name_or_path)
    return parse_persona(read_yaml(path), str(path))


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
        message, _, place = str(error).partition(" - at ")
        raise AttuneError(
            f"{where}: {place.strip('`$.') or 'the persona'}: {message[:1].lower()}{message[1:]}",
            "see launch/personas/default.yaml",
        ) from None
    for key, sentences in persona.sentences.items():
        if key not in SENTENCE_KEYS:
            near = difflib.get_close_matches(key, SENTENCE_KEYS, n=1)
            mend = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(SENTENCE_KEYS)}"
            raise AttuneError(f"{where}: sentences: unknown key '{key[:60]}'", mend)
        for index, sentence in enumerate(sentences):
            _check_slots(sentence, f"{where}: sentences.{key}[{index}]")
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
