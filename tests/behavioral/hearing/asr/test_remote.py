"""Recognition by a server: a real HTTP server on loopback that speaks OpenAI's transcription protocol, well and badly behaved."""

from __future__ import annotations

import asyncio
import io
import json
import wave
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from behavioral.hearing.asr.remote import REPLY_BYTES_MAX, WORDS_MAX, open_remote
from behavioral.hearing.units import UnitEdit
from runtime.errors import AttuneError
from runtime.offload import ThreadOffload
from runtime.settings import AsrServerSettings

SECOND = bytes(range(256)) * 125
T0 = 5_000_000_000
KEY_NAME = "ATTUNE_TEST_ASR_KEY"
Answer = Callable[["Server", web.Request], Awaitable[web.StreamResponse]]


def timed(*words: tuple[str, float, float]) -> dict[str, Any]:
    return {
        "text": " ".join(word for word, _, _ in words),
        "words": [{"word": word, "start": start_s, "end": end_s} for word, start_s, end_s in words],
    }


HELLO = timed(("Hello", 0.2, 0.6), ("robot.", 0.7, 1.1))


@dataclass
class Server:
    """What was asked of it, and how it answers."""

    answer: Answer
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        upload = form["file"]
        assert isinstance(upload, web.FileField)
        with wave.open(io.BytesIO(upload.file.read())) as sound:
            shape = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
            pcm = sound.readframes(sound.getnframes())
        fields = {name: value for name, value in form.items() if name != "file"}
        self.asked.append(
            {
                **fields,
                "file": (upload.filename, upload.content_type, shape),
                "pcm": pcm,
                "key": request.headers.get("Authorization"),
            }
        )
        return await self.answer(self, request)


def replying(*replies: Any) -> Answer:
    """Answer the n-th request with the n-th reply, and all further ones with the last."""

    async def answer(server: Server, _request: web.Request) -> web.StreamResponse:
        reply = replies[min(len(server.asked), len(replies)) - 1]
        if isinstance(reply, int):
            return web.Response(status=reply)
        if isinstance(reply, bytes):
            return web.Response(body=reply, content_type="application/json")
        return web.json_response(reply)

    return answer


async def silent(_server: Server, _request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response()


def hear(
    answer: Answer, seconds: tuple[int, ...] = (1,), phrases: tuple[str, ...] = (), **settings: Any
) -> tuple[list[list[UnitEdit]], list[str | None], Server]:
    """Speak utterances of so many seconds; return each one's edits and failure, and the server."""
    server = Server(answer)

    async def main() -> tuple[list[list[UnitEdit]], list[str | None]]:
        app = web.Application(client_max_size=4 << 20)
        app.router.add_post("/v1/audio/transcriptions", server.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr] # the port that the system chose
        given = AsrServerSettings(
            **{"base_url": f"http://127.0.0.1:{port}/v1/", "model": "tiny", "api_key_env": KEY_NAME, **settings}
        )
        recogniser = open_remote(given, "en", ThreadOffload, phrases)
        edits, failures = [], []
        try:
            await recogniser.prepare()
            for length in seconds:
                await recogniser.start(T0)
                heard = [edit for _ in range(length) for edit in await recogniser.push(SECOND)]
                edits.append(heard + await recogniser.finish())
                failures.append(recogniser.take_failure())
        finally:
            await recogniser.aclose()
            await runner.cleanup()
        return edits, failures

    return (*asyncio.run(main()), server)


def committed(edits: list[UnitEdit]) -> list[tuple[str, int, int]]:
    return [
        (edit.text, (edit.start_ns - T0) // 10**6, (edit.end_ns - T0) // 10**6) for edit in edits if edit.op == "commit"
    ]


def test_a_window_goes_as_wav_with_model_language_and_expected_phrases_and_comes_back_as_timed_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY_NAME, "secret")
    edits, failures, server = hear(replying(HELLO), (2,), ("good morning", "hello robot"))
    assert failures == [None]
    assert committed(edits[0]) == [("Hello", 200, 600), ("robot.", 700, 1_100)]
    assert [edit.op for edit in edits[0]][:2] == ["add", "add"]  # after the first second
    first = server.asked[0]
    assert first["file"] == ("speech.wav", "audio/wav", (1, 2, 16_000))
    assert first["pcm"] == SECOND
    assert (first["model"], first["language"], first["response_format"]) == ("tiny", "en", "verbose_json")
    assert first["timestamp_granularities[]"] == "word"
    assert first["prompt"] == "good morning, hello robot"
    assert first["key"] == "Bearer secret"
    assert server.asked[1]["pcm"] == 2 * SECOND


def test_without_a_key_none_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_NAME, raising=False)
    assert hear(replying(HELLO))[2].asked[0]["key"] is None


def test_words_without_times_are_spread_over_their_segment_and_take_its_confidence() -> None:
    segment = {"start": 0.0, "end": 0.6, "text": " to be", "avg_logprob": -0.1}
    edits, _, _ = hear(replying({"text": "to be", "segments": [segment]}))
    assert committed(edits[0]) == [("to", 0, 300), ("be", 300, 600)]
    assert edits[0][-1].confidence == pytest.approx(0.905, abs=1e-3)


def test_a_text_alone_is_spread_over_the_window() -> None:
    edits, _, _ = hear(replying({"text": "to be"}))
    assert committed(edits[0]) == [("to", 0, 500), ("be", 500, 1_000)]
    assert {edit.confidence for edit in edits[0]} == {0.5}


def test_a_model_that_knows_no_verbose_json_is_asked_for_plain_json_from_then_on() -> None:
    async def answer(server: Server, _request: web.Request) -> web.StreamResponse:
        if server.asked[-1]["response_format"] == "verbose_json":
            return web.json_response({"error": {"message": "response_format"}}, status=400)
        return web.json_response({"text": "yes"})

    edits, failures, server = hear(answer, (1, 1))
    assert [committed(one)[0][0] for one in edits] == ["yes", "yes"]
    assert failures == [None, None]
    assert [asked["response_format"] for asked in server.asked] == ["verbose_json", "json", "json"]


def test_a_segment_that_the_model_takes_for_silence_holds_no_words() -> None:
    ghost = {"start": 0, "end": 1, "text": "Thank you.", "no_speech_prob": 0.9, "avg_logprob": -1.4}
    assert committed(hear(replying({"text": "Thank you.", "segments": [ghost]}))[0][0]) == []


def test_times_outside_the_window_are_brought_into_it() -> None:
    edits, _, _ = hear(replying(timed(("oh", -3.0, 9.0), ("no", 0.9, 0.1))))
    assert committed(edits[0]) == [("oh", 0, 1_000), ("no", 900, 900)]


def test_a_silent_server_costs_the_utterance_and_each_later_one_only_its_end() -> None:
    edits, failures, server = hear(silent, (2, 2), timeout_s=0.2)
    assert edits == [[], []]
    assert failures == ["transcription server: no answer in time"] * 2
    assert len(server.asked) == 3  # the second utterance is asked about once


def test_a_server_that_drips_its_answer_does_not_outlive_the_deadline() -> None:
    async def drip(_server: Server, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response

    edits, failures, server = hear(drip, (1,), timeout_s=0.3)
    assert (edits, failures) == ([[]], ["transcription server: no answer in time"])
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (500, "transcription server answered 500"),
        (401, "hearing.asr_server.api_key_env"),
        (404, "check hearing.asr_server.base_url"),
        (b"<html>", "malformed reply"),
        (b"[1, 2]", "malformed reply"),
        (b"{}", "malformed reply"),
        (b"[" * 100_000, "malformed reply"),
        ({"text": 3, "words": [{"word": "a", "start": "soon", "end": 1}]}, "malformed reply"),
        ({"words": ["hello"]}, "malformed reply"),
        ({"words": 7}, "malformed reply"),
        ({"segments": [{"start": 0, "end": 1}]}, "malformed reply"),
        (b'{"words": [{"word": "a", "start": NaN, "end": 1}]}', "malformed reply"),
        ({"text": "a " * (WORDS_MAX + 1)}, "malformed reply"),
        (b'{"text": "' + b"x" * REPLY_BYTES_MAX + b'"}', "malformed reply"),
    ],
)
def test_a_bad_answer_costs_its_utterance_and_the_next_one_is_heard(reply: Any, told: str) -> None:
    edits, failures, _ = hear(replying(reply, HELLO), (0, 1))
    assert failures[0] is None  # nothing was said, nothing was asked
    edits, failures, server = hear(replying(reply, HELLO), (1, 1))
    assert told in (failures[0] or "")
    assert "hello" not in (failures[0] or "")  # nothing of what is said reaches a log
    assert [text for text, _, _ in committed(edits[-1])] == ["Hello", "robot."]
    assert failures[1] is None
    assert len(server.asked) >= 2


def test_a_very_long_word_is_cut() -> None:
    edits, _, _ = hear(replying({"text": "x" * 100_000}))
    assert [len(text) for text, _, _ in committed(edits[0])] == [128]


def test_a_server_that_is_not_there_is_told_and_may_come_later() -> None:
    async def main() -> str | None:
        recogniser = open_remote(AsrServerSettings(base_url="http://127.0.0.1:9/v1", timeout_s=2), "en", ThreadOffload)
        await recogniser.prepare()
        await recogniser.start(T0)
        assert await recogniser.push(SECOND) == []
        failure = recogniser.take_failure()
        await recogniser.aclose()
        return failure

    assert "Connection refused" in (asyncio.run(main()) or "")


def test_a_connection_that_the_server_has_closed_meanwhile_is_opened_again() -> None:
    async def closing(_server: Server, _request: web.Request) -> web.StreamResponse:
        response = web.json_response(HELLO)
        response.force_close()
        return response

    edits, failures, server = hear(closing, (1, 1, 1))
    assert failures == [None] * 3
    assert [len(committed(one)) for one in edits] == [2, 2, 2]
    assert len(server.asked) == 3


def test_a_slow_server_is_asked_for_finished_utterances_only() -> None:
    async def slow(server: Server, _request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(1.0 if len(server.asked) == 1 else 0.0)
        return web.json_response(HELLO)

    _, _, server = hear(slow, (4, 3))
    lengths = [len(asked["pcm"]) // len(SECOND) for asked in server.asked]
    assert lengths[:2] == [1, 4]  # after a slow answer only the whole utterance
    assert lengths[2:] == [1, 2, 3]  # it answered that at once: running hypotheses again


@pytest.mark.parametrize("address", ["", "127.0.0.1:8000", "ftp://host/v1", "http://", "http://host:port/v1"])
def test_an_address_that_is_none_is_one_error_with_its_key(address: str) -> None:
    with pytest.raises(AttuneError, match=r"hearing\.asr_server\.base_url"):
        open_remote(AsrServerSettings(base_url=address), "en", ThreadOffload)


def test_the_request_carries_no_more_than_the_window_and_its_hints() -> None:
    _, _, server = hear(replying(HELLO), (1,), tuple(f"phrase number {index}" for index in range(500)))
    assert len(server.asked[0]["prompt"]) == 400
    assert json.dumps(server.asked[0]["model"]) == '"tiny"'
