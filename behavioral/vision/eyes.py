"""The agent's eyes: the fast process's end of the vision worker.

Every look is one request to the worker, on its `Offload`. While one is under way the newest request waits and older
waiting ones are dropped (they return None, `dropped` counts them): seeing late is worse than seeing less. A worker that
dies is started again and its file or camera reopened; after `GIVE_UP_AFTER` deaths in a row seeing stops, until a source
is opened again, and `note` says so. A reply that is not a picture is a picture not seen. Times in seconds of media or
session.
"""

from __future__ import annotations

import asyncio

from behavioral.vision.contract import Picture, VideoFacts
from behavioral.vision.reply import MALFORMED, facts_of, picture_of
from runtime.settings import VisionSettings
from runtime.worker import Header, WorkerDied, WorkerProcess, WorkerRefused

GIVE_UP_AFTER = 5


class Eyes:
    """Looks through one vision worker."""

    def __init__(self, settings: VisionSettings, worker: WorkerProcess, standing_note: str = "") -> None:
        """Use the given worker; it starts with the first request. `standing_note` is what people should know all along."""
        self.settings = settings
        self.worker = worker
        self.dropped = 0
        self.deaths = 0
        self._note = ""
        self._standing_note = standing_note
        self._opened: Header | None = None
        self._opened_by = 0  # which run of the worker has it open
        self._lock = asyncio.Lock()
        self._newest = 0
        self._deaths_in_a_row = 0

    @property
    def note(self) -> str:
        """Why the last look saw nothing, or what is missing all along; empty while all is well."""
        return self._note or self._standing_note

    async def open_file(self, path: str) -> VideoFacts:
        """Open a video and decode its first picture.

        Raises:
            ValueError: it is missing, empty, no video, too large, without pictures, or OpenCV is missing (with the
            mend).
        """
        return await self._open({"op": "open_file", "path": path})

    async def open_camera(self, index: int) -> VideoFacts:
        """Open a camera of this machine; ValueError where it cannot be."""
        return await self._open({"op": "open_camera", "index": index})

    async def look_at(self, t_s: float) -> Picture | None:
        """Look at the opened file's picture at media time `t_s`, decoding forward to it; never goes back."""
        return await self._look({"op": "look_at", "t_s": t_s})

    async def look_camera(self, t_s: float) -> Picture | None:
        """Look at the opened camera's picture; `t_s` is the time of the look."""
        return await self._look({"op": "look_camera", "t_s": t_s})

    async def look_jpeg(self, jpeg: bytes, t_s: float) -> Picture | None:
        """Look at one JPEG taken at `t_s`; None where it cannot be decoded (`note` says why) or a newer one came."""
        return await self._look({"op": "look_jpeg", "t_s": t_s}, jpeg)

    async def aclose(self) -> None:
        """End the worker; harmless twice."""
        await self.worker.aclose()

    async def _open(self, request: Header) -> VideoFacts:
        async with self._lock:
            self._deaths_in_a_row = 0
            self._opened = None
            try:
                reply, _ = await self.worker.request(request)
                facts = facts_of(reply)
            except WorkerRefused as error:
                self._note = f"nothing is seen: {error}"
                raise
            except (WorkerDied, *MALFORMED) as error:
                self._note = f"nothing is seen: {error}"
                raise ValueError(f"{request.get('path', 'camera')}: opening it ended the decoder ({error})") from error
            self._opened = request
            self._opened_by = self.worker.restarts
            self._note = ""
            return facts

    async def _look(self, request: Header, payload: bytes = b"") -> Picture | None:
        self._newest += 1
        mine = self._newest
        async with self._lock:
            if mine != self._newest:
                self.dropped += 1
                return None
            if self._deaths_in_a_row >= GIVE_UP_AFTER:
                return None
            try:
                reply, _ = await self._request(request, payload)
                picture = picture_of(reply)
            except WorkerDied as error:
                self._note = f"nothing is seen: {error}"
                return None
            except WorkerRefused as error:
                self._note = f"a picture was not seen: {error}"
                return None
            except MALFORMED as error:
                self._note = f"a picture was not seen: vision's reply is malformed ({type(error).__name__}: {error})"
                return None
            self._deaths_in_a_row = 0
            self._note = ""
            return picture

    async def _request(self, request: Header, payload: bytes) -> tuple[Header, bytes]:
        """Ask the worker; if it has died, start it again, open the source again and ask once more."""
        try:
            return await self.worker.request(request, payload)
        except WorkerDied:
            self._count_death()
        except WorkerRefused:
            if self._opened is None or self.worker.restarts == self._opened_by:
                raise
            self._count_death()  # it died between two looks, and a fresh one, which has nothing open, answered
        try:
            if self._opened is not None:
                await self.worker.request(self._opened)
                self._opened_by = self.worker.restarts
            return await self.worker.request(request, payload)
        except WorkerDied as error:
            self._count_death()
            if self._deaths_in_a_row >= GIVE_UP_AFTER:
                raise WorkerDied(f"{error}; given up after {self._deaths_in_a_row} deaths of the worker") from error
            raise

    def _count_death(self) -> None:
        self.deaths += 1
        self._deaths_in_a_row += 1
