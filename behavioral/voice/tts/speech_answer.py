"""An HTTP answer read as sound: PCM or WAV, 16 bit, one or two channels, in whatever pieces it comes.

Raises `Broken`, with one sentence without content, for whatever is no sound and for an answer that does not come in
time. Runs on the caller's loop.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncGenerator, Callable

import aiohttp
import numpy as np
from numpy.typing import NDArray

from behavioral.voice.tts.streamed import Broken

PCM_RATE_HZ = 24_000
"""Of headerless PCM, by the protocol."""
RATES_HZ = range(8_000, 48_001)
HEADER_MAX_BYTES = 8_192
_PCM, _EXTENSIBLE = 1, 0xFFFE
_NOT_SOUND = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"OggS", b"fLaC", b"{", b"<")
_TEXT_TYPES = ("application/json", "text/")
SERVER = "the speech server"


class SpeechAnswer:
    """One answer; `open` first, then `samples`."""

    def __init__(
        self, response: aiohttp.ClientResponse, now_s: Callable[[], float], first_by_s: float, all_by_s: float
    ) -> None:
        """Read an answer whose first sound has to be there by one time and all of it by another (`now_s` seconds)."""
        self.rate_hz = PCM_RATE_HZ
        self._response = response
        self._now_s = now_s
        self._first_by_s = first_by_s
        self._all_by_s = all_by_s
        self._channels = 1
        self._rest = b""

    async def open(self) -> None:
        """Look at the status, the type and the first bytes; raises `Broken` where it is no sound."""
        if self._response.status != 200:
            raise Broken(f"{SERVER} answered {self._response.status}")
        if self._response.content_type.startswith(_TEXT_TYPES):
            raise Broken(f"{SERVER} sent {self._response.content_type}, not sound")
        while len(self._rest) < 4 and (data := await self._read(self._first_by_s)):
            self._rest += data
        if self._rest[:4] == b"RIFF":
            while not self._header():
                data = await self._read(self._first_by_s)
                if not data or len(self._rest) > HEADER_MAX_BYTES:
                    raise Broken(f"{SERVER} sent a WAV header without sound")
                self._rest += data
        elif self._rest.startswith(_NOT_SOUND):
            raise Broken(f"{SERVER} sent another format than pcm or wav")

    async def samples(self) -> AsyncGenerator[NDArray[np.int16], None]:
        """Yield int16 [samples], mono."""
        width = 2 * self._channels
        data = self._rest
        by_s = self._first_by_s
        while True:
            whole = len(data) // width * width
            if whole:
                frames = np.frombuffer(data[:whole], dtype="<i2").reshape(-1, self._channels)
                yield frames[:, 0].astype(np.int16) if self._channels == 1 else frames.mean(axis=1).astype(np.int16)
                by_s = self._all_by_s
            piece = await self._read(by_s)
            if not piece:
                return
            data = data[whole:] + piece

    def close(self) -> None:
        """Close the connection."""
        self._response.close()

    async def _read(self, by_s: float) -> bytes:
        left_s = min(by_s, self._all_by_s) - self._now_s()
        try:
            return await asyncio.wait_for(self._response.content.readany(), max(0.0, left_s))
        except TimeoutError:
            raise Broken(f"{SERVER} did not send its sound in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Broken(f"{SERVER} broke off: {type(error).__name__}") from None

    def _header(self) -> bool:
        """Take the WAV header off what is there, if it is whole; raises `Broken` for a layout that is not understood."""
        data, at, layout = self._rest, 12, False
        if len(data) >= 12 and data[8:12] != b"WAVE":
            raise Broken(f"{SERVER} sent another format than pcm or wav")
        while at + 8 <= len(data):
            kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
            if kind == b"data":
                if not layout:
                    raise Broken(f"{SERVER} sent a WAV header without layout")
                self._rest = data[at + 8 :]  # its size is not known to a server that streams
                return True
            if at + 8 + size > len(data):
                return False
            if kind == b"fmt ":
                if size < 16:
                    raise Broken(f"{SERVER} sent a broken WAV header")
                code, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", data, at + 8)
                if code not in (_PCM, _EXTENSIBLE) or bits != 16 or channels not in (1, 2) or rate_hz not in RATES_HZ:
                    raise Broken(f"{SERVER} sent WAV that is not 16 bit PCM of one or two channels")
                self.rate_hz, self._channels, layout = rate_hz, channels, True
            at += 8 + size + size % 2
        return False
