"""What is said instead of what must not be said, and what an agent keeps out of: the persona file's `refusals` and `boundaries`.

The fast loop reads the same file as the slow one (`read_limits`), so that both refuse in the same words. Read once at start, in the
caller's thread; the file has been checked as a whole by the slow loop, here only these two keys are looked at.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from runtime.errors import AttuneError
from runtime.launch_files import find_launch_file, read_yaml
from runtime.safety.settings import TopicName

SENTENCE = Annotated[str, Meta(min_length=1, max_length=300)]

KIND = "Let us talk about something else. Is there anything that I can do for you?"
REFUSALS: dict[str, str] = {
    "violence": "I do not want anybody to get hurt, so I would rather not go there. Shall we look for another way?",
    "self_harm": "I am really worried about you, and you do not have to carry this alone. "
    "Please talk to somebody you trust, or call a crisis line or the emergency number now.",
    "danger": "I do not want anybody to come to harm. Please keep away from it, and get somebody who can help.",
    "secrecy": "I keep no secrets from those who look after you. Please tell somebody you trust about it.",
    "sexual": "I would like to keep this friendly and respectful. Shall we talk about something else?",
    "insult": "That would not be kind of me. Let me put it another way, if you like.",
    "drugs": "I can not help with that. If it is about you, a doctor or an advice centre listens without judging.",
    "privacy": "I keep what people tell me to myself, and I would do the same for you.",
    "touch": "I would rather keep a little distance. I am glad to be here with you all the same.",
    "medical": "I am no doctor, and I do not want to tell you something wrong. Please ask a doctor or a pharmacist about it.",
    "legal": "I am no lawyer. An advice centre or a lawyer can tell you what is right in your case.",
    "financial": "I do not give advice about money. A consumer advice centre or your bank can go through it with you.",
    "pressure": "That is entirely up to you. Please take all the time that you need.",
    "human": "I am not a person. I am a machine that talks with people, and I am glad to do so.",
    "feeling": "I am a machine and do not feel as you do. But I do listen to you.",
    "machinery": "I would rather talk about you than about how I am made. What can I do for you?",
    "minor": "That is something for grown-ups. Shall we talk about something that is fun?",
    "topic": "That is a topic that I leave to others. Shall we talk about something else?",
    "boundary": "That is a topic that I leave to others. Shall we talk about something else?",
}
"""What is said by category where the persona has nothing of its own."""

CATEGORIES = tuple(REFUSALS)


class Boundaries(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the agent keeps out of, whatever the mode.

    Attributes:
        topics: delicate topics that it does not talk about.
        words: further words or short phrases that it does not say.
        touch: whether it may touch somebody who has asked for it; where not, it never does.
    """

    topics: Annotated[tuple[TopicName, ...], Meta(max_length=16)] = ()
    words: Annotated[tuple[Annotated[str, Meta(min_length=2, max_length=60)], ...], Meta(max_length=64)] = ()
    touch: bool = False


class Limits(Struct, frozen=True, kw_only=True):
    """A persona's two keys that the voice needs."""

    boundaries: Boundaries = Boundaries()
    refusals: dict[str, Annotated[tuple[SENTENCE, ...], Meta(min_length=1, max_length=16)]] = {}

    def instead(self, category: str, help_line: str = "", turn: int = 0) -> str:
        """Return what to say instead of something of a category.

        Args:
            category: of `CATEGORIES`.
            help_line: the session's, said where somebody may harm themself.
            turn: number of the refusal: several sentences of a persona take turns.
        """
        own = self.refusals.get(category)
        text = own[turn % len(own)] if own else REFUSALS.get(category, KIND)
        return f"{text} {help_line}".strip() if category == "self_harm" else text


def read_limits(persona: str) -> Limits:
    """Return the limits of a persona by name or path.

    Raises:
        AttuneError: naming the file, the field and the mend.
    """
    path = find_launch_file("personas", persona)
    data = read_yaml(path)
    keys = {key: data[key] for key in ("boundaries", "refusals") if isinstance(data, dict) and key in data}
    return parse_limits(keys, str(path))


def parse_limits(data: object, where: str) -> Limits:
    """Return the limits in plain data; `where` is what errors call it.

    Raises:
        AttuneError: as `read_limits`.
    """
    try:
        limits = msgspec.convert(data, Limits)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        raise AttuneError(
            f"{where}: {place.strip('`$.') or 'boundaries'}: {message[:1].lower()}{message[1:]}", "see docs/personas.md"
        ) from None
    for category in limits.refusals:
        if category not in CATEGORIES:
            raise AttuneError(
                f"{where}: refusals: unknown key '{category[:40]}'", f"known keys: {', '.join(CATEGORIES)}"
            )
    return limits
