"""What hearing reports: small frozen events, from per-block figures to the final text of an utterance.

All `t_ns` are session times of the sound itself, in nanoseconds; `decided_ns` is the session time of the last sample that the decision
rests on. Levels are dB relative to full scale (RMS of a block, a full-scale square wave is 0), pitch is in hertz, 0 where unvoiced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from behavioral.hearing.units import UnitEdit


@dataclass(frozen=True, slots=True)
class ProsodySnapshot:
    """The voice at one moment; every field is 0 where there was too little voiced speech to say.

    Attributes:
        level_dbfs: mean level of the speech of the last second.
        level_slope_db_s: change of level over the last 300 ms of speech, dB per second.
        f0_hz: median pitch of the last second.
        f0_slope_st_s: slope of a line through the last 300 ms of voiced speech, semitones per second; negative falls.
        f0_range_st: 10th to 90th percentile of the last two seconds, semitones.
        speaker_f0_hz: running median of this speaker.
        final_st: last 120 ms of voiced speech over the speaker's median, semitones.
        final_floor_st: the same over the speaker's floor (10th percentile).
        rate_per_s: syllable nuclei per second of speech (a proxy, see `behavioral.hearing.prosody`).
    """

    level_dbfs: float = -120.0
    level_slope_db_s: float = 0.0
    f0_hz: float = 0.0
    f0_slope_st_s: float = 0.0
    f0_range_st: float = 0.0
    speaker_f0_hz: float = 0.0
    final_st: float = 0.0
    final_floor_st: float = 0.0
    rate_per_s: float = 0.0


@dataclass(frozen=True, slots=True)
class BlockHeard:
    """One block of 512 samples; `t_ns` is its first sample.

    `own_voice` is the share, 0 to 1, that the agent's own voice explains; `probability` is already lowered for it. `azimuth_rad` is where
    the sound comes from, the agent's left positive; None where the source does not tell.
    """

    t_ns: int
    probability: float
    speaking: bool
    level_dbfs: float
    f0_hz: float
    own_voice: float = 0.0
    azimuth_rad: float | None = None


@dataclass(frozen=True, slots=True)
class SpeechOnset:
    """Speech began at `t_ns`."""

    t_ns: int
    decided_ns: int
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class SpeechOffset:
    """Speech ended at `t_ns` (the first silent sample); `prosody` describes how."""

    t_ns: int
    decided_ns: int
    prosody: ProsodySnapshot = ProsodySnapshot()


@dataclass(frozen=True, slots=True)
class BackchannelCue:
    """The speaker left room for a listener response."""

    t_ns: int
    kind: Literal["low_pitch", "pause"]


HearingEvent: TypeAlias = BlockHeard | SpeechOnset | SpeechOffset | BackchannelCue
"""What `Ear.push` returns, in the order of its parts' times of decision."""


@dataclass(frozen=True, slots=True)
class Units:
    """The recogniser revised its hypothesis.

    Attributes:
        edits: what changed, in order.
        onset_ns: `SpeechOnset.t_ns` of the speech it belongs to, also after a cut: recognition may be behind hearing, and
            this tells a late hypothesis of earlier speech from one of the present speech.
    """

    edits: tuple[UnitEdit, ...]
    onset_ns: int = 0


@dataclass(frozen=True, slots=True)
class FinalText:
    """An utterance, or a piece of a very long one, is recognised for good; text is empty where nothing was understood.

    Attributes:
        text: the committed words.
        confidence: mean of the words' confidences, 0 where there is no word.
        latency_ms: from the last sample of speech to this event, hangover included.
        start_ns: session time of the speech onset, or of the cut where the piece began.
        end_ns: session time of the speech offset, or of the cut where the piece ended.
        continues: the speech was cut here for its length and goes on: another final text of it follows.
        sentence_end: log-odds that a sentence is over with the last word, None where the recogniser has no opinion.
    """

    text: str
    confidence: float
    latency_ms: float
    start_ns: int = 0
    end_ns: int = 0
    continues: bool = False
    sentence_end: float | None = None


@dataclass(frozen=True, slots=True)
class RecognitionLost:
    """Part of an utterance, or all of it, was not recognised; the next one will be."""

    t_ns: int
    reason: str


RecognitionEvent: TypeAlias = Units | FinalText | RecognitionLost
"""What `Ear.recognition` yields."""
