"""What waits to be sent to one page: bounded, and honest about what gives way.

Motion and other states are conflated (the newest replaces the one that waits), audio loses its oldest pieces, and
events are never dropped: when too many wait, the outbox declares itself overrun and the server disconnects the page
with a reason; it comes back on its own and gets the recent events again. `put_*` never blocks, so a slow page never
slows the bus.
"""

from __future__ import annotations

import asyncio
from collections import deque

EVENT_DEPTH = 1_024
AUDIO_DEPTH = 256


class Outbox:
    """Queue between the bus and one WebSocket; one consumer, all on one event loop."""

    def __init__(self, event_depth: int = EVENT_DEPTH, audio_depth: int = AUDIO_DEPTH) -> None:
        """Make an empty outbox with the given bounds."""
        self.overrun = False
        self.audio_dropped = 0
        self.conflated = 0
        self._events: deque[bytes | str] = deque()
        self._audio: deque[bytes] = deque()
        self._states: dict[str, bytes] = {}
        self._event_depth = event_depth
        self._audio_depth = audio_depth
        self._ready = asyncio.Event()

    def put_event(self, payload: bytes | str) -> None:
        """Queue something that must arrive; text goes out as a text frame."""
        if len(self._events) >= self._event_depth:
            self.overrun = True
        else:
            self._events.append(payload)
        self._ready.set()

    def put_audio(self, payload: bytes) -> None:
        """Queue a piece of audio; the oldest gives way."""
        if len(self._audio) >= self._audio_depth:
            self._audio.popleft()
            self.audio_dropped += 1
        self._audio.append(payload)
        self._ready.set()

    def put_state(self, key: str, payload: bytes) -> None:
        """Queue a state of which only the newest matters."""
        if self._states.pop(key, None) is not None:
            self.conflated += 1
        self._states[key] = payload
        self._ready.set()

    async def take(self) -> list[bytes | str]:
        """Wait until something is there and take it all: events first, then audio, then states."""
        await self._ready.wait()
        self._ready.clear()
        taken = [*self._events, *self._audio, *self._states.values()]
        self._events.clear()
        self._audio.clear()
        self._states.clear()
        return taken
