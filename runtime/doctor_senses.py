"""The doctor's look at senses and voice: microphone, echo, voices, recognisers, cameras, the face mesh.

Drivers and heavy libraries are loaded in processes of their own (`runtime.probes`). Nothing is changed; the level meter hears one
second and keeps none of it.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from runtime.check import Check, extra_mend
from runtime.errors import AttuneError
from runtime.extras import install_line, is_importable
from runtime.probes import Finding, run_probe
from runtime.settings import HearingSettings

MESH_VERSION = "0.10.21"
MESH_MEND = (
    f"python3.11 -m venv ~/attune-mesh && ~/attune-mesh/bin/pip install mediapipe=={MESH_VERSION}; "
    "then set vision.mediapipe_python to ~/attune-mesh/bin/python"
)
"""mediapipe needs numpy 1 and protobuf 4, which Attune's own libraries need not have."""
_SILENT_DBFS = -100.0  # a live microphone's own noise is well above this


def look_at_audio() -> Iterator[Check]:
    """Audio devices, and one second of level from the default input."""
    if not is_importable("pyaudio"):
        yield Check("audio input", "missing", "PyAudio is not installed", extra_mend("mic"))
        return
    yield judge_audio(run_probe("audio"))


def look_at_echo() -> Iterator[Check]:
    """Echo cancellation for the local microphone."""
    if not is_importable("livekit"):
        detail = "no canceller; with --audio mic use a headset (the self-voice mask works without)"
        yield Check("echo", "missing", detail, install_line("aec"))
        return
    found = run_probe("echo")
    if error := found.get("error"):
        yield Check("echo", "warn", f"the canceller does not run: {error}", "pip install --force-reinstall livekit")
    else:
        yield Check("echo", "ok", f"WebRTC's canceller, {found['ms_per_10_ms']} ms per 10 ms of sound")


def judge_audio(found: Finding) -> Check:
    """Return the line for what the audio probe found."""
    mend = "plug in a microphone, or use a recording (attune run) or the browser's microphone (attune demo)"
    if error := found.get("error"):
        return Check(
            "audio input", "warn", f"PortAudio fails: {error}", "check the sound system (pactl info, arecord -l)"
        )
    if not found.get("inputs"):
        return Check("audio input", "missing", "no input device", mend)
    if error := found.get("input_error"):
        return Check("audio input", "warn", f"{len(found['inputs'])} devices, none opens: {error}", mend)
    levels = [float(level) for level in found["levels_dbfs"]]
    loudest = max(levels)
    detail = f"{found['input']} [{meter(loudest)}] {loudest:.0f} dBFS at its loudest in 1 s"
    if loudest < _SILENT_DBFS:
        return Check("audio input", "warn", detail, "the input is silent: unmute it or choose another one")
    return Check("audio input", "ok", detail)


def meter(level_dbfs: float, width: int = 20) -> str:
    """Return a bar for a level between -60 and 0 dBFS."""
    filled = round(width * min(1.0, max(0.0, 1 + level_dbfs / 60)))
    return "#" * filled + "." * (width - filled)


def look_at_voice() -> Iterator[Check]:
    """The espeak-ng library, and what the other voices need."""
    yield from _espeak()
    absent = [module for module in ("espeakng_loader", "onnxruntime") if not is_importable(module)]
    if absent:
        mend = "; ".join(dict.fromkeys(install_line("voice" if m == "espeakng_loader" else "agent") for m in absent))
        yield Check("voice models", "missing", f"piper and kokoro need {', '.join(absent)}", mend)
    else:
        yield Check("voice models", "ok", "piper and kokoro run a model of yours: voice.model in a profile names it")
    key = "is set" if os.environ.get("OPENAI_API_KEY") else "is not set, which a server of your own does not need"
    yield Check("voice server", "ok", f"openai speaks by voice.server.base_url; OPENAI_API_KEY {key}")


def _espeak() -> Iterator[Check]:
    if not is_importable("espeakng_loader"):
        yield Check("voice", "missing", "no espeak-ng library; the agent shows captions only", install_line("voice"))
        return
    found = run_probe("espeak")
    if error := found.get("error"):
        yield Check(
            "voice",
            "warn",
            f"the espeak-ng voice does not speak: {error}",
            "pip install --force-reinstall espeakng-loader",
        )
    else:
        yield Check("voice", "ok", f"espeak-ng says 'Hello' in {found['spoken_s']} s of sound")


def look_at_recognisers() -> Iterator[Check]:
    """What understands speech here; each says what it needs. Typing to the agent needs none of them."""
    yield _moonshine()
    if is_importable("pocketsphinx"):
        detail = "English; hears the scenario's own sentences, but gets about 40 % of the words of free speech wrong"
        yield Check("asr pocketsphinx", "ok", detail, "for free conversation use another one of these, or type")
    else:
        yield Check(
            "asr pocketsphinx",
            "missing",
            "not installed; without any the agent hears that somebody speaks, not what",
            install_line("agent"),
        )
    folder = "set hearing.asr_model to the folder of its model (attune models list)"
    for name, module, extra in (("faster-whisper", "faster_whisper", "asr"), ("sherpa", "sherpa_onnx", "asr-stream")):
        if is_importable(module):
            yield Check(f"asr {name}", "ok", "installed; brings no model", folder)
        else:
            yield Check(f"asr {name}", "missing", "not installed", f"{install_line(extra)}, then {folder}")
    server = HearingSettings().asr_server
    key = "is set" if os.environ.get(server.api_key_env) else "is not set; a server on this machine needs none"
    detail = f"any server with OpenAI's transcription protocol; the key's variable {server.api_key_env} {key}"
    yield Check(
        "asr openai", "ok", detail, "set hearing.asr_server.base_url; audio then leaves this process for that server"
    )


def _moonshine() -> Check:
    spec = importlib.util.find_spec("moonshine_voice") if is_importable("moonshine_voice") else None
    if spec is None:
        return Check(
            "asr moonshine",
            "missing",
            "not installed; the best that comes with its model",
            install_line("asr-moonshine"),
        )
    places = spec.submodule_search_locations or ()
    if not any((Path(place) / "assets" / "tiny-en" / "encoder_model.ort").is_file() for place in places):
        detail, mend = "this version of moonshine-voice brings no model", "pip install 'moonshine-voice<0.1'"
        return Check(
            "asr moonshine", "warn", detail, f"{mend}, or set hearing.asr_model to the folder of a Moonshine model"
        )
    return Check(
        "asr moonshine", "ok", "tiny English model; hears free speech, 2 to 6 % of the words of clear reading wrong"
    )


def look_at_cameras() -> Iterator[Check]:
    """Video devices that this user may read."""
    devices = sorted(Path("/dev").glob("video*"))
    if not devices:
        mend = "plug in a camera, or use a video (attune run) or the browser's camera (attune demo)"
        yield Check("camera", "missing", "no /dev/video*", mend)
        return
    closed = [str(device) for device in devices if not os.access(device, os.R_OK | os.W_OK)]
    if closed:
        yield Check("camera", "warn", f"no permission for {', '.join(closed)}", "add this user to the group 'video'")
    else:
        yield Check("camera", "ok", ", ".join(map(str, devices)))


def look_at_face_mesh() -> Iterator[Check]:
    """The Python with mediapipe that the better eyes need, as the profiles or ATTUNE_MEDIAPIPE_PYTHON name it."""
    from runtime.profile import load_profile, profile_names

    named = [os.environ.get("ATTUNE_MEDIAPIPE_PYTHON", "")]
    for name in profile_names():
        try:
            named.append(load_profile(name).vision.mediapipe_python)
        except AttuneError:  # `look_at_profiles` tells
            continue
    pythons = sorted({str(Path(python).expanduser()) for python in named if python})
    if not pythons:
        detail = "no Python with mediapipe; haar sees faces and nods, but no gaze, mouth, blink or expression"
        yield Check("face mesh", "missing", detail, MESH_MEND)
    for python in pythons:
        yield judge_face_mesh(python, mesh_version(python))


def mesh_version(python: str) -> str | None:
    """Return the version of mediapipe that another Python has, None where it has none or is none."""
    asked = "from importlib.metadata import version; print(version('mediapipe'))"
    try:
        done = subprocess.run([python, "-I", "-c", asked], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def judge_face_mesh(python: str, version: str | None) -> Check:
    """Return the line for a Python and its mediapipe."""
    if version is None:
        return Check("face mesh", "warn", f"{python} has no mediapipe", MESH_MEND)
    if version != MESH_VERSION:
        detail = f"mediapipe {version} at {python}; only {MESH_VERSION} is known to carry its models"
        return Check("face mesh", "warn", detail, MESH_MEND)
    return Check("face mesh", "ok", f"mediapipe {version} at {python}")
