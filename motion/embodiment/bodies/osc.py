"""Live output as plain OSC over UDP: the joint angles of our humanoid as they left the safety filter, and the face.

Each period a bundle of `/attune/time` (seconds), `/attune/state` (text), `/attune/joint/NAME` (radians, names of `attune_body`),
`/attune/viseme/NAME`, `/attune/expression/NAME` (0 to 1) and `/attune/blink` (left, right).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from motion.clip import Pose
from motion.embodiment.bodies import attune_body
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.live import LOOPBACK, UdpLink, body
from motion.embodiment.bodies.osc_packets import bundles, message
from motion.embodiment.retarget.puppet import Face
from motion.embodiment.safety.filter import Command
from runtime.clock import NS_PER_S, Clock
from runtime.vocabulary import EXPRESSIONS, VISEMES

NAME = "osc"
PORT = 9_000


def datagrams(pose: Pose, face: Face, command: Command, t_ns: int) -> Iterable[bytes]:
    """Return the datagrams of one period."""
    return bundles(_messages(face, command, t_ns))


def _messages(face: Face, command: Command, t_ns: int) -> Iterator[bytes]:
    yield message("/attune/time", t_ns / NS_PER_S)
    yield message("/attune/state", command.state)
    for name, angle in zip(attune_body.description().names, command.position_rad.tolist(), strict=True):
        yield message(f"/attune/joint/{name}", angle)
    for name, weight in zip(VISEMES, face.visemes, strict=True):
        yield message(f"/attune/viseme/{name}", weight)
    for name, weight in zip(EXPRESSIONS, face.expression, strict=True):
        yield message(f"/attune/expression/{name}", weight)
    yield message("/attune/blink", *face.blink)


def driver(clock: Clock, host: str = LOOPBACK, port: int = PORT) -> DrivenBody:
    """Return a figure at an address that takes OSC."""
    return body(clock, NAME, UdpLink(NAME, datagrams, host, port))
