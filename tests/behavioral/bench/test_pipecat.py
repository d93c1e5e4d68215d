"""The peer of the bench: a real pipecat where its environment is, and what is made of strangers that are none."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from behavioral.bench.outcome import overlap_outcomes
from behavioral.bench.parts import spoken_parts
from behavioral.bench.pipecat import (
    MAX_PRINTED_BYTES,
    PIPECAT_MEND,
    REPLY_S,
    TORN_S,
    Stop,
    answers,
    hear_pipecat,
    pipecat_versions,
    play_to_pipecat,
)
from behavioral.bench.script import Script, Writer
from runtime.errors import AttuneError

SILENCE = Script(np.zeros(1_600, np.float32), ())
GOOD = {"pipecat": "1.14.0", "onnxruntime": "1.32.0", "late_ms": 2.5, "stretches": [[1.0, 1.04, 1], [1.04, 1.08, 1]]}


def stranger(folder: Path, does: str) -> str:
    """Return a program that stands where pipecat's Python is expected."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return str(path)


def said(folder: Path, report: object) -> str:
    """Return a stranger that prints a report, and what it was started with into `argv` and `env`."""
    (folder / "report").write_text(report if isinstance(report, str) else json.dumps(report))
    keep = f'echo "$@" > {folder}/argv; env > {folder}/env; cp "$3" {folder}/heard.wav'
    return stranger(folder, f"{keep}; cat {folder}/report")


def test_blocks_of_one_answer_are_one_interval_even_where_a_loaded_machine_tore_it() -> None:
    assert answers([]) == []
    assert answers([(1.0, 1.04, 1), (1.04, 1.08, 1), (1.3, 1.34, 1)]) == [(1.0, 1.34)]


def test_an_answer_that_was_interrupted_and_begins_anew_soon_is_two() -> None:
    assert answers([(1.0, 1.04, 1), (1.3, 1.34, 2)]) == [(1.0, 1.04), (1.3, 1.34)]


def test_an_answer_long_after_another_is_of_its_own() -> None:
    assert answers([(1.0, 1.04, 1), (3.0, 3.04, 1)]) == [(1.0, 1.04), (3.0, 3.04)]


def test_the_report_is_read(tmp_path: Path) -> None:
    heard = play_to_pipecat(SILENCE, said(tmp_path, GOOD), stop="timeout")
    assert (heard.voice, heard.late_ms, heard.pipecat, heard.onnxruntime) == ([(1.0, 1.08)], 2.5, "1.14.0", "1.32.0")


def test_the_peer_runs_isolated_with_the_script_and_without_anybodys_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("PYTHONPATH", "/attune")
    hear_pipecat(SILENCE, said(tmp_path, GOOD), stop="smart-turn")
    argv = (tmp_path / "argv").read_text().split()
    assert argv[0] == "-I" and argv[1].endswith("pipecat_peer.py") and argv[3:5] == ["--stop", "smart-turn"]
    assert (tmp_path / "heard.wav").stat().st_size == 44 + 2 * len(SILENCE.samples)
    environment = (tmp_path / "env").read_text()
    assert "secret" not in environment and "PYTHONPATH" not in environment


def test_a_python_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="cannot be started") as caught:
        hear_pipecat(SILENCE, str(tmp_path / "absent"), stop="timeout")
    assert caught.value.mend == PIPECAT_MEND


def test_a_python_without_pipecat_says_how_to_make_one(tmp_path: Path) -> None:
    bare = stranger(tmp_path, f'exec {sys.executable} -S "$@"')  # a real Python that sees no installed package
    with pytest.raises(AttuneError, match=r"has no pipecat-ai 1.*ModuleNotFoundError") as caught:
        pipecat_versions(bare)
    assert caught.value.mend == PIPECAT_MEND


@pytest.mark.parametrize(
    "report",
    [
        "",
        "Hello!",
        "[]",
        "{}",
        json.dumps(GOOD)[:-5],
        GOOD | {"stretches": [[1.0, "soon", 1]]},
        GOOD | {"stretches": [[1.0, 1.04]]},
        GOOD | {"stretches": [[2.0, 1.0, 1]]},
        GOOD | {"stretches": [[2.0, 2.04, 1], [1.0, 1.04, 1]]},
        '{"pipecat": "1", "onnxruntime": "1", "stretches": [[NaN, 1.0, 1]]}',
    ],
)
def test_nonsense_is_one_error(tmp_path: Path, report: object) -> None:
    with pytest.raises(AttuneError, match="report cannot be read"):
        hear_pipecat(SILENCE, said(tmp_path, report), stop="timeout")


def test_a_crash_in_the_middle_is_told_with_its_last_words(tmp_path: Path) -> None:
    crash = stranger(tmp_path, f"printf '%s' '{json.dumps(GOOD)}'; echo first >&2; echo out of memory >&2; kill -9 $$")
    with pytest.raises(AttuneError, match="status -9: out of memory"):
        hear_pipecat(SILENCE, crash, stop="timeout")


def test_a_run_far_over_time_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    hangs = stranger(tmp_path, f"sleep 600 & echo $! > {tmp_path}/pid; wait")
    with pytest.raises(AttuneError, match="did not end within"):
        play_to_pipecat(SILENCE, hangs, stop="timeout", start_s=0.5)
    status = Path(f"/proc/{int((tmp_path / 'pid').read_text())}/status")
    assert not status.exists() or "State:\tZ" in status.read_text()


def test_a_flood_is_ended(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match=f"printed over {MAX_PRINTED_BYTES >> 20} MiB"):
        hear_pipecat(SILENCE, stranger(tmp_path, "yes"), stop="timeout")


@pytest.mark.slow
@pytest.mark.parametrize("stop", ["smart-turn", "timeout"])
def test_a_real_pipecat_answers_each_of_two_turns(pipecat_python: str, stop: Stop) -> None:
    writer = Writer(1)
    for part in spoken_parts(["Thank you very much.", "My name is Anna."]):
        writer.turn(part)
    script = writer.script()
    heard = play_to_pipecat(script, pipecat_python, stop=stop)
    for turn in script.sounds:
        answer = [begin for begin, _ in heard.voice if turn.end_s < begin < turn.end_s + 7.0]
        assert answer, (turn, heard.voice)
    assert not any(begin < script.sounds[0].end_s for begin, _ in heard.voice)
    assert all(end - begin < REPLY_S + TORN_S for begin, end in heard.voice)
    assert heard.pipecat and heard.onnxruntime


@pytest.mark.slow
def test_a_real_pipecat_is_interrupted(pipecat_python: str) -> None:
    turn, over = spoken_parts(["My name is Anna.", "No, please wait a moment."])
    writer = Writer(1)
    writer.turn(turn)
    writer.over_the_answer("interruption", "wait", over.pieces[0], "voice")
    script = writer.script()
    heard = play_to_pipecat(script, pipecat_python, stop="timeout")
    (overlap,) = overlap_outcomes(script, heard.voice, REPLY_S)
    assert overlap.over_speech and overlap.stopped_after_ms is not None, heard.voice
    assert heard.voice[-1][0] > script.sounds[-1].end_s  # and answers what interrupted it
