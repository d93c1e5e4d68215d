"""What does it mean that the person speaks while the agent does? Duck, fall silent, and then go on or give the floor up.

Falling silent is not stopping. A person who is spoken over breaks off at once and decides afterwards: so does the agent. By length alone:
from `duck_after_ms` on it speaks lower, which is all that a short "mhm" does to it; at `pause_after_ms` it halts and keeps what it
has left to say. (Words that are backchannels put that off to `backchannel_pause_after_ms`.) It gives up once speech goes on for longer than
a backchannel does: `give_up_after_ms`, or `backchannel_max_ms` where all words are backchannels. What was shorter is judged by its
final words: under `backchannel_likely_ms` only those that claim the floor ("stop", "wait", "hello") make it a turn. Words come second
because they come late, and are often wrong over the agent's own voice. Speech is measured to its last voiced block: the silence that
the voice detector waits out is none. Pure and deterministic; milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from behavioral.turns.completeness import asks_for_floor, is_backchannel
from runtime.patterns import words_of
from runtime.settings import TurnSettings

SUMMONS = (["hello"], ["hi"])
"""Who is greeted must answer (Schegloff 1968)."""
SURE = 0.75
"""Confidence from which words are believed that come from as short a sound as a hum ("how much?")."""
OverlapAction = Literal["none", "duck", "pause", "stop"]


@dataclass(slots=True)
class BargeIn:
    """State of one overlap of the person's speech with the agent's."""

    settings: TurnSettings
    ducked: bool = False

    def heard(self, speech_ms: float, text: str, *, paused: bool) -> OverlapAction:
        """Return what to do after `speech_ms` of the person's speech.

        Args:
            speech_ms: how long it has sounded.
            text: what is recognised of it so far.
            paused: whether the agent's voice is halted already.
        """
        settings = self.settings
        if speech_ms >= give_up_ms(settings, text):
            return "stop"
        pause_ms = settings.pause_after_ms
        if is_backchannel(text):
            pause_ms = max(pause_ms, settings.backchannel_pause_after_ms)
        if speech_ms >= pause_ms and not paused:
            return "pause"
        if speech_ms >= settings.duck_after_ms and not self.ducked and not paused:
            self.ducked = True
            return "duck"
        return "none"


def give_up_ms(settings: TurnSettings, text: str) -> float:
    """Return the length of speech with these words at which it takes the floor."""
    if is_backchannel(text):
        return max(settings.give_up_after_ms, settings.backchannel_max_ms)
    return settings.give_up_after_ms


def was_backchannel(settings: TurnSettings, text: str, speech_ms: float, confidence: float = 0.0) -> bool:
    """Return what an overlap was that stopped nothing by its length: a backchannel or noise (True), or a short turn.

    Recognisers hear words in a hum: an overlap as short as a backchannel is one unless its words claim the floor, or are sure.

    Args:
        settings: the profile's turns section.
        text: its final words.
        speech_ms: how long it sounded.
        confidence: of its words, 0 to 1.
    """
    if not text or is_backchannel(text):
        return True
    return speech_ms <= settings.backchannel_likely_ms and confidence < SURE and not claims_floor(text)


def claims_floor(text: str) -> bool:
    """Return whether a text begins as people do who want to be heard: by asking for the floor, or by a greeting."""
    return asks_for_floor(text) or words_of(text)[:1] in SUMMONS
