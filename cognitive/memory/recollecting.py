"""Brings to mind what is remembered of who is here, and gives memories their vectors where an embedding model is present.

A task of its own: it asks again when somebody comes, says something new, or something new is written about them; the cycles read
`by_track` and wait for nothing. A model or server that fails is left alone for `EMBED_RETRY_S`; words are enough until then. Anything
else that fails is counted and left alone for as long, and a task that has ended is started again.
Calls on the file and on the model run in two offload threads.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import TYPE_CHECKING

from cognitive.memory.embedding import BATCH_MAX, Embedder, EmbeddingFailed
from cognitive.memory.long_term import LongTermMemory
from cognitive.memory.retrieval import Recollection, recall
from cognitive.memory.schema import transaction
from cognitive.memory.store import Saved
from runtime.clock import NS_PER_S, Clock
from runtime.offload import Offload
from runtime.settings import LongTermSettings
from runtime.trouble import place_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EMBED_RETRY_S = 30.0
REVISIONS_MAX = 256

_LOG = logging.getLogger(__name__)
_Key = tuple[int, str, int]


class Recollecting:
    """Recollections by track id."""

    def __init__(
        self, settings: LongTermSettings, clock: Clock, offload: Offload, embedding: Offload, embedder: Embedder | None,
        counters: dict[str, float],
    ) -> None:  # fmt: skip
        """Take the runner of the memory's files, that of the model, and the model (None: words only)."""
        self.by_track: dict[str, Recollection] = {}
        self._settings, self._clock, self._offload, self._embedding = settings, clock, offload, embedding
        self._embedder, self._counters = embedder, counters
        self._wanted: dict[str, _Key] = {}
        self._done: dict[str, _Key] = {}
        self._revisions: dict[int, int] = {}
        self._memory: LongTermMemory | None = None
        self._session = 0
        self._now_s = 0.0
        self._retry_ns = self._rest_ns = 0
        self._unembedded = True
        self._bell = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def look(self, saved: Saved) -> None:
        """See who is here and what they said last; let go of who is not."""
        wanted: dict[str, _Key] = {}
        for person in saved.scene.present():
            link = saved.remembering.links.get(person.person_id)
            if link is None or not link.person or link.consent != "given":
                continue
            said = next((u.text for u in reversed(saved.scene.utterances) if u.person_id == person.person_id), "")
            wanted[person.person_id] = (link.person, said, self._revisions.get(link.person, 0))
        self._wanted = wanted
        for track in [track for track in self.by_track if track not in wanted]:
            self.drop(track)

    def touch(self, person: int) -> None:
        """Say that something new was written about a person."""
        self._revisions[person] = self._revisions.pop(person, 0) + 1
        if len(self._revisions) > REVISIONS_MAX:  # of whoever was written about longest ago
            del self._revisions[next(iter(self._revisions))]
        self._unembedded = True

    def drop(self, track: str) -> None:
        """Let go of what was brought to mind of a track."""
        self.by_track.pop(track, None)
        self._done.pop(track, None)

    def refresh(self, memory: LongTermMemory | None, session: int, now_s: float) -> None:
        """Bring to mind what has changed, soon."""
        self._memory, self._session, self._now_s = memory, session, now_s
        if memory is None or self._clock.now_ns() < self._rest_ns:
            return
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="recollecting")
        if any(self._done.get(track) != key for track, key in self._wanted.items()) or self._may_embed():
            self._bell.set()

    async def stop(self) -> None:
        """End the task."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            memory = self._memory
            if memory is None:
                continue
            try:
                for track, key in list(self._wanted.items()):
                    if self._done.get(track) != key:
                        await self._recall(memory, track, key)
                if self._may_embed() and await self._embed_some(memory):
                    self._bell.set()
            except sqlite3.Error:
                pass  # what is wrong with the file is the service's to notice and to say: it uses it every cycle
            except Exception as error:
                if "memory_recollections_failed" not in self._counters:
                    _LOG.error("bringing to mind: %s", place_of(error))
                self._counters["memory_recollections_failed"] = self._counters.get("memory_recollections_failed", 0) + 1
                self._rest_ns = self._clock.now_ns() + round(EMBED_RETRY_S * NS_PER_S)

    async def _recall(self, memory: LongTermMemory, track: str, key: _Key) -> None:
        person, said, _ = key
        vectors = await self._vectors([said]) if said and self._may_ask() else None

        def work() -> Recollection | None:
            return recall(
                memory, person, said, self._now_s, session=self._session, limit=self._settings.recalled_max,
                half_life_days=self._settings.recency_half_life_days, vector=None if vectors is None else vectors[0],
                model=self._embedder.model if self._embedder else "", vector_weight=self._settings.vector_weight,
            )  # fmt: skip

        found = await self._offload.run(work)
        if self._wanted.get(track, (0, ""))[0] != person:
            return  # gone, or somebody else meanwhile
        self._done[track] = key
        if found is None:
            self.by_track.pop(track, None)
        else:
            self.by_track[track] = found

    def _may_ask(self) -> bool:
        return self._embedder is not None and self._clock.now_ns() >= self._retry_ns

    def _may_embed(self) -> bool:
        return self._unembedded and self._may_ask()

    async def _embed_some(self, memory: LongTermMemory) -> bool:
        """Give some memories their vectors; return whether there may be more."""
        assert self._embedder is not None
        model = self._embedder.model

        def waiting() -> list[tuple[int, str]]:
            with memory.lock:
                return memory.connection.execute(
                    "SELECT id, text FROM entries LEFT JOIN episodes ON entry = id"
                    " WHERE embedded != ? AND active AND coalesce(closed, 1) ORDER BY id DESC LIMIT ?",
                    (model, BATCH_MAX),
                ).fetchall()

        self._unembedded = False
        rows = await self._offload.run(waiting)
        if not rows:
            return False
        vectors = await self._vectors([text for _, text in rows])
        if vectors is None:
            self._unembedded = True
            return False

        def keep() -> None:
            with memory.lock, transaction(memory.connection):
                for (entry, text), vector in zip(rows, vectors, strict=True):
                    done = memory.connection.execute(
                        "UPDATE entries SET embedded = ? WHERE id = ? AND text = ?", (model, entry, text)
                    )
                    if done.rowcount:  # not forgotten or rewritten meanwhile
                        memory.connection.execute(
                            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                            (entry, model, vector.astype("<f4").tobytes()),
                        )

        await self._offload.run(keep)
        self._unembedded = self._unembedded or len(rows) == BATCH_MAX
        return self._unembedded

    async def _vectors(self, texts: list[str]) -> NDArray[np.float32] | None:
        """Return unit vectors, None where they cannot be had now."""
        assert self._embedder is not None
        try:
            return await self._embedding.run(self._embedder.embed, texts)
        except EmbeddingFailed as error:
            self._retry_ns = self._clock.now_ns() + round(EMBED_RETRY_S * NS_PER_S)
            if "memory_embeddings_failed" not in self._counters:
                _LOG.warning("%s; memories are found by their words", error)
            self._counters["memory_embeddings_failed"] = self._counters.get("memory_embeddings_failed", 0) + 1
            return None
