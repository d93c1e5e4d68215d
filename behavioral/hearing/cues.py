"""Where a listener may respond: the low-pitch cue of Ward and Tsukahara (2000) and the pause cue.

Low pitch (J. Pragmatics 32: 1177-1207, rule for English): a region under the 26th percentile of the speaker's pitch that lasts 110 ms
and comes after 700 ms of speech. Their waiting time and refractory time belong to whoever responds. A pause cue is a silence of
`pause_cue_ms` after as much speech. Each region and each pause gives one cue.
"""

from __future__ import annotations

from behavioral.hearing.events import BackchannelCue
from behavioral.hearing.pitch import HOP_NS, PitchFrame, SpeakerPitch
from runtime.settings import ListenerSettings

_BRIDGE_NS = 48_000_000
"""Unvoiced frames (a consonant) shorter than this do not end a region of low pitch."""


class CueDetector:
    """Watches one speaker."""

    def __init__(self, settings: ListenerSettings, speaker: SpeakerPitch) -> None:
        """Take the cue constants from the profile's listener section and the speaker's pitch distribution."""
        self._percentile = settings.cue_low_pitch_percentile
        self._low_ns = round(settings.cue_low_pitch_ms * 1e6)
        self._min_speech_ns = round(settings.cue_min_speech_ms * 1e6)
        self._pause_ns = round(settings.pause_cue_ms * 1e6)
        self._speaker = speaker
        self._speech_from_ns: int | None = None
        self._speech_until_ns = 0
        self._low_from_ns: int | None = None
        self._low_until_ns = 0
        self._region_reported = self._pause_reported = False

    def onset(self, t_ns: int) -> None:
        """Speech began; after a pause shorter than the pause cue it continues the speech before."""
        if self._speech_from_ns is None or t_ns - self._speech_until_ns >= self._pause_ns:
            self._speech_from_ns = t_ns
        self._pause_reported = False

    def speech_frame(self, frame: PitchFrame) -> BackchannelCue | None:
        """Take a pitch frame of running speech."""
        self._speech_until_ns = max(self._speech_until_ns, frame.t_ns + HOP_NS)
        threshold_hz = self._speaker.percentile_hz(self._percentile)
        if 0 < frame.f0_hz < threshold_hz:
            if self._low_from_ns is None:
                self._low_from_ns = frame.t_ns
            self._low_until_ns = frame.t_ns + HOP_NS
        elif frame.f0_hz or frame.t_ns - self._low_until_ns >= _BRIDGE_NS:
            self._low_from_ns, self._region_reported = None, False
        if self._low_from_ns is None or self._region_reported or self._low_until_ns - self._low_from_ns < self._low_ns:
            return None
        if self._speech_from_ns is None or self._low_from_ns - self._speech_from_ns < self._min_speech_ns:
            return None
        self._region_reported = True
        return BackchannelCue(self._low_until_ns, "low_pitch")

    def offset(self, t_ns: int) -> None:
        """Speech ended at `t_ns`."""
        self._speech_until_ns = t_ns
        self._low_from_ns, self._region_reported = None, False

    def silence(self, until_ns: int) -> BackchannelCue | None:
        """Say that silence has lasted until `until_ns`."""
        if self._pause_reported or self._speech_from_ns is None or until_ns - self._speech_until_ns < self._pause_ns:
            return None
        self._pause_reported = True
        if self._speech_until_ns - self._speech_from_ns < self._min_speech_ns:
            return None
        return BackchannelCue(self._speech_until_ns + self._pause_ns, "pause")
