"""One process of this machine moves a robot; another that wants to is told so before it begins.

A lock on a file named after the robot (its kind and where it is, however that was written), held for as long as the process lives: a
process that is killed holds it no more. Simulated bodies are each process's own, and a robot behind ROS has controllers of its own. Other
machines are not kept out: robots have their own ways for that, or none. Which robot a name means may take a name server's answer:
`thing_of` waits for it beside the event loop, for at most `LOOK_UP_S`, and raises AttuneError where none comes.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from motion.embodiment.bodies.registry import one_thing
from runtime.errors import AttuneError
from runtime.offload import Offload
from runtime.paths import cache_dir

LOOK_UP_S = 10.0


async def thing_of(name: str, offload: Offload) -> str:
    """Return `one_thing` of a body's name, looked up by `offload`."""
    try:
        async with asyncio.timeout(LOOK_UP_S):
            return await offload.run(one_thing, name)
    except TimeoutError:
        raise AttuneError(
            f"body {name}: no name server has said within {LOOK_UP_S:g} s where its host is",
            "Write its address in numbers, or see to this machine's name server",
        ) from None


@contextmanager
def only_writer(name: str, thing: str) -> Iterator[None]:
    """Be the only process that moves a body; raises AttuneError where another one is.

    Args:
        name: the body's, for the error.
        thing: what it is in the world (`one_thing`); nothing is done where that is empty.
    """
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
