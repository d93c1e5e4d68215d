"""What a language model is asked, and the interface of whoever asks it; no HTTP library is needed to import this.

`runtime.llm.structured.StructuredClient.ask` is the real `Ask`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

T = TypeVar("T")


class LlmNonsense(RuntimeError):
    """The server answers, but not what it was asked for, also on the second try."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked: our own instructions, the data that they are about, and JPEG pictures."""

    instructions: str
    data: str
    images: tuple[bytes, ...] = ()


class Ask(Protocol):
    """Asks a language model for a value of a type."""

    async def __call__(self, prompt: Prompt, answer: type[T], check: Callable[[T], str] | None = None) -> T:
        """Return the validated answer.

        Args:
            prompt: instructions and data.
            answer: a msgspec struct type.
            check: returns what is wrong with a value that fits the schema, empty for nothing.

        Raises:
            LlmUnavailable: no usable answer in time, or an error of the server (`runtime.llm.client`).
            LlmNonsense: the second answer was wrong as well.
        """
        ...
