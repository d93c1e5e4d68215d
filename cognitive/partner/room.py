"""The room of a simulated person: perceives the agent over the bus, and is heard and seen by it.

One task steps the person ten times a second and publishes what is seen of them (at once when it changes, else once a second), one says
what they say. When the person has gone and the agent had time to see them off, the outcome is written to the state folder and the
session is finished. Works under the supervisor and on virtual time alike. Options of the launch, under `partner`: `person` (name or path),
`level` (`words` or `voice`), `session`, `seed`. A failure of the room ends the session: what was simulated is worth nothing then.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Any

import msgspec

from cognitive.partner.listening import Listening
from cognitive.partner.outcome import satisfaction
from cognitive.partner.person import Do, Person
from cognitive.partner.person_file import load_person
from cognitive.partner.voices import SoundVoice, Voice, WordsVoice
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.room import RoomContext

OUTCOME_FILE = "outcome.json"
STEP_S = 0.1
SEEN_EVERY_S = 1.0
FAR_M = 3.0
WALK_S = 2.0
SEE_OFF_S = 5.0
OVERTIME_S = 60.0
"""A person who has not gone so long after their time is taken out."""
SHOWN = 0.6
"""So much of the mood shows in the face."""
FACING = {"agent": 0.95, "object": 0.35, "away": 0.3}
HEARD = (m.AgentSpeech, m.BodyAct, m.Intention, m.IntentionAnswer, m.CognitiveCycle)


async def serve(context: RoomContext) -> None:
    """Be the person until they have gone."""
    options = dict(context.options.get("partner", {}))
    file = load_person(str(options.get("person", "")))
    seed = int(options.get("seed", context.seed))
    person = Person(file, random.Random(f"{seed}/{file.name}"))  # no secret: variety of people
    level = str(options.get("level", "words"))
    voice: Voice
    if level == "voice":
        voice = SoundVoice(context.bus, context.clock, context.new_offload("partner-voice"), file.voice, person.chance)
    else:
        voice = WordsVoice(context.bus, context.clock)
    room = PartnerRoom(context, person, voice)
    person.outcome.session, person.outcome.seed = int(options.get("session", 0)), seed
    person.outcome.person, person.outcome.level = file.name, level
    try:
        await voice.prepare()
        await room.run()
    finally:
        await room.aclose()


class PartnerRoom:
    """One person on the bus."""

    def __init__(self, context: RoomContext, person: Person, voice: Voice) -> None:
        """Subscribe; nobody is seen yet."""
        self._context, self._person, self._voice = context, person, voice
        self._clock, self._bus = context.clock, context.bus
        self._listening = Listening(person)
        self._agent = context.bus.subscribe(*HEARD, capacity=16_384)
        self._id = person.file.name.lower()
        self._talking: asyncio.Task[str] | None = None
        self._target: m.GazeTarget = "away"
        self._target_ns = self._arrived_ns = self._seen_ns = 0

    async def run(self) -> None:
        """Live through the session."""
        start_ns = await self._context.session_started()
        sounding = asyncio.create_task(self._voice.run(), name="partner-sound")
        file = self._person.file
        end_s = start_ns / NS_PER_S + file.arrives_after_s + file.stays_s + OVERTIME_S
        gone_s = None
        try:
            next_ns = start_ns
            while True:
                now_s = self._clock.now_ns() / NS_PER_S
                for message in self._agent.flush():
                    self._listening.take(message, now_s)
                self._listening.step(now_s)
                self._voice_over(now_s)
                for do in self._person.step(now_s):
                    self._do(do)
                self._show()
                if self._person.phase == "gone" and gone_s is None:
                    gone_s = now_s
                if (gone_s is not None and now_s - gone_s >= SEE_OFF_S) or now_s >= end_s:
                    break
                next_ns += round(STEP_S * NS_PER_S)
                await self._clock.sleep_until_ns(next_ns)
            self._finish((self._clock.now_ns() - start_ns) / NS_PER_S)
            await asyncio.Event().wait()  # the house stops us
        finally:
            sounding.cancel()
            await asyncio.gather(sounding, return_exceptions=True)

    async def aclose(self) -> None:
        """Fall silent and let go of the voice."""
        if self._talking is not None:
            self._talking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._talking
        self._voice.close()

    def _voice_over(self, now_s: float) -> None:
        if self._talking is not None and self._talking.done():
            if not self._talking.cancelled():
                self._talking.result()
            self._talking = None
            self._person.own_words_over(now_s)

    def _do(self, do: Do) -> None:
        now_ns = self._clock.now_ns()
        match do.what:
            case "say":
                self._talking = asyncio.create_task(self._voice.say(do.text), name="partner-words")
            case "hush":
                if self._talking is not None:
                    self._talking.cancel()
            case "look":
                self._target = "agent" if do.text == "agent" else "object" if do.text == "object" else "away"
                self._target_ns, self._seen_ns = now_ns, 0
            case "come":
                self._arrived_ns = max(1, now_ns)
                self._percept("arrived")
            case "leave":
                self._percept("left")
                self._arrived_ns = 0

    def _show(self) -> None:
        """Be seen, once a second and where something has changed."""
        if self._arrived_ns and self._clock.now_ns() - self._seen_ns >= SEEN_EVERY_S * NS_PER_S:
            self._percept("present")

    def _percept(self, state: Any) -> None:
        now_ns = self._clock.now_ns()
        self._seen_ns = now_ns
        file, target = self._person.file, self._target
        walked = min(1.0, (now_ns - self._arrived_ns) / NS_PER_S / WALK_S)
        distance_m = FAR_M + (file.distance_m - FAR_M) * walked if file.distance_m < FAR_M else file.distance_m
        height = min(0.9, 0.3 / distance_m)
        self._bus.publish(
            m.PersonPercept(
                t_ns=now_ns,
                state=state,
                person_id=self._id,
                box=(max(0.0, 0.5 - height * 0.35), max(0.0, 0.45 - height / 2), height * 0.7, height),
                facing=FACING[target],
                gaze_target=target,
                gaze_name=file.busy_with if target == "object" else "",
                gaze_confidence=0.85,
                gaze_since_ns=self._target_ns,
                distance_m=distance_m,
                mouth_moving=0.95 if self._talking is not None else 0.05,
                valence=round(SHOWN * self._person.mood, 2),
                smile=max(0.0, SHOWN * self._person.mood),
            )
        )

    def _finish(self, length_s: float) -> None:
        """Write the outcome and say that the session is over."""
        outcome = self._person.finish(length_s)
        outcome.ended = outcome.ended or "was taken out"
        outcome.intentions_stuck = self._listening.stuck(self._clock.now_ns() / NS_PER_S)
        outcome.satisfaction = satisfaction(outcome)
        (self._context.state_dir / OUTCOME_FILE).write_bytes(msgspec.json.encode(outcome))
        self._bus.publish(
            m.SessionControl(t_ns=self._clock.now_ns(), action="finished", reason="the simulated person has gone")
        )
