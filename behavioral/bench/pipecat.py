"""Lets a pipecat pipeline hear the same script as Attune, under pipecat's own Python, and returns when its voice sounded.

`pipecat_peer.py` is the pipeline and says how it is set up; it is started as a process of its own with no more of this process's
environment than a program needs (no key of anybody's), offline, and plays the script in real time: blocking for as long as the script
lasts. What it prints is read as the words of a stranger: limited in size, checked, and a wrong interpreter, a crash, nonsense or a run
far over time is one error for people. Seconds from the script's start.

An answer that an overlap stops and that begins anew 0.4 s later is two: the peer says how many interruptions came before each stretch of
sound, and only stretches of the same number are joined, over the gaps that a loaded machine tears into an answer.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Literal

import msgspec

from behavioral.bench.outcome import Interval
from behavioral.bench.script import Script
from behavioral.hearing.blocks import SAMPLE_RATE_HZ
from runtime.errors import AttuneError

PIPECAT_VERSION = "1.14.0"
PIPECAT_MEND = (
    f"python3 -m venv PIPECAT && PIPECAT/bin/pip install pipecat-ai=={PIPECAT_VERSION}, "
    "then export ATTUNE_PIPECAT_PYTHON=PIPECAT/bin/python"
)
REPLY_S = 5.0
"""How long an answer of pipecat's sounds where nothing stops it; `outcome.overlap_outcomes` has to know."""
TORN_S = 0.6
"""Gaps of one answer that are shorter do not end it; Attune's own pauses between clauses are judged by the same length."""
OVERLAPPED_S = 0.001
START_S = 60.0
"""What loading, the last answer and the end may take beside the script."""
MAX_PRINTED_BYTES = 8 << 20
"""A stretch is under 30 bytes and lasts 40 ms: hours."""
MAX_COMPLAINT_BYTES = 64 << 10

Stop = Literal["smart-turn", "timeout"]
Stretch = tuple[float, float, int]

_PEER = Path(__file__).with_name("pipecat_peer.py")
_LOOK_S = 0.2
_KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")


class Report(msgspec.Struct, frozen=True):
    """What the peer prints: versions, lateness of the recording's blocks (ms), stretches of sound (s, s, interruptions before it)."""

    pipecat: str
    onnxruntime: str
    late_ms: float = 0.0
    stretches: list[Stretch] = []


@dataclass(frozen=True, slots=True)
class PipecatHeard:
    """What came back from a script.

    Attributes:
        voice: intervals (s from the script's start) in which the peer sounded.
        late_ms: the most that a block of the script reached it after its time: a loaded machine shows here.
        pipecat: version of pipecat-ai.
        onnxruntime: version of what ran its networks.
    """

    voice: list[Interval]
    late_ms: float
    pipecat: str
    onnxruntime: str


def hear_pipecat(script: Script, python: str, *, stop: Stop) -> list[Interval]:
    """Play a script to pipecat, in real time, and return the intervals (s) in which its voice sounded.

    Args:
        script: what it hears.
        python: interpreter of an environment with pipecat-ai.
        stop: what ends a turn: `smart-turn`, pipecat's default, or `timeout`, its plain one.

    Raises:
        AttuneError: the environment is wrong, or the run did not end as meant.
    """
    return play_to_pipecat(script, python, stop=stop).voice


def play_to_pipecat(script: Script, python: str, *, stop: Stop, start_s: float = START_S) -> PipecatHeard:
    """Do as `hear_pipecat`, and return all that came back.

    Raises:
        AttuneError: as `hear_pipecat`.
    """
    length_s = len(script.samples) / SAMPLE_RATE_HZ
    with tempfile.TemporaryDirectory(prefix="attune-pipecat-") as name:
        recording = Path(name) / "person.wav"
        script.write(recording)
        arguments = [str(recording), "--stop", stop, "--reply-s", str(REPLY_S)]
        report = _report(_run(python, arguments, length_s + start_s))
    return PipecatHeard(answers(_in_order(report.stretches)), report.late_ms, report.pipecat, report.onnxruntime)


def pipecat_versions(python: str) -> dict[str, str]:
    """Return the versions of pipecat and of what runs its networks, in some seconds, without a script.

    Raises:
        AttuneError: the interpreter is none, or has no pipecat that the peer can use.
    """
    report = _report(_run(python, ["--version"], START_S))
    return {"pipecat": report.pipecat, "onnxruntime": report.onnxruntime}


def answers(stretches: Sequence[Stretch]) -> list[Interval]:
    """Join stretches, in order of time, into the intervals in which one answer sounded."""
    intervals: list[Interval] = []
    number = -1
    for begin, end, interruptions in stretches:
        if intervals and interruptions == number and begin - intervals[-1][1] < TORN_S:
            intervals[-1] = (intervals[-1][0], end)
        else:
            intervals.append((begin, end))
        number = interruptions
    return intervals


def _run(python: str, arguments: Sequence[str], limit_s: float) -> bytes:
    """Run the peer and return what it printed."""
    # -I: neither this folder, with its pipecat.py, nor PYTHONPATH comes before pipecat's own libraries.
    command = [python, "-I", str(_PEER), *arguments]
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complained:
        status = _wait(command, printed, complained, limit_s)
        complained.seek(max(0, complained.seek(0, os.SEEK_END) - MAX_COMPLAINT_BYTES))
        lines = complained.read().decode(errors="replace").strip().splitlines()
        last = lines[-1][:300] if lines else "it said nothing"
        if status == 3:
            raise AttuneError(f"pipecat: {python} has no pipecat-ai {PIPECAT_VERSION} ({last})", PIPECAT_MEND)
        if status:
            raise AttuneError(f"pipecat ended with status {status}: {last}", PIPECAT_MEND)
        printed.seek(0)
        return printed.read(MAX_PRINTED_BYTES)


def _wait(command: Sequence[str], printed: IO[bytes], complained: IO[bytes], limit_s: float) -> int:
    """Run a program to its end and return its status; ended where it takes too long or prints too much."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"HF_HUB_OFFLINE": "1"}
    until_s = time.monotonic() + limit_s
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=complained,
            start_new_session=True,
        )
    except OSError as error:
        raise AttuneError(f"pipecat: {command[0]} cannot be started ({error.strerror})", PIPECAT_MEND) from error
    try:
        while True:
            try:
                return process.wait(_LOOK_S)
            except subprocess.TimeoutExpired:
                if time.monotonic() > until_s:
                    raise AttuneError(f"pipecat did not end within {limit_s:.0f} s", PIPECAT_MEND) from None
                if max(os.fstat(file.fileno()).st_size for file in (printed, complained)) > MAX_PRINTED_BYTES:
                    raise AttuneError(f"pipecat printed over {MAX_PRINTED_BYTES >> 20} MiB", PIPECAT_MEND) from None
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _report(printed: bytes) -> Report:
    try:
        return msgspec.json.decode(printed, type=Report)
    except msgspec.DecodeError as error:
        raise AttuneError(f"pipecat: its report cannot be read ({error})", PIPECAT_MEND) from error


def _in_order(stretches: Sequence[Stretch]) -> Sequence[Stretch]:
    """Return the stretches if they can be those of one voice."""
    backwards = any(end < begin for begin, end, _ in stretches)
    if backwards or any(later[0] < earlier[1] - OVERLAPPED_S for earlier, later in pairwise(stretches)):
        raise AttuneError("pipecat: its report cannot be read (stretches of sound are out of order)", PIPECAT_MEND)
    return stretches
