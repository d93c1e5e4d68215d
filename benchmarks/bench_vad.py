"""Voice activity on labelled real speech: Silero, WebRTC and an energy gate side by side.

    ATTUNE_DATA=FOLDER python benchmarks/bench_vad.py [--json]

Data: the AMI 30 s excerpts with speaker turns (four-party meetings, far from clean) and the LibriVox utterances with speech
boundaries. Each detector runs through the same gate with the profile's defaults. A block counts as speech by the gate's decisions,
dated to onset and offset; blocks whose middle is within 200 ms of a labelled boundary are not scored. CPU time per block is this
thread's.

`ami` scores the gate's blocks as they are, against labels that mean something else: turns, drawn by hand around whole stretches of
talk with the pauses inside them. `ami-turns` therefore scores turns: what the gate found, with shorter pauses bridged and a margin
around it. The pause is read off the labels of other AMI meetings, without those where a speaker of the excerpts talks (the 5th
percentile of the gaps between two turns of one speaker in `ami-turn-timings`). The margin is the best of a few on the other
excerpts, for each excerpt and each detector anew (leave one out); excerpts of one meeting share their speakers, so the others are
not wholly foreign to it. That turns are scored at all was decided after `ami` had been seen, so it is no held-out result. Nothing
of this changes the gate that the agent runs.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections.abc import Iterable, Iterator
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
MARGINS_S = (0.0, 0.064, 0.128, 0.192, 0.256)
"""What the leave-one-out choice of the margin around a turn may take."""
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

    def add(self, truth: NDArray[np.bool_], found: NDArray[np.bool_], scored: NDArray[np.bool_]) -> None:
        """Count one clip's blocks."""
        self.blocks += int(scored.sum())
        self.hits += int((truth & found & scored).sum())
        self.misses += int((truth & ~found & scored).sum())
        self.false_alarms += int((~truth & found & scored).sum())
        self.rejections += int((~truth & ~found & scored).sum())
        self.f1 = round(2 * self.hits / max(1, 2 * self.hits + self.misses + self.false_alarms), 4)
        self.false_alarm_rate = round(self.false_alarms / max(1, self.false_alarms + self.rejections), 4)


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


def labelled_pause_s(folder: Path) -> float:
    """Return the gap over which the labels of AMI begin another turn: nearly all gaps between two turns of one speaker are longer."""
    here = {
        line.split()[7]
        for line in (folder / "ami-30s-excerpts" / "turns.rttm").read_text(encoding="utf-8").splitlines()
    }
    turns: dict[tuple[str, str], Spans] = {}
    for path in sorted((folder / "ami-turn-timings").glob("*.rttm")):
        for line in path.read_text(encoding="utf-8").splitlines():
            _, meeting, _, start, length, _, _, speaker, *_ = line.split()
            turns.setdefault((meeting, speaker), []).append((float(start), float(start) + float(length)))
    shared = {meeting for meeting, speaker in turns if speaker in here}
    others = [sorted(spans) for (meeting, _), spans in turns.items() if meeting not in shared]
    gaps = [after[0] - before[1] for spans in others for before, after in itertools.pairwise(spans)]
    return float(np.percentile([gap for gap in gaps if gap > 0], 5))


def as_turns(speech: NDArray[np.bool_], pause_s: float, margin_s: float) -> NDArray[np.bool_]:
    """Return speech with pauses of up to `pause_s` bridged and `margin_s` added on both sides."""
    turns = speech.copy()
    blocks = np.flatnonzero(speech)
    for before, after in itertools.pairwise(blocks):
        if (after - before - 1) * BLOCK_NS <= pause_s * 1e9:
            turns[before:after] = True
    margin = round(margin_s * 1e9 / BLOCK_NS)
    return np.convolve(turns, np.ones(2 * margin + 1), "same") > 0.5 if blocks.size else turns


def turn_score(name: str, found: list[NDArray[np.bool_]], spans: list[Spans], pause_s: float) -> Score:
    """Score one detector's turns, each clip with the margin that is best on the other clips."""

    def score(clips: Iterable[int], margin_s: float, into: Score) -> Score:
        for clip in clips:
            truth, scored = reference(len(found[clip]), spans[clip])
            into.add(truth, as_turns(found[clip], pause_s, margin_s), scored)
        return into

    total = Score("ami-turns", name)
    for left_out in range(len(found)):
        others = [clip for clip in range(len(found)) if clip != left_out]
        margin_s = max(MARGINS_S, key=lambda margin_s: score(others, margin_s, Score("", "")).f1)
        score([left_out], margin_s, total)
    return total


def run(folder: Path) -> list[Score]:
    """Score every detector on every data set."""
    scores: dict[tuple[str, str], Score] = {}
    costs: dict[tuple[str, str], list[float]] = {}
    meetings: dict[str, list[NDArray[np.bool_]]] = {}
    meeting_spans: list[Spans] = []
    for data, samples, spans in clips(folder):
        if data == "ami":
            meeting_spans.append(spans)
        for vad in (SileroVad(silero_model()), WebRtcVad(), EnergyGate()):
            key = (data, vad.name)
            score = scores.setdefault(key, Score(*key))
            found, cost = judge(vad, samples)
            costs.setdefault(key, []).extend(cost)
            truth, scored = reference(len(found), spans)
            score.add(truth, found, scored)
            if data == "ami":
                meetings.setdefault(vad.name, []).append(found)
    pause_s = labelled_pause_s(folder)
    for name, found_all in meetings.items():
        scores["ami-turns", name] = turn_score(name, found_all, meeting_spans, pause_s)
        costs["ami-turns", name] = costs["ami", name]
    for key, score in scores.items():
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
    print(f"{'data':11}{'detector':10}{'F1':>8}{'false alarms':>14}{'ms/block':>10}{'p99':>8}")
    for score in scores:
        cost = f"{score.ms_per_block_median:>10.3f}{score.ms_per_block_p99:>8.3f}"
        print(f"{score.data:11}{score.detector:10}{score.f1:>8.3f}{score.false_alarm_rate:>14.3f}{cost}")


if __name__ == "__main__":
    main()
