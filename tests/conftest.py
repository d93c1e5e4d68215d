"""What tests may ask for of the machine, which of them run beside others, and the rule that in CI nothing is skipped unseen.

Quick tests and those marked `computing` share the cores (`make test`); whatever else is `slow` waits for clocks, devices, browsers or
processes, and has the machine to itself.

`--no-skips` (CI) turns every skip into a failure of the run, except for what no package can bring: hardware, a ROS installation, models
that are not shipped, a second Python. Elsewhere a test whose system package is absent skips with the line that installs it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from behavioral.voice.tts.espeak import EspeakVoice

ALLOWED_SKIPS = (
    "no NVIDIA GPU",
    "no microphone",
    "no camera",
    "rclpy is not installed",
    "model is not pulled",
    "Python 3.10 is not installed",
    "no mediapipe environment",
    "no pipecat environment",
    "no reachy-mini environment",
    "no furhat environment",
)
"""Beginnings of the reasons that `--no-skips` lets pass."""

NEED_THE_MACHINE = {"pulse_server", "frail_pulse_server", "browser", "chromium_path"}
"""Fixtures of tests that cannot be `computing`."""

COMPUTING_TIMEOUT_S = 600
"""Who shares the cores may take longer than who has the machine: twice what pyproject.toml gives."""

WORKER = "PYTEST_XDIST_WORKER" in os.environ
"""Whether other tests run beside this process's."""

_skips: list[tuple[str, str]] = []

# As in any install, processes that tests start keep their byte code: without, each would compile everything anew, for seconds.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

if WORKER:  # each core has a process that computes: more threads would wait for each other. Before torch and numpy are imported.
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips", action="store_true", help="fail the run where a test is skipped for want of a package or data"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith("tests/e2e/"):  # whole sessions in real time, which others beside them would hold up
            item.add_marker("slow")
        if item.get_closest_marker("computing") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(COMPUTING_TIMEOUT_S))
    # Stable: quick tests first. On many cores last: what takes minutes begins at once, and quick ones fill the cores to the end.
    items.sort(key=lambda item: not item.get_closest_marker("computing") if WORKER else _turn(item))


def _turn(item: pytest.Item) -> int:
    if not item.get_closest_marker("slow"):
        return 0
    return 1 if item.get_closest_marker("computing") else 2


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test that is marked `computing` and is not."""
    if not item.get_closest_marker("computing"):
        return
    needs = NEED_THE_MACHINE.intersection(getattr(item, "fixturenames", ()))
    needs |= {name for name in ("pulse", "chromium") if item.get_closest_marker(name)}
    if needs:
        pytest.fail(f"it is marked computing, but needs {', '.join(sorted(needs))}: see the markers in pyproject.toml")
    if not item.get_closest_marker("slow"):
        pytest.fail("it is marked computing, but not slow: see the markers in pyproject.toml")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note_skip(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note_skip(report)


def _note_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        if not reason.startswith(ALLOWED_SKIPS):
            _skips.append((report.nodeid, reason))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("--no-skips") and _skips and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--no-skips") and _skips:
        terminalreporter.section("skipped, and --no-skips was given", red=True)
        for nodeid, reason in _skips:
            terminalreporter.line(f"{nodeid}: {reason}")


@pytest.fixture(scope="session")
def attune_data() -> Path:
    """Return the folder of real recordings."""
    folder = Path(os.environ.get("ATTUNE_DATA", ""))
    if not os.environ.get("ATTUNE_DATA") or not folder.is_dir():
        pytest.skip("ATTUNE_DATA names no folder: attune data pull, then export ATTUNE_DATA=FOLDER")
    return folder


@pytest.fixture(scope="module")
def espeak() -> Iterator[EspeakVoice]:
    """The real espeak-ng worker, where its library is installed."""
    from behavioral.voice.tts.espeak import EspeakVoice  # here: Python 3.10 has no agent
    from behavioral.voice.tts.open import espeak_installed
    from runtime.offload import InlineOffload
    from runtime.settings import VoiceSettings

    if not espeak_installed():
        pytest.skip("libespeak-ng is not installed; mend: pip install espeakng-loader")
    voice = EspeakVoice(VoiceSettings(), InlineOffload())
    yield voice
    voice.worker.kill()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the path of a Chromium or Chrome browser."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium: apt-get install chromium")


@pytest.fixture(scope="session")
def python310() -> str:
    """Return the path of a Python 3.10 that runs (a pyenv shim without a version behind it does not)."""
    candidates = [
        shutil.which("python3.10"),
        *sorted(str(p) for p in Path.home().glob(".pyenv/versions/3.10.*/bin/python")),
    ]
    for path in filter(None, candidates):
        if subprocess.run([path, "-c", ""], capture_output=True).returncode == 0:
            return path
    pytest.skip("Python 3.10 is not installed")


@pytest.fixture(scope="session")
def mediapipe_python() -> str:
    """Return the Python of an environment with mediapipe, which cannot share Attune's (it needs numpy 1)."""
    path = os.environ.get("ATTUNE_MEDIAPIPE_PYTHON", "")
    if not path or not Path(path).is_file():
        pytest.skip(
            "no mediapipe environment: python3.11 -m venv MESH && MESH/bin/pip install mediapipe==0.10.21, "
            "then export ATTUNE_MEDIAPIPE_PYTHON=MESH/bin/python"
        )
    return path


@pytest.fixture(scope="session")
def pipecat_python() -> str:
    """Return the Python of an environment with pipecat, which the bench compares Attune with."""
    from behavioral.bench.pipecat import PIPECAT_MEND  # here: Python 3.10 has no agent

    path = os.environ.get("ATTUNE_PIPECAT_PYTHON", "")
    if not path or not Path(path).is_file():
        pytest.skip(f"no pipecat environment: {PIPECAT_MEND}")
    return path


@pytest.fixture(scope="session")
def pulse_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Run a PulseAudio server of our own with one null sink `attune`; yield the environment that
    reaches it, through ALSA too (Debian: libasound2-plugins)."""
    with _pulseaudio(tmp_path_factory.mktemp("pulse"), "module-always-sink") as environment:
        yield environment


@pytest.fixture
def frail_pulse_server(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The same for one test, and without anything that stands in for the sink when it is unloaded."""
    (tmp_path / "pulse").mkdir()
    with _pulseaudio(tmp_path / "pulse") as environment:
        yield environment


@contextmanager
def _pulseaudio(home: Path, *modules: str) -> Iterator[dict[str, str]]:
    if not shutil.which("pulseaudio") or not shutil.which("pactl"):
        pytest.skip("no PulseAudio: apt-get install pulseaudio pulseaudio-utils")
    socket = home / "socket"
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "XDG_CONFIG_HOME": str(home),
        "PULSE_SERVER": f"unix:{socket}",
    }
    command = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--log-target=stderr"]
    command += ["-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"]
    for module in ("module-null-sink sink_name=attune rate=48000", *modules):
        command += ["-L", module]
    (home / ".asoundrc").write_text(
        "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
    )  # PortAudio speaks ALSA
    with open(home / "log", "wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(100):
            if subprocess.run(["pactl", "info"], env=environment, capture_output=True, timeout=10).returncode == 0:
                break
            if server.poll() is not None:
                pytest.fail(f"pulseaudio ended: {(home / 'log').read_text()[-400:]}")
            time.sleep(0.1)
        else:
            pytest.fail("pulseaudio did not answer within 10 s")
        yield environment
    finally:
        server.terminate()
        server.wait(timeout=10)
