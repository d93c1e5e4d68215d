"""Goals of the bridge's programs when the body is gone, or does not know them; goals whose program is gone are in test_bridge.py."""

import pytest

from runtime import bridge_protocol as p
from runtime import messages as m
from tests.runtime.bridge_house import until
from tests.runtime.rooms import goal_room
from tests.runtime.test_bridge import ended, goal, of, scene

pytestmark = pytest.mark.timeout(60)


def test_who_cancels_a_goal_that_does_not_run_learns_which_each_time(tmp_path):
    async def play(house):
        client = house.client()
        await until(client, lambda _: client.joined)
        for name in ("g1", "g2"):
            client.send(m.JointGoalCancel(goal_id=name))
        heard = await until(client, lambda heard: len(of(p.Refusal, heard)) == 2)
        assert [refusal.id for refusal in of(p.Refusal, heard)] == ["g1", "g2"]
        client.close()

    scene(tmp_path, play)


async def accepted(house):
    """Let a program's goal be accepted; return the program."""
    client = house.client(wants=[m.JointGoalAnswer, m.JointCommand])
    await until(client, lambda heard: client.joined and of(m.JointCommand, heard))
    client.send(goal("g1", ms=(60_000.0,)))
    await until(client, lambda heard: of(m.JointGoalAnswer, heard))
    return client


def test_a_goal_ends_as_aborted_when_the_body_is_gone_and_others_are_refused_until_it_is_back(tmp_path):
    async def play(house):
        client = await accepted(house)
        await house.stop("body")
        answer = await ended(client)
        assert (answer.state, answer.reason[:30]) == ("aborted", "nothing was heard of the body ")
        client.send(goal("g2"))
        heard = await until(client, lambda heard: of(p.Refusal, heard))
        assert of(p.Refusal, heard)[0].id == "g2"
        assert "the body is not there" in of(p.Refusal, heard)[0].reason
        await house.start("body", goal_room.serve)
        await until(client, lambda heard: of(m.JointCommand, heard))
        client.send(goal("g3", ms=(50.0,)))
        heard = await until(client, lambda heard: len(of(m.JointGoalAnswer, heard)) == 2)
        assert [answer.state for answer in of(m.JointGoalAnswer, heard)] == ["accepted", "succeeded"]
        client.close()

    scene(tmp_path, play)


def test_goals_of_an_earlier_life_of_the_body_end_as_aborted_and_do_not_use_up_the_goals_that_may_run(tmp_path):
    async def play(house):
        for _ in range(9):
            client = await accepted(house)
            await house.stop("body")
            await house.start("body", goal_room.serve)
            answer = await ended(client)
            assert (answer.state, answer.reason) == ("aborted", "the body's process was restarted")
            client.close()

    scene(tmp_path, play)
