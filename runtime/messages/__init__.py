"""Wire messages: every struct that crosses a process boundary, as one tagged union.

Encoding is MessagePack by msgspec (`runtime.codec`). Each message is a frozen struct whose tag is the `type` key on the wire;
each carries the schema version, the sender's room and a session-monotonic time stamp, so that a recording of the
bus is a recording of the session. Limits live in the types: a decoder refuses negative times, NaN, over-long text and
wrong buffer lengths with the field's name.

Units and frames: times in nanoseconds since the session's clock origin (`t_ns`), durations in the unit of the name's suffix,
angles in radians, lengths in metres; right-handed, y up, the agent faces +z and its left is +x (VRM 1.0). Audio is
signed 16-bit little-endian mono PCM. Arrays travel as little-endian float32 bytes with the shape given beside the field.

The orders of joints, fingers, visemes and expressions in these arrays are in `runtime.vocabulary`, the limits in
`runtime.limits`. These modules have no behaviour and needs only msgspec; Python 3.10 is enough.
"""

from __future__ import annotations

from typing import Union

from runtime.messages.agent import AgentSpeech as AgentSpeech
from runtime.messages.agent import BodyAct as BodyAct
from runtime.messages.agent import Playback as Playback
from runtime.messages.agent import SpeechTiming as SpeechTiming
from runtime.messages.base import SCHEMA_VERSION as SCHEMA_VERSION
from runtime.messages.base import Message as Message
from runtime.messages.body import SAID_AGAIN as SAID_AGAIN
from runtime.messages.body import BodyControl as BodyControl
from runtime.messages.body import BodyDescribed as BodyDescribed
from runtime.messages.body import BodyState as BodyState
from runtime.messages.body import BodyStatus as BodyStatus
from runtime.messages.body import JointCommand as JointCommand
from runtime.messages.body import JointGoal as JointGoal
from runtime.messages.body import JointGoalAnswer as JointGoalAnswer
from runtime.messages.body import JointGoalCancel as JointGoalCancel
from runtime.messages.body import JointGoalStatus as JointGoalStatus
from runtime.messages.body import JointMeasured as JointMeasured
from runtime.messages.body import PersonDistance as PersonDistance
from runtime.messages.house import CognitiveCycle as CognitiveCycle
from runtime.messages.house import Fact as Fact
from runtime.messages.house import Heartbeat as Heartbeat
from runtime.messages.house import Knowledge as Knowledge
from runtime.messages.house import MemoryConsent as MemoryConsent
from runtime.messages.house import PersonIdentity as PersonIdentity
from runtime.messages.house import SafetyDecision as SafetyDecision
from runtime.messages.house import SessionControl as SessionControl
from runtime.messages.house import Span as Span
from runtime.messages.house import TriggerScore as TriggerScore
from runtime.messages.intentions import FINAL_STATES as FINAL_STATES
from runtime.messages.intentions import Evidence as Evidence
from runtime.messages.intentions import Intention as Intention
from runtime.messages.intentions import IntentionAnswer as IntentionAnswer
from runtime.messages.intentions import IntentionCancel as IntentionCancel
from runtime.messages.intentions import IntentionKind as IntentionKind
from runtime.messages.intentions import IntentionState as IntentionState
from runtime.messages.intentions import Target as Target
from runtime.messages.intentions import Timing as Timing
from runtime.messages.minds import BeliefReport as BeliefReport
from runtime.messages.minds import Estimate as Estimate
from runtime.messages.minds import MindReport as MindReport
from runtime.messages.operator import OperatorAct as OperatorAct
from runtime.messages.operator import OperatorAnswer as OperatorAnswer
from runtime.messages.operator import OperatorState as OperatorState
from runtime.messages.percepts import AffectPercept as AffectPercept
from runtime.messages.percepts import GazeTarget as GazeTarget
from runtime.messages.percepts import PersonAct as PersonAct
from runtime.messages.percepts import PersonPercept as PersonPercept
from runtime.messages.percepts import RecognisedSpeech as RecognisedSpeech
from runtime.messages.percepts import Turn as Turn
from runtime.messages.percepts import TurnDecision as TurnDecision
from runtime.messages.percepts import TypedText as TypedText
from runtime.messages.percepts import UserSpeech as UserSpeech
from runtime.messages.percepts import Viewer as Viewer
from runtime.messages.percepts import VisualChange as VisualChange
from runtime.messages.percepts import Word as Word
from runtime.messages.percepts import WorldEvent as WorldEvent
from runtime.messages.streams import AgentAudio as AgentAudio
from runtime.messages.streams import MotionFrame as MotionFrame
from runtime.messages.streams import UserAudio as UserAudio
from runtime.messages.streams import UserVideo as UserVideo
from runtime.messages.streams import VadFrame as VadFrame

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
    OperatorAct,
    OperatorAnswer,
    OperatorState,
    BodyDescribed,
    JointCommand,
    JointMeasured,
    BodyStatus,
    BodyControl,
    PersonDistance,
    JointGoal,
    JointGoalCancel,
    JointGoalAnswer,
]
"""Everything that may travel; the codec decodes into this union."""
