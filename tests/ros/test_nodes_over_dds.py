"""The three nodes, each a process, against a peer in this one, over real DDS on loopback: what the contract says is so on the wire.

The adapter of the nodes is a parameter; rclpy's is skipped where ROS is not installed, and then runs against the same peer.
"""

from __future__ import annotations

import asyncio
import math
import signal
import struct

import pytest

pytest.importorskip("cyclonedds", reason="cyclonedds is not installed: pip install 'attune[dds]'")
pytest.importorskip("rosbags", reason="rosbags is not installed: pip install 'attune[dds]'")

from attune_bridge.contract import QOS, Qos, row
from attune_bridge.dds_types import struct_of
from attune_bridge.ros_types import decode
from attune_bridge.wire import ABORTED, CANCELED, SUCCEEDED
from cyclonedds.core import Policy

from motion.embodiment import process
from runtime import messages as m
from runtime.bridge_settings import BridgeSettings
from tests.ros.scenes import play

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.slow,
]  # several processes in real time: by themselves, not beside others
FOLLOW = ("agent/follow_joint_trajectory", "control_msgs/action/FollowJointTrajectory")
JOINTS = ("neck_yaw", "neck_pitch")
PATIENT = BridgeSettings(port=0, silent_after_ms=1_500.0)
"""For tests that are not about silence, on machines that are busy with others' tests."""


def follow_goal(position=0.5, seconds=0.4, joint="neck_yaw"):
    point = {"positions": [position], "time_from_start": {"sec": int(seconds), "nanosec": round(seconds % 1 * 1e9)}}
    return {"trajectory": {"joint_names": [joint], "points": [point]}}


def topic(scene, node, key, name=None):
    each = row(node, key)
    return scene.heard(name or each.name, each.type, QOS[each.qos])


def publisher(scene, node, key, name=None):
    each = row(node, key)
    return scene.ros.publisher(name or each.name, each.type, QOS[each.qos])


def test_the_agents_state_words_voice_and_health_are_told(tmp_path, adapter):
    async def story(scene):
        state, speech = topic(scene, "agent", "state"), topic(scene, "agent", "speech")
        audio, info = topic(scene, "agent", "audio_out"), topic(scene, "agent", "audio_info")
        health = topic(scene, "agent", "diagnostics")
        await scene.start("agent")
        await scene.until(lambda: state and state[-1].body_connected)
        bus, now_ns = scene.house.bus, scene.house.clock.now_ns
        bus.publish(m.AgentSpeech(t_ns=now_ns(), state="started", response_id="r1", text="Good morning."))
        bus.publish(m.AgentAudio(t_ns=now_ns(), pcm=b"\x01\x02" * 320, sample_rate_hz=22_050, response_id="r1"))
        bus.publish(m.Heartbeat(pid=4711, status="degraded", detail="the microphone is gone"))
        await scene.until(lambda: state[-1].agent_speaking and state[-1].response_id == "r1")
        await scene.until(lambda: speech and audio and info)
        assert speech[0].incremental == "Good morning."
        assert bytes(audio[0].audio.data) == b"\x01\x02" * 320
        assert (info[0].sample_rate, info[0].sample_format) == (22_050, "S16LE")
        seen = await scene.until(
            lambda: [each for array in health for each in array.status if each.name == "attune: behavioral"]
        )
        assert (seen[0].level, seen[0].message) == (1, "the microphone is gone")

    play(tmp_path, adapter, story)


def test_intents_words_and_services_reach_the_agent_and_answers_come_back(tmp_path, adapter):
    async def story(scene):
        server = scene.house.bus.open_intention_server()
        acts = scene.house.bus.subscribe(m.OperatorAct, m.BodyControl)
        answers = topic(scene, "agent", "intention_answers")
        intents = publisher(scene, "agent", "intents")
        await scene.start("agent")
        wish = {"kind": "gesture", "label": "nod", "priority": 6, "strength": 0.5}
        answer = await scene.call("agent/send_intention", "attune_msgs/srv/SendIntention", wish)
        assert answer.accepted, answer.reason
        nod = await anext(aiter(server))
        assert (nod.id, nod.kind, nod.label, nod.priority, nod.strength, nod.trigger) == (
            answer.id,
            "gesture",
            "nod",
            6,
            0.5,
            "ros",
        )
        server.answer(m.IntentionAnswer(intention_id=nod.id, state="started", frame=7))
        told = await scene.until(lambda: answers and answers[-1])
        assert (told.intention_id, told.state, told.frame) == (nod.id, 2, 7)
        bad = await scene.call("agent/send_intention", "attune_msgs/srv/SendIntention", {"kind": "dance"})
        assert (bad.accepted, bad.reason[:20]) == (False, "kind: one of dialogu")
        intents({"action": "__intent_say__", "data": '{"object": "Hello there"}', "priority": 128, "source": "anna"})
        said = await anext(aiter(server))
        assert (said.kind, said.content, said.priority) == ("dialogue", "Hello there", 5)
        stopped = await scene.call("agent/emergency_stop", "std_srvs/srv/Trigger", {})
        assert stopped.success
        muted = await scene.call("agent/mute", "std_srvs/srv/SetBool", {"data": True})
        assert muted.success
        heard = await scene.until(lambda: len(acts) == 3 and acts.flush())
        assert {getattr(each, "action", "") or each.deed for each in heard} == {"emergency_stop", "take"}
        await server.aclose()

    play(tmp_path, adapter, story)


def test_people_whom_the_agent_sees_are_told_as_rep_155_says(tmp_path, adapter):
    async def story(scene):
        persons = topic(scene, "perception", "persons")
        roi = topic(scene, "perception", "roi", "/humans/faces/person_1/roi")
        engaged = topic(scene, "perception", "engagement", "/humans/persons/person_1/engagement_status")
        frames = topic(scene, "perception", "tf")
        await scene.start("perception")
        await scene.until(lambda: persons)
        percept = m.PersonPercept(
            t_ns=scene.house.clock.now_ns(),
            state="arrived",
            person_id="person-1",
            box=(0.25, 0.25, 0.5, 0.5),
            distance_m=2.0,
            facing=0.9,
        )
        for _ in range(20):  # best effort: the first may come before readers are known
            scene.house.bus.publish(percept)
            await asyncio.sleep(0.02)
        await scene.until(lambda: roi and engaged and frames and list(persons[-1].ids) == ["person_1"])
        assert (roi[0].xmin, roi[0].xmax) == (0.25, 0.75)
        assert engaged[0].level == 3
        frame = frames[0].transforms[0]
        assert (frame.child_frame_id, frame.header.frame_id) == ("face_person_1", "camera_optical_frame")
        assert frame.transform.translation.z == pytest.approx(2.0)

    play(tmp_path, adapter, story, body="")


def test_people_whom_other_nodes_see_and_hear_reach_the_agent(tmp_path, adapter):
    async def story(scene):
        percepts = scene.house.bus.subscribe(m.PersonPercept)
        words, sounds = scene.house.bus.subscribe(m.RecognisedSpeech), scene.house.bus.subscribe(m.UserAudio)
        pictures, distances = scene.house.bus.subscribe(m.UserVideo), scene.house.bus.subscribe(m.PersonDistance)
        persons = publisher(scene, "perception", "persons_in")
        level = publisher(scene, "perception", "engagement_in", "/humans/persons/p1/engagement_status")
        voices = publisher(scene, "perception", "voices_in")
        speech = publisher(scene, "perception", "speech_in", "/humans/voices/v1/speech")
        audio, image = publisher(scene, "perception", "audio_in"), publisher(scene, "perception", "image_in")
        distance = publisher(scene, "perception", "range_in")
        await scene.start("perception", "perceive:=ros", "audio:=ros", "image:=ros")
        heard = []

        def tell():
            persons({"ids": ["p1"]})
            voices({"ids": ["v1"]})
            level({"level": 3})
            speech({"incremental": "good"})
            audio({"audio": {"data": bytes(512)}})
            image({"format": "jpeg", "data": b"\xff\xd8 picture"})
            distance({"min_range": 0.1, "max_range": 5.0, "range": 1.25})
            heard.extend(percepts.flush())
            engaged = any(percept.facing == 1.0 and percept.state == "present" for percept in heard)
            return engaged and all(map(len, (words, sounds, pictures, distances)))

        await scene.until(tell)
        assert (heard[0].person_id, heard[0].state) == ("p1", "arrived")
        speech({"final": "good morning", "confidence": 0.75})
        said = await scene.until(lambda: [w for w in words.flush() if w.state == "ended"])
        assert (said[0].text, said[0].confidence) == ("good morning", 0.75)
        assert (await anext(distances)).distance_m == 1.25
        assert (await anext(pictures)).jpeg == b"\xff\xd8 picture"
        persons({"ids": []})
        await scene.until(lambda: [p for p in percepts.flush() if p.state == "left"])

    play(tmp_path, adapter, story, body="")


def test_a_goal_of_another_node_is_followed_to_its_end_or_until_it_is_cancelled(tmp_path, adapter):
    async def story(scene):
        commands = topic(scene, "body", "joint_commands")
        await scene.start("body")
        await scene.until(lambda: commands)
        ends, _ = await scene.goal(*FOLLOW, follow_goal(0.5, 0.4))
        await scene.until(lambda: ends)
        assert (ends[0][0], ends[0][1].error_code) == (SUCCEEDED, 0)
        await scene.until(lambda: commands[-1].position[0] == pytest.approx(0.5, abs=1e-3))
        ends, sent = await scene.goal(*FOLLOW, follow_goal(-0.5, 5.0))
        await scene.until(lambda: commands[-1].velocity[0] < 0)
        sent.cancel()
        await scene.until(lambda: ends)
        assert ends[0][0] == CANCELED

    play(tmp_path, adapter, story, settings=PATIENT)


NONSENSE = {
    "nan": follow_goal(math.nan),
    "outside the limits": follow_goal(1.5),
    "unknown joint": follow_goal(joint="neck_jaw"),
    "no points": {"trajectory": {"joint_names": ["neck_yaw"]}},
    "too few positions": {"trajectory": {"joint_names": list(JOINTS), "points": [{"positions": [0.1]}]}},
}


def test_goals_that_make_no_sense_are_rejected_with_the_reason_and_nothing_moves(tmp_path, adapter):
    async def story(scene):
        commands = topic(scene, "body", "joint_commands")
        node = await scene.start("body")
        await scene.until(lambda: commands)
        for name, goal in NONSENSE.items():
            ends, _ = await scene.goal(*FOLLOW, goal)
            await scene.until(lambda ends=ends: ends, what=name)
            assert ends == [(ABORTED, None)], name
        assert all(list(command.position) == [0.0, 0.0] for command in commands)
        log = await scene.until(lambda: scene.log(node).count("goal rejected") == len(NONSENSE) and scene.log(node))
        assert "neck_yaw is nan" in log
        assert "neck_yaw 1.500 rad is outside -1.000 to 1.000" in log
        assert "no joint 'neck_jaw', 'neck_yaw' is the nearest" in log

    play(tmp_path, adapter, story)


def test_the_agent_looks_at_a_point(tmp_path, adapter):
    async def story(scene):
        server = scene.house.bus.open_intention_server()
        await scene.start("body")
        target = {"header": {"frame_id": "base_link"}, "point": {"x": 1.0, "y": 1.0, "z": 1.2}}
        ends, _ = await scene.goal(
            "agent/look_at", "control_msgs/action/PointHead", {"target": target, "min_duration": {"sec": 1}}
        )
        look = await anext(aiter(server))
        assert look.kind == "gaze"
        assert look.target.direction_rad == pytest.approx((math.pi / 4, 0.0))
        server.answer(m.IntentionAnswer(intention_id=look.id, state="accepted"))
        server.answer(m.IntentionAnswer(intention_id=look.id, state="finished"))
        await scene.until(lambda: ends)
        assert ends[0][0] == SUCCEEDED
        ends, _ = await scene.goal(
            "agent/look_at", "control_msgs/action/PointHead", {"target": {"header": {"frame_id": "moon"}}}
        )
        await scene.until(lambda: ends)
        assert ends[0][0] == ABORTED
        await server.aclose()

    play(tmp_path, adapter, story)


@pytest.mark.parametrize("body", ["small", "mujoco:attune"])
def test_killed_in_mid_goal_as_a_server_the_goal_is_aborted_the_body_rests_and_the_next_life_says_so(
    tmp_path, adapter, body
):
    async def story(scene):
        commands, answers = scene.house.bus.subscribe(m.JointCommand), scene.house.bus.subscribe(m.JointGoalAnswer)
        states = scene.heard(f"{FOLLOW[0]}/_action/status", "action_msgs/msg/GoalStatusArray", QOS["state"])
        node = await scene.start("body")
        described = topic(scene, "body", "joint_commands")
        await scene.until(lambda: described)
        _, sent = await scene.goal(*FOLLOW, follow_goal(0.9, 6.0))
        await scene.until(lambda: any(command.state == "follows" for command in commands.flush()))
        node.send_signal(signal.SIGKILL)
        node.wait()
        aborted = await scene.until(lambda: [each for each in answers.flush() if each.state != "accepted"])
        assert (aborted[0].goal_id, aborted[0].state) == (sent.goal_id, "aborted")
        assert aborted[0].reason.startswith("bridge lost")
        commands.flush()
        await asyncio.sleep(1.0)  # the real body slows down gently
        last = commands.flush()[-1]
        assert max(map(abs, struct.unpack(f"<{len(last.velocity_rad_s) // 4}f", last.velocity_rad_s))) < 1e-3
        await scene.start("body")

        def told():
            last = [each for array in states for each in array.status_list]
            return [
                each
                for each in last
                if bytes(each.goal_info.goal_id.uuid).hex() == sent.goal_id and each.status == ABORTED
            ]

        await scene.until(told, what="the next life does not say that the goal is aborted")

    play(tmp_path, adapter, story, body=body)


def test_a_goal_whose_body_is_killed_ends_as_aborted_and_the_next_life_takes_others(tmp_path, adapter):
    async def story(scene):
        commands = topic(scene, "body", "joint_commands")
        await scene.start("body")
        await scene.until(lambda: commands)
        ends, _ = await scene.goal(*FOLLOW, follow_goal(0.9, 30.0))
        await scene.until(lambda: any(commands[-1].velocity))
        await scene.house.contexts["body"].bus.aclose()  # as if killed: it says no more
        await scene.house.stop("body")
        await scene.until(lambda: ends)
        assert (ends[0][0], "of the body" in ends[0][1].error_string) == (ABORTED, True)
        await scene.house.start("body", process.serve)
        heard = len(commands)
        await scene.until(lambda: len(commands) > heard)
        ends, _ = await scene.goal(*FOLLOW, follow_goal(0.2, 1.0))
        await scene.until(lambda: ends)
        assert ends[0][0] == SUCCEEDED

    play(tmp_path, adapter, story, body="mujoco:attune", settings=PATIENT)


def test_of_two_who_want_the_body_the_first_has_it_and_the_other_is_told(tmp_path, adapter):
    async def story(scene):
        commands = topic(scene, "body", "joint_commands")
        await scene.start("body")
        await scene.until(lambda: commands)
        first, _ = await scene.goal(*FOLLOW, follow_goal(0.3, 2.0))
        await scene.until(lambda: first or any(commands[-1].velocity))
        assert not first, [scene.log(node) for node in scene.nodes]
        second, _ = await scene.goal(*FOLLOW, follow_goal(-0.3, 2.0))
        await scene.until(lambda: second)
        assert second[0][0] == ABORTED
        assert "goal" in second[0][1].error_string
        await scene.until(lambda: first)
        assert first[0][0] == SUCCEEDED
        assert min(command.position[list(command.name).index("neck_yaw")] for command in commands) > -0.05

    play(tmp_path, adapter, story, body="mujoco:attune", settings=PATIENT)


def test_an_emergency_stop_ends_a_goal_and_holds_until_it_is_released(tmp_path, adapter):
    async def story(scene):
        commands = topic(scene, "body", "joint_commands")
        await scene.start("body")
        await scene.start("agent")
        state = topic(scene, "agent", "state")
        await scene.until(lambda: commands and state)
        ends, _ = await scene.goal(*FOLLOW, follow_goal(0.9, 5.0))
        await scene.until(lambda: any(commands[-1].velocity))
        assert (await scene.call("agent/emergency_stop", "std_srvs/srv/Trigger", {})).success
        await scene.until(lambda: ends)
        assert (ends[0][0], ends[0][1].error_string) == (ABORTED, "an emergency stop")
        await scene.until(lambda: state[-1].body_state == 5)
        await scene.until(lambda: not any(commands[-1].velocity))
        ends, _ = await scene.goal(*FOLLOW, follow_goal(0.0, 1.0))
        await scene.until(lambda: ends)
        assert (ends[0][0], "emergency stop" in ends[0][1].error_string) == (ABORTED, True)
        assert (await scene.call("agent/release", "std_srvs/srv/Trigger", {})).success
        await scene.until(lambda: state[-1].body_state != 5)

    play(tmp_path, adapter, story, body="mujoco:attune", settings=PATIENT)


def test_the_node_is_seen_by_its_name_its_topics_by_their_hash_and_it_ends_when_asked(tmp_path):
    async def story(scene):
        nodes = []
        kind = "rmw_dds_common/msg/ParticipantEntitiesInfo"
        scene.ros._reader(
            "ros_discovery_info",
            struct_of(kind),
            Qos(True, True, 10, ""),
            "",
            lambda data: nodes.append(decode(kind, data)),
        )
        states = topic(scene, "agent", "state")
        node = await scene.start("agent")
        await scene.until(
            lambda: "attune_agent" in {each.node_name for info in nodes for each in info.node_entities_info_seq}
        )
        await scene.until(lambda: states)
        reader = next(
            each for each in scene.ros._keep if getattr(getattr(each, "topic", None), "name", "") == "rt/agent/state"
        )
        told = [reader.get_matched_publication_data(handle) for handle in reader.get_matched_publications()]
        assert [bytes(each.qos[Policy.Userdata].data) for each in told] == [
            f"typehash={row('agent', 'state').hash};".encode()
        ]
        node.terminate()
        scene.nodes.clear()
        try:
            assert await asyncio.to_thread(node.wait, 10) == 0
            assert "Traceback" not in scene.log(node)
        finally:
            node.kill()
            node.stderr.close()

    play(tmp_path, "cyclonedds", story)
