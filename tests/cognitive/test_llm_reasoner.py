"""The reasoner with a language model against a real server process: when it is asked, and when its answer counts."""

from __future__ import annotations

import asyncio

import pytest

from cognitive.acts import ACTS
from runtime import messages as m
from runtime.errors import AttuneError
from runtime.settings import CognitiveSettings
from tests.cognitive.llm_answers import WORDS, greeted_then_sad, judged
from tests.cognitive.llm_scene import GREETED_IN_CYCLE, Scene


def test_a_good_model_moves_the_agent_where_the_rules_see_nothing(server):
    server.say(**judged())

    async def main() -> Scene:
        scene = Scene(server.base_url, "good", wait_ms=200.0)
        await greeted_then_sad(scene)
        await scene.settle(lambda scene: WORDS in scene.words())
        await scene.aclose()
        return scene

    scene = asyncio.run(main())
    said = next(i for i in scene.intentions() if i.content == WORDS)
    assert said.trigger == "emotional_need" and said.priority == ACTS["comfort"].priority
    assert [item.kind for item in said.evidence] == ["arrival"]
    assert scene.reasoner.trouble == ""


def test_without_the_model_the_agent_stays_quiet_there(server):
    server.say(**judged(act=None, probability=0.0))

    async def main() -> Scene:
        scene = Scene(server.base_url, "good", wait_ms=200.0)
        await greeted_then_sad(scene)
        for _ in range(12):
            await scene.step(scene.here())
        await scene.aclose()
        return scene

    scene = asyncio.run(main())
    assert not [i for i in scene.intentions() if i.trigger == "emotional_need"]


def test_a_late_answer_serves_a_later_cycle_if_the_situation_is_the_same(server):
    server.say(**judged())

    async def main() -> None:
        scene = Scene(server.base_url, "slow", wait_ms=0.0, ask_every_s=60.0)
        await greeted_then_sad(scene)
        await scene.settle(lambda scene: scene.reasoner.counters["llm_answers"] >= 1, steps=400)
        await scene.settle(lambda scene: WORDS in scene.words())
        await scene.aclose()

    asyncio.run(main())


def test_a_late_answer_to_another_situation_is_dropped_and_counted(server):
    server.say(**judged())

    async def main() -> None:
        scene = Scene(server.base_url, "slow", wait_ms=0.0)
        await scene.step(scene.here("arrived"))
        await scene.step(scene.here())
        assert scene.reasoner.counters["llm_in_flight"] == 1.0
        await scene.step(scene.here(), *scene.says("oh, one more thing"))  # the situation is another now
        await asyncio.sleep(0.6)
        await scene.step(scene.here())
        assert scene.reasoner.counters["llm_late_dropped"] == 1 and scene.reasoner.counters["llm_answers"] == 0
        await scene.aclose()

    asyncio.run(main())


def test_nobody_there_and_somebody_speaking_costs_no_request(server):
    before = len(server.seen())

    async def main() -> None:
        scene = Scene(server.base_url, "good")
        for _ in range(5):
            await scene.step()
        await scene.step(m.UserSpeech(t_ns=scene.clock.t_ns, state="started"), scene.here("arrived"))
        for _ in range(5):
            await scene.step(scene.here())
        await scene.aclose()

    asyncio.run(main())
    assert len(server.seen()) == before


def test_a_model_may_word_a_greeting_and_never_withhold_one(server):
    hello = "Hello! How lovely that you have come."

    async def main() -> Scene:
        server.say(**judged(act=None))
        scene = Scene(server.base_url, "good", wait_ms=2_000.0, ask_every_s=0.5)
        await scene.greeting(until=GREETED_IN_CYCLE - 1)
        server.say(**judged(act="greet", words=hello, kind="social_protocol", probability=0.0))
        await scene.step(scene.here())
        await scene.aclose()
        return scene

    assert asyncio.run(main()).words() == [hello]


def test_pictures_are_sent_only_where_the_profile_says_so(server):
    jpeg = b"\xff\xd8\xff\xe0 pixels"
    server.say(**judged(act=None))

    async def main(images: bool) -> bool:
        scene = Scene(server.base_url, "good", wait_ms=500.0, images=images, frame=lambda: jpeg)
        await scene.step(scene.here("arrived"))
        await scene.aclose()
        return isinstance(server.seen()[-1]["body"]["messages"][1]["content"], list)

    assert asyncio.run(main(True)) and not asyncio.run(main(False))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (CognitiveSettings(reasoner="llm"), "cognitive.llm.base_url"),
        (CognitiveSettings(strategy="metamind"), "'metamind' needs a language model"),
    ],
)
def test_what_the_user_must_mend_is_said_at_the_start(play, settings, words):
    with pytest.raises(AttuneError, match=words):
        play([], 1.0, settings=settings)
