r"""The lines of a server-sent event stream, out of bytes as the network cuts them.

Ends of lines are `\n`, `\r\n` and `\r`; comments and keep-alives are passed over, a line over `LINE_BYTES_MAX` is dropped
and counted, so that no server can make us keep more than that. Each `data` line counts as one event, which is how all chat
servers write. Pure.
"""

from __future__ import annotations

LINE_BYTES_MAX = 512 * 1024
"""A word of 100 kB comes through (and is cut before it is spoken); what is longer is no answer."""
FIELDS = (b"data", b"error")
"""What carries content; llama.cpp has sent its errors in a field of their own. `event`, `id` and `retry` tell us nothing."""
_BOM = b"\xef\xbb\xbf"


class EventLines:
    """Collects the bytes of one response; gives out its events as (field, content)."""

    def __init__(self) -> None:
        """Start before the first byte."""
        self._rest = b""
        self._first = True
        self._dropping = False
        self.dropped = 0
        """Lines that were too long."""

    def push(self, data: bytes) -> list[tuple[str, bytes]]:
        """Add bytes and return the events that are complete now."""
        lines = (self._rest + data).splitlines(keepends=True)
        self._rest = b""
        if lines and not lines[-1].endswith((b"\n", b"\r")):
            self._rest = lines.pop()
        events = [event for line in lines if (event := self._event(line)) is not None]
        if len(self._rest) > LINE_BYTES_MAX:
            if not self._dropping:
                self.dropped += 1
            self._rest, self._dropping = b"", True
        return events

    def flush(self) -> list[tuple[str, bytes]]:
        """Return the event that the end of the stream has cut, if it is whole."""
        event = self._event(self._rest) if self._rest else None
        self._rest = b""
        return [] if event is None else [event]

    def _event(self, line: bytes) -> tuple[str, bytes] | None:
        if self._first:
            self._first = False
            line = line.removeprefix(_BOM)
        if self._dropping:  # this is the end of the line that was too long
            self._dropping = False
            return None
        field, colon, content = line.strip().partition(b":")
        return (field.decode(), content.strip()) if colon and field in FIELDS else None
