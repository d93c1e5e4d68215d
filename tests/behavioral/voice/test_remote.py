"""A speech server: the real client against a real server on loopback, which behaves well or badly in each way that we know of."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from aiohttp import web

from behavioral.voice.prosody import PLAIN, Prosody
from behavioral.voice.tts.contract import Clause
from behavioral.voice.tts.espeak import EspeakVoice
from behavioral.voice.tts.open import open_tts
from behavioral.voice.tts.remote import RemoteVoice
from behavioral.voice.tts.silent import SilentVoice
from runtime.errors import AttuneError
from runtime.offload import InlineOffload, ThreadOffload
from runtime.settings import SpeechServerSettings, VoiceSettings

TEXT = "Good morning, dear friends of the house."
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def settings(base_url: str, **server: object) -> VoiceSettings:
    return VoiceSettings(
        tts="openai",
        speaker="nova",
        server=SpeechServerSettings(base_url=base_url, model="m1", api_key_env="ATTUNE_TEST_KEY", **server),  # type: ignore[arg-type]
    )


async def with_server(answer: Answer, use: Callable[[RemoteVoice], Awaitable[None]], **server: object) -> None:
    """Run a server on a free port of loopback, and a voice that speaks to it."""
    app = web.Application()
    app.router.add_post("/v1/audio/speech", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.addresses
    port = runner.addresses[0][1]
    embedded = SilentVoice(VoiceSettings())
    voice = RemoteVoice(settings(f"http://127.0.0.1:{port}/v1", **server), embedded, ThreadOffload("times"))
    try:
        await use(voice)
    finally:
        await voice.aclose()
        await runner.cleanup()


async def whole(voice: RemoteVoice, text: str = TEXT, prosody: Prosody = PLAIN) -> Clause:
    clause = await voice.synthesise(text, prosody)
    while await clause.grow():
        pass
    await clause.retime()
    return clause


def said(answer: Answer, **server: object) -> tuple[Clause, str]:
    """Return the clause that comes of an answer, and the note."""
    result: list[tuple[Clause, str]] = []

    async def use(voice: RemoteVoice) -> None:
        clause = await whole(voice)
        result.append((clause, voice.note))

    asyncio.run(with_server(answer, use, **server))
    return result[0]


def tone(seconds: float, rate_hz: int = 24_000) -> np.ndarray:
    return (9_000 * np.sin(2 * np.pi * 220 * np.arange(round(seconds * rate_hz)) / rate_hz)).astype("<i2")


def wav(pcm: bytes, rate_hz: int, channels: int = 1, bits: int = 16, code: int = 1) -> bytes:
    """As servers that stream write it: the sizes unknown, a chunk that nobody needs before the data."""
    layout = struct.pack("<HHIIHH", code, channels, rate_hz, rate_hz * channels * bits // 8, channels * bits // 8, bits)
    chunks = b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"fmt " + struct.pack("<I", 16) + layout
    return b"RIFF\xff\xff\xff\xffWAVE" + chunks + b"data\xff\xff\xff\xff" + pcm


def body(
    data: bytes, pieces: int = 7, content_type: str = "audio/pcm", status: int = 200, pause_s: float = 0.0
) -> Answer:
    """An answer sent in pieces of odd size."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=status, headers={"Content-Type": content_type})
        await response.prepare(request)
        size = max(1, len(data) // pieces) | 1
        for at in range(0, len(data), size):
            await response.write(data[at : at + size])
            await asyncio.sleep(pause_s)
        return response

    return answer


def test_the_request_is_that_of_the_protocol_and_the_key_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ATTUNE_TEST_KEY", "secret")
    asked: list[tuple[dict[str, object], str]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append((await request.json(), request.headers.get("Authorization", "")))
        return web.Response(body=tone(1.0).tobytes(), content_type="audio/pcm")

    async def use(voice: RemoteVoice) -> None:
        await whole(voice, TEXT, Prosody(rate=1.3))

    asyncio.run(with_server(answer, use))
    assert asked == [
        ({"model": "m1", "voice": "nova", "input": TEXT, "response_format": "pcm", "speed": 1.3}, "Bearer secret")
    ]


def test_pcm_is_played_to_the_sample_however_it_was_cut() -> None:
    clause, note = said(body(tone(2.0).tobytes()))
    assert note == ""
    assert (clause.sample_rate_hz, clause.complete, clause.missing) == (24_000, True, "")
    assert clause.pcm.tolist() == tone(2.0).tolist()
    assert [word.text for word in clause.words] == TEXT.split()
    assert clause.phonemes[-1].end_ms == pytest.approx(clause.duration_ms)


def test_the_first_sound_does_not_wait_for_the_rest() -> None:
    held = asyncio.Event

    async def use(voice: RemoteVoice) -> None:
        clause = await voice.synthesise(TEXT)
        assert not clause.complete and clause.ready > 0
        go_on.set()
        while await clause.grow():
            pass
        assert clause.pcm.tolist() == tone(2.0).tolist()

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
        await response.prepare(request)
        data = tone(2.0).tobytes()
        await response.write(data[:9_001])
        await go_on.wait()  # the test hangs here if the client waits for the whole
        await response.write(data[9_001:])
        return response

    async def main() -> None:
        nonlocal go_on
        go_on = held()
        await with_server(answer, use)

    go_on: asyncio.Event
    asyncio.run(main())


@pytest.mark.parametrize("content_type", ["audio/wav", "application/octet-stream"])
@pytest.mark.parametrize(("rate_hz", "channels"), [(22_050, 1), (44_100, 2)])
def test_wav_is_understood_with_the_layout_of_its_header(rate_hz: int, channels: int, content_type: str) -> None:
    sound = tone(1.5, rate_hz)
    data = wav(np.repeat(sound, channels).tobytes(), rate_hz, channels)
    clause, note = said(body(data, pieces=60, content_type=content_type), format="wav")
    assert (note, clause.sample_rate_hz) == ("", rate_hz)
    assert clause.pcm.tolist() == sound.tolist()


def test_silence_before_the_first_sound_is_not_waited_for() -> None:
    late = np.concatenate([np.zeros(24_000, dtype="<i2"), tone(1.0)])
    clause, note = said(body(late.tobytes()))
    assert note == ""
    assert clause.duration_ms == pytest.approx(1_030, abs=1)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (body(b"", status=500), "answered 500"),
        (body(b"no", status=401), "answered 401"),
        (body(b'{"error": "quota"}', content_type="application/json"), "sent application/json"),
        (body(b"<html>" * 100, content_type="text/html"), "sent text/html"),
        (body(b'{"error": "quota"}' * 9, content_type="application/octet-stream"), "another format"),
        (body(b"ID3" + bytes(9_000), content_type="audio/mpeg"), "another format"),
        (body(b"OggS" + bytes(9_000)), "another format"),
        (body(b""), "sent silence"),
        (body(bytes(48_000)), "sent silence"),
        (body(b"\x01"), "sent silence"),
        (body(wav(bytes(900), 24_000, bits=24)), "not 16 bit PCM"),
        (body(wav(bytes(900), 24_000, channels=6)), "not 16 bit PCM"),
        (body(wav(bytes(900), 1)), "not 16 bit PCM"),
        (body(b"RIFF\xff\xff\xff\xffWAVELIST\xff\xff\xff\x7f" + bytes(30_000)), "header without sound"),
        (body(b"RIFF\xff\xff\xff\xffAVI " + bytes(30_000)), "another format"),
        (body(b"RIFF\xff\xff\xff\xffWAVEdata\xff\xff\xff\xff" + bytes(99)), "header without layout"),
    ],
)
def test_what_is_no_sound_is_not_played(answer: Answer, why: str) -> None:
    clause, note = said(answer)
    assert why in note
    assert TEXT not in note
    assert clause.sample_rate_hz == 22_050, "the embedded voice says it"
    assert [word.text for word in clause.words] == TEXT.split()


def test_a_server_that_does_not_answer_in_time_is_not_waited_for() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(5.0)
        return web.Response(body=b"")

    clause, note = said(answer, first_audio_timeout_s=0.2)
    assert "within 0.2 s" in note
    assert clause.complete


def test_a_server_that_answers_and_then_sends_nothing_is_not_waited_for() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
        await response.prepare(request)
        await asyncio.sleep(5.0)
        return response

    _, note = said(answer, first_audio_timeout_s=0.2)
    assert "in time" in note


def test_an_endless_answer_is_cut_where_no_reading_is_so_long() -> None:
    written = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
        await response.prepare(request)
        data = tone(1.0).tobytes()
        while written < 500 * len(data):
            await response.write(data)
            written += len(data)
        return response

    clause, note = said(answer)
    expected_ms = asyncio.run(SilentVoice(VoiceSettings()).synthesise(TEXT)).duration_ms
    assert "more sound than its text has" in note
    assert clause.duration_ms == pytest.approx(3 * expected_ms + 3_000, abs=1)
    assert written < 200 * 48_000, "the connection was closed"


def test_endless_silence_is_given_up() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
        await response.prepare(request)
        for _ in range(1_000):
            await response.write(bytes(48_000))
        return response

    clause, note = said(answer)
    assert "silence" in note
    assert clause.sample_rate_hz == 22_050


def test_a_server_that_breaks_off_leaves_the_rest_of_the_words() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "audio/pcm", "Content-Length": "480000"})
        await response.prepare(request)
        await response.write(tone(1.0).tobytes())
        await asyncio.sleep(0.05)
        assert request.transport is not None
        request.transport.abort()
        return response

    clause, note = said(answer)
    assert "broke off" in note
    assert clause.complete and 900 < clause.duration_ms < 1_001
    assert clause.missing.split() == TEXT.split()[len(clause.words) :]
    assert 0 < len(clause.missing.split()) < len(TEXT.split())


def test_nobody_there_is_one_note_and_a_clause() -> None:
    async def main() -> tuple[Clause, str]:
        voice = RemoteVoice(settings("http://127.0.0.1:9/v1"), SilentVoice(VoiceSettings()), ThreadOffload("times"))
        clause = await whole(voice)
        await voice.aclose()
        return clause, voice.note

    clause, note = asyncio.run(main())
    assert "cannot be reached" in note
    assert clause.complete


def test_it_recovers_with_the_next_clause() -> None:
    answers = [500, 200]

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=answers.pop(0), body=tone(1.0).tobytes(), content_type="audio/pcm")

    async def use(voice: RemoteVoice) -> None:
        await whole(voice)
        assert voice.note != ""
        clause = await whole(voice)
        assert (voice.note, clause.sample_rate_hz) == ("", 24_000)

    asyncio.run(with_server(answer, use))


def test_wanting_no_more_closes_the_connection() -> None:
    async def main() -> None:
        gone = asyncio.Event()

        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
            await response.prepare(request)
            try:
                while True:
                    await response.write(tone(0.1).tobytes())
                    await asyncio.sleep(0.05)
            except (ConnectionError, asyncio.CancelledError):
                gone.set()
                raise

        async def use(voice: RemoteVoice) -> None:
            clause = await voice.synthesise(TEXT)
            await clause.grow()
            await clause.aclose()
            await asyncio.wait_for(gone.wait(), 10.0)
            assert not await clause.grow() or clause.complete

        await with_server(answer, use)

    asyncio.run(main())


def test_without_an_address_or_on_virtual_time_no_server_is_used() -> None:
    with pytest.raises(AttuneError, match=r"voice\.server\.base_url is empty"):
        open_tts(VoiceSettings(tts="openai"), lambda _name: InlineOffload())
    voice = open_tts(settings("http://127.0.0.1:9/v1"), lambda _name: InlineOffload(), virtual=True)
    assert isinstance(voice, EspeakVoice | SilentVoice)
