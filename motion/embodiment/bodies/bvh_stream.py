"""Live output as BVH over TCP, as mocap programs broadcast it: whoever connects gets the hierarchy, then a line of numbers per period.

Text, exactly as in a BVH file of ours (`motion.formats.bvh`: centimetres, degrees, channels Zrotation Xrotation Yrotation, every joint
in the file's order): `HIERARCHY` ... `MOTION`, `Frames: 0` (a stream has no count), `Frame Time: 0.02`, then the frames. Listens on
loopback only. A viewer that reads too slowly misses frames; one that reads nothing for `BEHIND_S` is let go.
"""

from __future__ import annotations

import asyncio
import io
from contextlib import suppress

from motion.clip import Pose
from motion.embodiment.bodies import attune_body
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.live import LOOPBACK, LiveLink, body
from motion.embodiment.retarget.puppet import Face
from motion.embodiment.safety.filter import Command
from motion.formats.bvh import BvhWriter
from runtime.clock import NS_PER_S, Clock
from runtime.errors import AttuneError

NAME = "bvh"
PORT = 7_001
VIEWERS = 8
BEHIND_BYTES = 64 << 10
BEHIND_S = 5.0


class BvhLink(LiveLink):
    """A server of viewers."""

    def __init__(self, port: int) -> None:
        """Make it."""
        super().__init__(NAME)
        self._port = port
        self._server: asyncio.Server | None = None
        self._text = io.BytesIO()
        self._writer = BvhWriter(self._text, attune_body.RATE_HZ)
        self._header = self._taken()
        self._viewers: dict[asyncio.StreamWriter, int | None] = {}
        """With the time since which each is behind."""
        self.missed = 0
        """Frames that were not given to a viewer, since it was behind."""

    def _taken(self) -> bytes:
        data = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        return data

    async def _reach(self) -> None:
        try:
            self._server = await asyncio.start_server(self._meets, LOOPBACK, self._port)
        except OSError as error:
            raise AttuneError(
                f"body {self.name}: port {self._port} cannot be listened on ({error.strerror or error})",
                "Name a free one: attune run --body bvh:PORT",
            ) from None

    async def _leave(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for viewer in list(self._viewers):
            viewer.transport.abort()
        self._viewers.clear()

    async def _meets(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._viewers) >= VIEWERS:
            writer.close()
            return
        writer.write(self._header)
        self._viewers[writer] = None
        with suppress(OSError):
            while await reader.read(1_024):  # what viewers say means nothing
                pass
        self._viewers.pop(writer, None)
        writer.close()

    def _show(self, pose: Pose, face: Face, command: Command, t_ns: int) -> None:
        if not self._viewers:
            return
        self._writer.write(pose)
        line = self._taken()
        for viewer, behind_ns in list(self._viewers.items()):
            if viewer.transport.get_write_buffer_size() <= BEHIND_BYTES:
                self._viewers[viewer] = None
                viewer.write(line)
                continue
            self.missed += 1
            if behind_ns is None:
                self._viewers[viewer] = t_ns
            elif t_ns - behind_ns > BEHIND_S * NS_PER_S:
                viewer.transport.abort()


def driver(clock: Clock, port: int = PORT) -> DrivenBody:
    """Return a figure that viewers on this machine can watch."""
    return body(clock, NAME, BvhLink(port))
