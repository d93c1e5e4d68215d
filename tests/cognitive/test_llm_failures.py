"""A language model's server that fails in every way: the embedded reasoner acts in the same cycle, and requests stay few."""

from __future__ import annotations

import asyncio

import pytest

from cognitive.acts import ACTS
from tests.cognitive.llm_answers import judged
from tests.cognitive.llm_scene import GREETED_IN_CYCLE, Scene
from tests.openai_process import openai_server

BAD = {
    "slow": "",
    "hanging": "slow",
    "stalling": "slow",
    "dripping": "slow",
    "rate_limited": "wants fewer requests",
    "failing": "fails (500)",
    "failing_inside": "unusable",
    "unauthorised": "refuses the request (401)",
    "no_such_model": "refuses the request (404)",
    "truncated": "nonsense",
    "cut_off": "unreachable",
    "malformed": "nonsense",
    "prose": "nonsense",
    "not_http_json": "nonsense",
    "oversized": "unusable",
    "oversized_whole": "unusable",
    "bomb": "unusable",
    "violating": "nonsense",
    "wrong_evidence": "nonsense",
    "trigram": "nonsense",
}


@pytest.mark.parametrize(("mood", "trouble"), BAD.items())
def test_the_fallback_acts_in_the_same_cycle_whatever_the_server_does(server, mood, trouble):
    server.say(**judged())

    async def main() -> Scene:
        scene = Scene(server.base_url, mood)
        first = await scene.greeting()
        assert [i.trigger for i in first.intentions] == ["social_protocol"] * 4, "greeted in the cycle of the rules"
        if trouble:
            await scene.settle(lambda scene: trouble in scene.reasoner.trouble, pause_s=0.05)
            assert "the embedded reasoner acts" in scene.reasoner.trouble
        for _ in range(3):
            await scene.step(scene.here())
        await scene.aclose()
        return scene

    scene = asyncio.run(main())
    assert set(scene.words()) <= scene.persona_words(), "nothing of a broken answer is said"
    assert all(i.label in {step.label for act in ACTS.values() for step in act.steps} for i in scene.intentions())
    assert scene.reasoner.counters["llm_failures"] >= bool(trouble)


def test_a_server_that_is_not_there_and_one_that_dies_in_the_middle():
    with openai_server() as mortal:
        mortal.say(**judged())

        async def main() -> None:
            scene = Scene(mortal.base_url, "killed")
            first = await scene.greeting()
            assert first.intentions
            await scene.settle(lambda scene: "unreachable" in scene.reasoner.trouble)
            failures = scene.reasoner.counters["llm_failures"]
            await scene.settle(lambda scene: scene.reasoner.counters["llm_failures"] > failures)  # connection refused
            assert set(scene.words()) <= scene.persona_words()
            await scene.aclose()

        asyncio.run(main())
        assert mortal.process.wait(timeout=10) == -9


def test_a_server_that_comes_back_is_used_again():
    async def main(port: int, scene: Scene) -> None:
        await scene.step(scene.here("arrived"))
        await scene.settle(lambda scene: "unreachable" in scene.reasoner.trouble)
        with openai_server(port=port) as back:
            back.say(**judged(act=None, probability=0.1))
            await scene.settle(lambda scene: scene.reasoner.counters["llm_answers"] > 0)
            assert scene.reasoner.trouble == ""
        await scene.aclose()

    with openai_server() as first:
        port, url = first.port, first.base_url
    asyncio.run(main(port, Scene(url, "good")))


def test_a_rate_limit_is_kept_without_sleeping(server):
    async def main() -> None:
        scene = Scene(server.base_url, "rate_limited", ask_every_s=0.5)
        await scene.step(scene.here("arrived"))
        await scene.settle(lambda scene: "fewer requests" in scene.reasoner.trouble)
        asked, t_ns = scene.reasoner.counters["llm_asked"], scene.clock.t_ns
        while scene.clock.t_ns - t_ns < 19e9:  # the server said 20 s
            await scene.step(scene.here())
        assert scene.reasoner.counters["llm_asked"] == asked
        await scene.settle(lambda scene: scene.reasoner.counters["llm_asked"] == asked + 1)
        await scene.aclose()

    asyncio.run(main())


def test_at_most_one_request_is_under_way_and_failures_space_them_out(server):
    before = len(server.seen())

    async def main() -> float:
        scene = Scene(server.base_url, "failing", ask_every_s=0.5)
        await scene.step(scene.here("arrived"))
        for _ in range(120):  # a minute of session time
            await scene.step(scene.here())
            await asyncio.sleep(0.005)
            assert scene.reasoner.counters["llm_in_flight"] in (0.0, 1.0)
        await scene.aclose()
        return scene.reasoner.counters["llm_asked"]

    asked = asyncio.run(main())
    assert 3 <= asked <= 8, "1, 2, 4, 8, 16 and 32 s between them"
    assert len(server.seen()) - before == asked


def test_a_fault_of_our_own_on_top_leaves_the_embedded_assessment(server):
    """An outgoing filter that raises, as a session's own may."""

    class Broken:
        def check(self, intention, situation):
            raise ZeroDivisionError

    async def main() -> Scene:
        server.say(**judged(act=None))
        scene = Scene(server.base_url, "good", wait_ms=500.0, outgoing=Broken(), ask_every_s=0.5)
        await scene.greeting(until=GREETED_IN_CYCLE - 1)
        server.say(**judged(act="greet", kind="social_protocol"))
        await scene.step(scene.here())
        await scene.aclose()
        return scene

    scene = asyncio.run(main())
    assert scene.words() and set(scene.words()) <= scene.persona_words()
    assert "could not be used" in scene.reasoner.trouble
