"""A second way between one page and the house for lossy networks: two WebRTC data channels beside the WebSocket (extra `webrtc`, aiortc).

A TCP connection holds everything up until what was lost has come again, motion and sound too, which nobody wants late. Over WebRTC
`motion` is never sent again (a lost frame costs one frame); `sound`, both voices, is sent again for 150 ms at most, then given up. Both
are unordered, and who receives puts sound in order (`avatar.reorder`, `voice-order.js`): an ordered channel of aiortc can fall silent for
good once something was given up. Payloads are those of the WebSocket; the signalling goes over it as well, so a page has passed its checks
(`avatar.access`) before the first packet. DTLS encrypts, and its keys are bound to that signalling.

One asyncio loop. UDP ports are opened while a page uses this way, on the machine's own addresses; nobody is asked for outside help unless
`avatar.stun_servers` names one. Failures: an offer that is none raises ValueError; a peer whose channels close, or that gets rid of too
little sound, is `broken` and takes nothing more, and the WebSocket carries on.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from runtime.addresses import is_loopback
from runtime.errors import AttuneError

if TYPE_CHECKING:
    from aiortc import RTCDataChannel, RTCPeerConnection

SDP_CHARS_MAX: Final = 16_384
MESSAGE_BYTES_MAX: Final = 16_384
"""Of a payload on a channel; what is larger (pictures) goes over the WebSocket."""
BACKLOG_BYTES_MAX: Final = {"motion": 8_192, "sound": 65_536}
"""What may wait in a channel: some ticks of motion, a second and a half of voice."""
CONNECT_S: Final = 15.0

Offered = Literal["off", "network", "always"]


def is_offered(setting: Offered, host: str) -> bool:
    """Whether pages may ask for this way: on loopback nothing is lost, and no port need be open.

    Raises:
        AttuneError: it is to be there always, but aiortc is not installed.
    """
    there = importlib.util.find_spec("aiortc") is not None
    if setting == "always" and not there:
        raise AttuneError(
            "avatar.webrtc is 'always', but aiortc is not installed", "Install it with: pip install 'attune[webrtc]'"
        )
    return there and (setting == "always" or (setting == "network" and not is_loopback(host)))


class Peer:
    """The two channels of one page."""

    def __init__(self, take: Callable[[bytes], None], stun_servers: Sequence[str] = ()) -> None:
        """Make the near end.

        Args:
            take: called with each payload that comes in by `sound`.
            stun_servers: `stun:host:port`.

        Raises:
            ImportError: aiortc cannot be loaded.
        """
        from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection

        # An empty list, not None: aiortc would ask a public server.
        self._connection: RTCPeerConnection = RTCPeerConnection(
            RTCConfiguration(iceServers=[RTCIceServer(urls=url) for url in stun_servers])
        )
        self._take = take
        self._channels: dict[str, RTCDataChannel] = {}
        self.broken = False
        self._connection.on("datachannel", self._add)

    @property
    def open(self) -> bool:
        """Whether both channels carry."""
        return (
            not self.broken
            and len(self._channels) == len(BACKLOG_BYTES_MAX)
            and all(channel.readyState == "open" for channel in self._channels.values())
        )

    async def answer(self, offer: str) -> str:
        """Return the answer to a page's offer (SDP, with its addresses in it); raises ValueError."""
        from aiortc import RTCSessionDescription

        if [line[:14] for line in offer.splitlines() if line.startswith("m=")] != ["m=application "]:
            raise ValueError("an offer must be of data channels and nothing else")
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            answer = await self._connection.createAnswer()
            await self._connection.setLocalDescription(answer)
        except Exception as error:  # aiortc tells a bad offer by whatever its parser stumbles over
            await self.aclose()
            raise ValueError(f"not an offer that can be answered: {type(error).__name__}") from None
        return str(self._connection.localDescription.sdp)

    async def opened(self) -> bool:
        """Wait until both channels carry; False where they do not in time."""
        deadline = asyncio.get_running_loop().time() + CONNECT_S
        while not self.open:
            if self._connection.connectionState in ("failed", "closed") or asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True

    def send_motion(self, payload: bytes) -> bool:
        """Send a motion frame; False where it did not leave."""
        return self._send("motion", payload)

    def send_sound(self, payload: bytes) -> bool:
        """Send a piece of the agent's voice; False where it did not leave."""
        return self._send("sound", payload)

    async def aclose(self) -> None:
        """Close the channels and their ports."""
        self._channels.clear()
        await self._connection.close()

    def _add(self, channel: RTCDataChannel) -> None:
        if channel.label not in BACKLOG_BYTES_MAX or channel.label in self._channels:
            channel.close()
            return
        self._channels[channel.label] = channel
        if channel.label == "sound":
            channel.on("message", self._message)

    def _message(self, payload: object) -> None:
        if isinstance(payload, bytes) and len(payload) <= MESSAGE_BYTES_MAX:
            self._take(payload)

    def _send(self, label: str, payload: bytes) -> bool:
        channel = self._channels.get(label)
        if self.broken or channel is None or channel.readyState != "open" or len(payload) > MESSAGE_BYTES_MAX:
            return False
        if channel.bufferedAmount + len(payload) > BACKLOG_BYTES_MAX[label]:
            if label == "motion":
                return True  # the next frame says it better
            self.broken = True  # from here on all goes the other way: pieces must not overtake each other
            return False
        channel.send(payload)
        return True
