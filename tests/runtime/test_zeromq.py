"""The bus over real ZeroMQ sockets."""

import asyncio
import json
import os
import socket
import stat
import subprocess
import sys
import time

import msgspec
import pytest
import zmq
import zmq.auth

from runtime import codec
from runtime import messages as m
from runtime.clock import MonotonicClock
from runtime.errors import AttuneError
from runtime.keys import create_client_key, create_keys, load_server_keys
from runtime.settings import BusSettings
from runtime.transport.zeromq import ZmqBus
from runtime.transport.zeromq_sockets import read_endpoints

pytestmark = pytest.mark.timeout(30)


def free_pair():
    """Return a port p such that p .. p + 5 are free now."""
    for base in range(20_000 + os.getpid() % 1_000 * 8, 60_000, 8):
        held = []
        try:
            for port in range(base, base + 6):
                held.append(socket.create_server(("127.0.0.1", port)))
        except OSError:
            continue
        finally:
            for each in held:
                each.close()
        return base
    raise AssertionError("no free ports")


def word(number):
    return m.Word(t_ns=number, op="add", unit_id=str(number))


async def meet(one, two):
    """Wait until both rooms hear each other."""
    for bus in (one, two):
        bus.listen_for_hello()
    while two.room not in one.hears or one.room not in two.hears:
        one.say_hello()
        two.say_hello()
        await asyncio.sleep(0.01)


def scene(folder, play, **outside):
    async def main():
        clock = MonotonicClock()
        one = ZmqBus("behavioral", ["behavioral", "cognitive"], folder, clock, **outside)
        two = ZmqBus("cognitive", ["behavioral", "cognitive"], folder, clock)
        try:
            return await asyncio.wait_for(play(one, two), 20)
        finally:
            await two.aclose()
            await one.aclose()

    return asyncio.run(main())


def test_every_message_arrives_in_order_at_the_other_room_and_at_home(tmp_path):
    async def play(one, two):
        mine, theirs = one.subscribe(m.Word), two.subscribe(m.Word)
        await meet(one, two)
        for number in range(2_000):
            one.publish(word(number))
        heard = [(await anext(theirs)).t_ns for _ in range(2_000)]
        assert heard == list(range(2_000)) == [message.t_ns for message in mine.flush()]
        assert two.counters["lost"] == two.counters["refused"] == 0

    scene(tmp_path, play)


def test_only_what_was_subscribed_arrives(tmp_path):
    async def play(one, two):
        words = two.subscribe(m.Word)
        await meet(one, two)
        one.publish(m.TypedText(text="not asked for"))
        one.publish(word(1))
        assert (await anext(words)).t_ns == 1
        assert two.counters["received"] == 1

    scene(tmp_path, play)


def test_a_camera_picture_goes_through(tmp_path):
    async def play(one, two):
        pictures = two.subscribe(m.UserVideo)
        await meet(one, two)
        jpeg = os.urandom(3 << 20)
        one.publish(m.UserVideo(jpeg=jpeg))
        assert (await anext(pictures)).jpeg == jpeg

    scene(tmp_path, play)


def test_a_gap_in_the_sequence_is_counted_as_loss_but_a_restart_is_not(tmp_path):
    async def play(one, two):
        words = two.subscribe(m.Word)
        await meet(one, two)
        for seq in (0, 1, 5, 6, 0, 1):
            payload = codec.encode(msgspec.structs.replace(word(seq), source="behavioral", seq=seq))
            one._pub.send_multipart([b"word.", payload])
        for _ in range(6):
            await anext(words)
        assert two.counters["lost"] == 3

    scene(tmp_path, play)


def test_random_bytes_and_a_wrong_number_of_frames_are_counted_and_skipped(tmp_path):
    async def play(one, two):
        words = two.subscribe(m.Word)
        await meet(one, two)
        one._pub.send_multipart([b"word.", os.urandom(100)[:0] + b"\xc1\xff"])
        one._pub.send_multipart([b"word."])
        one._pub.send_multipart([b"word.", b"a", b"b"])
        one._pub.send_multipart([b"word.", msgspec.msgpack.encode({"type": "word", "schema": 7})])
        one.publish(word(1))
        assert (await anext(words)).t_ns == 1
        assert two.counters["undecodable_malformed"] == 3
        assert two.counters["undecodable_future_schema"] == 1

    scene(tmp_path, play)


def test_a_room_that_comes_back_is_heard_again(tmp_path):
    async def play(one, two):
        words = two.subscribe(m.Word)
        await meet(one, two)
        again = ZmqBus("avatar", ["behavioral", "cognitive"], tmp_path, one.clock)
        await again.aclose()
        await one.aclose()
        reborn = ZmqBus("behavioral", ["cognitive"], tmp_path, one.clock)
        await meet(reborn, two)
        while not len(words):  # what was heard of the first life may still count: publish until it arrives
            reborn.publish(word(9))
            await asyncio.sleep(0.01)
        assert (await anext(words)).t_ns == 9
        await reborn.aclose()

    scene(tmp_path, play)


def test_publishing_never_blocks_on_a_subscriber_that_does_not_read(tmp_path):
    child = (
        "import sys, time, zmq\n"
        "s = zmq.Context().socket(zmq.SUB); s.setsockopt(zmq.RCVHWM, 1); s.subscribe(b'')\n"
        "s.connect(sys.argv[1]); s.recv(); print('in', flush=True); time.sleep(60)\n"
    )

    async def play(one, two):
        address = f"ipc://{tmp_path}/behavioral.pub"
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", child, address, stdout=subprocess.PIPE)
        reading = asyncio.create_task(process.stdout.readline())
        while not reading.done():
            one.publish(word(0))
            await asyncio.sleep(0.02)
        begun = time.monotonic()
        for number in range(30_000):
            one.publish(word(number))
        elapsed_s = time.monotonic() - begun
        process.kill()
        await process.wait()
        assert elapsed_s < 10

    scene(tmp_path, play)


def test_two_houses_do_not_fight_over_ports(tmp_path):
    base = free_pair()
    settings = BusSettings(intentions_port=base, streams_port=base + 1)
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()

    async def main():
        buses = [ZmqBus("behavioral", [], folder, MonotonicClock(), outside=settings) for folder in folders]
        endpoints = [read_endpoints(folder) for folder in folders]
        for bus in buses:
            await bus.aclose()
        return endpoints

    first, second = asyncio.run(main())
    assert (first["intentions_port"], first["streams_port"], first["notice"]) == (base, base + 1, "")
    assert (second["intentions_port"], second["streams_port"]) == (base + 2, base + 3)
    assert f"intentions are on {base + 2}" in second["notice"]
    assert second["intentions"] == f"tcp://127.0.0.1:{base + 2}"


def test_a_restarted_room_takes_the_ports_of_its_earlier_life(tmp_path):
    base = free_pair()
    settings = BusSettings(intentions_port=base, streams_port=base + 1)

    async def main():
        with socket.create_server(("127.0.0.1", base)):
            bus = ZmqBus("behavioral", [], tmp_path, MonotonicClock(), outside=settings)
            await bus.aclose()
        bus = ZmqBus("behavioral", [], tmp_path, MonotonicClock(), outside=settings)
        await bus.aclose()

    asyncio.run(main())
    assert json.loads((tmp_path / "endpoints.json").read_text())["intentions_port"] == base + 2


def test_an_address_of_another_machine_is_one_clear_error(tmp_path):
    async def main():
        create_keys(tmp_path / "keys")
        settings = BusSettings(host="203.0.113.7", curve_keys=str(tmp_path / "keys"))
        ZmqBus("behavioral", [], tmp_path, MonotonicClock(), outside=settings)

    with pytest.raises(AttuneError, match=r"bus\.host 203\.0\.113\.7, port 8770"):
        asyncio.run(main())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", "*"])
def test_an_open_host_needs_keys(tmp_path, host):
    async def main():
        ZmqBus("behavioral", [], tmp_path, MonotonicClock(), outside=BusSettings(host=host))

    with pytest.raises(AttuneError, match="curve_keys is empty"):
        asyncio.run(main())


def test_outsiders_see_motion_but_not_the_person_without_curve(tmp_path):
    base = free_pair()

    async def play(one, two):
        context = zmq.Context()
        with context.socket(zmq.SUB) as outsider:
            outsider.setsockopt(zmq.LINGER, 0)
            outsider.subscribe(b"")
            outsider.connect(f"tcp://127.0.0.1:{base + 1}")
            while not outsider.poll(0):
                one.publish(m.UserAudio(pcm=b"\0\0"))
                one.publish(m.UserVideo(jpeg=b"x"))
                one.publish(m.MotionFrame(index=1, rotations=bytes(352)))
                await asyncio.sleep(0.02)
            topics = set()
            while outsider.poll(100):
                topics.add(outsider.recv_multipart()[0])
        context.term()
        assert topics == {b"motion_frame."}

    scene(tmp_path, play, outside=BusSettings(intentions_port=base, streams_port=base + 1))


def test_with_curve_a_client_with_a_key_gets_in_and_others_do_not(tmp_path):
    base = free_pair()
    keys = tmp_path / "keys"
    create_keys(keys)
    secret = create_client_key(keys, "operator")
    server_public, _ = zmq.auth.load_certificate(keys / "server.key")
    settings = BusSettings(intentions_port=base, streams_port=base + 1, curve_keys=str(keys))

    def dealer(context, public, private):
        client = context.socket(zmq.DEALER)
        client.setsockopt(zmq.LINGER, 0)
        if public:
            client.curve_publickey, client.curve_secretkey, client.curve_serverkey = public, private, server_public
        client.connect(f"tcp://127.0.0.1:{base}")
        return client

    async def play(one, two):
        server = one.open_intention_server()
        context = zmq.Context()
        stranger_keys = zmq.curve_keypair()
        clients = [
            dealer(context, None, None),
            dealer(context, *stranger_keys),
            dealer(context, *zmq.auth.load_certificate(secret)),
        ]
        for number, client in enumerate(clients):
            client.send(msgspec.msgpack.encode({"type": "intention", "id": f"from {number}", "kind": "gesture"}))
        assert (await anext(aiter(server))).id == "from 2"
        await asyncio.sleep(0.3)
        assert len(aiter(server)) == 0
        for client in clients:
            client.close()
        context.term()
        await server.aclose()

    scene(tmp_path, play, outside=settings)


def test_keys_are_private_and_bad_key_folders_are_clear_errors(tmp_path):
    create_keys(tmp_path)
    secret = tmp_path / "server.key_secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert load_server_keys(tmp_path).clients == tmp_path / "clients"
    with pytest.raises(AttuneError, match="already has keys"):
        create_keys(tmp_path)
    with pytest.raises(AttuneError, match="not allowed"):
        create_client_key(tmp_path, "../../evil")
    secret.chmod(0o644)
    with pytest.raises(AttuneError, match="chmod 600"):
        load_server_keys(tmp_path)
    with pytest.raises(AttuneError, match=r"server\.key_secret"):
        load_server_keys(tmp_path / "nowhere")
