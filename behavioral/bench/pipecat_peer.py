"""Lets a pipecat pipeline hear a recording in real time and notes when its voice sounds: a program of its own, under pipecat's own Python.

It imports nothing of Attune and is started with `-I`, so that neither Attune's libraries nor the files beside it (one is called
`pipecat.py`) come before pipecat's own. `python -I pipecat_peer.py RECORDING.wav --stop smart-turn|timeout` plays a 16 kHz mono
16-bit WAV, which takes as long as the recording, and prints one JSON object:
`{"pipecat", "onnxruntime", "late_ms", "stretches": [[begin, end, interruptions]...]}`: versions, the most that a block of the recording
came in after its time, and every stretch of sound that was played (s from the recording's start) with how many interruptions the output
had seen before it: where this number changes, another answer began. `--version` prints the versions alone. It ends with 3 where pipecat is
missing or of a release with other names, with 4 where its pipeline reported an error; the last line of stderr says what.

The pipeline is the one that pipecat's own generator writes for speech to text, language model and speech, with every setting left at
its default, and nothing of ours that waits:

* input: 16 kHz in blocks of 20 ms as `LocalAudioInputTransport` has them, each handed over when its last sample would be recorded;
* `SileroVADAnalyzer()` in the user aggregator, on the `silero_vad.onnx` of its wheel (Silero 6): 0.2 s to start, 0.2 s to stop,
  confidence 0.7, volume 0.6;
* start of a turn: its defaults (VAD, transcription), interruptions allowed;
* end of a turn: `smart-turn` is its default, `LocalSmartTurnAnalyzerV3()` on the wheel's smart-turn-v3.2-cpu.onnx with one thread (an
  "incomplete" waits for 3 s of silence); `timeout` is its `SpeechTimeoutUserTurnStopStrategy()`: 0.6 s after the VAD's stop;
* speech to text: a `SegmentedSTTService` that answers at once, final, with a constant text, to all that the VAD took for speech;
* language model and speech: constants without a wait; the speech is a steady tone, made beforehand;
* output: `BaseOutputTransport` in its blocks of 40 ms to a sound card that sounds at once and asks for the next block `CARD_S` before
  it runs out (its own transports buffer more, so that an interrupted voice sounds on for longer there).

The first of its answers may come from cold models; the recording's first second is for that. Nothing is loaded from the network.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
import wave
from collections.abc import AsyncGenerator
from importlib.metadata import version
from typing import Any

try:
    import numpy as np
    from loguru import logger
    from pipecat.audio.vad.silero import SileroVADAnalyzer
    from pipecat.frames.frames import (
        EndFrame,
        ErrorFrame,
        Frame,
        InputAudioRawFrame,
        InterruptionFrame,
        LLMContextFrame,
        LLMFullResponseEndFrame,
        LLMFullResponseStartFrame,
        OutputAudioRawFrame,
        StartFrame,
        TranscriptionFrame,
        TTSAudioRawFrame,
    )
    from pipecat.pipeline.pipeline import Pipeline
    from pipecat.pipeline.worker import PipelineParams, PipelineWorker
    from pipecat.processors.aggregators.llm_context import LLMContext
    from pipecat.processors.aggregators.llm_response_universal import (
        LLMContextAggregatorPair,
        LLMUserAggregatorParams,
    )
    from pipecat.processors.frame_processor import FrameDirection
    from pipecat.services.llm_service import LLMService
    from pipecat.services.settings import LLMSettings, STTSettings, TTSSettings
    from pipecat.services.stt_service import SegmentedSTTService
    from pipecat.services.tts_service import TTSService
    from pipecat.transports.base_input import BaseInputTransport
    from pipecat.transports.base_output import BaseOutputTransport
    from pipecat.transports.base_transport import TransportParams
    from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
    from pipecat.turns.user_turn_strategies import UserTurnStrategies
    from pipecat.utils.time import time_now_iso8601
    from pipecat.workers.runner import WorkerRunner
except ImportError as error:
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    sys.exit(3)

SAMPLE_RATE_HZ = 16_000
BLOCK = 320
VOICE_RATE_HZ = 24_000
CARD_S = 0.01
TONE_HZ = 220.0
TONE_LEVEL = 0.2
HEARD = "I said something."
REPLY = "All right, I have heard what you said, and I am glad that you told me so much about it today."


class Stage:
    """What both ends of the pipeline share: the recording's time and what was heard."""

    def __init__(self, pcm: bytes, reply_s: float) -> None:
        """Keep the recording."""
        self.pcm = pcm
        self.reply_s = reply_s
        self.zero_s = 0.0
        self.late_s = 0.0
        self.stretches: list[tuple[float, float, int]] = []
        self.interruptions = 0
        self.played = asyncio.Event()
        self.errors: list[str] = []


class RecordingInput(BaseInputTransport):
    """A microphone in front of which the recording is played once."""

    def __init__(self, stage: Stage, params: TransportParams) -> None:
        """Keep the stage."""
        super().__init__(params)
        self._stage = stage
        self._player: asyncio.Task[None] | None = None

    async def start(self, frame: StartFrame) -> None:
        """Begin to play."""
        await super().start(frame)
        await self.set_transport_ready(frame)
        self._player = self.create_task(self._play())

    async def _play(self) -> None:
        stage = self._stage
        stage.zero_s = time.monotonic()
        for index, first in enumerate(range(0, len(stage.pcm), 2 * BLOCK)):
            due_s = stage.zero_s + (index + 1) * BLOCK / SAMPLE_RATE_HZ
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
            stage.late_s = max(stage.late_s, time.monotonic() - due_s)
            block = stage.pcm[first : first + 2 * BLOCK]
            await self.push_audio_frame(InputAudioRawFrame(audio=block, sample_rate=SAMPLE_RATE_HZ, num_channels=1))
        stage.played.set()


class CardOutput(BaseOutputTransport):
    """A sound card that notes what it plays."""

    def __init__(self, stage: Stage, params: TransportParams) -> None:
        """Keep the stage."""
        super().__init__(params)
        self._stage = stage
        self._free_s = 0.0

    async def start(self, frame: StartFrame) -> None:
        """Be ready."""
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Count interruptions, each of which has emptied what was to be played."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InterruptionFrame):
            self._stage.interruptions += 1

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        """Play a block behind the one before, and return shortly before it ends."""
        begin_s = max(time.monotonic(), self._free_s)
        self._free_s = begin_s + len(frame.audio) / (2 * frame.num_channels * frame.sample_rate)
        if any(frame.audio):
            zero_s = self._stage.zero_s
            self._stage.stretches.append((begin_s - zero_s, self._free_s - zero_s, self._stage.interruptions))
        await asyncio.sleep(max(0.0, self._free_s - CARD_S - time.monotonic()))
        return True


class InstantSTT(SegmentedSTTService):
    """Speech to text that knows at once."""

    def __init__(self) -> None:
        """Say that there is no wait for it."""
        super().__init__(ttfs_p99_latency=0.0, settings=STTSettings(model=None, language=None))

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Answer a segment; its base marks the answer as final."""
        yield TranscriptionFrame(HEARD, "person", time_now_iso8601())


class InstantLLM(LLMService):
    """A language model that answers every context with the same sentence, without a wait."""

    def __init__(self) -> None:
        """Set every setting to none, as a service has to."""
        nothing: dict[str, Any] = dict.fromkeys(
            ("model", "system_instruction", "temperature", "max_tokens", "top_p", "top_k", "frequency_penalty")
        )
        nothing |= dict.fromkeys(("presence_penalty", "seed", "user_turn_completion_config"))
        super().__init__(settings=LLMSettings(**nothing, filter_incomplete_user_turns=False))

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer contexts, pass on the rest."""
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMContextFrame):
            await self.push_frame(LLMFullResponseStartFrame())
            await self._push_llm_text(REPLY)
            await self.push_frame(LLMFullResponseEndFrame())
        else:
            await self.push_frame(frame, direction)


class InstantTTS(TTSService):
    """Speech that is there at once."""

    def __init__(self, reply_s: float) -> None:
        """Keep how long an answer sounds (s)."""
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model=None, voice=None, language=None),
        )
        times_s = np.arange(round(reply_s * VOICE_RATE_HZ)) / VOICE_RATE_HZ
        self._tone = (TONE_LEVEL * 32_767 * np.cos(2 * np.pi * TONE_HZ * times_s)).astype("<i2").tobytes()

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Give the tone in pieces of the size that services give."""
        for first in range(0, len(self._tone), self.chunk_size):
            piece = self._tone[first : first + self.chunk_size]
            yield TTSAudioRawFrame(piece, VOICE_RATE_HZ, 1, context_id=context_id)


def turn_ends(stop: str) -> UserTurnStrategies:
    """Return pipecat's default strategies, or those with its plain timeout."""
    return (
        UserTurnStrategies() if stop == "smart-turn" else UserTurnStrategies(stop=[SpeechTimeoutUserTurnStopStrategy()])
    )


async def listen(stage: Stage, stop: str) -> None:
    """Run the pipeline over the stage's recording."""
    params = TransportParams(audio_in_enabled=True, audio_out_enabled=True, audio_out_end_silence_secs=0)
    context = LLMContext()
    user, assistant = LLMContextAggregatorPair(
        context,
        user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer(), user_turn_strategies=turn_ends(stop)),
    )
    parts = [RecordingInput(stage, params), InstantSTT(), user, InstantLLM(), InstantTTS(stage.reply_s)]
    pipeline = Pipeline([*parts, CardOutput(stage, params), assistant])
    rates = PipelineParams(audio_in_sample_rate=SAMPLE_RATE_HZ, audio_out_sample_rate=VOICE_RATE_HZ)  # its defaults
    worker = PipelineWorker(pipeline, params=rates)

    @worker.event_handler("on_pipeline_error")  # type: ignore[untyped-decorator,unused-ignore]
    async def on_pipeline_error(worker: PipelineWorker, frame: ErrorFrame) -> None:
        stage.errors.append(frame.error)
        stage.played.set()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    await asyncio.wait({running, ending := asyncio.create_task(stage.played.wait())}, return_when="FIRST_COMPLETED")
    ending.cancel()
    if stage.errors:
        await worker.cancel()
    else:
        await worker.queue_frame(EndFrame())  # behind what it still has to say
    await running
    if not stage.played.is_set():
        stage.errors.append("the pipeline ended before the recording did")


def main() -> int:
    """Play, print, and return the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recording", nargs="?")
    parser.add_argument("--stop", choices=("smart-turn", "timeout"), default="smart-turn")
    parser.add_argument("--reply-s", type=float, default=5.0)
    parser.add_argument("--version", action="store_true")
    given = parser.parse_args()
    report: dict[str, object] = {
        name: version(f"{name}{rest}") for name, rest in (("pipecat", "-ai"), ("onnxruntime", ""))
    }
    if given.version:
        print(json.dumps(report))
        return 0
    logger.remove()
    logger.add(sys.stderr, level="WARNING")
    with wave.open(given.recording, "rb") as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (SAMPLE_RATE_HZ, 1, 2):
            print(f"the recording has to be 16-bit mono at {SAMPLE_RATE_HZ} Hz", file=sys.stderr)
            return 2
        pcm = file.readframes(file.getnframes())

    async def play() -> Stage:
        stage = Stage(pcm, given.reply_s)
        await listen(stage, given.stop)
        return stage

    stage = asyncio.run(play())
    if stage.errors:
        print(f"pipecat: {stage.errors[0][:500]}", file=sys.stderr)
        return 4
    report["late_ms"] = round(1_000 * stage.late_s, 1)
    report["stretches"] = [[round(begin, 4), round(end, 4), count] for begin, end, count in stage.stretches]
    print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
