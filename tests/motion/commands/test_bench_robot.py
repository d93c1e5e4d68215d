"""`attune bench robot` prints what the issue of bodies names, per body."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
from runtime.benches import app


def test_it_prints_each_figure_of_a_body() -> None:
    done = CliRunner().invoke(app, ["robot", "--body", "attune", "--ticks", "400", "--json"])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)["attune"]
    assert figures["ticks"] == 400
    assert figures["limit_violations"] == 0
    assert figures["self_collision_rate"].keys() >= {"before", "after"}
    assert figures["filter_ms"]["p95"] > 0
    assert figures["watchdog_ms"].keys() == {"max"}
    assert figures["tracking_error_deg"].keys() == {"p50", "p95"}
