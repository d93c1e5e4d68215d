"""Which extra of the distribution brings which library, for `attune doctor` and for the line that a missing library earns.

The table is checked against the distribution's own metadata by a test, so that it cannot drift from pyproject.toml. Pure data and
look-ups; nothing is imported to find out whether it is there.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from dataclasses import dataclass

AGENT_PYTHON = (3, 11)
"""Oldest Python of the agent; the base install (wire client, bus, command line) runs on 3.10."""


@dataclass(frozen=True, slots=True)
class Library:
    """One library of an extra: the name to import, the distributions that provide it (ours first), the extra."""

    module: str
    distributions: tuple[str, ...]
    extra: str


LIBRARIES: tuple[Library, ...] = (
    Library("numpy", ("numpy",), "agent"),
    Library("onnxruntime", ("onnxruntime", "onnxruntime-gpu"), "agent"),
    Library("pocketsphinx", ("pocketsphinx",), "agent"),
    Library("soundfile", ("soundfile",), "agent"),
    Library("soxr", ("soxr",), "agent"),
    Library("aiohttp", ("aiohttp",), "agent"),
    Library("mcap", ("mcap",), "agent"),
    Library("zstandard", ("zstandard",), "agent"),
    Library("matplotlib", ("matplotlib",), "agent"),
    Library("webrtcvad", ("webrtcvad-wheels", "webrtcvad"), "agent"),
    Library("espeakng_loader", ("espeakng-loader",), "voice"),
    Library("cv2", ("opencv-python-headless", "opencv-python", "opencv-contrib-python"), "vision"),
    Library("moonshine_voice", ("moonshine-voice",), "asr-moonshine"),
    Library("faster_whisper", ("faster-whisper",), "asr"),
    Library("sherpa_onnx", ("sherpa-onnx",), "asr-stream"),
    Library("onnxruntime", ("onnxruntime-gpu",), "gpu"),
    Library("livekit", ("livekit",), "aec"),
    Library("livekit", ("livekit",), "mic"),
    Library("pyaudio", ("pyaudio",), "mic"),
    Library("tokenizers", ("tokenizers",), "memory"),
    Library("onnxruntime", ("onnxruntime", "onnxruntime-gpu"), "memory"),
    Library("torch", ("torch",), "train"),
    Library("diffusers", ("diffusers",), "train"),
    Library("accelerate", ("accelerate",), "train"),
    Library("safetensors", ("safetensors",), "train"),
    Library("tensorboard", ("tensorboard",), "train"),
    Library("onnx", ("onnx",), "train"),
    Library("onnxscript", ("onnxscript",), "train"),
    Library("ruckig", ("ruckig",), "robot"),
    Library("mujoco", ("mujoco",), "robot"),
    Library("mink", ("mink",), "robot"),
    Library("daqp", ("daqp",), "robot"),
    Library("qi", ("qi",), "nao"),
    Library("mujoco_menagerie", ("mujoco-menagerie",), "menagerie"),
    Library("cyclonedds", ("cyclonedds",), "dds"),
    Library("rosbags", ("rosbags",), "dds"),
    Library("cryptography", ("cryptography",), "tls"),
    Library("aiortc", ("aiortc",), "webrtc"),
    Library("av", ("av",), "render"),
    Library("playwright", ("playwright",), "render"),
    Library("pyarrow", ("pyarrow",), "study"),
    Library("rerun", ("rerun-sdk",), "debug"),
)


def extra_of(module: str) -> str | None:
    """Return the extra that brings a module (`cv2.data` counts as `cv2`), or None for a module of no extra."""
    top = module.partition(".")[0]
    return next((library.extra for library in LIBRARIES if library.module == top), None)


def install_line(extra: str) -> str:
    """Return the command that installs an extra, or what stands in its way."""
    if sys.version_info < AGENT_PYTHON:
        needed = ".".join(map(str, AGENT_PYTHON))
        return f"use Python {needed} or later, then pip install 'attune[{extra}]'"
    return f"pip install 'attune[{extra}]'"


def installed_version(library: Library) -> str | None:
    """Return `distribution version` of whichever distribution provides a library, or None where none is installed."""
    for name in library.distributions:
        try:
            return f"{name} {importlib.metadata.version(name)}"
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def is_importable(module: str) -> bool:
    """Return whether a top-level module can be found, without importing it."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
