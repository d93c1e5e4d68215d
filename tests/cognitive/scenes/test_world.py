"""What happens in the room, as scenes: changes that are remarked on, and danger that is warned of."""

from __future__ import annotations

from runtime import messages as m
from tests.cognitive.scenes.script import greeted, replies, says


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

    def test_what_somebody_has_just_said_they_would_do_surprises_nobody(self, play):
        fall, change = m.WorldEvent(text="The curtain falls"), m.VisualChange(magnitude=0.9, what="motion")

        def remarks(words):
            scene = [*greeted(until_s=30.0), *says(8.0, words, 2.0), *replies(10.5, "All right.")]
            record = play([*scene, (14.0, fall), (14.0, change)], 20.0)
            return [i for _, i in record.intentions if i.trigger == "visual_change"]

        assert remarks("what a lovely curtain") and not remarks("I'll let the curtain drop")

    def test_an_empty_room_has_nobody_to_remark_to(self, play):
        change = m.VisualChange(magnitude=0.9, what="light", bearing_rad=(0.5, 0.1))
        assert play([(10.0, change)], 20.0).intentions == []


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
