"""Nods of people while the agent speaks: silent backchannels that stop nothing."""

from __future__ import annotations

from runtime.messages import PersonAct
from tests.behavioral.company import ANNA, BOB, Company, company, decisions, people_turns
from tests.behavioral.scene import Scene, agent_turns, play


def _nods(scene: Scene, who: str, state: str, count: int = 1, act: str = "nod") -> None:
    scene.people.take_act(
        PersonAct(
            state=state,  # type: ignore[arg-type]
            act=act,  # type: ignore[arg-type]
            person_id=who,
            count=count,
            amplitude_rad=0.1,
            duration_ms=600.0,
            confidence=0.9,
        ),
        scene.clock.now_ns(),
    )


def test_a_nod_while_the_agent_speaks_is_a_silent_backchannel_and_stops_nothing() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "what can you do", 1.2, "agent")
        await scene.wait(1.6)
        _nods(scene, BOB, "started")
        await scene.wait(0.4)
        _nods(scene, BOB, "ended", count=2)
        await scene.wait(8.0)
        _nods(scene, BOB, "started")
        _nods(scene, BOB, "ended")  # the agent is silent: this one answers nothing
        await scene.wait(2.0)

    messages = company(script)
    (answer,) = agent_turns(messages)
    assert not answer.interrupted
    (nod,) = decisions(messages, "backchannel", "duck", "stop")
    assert (nod.decision, nod.person_id) == ("backchannel", BOB)
    assert nod.turn_id, "the response that it answers"
    assert nod.evidence == {
        "nod": 1.0,
        "cycles": 2.0,
        "amplitude_rad": 0.1,
        "nod_ms": 600.0,
        "confidence": 0.9,
    }
    assert len(people_turns(messages)) == 1, "a nod is no turn"


def test_a_nod_of_the_only_person_counts_as_well_and_a_shake_does_not() -> None:
    async def script(scene: Scene) -> None:
        assert isinstance(scene, Company)
        scene.shows(ANNA, "agent")
        await scene.hear("what can you do", 1.2)
        await scene.wait(1.4)
        _nods(scene, ANNA, "started", act="shake")
        _nods(scene, ANNA, "ended", act="shake")
        await scene.wait(0.5)
        _nods(scene, ANNA, "started")
        await scene.wait(0.4)
        _nods(scene, ANNA, "ended")
        await scene.wait(8.0)

    messages = play(script, of=Company)
    assert [m.person_id for m in decisions(messages, "backchannel", "stop")] == [ANNA]


def test_a_nod_that_goes_on_into_the_agents_words_answers_them() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "what can you do", 1.2, "agent")
        _nods(scene, BOB, "started")
        await scene.wait(1.6)
        _nods(scene, BOB, "ended", count=3)
        await scene.wait(8.0)

    (nod,) = decisions(company(script), "backchannel")
    assert nod.evidence["cycles"] == 3.0 and nod.turn_id
