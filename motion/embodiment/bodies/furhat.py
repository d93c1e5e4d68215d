"""Furhat by its realtime API: head pose and face; messages as `furhat-realtime-api` 0.1.3 sends them, with a client of our own.

Each period the face's parameters that have changed, and ten times a second (as its own page does) the head's pose in degrees: yaw to
its left, pitch down, roll to its right positive, not relative to whom it attends to. On connecting it is told to attend to nobody and to
make no expressions of its own, since two minds in one face look odd; at the end its face is reset. It is never told to attend to a
person: a frame says how the agent's head and eyes are turned, not at whom, and they are turned at the person already. It tells nothing
of its pose: `measured` is None. Where a key is set in its settings, it must be given. The signs of yaw and roll have not been seen on a
real one.
"""

from __future__ import annotations

import asyncio
import math
import uuid

import numpy as np

from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.furhat_face import Changes, parameters
from motion.embodiment.bodies.json_socket import Json, JsonSocket
from motion.embodiment.bodies.link import Link
from motion.embodiment.bodies.table import Row, described
from motion.embodiment.description import Float64
from motion.embodiment.retarget.euler import three
from motion.embodiment.retarget.parts import parts
from motion.embodiment.retarget.puppet import Face, face
from motion.embodiment.safety.filter import Command
from motion.quaternions import multiply
from runtime.clock import NS_PER_S, Clock
from runtime.errors import AttuneError
from runtime.messages import MotionFrame

NAME = "furhat"
PORT = 9_000
RATE_HZ = 25.0
HEAD_EVERY_S = 0.1
ANSWER_WITHIN_S = 3.0
ATTEND_NOBODY: Json = {"type": "request.attend.location", "x": 0.0, "y": 0.0, "z": 1.0}
"""A place ahead, metres in its own frame (z ahead, y up): its API has no message for nobody, its own page sends this."""
# Ranges and speeds of ours: well within those of a head; Furhat limits what it is told by itself as well.
ROWS = (
    Row("head_yaw", -45, 45, 150, 900, 18_000),
    Row("head_pitch", -25, 25, 110, 700, 14_000),
    Row("head_roll", -20, 20, 90, 600, 12_000),
    Row("eye_yaw", -30, 30, 500, 12_000, 600_000),
    Row("eye_pitch", -20, 20, 500, 12_000, 600_000),
)
BODY = described(NAME, ROWS, RATE_HZ, {"head", "eyes", "face"})
_RANGES = [(joint.low_rad, joint.high_rad) for joint in BODY.joints]


class Retargeting:
    """Head and eyes of a frame; it has no waist, so its head looks where the person's would have looked."""

    def __init__(self) -> None:
        """Begin at rest."""
        self._last = (0.0, 0.0, 0.0)

    def __call__(self, frame: MotionFrame) -> Float64:
        """Return the joint targets of a frame, [joints]."""
        turns = parts(frame)
        self._last = three(multiply(turns.waist, turns.head), "ZYX", _RANGES[:3], self._last)
        eyes = (min(high, max(low, angle)) for angle, (low, high) in zip(turns.eyes_rad, _RANGES[3:], strict=True))
        return np.array([*self._last, *eyes])


class FurhatLink(Link):
    """One socket of events."""

    def __init__(self, host: str, port: int, key: str) -> None:
        """Make it for an address; `key` is that of its settings, empty for none."""
        super().__init__(NAME)
        self._url, self._key = f"ws://{host}:{port}/v1/events", key
        self._socket: JsonSocket | None = None
        self._answer: asyncio.Future[Json] | None = None
        self._face, self._changes = Face(), Changes()
        self._head_ns = 0
        self._head: tuple[float, ...] = ()
        self._turned: tuple[float, ...] = ()
        """Where the head should be by now, in degrees; `_head` is where it was last told to be."""

    async def _reach(self) -> None:
        self._socket = JsonSocket(self._url, self._hears, self.lost)
        await self._socket.open(self.name)
        self._answer = asyncio.get_running_loop().create_future()
        question = {"type": "request.auth", "request_id": str(uuid.uuid4())}
        self._socket.post(question | ({"key": self._key} if self._key else {}))
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                answer = await self._answer
        except TimeoutError:
            raise AttuneError(
                f"body {self.name}: {self._url} does not answer request.auth",
                "Switch its realtime API on (FurhatOS 2.8.3 or later)",
            ) from None
        if answer.get("access") is not True:
            raise AttuneError(
                f"body {self.name}: {self._url} refuses the key",
                "Set ATTUNE_FURHAT_KEY to the key of its realtime API's settings",
            )
        self._changes, self._head_ns, self._head, self._turned = Changes(), 0, (), ()
        self._socket.post(ATTEND_NOBODY)
        self._socket.post({"type": "request.face.config", "microexpressions": False})

    async def _leave(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.close()

    async def power(self, on: bool) -> None:
        """Give its face back at the end; motors it switches itself."""
        await super().power(on)
        if not on and self._socket is not None:
            if self._turned != self._head:  # the last of its way to rest was not due yet
                self._turn(self._socket)
            self._socket.post({"type": "request.face.config", "microexpressions": True})
            self._socket.post({"type": "request.face.reset"})
            await asyncio.sleep(0.05)  # they leave before the socket closes

    def push(self, command: Command, frame: MotionFrame | None, t_ns: int) -> None:
        """Send what is new in the face, and the head when it is due."""
        if self._socket is None or not self.connected:
            return
        self._face = face(frame) if frame is not None else self._face.faded()
        head_eyes = command.position_rad.tolist()
        news = self._changes.of(parameters(self._face, (head_eyes[3], head_eyes[4])))
        messages: list[Json] = [{"type": "request.face.params", "params": news}] if news else []
        for message in messages:  # each says only what is new, so none may give way to the next
            self._socket.post(message)
        self._turned = tuple(round(math.degrees(angle), 2) for angle in head_eyes[:3])
        if self._turned != self._head and not 0 <= t_ns - self._head_ns < HEAD_EVERY_S * NS_PER_S:
            self._head_ns = t_ns
            self._turn(self._socket)

    def _turn(self, socket: JsonSocket) -> None:
        self._head = self._turned
        yaw, pitch, roll = self._head
        socket.post({"type": "request.face.headpose", "yaw": yaw, "pitch": pitch, "roll": roll, "relative": False})

    def _hears(self, message: Json) -> None:
        if message.get("type") == "response.auth" and self._answer is not None and not self._answer.done():
            self._answer.set_result(message)


def driver(clock: Clock, host: str = "127.0.0.1", port: int = PORT, key: str = "") -> DrivenBody:
    """Return the driver of a Furhat at an address."""
    return DrivenBody(clock, BODY, Retargeting(), FurhatLink(host, port, key))
