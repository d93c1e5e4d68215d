"""One process of this machine moves a robot; another that wants to is told so before it begins.

A lock on a file named after the robot (its kind and where it is, however that was written), held for as long as the process lives: a
process that is killed holds it no more. Simulated bodies are each process's own, and a robot behind ROS has controllers of its own. Other
machines are not kept out: robots have their own ways for that, or none.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from motion.embodiment.bodies.registry import one_thing
from runtime.errors import AttuneError
from runtime.paths import cache_dir


@contextmanager
def only_writer(name: str) -> Iterator[None]:
    """Be the only process that moves a body; raises AttuneError where another one is. Does nothing for a body that is not one thing."""
    thing = one_thing(name)
    if not thing:
        yield
        return
    folder = cache_dir() / "bodies"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{re.sub('[^A-Za-z0-9.-]', '_', thing)}.lock"
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AttuneError(f"body {name}: another process moves it", "End that one first") from None
        yield
