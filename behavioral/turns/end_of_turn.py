"""When has the person's turn ended? All cues in one place, fused into a probability and from that into a required silence.

The longer the silence, the less other evidence is needed (research: proact.md 4.1 and 4.7). The cues' log-odds are added
(independent evidence, naive Bayes) to those of pauses in general; the sum is how likely the turn is over. The required silence falls
with it from `incomplete_silence_ms` (surely not over) through `undecided_silence_ms` (as likely as not) to `complete_silence_ms`
(surely over); words that ask for another one and fillers get `max_silence_ms`. Pure and deterministic; every decision comes with
its evidence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from behavioral.hearing.events import ProsodySnapshot
from behavioral.turns.completeness import asks
from behavioral.turns.cues import Cue, Whole, gaze_cue, sentence_cue, sound_cue, voice_cue, words_cue
from runtime.settings import TurnSettings

PRIOR: Final = -0.7
"""Log-odds before any evidence: more pauses lie inside turns than between them."""
SURE: Final = 0.75
"""Probability from which the shortest silence is enough; the longest is asked for below its complement."""
IN_PHRASE: Final = -2.0
"""Words that are worth no more than this stand in the middle of a phrase, unless voice or sound say otherwise: words are misheard."""


@dataclass(frozen=True, slots=True)
class TurnEvidence:
    """What is known at one moment of silence.

    Attributes:
        silence_ms: time since the person's last speech.
        speech_s: length of the turn up to there.
        text: everything recognised in the turn so far.
        whole: whether the text is a sentence of the scenario.
        voice: the voice at the end of the speech, None where it is unknown.
        sound: the audio model's probability that the turn is over, None without one.
        looks_s: for how long the person has looked at the agent; None where gaze is unknown.
        facing: whether the person's face is turned to the agent, 0 to 1; 0.5 where there is no picture.
        sentence_end: the recogniser's log-odds that a sentence is over, None where it has no opinion.
    """

    silence_ms: float
    speech_s: float
    text: str
    whole: Whole = ""
    voice: ProsodySnapshot | None = None
    sound: float | None = None
    looks_s: float | None = None
    facing: float = 0.5
    sentence_end: float | None = None


@dataclass(frozen=True, slots=True)
class EndOfTurn:
    """The decision at one moment.

    Attributes:
        ended: whether the turn is over.
        probability: that it is, by all cues but the silence.
        required_ms: silence that this evidence asks for.
        evidence: names to numbers, for the event.
    """

    ended: bool
    probability: float
    required_ms: float
    evidence: dict[str, float]


def judge_end_of_turn(settings: TurnSettings, seen: TurnEvidence) -> EndOfTurn:
    """Fuse the evidence of one moment."""
    cues = (
        words_cue(seen.text, seen.whole),
        sentence_cue(seen.sentence_end),
        voice_cue(seen.voice, seen.speech_s, question=asks(seen.text)),
        sound_cue(seen.sound),
        gaze_cue(seen.looks_s, seen.facing),
    )
    probability = 1.0 / (1.0 + math.exp(-PRIOR - sum(cue.log_odds for cue in cues)))
    words, _, voice, sound, _ = cues
    in_phrase = words.log_odds <= IN_PHRASE and voice.log_odds + sound.log_odds <= 0.0
    required_ms = required_silence_ms(settings, probability, in_phrase=in_phrase)
    return EndOfTurn(
        ended=seen.silence_ms >= required_ms,
        probability=probability,
        required_ms=required_ms,
        evidence={
            "silence_ms": round(seen.silence_ms, 1),
            "required_ms": round(required_ms, 1),
            "probability": round(probability, 3),
            **_shown(cues),
        },
    )


def required_silence_ms(settings: TurnSettings, probability: float, *, in_phrase: bool = False) -> float:
    """Return the silence that ends a turn which is over with this probability; longer where the words ask for another one."""
    complete, undecided = settings.complete_silence_ms, settings.undecided_silence_ms
    if probability >= 0.5:
        share = min(1.0, (probability - 0.5) / (SURE - 0.5))
        required_ms = undecided + share * (complete - undecided)
    else:
        share = min(1.0, (0.5 - probability) / (SURE - 0.5))
        longest = settings.max_silence_ms if in_phrase else settings.incomplete_silence_ms
        required_ms = undecided + share * (longest - undecided)
    return min(settings.max_silence_ms, max(settings.min_silence_ms, required_ms))


def _shown(cues: tuple[Cue, ...]) -> dict[str, float]:
    shown: dict[str, float] = {}
    for cue in cues:
        shown[cue.name] = round(cue.seen, 3)
        shown[f"{cue.name}_log_odds"] = round(cue.log_odds, 3)
    return shown
