"""Greeting and seeing off, as scenes: once, at its time, and not where it is not called for."""

from __future__ import annotations

from runtime import messages as m
from tests.cognitive.scenes.script import FACE, arrives, greeted, leaves, replies, says


class TestSocialProtocol:
    def test_who_arrives_and_stays_is_greeted_once_after_leaving_others_the_first_word(self, play):
        record = play(arrives(2.0, until_s=20.0), 20.0)
        hellos = [t for t, text in record.said() if text.startswith(("Hello", "Hi"))]
        assert len(hellos) == 1
        assert 4.0 <= hellos[0] <= 5.0
        (wave_s, wave), *more = record.of("gesture", "social_protocol")
        assert not more and wave.label == "wave" and wave.target.person_id == "anna" and wave_s <= 5.0
        assert record.of("gaze", "social_protocol")

    def test_the_greeting_carries_evidence_score_and_validity(self, play):
        record = play(arrives(2.0, until_s=6.0), 6.0)
        assert record.intentions
        for t_s, intention in record.intentions:
            assert intention.trigger == "social_protocol" and intention.score >= 0.5
            assert intention.evidence[0].t_ns == 2_000_000_000
            assert intention.valid_until_ns / 1e9 > t_s
            assert intention.source == "cognitive"

    def test_who_has_been_about_and_turns_to_the_agent_in_distress_is_not_welcomed(self, play):
        def hellos(**face):
            away = [(t, m.PersonPercept(state="present" if t > 2 else "arrived", person_id="vi", facing=0.1, **FACE, **face))
                    for t in range(2, 22)]  # fmt: skip
            deed = [(8.0, m.WorldEvent(text="Vi searches in the drawer"))]
            here = [
                (float(t), m.PersonPercept(state="present", person_id="vi", facing=0.9, **FACE, **face))
                for t in range(22, 34)
            ]
            record = play([*[(float(t), p) for t, p in away], *(deed if face else []), *here], 34.0)
            return [text for _, text in record.said() if text.startswith(("Hello", "Hi"))]

        assert hellos() and not hellos(valence=-0.5)

    def test_a_greeting_by_the_fast_system_counts(self, play):
        hello = m.AgentSpeech(state="started", response_id="r", text="Hello, welcome!", duration_ms=1000)
        record = play([(2.0, hello), *arrives(2.0, until_s=20.0)], 20.0)
        assert record.said() == [] or all("Hello" not in text for t, text in record.said() if t < 10)

    def test_who_greets_first_gets_a_wave_and_no_second_hello(self, play):
        scene = [*arrives(2.0, until_s=12.0), (2.02, m.UserSpeech(state="started")), *says(2.02, "hello there", 0.6)]
        record = play([*scene, *replies(3.4, "Hello! Good to see you.")], 12.0)
        assert record.said() == []
        assert record.of("gesture") == []  # the reply has answered the greeting

    def test_who_passes_by_without_a_look_is_not_greeted(self, play):
        scene = [(t, m.PersonPercept(state=s, person_id="p", facing=0.2, **FACE)) for t, s in
                 ((2.0, "arrived"), (3.0, "present"), (4.0, "present"), (5.0, "present"), (6.0, "present"))]  # fmt: skip
        assert play(scene, 10.0).intentions == []

    def test_a_greeting_that_gets_no_quick_reply_is_returned_by_the_body(self, play):
        record = play(arrives(2.0, until_s=12.0) + says(2.02, "hello there", 0.6), 12.0)
        assert [i.label for _, i in record.of("gesture")] == ["wave"] and record.said() == []

    def test_a_face_lost_for_a_moment_is_not_greeted_again(self, play):
        scene = arrives(2.0, until_s=8.0) + leaves(8.0) + arrives(10.0, until_s=20.0)
        hellos = [text for _, text in play(scene, 20.0).said() if text.startswith(("Hello", "Hi"))]
        assert len(hellos) == 1

    def test_a_face_found_under_a_new_name_is_not_greeted_again(self, play):
        scene = arrives(2.0, until_s=8.0) + leaves(8.0) + arrives(9.5, "track-7", until_s=19.0)
        hellos = [text for _, text in play(scene, 19.0).said() if text.startswith(("Hello", "Hi"))]
        assert len(hellos) == 1

    def test_who_returns_after_long_is_greeted_as_known(self, play):
        scene = arrives(2.0, until_s=8.0) + leaves(8.0) + arrives(120.0, until_s=125.0)
        hellos = [text for t, text in play(scene, 125.0).said() if t > 100]
        assert len(hellos) == 1 and ("again" in hellos[0] or "back" in hellos[0])

    def test_who_leaves_a_while_after_a_talk_without_a_word_is_seen_off(self, play):
        scene = greeted(until_s=60.0) + leaves(60.0)
        byes = [(t, i.content) for t, i in play(scene, 80.0).of("dialogue", "social_protocol") if t > 40]
        ((t_s, text),) = byes
        assert 60.0 <= t_s <= 66.0 and ("bye" in text.lower() or "see you" in text.lower())

    def test_who_leaves_right_after_the_answer_has_been_parted_with_by_it(self, play):
        scene = greeted(until_s=10.0) + leaves(10.0)
        assert play(scene, 30.0).of("dialogue", "social_protocol")[1:] == []

    def test_whose_voice_goes_on_has_not_left(self, play):
        scene = greeted(until_s=10.0) + leaves(10.0) + says(10.5, "and then I turned the camera away", 1.5)
        assert play([*scene, *replies(12.8, "I see.")], 20.0).of("dialogue", "social_protocol")[1:] == []

    def test_a_face_lost_in_a_talk_is_not_seen_off(self, play):
        scene = greeted(until_s=10.0) + leaves(10.0) + arrives(12.0, until_s=17.0)
        assert play(scene, 17.0).of("dialogue", "social_protocol")[1:] == []

    def test_a_goodbye_that_gets_no_quick_reply_is_answered_once(self, play):
        record = play(greeted() + says(20.0, "okay I have to go now, goodbye"), 32.0)
        farewells = [(t, text) for t, text in record.said() if t > 21 and ("bye" in text.lower())]
        assert len(farewells) == 1 and 23.5 <= farewells[0][0] <= 26

    def test_goodbye_said_by_the_fast_system_is_not_said_twice(self, play):
        scene = greeted() + says(20.0, "bye bye") + replies(21.8, "Goodbye, it was nice to meet you.")
        assert [text for t, text in play(scene, 40.0).said() if t > 20] == []

    def test_a_viewer_of_the_page_is_greeted_and_not_again_when_the_camera_goes_on(self, play):
        scene = [(1.0, m.Viewer(state="joined", viewer_id="v")), *arrives(10.0, until_s=15.0)]
        hellos = [text for _, text in play(scene, 15.0).said() if text.startswith(("Hello", "Hi"))]
        assert len(hellos) == 1

    def test_a_viewer_who_is_welcomed_by_the_opening_hears_no_second_hello(self, play):
        joined = (1.0, m.Viewer(state="joined", viewer_id="v"))
        assert play([joined, *replies(2.1, "Hello, and welcome! My name is Ada.")], 12.0).said() == []
