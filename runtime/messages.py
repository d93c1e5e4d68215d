"""Wire messages: every struct that crosses a process boundary, as one tagged union.

Encoding is MessagePack by msgspec (`runtime.codec`). Each message is a frozen struct whose tag is the `type` key on the wire;
each carries the schema version, the sender's room and a session-monotonic time stamp, so that a recording of the
bus is a recording of the session. Limits live in the types: a decoder refuses negative times, NaN, over-long text and
wrong buffer lengths with the field's name.

Units and frames: times in nanoseconds since the session's clock origin (`t_ns`), durations in the unit of the name's suffix,
angles in radians, lengths in metres; right-handed, y up, the agent faces +z and its left is +x (VRM 1.0). Audio is
signed 16-bit little-endian mono PCM. Arrays travel as little-endian float32 bytes with the shape given beside the field.

The orders of joints, fingers, visemes and expressions in these arrays are in `runtime.vocabulary`, the limits in
`runtime.limits`. This module has no behaviour and needs only msgspec; Python 3.10 is enough.
"""

from __future__ import annotations

from typing import Annotated, Literal, Union

from msgspec import Meta, Struct

from runtime.limits import (
    Angle,
    Count,
    ImageBytes,
    Label,
    Metres,
    Milliseconds,
    Number,
    PcmBytes,
    Rate,
    SignedUnit,
    Text,
    Timestamp,
    Unit,
)

SCHEMA_VERSION = 1
"""Version of this file's meaning. A message from a later schema is skipped and counted, never guessed at."""


class Message(Struct, frozen=True, kw_only=True, gc=False, tag_field="type"):
    """What every message carries.

    Attributes:
        schema: schema version of the sender.
        t_ns: session time at which the content was true (not when it was sent).
        source: room that sent it (`behavioral`, `cognitive`, `avatar`, `supervisor`, or an external client's name).
        seq: running number per source and message type; a gap means that something was lost on the way.
    """

    schema: Annotated[int, Meta(ge=1, le=2**31)] = SCHEMA_VERSION
    t_ns: Timestamp = 0
    source: Label = ""
    seq: Count = 0


# ---------------------------------------------------------------- streams (bounded, the oldest gives way)


class UserAudio(Message, frozen=True, kw_only=True, gc=False, tag="user_audio"):
    """One block of what the person's microphone heard; `t_ns` is the time of its first sample."""

    pcm: PcmBytes
    sample_rate_hz: Rate = 16_000
    index: Count = 0


class UserVideo(Message, frozen=True, kw_only=True, gc=False, tag="user_video"):
    """One JPEG frame from the person's camera."""

    jpeg: ImageBytes
    index: Count = 0


class AgentAudio(Message, frozen=True, kw_only=True, gc=False, tag="agent_audio"):
    """One piece of the agent's voice; `t_ns` is the time at which its first sample is to be heard.

    Pieces of a response whose id has been interrupted are stale and must be dropped by every player.
    """

    pcm: PcmBytes
    sample_rate_hz: Rate
    response_id: Label
    offset_samples: Count = 0


class VadFrame(Message, frozen=True, kw_only=True, gc=False, tag="vad_frame"):
    """Speech probability of one 32 ms block of the person's audio.

    `own_voice` is how much of the block the agent's own voice explains; the probability is already lowered for it.
    """

    probability: Unit
    speaking: bool
    level_dbfs: Number = -120.0
    own_voice: Unit = 0.0


class MotionFrame(Message, frozen=True, kw_only=True, gc=False, tag="motion_frame"):
    """The whole body at one tick, as it was really sent to the embodiment; `t_ns` is the scheduled time of the tick.

    Attributes:
        index: frame number from 0 without gaps.
        rotations: float32 [22, 4], local rotations as quaternions x, y, z, w in the order of `BODY_JOINTS`.
        hips_m: translation of the hips from their rest position, metres.
        hands: float32 [2, 6], left then right hand's shape code in the order of `FINGERS`.
        eyes_rad: yaw (left positive) and pitch (up positive) of both eyes relative to the head.
        blink: closure of the left and right lid, 0 open to 1 closed.
        visemes: float32 [15] weights in the order of `VISEMES`.
        expression: float32 [5] weights in the order of `EXPRESSIONS`.
        response_id: the reply that this motion belongs to, or empty.
        intention_ids: intentions that shape this frame.
        lateness_ms: how long after its scheduled time the frame left.
    """

    index: Count
    rotations: Annotated[bytes, Meta(min_length=352, max_length=352)]
    hips_m: tuple[Metres, Metres, Metres] = (0.0, 0.0, 0.0)
    hands: Annotated[bytes, Meta(min_length=48, max_length=48)] = bytes(48)
    eyes_rad: tuple[Angle, Angle] = (0.0, 0.0)
    blink: tuple[Unit, Unit] = (0.0, 0.0)
    visemes: Annotated[bytes, Meta(min_length=60, max_length=60)] = bytes(60)
    expression: Annotated[bytes, Meta(min_length=20, max_length=20)] = bytes(20)
    response_id: Label = ""
    intention_ids: Annotated[tuple[Label, ...], Meta(max_length=16)] = ()
    lateness_ms: Milliseconds = 0.0


# ---------------------------------------------------------------- events: what was perceived


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
    evidence: dict[Label, Number] = {}


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


# ---------------------------------------------------------------- events: what the agent does


class SpeechTiming(Struct, frozen=True, gc=False):
    """One word or phoneme of the agent's clause, milliseconds from the start of the clause's audio."""

    text: Label
    start_ms: Milliseconds
    end_ms: Milliseconds


class AgentSpeech(Message, frozen=True, kw_only=True, gc=False, tag="agent_speech"):
    """One clause of the agent's reply: planned (audio made), started, paused, resumed, finished or interrupted.

    A clause that is made while it plays is planned with estimated times at its first sound, and once more when all of it is known.
    On `planned` and `started`, `t_ns` is when the first sample is to be heard. On `interrupted`, `heard` is the part of the
    text that the person really heard. On `paused`, `t_ns` is when the voice is silent: players drop what they were handed for
    later; on `resumed`, it is when the clause goes on, a little before the place where it broke off, and `duration_ms` is what is left
    of it. Each `paused` of a response that goes on is followed by one, also where the next clause is still to be made. Clauses that a
    pause has moved are planned once more, words and visemes on the clock of what is heard. A filler that a pause gives up is
    `interrupted`, without text.
    """

    state: Literal["planned", "started", "paused", "resumed", "finished", "interrupted"]
    response_id: Label
    clause: Count = 0
    text: Text = ""
    heard: Text = ""
    duration_ms: Milliseconds = 0.0
    words: Annotated[tuple[SpeechTiming, ...], Meta(max_length=512)] = ()
    visemes: Annotated[tuple[SpeechTiming, ...], Meta(max_length=2_048)] = ()


class Playback(Message, frozen=True, kw_only=True, gc=False, tag="playback"):
    """A player's report of what of a response has really come out of the loudspeaker."""

    response_id: Label
    played_ms: Milliseconds
    finished: bool = False


class BodyAct(Message, frozen=True, kw_only=True, gc=False, tag="body_act"):
    """The body began or ended a nameable act: nod, gesture, gaze aversion, blink, vocal continuer, expression."""

    state: Literal["started", "ended"]
    act: Label
    act_id: Label
    reason: Label = ""
    duration_ms: Milliseconds = 0.0
    intention_id: Label = ""


# ---------------------------------------------------------------- intentions

IntentionKind = Literal["dialogue", "gesture", "gaze", "expression", "posture", "locomotion", "attention"]
IntentionState = Literal["accepted", "started", "finished", "superseded", "expired", "rejected", "cancelled"]
FINAL_STATES: frozenset[str] = frozenset({"finished", "superseded", "expired", "rejected", "cancelled"})


class Timing(Struct, frozen=True, gc=False):
    """When an intention wants to begin: at once, when the current turn ends, or at a word of the agent's speech."""

    when: Literal["now", "turn_end", "at_word"] = "now"
    word: Label = ""
    earliest_ns: Timestamp = 0


class Target(Struct, frozen=True, gc=False):
    """What an intention is directed at: a person, a named thing, or a direction (yaw left positive, pitch up positive)."""

    person_id: Label = ""
    name: Label = ""
    direction_rad: Union[tuple[Angle, Angle], None] = None  # noqa: UP007 - evaluated by msgspec on Python 3.10 as well


class Evidence(Struct, frozen=True, gc=False):
    """One observation that an intention rests on."""

    t_ns: Timestamp
    kind: Label
    detail: Label = ""
    weight: Number = 1.0


class Intention(Message, frozen=True, kw_only=True, gc=False, tag="intention"):
    """What the slow system, an operator or an outside client wants the fast one to do.

    Attributes:
        id: chosen by the sender, unique; sending it again is harmless.
        kind: the channel that it speaks to.
        content: free text; for `dialogue` the words to say.
        label: optional name from the gesture lexicon, expression or posture list.
        target: whom or what it is about.
        timing: when it wants to begin.
        created_ns: session time of creation; 0 means on receipt.
        valid_until_ns: session time after which it must not begin any more; 0 means the receiver's default for its kind.
        priority: 0 (lowest) to 9 (safety).
        strength: 0 to 1, scales amplitude or emphasis.
        parameters: further numbers by name (side: -1 right, 1 left; duration_s; amplitude).
        turn_id: the turn that it was based on.
        evidence: what it rests on.
        trigger: trigger type (`social_protocol`, `visual_change`, `user_intent`, `conversation_state`, `emotional_need`, ...).
        score: the trigger's score when it was sent.
    """

    id: Annotated[str, Meta(min_length=1, max_length=128)]
    kind: IntentionKind
    content: Text = ""
    label: Label = ""
    target: Union[Target, None] = None  # noqa: UP007 - as above
    timing: Timing = Timing()
    created_ns: Timestamp = 0
    valid_until_ns: Timestamp = 0
    priority: Annotated[int, Meta(ge=0, le=9)] = 5
    strength: Unit = 1.0
    parameters: Annotated[dict[Label, Number], Meta(max_length=16)] = {}
    turn_id: Label = ""
    evidence: Annotated[tuple[Evidence, ...], Meta(max_length=32)] = ()
    trigger: Label = "external"
    score: Unit = 1.0


class IntentionCancel(Message, frozen=True, kw_only=True, gc=False, tag="intention_cancel"):
    """The sender no longer wants an intention: what waits is dropped, what goes on ends smoothly. Sending it again is harmless."""

    intention_id: Annotated[str, Meta(min_length=1, max_length=128)]
    reason: Label = ""


class IntentionAnswer(Message, frozen=True, kw_only=True, gc=False, tag="intention_answer"):
    """What became of an intention. Each is accepted or rejected once, and ends in exactly one final state.

    `frame` is the first motion frame that it shaped (on `started`), -1 where it shapes none.
    """

    intention_id: Label
    state: IntentionState
    reason: Label = ""
    frame: Annotated[int, Meta(ge=-1, le=2**53)] = -1
    superseded_by: Label = ""


# ---------------------------------------------------------------- events: the slow system and the house


class TriggerScore(Struct, frozen=True, gc=False):
    """One trigger type's score in a cognitive cycle beside the threshold that it was held against."""

    trigger: Label
    score: Unit
    threshold: Unit
    reason: Label = ""


class CognitiveCycle(Message, frozen=True, kw_only=True, gc=False, tag="cognitive_cycle"):
    """One cycle of the slow loop: what was scored, what was decided, and why nothing was done if nothing was."""

    cycle: Count
    duration_ms: Milliseconds
    scores: Annotated[tuple[TriggerScore, ...], Meta(max_length=32)] = ()
    intention_ids: Annotated[tuple[Label, ...], Meta(max_length=32)] = ()
    restraint: Label = ""
    memory_bytes: Count = 0
    memory: dict[Label, Text] = {}


class Fact(Message, frozen=True, kw_only=True, gc=False, tag="fact"):
    """Something about a person that the dialogue found worth remembering, for the slow system's memory."""

    text: Annotated[str, Meta(min_length=1, max_length=300)]
    person_id: Label = ""


class PersonIdentity(Message, frozen=True, kw_only=True, gc=False, tag="person_identity"):
    """Whoever has this track id in the session is `known_as`: a name that stays the same over sessions.

    Sent by a face recogniser, a robot's person database, or a page whose viewer has said who they are. It links; it consents to nothing.
    """

    person_id: Label
    known_as: Annotated[str, Meta(min_length=1, max_length=128)]
    confidence: Unit = 1.0


class MemoryConsent(Message, frozen=True, kw_only=True, gc=False, tag="memory_consent"):
    """A person has agreed to be remembered beyond this session, or has withdrawn that: then everything is deleted at once.

    `person_id` is the track id; empty means whom the agent talks with. With `known_as` the person is linked as by `PersonIdentity`; a
    withdrawal with `known_as` alone concerns somebody who need not be here. Consent to a recording (`Viewer`) is another matter.
    """

    state: Literal["given", "withdrawn"]
    person_id: Label = ""
    known_as: Label = ""


class SafetyDecision(Message, frozen=True, kw_only=True, gc=False, tag="safety_decision"):
    """Something of the agent's was refused, or passed although a rule speaks against it (mode `research`), or two senses disagree.

    Carries no words of anybody: what it was about is found by `about`, the id of a response, an intention or a person.

    Attributes:
        decision: `refused`, `passed` with a note, or `asked`: senses disagree, and the agent asks instead of acting on either.
        rule: category of the rule (`runtime.safety`), or kind of the contradiction.
        where: the part that decided: `voice`, `plan`, `senses`.
        mode: of the session.
        evidence: what it rests on, of a contradiction.
    """

    decision: Literal["refused", "passed", "asked"]
    rule: Label
    where: Label
    about: Label = ""
    mode: Literal["strict", "default", "research"] = "default"
    evidence: Annotated[tuple[Evidence, ...], Meta(max_length=16)] = ()


class Knowledge(Message, frozen=True, kw_only=True, gc=False, tag="knowledge"):
    """What the slow system knows, for whoever talks: sent when it changes, and again now and then for rooms that came later.

    `persona`: who the agent is. `person`: whom it talks with. `facts`: about that person, the newest last. `situation`: what is going on.
    `manner`: how the agent carries itself in it. `child`: whether a child is here.
    """

    persona: Text = ""
    person: Text = ""
    facts: Annotated[tuple[Text, ...], Meta(max_length=32)] = ()
    situation: Text = ""
    manner: Text = ""
    child: bool = False


class Heartbeat(Message, frozen=True, kw_only=True, gc=False, tag="heartbeat"):
    """A room is alive; `hears` names the rooms whose heartbeat it has received, `counters` its running totals."""

    pid: Count
    status: Literal["starting", "ok", "degraded"] = "ok"
    detail: Label = ""
    rss_mb: Number = 0.0
    hears: Annotated[tuple[Label, ...], Meta(max_length=64)] = ()
    counters: dict[Label, Number] = {}


class Span(Message, frozen=True, kw_only=True, gc=False, tag="span"):
    """A named stretch of time on the way from input to output; `t_ns` is its end. No user content in attributes."""

    name: Label
    duration_ms: Milliseconds
    attributes: dict[Label, Number] = {}


class SessionControl(Message, frozen=True, kw_only=True, gc=False, tag="session_control"):
    """The session started (media time zero is `t_ns`), its input finished, or it is to stop."""

    action: Literal["start", "finished", "stop"]
    reason: Label = ""


AnyMessage = Union[  # noqa: UP007 - a runtime union for msgspec on Python 3.10
    UserAudio,
    UserVideo,
    AgentAudio,
    VadFrame,
    MotionFrame,
    UserSpeech,
    Word,
    RecognisedSpeech,
    TypedText,
    Turn,
    TurnDecision,
    PersonPercept,
    PersonAct,
    VisualChange,
    AffectPercept,
    WorldEvent,
    Viewer,
    AgentSpeech,
    Playback,
    BodyAct,
    Intention,
    IntentionCancel,
    IntentionAnswer,
    CognitiveCycle,
    Fact,
    PersonIdentity,
    MemoryConsent,
    SafetyDecision,
    Knowledge,
    Heartbeat,
    Span,
    SessionControl,
]
"""Everything that may travel; the codec decodes into this union."""
