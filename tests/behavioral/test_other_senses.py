"""Speech that was recognised elsewhere is heard as the agent's own ears would report it; people seen elsewhere are seen."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

from behavioral.other_senses import RecognisedHearing, other_senses
from behavioral.sources.recognised import RecognisedSource
from runtime.messages import AgentSpeech, PersonPercept, RecognisedSpeech, Turn, TurnDecision
from tests.behavioral.scene import Scene, agent_turns, only, play

HANGOVER_NS = 160_000_000


class Elsewhere:
    """Somebody else's recogniser on the bus of a scene, and the tasks that listen to it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        hearing = RecognisedHearing(scene.clock, scene.conversation, HANGOVER_NS)
        stream = scene.bus.subscribe(RecognisedSpeech)
        self.tasks = [asyncio.ensure_future(hearing.listen(stream)), asyncio.ensure_future(hearing.voice())]

    async def say(self, text: str, word_s: float = 0.4, *, ended: bool = True) -> None:
        said: list[str] = []
        self.tell("started")
        for word in text.split():
            await asyncio.sleep(word_s)
            said.append(word)
            self.tell("words", " ".join(said))
        if ended:
            self.tell("ended", text)

    def tell(self, state: str, text: str = "") -> None:
        self.scene.bus.publish(
            RecognisedSpeech(state=state, text=text, t_ns=self.scene.clock.now_ns())  # type: ignore[arg-type] # a literal
        )

    def close(self) -> None:
        for task in self.tasks:
            task.cancel()


def spoken(*lines: tuple[float, str], wait_s: float = 6.0, ended: bool = True):
    async def script(scene: Scene) -> None:
        elsewhere = Elsewhere(scene)
        for pause_s, text in lines:
            await asyncio.sleep(pause_s)
            await elsewhere.say(text, ended=ended)
        await asyncio.sleep(wait_s)
        elsewhere.close()

    return play(script)


def test_a_recognised_question_is_a_turn_and_is_answered() -> None:
    messages = spoken((0.5, "what is your name"))
    (turn,) = [t for t in only(Turn, messages) if t.speaker == "user" and t.state == "ended"]
    assert turn.text == "what is your name"
    assert len(agent_turns(messages)) == 1


def test_the_turn_ends_by_the_rules_of_turn_taking_not_with_the_message() -> None:
    messages = spoken((0.5, "what is your name"))
    (turn,) = [t for t in only(Turn, messages) if t.speaker == "user" and t.state == "ended"]
    assert turn.t_ns - turn.end_ns >= 200_000_000
    assert any(d.decision == "end_of_turn" for d in only(TurnDecision, messages))


def test_speech_over_the_agents_voice_stops_it() -> None:
    messages = spoken((0.5, "what can you do"), (1.6, "no wait stop I have another question"), wait_s=8.0)
    assert any(d.decision == "stop" for d in only(TurnDecision, messages))
    assert any(s.state == "interrupted" for s in only(AgentSpeech, messages))


def test_an_end_without_a_beginning_is_no_turn() -> None:
    async def script(scene: Scene) -> None:
        elsewhere = Elsewhere(scene)
        elsewhere.tell("ended", "hello")
        await asyncio.sleep(3.0)
        elsewhere.close()

    assert only(Turn, play(script)) == []


def test_words_without_a_beginning_open_the_speech() -> None:
    async def script(scene: Scene) -> None:
        elsewhere = Elsewhere(scene)
        elsewhere.tell("words", "what is")
        await asyncio.sleep(0.5)
        elsewhere.tell("ended", "what is your name")
        await asyncio.sleep(5.0)
        elsewhere.close()

    turns = [t for t in only(Turn, play(script)) if t.speaker == "user" and t.state == "ended"]
    assert [turn.text for turn in turns] == ["what is your name"]


def test_speech_whose_end_is_lost_does_not_hold_the_floor_for_ever() -> None:
    messages = spoken((0.5, "hello there"), wait_s=70.0, ended=False)
    assert [t.state for t in only(Turn, messages) if t.speaker == "user"] == ["started", "ended"]


def test_people_whom_others_see_are_seen_only_where_the_launch_says_so() -> None:
    async def script(scene: Scene) -> None:
        for options, count in (({}, 0), ({"senses": "bus"}, 1)):
            context = SimpleNamespace(options=options, bus=scene.bus, room="elsewhere", clock=scene.clock, profile=None)
            tasks = [
                asyncio.ensure_future(task)
                for _, task in other_senses(context, object(), scene.conversation, scene.people)  # type: ignore[arg-type] # no source
            ]
            scene.bus.publish(PersonPercept(state="arrived", person_id="anna", bearing_rad=(0.3, 0.0)))
            await asyncio.sleep(0.1)
            assert scene.people.count == count
            for task in tasks:
                task.cancel()

    play(script)


def test_the_source_of_such_a_session_yields_nothing_and_has_no_end() -> None:
    async def script(scene: Scene) -> None:
        source = RecognisedSource()
        await source.open()
        waiting = asyncio.ensure_future(anext(source.blocks(0)))  # type: ignore[arg-type] # an async generator
        await asyncio.sleep(5.0)
        assert source.endless and not waiting.done()
        waiting.cancel()
        await source.aclose()

    play(script)
