"""Replies from a server that hears the person and speaks itself (ProAct's omni-modal slot), over the OpenAI Realtime protocol.

While our detector hears speech, the person's sound goes to the server, from a little before the onset; when our turn-taking decides
that the turn has ended, the sound is committed and an answer asked for. The answer comes as pieces of sound with text. An
interruption stops it there and cuts it, in the server's memory, to the milliseconds that were really heard. Tools are the same as for
text. Without a connection, without a sound in time, or on an error, `SpeechUnavailable` lets the text dialogue answer. Runs on the
room's loop; nothing blocks, everything is bounded.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import soxr

from behavioral.dialogue import realtime_events as events
from behavioral.dialogue.history import Exchange, History, Role
from behavioral.dialogue.prompt import Prompt
from behavioral.dialogue.realtime_connection import RealtimeConnection
from behavioral.dialogue.realtime_events import RealtimeEvent
from behavioral.dialogue.tools import Toolbox
from behavioral.voice.own_sound import SpeechPiece
from runtime.llm.chunks import CALLS_MAX, ToolCall
from runtime.settings import SpeechToSpeechSettings

HEARING_RATE_HZ = 16_000
PREROLL_BLOCKS = 10
"""Blocks (32 ms each) before the detected onset that belong to the speech."""
TAIL_BLOCKS = 25
"""Blocks after the detected end that are still sent: pauses within a turn are part of it."""
STALE_BLOCKS = 150
"""Sound that nobody has answered for this many blocks of quiet was no turn, and is forgotten before the next."""
COMMIT_MS_MIN = 100.0
"""Servers refuse turns that are shorter."""
HEARD_MARGIN_MS = 60.0
"""An answer of which less than this was not heard is whole."""
TOOL_ROUNDS_MAX = 2


class SpeechUnavailable(RuntimeError):
    """The server gave no sound of an answer."""


@dataclass(slots=True)
class _Item:
    """One item of an answer: where its sound begins in the answer and how long it is."""

    item_id: str
    content_index: int
    start_ms: float
    length_ms: float = 0.0


@dataclass(slots=True, eq=False)
class _Answer:
    """One answer that was asked for."""

    events: asyncio.Queue[RealtimeEvent] = field(default_factory=asyncio.Queue)
    response_id: str = ""
    cancelled: bool = False
    length_ms: float = 0.0
    items: list[_Item] = field(default_factory=list)

    def add_sound(self, event: RealtimeEvent, length_ms: float) -> None:
        if not self.items or self.items[-1].item_id != event.item_id:
            self.items.append(_Item(event.item_id, event.content_index, self.length_ms))
        self.items[-1].length_ms += length_ms
        self.length_ms += length_ms


class SpeechToSpeech:
    """The conversation with one server."""

    def __init__(self, settings: SpeechToSpeechSettings, toolbox: Toolbox, history: History, prompt: Prompt) -> None:
        """Prepare; `open` connects."""
        self._settings = settings
        self._toolbox = toolbox
        self._history = history
        self._prompt = prompt
        self._connection = RealtimeConnection(settings, greeting=self._greet, take=self._take, lost=self._lost)
        self._preroll: deque[bytes] = deque(maxlen=PREROLL_BLOCKS)
        self._resampler: soxr.ResampleStream | None = None
        self._sent_ms = 0.0
        self._quiet_blocks = TAIL_BLOCKS
        self._asked: dict[str, _Answer] = {}
        self._answers: dict[str, _Answer] = {}
        self._last: _Answer | None = None
        self._failure = ""

    @property
    def ready(self) -> bool:
        """Whether a turn can be answered."""
        return self._connection.ready

    @property
    def trouble(self) -> str:
        """Why the text dialogue answers instead; empty while all is well."""
        return self._connection.trouble or self._failure

    @property
    def dropped(self) -> int:
        """Events that could not be sent, so far."""
        return self._connection.dropped

    def open(self) -> None:
        """Connect in the background."""
        self._connection.open()

    def hear(self, pcm: bytes, speaking: bool) -> None:
        """Take one block of the person's sound (16 kHz, int16) and whether our detector hears speech in it."""
        if not self.ready:
            return
        if speaking and self._quiet_blocks >= TAIL_BLOCKS:
            if self._quiet_blocks >= STALE_BLOCKS and self._sent_ms:
                self._connection.send(events.clear_audio())
                self._sent_ms, self._resampler = 0.0, None
            for block in self._preroll:
                self._append(block)
            self._preroll.clear()
        self._quiet_blocks = 0 if speaking else self._quiet_blocks + 1
        if self._quiet_blocks < TAIL_BLOCKS:
            self._append(pcm)
        else:
            self._preroll.append(pcm)

    def forget_sound(self) -> None:
        """The person's sound since the last turn was none."""
        if self._sent_ms:
            self._connection.send(events.clear_audio())
        self._sent_ms, self._resampler = 0.0, None
        self._quiet_blocks = TAIL_BLOCKS

    async def reply(self, text: str) -> AsyncGenerator[SpeechPiece, None]:
        """Yield the answer to the turn that has ended; `text` is what was typed, or recognised where no sound was sent.

        Raises:
            SpeechUnavailable: before the first piece.
        """
        if not self.ready:
            raise SpeechUnavailable(self.trouble)
        self._settle(0.0)
        self._end_turn(text)
        answer = self._last = _Answer()
        finished = False
        try:
            for left in range(TOOL_ROUNDS_MAX, -1, -1):
                calls: list[ToolCall] = []
                self._ask(answer)
                async with aclosing(self._events(answer)) as coming:
                    async for event in coming:
                        if event.call is not None and len(calls) < CALLS_MAX:
                            calls.append(event.call)
                        elif event.pcm or event.text:
                            sound = np.frombuffer(event.pcm, "<i2")
                            yield SpeechPiece(sound, self._settings.sample_rate_hz, event.text)
                if not await self._call(calls, answer) or not left:
                    break
            finished = True
        finally:
            if not finished:
                self._cancel(answer)

    def heard(self, heard_ms: float) -> None:
        """The person has heard so much of the present answer's sound, and will hear no more of it."""
        self._settle(heard_ms)

    def tell(self, role: Role, content: str) -> None:
        """Tell the server what was said without it."""
        self._connection.send(events.said_item(Exchange(role, content), self._settings.dialect))

    async def aclose(self) -> None:
        """Close the connection."""
        await self._connection.aclose()

    # ------------------------------------------------------------ the person's turn

    def _append(self, pcm: bytes) -> None:
        self._sent_ms += 1_000.0 * (len(pcm) // 2) / HEARING_RATE_HZ
        self._send_sound(np.frombuffer(pcm, "<i2"), last=False)

    def _send_sound(self, samples: np.ndarray[Any, np.dtype[np.int16]], *, last: bool) -> None:
        if self._settings.sample_rate_hz != HEARING_RATE_HZ:
            if self._resampler is None:
                self._resampler = soxr.ResampleStream(
                    HEARING_RATE_HZ, self._settings.sample_rate_hz, 1, dtype="int16", quality="MQ"
                )
            samples = self._resampler.resample_chunk(samples, last=last)
            if last:
                self._resampler = None
        if len(samples):
            self._connection.send(events.append_audio(samples.astype("<i2").tobytes()))

    def _end_turn(self, text: str) -> None:
        if self._sent_ms >= COMMIT_MS_MIN:
            self._send_sound(np.zeros(0, np.int16), last=True)
            self._connection.send(events.commit_audio())
        else:
            if self._sent_ms:
                self._connection.send(events.clear_audio())
            if text:
                self.tell("user", text)
        self._sent_ms = 0.0
        self._resampler = None
        self._quiet_blocks = TAIL_BLOCKS

    # ------------------------------------------------------------ the answer

    def _ask(self, answer: _Answer) -> None:
        answer.response_id = ""
        event_id = self._connection.send(events.create_response(self._prompt.instructions))
        self._asked[event_id] = answer

    async def _events(self, answer: _Answer) -> AsyncGenerator[RealtimeEvent, None]:
        """Yield what belongs to one response until it is done.

        Raises:
            SpeechUnavailable: an error, or nothing in time, before any sound or text; later it ends the answer.
        """
        begun = answer.length_ms > 0
        limit_s = self._settings.first_audio_timeout_s
        while True:
            try:
                async with asyncio.timeout(limit_s):
                    event = await answer.events.get()
            except TimeoutError:
                event = RealtimeEvent("error", error=f"nothing for {limit_s:g} s")
                self._cancel(answer)
            if event.kind == "error" or event.error:
                self._failure = f"speech server: {event.error or 'error'}"
                if not begun:
                    raise SpeechUnavailable(self._failure)
                return
            if event.kind == "done":
                self._failure = ""
                return
            if event.pcm:
                answer.add_sound(event, 500.0 * len(event.pcm) / self._settings.sample_rate_hz)
            if event.pcm or event.text:
                begun = True
                limit_s = self._settings.stall_timeout_s
            yield event
            if answer.length_ms > 1e3 * self._settings.max_reply_s:
                self._cancel(answer)
                return

    async def _call(self, calls: list[ToolCall], answer: _Answer) -> bool:
        """Call the tools and tell their results; return whether the server must go on with them."""
        needed = False
        for call in calls:
            result = await self._toolbox.call(call)
            self._connection.send(events.tool_output(call, result.content))
            needed = needed or result.needed or not answer.length_ms
        return needed

    def _cancel(self, answer: _Answer) -> None:
        if not answer.cancelled:
            answer.cancelled = True
            if answer.response_id:
                self._connection.send(events.cancel_response(answer.response_id))

    def _settle(self, heard_ms: float) -> None:
        """Cut the last answer, once, to what was heard of it."""
        answer, self._last = self._last, None
        if answer is None:
            return
        for item in answer.items:
            heard_of_item_ms = heard_ms - item.start_ms
            if heard_of_item_ms < item.length_ms - HEARD_MARGIN_MS:
                self._connection.send(events.truncate_item(item.item_id, item.content_index, heard_of_item_ms))

    # ------------------------------------------------------------ the connection

    def _greet(self) -> list[dict[str, Any]]:
        """What a new connection must know: the session, and what was said before it."""
        past = [events.said_item(exchange, self._settings.dialect) for exchange in self._history.turns]
        return [events.session_update(self._settings, self._prompt.instructions, self._toolbox.definitions), *past]

    def _take(self, event: RealtimeEvent) -> None:
        """Give an event to the answer that it belongs to."""
        if event.kind == "created":
            self._created(event.response_id)
        elif event.kind == "error":
            # What went wrong with a cancellation or a truncation (too late, mostly) harms nobody.
            answer = self._asked.pop(event.caused_by, None)
            if answer is not None:
                answer.events.put_nowait(event)
            elif event.caused_by and event.caused_by == self._connection.greeting_id:
                self._connection.refused(event.error)
            elif not event.caused_by and self._last is not None:
                self._last.events.put_nowait(event)
            elif not event.caused_by:
                self._failure = f"speech server: {event.error}"
        elif event.kind in ("audio", "text", "call", "done"):
            answer = self._answers.get(event.response_id)
            if answer is not None and answer.response_id == event.response_id and not answer.cancelled:
                answer.events.put_nowait(event)
            if event.kind == "done":
                self._answers.pop(event.response_id, None)

    def _created(self, response_id: str) -> None:
        """Responses are created in the order in which they were asked for."""
        event_id = next(iter(self._asked), "")
        answer = self._asked.pop(event_id, None)
        if answer is None:
            return
        answer.response_id = response_id
        self._answers[response_id] = answer
        if answer.cancelled:
            self._connection.send(events.cancel_response(response_id))

    def _lost(self) -> None:
        """The connection is gone, and the server's memory of this conversation with it."""
        for answer in {*self._asked.values(), *self._answers.values()}:
            answer.events.put_nowait(RealtimeEvent("error", error="connection lost"))
        self._asked.clear()
        self._answers.clear()
        self._last = None
        self._sent_ms = 0.0
        self._resampler = None
        self._quiet_blocks = TAIL_BLOCKS
        self._preroll.clear()
