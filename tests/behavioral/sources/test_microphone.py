"""Microphone and loudspeaker by PyAudio, on a virtual sound card: a wav is spoken into one end and heard at the other."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

LISTEN = """
import asyncio, json, sys
import numpy as np
from behavioral.sources.microphone import MicrophoneSource
from runtime.clock import MonotonicClock

async def main():
    clock = MonotonicClock()
    source = MicrophoneSource(clock)
    await source.open()
    pcm, indexes = [], []
    async for block in source.blocks(clock.now_ns()):
        pcm.append(np.frombuffer(block.pcm, dtype="<i2"))
        indexes.append(block.index)
        if len(pcm) >= 60:
            break
    await source.aclose()
    heard = np.concatenate(pcm).astype(float)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    print(json.dumps({
        "peak_hz": float(np.argmax(spectrum) * 16000 / len(heard)),
        "rms": max(float(np.sqrt(np.mean((block / 32768.0) ** 2))) for block in pcm),
        "gapless": indexes == list(range(indexes[0], indexes[0] + len(indexes))),
    }))

asyncio.run(main())
"""

SPEAK = """
import asyncio
import numpy as np
from behavioral.voice.loudspeaker import Loudspeaker
from runtime.messages import AgentAudio
from runtime.offload import ThreadOffload

async def main():
    speaker = Loudspeaker(22050, "", ThreadOffload("loudspeaker"))
    await speaker.aopen()
    tone = (8000 * np.sin(2 * np.pi * 700 * np.arange(22050 * 2) / 22050)).astype("<i2")
    for piece in np.array_split(tone, 50):
        speaker.play(AgentAudio(pcm=piece.tobytes(), sample_rate_hz=22050, response_id="r"))
        await asyncio.sleep(0.04)
    await asyncio.sleep(0.5)
    assert speaker.trouble == ""
    await speaker.aclose()

asyncio.run(main())
"""

pytestmark = [pytest.mark.pulse, pytest.mark.slow]


@pytest.fixture
def sound(pulse_server: dict[str, str]) -> dict[str, str]:
    pytest.importorskip("pyaudio", reason="no PyAudio: apt-get install portaudio19-dev && pip install 'attune[mic]'")
    return {**pulse_server, "PYTHONPATH": str(Path(__file__).parents[3])}


def pactl(sound: dict[str, str], what: str) -> str:
    done = subprocess.run(["pactl", "list", "short", what], env=sound, capture_output=True, text=True, timeout=10)
    return done.stdout.strip()


def wait_until(there: Callable[[], bool], missing: str, timeout_s: float = 20.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not there():
        assert time.monotonic() < deadline, missing
        time.sleep(0.05)


def test_a_tone_played_into_the_room_is_heard_by_the_microphone(sound: dict[str, str], tmp_path: Path) -> None:
    wav = tmp_path / "tone.wav"
    soundfile.write(wav, 0.4 * np.sin(2 * np.pi * 500 * np.arange(48_000 * 30) / 48_000), 48_000)
    with subprocess.Popen(["paplay", "--device=attune", str(wav)], env=sound) as player:
        try:
            wait_until(lambda: pactl(sound, "sink-inputs") != "", "the player never began")
            heard = subprocess.run(
                [sys.executable, "-c", LISTEN], env=sound, capture_output=True, text=True, timeout=60, check=True
            )
        finally:
            player.terminate()
    figures = json.loads(heard.stdout.splitlines()[-1])
    assert abs(figures["peak_hz"] - 500) < 5
    assert 0.2 < figures["rms"] < 0.35, "a sine of amplitude 0.4 has 0.28, once the player has begun"
    assert figures["gapless"]


def test_the_agents_voice_comes_out_of_the_loudspeaker(sound: dict[str, str], tmp_path: Path) -> None:
    wav = tmp_path / "heard.wav"
    recorder = subprocess.Popen(
        ["parecord", "--device=attune.monitor", "--file-format=wav", "--channels=1", "--rate=16000", str(wav)],
        env=sound,
    )
    try:
        wait_until(lambda: wav.is_file() and wav.stat().st_size > 8_000, "the recorder never began")
        subprocess.run([sys.executable, "-c", SPEAK], env=sound, timeout=60, check=True, capture_output=True)
    finally:
        recorder.terminate()
        recorder.wait(timeout=10)
    heard, rate_hz = soundfile.read(wav)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert abs(np.argmax(spectrum) * rate_hz / len(heard) - 700) < 5
    assert np.abs(heard).max() > 0.1


def test_without_a_device_the_error_names_the_mend(tmp_path: Path) -> None:
    pytest.importorskip("pyaudio", reason="no PyAudio: apt-get install portaudio19-dev && pip install 'attune[mic]'")
    code = LISTEN.replace("MicrophoneSource(clock)", "MicrophoneSource(clock, 'no such device')")
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "HOME": str(tmp_path), "PATH": ""},
    )
    assert done.returncode != 0
    assert "no such device" in done.stderr.splitlines()[-1]
