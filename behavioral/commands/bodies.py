"""What commands do with a body: find it before anything begins, say how it moved, film it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from motion.embodiment.account import read_body
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.registry import check_body, simulated_robot
from motion.embodiment.bodies.surroundings import table_of
from motion.embodiment.film import write_film
from runtime.body_settings import BodySettings
from runtime.errors import AttuneError
from runtime.printing import print_share
from runtime.session.sound import RATE_HZ, mixed

FILM = "body.mp4"


def robot_of(settings: BodySettings) -> RobotModel | None:
    """Return the simulated robot of a profile, None where it is another kind of body, or none.

    Raises:
        AttuneError: there is no such body, or its model is not here.
    """
    if not settings.name:
        return None
    check_body(settings.name)
    return simulated_robot(settings.name, table_of(settings))


def film_session(folder: Path, robot: RobotModel, out: Path) -> None:
    """Write a film of a recorded session's body, with the voices, and say so."""
    record = read_body(folder)
    times_s = record.times_s
    if not len(times_s):
        raise AttuneError(f"{folder}: no body was recorded", "Give the session one with --body")
    sound = mixed(folder, 0.0, float(times_s[-1])), RATE_HZ
    length_s = write_film(
        robot.make(), record.joints, times_s, record.positions_rad, out, sound=sound, progress=print_share
    )
    print(f"\r{out}: {length_s:.1f} s", file=sys.stderr)


def print_body(body: Mapping[str, Any]) -> None:
    """Say how the body moved."""
    latency, error = body["tick_to_command_ms"], body["tracking_error_deg"]
    line = f"body {body['name']}: {body['steps']} steps"
    if latency["p95"] is not None:
        line += f"; tick to command {latency['p50']:.1f} ms, p95 {latency['p95']:.1f} ms"
    if error["p95"] is not None:
        line += f"; tracking error {error['p50']:.2f} degrees, p95 {error['p95']:.2f}"
    print(line, file=sys.stderr)
