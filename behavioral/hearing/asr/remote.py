"""Recognition by a server that speaks OpenAI's transcription protocol (`POST {base_url}/audio/transcriptions`).

Works with OpenAI and with local servers of the same protocol. Each window of the utterance is sent whole as a WAV file and the hypotheses
are made a stream by local agreement (`behavioral.hearing.asr.agreement`); a server that takes longer than a window's step
gets only the finished utterance. Requests block, so they run in the owner's offload, one at a time on a kept connection. Time and size
are bounded on both ways: one deadline for a whole exchange, however slowly its bytes drip. Every fault costs one window
and is told in one sentence without anything of what was said. Audio leaves this machine only where a profile names a server.

Times are milliseconds from the start of the window. Where a server gives words no times, they are spread over the segment (or the window)
by their length; where it gives no confidence, it is that of the segment, or 0.5.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import math
import os
import socket
import struct
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from behavioral.hearing.asr.agreement import AgreementRecogniser, DecodingFailed
from behavioral.hearing.asr.contract import MALFORMED, finite
from behavioral.hearing.blocks import SAMPLE_RATE_HZ
from runtime.errors import AttuneError
from runtime.offload import Offload
from runtime.settings import AsrServerSettings

REPLY_BYTES_MAX = 1 << 20
WORDS_MAX = 600
"""In a window of at most 28 s nobody says more."""
_STEP_S = 0.8
_HOTWORDS_CHARS = 400
_NO_SPEECH = 0.6
_NO_SPEECH_LOGPROB = -1.0
"""Whisper's own rule: a segment that it takes for silence and is unsure of holds no words."""
_READ_BYTES = 1 << 16

Word = tuple[str, float, float, float]


class RemoteWindows:
    """A transcription server as a window decoder."""

    name = "openai"

    def __init__(
        self,
        settings: AsrServerSettings,
        language: str,
        new_offload: Callable[[str], Offload],
        phrases: Sequence[str] = (),
    ) -> None:
        """Check the address; connects with the first window.

        Args:
            settings: the profile's section.
            language: code such as `en`; empty lets the server guess.
            new_offload: makes the runner of the blocking requests.
            phrases: expected phrases; sent as the beginning of the prompt, as far as they fit.

        Raises:
            AttuneError: `base_url` is empty or no http(s) address.
        """
        address = urllib.parse.urlsplit(settings.base_url)
        try:
            usable = address.scheme in ("http", "https") and bool(address.hostname) and (address.port or 1) > 0
        except ValueError:  # a port that is no number
            usable = False
        if not usable:
            raise AttuneError(
                f"hearing.asr_server.base_url: {settings.base_url[:200]!r} is no address of a server",
                "set it to one such as http://127.0.0.1:8000/v1, or hearing.asr to another recogniser",
            )
        self._settings = settings
        self._language = language
        self._address = address
        self._path = f"{address.path.rstrip('/')}/audio/transcriptions"
        self._offload = new_offload("hearing")
        self._hints = ", ".join(phrases)[:_HOTWORDS_CHARS]
        self._connection: http.client.HTTPConnection | None = None
        self._answer_s = 0.0
        self._detailed = True

    @property
    def keeps_up(self) -> bool:
        """Whether the last answer came within a window's step, so that running hypotheses are worth asking for."""
        return self._answer_s <= _STEP_S

    async def prepare(self) -> None:
        """Nothing to load; the server may come up later."""

    async def decode(self, pcm: bytes, prompt: str) -> list[Word]:
        """Recognise one window.

        Raises:
            DecodingFailed: no usable answer in time.
        """
        started_s = time.monotonic()
        self._answer_s = math.inf  # until it answers
        try:
            reply = await self._offload.run(self._transcribe, pcm, prompt)
            words = list(_words(reply, len(pcm) / 2 / SAMPLE_RATE_HZ))
        except (OSError, http.client.HTTPException) as error:
            raise DecodingFailed(f"transcription server: {_cause(error)}") from error
        except (*MALFORMED, AttributeError, RecursionError) as error:
            raise DecodingFailed(f"transcription server: malformed reply ({type(error).__name__})") from error
        self._answer_s = time.monotonic() - started_s
        return words

    async def aclose(self) -> None:
        """Break off a running request and close the connection."""
        self._disconnect()
        self._offload.close()

    def _transcribe(self, pcm: bytes, prompt: str) -> dict[str, Any]:
        status, body = self._post(pcm, prompt)
        if status == 400 and self._detailed:  # some models know no verbose_json
            self._detailed = False
            status, body = self._post(pcm, prompt)
        if status != 200:
            raise DecodingFailed(f"transcription server answered {status}{_MENDS.get(status, '')}")
        reply = json.loads(body)
        if not isinstance(reply, dict):
            raise ValueError("not an object")
        return reply

    def _post(self, pcm: bytes, prompt: str) -> tuple[int, bytes]:
        """Send one request; a kept connection that the server has closed meanwhile is opened again once."""
        fresh = self._connection is None
        try:
            return self._exchange(pcm, prompt)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if fresh:
                raise
            return self._exchange(pcm, prompt)

    def _exchange(self, pcm: bytes, prompt: str) -> tuple[int, bytes]:
        body, kind = _form(self._fields(prompt), pcm)
        headers = {"Content-Type": kind, "Accept": "application/json"}
        if key := os.environ.get(self._settings.api_key_env, ""):
            headers["Authorization"] = f"Bearer {key}"
        connection = self._connection or self._connect()
        self._connection = connection
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._disconnect()

        # A socket's time limit starts anew with every byte; this one does not.
        deadline = threading.Timer(self._settings.timeout_s, give_up)
        deadline.daemon = True
        deadline.start()
        kept = False
        try:
            connection.request("POST", self._path, body, headers)
            response = connection.getresponse()
            reply = bytearray()
            while piece := response.read(_READ_BYTES):
                reply += piece
                if len(reply) > REPLY_BYTES_MAX:
                    raise ValueError("the reply is too large")
            kept = not response.will_close
            return response.status, bytes(reply)
        except (OSError, ValueError, AttributeError, http.client.HTTPException) as error:
            if late.is_set():  # what a socket raises when it is closed under a reader differs
                raise TimeoutError from error
            raise
        finally:
            deadline.cancel()
            if not kept:
                self._disconnect()

    def _connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._address.scheme == "https" else http.client.HTTPConnection
        return kind(self._address.hostname or "", self._address.port, timeout=self._settings.timeout_s)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if (raw := connection.sock) is not None:
            with contextlib.suppress(OSError):  # wakes up a thread that reads
                raw.shutdown(socket.SHUT_RDWR)
        connection.close()

    def _fields(self, prompt: str) -> dict[str, str]:
        fields = {
            "model": self._settings.model,
            "language": self._language,
            "prompt": ". ".join(part for part in (self._hints, prompt) if part),
            "temperature": "0",
            "response_format": "verbose_json" if self._detailed else "json",
        }
        if self._detailed:
            fields["timestamp_granularities[]"] = "word"
        return {name: value for name, value in fields.items() if value}


_MENDS = {
    401: ": set the environment variable that hearing.asr_server.api_key_env names",
    403: ": the key may not use this model",
    404: ": check hearing.asr_server.base_url and model",
    413: ": it takes no window of this length",
    429: ": too many requests",
}


def open_remote(
    settings: AsrServerSettings, language: str, new_offload: Callable[[str], Offload], phrases: Sequence[str] = ()
) -> AgreementRecogniser:
    """Return a streaming recogniser over the server; AttuneError where its address is not usable."""
    windows = RemoteWindows(settings, language, new_offload, phrases)
    return AgreementRecogniser(windows, step_s=_STEP_S, keeps_up=lambda: windows.keeps_up)


def _form(fields: dict[str, str], pcm: bytes) -> tuple[bytes, str]:
    """Return a multipart body with the fields and the audio as WAV, and its content type."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="speech.wav"\r\nContent-Type: audio/wav\r\n\r\n'
    body = b"".join((*parts, head.encode(), _wav_header(len(pcm)), pcm, f"\r\n--{boundary}--\r\n".encode()))
    return body, f"multipart/form-data; boundary={boundary}"


def _wav_header(size: int) -> bytes:
    """Return the header of a WAV file with that many bytes of 16-bit mono at 16 kHz."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, SAMPLE_RATE_HZ, 2 * SAMPLE_RATE_HZ, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + struct.pack("<4sI", b"data", size)


def _words(reply: dict[str, Any], window_s: float) -> Iterator[Word]:
    """Yield text, start, end (ms) and confidence of the words of a reply, in order, inside the window."""
    segments = [segment for segment in reply.get("segments") or () if not _silent(segment)]
    if reply.get("segments") and not segments:
        return
    timed = reply.get("words") or [word for segment in segments for word in segment.get("words") or ()]
    if timed:
        rows = [
            (str(word["word"]).strip(), finite(word["start"]), finite(word["end"]), _confidence(word, segments))
            for word in timed
        ]
    elif segments:
        rows = [
            row
            for segment in segments
            for row in _spread(str(segment["text"]), finite(segment["start"]), finite(segment["end"]), _sure(segment))
        ]
    else:
        rows = _spread(str(reply["text"]), 0.0, window_s, 0.5)
    if len(rows) > WORDS_MAX:
        raise ValueError(f"{len(rows)} words")
    for text, start_s, end_s, confidence in rows:
        start_s = min(max(0.0, start_s), window_s)
        if text:
            yield text, 1_000 * start_s, 1_000 * min(max(start_s, end_s), window_s), confidence


def _spread(text: str, start_s: float, end_s: float, confidence: float) -> list[Word]:
    """Give the words of a text times by their length."""
    words = text.split()
    if len(words) > WORDS_MAX:
        raise ValueError(f"{len(words)} words")
    per_character = max(0.0, end_s - start_s) / max(1, sum(len(word) + 1 for word in words))
    rows = []
    for word in words:
        after_s = start_s + per_character * (len(word) + 1)
        rows.append((word, start_s, after_s, confidence))
        start_s = after_s
    return rows


def _silent(segment: dict[str, Any]) -> bool:
    logprob = finite(segment.get("avg_logprob") or 0.0)
    return finite(segment.get("no_speech_prob") or 0.0) > _NO_SPEECH and logprob < _NO_SPEECH_LOGPROB


def _sure(segment: dict[str, Any]) -> float:
    logprob = segment.get("avg_logprob")
    return 0.5 if logprob is None else math.exp(min(0.0, finite(logprob)))


def _confidence(word: dict[str, Any], segments: list[dict[str, Any]]) -> float:
    if word.get("probability") is not None:
        return finite(word["probability"])
    middle_s = (finite(word["start"]) + finite(word["end"])) / 2
    around = (s for s in segments if finite(s.get("start", 0.0)) <= middle_s <= finite(s.get("end", math.inf) or 0.0))
    return next((_sure(segment) for segment in around), 0.5)


def _cause(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else type(error).__name__
