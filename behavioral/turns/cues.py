"""What each kind of evidence says about the end of a turn: small strategies, each in log-odds, positive for "done".

Every function looks at one thing and returns a `Cue` with what it saw and what that is worth; `end_of_turn` adds them up. What is
unknown (no words yet, no camera, no audio model) is worth nothing either way. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from behavioral.hearing.events import ProsodySnapshot
from behavioral.turns.completeness import FILLER, finished

Whole = Literal["", "open", "closed"]
"""Whether a text is a sentence of the scenario: no; one that may go on (its pattern ends in `*`); one that is over."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One piece of evidence: its name, what was seen, and its worth in log-odds."""

    name: str
    seen: float
    log_odds: float


def words_cue(text: str, whole: Whole) -> Cue:
    """Say what the recognised words are worth: a sentence of the scenario, or what they sound like by themselves."""
    if whole == "closed":
        return Cue("words", 2.0, CLOSED)
    worth = finished(text)
    if whole == "open":
        return Cue("words", 1.0, max(OPEN, worth) if worth > FILLER else worth)
    return Cue("words", 0.0, worth)


CLOSED: Final = 3.0
OPEN: Final = 0.6
"""What a sentence of the scenario is worth that is over, and one that may go on."""

SENTENCE: Final = 0.3
"""Share of the recogniser's log-odds of the end of a sentence that is believed."""


def sentence_cue(log_odds: float | None) -> Cue:
    """Say what the recogniser's own opinion is worth, where it writes punctuation."""
    return Cue("sentence", log_odds or 0.0, SENTENCE * (log_odds or 0.0))


FINAL_ST: Final = -0.35
"""Per semitone of the last voiced sound over the speaker's median: low ends, high goes on."""
FLOOR_ST: Final = -0.29
"""Per semitone of it over the speaker's floor (10th percentile)."""
SLOPE: Final = -0.029
"""Per semitone a second of the last 300 ms: a fall ends."""
LENGTH: Final = 0.72
"""Per doubling of the speech over 1.5 s: what has just begun goes on."""
VOICE_MAX: Final = 2.2
VOICE_OVER: Final = 1.2
VOICE_GOES_ON: Final = 0.3
VOICE_STAYS: Final = -1.7
"""What a voice that does not fall is worth, and the share of the contour's log-odds that is believed over and under that: a full fall is
made on purpose, what ends level or high may be anything."""


def voice_cue(voice: ProsodySnapshot | None, speech_s: float, *, question: bool = False) -> Cue:
    """Say what the end of the pitch contour is worth; nothing where too little of the voice is known.

    A question ends high as often as low, so a high end is no sign that it goes on.
    """
    if voice is None or voice.f0_hz <= 0 or voice.speaker_f0_hz <= 0:
        return Cue("voice", 0.0, 0.0)
    slope = max(-40.0, min(40.0, voice.f0_slope_st_s))
    worth = FINAL_ST * voice.final_st + FLOOR_ST * (voice.final_floor_st - 2.0) + SLOPE * slope
    worth += LENGTH * max(-1.5, min(1.5, math.log2(max(0.1, speech_s) / 1.5)))
    worth = max(-VOICE_MAX, min(VOICE_MAX, worth))
    worth = VOICE_STAYS + worth * (VOICE_OVER if worth > 0 else VOICE_GOES_ON)
    return Cue("voice", voice.final_st, max(0.0, worth) if question else worth)


SOUND_OVER: Final = 0.7
SOUND_GOES_ON: Final = 0.2
"""Share of the audio model's own log-odds that is believed, either way: it is surer than it is right on voices that it does not know, and
hears ends of synthetic voices as unfinished more often than the other way round."""
SOUND_MIN: Final = -1.0
SOUND_MAX: Final = 2.5


def sound_cue(probability: float | None) -> Cue:
    """Say what the audio model's opinion is worth."""
    if probability is None:
        return Cue("sound", 0.5, 0.0)
    sure = min(0.999, max(0.001, probability))
    log_odds = math.log(sure / (1.0 - sure))
    worth = log_odds * (SOUND_OVER if log_odds > 0 else SOUND_GOES_ON)
    return Cue("sound", probability, max(SOUND_MIN, min(SOUND_MAX, worth)))


LOOK: Final = 0.5
LOOK_AWAY: Final = -0.5
LOOKS_FROM_S: Final = 0.1


def gaze_cue(looks_s: float | None, facing: float) -> Cue:
    """Say what the gaze is worth: a speaker who hands over looks at the partner (Ho et al. 2015), one who thinks looks away.

    Args:
        looks_s: for how long the person has looked at the agent, 0 while looking elsewhere, None if unknown.
        facing: how much the face is turned to the agent, where the gaze is unknown; 0.5 without a picture.
    """
    if looks_s is None:
        return Cue("gaze", facing, (LOOK - LOOK_AWAY) * (facing - 0.5))
    return Cue("gaze", looks_s, LOOK if looks_s >= LOOKS_FROM_S else LOOK_AWAY)
