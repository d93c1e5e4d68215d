"""The newest picture of the person's camera, for a language model that looks; nothing is kept but that one.

Subscribed to only where the profile sends pictures (`cognitive.llm.images`). On the room's loop; a picture over `BYTES_MAX` or not a JPEG
is passed over.
"""

from __future__ import annotations

from collections.abc import AsyncIterable

from runtime import messages as m

BYTES_MAX = 512 * 1024
_JPEG = b"\xff\xd8\xff"


class NewestFrame:
    """Holds the newest picture until it is taken."""

    def __init__(self) -> None:
        """Hold none yet."""
        self._jpeg: bytes | None = None

    async def read(self, stream: AsyncIterable[m.Message]) -> None:
        """Keep the newest of the stream until it ends."""
        async for message in stream:
            if isinstance(message, m.UserVideo) and message.jpeg.startswith(_JPEG) and len(message.jpeg) <= BYTES_MAX:
                self._jpeg = message.jpeg

    def take(self) -> bytes | None:
        """Return the newest picture that has not been taken."""
        jpeg, self._jpeg = self._jpeg, None
        return jpeg
