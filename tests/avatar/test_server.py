"""The page's server over real sockets: what passes, what is refused, and that one page never harms another."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import aiohttp
import msgspec
import pytest

from avatar.access import AccessPolicy
from avatar.inbound import JPEG_BYTES_MAX
from avatar.server import AvatarServer, page_url
from runtime import messages as m
from runtime.clock import MonotonicClock
from runtime.codec import encode
from runtime.errors import AttuneError
from runtime.settings import AvatarSettings
from runtime.transport.inprocess import InProcessHub
from tests.avatar.support import FRAME, PCM, House, Page, heard, with_house

# ---------------------------------------------------------------- the bus reaches the page


@pytest.mark.parametrize(
    "message",
    [
        FRAME,
        m.Heartbeat(pid=1),
        m.AgentSpeech(state="started", response_id="r", text="hi"),
        m.Word(op="add", unit_id="u", text="hello"),
        m.Turn(state="ended", speaker="user", turn_id="t", text="hello"),
        m.UserSpeech(state="started"),
        m.Intention(id="i", kind="gesture", label="wave"),
        m.IntentionAnswer(intention_id="i", state="accepted"),
        m.CognitiveCycle(cycle=1, duration_ms=2.0),
        m.PersonPercept(state="arrived", person_id="p"),
        m.SessionControl(action="finished"),
    ],
    ids=lambda message: type(message).__name__,
)
def test_a_message_of_the_bus_arrives_unchanged(message: m.Message) -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            house.agent.publish(message)
            got = await page.until(type(message))
            assert msgspec.structs.replace(got, source="", seq=0) == message
            assert got.source == "behavioral"

    with_house(test)


def test_the_voice_goes_to_the_active_page_only() -> None:
    async def test(house: House) -> None:
        async with house.page() as first, house.page() as second:
            await second.claim()
            house.agent.publish(m.AgentAudio(pcm=PCM, sample_rate_hz=22_050, response_id="r"))
            house.agent.publish(m.UserSpeech(state="started"))
            house.agent.publish(FRAME)
            assert (await second.until(m.AgentAudio)).response_id == "r"
            await first.until(m.UserSpeech)
            assert isinstance(await first.until(m.Message), m.MotionFrame)  # no audio in between

    with_house(test)


def test_a_page_that_joins_late_gets_the_recent_events() -> None:
    async def test(house: House) -> None:
        house.agent.publish(m.Turn(state="ended", speaker="user", turn_id="t", text="before"))
        await asyncio.sleep(0.05)
        async with house.connect() as socket_:
            page = Page(socket_)
            assert (await page.until("history"))["events"] == 1
            assert (await page.next()).text == "before"
            assert (await page.next())["type"] == "live"

    with_house(test)


def test_session_time_can_be_measured_by_the_page() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await page.socket.send_str('{"type":"ping","sent_ms":12.5}')
            pong = await page.until("pong")
            assert pong["sent_ms"] == 12.5 and pong["session_ns"] > 0

    with_house(test)


# ---------------------------------------------------------------- the page reaches the bus


def test_microphone_audio_is_stamped_and_numbered_over_all_pages() -> None:
    async def test(house: House) -> None:
        async with house.page() as first, house.page() as second:
            blocks = []
            for page in (first, second):
                await page.claim()
                for index in range(2):
                    await page.say(m.UserAudio(pcm=PCM, index=index, t_ns=99, source="behavioral"))
                    blocks.append(await heard(house, m.UserAudio))
            assert [block.index for block in blocks] == [0, 1, 2, 3]
            assert {block.source for block in blocks} == {"avatar"}, "a page cannot speak as another room"
            assert blocks[1].t_ns - blocks[0].t_ns > 28_000_000, "one block is 32 ms, however fast two arrive"

    with_house(test)


def test_only_the_active_page_is_heard_but_every_page_may_type() -> None:
    async def test(house: House) -> None:
        async with house.page() as first, house.page() as second:
            await first.claim()
            await second.say(m.UserAudio(pcm=PCM))
            await second.say(m.TypedText(text="  hello \n there "))
            assert (await heard(house, m.TypedText)).text == "hello there"
            assert house.counters["ignored_inactive_page"] == 1

    with_house(test)


def test_when_the_active_page_closes_the_one_before_is_active_again() -> None:
    async def test(house: House) -> None:
        async with house.page() as first:
            await first.claim()
            async with house.page() as second:
                await second.claim()
                assert not (await first.until("role"))["active"] or not (await first.until("role"))["active"]
            while not (await first.until("role"))["active"]:
                pass

    with_house(test)


def test_picture_playback_and_interrupt_arrive() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await page.claim()
            await page.say(m.UserVideo(jpeg=b"\xff\xd8picture\xff\xd9"))
            assert (await heard(house, m.UserVideo)).jpeg == b"\xff\xd8picture\xff\xd9"
            await page.say(m.Playback(response_id="r", played_ms=120.0))
            assert (await heard(house, m.Playback)).played_ms == 120.0
            await page.socket.send_str('{"type":"interrupt"}')
            await page.socket.send_str('{"type":"ping","sent_ms":1}')
            await page.until("pong")
            assert house.interrupts == [1]

    with_house(test)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\xc1\xff\x00", "malformed"),
        (b"", "malformed"),
        (encode(m.UserAudio(pcm=b"")), "invalid"),
        (encode(m.UserAudio(pcm=b"abc")), "invalid"),
        (encode(m.UserAudio(pcm=PCM, sample_rate_hz=48_000)), "invalid"),
        (encode(m.UserAudio(pcm=bytes(8_194))), "too_large"),
        (encode(m.UserVideo(jpeg=b"GIF89a")), "invalid"),
        (encode(m.UserVideo(jpeg=b"\xff\xd8" + bytes(JPEG_BYTES_MAX))), "too_large"),
        (encode(m.TypedText(text="   ")), "invalid"),
        (encode(m.TypedText(text="x" * 1_001)), "too_large"),
        (encode(m.Viewer(state="joined")), "not_allowed"),
        (encode(m.Viewer(state="consented")), "not_allowed"),
        ('{"type":"consent","recording":"none is made"}', "consent"),
        (encode(FRAME), "not_allowed"),
        (encode(m.Intention(id="i", kind="gesture")), "not_allowed"),
        (encode(m.TypedText(text="x", schema=2)), "future_schema"),
        (msgspec.msgpack.encode({"type": "nonsense"}), "unknown_type"),
        (msgspec.msgpack.encode({"type": "playback", "response_id": "r", "played_ms": float("nan")}), "invalid"),
        ('{"type":"claim","more":1}', "malformed"),
        ("x" * 2_000, "too_large"),
        ('{"type":"offer","sdp":"' + "x" * 21_000 + '"}', "too_large"),
        ('{"type":"offer","sdp":"' + "x" * 17_000 + '"}', "malformed"),
        ('{"type":"offer","sdp":"v=0"}', "not_allowed"),
    ],
)
def test_a_bad_frame_is_counted_dropped_and_survived(payload: bytes | str, reason: str) -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            await page.claim()
            if isinstance(payload, str):
                await page.socket.send_str(payload)
            else:
                await page.socket.send_bytes(payload)
            await page.say(m.TypedText(text="still here"))
            assert (await heard(house, m.TypedText)).text == "still here"
            assert house.counters[f"refused_{reason}"] == 1

    with_house(test)


def test_a_frame_beyond_the_socket_limit_closes_that_page_only() -> None:
    async def test(house: House) -> None:
        async with house.page() as good, house.page() as bad:
            await bad.socket.send_bytes(bytes(2 << 20))
            with pytest.raises((AssertionError, ConnectionError)):
                await bad.until("never")
            house.agent.publish(FRAME)
            await good.until(m.MotionFrame)

    with_house(test)


def test_a_flood_of_text_is_limited() -> None:
    async def test(house: House) -> None:
        async with house.page() as page:
            for number in range(30):
                await page.say(m.TypedText(text=f"line {number}"))
            await page.socket.send_str('{"type":"ping","sent_ms":1}')
            await page.until("pong")
            assert house.counters["refused_too_frequent"] >= 20

    with_house(test)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
    ],
    ids=str,
)
def test_only_the_pages_own_origin_may_connect(headers: dict[str, str]) -> None:
    async def test(house: House) -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await house.connect(**headers)
        assert refusal.value.status == 403
        assert house.counters["refused_connection"] == 1

    with_house(test)


def test_a_rebound_host_name_gets_no_page() -> None:
    async def test(house: House) -> None:
        host = f"evil.example:{house.server.port}"
        async with house.http.get(house.origin + "/", headers={"Host": host}) as reply:
            assert reply.status == 403

    with_house(test)


def test_the_page_comes_with_a_strict_policy_compressed_and_cacheable() -> None:
    async def test(house: House) -> None:
        async with house.http.get(house.origin + "/") as reply:
            assert reply.status == 200
            policy = reply.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src 'self';" in policy
            tag = reply.headers["ETag"]
            assert "<canvas" in await reply.text()
        async with house.http.get(house.origin + "/", headers={"If-None-Match": tag}) as reply:
            assert reply.status == 304
        async with house.http.get(house.origin + "/vendor/three.module.min.js") as reply:
            assert reply.headers["Content-Encoding"] == "gzip"
            assert reply.headers["Content-Type"].startswith("text/javascript")
        for path in ("/build.sh", "/../server.py", "/%2e%2e/server.py", "/vendor/"):
            async with house.http.get(house.origin + path) as reply:
                assert reply.status == 404, path

    with_house(test)


# ---------------------------------------------------------------- tokens and addresses


def test_with_a_token_nothing_is_served_without_it_and_a_cookie_carries_it_on() -> None:
    token = "correct-horse-battery"

    async def test(house: House) -> None:
        for query in ("", "?token=wrong-horse-battery"):
            async with house.http.get(f"{house.origin}/{query}") as reply:
                assert reply.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await house.connect()
        async with house.http.get(house.server.url) as reply:
            assert reply.status == 200
            cookie = reply.headers["Set-Cookie"]
            assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
        carried = {"Cookie": cookie.split(";")[0]}
        async with house.http.get(house.origin + "/main.js", headers=carried) as reply:
            assert reply.status == 200
        async with house.connect(**carried) as socket_:
            await Page(socket_).until("hello")

    with_house(test, settings={"token": token})


def test_a_cookie_that_is_no_text_is_a_wrong_one() -> None:
    policy = AccessPolicy("127.0.0.1", 8765, token="correct-horse-battery")
    assert "carries the token" in policy.token_refusal({}, {policy.cookie: "\udcff\udcfe"})


def test_a_page_is_told_who_tells_addresses() -> None:
    async def test(house: House) -> None:
        async with house.connect() as socket_:
            assert (await Page(socket_).until("hello"))["stun_servers"] == ["stun:192.0.2.1:3478"]

    with_house(test, settings={"stun_servers": ("stun:192.0.2.1:3478",)})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_beyond_loopback_a_token_is_needed(host: str) -> None:
    with pytest.raises(AttuneError, match=r"avatar\.token"):
        AccessPolicy(host, 8765)


def test_a_short_token_is_refused() -> None:
    with pytest.raises(AttuneError, match="16"):
        AccessPolicy("127.0.0.1", 8765, "short")


def test_a_port_in_use_is_one_error_with_its_mend() -> None:
    async def main() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            server = AvatarServer(InProcessHub().bus("avatar"), MonotonicClock(), AvatarSettings(port=port))
            with pytest.raises(AttuneError, match=rf"port {port} .* in use.*--port {port + 1}"):
                await server.start()

    asyncio.run(main())


def test_missing_page_files_are_one_error(tmp_path: Path) -> None:
    with pytest.raises(AttuneError, match="files are missing"):
        AvatarServer(InProcessHub().bus("avatar"), MonotonicClock(), AvatarSettings(), page_folder=tmp_path)


def test_addresses_are_printed_so_that_they_can_be_opened() -> None:
    assert page_url("127.0.0.1", 8765) == "http://127.0.0.1:8765"
    assert page_url("::1", 80) == "http://[::1]:80"
    assert page_url("0.0.0.0", 1, "t") == "http://127.0.0.1:1/?token=t"


# ---------------------------------------------------------------- slow pages, replay


def test_a_page_that_does_not_read_is_disconnected_with_a_reason_and_the_others_go_on() -> None:
    async def test(house: House) -> None:
        async with house.page() as good, house.connect():
            # More events than sockets' buffers and the outbox hold; the good page reads along.
            words = tuple(m.SpeechTiming("x" * 128, 0, 1) for _ in range(300))
            big = m.AgentSpeech(state="planned", response_id="r", words=words)
            received = 0
            for _ in range(60):
                for _ in range(50):
                    house.agent.publish(big)
                for _ in range(50):
                    await good.until(m.AgentSpeech)
                    received += 1
                if house.counters.get("disconnected_slow"):
                    break
            assert house.counters["disconnected_slow"] == 1
            assert received >= 1_000
            while house.server.pages > 1:  # noqa: ASYNC110 - the server's own account is what is tested
                await asyncio.sleep(0.05)

    with_house(test)


def test_a_replay_takes_nothing_from_pages() -> None:
    async def test(house: House) -> None:
        async with house.connect() as socket_:
            page = Page(socket_)
            assert (await page.until("hello"))["replay"] is True
            await page.say(m.TypedText(text="hello"))
            await socket_.send_str('{"type":"ping","sent_ms":1}')
            await page.until("pong")
            assert house.counters["refused_not_allowed"] == 1

    with_house(test, replay=True)
