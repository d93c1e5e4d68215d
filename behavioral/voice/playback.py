"""The truth of what the person hears: the agent's clauses on the session clock.

Clauses are queued behind one another; the 50 Hz tick calls `pieces_due` and sends what it returns. Audio is handed out
just ahead of its time, never more than the lead, so that an interruption can take back all but that. The first pieces of a
voice that was silent do not wait for the tick: they go to whoever asked for them with `hand_out_to`. What was heard is
read off the same schedule, corrected by what a player reports of itself. No task, no thread: everything happens in the
caller's, on one event loop. After a stall late pieces are handed out at once with the times that they should have had;
nothing is skipped here.

A clause may grow while it plays. Its last samples are held back until more comes; where nothing comes in time they fade
out (no click), the clause is dry, and with the next sound it goes on (fading in) as soon as it can. Such a gap is told to
`underrun`, moves what follows, and makes the next growing clauses start with more in store.

A response's position counts milliseconds of its audio, without the pauses between its clauses and without gaps; so does
`AgentAudio.offset_samples`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.schedule import ScheduledClause
from behavioral.voice.tts.contract import Clause, spoken_text, text_until
from runtime import messages
from runtime.clock import NS_PER_MS, Clock
from runtime.messages import AgentAudio
from runtime.settings import VoiceSettings

START_MARGIN_MS = 20.0
"""A clause starts this long after it is queued at the soonest: one tick, so that its first piece is out in time."""
SEND_MARGIN_MS = 5.0
"""The same where its first pieces are sent at once: what the way to the player takes."""
FADE_MS = 20.0
"""An interrupted voice fades out over this, against a click."""
RESERVE_MS = 10.0
"""End of what is there of a growing clause, held back for a fade."""
FADE_IN_MS = 5.0
STORE_MS, STORE_MAX_MS = 60.0, 960.0
"""Sound of a growing clause that is there before it starts; doubled by each gap up to the most, and slowly forgotten."""
STORE_FORGOTTEN = 0.8
"""Factor on what is above `STORE_MS` with each clause that grew without a gap."""
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
class _Response:
    """All clauses of a response so far."""

    clauses: list[ScheduledClause] = field(default_factory=list)
    stopped_ns: int | None = None


class Playback:
    """Schedule and account of the agent's voice."""

    def __init__(
        self,
        clock: Clock,
        settings: VoiceSettings | None = None,
        *,
        duck_gain: float = 0.35,
        underrun: Callable[[float], None] = lambda _ms: None,
    ) -> None:
        """Start silent.

        Args:
            clock: session time.
            settings: length of a piece and lead; the lead is at least one piece and one tick, or pieces would come
            late.
            duck_gain: gain of the voice while ducked, 0 to 1 (`TurnSettings.duck_gain`).
            underrun: told each gap in a growing clause, milliseconds, when it is over.
        """
        settings = settings or VoiceSettings()
        self._clock = clock
        self._chunk_ms = settings.chunk_ms
        self._lead_ns = round(max(settings.lead_ms, settings.chunk_ms + START_MARGIN_MS) * NS_PER_MS)
        self._duck_gain = duck_gain
        self._gain = self._gain_target = 1.0
        self._underrun = underrun
        self._hand_out: Callable[[AgentAudio], None] | None = None
        self.store_ms = STORE_MS
        self._queue: deque[ScheduledClause] = deque()
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

    def hand_out_to(self, send: Callable[[AgentAudio], None]) -> None:
        """Have the first pieces of a clause that starts now sent at once, and not with the next tick."""
        self._hand_out = send

    def enqueue(self, response_id: str, clause_index: int, clause: Clause, pause_ms: float | None = None) -> int | None:
        """Put a clause behind all that is queued; return the session time (ns) at which its first sample is due.

        A clause of a response that has been stopped is dropped and None returned (its synthesis was under way at the
        stop).

        Args:
            response_id: the reply it belongs to.
            clause_index: number of the clause in its response, from 0; a repeated one is an error.
            clause: its sound; one that is not complete is brought forward with `grew`.
            pause_ms: silence before it; None for what the response's previous clause ends in.

        Raises:
            ValueError: `clause_index` is not the response's next, or the one before still grows.
        """
        margin_ms = START_MARGIN_MS if self._hand_out is None else SEND_MARGIN_MS
        now_ns = self._clock.now_ns()
        response = self._response(response_id)
        if response.stopped_ns is not None:
            return None
        if clause_index != len(response.clauses):
            raise ValueError(f"{response_id}: clause {clause_index} came where {len(response.clauses)} is next")
        start_ns = max(now_ns + round(margin_ms * NS_PER_MS), self._ends_ns)
        position_ms = 0.0
        if not response.clauses:
            start_ns += round((pause_ms or 0.0) * NS_PER_MS)
        else:
            previous = response.clauses[-1]
            if not previous.clause.complete:
                raise ValueError(f"{response_id}: clause {clause_index} came while the one before it grows")
            position_ms = previous.position_ms + previous.clause.duration_ms
            pause_ms = pause_after_ms(previous.clause.text) if pause_ms is None else pause_ms
            start_ns = max(start_ns, previous.end_ns + round(pause_ms * NS_PER_MS))
        scheduled = ScheduledClause(response_id, clause, start_ns, position_ms)
        response.clauses.append(scheduled)
        self._queue.append(scheduled)
        self._ends_ns = scheduled.end_ns
        if self._hand_out is not None and self._queue[0] is scheduled:
            for piece in self.pieces_due(now_ns):
                self._hand_out(piece)
        return start_ns

    def grew(self, response_id: str) -> None:
        """Take note that there is more of a response's last clause, or that it is complete now."""
        response = self._responses.get(response_id)
        if response is None or not response.clauses or response.stopped_ns is not None:
            return
        scheduled = response.clauses[-1]
        clause = scheduled.clause
        if scheduled.dry and clause.ready > scheduled.sent:
            gap_ms = scheduled.resume(self._clock.now_ns() + round(START_MARGIN_MS * NS_PER_MS))
            self.store_ms = min(STORE_MAX_MS, 2.0 * self.store_ms)
            self._underrun(gap_ms)
        elif clause.complete and not scheduled.after_gap:
            self.store_ms = STORE_MS + STORE_FORGOTTEN * (self.store_ms - STORE_MS)
        if self._queue and self._queue[-1] is scheduled:
            self._ends_ns = scheduled.end_ns

    def end_ns(self, response_id: str) -> int:
        """Return when the last clause of a response ends, so far as it is known; 0 for an unknown one."""
        response = self._responses.get(response_id)
        return response.clauses[-1].end_ns if response and response.clauses else 0

    def at_ms(self, response_id: str, position_ms: float) -> float:
        """Return when a position of a response's last clause is due, ms after its start: later than itself after gaps."""
        response = self._responses.get(response_id)
        return response.clauses[-1].at_ms(position_ms) if response and response.clauses else position_ms

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
            self._send(head, now_ns, pieces)
            if head.sent < head.clause.ready or not head.clause.complete:
                return pieces
            self._queue.popleft()
        return pieces

    def _send(self, head: ScheduledClause, now_ns: int, pieces: list[AgentAudio]) -> None:
        """Hand out what is due of one clause."""
        clause = head.clause
        rate_hz = clause.sample_rate_hz
        reserve = 0 if clause.complete else round(RESERVE_MS * rate_hz / 1_000.0)
        whole = round(self._chunk_ms * rate_hz / 1_000.0)
        while not head.dry and head.sent < clause.ready:
            size = min(whole, clause.ready - reserve - head.sent)
            if size < whole and not clause.complete:
                if head.at_ns(head.sent) > now_ns + round(START_MARGIN_MS * NS_PER_MS):
                    return  # more may come by the next tick
                if size <= 0:  # it is too late: the rest fades out
                    size = clause.ready - head.sent
                    gain = np.linspace(self._gain, 0.0, size, dtype=np.float32)
                    pieces.append(self._piece(head, size, gain))
                    head.dry = True
                    return
            if head.at_ns(head.sent + size) > now_ns + self._lead_ns:
                return
            pieces.append(self._piece(head, size, self._level(head, size)))
        if not clause.complete and head.sent >= clause.ready:
            head.dry = True

    def _level(self, head: ScheduledClause, size: int) -> NDArray[np.float32] | None:
        """Return the gain of the next samples, None where it is 1: the ramp of ducking, and a rise after a gap."""
        rate_hz = head.clause.sample_rate_hz
        ramp = self._ramp(size, rate_hz)
        rise = round(FADE_IN_MS * rate_hz / 1_000.0)
        if not head.after_gap or head.faded_in >= rise:
            return ramp
        risen = np.minimum(1.0, np.arange(head.faded_in + 1, head.faded_in + size + 1, dtype=np.float32) / rise)
        head.faded_in += size
        return risen if ramp is None else risen * ramp

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
            if scheduled.response_id == response_id and 0 < scheduled.sent < scheduled.clause.ready:
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
                late_ms = (played.t_ns - scheduled.start_ns) / NS_PER_MS - scheduled.at_ms(into_ms)
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

    def clause_at(self, t_ns: int) -> tuple[str, Clause, float] | None:
        """Return response id, clause and position in its audio (ms) that is heard at a session time, or None."""
        t_ns -= round(self.delay_ms * NS_PER_MS)
        for scheduled in self._all_clauses():
            if scheduled.start_ns <= t_ns < self._heard_end_ns(scheduled):
                return scheduled.response_id, scheduled.clause, scheduled.into_ms(t_ns)
        return None

    def position_ms(self, response_id: str, t_ns: int) -> float:
        """Return how much of a response's audio has been heard by a session time, ms; 0 for an unknown one."""
        response = self._responses.get(response_id)
        heard_ms = 0.0
        for scheduled in response.clauses if response else ():
            until_ns = min(t_ns - round(self.delay_ms * NS_PER_MS), self._heard_end_ns(scheduled))
            if until_ns > scheduled.start_ns:
                heard_ms = scheduled.position_ms + scheduled.into_ms(until_ns)
        return heard_ms

    def heard_text(self, response_id: str, t_ns: int) -> str:
        """Return the words of a response that have been heard by a session time."""
        position_ms = self.position_ms(response_id, t_ns)
        response = self._responses.get(response_id)
        texts: list[str] = []
        for scheduled in response.clauses if response else ():
            clause, into_ms = scheduled.clause, position_ms - scheduled.position_ms
            whole = clause.complete and into_ms >= clause.duration_ms - 1.0  # rounding of sample times
            texts.append(spoken_text(clause) if whole else text_until(clause, into_ms))
        return " ".join(text for text in texts if text)

    def _response(self, response_id: str) -> _Response:
        if response_id not in self._responses:
            while len(self._responses) >= _KEPT_RESPONSES:
                del self._responses[next(iter(self._responses))]
            self._responses[response_id] = _Response()
        return self._responses[response_id]

    def _heard_end_ns(self, scheduled: ScheduledClause) -> int:
        stopped_ns = self._responses[scheduled.response_id].stopped_ns
        return scheduled.end_ns if stopped_ns is None else min(scheduled.end_ns, max(scheduled.start_ns, stopped_ns))

    def _all_clauses(self) -> Iterator[ScheduledClause]:
        return (scheduled for response in self._responses.values() for scheduled in response.clauses)

    def _piece(self, scheduled: ScheduledClause, size: int, gain: NDArray[np.float32] | None) -> AgentAudio:
        clause, first = scheduled.clause, scheduled.sent
        pcm = clause.samples(first, size)
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

    def _fade_out(self, scheduled: ScheduledClause) -> None:
        rate_hz = scheduled.clause.sample_rate_hz
        size = min(round(FADE_MS * rate_hz / 1_000.0), scheduled.clause.ready - scheduled.sent)
        fade = (self._gain * np.linspace(1.0, 0.0, size)).astype(np.float32)
        self._fades.append(self._piece(scheduled, size, fade))


def pause_after_ms(text: str) -> float:
    """Return the pause that follows a clause, by its last sign."""
    last = text.rstrip("\"'\u201d\u2019)]")[-1:]
    if last and last in ".!?\u2026":
        return SENTENCE_PAUSE_MS
    return COMMA_PAUSE_MS if last and last in ",;:\u2014\u2013" else OTHER_PAUSE_MS
