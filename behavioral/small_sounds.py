"""Small sounds that take no turn: a continuer ("mhm") while the person speaks, a filler ("hmm") while an answer is made.

Each is synthesised in a task of its own and played only if it still fits once it is ready; the mouth moves
with it. Runs on the room's loop; a sound that fails is logged by its place and forgotten.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from behavioral.body.body import Body
from behavioral.voice.breath import BREATH, breath_in
from behavioral.voice.playback import Playback
from behavioral.voice.speaker import ClauseScheduled
from behavioral.voice.tts.contract import TextToSpeech
from behavioral.voice.visemes import viseme_track
from runtime.clock import NS_PER_MS
from runtime.ids import IdSource
from runtime.trouble import place_of

logger = logging.getLogger(__name__)


class SmallSounds:
    """The agent's continuers and fillers."""

    def __init__(self, tts: TextToSpeech, playback: Playback, body: Body, ids: IdSource) -> None:
        """Wire the parts."""
        self._tts = tts
        self._playback = playback
        self._body = body
        self._ids = ids
        self._tasks: set[asyncio.Task[None]] = set()
        self._sound_id = ""

    def utter(self, text: str, still_fits: Callable[[], bool]) -> None:
        """Make a sound (words, or `BREATH`), if it fits now and still fits when it is ready."""
        if not still_fits():
            return
        task = asyncio.ensure_future(self._utter(text, still_fits))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def sounding(self, now_ns: int) -> str:
        """Return the response id of the sound that is heard or about to be, or empty."""
        return (
            self._sound_id
            if now_ns < self._playback.end_ns(self._sound_id) + self._playback.delay_ms * NS_PER_MS
            else ""
        )

    def halt(self, now_ns: int) -> str:
        """Silence what sounds and forget what is being made, at once; return the response id of what sounded, or empty."""
        for task in list(self._tasks):
            task.cancel()
        sounding = self.sounding(now_ns) if self._sound_id else ""
        if sounding:
            self._playback.stop(sounding, now_ns)
        return sounding

    async def aclose(self) -> None:
        """Forget what is being made."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _utter(self, text: str, still_fits: Callable[[], bool]) -> None:
        clause = breath_in() if text == BREATH else await self._tts.synthesise(text)
        while await clause.grow():  # too short to be played while it grows
            pass
        await clause.retime()
        if not still_fits():
            return
        sound_id = self._ids.new("sound")
        start_ns = self._playback.enqueue(sound_id, 0, clause)
        if start_ns is not None:
            self._sound_id = sound_id
            self._body.mouth(ClauseScheduled(sound_id, 0, clause, start_ns, (), viseme_track(clause.phonemes)))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("a small sound failed: %s", place_of(error))
