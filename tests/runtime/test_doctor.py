"""The doctor: each finding has a status and a mend, probes cannot hurt it, and --json is one object and nothing else."""

from __future__ import annotations

import array
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from runtime import cli, doctor, doctor_senses, probes
from runtime.check import Check
from runtime.doctor import (
    look_at_data,
    look_at_libraries,
    look_at_models,
    look_at_ports,
    look_at_profiles,
    look_at_ros,
)
from runtime.doctor_senses import (
    judge_audio,
    judge_face_mesh,
    look_at_echo,
    look_at_face_mesh,
    look_at_recognisers,
    mesh_version,
    meter,
)
from runtime.probes import level_dbfs, run_probe


def test_json_is_one_object_with_status_and_mend_for_each_line(capsys: pytest.CaptureFixture[str]) -> None:
    status = cli.main(["doctor", "--json"])
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert status == (0 if found["ok"] else 1)
    names = [check["name"] for check in found["checks"]]
    expected = [
        "python",
        "extra agent",
        "model silero-vad",
        "gpu",
        "voice",
        "audio input",
        "echo",
        "camera",
        "face mesh",
        "port 8765",
        "ros",
        "disk here",
        "data",
    ]
    assert [name for name in expected if name not in names] == []
    for check in found["checks"]:
        assert check["status"] in ("ok", "warn", "missing") and check["detail"], check
        assert check["status"] == "ok" or check["mend"], check


def test_the_face_mesh_is_told_with_the_two_commands_that_make_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ATTUNE_MEDIAPIPE_PYTHON", raising=False)
    (missing,) = look_at_face_mesh()
    assert missing.status == "missing"
    assert not missing.required
    assert "-m venv" in missing.mend
    assert "pip install mediapipe==0.10.21" in missing.mend
    monkeypatch.setenv("ATTUNE_MEDIAPIPE_PYTHON", sys.executable)
    (without,) = look_at_face_mesh()
    assert (without.status, sys.executable in without.detail) == ("warn", True)
    assert mesh_version(str(tmp_path / "none")) is None
    assert judge_face_mesh("p", "0.10.21").status == "ok"
    assert judge_face_mesh("p", "1.2.2").status == "warn"


def test_a_missing_extra_is_not_required_but_the_agents_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "installed_version", lambda library: None)
    checks = {check.name: check for check in look_at_libraries()}
    assert all(check.status == "missing" and "pip install" in check.mend for check in checks.values())
    assert [name for name, check in checks.items() if check.required] == ["extra agent"]
    assert "portaudio19-dev" in checks["extra mic"].mend


def test_each_recogniser_says_what_it_needs_and_the_embedded_one_how_well_it_hears(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr(doctor_senses, "is_importable", lambda module: module == "pocketsphinx")
    checks = {check.name: check for check in look_at_recognisers()}
    assert "40 %" in checks["asr pocketsphinx"].detail
    assert "pip install 'attune[asr-stream]'" in checks["asr sherpa"].mend
    assert "hearing.asr_model" in checks["asr faster-whisper"].mend
    assert "OPENAI_API_KEY is not set" in checks["asr openai"].detail
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setattr(doctor_senses, "is_importable", lambda module: module == "sherpa_onnx")
    checks = {check.name: check for check in look_at_recognisers()}
    assert checks["asr pocketsphinx"].status == "missing"
    assert checks["asr sherpa"].status == "ok"
    assert "is set" in checks["asr openai"].detail
    assert not any("secret" in check.detail + check.mend for check in checks.values())


def test_a_damaged_shipped_model_is_required_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import runtime.models

    monkeypatch.setattr(
        runtime.models, "verify", lambda names: ({"silero-vad": {"a.onnx": "wrong hash"}}, ["silero-vad/a.onnx"])
    )
    (check,) = look_at_models()
    assert check.status == "missing" and check.required and "restore" in check.mend


def test_profiles_are_listed_with_what_they_are_for_and_a_bad_one_with_its_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = {check.name: check for check in look_at_profiles()}
    assert {check.status for check in checks.values()} == {"ok"}
    assert checks["profile quiet"].detail.startswith("No initiative")
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "cpu.yaml").write_text("loop: {tick: 50}")
    monkeypatch.setattr("runtime.launch_files.launch_dir", lambda: tmp_path)
    (check,) = look_at_profiles()
    assert check.required and check.status == "missing" and "tick_hz" in check.mend


def test_what_cannot_run_is_exit_status_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "LOOKS", (lambda: iter([Check("x", "missing", "gone", "bring it", required=True)]),))
    assert cli.main(["doctor"]) == 1
    assert "-> bring it" in capsys.readouterr().out
    monkeypatch.setattr(doctor, "LOOKS", (lambda: iter([Check("x", "missing", "gone", "bring it")]),))
    assert cli.main(["doctor"]) == 0


def test_a_missing_or_broken_echo_canceller_is_said_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    assert next(look_at_echo()).status == "ok", next(look_at_echo())
    monkeypatch.setattr(doctor_senses, "run_probe", lambda name: {"error": "OSError: cannot load"})
    assert next(look_at_echo()).status == "warn"
    monkeypatch.setattr(doctor_senses, "is_importable", lambda module: False)
    check = next(look_at_echo())
    assert check.status == "missing" and "headset" in check.detail and "attune[aec]" in check.mend


def test_a_port_in_use_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(doctor, "PORTS", {port: "a test"})
        (check,) = look_at_ports()
    assert check.status == "warn" and check.name == f"port {port}"


def test_ros_without_rclpy_is_told_from_no_ros(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROS_DISTRO", raising=False)
    assert next(look_at_ros()).status == "missing"
    monkeypatch.setenv("ROS_DISTRO", "jazzy")
    monkeypatch.setattr(doctor, "run_probe", lambda name: {"error": "ModuleNotFoundError"})
    assert next(look_at_ros()).status == "warn"
    monkeypatch.setattr(doctor, "run_probe", lambda name: {"path": "/x"})
    assert next(look_at_ros()).status == "ok"


def test_data_is_found_by_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    monkeypatch.setenv("ATTUNE_DATA", str(tmp_path))
    assert next(look_at_data()).status == "ok"
    monkeypatch.setenv("ATTUNE_DATA", str(tmp_path / "absent"))
    assert next(look_at_data()).mend.startswith("only needed for tests")


@pytest.mark.parametrize(("found", "status", "part"), [
    ({"error": "no answer within 20 s"}, "warn", "PortAudio fails"),
    ({"inputs": []}, "missing", "no input device"),
    ({"inputs": ["a"], "input_error": "busy"}, "warn", "none opens: busy"),
    ({"inputs": ["a"], "input": "a", "levels_dbfs": [-120.0, -120.0]}, "warn", "-120 dBFS"),
    ({"inputs": ["a"], "input": "a", "levels_dbfs": [-60.0, -30.0]}, "ok", "[##########..........] -30 dBFS"),
])  # fmt: skip
def test_the_audio_line_says_what_the_probe_found(found: dict[str, object], status: str, part: str) -> None:
    check = judge_audio(found)
    assert check.status == status and part in check.detail
    assert status == "ok" or check.mend


def test_levels_are_rms_in_dbfs() -> None:
    assert level_dbfs(array.array("h", [32_767, -32_767] * 100)) == pytest.approx(0, abs=0.01)
    assert level_dbfs(array.array("h", [3_277, -3_277] * 100)) == pytest.approx(-20, abs=0.01)
    assert level_dbfs(array.array("h", [0] * 100)) == -120
    assert level_dbfs(array.array("h")) == -120
    assert (meter(0), meter(-60), meter(-120), meter(6)) == ("#" * 20, "." * 20, "." * 20, "#" * 20)


def test_a_probe_that_fails_crashes_or_hangs_is_a_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run_probe("nonsense")["error"].startswith("ended with status 1")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "absent"))
    assert "cannot be started" in run_probe("audio")["error"]

    def hangs(*args: object, **kwargs: object) -> object:
        raise subprocess.TimeoutExpired("python", 1)

    monkeypatch.setattr(probes.subprocess, "run", hangs)
    assert run_probe("audio", timeout_s=1) == {"error": "no answer within 1 s"}


def test_the_voice_speaks_a_word_in_a_process_of_its_own() -> None:
    pytest.importorskip("espeakng_loader")
    assert 0.2 < run_probe("espeak")["spoken_s"] < 2.0


def test_the_onnxruntime_probe_opens_a_real_session() -> None:
    pytest.importorskip("onnxruntime")
    assert "CPUExecutionProvider" in run_probe("onnxruntime")["working"]


@pytest.mark.pulse
def test_the_level_meter_hears_a_real_sound_server(
    pulse_server: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(
        "pyaudio", reason="PyAudio is not installed: apt-get install portaudio19-dev gcc, pip install 'attune[mic]'"
    )
    for key in ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PULSE_SERVER"):
        monkeypatch.setenv(key, pulse_server[key])
    found = run_probe("audio")
    assert "error" not in found and "input_error" not in found, found
    assert len(found["levels_dbfs"]) == 10
    assert judge_audio(found).status == "warn"  # a null sink's monitor is silent
