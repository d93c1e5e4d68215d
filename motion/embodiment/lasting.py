"""What a body's room must know again when its process was started anew: an emergency stop, an order to rest, how near people were.

Small files in the room's state folder, which lasts as long as the session. They are written where something changes, distances at most
once in `PEOPLE_EVERY_S`, and by renaming, so that a kill leaves the old or the new one. A disk that takes nothing is logged once and
changes nothing for the life that is; a stop whose file cannot be removed holds again after a restart. Called from the room's loop.
"""

from __future__ import annotations

import json
import logging
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from runtime.clock import NS_PER_S

STOP_FILE, REST_FILE, PEOPLE_FILE = "emergency_stop", "rest", "people.json"
PEOPLE_EVERY_S = 1.0
_BYTES_MAX = 64 << 10

logger = logging.getLogger(__name__)


class Lasting:
    """The files of one body."""

    def __init__(self, folder: Path) -> None:
        """Read what an earlier life of the room left."""
        self._folder, self._told = folder, False
        self.stopped, self.resting = (folder / STOP_FILE).exists(), (folder / REST_FILE).exists()
        self.people: Mapping[str, float] = _read(folder / PEOPLE_FILE)
        self._people_ns: int | None = None

    def stop(self, holds: bool) -> None:
        """Keep whether an emergency stop holds."""
        self.stopped = holds
        self._flag(STOP_FILE, there=holds)

    def rest(self, ordered: bool) -> None:
        """Keep whether the body was sent to rest."""
        self.resting = ordered
        self._flag(REST_FILE, there=ordered)

    def near(self, people: Mapping[str, float], now_ns: int) -> None:
        """Keep how near people are, where that has changed."""
        if people == self.people or (
            self._people_ns is not None and 0 <= now_ns - self._people_ns < PEOPLE_EVERY_S * NS_PER_S
        ):
            return
        self.people, self._people_ns = dict(people), now_ns
        self._try(self._write_people)

    def _write_people(self) -> None:
        fresh = self._folder / f"{PEOPLE_FILE}.new"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self.people, file)
        fresh.replace(self._folder / PEOPLE_FILE)

    def _flag(self, name: str, *, there: bool) -> None:
        path = self._folder / name
        self._try((lambda: path.touch(mode=0o600)) if there else (lambda: path.unlink(missing_ok=True)))

    def _try(self, change: Callable[[], None]) -> None:
        try:
            change()
        except OSError as error:
            if not self._told:
                logger.warning("what must outlast a restart of the body's process could not be kept: %s", error)
            self._told = True


def _read(path: Path) -> dict[str, float]:
    try:
        with open(path) as file:
            found = json.loads(file.read(_BYTES_MAX))
        kept = {str(name): float(distance_m) for name, distance_m in found.items()}
        if not all(math.isfinite(distance_m) for distance_m in kept.values()):
            raise ValueError
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError):
        logger.warning("%s is no record of distances; it is left out", path.name)
        return {}
    return kept
