"""The agent's eyes: the fast process's end of the vision worker.

Every look is one request to the worker, on its `Offload`. While one is under way the newest request waits and older
waiting ones are dropped (they return None, `dropped` counts them): seeing late is worse than seeing less. A worker that
dies is started again and its file or camera reopened; after `GIVE_UP_AFTER` deaths in a row seeing stops, until a source
is opened again, and `note` says so. A reply that is not a picture is a picture not seen. Times in seconds of media or
session.
"""

from __future__ import annotations

import asyncio
import importlib.util
import math
import sys
from collections.abc import Callable

from behavioral.vision.contract import Face, Picture, Sight, VideoFacts
from runtime.offload import Offload
from runtime.settings import VisionSettings
from runtime.worker import Header, WorkerDied, WorkerProcess, WorkerRefused

GIVE_UP_AFTER = 5
_TIMEOUT_S = 10.0
_MALFORMED = (KeyError, TypeError, ValueError, OverflowError)
"""What taking a reply apart raises where the worker answers something else than it should."""
_ARGV = (sys.executable, "-m", "behavioral.vision.worker")


class Eyes:
    """Looks through one vision worker."""

    def __init__(self, settings: VisionSettings, worker: WorkerProcess) -> None:
        """Use the given worker; it starts with the first request."""
        self.settings = settings
        self.worker = worker
        self.dropped = 0
        self.deaths = 0
        self._note = ""
        self._opened: Header | None = None
        self._opened_by = 0  # which run of the worker has it open
        self._lock = asyncio.Lock()
        self._newest = 0
        self._deaths_in_a_row = 0

    @property
    def note(self) -> str:
        """Why the last look saw nothing; empty while all is well."""
        return self._note

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
                facts = VideoFacts(float(reply["fps"]), int(reply["frames"]), int(reply["width"]), int(reply["height"]))
            except WorkerRefused as error:
                self._note = f"nothing is seen: {error}"
                raise
            except (WorkerDied, *_MALFORMED) as error:
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
                picture = _picture(reply)
            except WorkerDied as error:
                self._note = f"nothing is seen: {error}"
                return None
            except WorkerRefused as error:
                self._note = f"a picture was not seen: {error}"
                return None
            except _MALFORMED as error:
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


def open_eyes(settings: VisionSettings, new_offload: Callable[[str], Offload]) -> Sight | None:
    """Return the eyes of a profile, None where vision is off or (with `engine: auto`) OpenCV is not installed.

    Args:
        settings: the profile's vision section.
        new_offload: makes a runner for blocking work (`RoomContext.new_offload`).

    Raises:
        RuntimeError: `haar` is asked for by name and OpenCV is not installed.
    """
    if not settings.enabled or settings.engine == "none":
        return None
    if importlib.util.find_spec("cv2") is None:
        if settings.engine == "auto":
            return None
        raise RuntimeError("vision.engine is haar, but OpenCV is missing; mend: pip install 'opencv-python-headless<5'")
    return Eyes(settings, WorkerProcess("vision", _ARGV, new_offload("vision"), timeout_s=_TIMEOUT_S))


def _picture(reply: Header) -> Picture:
    """Return the reply's picture; one of `_MALFORMED` where it holds none."""
    return Picture(
        t_s=_number(reply["t_s"]),
        faces=tuple(_face(*row) for row in reply["faces"]),
        motion=_number(reply["motion"]),
        motion_x=_number(reply["motion_x"]),
        luminance=_number(reply["luminance"]),
        aspect=_number(reply["aspect"], 0.01, 100.0),  # the worker's own limits
        ended=bool(reply.get("ended", False)),
    )


def _face(x: object, y: object, width: object, height: object, confidence: object) -> Face:
    box = (_number(x, 0.0, 1.0), _number(y, 0.0, 1.0), _number(width, 0.0, 1.0), _number(height, 0.0, 1.0))
    return Face(box, _number(confidence, 0.0, 1.0))


def _number(value: object, least: float = -math.inf, most: float = math.inf) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value) or not least <= value <= most:
        raise ValueError(f"{value!r} is not a number in range")
    return float(value)
