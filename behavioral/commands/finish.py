"""`attune finish`: completes a session folder from its recording.

Makes `motion.bvh`, `transcript.jsonl`, `intentions.jsonl`, `summary.json` and `timeline.png` from
`session.mcap`: what `attune run` does at its end, for a recording of `attune demo --record` or one whose
command was killed. Doing it again gives the same files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from behavioral.session_motion import write_motion
from motion.embodiment.account import read_body
from runtime.errors import AttuneError
from runtime.session.outputs import finish_session
from runtime.session.reader import SessionReader
from runtime.settings import LoopSettings


def command(folder: Annotated[Path, typer.Argument(help="Session folder with a session.mcap.")]) -> None:
    """Complete a session folder from its recording."""
    finish(folder)


def finish(folder: Path, rss_mb: Mapping[str, float] | None = None, duration_s: float = 0.0) -> dict[str, Any]:
    """Complete a folder and return its summary.

    Args:
        folder: with the recording.
        rss_mb: largest memory per process, where the caller has watched them.
        duration_s: how long the session really was, where the caller knows it: what is missing at the end shows.

    Raises:
        AttuneError: the folder holds no recording, or cannot be written (a full disk).
    """
    try:
        motion = write_motion(folder, _tick_hz(folder))
        body = read_body(folder)
        return finish_session(
            folder,
            duration_s=duration_s,
            rss_mb=rss_mb,
            head_pitch=motion.head_pitch_deg,
            hand_speed=motion.hand_speed_m_s,
            more={"body": body.summary()} if body.name else {},
        )
    except OSError as error:
        raise AttuneError(
            f"{folder}: cannot be completed ({error.strerror})", f"Mend that, then: attune finish {folder}"
        ) from None


def _tick_hz(folder: Path) -> float:
    """Return the frame rate that the session ran at, from the settings in its recording."""
    settings = json.loads(SessionReader(folder).metadata.get("settings", "{}"))
    return float(settings.get("loop", {}).get("tick_hz", LoopSettings().tick_hz))
