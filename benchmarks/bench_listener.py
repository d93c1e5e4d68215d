"""The listener on real speech: how often it responds, when, and how that lies to cues and pauses.

    ATTUNE_DATA=FOLDER python benchmarks/bench_listener.py [--json] [--seeds N]

The hearing chain of a session (voice activity, gate, pitch, cues) hears every recording: each alone, and those of a
data set joined to minutes with pauses of 0.6 s. The listener of a session (policy, gaze window without a picture)
takes its cues while the person is taken to hold the floor throughout. Rates are per minute of the person's turn:
speech and silences of up to a second. Nods are dated to their beginning; a continuer to the moment when it would be
said, and dropped if the person is not silent by the voice activity then; how many of those said are met by
speech that resumes is told.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from behavioral.body.listening import TALK_BRIDGE_S, ListenerAct, Listening
from behavioral.hearing.asr.choice import open_recogniser
from behavioral.hearing.blocks import BLOCK_NS, BLOCK_SAMPLES, SAMPLE_RATE_HZ
from behavioral.hearing.ear import Ear
from behavioral.hearing.events import BackchannelCue, BlockHeard
from behavioral.hearing.vad import open_vad
from runtime.clock import NS_PER_S, MonotonicClock
from runtime.offload import InlineOffload
from runtime.paths import data_dir
from runtime.settings import HearingSettings, ListenerSettings

SETS = {
    "ljspeech": "ljspeech/wavs/*.wav",
    "librivox": "librivox-austen-aligned/*.wav",
    "jfk": "jfk-inaugural/*.*",
    "ami dev00": "ami-30s-excerpts/dev00.flac",
    "ami dev01": "ami-30s-excerpts/dev01.flac",
}
SOUND = (".wav", ".flac", ".ogg", ".mp3")
JOIN_S = 0.6
CONTINUER_S = 0.45
"""Length of a short "mhm"."""
OFFSET_EDGES_S = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5)
INTERVAL_EDGES_S = (0.0, 1.4, 3.0, 5.0, 7.0, 9.0, 11.0, 15.0, 1e9)
SETTINGS = ListenerSettings()


@dataclass(frozen=True, slots=True)
class Heard:
    """What hearing made of a recording."""

    blocks: list[BlockHeard]
    cues: dict[int, list[BackchannelCue]]

    @property
    def talk_s(self) -> float:
        """Speech, and silences of up to `TALK_BRIDGE_S` after it."""
        talk, last_s = 0, -1e9
        for block in self.blocks:
            t_s = block.t_ns / NS_PER_S
            last_s = t_s if block.speaking else last_s
            talk += t_s - last_s <= TALK_BRIDGE_S
        return talk * BLOCK_NS / NS_PER_S

    def resumes(self, t_s: float, within_s: float) -> bool:
        """Whether there is speech at some time within `within_s` from `t_s` on."""
        return any(self.voiced(t_s + step) for step in np.arange(0.0, within_s, BLOCK_NS / NS_PER_S))

    def voiced(self, t_s: float) -> bool:
        """Whether there is speech at a time, by voice activity itself."""
        index = int(t_s * NS_PER_S // BLOCK_NS)
        return index < len(self.blocks) and self.blocks[index].probability >= HearingSettings().vad_off


@dataclass
class Result:
    """Figures of one data set, over all seeds."""

    data: str
    talk_s: float = 0.0
    cues_per_min: dict[str, float] = field(default_factory=dict)
    responses_per_min: float = 0.0
    least_and_most_per_min: tuple[float, float] = (0.0, 0.0)
    nods_per_min: float = 0.0
    continuers_per_min: float = 0.0
    nods_over_speech: float = 0.0
    continuers_met_by_speech: float = 0.0
    reasons: dict[str, float] = field(default_factory=dict)
    kinds: dict[str, float] = field(default_factory=dict)
    interval_s: dict[str, int] = field(default_factory=dict)
    least_interval_s: float = 0.0
    cue_to_nod_s: dict[str, Any] = field(default_factory=dict)


def hear(samples: NDArray[np.int16]) -> Heard:
    """Run the hearing chain."""
    settings = HearingSettings(asr="none")
    recogniser = open_recogniser(settings, lambda _name: InlineOffload())
    ear = Ear(settings, SETTINGS, recogniser, open_vad(settings), MonotonicClock())
    heard = Heard([], {})
    for index in range(len(samples) // BLOCK_SAMPLES):
        pcm = samples[index * BLOCK_SAMPLES : (index + 1) * BLOCK_SAMPLES].tobytes()
        for event in ear.push(pcm, index * BLOCK_NS):
            if isinstance(event, BlockHeard):
                heard.blocks.append(event)
            elif isinstance(event, BackchannelCue):
                heard.cues.setdefault(index, []).append(event)
    return heard


def listen(heard: Heard, seed: int) -> list[tuple[ListenerAct, BackchannelCue | None]]:
    """Let the listener take its chances; return acts and the cues that they answer."""
    listening, acts = Listening(SETTINGS, random.Random(seed)), []
    pause_s = SETTINGS.pause_cue_ms / 1e3
    for index, block in enumerate(heard.blocks):
        now_s = (block.t_ns + BLOCK_NS) / NS_PER_S
        silent = block.probability < HearingSettings().vad_off
        if (act := listening.talk(now_s, speaking=block.speaking, gap=silent)) is not None:
            acts.append((act, None))
        for cue in heard.cues.get(index, ()):
            at_s = cue.t_ns / NS_PER_S
            act = listening.cue(now_s, at_s - pause_s if cue.kind == "pause" else at_s, cue.kind)
            if act is not None:
                acts.append((act, cue))
    return acts


def judge(name: str, pieces: list[Heard], seeds: int) -> Result:
    """Gather the figures of some recordings."""
    result = Result(name, talk_s=round(sum(piece.talk_s for piece in pieces), 1))
    minutes = max(1e-9, result.talk_s / 60.0)
    kinds = Counter(cue.kind for piece in pieces for cues in piece.cues.values() for cue in cues)
    result.cues_per_min = {kind: round(count / minutes, 1) for kind, count in sorted(kinds.items())}
    rates, intervals, delays = [], [], []
    reasons: Counter[str] = Counter()
    nod_kinds: Counter[str] = Counter()
    nods = said = over_speech = met_by_speech = 0
    for seed in range(seeds):
        before = nods
        for piece in pieces:
            acts = listen(piece, seed)
            intervals += np.diff([act.at_s for act, _ in acts]).tolist()
            for act, cue in acts:
                nods += 1
                reasons[act.reason] += 1
                nod_kinds[act.kind] += 1
                over_speech += piece.voiced(act.at_s)
                if cue is not None:
                    delays.append(act.at_s - cue.t_ns / NS_PER_S)
                if act.text and not piece.voiced(act.text_at_s):
                    said += 1
                    met_by_speech += piece.resumes(act.text_at_s, CONTINUER_S)
        rates.append((nods - before) / minutes)
    result.responses_per_min = round(float(np.mean(rates)), 2)
    result.least_and_most_per_min = (round(min(rates), 2), round(max(rates), 2))
    result.nods_per_min = round(nods / seeds / minutes, 2)
    result.continuers_per_min = round(said / seeds / minutes, 2)
    result.nods_over_speech = round(over_speech / max(1, nods), 3)
    result.continuers_met_by_speech = round(met_by_speech / max(1, said), 3)
    result.reasons = {reason: round(count / max(1, nods), 3) for reason, count in sorted(reasons.items())}
    result.kinds = {kind: round(count / max(1, nods), 3) for kind, count in sorted(nod_kinds.items())}
    result.interval_s = _histogram(intervals, INTERVAL_EDGES_S)
    result.least_interval_s = round(min(intervals, default=0.0), 3)
    if delays:
        p10, p50, p90 = np.percentile(delays, (10, 50, 90))
        result.cue_to_nod_s = {
            "p10": round(float(p10), 3),
            "p50": round(float(p50), 3),
            "p90": round(float(p90), 3),
            "histogram": _histogram(delays, OFFSET_EDGES_S),
        }
    return result


def recordings(folder: Path) -> Iterator[tuple[str, list[NDArray[np.int16]]]]:
    """Yield each data set and its recordings as int16 at 16 kHz."""
    for name, pattern in SETS.items():
        paths = [path for path in sorted(folder.glob(pattern)) if path.suffix in SOUND]
        if not paths:
            raise SystemExit(f"{folder} has no {pattern}")
        yield name, [_samples(path) for path in paths]


def run(folder: Path, seeds: int) -> list[Result]:
    """Judge every data set, alone and joined, and all of it."""
    results, everything = [], []
    gap = np.zeros(round(JOIN_S * SAMPLE_RATE_HZ), np.int16)
    for name, samples in recordings(folder):
        if len(samples) > 1:
            results.append(judge(f"{name}, each", [hear(one) for one in samples], seeds))
        joined = np.concatenate([part for one in samples for part in (one, gap)])
        everything.append(joined)
        results.append(judge(f"{name}, joined" if len(samples) > 1 else name, [hear(joined)], seeds))
    results.append(judge("all, joined", [hear(np.concatenate(everything))], seeds))
    return results


def _histogram(values: list[float], edges: tuple[float, ...]) -> dict[str, int]:
    counts, _ = np.histogram(values, bins=np.array(edges))
    names = [f"{a:g}-{b:g}" if b < 1e8 else f"over {a:g}" for a, b in itertools.pairwise(edges)]
    return dict(zip(names, (int(count) for count in counts), strict=True))


def _samples(path: Path) -> NDArray[np.int16]:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    if rate != SAMPLE_RATE_HZ:
        mono = soxr.resample(mono, rate, SAMPLE_RATE_HZ)
    return np.clip(mono * 32_768, -32_768, 32_767).astype(np.int16)


def main() -> None:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.add_argument("--seeds", type=int, default=20, help="listeners per recording")
    arguments = parser.parse_args()
    folder = data_dir()
    if folder is None:
        raise SystemExit("ATTUNE_DATA names no folder of real recordings")
    results = run(folder, max(1, arguments.seeds))
    if arguments.json:
        # The acceptance table calls the session's own figure by this name.
        print(json.dumps({"listener": [vars(result) for result in results]}, indent=1))
        return
    print(f"{'data':18}{'talk s':>8}{'low':>6}{'pause':>7}{'rate':>7}{'least-most':>14}{'mhm':>6}{'over speech':>13}"
          f"{'met':>6}{'overdue':>9}{'interval >=':>12}{'cue to nod p10/50/90':>24}")  # fmt: skip
    for r in results:
        cues = r.cues_per_min
        delays = "/".join(f"{r.cue_to_nod_s.get(key, 0.0):.2f}" for key in ("p10", "p50", "p90"))
        span = f"{r.least_and_most_per_min[0]:.1f}-{r.least_and_most_per_min[1]:.1f}"
        print(f"{r.data:18}{r.talk_s:8.1f}{cues.get('low_pitch', 0.0):6.1f}{cues.get('pause', 0.0):7.1f}"
              f"{r.responses_per_min:7.2f}{span:>14}{r.continuers_per_min:6.2f}{r.nods_over_speech:13.2f}"
              f"{r.continuers_met_by_speech:6.2f}{r.reasons.get('overdue', 0.0):9.2f}{r.least_interval_s:12.2f}{delays:>24}")  # fmt: skip


if __name__ == "__main__":
    main()
