"""The ear joins its parts: per-block events at once, recognition behind a queue that never holds them up."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.hearing.asr.choice import open_recogniser
from behavioral.hearing.asr.contract import StreamingRecogniser
from behavioral.hearing.asr.grammar import ExpectedSpeech, plain
from behavioral.hearing.asr.pocketsphinx import PocketSphinxRecogniser
from behavioral.hearing.asr.silent import NoRecogniser
from behavioral.hearing.blocks import BLOCK_BYTES, BLOCK_NS
from behavioral.hearing.ear import BACKLOG_S, UTTERANCE_MAX_S, Ear
from behavioral.hearing.events import (
    BackchannelCue,
    BlockHeard,
    FinalText,
    HearingEvent,
    RecognitionEvent,
    RecognitionLost,
    SpeechOffset,
    SpeechOnset,
    Units,
)
from behavioral.hearing.units import UnitEdit
from behavioral.hearing.vad import SpeechProbability, open_vad
from runtime.clock import MonotonicClock, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.errors import AttuneError
from runtime.offload import InlineOffload, ThreadOffload
from runtime.settings import HearingSettings, ListenerSettings

SILENT = bytes(BLOCK_BYTES)
LOUD = (np.sin(np.arange(512)) * 8_000).astype("<i2").tobytes()


class LevelVad:
    """Speech is what is loud."""

    name = "level"
    reason = ""
    resets = 0

    def probability(self, block: NDArray[np.float32]) -> float:
        return 1.0 if float(np.abs(block).max()) > 0.1 else 0.0

    def reset(self) -> None:
        self.resets += 1


class ScriptedRecogniser(NoRecogniser):
    """Writes down what it is asked; hears one word per utterance; may be slow or broken."""

    name = "scripted"

    def __init__(self, slow_s: float = 0.0, failure: str | None = None) -> None:
        self.calls: list[tuple[str, int]] = []
        self.slow_s = slow_s
        self.failure = failure
        self.closed = False

    async def start(self, t_ns: int) -> None:
        self.calls.append(("start", t_ns))

    async def push(self, pcm: bytes) -> list[UnitEdit]:
        self.calls.append(("push", len(pcm) // BLOCK_BYTES))
        await asyncio.sleep(self.slow_s)
        return []

    async def finish(self) -> list[UnitEdit]:
        self.calls.append(("finish", 0))
        return [UnitEdit(op, "unit-1", "hello", 0, 1, 0.8) for op in ("add", "commit")]

    def take_failure(self) -> str | None:
        failure, self.failure = self.failure, None
        return failure

    async def aclose(self) -> None:
        self.closed = True

    def blocks(self) -> int:
        return sum(count for call, count in self.calls if call == "push")


class Session:
    """An ear, its events, and the task that iterates its recognition."""

    def __init__(self, recogniser: StreamingRecogniser, vad: SpeechProbability | None = None) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        self.clock = VirtualClock(loop)
        self.vad = vad or LevelVad()
        self.ear = Ear(HearingSettings(), ListenerSettings(), recogniser, self.vad, self.clock)
        self.heard: list[HearingEvent] = []
        self.recognised: list[RecognitionEvent] = []
        self.index = 0
        self._task = asyncio.create_task(self._collect())

    async def _collect(self) -> None:
        async for event in self.ear.recognition:
            self.recognised.append(event)

    async def hear(self, blocks: Iterable[bytes]) -> None:
        for block in blocks:
            self.index += 1
            await self.clock.sleep_until_ns(self.index * BLOCK_NS)  # a block is there when its last sample is
            self.heard += self.ear.push(block, (self.index - 1) * BLOCK_NS)

    async def end(self) -> None:
        self.heard += self.ear.flush()
        await self.ear.aclose()
        await self._task

    def turns(self) -> list[tuple[str, int]]:
        return [
            (type(event).__name__, event.t_ns // BLOCK_NS)
            for event in self.heard
            if isinstance(event, SpeechOnset | SpeechOffset)
        ]


def test_an_utterance_goes_from_onset_to_final_text() -> None:
    async def main() -> None:
        recogniser = ScriptedRecogniser()
        session = Session(recogniser)
        await session.hear([SILENT] * 30 + [LOUD] * 20 + [SILENT] * 20)
        assert session.turns() == [("SpeechOnset", 30), ("SpeechOffset", 50)]
        assert session.ear.idle
        await session.end()
        assert recogniser.closed
        units, final = session.recognised
        assert isinstance(units, Units)
        assert units.onset_ns == 30 * BLOCK_NS
        assert final == FinalText("hello", 0.8, pytest.approx(160.0), 30 * BLOCK_NS, 50 * BLOCK_NS)
        heard = [event for event in session.heard if isinstance(event, BlockHeard)]
        assert [event.t_ns for event in heard] == [index * BLOCK_NS for index in range(70)]
        assert sum(event.speaking for event in heard) == 22  # 20 blocks, two to decide, four of the hangover

    run_virtual(main())


def test_the_direction_that_a_source_tells_is_passed_on_and_unknown_without() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser())
        told = session.ear.push(LOUD, 0, azimuth_rad=-0.4)[0]
        untold = session.ear.push(LOUD, BLOCK_NS)[0]
        assert isinstance(told, BlockHeard) and isinstance(untold, BlockHeard)
        assert (told.azimuth_rad, untold.azimuth_rad) == (-0.4, None)
        await session.end()

    run_virtual(main())


def test_the_recogniser_gets_preroll_and_hangover_and_no_block_twice() -> None:
    async def main() -> None:
        recogniser = ScriptedRecogniser()
        session = Session(recogniser)
        await session.hear([SILENT] * 30 + [LOUD] * 20 + [SILENT] * 6 + [LOUD] * 10 + [SILENT] * 10)
        await session.end()
        starts = [t_ns // BLOCK_NS for call, t_ns in recogniser.calls if call == "start"]
        assert starts == [30 - 11, 55]  # 320 ms before the onset; then only what the first utterance did not get
        assert recogniser.blocks() == (55 - 19) + (71 - 55)

    run_virtual(main())


def test_a_stuck_recogniser_never_holds_up_voice_activity_and_its_backlog_is_bounded_and_told() -> None:
    async def main() -> None:
        recogniser = ScriptedRecogniser(slow_s=40.0)
        session = Session(recogniser)
        await session.hear([SILENT] * 10 + [LOUD] * 1_000 + [SILENT] * 10)
        assert session.turns() == [("SpeechOnset", 10), ("SpeechOffset", 1_010)]
        assert session.ear.dropped_blocks > 0
        assert recogniser.blocks() <= BACKLOG_S * 1e9 / BLOCK_NS + 2
        await session.end()
        assert any(isinstance(event, RecognitionLost) and "dropped" in event.reason for event in session.recognised)
        assert isinstance(session.recognised[-1], FinalText)

    run_virtual(main())


def test_speech_without_end_is_cut_for_the_recogniser_only() -> None:
    async def main() -> None:
        recogniser = ScriptedRecogniser()
        session = Session(recogniser)
        await session.hear([LOUD] * round(2.5 * UTTERANCE_MAX_S * 1e9 / BLOCK_NS))
        await session.end()
        assert [name for name, _ in session.turns()] == ["SpeechOnset", "SpeechOffset"]
        finals = [event for event in session.recognised if isinstance(event, FinalText)]
        assert [final.continues for final in finals] == [True, True, False]
        assert all(one.end_ns == other.start_ns for one, other in itertools.pairwise(finals))
        assert {event.onset_ns for event in session.recognised if isinstance(event, Units)} == {0}

    run_virtual(main())


def test_late_hypotheses_say_which_speech_they_belong_to() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser(slow_s=0.3))
        await session.hear([SILENT] * 10 + [LOUD] * 10 + [SILENT] * 10 + [LOUD] * 10 + [SILENT] * 10)
        await session.end()
        onsets = [event.t_ns for event in session.heard if isinstance(event, SpeechOnset)]
        assert [event.onset_ns for event in session.recognised if isinstance(event, Units)] == onsets
        assert len(onsets) == 2

    run_virtual(main())


def test_the_running_silence_inside_the_hangover_is_told() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser())
        since: list[int | None] = []
        for block in [SILENT] * 5 + [LOUD] * 6 + [SILENT] * 2 + [LOUD] * 2 + [SILENT] * 6:
            await session.hear([block])
            silent_ns = session.ear.silence_since_ns
            since.append(None if silent_ns is None else silent_ns // BLOCK_NS)
        assert since == [None] * 11 + [11, 11] + [None] * 2 + [15, 15, 15, 15] + [None] * 2
        await session.end()

    run_virtual(main())


def test_flush_during_speech_ends_it_once_and_its_text_follows() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser())
        await session.hear([SILENT] * 10 + [LOUD] * 10)
        assert session.ear.speaking
        flushed = session.ear.flush()
        assert [(type(event), event.t_ns) for event in flushed] == [(SpeechOffset, 20 * BLOCK_NS)]
        assert session.ear.flush() == ()
        assert not session.ear.speaking
        assert not session.ear.idle
        await session.hear([SILENT] * 10)
        assert session.ear.idle
        await session.end()
        assert [name for name, _ in session.turns()] == ["SpeechOnset"]  # no second offset from what followed
        finals = [event for event in session.recognised if isinstance(event, FinalText)]
        assert [(final.text, final.end_ns, final.continues) for final in finals] == [("hello", 20 * BLOCK_NS, False)]

    run_virtual(main())


class RaisingRecogniser(ScriptedRecogniser):
    """Breaks the contract: raises in one call of the first utterance, after a word has been added."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where

    async def start(self, t_ns: int) -> None:
        await super().start(t_ns)
        self._break("start")

    async def push(self, pcm: bytes) -> list[UnitEdit]:
        pushed = self.blocks()
        await super().push(pcm)
        if self.where and pushed:
            self._break("push")
        return [] if pushed else [UnitEdit("add", "unit-0", "hm", 0, 1, 0.5)]

    async def finish(self) -> list[UnitEdit]:
        self._break("finish")
        return await super().finish()

    async def abort(self) -> None:
        self.calls.append(("abort", 0))

    def _break(self, where: str) -> None:
        if where == self.where:
            self.where = ""
            raise KeyError("words")


@pytest.mark.parametrize("where", ["start", "push", "finish"])
def test_a_recogniser_that_raises_costs_the_utterance_and_not_hearing(where: str) -> None:
    async def main() -> None:
        recogniser = RaisingRecogniser(where)
        session = Session(recogniser)
        await session.hear([SILENT] * 15 + [LOUD] * 10 + [SILENT] * 20)
        assert session.ear.idle
        await session.hear([LOUD] * 10 + [SILENT] * 20)
        assert session.ear.idle
        await session.end()
        finals = [event.text for event in session.recognised if isinstance(event, FinalText)]
        assert finals == ["", "hello"]
        lost = [event.reason for event in session.recognised if isinstance(event, RecognitionLost)]
        assert lost == ["scripted: KeyError; the utterance was given up"]
        assert ("abort", 0) in recogniser.calls
        standing: list[str] = []
        first_ns = next(event.t_ns for event in session.heard if isinstance(event, SpeechOnset))
        for edit in (e for u in session.recognised if isinstance(u, Units) and u.onset_ns == first_ns for e in u.edits):
            if edit.op == "add":
                standing.append(edit.unit_id)
            else:
                standing.remove(edit.unit_id)
        assert standing == []

    run_virtual(main())


def test_when_recognition_has_ended_the_ear_is_still_idle_in_silence() -> None:
    class Unusable(ScriptedRecogniser):
        async def prepare(self) -> None:
            raise AttuneError("no model", "get one")

    async def main() -> None:
        session = Session(Unusable())
        await session.hear([SILENT] * 10 + [LOUD] * 10)
        assert not session.ear.idle
        await session.hear([SILENT] * 20)
        assert session.ear.idle
        with pytest.raises(AttuneError, match="no model"):
            await session.end()

    run_virtual(main())


def test_a_failure_of_the_recogniser_is_told_and_hearing_goes_on() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser(failure="the worker died; started again"))
        await session.hear([LOUD] * 10 + [SILENT] * 10)
        await session.end()
        assert RecognitionLost(pytest.approx(96_000_000), "the worker died; started again") in session.recognised
        assert isinstance(session.recognised[-1], FinalText)

    run_virtual(main())


def test_a_jump_of_the_time_stamps_ends_speech_and_resets_the_detectors() -> None:
    async def main() -> None:
        session = Session(ScriptedRecogniser())
        await session.hear([LOUD] * 10)
        events = session.ear.push(LOUD, 10_000_000_000)
        assert isinstance(events[0], SpeechOffset)
        assert events[0].t_ns == 10 * BLOCK_NS
        assert isinstance(events[1], BlockHeard)
        assert isinstance(session.vad, LevelVad)
        assert session.vad.resets == 1
        await session.end()

    run_virtual(main())


def test_a_block_of_the_wrong_size_is_refused() -> None:
    async def main() -> None:
        session = Session(NoRecogniser())
        with pytest.raises(ValueError, match="1024 bytes, not 100"):
            session.ear.push(bytes(100), 0)
        await session.end()

    run_virtual(main())


@pytest.mark.slow
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
