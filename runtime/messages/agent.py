"""Events: what the agent does and says."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from runtime.limits import Count, Label, Milliseconds, Text
from runtime.messages.base import Message


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
