"""Strangers who come and go with the long-term memory on: what grows with them is bounded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cognitive.bench.visitors import AT_ONCE, BYTES_MAX, run
from cognitive.memory.consent import LINKS_MAX
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.schema import WAL_BYTES
from cognitive.memory.store import FILE_BYTES_MAX
from runtime.paths import launch_dir
from runtime.settings import CognitiveSettings

ROOT = launch_dir().parent


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.timeout(600)
def test_two_hours_of_visitors_keep_state_and_file_within_bounds(tmp_path: Path) -> None:
    day = run(CognitiveSettings(), tmp_path, hours=2)
    assert day.visitors > 100 and day.agreed > 20 and day.forgotten >= 3
    assert not {"memory_long_term_failures", "memory_jobs_failed", "memory_task_restarts"} & set(day.counters), (
        day.counters
    )
    assert max(day.state_bytes) <= 1.25 * day.state_bytes[0] <= FILE_BYTES_MAX / 4
    assert max(day.file_bytes) <= 2 * BYTES_MAX + WAL_BYTES
    for lengths in day.lengths:
        assert lengths["people"] <= 32 and lengths["minds"] <= 32 and lengths["links"] <= LINKS_MAX
        assert lengths["facts"] <= 64 and lengths["believers"] <= 32 and lengths["ended"] <= AT_ONCE
        assert lengths["promises"] <= 64
    memory = LongTermMemory(tmp_path / "memory")
    assert memory.warning == "" and len(memory.people()) == day.remembered
    assert 10 <= day.remembered <= day.agreed - day.forgotten + 5
    assert sum(row.facts for row in memory.people()) > 20
    memory.close()


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.timeout(600)
def test_the_bench_reports_growth_by_the_hour(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "bench_cognitive.py"), "--visitors", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=True)
    figures = json.loads(done.stdout)
    assert figures["hours"] == 1 and figures["visitors"] > 50 and figures["rss_growth_mb"] == 0
    assert len(figures["rss_mb_by_hour"]) == len(figures["memory_file_bytes_by_hour"]) == 1
