"""Keep what the slow process must not lose in one JSON file of the room's state folder.

A save writes a new file beside the old one, syncs it and renames it over, so that a kill at any moment leaves the old or the new
state whole. A file that cannot be read (damaged, of another schema version, too large) is renamed aside and the room starts
empty with a warning that names both files, never their content. Blocking: run it in an offload thread.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import msgspec
from msgspec import Struct, field

from cognitive.drift import DriftState
from cognitive.memory.bank import Bank
from cognitive.memory.consent import Remembering
from cognitive.memory.promises import Unsaid
from cognitive.mind.goals.inference import PersonGoals
from cognitive.mind.person import PersonMind
from cognitive.mind.state import EpistemicState
from cognitive.motivation.experience import Experience
from cognitive.motivation.gate import GateState
from cognitive.planner import PlannerState
from cognitive.scene import Scene

STORE_SCHEMA = 1
FILE_NAME = "cognitive-memory.json"
FILE_BYTES_MAX = 4 << 20
_ASIDE_MAX = 8

_LOG = logging.getLogger(__name__)


class Saved(Struct, kw_only=True):
    """All state of the slow process. `cycle` is the number of the last cycle, `unsaid` what the book of promises is yet to delete."""

    store_schema: int = STORE_SCHEMA
    cycle: int = 0
    saved_ns: int = 0
    bank: Bank = field(default_factory=Bank)
    scene: Scene = field(default_factory=Scene)
    minds: dict[str, PersonMind] = field(default_factory=dict)
    goals: dict[str, PersonGoals] = field(default_factory=dict)
    beliefs: EpistemicState | None = None
    gate: GateState = field(default_factory=GateState)
    experience: Experience = field(default_factory=Experience)
    planner: PlannerState = field(default_factory=PlannerState)
    remembering: Remembering = field(default_factory=Remembering)
    drift: DriftState = field(default_factory=DriftState)
    unsaid: list[Unsaid] = field(default_factory=list)


def encode(saved: Saved) -> bytes:
    """Return the file's content."""
    return msgspec.json.encode(saved)


def write(state_dir: Path, content: bytes, *, durable: bool = True) -> None:
    """Replace the file atomically; mode 0600.

    Args:
        state_dir: the room's private folder.
        content: what `encode` made.
        durable: whether it must outlive a power cut; otherwise it outlives the process, which costs no wait for the disk.

    Raises:
        OSError: no space, no permission; the old file is untouched.
    """
    path = state_dir / FILE_NAME
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        if durable:
            os.fsync(file.fileno())
    os.replace(fresh, path)
    if not durable:
        return
    folder = os.open(state_dir, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def load(state_dir: Path) -> tuple[Saved, str]:
    """Return the saved state and a warning (empty where all is well or there is no file yet)."""
    path = state_dir / FILE_NAME
    try:
        size = path.stat().st_size
        if size > FILE_BYTES_MAX:
            return Saved(), _set_aside(path, f"it has {size} bytes")
        saved = msgspec.json.decode(path.read_bytes(), type=Saved)
    except FileNotFoundError:
        return Saved(), ""
    except msgspec.ValidationError as error:
        return Saved(), _set_aside(path, f"it is not of this form: {str(error).rpartition(' - at ')[2][:80]}")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Saved(), _set_aside(path, "it is damaged")
    except OSError as error:
        return Saved(), f"{path} cannot be read ({error.strerror or error}); starting with an empty memory"
    if saved.store_schema != STORE_SCHEMA:
        return Saved(), _set_aside(path, f"its schema is {saved.store_schema}, not {STORE_SCHEMA}")
    return saved, ""


def _set_aside(path: Path, why: str) -> str:
    """Rename an unreadable file and return the warning."""
    free = [path.with_name(f"{path.name}.damaged-{n}") for n in range(1, _ASIDE_MAX + 1)]
    aside = next((candidate for candidate in free if not candidate.exists()), free[-1])
    try:
        os.replace(path, aside)
        kept = f"kept as {aside.name}"
    except OSError as error:
        kept = f"and cannot be renamed ({error.strerror or error})"
    warning = f"{path} cannot be used: {why}; {kept}; starting with an empty memory"
    _LOG.warning("%s", warning)
    return warning
