"""What of a recording a replay page needs, packed small: the body's frames as 16-bit integers, the events that the page shows as JSON.

Blocking work; seconds from media time zero. A recording that is cut or damaged gives what can be read of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from avatar.told import ToldToPages
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.errors import AttuneError
from runtime.session.reader import SessionReader
from runtime.session.replay import Schedule

EVENTS: tuple[type[m.Message], ...] = (
    m.Word, m.TypedText, m.Turn, m.AgentSpeech, m.Intention, m.IntentionAnswer, m.CognitiveCycle,
    m.UserSpeech, m.TurnDecision, m.Knowledge, m.MemoryConsent, m.Span,
)  # fmt: skip
"""What captions, transcript and the panel of what the agent thinks are made of; of each what a live page is told (`avatar.told`)."""
COLUMNS = (
    ("rotations", 88, 1.0),
    ("hips", 3, 4.0),
    ("hands", 12, 4.0),
    ("face", 4, 4.0),
    ("visemes", 15, 1.0),
    ("expression", 5, 1.0),
)
"""Parts of a frame in the order of the page's `Pose`, how many numbers each has, and the largest absolute value that can be told."""
FULL_SCALE = 32_767


@dataclass(frozen=True, slots=True)
class Packed:
    """A recording as the page plays it.

    Attributes:
        times_us: when each frame is shown, int32 [n], microseconds.
        frames: int16 [n, 127], `COLUMNS` side by side.
        events: JSON of `[{"at": seconds, "m": message}, ...]` in order of arrival, the messages' times from media time zero.
        duration_s: of what is told.
    """

    times_us: NDArray[np.int32]
    frames: NDArray[np.int16]
    events: bytes
    duration_s: float


def pack(reader: SessionReader, from_s: float, until_s: float) -> Packed:
    """Return the part of a recording from one media time to another.

    Events before it are kept, told at its start with their own (negative) times, so that captions and thoughts stand as they stood.

    Raises:
        AttuneError: no frame of the body lies in it.
    """
    zero_ns = reader.media_zero_ns + round(from_s * NS_PER_S)
    schedule = Schedule(zero_ns, 0, 1.0, earliest_ns=-math.inf)
    telling = ToldToPages()
    end_ns = zero_ns + round((until_s - from_s) * NS_PER_S)
    times: list[int] = []
    rows: list[NDArray[np.int16]] = []
    for frame in reader.messages(m.MotionFrame, start_ns=zero_ns, end_ns=end_ns):
        times.append((frame.t_ns - zero_ns) // 1_000)
        rows.append(_row(frame))
    if not rows:
        raise AttuneError(
            f"{reader.path}: there is no motion between {from_s:g} and {until_s:g} s",
            "Name a time within the session: attune replay DIR --text tells its times",
        )
    events = [
        {"at": max(0.0, round((item.arrival_ns - zero_ns) / NS_PER_S, 3)), "m": _told(schedule.moved(told))}
        for item in reader.arrivals(*EVENTS)
        if item.arrival_ns < end_ns and (told := telling.told(item.message)) is not None
    ]
    return Packed(
        np.asarray(times, np.int32), np.stack(rows), msgspec.json.encode(events), round(times[-1] / 1e6 + 0.02, 3)
    )


def _told(message: m.Message) -> dict[str, object]:
    """Return a message as plain values."""
    told: dict[str, object] = msgspec.to_builtins(message)
    return told


def _row(frame: m.MotionFrame) -> NDArray[np.int16]:
    """Return a frame's numbers, each as a share of what its column can tell."""
    parts = (
        np.frombuffer(frame.rotations, np.float32),
        np.asarray(frame.hips_m, np.float32),
        np.frombuffer(frame.hands, np.float32),
        np.asarray((*frame.eyes_rad, *frame.blink), np.float32),
        np.frombuffer(frame.visemes, np.float32),
        np.frombuffer(frame.expression, np.float32),
    )
    scaled = [np.clip(part / scale, -1.0, 1.0) for part, (_, _, scale) in zip(parts, COLUMNS, strict=True)]
    row: NDArray[np.int16] = np.rint(np.concatenate(scaled) * FULL_SCALE).astype(np.int16)
    return row
