"""What of the person's sound goes to the speech-to-speech server: the turn from before its onset on, and nothing that was none."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from behavioral.dialogue.replies import Replies
from tests.behavioral.dialogue.realtime_server import RealtimeServer, saying
from tests.behavioral.dialogue.speech_session import BLOCK, TEXT, VOICE, clauses_of, speak, with_server
from tests.behavioral.dialogue.test_tools import Acts


def test_the_persons_sound_goes_out_at_the_servers_rate_from_before_the_onset_on() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies, blocks=30)
        await clauses_of(replies.answer("hello"))
        (heard,) = server.heard
        assert len(heard) / 2 / 24_000 == pytest.approx((10 + 30) * 0.032, abs=0.01)
        middle = np.frombuffer(heard, "<i2")[5_000:20_000]
        assert np.abs(middle.astype(int) - 1_000).max() < 20, "resampled without clicks between the blocks"
        kinds = [event["type"] for event in server.received]
        assert kinds.index("input_audio_buffer.commit") < kinds.index("response.create")

    with_server(script, saying(VOICE, TEXT))


def test_quiet_between_turns_is_not_sent_and_pauses_within_one_are() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies, blocks=20)
        for _block in range(10):
            replies.hear(BLOCK, speaking=False)
        speak(replies, blocks=20)
        await clauses_of(replies.answer("hello"))
        for _block in range(200):
            replies.hear(BLOCK, speaking=False)
        await asyncio.sleep(0.05)
        assert server.buffer == b""
        first = 10 + 20 + 24  # lead-in, speech, tail
        assert len(server.heard[0]) / 2 / 24_000 == pytest.approx((first + 6 + 20) * 0.032, abs=0.02)

    with_server(script, saying(VOICE, TEXT))


def test_sound_that_was_no_turn_is_forgotten_before_the_next() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies, blocks=20)
        for _block in range(200):
            replies.hear(BLOCK, speaking=False)
        speak(replies, blocks=20)
        await clauses_of(replies.answer("hello"))
        assert len(server.heard[0]) / 2 / 24_000 == pytest.approx((10 + 20) * 0.032, abs=0.01)

    with_server(script, saying(VOICE, TEXT))


def test_a_backchannel_over_the_answer_is_no_part_of_the_next_turn() -> None:
    async def script(replies: Replies, server: RealtimeServer, _body: Acts) -> None:
        speak(replies, blocks=20)
        for _block in range(8):
            replies.hear(BLOCK, speaking=False)
        replies.was_no_turn()
        for _block in range(30):  # too soon to be forgotten for its age
            replies.hear(BLOCK, speaking=False)
        speak(replies, blocks=20)
        await clauses_of(replies.answer("hello"))
        assert len(server.heard[0]) / 2 / 24_000 == pytest.approx((10 + 20) * 0.032, abs=0.01)

    with_server(script, saying(VOICE, TEXT))
