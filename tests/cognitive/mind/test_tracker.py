"""What people do and say moves what is taken to be in their minds."""

from __future__ import annotations

import msgspec

from cognitive.mind import tracker
from cognitive.mind.person import MindView, PersonMind
from cognitive.perceive import perceive
from cognitive.scene import Scene
from runtime import messages as m

S = 10**9


class Watcher:
    """A scene and the minds in it, half a second at a time."""

    def __init__(self) -> None:
        self.scene, self.minds, self.now_ns = Scene(), {}, 0

    def goes_on(self, seconds: float, *messages: m.Message, **looks: object) -> MindView:
        """Let time pass with Anna in view; the messages come first."""
        waiting = list(messages)
        for _ in range(round(2 * seconds)):
            self.now_ns += S // 2
            percept = m.PersonPercept(state="present", person_id="anna", t_ns=self.now_ns, gaze_confidence=0.7, **looks)
            now = [msgspec.structs.replace(message, t_ns=self.now_ns) for message in waiting] + [percept]
            waiting = []
            for message in now:
                perceive(self.scene, message, self.now_ns)
            tracker.update(self.minds, self.scene, now, self.now_ns)
        return self.minds["anna"].view(self.now_ns)

    def agent_says(self, text: str) -> None:
        for message in (
            m.AgentSpeech(state="started", response_id=text, text=text, duration_ms=100, t_ns=self.now_ns),
            m.AgentSpeech(state="finished", response_id=text, t_ns=self.now_ns),
        ):
            perceive(self.scene, message, self.now_ns)


AT_AGENT = {"gaze_target": "agent", "facing": 0.9}
AT_PHONE = {"gaze_target": "object", "gaze_name": "phone", "facing": 0.3}


def said(text: str, **more: object) -> m.Turn:
    return m.Turn(state="ended", speaker="user", turn_id=text, text=text, **more)


def test_eyes_on_the_agent_are_attention_to_it_for_as_long_as_they_stay() -> None:
    watcher = Watcher()
    view = watcher.goes_on(5.0, **AT_AGENT)
    assert view.attending == "agent" and 3.5 <= view.agent_attention_s <= 5.0 and view.attention["agent"] > 0.8
    view = watcher.goes_on(3.0, **AT_PHONE)
    assert view.attending == "object" and view.agent_attention_s == 0.0 and 1.0 <= view.since_agent_attention_s <= 3.0


def test_a_glance_does_not_take_attention_away_at_once() -> None:
    watcher = Watcher()
    watcher.goes_on(10.0, **AT_AGENT)
    assert watcher.goes_on(0.5, gaze_target="away", facing=0.2).attending == "agent"


def test_without_a_gaze_the_face_has_to_do() -> None:
    assert Watcher().goes_on(3.0, facing=1.0).attending == "agent"
    assert Watcher().goes_on(3.0, facing=0.1).attending != "agent"


def test_who_says_that_they_do_not_follow_is_confused_and_who_sees_is_not() -> None:
    watcher = Watcher()
    before = watcher.goes_on(2.0, **AT_AGENT).confusion
    lost = watcher.goes_on(1.0, said("I don't understand what you mean"), **AT_AGENT)
    assert before < 0.1 < 0.5 < lost.confusion and "not understood" in lost.why("confusion")
    assert watcher.goes_on(1.0, said("ah okay, I see"), **AT_AGENT).confusion < 0.3


def test_a_question_asked_again_is_a_sign_that_it_was_not_answered() -> None:
    watcher = Watcher()
    watcher.goes_on(1.0, **AT_AGENT)
    first = watcher.goes_on(1.0, said("where is the lift to the second floor"), **AT_AGENT).confusion
    watcher.agent_says("There are two lifts in this building, and both are new.")
    again = watcher.goes_on(1.0, said("but where is the lift to the second floor"), **AT_AGENT)
    assert again.confusion > 3 * first and "asks again" in again.why("confusion")


def test_face_and_voice_together_tell_more_than_one_of_them() -> None:
    voice = m.AffectPercept(valence=-0.7, arousal=0.2, confidence=0.7, person_id="anna", cues=("voice",))
    face_only = Watcher().goes_on(5.0, valence=-0.6, **AT_AGENT)
    voice_only = Watcher().goes_on(5.0, voice, **AT_AGENT)
    both = Watcher().goes_on(5.0, voice, valence=-0.6, **AT_AGENT)
    assert both.valence < face_only.valence < -0.1 and both.valence < voice_only.valence < -0.1
    assert both.valence_sd < face_only.valence_sd


def test_feelings_of_a_film_are_not_the_viewers() -> None:
    views = []
    for text in ("I am so sad I nearly cried", "the film was so sad I nearly cried"):
        watcher = Watcher()
        watcher.goes_on(1.0, **AT_AGENT)
        views.append(watcher.goes_on(1.0, said(text), **AT_AGENT))
    own, told = views
    assert own.valence < -0.25 < told.valence


def test_steps_away_and_leave_taking_show_the_wish_to_go() -> None:
    watcher = Watcher()
    assert watcher.goes_on(3.0, distance_m=1.0, **AT_AGENT).wish_to_leave < 0.1
    assert watcher.goes_on(1.0, distance_m=2.5, **AT_AGENT).wish_to_leave > 0.3
    leaving = watcher.goes_on(1.0, said("well I have to go now"), distance_m=2.5, **AT_AGENT)
    assert leaving.wish_to_leave > 0.8 and "takes leave" in leaving.why("wish_to_leave")


def test_words_for_somebody_else_are_no_engagement_with_the_agent() -> None:
    aside = Watcher().goes_on(1.0, said("did you lock the door", person_id="anna", addressed=0.1), **AT_AGENT)
    spoken = Watcher().goes_on(1.0, said("did you lock the door", person_id="anna", addressed=0.9), **AT_AGENT)
    assert spoken.engagement > 0.6 > aside.engagement


def test_minds_are_saved_and_come_back_as_they_were() -> None:
    watcher = Watcher()
    watcher.goes_on(3.0, said("what do you mean"), **AT_AGENT)
    again = msgspec.json.decode(msgspec.json.encode(watcher.minds), type=dict[str, PersonMind])
    assert again["anna"].view(watcher.now_ns) == watcher.minds["anna"].view(watcher.now_ns)


def test_a_day_of_people_leaves_a_bounded_number_of_minds() -> None:
    scene, minds = Scene(), {}
    for number in range(200):
        now_ns = (number + 1) * 100 * S
        percept = m.PersonPercept(state="arrived", person_id=f"p{number}", t_ns=now_ns)
        perceive(scene, percept, now_ns)
        tracker.update(minds, scene, [percept], now_ns)
    assert len(minds) <= tracker.MINDS_MAX
