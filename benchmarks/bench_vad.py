"""Voice activity on labelled real speech: Silero, WebRTC and an energy gate side by side.

    ATTUNE_DATA=FOLDER python benchmarks/bench_vad.py [--json]

Data: the AMI 30 s excerpts with speaker turns (four-party meetings, far from clean) and the LibriVox utterances with speech
boundaries. Each detector runs through the same gate with the profile's defaults. A block counts as speech by the gate's decisions,
dated to onset and offset; blocks whose middle is within 200 ms of a labelled boundary are not scored. CPU time per block is this
thread's.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from behavioral.hearing.blocks import BLOCK_NS, BLOCK_SAMPLES, SAMPLE_RATE_HZ, level_dbfs
from behavioral.hearing.events import SpeechOffset, SpeechOnset
from behavioral.hearing.gate import SpeechGate
from behavioral.hearing.vad import SileroVad, SpeechProbability, WebRtcVad, silero_model
from runtime.paths import data_dir
from runtime.settings import HearingSettings

COLLAR_S = 0.2
Spans = list[tuple[float, float]]


class EnergyGate:
    """The simplest detector: 10 dB over the quietest tenth of the last ten seconds, and over -50 dBFS."""

    name = "energy"
    reason = ""

    def __init__(self) -> None:
        """Begin without a past."""
        self._levels: list[float] = []

    def probability(self, block: NDArray[np.float32]) -> float:
        """Return 1 or 0 for the next block."""
        level = level_dbfs(block)
        self._levels = [*self._levels[-312:], level]
        floor = float(np.percentile(self._levels, 10))
        return 1.0 if level > max(floor + 10, -50.0) else 0.0

    def reset(self) -> None:
        """Forget the past."""
        self._levels = []


@dataclass
class Score:
    """Blocks by outcome, and what a block cost."""

    data: str
    detector: str
    blocks: int = 0
    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    rejections: int = 0
    f1: float = 0.0
    false_alarm_rate: float = 0.0
    ms_per_block_median: float = 0.0
    ms_per_block_p99: float = 0.0


def clips(folder: Path) -> Iterator[tuple[str, NDArray[np.float32], Spans]]:
    """Yield data set, samples and labelled speech of each clip."""
    meetings = folder / "ami-30s-excerpts"
    turns: dict[str, Spans] = {}
    for line in (meetings / "turns.rttm").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if fields[:1] == ["SPEAKER"]:
            turns.setdefault(fields[1], []).append((float(fields[3]), float(fields[3]) + float(fields[4])))
    for path in sorted(meetings.glob("*.flac")):
        yield "ami", _samples(path), turns.get(path.stem, [])
    for path in sorted((folder / "librivox-austen-aligned").glob("*.wav")):
        times = [float(line.split()[0]) for line in path.with_suffix(".lab").read_text(encoding="utf-8").splitlines()]
        yield "librivox", _samples(path), [(times[0], times[1])]


def judge(vad: SpeechProbability, samples: NDArray[np.float32]) -> tuple[NDArray[np.bool_], list[float]]:
    """Return whether each block is speech by the gate, and the detector's CPU milliseconds per block."""
    gate, cost = SpeechGate(HearingSettings()), []
    count = len(samples) // BLOCK_SAMPLES
    speech = np.zeros(count, bool)
    onset_ns = 0
    for index in range(count):
        block = samples[index * BLOCK_SAMPLES : (index + 1) * BLOCK_SAMPLES]
        before = time.thread_time_ns()
        probability = vad.probability(block)
        cost.append((time.thread_time_ns() - before) / 1e6)
        decision = gate.push(probability, index * BLOCK_NS)
        if isinstance(decision, SpeechOnset):
            onset_ns = decision.t_ns
        elif isinstance(decision, SpeechOffset):
            speech[onset_ns // BLOCK_NS : decision.t_ns // BLOCK_NS] = True
    if (last := gate.close()) is not None:
        speech[onset_ns // BLOCK_NS : last.t_ns // BLOCK_NS] = True
    return speech, cost


def reference(count: int, spans: Spans) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the label of each block, and whether it is scored."""
    middles = (np.arange(count) + 0.5) * BLOCK_NS / 1e9
    truth = np.zeros(count, bool)
    for start_s, end_s in spans:
        truth |= (middles >= start_s) & (middles < end_s)
    scored = np.ones(count, bool)
    for edge in np.flatnonzero(np.diff(truth.astype(int))) + 1:  # overlapping turns have no boundary inside
        scored &= np.abs(middles - edge * BLOCK_NS / 1e9) > COLLAR_S
    return truth, scored


def run(folder: Path) -> list[Score]:
    """Score every detector on every data set."""
    scores: dict[tuple[str, str], Score] = {}
    costs: dict[tuple[str, str], list[float]] = {}
    for data, samples, spans in clips(folder):
        for vad in (SileroVad(silero_model()), WebRtcVad(), EnergyGate()):
            key = (data, vad.name)
            score = scores.setdefault(key, Score(*key))
            found, cost = judge(vad, samples)
            costs.setdefault(key, []).extend(cost)
            truth, scored = reference(len(found), spans)
            score.blocks += int(scored.sum())
            score.hits += int((truth & found & scored).sum())
            score.misses += int((truth & ~found & scored).sum())
            score.false_alarms += int((~truth & found & scored).sum())
            score.rejections += int((~truth & ~found & scored).sum())
    for key, score in scores.items():
        score.f1 = round(2 * score.hits / max(1, 2 * score.hits + score.misses + score.false_alarms), 4)
        score.false_alarm_rate = round(score.false_alarms / max(1, score.false_alarms + score.rejections), 4)
        score.ms_per_block_median = round(float(np.median(costs[key])), 4)
        score.ms_per_block_p99 = round(float(np.percentile(costs[key], 99)), 4)
    return list(scores.values())


def _samples(path: Path) -> NDArray[np.float32]:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    if rate != SAMPLE_RATE_HZ:
        raise SystemExit(f"{path}: {rate} Hz; this benchmark's data is {SAMPLE_RATE_HZ} Hz")
    mono: NDArray[np.float32] = samples.mean(axis=1)
    return mono


def main() -> None:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    arguments = parser.parse_args()
    folder = data_dir()
    if folder is None:
        raise SystemExit("ATTUNE_DATA names no folder of real recordings")
    scores = run(folder)
    if arguments.json:
        print(json.dumps([asdict(score) for score in scores], indent=1))
        return
    print(f"{'data':10}{'detector':10}{'F1':>8}{'false alarms':>14}{'ms/block':>10}{'p99':>8}")
    for score in scores:
        cost = f"{score.ms_per_block_median:>10.3f}{score.ms_per_block_p99:>8.3f}"
        print(f"{score.data:10}{score.detector:10}{score.f1:>8.3f}{score.false_alarm_rate:>14.3f}{cost}")


if __name__ == "__main__":
    main()
