"""Streams: sound, pictures and motion; bounded on their way, the oldest gives way."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from runtime.limits import Angle, Count, ImageBytes, Label, Metres, Milliseconds, Number, PcmBytes, Rate, Unit
from runtime.messages.base import Message


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
