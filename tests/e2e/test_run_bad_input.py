"""Bad input to `attune run`: one clear line that names the place and the mend, exit status 2, nothing left behind."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

pytestmark = [pytest.mark.slow, pytest.mark.computing]
Attune = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.2 * np.sin(np.arange(16_000) * 0.05), 16_000)
    return path


def refused(attune: Attune, *args: str | Path) -> str:
    done = attune("run", *args)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize("content", [b"", b"no sound in here " * 50], ids=["empty", "not audio"])
@pytest.mark.parametrize("speed", ["max", "realtime"])
def test_what_is_no_audio_is_refused(attune: Attune, tmp_path: Path, content: bytes, speed: str) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    out = tmp_path / "s"
    assert "bad.wav" in refused(attune, "--audio", path, "--out", out, "--speed", speed)
    assert not out.exists()


def test_a_missing_recording_is_refused(attune: Attune, tmp_path: Path) -> None:
    assert "none.wav" in refused(attune, "--audio", tmp_path / "none.wav", "--out", tmp_path / "s")


def test_a_video_without_pictures_is_refused(attune: Attune, tmp_path: Path, tone: Path) -> None:
    video = tmp_path / "bad.mp4"
    video.write_bytes(b"not a video" * 100)
    line = refused(attune, "--audio", tone, "--video", video, "--out", tmp_path / "s", "--speed", "max")
    assert "bad.mp4" in line


def test_an_unknown_key_names_the_nearest(attune: Attune, tmp_path: Path, tone: Path) -> None:
    line = refused(attune, "--audio", tone, "--out", tmp_path / "s", "--set", "cognitive.cycle=1")
    assert "cognitive.cycle" in line and "cycle_s" in line


def test_an_unknown_profile_lists_the_known(attune: Attune, tmp_path: Path, tone: Path) -> None:
    assert "cpu" in refused(attune, "--audio", tone, "--out", tmp_path / "s", "--profile", "cpx")


def test_a_missing_model_is_refused(attune: Attune, tmp_path: Path, tone: Path) -> None:
    line = refused(
        attune,
        "--audio",
        tone,
        "--out",
        tmp_path / "s",
        "--speed",
        "max",
        "--set",
        f"hearing.asr_model={tmp_path}/none",
    )
    assert "asr_model" in line or "none" in line


def test_a_folder_that_holds_a_session_is_not_overwritten(attune: Attune, tmp_path: Path, tone: Path) -> None:
    out = tmp_path / "s"
    out.mkdir()
    (out / "session.mcap").write_bytes(b"precious")
    assert "holds a session" in refused(attune, "--audio", tone, "--out", out)
    assert (out / "session.mcap").read_bytes() == b"precious"


def test_a_full_disk_is_said_before_anything_is_written(attune: Attune, tmp_path: Path, tone: Path) -> None:
    line = refused(attune, "--audio", tone, "--out", tmp_path / "s", "--set", "recorder.min_free_mb=900000000")
    assert "min_free_mb" in line
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("name", ["silent", "clipped", "short"])
def test_odd_but_valid_recordings_run(attune: Attune, tmp_path: Path, name: str) -> None:
    data = {
        "silent": np.zeros(16_000),
        "clipped": np.clip(20 * np.sin(np.arange(16_000) * 0.05), -1, 1),
        "short": np.zeros(10),
    }[name]
    path = tmp_path / f"{name}.wav"
    soundfile.write(path, data, 16_000)
    out = tmp_path / "s"
    done = attune("run", "--audio", path, "--out", out, "--speed", "max")
    assert done.returncode == 0, done.stderr
    frames = json.loads((out / "summary.json").read_text())["frames"]
    assert frames["delivered"] == frames["expected"] > 0
