"""One connected page: its socket, what waits for it, what it may do, and its way by WebRTC where it uses one."""

from __future__ import annotations

import asyncio

from aiohttp import web

from avatar.inbound import PageInput
from avatar.outbox import Outbox
from avatar.webrtc import Peer


class OpenPage:
    """What the server knows of one page."""

    def __init__(self, viewer_id: str, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        """Begin with nothing told and nothing allowed."""
        self.viewer_id = viewer_id
        self.socket = socket
        self.transport = transport
        self.outbox = Outbox()
        self.input = PageInput(viewer_id)
        self.closing = False
        self.consented = False
        self.capturing: set[str] = set()
        """Devices that the page has said are on."""
        self.peer: Peer | None = None

    def put_motion(self, key: str, payload: bytes) -> None:
        """Send a motion frame, by WebRTC where that carries."""
        if self.peer is None or not self.peer.send_motion(payload):
            self.outbox.put_state(key, payload)

    def put_audio(self, payload: bytes) -> None:
        """Send a piece of the agent's voice, by WebRTC where that carries."""
        if self.peer is None or not self.peer.send_sound(payload):
            self.outbox.put_audio(payload)
