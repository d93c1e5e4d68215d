"""The truth of what the person hears: the agent's clauses on the session clock.

Clauses are queued behind one another; the 50 Hz tick calls `pieces_due` and sends what it returns. Audio is handed out
just ahead of its time, never more than the lead, so that an interruption can take back all but that. The first pieces of a
voice that was silent do not wait for the tick: they go to whoever asked for them with `hand_out_to`. What was heard is
read off the same schedule, corrected by what a player reports of itself. No task, no thread: everything happens on the caller's
event loop. After a stall late pieces are handed out at once with the times that they should have had; nothing is skipped.

A clause may grow while it plays. Its last samples are held back until more comes; where nothing comes in time they fade
out (no click), the clause is dry, and with the next sound it goes on (fading in) as soon as it can. Such a gap is told to
`underrun`, moves what follows, and makes the next growing clauses start with more in store.

`pause` halts all of it: players drop what they have (`HALT_MS`), and nothing more is handed out until `resume`, with which the clause
that broke off is taken up again from its last word, or from its beginning (`restart`). What follows is moved.

A response's position counts milliseconds of its audio, without the pauses between its clauses, without gaps and without what is
repeated; so does `AgentAudio.offset_samples`, which therefore goes back after a pause.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.account import ResponseAccount
from behavioral.voice.gain import Gain
from behavioral.voice.junctures import pause_after_ms
from behavioral.voice.player_delay import PlayerDelay
from behavioral.voice.restart import restart_sample
from behavioral.voice.schedule import ScheduledClause, take_up
from behavioral.voice.tts.contract import Clause
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
HALT_MS = 20.0
"""A paused voice is out for this long yet: players fade over it."""
TAIL_MS = 100.0
"""A clause that was heard up to this is not taken up again for its last sound."""
RESERVE_MS = 10.0
"""End of what is there of a growing clause, held back for a fade."""
FADE_IN_MS = 5.0
STORE_MS, STORE_MAX_MS = 60.0, 960.0
"""Sound of a growing clause that is there before it starts; doubled by each gap up to the most, and slowly forgotten."""
STORE_FORGOTTEN = 0.8
"""Factor on what is above `STORE_MS` with each clause that grew without a gap."""
REPORT_MARGIN_MS = 40.0
"""Reports this near to the ends of a clause tell nothing: in a pause the position stands still while time goes on."""
_KEPT_RESPONSES = 16


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
        self._gain = Gain()
        self._underrun = underrun
        self._hand_out: Callable[[AgentAudio], None] | None = None
        self._halt: Callable[[int], None] = lambda _t_ns: None
        self.store_ms = STORE_MS
        self._queue: deque[ScheduledClause] = deque()
        self._fades: list[AgentAudio] = []
        self._responses: dict[str, ResponseAccount] = {}
        self._ends_ns = 0
        self._delay = PlayerDelay()
        self._paused_ns: int | None = None
        self._restart = 0

    @property
    def paused(self) -> bool:
        """Whether everything is halted."""
        return self._paused_ns is not None

    @property
    def paused_ns(self) -> int | None:
        """Session time at which it was halted; None where it is not."""
        return self._paused_ns

    @property
    def ends_ns(self) -> int:
        """Session time at which the last queued (after a stop: the last handed-out) sample ends; 0 before any."""
        return self._ends_ns

    @property
    def delay_ms(self) -> float:
        """How much later than scheduled the player sounds, from its reports; 0 without any."""
        return self._delay.ms

    def hand_out_to(self, send: Callable[[AgentAudio], None]) -> None:
        """Have the first pieces of a clause that starts now sent at once, and not with the next tick."""
        self._hand_out = send

    def halt_by(self, halt: Callable[[int], None]) -> None:
        """Have a player of this process told the session time (ns) from which on nothing is to be heard of what it was handed."""
        self._halt = halt

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
        now_ns = self._clock.now_ns()
        response = self._response(response_id)
        if response.stopped_ns is not None:
            return None
        if clause_index != len(response.clauses):
            raise ValueError(f"{response_id}: clause {clause_index} came where {len(response.clauses)} is next")
        start_ns = max(now_ns + round(self._margin_ms * NS_PER_MS), self._ends_ns)
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
        scheduled.held = self.paused
        response.clauses.append(scheduled)
        self._queue.append(scheduled)
        self._ends_ns = scheduled.end_ns
        if self._queue[0] is scheduled:
            self._send_at_once(now_ns)
        return start_ns

    def grew(self, response_id: str) -> None:
        """Take note that there is more of a response's last clause, or that it is complete now."""
        response = self._responses.get(response_id)
        if response is None or not response.clauses or response.stopped_ns is not None:
            return
        scheduled = response.clauses[-1]
        clause = scheduled.clause
        if scheduled.held:
            return
        if scheduled.dry and clause.ready > scheduled.sent:
            gap_ms = scheduled.resume(self._clock.now_ns() + round(START_MARGIN_MS * NS_PER_MS))
            self.store_ms = min(STORE_MAX_MS, 2.0 * self.store_ms)
            self._underrun(gap_ms)
        elif clause.complete and not scheduled.after_gap:
            self.store_ms = STORE_MS + STORE_FORGOTTEN * (self.store_ms - STORE_MS)
        if self._queue and self._queue[-1] is scheduled:
            self._ends_ns = scheduled.end_ns

    def end_ns(self, response_id: str) -> int:
        """Return when the last clause of a response ends, so far as it is known; 0 for an unknown one.

        While it is paused: when it would end if it went on now, or later.
        """
        response = self._responses.get(response_id)
        if response is None or not response.clauses:
            return 0
        last = response.clauses[-1]
        waits_ns = self._clock.now_ns() - self._paused_ns if self._paused_ns is not None and last.held else 0
        return last.end_ns + waits_ns

    def place_of(self, response_id: str, clause_index: int) -> ScheduledClause:
        """Return where a clause that was enqueued lies on the clock; not to be changed."""
        return self._responses[response_id].clauses[clause_index]

    def duck(self, on: bool) -> None:
        """Speak lower, or at full level again; reached in a ramp from the next piece on."""
        self._gain.target = self._duck_gain if on else 1.0

    def pause(self, now_ns: int, give_up: str = "") -> int:
        """Halt; return when it is silent (session ns). Harmless when it is paused already.

        Args:
            now_ns: session time.
            give_up: a response that is not taken up again (a filler).
        """
        if self._paused_ns is not None:
            return self._paused_ns + round(HALT_MS * NS_PER_MS)
        self._paused_ns = now_ns
        silent_ns = self._paused_ns + round(HALT_MS * NS_PER_MS)
        heard_ns = silent_ns - round(self.delay_ms * NS_PER_MS)
        ended_ns = heard_ns + round(TAIL_MS * NS_PER_MS)
        if (given_up := self._responses.get(give_up)) is not None:
            given_up.give_up(heard_ns)
        # What a player had been handed and nobody will hear waits again.
        said = [s for r in self._responses.values() if r.stopped_ns is None for s in r.clauses]
        self._queue = deque(s for s in said if s in self._queue or (s.sent and s.end_ns > ended_ns))
        for place, scheduled in enumerate(self._queue):
            if place == 0:
                self._restart = restart_sample(scheduled.clause, scheduled.into_ms(heard_ns))
            scheduled.hold(heard_ns)
        if not self._queue:
            self._ends_ns = self._sent_until_ns()
        self._halt(silent_ns)
        return silent_ns

    def resume(self, now_ns: int) -> None:
        """Go on: the clause that broke off a little before that place, what waits behind it moved by as much."""
        if self._paused_ns is None:
            return
        self._paused_ns = None
        self._gain.restore()
        if self._queue:
            start_ns = max(now_ns + round(self._margin_ms * NS_PER_MS), self._sent_until_ns())
            self._ends_ns = take_up(self._queue, self._restart, start_ns)
        self._send_at_once(now_ns)

    def pieces_due(self, now_ns: int) -> list[AgentAudio]:
        """Return the pieces to be sent now: all that end within the lead, in order, each exactly once."""
        if not self._queue and not self._fades:
            return []
        pieces, self._fades = self._fades, []
        while self._queue and self._paused_ns is None:
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
                    pieces.append(self._piece(head, size, self._gain.fade(size)))
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
        ramp = self._gain.ramp(size, rate_hz)
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
            if scheduled.response_id == response_id and 0 < scheduled.sent < scheduled.clause.ready and not self.paused:
                self._fade_out(scheduled)
        broken_off = bool(self._queue) and self._queue[0].response_id == response_id
        self._queue = kept
        self._ends_ns = self._sent_until_ns()
        if kept:
            self._ends_ns = max(self._ends_ns, kept[-1].end_ns)
        if broken_off or not kept:
            self._restart = 0
            self.resume(t_ns)
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
            told_from_ms = max(0.0, scheduled.settled_ms) + REPORT_MARGIN_MS
            if not scheduled.held and told_from_ms < into_ms < scheduled.clause.duration_ms - REPORT_MARGIN_MS:
                self._delay.take((played.t_ns - scheduled.start_ns) / NS_PER_MS - scheduled.at_ms(into_ms))
                return

    def forget_player(self) -> None:
        """Trust the schedule again: the player that reported is gone."""
        self._delay.forget()

    def speaking(self, t_ns: int) -> bool:
        """Say whether a clause sounds at a session time; pauses between clauses are not speaking."""
        return self.clause_at(t_ns) is not None

    def clause_at(self, t_ns: int) -> tuple[str, Clause, float] | None:
        """Return response id, clause and position in its audio (ms) that is heard at a session time, or None: also in a pause of it."""
        t_ns -= round(self.delay_ms * NS_PER_MS)
        for scheduled in self._all_clauses():
            if scheduled.sounds_at(t_ns) and t_ns < self._responses[scheduled.response_id].heard_end_ns(scheduled):
                return scheduled.response_id, scheduled.clause, scheduled.into_ms(t_ns)
        return None

    def position_ms(self, response_id: str, t_ns: int) -> float:
        """Return how much of a response's audio has been heard by a session time, ms; 0 for an unknown one."""
        response = self._responses.get(response_id)
        return response.position_ms(t_ns - round(self.delay_ms * NS_PER_MS)) if response else 0.0

    def heard_text(self, response_id: str, t_ns: int) -> str:
        """Return the words of a response that have been heard by a session time."""
        response = self._responses.get(response_id)
        return response.words(t_ns - round(self.delay_ms * NS_PER_MS)) if response else ""

    @property
    def _margin_ms(self) -> float:
        return START_MARGIN_MS if self._hand_out is None else SEND_MARGIN_MS

    def _send_at_once(self, now_ns: int) -> None:
        if self._hand_out is not None:
            for piece in self.pieces_due(now_ns):
                self._hand_out(piece)

    def _sent_until_ns(self) -> int:
        """Return when the last sample that is handed out ends; 0 before any."""
        return max((s.at_ns(s.sent) for s in self._all_clauses() if s.sent), default=0)

    def _response(self, response_id: str) -> ResponseAccount:
        if response_id not in self._responses:
            while len(self._responses) >= _KEPT_RESPONSES:
                del self._responses[next(iter(self._responses))]
            self._responses[response_id] = ResponseAccount()
        return self._responses[response_id]

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

    def _fade_out(self, scheduled: ScheduledClause) -> None:
        rate_hz = scheduled.clause.sample_rate_hz
        size = min(round(FADE_MS * rate_hz / 1_000.0), scheduled.clause.ready - scheduled.sent)
        self._fades.append(self._piece(scheduled, size, self._gain.fade(size)))
