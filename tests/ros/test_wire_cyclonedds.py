"""The wire without ROS by itself, two participants on one loop: late subscribers, qualities that differ, nonsense, simulated time."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("cyclonedds", reason="cyclonedds is not installed: pip install 'attune[dds]'")
pytest.importorskip("rosbags", reason="rosbags is not installed: pip install 'attune[dds]'")

from attune_bridge.contract import QOS, Qos
from attune_bridge.dds_types import struct_of
from attune_bridge.ros_types import encode, type_hash
from attune_bridge.wire_cyclonedds import CycloneWire

STRING = "std_msgs/msg/String"
pytestmark = pytest.mark.timeout(30)


def play(story, *arguments):
    async def main():
        one, two = (
            CycloneWire("one", [], loop=asyncio.get_running_loop()),
            CycloneWire("two", list(arguments), loop=asyncio.get_running_loop()),
        )
        try:
            await asyncio.wait_for(story(one, two), 20)
        finally:
            one.close()
            two.close()

    asyncio.run(main())


async def until(condition):
    for _ in range(2_000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("did not happen")


def test_who_comes_late_is_told_the_state_but_no_events():
    async def story(one, two):
        state, event = one.publisher("state", STRING, QOS["state"]), one.publisher("event", STRING, QOS["event"])
        state({"data": "old"})
        state({"data": "new"})
        event({"data": "past"})
        heard, events = [], []
        two.subscribe("state", STRING, QOS["state"], heard.append)
        two.subscribe("event", STRING, QOS["event"], events.append)
        await until(lambda: heard)
        while not events:  # what is published once they know each other
            event({"data": "present"})
            await asyncio.sleep(0.02)
        assert [message.data for message in heard] == ["new"]
        assert {message.data for message in events} == {"present"}

    play(story)


def test_a_best_effort_publisher_does_not_serve_a_reliable_subscription():
    async def story(one, two):
        heard, sensed = [], []
        sensor = one.publisher("range", STRING, QOS["sensor"])
        two.subscribe("range", STRING, QOS["event"], heard.append)
        two.subscribe("range", STRING, QOS["sensor"], sensed.append)
        while not sensed:
            sensor({"data": "1"})
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        assert heard == []

    play(story)


def test_nonsense_does_not_get_onto_the_wire_and_the_next_message_is_heard():
    async def story(one, two):
        heard = []
        kind = "sensor_msgs/msg/JointState"
        two.subscribe("joints", kind, QOS["event"], heard.append)
        writer = one._writer("rt/joints", struct_of(kind), QOS["event"], type_hash(kind))
        await until(writer.get_matched_subscriptions)
        for data in (b"\0\1\0\0", b"\0\1\0\0" + b"\xff" * 40, b"\0\1\0\0" + b"\xf0\xff\xff\x7f" * 8):
            one._write(writer, data)
        assert one.counters["unwritable"] == 3
        one._write(writer, encode(kind, {"name": ["neck"]}))
        await until(lambda: heard)
        assert [list(message.name) for message in heard] == [["neck"]]

    play(story)


def test_a_message_that_a_node_cannot_use_is_counted_and_the_next_one_is_heard():
    async def story(one, two):
        heard = []

        def hear(message):
            heard.append(int(message.data))

        two.subscribe("number", STRING, QOS["state"], hear)
        publish = one.publisher("number", STRING, QOS["state"])
        publish({"data": "many"})
        await until(lambda: two.counters["unreadable"] == 1)
        publish({"data": "7"})
        await until(lambda: heard == [7])

    play(story)


def test_a_message_that_cannot_be_written_is_counted_and_nothing_leaves():
    async def story(one, two):
        publish = one.publisher("state", "sensor_msgs/msg/Range", QOS["state"])
        publish({"radiation_type": 999})
        publish({"colour": 1})
        publish({"range": "near"})
        assert one.counters["unwritable"] == 3

    play(story)


def test_a_service_without_server_says_so_and_one_with_answers_each_caller():
    async def story(one, two):
        kind = "std_srvs/srv/SetBool"
        call = one.caller("switch", kind)
        assert call({"data": True}, lambda _: None) is False
        two.serve("switch", kind, lambda request: {"success": request.data, "message": "on" if request.data else "off"})
        answers = []
        await until(lambda: call({"data": True}, answers.append))
        call({"data": False}, answers.append)
        await until(lambda: len(answers) == 2)
        assert [(answer.success, answer.message) for answer in answers] == [(True, "on"), (False, "off")]

    play(story)


def test_time_is_that_of_the_clock_topic_where_it_is_simulated():
    async def story(one, two):
        assert one.now_ns() > 10**18
        assert two.now_ns() == 0
        clock = one.publisher("/clock", "rosgraph_msgs/msg/Clock", Qos(False, False, 1, ""))
        while two.now_ns() == 0:
            clock({"clock": {"sec": 12, "nanosec": 34}})
            await asyncio.sleep(0.02)
        assert two.now_ns() == 12_000_000_034

    play(story, "-p", "use_sim_time:=true")
