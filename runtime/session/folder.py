"""The folder of a session before it is recorded: made private, and refused where it must not be recorded to.

What is wrong is said before anything is written. Blocking; called once by a command, before its house starts.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from runtime.errors import AttuneError
from runtime.messages import SessionControl
from runtime.session.files import AGENT_WAV, USER_WAV, free_mb, session_parts
from runtime.session.outputs import INTENTIONS, SUMMARY, TIMELINE, TRANSCRIPT
from runtime.session.reader import SessionReader

REMAINS = (USER_WAV, AGENT_WAV, "motion.bvh", TRANSCRIPT, INTENTIONS, SUMMARY, TIMELINE)
"""Files besides the MCAP parts by which a folder is known to hold a session already."""


def prepare_session_folder(out: Path, min_free_mb: int, option: str) -> Path:
    """Make a session's folder (mode 0700; one that exists keeps its mode) and return its absolute path.

    Args:
        out: as the user gave it.
        min_free_mb: `recorder.min_free_mb`.
        option: the option that named it, for errors.

    Raises:
        AttuneError: it holds a session already, cannot be made or written, or lies on a disk with less than that free.
    """
    folder = out.absolute()
    try:
        nearest = next(place for place in (folder, *folder.parents) if place.exists())
        free = free_mb(nearest)
        if free < min_free_mb:
            raise AttuneError(
                f"{option} {out}: only {free} MB are free there, recorder.min_free_mb is {min_free_mb}",
                "Free some space, or give a folder on another disk",
            )
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if session_parts(folder) or any((folder / name).exists() for name in REMAINS):
            raise AttuneError(f"{option} {out}: holds a session already", "Give a new folder, or remove that one")
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise AttuneError(
            f"{option} {out}: cannot be written ({error.strerror or error})", "Give a folder that you may write"
        ) from None
    return folder.resolve()


def remove_unbegun(folder: Path) -> None:
    """Remove the folder of a session that failed before it started; one whose recording holds a start is kept."""
    try:
        begun = any(True for _ in SessionReader(folder).messages(SessionControl))
    except AttuneError:
        begun = False
    if not begun:
        shutil.rmtree(folder, ignore_errors=True)
