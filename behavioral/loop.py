"""The fast loop: one motion frame per tick, whatever else happens.

At each tick of the profile's rate: conversation state, intentions, due audio, the body's frame. Everything
called from here is synchronous, bounded and far below the period; blocking work lives in worker processes and
threads. An exception in one part is counted, reported in health and does not cost the frame: the body holds
what it has.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable

from behavioral.body.body import Body
from behavioral.body.realiser import Realiser
from behavioral.body.rest import Rest
from behavioral.conversation import Conversation
from behavioral.voice.playback import Playback
from runtime.bus import Bus
from runtime.clock import NS_PER_S, Clock
from runtime.messages import AgentAudio, MotionFrame
from runtime.ticker import Tick, Ticker
from runtime.trouble import place_of

RESTARTED_S = 1.0
"""A loop that begins later than this after media zero belongs to a room that was restarted."""
logger = logging.getLogger(__name__)


class FastLoop:
    """Owns the tick."""

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        *,
        conversation: Conversation,
        realiser: Realiser,
        playback: Playback,
        body: Body,
        play: Callable[[AgentAudio], None],
        counters: dict[str, float],
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """Wire the parts; `play` hands a piece of audio to a local loudspeaker; `stopped` says whether the body must rest."""
        self._clock = clock
        self._bus = bus
        self._conversation = conversation
        self._realiser = realiser
        self._playback = playback
        self._body = body
        self._play = play
        self._counters = counters
        self._stopped = stopped
        self._rest = Rest()
        self._last_frame: MotionFrame | None = None
        playback.hand_out_to(self._hand_out)

    async def run(self, rate_hz: float, start_ns: int) -> None:
        """Tick until cancelled."""
        ticker = Ticker(self._clock, rate_hz, start_ns, first_index=next_index(self._clock.now_ns(), start_ns, rate_hz))
        async for tick in ticker:
            self._guarded("conversation", lambda t: self._conversation.tick(t.t_ns), tick)
            self._guarded("realiser", lambda t: self._realiser.tick(t.t_ns), tick)
            self._guarded("playback", self._sound, tick)
            self._guarded("frame", self._move, tick)
            self._counters["frames"] = ticker.cadence.delivered
            self._counters["frames_late"] = ticker.cadence.late
            self._counters["frame_worst_ms"] = round(ticker.cadence.worst_ms, 3)

    def _sound(self, tick: Tick) -> None:
        for piece in self._playback.pieces_due(tick.t_ns):
            self._hand_out(piece)

    def _hand_out(self, piece: AgentAudio) -> None:
        self._bus.publish(piece)
        self._play(piece)

    def _move(self, tick: Tick) -> None:
        try:
            frame = self._body.frame(tick, self._realiser.shaping(tick.t_ns))
        except Exception as error:
            if self._last_frame is None:
                raise
            self._trouble("body", error)
            frame = _again(self._last_frame, tick)
        frame = self._rest.apply(frame, tick.t_ns / NS_PER_S, resting=self._stopped())
        self._bus.publish(frame)
        self._last_frame = frame
        self._realiser.frame_sent(self._clock.now_ns(), tick.index)

    def _guarded(self, part: str, call: Callable[[Tick], None], tick: Tick) -> None:
        try:
            call(tick)
        except Exception as error:
            self._trouble(part, error)

    def _trouble(self, part: str, error: Exception) -> None:
        """Count a failure; the first of each part is logged with its place (never with content)."""
        key = f"failed_{part}"
        self._counters[key] = self._counters.get(key, 0) + 1
        if self._counters[key] == 1:
            logger.error("the %s failed in a tick; the loop goes on: %s", part, place_of(error))


def next_index(now_ns: int, start_ns: int, rate_hz: float) -> int:
    """Return the number of the first tick: 0 in a fresh session, the next to come after a restart in its middle.

    A session that has just begun starts at 0 even if its first tick is a little late: no frame is skipped for that.
    """
    behind_s = (now_ns - start_ns) / NS_PER_S
    return math.ceil(behind_s * rate_hz) if behind_s > RESTARTED_S else 0


def _again(frame: MotionFrame, tick: Tick) -> MotionFrame:
    """Return the last frame under a new tick: the body holds still."""
    return MotionFrame(
        t_ns=tick.t_ns,
        index=tick.index,
        rotations=frame.rotations,
        hips_m=frame.hips_m,
        hands=frame.hands,
        eyes_rad=frame.eyes_rad,
        blink=frame.blink,
        expression=frame.expression,
        lateness_ms=tick.lateness_ms,
    )
