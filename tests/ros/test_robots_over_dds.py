"""The body node, a process, between the agent's house and a robot under a controller, over real DDS on loopback."""

from __future__ import annotations

import asyncio
import signal
import struct

import pytest

pytest.importorskip("cyclonedds", reason="cyclonedds is not installed: pip install 'attune[dds]'")
pytest.importorskip("rosbags", reason="rosbags is not installed: pip install 'attune[dds]'")
pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")

from attune_bridge.wire import ABORTED, CANCELED, SUCCEEDED

from motion.embodiment.bodies import attune_body
from runtime import messages as m
from runtime.bridge_settings import BridgeSettings
from tests.ros.controller import FakeController
from tests.ros.scenes import play

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.slow,
]  # several processes in real time: by themselves, not beside others
PATIENT = BridgeSettings(port=0, silent_after_ms=1_500.0)
"""Machines are busy with others' tests."""


def robot_of(scene, **at):
    names = attune_body.description().names
    rest = dict(zip(names, attune_body.description().vector("rest_rad").tolist(), strict=True))
    return FakeController(scene.ros, names, [at.get(name, rest[name]) for name in names])


NECK = next(joint for joint in attune_body.description().joints if joint.name == "neck_yaw")
HARDEST = 1.2 * NECK.acceleration_rad_s2
"""With what machines that are busy with others' tests add: the motion is slowed down where commands come late.

Nothing is promised of a trajectory that itself comes late: the controller does not judge its first cycle."""


async def moving(scene, robot, target=1.2, seconds=1.2):
    """Have the agent's body move its neck, and wait until the robot does; return the client that asked."""
    client = scene.house.client("other", [m.JointGoalAnswer])
    answers = []

    def polled():
        answers.extend(each for each in client.poll() if isinstance(each, m.JointGoalAnswer))
        return client.joined

    await scene.until(polled)
    goal = {"joints": ("neck_yaw",), "time_from_start_ms": (1e3 * seconds,), "position_rad": struct.pack("<f", target)}
    number = 0

    def moves():
        nonlocal number
        polled()
        if number == 0 or (answers and answers[-1].state != "accepted"):  # not where the body is away for a moment
            answers.clear()
            number += 1
            client.send(m.JointGoal(goal_id=f"g{number}", **goal))
        return robot.of("neck_yaw")[1] > 0.6

    await scene.until(moves, what="the robot does not follow the agent's body")
    return client


@pytest.mark.parametrize("controller", ["topic", "action"])
def test_a_robot_under_a_controller_is_led_from_where_it_is_within_the_filters_limits(tmp_path, adapter, controller):
    async def story(scene):
        robot = robot_of(scene, neck_yaw=0.6)
        measured, commands = scene.house.bus.subscribe(m.JointMeasured), scene.house.bus.subscribe(m.JointCommand)
        await scene.start("body", "body:=ros", f"controller:={controller}")
        handed = "received" if controller == "topic" else "accepted"
        await scene.until(lambda: getattr(robot, handed) > 3)
        assert len(measured)
        first = next(each for each in commands.flush() if each.connected)
        at = robot.joints.index("neck_yaw")
        assert struct.unpack_from("<f", first.position_rad, 4 * at)[0] == pytest.approx(0.6, abs=0.01)
        await scene.until(lambda: abs(robot.of("neck_yaw")[0]) < 0.02, what="the robot is not led to rest")
        assert robot.controller.fastest <= 1.01 * NECK.velocity_rad_s
        assert robot.controller.hardest <= HARDEST
        assert 4 * robot.controller.late < robot.received + robot.accepted, "too busy a machine to judge by"
        assert (robot.received > 0, robot.accepted > 0) == (controller == "topic", controller == "action")

    play(tmp_path, adapter, story, body="ros:attune", settings=PATIENT)


async def comes_to_rest(robot, low=0.0, high=1.15):
    await asyncio.sleep(0.8)
    held = list(robot.controller.set_point)
    await asyncio.sleep(0.3)
    assert robot.at_rest
    assert robot.controller.set_point == held
    assert low < robot.of("neck_yaw")[0] < high, "in mid-motion"


def test_killed_in_mid_goal_as_a_client_the_goal_ends_by_itself_and_the_robot_stands(tmp_path, adapter):
    async def story(scene):
        robot = robot_of(scene)
        node = await scene.start("body", "body:=ros", "controller:=action")
        await moving(scene, robot)
        await scene.until(lambda: robot.running)
        robot.ended.clear()
        node.send_signal(signal.SIGKILL)
        node.wait()
        await scene.until(lambda: robot.ended)
        # Whichever comes first: its end at a standstill, or that the controller notices.
        assert robot.ended[-1] in [(ABORTED, "the client is gone"), (SUCCEEDED, "")]
        await comes_to_rest(robot)

    play(tmp_path, adapter, story, body="ros:attune", settings=PATIENT)


@pytest.mark.parametrize("killed", ["bridge", "house"])
def test_killed_while_it_streams_the_robot_slows_down_and_stands(tmp_path, adapter, killed):
    async def story(scene):
        robot = robot_of(scene)
        node = await scene.start("body", "body:=ros")
        await moving(scene, robot)
        robot.controller.hardest = 0.0
        if killed == "bridge":
            node.send_signal(signal.SIGKILL)
            node.wait()
        else:
            await scene.house.contexts[
                "body"
            ].bus.aclose()  # as if killed: nothing more is told, not even a way to rest
            await scene.house.stop("body")
            del scene.house.tasks["body"]
        await comes_to_rest(robot)
        assert robot.controller.hardest <= HARDEST

    play(tmp_path, adapter, story, body="ros:attune", settings=PATIENT)


def test_a_house_that_ends_leads_the_robot_to_rest(tmp_path, adapter):
    async def story(scene):
        robot = robot_of(scene)
        await scene.start("body", "body:=ros")
        await moving(scene, robot)
        await scene.house.stop("body")
        del scene.house.tasks["body"]
        await scene.until(lambda: robot.at_rest)
        assert robot.of("neck_yaw")[0] == pytest.approx(NECK.rest_rad, abs=0.02)

    play(tmp_path, adapter, story, body="ros:attune", settings=PATIENT)


def test_an_emergency_stop_while_it_streams_is_answered_when_it_holds_and_nothing_more_is_sent(tmp_path, adapter):
    async def story(scene):
        robot = robot_of(scene)
        await scene.start("body", "body:=ros")
        await scene.start("agent")
        commands = scene.house.bus.subscribe(m.JointCommand)
        await moving(scene, robot)
        answer = await scene.call("agent/emergency_stop", "std_srvs/srv/Trigger", {})
        assert (answer.success, answer.message) == (True, "")
        await scene.until(lambda: any(each.state == "stopped" for each in commands.flush()))
        await comes_to_rest(robot)
        received = robot.received
        await asyncio.sleep(0.5)
        assert robot.received == received
        assert (await scene.call("agent/release", "std_srvs/srv/Trigger", {})).success
        await scene.until(lambda: abs(robot.of("neck_yaw")[0]) < 0.02, what="the robot does not go on")

    play(tmp_path, adapter, story, body="ros:attune", settings=PATIENT)


def test_a_node_that_is_asked_to_end_cancels_its_goal(tmp_path, adapter):
    async def story(scene):
        robot = robot_of(scene)
        node = await scene.start("body", "body:=ros", "controller:=action")
        await moving(scene, robot)
        robot.ended.clear()
        node.terminate()
        await scene.until(
            lambda: robot.ended and robot.ended[-1] == (CANCELED, ""), what=f"not cancelled {robot.ended}"
        )
        assert robot.at_rest
        scene.nodes.remove(node)
        assert await asyncio.to_thread(node.wait, 10) == 0
        node.stderr.close()

    play(tmp_path, adapter, story, body="ros:attune", settings=PATIENT)
