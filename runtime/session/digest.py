"""One pass over a recording: what transcript, intentions, summary and timeline are made from.

Everything is kept except sound and pictures; ten minutes are some tens of megabytes. Times are session nanoseconds as
recorded; the makers of files turn them into seconds after media time zero. Blocking.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from runtime.clock import NS_PER_S
from runtime.codec import MESSAGE_TYPES
from runtime.messages import AgentAudio, Message, MotionFrame, SessionControl, UserAudio, UserVideo, VadFrame
from runtime.session.reader import SessionReader
from runtime.settings import Profile
from runtime.vocabulary import BODY_JOINTS

M = TypeVar("M", bound=Message)
NECK, HEAD = BODY_JOINTS.index("neck"), BODY_JOINTS.index("head")
_NOT_KEPT = (UserAudio, UserVideo, VadFrame)
_NOT_COUNTED = (UserAudio, UserVideo, AgentAudio)
"""Costly to decode, and their gaps are to be heard and seen."""


@dataclass(slots=True)
class FrameTrack:
    """The motion stream in arrays of one length.

    Attributes:
        t_ns: int64, scheduled times.
        lateness_ms: float64.
        neck_head: float32 [F, 2, 4], local rotations of neck and head, quaternions x, y, z, w.
    """

    t_ns: NDArray[np.int64]
    lateness_ms: NDArray[np.float64]
    neck_head: NDArray[np.float32]


@dataclass(slots=True)
class SessionDigest:
    """A recording in memory.

    Attributes:
        zero_ns: media time zero.
        end_ns: end of the session: its stop message, else the last thing that was recorded.
        metadata: as in `SessionReader.metadata`.
        tick_hz: rate of the motion stream by the recorded profile.
        events: every message but sound, pictures, VAD and motion frames, by type, in order of time.
        frames: the motion stream.
        first_frames: by intention id, number and time of sending of the first frame that it shaped.
        voice: by response id, when its first sample was to be heard and when its last one ended, ns.
        gaps: messages missing in the running numbers, by sender.
        truncated: whether the recorder crashed.
        skipped: what could not be read, by reason.
    """

    zero_ns: int
    end_ns: int
    metadata: dict[str, str]
    tick_hz: float
    events: dict[type[Message], list[Message]]
    frames: FrameTrack
    first_frames: dict[str, tuple[int, int]] = field(default_factory=dict)
    voice: dict[str, tuple[int, int]] = field(default_factory=dict)
    gaps: Counter[str] = field(default_factory=Counter)
    truncated: bool = False
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def duration_s(self) -> float:
        """Length of the session from media time zero."""
        return max(0, self.end_ns - self.zero_ns) / NS_PER_S

    def all(self, kind: type[M]) -> list[M]:
        """Return all events of one type in order of time."""
        return cast("list[M]", self.events.get(kind, []))

    def seconds(self, t_ns: int) -> float:
        """Return a session time as seconds after media time zero, to the millisecond."""
        return round((t_ns - self.zero_ns) / NS_PER_S, 3)


def read_digest(reader: SessionReader) -> SessionDigest:
    """Read a whole recording once."""
    events: dict[type[Message], list[Message]] = {}
    frames: list[MotionFrame] = []
    first_frames: dict[str, tuple[int, int]] = {}
    voice: dict[str, tuple[int, int]] = {}
    last_ns = 0
    for item in reader.timed(*(kind for kind in MESSAGE_TYPES.values() if kind not in _NOT_KEPT)):
        message = item.message
        last_ns = max(last_ns, min(item.log_ns, item.arrival_ns))
        if isinstance(message, MotionFrame):
            frames.append(message)
            for intention_id in message.intention_ids:
                sent_ns = message.t_ns + round(message.lateness_ms * 1e6)
                first_frames.setdefault(intention_id, (message.index, sent_ns))
        elif isinstance(message, AgentAudio):
            ends_ns = message.t_ns + len(message.pcm) // 2 * NS_PER_S // message.sample_rate_hz
            first_ns, before_ns = voice.get(message.response_id, (message.t_ns, ends_ns))
            voice[message.response_id] = (min(first_ns, message.t_ns), max(before_ns, ends_ns))
        else:
            events.setdefault(type(message), []).append(message)
    ends = [m.t_ns for m in cast("list[SessionControl]", events.get(SessionControl, [])) if m.action != "start"]
    return SessionDigest(
        zero_ns=reader.media_zero_ns,
        end_ns=ends[-1] if ends else last_ns,
        metadata=reader.metadata,
        tick_hz=_tick_hz(reader.metadata),
        events=events,
        frames=_track(frames),
        first_frames=first_frames,
        voice=voice,
        gaps=_gaps(reader),
        truncated=reader.truncated,
        skipped=dict(reader.skipped),
    )


def _track(frames: list[MotionFrame]) -> FrameTrack:
    rotations = np.frombuffer(b"".join(frame.rotations for frame in frames), dtype="<f4").reshape(
        -1, len(BODY_JOINTS), 4
    )
    return FrameTrack(
        t_ns=np.array([frame.t_ns for frame in frames], dtype=np.int64),
        lateness_ms=np.array([frame.lateness_ms for frame in frames], dtype=np.float64),
        neck_head=rotations[:, [NECK, HEAD]].astype(np.float32),
    )


def _gaps(reader: SessionReader) -> Counter[str]:
    """Count what is missing in the running numbers; a lower number than expected is a restarted sender."""
    expected: dict[tuple[str, type[Message]], int] = {}
    gaps: Counter[str] = Counter()
    for item in reader.arrivals(*(kind for kind in MESSAGE_TYPES.values() if kind not in _NOT_COUNTED)):
        key = (item.message.source, type(item.message))
        wanted = expected.get(key, item.message.seq)
        if item.message.seq > wanted:
            gaps[item.message.source] += item.message.seq - wanted
        expected[key] = item.message.seq + 1
    return gaps


def _tick_hz(metadata: dict[str, str]) -> float:
    """Return the recorded profile's tick rate; the default's where the recording names none that this version reads."""
    try:
        return msgspec.json.decode(metadata.get("settings", "{}"), type=Profile, strict=False).loop.tick_hz
    except msgspec.MsgspecError:
        return Profile().loop.tick_hz
