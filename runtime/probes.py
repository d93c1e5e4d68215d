"""Probes of this machine that load drivers and heavy libraries: `python -m runtime.probes NAME` prints one JSON object.

`runtime.doctor` runs each in a process of its own with a time limit, because a broken driver may hang, crash or write to the terminal.
Standard output is the result; anything else is noise.
"""

from __future__ import annotations

import array
import importlib
import json
import math
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runtime.errors import AttuneError

Finding = dict[str, Any]

_ROOT = Path(__file__).resolve().parent.parent
_RATE_HZ = 16_000
_PIECE = 1_600  # 100 ms


def run_probe(name: str, *, timeout_s: float = 20.0) -> Finding:
    """Run a probe in its own process and return what it found; a crash, a hang or nonsense is `{"error": ...}`."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "runtime.probes", name],
            cwd=_ROOT,  # not the caller's folder, which may hold a `runtime` of its own
            capture_output=True,
            timeout=timeout_s,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"no answer within {timeout_s:g} s"}
    except OSError as error:
        return {"error": f"cannot be started: {error.strerror or error}"}
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return {"error": f"ended with status {done.returncode} and no result"}
    return found if isinstance(found, dict) else {"error": "answered nonsense"}


def level_dbfs(samples: array.array[int]) -> float:
    """Return the RMS level of 16-bit samples in dB relative to full scale; -120 for digital silence."""
    if not samples:
        return -120.0
    power = sum(sample * sample for sample in samples) / len(samples)
    return max(-120.0, 10 * math.log10(power / 32_768**2)) if power else -120.0


def probe_audio() -> Finding:
    """List audio devices and record one second from the default input; levels are dBFS per 100 ms."""
    import pyaudio

    audio = pyaudio.PyAudio()
    try:
        devices = [audio.get_device_info_by_index(index) for index in range(audio.get_device_count())]
        found: Finding = {
            "inputs": [str(d["name"]) for d in devices if int(d["maxInputChannels"]) > 0],
            "outputs": [str(d["name"]) for d in devices if int(d["maxOutputChannels"]) > 0],
        }
        if not found["inputs"]:
            return found
        try:
            found["input"] = str(audio.get_default_input_device_info()["name"])
            stream = audio.open(rate=_RATE_HZ, channels=1, format=pyaudio.paInt16, input=True, frames_per_buffer=_PIECE)
        except OSError as error:
            return {**found, "input_error": str(error)}
        levels = []
        for _ in range(10):
            levels.append(round(level_dbfs(array.array("h", stream.read(_PIECE, exception_on_overflow=False))), 1))
        stream.close()
        return {**found, "levels_dbfs": levels}
    finally:
        audio.terminate()


def probe_onnxruntime() -> Finding:
    """Open a real session with each interesting provider: a provider may be listed and yet not work on this machine."""
    import onnxruntime

    from runtime.paths import models_dir

    model = next(iter(sorted((models_dir() / "silero-vad").glob("*.onnx"))), None)
    listed = list(onnxruntime.get_available_providers())
    working = []
    onnxruntime.set_default_logger_severity(4)
    for provider in listed:
        if model is None or provider == "AzureExecutionProvider":  # that one calls a remote service
            continue
        try:
            session = onnxruntime.InferenceSession(str(model), providers=[provider])
        except Exception:  # onnxruntime's exception classes share no public base
            continue
        if provider in session.get_providers():
            working.append(provider)
    return {"version": onnxruntime.__version__, "listed": listed, "working": working}


def probe_espeak() -> Finding:
    """Let the voice's own worker program speak one word; it is GPL-3, so nothing of it is loaded here.

    The frame is that of `runtime.worker`: two little-endian uint32 lengths, a JSON header and a payload.
    """
    worker = _ROOT / "behavioral" / "voice" / "tts" / "espeak_worker.py"
    request = json.dumps({"text": "Hello", "voice": "en-us", "rate_wpm": 165, "pitch": 50}).encode()
    frame = struct.pack("<II", len(request), 0) + request
    done = subprocess.run([sys.executable, "-P", str(worker)], input=frame, capture_output=True, timeout=10)
    header_bytes, pcm_bytes = struct.unpack_from("<II", done.stdout)
    reply = json.loads(done.stdout[8 : 8 + header_bytes])
    if "error" in reply or not pcm_bytes:
        return {"error": str(reply.get("error", "it spoke nothing"))[:200]}
    return {"spoken_s": round(pcm_bytes / 2 / int(reply["sample_rate_hz"]), 2)}


def probe_echo() -> Finding:
    """Let the echo canceller work on a second of silence."""
    import time

    apm = importlib.import_module("livekit.rtc.apm")
    frame = importlib.import_module("livekit.rtc.audio_frame").AudioFrame
    module = apm.AudioProcessingModule(echo_cancellation=True, high_pass_filter=True)
    before = time.perf_counter()
    for _ in range(100):
        module.process_reverse_stream(frame(bytes(320), _RATE_HZ, 1, 160))
        module.process_stream(frame(bytes(320), _RATE_HZ, 1, 160))
    return {"ms_per_10_ms": round(1e3 * (time.perf_counter() - before) / 100, 2)}


def probe_rclpy() -> Finding:
    """Import rclpy."""
    import rclpy

    return {"path": str(rclpy.__file__)}


PROBES: dict[str, Callable[[], Finding]] = {
    "audio": probe_audio,
    "onnxruntime": probe_onnxruntime,
    "espeak": probe_espeak,
    "echo": probe_echo,
    "rclpy": probe_rclpy,
}


def main(argv: list[str]) -> int:
    """Run one probe and print its finding."""
    if len(argv) != 1 or argv[0] not in PROBES:
        raise AttuneError("runtime.probes takes one name", f"one of {', '.join(PROBES)}")
    try:
        found = PROBES[argv[0]]()
    except Exception as error:  # whatever a driver throws is a finding
        found = {"error": f"{type(error).__name__}: {str(error)[:200]}"}
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
