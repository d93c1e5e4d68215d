"""The ear with the parts that a profile gives it, on real speech: the same every time, and over a worker's death."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.hearing.asr.choice import open_recogniser
from behavioral.hearing.asr.grammar import ExpectedSpeech, plain
from behavioral.hearing.asr.pocketsphinx import PocketSphinxRecogniser
from behavioral.hearing.blocks import BLOCK_NS
from behavioral.hearing.ear import Ear
from behavioral.hearing.events import (
    BackchannelCue,
    FinalText,
    HearingEvent,
    RecognitionEvent,
    RecognitionLost,
    SpeechOffset,
    SpeechOnset,
)
from behavioral.hearing.vad import open_vad
from runtime.clock import MonotonicClock, run_virtual
from runtime.offload import InlineOffload, ThreadOffload
from runtime.settings import HearingSettings, ListenerSettings
from tests.behavioral.hearing.ear_session import SILENT, Session


@pytest.mark.slow
@pytest.mark.computing
def test_real_speech_is_heard_its_expected_phrases_understood_and_all_the_same_every_time(
    speech: Callable[[str], NDArray[np.int16]],
) -> None:
    pytest.importorskip("pocketsphinx")
    jfk = speech("jfk-inaugural/jfk.flac")
    blocks = [jfk[start : start + 512].tobytes() for start in range(0, len(jfk) - 511, 512)] + [SILENT] * 20
    patterns = (
        "What your country can do for you.",
        "Ask what you can do for your country!",
        "What is your name?",
        "Hello",
    )
    expected = ExpectedSpeech([pattern.split() for pattern in patterns])

    async def once() -> tuple[list[HearingEvent], list[RecognitionEvent]]:
        recogniser = open_recogniser(HearingSettings(), lambda _name: InlineOffload(), expected)
        session = Session(recogniser, open_vad(HearingSettings()))
        await session.hear(blocks)
        await session.end()
        return session.heard, session.recognised

    heard, recognised = run_virtual(once())
    assert sum(isinstance(event, SpeechOnset) for event in heard) in range(4, 7)  # he pauses between his phrases
    assert any(isinstance(event, BackchannelCue) for event in heard)
    finals = [event for event in recognised if isinstance(event, FinalText)]
    assert [plain(final.text) for final in finals[-2:]] == [
        "what your country can do for you",
        "ask what you can do for your country",
    ]
    assert [final.start_ns for final in finals] == [event.t_ns for event in heard if isinstance(event, SpeechOnset)]
    assert run_virtual(once()) == (heard, recognised)


@pytest.mark.slow
def test_in_real_time_a_killed_worker_is_told_and_cancelling_ends_everything(
    speech: Callable[[str], NDArray[np.int16]],
) -> None:
    pytest.importorskip("pocketsphinx")
    clip = speech("librivox-austen-aligned/sense_and_sensibility_01_austen_64kb-0880.wav")
    blocks = [clip[start : start + 512].tobytes() for start in range(0, len(clip) - 511, 512)] + [SILENT] * 20

    async def main() -> None:
        recogniser = PocketSphinxRecogniser(ThreadOffload)
        ear = Ear(HearingSettings(), ListenerSettings(), recogniser, open_vad(HearingSettings()), MonotonicClock())
        recognised: list[RecognitionEvent] = []

        async def collect() -> None:
            async for event in ear.recognition:
                recognised.append(event)

        task = asyncio.create_task(collect())
        heard: list[HearingEvent] = []
        for index, block in enumerate(blocks):
            heard += ear.push(block, index * BLOCK_NS)
            await asyncio.sleep(0.005)
            if index == 60:
                while recogniser.worker.pid is None:  # noqa: ASYNC110 - a process, not a task, is waited for
                    await asyncio.sleep(0.01)
                os.kill(recogniser.worker.pid, signal.SIGKILL)
        assert [type(event) for event in heard if isinstance(event, SpeechOnset | SpeechOffset)] == [
            SpeechOnset,
            SpeechOffset,
        ]
        while not any(isinstance(event, FinalText) for event in recognised):  # noqa: ASYNC110 - polled from outside on purpose
            await asyncio.sleep(0.02)
        assert any(isinstance(event, RecognitionLost) for event in recognised)
        pid = recogniser.worker.pid
        assert pid is not None
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert recogniser.worker.pid is None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    asyncio.run(asyncio.wait_for(main(), 60))
