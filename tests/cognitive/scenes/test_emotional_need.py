"""Sad and glad people, as scenes: what is a sign of a feeling, and when it is answered."""

from __future__ import annotations

from runtime import messages as m
from tests.cognitive.scenes.script import greeted, replies, says


class TestEmotionalNeed:
    def test_sad_words_are_answered_with_comfort_and_its_evidence(self, play):
        record = play(greeted() + says(20.0, "I feel so sad today, my dog died") + replies(22.0, "I see."), 32.0)
        comfort = record.of("dialogue", "emotional_need")
        assert len(comfort) == 1 and 23.5 <= comfort[0][0] <= 30
        assert any("word:sad" in item.detail for item in comfort[0][1].evidence)
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

    def test_a_feeling_is_noted_once_and_in_words(self, play):
        felt = m.AffectPercept(valence=-0.7, arousal=-0.2, confidence=0.7, cues=("word:sad", "voice:level-"))
        record = play(greeted() + says(20.0, "I feel sad today") + [(21.6, felt)] + replies(22.0, "Oh dear."), 30.0)
        notes = [note for known in record.knowledge for note in known.facts if "sad" in note]
        assert set(notes) - {"said: I feel sad today"} in (
            {"seemed very unhappy (said “sad”)"},
            {"seemed unhappy (said “sad”)"},
        )
