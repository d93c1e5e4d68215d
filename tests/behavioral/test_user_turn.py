"""The person's turn: decided at its very moment, with its evidence, and an answer that is prepared and dropped in time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from behavioral.hearing.events import FinalText
from behavioral.people import People
from behavioral.turns.floor import TurnEnded
from behavioral.user_turn import UserTurn
from runtime.clock import NS_PER_MS, VirtualClock, run_virtual
from runtime.ids import IdSource
from runtime.messages import Turn, TurnDecision
from runtime.settings import TurnSettings
from runtime.telemetry import Telemetry
from runtime.transport.inprocess import InProcessHub

SETTINGS = TurnSettings()


@dataclass
class Draft:
    text: str
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Replies:
    drafts: list[Draft] = field(default_factory=list)

    def prepare(self, text: str) -> Draft:
        self.drafts.append(Draft(text))
        return self.drafts[-1]

    def warm(self) -> None:
        """Nothing to connect."""


class Scene:
    def __init__(self) -> None:
        self.clock = VirtualClock(asyncio.get_running_loop())  # type: ignore[arg-type]
        bus = InProcessHub().bus("behavioral")
        self.told = bus.subscribe(Turn, TurnDecision)
        self.replies = Replies()
        self.ended: list[tuple[TurnEnded, Any, float]] = []
        self.failures: list[Exception] = []
        self.turn = UserTurn(
            SETTINGS,
            self.clock,
            bus,
            IdSource("behavioral", 0),
            Telemetry(bus, self.clock),
            people=People(),
            replies=self.replies,  # type: ignore[arg-type] # drafts without an author
            whole=lambda text: "closed" if text == "who are you" else "",
            wanted_text=lambda text: f"before {text}",
            ended=lambda ended, draft, now_ns: self.ended.append((ended, draft, now_ns / NS_PER_MS)),
            failed=self.failures.append,
        )

    async def at(self, ms: float) -> None:
        await self.clock.sleep_until_ns(round(ms * NS_PER_MS))

    def say(self, text: str, from_ms: float, to_ms: float) -> None:
        """The last words of a stretch of speech are known."""
        self.turn.final(FinalText(text, 0.9, 60.0, round(from_ms * NS_PER_MS), round(to_ms * NS_PER_MS)))

    def silent(self, ms: float) -> None:
        self.turn.speech_ended(round(ms * NS_PER_MS), None)

    def decisions(self) -> list[tuple[str, float]]:
        return [(m.decision, m.t_ns / NS_PER_MS) for m in self.told.flush() if isinstance(m, TurnDecision)]


def play(script: Callable[[Scene], Awaitable[None]]) -> Scene:
    async def main() -> Scene:
        scene = Scene()
        await script(scene)
        scene.turn.close()
        assert not scene.failures
        return scene

    return run_virtual(main())  # type: ignore[no-any-return] # run_virtual is untyped in its result


def test_a_turn_ends_at_the_very_moment_that_its_evidence_asks_for() -> None:
    async def script(scene: Scene) -> None:
        scene.turn.speech_started(0)
        await scene.at(1_160)
        scene.silent(1_000)
        await scene.at(1_190)
        scene.say("who are you", 0, 1_000)
        await scene.at(3_000)

    scene = play(script)
    ((ended, _draft, at_ms),) = scene.ended
    assert at_ms == 1_000 + SETTINGS.complete_silence_ms
    assert ended.text == "who are you" and ended.due_ns == round(at_ms * NS_PER_MS)
    assert scene.decisions() == [("hold", 1_190), ("end_of_turn", at_ms)]


def test_a_likely_end_has_its_answer_prepared_and_hands_it_over() -> None:
    async def script(scene: Scene) -> None:
        scene.turn.speech_started(0)
        await scene.at(1_200)
        scene.silent(1_000)
        scene.say("who are you", 0, 1_000)
        assert [draft.text for draft in scene.replies.drafts] == ["before who are you"]
        await scene.at(3_000)

    scene = play(script)
    assert scene.ended[0][1] is scene.replies.drafts[0] and not scene.replies.drafts[0].cancelled


def test_it_is_dropped_when_the_person_goes_on_and_prepared_anew_for_all_of_it() -> None:
    async def script(scene: Scene) -> None:
        scene.turn.speech_started(0)
        await scene.at(1_200)
        scene.silent(1_000)
        scene.say("who are you", 0, 1_000)
        await scene.at(1_230)
        scene.turn.speech_started(round(1_230 * NS_PER_MS))
        assert scene.replies.drafts[0].cancelled
        await scene.at(2_200)
        assert not scene.ended
        scene.silent(2_000)
        scene.say("yes", 1_230, 2_000)
        await scene.at(4_000)

    scene = play(script)
    assert [ended.text for ended, _, _ in scene.ended] == ["who are you yes"]
    assert scene.ended[0][1] is scene.replies.drafts[-1]


def test_an_unlikely_end_is_held_and_nothing_is_prepared() -> None:
    async def script(scene: Scene) -> None:
        scene.turn.speech_started(0)
        await scene.at(1_200)
        scene.silent(1_000)
        scene.say("I went to the", 0, 1_000)
        await scene.at(4_000)

    scene = play(script)
    assert scene.replies.drafts == []
    assert scene.ended[0][2] == 1_000 + SETTINGS.max_silence_ms


def test_late_words_are_waited_for_and_no_delay_of_ours() -> None:
    async def script(scene: Scene) -> None:
        scene.turn.speech_started(0)
        await scene.at(1_160)
        scene.silent(1_000)
        await scene.at(1_400)
        scene.say("who are you", 0, 1_000)
        await scene.at(4_000)

    ((ended, _draft, at_ms),) = play(script).ended
    assert at_ms == 1_400 and ended.due_ns == 1_400 * NS_PER_MS


@pytest.mark.parametrize("probability,sooner", [(0.97, True), (0.03, False)])
def test_the_audio_models_opinion_moves_the_end(probability: float, sooner: bool) -> None:
    def ended_ms(heard: float | None) -> float:
        async def script(scene: Scene) -> None:
            scene.turn.speech_started(0)
            await scene.at(1_160)
            if heard is not None:
                scene.turn.sound_judged(1_000 * NS_PER_MS, None)
            scene.silent(1_000)
            scene.say("we went home yesterday", 0, 1_000)
            await scene.at(1_200)
            if heard is not None:
                scene.turn.sound_judged(1_000 * NS_PER_MS, heard)
            await scene.at(5_000)

        return play(script).ended[0][2]

    assert (ended_ms(probability) < ended_ms(None)) is sooner


def test_a_model_that_never_answers_is_not_waited_for_long() -> None:
    async def script(scene: Scene) -> None:
        scene.turn.speech_started(0)
        await scene.at(1_160)
        scene.turn.sound_judged(1_000 * NS_PER_MS, None)
        scene.silent(1_000)
        scene.say("who are you", 0, 1_000)
        await scene.at(5_000)

    assert play(script).ended[0][2] == 1_000 + SETTINGS.sound_wait_ms


def test_typing_ends_a_turn_at_once() -> None:
    async def script(scene: Scene) -> None:
        await scene.at(500)
        scene.turn.typed("hello", 500 * NS_PER_MS)

    scene = play(script)
    assert scene.ended[0][0].text == "hello" and scene.decisions() == [("end_of_turn", 500)]
