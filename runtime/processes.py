"""What the operating system says about the house's processes: memory, and who belongs to a room.

Reads `/proc` where there is one (Linux) and says nothing elsewhere but the own peak memory. Synchronous; one look
over all processes of a machine takes a few milliseconds. Sizes are in MB (10^6 bytes). Paths are plain strings: `pathlib` interns
every part of a path, and looking at all processes each second would make the interpreter's table of such strings grow by a megabyte.
"""

from __future__ import annotations

import os
import resource
import sys
from dataclasses import dataclass

_PROC = "/proc"
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TITLE_PREFIX = "attune: "


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """One process: its id, the session that it belongs to, its title or program name, and its resident memory."""

    pid: int
    session: int
    name: str
    rss_mb: float


def own_rss_mb() -> float:
    """Return this process's resident memory (its peak where `/proc` is missing)."""
    rss_mb = _rss_mb(f"{_PROC}/self")
    if rss_mb is not None:
        return rss_mb
    unit = 1 if sys.platform == "darwin" else 1_024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def set_niceness(niceness: int) -> int:
    """Set this process's niceness, and its autogroup's where it leads a session of its own; return what it has now.

    Linux weighs sessions against each other by their autogroup first (sched(7)), so that a room in its own session would
    not give way by its niceness alone. To become less nice needs a privilege (root, or RLIMIT_NICE); without it
    the process stays as it is.
    """
    try:
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
        if os.getsid(0) == os.getpid():
            with open(f"{_PROC}/self/autogroup", "w") as file:
                file.write(str(niceness))
    except OSError:  # not permitted, or no autogroups here
        pass
    return os.getpriority(os.PRIO_PROCESS, 0)


def processes_of_sessions(sessions: set[int]) -> list[ProcessInfo]:
    """Return the living processes of the given sessions (a room leads one, its workers belong to it), by process id."""
    found = []
    for entry in sorted(_numbered(), key=int):
        folder = f"{_PROC}/{entry}"
        try:
            # The name in parentheses may hold anything; the fields after it are state, ppid, pgrp, session.
            fields = _read(f"{folder}/stat").rpartition(b")")[2].split()
            session = int(fields[3])
            if session not in sessions or fields[0] == b"Z":
                continue
            title = _read(f"{folder}/cmdline").split(b"\0")[0].decode(errors="replace").strip()
        except (OSError, ValueError, IndexError):
            continue
        name = title.removeprefix(TITLE_PREFIX) if title.startswith(TITLE_PREFIX) else os.path.basename(title)
        found.append(ProcessInfo(int(entry), session, name, _rss_mb(folder) or 0.0))
    return found


def _numbered() -> list[str]:
    try:
        return [entry for entry in os.listdir(_PROC) if entry.isdigit()]
    except OSError:
        return []


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _rss_mb(folder: str) -> float | None:
    try:
        return int(_read(f"{folder}/statm").split()[1]) * _PAGE_BYTES / 1e6
    except (OSError, ValueError, IndexError):
        return None
