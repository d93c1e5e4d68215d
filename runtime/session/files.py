"""The files of one recording, from the blocking side: MCAP part, two WAV tracks, the disk they are on.

A restarted recorder goes on in `session-2.mcap` (and so on) and in the same WAV files. When less disk space than the
profile asks for is left, or a write fails, everything is closed readable and `RecordingStopped` is raised once; the
session goes on without. All calls block and belong to one thread at a time (the recorder's offload).
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path

from runtime.clock import NS_PER_S
from runtime.messages import AgentAudio, AgentSpeech, AnyMessage, SessionControl, UserAudio
from runtime.session.mcap_part import McapPart
from runtime.session.wav_track import WavTrack
from runtime.settings import RecorderSettings

FIRST_PART = "session.mcap"
USER_WAV = "user.wav"
AGENT_WAV = "agent.wav"
MAX_AHEAD_NS = 60 * NS_PER_S
"""Audio that claims to be heard later than this from now is not placed: one absurd time stamp must not make a file of
hours."""
MAX_HELD = 2_048
"""Audio pieces kept until media time zero is known."""
MAX_CUTS = 256
"""Interrupted responses that are remembered, since pieces of them may still come."""
_PART = re.compile(r"^session(?:-(\d+))?\.mcap$")


class RecordingStopped(RuntimeError):
    """Nothing more is written; the text says why, the files are closed and readable.

    Attributes:
        written: whether what was handed over last is in the files.
    """

    def __init__(self, reason: str, *, written: bool = False) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.written = written


def free_mb(folder: Path) -> int:
    """Return the free space of a folder's disk, MB (10^6 bytes)."""
    return shutil.disk_usage(folder).free // 1_000_000


def session_parts(folder: Path) -> list[Path]:
    """Return the MCAP files of a session folder in the order in which they were recorded."""
    return [path for _, path in _numbered_parts(folder)]


def _numbered_parts(folder: Path) -> list[tuple[int, Path]]:
    return sorted((int(match[1] or 1), path) for path in folder.iterdir() if (match := _PART.match(path.name)))


def _next_number(folder: Path) -> int:
    existing = _numbered_parts(folder)
    return existing[-1][0] + 1 if existing else 1


class SessionFiles:
    """What a recorder writes."""

    def __init__(self, folder: Path, settings: RecorderSettings, metadata: Mapping[str, str]) -> None:
        """Create the next MCAP part in a folder.

        Raises:
            RecordingStopped: there is not enough disk space to begin.
            OSError: the folder cannot be written.
        """
        self.folder = folder
        self.misplaced = 0
        self._settings = settings
        self._check_space()
        number = _next_number(folder)
        name = FIRST_PART if number == 1 else f"session-{number}.mcap"
        self._part = McapPart(folder / name, {**metadata, "part": str(number)})
        self._user = WavTrack(folder / USER_WAV) if settings.user_audio else None
        self._agent = WavTrack(folder / AGENT_WAV) if settings.agent_audio else None
        self._zero_ns: int | None = None
        self._stop_ns: int | None = None
        self._held: deque[tuple[int, AnyMessage]] = deque(maxlen=MAX_HELD)
        self._next_user_index = -1
        self._next_agent: tuple[str, int] = ("", -1)
        self._cuts: dict[str, int] = {}
        self._agent_pieces: deque[tuple[str, int, int]] = deque(maxlen=256)

    @property
    def messages(self) -> int:
        """Messages in this part."""
        return self._part.messages

    def write(self, batch: Iterable[tuple[int, AnyMessage]], zero_ns: int | None, now_ns: int) -> None:
        """Write messages with their times of arrival, end the chunk, and keep the WAV files as long as the session.

        Args:
            batch: (arrival, message) in order of arrival, session ns.
            zero_ns: media time zero, where the caller knows it; a `SessionControl` start in the batch says it too.
            now_ns: session time.

        Raises:
            RecordingStopped: the disk is full, or nearly so.
        """
        try:
            if zero_ns is not None:
                self._set_zero(zero_ns)
            for arrival_ns, message in batch:
                self._part.add(message, arrival_ns)
                self._place(arrival_ns, message)
            self._part.flush()
            if self._zero_ns is not None:
                for track in self._tracks():
                    track.sync(now_ns - self._zero_ns)
        except OSError as error:
            self._abandon()
            raise RecordingStopped(f"a write failed ({error.strerror or error})") from error
        try:
            self._check_space()
        except RecordingStopped as stopped:
            self.close(now_ns)
            raise RecordingStopped(str(stopped), written=True) from None

    def close(self, now_ns: int) -> None:
        """End all files; the WAV files become as long as the session.

        Raises:
            RecordingStopped: the disk refused the last writes; the files are readable up to there.
        """
        try:
            self._part.close()
            if self._zero_ns is not None:
                end_ns = now_ns if self._stop_ns is None else self._stop_ns
                for track in self._tracks():
                    track.close(max(0, end_ns - self._zero_ns))
        except OSError as error:
            self._abandon()
            raise RecordingStopped(f"a write failed ({error.strerror or error})") from error

    def _tracks(self) -> list[WavTrack]:
        return [track for track in (self._user, self._agent) if track is not None]

    def _abandon(self) -> None:
        """Give up after a failed write: MCAP gets its end if 50 bytes are to be had, WAV headers stay as they are."""
        with contextlib.suppress(OSError):  # it has then closed itself, readable
            self._part.close()
        for track in self._tracks():
            track.abandon()

    def _check_space(self) -> None:
        free = free_mb(self.folder)
        if free < self._settings.min_free_mb:
            raise RecordingStopped(
                f"{free} MB of disk space are left, recorder.min_free_mb is {self._settings.min_free_mb}"
            )

    def _set_zero(self, zero_ns: int) -> None:
        if self._zero_ns is not None:
            return
        self._zero_ns = zero_ns
        held, self._held = self._held, deque(maxlen=MAX_HELD)
        for arrival_ns, message in held:
            self._place(arrival_ns, message)

    def _place(self, arrival_ns: int, message: AnyMessage) -> None:
        if isinstance(message, SessionControl):
            if message.action == "start":
                self._set_zero(message.t_ns)
            else:
                self._stop_ns = message.t_ns or arrival_ns
        elif isinstance(message, UserAudio | AgentAudio | AgentSpeech):
            if self._zero_ns is None:
                self._held.append((arrival_ns, message))
            elif isinstance(message, AgentSpeech):
                self._cut(message, self._zero_ns)
            elif message.t_ns > arrival_ns + MAX_AHEAD_NS:
                self.misplaced += 1
            elif isinstance(message, UserAudio):
                self._place_user(message, self._zero_ns)
            else:
                self._place_agent(message, self._zero_ns)

    def _place_user(self, message: UserAudio, zero_ns: int) -> None:
        if self._user is None:
            return
        follows = message.index == self._next_user_index
        self._next_user_index = message.index + 1
        self._user.place(message.t_ns - zero_ns, message.pcm, message.sample_rate_hz, follows=follows)

    def _place_agent(self, message: AgentAudio, zero_ns: int) -> None:
        if self._agent is None:
            return
        follows = (message.response_id, message.offset_samples) == self._next_agent
        self._next_agent = (message.response_id, message.offset_samples + len(message.pcm) // 2)
        cut_ns = self._cuts.get(message.response_id)
        until_ns = None if cut_ns is None else cut_ns - zero_ns
        first, last = self._agent.place(
            message.t_ns - zero_ns, message.pcm, message.sample_rate_hz, follows=follows, until_ns=until_ns
        )
        if last > first:
            self._agent_pieces.append((message.response_id, first, last))

    def _cut(self, speech: AgentSpeech, zero_ns: int) -> None:
        """From its interruption or pause on nothing of a response was heard: take back what was handed out ahead of playback."""
        if speech.state not in ("interrupted", "paused") or self._agent is None:
            return
        cut_ns = min(speech.t_ns, self._cuts.get(speech.response_id, speech.t_ns))
        if speech.state == "interrupted":
            self._cuts[speech.response_id] = cut_ns
            if len(self._cuts) > MAX_CUTS:
                del self._cuts[next(iter(self._cuts))]
        cut = self._agent.sample_at(cut_ns - zero_ns)
        pieces = list(self._agent_pieces)
        for number, (response_id, first, last) in enumerate(pieces):
            if response_id == speech.response_id and last > cut:
                later = [(a, b) for other, a, b in pieces[number + 1 :] if other != response_id]
                for a, b in subtract((max(first, cut), last), later):
                    self._agent.silence(a, b)


def subtract(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the parts of a half-open span that no other span covers, in order."""
    rest = [span]
    for start, end in others:
        rest = [
            (a, b) for first, last in rest for a, b in ((first, min(last, start)), (max(first, end), last)) if a < b
        ]
    return rest
