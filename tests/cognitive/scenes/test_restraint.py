"""When the agent holds back, what it makes of the fast system's answers, and the same acts from the same seed."""

from __future__ import annotations

from cognitive.motivation.thresholds import THRESHOLDS
from runtime.settings import CognitiveSettings
from tests.cognitive.scenes.script import arrives, greeted, replies, says


class TestRestraint:
    def test_who_enters_while_another_speaks_is_greeted_afterwards(self, play):
        scene = greeted() + says(20.0, "so I was telling you about my trip to the sea", 6.0) + replies(27.0, "Lovely.")
        record = play([*scene, *arrives(22.0, "ben", until_s=40.0)], 40.0)
        during = [c for c in record.cycles if 24.5 <= c.t_ns / 1e9 <= 26.0]
        assert all(not c.intention_ids for c in during)
        assert "social_protocol: the person is speaking" in [c.restraint for c in during]
        greetings = [(t, i) for t, i in record.of("dialogue", "social_protocol") if t > 20]
        assert len(greetings) == 1 and greetings[0][1].target.person_id == "ben" and greetings[0][0] > 28.5

    def test_the_agent_never_starts_to_talk_while_the_person_speaks(self, play):
        scene = arrives(0.2, until_s=60.0)
        spans = []
        for k in range(12):
            start = 2.0 + 5 * k
            scene += says(start, "I am very sad and I need help where is the exit", 3.5, f"turn-{k}")
            spans.append((start, start + 3.8))
        for t_s, _ in play(scene, 62.0).said():
            assert not any(start <= t_s <= end for start, end in spans), t_s

    def test_ten_quiet_minutes_bring_a_greeting_and_two_questions_at_most(self, play):
        record = play(arrives(0.2, until_s=600.0), 600.0)
        assert 1 <= len(record.said()) <= 3
        assert record.counters["plans"] <= 3

    def test_an_empty_room_brings_nothing_and_says_so(self, play):
        record = play([], 60.0)
        assert record.intentions == [] and set(record.restraints()) == {"nothing over threshold"}
        assert len(record.cycles) == 119 or len(record.cycles) == 120

    def test_every_cycle_without_an_act_has_a_reason(self, play):
        for cycle in play(greeted(until_s=60.0), 60.0).cycles:
            assert bool(cycle.restraint) != bool(cycle.intention_ids)
            assert {s.trigger for s in cycle.scores} == set(THRESHOLDS)

    def test_a_profile_may_raise_a_threshold(self, play):
        settings = CognitiveSettings(thresholds={"social_protocol": 1.0})
        assert play(arrives(2.0, until_s=10.0), 10.0, settings=settings).intentions == []


class TestAnswers:
    def test_a_rejected_greeting_is_remembered_and_tried_once_more_after_a_while(self, play):
        record = play(arrives(2.0, until_s=60.0), 60.0, answers="reject")
        tries = [t for t, _ in record.said()]
        assert len(tries) == 2 and tries[1] - tries[0] >= 10.0
        assert "rejected (test)" in record.cycles[-1].memory["actions"]

    def test_outcomes_stand_in_the_action_history(self, play):
        record = play(arrives(2.0, until_s=10.0), 10.0)
        assert "greet/dialogue finished" in record.cycles[-1].memory["actions"]

    def test_without_any_answer_the_plan_ends_and_the_history_says_so(self, play):
        record = play(arrives(2.0, until_s=20.0), 20.0, answers="silent")
        assert "greet/dialogue expired (no answer" in record.cycles[-1].memory["actions"]


def test_the_same_seed_gives_the_same_intentions(play, tmp_path):
    scene = greeted() + says(20.0, "I am so sad") + replies(22.0, "Oh.") + arrives(40.0, "ben", until_s=60.0)
    runs = []
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        runs.append(play(scene, 60.0, state_dir=folder).intentions)
    assert runs[0] == runs[1] and runs[0]


class TestSilenceThatWasAgreedOn:
    def rehearse(self, play, asked, answer):
        scene = arrives(0.2, until_s=90.0)
        scene += says(2.0, asked, 3.0) + replies(5.6, answer)
        scene += says(25.0, "what is a glacier my friends", 3.0, "turn-9")
        return play(scene, 60.0).said()

    def test_words_before_the_agent_are_not_answered_where_it_has_promised_silence(self, play):
        said = self.rehearse(play, "please don't answer for ten minutes", "All right, I will not say a word.")
        assert not [text for t_s, text in said if t_s > 8.0]

    def test_the_promise_alone_holds_nobody_to_silence(self, play):
        said = self.rehearse(play, "what a long day it was", "I will not say a word about it.")
        assert [text for t_s, text in said if t_s > 25.0], "her question has waited for an answer"

    def test_a_question_to_the_agent_that_it_answers_ends_it(self, play):
        scene = arrives(0.2, until_s=120.0)
        scene += says(2.0, "please don't answer for ten minutes", 3.0) + replies(5.6, "I will not say a word.")
        scene += says(25.0, "so how was that in your opinion?", 3.0, "turn-8") + replies(
            29.0, "Very clear.", 1.5, "response-8"
        )
        scene += says(50.0, "can you tell me where the exit is please", 3.0, "turn-9")
        assert [text for t_s, text in play(scene, 80.0).said() if t_s > 50.0]
