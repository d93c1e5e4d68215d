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

import typer

from runtime import __version__
from runtime.check import Check, extra_mend
from runtime.doctor_senses import (
    look_at_audio,
    look_at_cameras,
    look_at_echo,
    look_at_face_mesh,
    look_at_recognisers,
    look_at_voice,
)
from runtime.errors import AttuneError
from runtime.extras import AGENT_PYTHON, LIBRARIES, Library, install_line, installed_version, is_importable
from runtime.paths import cache_dir, data_dir
from runtime.probes import run_probe

PORTS = {8765: "the avatar page", 8770: "intentions of outside programs", 8771: "messages for outside programs"}
"""Default ports (runtime.settings) and what listens there."""
_LOW_DISK_BYTES = 2 << 30


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
        from runtime.printing import print_json

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
            yield Check(f"extra {extra}", "missing", "not installed", extra_mend(extra), required=required)


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


def _show(check: Check) -> None:
    colour = {"ok": typer.colors.GREEN, "warn": typer.colors.YELLOW, "missing": typer.colors.BRIGHT_BLACK}[check.status]
    if check.required and check.status == "missing":
        colour = typer.colors.RED
    typer.echo(f"{typer.style(f'{check.status:8}', fg=colour)}{check.name:28} {check.detail}")
    if check.mend:
        typer.echo(f"{'':8}{'':28} -> {check.mend}")
