"""What the agent owes: a promise is kept when it is said, a warning given when it is heard; else they are owed again."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from cognitive.cycle import CognitiveCycle
from cognitive.memory.store import Saved
from cognitive.motivation.triggers import built_in_triggers
from cognitive.owed import LATE_S, LATEST_S, TRIES_MAX, latest_s
from cognitive.persona import load_persona
from cognitive.reasoners.embedded import EmbeddedReasoner
from cognitive.scene import PROMISES_MAX, Promise, Scene
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.settings import CognitiveSettings
from tests.cognitive.scenes.script import greeted, replies, says

DUE_S = 20.0
PROMISED = (
    *says(10.0, "can you remind me to call the bank in twenty seconds"),
    *replies(12.5, "I will remind you in twenty seconds."),
)


class Room:
    """Cycles every half a second with Anna in view; `answers` says what the body makes of each spoken word of initiative."""

    def __init__(self, *answers: str, about: str = "the oven", made_s: float = 1.0, due_s: float = DUE_S) -> None:
        self.saved = Saved()
        self.saved.planner.id_prefix = "i"
        settings = CognitiveSettings()
        reasoner = EmbeddedReasoner(built_in_triggers("Attune", settings.long_silence_s))
        self.cycle = CognitiveCycle(settings, load_persona("default"), reasoner, 1, self.saved)
        self.promise = Promise(
            promise_id="p",
            made_ns=ns(made_s),
            due_ns=ns(due_s),
            words="I will remind you.",
            about=about,
            person_id="anna",
        )
        self.answers = list(answers)
        self.here = True
        self.said: list[tuple[float, m.Intention]] = []
        self.restraints: list[str] = []
        self.now_s = 0.0

    async def until(self, end_s: float, *messages: m.Message) -> None:
        news = list(messages)
        while self.now_s < end_s:
            self.now_s += 0.5
            seen = m.PersonPercept(state="present", person_id="anna", box=(0.4, 0.3, 0.2, 0.3))
            outcome = await self.cycle.run([*([seen] if self.here else []), *news], ns(self.now_s), regular=True)
            news = [answer for i in outcome.sent for answer in self.body(i)]
            self.restraints.append(outcome.restraint)

    def body(self, intention: m.Intention) -> list[m.Message]:
        if intention.kind != "dialogue" or intention.trigger not in ("promise_due", "safety"):
            return [m.IntentionAnswer(intention_id=intention.id, state="finished")]
        self.said.append((self.now_s, intention))
        state = self.answers.pop(0) if self.answers else "finished"
        return [] if state == "" else [m.IntentionAnswer(intention_id=intention.id, state=state, reason="test")]


def ns(at_s: float) -> int:
    return round(at_s * NS_PER_S)


def play(room: Room, until_s: float = 120.0) -> Room:
    room.saved.scene.promises.append(room.promise)
    asyncio.run(room.until(until_s))
    return room


class TestPromises:
    @pytest.mark.parametrize("answer", ["started", "finished"])
    def test_it_is_kept_when_it_is_begun(self, answer):
        room = play(Room(answer))
        assert room.promise.state == "kept" and len(room.said) == 1

    @pytest.mark.parametrize("answer", ["rejected", "expired", "cancelled", "superseded", ""])
    def test_what_was_not_said_is_owed_again_and_said_after_a_while(self, answer):
        room = play(Room(answer))
        (first_s, _), (again_s, _) = room.said
        assert room.promise.state == "kept" and DUE_S <= first_s <= DUE_S + 1.0 and again_s - first_s >= 10.0

    def test_between_planning_and_answer_it_is_under_way_and_planned_once(self):
        room = play(Room(""), DUE_S + 3.0)
        assert room.promise.state == "under_way" and len(room.said) == 1

    def test_a_body_that_cannot_speak_is_asked_ever_more_seldom_and_then_no_more_with_a_published_reason(self):
        room = play(Room(*["rejected"] * 50), 500.0)
        times = [t_s for t_s, _ in room.said]
        gaps = [b - a for a, b in pairwise(times)]
        assert len(times) == TRIES_MAX and gaps == sorted(gaps)
        assert room.promise.state == "missed" and "tried in vain" in room.promise.reason
        assert any(text.startswith("promise_due: missed, tried in vain") for text in room.restraints)
        assert "a promise was missed: tried in vain" in room.saved.bank.sections()["situation"]

    def test_that_one_was_in_vain_says_nothing_of_the_next(self):
        room = Room(*["rejected"] * TRIES_MAX)
        later = Promise(promise_id="q", made_ns=1, due_ns=ns(400.0), words="", about="the bath", person_id="anna")
        room.saved.scene.promises.append(later)
        play(room, 410.0)
        assert room.promise.state == "missed" and later.state == "kept"

    def test_an_answer_that_comes_after_it_was_given_up_keeps_it(self):
        async def main():
            room = Room("")
            room.saved.scene.promises.append(room.promise)
            await room.until(DUE_S + 8.0)
            assert room.promise.state == "open" and room.promise.reason == "no answer"
            await room.until(120.0, m.IntentionAnswer(intention_id=room.said[0][1].id, state="finished"))
            assert room.promise.state == "kept" and len(room.said) == 1

        asyncio.run(main())

    def test_it_waits_for_who_has_left_and_comes_back_late_with_an_apology(self):
        async def main():
            room = Room()
            room.saved.scene.promises.append(room.promise)
            await room.until(10.0)
            room.here = False
            ben = m.PersonPercept(state="arrived", person_id="ben", box=(0.1, 0.3, 0.2, 0.3), bearing_rad=(0.9, 0.0))
            await room.until(DUE_S + 40.0, m.PersonPercept(state="left", person_id="anna"), ben)
            await room.until(DUE_S + 2 * LATE_S, m.PersonPercept(state="left", person_id="ben"))
            assert room.said == [], "Ben was promised nothing"
            room.here = True
            await room.until(DUE_S + 2 * LATE_S + 10.0)
            ((_, said),) = room.said
            assert "late" in said.content and "the oven" in said.content and room.promise.state == "kept"

        asyncio.run(main())

    def test_a_face_that_was_lost_and_found_again_under_another_id_is_the_one_that_was_promised(self):
        async def main():
            room = Room()
            room.saved.scene.promises.append(room.promise)
            await room.until(10.0)
            room.here = False
            found = m.PersonPercept(state="arrived", person_id="track-2", box=(0.4, 0.3, 0.2, 0.3))
            await room.until(DUE_S + 5.0, m.PersonPercept(state="left", person_id="anna"), found)
            ((_, said),) = room.said
            assert said.target.person_id == "track-2" and "is here" in {item.kind for item in said.evidence}

        asyncio.run(main())

    def test_what_is_too_late_is_closed_and_said_to_be(self):
        async def main():
            room = Room()
            room.saved.scene.promises.append(room.promise)
            await room.until(10.0)
            room.here = False
            await room.until(DUE_S + LATEST_S + 1.0, m.PersonPercept(state="left", person_id="anna"))
            assert room.promise.state == "missed" and room.promise.reason == "too late"
            assert any("missed, too late" in text for text in room.restraints)
            room.here = True
            await room.until(room.now_s + 20.0)
            assert room.said == []

        asyncio.run(main())

    def test_one_that_was_made_long_ahead_may_be_as_late_and_a_day_at_most(self):
        assert (latest_s(60.0), latest_s(7_200.0), latest_s(1e6)) == (600.0, 7_200.0, 86_400.0)

    def test_one_of_before_this_session_is_kept_in_it(self):
        room = play(Room(made_s=-7_200.0, due_s=-600.0), 10.0)
        ((_, said),) = room.said
        assert "late" in said.content and room.promise.state == "kept"

    def test_taken_back_before_it_was_begun_its_words_are_taken_back_too(self):
        async def main():
            room = Room("")
            room.saved.scene.promises.append(room.promise)
            await room.until(DUE_S + 1.0)
            never_mind = m.Turn(
                state="ended", speaker="user", turn_id="t", text="never mind the oven", person_id="anna", addressed=1.0
            )
            outcome = await room.cycle.run([never_mind], ns(DUE_S + 1.5), regular=True)
            assert room.promise.state == "dropped"
            assert outcome.cancelled == ((room.said[0][1].id, "the promise was taken back"),)

        asyncio.run(main())

    def test_what_is_settled_gives_way_before_what_is_owed(self):
        scene = Scene()
        owed = [Promise(promise_id=f"o{k}", made_ns=0, due_ns=k, words="") for k in range(PROMISES_MAX)]
        done = [Promise(promise_id=f"d{k}", made_ns=0, due_ns=k, words="", state="kept") for k in range(5)]
        scene.promises += [*owed, *done]
        scene.bound()
        assert scene.promises == owed


class TestWarnings:
    HAZARD = m.WorldEvent(text="The pan catches fire", kind="hazard", confidence=0.9)

    def run(self, *answers: str, until_s: float = 40.0) -> Room:
        async def main():
            room = Room(*answers)
            await room.until(5.0)
            await room.until(until_s, self.HAZARD)
            return room

        return asyncio.run(main())

    def test_one_that_was_said_is_not_repeated(self):
        assert len(self.run("finished").said) == 1

    @pytest.mark.parametrize("answer", ["rejected", "expired", "superseded", ""])
    def test_one_that_was_not_said_is_given_again_while_the_danger_is_fresh(self, answer):
        room = self.run(answer)
        assert len(room.said) == 2 and room.said[1][0] <= 5.5 + 12.0

    def test_a_body_that_cannot_speak_is_not_asked_for_ever(self):
        times = [t_s for t_s, _ in self.run(*["rejected"] * 50, until_s=60.0).said]
        assert 2 < len(times) < 8 and times[-1] <= 5.5 + 12.0

    def test_the_next_danger_is_warned_of_whatever_became_of_the_last(self):
        async def main():
            room = Room(*["rejected"] * 50)
            await room.until(5.0)
            await room.until(60.0, self.HAZARD)
            tried = len(room.said)
            room.answers.clear()
            await room.until(80.0, self.HAZARD)
            return tried, len(room.said)

        tried, all_of_them = asyncio.run(main())
        assert tried >= 3 and all_of_them == tried + 1


class TestWhereTheRoomIsKilled:
    """A promise of twenty seconds, made at 14 s; the body goes on and knows each intention that it was sent."""

    @pytest.mark.parametrize("down_s", [0.2, 6.0, 20.0])
    def test_at_any_moment_and_however_long_it_is_down_the_promise_is_said_once(self, play, tmp_path, down_s):
        for kill_at_s in (20.0, *(round(33.6 + (0.17 if down_s < 1.0 else 0.47) * k, 3) for k in range(12))):
            folder = tmp_path / f"{kill_at_s}"
            folder.mkdir()
            record = play(
                [*greeted(until_s=70.0), *PROMISED], 36.0 + down_s + 12.0, answers="faithful", kill_at_s=kill_at_s, down_s=down_s,
                state_dir=folder,
            )  # fmt: skip
            kept = [i for _, i in record.of_act("promise_due") if i.kind == "dialogue" and i.id in record.executed]
            assert len(kept) == 1 and "call the bank" in kept[0].content, kill_at_s
