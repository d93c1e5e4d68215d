"""What a session's recording tells of its body: how soon it was commanded, how well it followed, what it was held back by.

Read once from the recording, blocking; memory grows with the session's length (some 200 bytes a step).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from motion.embodiment.description import Float64
from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.session.reader import SessionReader


@dataclass(slots=True)
class BodyRecord:
    """A body's part of a recording.

    Attributes:
        name: the body's; empty where the session had none.
        joints: names, in the order of the positions.
        zero_ns: media time zero.
        latency_ms: of each frame of motion, from its tick to the command that follows it.
        tracking_error_deg: of each joint at each measurement.
        measured_ns: when it was measured.
        measured_rad: the measurements.
        states: how many steps in which state.
        refused: targets that were no numbers.
        away: steps that the body did not take.
    """

    name: str = ""
    joints: tuple[str, ...] = ()
    zero_ns: int = 0
    latency_ms: list[float] = field(default_factory=list)
    tracking_error_deg: list[Float64] = field(default_factory=list)
    measured_ns: list[int] = field(default_factory=list)
    measured_rad: list[Float64] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    away: int = 0

    @property
    def times_s(self) -> Float64:
        """When each measurement was, media time, [measurements]."""
        return (np.array(self.measured_ns, float) - self.zero_ns) / NS_PER_S

    @property
    def positions_rad(self) -> Float64:
        """The measurements, [measurements, joints]."""
        return np.array(self.measured_rad)

    def summary(self) -> dict[str, Any]:
        """Return the figures by name; percentiles are None where nothing was measured."""
        errors = np.concatenate(self.tracking_error_deg) if self.tracking_error_deg else np.zeros(0)
        return {
            "name": self.name,
            "steps": sum(self.states.values()),
            "states": dict(sorted(self.states.items())),
            "tick_to_command_ms": percentiles(np.array(self.latency_ms)),
            "tracking_error_deg": percentiles(errors),
            "refused_targets": self.refused,
            "steps_not_taken": self.away,
        }


def percentiles(values: Float64) -> dict[str, float | None]:
    """Return p50 and p95 of values, rounded; None of none."""
    if not len(values):
        return {"p50": None, "p95": None}
    half, most = np.percentile(values, (50, 95))
    return {"p50": round(float(half), 3), "p95": round(float(most), 3)}


def read_body(folder: Path) -> BodyRecord:
    """Return a recording's body; its name is empty where the session had none. Raises AttuneError where there is no recording."""
    record = BodyRecord()
    command: Float64 | None = None
    followed_ns = 0
    for message in SessionReader(folder).messages(m.SessionControl, m.BodyDescribed, m.JointCommand, m.JointMeasured):
        match message:
            case m.SessionControl(action="start") as start:
                record.zero_ns = start.t_ns
            case m.BodyDescribed() as described:
                record.name, record.joints = described.body, described.joints
            case m.JointCommand() as sent:
                record.states[sent.state] += 1
                record.refused = max(record.refused, sent.refused)
                record.away += not sent.connected
                command = np.frombuffer(sent.position_rad, "<f4").astype(float)
                if sent.motion_t_ns != followed_ns:
                    followed_ns = sent.motion_t_ns
                    record.latency_ms.append((sent.t_ns - followed_ns) / NS_PER_MS)
            case m.JointMeasured() as measured:
                position = np.frombuffer(measured.position_rad, "<f4").astype(float)
                record.measured_ns.append(measured.t_ns)
                record.measured_rad.append(position)
                if command is not None and len(command) == len(position):
                    record.tracking_error_deg.append(np.degrees(abs(position - command)))
    return record
