"""From block probabilities to speech onset and offset: hysteresis with a minimum duration and a hangover.

A block at or above `vad_on` opens a candidate; once it has lasted `min_speech_ms` without a silent block it is an onset, dated to its
first sample. While speaking, a block under `vad_off` begins a silence; once that has lasted `hangover_ms` it is an offset, dated to the
silence's first sample. A probability between the two thresholds changes nothing: it prolongs whatever the last clear
block was. Pure and synchronous; times in nanoseconds.
"""

from __future__ import annotations

from behavioral.hearing.blocks import BLOCK_NS
from behavioral.hearing.events import SpeechOffset, SpeechOnset
from runtime.settings import HearingSettings


class SpeechGate:
    """Decides where speech begins and ends."""

    def __init__(self, settings: HearingSettings) -> None:
        """Take the four named parameters from the profile's hearing section."""
        self._on = settings.vad_on
        self._off = min(settings.vad_off, settings.vad_on)
        self._min_speech_ns = round(settings.min_speech_ms * 1e6)
        self._hangover_ns = round(settings.hangover_ms * 1e6)
        self.speaking = False
        self.silence_since_ns: int | None = None
        """While speaking: where the current silence began."""
        self._candidate_ns: int | None = None
        self._peak = 0.0
        self._end_ns = 0

    def push(self, probability: float, t_ns: int) -> SpeechOnset | SpeechOffset | None:
        """Judge the block that begins at `t_ns`; return what it decides, if anything."""
        self._end_ns = t_ns + BLOCK_NS
        if self.speaking:
            return self._while_speaking(probability, t_ns)
        if self._candidate_ns is None and probability >= self._on:
            self._candidate_ns, self._peak = t_ns, 0.0
        if self._candidate_ns is None:
            return None
        if probability < self._off:
            self._candidate_ns = None
            return None
        self._peak = max(self._peak, probability)
        if self._end_ns - self._candidate_ns < self._min_speech_ns:
            return None
        onset = SpeechOnset(self._candidate_ns, self._end_ns, self._peak)
        self.speaking, self.silence_since_ns, self._candidate_ns = True, None, None
        return onset

    def close(self) -> SpeechOffset | None:
        """Say that no further block follows (end of input, a gap): ends running speech where its last sound was."""
        self._candidate_ns = None
        if not self.speaking:
            return None
        return self._end(self._end_ns if self.silence_since_ns is None else self.silence_since_ns)

    def _while_speaking(self, probability: float, t_ns: int) -> SpeechOffset | None:
        if probability >= self._on:
            self.silence_since_ns = None
        elif probability < self._off and self.silence_since_ns is None:
            self.silence_since_ns = t_ns
        if self.silence_since_ns is None or self._end_ns - self.silence_since_ns < self._hangover_ns:
            return None
        return self._end(self.silence_since_ns)

    def _end(self, t_ns: int) -> SpeechOffset:
        self.speaking, self.silence_since_ns = False, None
        return SpeechOffset(t_ns, self._end_ns)
