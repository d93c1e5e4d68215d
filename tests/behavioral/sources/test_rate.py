"""Converted devices: pieces come in bursts and rests, and still say when they were heard or will be played."""

from __future__ import annotations

import numpy as np
import pytest

from behavioral.sources.rate import frames_at, heard_at, wanted_at

SECONDS = 20.0
RATE_HZ, FRAMES = 16_000, 512
CLICKS_S = np.arange(0.5, SECONDS - 1.0, 0.7)


def clicks(rate_hz: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """A soft click, 2 ms wide, at each of `CLICKS_S`."""
    at_s = np.arange(round(SECONDS * rate_hz)) / rate_hz
    shape = sum(np.exp(-(((at_s - click_s) / 5e-4) ** 2)) for click_s in CLICKS_S)
    return np.round(20_000 * np.asarray(shape)).astype("<i2")


def peaks_s(pieces: list[tuple[float, bytes]], rate_hz: int) -> list[float]:
    """When the loudest sample near each click is said to sound; pieces are (time of the first sample, PCM)."""
    at_s = np.concatenate([begin_s + np.arange(len(pcm) // 2) / rate_hz for begin_s, pcm in pieces])
    sound = np.concatenate([np.frombuffer(pcm, "<i2") for _begin_s, pcm in pieces])
    return [float(at_s[near][np.argmax(sound[near])]) for near in (np.abs(at_s - s) < 0.1 for s in CLICKS_S)]


@pytest.mark.parametrize("device_hz", [44_100, 48_000, 22_050])
def test_what_a_device_of_another_rate_hears_has_its_time(device_hz: int) -> None:
    pieces: list[tuple[float, bytes]] = []
    now_s = 0.0

    def heard(pcm: bytes, frames: int, since_s: float) -> None:
        pieces.append((now_s - since_s - frames / RATE_HZ, pcm))

    callback, size = heard_at(device_hz, RATE_HZ, FRAMES, heard), frames_at(FRAMES, RATE_HZ, device_hz)
    sound = clicks(device_hz)
    for first in range(0, sound.size - size, size):
        now_s = (first + size) / device_hz
        callback(sound[first : first + size].tobytes(), size, 0.0)
    assert np.allclose(peaks_s(pieces, RATE_HZ), CLICKS_S, atol=5e-4)


@pytest.mark.parametrize("device_hz", [44_100, 48_000, 16_000])
def test_what_a_device_of_another_rate_plays_is_asked_for_with_its_time(device_hz: int) -> None:
    rate_hz, frames = 22_050, 256
    played: list[tuple[float, bytes]] = []
    now_s = 0.0

    def wanted(_data: bytes, count: int, ahead_s: float) -> bytes:
        """Give out what is to sound at the time that is told, not simply what follows."""
        at_s = now_s + ahead_s + np.arange(count) / rate_hz
        shape = sum(np.exp(-(((at_s - click_s) / 5e-4) ** 2)) for click_s in CLICKS_S)
        return np.round(20_000 * np.asarray(shape)).astype("<i2").tobytes()

    callback, size = wanted_at(device_hz, rate_hz, frames, wanted), frames_at(frames, rate_hz, device_hz)
    for number in range(int(SECONDS * device_hz / size)):
        now_s = number * size / device_hz
        played.append((now_s, callback(b"", size, 0.0) or b""))
    assert np.allclose(peaks_s(played, device_hz), CLICKS_S, atol=5e-4)
