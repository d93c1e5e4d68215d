"""The contract of an audio source.

A source yields the person's audio as blocks of 512 samples (32 ms) at 16 kHz, signed 16-bit mono, without gaps in
their numbering, each at the session time at which its last sample has been heard. It owns its device or file
from `open` to `aclose`. A source that cannot be opened raises one `AttuneError`; one that fails later ends
its stream and says why in `trouble`, and the session goes on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from runtime.clock import NS_PER_S

SAMPLE_RATE_HZ = 16_000
BLOCK_SAMPLES = 512
BLOCK_BYTES = 2 * BLOCK_SAMPLES
BLOCK_NS = BLOCK_SAMPLES * NS_PER_S // SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class AudioBlock:
    """One block: little-endian int16 PCM, the session time of its first sample, its number from 0.

    `azimuth_rad`: where the sound comes from, for a source that can tell (an array of microphones), the agent's left positive, 0 straight
    ahead; None, as of every source that comes with the agent: they hear with one ear.
    """

    pcm: bytes
    t_ns: int
    index: int
    azimuth_rad: float | None = None


class AudioSource(Protocol):
    """One stream of what the person says."""

    name: str
    trouble: str
    """Why the stream ended early or is impaired; empty while all is well."""
    endless: bool
    """Whether the source has no end of its own (a microphone, a page)."""

    async def open(self) -> None:
        """Open the file or device.

        Raises:
            AttuneError: naming the file or device and the mend.
        """
        ...

    def blocks(self, start_ns: int) -> AsyncIterator[AudioBlock]:
        """Yield blocks from media time zero (`start_ns`) on."""
        ...

    async def aclose(self) -> None:
        """Release the file or device."""
        ...
