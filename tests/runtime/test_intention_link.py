"""Acknowledged intentions: one specification, both transports."""

import asyncio
import contextlib

import msgspec
import pytest
import zmq

from runtime import codec
from runtime import messages as m
from runtime.clock import MonotonicClock, VirtualClock, run_virtual
from runtime.transport import intention_link
from runtime.transport.inprocess import InProcessHub
from runtime.transport.zeromq import ZmqBus

pytestmark = pytest.mark.timeout(30)


class InProcessPair:
    """A behavioral and a cognitive bus in one loop of virtual time."""

    def __init__(self, _folder):
        self.clock = VirtualClock(asyncio.get_running_loop())
        self.hub = InProcessHub()
        self.fast, self.slow = self.hub.bus("behavioral"), self.hub.bus("cognitive")

    def server(self):
        return self.hub.intention_server(self.fast, self.clock)

    def client(self, name="cognitive"):
        return self.hub.intention_client(self.slow, self.clock, name)


class ZmqPair:
    """The same over real sockets."""

    def __init__(self, folder):
        self.clock = MonotonicClock()
        self.fast = ZmqBus("behavioral", ["cognitive"], folder, self.clock)
        self.slow = ZmqBus("cognitive", ["behavioral"], folder, self.clock)

    def server(self):
        return self.fast.open_intention_server()

    def client(self, name="cognitive"):
        return self.slow.open_intention_client(name)


@pytest.fixture(params=["inprocess", "zeromq"])
def play(request, tmp_path):
    """Run a scene on one transport."""

    def run(scene):
        async def main():
            pair = (InProcessPair if request.param == "inprocess" else ZmqPair)(tmp_path)
            try:
                return await asyncio.wait_for(scene(pair), 20)
            finally:
                await pair.slow.aclose()
                await pair.fast.aclose()

        return run_virtual(main()) if request.param == "inprocess" else asyncio.run(main())

    return run


def wave(name="i-1", **fields):
    return m.Intention(id=name, kind="gesture", label="wave", **fields)


def answer(state, name="i-1"):
    return m.IntentionAnswer(intention_id=name, state=state)


async def counted(bus, name, at_least=1):
    while bus.counters.get(name, 0) < at_least:  # noqa: ASYNC110 - the bus's own account is what is tested
        await asyncio.sleep(0.02)


def test_an_intention_arrives_and_its_answers_come_back_in_order_and_are_published(play):
    async def scene(pair):
        server, client = pair.server(), pair.client()
        published = pair.fast.subscribe(m.IntentionAnswer)
        client.send(wave(content="to Ada"))
        intention = await anext(aiter(server))
        assert (intention.id, intention.label, intention.content, intention.source) == (
            "i-1",
            "wave",
            "to Ada",
            "cognitive",
        )
        for state in ("accepted", "started", "finished"):
            server.answer(answer(state))
        assert [(await anext(client.answers)).state for _ in range(3)] == ["accepted", "started", "finished"]
        assert [message.state for message in published.flush()] == ["accepted", "started", "finished"]
        await client.aclose()
        await server.aclose()

    play(scene)


def test_an_id_is_delivered_once_and_a_resend_gets_the_last_answer(play):
    async def scene(pair):
        server, client = pair.server(), pair.client()
        client.send(wave())
        await anext(aiter(server))
        server.answer(answer("accepted"))
        assert (await anext(client.answers)).state == "accepted"
        client.send(wave())
        assert (await anext(client.answers)).state == "accepted"
        assert pair.fast.counters["intentions_repeated"] >= 1
        assert len(aiter(server)) == 0
        await client.aclose()
        await server.aclose()

    play(scene)


def test_what_is_taken_back_is_told_to_the_receiver_again_until_its_final_answer(play):
    async def scene(pair):
        server, client = pair.server(), pair.client()
        client.send(wave())
        inbox = aiter(server)
        assert (await anext(inbox)).id == "i-1"
        client.cancel("i-1", "the person speaks")
        for _ in range(2):  # unanswered, so it comes again
            cancel = await anext(inbox)
            assert (cancel.intention_id, cancel.reason) == ("i-1", "the person speaks")
        server.answer(answer("accepted"))
        server.answer(answer("cancelled"))
        assert [(await anext(client.answers)).state for _ in range(2)] == ["accepted", "cancelled"]
        inbox.flush()
        await asyncio.sleep(2 * intention_link.RESEND_S)
        assert inbox.flush() == []
        await client.aclose()
        await server.aclose()

    play(scene)


def test_what_is_taken_back_before_it_has_come_is_never_delivered(play):
    async def scene(pair):
        server, client = pair.server(), pair.client()
        client.cancel("i-1")
        assert (await anext(client.answers)).state == "cancelled"
        client.send(wave())  # arrives late, as from a sender before its restart
        last = await anext(client.answers)
        assert (last.state, last.reason) == ("cancelled", "before it was received")
        assert len(aiter(server)) == 0
        await client.aclose()
        await server.aclose()

    play(scene)


def test_taking_back_what_has_ended_repeats_its_end(play):
    async def scene(pair):
        server, client = pair.server(), pair.client()
        client.send(wave())
        await anext(aiter(server))
        server.answer(answer("finished"))
        assert (await anext(client.answers)).state == "finished"
        again = pair.client("operator")  # another sender, who cannot know
        again.cancel("i-1")
        assert (await anext(again.answers)).state == "finished"
        assert len(aiter(server)) == 0
        for each in (client, again, server):
            await each.aclose()

    play(scene)


def test_whoever_never_hears_of_what_it_took_back_says_so_itself(play, monkeypatch):
    monkeypatch.setattr(intention_link, "FINAL_ANSWER_S", 0.5)

    async def scene(pair):
        client = pair.client()
        client.send(wave())
        client.cancel("i-1")
        assert (await anext(client.answers)).state == "expired"
        await client.aclose()

    play(scene)


def test_an_unanswered_intention_is_sent_again_to_a_receiver_that_comes_back(play):
    async def scene(pair):
        first, client = pair.server(), pair.client()
        client.send(wave())
        await anext(aiter(first))
        await first.aclose()  # dies before it has answered
        second = pair.server()
        assert (await anext(aiter(second))).id == "i-1"
        second.answer(answer("finished"))
        assert (await anext(client.answers)).state == "finished"
        await counted(pair.slow, "intentions_resent")
        await client.aclose()
        await second.aclose()

    play(scene)


def test_an_intention_sent_before_the_receiver_exists_arrives(play):
    async def scene(pair):
        client = pair.client()
        client.send(wave())
        await asyncio.sleep(0.1)
        server = pair.server()
        assert (await anext(aiter(server))).id == "i-1"
        await client.aclose()
        await server.aclose()

    play(scene)


def test_nobody_answers_until_validity_is_over_so_the_sender_says_expired(play):
    async def scene(pair):
        client = pair.client()
        client.send(wave(valid_until_ns=pair.clock.now_ns() + 300_000_000))
        last = await anext(client.answers)
        assert (last.intention_id, last.state) == ("i-1", "expired")
        sent = pair.slow.counters["intentions_resent"]
        await asyncio.sleep(0.6)
        assert pair.slow.counters["intentions_resent"] == sent
        await client.aclose()

    play(scene)


def test_what_was_taken_up_before_a_restart_ends_as_expired_in_time_and_only_once(play, monkeypatch):
    monkeypatch.setattr(intention_link, "FINAL_ANSWER_S", 0.3)

    async def scene(pair):
        first, client = pair.server(), pair.client()
        now_ns = pair.clock.now_ns()
        for name in ("accepted", "started"):
            client.send(wave(name, valid_until_ns=now_ns + 400_000_000))
            await anext(aiter(first))
            first.answer(answer("accepted", name))
        first.answer(answer("started", "started"))
        assert [(await anext(client.answers)).state for _ in range(3)] == ["accepted", "accepted", "started"]
        await first.aclose()  # restarted: it knows nothing of what it had accepted
        second = pair.server()
        last = sorted([await anext(client.answers) for _ in range(2)], key=lambda a: a.intention_id)
        assert [(a.intention_id, a.state, a.reason) for a in last] == [
            ("accepted", "expired", "no final answer"),
            ("started", "expired", "no final answer"),
        ]
        assert last[0].t_ns >= now_ns + 700_000_000  # 0.3 s after its validity
        assert pair.slow.counters["intentions_unfinished"] == 2
        assert len(aiter(second)) == 0  # nothing is done a second time
        await client.aclose()
        await second.aclose()

    play(scene)


def test_what_may_take_long_is_waited_for(play, monkeypatch):
    monkeypatch.setattr(intention_link, "FINAL_ANSWER_S", 0.1)

    async def scene(pair):
        server, client = pair.server(), pair.client()
        client.send(wave("held", parameters={"duration_s": 5.0}))
        client.send(
            m.Intention(id="said", kind="dialogue", content="a sentence of fifty characters, which takes its time")
        )
        for _ in range(2):
            server.answer(answer("started", (await anext(aiter(server))).id))
        await asyncio.sleep(1.0)
        server.answer(answer("finished", "held"))
        server.answer(answer("finished", "said"))
        states = [(a.intention_id, a.state) for a in [await anext(client.answers) for _ in range(4)]]
        assert states[2:] == [("held", "finished"), ("said", "finished")]
        await client.aclose()
        await server.aclose()

    play(scene)


def test_a_second_final_answer_is_counted_and_not_delivered(play):
    async def scene(pair):
        server, client = pair.server(), pair.client()
        client.send(wave())
        await anext(aiter(server))
        server.answer(answer("finished"))
        server.answer(answer("finished"))  # as the answer to a resend that crossed the first one
        assert (await anext(client.answers)).state == "finished"
        await counted(pair.slow, "answers_late")
        assert len(client.answers) == 0
        client.send(wave())  # who asks again is told again
        assert (await anext(client.answers)).state == "finished"
        await client.aclose()
        await server.aclose()

    play(scene)


def test_the_sender_remembers_a_bounded_number_of_what_was_taken_up(play, monkeypatch):
    monkeypatch.setattr(intention_link, "REMEMBERED_IDS", 3)

    async def scene(pair):
        server, client = pair.server(), pair.client()
        for number in range(4):
            client.send(wave(f"i-{number}"))
            await anext(aiter(server))
            server.answer(answer("accepted", f"i-{number}"))
        states = [(a.intention_id, a.state) for a in [await anext(client.answers) for _ in range(5)]]
        assert states[-1] == ("i-0", "expired")
        await client.aclose()
        await server.aclose()

    play(scene)


def test_what_is_no_intention_is_counted_and_skipped(play):
    async def scene(pair):
        server, client = pair.server(), pair.client()
        client.send(wave("first"))
        await anext(aiter(server))
        server.answer(answer("finished", "first"))
        client.transmit(b"\xff\x00 random bytes")
        client.transmit(codec.encode(m.TypedText(text="not an intention")))
        client.transmit(msgspec.msgpack.encode({"type": "intention", "id": "x", "kind": "gesture", "priority": 99}))
        client.transmit(msgspec.msgpack.encode({"type": "intention", "id": "x", "kind": "gesture", "schema": 99}))
        client.send(wave("last"))
        assert (await anext(aiter(server))).id == "last"
        kinds = ("malformed", "not_on_this_link", "invalid", "future_schema")
        assert [pair.fast.counters[f"undecodable_{kind}"] for kind in kinds] == [1, 1, 1, 1]
        await client.aclose()
        await server.aclose()

    play(scene)


def test_a_flood_is_rejected_as_overload_and_memory_stays_bounded(play):
    async def scene(pair):
        server, client = pair.server(), pair.client()
        client.send(wave("first"))
        await anext(aiter(server))
        for number in range(intention_link.INBOX_DEPTH + 50):
            client.send(wave(f"flood-{number}"))
        await counted(pair.slow, "answers_received", 50)
        refusals = [reply for reply in client.answers.flush() if reply.reason == "overload"]
        assert len(refusals) >= 50
        assert {reply.state for reply in refusals} == {"rejected"}
        assert len(aiter(server)) == intention_link.INBOX_DEPTH
        await client.aclose()
        await server.aclose()

    play(scene)


def test_an_answer_to_a_vanished_client_is_dropped_and_still_published(play):
    async def scene(pair):
        server, client = pair.server(), pair.client()
        published = pair.fast.subscribe(m.IntentionAnswer)
        client.send(wave())
        await anext(aiter(server))
        await client.aclose()
        await asyncio.sleep(0.2)
        server.answer(answer("finished"))
        assert pair.fast.counters["answers_dropped"] == 1
        assert [message.state for message in published.flush()] == ["finished"]
        await server.aclose()

    play(scene)


def test_an_oversize_frame_costs_its_sender_the_connection_and_nobody_else(tmp_path):
    async def scene():
        pair = ZmqPair(tmp_path)
        server, client = pair.server(), pair.client()
        with contextlib.closing(pair.slow.context.socket(zmq.DEALER)) as rude:
            rude.setsockopt(zmq.LINGER, 0)
            rude.connect(f"ipc://{tmp_path}/intentions")
            rude.send(bytes(2 << 20))
            rude.send(bytes(100 << 10))
            client.send(wave())
            assert (await anext(aiter(server))).id == "i-1"
            await counted(pair.fast, "undecodable_too_large")
        await client.aclose()
        await server.aclose()
        await pair.slow.aclose()
        await pair.fast.aclose()

    asyncio.run(asyncio.wait_for(scene(), 20))


def test_who_asks_what_became_of_an_intention_asks_again_until_the_link_is_up():
    async def main():
        clock, carried = VirtualClock(asyncio.get_running_loop()), []

        def reply(route, payload):
            if route == "room":
                outbox.receive(payload)
            return True

        inbox = intention_link.Inbox(clock, reply, lambda _answer: None, {})

        def link(payload):  # loses what is sent in the first second
            if clock.now_ns() > 2_000_000_000:
                carried.append(payload)
                inbox.receive("room", payload)

        outbox = intention_link.Outbox("room", clock, link, {})
        await asyncio.sleep(1.0)
        inbox.receive("room before it was killed", codec.encode(wave()))
        inbox.answer(m.IntentionAnswer(intention_id="i-1", state="finished"))
        outbox.send(wave(valid_until_ns=1))
        assert (await anext(aiter(outbox.answers))).state == "finished" and len(carried) == 1
        assert [i.id for i in inbox.intentions.flush()] == ["i-1"], "it was delivered once"
        await outbox.aclose()

    run_virtual(main())


def test_asking_ends_with_expired_where_nobody_answers():
    async def main():
        pair = InProcessPair(None)
        client = pair.client()
        client.send(wave(valid_until_ns=1))
        answer = await anext(aiter(client.answers))
        assert (answer.state, answer.reason) == ("expired", "no answer from the receiver")
        assert intention_link.ASK_S <= pair.clock.now_ns() / 1e9 <= intention_link.ASK_S + 1.0
        await pair.slow.aclose()

    async def later():
        await asyncio.sleep(1.0)  # session time 1 ns is then past
        await main()

    run_virtual(later())
