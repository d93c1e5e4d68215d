"""The way by WebRTC, with aiortc as the page: what it carries, what it refuses, and that it never takes more than it can send."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from avatar.webrtc import BACKLOG_BYTES_MAX, MESSAGE_BYTES_MAX, Peer, is_offered
from runtime.errors import AttuneError

pytest.importorskip("aiortc", reason="aiortc is not installed: pip install 'attune[webrtc]'")


class Page:
    """A browser's side."""

    def __init__(self, labels: tuple[str, ...] = ("motion", "sound")) -> None:
        from aiortc import RTCConfiguration, RTCPeerConnection

        self.link = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.got: dict[str, list[bytes]] = {label: [] for label in labels}
        self.channels: dict[str, Any] = {}
        for label in labels:
            life = {"maxRetransmits": 0} if label == "motion" else {"maxPacketLifeTime": 150}
            channel = self.link.createDataChannel(label, ordered=False, **life)
            channel.on("message", self.got[label].append)
            self.channels[label] = channel

    async def offer(self) -> str:
        await self.link.setLocalDescription(await self.link.createOffer())
        return str(self.link.localDescription.sdp)

    async def take(self, sdp: str) -> None:
        from aiortc import RTCSessionDescription

        await self.link.setRemoteDescription(RTCSessionDescription(sdp, "answer"))


async def joined(page: Page, peer: Peer) -> bool:
    await page.take(await peer.answer(await page.offer()))
    opened = await peer.opened()
    await until(lambda: all(channel.readyState in ("open", "closed") for channel in page.channels.values()))
    return opened


async def until(what: Any, timeout_s: float = 10.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not what():  # noqa: ASYNC110 - aiortc has no event for what is waited for
            await asyncio.sleep(0.02)


def test_motion_and_voices_go_both_ways() -> None:
    async def main() -> None:
        heard: list[bytes] = []
        page, peer = Page(), Peer(heard.append)
        assert not peer.send_motion(b"too early")
        assert await joined(page, peer)
        assert peer.open
        assert peer.send_motion(b"frame") and peer.send_sound(b"voice")
        page.channels["sound"].send(b"block")
        page.channels["motion"].send(b"nobody listens to this")
        page.channels["sound"].send("text")
        page.channels["sound"].send(bytes(MESSAGE_BYTES_MAX + 1))
        page.channels["sound"].send(b"last")
        await until(lambda: page.got == {"motion": [b"frame"], "sound": [b"voice"]} and b"last" in heard)
        assert sorted(heard) == [b"block", b"last"]
        await peer.aclose()
        assert not peer.open and not peer.send_sound(b"voice")
        await page.link.close()

    asyncio.run(main())


def test_motion_that_cannot_leave_is_given_up_and_a_voice_that_cannot_ends_the_way() -> None:
    async def main() -> None:
        page, peer = Page(), Peer(lambda _: None)
        assert await joined(page, peer)
        assert not peer.send_sound(bytes(MESSAGE_BYTES_MAX + 1))
        assert all(peer.send_motion(bytes(4_000)) for _ in range(40)), "the next frame says it better"
        sent = [peer.send_sound(bytes(8_000)) for _ in range(40)]  # no turn of the loop in between: nothing leaves
        assert sent[0] and not sent[-1]
        assert sum(sent) * 8_000 <= BACKLOG_BYTES_MAX["sound"]
        assert peer.broken and not peer.open and not peer.send_motion(b"frame"), "no piece overtakes another"
        await peer.aclose()
        await page.link.close()

    asyncio.run(main())


EMPTY = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
CHANNELS = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"


@pytest.mark.parametrize(
    "offer", ["", "v=0", "no offer", EMPTY, EMPTY + CHANNELS + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", EMPTY + CHANNELS]
)
def test_what_is_no_offer_of_data_channels_is_refused(offer: str) -> None:
    async def main() -> None:
        peer = Peer(lambda _: None)
        with pytest.raises(ValueError, match="offer"):
            await peer.answer(offer)
        await peer.aclose()

    asyncio.run(main())


def test_channels_that_nobody_asked_for_are_closed() -> None:
    async def main() -> None:
        page, peer = Page(("motion", "sound", "other")), Peer(lambda _: None)
        assert await joined(page, peer)
        await until(lambda: page.channels["other"].readyState == "closed")
        assert peer.send_sound(b"voice")
        await until(lambda: page.got["sound"] == [b"voice"])
        await peer.aclose()
        await page.link.close()

    asyncio.run(main())


def test_where_a_tenth_of_the_packets_is_lost_sound_comes_through_and_motion_costs_its_own_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from aioice.ice import StunProtocol

    chance = random.Random(1)
    plain = StunProtocol.send_data
    lossy = False

    async def lose(self: Any, data: bytes, addr: Any) -> None:
        if not lossy or chance.random() >= 0.1:
            await plain(self, data, addr)

    monkeypatch.setattr(StunProtocol, "send_data", lose)

    async def main() -> None:
        nonlocal lossy
        page, peer = Page(), Peer(lambda _: None)
        assert await joined(page, peer)
        lossy = True
        for number in range(150):
            assert peer.send_motion(bytes([number, 1]) * 350)
            assert peer.send_sound(bytes([number, 2]) * 900)
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
        lossy = False
        motion, sound = (len({payload[0] for payload in page.got[label]}) for label in ("motion", "sound"))
        assert 100 <= motion < 150, "what is lost stays lost"
        assert sound >= 140, "what is lost comes again in time"
        await peer.aclose()
        await page.link.close()

    asyncio.run(main())


def test_it_is_offered_where_something_can_get_lost() -> None:
    assert is_offered("network", "0.0.0.0")
    assert not is_offered("network", "127.0.0.1")
    assert is_offered("always", "127.0.0.1")
    assert not is_offered("off", "0.0.0.0")


def test_without_the_library_it_is_not_offered_and_who_insists_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert not is_offered("network", "0.0.0.0")
    with pytest.raises(AttuneError, match=r"avatar.webrtc.*attune\[webrtc\]"):
        is_offered("always", "127.0.0.1")
