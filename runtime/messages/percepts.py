"""Events: what was perceived of people and of the room."""

from __future__ import annotations

from typing import Annotated, Literal, Union

from msgspec import Meta, field

from runtime.limits import Angle, Count, Label, Metres, Milliseconds, Number, SignedUnit, Text, Timestamp, Unit
from runtime.messages.base import Message


class UserSpeech(Message, frozen=True, kw_only=True, gc=False, tag="user_speech"):
    """The person began or stopped speaking, by VAD with hysteresis; `t_ns` is the onset or offset itself."""

    state: Literal["started", "ended"]
    probability: Unit = 1.0


class Word(Message, frozen=True, kw_only=True, gc=False, tag="word"):
    """A revisable unit of recognition: added as a hypothesis, later revoked or committed (retico's IU model).

    `start_ns` and `end_ns` are session times. A revoke or commit names the unit that was added.
    """

    op: Literal["add", "revoke", "commit"]
    unit_id: Label
    text: Label = ""
    start_ns: Timestamp = 0
    end_ns: Timestamp = 0
    confidence: Unit = 0.5
    turn_id: Label = ""
    person_id: Label = ""


class RecognisedSpeech(Message, frozen=True, kw_only=True, gc=False, tag="recognised_speech"):
    """Speech that was recognised elsewhere (a robot's recogniser, a simulated person), for a session with audio `recognised`.

    It began, its words so far have changed (`text` is all of them), or it ended with these words.
    """

    state: Literal["started", "words", "ended"]
    text: Text = ""
    confidence: Unit = 0.9


class TypedText(Message, frozen=True, kw_only=True, gc=False, tag="typed_text"):
    """The person typed instead of speaking; equal in rank to a committed utterance."""

    text: Text
    person_id: Label = ""


class Turn(Message, frozen=True, kw_only=True, gc=False, tag="turn"):
    """A turn of the person or the agent began or ended.

    Attributes:
        speaker: whose turn.
        turn_id: same id on start and end.
        text: on the end, what was said; for the agent, what was really heard of it by the person.
        start_ns: when the turn began.
        end_ns: on the end, when its last speech ended (earlier than `t_ns`, which is the decision).
        interrupted: on the end of an agent turn, whether the person stopped it.
        person_id: on the end of a person's turn, who spoke, where vision knows it; empty otherwise.
        addressed: on the end of a person's turn, the probability that it was for the agent; None where nobody else was in view
            for whom it could have been.
    """

    state: Literal["started", "ended"]
    speaker: Literal["user", "agent"]
    turn_id: Label
    text: Text = ""
    start_ns: Timestamp = 0
    end_ns: Timestamp = 0
    interrupted: bool = False
    person_id: Label = ""
    addressed: Union[Unit, None] = None  # noqa: UP007 - evaluated by msgspec on Python 3.10 as well


class TurnDecision(Message, frozen=True, kw_only=True, gc=False, tag="turn_decision"):
    """One decision of the turn-taking, with the evidence that it rests on (names to values).

    Attributes:
        decision: about the person's turn that goes on (`hold`) or is over (`end_of_turn`); about speech over the agent's voice
            (`duck`, `pause`, `stop`, `resume`, `backchannel`, which is also a nod); with several people in view, whether the agent
            takes a turn that is over (`answer`, `stay_out`) or first gives others the time to (`wait`).
        turn_id: the person's turn, or the agent's response that was spoken or nodded over.
        person_id: who spoke or nodded, where vision knows it.
    """

    decision: Literal[
        "end_of_turn", "hold", "backchannel", "duck", "pause", "stop", "resume", "answer", "wait", "stay_out"
    ]
    turn_id: Label = ""
    person_id: Label = ""
    evidence: dict[Label, Number] = field(default_factory=dict)


GazeTarget = Literal["agent", "other", "object", "away"]


class PersonPercept(Message, frozen=True, kw_only=True, gc=False, tag="person_percept"):
    """A person was seen to arrive, be present (about once a second, and where gaze or speaking changes) or leave.

    Angles of the head and of the gaze are 0 towards the camera; yaw is positive to the person's own left, pitch up, roll to the
    own right shoulder. None: this engine, or this picture, does not tell.

    Attributes:
        box: x, y, width, height as shares of the picture.
        bearing_rad: yaw (agent's left positive) and pitch (up positive) towards the face, from the camera's field of view.
        facing: how much the person faces the agent.
        head_rad: yaw, pitch, roll of the head.
        gaze_rad: yaw and pitch of the line of sight.
        gaze_target: what is looked at, with `gaze_confidence`, since `gaze_since_ns`; `gaze_name` is the other person's id or
            the object's name.
        mouth_open: gap of the lips, 1 at half the distance of the outer eye corners.
        mouth_moving: probability that the mouth moves as in speech.
        eyes_open: 0 closed, 1 as open as this person's eyes usually are.
        valence: proxy from the mouth's corners and the brows; says what the face shows, not what is felt.
    """

    state: Literal["arrived", "present", "left"]
    person_id: Label
    box: tuple[Unit, Unit, Unit, Unit] = (0.0, 0.0, 0.0, 0.0)
    bearing_rad: tuple[Angle, Angle] = (0.0, 0.0)
    confidence: Unit = 1.0
    facing: Unit = 1.0
    head_rad: Union[tuple[Angle, Angle, Angle], None] = None  # noqa: UP007 - evaluated by msgspec on Python 3.10 as well
    gaze_rad: Union[tuple[Angle, Angle], None] = None  # noqa: UP007
    gaze_target: Union[GazeTarget, None] = None  # noqa: UP007
    gaze_name: Label = ""
    gaze_confidence: Unit = 0.0
    gaze_since_ns: Timestamp = 0
    distance_m: Union[Metres, None] = None  # noqa: UP007
    mouth_open: Union[Unit, None] = None  # noqa: UP007
    mouth_moving: Union[Unit, None] = None  # noqa: UP007
    eyes_open: Union[Unit, None] = None  # noqa: UP007
    smile: Union[Unit, None] = None  # noqa: UP007
    valence: Union[SignedUnit, None] = None  # noqa: UP007


class PersonAct(Message, frozen=True, kw_only=True, gc=False, tag="person_act"):
    """A person was seen to nod, shake the head (from the first cycle to the last) or blink (told once, as ended).

    Attributes:
        t_ns: when it was noticed; it began `duration_ms` (and up to half a second) earlier.
        count: cycles so far (nods, shakes) or 1.
        amplitude_rad: largest swing of the head from one turning point to the next.
        duration_ms: from the first movement to the last; for a blink, how long the eyes were shut.
    """

    state: Literal["started", "ended"]
    act: Literal["nod", "shake", "blink"]
    person_id: Label
    count: Count = 1
    amplitude_rad: Angle = 0.0
    duration_ms: Milliseconds = 0.0
    confidence: Unit = 1.0


class VisualChange(Message, frozen=True, kw_only=True, gc=False, tag="visual_change"):
    """Something in the picture changed beyond what a still scene does."""

    magnitude: Unit
    what: Literal["motion", "person", "light", "object"] = "motion"
    bearing_rad: tuple[Angle, Angle] = (0.0, 0.0)


class AffectPercept(Message, frozen=True, kw_only=True, gc=False, tag="affect_percept"):
    """How the person seems to feel, from words and voice; `cues` names what it rests on."""

    valence: SignedUnit
    arousal: SignedUnit
    confidence: Unit = 0.5
    person_id: Label = ""
    cues: Annotated[tuple[Label, ...], Meta(max_length=16)] = ()


class WorldEvent(Message, frozen=True, kw_only=True, gc=False, tag="world_event"):
    """Something happened in the room that is neither a person nor a mere change of the picture: a thing put away, an alarm, a fall.

    Sent by whatever perceives it: a vision model, a robot's world model, a scenario, an operator.

    Attributes:
        text: one sentence; what is written in the controlled language (`docs/controlled-language.md`) can be reasoned about.
        kind: what it is about. `hazard` means that somebody may come to harm.
        seen_by: ids of the people who noticed; None where nobody says so: then all who are here and awake to it.
        confidence: of the perception.
        bearing_rad: where.
    """

    text: Annotated[str, Meta(min_length=1, max_length=300)]
    kind: Literal["event", "hazard"] = "event"
    seen_by: Union[Annotated[tuple[Label, ...], Meta(max_length=32)], None] = None  # noqa: UP007 - evaluated by msgspec on 3.10
    confidence: Unit = 1.0
    bearing_rad: tuple[Angle, Angle] = (0.0, 0.0)


class Viewer(Message, frozen=True, kw_only=True, gc=False, tag="viewer"):
    """A page that shows the agent opened, closed, or switched its microphone or camera.

    `consented`: its person has agreed to be recorded. Where a session is recorded, nothing of a person is on the bus before.
    """

    state: Literal["joined", "consented", "microphone_on", "microphone_off", "camera_on", "camera_off", "left"]
    viewer_id: Label = ""
