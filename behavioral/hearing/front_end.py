"""Between the source and the ear: takes the agent's own voice out of what was heard, and says how much of the rest it still explains.

Joins the far line, the canceller and the self-voice mask of one session. Who plays the agent's voice says so with `played`, from any
thread; `clean` runs on the event loop, 0.8 ms per block of 32 ms with all parts, a few microseconds with none. The session's
recording and everything after hearing get the cleaned block. Both lines are aligned by session time: counted on sample by sample,
brought back to the times by parts per million where a device's clock drifts (echo that slides by 200 ppm costs the canceller
20 of its 30 dB), and set anew only where the counts and the times differ by more than `REALIGN_NS`, for every slip costs it
its convergence. Nothing here raises: a canceller that fails passes on what came, and says so in `trouble`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from behavioral.hearing.blocks import BLOCK_SAMPLES, SAMPLE_RATE_HZ, level_dbfs, samples_of
from behavioral.hearing.echo import EchoCanceller, NoCanceller, open_canceller
from behavioral.hearing.far_line import FarLine, sample_at
from behavioral.hearing.fractional import stretch_for
from behavioral.hearing.self_voice import SelfVoice
from behavioral.hearing.vad import SpeechProbability, open_vad
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.settings import HearingSettings

REALIGN_NS = 10 * NS_PER_MS
_REALIGN_SAMPLES = REALIGN_NS * SAMPLE_RATE_HZ // NS_PER_S
_GAP_SAMPLES = SAMPLE_RATE_HZ // 4  # a jump that the ear too takes for a gap
_PASSED_DB = -16.0  # a converged canceller leaves less of an echo


@dataclass(frozen=True, slots=True)
class CleanBlock:
    """What hearing gets.

    Attributes:
        pcm: int16 [512], without the agent's voice as far as that is possible.
        t_ns: session time of the first sample.
        own_voice: share, 0 to 1, of what came that the agent's own voice explains.
        uncleaned: speech probability of what came, 0 where the canceller took nearly all of it away: while two talk at once it
            takes of the person too, and the detector would find gaps in his speech.
    """

    pcm: bytes
    t_ns: int
    own_voice: float = 0.0
    uncleaned: float = 0.0


class FrontEnd:
    """The front end of one microphone."""

    def __init__(
        self, canceller: EchoCanceller, self_voice: SelfVoice | None = None, vad: SpeechProbability | None = None
    ) -> None:
        """Join the parts.

        Args:
            canceller: takes the agent's voice out.
            self_voice: says how much of the block it is; without one the share is always 0.
            vad: for `CleanBlock.uncleaned`, a detector of its own; only with `self_voice`, which alone keeps echo from passing there.
        """
        self._canceller = canceller
        self._vad = vad if self_voice is not None else None
        self._self_voice = self_voice
        self._far = FarLine()
        self._next: float | None = None
        self._listens = self_voice is not None or not isinstance(canceller, NoCanceller)

    @property
    def trouble(self) -> str:
        """Why echo is not cancelled though it should be; empty while all is well."""
        return self._canceller.reason

    @property
    def listens(self) -> bool:
        """Whether anything is done with what is played."""
        return self._listens

    def played(self, pcm: bytes, rate_hz: int, t_ns: int) -> None:
        """Say what the loudspeaker plays from a session time on: int16 mono of any rate; at the latest when it sounds."""
        if self._listens:
            self._far.push(pcm, rate_hz, t_ns)

    def clean(self, pcm: bytes, t_ns: int, *, someone_speaks: bool = False) -> CleanBlock:
        """Return the block of 512 samples as hearing gets it; its time is that of its content, the canceller's delay taken off.

        Args:
            pcm: int16 [512] at 16 kHz.
            t_ns: session time of the first sample.
            someone_speaks: whether a person is taken to be speaking.
        """
        if not self._listens:
            return CleanBlock(pcm, t_ns)
        exactly = t_ns * SAMPLE_RATE_HZ / NS_PER_S
        if self._next is None or abs(exactly - self._next) > _REALIGN_SAMPLES:
            if self._next is not None and abs(exactly - self._next) > _GAP_SAMPLES:
                self._canceller.reset()
                if self._vad is not None:
                    self._vad.reset()
            self._next = float(sample_at(t_ns))
        step = stretch_for(exactly - self._next)
        far = self._far.read(self._next, BLOCK_SAMPLES, step)
        self._next += BLOCK_SAMPLES * step
        near = samples_of(pcm)
        share = 0.0
        if self._self_voice is not None:
            share = self._self_voice.judge(near, far, someone_speaks=someone_speaks)
        cleaned = self._canceller.process(np.frombuffer(pcm, "<i2"), np.rint(far * 32_767).astype(np.int16))
        clean_pcm = cleaned.astype("<i2", copy=False).tobytes()
        uncleaned = 0.0
        if self._vad is not None:
            probability = self._vad.probability(near)
            if level_dbfs(samples_of(clean_pcm)) - level_dbfs(near) > _PASSED_DB:
                uncleaned = probability
        behind_ns = self._canceller.delay_samples * NS_PER_S // SAMPLE_RATE_HZ
        return CleanBlock(clean_pcm, max(0, t_ns - behind_ns), share, uncleaned)


def open_front_end(settings: HearingSettings, *, own_loudspeaker: bool, page: bool) -> FrontEnd:
    """Return the front end of a session.

    A session with its own microphone and loudspeaker has what the profile says. A page cancels echo itself; only the mask is
    run for it where `hearing.self_voice` is `on`. A recording holds no echo of this session's voice: it is never touched.

    Raises:
        AttuneError: `hearing.echo` is `webrtc` and it cannot run here.
    """
    if own_loudspeaker:
        canceller = open_canceller(settings)
        self_voice = SelfVoice() if settings.self_voice != "off" else None
        return FrontEnd(canceller, self_voice, None if isinstance(canceller, NoCanceller) else open_vad(settings))
    return FrontEnd(NoCanceller(), SelfVoice() if page and settings.self_voice == "on" else None)
