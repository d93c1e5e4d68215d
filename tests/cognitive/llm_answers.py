"""What the scripted language model is made to answer, and the scene in which its answer matters."""

from __future__ import annotations

from tests.cognitive.llm_scene import Scene

SAD = "my dog is ill and I do not know what to do about it"
"""No feeling word of the embedded lists: without a model the agent stays quiet."""
WORDS = "I am sorry about your dog. Do you want to talk about it?"


def judged(act="comfort", words=WORDS, evidence=(1,), kind="emotional_need", probability=0.95):
    return {
        "triggers": [{"type": kind, "probability": probability, "reason": "because"}],
        "act": None if act is None else {"type": kind, "act": act, "words": words, "evidence": list(evidence)},
    }


def greeted_then_sad(scene: Scene):
    """The person has been greeted and has told something sad without a feeling word; seconds pass."""

    async def play() -> None:
        await scene.step(scene.here("arrived"))
        for _ in range(3):
            await scene.step(scene.here())
        for _ in range(24):  # the greeting's plan runs out unanswered
            await scene.step(scene.here())
        await scene.step(scene.here(), *scene.says(SAD))

    return play()
