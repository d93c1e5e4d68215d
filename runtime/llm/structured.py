"""Structured answers of a chat model: a prompt and a msgspec type in, a validated value out, whatever the server is able to.

The answer is streamed and collected. The server is asked for `response_format: json_schema`; where it refuses that, for `json_object`,
and else for plain text with the schema in the prompt (which always holds it, since some servers take the key and ignore it). What it
refuses is remembered for this server, also that it takes no pictures. An answer that is no JSON or breaks the schema goes back once with
the error; after that it is nonsense. Bounded in time by the settings' timeouts and in size by `ANSWER_CHARS_MAX`: more is cut off by
closing the connection, which stops the model. Runs on the room's loop and never sleeps; several questions may be under way; the caller
decides when to ask again. No words of people or servers enter an error's text.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Literal, TypeVar

import msgspec

from runtime.llm.client import LlmClient, LlmUnavailable
from runtime.llm.json_text import objects_in
from runtime.llm.prompt import LlmNonsense, Prompt
from runtime.llm.schema import portable_schema
from runtime.reasoning import ReasonerLlmSettings
from runtime.settings import LlmSettings

ANSWER_CHARS_MAX = 16_384
"""A structured answer is a few hundred characters; one over this is garbage."""
RETURNED_CHARS = 2_000
"""Most of a bad answer that the model is shown again."""
ERROR_CHARS = 300
IMAGES_MAX = 4

Format = Literal["json_schema", "json_object", "text"]
FORMATS: tuple[Format, ...] = ("json_schema", "json_object", "text")
"""From what binds the model most to what every server takes."""

T = TypeVar("T")


def server_of(settings: ReasonerLlmSettings) -> LlmSettings:
    """Return the server of the slow loop in the form of the client's settings."""
    return LlmSettings(
        base_url=settings.base_url,
        model=settings.model,
        api_key_env=settings.api_key_env,
        first_token_timeout_s=settings.timeout_s,
        stall_timeout_s=settings.timeout_s,
        temperature=settings.temperature,
        request_extra=settings.request_extra,
    )


class StructuredClient:
    """Asks one server for values of given types."""

    def __init__(self, settings: LlmSettings) -> None:
        """Remember the server; the first request connects."""
        self._client = LlmClient(settings)
        self._formats: list[Format] = list(FORMATS)
        self.takes_images = True
        """Whether the server has not refused pictures yet."""
        self.requests = 0
        """Requests so far, those for which a format or the pictures were refused included."""
        self.repairs = 0
        """Answers that went back with their error."""

    @property
    def format(self) -> Format:
        """What the server is asked for now."""
        return self._formats[0]

    async def ask(self, prompt: Prompt, answer: type[T], check: Callable[[T], str] | None = None) -> T:
        """Have one question answered.

        Args:
            prompt: instructions and data; the schema is added here.
            answer: a msgspec struct type.
            check: returns what is wrong with a value that fits the schema, empty for nothing; goes back to the model.

        Raises:
            LlmUnavailable: no usable answer in time, or an error of the server.
            LlmNonsense: the second answer was wrong as well.
        """
        schema = portable_schema(answer)
        messages = self._messages(prompt, schema)
        text = await self._complete(messages, schema, answer.__name__)
        values, wrong = _read(text, answer, check)
        if values:
            return values[0]
        self.repairs += 1
        messages = [
            *messages,
            {"role": "assistant", "content": text[:RETURNED_CHARS] or "{}"},
            {
                "role": "user",
                "content": f"That does not fit: {wrong}. Answer again with the corrected JSON object only.",
            },
        ]
        values, wrong = _read(await self._complete(messages, schema, answer.__name__), answer, check)
        if not values:
            raise LlmNonsense("the language model's answer does not fit the schema")
        return values[0]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _complete(self, messages: list[dict[str, Any]], schema: dict[str, Any], name: str) -> str:
        """Return the text of an answer, with less asked of the server each time that it refuses."""
        unexplained: list[Format] = []
        place = 0
        while True:
            form = self._formats[
                min(place, len(self._formats) - 1)
            ]  # another question may have found out more meanwhile
            try:
                text = await self._once(_without_images(messages, self.takes_images), form, schema, name)
            except LlmUnavailable as error:
                refusal = error.refusal
                if refusal is None:
                    raise
                if refusal.about_images and self.takes_images:
                    self.takes_images = False
                elif form == "text" or not (refusal.about_format or refusal.unexplained):
                    raise
                elif refusal.about_format:
                    self._formats = [known for known in self._formats if known != form]
                else:  # perhaps the format: known only if the request is taken without it
                    unexplained.append(form)
                    place += 1
                continue
            self._formats = [known for known in self._formats if known not in unexplained]
            return text

    async def _once(self, messages: list[dict[str, Any]], form: Format, schema: dict[str, Any], name: str) -> str:
        self.requests += 1
        words: list[str] = []
        size = 0

        def say(text: str) -> None:
            nonlocal size
            size += len(text)
            if size > ANSWER_CHARS_MAX:
                raise LlmUnavailable("the language model's answer is too large")
            words.append(text)

        extra: dict[str, Any] = {}
        if form == "json_schema":
            wanted = {"name": name, "strict": True, "schema": schema}
            extra = {"response_format": {"type": "json_schema", "json_schema": wanted}}
        elif form == "json_object":
            extra = {"response_format": {"type": "json_object"}}
        await self._client.complete(messages, [], say, extra)
        return "".join(words)

    def _messages(self, prompt: Prompt, schema: dict[str, Any]) -> list[dict[str, Any]]:
        form = (
            f"Answer with one JSON object of this JSON schema and nothing else:\n{msgspec.json.encode(schema).decode()}"
        )
        content: Any = prompt.data
        if prompt.images and self.takes_images:
            content = [{"type": "text", "text": prompt.data}, *map(_image_part, prompt.images[-IMAGES_MAX:])]
        return [
            {"role": "system", "content": f"{prompt.instructions}\n\n{form}"},
            {"role": "user", "content": content},
        ]


def _image_part(jpeg: bytes) -> dict[str, Any]:
    url = "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
    return {"type": "image_url", "image_url": {"url": url}}


def _without_images(messages: list[dict[str, Any]], takes_images: bool) -> list[dict[str, Any]]:
    """Return the messages as the server takes them: with pictures, or the words alone."""
    if takes_images:
        return messages
    return [
        {**message, "content": message["content"][0]["text"]} if isinstance(message["content"], list) else message
        for message in messages
    ]


def _read(text: str, answer: type[T], check: Callable[[T], str] | None) -> tuple[list[T], str]:
    """Return the first value of the type in a text (none or one), and what is wrong with the last candidate."""
    wrong = "there is no complete JSON object in it"
    for candidate in objects_in(text):
        try:
            value = msgspec.json.decode(candidate, type=answer)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            wrong = str(error)[:ERROR_CHARS]
            continue
        fault = check(value) if check is not None else ""
        if not fault:
            return [value], ""
        wrong = fault[:ERROR_CHARS]
    return [], wrong
