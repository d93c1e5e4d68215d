"""The private folder of one running house: its sockets, launch files and the rooms' state, conversation memory included.

It is removed at the house's end. A house that is killed cannot do that, so the next one removes what it has left: each folder holds
a file that its house keeps locked (flock, which ends with the process, however it ends). Removed are only folders of
this user with that file in it and nobody holding it. Blocking; a few system calls.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from pathlib import Path

from runtime.errors import AttuneError

PREFIX = "attune-"
LOCK_FILE = "house.lock"
IPC_PATH_MAX = 60
"""Longest run folder; the path of a Unix socket may have 107 bytes."""


class RunFolder:
    """One house's folder, mode 0700."""

    def __init__(self, base: Path | None = None) -> None:
        """Remove what killed houses have left, then make the folder and lock it.

        Args:
            base: where it lies; by default the temporary folder, or /tmp where that one's path is too long for sockets.

        Raises:
            AttuneError: the folder cannot be made.
        """
        self._lock = -1
        try:
            if base is None:
                named = tempfile.gettempdir()
                base = Path(named if len(named) <= IPC_PATH_MAX else "/tmp")
            sweep(base)
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
            self._hold()
        except OSError as error:
            raise AttuneError(
                f"no temporary folder can be made: {error.strerror or error} ({error.filename or base})",
                "Free disk space there, or name another folder in the environment variable TMPDIR.",
            ) from None

    def remove(self) -> None:
        """Remove the folder with all that is in it; harmless if it is gone."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _hold(self) -> None:
        # Locked before it has its name, so that no other house can find it unlocked.
        unnamed = self.path / f"{LOCK_FILE}.new"
        lock = os.open(unnamed, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # a file system without locks: this folder is never taken for a left one
            os.close(lock)
        else:
            unnamed.rename(self.path / LOCK_FILE)
            self._lock = lock


def sweep(base: Path) -> list[Path]:
    """Remove the folders below `base` that killed houses of this user have left; return them."""
    removed = []
    for folder in sorted(base.glob(f"{PREFIX}*")):
        with contextlib.suppress(OSError):  # another user's, in use (BlockingIOError), or gone meanwhile
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
                continue
            lock = os.open(folder / LOCK_FILE, os.O_WRONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                removed.append(folder)
            finally:
                os.close(lock)
    return removed
