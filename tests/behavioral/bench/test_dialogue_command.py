"""`attune bench dialogue`: a short conversation with the whole agent, judged end to end."""

import json

import pytest
from typer.testing import CliRunner

from behavioral.bench.report import percentiles, share
from runtime.benches import app


@pytest.mark.slow
@pytest.mark.computing
def test_a_short_bench_on_virtual_time_answers_every_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATTUNE_DATA", raising=False)
    monkeypatch.delenv("ATTUNE_PIPECAT_PYTHON", raising=False)
    done = CliRunner().invoke(
        app,
        [
            "dialogue",
            "--json",
            "--speed",
            "max",
            "--lines",
            "2",
            "--echo-minutes",
            "0",
            "--set",
            "motion.generator=procedural",
        ],
    )
    assert done.exit_code == 0, done.output
    figures = json.loads(done.output)
    assert figures["turns"] == 4 and figures["missed_end_rate"] == 0.0
    assert 200 <= figures["voice_to_voice_ms"]["p50"] <= 1_000
    assert figures["voice_to_voice_ms"]["p50"] <= figures["voice_to_voice_ms"]["p95"]
    assert figures["own_overhead_ms"]["p95"] is not None
    for name in ("cut_in_rate", "backchannel_stop_rate", "barge_in_to_silence_ms", "self_interruptions"):
        assert name in figures
    assert figures["agent_backchannels_per_min"] is not None
    peer = figures["peers"]["pipecat"]
    assert peer["voice_to_voice_ms"] == {"p50": None, "p95": None} and "pipecat-ai" in peer["reason"]


def test_a_wrong_speed_is_one_error() -> None:
    done = CliRunner().invoke(app, ["dialogue", "--speed", "warp"])
    assert done.exit_code != 0 and "warp" in str(done.exception)


def test_percentiles_are_values_that_occurred() -> None:
    assert percentiles([5.0, 1.0, 3.0]) == {"p50": 3.0, "p95": 5.0, "count": 3}
    assert percentiles([]) == {"p50": None, "p95": None, "count": 0}
    assert share(1, 3) == 0.3333 and share(0, 0) is None
