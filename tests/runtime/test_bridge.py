"""The bridge's room over real ZeroMQ: who joins, what passes, what is refused, and what becomes of goals whose program is gone."""

import asyncio
import math
import os
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import zmq

from runtime import bridge, codec
from runtime import bridge_protocol as p
from runtime import messages as m
from runtime.addresses import free_port
from runtime.bridge_client import BridgeClient
from runtime.bridge_rules import INBOUND, OUTBOUND, PRIVATE
from runtime.bridge_settings import BridgeSettings
from runtime.errors import AttuneError
from runtime.house import RoomSpec
from runtime.keys import create_client_key, create_keys
from runtime.settings import BusSettings, Profile
from runtime.supervisor import Supervisor
from tests.runtime.bridge_house import ROOMS, house_of, until

pytestmark = pytest.mark.timeout(60)
PROGRAM = Path(__file__).with_name("bridge_program.py")


def scene(folder, play, **options):
    async def main():
        async with house_of(folder, **options) as house:
            return await asyncio.wait_for(play(house), 30)

    return asyncio.run(main())


def goal(goal_id="g", joints=("neck_yaw",), values=(0.5,), ms=(500.0,)):
    return m.JointGoal(
        goal_id=goal_id, joints=joints, time_from_start_ms=ms, position_rad=struct.pack(f"<{len(values)}f", *values)
    )


def start(endpoint):
    environment = {**os.environ, "PYTHONPATH": str(PROGRAM.parents[2])}
    return subprocess.Popen([sys.executable, str(PROGRAM), endpoint], stdout=subprocess.DEVNULL, env=environment)


def of(kind, heard):
    return [item for item in heard if isinstance(item, kind)]


async def ended(client, goal_id="g1", timeout_s=5.0):
    heard = await until(client, lambda heard: of(m.JointGoalAnswer, heard), timeout_s)
    answer = of(m.JointGoalAnswer, heard)[0]
    assert answer.goal_id == goal_id
    return answer


def test_what_a_program_says_is_on_the_bus_and_what_it_wants_comes_to_it(tmp_path):
    async def play(house):
        heard_in_house = house.bus.subscribe(m.WorldEvent)
        client = house.client(wants=[m.AgentSpeech])
        await until(client, lambda _: client.joined)
        assert client.send(m.WorldEvent(text="Anna comes in."))
        event = await asyncio.wait_for(anext(heard_in_house), 5)
        assert (event.source, event.text) == ("bridge", "Anna comes in.")
        assert 0 < event.t_ns <= house.clock.now_ns()
        house.bus.publish(m.AgentSpeech(state="started", response_id="r1", text="Hello Anna."))
        heard = await until(client, lambda heard: of(m.AgentSpeech, heard))
        assert of(m.AgentSpeech, heard)[0].text == "Hello Anna."
        client.close()

    scene(tmp_path, play)


def test_the_program_knows_the_session_time_to_a_millisecond(tmp_path):
    async def play(house):
        client = house.client()
        await until(client, lambda _: len(client._offsets) > 5)
        assert abs(client.session_ns() - house.clock.now_ns()) < 2_000_000
        client.close()

    scene(tmp_path, play)


def test_intentions_go_to_the_agent_and_their_answers_come_back(tmp_path):
    async def play(house):
        server = house.bus.open_intention_server()
        client = house.client()
        await until(client, lambda _: client.joined)
        client.send(m.Intention(id="i1", kind="gesture", label="wave"))
        intention = await asyncio.wait_for(anext(aiter(server)), 5)
        assert (intention.label, intention.source) == ("wave", "bridge-ros")
        server.answer(m.IntentionAnswer(intention_id="i1", state="accepted"))
        heard = await until(client, lambda heard: of(m.IntentionAnswer, heard))
        assert of(m.IntentionAnswer, heard)[0].state == "accepted"
        client.close()
        await server.aclose()

    scene(tmp_path, play, body="")


@pytest.mark.parametrize(
    ("message", "about", "words"),
    [
        (m.MotionFrame(index=1, rotations=bytes(352)), "motion_frame", "not taken from outside; taken are"),
        (m.SessionControl(action="stop"), "session_control", "not taken from outside"),
        (m.OperatorAct(id="a", deed="say", text="hello"), "operator_act", "needs the operator's console"),
        (m.Intention(id="a", kind="gaze", trigger="operator"), "intention", "operator console's own"),
        (goal(values=(math.nan,)), "joint_goal", "position_rad: number 0 is nan"),
        (goal(values=(0.1, 0.2)), "joint_goal", "8 bytes for 1 points of 1 joints"),
        (goal(values=(0.1, 0.2), ms=(500.0, 400.0)), "joint_goal", "must rise"),
        (m.JointGoalCancel(goal_id="nobody's"), "joint_goal_cancel", "no running goal of ros"),
        (m.JointMeasured(body="b", position_rad=struct.pack("<f", math.inf)), "joint_measured", "number 0 is inf"),
    ],
)
def test_what_is_not_taken_is_answered_by_one_clear_refusal(tmp_path, message, about, words):
    async def play(house):
        client = house.client()
        await until(client, lambda _: client.joined)
        client.send(message)
        client.send(m.WorldEvent(text="Still here."))
        heard = await until(client, lambda heard: of(p.Refusal, heard))
        refusal = of(p.Refusal, heard)[0]
        assert refusal.about == about
        assert words in refusal.reason
        assert client.joined
        client.close()

    scene(tmp_path, play, body="")


def test_a_flood_of_nonsense_is_counted_and_answered_once_a_second(tmp_path):
    async def play(house):
        events = house.bus.subscribe(m.WorldEvent)
        client = house.client()
        await until(client, lambda _: client.joined)
        for _ in range(500):
            client._transmit(p.MESSAGE, b"\xc1 nonsense")
        client.send(m.WorldEvent(text="And yet."))
        await asyncio.wait_for(anext(events), 5)
        heard = await until(client, lambda heard: of(p.Refusal, heard))
        assert [refusal.about for refusal in of(p.Refusal, heard)] == ["malformed"]
        await asyncio.sleep(0.05)
        assert house.contexts["bridge"].counters["bridge_refused"] == 500
        client.close()

    scene(tmp_path, play, body="")


def test_a_type_that_does_not_exist_or_is_private_is_refused_with_the_nearest_name(tmp_path):
    async def play(house):
        client = house.client(wants=[m.UserAudio])
        client._join = p.Join(name="ros", wants=("user_audio", "agent_speach"))
        heard = await until(client, lambda heard: len(of(p.Refusal, heard)) == 2)
        reasons = [refusal.reason for refusal in of(p.Refusal, heard)]
        assert reasons == [
            "user_audio is not sent out without CURVE (bridge.curve_keys)",
            "there is no message type 'agent_speach', 'agent_speech' is the nearest",
        ]
        client.close()

    scene(tmp_path, play, body="")


def test_a_stream_has_one_writer(tmp_path):
    async def play(house):
        one, two = house.client("arm"), house.client("leg")
        await until(one, lambda _: one.joined)
        await until(two, lambda _: two.joined)
        measured = m.JointMeasured(body="b", position_rad=struct.pack("<f", 0.1))
        one.send(measured)
        await asyncio.sleep(0.05)
        one.poll()
        two.send(measured)
        heard = await until(two, lambda heard: of(p.Refusal, heard))
        assert of(p.Refusal, heard)[0].reason == "arm sends it already, and there is one of it"
        one.close()
        await asyncio.sleep(0.05)
        seen = house.bus.subscribe(m.JointMeasured)
        await asyncio.sleep(0.05)
        two.send(measured)
        await asyncio.wait_for(anext(seen), 5)
        two.close()

    scene(tmp_path, play, body="")


def test_a_goal_runs_to_its_end_and_its_program_is_told(tmp_path):
    async def play(house):
        client = house.client(wants=[m.JointGoalAnswer])
        await until(client, lambda _: client.joined)
        client.send(goal("g1", ms=(300.0,)))
        heard = await until(client, lambda heard: len(of(m.JointGoalAnswer, heard)) == 2)
        assert [answer.state for answer in of(m.JointGoalAnswer, heard)] == ["accepted", "succeeded"]
        client.close()

    scene(tmp_path, play)


def test_goals_of_a_program_that_hangs_are_aborted_and_it_learns_so(tmp_path):
    async def play(house):
        client = house.client(wants=[m.JointGoalAnswer])
        cancels = house.bus.subscribe(m.JointGoalCancel)
        await until(client, lambda _: client.joined)
        client.send(goal("g1", ms=(3_000.0,)))
        await until(client, lambda heard: of(m.JointGoalAnswer, heard))
        cancel = await asyncio.wait_for(anext(cancels), 5)  # nobody polls meanwhile
        assert (cancel.goal_id, cancel.state) == ("g1", "aborted")
        assert cancel.reason.startswith("bridge lost: ros was silent for")
        heard = await until(client, lambda heard: of(m.JointGoalAnswer, heard))
        assert of(m.JointGoalAnswer, heard)[-1].state == "aborted"
        client.close()

    scene(tmp_path, play)


def test_after_kill_9_of_the_program_the_body_rests_and_the_next_life_is_told(tmp_path):
    async def play(house):
        commands, answers = house.bus.subscribe(m.JointCommand), house.bus.subscribe(m.JointGoalAnswer)
        program = start(house.endpoint)
        try:
            while (await asyncio.wait_for(anext(answers), 15)).state != "accepted":
                pass
            await asyncio.sleep(0.3)
            program.send_signal(signal.SIGKILL)
            ended = await asyncio.wait_for(anext(answers), 5)
        finally:
            program.kill()
            program.wait()
        assert (ended.goal_id, ended.state) == ("g1", "aborted")
        await asyncio.sleep(0.1)
        last = commands.flush()[-1]
        assert last.state == "rests"
        assert struct.unpack("<2f", last.velocity_rad_s) == (0.0, 0.0)
        assert 0.0 < struct.unpack("<2f", last.position_rad)[0] < 0.8
        again = house.client("ros")
        heard = await until(again, lambda heard: of(p.Welcome, heard))
        assert of(p.Welcome, heard)[0].goals == {"g1": "aborted"}
        again.close()

    scene(tmp_path, play)


def test_a_bridge_that_was_killed_aborts_what_ran_when_it_comes_back_and_programs_join_again(tmp_path):
    async def play(house):
        cancels = house.bus.subscribe(m.JointGoalCancel)
        client = house.client()
        await until(client, lambda _: client.joined)
        await house.stop("bridge")
        (tmp_path / "bridge" / "running_goals.json").write_text('{"g9": "ros"}')  # as a killed one leaves it

        await house.start("bridge", bridge.serve)
        while (cancel := await asyncio.wait_for(anext(cancels), 5)).goal_id != "g9":
            pass
        assert (cancel.state, cancel.reason) == ("aborted", "the bridge was restarted")
        heard = await until(client, lambda heard: of(p.Welcome, heard))
        assert of(p.Welcome, heard)[0].goals == {"g9": "aborted"}
        client.close()

    scene(tmp_path, play)


def test_beyond_loopback_it_needs_keys(tmp_path):
    async def play(house):
        raise AssertionError("must not start")

    with pytest.raises(AttuneError, match=r"bridge.host 0.0.0.0 is reachable from other machines"):
        scene(tmp_path, play, settings=BridgeSettings(host="0.0.0.0", port=0), body="")


def test_with_curve_only_those_with_a_key_come_in_and_raw_sound_may_leave(tmp_path):
    keys = tmp_path / "keys"
    create_keys(keys)
    secret = create_client_key(keys, "robot")
    house_folder = tmp_path / "house"
    house_folder.mkdir()

    async def play(house):
        stranger = house.client("stranger")
        client = house.client("ros", [m.UserAudio], server_key=str(keys / "server.key"), client_key=str(secret))
        await until(client, lambda _: client.joined)
        house.bus.publish(m.UserAudio(pcm=bytes(512)))
        await until(client, lambda heard: of(m.UserAudio, heard))
        stranger.poll()
        assert not stranger.joined
        stranger.close()
        client.close()

    scene(house_folder, play, settings=BridgeSettings(port=0, curve_keys=str(keys)), body="")


def test_a_port_in_use_and_a_bad_endpoint_or_name_are_clear_errors(tmp_path):
    held = zmq.Context()
    socket = held.socket(zmq.PUB)
    port = socket.bind_to_random_port("tcp://127.0.0.1")

    async def play(house):
        raise AssertionError("must not start")

    try:
        with pytest.raises(AttuneError, match=rf"bridge: port {port} on 127.0.0.1 is in use. Set bridge.port"):
            scene(tmp_path, play, settings=BridgeSettings(port=port), body="")
    finally:
        socket.close()
        held.term()
    with pytest.raises(AttuneError, match="looks like tcp://"):
        BridgeClient("nowhere", "ros")
    with pytest.raises(AttuneError, match="name 'a b'"):
        BridgeClient("tcp://127.0.0.1:1", "a b")


def test_what_passes_in_and_out_is_part_of_the_wire_and_keeps_privacy():
    known = set(codec.MESSAGE_TYPES.values())
    assert known >= INBOUND | OUTBOUND | PRIVATE
    assert not OUTBOUND & PRIVATE
    assert not INBOUND & {m.SessionControl, m.Heartbeat, m.MotionFrame, m.JointCommand, m.BodyStatus, m.JointGoalAnswer}


@pytest.mark.parametrize("killed", ["bridge", "body"])
def test_after_kill_9_of_a_room_what_ran_is_aborted_and_the_program_learns_so(monkeypatch, killed):
    monkeypatch.syspath_prepend(str(ROOMS))
    port = free_port("127.0.0.1", 0)
    profile = Profile(bus=BusSettings(intentions_port=0, streams_port=0), bridge=BridgeSettings(port=port))
    rooms = [
        RoomSpec("behavioral", "ticking_room", essential=True),
        RoomSpec("body", "goal_room"),
        RoomSpec("bridge", "runtime.bridge"),
    ]
    house = Supervisor(profile, rooms)

    async def main():
        task = asyncio.create_task(house.run())
        client = None
        try:
            while house._started_ns < 0:
                assert not task.done()
                await asyncio.sleep(0.02)
            client = BridgeClient(f"tcp://127.0.0.1:{port}", "ros", [m.JointGoalAnswer, m.JointCommand])
            await until(client, lambda _: client.joined, 15)
            client.send(goal("g1", ms=(30_000.0,)))
            await until(client, lambda heard: of(m.JointGoalAnswer, heard))
            os.kill(house.pids()[killed], signal.SIGKILL)
            if killed == "bridge":
                heard = await until(client, lambda heard: of(p.Welcome, heard), 20)
                assert of(p.Welcome, heard)[0].goals == {"g1": "aborted"}
            else:
                assert (await ended(client, timeout_s=20)).state == "aborted"
            await until(client, lambda heard: any(command.state == "rests" for command in of(m.JointCommand, heard)))
        finally:
            if client is not None:
                client.close()
            house.request_stop("enough")
            await asyncio.wait({task})
        return task.result()

    assert asyncio.run(main()).rooms[killed].restarts == 1
