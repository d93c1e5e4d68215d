"""Reachy Mini (Pollen Robotics): a head on a platform that turns, with two antennas; by the WebSocket interface of its daemon.

Joints: the body's yaw, the head's yaw against the body, pitch and roll, both antennas. The daemon ignores a pose that it cannot reach,
without a word, so nothing of the sort is ever made: whatever the joints do within their ranges, each by itself, the six legs under the
head can do (`TILT_RAD`). Targets are brought into the ranges before the safety filter, and what leaves it is sent as it is. The head's
place is no joint: where it is off (asleep it lies 44 mm lower) it is led to its own from where it was found (`LeadIn`), while the joints
go to rest; nothing is followed until it is there. It stands while an emergency stop holds or a person is too near. On all of that way the
legs can do what is asked (tested with the daemon's kinematics). What arms and face would show the antennas do: each rises with its arm and
droops with sadness. Its daemon goes on holding the last pose when we are away; its motors are not switched off at the end, since the head
would fall.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping

import numpy as np

from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.json_socket import CONNECT_WITHIN_S, Json, JsonSocket
from motion.embodiment.bodies.lead_in import LeadIn, Place
from motion.embodiment.bodies.link import Link
from motion.embodiment.bodies.table import Row, described
from motion.embodiment.contract import Measured
from motion.embodiment.description import Float64
from motion.embodiment.retarget.euler import three, yaw
from motion.embodiment.retarget.parts import Parts, moods, parts
from motion.embodiment.safety.filter import Command
from motion.quaternions import multiply
from runtime.clock import Clock
from runtime.errors import AttuneError
from runtime.messages import MotionFrame

NAME = "reachy-mini"
RATE_HZ = 50.0
PORT = 8000
TILT_RAD = math.radians(34.0)
"""Pitch and roll together, in any direction, at any yaw within the range: from the daemon's own inverse kinematics (version 1.12), every 15
degrees of direction; up to a yaw of 45 degrees it can do 40."""
# Ranges of its documentation, less what its kinematics refuse near the ends (it says 65 for the head's yaw, where hardly any pitch is
# left, and 160 for the body's). Its daemon keeps the head within 65 degrees of the body by turning the body by itself, and the wrong way
# round, at once, where both together are beyond 180: so both have less, and it has nothing to mend. Pitch and roll at once stay within
# `TILT_RAD`, more of it for nods. Speeds are ours: well below its motors', gentle on a desk.
ROWS = (
    Row("body_yaw", -110, 110, 120, 600, 12_000),
    Row("head_yaw", -55, 55, 220, 1_500, 30_000),
    Row("head_pitch", -29, 29, 160, 1_200, 24_000),
    Row("head_roll", -17, 17, 160, 1_200, 24_000),
    Row("right_antenna", -170, 170, 400, 4_000, 80_000, rest=-10),
    Row("left_antenna", -170, 170, 400, 4_000, 80_000, rest=10),
)
BODY = described(NAME, ROWS, RATE_HZ, {"head", "antennas", "base"})
_RANGES = [(joint.low_rad, joint.high_rad) for joint in BODY.joints]
RAISED_RAD, DROOPED_RAD, FORWARD_RAD = math.radians(55.0), math.radians(95.0), math.radians(40.0)
"""How far an antenna goes out for an arm overhead, out and down for sadness, and apart for anger."""
REPLY_WITHIN_S = 2.0
PLACE_M_S, PLACE_M_S2 = 0.04, 0.4
"""At most so fast the head's place is led to its own."""


class Retargeting:
    """Keeps the last pose, to choose among solutions."""

    def __init__(self) -> None:
        """Begin at rest."""
        self._last: list[float] = BODY.vector("rest_rad").tolist()

    def __call__(self, frame: MotionFrame) -> Float64:
        """Return the joint targets of a frame, [joints]."""
        turns, anywhere = parts(frame), (-math.pi, math.pi)
        body = three(turns.waist, "ZYX", (_RANGES[0], anywhere, anywhere), (self._last[0], 0.0, 0.0))[0]
        # The waist cannot bend: the head looks where the person's would have looked.
        looks = multiply(yaw(-body), multiply(turns.waist, turns.head))
        turned, nods, tilts = three(looks, "ZYX", _RANGES[1:4], self._last[1:4])
        left, right = self._leans(turns, moods(frame))
        self._last = [
            min(high, max(low, angle))
            for angle, (low, high) in zip((body, turned, nods, tilts, -right, left), _RANGES, strict=True)
        ]
        return np.array(self._last)

    @staticmethod
    def _leans(turns: Parts, mood: Mapping[str, float]) -> tuple[float, float]:
        """Return how far out the left and the right antenna lean."""
        rest = BODY.joints[5].rest_rad * (1.0 - 0.8 * max(mood["happy"], mood["surprised"]))
        lean = rest + mood["sad"] * DROOPED_RAD + mood["angry"] * FORWARD_RAD
        left, right = (lean + RAISED_RAD * (arm.reach()[2] + 2.0) / 4.0 for arm in (turns.left, turns.right))
        return left, right


class ReachyLink(Link):
    """Two sockets: targets there, its state back."""

    def __init__(self, clock: Clock, host: str, port: int) -> None:
        """Make it for a daemon's address."""
        super().__init__(NAME)
        self._clock = clock
        self._at = f"{host}:{port}"
        self._targets: JsonSocket | None = None
        self._states: JsonSocket | None = None
        self._measured: Measured | None = None
        self._found_m: Place = (0.0, 0.0, 0.0)
        """Where the head was in the newest state."""
        self._lead = self._begun()
        self.complaints = 0
        """Targets that the daemon answered with an error."""

    async def _reach(self) -> None:
        self._targets = JsonSocket(f"ws://{self._at}/api/move/ws/set_target", self._complained, self.lost)
        self._states = JsonSocket(f"ws://{self._at}/api/state/ws/full?frequency={RATE_HZ:g}", self._state, self.lost)
        self._measured = None
        await self._targets.open(self.name)
        await self._states.open(self.name)
        for _ in range(round(REPLY_WITHIN_S / 0.02)):
            if self._measured is not None:
                return
            await asyncio.sleep(0.02)
        raise AttuneError(
            f"body {self.name}: {self._at} tells no state", "Check that its daemon has started its backend"
        )

    async def _leave(self) -> None:
        targets, states, self._targets, self._states = self._targets, self._states, None, None
        for socket in (targets, states):
            if socket is not None:
                await socket.close()

    async def power(self, on: bool) -> None:
        """Switch its motors on. They are never switched off."""
        import aiohttp

        await super().power(on)
        if not on:
            return
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CONNECT_WITHIN_S)) as session,
                session.post(f"http://{self._at}/api/motors/set_mode/enabled") as answer,
            ):
                answer.raise_for_status()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise AttuneError(
                f"body {self.name}: its motors could not be switched on ({type(error).__name__})",
                "See its daemon's log",
            ) from None

    def push(self, command: Command, frame: MotionFrame | None, t_ns: int) -> None:
        """Send the pose."""
        if self._targets is None or not self.connected:
            return
        body, yaw, pitch_rad, roll_rad, right, left = command.position_rad.tolist()
        x, y, z = self._lead.step(self.pace)
        head = {"x": x, "y": y, "z": z, "roll": roll_rad, "pitch": pitch_rad, "yaw": body + yaw}
        self._targets.push(
            [{"target_head_pose": head, "target_antennas": [right, left], "target_body_yaw": body}],
        )

    def measured(self) -> Measured | None:
        """Return the newest state."""
        return self._measured

    def take_over(self) -> None:
        """Lead the head's place from where it is."""
        self._lead = self._begun()

    @property
    def settles(self) -> bool:
        """Whether the head is not yet in its place."""
        return not self._lead.arrived

    def _begun(self) -> LeadIn:
        return LeadIn(self._found_m, PLACE_M_S, PLACE_M_S2, BODY.period_s)

    def _complained(self, message: Json) -> None:
        if message.get("status") == "error":
            self.complaints += 1

    def _state(self, message: Json) -> None:
        try:
            head, body = message["head_pose"], float(message["body_yaw"])
            right, left = (float(angle) for angle in message["antennas_position"])
            yaw = math.remainder(float(head["yaw"]) - body, 2.0 * math.pi)
            values = np.array([body, yaw, float(head["pitch"]), float(head["roll"]), right, left])
            place = float(head["x"]), float(head["y"]), float(head["z"])
        except (KeyError, TypeError, ValueError):
            return
        if np.isfinite((*values, *place)).all():
            self._found_m = place
            self._measured = Measured(values, self._clock.now_ns())


def driver(clock: Clock, host: str = "127.0.0.1", port: int = PORT) -> DrivenBody:
    """Return the driver of a Reachy Mini whose daemon listens at an address."""
    return DrivenBody(clock, BODY, Retargeting(), ReachyLink(clock, host, port))
