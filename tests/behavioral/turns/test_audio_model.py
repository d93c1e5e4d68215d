"""The audio model of turn ends, and the judge that asks it about each pause."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from behavioral.turns.audio_model import SmartTurn, open_audio_model, smart_turn_file
from behavioral.turns.pause_judge import ASK_AFTER_NS, NO_OPINION, PauseJudge
from runtime.clock import NS_PER_MS
from runtime.errors import AttuneError
from runtime.offload import InlineOffload

BLOCK_NS = 32 * NS_PER_MS
SILENCE = np.zeros(512, np.float32)


@pytest.fixture(scope="module")
def model() -> SmartTurn:
    return SmartTurn(smart_turn_file(), InlineOffload())


def sentence(data: Path, name: str) -> NDArray[np.float32]:
    samples, rate_hz = soundfile.read(data / "ljspeech" / "wavs" / f"{name}.wav", dtype="float32")
    resampled = soxr.resample(samples, rate_hz, 16_000)
    return np.concatenate((resampled, np.zeros(2_400, np.float32))).astype(np.float32)


@pytest.mark.parametrize("name", ["LJ001-0002", "LJ001-0008", "LJ001-0009", "LJ001-0013", "LJ001-0020"])
def test_the_end_of_a_readers_sentence_is_heard(model: SmartTurn, attune_data: Path, name: str) -> None:
    """Clips that the archive ends at a full stop."""
    probability = model.judge(sentence(attune_data, name))
    assert probability is not None and probability > 0.8


def test_the_middle_of_sentences_mostly_sounds_unfinished(model: SmartTurn, attune_data: Path) -> None:
    """Clips that the archive cuts within a sentence; at some of them the reader does lower her voice."""
    names = ["LJ001-0004", "LJ001-0006", "LJ001-0007", "LJ001-0010", "LJ001-0012", "LJ001-0016", "LJ001-0019"]
    judged = [model.judge(sentence(attune_data, name)) or 0.0 for name in names]
    assert float(np.median(judged)) < 0.5


def test_it_takes_any_length_and_the_end_of_what_is_too_long(model: SmartTurn) -> None:
    random = np.random.default_rng(0)
    long = random.normal(0, 0.1, 200_000).astype(np.float32)
    assert model.judge(long) == model.judge(long[-128_000:])
    assert model.judge(np.zeros(0, np.float32)) is not None


def test_the_shipped_model_is_the_default_and_none_is_none() -> None:
    opened = open_audio_model("auto", InlineOffload())
    assert isinstance(opened, SmartTurn)
    assert open_audio_model("none", InlineOffload()) is None


def test_a_file_that_is_missing_broken_or_another_model_is_one_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"not a model")
    other = shutil.copy(smart_turn_file().parent.parent / "silero-vad" / "silero_vad_half.onnx", tmp_path / "vad.onnx")
    for path, said in ((tmp_path / "gone.onnx", "not a file"), (broken, "not an ONNX"), (other, "not Smart Turn")):
        with pytest.raises(AttuneError, match=said) as caught:
            open_audio_model(str(path), InlineOffload())
        assert "turns.audio_model" in caught.value.mend


class Scripted:
    """A model that answers when it is let."""

    name = "scripted"

    def __init__(self, answer: float | None) -> None:
        self.answer, self.asked, self.go = answer, [], asyncio.Event()  # type: ignore[var-annotated]

    async def probability(self, samples: NDArray[np.float32]) -> float | None:
        self.asked.append(samples)
        await self.go.wait()
        return self.answer

    async def aclose(self) -> None:
        """Nothing to free."""


def with_judge(answer: float | None, play: Callable[[PauseJudge, Scripted, list[object]], Awaitable[None]]) -> None:
    async def main() -> None:
        told: list[object] = []
        scripted = Scripted(answer)
        judge = PauseJudge(scripted, lambda pause_ns, probability: told.append((pause_ns, probability)))
        await play(judge, scripted, told)
        await judge.aclose()

    asyncio.run(main())


def test_a_pause_is_asked_about_once_when_it_is_long_enough_and_hears_what_led_to_it() -> None:
    async def play(judge: PauseJudge, scripted: Scripted, told: list[object]) -> None:
        for index in range(10):
            judge.push(np.full(512, index, np.float32), index * BLOCK_NS, None)
        for index in range(10, 16):
            judge.push(SILENCE, index * BLOCK_NS, 10 * BLOCK_NS)
        await asyncio.sleep(0)
        assert told == [(10 * BLOCK_NS, None)] and judge.asking_about_ns == 10 * BLOCK_NS
        assert len(scripted.asked) == 1
        heard = scripted.asked[0]
        assert heard[:512].max() == 0 and heard[9 * 512] == 9.0
        assert len(heard) == (10 + ASK_AFTER_NS // BLOCK_NS) * 512
        scripted.go.set()
        await asyncio.sleep(0.01)
        assert told[1:] == [(10 * BLOCK_NS, 0.75)]

    with_judge(0.75, play)


def test_a_pause_that_is_too_short_is_not_asked_about() -> None:
    async def play(judge: PauseJudge, scripted: Scripted, told: list[object]) -> None:
        judge.push(SILENCE, 0, 0)
        judge.push(SILENCE, BLOCK_NS, 0)
        judge.push(SILENCE, 2 * BLOCK_NS, None)
        await asyncio.sleep(0)
        assert (scripted.asked, told) == ([], [])

    with_judge(0.5, play)


def test_a_slow_model_gets_fewer_questions_not_a_queue() -> None:
    async def play(judge: PauseJudge, scripted: Scripted, told: list[object]) -> None:
        for pause in range(5):
            for index in range(4):
                judge.push(SILENCE, (10 * pause + index) * BLOCK_NS, 10 * pause * BLOCK_NS)
            await asyncio.sleep(0)
        assert len(scripted.asked) == 1

    with_judge(0.5, play)


def test_a_model_that_fails_has_no_opinion() -> None:
    async def play(judge: PauseJudge, scripted: Scripted, told: list[object]) -> None:
        for index in range(4):
            judge.push(SILENCE, index * BLOCK_NS, 0)
        scripted.go.set()
        await asyncio.sleep(0.01)
        assert told == [(0, None), (0, NO_OPINION)]

    with_judge(None, play)


def test_only_the_newest_eight_seconds_are_heard() -> None:
    async def play(judge: PauseJudge, scripted: Scripted, told: list[object]) -> None:
        for index in range(400):
            judge.push(np.full(512, index, np.float32), index * BLOCK_NS, None)
        for index in range(400, 404):
            judge.push(SILENCE, index * BLOCK_NS, 400 * BLOCK_NS)
        await asyncio.sleep(0)
        heard = scripted.asked[0]
        assert len(heard) == 128_000
        assert heard[0] == 403 - 250 and heard[-1] == 0.0

    with_judge(0.5, play)
