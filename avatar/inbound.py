"""What a page sends: checked, limited, stamped with session time, and turned into wire messages.

A page may send audio, pictures, typed text, playback reports, its microphone or camera state and whether its person wants to be
remembered as MessagePack, and
short control requests as JSON text. Everything else, everything too large and everything too frequent raises
`Refused`, which the server counts by reason; a page can never publish as another room. Time stamps of pages are not
trusted: audio is put on a smooth timeline from its arrival, the rest gets the time of arrival.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from avatar.webrtc import SDP_CHARS_MAX
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.codec import Undecodable, decode

AUDIO_RATE_HZ = 16_000
AUDIO_BLOCK_BYTES_MAX = 8_192
JPEG_BYTES_MAX = 1 << 20
FRAME_BYTES_MAX = JPEG_BYTES_MAX + 4_096
CONTROL_CHARS_MAX = 1_024
OFFER_CHARS_MAX = SDP_CHARS_MAX + 4_096
"""Of the frame that carries an offer, with its line ends escaped."""
TEXT_CHARS_MAX = 1_000

AUDIO_RESYNC_NS = 300_000_000
"""A block that arrives this much later than the timeline says was preceded by a real gap."""
AUDIO_DRIFT_SHARE = 0.02
"""Share of the lateness by which the timeline follows a slower sound-card clock, per block."""
AUDIO_CATCH_UP_SHARE = 0.1
"""Share of a block by which the timeline moves towards an arrival that was earlier than it says."""


class Refused(ValueError):
    """A frame from a page that is not taken; `reason` is the counter's name."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


class Ping(msgspec.Struct, frozen=True, tag="ping", forbid_unknown_fields=True):
    """The page measures its offset from session time; `sent_ms` comes back unchanged."""

    sent_ms: float


class Claim(msgspec.Struct, frozen=True, tag="claim", forbid_unknown_fields=True):
    """The page asks to be the one that is heard and that plays the agent's voice."""


class Interrupt(msgspec.Struct, frozen=True, tag="interrupt", forbid_unknown_fields=True):
    """The person pressed stop while the agent spoke."""


class Consent(msgspec.Struct, frozen=True, tag="consent", forbid_unknown_fields=True):
    """The person agrees to be recorded; `recording` is the id that the server gave."""

    recording: Annotated[str, msgspec.Meta(max_length=64)]


class Offer(msgspec.Struct, frozen=True, tag="offer", forbid_unknown_fields=True):
    """The page asks for the way by WebRTC (`avatar.webrtc`)."""

    sdp: Annotated[str, msgspec.Meta(max_length=SDP_CHARS_MAX)]


Control = Ping | Claim | Interrupt | Consent | Offer
_control_decoder: msgspec.json.Decoder[Control] = msgspec.json.Decoder(Control)


@dataclass(slots=True)
class Allowance:
    """A token bucket: `rate` units a second, at most `burst` saved up."""

    rate: float
    burst: float
    _level: float = -1.0
    _last_ns: int = 0

    def take(self, units: float, now_ns: int) -> bool:
        """Take units if they are there."""
        if self._level < 0:
            self._level = self.burst
        else:
            self._level = min(self.burst, self._level + (now_ns - self._last_ns) / NS_PER_S * self.rate)
        self._last_ns = now_ns
        if units > self._level:
            return False
        self._level -= units
        return True


@dataclass(slots=True)
class AudioTimeline:
    """Session time of each audio block's first sample, free of network jitter.

    Blocks follow each other without gaps on the sound card; arrival is that plus a varying delay. The timeline
    therefore follows the earliest arrivals quickly and later ones slowly, never runs backwards, and jumps only where
    blocks are missing.
    """

    _next_ns: int = -1

    def stamp(self, samples: int, now_ns: int) -> int:
        """Return the time of the first sample of a block of `samples` at 16 kHz that arrived at `now_ns`."""
        duration_ns = samples * NS_PER_S // AUDIO_RATE_HZ
        arrived_ns = max(0, now_ns - duration_ns)
        lateness_ns = arrived_ns - self._next_ns
        if self._next_ns < 0 or lateness_ns > AUDIO_RESYNC_NS:
            start_ns = arrived_ns
        elif lateness_ns >= 0:
            start_ns = self._next_ns + int(lateness_ns * AUDIO_DRIFT_SHARE)
        else:
            start_ns = self._next_ns - min(-lateness_ns, int(duration_ns * AUDIO_CATCH_UP_SHARE))
        self._next_ns = start_ns + duration_ns
        return start_ns


@dataclass(slots=True)
class PageInput:
    """Checks the frames of one page.

    Attributes:
        viewer_id: id under which the page's own state is published.
    """

    viewer_id: str
    _timeline: AudioTimeline = field(default_factory=AudioTimeline)
    _audio: Allowance = field(default_factory=lambda: Allowance(1.25 * AUDIO_RATE_HZ, 4.0 * AUDIO_RATE_HZ))
    _video: Allowance = field(default_factory=lambda: Allowance(12, 6))
    _text: Allowance = field(default_factory=lambda: Allowance(2, 8))
    _offers: Allowance = field(default_factory=lambda: Allowance(0.2, 4))
    _report: Allowance = field(default_factory=lambda: Allowance(40, 80))

    def control(self, text: str, now_ns: int) -> Control:
        """Return the control request in a text frame; raises Refused."""
        if len(text) > (OFFER_CHARS_MAX if text.startswith('{"type":"offer"') else CONTROL_CHARS_MAX):
            raise Refused("too_large")
        try:
            request = _control_decoder.decode(text)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            raise Refused("malformed") from None
        if isinstance(request, Offer) and request.sdp and not self._offers.take(1, now_ns):
            raise Refused("too_frequent")
        if not self._report.take(1, now_ns):
            raise Refused("too_frequent")
        return request

    def message(self, payload: bytes, now_ns: int) -> m.Message:
        """Return the wire message in a binary frame, stamped with session time; raises Refused."""
        if len(payload) > FRAME_BYTES_MAX:
            raise Refused("too_large")
        try:
            message = decode(payload)
        except Undecodable as error:
            raise Refused(error.reason) from None
        if isinstance(message, m.UserAudio):
            return self._user_audio(message, now_ns)
        if isinstance(message, m.UserVideo):
            return self._user_video(message, now_ns)
        if isinstance(message, m.TypedText):
            return self._typed_text(message, now_ns)
        if isinstance(message, m.Playback):
            self._spend(self._report, 1, now_ns)
            return m.Playback(
                t_ns=now_ns,
                response_id=message.response_id,
                played_ms=max(0.0, message.played_ms),
                finished=message.finished,
            )
        if isinstance(message, m.Viewer):
            if message.state in ("joined", "consented", "left"):  # that is for the server to say
                raise Refused("not_allowed")
            self._spend(self._report, 1, now_ns)
            return m.Viewer(t_ns=now_ns, state=message.state, viewer_id=self.viewer_id)
        if isinstance(message, m.MemoryConsent):
            # Only ever of whom the agent talks with: names come from recognisers, not from whoever opens a page.
            self._spend(self._text, 1, now_ns)
            return m.MemoryConsent(t_ns=now_ns, state=message.state)
        raise Refused("not_allowed")

    def _user_audio(self, message: m.UserAudio, now_ns: int) -> m.UserAudio:
        size = len(message.pcm)
        if message.sample_rate_hz != AUDIO_RATE_HZ or size == 0 or size % 2:
            raise Refused("invalid")
        if size > AUDIO_BLOCK_BYTES_MAX:
            raise Refused("too_large")
        self._spend(self._audio, size // 2, now_ns)
        return m.UserAudio(t_ns=self._timeline.stamp(size // 2, now_ns), pcm=message.pcm, index=message.index)

    def _user_video(self, message: m.UserVideo, now_ns: int) -> m.UserVideo:
        if len(message.jpeg) > JPEG_BYTES_MAX:
            raise Refused("too_large")
        if not (message.jpeg.startswith(b"\xff\xd8") and message.jpeg.rstrip(b"\0").endswith(b"\xff\xd9")):
            raise Refused("invalid")
        self._spend(self._video, 1, now_ns)
        return m.UserVideo(t_ns=now_ns, jpeg=message.jpeg, index=message.index)

    def _typed_text(self, message: m.TypedText, now_ns: int) -> m.TypedText:
        text = " ".join(message.text.split())
        if not text:
            raise Refused("invalid")
        if len(text) > TEXT_CHARS_MAX:
            raise Refused("too_large")
        self._spend(self._text, 1, now_ns)
        return m.TypedText(t_ns=now_ns, text=text)

    @staticmethod
    def _spend(allowance: Allowance, units: float, now_ns: int) -> None:
        if not allowance.take(units, now_ns):
            raise Refused("too_frequent")
