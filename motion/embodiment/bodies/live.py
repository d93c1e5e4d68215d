"""Figures of other programs as bodies: what the agent does, streamed to a game engine or a puppet program while it does it.

They have no motors; the joints are those of our humanoid, so that watchdog, emergency stop and limits hold for them as for a robot, and
`Puppet` makes whole poses of them. A datagram that nobody takes is lost, and nobody is told: `connected` says that we stream. Nothing
leaves the machine unless another host is named.
"""

from __future__ import annotations

import asyncio
import dataclasses
import math
import socket
from abc import abstractmethod
from collections.abc import Callable, Iterable

import numpy as np

from motion.clip import Pose
from motion.embodiment.bodies import attune_body
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.link import Link
from motion.embodiment.description import BodyDescription, Float64
from motion.embodiment.retarget.direct import DirectRetargeting
from motion.embodiment.retarget.puppet import Face, Puppet
from motion.embodiment.safety.filter import Command
from runtime.clock import Clock
from runtime.errors import AttuneError
from runtime.messages import MotionFrame

LOOPBACK = "127.0.0.1"


class LiveLink(Link):
    """A stream of poses."""

    def __init__(self, name: str) -> None:
        """Make it."""
        super().__init__(name)
        self._puppet = Puppet()

    def push(self, command: Command, frame: MotionFrame | None, t_ns: int) -> None:
        """Send the pose of a command."""
        if self.connected:
            self._show(self._puppet.moved(command.position_rad, frame, t_ns), self._puppet.face, command, t_ns)

    @abstractmethod
    def _show(self, pose: Pose, face: Face, command: Command, t_ns: int) -> None:
        """Send it, without waiting."""


Datagrams = Callable[[Pose, Face, Command, int], Iterable[bytes]]


class UdpLink(LiveLink):
    """Datagrams to one address."""

    def __init__(self, name: str, datagrams: Datagrams, host: str, port: int) -> None:
        """Make it; `datagrams` builds those of one period."""
        super().__init__(name)
        self._datagrams, self._host, self._port = datagrams, host, port
        self._socket: socket.socket | None = None
        self._to: tuple[str, int] = (host, port)
        self.dropped = 0
        """Datagrams that the system would not take at once."""

    async def _reach(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(self._host, self._port, family=socket.AF_INET, type=socket.SOCK_DGRAM)
        except (OSError, UnicodeError):
            raise AttuneError(
                f"body {self.name}: there is no host {self._host}",
                "Name a host that this machine can find, or 127.0.0.1",
            ) from None
        address = found[0][4]
        self._to = (str(address[0]), int(address[1]))
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    async def _leave(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _show(self, pose: Pose, face: Face, command: Command, t_ns: int) -> None:
        if self._socket is None:
            return
        for datagram in self._datagrams(pose, face, command, t_ns):
            try:
                self._socket.sendto(datagram, self._to)
            except OSError:
                self.dropped += 1


def description(name: str) -> BodyDescription:
    """Return what a figure is: our humanoid's joints, with a face."""
    humanoid = attune_body.description()
    return dataclasses.replace(humanoid, name=name, parts=humanoid.parts | {"face"})


def body(clock: Clock, name: str, link: Link) -> DrivenBody:
    """Return the driver of a figure."""
    retargeting = DirectRetargeting()

    def joints(frame: MotionFrame) -> Float64:
        rotations = np.frombuffer(frame.rotations, "<f4").reshape(-1, 4)
        # A quaternion of no length is no turn; others count by their direction.
        lengths = np.linalg.norm(rotations, axis=1, keepdims=True)
        unit = np.where(lengths > 1e-6, rotations / np.maximum(lengths, 1e-6), (0.0, 0.0, 0.0, 1.0))
        return retargeting.joints(unit, np.frombuffer(frame.hands, "<f4").reshape(2, -1), frame.eyes_rad)

    return DrivenBody(clock, description(name), joints, link)


def gaze(command: Command) -> tuple[float, float]:
    """Return yaw (left positive) and pitch (down positive) of the eyes in a command, radians."""
    rows = attune_body.description().names
    return tuple(  # type: ignore[return-value] # two
        math.fsum(command.position_rad[rows.index(f"{side}_eye_{axis}")] for side in ("left", "right")) / 2.0
        for axis in ("yaw", "pitch")
    )
