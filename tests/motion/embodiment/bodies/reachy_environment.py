"""The real daemon of Reachy Mini in an environment of its own: it pins libraries that cannot share Attune's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VERSION = "1.12.0"
MEND = (
    "apt-get install pkg-config gcc python3-dev libcairo2-dev libgirepository1.0-dev gir1.2-gstreamer-1.0 "
    "gir1.2-gst-plugins-base-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad; "
    f"python3.11 -m venv REACHY && REACHY/bin/pip install reachy-mini=={VERSION}, "
    "then export ATTUNE_REACHY_PYTHON=REACHY/bin/python"
)


def make(folder: Path) -> Path:
    """Make the environment; raises CalledProcessError where it cannot be made (its PyGObject is built from source)."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", f"reachy-mini=={VERSION}"]
    subprocess.run(pip, check=True, capture_output=True, timeout=280)
    return folder / "bin" / "python"


@contextmanager
def daemon(python: Path, port: int, home: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the daemon with simulated kinematics, offline, and wait until it answers. It takes over three seconds to end: it is killed."""
    environment = {**os.environ, "HOME": str(home), "HF_HUB_OFFLINE": "1"}
    environment.pop("PYTHONPATH", None)
    command = [str(python.with_name("reachy-mini-daemon")), "--mockup-sim", "--headless", "--no-media", *more]
    with open(home / "daemon.log", "wb") as log:
        process = subprocess.Popen(
            [*command, "--fastapi-port", str(port)], env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise RuntimeError((home / "daemon.log").read_text()[-600:])
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/state/full", timeout=2):
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
