"""The driver of every body behind a `Link`: retargeting, safety filter, pace, watchdog, return after a loss.

A frame becomes joint targets, these pass the `SafetyFilter`, what leaves it goes to the link. However irregularly frames come, the filter
takes at most one step per period of the body, and two steps are never nearer than `GAP` of it (frames that wait and come in a burst are no
reason to move faster). A task of the driver takes its steps when nobody calls `send` or `idle` (an emergency stop within a period, else
after `ALONE_S`): the watchdog works without the agent. While the body is away no target is followed; when it is back the filter begins
anew where it is. Then, and after `STALLED` periods without a step, it gets up to its pace slowly. Frames with numbers that are none are
refused and counted.

To its rest pose the filter alone leads it. Where that did not bring it there (an emergency stop holds, or somebody stands near) its motors
are left on at the end, with a warning. What a link raises when it is handed a command is logged, and the body counts as lost; what else
goes wrong in the driver's own task is logged once, and it goes on. One event loop; `stop`, `emergency_stop`, `release` and `person_at` may
be called from any thread.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from motion.embodiment.bodies.link import Link
from motion.embodiment.contract import Measured, Sent
from motion.embodiment.description import BodyDescription, Float64
from motion.embodiment.safety.filter import FRESH_S, Command, SafetyFilter, pace_beside
from runtime.clock import NS_PER_S, Clock
from runtime.errors import AttuneError
from runtime.messages import MotionFrame

ALONE_S = FRESH_S / 2.0
SLACK = 0.5
"""A step may come this share of a period early; over time there is one per period."""
GAP = 0.4
"""Least share of a period between two steps, by the clock."""
STALLED = 2.0
"""After so many periods without a step a body has slowed down by itself, and what comes next must not be at full pace."""
REST_REACHED_RAD = 0.03
REST_WITHIN_S = 10.0

logger = logging.getLogger(__name__)


class DrivenBody:
    """An `Embodiment` at the other end of a link."""

    def __init__(
        self,
        clock: Clock,
        body: BodyDescription,
        retarget: Callable[[MotionFrame], Float64],
        link: Link,
        clearance_m: Callable[[Float64], float] | None = None,
    ) -> None:
        """Make it; nothing is reached before `connect`.

        Args:
            clock: session time.
            body: what it is.
            retarget: joint targets [joints] of a frame whose numbers are finite.
            link: the wire to it.
            clearance_m: how far apart its nearest parts are in a pose; None where nothing checks.
        """
        self.link = link
        self._clock, self._body, self._retarget = clock, body, retarget
        self._clearance_m = clearance_m
        self._person_m = float("inf")
        self._emergency = False
        self._swaps = threading.Lock()
        """Held while what holds for the filter changes, or the filter itself: else a stop from another thread may be lost between."""
        try:
            self._filter = self._filter_at(body.vector("rest_rad"))
        except ImportError:
            raise AttuneError(f"body {body.name}: ruckig is not installed", "pip install 'attune[robot]'") from None
        self._command: Command = self._filter.step(0.0)
        self._period_ns = round(body.period_s * NS_PER_S)
        self._due_ns = self._stepped_ns = self._called_ns = 0
        self._gap = GAP
        self._frame: MotionFrame | None = None
        self._frame_ns = -NS_PER_S
        self._session = 0
        self._moves = False
        """Whether anything may have moved: not before `prepare` or the first frame."""
        self._switches = False
        self._told_wrong = ""
        self._alone: asyncio.Task[None] | None = None

    def describe(self) -> BodyDescription:
        """Return what it is."""
        return self._body

    @property
    def trouble(self) -> str:
        """Why the body is away, in words; empty when it is there."""
        return self.link.trouble

    @property
    def stopped(self) -> bool:
        """Whether an emergency stop holds."""
        return self._emergency

    async def connect(self) -> None:
        """Reach the body; nothing moves yet. Raises AttuneError."""
        await self.link.open()
        if self._alone is None:
            self._alone = asyncio.create_task(self._steps_alone(), name=f"{self._body.name} watchdog")

    async def prepare(self) -> None:
        """Switch the motors on and go to the rest pose, slowly. Raises AttuneError."""
        self._begin_anew()
        await self._switch(True)
        self._begin_anew()  # what held it may have let it sink
        self._moves = True
        await self.rest()

    def send(self, frame: MotionFrame) -> Sent:
        """Take a frame and hand over what the filter makes of it."""
        now_ns = self._called_ns = self._clock.now_ns()
        self._meet()
        if not _finite(frame):
            self._filter.refused += 1
        elif self.link.connected and not self.link.settles:
            self._frame, self._frame_ns = frame, now_ns
            self._filter.target(self._retarget(frame), now_ns / NS_PER_S)
        return self._step(now_ns)

    def follow(self, position_rad: Float64) -> Sent:
        """Take joint targets [joints] instead of a frame, and hand over what the filter makes of them."""
        now_ns = self._called_ns = self._clock.now_ns()
        self._meet()
        if self.link.connected and not self.link.settles:
            self._filter.target(position_rad, now_ns / NS_PER_S)
        return self._step(now_ns)

    def idle(self) -> Sent:
        """Let a period go by without a frame: the filter slows down, and then rests."""
        self._called_ns = self._clock.now_ns()
        self._meet()
        return self._step(self._called_ns)

    def measured(self) -> Measured | None:
        """Return where the body says it is."""
        return self.link.measured()

    async def rest(self) -> None:
        """Go to the rest pose and wait until it is there, at most `REST_WITHIN_S`; not in an emergency stop, nor while the body is away."""
        self.stop()
        rest, until_ns = self._body.vector("rest_rad"), self._clock.now_ns() + round(REST_WITHIN_S * NS_PER_S)
        while self.link.connected and not self._emergency and self._clock.now_ns() < until_ns:
            sent, measured = self.idle(), self.measured()
            there = abs(sent.command.position_rad - rest).max() < 1e-3 and not self.link.settles
            if there and (measured is None or abs(measured.position_rad - rest).max() < REST_REACHED_RAD):
                return
            await self._clock.sleep_until_ns(self._clock.now_ns() + self._period_ns)

    def stop(self) -> None:
        """Slow down to a standstill; the next frame goes on."""
        self._filter.forget_target()

    def emergency_stop(self) -> None:
        """Stop with the next command and stay so until `release`."""
        with self._swaps:
            self._emergency = True
            self._filter.emergency_stop()

    def release(self) -> bool:
        """End an emergency stop; return whether it has ended."""
        with self._swaps:
            ended = self._filter.release()
            if ended:
                self._emergency = False
            return ended

    def person_at(self, distance_m: float) -> None:
        """Say how near the nearest person is."""
        with self._swaps:
            self._person_m = distance_m if distance_m >= 0.0 else 0.0  # no number counts as touching
            self._filter.person_at(distance_m)

    async def disconnect(self) -> None:
        """Go to rest where the body can still be reached, switch its motors off where it rests, let go. Nothing the second time."""
        alone, self._alone = self._alone, None
        if alone is None:
            return
        alone.cancel()
        with suppress(asyncio.CancelledError):
            await alone
        try:
            if self._moves:
                await self.rest()
            if self.link.connected:
                if self.link.holds and (why := self._left_on()):
                    logger.warning("body %s: its motors are left on: %s", self._body.name, why)
                else:
                    await self._switch(False)
        finally:
            await self.link.close()

    def _filter_at(self, position_rad: Float64) -> SafetyFilter:
        made = SafetyFilter(self._body, position_rad, self._clearance_m)
        made.person_at(self._person_m)
        return made

    async def _switch(self, on: bool) -> None:
        """Switch its motors, which has them to itself: nothing moves meanwhile, whoever calls."""
        self._switches = True
        try:
            await self.link.power(on)
        finally:
            self._switches = False

    def _left_on(self) -> str:
        """Return why its motors must not be switched off; empty where they may."""
        if self._emergency:
            return "an emergency stop holds"
        if self._moves and abs(self._command.position_rad - self._body.vector("rest_rad")).max() >= 1e-3:
            return f"it has not got to its rest pose within {REST_WITHIN_S:g} s"
        return ""

    def _begin_anew(self) -> None:
        """Begin where the body is, from a standstill; an emergency stop stays."""
        self.link.take_over()
        stands = self.link.stands_at()
        with self._swaps:
            begun_rad = self._command.position_rad if stands is None else stands
            begun = self._filter_at(begun_rad)
            begun.refused, begun.touches_avoided = self._filter.refused, self._filter.touches_avoided
            if self._emergency:
                begun.emergency_stop()
            self._filter = begun
            still = np.zeros(len(self._body.joints))
            self._command = Command(begun_rad, still, "stopped" if self._emergency else "stops", begun.refused)
        self._session = self.link.sessions

    def _meet(self) -> None:
        """Begin anew with a body that is back."""
        if not self.link.connected:
            self._filter.forget_target()
        elif self._session != self.link.sessions:
            self._begin_anew()

    def _step(self, now_ns: int) -> Sent:
        """Take the step that is due, or none where the last one was less than a period ago; `Sent` has the newest command either way."""
        if self._switches:
            return Sent(self._command, self.link.connected, now_ns)
        self._moves = True
        since_ns = now_ns - self._stepped_ns
        if since_ns < 0:  # a clock that jumped back
            self._due_ns = now_ns
        if now_ns >= self._due_ns - SLACK * self._period_ns and not 0 <= since_ns < self._gap * self._period_ns:
            self._due_ns = max(self._due_ns, now_ns - self._period_ns) + self._period_ns
            if since_ns > STALLED * self._period_ns:
                self._filter.forget_target()  # for this step: the next begins at a small pace
            self._stepped_ns = now_ns
            self._command = self._filter.step(now_ns / NS_PER_S)
            if self.link.connected:
                fresh = self._frame if 0 <= now_ns - self._frame_ns <= FRESH_S * NS_PER_S else None
                self._push(fresh, now_ns)
        return Sent(self._command, self.link.connected, now_ns)

    def _push(self, fresh: MotionFrame | None, now_ns: int) -> None:
        self.link.pace = 0.0 if self._emergency else pace_beside(self._person_m)
        try:
            self.link.push(self._command, fresh, now_ns)
        except Exception as error:  # robots' libraries raise plain ones, of which neither room nor watchdog may end
            self._log(error, "its link took no command")
            self.link.lost(f"it took no command ({type(error).__name__}: {str(error)[:120]})")

    async def _steps_alone(self) -> None:
        while True:
            await self._clock.sleep_until_ns(self._clock.now_ns() + self._period_ns)
            alone_ns = self._period_ns if self._emergency else round(ALONE_S * NS_PER_S)
            now_ns = self._clock.now_ns()
            if self._moves and (now_ns - self._called_ns >= alone_ns or now_ns < self._called_ns):
                try:
                    self._meet()
                    self._step(now_ns)
                except Exception as error:  # the watchdog outlives it
                    self._log(error, "its watchdog's step failed")
                    self.link.lost(repr(error)[:120])

    def _log(self, error: Exception, what: str) -> None:
        """Say it, once for what fails the same way in each period."""
        if (wrong := repr(error)) != self._told_wrong:
            logger.error("body %s: %s", self._body.name, what, exc_info=error)
        self._told_wrong = wrong


def _finite(frame: MotionFrame) -> bool:
    parts = (frame.rotations, frame.hands, frame.visemes, frame.expression)
    return all(np.isfinite(np.frombuffer(part, "<f4")).all() for part in parts) and bool(
        np.isfinite((*frame.eyes_rad, *frame.blink, *frame.hips_m)).all()
    )
