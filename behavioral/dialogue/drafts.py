"""A reply that is being prepared, perhaps before it is sure that it is wanted.

`prepare` on a likely end of turn, `commit` when the turn has ended, `cancel` when the person goes on. Until it is committed a draft
touches nothing: no history, no random choice of the scenario, no tool. A committed draft is an iterator of pieces: text with
behaviour tags inside, or clauses that bring their own sound; what has come already comes at once. Runs on the room's loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from behavioral.dialogue.scripted import ScriptedDraft
from behavioral.voice.tts.contract import SpokenClause

Piece = str | SpokenClause


class Author(Protocol):
    """Who writes replies: `behavioral.dialogue.replies.Replies`."""

    def still_fits(self, draft: Draft, final_text: str) -> bool:
        """Whether the draft answers what the person has said in the end."""
        ...

    def begin(self, draft: Draft) -> None:
        """Begin to prepare the answer to the draft's text."""
        ...

    def accept(self, draft: Draft) -> None:
        """Take the turn that the draft answers into the history, and let it act."""
        ...


class Draft:
    """One reply on its way: a draft until `commit`, then the stream of its pieces."""

    def __init__(self, author: Author, text: str) -> None:
        """Prepare nothing yet; the author does."""
        self.text = text
        self.history_version = -1
        self.scripted: ScriptedDraft | None = None
        """The scenario's answer, where the scenario answers."""
        self.waits_for_tool: Callable[[], bool] = bool
        """Whether the reply waits for a tool now."""
        self._author = author
        self._pieces: asyncio.Queue[Piece | None] = asyncio.Queue()  # bounded by the limits of what writes it
        self._so_far: list[Piece] = []
        self._wanted = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._ended = False
        self.cancelled = False

    @property
    def committed(self) -> bool:
        """Whether the reply is wanted."""
        return self._wanted.is_set()

    @property
    def in_work(self) -> bool:
        """Whether a server writes or has written it."""
        return self._work is not None

    @property
    def so_far(self) -> tuple[Piece, ...]:
        """What has been prepared until now, for a voice that wants to begin with it; nobody has heard it yet."""
        return tuple(self._so_far)

    def commit(self, final_text: str | None = None) -> Draft:
        """Want the reply.

        Args:
            final_text: what the person has said in the end, if it is not what the draft was made for. Where it means
                something else, or the conversation has gone on since, the reply is begun anew.

        Returns:
            The draft itself, to iterate over.
        """
        text = self.text if final_text is None else final_text
        if not self.committed and not self.cancelled:
            if not self._author.still_fits(self, text):
                self._forget(text)
                self._author.begin(self)
            self._author.accept(self)
            self._wanted.set()
        return self

    def cancel(self) -> None:
        """Let go of the reply and of whatever works on it; harmless when it has ended."""
        self.cancelled = True
        if self._work is not None:
            self._work.cancel()
        while not self._pieces.empty():
            self._pieces.get_nowait()
        self._ended = False
        self.end()

    async def aclose(self) -> None:
        """Let go of the reply and wait until nothing works on it."""
        self.cancel()
        if self._work is not None:
            await asyncio.gather(self._work, return_exceptions=True)

    def __aiter__(self) -> Draft:
        """Return the pieces; of an uncommitted draft, commits it with its first."""
        return self

    async def __anext__(self) -> Piece:
        """Return the next piece when it has come."""
        self.commit()
        piece = await self._pieces.get()
        if piece is None:
            self._pieces.put_nowait(None)  # whoever asks again hears the same
            raise StopAsyncIteration
        return piece

    # ------------------------------------------------------------ for the author

    def sink(self) -> Callable[[Piece], None]:
        """Return what takes the pieces of the present text; once the draft is begun anew it takes no more."""
        pieces = self._pieces

        def put(piece: Piece) -> None:
            if pieces is self._pieces and not self._ended:
                self._so_far.append(piece)
                pieces.put_nowait(piece)

        return put

    def end(self) -> None:
        """No piece comes any more."""
        if not self._ended:
            self._ended = True
            self._pieces.put_nowait(None)

    async def wanted(self) -> None:
        """Return once the reply is committed."""
        await self._wanted.wait()

    def work(self, writing: Callable[[], Awaitable[None]]) -> None:
        """Have the reply written in a task of its own, which `cancel` cancels."""
        self._work = asyncio.ensure_future(self._until_end(writing))

    def _forget(self, text: str) -> None:
        """Forget what has been prepared: the text is another."""
        if self._work is not None:
            self._work.cancel()
            self._work = None
        self.text = text
        self.scripted = None
        self.waits_for_tool = bool
        self._pieces = asyncio.Queue()
        self._so_far.clear()
        self._ended = False

    async def _until_end(self, writing: Callable[[], Awaitable[None]]) -> None:
        pieces = self._pieces
        try:
            await writing()
        finally:
            if pieces is self._pieces:  # else begun anew meanwhile
                self.end()
