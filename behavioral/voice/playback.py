"""The truth of what the person hears: the agent's clauses on the session clock.

Clauses are queued behind one another; the 50 Hz tick calls `pieces_due` and sends what it returns. Audio is handed out
just ahead of its time, never more than the lead, so that an interruption can take back all but that. What was heard is
read off the same schedule, corrected by what a player reports of itself. No task, no thread: everything happens in the
caller's, on one event loop. After a stall late pieces are handed out at once with the times that they should have had;
nothing is skipped here.

A response's position counts milliseconds of its audio, without the pauses between its clauses; so does
`AgentAudio.offset_samples`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.tts.contract import SpokenClause
from runtime import messages
from runtime.clock import NS_PER_MS, NS_PER_S, Clock
from runtime.messages import AgentAudio
from runtime.settings import VoiceSettings

START_MARGIN_MS = 20.0
"""A clause starts this long after it is queued at the soonest: one tick, so that its first piece is out in time."""
FADE_MS = 20.0
"""An interrupted voice fades out over this, against a click."""
GAIN_RAMP_MS = 80.0
"""Ducking and its end take this long for the whole range of gain."""
COMMA_PAUSE_MS, SENTENCE_PAUSE_MS, OTHER_PAUSE_MS = 140.0, 320.0, 60.0
"""Pause after a clause of the same response, by what it ends in (Goldman-Eisler 1968 puts juncture pauses at 100 to 500 ms)."""
PLAYER_DELAY_MAX_MS = 1_500.0
REPORT_MARGIN_MS = 40.0
"""Reports this near to the ends of a clause tell nothing: in a pause the position stands still while time goes on."""
_DELAY_SMOOTHING = 0.25
_KEPT_RESPONSES = 16


@dataclass(slots=True)
class _Scheduled:
    """One clause on the clock; `position_ms` is the response's audio before it, `sent` the samples handed out."""

    response_id: str
    clause: SpokenClause
    start_ns: int
    position_ms: float
    sent: int = 0

    def at_ns(self, sample: int) -> int:
        return self.start_ns + sample * NS_PER_S // self.clause.sample_rate_hz

    @property
    def end_ns(self) -> int:
        return self.at_ns(len(self.clause.pcm))


@dataclass(slots=True)
class _Response:
    """All clauses of a response so far."""

    clauses: list[_Scheduled] = field(default_factory=list)
    stopped_ns: int | None = None


class Playback:
    """Schedule and account of the agent's voice."""

    def __init__(self, clock: Clock, settings: VoiceSettings | None = None, *, duck_gain: float = 0.35) -> None:
        """Start silent.

        Args:
            clock: session time.
            settings: length of a piece and lead; the lead is at least one piece and one tick, or pieces would come
            late.
            duck_gain: gain of the voice while ducked, 0 to 1 (`TurnSettings.duck_gain`).
        """
        settings = settings or VoiceSettings()
        self._clock = clock
        self._chunk_ms = settings.chunk_ms
        self._lead_ns = round(max(settings.lead_ms, settings.chunk_ms + START_MARGIN_MS) * NS_PER_MS)
        self._duck_gain = duck_gain
        self._gain = self._gain_target = 1.0
        self._queue: deque[_Scheduled] = deque()
        self._fades: list[AgentAudio] = []
        self._responses: dict[str, _Response] = {}
        self._ends_ns = 0
        self._delay_ms: float | None = None

    @property
    def ends_ns(self) -> int:
        """Session time at which the last queued (after a stop: the last handed-out) sample ends; 0 before any."""
        return self._ends_ns

    @property
    def lead_ms(self) -> float:
        """The most that audio is handed out ahead of its time."""
        return self._lead_ns / NS_PER_MS

    @property
    def delay_ms(self) -> float:
        """How much later than scheduled the player sounds, from its reports; 0 without any."""
        return self._delay_ms or 0.0

    def enqueue(self, response_id: str, clause_index: int, clause: SpokenClause) -> int | None:
        """Put a clause behind all that is queued; return the session time (ns) at which its first sample is due.

        A clause of a response that has been stopped is dropped and None returned (its synthesis was under way at the
        stop).

        Args:
            response_id: the reply it belongs to.
            clause_index: number of the clause in its response, from 0; a repeated one is an error.
            clause: its sound.

        Raises:
            ValueError: `clause_index` is not the response's next.
        """
        soonest_ns = self._clock.now_ns() + round(START_MARGIN_MS * NS_PER_MS)
        response = self._response(response_id)
        if response.stopped_ns is not None:
            return None
        if clause_index != len(response.clauses):
            raise ValueError(f"{response_id}: clause {clause_index} came where {len(response.clauses)} is next")
        start_ns = max(soonest_ns, self._ends_ns)
        position_ms = 0.0
        if response.clauses:
            previous = response.clauses[-1]
            position_ms = previous.position_ms + previous.clause.duration_ms
            start_ns = max(start_ns, previous.end_ns + round(pause_after_ms(previous.clause.text) * NS_PER_MS))
        scheduled = _Scheduled(response_id, clause, start_ns, position_ms)
        response.clauses.append(scheduled)
        self._queue.append(scheduled)
        self._ends_ns = scheduled.end_ns
        return start_ns

    def duck(self, on: bool) -> None:
        """Speak lower, or at full level again; reached in a ramp from the next piece on."""
        self._gain_target = self._duck_gain if on else 1.0

    def pieces_due(self, now_ns: int) -> list[AgentAudio]:
        """Return the pieces to be sent now: all that end within the lead, in order, each exactly once."""
        if not self._queue and not self._fades:
            return []
        pieces, self._fades = self._fades, []
        while self._queue:
            head = self._queue[0]
            rate_hz, total = head.clause.sample_rate_hz, len(head.clause.pcm)
            while head.sent < total:
                size = min(round(self._chunk_ms * rate_hz / 1_000.0), total - head.sent)
                if head.at_ns(head.sent + size) > now_ns + self._lead_ns:
                    return pieces
                pieces.append(self._piece(head, size, self._ramp(size, rate_hz)))
            self._queue.popleft()
        return pieces

    def stop(self, response_id: str, t_ns: int) -> str:
        """Silence a response at once and return the words that were heard of it by `t_ns`.

        Audio that was handed out already plays for the lead at most where the player does not drop it; the rest is
        taken back and the voice fades out. Stopping twice, or an unknown response, is harmless.
        """
        response = self._response(response_id)  # known from now on, so that a clause under synthesis is refused
        heard = self.heard_text(response_id, t_ns)
        if response.stopped_ns is not None:
            return heard
        response.stopped_ns = t_ns
        kept = deque(scheduled for scheduled in self._queue if scheduled.response_id != response_id)
        for scheduled in self._queue:
            if scheduled.response_id == response_id and 0 < scheduled.sent < len(scheduled.clause.pcm):
                self._fade_out(scheduled)
        self._queue = kept
        self._ends_ns = max((s.at_ns(s.sent) for s in self._all_clauses() if s.sent), default=0)
        if kept:
            self._ends_ns = max(self._ends_ns, kept[-1].end_ns)
        return heard

    def report(self, played: messages.Playback) -> None:
        """Take a player's account of itself; `t_ns` is when it was true. Of an unknown or ended response it is ignored.

        The difference to the schedule becomes the player's delay, smoothed over reports and bounded.
        """
        response = self._responses.get(played.response_id)
        if response is None or response.stopped_ns is not None or played.finished:
            return
        for scheduled in response.clauses:
            into_ms = played.played_ms - scheduled.position_ms
            if REPORT_MARGIN_MS < into_ms < scheduled.clause.duration_ms - REPORT_MARGIN_MS:
                late_ms = (played.t_ns - scheduled.start_ns) / NS_PER_MS - into_ms
                late_ms = min(PLAYER_DELAY_MAX_MS, max(0.0, late_ms))
                before_ms = late_ms if self._delay_ms is None else self._delay_ms
                self._delay_ms = before_ms + _DELAY_SMOOTHING * (late_ms - before_ms)
                return

    def forget_player(self) -> None:
        """Trust the schedule again: the player that reported is gone."""
        self._delay_ms = None

    def speaking(self, t_ns: int) -> bool:
        """Say whether a clause sounds at a session time; pauses between clauses are not speaking."""
        return self.clause_at(t_ns) is not None

    def clause_at(self, t_ns: int) -> tuple[str, SpokenClause, float] | None:
        """Return response id, clause and position in its audio (ms) that is heard at a session time, or None."""
        t_ns -= round(self.delay_ms * NS_PER_MS)
        for scheduled in self._all_clauses():
            if scheduled.start_ns <= t_ns < self._heard_end_ns(scheduled):
                return scheduled.response_id, scheduled.clause, (t_ns - scheduled.start_ns) / NS_PER_MS
        return None

    def position_ms(self, response_id: str, t_ns: int) -> float:
        """Return how much of a response's audio has been heard by a session time, ms; 0 for an unknown one."""
        response = self._responses.get(response_id)
        heard_ms = 0.0
        for scheduled in response.clauses if response else ():
            until_ns = min(t_ns - round(self.delay_ms * NS_PER_MS), self._heard_end_ns(scheduled))
            if until_ns > scheduled.start_ns:
                heard_ms = scheduled.position_ms + (until_ns - scheduled.start_ns) / NS_PER_MS
        return heard_ms

    def heard_text(self, response_id: str, t_ns: int) -> str:
        """Return the words of a response that have been heard by a session time."""
        position_ms = self.position_ms(response_id, t_ns)
        response = self._responses.get(response_id)
        texts: list[str] = []
        for scheduled in response.clauses if response else ():
            into_ms = position_ms - scheduled.position_ms
            whole = into_ms >= scheduled.clause.duration_ms - 1.0  # rounding of sample times
            texts.append(scheduled.clause.text if whole else scheduled.clause.text_until(into_ms))
        return " ".join(text for text in texts if text)

    def _response(self, response_id: str) -> _Response:
        if response_id not in self._responses:
            while len(self._responses) >= _KEPT_RESPONSES:
                del self._responses[next(iter(self._responses))]
            self._responses[response_id] = _Response()
        return self._responses[response_id]

    def _heard_end_ns(self, scheduled: _Scheduled) -> int:
        stopped_ns = self._responses[scheduled.response_id].stopped_ns
        return scheduled.end_ns if stopped_ns is None else min(scheduled.end_ns, max(scheduled.start_ns, stopped_ns))

    def _all_clauses(self) -> Iterator[_Scheduled]:
        return (scheduled for response in self._responses.values() for scheduled in response.clauses)

    def _piece(self, scheduled: _Scheduled, size: int, gain: NDArray[np.float32] | None) -> AgentAudio:
        clause, first = scheduled.clause, scheduled.sent
        pcm = clause.pcm[first : first + size]
        if gain is not None:
            pcm = np.rint(pcm * gain).astype(np.int16)
        scheduled.sent += size
        return AgentAudio(
            pcm=pcm.astype("<i2", copy=False).tobytes(),
            sample_rate_hz=clause.sample_rate_hz,
            response_id=scheduled.response_id,
            offset_samples=round(scheduled.position_ms * clause.sample_rate_hz / 1_000.0) + first,
            t_ns=scheduled.at_ns(first),
        )

    def _ramp(self, size: int, rate_hz: int) -> NDArray[np.float32] | None:
        """Return the gain of each of the next samples, None where it is 1 throughout."""
        start, target = self._gain, self._gain_target
        if start == target:
            return None if start == 1.0 else np.full(size, start, dtype=np.float32)
        step = 1_000.0 / (GAIN_RAMP_MS * rate_hz)
        change = np.minimum(np.arange(1, size + 1) * step, abs(target - start))
        gain: NDArray[np.float32] = (start + np.sign(target - start) * change).astype(np.float32)
        reached = abs(target - start) <= size * step
        self._gain = target if reached else float(gain[-1])
        return gain

    def _fade_out(self, scheduled: _Scheduled) -> None:
        rate_hz = scheduled.clause.sample_rate_hz
        size = min(round(FADE_MS * rate_hz / 1_000.0), len(scheduled.clause.pcm) - scheduled.sent)
        fade = (self._gain * np.linspace(1.0, 0.0, size)).astype(np.float32)
        self._fades.append(self._piece(scheduled, size, fade))


def pause_after_ms(text: str) -> float:
    """Return the pause that follows a clause, by its last sign."""
    last = text.rstrip("\"'\u201d\u2019)]")[-1:]
    if last and last in ".!?\u2026":
        return SENTENCE_PAUSE_MS
    return COMMA_PAUSE_MS if last and last in ",;:\u2014\u2013" else OTHER_PAUSE_MS
