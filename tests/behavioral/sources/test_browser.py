"""The page's microphone over half an hour: its clock drifts, its network stutters, it comes and goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from avatar.inbound import PageInput
from behavioral.sources.browser import BrowserSource
from behavioral.sources.contract import BLOCK_BYTES, AudioBlock
from runtime.clock import NS_PER_S, VirtualClock, VirtualTimeLoop, run_virtual
from runtime.codec import encode
from runtime.messages import UserAudio
from runtime.transport.inprocess import InProcessHub

PIECE = 640
"""What a page sends at once: 40 ms."""


@dataclass
class Page:
    """A page that sends a count of its own: the n-th sample it ever took holds n, modulo 2**15."""

    drift_ppm: float = 0.0
    late_s: Callable[[int], float] = lambda _number: 0.0
    gaps: tuple[tuple[float, float], ...] = ()

    def pieces(self, seconds: float) -> list[tuple[float, float, bytes]]:
        """(arrival, true time, PCM) of each piece."""
        out: list[tuple[float, float, bytes]] = []
        period_s = PIECE / 16_000 / (1 + self.drift_ppm * 1e-6)
        for number in range(int(seconds / period_s)):
            at_s = number * period_s
            if not any(first <= at_s < last for first, last in self.gaps):
                pcm = (np.arange(number * PIECE, (number + 1) * PIECE) % 2**15).astype("<i2").tobytes()
                arrival_s = max(at_s + period_s + self.late_s(number), out[-1][0] if out else 0.0)
                out.append((arrival_s, at_s, pcm))
        return out


def heard(page: Page, seconds: float) -> tuple[list[AudioBlock], list[int]]:
    """Return the blocks that hearing gets of a page, and when it gets each (session ns, media time zero is 1 s)."""

    async def main() -> tuple[list[AudioBlock], list[int]]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        clock = VirtualClock(loop)
        hub = InProcessHub()
        source = BrowserSource(hub.bus("behavioral"), clock)
        avatar, checked = hub.bus("avatar"), PageInput("p")
        blocks: list[AudioBlock] = []
        at_ns: list[int] = []

        async def listen() -> None:
            async for block in source.blocks(NS_PER_S):
                blocks.append(block)
                at_ns.append(clock.now_ns())

        listening = asyncio.create_task(listen())
        for arrival_s, _at_s, pcm in page.pieces(seconds):
            await clock.sleep_until_ns(round((1.0 + arrival_s) * NS_PER_S))
            avatar.publish(checked.message(encode(UserAudio(pcm=pcm)), clock.now_ns()))
        await asyncio.sleep(1.0)
        await source.aclose()
        await listening
        return blocks, at_ns

    return run_virtual(main())


def samples(blocks: list[AudioBlock]) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.frombuffer(b"".join(block.pcm for block in blocks), "<i2")


@pytest.mark.parametrize("drift_ppm", [-200.0, 0.0, 200.0])
def test_half_an_hour_of_a_drifting_page_stays_at_its_times_and_loses_nothing(drift_ppm: float) -> None:
    rng = np.random.default_rng(1)
    page = Page(drift_ppm, lambda _number: float(rng.exponential(0.003)))
    blocks, at_ns = heard(page, 1_800.0)
    said = samples(blocks)
    assert np.array_equal(said, (np.arange(said.size) % 2**15).astype("<i2")), "nothing is missing and nothing put in"
    assert said.size >= 1_799.9 * 16_000 * (1 + drift_ppm * 1e-6)
    assert [block.index for block in blocks] == list(range(len(blocks)))
    off_ms = [
        block.t_ns / 1e6 - 1e3 - block.index * 32.0 / (1 + drift_ppm * 1e-6) for block in blocks
    ]  # 360 ms at the end by the count
    assert min(off_ms) > -1.0 and max(off_ms) < 15.0
    assert max(off_ms[2_000:]) - min(off_ms[2_000:]) < 5.0
    ends = [block.t_ns + 32_000_000 for block in blocks]
    assert all(end <= now + 1_000_000 for end, now in zip(ends, at_ns, strict=True)), (
        "nothing is heard before it was said"
    )


def test_a_network_that_stalls_and_catches_up_leaves_times_and_sound_as_they_were() -> None:
    page = Page(late_s=lambda number: 0.2 if number == 100 else 0.0)  # what follows waits behind it
    blocks, _at_ns = heard(page, 20.0)
    said = samples(blocks)
    assert np.array_equal(said, (np.arange(said.size) % 2**15).astype("<i2"))
    off_ms = [block.t_ns / 1e6 - 1e3 - block.index * 32.0 for block in blocks]
    assert max(np.abs(off_ms)) < 40.0
    assert max(np.abs(off_ms[-50:])) < 1.0


def test_a_short_gap_is_filled_and_after_a_long_one_hearing_goes_on_at_the_true_time() -> None:
    page = Page(gaps=((2.0, 2.4), (5.0, 65.0)))
    blocks, _at_ns = heard(page, 70.0)
    assert [block.index for block in blocks] == list(range(len(blocks)))
    assert all(len(block.pcm) == BLOCK_BYTES for block in blocks)
    steps_ms = np.diff([block.t_ns for block in blocks]) / 1e6
    (place,) = np.nonzero(steps_ms > 100.0)[0]
    assert steps_ms[place] == pytest.approx(60_000.0, abs=64.0)
    assert np.abs(np.delete(steps_ms, place) - 32.0).max() < 5.0
    said = samples(blocks)
    kept = sum(len(pcm) // 2 for _arrival_s, _at_s, pcm in page.pieces(70.0))
    assert kept - 512 < np.count_nonzero(said) < kept
    assert said.size - kept < round(0.45 * 16_000)
