"""The agent's own voice in its own microphone: what is left of it, what it does to turns, and whether a person is still heard.

    ATTUNE_DATA=FOLDER python benchmarks/bench_echo.py [--json] [--minutes 30] [--levels -10 -20 -30] [--drift-ppm 200 -200]

First each condition of `behavioral.bench.echo` for 24 s, with and without a person (a LibriVox reader) who talks over the agent; then whole
sessions on virtual time. `--minutes 0` leaves the sessions out. `--drift-ppm` asks what clocks that differ so much do: the
microphone's against the loudspeaker's, both against the session's, and the two either way, with session times guessed from the calls of
a sound card as they really are, for two minutes each; every session is then run with each drift of the microphone too.
CPU time depends on the machine and is not printed.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
from dataclasses import asdict
from pathlib import Path

import msgspec
import numpy as np
import soundfile
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from behavioral.bench.echo import EchoScore, Person, conditions, measure
from behavioral.bench.echo_path import EchoPath
from behavioral.bench.echo_session import EchoSession, self_interruptions
from behavioral.voice.tts.espeak import EspeakVoice
from motion.corpus.pairing.sources import sentences
from runtime.offload import InlineOffload
from runtime.paths import data_dir
from runtime.settings import VoiceSettings

SECONDS = 24.0
DRIFTING_SECONDS = 120.0
TALKS_S = (1.0, 9.0, 17.0)
TALK_LENGTH_S = 2.5
PERSON_DBFS = -26.0


def agent_voice(seconds: float) -> tuple[NDArray[np.int16], int]:
    """Say sentences with a pause after each, for so long."""

    async def say() -> tuple[NDArray[np.int16], int]:
        tts = EspeakVoice(VoiceSettings(), InlineOffload())
        parts: list[NDArray[np.int16]] = []
        rate_hz = 22_050
        for line in itertools.cycle(sentences()):
            clause = await tts.synthesise(line)
            rate_hz = clause.sample_rate_hz
            parts += [clause.pcm, np.zeros(rate_hz // 4, np.int16)]
            if sum(map(len, parts)) > seconds * rate_hz:
                break
        await tts.aclose()
        return np.concatenate(parts), rate_hz

    return asyncio.run(say())


def person(folder: Path) -> Person:
    """Return a reader at a level between the echo's and the agent's."""
    path = sorted((folder / "librivox-austen-aligned").glob("*.wav"))[0]
    samples, _ = soundfile.read(path, dtype="float64")
    samples = samples[: round(TALK_LENGTH_S * 16_000)]
    return Person(samples * 10 ** (PERSON_DBFS / 20) / np.sqrt(np.mean(samples**2)), TALKS_S)


def main() -> None:
    """Print the tables, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.add_argument("--minutes", type=float, default=30.0, help="length of each session")
    parser.add_argument(
        "--levels", type=float, nargs="*", default=[-10.0, -20.0, -30.0], help="echo levels of sessions, dB"
    )
    parser.add_argument("--drift-ppm", type=float, nargs="*", default=[], help="clocks that run faster by so much")
    arguments = parser.parse_args()
    folder = data_dir()
    if folder is None:
        raise SystemExit("ATTUNE_DATA names no folder of real recordings")
    voice, rate_hz = agent_voice(SECONDS)
    somebody = person(folder)
    if not arguments.json:
        print(
            "delay level  rt60 drift  host drive | ERLE first s onsets first s | found  ms: median  worst   kept",
            flush=True,
        )
    pairs: list[tuple[EchoScore, EchoScore]] = []
    for path in conditions():
        pairs.append((measure(voice, rate_hz, path), measure(voice, rate_hz, path, person=somebody)))
        if not arguments.json:
            _print_condition(*pairs[-1])
    if arguments.drift_ppm:
        long_voice, rate_hz = agent_voice(DRIFTING_SECONDS)
        for path in (path for ppm in arguments.drift_ppm for path in drifting(ppm)):
            alone = measure(long_voice, rate_hz, path, devices=True)
            pairs.append((alone, measure(voice, rate_hz, path, person=somebody, devices=True)))
            if not arguments.json:
                _print_condition(*pairs[-1])
    sessions: list[EchoSession] = []
    for drift_ppm in (0.0, *arguments.drift_ppm) if arguments.minutes > 0 else ():
        for level_db in arguments.levels:
            sessions.append(self_interruptions(arguments.minutes, EchoPath(level_db=level_db, drift_ppm=drift_ppm)))
            if not arguments.json:
                _print_session(sessions[-1])
    if arguments.json:
        found = {
            "conditions": [{"alone": asdict(alone), "talked_over": asdict(over)} for alone, over in pairs],
            "sessions": msgspec.to_builtins(sessions),
            "self_interruptions": sum(session.self_interruptions for session in sessions),
        }
        print(json.dumps(found, indent=1))


def drifting(ppm: float) -> list[EchoPath]:
    """One clock off after the other, and both off in opposite directions."""
    ways = [(ppm, 0.0), (0.0, ppm), (-2.0 * ppm, ppm)]
    return [EchoPath(drift_ppm=drift, host_drift_ppm=host) for drift, host in ways]


def _print_condition(alone: EchoScore, over: EchoScore) -> None:
    p = alone.path
    where = (
        f"{p.delay_ms:5.0f} {p.level_db:5.0f} {p.rt60_s:5.2f} {p.drift_ppm:5.0f} {p.host_drift_ppm:5.0f} {p.drive:5.1f}"
    )
    echo = f"{alone.erle_db:4.0f} {alone.erle_first_db:7.0f} {alone.echo_onsets:6d} {alone.echo_onsets_first:7d}"
    times = (
        f"{np.median(over.latency_ms):11.0f} {max(over.latency_ms):6.0f}" if over.latency_ms else f"{'-':>11} {'-':>6}"
    )
    print(f"{where} | {echo} | {over.found:3d}/{over.talked_over} {times} {over.kept:6.2f}", flush=True)


def _print_session(session: EchoSession) -> None:
    path = session.path
    print(
        f"{session.seconds / 60:.0f} min at {path['level_db']:.0f} dB, {path['drift_ppm']:+.0f} ppm, "
        f"{session.agent_speech_s / 60:.1f} min of voice: "
        f"{session.self_interruptions} self-interruptions, {session.false_onsets} onsets, {session.false_ducks} ducks",
        flush=True,
    )


if __name__ == "__main__":
    main()
