"""Look at this machine: what is here, what is missing, what mends it.

Each finding is `ok`, `warn` (works, but not as it could) or `missing`, with its mend. Only Python, the agent's libraries and the shipped
models are required; everything else adds a capability. Drivers and heavy libraries are loaded in processes of their own
(`runtime.probes`), so that a broken driver cannot take the doctor with it. Nothing is changed; the level meter hears one second
and keeps none of it.
"""

from __future__ import annotations

import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec
import typer

from runtime import __version__
from runtime.errors import AttuneError
from runtime.extras import AGENT_PYTHON, LIBRARIES, Library, install_line, installed_version, is_importable
from runtime.paths import cache_dir, data_dir
from runtime.probes import Finding, run_probe
from runtime.settings import HearingSettings

PORTS = {8765: "the avatar page", 8770: "intentions of outside programs", 8771: "messages for outside programs"}
"""Default ports (runtime.settings) and what listens there."""
MESH_VERSION = "0.10.21"
MESH_MEND = (
    f"python3.11 -m venv ~/attune-mesh && ~/attune-mesh/bin/pip install mediapipe=={MESH_VERSION}; "
    "then set vision.mediapipe_python to ~/attune-mesh/bin/python"
)
"""mediapipe needs numpy 1 and protobuf 4, which Attune's own libraries need not have."""
_LOW_DISK_BYTES = 2 << 30
_SILENT_DBFS = -100.0  # a live microphone's own noise is well above this


class Check(msgspec.Struct, frozen=True):
    """One finding; `mend` is empty where nothing needs mending."""

    name: str
    status: Literal["ok", "warn", "missing"]
    detail: str
    mend: str = ""
    required: bool = False


def command(json: bool = typer.Option(False, "--json", help="Print one JSON object and nothing else.")) -> None:
    """Look at this machine: libraries, models, audio, GPU, ports, ROS; each line with its mend.

    Exits with 1 where something is missing that the agent cannot run without.
    """
    checks: list[Check] = []
    for look in LOOKS:
        for check in look():
            checks.append(check)
            if not json:
                _show(check)
    ok = not any(check.required and check.status == "missing" for check in checks)
    if json:
        from runtime.pull import print_json

        print_json({"ok": ok, "version": __version__, "checks": checks})
    elif not ok:
        print("\nThe agent cannot run here yet: mend the required lines above.")
    if not ok:
        raise typer.Exit(1)


def look_at_python() -> Iterator[Check]:
    """Python's version."""
    detail = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info < AGENT_PYTHON:
        mend = "enough for the wire client; the agent needs Python 3.11 or later"
        yield Check("python", "missing", detail, mend, required=True)
    else:
        yield Check("python", "ok", detail, required=True)


def look_at_libraries() -> Iterator[Check]:
    """Each extra's libraries with their versions."""
    by_extra: dict[str, list[Library]] = {}
    for library in LIBRARIES:
        by_extra.setdefault(library.extra, []).append(library)
    for extra, libraries in by_extra.items():
        versions = {library.module: installed_version(library) for library in libraries}
        absent = [m for m, version in versions.items() if version is None or not is_importable(m)]
        present = [version for m, version in versions.items() if version is not None and m not in absent]
        required = extra == "agent"
        if not absent:
            yield Check(f"extra {extra}", "ok", ", ".join(present), required=required)
        elif present:
            detail = f"without {', '.join(absent)}; has {', '.join(present)}"
            yield Check(
                f"extra {extra}", "missing" if required else "warn", detail, install_line(extra), required=required
            )
        else:
            yield Check(f"extra {extra}", "missing", "not installed", _extra_mend(extra), required=required)


def look_at_onnxruntime() -> Iterator[Check]:
    """Providers that open a real session, not only those that are listed."""
    if not is_importable("onnxruntime"):
        return
    if all(installed_version(Library("", (name,), "")) for name in ("onnxruntime", "onnxruntime-gpu")):
        mend = "pip uninstall onnxruntime onnxruntime-gpu, then install the one that you want"
        yield Check("onnxruntime", "warn", "onnxruntime and onnxruntime-gpu overwrite each other's files", mend)
    found = run_probe("onnxruntime")
    if error := found.get("error"):
        yield Check("onnxruntime", "missing", str(error), "pip install --force-reinstall onnxruntime", required=True)
        return
    idle = [p for p in found["listed"] if p not in found["working"] and p != "AzureExecutionProvider"]
    detail = f"{found['version']}; works with {', '.join(found['working']) or 'no provider'}"
    if idle:
        mend = "the CUDA and TensorRT providers need an NVIDIA driver and the CUDA libraries of onnxruntime's release notes"
        yield Check("onnxruntime", "warn", f"{detail}; listed but not working here: {', '.join(idle)}", mend)
    else:
        yield Check("onnxruntime", "ok", detail)


def look_at_gpu() -> Iterator[Check]:
    """NVIDIA GPUs by nvidia-smi."""
    smi = shutil.which("nvidia-smi")
    if smi is None:
        yield Check("gpu", "missing", "no nvidia-smi", "none is needed; with one, install its driver and the gpu extra")
        return
    query = [smi, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(query, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        yield Check("gpu", "warn", "nvidia-smi does not answer", "reinstall the NVIDIA driver")
        return
    names = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    if done.returncode or not names:
        yield Check("gpu", "warn", "nvidia-smi finds no GPU", "load the NVIDIA driver")
    else:
        yield Check("gpu", "ok", "; ".join(names))


def look_at_models() -> Iterator[Check]:
    """Shipped and pulled models, by hash."""
    from runtime.models import model_registry, verify

    try:
        results, bad = verify([])
        registry = model_registry()
    except AttuneError as error:
        yield Check("models", "missing", error.message, error.mend, required=True)
        return
    for name, states in results.items():
        kinds = set(states.values())
        shipped = registry[name].shipped
        if any(path.startswith(f"{name}/") for path in bad):
            mend = "restore the file from the repository or wheel" if shipped else f"attune models pull {name}"
            yield Check(f"model {name}", "missing", ", ".join(sorted(kinds)), mend, required=shipped)
        elif kinds == {"missing"}:
            yield Check(f"model {name}", "missing", "not pulled", f"attune models pull {name}")
        elif "unchecked" in kinds:
            yield Check(f"model {name}", "warn", "present, but no hash is known to check it by", "none is known")
        else:
            yield Check(f"model {name}", "ok", "shipped, hash verified" if shipped else "pulled, hash verified")


def look_at_profiles() -> Iterator[Check]:
    """The run profiles that are shipped, each with what it is for."""
    from runtime.profile import load_profile, profile_names

    for name in profile_names():
        try:
            yield Check(f"profile {name}", "ok", load_profile(name).description)
        except AttuneError as error:
            yield Check(f"profile {name}", "missing", error.message, error.mend, required=name == "cpu")


def look_at_audio() -> Iterator[Check]:
    """Audio devices, and one second of level from the default input."""
    if not is_importable("pyaudio"):
        yield Check("audio input", "missing", "PyAudio is not installed", _extra_mend("mic"))
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
    if is_importable("pocketsphinx"):
        detail = "English; hears the scenario's own sentences, but gets about 40 % of the words of free speech wrong"
        yield Check("asr pocketsphinx", "ok", detail, "for free conversation use one of the next three, or type")
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


def look_at_ports() -> Iterator[Check]:
    """Whether the default ports are free on loopback."""
    for port, use in PORTS.items():
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                mend = "stop what listens there, or choose another port (attune demo --port N; profile section bus)"
                yield Check(f"port {port}", "warn", f"{use}: {error.strerror}", mend)
            else:
                yield Check(f"port {port}", "ok", f"free, for {use}")


def look_at_ros() -> Iterator[Check]:
    """The ROS 2 distribution of this shell."""
    distribution = os.environ.get("ROS_DISTRO", "")
    installed = sorted(path.name for path in Path("/opt/ros").glob("*") if path.is_dir())
    if not distribution:
        mend = f"source /opt/ros/{installed[-1]}/setup.bash" if installed else "only needed for robots that run ROS 2"
        yield Check("ros", "missing", f"ROS_DISTRO is not set; installed: {', '.join(installed) or 'none'}", mend)
        return
    found = run_probe("rclpy")
    if error := found.get("error"):
        yield Check(
            "ros",
            "warn",
            f"{distribution}, but rclpy does not import: {error}",
            "use the Python that this ROS was built for",
        )
    else:
        yield Check("ros", "ok", f"{distribution}, rclpy imports")


def look_at_disk() -> Iterator[Check]:
    """Free space here and where models are pulled to."""
    for name, folder in (("here", Path.cwd()), ("cache", cache_dir())):
        place = next(path for path in (folder, *folder.parents) if path.exists())
        free = shutil.disk_usage(place).free
        status: Literal["ok", "warn"] = "ok" if free > _LOW_DISK_BYTES else "warn"
        yield Check(
            f"disk {name}", status, f"{free / 1e9:.1f} GB free at {place}", "" if status == "ok" else "free some space"
        )


def look_at_data() -> Iterator[Check]:
    """Where real recordings for tests and benchmarks lie."""
    folder = data_dir()
    if folder is None:
        mend = "only needed for tests and benchmarks: attune data pull, then export ATTUNE_DATA=FOLDER"
        yield Check("data", "missing", "ATTUNE_DATA names no folder", mend)
    else:
        yield Check("data", "ok", f"{folder}, {sum(1 for path in folder.iterdir() if path.is_dir())} data sets")


LOOKS: tuple[Callable[[], Iterator[Check]], ...] = (
    look_at_python,
    look_at_libraries,
    look_at_models,
    look_at_profiles,
    look_at_onnxruntime,
    look_at_gpu,
    look_at_voice,
    look_at_recognisers,
    look_at_audio,
    look_at_echo,
    look_at_cameras,
    look_at_face_mesh,
    look_at_ports,
    look_at_ros,
    look_at_disk,
    look_at_data,
)


def _extra_mend(extra: str) -> str:
    if extra == "mic":
        return f"apt-get install portaudio19-dev gcc python3-dev, then {install_line(extra)}"
    return install_line(extra)


def _show(check: Check) -> None:
    colour = {"ok": typer.colors.GREEN, "warn": typer.colors.YELLOW, "missing": typer.colors.BRIGHT_BLACK}[check.status]
    if check.required and check.status == "missing":
        colour = typer.colors.RED
    typer.echo(f"{typer.style(f'{check.status:8}', fg=colour)}{check.name:28} {check.detail}")
    if check.mend:
        typer.echo(f"{'':8}{'':28} -> {check.mend}")
