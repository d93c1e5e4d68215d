# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (C) 2026 the Attune authors
#
# This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public
# License as published by the Free Software Foundation, either version 3 of the License, or (at your option) any later
# version. It comes without any warranty. The full text is in LICENSES/GPL-3.0-or-later.txt.
"""espeak-ng as a program of its own: text in on one pipe, sound with phoneme and word times out on another.

Why this one file is GPL-3.0-or-later while Attune is Apache-2.0: libespeak-ng is GPL-3.0-or-later and this file links
it. Nothing else of Attune does, and this file imports nothing of Attune: it is a separate program, run as a separate
process, spoken to over a pipe by `behavioral/voice/tts/espeak.py`. Leave it out and the agent falls back to captions
without a voice.

A frame is two little-endian uint32 lengths, a JSON header and a binary payload. Request: `{"text", "voice", "rate_wpm",
"pitch"}`. Reply: `{"sample_rate_hz", "phonemes": [[ipa, sample]...], "words": [[character, sample, phoneme]...]}` and
int16 little-endian mono PCM; `character` is the index in the text at which the word begins, `phoneme` that of its first
phoneme. A request that cannot be done is answered with `{"error"}`. The program's one argument is the voice that most
requests will name: it is chosen once, before the first request.

espeak-ng carries state from one utterance to the next (oscillator phase, random flutter), so that the same text never
sounds the same twice. Each request is therefore spoken by a fork of the freshly initialised process: equal text gives
equal bytes, and a crash inside the library costs one clause. The fork is made before its request comes and waits for it on
the pipe itself, because forking and choosing a voice take several milliseconds, and speaking one or two.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import importlib
import json
import os
import signal
import struct
import sys
import traceback
from typing import Any

TITLE = "attune: voice"
_REQUESTS, _REPLIES = 0, 3
"""File descriptors of the two pipes."""
MAX_TEXT_CHARS = 2_000
MAX_FRAME_BYTES = 1 << 20
_LENGTHS = struct.Struct("<II")

# Constants of espeak-ng's speak_lib.h, library version 1.50 to 1.52.
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_PHONEME_EVENTS = 0x0001
_INITIALIZE_PHONEME_IPA = 0x0002
_INITIALIZE_DONT_EXIT = 0x8000
_CHARS_UTF8 = 1
_POS_CHARACTER = 1
_RATE, _PITCH = 1, 3
_EVENT_LIST_TERMINATED, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7
_BUFFER_MS = 60

_SPOKEN, _CRASHED, _ENDED = 0, 1, 2
"""How a fork ends: it has answered; it could not; the owner has closed the pipe."""


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("private_byte", ctypes.c_ubyte),
        ("private_int", ctypes.c_int),
        ("private_pointer", ctypes.c_void_p),
    )


_SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


class Engine:
    """The library, initialised once and never yet spoken with."""

    def __init__(self) -> None:
        """Load and initialise the library; OSError with the mend where it is absent."""
        path, data = _find_library()
        self._library = ctypes.CDLL(path)
        self.sample_rate_hz = int(
            self._library.espeak_Initialize(
                _AUDIO_OUTPUT_SYNCHRONOUS,
                _BUFFER_MS,
                data.encode() if data else None,
                _INITIALIZE_PHONEME_EVENTS | _INITIALIZE_PHONEME_IPA | _INITIALIZE_DONT_EXIT,
            )
        )
        if self.sample_rate_hz <= 0:
            raise OSError(f"espeak-ng could not read its data in {data or 'its default folder'}")
        if hasattr(self._library, "espeak_ng_SetRandSeed"):  # since 1.52
            self._library.espeak_ng_SetRandSeed(ctypes.c_long(1))
        self._pcm = bytearray()
        self._phonemes: list[tuple[str, int]] = []
        self._words: list[tuple[int, int, int]] = []
        self._voice = ""
        self._callback = _SynthCallback(self._on_audio)  # kept alive: the library holds only the pointer
        self._library.espeak_SetSynthCallback(self._callback)

    def choose(self, voice: str) -> None:
        """Speak with a voice from now on; ValueError where it is unknown."""
        if voice == self._voice:
            return
        # By name first, then by language, as espeak-ng's own command line does: en-gb is a language, en-us both.
        by_language = _Voice(languages=voice.encode())
        if (
            self._library.espeak_SetVoiceByName(voice.encode()) != 0
            and self._library.espeak_SetVoiceByProperties(ctypes.byref(by_language)) != 0
        ):
            raise ValueError(f"espeak-ng has no voice {voice!r}; mend: voice.voice, for example en-us+f3")
        self._voice = voice

    def speak(self, text: str, voice: str, rate_wpm: int, pitch: int) -> tuple[dict[str, Any], bytes]:
        """Return the reply's header and payload; ValueError where the voice is unknown."""
        self.choose(voice)
        self._library.espeak_SetParameter(_RATE, rate_wpm, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        encoded = text.encode("utf-8") + b"\0"
        status = self._library.espeak_Synth(
            encoded, ctypes.c_size_t(len(encoded)), 0, _POS_CHARACTER, 0, _CHARS_UTF8, None, None
        )
        self._library.espeak_Synchronize()
        if status != 0:
            raise ValueError(f"espeak-ng refused the text (status {status})")
        header = {"sample_rate_hz": self.sample_rate_hz, "phonemes": self._phonemes, "words": self._words}
        return header, bytes(self._pcm)

    def _on_audio(self, samples: int | None, count: int, events: Any) -> int:
        if samples and count > 0:
            self._pcm += ctypes.string_at(samples, 2 * count)
        index = 0
        while (event := events[index]).type != _EVENT_LIST_TERMINATED:
            index += 1
            if event.type == _EVENT_PHONEME:
                # The symbol is cut at 8 bytes, possibly inside a character.
                self._phonemes.append((event.id.string.decode("utf-8", "ignore"), event.sample))
            elif event.type == _EVENT_WORD:
                self._words.append((max(0, event.text_position - 1), event.sample, len(self._phonemes)))
        return 0


def _find_library() -> tuple[str, str]:
    try:
        loader: Any = importlib.import_module("espeakng_loader")
        return str(loader.get_library_path()), str(loader.get_data_path())
    except (ImportError, OSError):
        found = ctypes.util.find_library("espeak-ng")
        if found is None:
            raise OSError("libespeak-ng is missing; mend: pip install espeakng-loader") from None
        return found, ""


def _checked(request: dict[str, Any]) -> tuple[str, str, int, int]:
    text, voice = request.get("text"), request.get("voice", "en-us")
    if not isinstance(text, str) or not isinstance(voice, str):
        raise ValueError("text and voice must be strings")
    if len(text) > MAX_TEXT_CHARS:
        raise ValueError(f"text of {len(text)} characters; the limit is {MAX_TEXT_CHARS}")
    rate_wpm = _whole(request, "rate_wpm", 165, 80, 450)
    pitch = _whole(request, "pitch", 50, 0, 100)
    return text.replace("\0", " "), voice.replace("\0", ""), rate_wpm, pitch


def _whole(request: dict[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = request.get(name, default)
    if not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}")
    return value


def _answer_one(engine: Engine | None, why: str) -> int:
    """Wait for one request and answer it; return how that ended."""
    request = _read_frame()
    if request is None:
        return _ENDED
    try:
        if engine is None:
            raise ValueError(why)
        header, payload = engine.speak(*_checked(request))
    except ValueError as error:
        header, payload = {"error": str(error)}, b""
    _write_frame(header, payload)
    return _SPOKEN


def _answer_in_fork(engine: Engine | None, why: str) -> int:
    """Answer one request in a fork of this process; a crash in it is answered from here."""
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        status = _CRASHED
        try:
            _end_with(parent)
            status = _answer_one(engine, why)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, wait_status = os.waitpid(child, 0)
    if wait_status == 0:
        return _SPOKEN
    if os.WIFEXITED(wait_status) and os.WEXITSTATUS(wait_status) == _ENDED:
        return _ENDED
    _drop_request()
    _write_frame({"error": "espeak-ng crashed on this text"}, b"")
    return _CRASHED


def _drop_request() -> None:
    """Read away what a fork that died early has left of its request, or the next one would answer it in place of its own.

    The owner sends no request before the last one is answered, so all that waits is of the last one.
    """
    os.set_blocking(_REQUESTS, False)
    try:
        while os.read(_REQUESTS, MAX_FRAME_BYTES):
            pass
    except BlockingIOError:
        pass
    finally:
        os.set_blocking(_REQUESTS, True)


def _end_with(parent: int) -> None:
    """Be killed when the parent is: a fork that hangs in the library must not outlive the worker that its owner has ended."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it ended in between
            os._exit(_ENDED)


def _write_frame(header: dict[str, Any], payload: bytes) -> None:
    head = json.dumps(header).encode()
    unsent = memoryview(_LENGTHS.pack(len(head), len(payload)) + head + payload)
    try:
        while unsent:
            unsent = unsent[os.write(_REPLIES, unsent) :]
    except BrokenPipeError:  # the owner is gone, and with it whoever would have heard this
        os._exit(_ENDED)


def _read_frame() -> dict[str, Any] | None:
    """Return the next request, None at the end of the pipe.

    Unbuffered: what this process reads ahead would be lost to the next fork.
    """
    lengths = _read_exactly(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_size, data_size = _LENGTHS.unpack(lengths)
    if head_size + data_size > MAX_FRAME_BYTES:
        return None  # out of step with the owner: ending is the clear answer
    head = _read_exactly(head_size)
    _read_exactly(data_size)
    request = json.loads(head)
    return request if isinstance(request, dict) else {}


def _read_exactly(size: int) -> bytes:
    """Return so many bytes, fewer at the end of the pipe."""
    data = b""
    while len(data) < size and (piece := os.read(_REQUESTS, size - len(data))):
        data += piece
    return data


def _set_title() -> None:
    try:
        importlib.import_module("setproctitle").setproctitle(TITLE)
    except ImportError:
        if sys.platform == "linux":
            pr_set_name = 15
            ctypes.CDLL(None).prctl(pr_set_name, TITLE.encode(), 0, 0, 0)


def main(argv: list[str]) -> None:
    """Answer requests until standard input closes."""
    _set_title()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the owner closes our stdin
    os.dup2(1, _REPLIES)
    os.dup2(2, 1)  # what the library prints must not corrupt the protocol
    engine: Engine | None = None
    why = ""
    try:
        engine = Engine()
    except OSError as error:
        why = str(error)
    if engine is not None and argv:
        with contextlib.suppress(ValueError):  # the requests that name it are answered with the error
            engine.choose(argv[0])
    while _answer_in_fork(engine, why) != _ENDED:
        pass


if __name__ == "__main__":
    main(sys.argv[1:])
