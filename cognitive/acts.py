"""What the agent can do of its own accord: each act as steps over the channels, in one table.

An act names sentences by key (they stand in the persona file), gestures and postures by lexicon label with a free-text description
beside it, so that a body without that label still knows what is meant. Steps without `after` and `when` open the plan and are sent
together; the others unfold from it. `delay_s` is from the start of the plan (from where the step's wait ends), `valid_s` how long a step
may still begin after its time, `duration_s` how long it lasts where it is held. Amplitudes are design choices. How a running plan is
revised: `cognitive.revision`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from runtime.messages import IntentionKind


@dataclass(frozen=True, slots=True)
class Step:
    """One intention of a plan. For `dialogue`, `content` is the key of the sentences; else free text for the body.

    Attributes:
        name: for steps that wait for this one.
        after: the step of this name must have ended, and been done, before this one is sent.
        whatever: after it ended in any way: a body that cannot walk still talks.
        when: a condition of `cognitive.conditions` must hold before this step is sent.
        unless: conditions on which the step is dropped, or taken back, before it has begun.
        wait_s: so long it waits for `after` and `when`; 0 with `when` means now or never.
        stops_m: whoever is walked to is not come nearer than this.
        timing: of its intention; `at_word` names the first of `at_words` that the plan says, and is `now` where it says none.
    """

    kind: IntentionKind
    content: str
    label: str = ""
    delay_s: float = 0.0
    valid_s: float = 4.0
    duration_s: float = 0.0
    strength: float = 1.0
    name: str = ""
    after: str = ""
    whatever: bool = False
    when: str = ""
    unless: tuple[str, ...] = ()
    wait_s: float = 12.0
    timing: Literal["now", "turn_end", "at_word"] = "now"
    at_words: tuple[str, ...] = ()
    stops_m: float = 0.0

    @property
    def opens(self) -> bool:
        """Whether it is sent with the plan's begin."""
        return not self.after and not self.when


@dataclass(frozen=True, slots=True)
class Act:
    """One act.

    Attributes:
        priority: 0 to 9; 9 is safety, operators use 8.
        steps: in order.
        invites: it wants an answer, so that whether it was taken up says something.
        without_person: it goes on when the person leaves.
    """

    priority: int
    steps: tuple[Step, ...]
    invites: bool = False
    without_person: bool = False

    @property
    def speaks(self) -> bool:
        """Whether it needs the floor."""
        return any(step.kind == "dialogue" for step in self.steps)


# Gaze and attention both turn the eyes: an act has one of the two.


def _look(duration_s: float = 3.0) -> Step:
    return Step("gaze", "look at the person", "person", duration_s=duration_s)


def _say(key: str, delay_s: float = 0.0) -> Step:
    """Say something that stands whatever the person does meanwhile; it waits for the floor by itself."""
    return Step("dialogue", key, delay_s=delay_s, name="words")


def _offer(key: str, delay_s: float = 0.0) -> Step:
    """Say something that is pointless once the person speaks, or the fast system has: a question, a greeting, a remark."""
    unless = ("person_speaks", "agent_answered")
    return Step("dialogue", key, delay_s=delay_s, name="words", unless=unless, timing="turn_end")


def _at(step: Step, *words: str) -> Step:
    """Time a gesture with a word of what is said."""
    return replace(step, timing="at_word", at_words=words)


_COME_NEARER = Step("locomotion", "approach the person", "approach", when="person_far", wait_s=0.0, stops_m=1.5)
"""As far as talking distance; nearer only who asks for it is approached (`cognitive.safety`)."""
_MAKE_ROOM = Step("locomotion", "step back", "step_back", when="person_too_near", wait_s=0.0)
_TURN_TO = Step("locomotion", "turn to the person", "turn_to", valid_s=3.0)
_LISTEN = Step(
    "posture", "lean in and listen", "attentive", duration_s=4.0, strength=0.5, after="words", when="person_speaks",
    wait_s=15.0,
)  # fmt: skip
"""Who asked listens visibly when the answer comes."""


_WAVE = Step("gesture", "raise the right hand and wave", "wave", valid_s=3.0)
_WAVE_BYE = Step("gesture", "wave goodbye", "farewell", valid_s=3.0)
_SMILE = Step("expression", "smile warmly", "happy", duration_s=3.0, strength=0.6)

ACTS: dict[str, Act] = {
    "greet": Act(6, (_look(), _WAVE, _SMILE, _offer("greeting", 0.3), _MAKE_ROOM), invites=True),
    "greet_again": Act(6, (_look(), _WAVE, _SMILE, _offer("greeting_again", 0.3), _MAKE_ROOM), invites=True),
    "greet_newcomer": Act(6, (_look(), _WAVE, _SMILE, _offer("greeting_newcomer", 0.3), _TURN_TO), invites=True),
    "return_greeting": Act(6, (_look(), _WAVE, _SMILE)),
    "farewell": Act(7, (_look(2.0), _WAVE_BYE, _SMILE, _say("farewell", 0.2)), without_person=True),
    "see_off": Act(6, (_WAVE_BYE, _say("see_off")), without_person=True),
    "offer_help": Act(
        6,
        (
            Step("attention", "attend to the person who needs something", "person", duration_s=6.0),
            Step("posture", "lean towards the person", "lean_in", duration_s=4.0, strength=0.5),
            _at(Step("gesture", "open both hands in an offer", "offer", delay_s=0.2, strength=0.7), "help", "do"),
            _COME_NEARER,
            _offer("offer_help", 0.2),
            _LISTEN,
        ),
        invites=True,
    ),
    "apologise_unanswered": Act(
        6,
        (
            _look(4.0),
            _at(Step("gesture", "apologise with an open hand", "apologise", strength=0.5), "Sorry", "me"),
            _say("unanswered", 0.2),
            _LISTEN,
        ),
        invites=True,
    ),
    "comfort": Act(
        6,
        (
            _look(6.0),
            Step("expression", "look concerned and warm", "sad", duration_s=5.0, strength=0.5),
            Step("posture", "lean towards the person", "lean_in", duration_s=6.0, strength=0.6),
            _at(
                Step("gesture", "lay a hand on the heart", "hand_on_heart", delay_s=0.3, strength=0.5),
                "hard",
                "sorry",
                "hear",
            ),
            _COME_NEARER,
            _say("comfort", 0.4),
            Step(
                "gaze",
                "keep looking at the person while they tell",
                "person",
                duration_s=6.0,
                after="words",
                when="person_speaks",
                wait_s=15.0,
            ),
        ),
        invites=True,
    ),
    "celebrate": Act(
        5,
        (
            _look(4.0),
            Step("expression", "beam with joy", "happy", duration_s=4.0),
            Step("gesture", "raise both hands in joy", "celebrate", strength=0.9),
            _offer("celebrate", 0.2),
        ),
        invites=True,
    ),
    "ask": Act(
        4,
        (
            _look(4.0),
            _at(Step("gesture", "turn an open palm to the person", "offer", delay_s=0.3, strength=0.6), "you", "talk"),
            _offer("silence_question", 0.2),
            _LISTEN,
        ),
        invites=True,
    ),
    "repeat_question": Act(
        4,
        (
            _look(4.0),
            Step("posture", "lean towards the person", "lean_in", duration_s=3.0, strength=0.4),
            _offer("question_unanswered", 0.2),
            _LISTEN,
        ),
        invites=True,
    ),
    "clarify": Act(
        5,
        (
            _look(4.0),
            Step("posture", "lean towards the person", "lean_in", duration_s=3.0, strength=0.4),
            _offer("clarify", 0.2),
            _LISTEN,
        ),
        invites=True,
    ),
    "rephrase": Act(
        5,
        (
            _look(4.0),
            Step("gesture", "open a hand to explain anew", "offer", delay_s=0.2, strength=0.5),
            _offer("rephrase", 0.2),
            _LISTEN,
        ),
        invites=True,
    ),
    "set_right": Act(
        5, (_look(4.0), Step("gesture", "point the way", "this", delay_s=0.2, strength=0.5), _say("set_right", 0.2))
    ),
    "recall": Act(
        5, (_look(4.0), Step("gesture", "point the way", "this", delay_s=0.2, strength=0.5), _say("recall", 0.2))
    ),
    "answer": Act(6, (_look(4.0), _offer("answer", 0.2)), invites=True),
    "remind_belongings": Act(
        6, (_look(4.0), Step("gesture", "raise a hand to stop the person", "offer"), _say("remind_belongings"))
    ),
    "keep_promise": Act(6, (_look(4.0), _say("keep_promise", 0.2))),
    "keep_promise_plain": Act(6, (_look(4.0), _say("keep_promise_plain", 0.2))),
    "keep_promise_late": Act(6, (_look(4.0), _say("keep_promise_late", 0.2))),
    "keep_promise_late_plain": Act(6, (_look(4.0), _say("keep_promise_late_plain", 0.2))),
    "warn": Act(
        9,
        (
            Step("attention", "attend to the danger", "direction", duration_s=6.0),
            Step("expression", "look alarmed", "surprised", duration_s=3.0, strength=0.7),
            _say("warn"),
        ),
        without_person=True,
    ),
    "help": Act(
        9,
        (
            Step("attention", "attend to the person in need", "person", duration_s=8.0),
            Step("posture", "lean towards the person", "lean_in", duration_s=6.0, strength=0.6),
            _COME_NEARER,
            _say("help"),
        ),
        invites=True,
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
            _offer("remark", 0.3),
        ),
        without_person=True,
    ),
    "glance": Act(
        2,
        (Step("attention", "glance at what moved", "direction", duration_s=1.0, strength=0.5),),
        without_person=True,
    ),
}
"""Every act by name; the names are what reasoners propose."""

ACKNOWLEDGED: dict[str, str] = {
    "new": "I will remember you. Tell me to forget you whenever you like.",
    "session": "Thank you. Here I can keep that only until the end of this session.",
    "off": "Thank you. But here I keep nothing beyond this session.",
    "namesake": "I will remember you. I know somebody else of that name: have we met before?",
    "several": "I know several people of that name, so I cannot tell which one you are.",
    "forgotten": "I have forgotten you, as you wished.",
    "not_this": "I have deleted what you just said.",
    "crowd": "Several people are here, so I cannot tell whose wish that is. Please tell me alone.",
}
"""What the agent says when somebody's wish about being remembered has been dealt with, by what came of it."""
ACTS |= {
    f"memory_{finding}": Act(
        6, (_look(), Step("gesture", "nod", "yes", strength=0.5), _say(f"memory_{finding}", 0.2)), without_person=True
    )
    for finding in ACKNOWLEDGED
}

SENTENCE_KEYS: tuple[str, ...] = tuple(
    sorted({step.content for act in ACTS.values() for step in act.steps if step.kind == "dialogue"})
)
"""The keys that a persona has sentences for."""

DEFAULT_SENTENCES: dict[str, tuple[str, ...]] = {
    "recall": (
        "As you may remember, {topic}.",
        "You know this, but it is easily overlooked: {topic}.",
    ),
    "answer": ("{topic}",),
    "keep_promise_late": (
        "I promised you a word, and I am late with it: {topic}.",
        "Sorry, I am late with what I promised: {topic}.",
    ),
    "keep_promise_late_plain": (
        "I promised to tell you when it is time, and I am late. Sorry.",
        "The time was up a while ago. I had promised to say so, and I am late.",
    ),
    "check_on": (
        "I want to be sure that you are safe. How are you, really?",
        "I am a little worried about you. Are you all right, or shall I get somebody?",
    ),
    **{f"memory_{finding}": (words,) for finding, words in ACKNOWLEDGED.items()},
}
"""Sentences of keys that a persona file may leave out."""
