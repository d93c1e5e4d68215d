"""The agent's promises as the room uses them: read at any time, written in an offload thread before anybody hears them.

`open_promises` is a snapshot that is renewed with every change, so that a cycle can look at it for nothing. Whether a promise has been
kept is decided by `settle` alone (exactly one caller gets True). Confined to the room's event loop.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from cognitive.memory.long_term import Forgotten, LongTermMemory
from cognitive.memory.promises import SESSION_FILE, Promise, Promises
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

    async def make(self, track: str, text: str, due_s: float, evidence: tuple[str, ...] = (), id: str = "") -> str:
        """Write down what the agent has promised; return its id once it is on the disk.

        Args:
            track: whom it was promised to.
            text: what, in the words that are to be reminded of.
            due_s: when it is due, Unix seconds.
            evidence: what it rests on.
            id: of the promise, where making it twice must be harmless; a fresh one by default.

        Raises:
            sqlite3.Error, OSError: it is not written down, so it should not be promised.
        """
        state = self._saved.remembering
        if not id:
            state.promises += 1
            id = f"{self._saved.planner.id_prefix or 'promise'}-p{state.promises}-{round(self._now_s() * 1e3):x}"
        link = state.links.get(track)
        promises = await self._files()
        person = link.person if link is not None and link.consent == "given" and self._long_term is not None else 0
        now_s = self._now_s()
        try:
            await self._offload.run(promises.make, Promise(id, person, track, text, now_s, due_s, evidence=evidence))
        except Forgotten:  # of the person as of long ago; what was promised now holds in this session
            await self._offload.run(promises.make, Promise(id, 0, track, text, now_s, due_s, evidence=evidence))
        await self._read()
        return id

    async def settle(self, id: str, state: Literal["kept", "dropped"], evidence: tuple[str, ...] = ()) -> bool:
        """Settle a promise; True where this call did it, whoever else tries, also across kills.

        Raises:
            sqlite3.Error, OSError: it is still open.
        """
        promises = await self._files()
        done = await self._offload.run(promises.settle, id, state, self._now_s(), evidence)
        await self._read()
        return done

    async def move(self, track: str, person: int) -> None:
        """Take the promises to somebody who has agreed over into the long-term memory."""
        if self._promises is not None:
            await self._offload.run(self._promises.move, track, person)
            await self._read()

    async def forget(self, track: str) -> None:
        """Delete what was promised to a track."""
        if self._promises is not None:
            await self._offload.run(self._promises.forget_track, track)
            await self._read()

    def close(self) -> None:
        """Close the session's file. Blocking, for the way out."""
        if self._promises is not None:
            self._promises.session.close()

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
