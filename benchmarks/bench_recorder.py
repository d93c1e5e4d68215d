"""What recording costs: time per message, megabytes per minute, and JSON against MessagePack.

One minute of a session as the rooms produce it (50 motion frames, 31 voice-activity frames and 50 blocks of user audio a second, the
agent speaking 40 % of the time, five events a second) goes through the recorder's blocking side in half-second batches, as
in a run. The same messages are then written as MessagePack into the same chunks, for comparison.

    python benchmarks/bench_recorder.py [--json] [--audio SPEECH.wav]

Without `--audio` the voices are band-limited noise with the envelope of speech, which compresses like it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import zstandard

from runtime import codec
from runtime.messages import AgentAudio, Message, MotionFrame, SessionControl, UserAudio, VadFrame, Word
from runtime.session.digest import read_digest
from runtime.session.files import SessionFiles
from runtime.session.reader import SessionReader
from runtime.settings import RecorderSettings

MS, S = 1_000_000, 1_000_000_000
SECONDS = 60
BATCH_NS = S // 2


def voice(audio: Path | None, rate_hz: int, seed: int) -> np.ndarray:
    """One minute of int16 samples."""
    if audio is not None:
        import soundfile

        samples, _ = soundfile.read(audio, dtype="int16", always_2d=True)
        return np.resize(samples[:, 0], rate_hz * SECONDS)
    rng = np.random.default_rng(seed)
    noise = np.convolve(rng.standard_normal(rate_hz * SECONDS), np.hanning(12), "same")
    t = np.arange(rate_hz * SECONDS) / rate_hz
    syllables = np.clip(np.sin(2 * np.pi * 4.0 * t), 0, 1) * (np.sin(2 * np.pi * 0.12 * t) > -0.2)
    return np.clip(noise * syllables * 1_500 + rng.standard_normal(len(t)) * 6, -32_768, 32_767).astype("<i2")


def one_minute(audio: Path | None) -> list[tuple[int, Message]]:
    """The messages of a minute with their arrivals."""
    rng = np.random.default_rng(1)
    user, agent = voice(audio, 16_000, 2), voice(audio, 22_050, 3)
    messages: list[tuple[int, Message]] = [(0, SessionControl(action="start"))]
    phases, speeds = rng.uniform(0, 6, (22, 3)), rng.uniform(0.2, 2.0, (22, 3))
    for i in range(50 * SECONDS):
        t_ns = i * 20 * MS
        half = 0.1 * np.sin(speeds * i / 50 + phases)
        rotations = np.concatenate([half, np.sqrt(1 - (half**2).sum(axis=1, keepdims=True))], axis=1).astype("<f4")
        visemes = rng.dirichlet(np.ones(15) * 0.2).astype("<f4")
        frame = MotionFrame(
            t_ns=t_ns,
            source="behavioral",
            seq=i,
            index=i,
            rotations=rotations.tobytes(),
            visemes=visemes.tobytes(),
            hips_m=(float(half[0, 0]) / 50, float(half[0, 1]) / 50, 0.0),
            lateness_ms=float(abs(rng.normal(0, 0.2))),
        )
        messages.append((t_ns, frame))
        block = user[i * 320 : (i + 1) * 320].tobytes()
        messages.append((t_ns + 20 * MS, UserAudio(t_ns=t_ns, source="behavioral", seq=i, pcm=block, index=i)))
        if i % 10 == 0:
            word = Word(
                op="add", unit_id=f"u{i}", text="something", start_ns=t_ns, end_ns=t_ns + 300 * MS, t_ns=t_ns, seq=i
            )
            messages.append((t_ns, word))
    for i in range(31 * SECONDS):
        messages.append(
            (i * 32 * MS, VadFrame(t_ns=i * 32 * MS, probability=float(rng.random()), speaking=True, seq=i))
        )
    for i in range(25 * SECONDS):
        if i % 250 < 100:
            pcm = agent[i * 882 : (i + 1) * 882].tobytes()
            piece = AgentAudio(t_ns=i * 40 * MS, pcm=pcm, sample_rate_hz=22_050, response_id=f"r{i // 250}", seq=i)
            messages.append((max(0, i * 40 - 80) * MS, piece))
    return sorted(messages, key=lambda item: item[0])


def batches(messages: list[tuple[int, Message]]) -> list[list[tuple[int, Message]]]:
    """Messages in the half-seconds of their arrival."""
    found: dict[int, list[tuple[int, Message]]] = {}
    for arrival_ns, message in messages:
        found.setdefault(arrival_ns // BATCH_NS, []).append((arrival_ns, message))
    return list(found.values())


def measure(audio: Path | None) -> dict[str, Any]:
    """Record a minute, read it back, and return the figures."""
    messages = one_minute(audio)
    write_ms: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = SessionFiles(folder, RecorderSettings(), {})
        cpu_s = time.process_time()
        for number, batch in enumerate(batches(messages), 1):
            began = time.perf_counter()
            files.write(batch, 0, number * BATCH_NS)  # type: ignore[arg-type] # every message here is one of the union
            write_ms.append((time.perf_counter() - began) * 1e3)
        files.close(SECONDS * S)
        cpu_s = time.process_time() - cpu_s
        sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
        began = time.perf_counter()
        read = sum(1 for _ in SessionReader(folder).messages())
        read_s = time.perf_counter() - began
        began = time.perf_counter()
        read_digest(SessionReader(folder))
        digest_s = time.perf_counter() - began
    assert read == len(messages)
    packed = sum(len(zstandard.compress(b"".join(codec.encode(m) for _, m in batch))) for batch in batches(messages))
    return {
        "messages_per_minute": len(messages),
        "write_us_per_message": round(cpu_s * 1e6 / len(messages), 2),
        "write_cpu_percent": round(cpu_s / SECONDS * 100, 3),
        "write_batch_ms_p50": round(float(np.percentile(write_ms, 50)), 2),
        "write_batch_ms_max": round(max(write_ms), 2),
        "mcap_mb_per_minute": round(sizes["session.mcap"] / 1e6, 3),
        "wav_mb_per_minute": round((sizes["user.wav"] + sizes["agent.wav"]) / 1e6, 3),
        "messagepack_mb_per_minute": round(packed / 1e6, 3),
        "json_over_messagepack": round(sizes["session.mcap"] / packed, 3),
        "read_us_per_message": round(read_s * 1e6 / len(messages), 2),
        "digest_s_per_minute": round(digest_s, 3),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--audio", type=Path, help="a WAV file of speech for both voices")
    arguments = parser.parse_args()
    figures = measure(arguments.audio)
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        sys.stdout.write(f"{name:28} {value}\n")


if __name__ == "__main__":
    main()
