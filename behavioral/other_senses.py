"""Senses that are not the agent's own: speech recognised elsewhere, and people whom somebody else sees, both from the bus.

For robots with a recogniser and a tracker of their own, and for simulated people. Recognised speech is heard as the agent's own ears
report it: an onset, blocks of voice every 32 ms while it lasts, revised words, an offset after the profile's hangover, final words; so
turn-taking and interruptions work as with sound, but for what the voice itself would tell (prosody, backchannel cues, the audio
model of turn ends). Percepts (`PersonPercept`, `PersonAct`) of other rooms are taken where the launch says `senses: bus`. Tasks on the
room's loop; a message out of order (words without a start) opens the speech it belongs to, an end without a start is ignored.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from typing import Any

from behavioral.conversation import Conversation
from behavioral.hearing.events import BlockHeard, FinalText, SpeechOffset, SpeechOnset, Units
from behavioral.hearing.units import HypothesisWord, RevisableUnits
from behavioral.people import People
from behavioral.sources.contract import BLOCK_NS, AudioSource
from behavioral.sources.recognised import RecognisedSource
from runtime.clock import NS_PER_MS, Clock
from runtime.messages import PersonAct, PersonPercept, RecognisedSpeech
from runtime.room import RoomContext
from runtime.streams import Stream

SPEECH_DBFS = -30.0
SPEECH_MAX_S = 60.0
"""Speech without an end for longer than this is a lost message."""


def other_senses(
    context: RoomContext, source: AudioSource, conversation: Conversation, people: People
) -> Iterator[tuple[str, Coroutine[Any, Any, None]]]:
    """Yield the tasks that the launch asks for, by name."""
    if isinstance(source, RecognisedSource):
        hangover_ns = round(context.profile.hearing.hangover_ms * NS_PER_MS)
        hearing = RecognisedHearing(context.clock, conversation, hangover_ns)
        speech = context.bus.subscribe(RecognisedSpeech)
        yield "recognised", hearing.listen(speech)
        yield "voice", hearing.voice()
    if context.options.get("senses") == "bus":
        yield "percepts", _see(context.bus.subscribe(PersonPercept, PersonAct), context.room, people, context.clock)


async def _see(percepts: Stream[Any], own_room: str, people: People, clock: Clock) -> None:
    async for percept in percepts:
        if percept.source == own_room:
            continue
        if isinstance(percept, PersonPercept):
            people.take(percept)
        else:
            people.take_act(percept, clock.now_ns())


class RecognisedHearing:
    """Turns recognised speech into the events of hearing."""

    def __init__(self, clock: Clock, conversation: Conversation, hangover_ns: int) -> None:
        """Nobody speaks yet."""
        self._clock = clock
        self._conversation = conversation
        self._hangover_ns = hangover_ns
        self._onset_ns = 0
        self._speaking = False
        self._units = RevisableUnits(0)

    async def listen(self, speech: Stream[Any]) -> None:
        """Take messages until the bus closes."""
        async for message in speech:
            now_ns = self._clock.now_ns()
            if message.state == "ended":
                if self._speaking:
                    await self._end(message, now_ns)
                continue
            if not self._speaking:
                self._onset_ns, self._speaking = now_ns, True
                self._units = RevisableUnits(now_ns)
                self._conversation.heard_onset(SpeechOnset(now_ns, now_ns))
            if message.state == "words":
                self._hear(message, now_ns)

    async def voice(self) -> None:
        """Report a block of voice every 32 ms while speech lasts, as the ears do; speech that never ends is closed."""
        while True:
            now_ns = self._clock.now_ns()
            probability = 1.0 if self._speaking else 0.0
            self._conversation.heard_block(BlockHeard(now_ns, probability, self._speaking, SPEECH_DBFS, 0.0))
            if self._speaking and now_ns - self._onset_ns > SPEECH_MAX_S * 1e9:
                await self._end(RecognisedSpeech(state="ended"), now_ns)
            await self._clock.sleep_until_ns(now_ns + BLOCK_NS)

    def _hear(self, message: RecognisedSpeech, now_ns: int) -> None:
        words = [
            HypothesisWord(word, self._onset_ns, now_ns, message.confidence)
            for word in message.text.split()[self._units.committed :]
        ]
        if edits := self._units.revise(words):
            self._conversation.recognised(Units(tuple(edits), self._onset_ns))

    async def _end(self, message: RecognisedSpeech, now_ns: int) -> None:
        self._hear(message, now_ns)
        self._speaking = False
        if edits := self._units.commit():
            self._conversation.recognised(Units(tuple(edits), self._onset_ns))
        onset_ns = self._onset_ns
        await self._clock.sleep_until_ns(now_ns + self._hangover_ns)
        self._conversation.heard_offset(SpeechOffset(now_ns, self._clock.now_ns()))
        latency_ms = self._hangover_ns / NS_PER_MS
        self._conversation.recognised(FinalText(message.text, message.confidence, latency_ms, onset_ns, now_ns))
