"""Offers of pages: answered, declined, replaced; what comes by the channel is the microphone and nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from avatar.inbound import Refused
from avatar.open_page import OpenPage
from avatar.peers import Peers
from runtime import messages as m
from runtime.codec import decode, encode

pytest.importorskip("aiortc", reason="aiortc is not installed: pip install 'attune[webrtc]'")

from tests.avatar.test_webrtc import Page, until


class Room:
    """What the server is for `Peers`."""

    def __init__(self) -> None:
        self.taken: list[m.UserAudio] = []
        self.refused: list[str] = []
        self.told: list[str] = []
        self.peers = Peers(self.take, self.refused.append)
        self.page = OpenPage("page-1", None, None)  # type: ignore[arg-type]

    def take(self, _page: OpenPage, payload: bytes) -> None:
        message = decode(payload)
        assert isinstance(message, m.UserAudio)
        if message.pcm == b"no":
            raise Refused("consent")
        self.taken.append(message)

    def offer(self, sdp: str) -> None:
        self.peers.offered(self.page, sdp, self.told.append)


def block(index: int, pcm: bytes = b"\1\0") -> bytes:
    return encode(m.UserAudio(t_ns=0, pcm=pcm, index=index))


def run(main: Any) -> None:
    asyncio.run(main(Room()))


def test_only_the_microphone_comes_by_the_channel_and_what_is_lost_is_silence() -> None:
    async def main(room: Room) -> None:
        page = Page()
        room.offer(await page.offer())
        await until(lambda: room.told)
        await page.take(room.told[0])
        await until(lambda: page.channels["sound"].readyState == "open" and room.page.peer and room.page.peer.open)
        typed = encode(m.TypedText(t_ns=0, text="by another way"))
        for payload in (*map(block, (5, 7, 6, 9, 10, 11, 12)), block(13, b"no"), b"garbage", typed):
            page.channels["sound"].send(payload)
        await until(lambda: len(room.refused) == 3)
        assert b"".join(audio.pcm[:1] for audio in room.taken) == b"\1\1\1\0\1\1\1\1", "the eighth is lost"
        assert sorted(room.refused) == ["refused_consent", "refused_malformed", "refused_not_allowed"]
        room.offer("")
        await until(lambda: page.channels["sound"].readyState == "closed")
        assert room.page.peer is None
        await room.peers.aclose()
        await page.link.close()

    run(main)


def test_what_is_no_offer_is_declined_and_counted() -> None:
    async def main(room: Room) -> None:
        room.offer("v=0")
        await until(lambda: room.told)
        assert room.told == [""] and room.refused == ["refused_offer"]
        await room.peers.aclose()
        assert room.page.peer is None

    run(main)


def test_a_newer_offer_takes_the_place_of_one_that_is_being_answered() -> None:
    async def main(room: Room) -> None:
        first, second = Page(), Page()
        offers = [await first.offer(), await second.offer()]
        for sdp in offers:
            room.offer(sdp)
        await until(lambda: room.told)
        await second.take(room.told[-1])
        await until(lambda: room.page.peer is not None and room.page.peer.open)
        assert "" not in room.told, "which would end the newer one"
        room.peers.leave(room.page)
        await room.peers.aclose()
        for page in (first, second):
            await page.link.close()

    run(main)


def test_where_the_library_cannot_be_loaded_offers_are_declined_and_that_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ImportError("libsrtp is missing")

    monkeypatch.setattr("avatar.peers.Peer", broken)

    async def main(room: Room) -> None:
        for _ in range(3):
            room.offer("v=0")
        await until(lambda: len(room.told) == 3)
        assert room.told == ["", "", ""] and room.page.peer is None

    run(main)
    assert [record.message for record in caplog.records] == [
        "WebRTC cannot be used (libsrtp is missing). Mend: pip install --force-reinstall 'attune[webrtc]'"
    ]
