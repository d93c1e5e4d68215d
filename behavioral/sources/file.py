"""A recording as the person's microphone, paced by the session clock.

Any format, rate, width and channel count that libsndfile reads: channels are averaged, the rate is converted
by soxr, floats that are not finite become silence. Reading and conversion block and run in the source's `Offload`, one
piece of half a second ahead of what is heard, so that neither a slow disk nor an hour-long recording costs the event
loop time or memory. A file that breaks off in the middle ends the stream there, with the place in `trouble`; the
session goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from behavioral.sources.contract import BLOCK_NS, BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock
from runtime.clock import Clock
from runtime.errors import AttuneError
from runtime.offload import InlineOffload, Offload

READ_S = 0.1
PIECE_BLOCKS = 16
"""Blocks in one piece of read-ahead: 0.512 s. At most two pieces are held: the one being heard and the next."""
CHANNELS_MAX = 64


class FileSource:
    """One audio file."""

    endless = False

    def __init__(self, path: Path, clock: Clock, offload: Offload | None = None) -> None:
        """Describe the file; `open` looks at it.

        Args:
            path: the recording.
            clock: paces the blocks.
            offload: where the file is read; the source closes it. None reads where it is awaited.
        """
        self.name = f"file {path.name}"
        self.trouble = ""
        self._path = path
        self._clock = clock
        self._offload = offload or InlineOffload()
        self._file: Any = None

    async def open(self) -> None:
        """Open the file and check that there is sound in it to read."""
        await self._offload.run(self._open)

    def _open(self) -> None:
        path = self._path
        check_regular_file(path, "--audio", "recording")
        if path.stat().st_size == 0:
            raise AttuneError(f"--audio {path}: the file is empty", "Record it again or give another file")
        try:
            self._file = soundfile.SoundFile(str(path))
        except (soundfile.LibsndfileError, TypeError) as error:
            raise AttuneError(
                f"--audio {path}: not audio that can be read ({_reason(error)})",
                "Give a WAV, FLAC, OGG or MP3 file; convert others with: ffmpeg -i INPUT out.wav",
            ) from None
        if self._file.channels > CHANNELS_MAX:
            raise AttuneError(
                f"--audio {path}: {self._file.channels} channels", f"Give at most {CHANNELS_MAX} channels"
            )
        try:
            probe = self._file.read(1, dtype="float32", always_2d=True)
            self._file.seek(0)
        except soundfile.LibsndfileError as error:
            raise AttuneError(
                f"--audio {path}: broken from the first sample on ({_reason(error)})", "Give another file"
            ) from None
        if len(probe) == 0:
            raise AttuneError(f"--audio {path}: the file holds no samples", "Record it again or give another file")

    @property
    def duration_s(self) -> float:
        """Length that the file's header promises."""
        return float(self._file.frames) / float(self._file.samplerate)

    async def blocks(self, start_ns: int) -> AsyncIterator[AudioBlock]:
        """Yield the file's blocks, each when its last sample has been heard; the last one is padded with silence."""
        blocks = self._pcm_blocks()
        index = 0
        ahead = self._read_ahead(blocks)
        try:
            while piece := await ahead:
                ahead = self._read_ahead(blocks)
                for pcm in piece:
                    t_ns = start_ns + index * BLOCK_NS
                    await self._clock.sleep_until_ns(t_ns + BLOCK_NS)
                    yield AudioBlock(pcm, t_ns, index)
                    index += 1
        finally:
            ahead.cancel()

    async def aclose(self) -> None:
        """Close the file; harmless twice."""
        if self._file is not None:
            await self._offload.run(self._file.close)  # after the reading that is under way
            self._file = None
        self._offload.close()

    def _read_ahead(self, blocks: Iterator[bytes]) -> asyncio.Task[list[bytes]]:
        """Begin to read the next piece; an empty one is the end."""
        return asyncio.create_task(self._offload.run(_next_piece, blocks), name="read ahead")

    def _pcm_blocks(self) -> Iterator[bytes]:
        waiting = np.zeros(0, dtype=np.int16)
        for piece in self._mono_16k():
            scaled = np.rint(np.clip(piece, -1.0, 32_767 / 32_768) * 32_768).astype("<i2")
            waiting = np.concatenate((waiting, scaled))
            whole = len(waiting) // BLOCK_SAMPLES
            for block in waiting[: whole * BLOCK_SAMPLES].reshape(whole, BLOCK_SAMPLES):
                yield block.tobytes()
            waiting = waiting[whole * BLOCK_SAMPLES :]
        if len(waiting):
            yield np.pad(waiting, (0, BLOCK_SAMPLES - len(waiting))).tobytes()

    def _mono_16k(self) -> Iterator[NDArray[np.float32]]:
        rate_hz = int(self._file.samplerate)
        resampler = (
            None if rate_hz == SAMPLE_RATE_HZ else soxr.ResampleStream(rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32")
        )
        frames = max(1, round(rate_hz * READ_S))
        read = not_numbers = 0
        while True:
            try:
                data = self._file.read(frames, dtype="float32", always_2d=True)
            except soundfile.LibsndfileError as error:
                self.trouble = f"{self._path} breaks off at {read / rate_hz:.1f} s ({_reason(error)})"
                data = np.zeros((0, 1), dtype=np.float32)
            read += len(data)
            last = len(data) < frames
            mono = data.mean(axis=1, dtype=np.float32)
            wrong = int(np.count_nonzero(~np.isfinite(mono)))
            if wrong:
                not_numbers += wrong
                mono = np.nan_to_num(mono, nan=0.0, posinf=0.0, neginf=0.0)
            yield mono if resampler is None else resampler.resample_chunk(mono, last=last)
            if last:
                break
        if not self.trouble and 0 <= read < self._file.frames:
            self.trouble = f"{self._path} ends at {read / rate_hz:.1f} s of the {self.duration_s:.1f} s in its header"
        elif (
            not self.trouble and "should be" in self._file.extra_info
        ):  # libsndfile's word for a header that promises more
            self.trouble = f"{self._path} is cut off at {read / rate_hz:.1f} s: its header promises more"
        if not_numbers:
            self.trouble = f"{self._path}: {not_numbers} samples are not numbers and were heard as silence"


def check_regular_file(path: Path, option: str, what: str) -> None:
    """Refuse what is no regular file, saying what it is instead.

    Raises:
        AttuneError: it does not exist, or is a folder, a pipe or a device.
    """
    if path.is_file():
        return
    found = "is a folder" if path.is_dir() else "is not a regular file" if path.exists() else "no such file"
    raise AttuneError(f"{option} {path}: {found}", f"Give the path of a {what}")


def _next_piece(blocks: Iterator[bytes]) -> list[bytes]:
    return list(islice(blocks, PIECE_BLOCKS))


def _reason(error: Exception) -> str:
    text = getattr(error, "error_string", None) or str(error)
    return str(text).strip().rstrip(".")
