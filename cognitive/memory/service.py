"""The asyncio side of the long-term memory: what the room starts, steps and stops.

Once a cycle `step` takes in the news (no file is touched) and, once the state is saved, wakes a task that works it into the files
(`cognitive.memory.upkeep`), keeps the book of promises in step with the scene (`cognitive.memory.promise_exchange`) and brings to mind
who is here (`cognitive.memory.recollecting`). The cycles wait for none of it. What another process deletes (`attune memory forget`) is
noticed by the file's change counter, taken out of the session by the next cycle, and acknowledged once that is saved. A file that is
locked, full or unwritable is tried again every `RETRY_S`; a damaged one is set aside. Anything else that goes wrong costs the one job it
happens in (`cognitive.memory.jobs`); forgetting comes first and waits for no other job, and a wish stays in the saved state until it is
carried out. A task that has ended is started again. All of it is counted and shown in the heartbeat, never the content. Under virtual
time the threads are inline and the wall clock is the session's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from cognitive.memory import deletion, schema, soundness
from cognitive.memory.consent import Link, Remembering
from cognitive.memory.embedding import Embedder
from cognitive.memory.jobs import FAILED, RETRY_S, Jobs
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.promise_book import PromiseBook
from cognitive.memory.promise_exchange import PromiseExchange
from cognitive.memory.recollecting import Recollecting
from cognitive.memory.retrieval import Recollection
from cognitive.memory.store import Saved
from cognitive.memory.tracks import Tracks
from cognitive.memory.upkeep import Upkeep
from runtime import messages as m
from runtime.clock import NS_PER_S, Clock
from runtime.offload import Offload
from runtime.settings import LongTermSettings
from runtime.trouble import place_of

POLL_S = 0.1
"""How often, in real time, the file is asked whether another process has changed it: the cycle after that forgets."""
VIRTUAL_EPOCH_S = 1_767_225_600.0
"""Unix seconds at which virtual sessions begin (2026-01-01), unless the memory holds something newer."""
PURGE_S = 30.0
"""How often a purge that another process has held up is tried again."""
UNUSABLE = "the long-term memory cannot be used"

_LOG = logging.getLogger(__name__)


class LongTermService:
    """Long-term memory and promises of one room."""

    def __init__(
        self, settings: LongTermSettings, saved: Saved, state_dir: Path, clock: Clock, *, wall_s: Callable[[], float] | None,
        offload: Offload, embedding: Offload, files: Offload, embedder: Embedder | None, counters: dict[str, float],
        status: dict[str, str],
    ) -> None:  # fmt: skip
        """Nothing is opened yet.

        Args:
            settings: `cognitive.long_term`.
            saved: the state that the cycles work on.
            state_dir: the room's private folder.
            clock: session time.
            wall_s: Unix seconds now; None under virtual time.
            offload: runs calls on the memory's files.
            embedding: runs the embedding model.
            files: runs the room's saves, so that clearing up its folder keeps out of their way.
            embedder: the embedding model; None where there is none.
            counters: of the heartbeat.
            status: of the heartbeat.
        """
        self._settings, self._saved, self._state_dir, self._clock = settings, saved, state_dir, clock
        self._wall_s, self._offload, self._files = wall_s, offload, files
        self._counters, self._status = counters, status
        self._tracks = Tracks(settings, saved)
        self._recollecting = Recollecting(settings, clock, offload, embedding, embedder, counters)
        self.promises = PromiseBook(saved, state_dir, offload, self.now_s)
        self._exchange = PromiseExchange(saved, self.promises, counters)
        self._upkeep = Upkeep(settings, saved, clock, offload, self.promises, self._recollecting, counters)
        self._jobs = Jobs(clock, counters, status, lambda: self._upkeep.wishes, self._look_at_all)
        self._folder = Path(settings.folder).expanduser() if settings.folder else state_dir
        self._memory: LongTermMemory | None = None
        self._held = -1
        self._bell = asyncio.Event()
        self._gone: list[int] = []
        self._tombstone = self._on_disk = self._acknowledged = 0
        self._retry_ns = self._purge_ns = 0
        self._task: asyncio.Task[None] | None = None
        self._ending = self._look_owed = False

    async def start(self) -> None:
        """Take the room's folder, open what is to be open and begin to work; never fails for the files' sake."""
        if self._wall_s is not None and not self._state.origin_s:
            self._state.origin_s = self._wall_s() - self._clock.now_ns() / NS_PER_S
        self._held = await self._offload.run(deletion.take_folder, self._state_dir)
        try:
            await self._open_if_wanted()
            if self._memory is None:
                await self.promises.use(None)
        except Exception as error:
            self._trouble(error)
        if not self._state.origin_s:
            self._state.origin_s = VIRTUAL_EPOCH_S
        self._task = asyncio.create_task(self._run(), name="long-term-memory")

    def forgot(self) -> bool:
        """Return whether the last `step` has taken somebody's words out, so that the state must be on the disk at once."""
        forgot, self._tracks.forgot = self._tracks.forgot, False
        return forgot

    def wishes_of(self, track: str) -> tuple[Literal["", "given", "withdrawn"], int]:
        """Return what a person wants of being remembered, and how often in this session anything was forgotten."""
        return self._tracks.consent_of(track), self._tracks.forgotten

    def tell_of_forgetting(self, forget: Callable[[str], None]) -> None:
        """Have a function called with each track that is forgotten."""
        self._tracks.on_forget = forget

    async def stop(self) -> None:
        """Stop working; what is under way in a thread ends by itself."""
        self._ending = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._recollecting.stop()

    def close(self) -> None:
        """Write the encounters that the session's end interrupts, and close the files. Blocking, for the way out."""
        for write in (self._write_promises, self._write_rest):
            try:
                write()
            except Exception as error:
                self._trouble(error)
        if self._upkeep.wishes:
            _LOG.error(
                "the session ends and %d wish(es) to be forgotten could not be carried out in %s: `attune memory forget` does it",
                self._upkeep.wishes, self._folder,
            )  # fmt: skip
        for close in (self.promises.close, *(() if self._memory is None else (self._memory.close,))):
            with contextlib.suppress(Exception):
                close()
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def _write_promises(self) -> None:
        self._exchange.write_at_exit()

    def _write_rest(self) -> None:
        """Carry out the wishes that still wait, write the open encounters. Blocking."""
        if self._memory is None and self._settings.enabled and self._upkeep.wishes:
            self._memory = LongTermMemory(self._folder)
        if self._memory is None:
            return
        try:
            self._upkeep.forget_at_exit(self._memory, self.now_s())
        finally:
            self._upkeep.write_at_exit(self._memory)

    @property
    def recollections(self) -> dict[str, Recollection]:
        """What is remembered of who is here, by track id; the same dictionary for the whole session."""
        return self._recollecting.by_track

    def now_s(self) -> float:
        """Return Unix seconds."""
        if self._wall_s is not None:
            return self._wall_s()
        return (self._state.origin_s or VIRTUAL_EPOCH_S) + self._clock.now_ns() / NS_PER_S

    def local_time(self, t_ns: int) -> datetime:
        """Return the wall time at a session time: of this machine's zone, under virtual time UTC."""
        at_s = (self._state.origin_s or VIRTUAL_EPOCH_S) + t_ns / NS_PER_S
        if self._wall_s is None:
            return datetime.fromtimestamp(at_s, timezone.utc)
        return datetime.fromtimestamp(at_s)  # naive: `timestamp` of a later time then knows of summer time

    def step(self, messages: list[m.Message], now_ns: int) -> None:
        """Take in a cycle's messages; call it after the cycle and before its save."""
        state = self._state
        gone, self._gone = set(self._gone), []
        for track, link in list(state.links.items()):
            if link.person in gone:
                self._tracks.drop(track, self.now_s())
                state.links[track] = Link(known_as=link.known_as, consent="withdrawn", from_ns=now_ns)
        if gone:
            state.ended[:] = [ended for ended in state.ended if ended.link.person not in gone]
        state.tombstone = max(state.tombstone, self._tombstone)
        drop, self._upkeep.to_drop[:] = list(self._upkeep.to_drop), []
        for track in drop:
            self._tracks.drop(track, self.now_s())
        self._tracks.step(messages, now_ns, self.now_s())
        findings, self._upkeep.findings[:] = list(self._upkeep.findings), []
        for track, finding in findings:
            self._tracks.tell(finding, now_ns, track)
        self._exchange.bring(now_ns)
        self._recollecting.look(self._saved)
        if self._tracks.identity_conflicts:
            self._counters["memory_identity_conflicts"] = self._tracks.identity_conflicts

    def saved(self) -> None:
        """Say that the state of the last `step` is on the disk: now what follows from it may be done."""
        self._on_disk = self._state.tombstone
        self._bell.set()
        if self._task is not None and self._task.done() and not self._ending:
            self._jobs.count("memory_task_restarts")
            self._jobs.tell(FAILED.format("its task, which was started again"))
            _LOG.error("the long-term memory's task has ended; it is started again")
            self._task = asyncio.create_task(self._run(), name="long-term-memory")

    @property
    def _state(self) -> Remembering:
        return self._saved.remembering

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), None if self._wall_s is None else POLL_S)
            rung = self._bell.is_set()
            self._bell.clear()
            if self._clock.now_ns() < self._retry_ns:
                continue
            try:
                if rung:
                    await self._work()
                elif (memory := self._memory) is not None:
                    await self._jobs.run("noticing deletions", self._notice, memory)
            except Exception as error:
                self._trouble(error)
                if schema.is_damage(error):
                    await self._replace_damaged()
            else:
                if rung:
                    self._jobs.all_well()

    async def _work(self) -> None:
        await self._open_if_wanted()
        memory, run = self._memory, self._jobs.run
        if memory is not None:
            try:
                await run("forgetting", self._upkeep.forget, memory, self.now_s())
            finally:
                if self._upkeep.wishes or "memory_forgettings_waiting" in self._counters:
                    self._counters["memory_forgettings_waiting"] = self._upkeep.wishes
            await run("clearing up", self._purge, memory)
            await run("noticing deletions", self._notice, memory)
            if self._memory is not memory:
                return
            await run("writing", self._upkeep.round, memory, self.now_s())
        done = self._on_disk
        await run("promises", self._exchange.work, self.now_s())
        if memory is None:
            await run("forgetting", self._forget_here)
            return
        if not self._jobs.fails("promises"):  # they may hold words of who was deleted
            await run("acknowledging deletions", self._acknowledge, memory, done)
        self._recollecting.refresh(memory, self._state.session, self.now_s())

    async def _look_at_all(self) -> None:
        """Look at all of the file, as at its opening.

        Raises:
            sqlite3.DatabaseError: it is damaged.
        """
        memory = self._memory
        if memory is None:
            return

        def look() -> None:
            with memory.lock:
                soundness.check(memory.connection, schema.TABLES)

        await self._offload.run(look)

    async def _purge(self, memory: LongTermMemory) -> None:
        """Do what another process has held up."""
        now_ns = self._clock.now_ns()
        if now_ns >= self._purge_ns and await self._offload.run(deletion.purge_pending, memory):
            self._purge_ns = now_ns + round(PURGE_S * NS_PER_S)
            with contextlib.suppress(sqlite3.OperationalError):  # still held up
                await self._offload.run(deletion.purge, memory)

    async def _acknowledge(self, memory: LongTermMemory, done: int) -> None:
        """Say in the file that this session, as it is saved, holds nothing more of who was deleted."""
        if done > self._acknowledged:
            await self._files.run(deletion.wipe_damaged, self._state_dir)
            await self._offload.run(memory.acknowledge, self._state.session, done)
            self._acknowledged = done

    async def _forget_here(self) -> None:
        """Without a long-term memory only the session's folder can hold something of who has withdrawn."""
        for link in list(self._state.links.values()):
            if link.consent == "withdrawn" and not link.settled:
                await self._files.run(deletion.wipe_damaged, self._state_dir)
                link.settled = True

    async def _notice(self, memory: LongTermMemory) -> None:
        """Learn whom another process has deleted; the next `step` takes them out of the session."""
        if await self._offload.run(schema.inode, memory.path) != memory.inode:
            await self._replaced_outside(memory)
            return
        # What `changed_outside` says it says once: a look that fails is owed.
        self._look_owed = await self._offload.run(memory.changed_outside) or self._look_owed
        if self._look_owed:
            gone, self._tombstone = await self._offload.run(memory.forgotten_since, self._tombstone)
            self._gone.extend(gone)
            await self.promises.refresh()
            self._look_owed = False

    async def _open_if_wanted(self) -> None:
        """Open the file where a folder is named for it, or somebody has agreed or withdrawn."""
        state = self._state
        wanted = bool(
            self._settings.folder or state.session or state.forget_names or any(x.consent == "given" for x in state.links.values())
        )  # fmt: skip
        if self._memory is not None or not self._settings.enabled or not wanted:
            return
        memory = await self._offload.run(LongTermMemory, self._folder)
        try:
            await self._offload.run(self._begin, memory)
        except BaseException:
            memory.close()
            raise
        self._memory = memory
        await self.promises.use(memory)

    def _begin(self, memory: LongTermMemory) -> None:
        """Enter the session, or find it again; close what killed sessions have left open."""
        state = self._state
        if memory.warning:
            self._replaced(memory.warning)
        with memory.lock:
            row = memory.connection.execute(
                "SELECT tombstone FROM sessions WHERE id = ? AND state_dir = ?", (state.session, str(self._state_dir))
            ).fetchone()
            if row is None:
                if state.session:
                    self._upkeep.disown()
                newest = memory.connection.execute("SELECT coalesce(max(last_s), 0) FROM people").fetchone()[0]
                if self._wall_s is None and not state.origin_s:
                    state.origin_s = max(VIRTUAL_EPOCH_S, float(int(newest)) + 1.0)
                state.session = memory.begin_session(self._state_dir, self.now_s())
                state.tombstone = memory.forgotten_since(0)[1]
            self._tombstone = self._acknowledged = self._on_disk = state.tombstone
            if row is not None:
                self._acknowledged = int(row[0])
            memory.close_episodes(state.session)
            for session, folder in memory.connection.execute("SELECT id, state_dir FROM sessions").fetchall():
                if session != state.session and not Path(folder).is_dir():
                    memory.end_session(session)
            if deletion.purge_pending(memory):
                deletion.purge(memory)

    async def _replace_damaged(self) -> None:
        """Set a file aside that turned out to be damaged in the middle of the session."""
        memory, self._memory = self._memory, None
        if memory is None:
            return

        def aside() -> str:
            with contextlib.suppress(sqlite3.Error):
                memory.close()
            return schema.set_aside(memory.path, "it was damaged while in use")

        try:
            self._replaced(await self._offload.run(aside))
        except Exception as error:
            self._trouble(error)
        self._upkeep.disown()
        self._jobs.begin_anew()
        self._retry_ns = 0

    async def _replaced_outside(self, memory: LongTermMemory) -> None:
        """Another process has set the file aside, or somebody has removed it: what is written to it would be lost."""
        _LOG.warning("%s is no longer the file that was opened; it is opened anew", memory.path)
        self._jobs.count("memory_files_replaced")
        self._memory = None
        await self._offload.run(memory.close)
        self._upkeep.disown()

    def _replaced(self, warning: str) -> None:
        _LOG.warning("%s", warning)
        self._jobs.count("memory_recoveries_failed")
        self._status.update(status="degraded", detail="the long-term memory was damaged and set aside")

    def _trouble(self, error: Exception) -> None:
        self._retry_ns = self._clock.now_ns() + round(RETRY_S * NS_PER_S)
        if "memory_long_term_failures" not in self._counters:
            what = getattr(error, "sqlite_errorname", None) or getattr(error, "strerror", None) or place_of(error)
            _LOG.warning("long-term memory in %s cannot be used: %s", self._folder, what)
        self._jobs.count("memory_long_term_failures")
        self._jobs.tell(UNUSABLE)
