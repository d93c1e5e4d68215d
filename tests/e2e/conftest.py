"""What end-to-end tests share: spoken recordings made on the spot, the command line as a user calls it, and a browser."""

from __future__ import annotations

import asyncio
import math
import os
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from behavioral.voice.tts.open import espeak_installed, open_tts
from runtime.offload import InlineOffload
from runtime.settings import VoiceSettings
from tests.e2e.page_support import CHROMIUM, FLAGS

Attune = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def attune() -> Attune:
    """Run `attune ARGS` and return what it printed and its exit status."""

    def run(*args: str | Path, timeout_s: float = 120.0) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "runtime", *map(str, args)],
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Sequence[tuple[str, float]]], Path]:
    """Make a recording of a voice that says texts, each followed by a pause in seconds (16 kHz)."""
    if not espeak_installed():
        pytest.skip("the voice is not installed: pip install 'attune[voice]'")
    folder = tmp_path_factory.mktemp("spoken")

    def make(lines: Sequence[tuple[str, float]]) -> Path:
        async def say() -> list[np.ndarray[Any, Any]]:
            import soxr

            tts = open_tts(VoiceSettings(voice="en-us", rate_wpm=140, pitch=35), lambda _name: InlineOffload())
            parts = [np.zeros(8_000, dtype=np.int16)]
            for text, pause_s in lines:
                clause = await tts.synthesise(text)
                parts.append(soxr.resample(clause.pcm, clause.sample_rate_hz, 16_000))
                parts.append(np.zeros(round(16_000 * pause_s), dtype=np.int16))
            await tts.aclose()
            return parts

        path = folder / f"{abs(hash(tuple(lines))) % 10**9}.wav"
        soundfile.write(path, np.concatenate(asyncio.run(say())), 16_000)
        return path

    return make


@pytest.fixture(autouse=True)
def _no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    )


@pytest.fixture(scope="module")
def speech_wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One second of silence, two of a 440 Hz tone at -20 dBFS RMS, one of silence, at 48 kHz."""
    rate = 48_000
    t = np.arange(2 * rate) / rate
    tone = 0.1 * math.sqrt(2) * np.sin(2 * np.pi * 440 * t)
    signal = np.concatenate([np.zeros(rate), tone, np.zeros(rate)])
    path = tmp_path_factory.mktemp("sound") / "tone.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((32767 * signal).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def browser(speech_wav: Path) -> Iterator[Any]:
    fake = [
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={speech_wav}",
    ]  # fmt: skip
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS + fake)
        yield launched
        launched.close()
