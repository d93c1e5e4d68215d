"""One dialogue by speech-to-speech against the loopback server: its turns, and what comes of the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np

from behavioral.dialogue.drafts import Draft
from behavioral.dialogue.replies import Replies
from behavioral.dialogue.scenario import load_scenario
from behavioral.voice.tts.contract import SpokenClause
from runtime.settings import DialogueSettings, SpeechToSpeechSettings
from tests.behavioral.dialogue.realtime_server import Act, RealtimeServer, realtime_server, speech
from tests.behavioral.dialogue.test_tools import Acts

BLOCK = np.full(512, 1_000, "<i2").tobytes()
"""32 ms of the person's sound at 16 kHz."""
VOICE = speech(700, 600)
TEXT = "Hello there, my friend. How are you today?"


def with_server(
    script: Callable[[Replies, RealtimeServer, Acts], Awaitable[Any]], *acts: Act, names: str = "ga", **settings: object
) -> Any:
    async def main() -> Any:
        async with realtime_server(*acts, names=names) as server:
            speech_settings = SpeechToSpeechSettings(url=server.url, **settings)  # type: ignore[arg-type]
            body = Acts()
            replies = Replies(
                DialogueSettings(speech_to_speech=speech_settings),
                load_scenario("welcome"),
                1,
                use_llm=True,
                embodiment=body.embodiment,
            )
            replies.open()
            try:
                await server.wait_for("session.update")
                return await script(replies, server, body)
            finally:
                await replies.aclose()

    return asyncio.run(main())


def speak(replies: Replies, blocks: int = 30) -> None:
    """The person speaks for some blocks, after as many of quiet."""
    for place in range(2 * blocks):
        replies.hear(BLOCK, speaking=place >= blocks)


async def clauses_of(draft: Draft) -> list[SpokenClause]:
    return [piece async for piece in draft if isinstance(piece, SpokenClause)]


async def text_of(draft: Draft) -> str:
    return " ".join([piece.strip() if isinstance(piece, str) else piece.text async for piece in draft])
