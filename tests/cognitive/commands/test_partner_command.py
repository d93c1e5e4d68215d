"""`attune partner`: what it writes, what it says is wrong before any session."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cognitive.commands.partner import app, summarised
from cognitive.partner.outcome import Outcome
from runtime.errors import AttuneError


def call(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    return result


def test_sessions_are_lines_of_json_and_summed_up(tmp_path):
    out = tmp_path / "out"
    result = call("run", "--sessions", 2, "--seed", 5, "--out", out, "--person", "ben", "--processes", 1)
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in (out / "sessions.jsonl").read_text().splitlines()]
    assert [line["session"] for line in lines] == [0, 1] and {line["person"] for line in lines} == {"Ben"}
    assert {"goals_reached", "turns", "interruptions", "taken_up", "ignored", "unwelcome", "satisfaction"} <= set(
        lines[0]
    )
    summary = json.loads((out / "summary.json").read_text())
    assert summary["sessions"] == 2 and summary["failed"] == 0 and "sessions_per_minute" in result.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--level", "thought"], "there is no such level"),
        (["--person", "nobody"], "nobody"),
        (["--set", "voice.tts=loud"], "voice.tts"),
        (["--profile", "nosuch"], "nosuch"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_written(tmp_path, arguments, says):
    with pytest.raises(AttuneError, match=says):
        call("run", "--out", tmp_path / "out", *arguments)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_is_not_written_into(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(AttuneError, match="exists already"):
        call("run", "--out", tmp_path)


def test_everybody_who_ships_is_listed():
    assert {"anna", "ben", "carla", "david"} <= {line.split()[0] for line in call("people").output.splitlines()}


def test_a_failed_session_counts_as_such_and_not_in_the_means():
    good, bad = Outcome(goals=1, goals_reached=1, satisfaction=0.8), Outcome(error="x.py:1", satisfaction=0.0)
    summary = summarised([good, bad], 60.0)
    assert (summary["failed"], summary["satisfaction"], summary["sessions_per_minute"]) == (1, 0.8, 2.0)
