"""What a session folder holds once the rooms have stopped: transcript, intentions, summary, timeline.

Each file is made on its own and written whole (a temporary file, then a rename), so that one that fails leaves the
others. An empty session gives empty lists and null percentiles, never an error. Blocking.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from runtime.session.digest import SessionDigest, read_digest
from runtime.session.reader import SessionReader
from runtime.session.summary import build_summary
from runtime.session.transcript import intention_lines, to_jsonl, transcript_lines

TRANSCRIPT, INTENTIONS = "transcript.jsonl", "intentions.jsonl"
SUMMARY, TIMELINE = "summary.json", "timeline.png"

_log = logging.getLogger("attune.session")


def finish_session(
    folder: Path,
    *,
    duration_s: float = 0.0,
    rss_mb: Mapping[str, float] | None = None,
    head_pitch: Sequence[float] | None = None,
    hand_speed: Sequence[float] | None = None,
    timeline: bool = True,
    digest: SessionDigest | None = None,
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the files that are made from a recording and return the summary.

    Args:
        folder: the session folder with its MCAP and WAV files.
        duration_s: how long the session was as the supervisor saw it, 0 where unknown.
        rss_mb: largest memory per process as the supervisor saw it (`HouseResult.rss_mb`).
        head_pitch: degrees per recorded motion frame, see `runtime.session.timeline`.
        hand_speed: m/s per recorded motion frame.
        timeline: whether to draw `timeline.png`; without matplotlib it is left out with a warning.
        digest: the recording, if the caller has read it already.
        more: further sections of the summary, which rooms above know of.

    Raises:
        AttuneError: the folder holds no recording.
        OSError: a file cannot be written.
    """
    digest = read_digest(SessionReader(folder)) if digest is None else digest
    summary = {**build_summary(digest, rss_mb, duration_s), **(more or {})}
    _write(folder / TRANSCRIPT, to_jsonl(transcript_lines(digest)))
    _write(folder / INTENTIONS, to_jsonl(intention_lines(digest)))
    _write(folder / SUMMARY, json.dumps(summary, indent=2, ensure_ascii=False) + "\n")
    if timeline:
        _draw(digest, folder, head_pitch, hand_speed)
    return summary


def _draw(
    digest: SessionDigest, folder: Path, head_pitch: Sequence[float] | None, hand_speed: Sequence[float] | None
) -> None:
    unfinished = folder / f".{TIMELINE}"
    try:
        from runtime.session.timeline import draw_timeline

        os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY, 0o600))  # private from the first byte
        draw_timeline(digest, folder, unfinished, head_pitch=head_pitch, hand_speed=hand_speed)
        unfinished.replace(folder / TIMELINE)
    except ImportError as error:
        _log.warning("timeline.png was not drawn: %s; pip install 'attune[agent]'", error)
    finally:
        unfinished.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}")
    with open(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    unfinished.replace(path)
