"""faster-whisper from a folder: wrong folders are named, a real model of random weights runs end to end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest

from behavioral.hearing.asr.whisper import WhisperWindows, check_model_folder, open_whisper
from runtime.errors import AttuneError
from runtime.offload import InlineOffload
from runtime.worker import WorkerDied

pytest.importorskip("faster_whisper", reason="faster-whisper is not installed: pip install 'attune[asr]'")


def sweep(seconds: float) -> bytes:
    t = np.arange(round(16_000 * seconds)) / 16_000
    return (8_000 * np.sin(2 * np.pi * (200 + 150 * t) * t)).astype("<i2").tobytes()


def new_offload(_name: str) -> InlineOffload:
    return InlineOffload()


def test_wrong_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match=r"asr_model is empty"):
        check_model_folder("")
    with pytest.raises(AttuneError, match=r"base\.en is not a folder on this disk"):
        check_model_folder("Systran/faster-whisper-base.en")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(AttuneError, match=r"lacks model\.bin, tokenizer\.json, vocabulary\.json or vocabulary\.txt"):
        check_model_folder(str(tmp_path))


def test_a_broken_model_file_is_an_error_for_people(random_whisper: Path, tmp_path: Path) -> None:
    shutil.copytree(random_whisper, tmp_path / "model")
    (tmp_path / "model" / "model.bin").write_bytes(b"not a model")

    async def main() -> None:
        recogniser = open_whisper(str(tmp_path / "model"), "en", new_offload)
        with pytest.raises(AttuneError, match="cannot be loaded"):
            await recogniser.prepare()
        await recogniser.aclose()

    asyncio.run(main())


def test_a_model_runs_end_to_end_and_the_same_every_time(random_whisper: Path) -> None:
    async def once() -> list[tuple[str, str, int]]:
        recogniser = open_whisper(str(random_whisper), "en", new_offload, phrases=["good morning"])
        await recogniser.prepare()
        await recogniser.start(1_000_000_000)
        edits = []
        audio = sweep(4.0)
        for start in range(0, len(audio), 1_024):
            edits += await recogniser.push(audio[start : start + 1_024])
        edits += await recogniser.finish()
        assert recogniser.take_failure() is None
        await recogniser.aclose()
        return [(edit.op, edit.text, edit.start_ns) for edit in edits]

    first = asyncio.run(once())
    assert any(op == "commit" for op, _, _ in first)
    assert all(t_ns >= 1_000_000_000 for _, _, t_ns in first)
    assert asyncio.run(once()) == first


def test_a_killed_worker_costs_one_repeated_window(random_whisper: Path) -> None:
    async def main() -> None:
        windows = WhisperWindows(check_model_folder(str(random_whisper)), "en", new_offload)
        before = await windows.decode(sweep(2.0), "")
        assert windows.worker.pid is not None
        os.kill(windows.worker.pid, signal.SIGKILL)
        with contextlib.suppress(WorkerDied):  # unless its end was already noticed
            await windows.decode(sweep(2.0), "")
        assert await windows.decode(sweep(2.0), "") == before
        await windows.aclose()

    asyncio.run(main())
