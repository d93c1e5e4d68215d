"""The mask that knows the agent's own voice: delay, gain, and a number that a person pulls down."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from behavioral.hearing.self_voice import SelfVoice, audible

Speech = Callable[[str], NDArray[np.int16]]
READER = "librivox-austen-aligned/sense_and_sensibility_01_austen_64kb-0870.wav"
RNG = np.random.default_rng(3)


@pytest.fixture
def far(speech: Speech) -> NDArray[np.float32]:
    return (speech("jfk-inaugural/jfk.flac") / 32_768.0).astype(np.float32)


def shares(mask: SelfVoice, near: NDArray[np.float32], far: NDArray[np.float32]) -> NDArray[np.float64]:
    count = len(near) // 512
    return np.array([mask.judge(near[i * 512 :][:512], far[i * 512 :][:512]) for i in range(count)])


def echo(far: NDArray[np.float32], delay_ms: float, gain_db: float) -> NDArray[np.float32]:
    late = np.concatenate((np.zeros(round(16 * delay_ms), np.float32), far))[: len(far)]
    noise = RNG.standard_normal(len(far)) * 10 ** (-70 / 20)
    return (late * 10 ** (gain_db / 20) + noise).astype(np.float32)


@pytest.mark.parametrize("delay_ms", [0.0, 40.0, 250.0, 500.0])
def test_it_finds_the_delay(far: NDArray[np.float32], delay_ms: float) -> None:
    mask = SelfVoice()
    shares(mask, echo(far, delay_ms, -15.0), far)
    assert mask.delay_ms == pytest.approx(delay_ms, abs=16.0)


def test_it_follows_a_delay_that_jumps(far: NDArray[np.float32]) -> None:
    mask = SelfVoice()
    shares(mask, echo(far, 40.0, -15.0), far)
    shares(mask, echo(far, 300.0, -15.0), far)
    assert mask.delay_ms == pytest.approx(300.0, abs=16.0)


def test_an_echo_is_explained_from_the_first_second_on(far: NDArray[np.float32]) -> None:
    heard = echo(far, 120.0, -10.0)
    found = shares(SelfVoice(), heard, far)
    sounds = np.array([np.mean(heard[i * 512 :][:512] ** 2) > 1e-5 for i in range(len(found))])
    assert np.quantile(found[sounds], 0.05) > 0.9
    assert np.quantile(found[:31][sounds[:31]], 0.05) > 0.9


def test_a_person_is_not_explained(far: NDArray[np.float32], speech: Speech) -> None:
    reader = (speech(READER)[: len(far)] / 32_768.0).astype(np.float32)
    quiet = np.zeros_like(far)
    mask = SelfVoice()
    shares(mask, echo(far, 120.0, -20.0), far)
    assert shares(mask, reader, quiet[: len(reader)])[40:].max() == 0.0, "while the agent is silent nothing is"
    both = echo(far, 120.0, -20.0)
    both[: len(reader)] += reader
    found = shares(mask, both, far)[: len(reader) // 512]
    loud = np.array([np.mean(reader[i * 512 :][:512] ** 2) > 1e-4 for i in range(len(found))])
    assert np.mean(found[loud][:8] < 0.8) > 0.7, "in the quarter of a second in which the gate finds him"


def test_the_gain_sinks_to_the_rooms_and_a_person_hardly_moves_it(far: NDArray[np.float32]) -> None:
    mask = SelfVoice()
    start_db = mask.gain_db
    shares(mask, echo(far, 120.0, -25.0), far)
    learned_db = mask.gain_db
    assert -27.0 < learned_db < start_db - 10.0
    loud = echo(far, 120.0, 0.0)
    for i in range(60):
        mask.judge(loud[i * 512 :][:512], far[i * 512 :][:512], someone_speaks=True)
    assert mask.gain_db < learned_db + 4.0


def test_while_somebody_speaks_one_voice_may_hide_the_other(far: NDArray[np.float32], speech: Speech) -> None:
    reader = (speech(READER)[16_000:17_024] / 32_768.0).astype(np.float32)
    mask = SelfVoice()
    heard = echo(far, 0.0, -20.0)
    shares(mask, heard, far)
    out = [mask.judge(reader[i * 512 :][:512], far[i * 512 :][:512], someone_speaks=True) for i in range(2)]
    after = [mask.judge(heard[i * 512 :][:512], far[i * 512 :][:512], someone_speaks=True) for i in range(2, 20)]
    assert after[0] <= min(out)
    assert max(after[12:]) > 0.9


def test_nothing_breaks_it() -> None:
    mask = SelfVoice()
    for block in (np.zeros(512, np.float32), np.ones(512, np.float32), -np.ones(512, np.float32)):
        for _ in range(50):
            assert 0.0 <= mask.judge(block, np.ones(512, np.float32)) <= 1.0


def test_what_is_left_of_a_probability() -> None:
    assert audible(0.0) == audible(0.7) == 1.0
    assert audible(0.92) == audible(1.0) == 0.0
    assert 0.0 < audible(0.85) < audible(0.75) < 1.0
