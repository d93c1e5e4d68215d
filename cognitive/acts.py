"""What the agent can do of its own accord: each act as steps over the channels, in one table.

An act names sentences by key (they stand in the persona file), gestures and postures by lexicon label with a free-text description
beside it, so that a body without that label still knows what is meant. `delay_s` is from the start of the plan, `valid_s` how long a
step may still begin after its time, `duration_s` how long it lasts where it is held. Amplitudes are design choices.
"""

from __future__ import annotations

from dataclasses import dataclass

from runtime.messages import IntentionKind


@dataclass(frozen=True, slots=True)
class Step:
    """One intention of a plan. For `dialogue`, `content` is the key of the sentences; else free text for the body."""

    kind: IntentionKind
    content: str
    label: str = ""
    delay_s: float = 0.0
    valid_s: float = 4.0
    duration_s: float = 0.0
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Act:
    """One act: how urgent it is (0 to 9; 9 is safety, operators use 8) and its steps."""

    priority: int
    steps: tuple[Step, ...]

    @property
    def speaks(self) -> bool:
        """Whether it needs the floor."""
        return any(step.kind == "dialogue" for step in self.steps)


# Gaze and attention both turn the eyes: an act has one of the two.


def _look(duration_s: float = 3.0) -> Step:
    return Step("gaze", "look at the person", "person", duration_s=duration_s)


def _say(key: str, delay_s: float = 0.0) -> Step:
    return Step("dialogue", key, delay_s=delay_s)


_WAVE = Step("gesture", "raise the right hand and wave", "wave", valid_s=3.0)
_WAVE_BYE = Step("gesture", "wave goodbye", "farewell", valid_s=3.0)
_SMILE = Step("expression", "smile warmly", "happy", duration_s=3.0, strength=0.6)

ACTS: dict[str, Act] = {
    "greet": Act(6, (_look(), _WAVE, _SMILE, _say("greeting", 0.3))),
    "greet_again": Act(6, (_look(), _WAVE, _SMILE, _say("greeting_again", 0.3))),
    "greet_newcomer": Act(6, (_look(), _WAVE, _SMILE, _say("greeting_newcomer", 0.3))),
    "return_greeting": Act(6, (_look(), _WAVE, _SMILE)),
    "farewell": Act(7, (_look(2.0), _WAVE_BYE, _SMILE, _say("farewell", 0.2))),
    "see_off": Act(6, (_WAVE_BYE, _say("see_off"))),
    "offer_help": Act(
        6,
        (
            Step("attention", "attend to the person who needs something", "person", duration_s=6.0),
            Step("posture", "lean towards the person", "lean_in", duration_s=4.0, strength=0.5),
            Step("gesture", "open both hands in an offer", "offer", delay_s=0.2, strength=0.7),
            _say("offer_help", 0.2),
        ),
    ),
    "apologise_unanswered": Act(
        6,
        (
            _look(4.0),
            Step("gesture", "apologise with an open hand", "apologise", strength=0.5),
            _say("unanswered", 0.2),
        ),
    ),
    "comfort": Act(
        6,
        (
            _look(6.0),
            Step("expression", "look concerned and warm", "sad", duration_s=5.0, strength=0.5),
            Step("posture", "lean towards the person", "lean_in", duration_s=6.0, strength=0.6),
            Step("gesture", "lay a hand on the heart", "hand_on_heart", delay_s=0.3, strength=0.5),
            _say("comfort", 0.4),
        ),
    ),
    "celebrate": Act(
        5,
        (
            _look(4.0),
            Step("expression", "beam with joy", "happy", duration_s=4.0),
            Step("gesture", "raise both hands in joy", "celebrate", strength=0.9),
            _say("celebrate", 0.2),
        ),
    ),
    "ask": Act(
        4,
        (
            _look(4.0),
            Step("gesture", "turn an open palm to the person", "offer", delay_s=0.3, strength=0.6),
            _say("silence_question", 0.2),
        ),
    ),
    "repeat_question": Act(
        4,
        (
            _look(4.0),
            Step("posture", "lean towards the person", "lean_in", duration_s=3.0, strength=0.4),
            _say("question_unanswered", 0.2),
        ),
    ),
    "clarify": Act(
        5,
        (
            _look(4.0),
            Step("posture", "lean towards the person", "lean_in", duration_s=3.0, strength=0.4),
            _say("clarify", 0.2),
        ),
    ),
    "rephrase": Act(
        5,
        (
            _look(4.0),
            Step("gesture", "open a hand to explain anew", "offer", delay_s=0.2, strength=0.5),
            _say("rephrase", 0.2),
        ),
    ),
    "set_right": Act(
        5, (_look(4.0), Step("gesture", "point the way", "this", delay_s=0.2, strength=0.5), _say("set_right", 0.2))
    ),
    "remind_belongings": Act(
        6, (_look(4.0), Step("gesture", "raise a hand to stop the person", "offer"), _say("remind_belongings"))
    ),
    "keep_promise": Act(6, (_look(4.0), _say("keep_promise", 0.2))),
    "keep_promise_plain": Act(6, (_look(4.0), _say("keep_promise_plain", 0.2))),
    "warn": Act(
        9,
        (
            Step("attention", "attend to the danger", "direction", duration_s=6.0),
            Step("expression", "look alarmed", "surprised", duration_s=3.0, strength=0.7),
            _say("warn"),
        ),
    ),
    "help": Act(
        9,
        (
            Step("attention", "attend to the person in need", "person", duration_s=8.0),
            Step("posture", "lean towards the person", "lean_in", duration_s=6.0, strength=0.6),
            _say("help"),
        ),
    ),
    "check_on": Act(
        9,
        (
            _look(8.0),
            Step("expression", "look concerned and warm", "sad", duration_s=5.0, strength=0.5),
            _say("check_on", 0.2),
        ),
    ),
    "remark": Act(
        3,
        (
            Step("gaze", "look at what happened", "direction", duration_s=2.0),
            Step("expression", "look surprised", "surprised", duration_s=1.5, strength=0.4),
            _say("remark", 0.3),
        ),
    ),
    "glance": Act(2, (Step("attention", "glance at what moved", "direction", duration_s=1.0, strength=0.5),)),
}
"""Every act by name; the names are what reasoners propose."""

SENTENCE_KEYS: tuple[str, ...] = tuple(
    sorted({step.content for act in ACTS.values() for step in act.steps if step.kind == "dialogue"})
)
"""The keys that a persona has sentences for."""

DEFAULT_SENTENCES: dict[str, tuple[str, ...]] = {
    "check_on": (
        "I want to be sure that you are safe. How are you, really?",
        "I am a little worried about you. Are you all right, or shall I get somebody?",
    ),
}
"""Sentences of keys that a persona file may leave out."""
