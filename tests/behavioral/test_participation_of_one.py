"""Where it cannot matter who is addressed all is as with one person: one in view, no camera, no landmarks, typed words."""

from __future__ import annotations

from runtime.clock import NS_PER_MS
from runtime.messages import AnyMessage, Turn, TurnDecision, TypedText
from tests.behavioral.company import ANNA, BOB, Company, company, people_turns, side
from tests.behavioral.scene import Scene, agent_turns, play


def test_typing_is_for_the_agent_whoever_talks() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "we could eat at the place by the river", 2.5)
        await scene.wait(2.0)
        scene.conversation.typed(TypedText(text="who are you"))
        await scene.wait(5.0)

    messages = company(script)
    (answer,) = agent_turns(messages)
    assert "Ada" in answer.text
    assert side(messages) == ["stay_out"]
    assert people_turns(messages)[1].addressed is None


def test_an_engine_without_landmarks_leaves_everything_as_with_one_person() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "what is your name", 1.5)
        await scene.wait(5.0)

    messages = company(script, mouths=False)
    (answer,) = agent_turns(messages)
    turn = people_turns(messages)[0]
    assert (answer.start_ns - turn.end_ns) / NS_PER_MS < 450
    assert side(messages) == ["answer"] and turn.person_id == ""


def test_without_a_camera_and_with_one_person_in_view_all_is_as_before() -> None:
    async def alone(scene: Scene) -> None:
        await scene.hear("so bob where did we eat", 2.0)
        await scene.wait(5.0)
        await scene.hear("what can you do", 1.0)
        await scene.wait(1.6)
        await scene.hear("who are you", 1.0)
        await scene.wait(8.0)

    async def with_anna(scene: Scene) -> None:
        assert isinstance(scene, Company)
        scene.shows(ANNA, "away", 0.9)
        await alone(scene)

    def kept(messages: list[AnyMessage]) -> list[tuple[object, ...]]:
        told = [m for m in messages if isinstance(m, Turn | TurnDecision)]
        return [
            (m.t_ns, m.decision, m.person_id) if isinstance(m, TurnDecision) else (m.t_ns, m.state, m.text, m.addressed)
            for m in told
        ]

    unseen, seen = play(alone), play(with_anna, of=Company)
    assert side(unseen) == side(seen) == []
    assert len(agent_turns(unseen)) == len(agent_turns(seen)) == 3
    assert all(turn.addressed is None for turn in (*people_turns(unseen), *people_turns(seen)))
    assert [turn.person_id for turn in people_turns(unseen)] == [""] * 3
    assert people_turns(seen)[0].person_id == ANNA, "whose mouth moved with the voice"
    assert [row[1:3] for row in kept(unseen)] == [row[1:3] for row in kept(seen)]


def test_who_is_left_alone_with_the_agent_talks_to_it() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "we could eat at the place by the river", 2.5)
        await scene.wait(2.0)
        scene.leaves(BOB)
        scene.shows(ANNA, "away", 0.9)
        await scene.hear("what is your name", 1.5)
        await scene.wait(5.0)

    messages = company(script)
    assert side(messages) == ["stay_out"]
    assert len(agent_turns(messages)) == 1
