"""A recording as the microphone: formats, rates, and every kind of broken file."""

import asyncio
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from behavioral.sources.contract import BLOCK_BYTES, BLOCK_NS, AudioBlock
from behavioral.sources.file import PIECE_BLOCKS, FileSource
from runtime.clock import MonotonicClock, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.errors import AttuneError
from runtime.offload import InlineOffload, ThreadOffload

TONE_HZ = 440.0


def tone(seconds: float, rate_hz: int, channels: int = 1, level: float = 0.5) -> NDArray[np.float64]:
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    mono = level * np.sin(2 * np.pi * TONE_HZ * t)
    return np.repeat(mono[:, None], channels, axis=1)


def read(path: Path, start_ns: int = 0) -> tuple[list[AudioBlock], list[int], str]:
    async def main() -> tuple[list[AudioBlock], list[int], str]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        clock = VirtualClock(loop)
        source = FileSource(path, clock)
        await source.open()
        blocks, times = [], []
        async for block in source.blocks(start_ns):
            blocks.append(block)
            times.append(clock.now_ns())
        await source.aclose()
        return blocks, times, source.trouble

    return run_virtual(main())  # type: ignore[no-any-return] # run_virtual is untyped in its result


def samples(blocks: list[AudioBlock]) -> NDArray[np.int16]:
    return np.frombuffer(b"".join(b.pcm for b in blocks), dtype="<i2")


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 96_000])
@pytest.mark.parametrize(("channels", "subtype"), [(1, "PCM_16"), (2, "PCM_24"), (1, "FLOAT")])
def test_any_rate_width_and_channel_count_becomes_16_khz_mono(
    tmp_path: Path, rate_hz: int, channels: int, subtype: str
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(1.0, rate_hz, channels), rate_hz, subtype=subtype)
    blocks, _times, trouble = read(path)
    pcm = samples(blocks)[:16_000].astype(float)
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm))))
    assert abs(np.argmax(spectrum) - TONE_HZ) <= 2
    assert 0.30 < np.sqrt(np.mean((pcm[2_000:14_000] / 32_768) ** 2)) < 0.40
    assert abs(len(blocks) - 1.0e9 / BLOCK_NS) <= 1
    assert trouble == ""


def test_blocks_come_when_their_last_sample_has_been_heard(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(0.5, 16_000), 16_000)
    blocks, times, _ = read(path, start_ns=1_000_000_000)
    assert all(len(b.pcm) == BLOCK_BYTES for b in blocks)
    assert [b.index for b in blocks] == list(range(len(blocks)))
    assert [b.t_ns for b in blocks] == [1_000_000_000 + i * BLOCK_NS for i in range(len(blocks))]
    assert times == [b.t_ns + BLOCK_NS for b in blocks]


def test_not_a_number_becomes_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    data = tone(0.2, 16_000)
    data[100:200] = np.nan
    soundfile.write(path, data, 16_000, subtype="FLOAT")
    blocks, _, _ = read(path)
    assert not samples(blocks)[100:200].any()


def test_full_scale_does_not_wrap_around(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.clip(tone(0.2, 16_000, level=4.0), -1, 1), 16_000, subtype="FLOAT")
    pcm = samples(read(path)[0]).astype(int)
    assert pcm.max() >= 32_766
    assert np.abs(np.diff(pcm)).max() < 32_768


def test_a_truncated_file_plays_to_where_it_breaks_off_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    noise = np.random.default_rng(1).normal(0, 0.1, 16_000)
    soundfile.write(path, noise, 16_000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    blocks, _, trouble = read(path)
    assert 5 <= len(blocks) < 31
    assert "a.flac" in trouble and " s" in trouble


def test_a_truncated_wav_plays_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(1.0, 16_000), 16_000)
    path.write_bytes(path.read_bytes()[:16_044])
    blocks, _, trouble = read(path)
    assert 14 <= len(blocks) <= 17
    assert "cut off" in trouble


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"this is no sound at all" * 20, "not audio"), (b"RIFF\x24\x00\x00\x00WAVEfmt ", "not audio")],
)
def test_what_is_no_audio_is_one_clear_error(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(AttuneError) as caught:
        read(path)
    assert said in str(caught.value) and "bad.wav" in str(caught.value)


def test_a_header_without_samples_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "none.wav"
    soundfile.write(path, np.zeros((0, 1)), 16_000)
    with pytest.raises(AttuneError, match="no samples"):
        read(path)


def test_a_missing_file_and_a_folder_are_errors(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, said in (
        (tmp_path / "none.wav", "no such file"),
        (tmp_path, "is a folder"),
        (pipe, "not a regular file"),
    ):
        with pytest.raises(AttuneError, match=said):
            read(path)


def test_samples_that_are_no_numbers_are_counted_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    data = tone(0.2, 16_000)
    data[100:150] = np.inf
    soundfile.write(path, data, 16_000, subtype="FLOAT")
    assert "50 samples" in read(path)[2]


class CountingOffload(InlineOffload):
    """Counts what is read."""

    def __init__(self) -> None:
        self.calls = 0
        self.closed = False

    async def run(self, function: Any, *args: object) -> Any:
        self.calls += 1
        return await super().run(function, *args)

    def close(self) -> None:
        self.closed = True


def test_the_file_is_read_in_the_offload_one_piece_ahead_and_no_further(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(10.0, 44_100), 44_100)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        offload = CountingOffload()
        source = FileSource(path, VirtualClock(loop), offload)
        await source.open()
        assert offload.calls == 1
        read = 0
        async for block in source.blocks(0):
            read = offload.calls - 1
            assert read <= block.index // PIECE_BLOCKS + 2
        assert read >= 10.0 / 0.512
        await source.aclose()
        await source.aclose()
        assert offload.closed

    run_virtual(main())


def test_a_thread_and_the_loop_read_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, np.random.default_rng(2).normal(0, 0.2, (70_001, 2)), 22_050)

    class Clock:
        def now_ns(self) -> int:
            return 0

        async def sleep_until_ns(self, t_ns: int) -> None:
            await asyncio.sleep(0)

    async def in_a_thread() -> list[AudioBlock]:
        source = FileSource(path, Clock(), ThreadOffload("file"))
        await source.open()
        blocks = [block async for block in source.blocks(0)]
        await source.aclose()
        return blocks

    assert asyncio.run(in_a_thread()) == read(path)[0]


def test_closing_amid_reading_is_quiet(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(30.0, 48_000), 48_000)

    async def main() -> list[dict[str, Any]]:
        complaints: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
        source = FileSource(path, MonotonicClock(), ThreadOffload("file"))
        await source.open()

        async def listen() -> None:
            async for _ in source.blocks(0):
                pass

        task = asyncio.create_task(listen())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await source.aclose()
        return complaints

    assert asyncio.run(main()) == []
