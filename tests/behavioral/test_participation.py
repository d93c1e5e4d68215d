"""Two people before the agent: it answers who talks to it, stays out of what they say to each other, and follows who is who."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable

from behavioral.vision.contract import Face, Picture
from behavioral.vision.tracks import Tracks
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.ids import IdSource
from runtime.messages import (
    AnyMessage,
    BodyAct,
    GazeTarget,
    MotionFrame,
    PersonAct,
    PersonPercept,
    Turn,
    TurnDecision,
    TypedText,
)
from runtime.settings import Profile, TurnSettings, VisionSettings
from tests.behavioral.scene import Scene, agent_turns, play

ANNA, BOB = "anna", "bob"
BOXES = {ANNA: (0.1, 0.3, 0.2, 0.3), BOB: (0.6, 0.3, 0.2, 0.3)}
BEARINGS = {ANNA: (0.3, 0.0), BOB: (-0.3, 0.0)}
OTHER = {ANNA: BOB, BOB: ANNA}
Script = Callable[["Company"], Awaitable[None]]


class Company(Scene):
    """A scene with Anna and Bob in view, as vision with landmarks tells of them."""

    mouths = True

    def shows(self, who: str, looks: GazeTarget | None = "other", mouth: float = 0.0) -> None:
        """Vision's newest of a person; gaze and mouth are unknown where `mouths` is off."""
        known = looks if self.mouths else None
        self.people.take(
            PersonPercept(
                state="present",
                person_id=who,
                box=BOXES[who],
                bearing_rad=BEARINGS[who],
                gaze_target=known,
                gaze_name=OTHER[who] if known == "other" else "",
                gaze_confidence=0.9,
                mouth_moving=mouth if self.mouths else None,
            )
        )

    def leaves(self, who: str) -> None:
        self.people.take(PersonPercept(state="left", person_id=who))

    async def says(
        self,
        who: str,
        text: str,
        seconds: float,
        looks: GazeTarget | None = "other",
        then: GazeTarget | None = None,
        turns_at: float = 0.5,
    ) -> None:
        """A person says a text looking there, and from the share `turns_at` of it on at `then`; others look at the speaker."""
        self.shows(who, looks, 0.9)
        self.shows(OTHER[who], "other", 0.0)
        speaking = asyncio.ensure_future(self.hear(text, seconds))
        if then is not None:
            await asyncio.sleep(seconds * turns_at)
            self.shows(who, then, 0.9)
        await speaking
        self.shows(who, then or looks, 0.0)


def company(script: Script, profile: Profile | None = None, *, mouths: bool = True) -> list[AnyMessage]:
    """Play a script with both in view and return what was said on the bus."""

    async def run(scene: Scene) -> None:
        assert isinstance(scene, Company)
        scene.mouths = mouths
        scene.shows(ANNA)
        scene.shows(BOB)
        await script(scene)

    return play(run, profile=profile, of=Company)


def decisions(messages: list[AnyMessage], *names: str) -> list[TurnDecision]:
    return [m for m in messages if isinstance(m, TurnDecision) and m.decision in names]


def side(messages: list[AnyMessage]) -> list[str]:
    """What was decided about other people's turns."""
    return [m.decision for m in decisions(messages, "answer", "wait", "stay_out")]


def people_turns(messages: list[AnyMessage]) -> list[Turn]:
    return [m for m in messages if isinstance(m, Turn) and m.speaker == "user" and m.state == "ended"]


def continuers(messages: list[AnyMessage]) -> list[BodyAct]:
    return [
        m for m in messages if isinstance(m, BodyAct) and (m.act == "continuer" or (m.act.startswith("nod_")))
    ]  # fmt: skip


def yaw_of(messages: list[AnyMessage], from_s: float, to_s: float) -> float:
    """Mean yaw of the eyes in a stretch of time; both eyes move together."""
    yaws = [
        m.eyes_rad[0] for m in messages if isinstance(m, MotionFrame) and from_s * NS_PER_S <= m.t_ns < to_s * NS_PER_S
    ]
    return sum(yaws) / len(yaws)


def test_two_people_who_talk_to_each_other_are_left_to_it() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "we could eat at the place by the river", 2.5)
        await scene.wait(0.8)
        await scene.says(BOB, "that was closed when we came on sunday", 2.5)
        await scene.wait(6.0)
        assert not scene.conversation.user_has_spoken

    messages = company(script)
    assert agent_turns(messages) == []
    assert side(messages) == ["stay_out", "stay_out"]
    assert [(turn.text.split()[0], turn.person_id) for turn in people_turns(messages)] == [("we", ANNA), ("that", BOB)]
    assert all(turn.addressed is not None and turn.addressed < 0.2 for turn in people_turns(messages))
    assert continuers(messages) == []


def test_the_decision_says_on_what_it_rests() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "what is your name", 1.5)
        await scene.wait(4.0)

    (decision,) = decisions(company(script), "answer", "wait", "stay_out")
    assert (decision.decision, decision.person_id) == ("stay_out", ANNA)
    evidence = decision.evidence
    assert evidence["people"] == 2 and evidence["speaker"] > 0.8
    assert evidence["looks_log_odds"] < -1 and evidence["ends_on_log_odds"] < -0.5 and evidence["request_log_odds"] > 0


def test_one_who_turns_to_the_agent_and_asks_is_answered() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "we could eat at the place by the river", 2.5)
        await scene.wait(0.8)
        await scene.says(BOB, "what is your name", 1.5, "other", "agent")
        await scene.wait(5.0)

    messages = company(script)
    (answer,) = agent_turns(messages)
    assert "Ada" in answer.text
    assert side(messages) == ["stay_out", "answer"]
    asked = people_turns(messages)[1]
    assert asked.person_id == BOB and asked.addressed is not None and asked.addressed > 0.8
    assert (answer.start_ns - asked.end_ns) / NS_PER_MS < 450, "as soon as with one person"


def test_who_says_the_agents_name_while_looking_away_is_answered() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "ada what can you do", 2.0, "away")
        await scene.wait(5.0)

    messages = company(script)
    assert len(agent_turns(messages)) == 1
    assert side(messages) == ["answer"]


def test_where_it_is_unsure_another_person_may_take_the_turn_first() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "I wonder where one could eat", 2.0, "away")
        await scene.wait(0.9)
        await scene.says(BOB, "at the place by the river", 1.5, "other")
        await scene.wait(6.0)

    messages = company(script)
    assert agent_turns(messages) == []
    assert side(messages) == ["wait", "stay_out", "stay_out"]
    asked, answered = decisions(messages, "stay_out")
    assert (asked.person_id, asked.evidence["taken"]) == (ANNA, 1.0)
    assert answered.person_id == BOB


def test_and_the_agent_answers_if_nobody_does() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "I wonder where one could eat", 2.0, "away")
        await scene.wait(0.8)
        assert scene.conversation.busy, "the opening and proactive acts wait as well"
        await scene.wait(6.0)

    messages = company(script)
    assert side(messages) == ["wait", "answer"]
    waited, answered = decisions(messages, "wait", "answer")
    assert (answered.t_ns - waited.t_ns) / NS_PER_MS == TurnSettings().others_first_ms
    assert len(agent_turns(messages)) == 1


def test_how_long_it_waits_is_a_setting() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "I wonder where one could eat", 2.0, "away")
        await scene.wait(6.0)

    messages = company(script, Profile(turns=TurnSettings(others_first_ms=3_000.0)))
    waited, answered = decisions(messages, "wait", "answer")
    assert (answered.t_ns - waited.t_ns) / NS_PER_MS == 3_000.0


def test_a_cough_takes_no_turn() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "I wonder where one could eat", 2.0, "away")
        await scene.wait(0.8)
        await scene.says(BOB, "", 0.2)
        await scene.wait(6.0)

    messages = company(script)
    assert side(messages) == ["wait", "answer"]
    assert len(agent_turns(messages)) == 1


def test_who_goes_on_during_the_wait_is_answered_to_all_of_it() -> None:
    async def script(scene: Company) -> None:
        scene.answer_by(_echo)
        await scene.says(ANNA, "I wonder where one could eat", 2.0, "away")
        await scene.wait(0.8)
        await scene.says(ANNA, "near the river", 1.2, "agent")
        await scene.wait(6.0)

    messages = company(script)
    (answer,) = agent_turns(messages)
    assert answer.text == "You said: I wonder where one could eat near the river."
    assert side(messages) == ["wait", "answer"]


def test_an_answer_that_talk_between_people_cut_off_before_it_was_heard_is_still_given() -> None:
    async def slow(text: str) -> AsyncIterator[str]:
        await asyncio.sleep(2.0)
        yield f"You said: {text}."

    async def script(scene: Company) -> None:
        scene.answer_by(slow)
        await scene.says(ANNA, "are you open today", 1.2, "agent")
        await scene.wait(0.6)
        await scene.says(BOB, "did you bring the money with you", 1.5, "other")
        await scene.wait(8.0)

    messages = company(script)
    assert side(messages) == ["answer", "stay_out"]
    (answer,) = agent_turns(messages)
    assert answer.text == "You said: are you open today."


def test_what_people_said_to_each_other_is_remembered_as_such() -> None:
    async def script(scene: Company) -> None:
        await scene.says(ANNA, "we could eat at the place by the river", 2.5)
        await scene.wait(2.0)
        heard = scene.replies._history.turns
        assert [(turn.role, turn.content) for turn in heard] == [
            ("user", "(to somebody else: we could eat at the place by the river)")
        ]

    company(script)


def test_nothing_is_prepared_for_a_turn_between_people() -> None:
    prepared = []

    async def script(scene: Company) -> None:
        prepare = scene.replies.prepare
        scene.replies.prepare = lambda text: (prepared.append(text), prepare(text))[1]  # type: ignore[method-assign,func-returns-value]
        await scene.says(ANNA, "what is your name", 1.5, "other")
        await scene.wait(4.0)
        await scene.says(ANNA, "what can you do", 1.5, "agent")
        await scene.wait(4.0)

    company(script)
    assert prepared == ["what can you do"]


def test_the_agent_looks_at_whoever_speaks() -> None:
    async def script(scene: Company) -> None:
        await scene.wait(1.0)
        await scene.says(ANNA, "we could eat at the place by the river", 4.0)
        await scene.wait(0.8)
        await scene.says(BOB, "that was closed when we came on sunday", 4.0)
        await scene.wait(3.0)

    messages = company(script)
    at_anna, at_bob = yaw_of(messages, 3.0, 5.0), yaw_of(messages, 8.5, 10.0)
    assert at_anna > at_bob + 0.2, "Anna is to the agent's left"


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


def test_two_who_swap_places_keep_their_turns() -> None:
    """Real tracks: Anna (red clothes) looks at the agent while she speaks, Bob (blue) at her; they cross while she talks."""
    ids: dict[str, str] = {}

    async def script(scene: Scene) -> None:
        tracks = Tracks(VisionSettings(), IdSource("behavioral", 1))
        speaks: list[str] = []
        swap: list[float] = []

        async def watch() -> None:
            for step in range(10_000):
                now_ns = scene.clock.now_ns()
                share = min(1.0, (now_ns / NS_PER_S - swap[0]) / 1.5) if swap else 0.0
                anna, bob = 0.1 + 0.55 * share, 0.65 - 0.55 * share
                openness = 0.3 + 0.25 * math.sin(2 * math.pi * 3.5 * step / 15.0)
                faces = tuple(
                    _face(left, top, looks, openness if who in speaks else 0.02, at_agent=who == ANNA)
                    for who, left, top, looks in ((ANNA, anna, 0.30, RED), (BOB, bob, 0.36, BLUE))
                )
                tracks.update(Picture(now_ns / NS_PER_S, faces, 0.0, 0.5, 0.5), now_ns)
                for percept in tracks.present(now_ns):
                    scene.people.take(percept)
                if len(tracks.present(now_ns)) == 2 and not ids:
                    left = min(tracks.present(now_ns), key=lambda p: p.box[0])
                    ids.update(
                        {ANNA: left.person_id, BOB: max(tracks.present(now_ns), key=lambda p: p.box[0]).person_id}
                    )
                await scene.clock.sleep_until_ns(round((step + 1) / 15.0 * NS_PER_S))

        watching = asyncio.ensure_future(watch())
        await scene.wait(2.0)
        speaks.append(ANNA)
        swap.append(scene.clock.now_ns() / NS_PER_S + 0.5)
        await scene.hear("what is your name", 3.0)
        speaks.clear()
        await scene.wait(6.0)
        speaks.append(BOB)
        await scene.hear("and where do we eat", 2.0)
        speaks.clear()
        await scene.wait(5.0)
        watching.cancel()

    messages = play(script)
    first, second = people_turns(messages)
    assert (first.person_id, second.person_id) == (ids[ANNA], ids[BOB])
    assert side(messages) == ["answer", "stay_out"]


RED, BLUE = (0.9, 0.1, 0.0), (0.0, 0.1, 0.9)


def _face(left: float, top: float, looks: tuple[float, ...], mouth: float, *, at_agent: bool) -> Face:
    """A face 1 m away: looking at the camera, or across at the other person."""
    across = 1.28 if left < 0.4 else -1.28  # to the own left of who stands on the picture's left
    head = (0.0, 0.0, 0.0) if at_agent else (across, 0.0, 0.0)
    return Face(
        (left, top, 0.15, 0.2),
        0.9,
        appearance=looks,
        head_rad=head,
        gaze_rad=head[:2],
        mouth_open=mouth,
        distance_m=1.0,
    )


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


async def _echo(text: str) -> AsyncIterator[str]:
    yield f"You said: {text}."
