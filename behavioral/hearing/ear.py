"""The ear: blocks of the person's audio in, hearing events out.

`push` is synchronous and costs well under a millisecond: voice activity, gate, prosody and cues run inline on the event loop. The
recogniser runs in whoever iterates `recognition`, behind a bounded queue, so that voice activity never waits for it: when it falls
more than `BACKLOG_S` behind, audio is dropped for it alone, counted, and told as `RecognitionLost`. A recogniser that fails never stops
hearing. The recogniser gets each stretch of speech from `preroll_ms` before its onset to its offset, cut where it lasts
over `UTTERANCE_MAX_S`.

Blocks: 512 samples of 16 kHz signed 16-bit mono, `t_ns` the session time of the first sample. A jump of the time stamps of more than a
quarter of a second (lost audio, a paused microphone) ends running speech and resets the detectors.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from behavioral.hearing.asr.contract import StreamingRecogniser
from behavioral.hearing.blocks import BLOCK_BYTES, BLOCK_NS, SILENCE_DBFS, level_dbfs, samples_of
from behavioral.hearing.cues import CueDetector
from behavioral.hearing.events import (
    BlockHeard,
    FinalText,
    HearingEvent,
    ProsodySnapshot,
    RecognitionEvent,
    RecognitionLost,
    SpeechOffset,
    SpeechOnset,
    Units,
)
from behavioral.hearing.gate import SpeechGate
from behavioral.hearing.prosody import Prosody
from behavioral.hearing.self_voice import audible
from behavioral.hearing.units import UnitEdit
from behavioral.hearing.vad import SpeechProbability
from runtime.clock import NS_PER_MS, Clock
from runtime.settings import HearingSettings, ListenerSettings
from runtime.streams import Overflow, Stream

BACKLOG_S = 15.0
UTTERANCE_MAX_S = 20.0
_BACKLOG_BLOCKS = round(BACKLOG_S * 1e9 / BLOCK_NS)
_GAP_NS = 250 * NS_PER_MS
_JOINED_BLOCKS = 31  # at most a second of audio in one exchange, or a slow machine would look like a hung worker
_MARKERS = 512  # room for starts and ends while audio is already refused


@dataclass(frozen=True, slots=True)
class _Start:
    t_ns: int
    """First sample that the recogniser gets."""
    begin_ns: int
    """Where the piece begins: the onset, or the cut."""
    onset_ns: int


@dataclass(frozen=True, slots=True)
class _Audio:
    pcm: bytes


@dataclass(frozen=True, slots=True)
class _End:
    offset_ns: int
    continues: bool = False


class Ear:
    """Hears one person."""

    def __init__(
        self,
        settings: HearingSettings,
        listener_settings: ListenerSettings,
        recogniser: StreamingRecogniser,
        vad: SpeechProbability,
        clock: Clock,
    ) -> None:
        """Join the parts; the ear owns the recogniser from now on and closes it.

        Args:
            settings: the profile's hearing section.
            listener_settings: the profile's listener section (cue constants).
            recogniser: turns utterances into units.
            vad: judges blocks.
            clock: session time, for the latency of final texts.
        """
        self.dropped_blocks = 0
        """Blocks that the recogniser never got because it was too far behind."""
        self._recogniser = recogniser
        self._vad = vad
        self._clock = clock
        self._gate = SpeechGate(settings)
        self._prosody = Prosody()
        self._cues = CueDetector(listener_settings, self._prosody.speaker)
        preroll_ns = round(settings.preroll_ms * NS_PER_MS) + round(settings.min_speech_ms * NS_PER_MS)
        self._preroll: deque[tuple[int, bytes]] = deque(maxlen=-(-preroll_ns // BLOCK_NS))
        self._queue: Stream[_Start | _Audio | _End] = Stream(
            _BACKLOG_BLOCKS + _MARKERS, Overflow.REFUSE, "recogniser's queue"
        )
        self._utterance_from_ns: int | None = None
        self._onset_ns = 0
        self._busy = False
        self._recognition_over = False
        self._next_ns: int | None = None

    @property
    def speaking(self) -> bool:
        """Whether the person speaks."""
        return self._gate.speaking

    @property
    def silence_since_ns(self) -> int | None:
        """Session time since which the present speech has been silent inside the hangover; None while it sounds, or without speech."""
        return self._gate.silence_since_ns

    @property
    def idle(self) -> bool:
        """Whether nobody speaks and everything heard has been recognised and delivered, or never will be."""
        recognising = not self._recognition_over and (self._busy or len(self._queue) > 0)
        return not (self._gate.speaking or recognising)

    @property
    def prosody(self) -> ProsodySnapshot:
        """The voice at this moment; costs a fraction of a millisecond."""
        return self._prosody.snapshot()

    def push(
        self,
        block_pcm: bytes,
        t_ns: int,
        own_voice: float = 0.0,
        uncleaned: float = 0.0,
        azimuth_rad: float | None = None,
    ) -> tuple[HearingEvent, ...]:
        """Hear one block and return what follows from it, `BlockHeard` first.

        Args:
            block_pcm: 512 samples.
            t_ns: session time of the first.
            own_voice: share of the block, 0 to 1, that the agent's own voice explains (`behavioral.hearing.self_voice`).
            uncleaned: speech probability before an echo canceller, where that may count (`behavioral.hearing.front_end`).
            azimuth_rad: where the sound comes from, as its source told; passed on.

        Raises:
            ValueError: the block is not 512 samples.
        """
        if len(block_pcm) != BLOCK_BYTES:
            raise ValueError(f"a block of hearing is {BLOCK_BYTES} bytes, not {len(block_pcm)}")
        before: list[HearingEvent] = []
        if self._next_ns is not None and abs(t_ns - self._next_ns) > _GAP_NS:
            before = self._gap()
        self._next_ns = t_ns + BLOCK_NS
        samples = samples_of(block_pcm)
        probability = max(self._vad.probability(samples), uncleaned) * audible(own_voice)
        decision = self._gate.push(probability, t_ns)
        after: list[HearingEvent] = []
        if isinstance(decision, SpeechOnset):
            self._prosody.begin_speech()
            self._cues.onset(decision.t_ns)
            self._begin_utterance(decision.t_ns)
            after.append(decision)
        frames = self._prosody.push(samples, t_ns, self._gate.speaking and self._gate.silence_since_ns is None)
        if isinstance(decision, SpeechOffset):
            self._feed(block_pcm, t_ns)
            after.append(self._end_speech(decision))
        elif self._gate.speaking:
            self._feed(block_pcm, t_ns)
        if self._gate.speaking and self._gate.silence_since_ns is None:
            after += [cue for frame in frames if (cue := self._cues.speech_frame(frame)) is not None]
        elif not self._gate.speaking and (cue := self._cues.silence(t_ns + BLOCK_NS)) is not None:
            after.append(cue)
        if self._utterance_from_ns is None and not isinstance(decision, SpeechOffset):
            self._preroll.append((t_ns, block_pcm))
        level = max(SILENCE_DBFS, level_dbfs(samples))
        heard = BlockHeard(t_ns, probability, self._gate.speaking, level, frames[-1].f0_hz, own_voice, azimuth_rad)
        return (*before, heard, *after)

    def flush(self) -> tuple[HearingEvent, ...]:
        """Say that the input has ended or paused: running speech ends with it."""
        self._next_ns = None
        return tuple(self._gap())

    async def aclose(self) -> None:
        """Take no more audio; `recognition` ends after what waits, and closes the recogniser."""
        await self._queue.aclose()

    @property
    def recognition(self) -> AsyncIterator[RecognitionEvent]:
        """Units and final texts, as they come; iterate it once, in a task of its own: that task runs the recogniser.

        Raises:
            AttuneError: the recogniser's model cannot be used (at the first step).
        """
        return self._recognise()

    def _gap(self) -> list[HearingEvent]:
        offset = self._gate.close()
        events: list[HearingEvent] = [] if offset is None else [self._end_speech(offset)]
        self._vad.reset()
        self._prosody.gap()
        self._preroll.clear()
        return events

    def _end_speech(self, offset: SpeechOffset) -> SpeechOffset:
        self._cues.offset(offset.t_ns)
        self._queue_marker(_End(offset.t_ns))
        self._utterance_from_ns = None
        self._preroll.clear()
        return SpeechOffset(offset.t_ns, offset.decided_ns, self._prosody.snapshot(offset.t_ns))

    def _begin_utterance(self, onset_ns: int) -> None:
        blocks = list(self._preroll)
        self._preroll.clear()
        first_ns = blocks[0][0] if blocks else onset_ns
        self._utterance_from_ns = first_ns
        self._onset_ns = onset_ns
        self._queue_marker(_Start(first_ns, onset_ns, onset_ns))
        for _, pcm in blocks:
            self._queue_audio(pcm)

    def _feed(self, pcm: bytes, t_ns: int) -> None:
        assert self._utterance_from_ns is not None
        if t_ns - self._utterance_from_ns >= UTTERANCE_MAX_S * 1e9:
            self._queue_marker(_End(t_ns, continues=True))
            self._queue_marker(_Start(t_ns, t_ns, self._onset_ns))
            self._utterance_from_ns = t_ns
        self._queue_audio(pcm)

    def _queue_audio(self, pcm: bytes) -> None:
        if len(self._queue) >= _BACKLOG_BLOCKS:
            self.dropped_blocks += 1
        else:
            self._queue.push(_Audio(pcm))

    def _queue_marker(self, marker: _Start | _End) -> None:
        if len(self._queue) < self._queue.capacity:
            self._queue.push(marker)
        else:
            self.dropped_blocks += 1

    async def _recognise(self) -> AsyncIterator[RecognitionEvent]:
        try:
            await self._recogniser.prepare()
            utterance: _Utterance | None = None
            dropped = 0
            async for item in self._queue:
                self._busy = True
                if isinstance(item, _Start):
                    utterance = _Utterance(item.begin_ns, item.onset_ns)
                if utterance is not None:
                    edits, failure = await self._edits(item, utterance)
                    if edits:
                        yield Units(tuple(edits), utterance.onset_ns)
                    if isinstance(item, _End):
                        yield utterance.final(item, self._clock.now_ns())
                        utterance = None
                    if failure is not None:
                        yield RecognitionLost(self._clock.now_ns(), failure)
                if self.dropped_blocks > dropped:
                    lost, dropped = self.dropped_blocks - dropped, self.dropped_blocks
                    yield RecognitionLost(self._clock.now_ns(), f"{lost} blocks dropped: the recogniser is too slow")
                self._busy = False
        finally:
            self._busy, self._recognition_over = False, True
            await self._recogniser.aclose()

    async def _edits(self, item: _Start | _Audio | _End, utterance: _Utterance) -> tuple[list[UnitEdit], str | None]:
        """Let the recogniser have an item; return its edits and what went wrong.

        A recogniser that raises has broken its contract: that costs the utterance, whose open units are revoked.
        """
        edits: list[UnitEdit] = []
        try:
            if isinstance(item, _Start):
                await self._recogniser.start(item.t_ns)
            elif isinstance(item, _Audio):
                pcm = self._with_waiting_audio(item)
                edits = [] if utterance.lost else await self._recogniser.push(pcm)
            elif not utterance.lost:
                edits = await self._recogniser.finish()
            failure = self._recogniser.take_failure()
        except Exception as error:
            edits = utterance.give_up()
            failure = f"{self._recogniser.name}: {type(error).__name__}; the utterance was given up"
            with contextlib.suppress(Exception):  # so that the next utterance finds nothing of this one
                await self._recogniser.abort()
        utterance.take(edits)
        return edits, failure

    def _with_waiting_audio(self, first: _Audio) -> bytes:
        """Join what has piled up behind a block, up to the next marker: fewer exchanges when catching up."""
        pieces = [first.pcm]
        while len(pieces) < _JOINED_BLOCKS and isinstance(following := self._queue.peek(), _Audio):
            self._queue.take()
            pieces.append(following.pcm)
        return b"".join(pieces)


class _Utterance:
    """What the final text is made of."""

    def __init__(self, begin_ns: int, onset_ns: int) -> None:
        self.onset_ns = onset_ns
        self._begin_ns = begin_ns
        self.lost = False
        self._open: dict[str, UnitEdit] = {}
        self._committed: list[UnitEdit] = []

    def take(self, edits: list[UnitEdit]) -> None:
        for edit in edits:
            if edit.op == "add":
                self._open[edit.unit_id] = edit
            else:
                self._open.pop(edit.unit_id, None)
            if edit.op == "commit":
                self._committed.append(edit)

    def give_up(self) -> list[UnitEdit]:
        """Say that no more is recognised; return the revokes of what stood open, from the end."""
        self.lost = True
        return [replace(edit, op="revoke") for edit in reversed(self._open.values())]

    def final(self, end: _End, now_ns: int) -> FinalText:
        words = self._committed
        text = " ".join(word.text for word in words)
        confidence = sum(word.confidence for word in words) / len(words) if words else 0.0
        latency_ms = max(0, now_ns - end.offset_ns) / NS_PER_MS
        ends = words[-1].sentence_end if words else None
        return FinalText(text, confidence, latency_ms, self._begin_ns, end.offset_ns, end.continues, ends)
