"""What does it mean that the person speaks while the agent does? Duck, then stop, or let a backchannel pass.

At `duck_after_ms` of speech the agent speaks lower at once (cheap to take back); at `stop_after_ms` it stops where words were
recognised, at `backchannel_likely_ms` where none were (a hum is no longer than that), and at `backchannel_max_ms` where all of them
are backchannel words. Speech is
measured to its last voiced block: the silence that the voice detector waits out is none. Pure and deterministic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from behavioral.turns.completeness import asks_for_floor, is_backchannel, words_of
from runtime.settings import TurnSettings

WORDS_OF_A_TURN = 2
"""So many recognised words that are no backchannel are a turn; a single one may have been heard in a hum."""
OverlapAction = Literal["none", "duck", "stop", "resume"]


@dataclass(slots=True)
class BargeIn:
    """State of one overlap of the person's speech with the agent's."""

    settings: TurnSettings
    ducked: bool = False
    stopped: bool = False

    def heard(self, speech_ms: float, text: str) -> OverlapAction:
        """Return what to do after `speech_ms` of the person's speech with `text` recognised so far."""
        if self.stopped:
            return "none"
        limit_ms = self.settings.stop_after_ms
        if is_backchannel(text):
            limit_ms = max(limit_ms, self.settings.backchannel_max_ms)
        elif not asks_for_floor(text) and len(words_of(text)) < WORDS_OF_A_TURN:
            limit_ms = max(limit_ms, self.settings.backchannel_likely_ms)
        if speech_ms >= limit_ms:
            self.stopped = True
            return "stop"
        if speech_ms >= self.settings.duck_after_ms and not self.ducked:
            self.ducked = True
            return "duck"
        return "none"

    def ended(self) -> OverlapAction:
        """Return what to do now that the person's speech has ended; ready for the next overlap."""
        resume = self.ducked and not self.stopped
        self.ducked = self.stopped = False
        return "resume" if resume else "none"


def was_backchannel(settings: TurnSettings, text: str, speech_ms: float, *, whole: bool) -> bool:
    """Return what an overlap was that stopped nothing by its length: a backchannel or noise (True), or a short turn.

    Recognisers hear words in a hum: an overlap as short as a backchannel is one unless its words ask for the floor or are
    a sentence of the scenario.

    Args:
        settings: the profile's turns section.
        text: its final words.
        speech_ms: how long it sounded.
        whole: whether they are a whole sentence of the scenario.
    """
    if not text or is_backchannel(text):
        return True
    return speech_ms <= settings.backchannel_likely_ms and not whole and not asks_for_floor(text)
