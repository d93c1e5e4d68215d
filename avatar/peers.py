"""The ways by WebRTC of all pages: offers answered, what comes in checked, ended ways let go.

One asyncio loop. An offer takes the place of the page's earlier one; an empty one ends it. What a page says on its channel is checked and
published exactly as what it says on the WebSocket (the `take` given here), but only its microphone may come this way, put in order; blocks
that were lost are replaced by silence, so that time goes on. Where aiortc cannot be loaded, that is logged once and offers are declined.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence

import msgspec

from avatar.inbound import Refused
from avatar.open_page import OpenPage
from avatar.reorder import Reorder
from avatar.webrtc import Peer
from runtime import messages as m
from runtime.codec import Undecodable, decode, encode

logger = logging.getLogger(__name__)

Take = Callable[[OpenPage, bytes], None]
"""Takes a page's message; raises Refused."""


class Peers:
    """Answers offers and owns the peers."""

    def __init__(self, take: Take, refused: Callable[[str], None], stun_servers: Sequence[str] = ()) -> None:
        """Give what takes messages and what counts refusals."""
        self._take = take
        self._refused = refused
        self._stun_servers = stun_servers
        self._unloadable = False
        self._tasks: set[asyncio.Task[None]] = set()

    def offered(self, page: OpenPage, sdp: str, tell: Callable[[str], None]) -> None:
        """Answer an offer in the background; `tell` gets the answer, or an empty one where the offer is none."""
        if not sdp:
            self.leave(page)
            return
        self._run(self._answer(page, sdp, tell))

    def leave(self, page: OpenPage) -> None:
        """Let go of a page's way."""
        peer, page.peer = page.peer, None
        if peer is not None:
            self._run(peer.aclose())

    async def aclose(self) -> None:
        """Wait for what is being closed."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, page: OpenPage, sdp: str, tell: Callable[[str], None]) -> None:
        self.leave(page)
        order: Reorder[bytes] = Reorder()
        try:
            page.peer = peer = Peer(lambda payload: self._hear(page, order, payload), self._stun_servers)
        except ImportError as error:
            if not self._unloadable:
                logger.warning(
                    "WebRTC cannot be used (%s). Mend: pip install --force-reinstall 'attune[webrtc]'", error
                )
            self._unloadable = True
            tell("")
            return
        try:
            answer = await peer.answer(sdp)
        except ValueError:
            self._refused("refused_offer")
            answer = ""
        if page.peer is peer:  # else a newer offer has taken its place
            tell(answer)
            if answer and await peer.opened():
                return
        await peer.aclose()
        if page.peer is peer:
            page.peer = None

    def _hear(self, page: OpenPage, order: Reorder[bytes], payload: bytes) -> None:
        try:
            message = decode(payload)
            if not isinstance(message, m.UserAudio):
                raise Refused("not_allowed")
            silence = msgspec.structs.replace(message, pcm=bytes(len(message.pcm)))
            for block in order.push(message.index, payload):
                self._take(page, encode(silence) if block is None else block)
        except Undecodable as error:
            self._refused(f"refused_{error.reason}")
        except Refused as refused:
            self._refused(f"refused_{refused.reason}")

    def _run(self, what: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
