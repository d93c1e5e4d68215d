"""The sound of one session: where the person's voice comes from, where the agent's goes, and the front end between the two.

A session at this machine's microphone has this machine's loudspeaker, and the front end is told what it really plays. Pages and
recordings play what is published; the front end is told the pieces at their times, later by what the page reports of itself.
Everything runs on the room's event loop.
"""

from __future__ import annotations

from pathlib import Path

from behavioral.hearing.front_end import CleanBlock, open_front_end
from behavioral.sources.browser import BrowserSource
from behavioral.sources.contract import AudioBlock, AudioSource
from behavioral.sources.device_time import drift_remark
from behavioral.sources.file import FileSource
from behavioral.sources.microphone import MicrophoneSource
from behavioral.sources.recognised import RecognisedSource
from behavioral.voice.loudspeaker import LocalLoudspeaker, Loudspeaker
from behavioral.voice.playback import Playback
from runtime.clock import NS_PER_MS
from runtime.messages import AgentAudio
from runtime.room import RoomContext

SPEAKER_RATE_HZ = 22_050


def open_source(context: RoomContext) -> AudioSource:
    """Return the audio source that the launch asks for."""
    audio = str(context.options.get("audio", "browser"))
    if audio == "browser":
        return BrowserSource(context.bus, context.clock)
    if audio == "recognised":
        return RecognisedSource()
    if audio == "mic" or audio.startswith("mic:"):
        return MicrophoneSource(context.clock, audio[4:], context.new_offload("microphone"))
    return FileSource(Path(audio), context.clock, context.new_offload("recording"))


class Sound:
    """The loudspeaker, if there is one here, and the front end of hearing."""

    def __init__(
        self, context: RoomContext, source: AudioSource, playback: Playback, loudspeaker: LocalLoudspeaker | None = None
    ) -> None:
        """Choose the parts; opens no device yet.

        Args:
            context: what the launch gives.
            source: where the person's voice comes from.
            playback: knows how late a page plays.
            loudspeaker: instead of this machine's, beside a source that hears it.

        Raises:
            AttuneError: the profile asks for an echo canceller by name that cannot run here.
        """
        self._playback = playback
        self._loudspeaker = loudspeaker
        self._microphone = source if isinstance(source, MicrophoneSource) else None
        if loudspeaker is None and isinstance(source, MicrophoneSource):
            offload = context.new_offload("loudspeaker")
            self._loudspeaker = Loudspeaker(
                SPEAKER_RATE_HZ, offload=offload, clock=context.clock, report=playback.report
            )
        self._front_end = open_front_end(
            context.profile.hearing,
            own_loudspeaker=self._loudspeaker is not None,
            page=isinstance(source, BrowserSource),
        )
        if self._loudspeaker is not None:
            self._loudspeaker.played = self._front_end.played

    @property
    def troubles(self) -> tuple[str, str]:
        """What is wrong with the loudspeaker and with echo cancellation at present; empty while all is well."""
        speaker = self._loudspeaker.trouble if self._loudspeaker is not None else ""
        return speaker, self._front_end.trouble

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is out of the ordinary about this machine's devices and costs nothing."""
        drifts = (drift_remark(f"the {name}", device.drift_ppm) for name, device in self._devices().items())
        return tuple(remark for remark in drifts if remark)

    def counters(self) -> dict[str, float]:
        """Return what this machine's devices lost so far, and how much faster their clocks run than the session's."""
        counts: dict[str, float] = {}
        if self._microphone is not None:
            counts["microphone_blocks_dropped"] = self._microphone.dropped
        if isinstance(self._loudspeaker, Loudspeaker):
            counts["loudspeaker_pieces_dropped"] = self._loudspeaker.dropped
        counts.update({f"{name}_drift_ppm": round(device.drift_ppm) for name, device in self._devices().items()})
        return counts

    def _devices(self) -> dict[str, MicrophoneSource | Loudspeaker]:
        devices = {"microphone": self._microphone, "loudspeaker": self._loudspeaker}
        return {name: device for name, device in devices.items() if isinstance(device, MicrophoneSource | Loudspeaker)}

    async def aopen(self) -> None:
        """Open the loudspeaker; AttuneError where it cannot be."""
        if self._loudspeaker is not None:
            await self._loudspeaker.aopen()

    async def aclose(self) -> None:
        """Release it; harmless twice."""
        if self._loudspeaker is not None:
            await self._loudspeaker.aclose()

    def play(self, piece: AgentAudio) -> None:
        """Hand a piece to the local loudspeaker, or only tell the front end of it."""
        if self._loudspeaker is not None:
            self._loudspeaker.play(piece)
        else:
            later_ns = round(self._playback.delay_ms * NS_PER_MS)
            self._front_end.played(piece.pcm, piece.sample_rate_hz, piece.t_ns + later_ns)

    def halt(self, t_ns: int) -> None:
        """Let the local loudspeaker drop what is due from a session time on; a page hears of it by the bus."""
        if self._loudspeaker is not None:
            self._loudspeaker.halt(t_ns)

    def clean(self, block: AudioBlock, *, someone_speaks: bool) -> CleanBlock:
        """Return a block of the source as hearing gets it."""
        return self._front_end.clean(block.pcm, block.t_ns, someone_speaks=someone_speaks)
