"""The book of the agent's promises as the room uses it: read at any time, written in an offload thread.

`open_promises` is a snapshot that is renewed with every change, so that a cycle can look at it for nothing. What is entered and settled
is decided in the scene (`cognitive.memory.promise_exchange`); a promise is settled once, whoever tries. Confined to the room's event
loop.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from cognitive.memory import deletion
from cognitive.memory.long_term import Forgotten, LongTermMemory
from cognitive.memory.promises import SESSION_FILE, Closed, Promise, Promises, State, Unsaid
from cognitive.memory.store import Saved
from runtime.offload import Offload

_LOG = logging.getLogger(__name__)


class PromiseBook:
    """Promises of one room."""

    def __init__(self, saved: Saved, state_dir: Path, offload: Offload, now_s: Callable[[], float]) -> None:
        """Nothing is opened before it is needed; `now_s` returns Unix seconds."""
        self.open_promises: tuple[Promise, ...] = ()
        self.warning = ""
        self._saved, self._state_dir, self._offload, self._now_s = saved, state_dir, offload, now_s
        self._promises: Promises | None = None
        self._long_term: LongTermMemory | None = None

    async def use(self, long_term: LongTermMemory | None) -> None:
        """Use the long-term memory for people who have agreed; read what is owed."""
        self._long_term = long_term
        if self._promises is not None:
            self._promises.long_term = long_term
        if long_term is not None or self._promises is not None or (self._state_dir / SESSION_FILE).exists():
            await self._files()
            await self._read()

    async def make(self, promise: Promise) -> State:
        """Write down what the agent has promised to a track; return what has become of it once it is on the disk.

        Whose it is (`promise.person`) is found from the track. Making a known id again is harmless, whatever has become of it.

        Raises:
            sqlite3.Error, OSError: it is not written down.
        """
        state = await self._offload.run(self._make, await self._files(), self._addressed(promise))
        await self._read()
        return state

    def make_at_exit(self, promise: Promise) -> None:
        """Write down a promise on the way out, where a file is open. Blocking."""
        if self._promises is not None:
            self._make(self._promises, self._addressed(promise))

    async def settle(self, id: str, state: Closed, evidence: tuple[str, ...] = ()) -> bool:
        """Settle a promise; True where this call did it, whoever else tries, also across kills.

        Raises:
            sqlite3.Error, OSError: it is still open.
        """
        promises = await self._files()
        done = await self._offload.run(promises.settle, id, state, self._now_s(), evidence)
        await self._read()
        return done

    def settle_at_exit(self, id: str, state: Closed, evidence: tuple[str, ...] = ()) -> None:
        """Settle a promise on the way out. Blocking."""
        if self._promises is not None:
            self._promises.settle(id, state, self._now_s(), evidence)

    async def move(self, track: str, person: int, since_s: float) -> None:
        """Take the promises to somebody who has agreed over into the long-term memory, but for those before a time (Unix seconds)."""
        if self._promises is not None:
            await self._offload.run(self._promises.move, track, person, since_s)
            await self._read()

    async def unsay(self, unsaid: Iterable[Unsaid]) -> None:
        """Delete promises of which nothing may stay."""
        if self._promises is None:
            return
        if await self._offload.run(self._promises.unsay, unsaid) and self._long_term is not None:
            await self._offload.run(deletion.purge, self._long_term)
        await self._read()

    async def refresh(self) -> None:
        """Read again what is owed: another process has changed a file."""
        await self._read()

    def close(self) -> None:
        """Close the session's file. Blocking, for the way out."""
        if self._promises is not None:
            self._promises.session.close()

    def _addressed(self, promise: Promise) -> Promise:
        link = self._saved.remembering.links.get(promise.track)
        agreed = link is not None and link.consent == "given" and self._long_term is not None
        return replace(promise, person=link.person if agreed and link is not None else 0)

    @staticmethod
    def _make(promises: Promises, promise: Promise) -> State:
        try:
            promises.make(promise)
        except Forgotten:  # of the person as of long ago; what was promised now holds in this session
            promises.make(replace(promise, person=0))
        return promises.state_of(promise.id) or "dropped"

    async def _files(self) -> Promises:
        if self._promises is None:
            session = await self._offload.run(LongTermMemory, self._state_dir, SESSION_FILE)
            if session.warning:
                _LOG.warning("%s", session.warning)
                self.warning = session.warning
            self._promises = Promises(session, self._long_term)
        return self._promises

    async def _read(self) -> None:
        if self._promises is not None:
            self.open_promises = tuple(await self._offload.run(self._promises.open_promises))
