"""A talk that falters, a request that nobody answers, words that are not understood: what the agent says to them."""

from __future__ import annotations

import msgspec

from runtime import messages as m
from tests.cognitive.scenes.script import FACE, arrives, greeted, replies, says


class TestConversationState:
    def test_who_looks_on_after_the_talk_has_died_down_is_asked_something_once(self, play):
        record = play(greeted(until_s=40.0), 38.0)
        questions = [(t, text) for t, text in record.said() if t > 6]
        assert len(questions) == 1 and questions[0][1].endswith("?")
        assert 12.0 <= questions[0][0] <= 21.0  # the reply ended at 6.5 s

    def test_who_has_turned_to_something_else_is_left_to_it(self, play):
        scene = greeted(until_s=8.0)
        looks = {"gaze_target": "object", "gaze_name": "book", "gaze_confidence": 0.7, "facing": 0.3, **FACE}
        scene += [(8.0 + t, m.PersonPercept(state="present", person_id="anna", **looks)) for t in range(60)]
        assert [text for t, text in play(scene, 66.0).said() if t > 6] == []

    def test_who_is_only_heard_is_asked_after_a_long_silence(self, play):
        scene = says(3.0, "nice place you have here") + replies(5.0, "Thank you.")
        questions = [t for t, _ in play(scene, 38.0).said() if t > 6]
        assert len(questions) == 1 and 16.0 <= questions[0] <= 22.0

    def test_who_does_not_take_it_up_is_not_asked_again_and_again(self, play):
        record = play(greeted(until_s=300.0) + says(8.0, "I like the old clock") + replies(10.0, "Do you?"), 300.0)
        assert 1 <= len([t for t, _ in record.said() if t > 6]) <= 2

    def test_after_the_person_has_spoken_the_agent_may_ask_again_about_something_else(self, play):
        scene = greeted(until_s=120.0) + says(60.0, "that reminds me of my garden") + replies(62.0, "Does it now.")
        asked = [(t, text) for t, text in play(scene, 120.0).said() if t > 6]
        assert min(t for t, _ in asked) < 60 < max(t for t, _ in asked)
        assert len({text for _, text in asked}) == len(asked)

    def test_who_asks_for_a_moment_gets_it(self, play):
        scene = greeted(until_s=45.0) + says(10.0, "hm let me think") + replies(12.0, "All right.")
        assert [t for t, _ in play(scene, 45.0).said() if t > 6] == []

    def test_nobody_is_asked_before_anything_was_said(self, play):
        record = play(arrives(0.2, until_s=60.0), 60.0, answers="silent")
        assert record.of("dialogue", "conversation_state") == []

    def test_the_agents_open_question_is_followed_up(self, play):
        scene = arrives(0.2, until_s=40.0) + says(3.0, "nice to be here") + replies(5.0, "What is your name?")
        (t_s, _intention), *_ = play(scene, 45.0).of("dialogue", "conversation_state")
        assert 10.0 <= t_s <= 17.0  # the question ended at 6.5 s


class TestUserIntent:
    def test_a_request_that_nobody_answers_gets_an_offer_of_help(self, play):
        record = play(greeted() + says(20.0, "excuse me where is the way out"), 32.0)
        (t_s, offer), *more = record.of("dialogue", "user_intent")
        assert not more and 23.8 <= t_s <= 28.0
        assert "help" in offer.content.lower() or "do for you" in offer.content

    def test_an_answered_request_is_the_fast_systems_business(self, play):
        scene = greeted() + says(20.0, "where is the way out") + replies(22.5, "It is over there.")
        assert play(scene, 30.0).of("dialogue", "user_intent") == []

    def test_a_request_to_somebody_else_is_none_of_the_agents(self, play, tmp_path):
        def asked(addressed):
            *speech, (end_s, turn) = says(20.0, "excuse me where is the way out")
            return [*speech, (end_s, msgspec.structs.replace(turn, person_id="anna", addressed=addressed))]

        assert play(greeted() + asked(0.1), 32.0).of("dialogue", "user_intent") == []
        (tmp_path / "other").mkdir()
        assert play(greeted() + asked(0.9), 32.0, state_dir=tmp_path / "other").of("dialogue", "user_intent")


class TestConfusionRepair:
    def test_who_does_not_follow_and_gets_no_answer_is_offered_another_explanation(self, play):
        lecture = replies(8.0, "You take the reciprocal of the second fraction and multiply.", 4.0)
        record = play([*greeted(until_s=30.0), *lecture, *says(13.0, "what do you mean I don't understand that")], 25.0)
        (_, offer), *more = record.of("dialogue", "confusion_repair")
        assert not more and offer.evidence[0].kind == "confusion"

    def test_what_the_fast_system_has_explained_again_needs_nothing(self, play):
        lecture = replies(8.0, "You take the reciprocal of the second fraction and multiply.", 4.0)
        asked = says(13.0, "what do you mean I don't understand that")
        again = replies(15.0, "You turn the second fraction round, top to bottom.", 4.0, "response-2")
        assert play([*greeted(until_s=30.0), *lecture, *asked, *again], 30.0).of("dialogue", "confusion_repair") == []
