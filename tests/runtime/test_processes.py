"""What the operating system says about the house's processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from runtime.processes import own_rss_mb, processes_of_sessions

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="there is no /proc on this system")
LOOKED_AT = 60_000


def test_a_room_and_its_workers_are_found_by_their_session() -> None:
    room = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); import time; time.sleep(60)'])"
    with subprocess.Popen([sys.executable, "-c", room], stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            found = processes_of_sessions({process.pid})
            assert [info.session for info in found] == [process.pid] * 2
            assert found[0].pid == process.pid
            assert all(info.rss_mb > 1.0 and "python" in info.name for info in found)
        finally:
            os.killpg(process.pid, 9)
    deadline = time.monotonic() + 20.0
    while processes_of_sessions({process.pid}):  # who adopts the inner process takes its time to bury it
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_looking_again_and_again_leaves_nothing_behind() -> None:
    """Paths of `pathlib` intern their parts: that once made the supervisor's table of strings grow by a megabyte in ten minutes."""
    here = {os.getsid(0)}
    processes_of_sessions(here)
    number = len([entry for entry in os.listdir("/proc") if entry.isdigit()])
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(LOOKED_AT // number):
            assert processes_of_sessions(here)
            assert own_rss_mb() > 1.0
        assert tracemalloc.get_traced_memory()[0] - before < 50_000
    finally:
        tracemalloc.stop()
