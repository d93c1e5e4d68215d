"""Many simulated conversations: each with the whole agent on virtual time, several at once in processes of their own.

A session is wholly determined by its person, its seed and the profile. One that fails is an outcome with `error`, and the others go on. The
rooms are named here, not imported: the house loads them. Processes are spawned anew, since the agent's libraries have threads.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cognitive.partner.outcome import Outcome
from cognitive.partner.room import OUTCOME_FILE
from runtime.errors import AttuneError
from runtime.house import RoomSpec
from runtime.profile import load_profile
from runtime.trouble import place_of
from runtime.virtual_house import run_virtual_house

ROOMS = (
    RoomSpec("cognitive", "cognitive.process"),
    RoomSpec("behavioral", "behavioral.process", restart=False, essential=True),
    RoomSpec("partner", "cognitive.partner.room", restart=False, essential=True),
)
LEVELS = ("words", "voice")
PROFILES = {"words": "simulated", "voice": "simulated-voice"}
"""Profile of each level, unless another is given."""
IN_MEMORY = Path("/dev/shm")
"""Where the state of a session lies, if the machine has it: a disk that is synced twice a second would be most of the work."""


@dataclass(frozen=True, slots=True)
class Job:
    """One session to run."""

    session: int
    seed: int
    person: str
    level: str = "words"
    profile: str = ""
    settings: tuple[str, ...] = ()


def jobs(
    people: Sequence[str], sessions: int, seed: int, level: str, profile: str, settings: Sequence[str]
) -> list[Job]:
    """Return the jobs: people take turns, each session has a seed of its own."""
    return [
        Job(index, seed * 100_003 + index, people[index % len(people)], level, profile, tuple(settings))
        for index in range(sessions)
    ]


def run_one(job: Job) -> Outcome:
    """Run one session in this process.

    Raises:
        AttuneError: the person or the profile is wrong. What fails inside the session is in the outcome's `error`.
    """
    profile = load_profile(job.profile or PROFILES[job.level], job.settings)
    begun = time.perf_counter()
    folder = IN_MEMORY if IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="attune-partner-", dir=folder) as name:
        options = {
            "audio": "recognised" if job.level == "words" else "browser",
            "senses": "bus",
            "opening": False,
            "partner": {"person": job.person, "level": job.level, "session": job.session, "seed": job.seed},
        }
        rooms = [room for room in ROOMS if room.name != "cognitive" or profile.cognitive.enabled]
        failed = ""
        try:
            run_virtual_house(profile, rooms, None, job.seed % (1 << 31), options, state_dir=Path(name))
        except AttuneError:
            raise
        except Exception as error:
            failed = place_of(error)
        file = Path(name) / "partner" / OUTCOME_FILE
        outcome = msgspec.json.decode(file.read_bytes(), type=Outcome) if file.exists() else Outcome()
    if not outcome.person:
        outcome = Outcome(session=job.session, seed=job.seed, person=job.person, level=job.level)
        failed = failed or "the session ended early"
    outcome.error = failed
    outcome.wall_s = round(time.perf_counter() - begun, 2)
    outcome.rss_mb = round(
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 976.6), 1
    )
    return outcome


def run_all(wanted: Sequence[Job], processes: int) -> Iterator[Outcome]:
    """Yield the outcomes in order of the jobs, computed by so many processes (1: in this one)."""
    if processes <= 1:
        yield from map(run_one, wanted)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from pool.map(run_one, wanted)
