"""A whole session in real time whose language model streams nothing, garbage, a word of 100 kB and an answer without end."""

from __future__ import annotations

import asyncio
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from runtime.messages import Turn
from runtime.session.reader import SessionReader
from tests.e2e.recorded import assert_every_sample_is_recorded, assert_no_frame_is_missing, troubles
from tests.runtime.llm.chat_server import DONE, Answer, ChatServer, chat_server, chunk, endless, streaming

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
Spoken = Callable[[Sequence[tuple[str, float]]], Path]
MAX_CHARS = 120

SAID: dict[str, tuple[str, Answer]] = {
    "name": ("nothing", streaming(hang=True)),
    "can you do": ("garbage", streaming(b"\x00\xff<html>" * 2_000, b"data: {not json\n\n", b"data: 7\n\n", DONE)),
    "sad": ("long word", streaming(chunk("So " + "a" * 100_000 + " it is."), DONE)),
    "wave": ("no end", endless(chunk("and so on and "), 0.002)),
    "thank": ("good", streaming(chunk("You are welcome, "), chunk("any time."), DONE)),
}
"""What the server does by what the person is understood to have said; drafts for less are left waiting."""


class MoodyServer:
    """Answers each turn in its own way and counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def answer(self, request: web.Request, server: ChatServer) -> web.StreamResponse:
        last = [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "user"][-1]
        for words, (mood, answer) in SAID.items():
            if words in last.lower():
                self.asked.append(mood)
                return await answer(request, server)
        return await streaming(hang=True)(request, server)


@contextmanager
def served(moody: MoodyServer) -> Iterator[str]:
    """Serve in a thread of its own; yield the address."""
    address: queue.Queue[str] = queue.Queue()
    stop = threading.Event()

    async def main() -> None:
        async with chat_server(moody.answer) as server:
            address.put(server.base_url)
            while not stop.is_set():  # noqa: ASYNC110 - set from another thread
                await asyncio.sleep(0.05)

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    try:
        yield address.get(timeout=10)
    finally:
        stop.set()
        thread.join(timeout=10)


def test_a_model_that_misbehaves_in_every_way_costs_no_turn_no_frame_and_no_sound(
    spoken: Spoken, tmp_path: Path
) -> None:
    audio = spoken(
        [
            ("my name is Anna.", 8.0),
            ("what can you do?", 9.0),
            ("I feel sad today.", 12.0),
            ("please wave your hand.", 14.0),
            ("thank you.", 5.0),
        ]
    )
    out, moody = tmp_path / "s", MoodyServer()
    command = [sys.executable, "-m", "runtime", "run", "--audio", str(audio), "--out", str(out)]
    with served(moody) as url:
        settings = [
            f"base_url={url}",
            "model=tiny",
            "first_token_timeout_s=1.0",
            f"max_reply_chars={MAX_CHARS}",
        ]
        command += [word for setting in settings for word in ("--set", f"dialogue.llm.{setting}")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert list(dict.fromkeys(moody.asked)) == ["nothing", "garbage", "long word", "no end", "good"]

    reader = SessionReader(out)
    turns = [m for m in reader.messages(Turn) if isinstance(m, Turn) and m.state == "ended"]
    answers = {
        words: next(t for t in turns[number + 1 :] if t.speaker == "agent")
        for number, turn in enumerate(turns)
        for words in SAID
        if turn.speaker == "user" and words in turn.text.lower()
    }
    assert list(answers) == list(SAID)
    assert all(answer.text and not answer.interrupted for answer in answers.values()), "every turn is answered"
    assert answers["sad"].text == "So " + "a" * 48 + " it is."
    assert answers["wave"].text.startswith("and so on") and 40 <= len(answers["wave"].text) <= MAX_CHARS
    assert answers["thank"].text == "You are welcome, any time."

    told = troubles(reader)
    assert any("no answer within" in trouble for trouble in told)
    assert any("empty reply" in trouble for trouble in told)
    assert told[-1] == "", "well again"
    assert_no_frame_is_missing(reader)
    assert_every_sample_is_recorded(reader, out, audio)
