"""The wire to a body that is somewhere else: found once, lost and found again by itself, never waited for.

A `Link` hands commands over (`push`, which returns at once) and keeps the newest measurement. `open` reaches the body and raises one
`AttuneError` where it cannot; a wire that breaks later is only told by `connected` and `trouble`, and is tried again after
`AGAIN_FIRST_S`, each time after twice as long, at most `AGAIN_MOST_S`. `sessions` counts how often it was reached, so that the driver
knows that it speaks to a body that may have moved meanwhile. One that comes back with its motors off is connected only when they are on
again: until then the driver hands nothing over, and switching them on has them to itself. Whatever a robot's library raises while it is
looked for again is logged and told as `trouble`, and the search goes on. One event loop; `lost` may be called from any thread.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from contextlib import suppress

from motion.embodiment.contract import Measured
from motion.embodiment.description import Float64
from motion.embodiment.safety.filter import Command
from runtime.errors import AttuneError
from runtime.messages import MotionFrame

AGAIN_FIRST_S, AGAIN_MOST_S = 0.25, 4.0

logger = logging.getLogger(__name__)


class Link(ABC):
    """What a kind of wire adds: `_reach`, `_leave`, `push` and, where motors have to be switched, `power`."""

    holds = False
    """Whether motors hold the body that `power` lets go of."""

    def __init__(self, name: str) -> None:
        """Make it; nothing is reached before `open`. `name` is the body's, for messages."""
        self.name = name
        self.connected = False
        self.pace = 1.0
        """Share of its pace at which a link that leads the body by itself (`settles`) may do so: less with a person near, 0 in a stop."""
        self.sessions = 0
        self.trouble = ""
        """Why it is not connected, in words; empty when it is."""
        self._keeper: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._powered = False
        self._broke = ""
        """Why the body was lost since it was last reached for."""

    async def open(self) -> None:
        """Reach the body, and keep reaching it from now on. Raises AttuneError where it is not there; nothing is kept then."""
        if self._keeper is not None:
            return
        self._loop = asyncio.get_running_loop()
        self._lost = asyncio.Event()
        await self._once()
        self._keeper = asyncio.create_task(self._keep(), name=f"{self.name} link")

    async def _once(self) -> None:
        self._broke = ""
        self._lost.clear()
        try:
            await self._reach()
            if self._powered:  # a robot that was started anew has its motors off
                await self.power(True)
            if self._broke:
                raise AttuneError(f"body {self.name}: {self._broke}", "See whether it is on, and its network")
        except BaseException:
            await self._leave()
            raise
        self.connected, self.trouble = True, ""
        self.sessions += 1

    async def _keep(self) -> None:
        while True:
            await self._lost.wait()
            self.connected = False
            try:
                await self._leave()
            except Exception:  # drivers' libraries raise plain ones; what is left open must not end the search
                logger.exception("body %s: what was left of its lost connection could not be closed", self.name)
            wait_s = AGAIN_FIRST_S
            while not self.connected:
                await asyncio.sleep(wait_s)
                wait_s = min(AGAIN_MOST_S, 2.0 * wait_s)
                try:
                    await self._once()
                except AttuneError as error:
                    self.trouble = error.message
                except Exception as error:
                    trouble = f"{type(error).__name__}: {str(error)[:120]}"
                    if trouble != self.trouble:  # once, not with each of many tries
                        logger.exception("body %s could not be reached again", self.name)
                    self.trouble = trouble

    def lost(self, why: str) -> None:
        """Say that the body is away."""
        self.connected, self.trouble, self._broke = False, why, why or "lost"
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._lost.set)

    async def power(self, on: bool) -> None:
        """Switch the motors, gently; raises AttuneError. Here there are none to switch."""
        self._powered = on

    async def close(self) -> None:
        """Let go; does nothing the second time."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        self.connected = False
        await self._leave()

    def measured(self) -> Measured | None:
        """Return the newest measurement; None where the body tells none."""
        return None

    def stands_at(self) -> Float64 | None:
        """Return where a driver that takes over begins: where the link holds the body, else where it was measured; None: not known."""
        measured = self.measured()
        return None if measured is None else measured.position_rad

    def take_over(self) -> None:  # noqa: B027 - most links lead nothing
        """Know that the driver begins anew at `stands_at`: what the link leads by itself begins where the body is, too."""

    @property
    def settles(self) -> bool:
        """Whether the link still leads the body to where commands hold good; the driver follows nothing meanwhile."""
        return False

    @abstractmethod
    async def _reach(self) -> None:
        """Connect once; raises AttuneError."""

    @abstractmethod
    async def _leave(self) -> None:
        """Close what is open, however far `_reach` came."""

    @abstractmethod
    def push(self, command: Command, frame: MotionFrame | None, t_ns: int) -> None:
        """Hand over a command without waiting, instead of one that still waits; `frame`: a fresh one that it comes from."""
