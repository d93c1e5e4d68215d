"""What end-to-end tests share: spoken recordings made on the spot, and the command line as a user calls it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from behavioral.voice.tts.open import espeak_installed, open_tts
from runtime.offload import InlineOffload
from runtime.settings import VoiceSettings

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
