"""What is left of the agent's own voice after the front end, and how soon a person is heard over it, condition by condition.

`measure` drives the real front end, voice detector and gate with clauses of a voice, an `EchoPath` and, at chosen times, a person. Pieces
of the voice are handed over 80 ms ahead of their time as the playback does; or, with `devices`, in a sound card's buffers, and every
time is then what `DeviceTime` makes of calls that come late by chance. Blocking, deterministic, no event loop: a minute of sound takes
about five seconds. `conditions` are those that the benchmark and the tests look at. Whole sessions: `behavioral.bench.echo_session`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from behavioral.bench.echo_path import EchoLine, EchoPath
from behavioral.hearing.blocks import BLOCK_NS, BLOCK_SAMPLES, SAMPLE_RATE_HZ, samples_of
from behavioral.hearing.events import SpeechOnset
from behavioral.hearing.front_end import FrontEnd, open_front_end
from behavioral.hearing.gate import SpeechGate
from behavioral.hearing.self_voice import audible
from behavioral.hearing.vad import open_vad
from behavioral.sources.device_time import DeviceTime
from behavioral.voice.loudspeaker import FRAMES_PER_BUFFER as BUFFER_SAMPLES
from behavioral.voice.loudspeaker import WINDOW_S
from runtime.clock import NS_PER_S
from runtime.settings import HearingSettings

PIECE_S, LEAD_S = 0.04, 0.08
LATE_S = 0.004
"""Mean lateness of a device's calls, exponentially distributed: a machine with something else to do."""
CONVERGED_S = 5.0
DELAYS_MS = (10.0, 40.0, 120.0, 250.0, 400.0)
LEVELS_DB = (-40.0, -30.0, -20.0, -10.0, 0.0)
ROOMS_S = (0.2, 0.45, 0.7)
_SPOKEN_DBFS = -45.0
_START_NS = NS_PER_S  # media time zero, so that a canceller's delay does not reach under the session's origin

Float64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who talks over the agent: float64 samples at 16 kHz, and the seconds at which they begin anew."""

    samples: Float64
    at_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EchoScore:
    """One condition.

    Attributes:
        erle_db: echo return loss enhancement, heard over left in blocks where the agent is heard, after `CONVERGED_S`.
        erle_first_db: the same in the first second of the agent's voice.
        echo_onsets: speech onsets where no person spoke.
        echo_onsets_first: those in the first second of the agent's voice.
        talked_over: times that a person began.
        found: of those, with an onset before the person's recording was over.
        latency_ms: from the person's own onset (found without echo) to the decision, for each that was found.
        kept: correlation of the cleaned sound's band levels (dB) with the person's where he speaks. Levels and not samples: the
            high-pass filter turns phases that nobody hears.
    """

    path: EchoPath
    erle_db: float
    erle_first_db: float
    echo_onsets: int
    echo_onsets_first: int
    talked_over: int
    found: int
    latency_ms: tuple[float, ...]
    kept: float


def measure(
    voice: NDArray[np.int16],
    rate_hz: int,
    path: EchoPath,
    *,
    person: Person | None = None,
    settings: HearingSettings | None = None,
    front_end: FrontEnd | None = None,
    devices: bool = False,
) -> EchoScore:
    """Play a voice into its own microphone.

    Args:
        voice: int16 mono, what the agent says, from the first second of the session on.
        rate_hz: its rate.
        path: from loudspeaker to microphone.
        person: who talks over it, if anybody.
        settings: of hearing; None for the defaults.
        front_end: one to use instead of the settings' (such as none).
        devices: whether session times are guessed from the calls of a microphone and a loudspeaker; else they are exact.
    """
    settings = settings or HearingSettings()
    front_end = front_end or open_front_end(settings, own_loudspeaker=True, page=False)
    near_hz = SAMPLE_RATE_HZ * (1 + path.drift_ppm * 1e-6)
    stamps = _Stamps(path, rate_hz, near_hz, devices)
    count = int(len(voice) / rate_hz * near_hz) // BLOCK_SAMPLES + 20
    spoken = _spoken(person, count * BLOCK_SAMPLES)
    line, vad, gate = EchoLine(path, rate_hz, SAMPLE_RATE_HZ), open_vad(settings), SpeechGate(settings)
    piece_s, lead_s = (BUFFER_SAMPLES / rate_hz, 0.0) if devices else (PIECE_S, LEAD_S - PIECE_S)
    pieces = _pieces(voice, rate_hz, piece_s)
    ahead = next(pieces, None)
    heard, left = np.zeros((count, BLOCK_SAMPLES)), np.zeros((count, BLOCK_SAMPLES))
    onsets: list[SpeechOnset] = []
    behind = 0
    for index in range(count):
        now_s = (index + 1) * BLOCK_SAMPLES / near_hz
        while ahead is not None and ahead[0] <= now_s + lead_s:
            line.play(ahead[1], round(ahead[0] * NS_PER_S))
            front_end.played(ahead[1], rate_hz, stamps.played(ahead[0], len(ahead[1]) // 2))
            ahead = next(pieces, None)
        block = line.heard(index * BLOCK_SAMPLES, BLOCK_SAMPLES) + spoken[index * BLOCK_SAMPLES :][:BLOCK_SAMPLES]
        pcm = np.clip(np.rint(block * 32_768), -32_768, 32_767).astype("<i2").tobytes()
        t_ns = stamps.heard(index)
        clean = front_end.clean(pcm, t_ns, someone_speaks=gate.speaking)
        behind = round((t_ns - clean.t_ns) * SAMPLE_RATE_HZ / NS_PER_S)
        heard[index], left[index] = samples_of(pcm), samples_of(clean.pcm)
        probability = max(vad.probability(samples_of(clean.pcm)), clean.uncleaned) * audible(clean.own_voice)
        if isinstance(decision := gate.push(probability, clean.t_ns - _START_NS), SpeechOnset):
            onsets.append(decision)
    begins, found = _found(person, settings, onsets)
    length_s = 0.0 if person is None else len(person.samples) / SAMPLE_RATE_HZ
    alone = [
        o.t_ns / NS_PER_S
        for o in onsets
        if not any(at - 0.1 <= o.t_ns / NS_PER_S < at + length_s + 0.3 for at in begins)
    ]
    audible_blocks = _audible(heard, spoken, path)
    converged = np.arange(count) * BLOCK_NS / NS_PER_S >= CONVERGED_S
    first_s = path.delay_ms / 1e3 + 1.0
    return EchoScore(
        path=path,
        erle_db=_loss_db(heard, left, audible_blocks & converged),
        erle_first_db=_loss_db(heard, left, audible_blocks & (np.arange(count) * BLOCK_NS / NS_PER_S < first_s)),
        echo_onsets=len(alone),
        echo_onsets_first=sum(at < first_s for at in alone),
        talked_over=len(begins),
        found=len(found),
        latency_ms=tuple(found),
        kept=_kept(left.ravel(), spoken, behind),
    )


def conditions() -> list[EchoPath]:
    """Every delay, level and room once around a middle one, then drift either way, a loudspeaker that distorts, and all at once."""
    middle = EchoPath()
    paths = [EchoPath(delay_ms=delay_ms) for delay_ms in DELAYS_MS]
    paths += [EchoPath(level_db=level_db) for level_db in LEVELS_DB if level_db != middle.level_db]
    paths += [EchoPath(rt60_s=rt60_s, seed=3) for rt60_s in ROOMS_S]
    paths += [EchoPath(drift_ppm=200.0), EchoPath(drift_ppm=-200.0), EchoPath(drive=3.0)]
    paths += [EchoPath(delay_ms=250.0, rt60_s=0.7, drift_ppm=200.0, drive=3.0, seed=5)]
    return paths


class _Stamps:
    """Session times of what is played and heard."""

    def __init__(self, path: EchoPath, far_hz: int, near_hz: float, devices: bool) -> None:
        self._session_per_card_s = 1 / (1 + path.host_drift_ppm * 1e-6)
        self._near_hz = near_hz
        self._late = np.random.default_rng(path.seed + 2)
        self._times = (DeviceTime(far_hz, window_s=WINDOW_S), DeviceTime(SAMPLE_RATE_HZ)) if devices else None

    def played(self, at_s: float, samples: int) -> int:
        """When a piece that the card asked for at `at_s` of its own clock is said to begin."""
        t_ns = self._session_ns(at_s)
        return t_ns if self._times is None else self._place(self._times[0], t_ns, samples)

    def heard(self, index: int) -> int:
        """When block `index` of the microphone is said to begin."""
        t_ns = self._session_ns(index * BLOCK_SAMPLES / self._near_hz)
        return t_ns if self._times is None else self._place(self._times[1], t_ns, BLOCK_SAMPLES)

    def _place(self, times: DeviceTime, t_ns: int, samples: int) -> int:
        called_ns = t_ns + round(self._late.exponential(LATE_S) * NS_PER_S)
        if not times.next_ns:
            times.begin(called_ns)
        return times.place(called_ns, samples)

    def _session_ns(self, card_s: float) -> int:
        return _START_NS + round(card_s * self._session_per_card_s * NS_PER_S)


def _pieces(voice: NDArray[np.int16], rate_hz: int, piece_s: float) -> Iterator[tuple[float, bytes]]:
    size = round(piece_s * rate_hz)
    for first in range(0, len(voice), size):
        yield first / rate_hz, voice[first : first + size].astype("<i2").tobytes()


def _spoken(person: Person | None, count: int) -> Float64:
    out = np.zeros(count)
    for at_s in person.at_s if person is not None else ():
        assert person is not None
        first = round(at_s * SAMPLE_RATE_HZ)
        last = min(count, first + len(person.samples))
        out[first:last] += person.samples[: max(0, last - first)]
    return out


def _found(
    person: Person | None, settings: HearingSettings, onsets: Sequence[SpeechOnset]
) -> tuple[list[float], list[float]]:
    """Return when the person really begins each time, and the latencies (ms) of those that were found."""
    if person is None:
        return [], []
    own_s = _own_onset_s(person.samples, settings)
    length_s = len(person.samples) / SAMPLE_RATE_HZ
    begins = [at_s + own_s for at_s in person.at_s]
    latencies = []
    for at_s, begin in zip(person.at_s, begins, strict=True):
        decided = [o.decided_ns / NS_PER_S for o in onsets if begin - 0.1 <= o.t_ns / NS_PER_S < at_s + length_s]
        if decided:
            latencies.append(round(1e3 * (decided[0] - begin), 1))
    return begins, latencies


def _own_onset_s(samples: Float64, settings: HearingSettings) -> float:
    vad, gate = open_vad(settings), SpeechGate(settings)
    for first in range(0, len(samples) - BLOCK_SAMPLES + 1, BLOCK_SAMPLES):
        block = samples[first : first + BLOCK_SAMPLES].astype(np.float32)
        decision = gate.push(vad.probability(block), first * NS_PER_S // SAMPLE_RATE_HZ)
        if isinstance(decision, SpeechOnset):
            return decision.t_ns / NS_PER_S
    raise ValueError("the person's recording holds no speech")


def _audible(heard: Float64, spoken: Float64, path: EchoPath) -> NDArray[np.bool_]:
    """Blocks in which the agent is heard and the person is not."""
    power = (heard**2).mean(axis=1)
    quiet = np.abs(spoken.reshape(heard.shape)).max(axis=1) == 0
    audible_blocks: NDArray[np.bool_] = quiet & (power > 4 * 10 ** (path.noise_dbfs / 10))
    return audible_blocks


def _loss_db(heard: Float64, left: Float64, blocks: NDArray[np.bool_]) -> float:
    if not blocks.any():
        return 0.0
    return round(float(10 * np.log10((heard[blocks] ** 2).sum() / ((left[blocks] ** 2).sum() + 1e-12))), 1)


def _kept(left: Float64, spoken: Float64, behind: int) -> float:
    moved = np.concatenate((np.zeros(behind), spoken))[: len(left)]
    there = (moved.reshape(-1, BLOCK_SAMPLES) ** 2).mean(axis=1) > 10 ** (_SPOKEN_DBFS / 10)
    if not there.any():
        return 0.0
    return round(float(np.corrcoef(_bands_db(left)[there].ravel(), _bands_db(moved)[there].ravel())[0, 1]), 3)


def _bands_db(samples: Float64) -> Float64:
    """Level of each band in each block, [blocks, bands] dB, at least -70."""
    spectra = np.fft.rfft(samples.reshape(-1, BLOCK_SAMPLES) * np.hanning(BLOCK_SAMPLES)) / BLOCK_SAMPLES
    edges = np.geomspace(300.0, 6_000.0, 13) * BLOCK_SAMPLES / SAMPLE_RATE_HZ
    bands = np.add.reduceat(np.abs(spectra) ** 2, np.rint(edges).astype(int), axis=1)[:, :-1]
    levels: Float64 = 10 * np.log10(bands + 1e-7)
    return levels
