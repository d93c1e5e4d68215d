"""Scenes as specifications: what the agent does of its own accord, and when it holds back."""

from __future__ import annotations

import msgspec

from cognitive.motivation.thresholds import THRESHOLDS
from runtime import messages as m
from runtime.settings import CognitiveSettings

FACE = {"box": (0.4, 0.3, 0.2, 0.3), "confidence": 0.95}


def arrives(t_s, person="anna", until_s=0.0):
    """A person comes and is seen once a second until `until_s`."""
    script = [(t_s, m.PersonPercept(state="arrived", person_id=person, **FACE))]
    t = t_s + 1.0
    while t < until_s:
        script.append((t, m.PersonPercept(state="present", person_id=person, **FACE)))
        t += 1.0
    return script


def leaves(t_s, person="anna"):
    return [(t_s, m.PersonPercept(state="left", person_id=person))]


def says(t_s, text, length_s=1.0, turn_id="turn-1"):
    """The person speaks: onset, offset, and the decided turn 0.3 s later."""
    return [
        (t_s, m.UserSpeech(state="started")),
        (t_s, m.Turn(state="started", speaker="user", turn_id=turn_id)),
        (t_s + length_s, m.UserSpeech(state="ended")),
        (t_s + length_s + 0.3, m.Turn(state="ended", speaker="user", turn_id=turn_id, text=text)),
    ]


def replies(t_s, text, length_s=1.5, response_id="response-1"):
    """The fast system answers in turn."""
    return [
        (t_s, m.Turn(state="started", speaker="agent", turn_id=response_id)),
        (t_s, m.AgentSpeech(state="started", response_id=response_id, text=text, duration_ms=length_s * 1000)),
        (t_s + length_s, m.AgentSpeech(state="finished", response_id=response_id)),
        (t_s + length_s, m.Turn(state="ended", speaker="agent", turn_id=response_id, text=text)),
    ]


def greeted(t_s=0.5, until_s=60.0):
    """A person who has come and talked: the start of most scenes."""
    return arrives(0.2, until_s=until_s) + says(3.0, "nice place you have here") + replies(5.0, "Thank you.")


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


class TestEmotionalNeed:
    def test_sad_words_are_answered_with_comfort_and_its_evidence(self, play):
        record = play(greeted() + says(20.0, "I feel so sad today, my dog died") + replies(22.0, "I see."), 32.0)
        comfort = record.of("dialogue", "emotional_need")
        assert len(comfort) == 1 and 23.5 <= comfort[0][0] <= 30
        assert any("word: sad" in item.detail for item in comfort[0][1].evidence)
        assert comfort[0][1].turn_id == "turn-1"
        assert [i.label for _, i in record.of("posture", "emotional_need")] == ["lean_in"]

    def test_sympathy_in_the_fast_systems_reply_is_not_doubled(self, play):
        sad = says(20.0, "I feel so sad today, my dog died")
        record = play(greeted() + sad + replies(22.0, "I am sorry to hear that. Tell me more?"), 40.0)
        assert record.of("dialogue", "emotional_need") == []

    def test_who_has_said_goodbye_is_not_held_back_with_comfort(self, play):
        sad = m.AffectPercept(valence=-0.8, arousal=-0.2, confidence=0.7, cues=("word:sad",))
        script = greeted() + says(10.0, "I feel sad", turn_id="t2") + [(11.4, sad)]
        script += says(12.0, "goodbye", turn_id="t3") + replies(13.6, "Goodbye! Come back soon.")
        record = play(script, 40.0)
        assert not [t for t, _text in record.of("dialogue", "emotional_need") if t > 13.3]

    def test_one_gloomy_look_is_no_reason(self, play):
        glance = [(20.0, m.AffectPercept(valence=-0.6, arousal=0.0, confidence=0.8, cues=("face",)))]
        busy = says(17.0, "well then", turn_id="turn-2") + replies(18.5, "Yes.", 0.5, "response-2")
        assert play(greeted() + busy + glance, 28.0).of("dialogue", "emotional_need") == []

    def test_a_lasting_gloomy_look_is(self, play):
        lasting = [
            (20.0 + k, m.AffectPercept(valence=-0.6, arousal=0.0, confidence=0.8, cues=("face",))) for k in range(4)
        ]
        busy = says(17.0, "well then", turn_id="turn-2") + replies(18.5, "Yes.", 0.5, "response-2")
        assert len(play(greeted() + busy + lasting, 28.0).of("dialogue", "emotional_need")) == 1

    def test_sad_words_that_were_hardly_heard_are_no_reason(self, play):
        words = [(20.9, m.Word(op="commit", unit_id=str(k), text="sad", confidence=0.1)) for k in range(3)]
        speech = says(20.0, "I feel so sad today") + replies(22.0, "I see.")
        assert play(greeted() + words + speech, 32.0).of("dialogue", "emotional_need") == []

    def test_several_signs_of_one_moment_are_one_sign(self, play):
        at_once = [(20.0, m.AffectPercept(valence=-0.6, arousal=0.0, confidence=0.4, cues=("word:mad",)))] * 3
        assert play(greeted() + at_once, 26.0).of("dialogue", "emotional_need") == []

    def test_joy_is_shared(self, play):
        record = play(greeted() + says(20.0, "I passed my exam, I am so happy") + replies(22.0, "Oh."), 32.0)
        (_, said), *_ = record.of("dialogue", "emotional_need")
        assert any(i.label == "happy" for _, i in record.of("expression", "emotional_need")) and said.content

    def test_not_sad_is_not_sad(self, play):
        record = play(greeted() + says(20.0, "no I am not sad at all") + replies(22.0, "Good."), 30.0)
        assert record.of("dialogue", "emotional_need") == []


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


class TestVisualChange:
    def test_what_people_would_remark_on_is_looked_at_and_said(self, play):
        fall = m.WorldEvent(text="The poster falls off the wall", bearing_rad=(0.5, 0.1), seen_by=())
        change = m.VisualChange(magnitude=0.9, what="object", bearing_rad=(0.5, 0.1))
        record = play([*greeted(until_s=30.0), (9.0, fall), (9.0, change)], 14.0)
        (_, look), *more = record.of("gaze", "visual_change")
        assert not more and look.target.direction_rad == (0.5, 0.1) and record.of("dialogue", "visual_change")

    def test_the_background_moves_without_a_word(self, play):
        weak = m.VisualChange(magnitude=0.3, what="motion", bearing_rad=(0.5, 0.1))
        record = play([*greeted(until_s=30.0), (9.0, weak)], 14.0)
        assert [i for _, i in record.intentions if i.trigger == "visual_change"] == []

    def test_an_empty_room_has_nobody_to_remark_to(self, play):
        change = m.VisualChange(magnitude=0.9, what="light", bearing_rad=(0.5, 0.1))
        assert play([(10.0, change)], 20.0).intentions == []


class TestPromises:
    PROMISED = (
        *says(10.0, "can you remind me to call the bank in two minutes"),
        *replies(12.5, "I will remind you in two minutes."),
    )

    def test_a_promise_is_kept_when_its_time_comes(self, play):
        record = play([*greeted(until_s=150.0), *self.PROMISED], 150.0)
        (t_s, kept), *more = record.of("dialogue", "promise_due")
        assert not more and 132.5 <= t_s <= 134.5 and "call the bank" in kept.content

    def test_a_promise_that_was_taken_back_is_not_kept(self, play):
        scene = [
            *greeted(until_s=150.0),
            *self.PROMISED,
            *says(60.0, "never mind the reminder"),
            *replies(62.0, "All right."),
        ]
        assert play(scene, 150.0).of("dialogue", "promise_due") == []

    def test_a_promise_survives_a_kill_and_is_kept_once(self, play):
        record = play([*greeted(until_s=150.0), *self.PROMISED], 150.0, kill_at_s=60.0)
        assert len(record.of("dialogue", "promise_due")) == 1


class TestSafety:
    def test_a_hazard_is_warned_of_at_once_even_while_somebody_speaks(self, play):
        hazard = m.WorldEvent(text="The pan catches fire", kind="hazard", confidence=0.9)
        scene = [*greeted(until_s=30.0), *says(9.0, "and then we went on and on", 4.0), (10.0, hazard)]
        (t_s, warning), *more = play(scene, 30.0).of("dialogue", "safety")
        assert not more and t_s <= 10.6 and warning.priority == 9

    def test_a_cry_for_help_is_met_and_a_figure_of_speech_is_not(self, play):
        for text, met in (
            ("help I can't breathe", True),
            ("I could die for a coffee", False),
            ("I'll help you", False),
        ):
            scene = [*greeted(until_s=30.0), *says(9.0, text)]
            assert bool(play(scene, 20.0).of("dialogue", "safety")) is met, text

    def test_a_cry_in_a_play_is_part_of_it(self, play):
        scene = [
            *greeted(until_s=40.0),
            *says(9.0, "I am rehearsing my lines"),
            *replies(11.0, "Good luck."),
            *says(15.0, "help help"),
        ]
        assert play(scene, 25.0).of("dialogue", "safety") == []


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
