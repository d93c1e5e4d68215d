"""The wire to NAO and Pepper: `ALMotion` of their own middleware, by the library `qi` (extra `nao`).

Commands are `setAngles` calls that are never waited for: one is on its way at a time, the newest waits, and when one is not answered
within `ANSWER_S` the robot is taken to be away. Angles are asked for in the same manner. Motors are switched by stiffness, over
`STIFFEN_S`; none of its own ways to move a joint is ever called. Its autonomous life moves the same joints: switch it off first. `qi`
answers in threads of its own; they only hand results over to the event loop.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import numpy as np

from motion.embodiment.bodies.aldebaran import NAO, PEPPER, Model, Retargeting
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.link import Link
from motion.embodiment.contract import Measured
from motion.embodiment.safety.filter import Command
from runtime.clock import NS_PER_S, Clock
from runtime.errors import AttuneError
from runtime.messages import MotionFrame

PORT = 9_559
CONNECT_WITHIN_S, ANSWER_S = 5.0, 1.0
STIFFEN_S = 0.8
FRACTION = 1.0
"""Of its greatest speed: what we send is within its limits already."""


class AldebaranLink(Link):
    """One session with one robot."""

    holds = True

    def __init__(self, clock: Clock, model: Model, url: str) -> None:
        """Make it for an address, `tcp://host:port`."""
        super().__init__(model.body.name)
        self._clock, self._url = clock, url
        self._names = list(model.body.names)
        self._session: Any = None
        self._motion: Any = None
        self._newest: list[float] | None = None
        self._since_ns: dict[str, int] = {}
        """Calls on their way, and since when."""
        self._measured: Measured | None = None
        self.refused_calls = 0
        """Calls that the robot answered with an error."""

    async def _reach(self) -> None:
        try:
            import qi
        except ImportError:
            raise AttuneError(
                f"body {self.name}: the library qi is not installed", "pip install 'attune[nao]'"
            ) from None
        qi.logging.setLevel(qi.logging.ERROR)  # it writes to standard output
        self._session = qi.Session()
        try:
            await self._answered(self._session.connect(self._url, _async=True), CONNECT_WITHIN_S)
            self._motion = await self._answered(self._session.service("ALMotion", _async=True), CONNECT_WITHIN_S)
            angles = await self._answered(self._motion.getAngles(self._names, True, _async=True), CONNECT_WITHIN_S)
            self._since_ns, self._newest = {}, None
            self._note(angles)
        except (RuntimeError, TimeoutError, TypeError, ValueError) as error:
            raise AttuneError(
                f"body {self.name}: no ALMotion with its joints at {self._url} ({str(error).strip()[:120] or 'no answer'})",
                "Switch the robot on, or name its address (attune run --body NAME:tcp://HOST:PORT)",
            ) from None

    async def _leave(self) -> None:
        session, self._session, self._motion = self._session, None, None
        if session is not None:
            with suppress(RuntimeError, TimeoutError):
                await self._answered(session.close(_async=True), ANSWER_S)

    async def power(self, on: bool) -> None:
        """Make the joints stiff where they are, or limp."""
        were_on, motion = self._powered, self._motion
        await super().power(on)
        if motion is None or not (on or were_on):
            return
        try:
            stiffness = motion.stiffnessInterpolation(self._names, 1.0 if on else 0.0, STIFFEN_S, _async=True)
            await self._answered(stiffness, STIFFEN_S + ANSWER_S)
            await self._answered(motion.setStiffnesses(self._names, 1.0 if on else 0.0, _async=True), ANSWER_S)
        except (RuntimeError, TimeoutError) as error:
            raise AttuneError(
                f"body {self.name}: its stiffness could not be set ({str(error).strip()[:120] or 'no answer'})",
                "See the robot's own state: it may be too hot, or its chest button pressed",
            ) from None

    def push(self, command: Command, frame: MotionFrame | None, t_ns: int) -> None:
        """Send the angles, and ask for the measured ones."""
        if self._motion is None or not self.connected:
            return
        if any(t_ns - since > ANSWER_S * NS_PER_S for since in self._since_ns.values()):
            self.lost(f"{self._url} has not answered for {ANSWER_S:g} s")
            return
        self._newest = command.position_rad.tolist()
        self._send()
        if "getAngles" not in self._since_ns:
            self._call("getAngles", self._names, True)

    def measured(self) -> Measured | None:
        """Return the newest sensed angles."""
        return self._measured

    def _send(self) -> None:
        if self._newest is not None and "setAngles" not in self._since_ns:
            angles, self._newest = self._newest, None
            self._call("setAngles", self._names, angles, FRACTION)

    def _call(self, method: str, *given: Any) -> None:
        motion, loop = self._motion, asyncio.get_running_loop()
        self._since_ns[method] = self._clock.now_ns()
        future = getattr(motion, method)(*given, _async=True)

        def done(answer: Any) -> None:  # in a thread of qi's
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._done, motion, method, answer)

        future.addCallback(done)

    def _done(self, motion: Any, method: str, answer: Any) -> None:
        if motion is not self._motion:
            return  # of an earlier session
        self._since_ns.pop(method, None)
        if answer.hasError():
            self.refused_calls += 1
            if self.connected and not self._session.isConnected():
                self.lost(f"{self._url} has closed the connection")
            return
        if method == "getAngles":
            try:
                self._note(answer.value())
            except (TypeError, ValueError) as error:
                self.lost(f"{self._url} told no angles of its joints ({error})"[:160])
        elif self.connected:
            self._send()

    def _note(self, angles: Any) -> None:
        values = np.array(angles, float)
        if values.shape != (len(self._names),):
            raise ValueError(f"{values.size} angles for {len(self._names)} joints")
        if np.isfinite(values).all():
            self._measured = Measured(values, self._clock.now_ns())

    @staticmethod
    async def _answered(future: Any, within_s: float) -> Any:
        """Wait for qi's future without holding up the loop; raises what it raises (RuntimeError), or TimeoutError."""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()

        def done(_answer: Any) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(ready.set)

        future.addCallback(done)
        async with asyncio.timeout(within_s):
            await ready.wait()
        return future.value()


def nao(clock: Clock, url: str = f"tcp://127.0.0.1:{PORT}") -> DrivenBody:
    """Return the driver of a NAO."""
    return DrivenBody(clock, NAO.body, Retargeting(NAO), AldebaranLink(clock, NAO, url))


def pepper(clock: Clock, url: str = f"tcp://127.0.0.1:{PORT}") -> DrivenBody:
    """Return the driver of a Pepper."""
    return DrivenBody(clock, PEPPER.body, Retargeting(PEPPER), AldebaranLink(clock, PEPPER, url))
