"""`attune run --speed max`: real speech through the real detectors, recogniser and voice on virtual time."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import soundfile

from motion.formats import bvh

pytestmark = [pytest.mark.slow, pytest.mark.computing]

FILES = (
    "session.mcap",
    "agent.wav",
    "user.wav",
    "motion.bvh",
    "transcript.jsonl",
    "intentions.jsonl",
    "timeline.png",
    "summary.json",
)
LATENCIES = (
    "end_of_turn_to_first_audio",
    "vad_frame",
    "asr_final_after_end",
    "barge_in_to_silence",
    "intention_to_first_frame",
    "tick_jitter",
)
Attune = Callable[..., subprocess.CompletedProcess[str]]
Spoken = Callable[[Sequence[tuple[str, float]]], Path]


@pytest.fixture(scope="module")
def session(attune: Attune, attune_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One session on real speech and a real face."""
    out = tmp_path_factory.mktemp("session") / "s"
    done = attune(
        "run",
        "--audio",
        attune_data / "librivox-austen-aligned" / "sense_and_sensibility_01_austen_64kb-0870.wav",
        "--video",
        attune_data / "intel-head-video" / "head-pose-face-detection-female.gif",
        "--out",
        out,
        "--speed",
        "max",
        "--seed",
        "3",
    )
    assert done.returncode == 0, done.stderr
    return out


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def summary_of(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return loaded


def test_the_folder_holds_everything(session: Path) -> None:
    assert [name for name in FILES if not (session / name).is_file()] == []
    assert (session / "timeline.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_no_frame_is_missing_and_the_bvh_holds_each(session: Path) -> None:
    frames = summary_of(session)["frames"]
    assert frames["expected"] == frames["delivered"] > 300
    assert frames["late"] == 0
    assert len(bvh.read(session / "motion.bvh")) == frames["delivered"]


def test_the_person_is_heard_and_answered(session: Path) -> None:
    turns = summary_of(session)["turns"]
    speakers = [turn["speaker"] for turn in turns]
    assert "user" in speakers and "agent" in speakers
    first_user = speakers.index("user")
    assert "agent" in speakers[first_user + 1 :], "the agent answers after the person has spoken"
    assert any(turn["text"] for turn in turns if turn["speaker"] == "user"), "some words are recognised"
    agent, rate_hz = soundfile.read(session / "agent.wav")
    assert abs(agent).max() > 0.05, "the answer can be heard"
    user, user_rate_hz = soundfile.read(session / "user.wav")
    assert abs(len(agent) / rate_hz - len(user) / user_rate_hz) < 0.1, "both channels share one time axis"


def test_the_summary_names_every_latency(session: Path) -> None:
    latency_ms = summary_of(session)["latency_ms"]
    for name in LATENCIES:
        assert set(latency_ms[name]) >= {"p50", "p95", "max", "count"}
    assert latency_ms["end_of_turn_to_first_audio"]["count"] >= 1
    assert latency_ms["asr_final_after_end"]["count"] >= 1


def test_every_intention_has_one_verdict_and_one_end(session: Path) -> None:
    for intention in read_jsonl(session / "intentions.jsonl"):
        states = [state["state"] for state in intention["states"]]
        assert states[0] in {"accepted", "rejected"}
        assert states[-1] in {"finished", "superseded", "expired", "rejected", "cancelled"}


def run_twice(attune: Attune, tmp_path: Path, audio: Path, seeds: tuple[int, int]) -> tuple[Path, Path]:
    folders = []
    for number, seed in enumerate(seeds):
        out = tmp_path / f"run{number}"
        done = attune("run", "--audio", audio, "--out", out, "--speed", "max", "--seed", str(seed))
        assert done.returncode == 0, done.stderr
        folders.append(out)
    return folders[0], folders[1]


def test_two_runs_with_one_seed_are_equal_to_the_byte(attune: Attune, spoken: Spoken, tmp_path: Path) -> None:
    audio = spoken([("hello, my name is Anna.", 1.5), ("I feel sad today.", 4.0), ("goodbye.", 2.0)])
    one, other = run_twice(attune, tmp_path, audio, (11, 11))
    for name in ("motion.bvh", "transcript.jsonl", "intentions.jsonl", "agent.wav", "user.wav"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    assert len(read_jsonl(one / "transcript.jsonl")) >= 4


def test_another_seed_moves_otherwise(attune: Attune, spoken: Spoken, tmp_path: Path) -> None:
    audio = spoken([("hello there.", 1.5)])
    one, other = run_twice(attune, tmp_path, audio, (1, 2))
    assert (one / "motion.bvh").read_bytes() != (other / "motion.bvh").read_bytes()


def test_speech_over_the_agents_voice_stops_it(attune: Attune, spoken: Spoken, tmp_path: Path) -> None:
    audio = spoken([("what can you do?", 1.3), ("wait wait, please stop, I want to say something else now.", 2.0)])
    out = tmp_path / "s"
    assert attune("run", "--audio", audio, "--out", out, "--speed", "max").returncode == 0
    interrupted = [turn for turn in summary_of(out)["turns"] if turn["interrupted"]]
    assert interrupted and interrupted[0]["speaker"] == "agent"
    assert len(interrupted[0]["heard"]) < len(
        "I can listen and talk with you, show gestures, and notice when somebody comes"
    )
    assert summary_of(out)["latency_ms"]["barge_in_to_silence"]["max"] <= 150
