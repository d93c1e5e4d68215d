"""What the benchmarks of the served page share: a spoken wav, `attune demo` as a user starts it, and a Chromium that hears the wav."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from behavioral.voice.tts.open import open_tts
from runtime.offload import InlineOffload
from runtime.settings import VoiceSettings
from tests.e2e.page_support import CHROMIUM, FLAGS

ROOT = Path(__file__).resolve().parents[1]
RATE_HZ = 16_000


def speak(lines: Sequence[str], path: Path, *, pause_s: float, first_s: float = 0.5) -> list[tuple[float, float]]:
    """Write a wav in which a voice says `lines`, each followed by a pause; return when each begins and ends, seconds.

    Begin and end are the first and the last sample above -40 dB of full scale.
    """

    async def say() -> list[np.ndarray[Any, Any]]:
        tts = open_tts(VoiceSettings(voice="en-us", rate_wpm=140, pitch=35), lambda _name: InlineOffload())
        clauses = [await tts.synthesise(line) for line in lines]
        await tts.aclose()
        return [soxr.resample(clause.pcm, clause.sample_rate_hz, RATE_HZ) for clause in clauses]

    parts = [np.zeros(round(first_s * RATE_HZ), np.int16)]
    spans = []
    for pcm in asyncio.run(say()):
        loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > 327)
        at = sum(map(len, parts))
        spans.append(((at + int(loud[0])) / RATE_HZ, (at + int(loud[-1])) / RATE_HZ))
        parts += [pcm, np.zeros(round(pause_s * RATE_HZ), np.int16)]
    soundfile.write(path, np.concatenate(parts), RATE_HZ)
    return spans


def start(*arguments: str, command: str = "demo") -> subprocess.Popen[str]:
    """Start `attune COMMAND ARGUMENTS`, with byte code kept from one start to the next as in any install."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", "runtime", command, *arguments], stdout=subprocess.PIPE, text=True, env=environment
    )


def address(process: subprocess.Popen[str]) -> str:
    """Wait for the address that the command prints."""
    assert process.stdout is not None
    found = re.search(r"https?://\S+", process.stdout.readline())
    if not found:
        raise SystemExit("attune demo printed no address; run it by hand to see why")
    return found[0]


def end(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C and wait."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


@contextlib.contextmanager
def demo(*arguments: str) -> Iterator[str]:
    """Run `attune demo` on a free port; yield the page's address."""
    process = start("--no-browser", "--port", "0", *arguments)
    try:
        yield address(process)
    finally:
        end(process)


@contextlib.contextmanager
def chromium(wav: Path | None = None, *, loop: bool = False, more: Sequence[str] = ()) -> Iterator[Any]:
    """Run a headless Chromium whose microphone plays `wav` from when it is opened, once or for ever."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM:
        sys.exit("this benchmark needs Chromium; on Debian: apt-get install chromium")
    flags = [*FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", *more]
    if wav:
        flags.append(f"--use-file-for-fake-audio-capture={wav.resolve()}{'' if loop else '%noloop'}")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


def until(what: Callable[[], Any], timeout_s: float = 60.0) -> Any:
    """Poll until something is true."""
    deadline = time.monotonic() + timeout_s
    while not (found := what()):
        if time.monotonic() > deadline:
            raise SystemExit(f"did not come true within {timeout_s:g} s")
        time.sleep(0.05)
    return found
