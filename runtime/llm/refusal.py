"""What a server means by an error status: come back later, or that it does not know a key of the request.

Servers differ: OpenAI names the parameter, llama.cpp answers 400 or (older) 500 with a sentence, LM Studio a bare text, vLLM a list of
places. Only our own classes of it leave this file; the server's words may repeat what people said. Pure.
"""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

BODY_BYTES_MAX = 8_192
"""Most that is read of an error's body."""
RETRY_AFTER_MAX_S = 600.0
"""A server that wants a longer pause is asked again after this."""
CLIENT_FAULTS = frozenset({400, 404, 415, 422, 501})
"""Statuses by which servers refuse a key that they do not know."""
_FORMAT_WORDS = (
    b"response_format", b"json_schema", b"json_object", b"json schema", b"grammar", b"structured output", b"guided",
)  # fmt: skip
_IMAGE_WORDS = (b"image", b"multimodal", b"multi-modal", b"vision", b"mmproj", b"content must be a string")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error status.

    Attributes:
        status: of HTTP; 0 where the error came inside a stream.
        retry_after_s: pause that the server asked for, None where it named none.
        about_format: it refuses `response_format`.
        about_images: it refuses pictures.
        unexplained: it refuses the request as malformed without a word that we know.
    """

    status: int
    retry_after_s: float | None = None
    about_format: bool = False
    about_images: bool = False
    unexplained: bool = False

    @property
    def rate_limited(self) -> bool:
        """Whether asking less often is the mend."""
        return self.status == 429 or self.retry_after_s is not None


def read_refusal(status: int, headers: Mapping[str, str], body: bytes) -> Refusal:
    """Return what an error response says; `body` may be cut."""
    told = body[:BODY_BYTES_MAX].lower()
    telling = status in CLIENT_FAULTS or status == 500
    about_format = telling and any(word in told for word in _FORMAT_WORDS)
    about_images = telling and not about_format and any(word in told for word in _IMAGE_WORDS)
    return Refusal(
        status=status,
        retry_after_s=retry_after_s(headers),
        about_format=about_format,
        about_images=about_images,
        unexplained=status in CLIENT_FAULTS - {404} and not about_format and not about_images,
    )


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the pause of a `Retry-After` header, which holds seconds or a date; None without a usable one.

    A date counts from the server's own `Date`, so that its clock need not be ours.
    """
    told = headers.get("Retry-After", "").strip()
    if not told:
        return None
    try:
        pause_s = float(told)
    except ValueError:
        until, now = _date(told), _date(headers.get("Date", "")) or datetime.now(timezone.utc)
        if until is None:
            return None
        pause_s = (until - now).total_seconds()
    return min(RETRY_AFTER_MAX_S, max(0.0, pause_s)) if pause_s == pause_s else None  # NaN is a float too


def _date(text: str) -> datetime | None:
    try:
        read = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=timezone.utc)
