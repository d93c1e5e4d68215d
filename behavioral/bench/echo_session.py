"""A whole session in which the agent hears itself: the real fast room on virtual time beside a simulated loudspeaker and microphone.

`self_interruptions` runs one: the agent says sentence after sentence with its own voice, its sound comes back through an `EchoPath`,
and everything that it takes for somebody else is counted. With a recording of a person who talks over it now and then it also counts how
many of those it notices. Blocking and deterministic under the seed; half an hour of session takes a minute or two of computing.
The other functions are the room that this needs (`serve`, run by module name in a house of its own).
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from pathlib import Path

import msgspec
import numpy as np
import soundfile
from numpy.typing import NDArray

from behavioral.bench.echo_path import EchoLine, EchoPath
from behavioral.process import BehavioralRoom
from behavioral.sound import SPEAKER_RATE_HZ
from behavioral.sources.contract import BLOCK_NS, BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock
from motion.corpus.pairing.sources import sentences
from runtime.clock import NS_PER_S, Clock
from runtime.errors import AttuneError
from runtime.house import RoomSpec
from runtime.messages import AgentAudio, AnyMessage, SessionControl, Turn, TurnDecision, UserSpeech
from runtime.room import RoomContext
from runtime.settings import Profile
from runtime.streams import Stream
from runtime.virtual_house import run_virtual_house

SENTENCES_PER_RESPONSE = 4
PAUSE_S = 0.7
_FIRST_TALK_S = 6.0
_ANSWERED_WITHIN_S = 3.0


class EchoSession(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in one session; times in seconds of session time."""

    path: dict[str, float] = {}
    seconds: float = 0.0
    agent_speech_s: float = 0.0
    self_interruptions: int = 0
    """Times that the agent fell silent for its own echo: pauses, stops and turns of a person who was not there."""
    false_onsets: int = 0
    """Speech found where nobody spoke; includes the above and what was only ducked."""
    false_ducks: int = 0
    talked_over: int = 0
    """Times that a person began to talk over the agent."""
    noticed: int = 0
    """Of those, with a pause or stop within three seconds of the person's first sample."""
    notice_ms: tuple[float, ...] = ()
    """From the person's first sample to the decision to fall silent."""


def self_interruptions(
    minutes: float,
    path: EchoPath,
    *,
    profile: Profile | None = None,
    person: Path | None = None,
    person_every_s: float = 20.0,
    seed: int = 1,
) -> EchoSession:
    """Let the agent talk to itself for so many minutes of virtual time and count what it takes for somebody else.

    Args:
        minutes: length of the session.
        path: from loudspeaker to microphone.
        profile: its hearing, turns and voice are used; the body is the light one and there is no recogniser and no vision, which
            nothing here rests on. None for the defaults.
        person: recording of a person (16 kHz mono), who says it over the agent's voice every `person_every_s`.
        person_every_s: see there.
        seed: of the session.

    Raises:
        AttuneError: the voice is not installed, or the recording is not 16 kHz mono.
    """
    profile = profile or Profile()
    replaced = {
        "motion": msgspec.structs.replace(profile.motion, generator="procedural"),
        "hearing": msgspec.structs.replace(profile.hearing, asr="none"),
        "vision": msgspec.structs.replace(profile.vision, enabled=False),
        "voice": msgspec.structs.replace(profile.voice, tts="espeak"),
    }
    with tempfile.TemporaryDirectory(prefix="attune-echo-") as folder:
        result = Path(folder) / "result.json"
        options = {
            "path": asdict(path),
            "seconds": 60.0 * minutes,
            "person": str(person or ""),
            "every_s": person_every_s,
            "result": str(result),
        }
        room = RoomSpec("behavioral", __name__, essential=True)
        run_virtual_house(msgspec.structs.replace(profile, **replaced), [room], None, seed, options)
        return msgspec.json.decode(result.read_bytes(), type=EchoSession)


class SimulatedDevices:
    """Loudspeaker and microphone in one room, with a person who may speak there."""

    name = "simulated room"
    endless = True

    def __init__(self, clock: Clock, path: EchoPath, person: NDArray[np.float64], talks_s: tuple[float, ...]) -> None:
        """Describe the room; the person's recording begins anew at each of `talks_s`, seconds after media time zero."""
        self.trouble = ""
        self.played: Callable[[bytes, int, int], None] | None = None
        self.spoken_s = 0.0
        self._clock = clock
        self._line = EchoLine(path, SPEAKER_RATE_HZ, SAMPLE_RATE_HZ)
        self._near_hz = SAMPLE_RATE_HZ * (1 + path.drift_ppm * 1e-6)
        self._person = person
        self._talks = [round(at * self._near_hz) for at in talks_s]
        self._start_ns = 0

    async def open(self) -> None:
        """Nothing to open."""

    async def aopen(self) -> None:
        """Nothing to open."""

    async def aclose(self) -> None:
        """Nothing to close."""

    def play(self, piece: AgentAudio) -> None:
        """Play a piece at exactly its time, and say so as a loudspeaker does."""
        if piece.sample_rate_hz != SPEAKER_RATE_HZ:
            raise ValueError(f"the simulated loudspeaker plays {SPEAKER_RATE_HZ} Hz, not {piece.sample_rate_hz}")
        self.spoken_s += len(piece.pcm) / 2 / piece.sample_rate_hz
        self._line.play(piece.pcm, piece.t_ns - self._start_ns)
        if self.played is not None:
            self.played(piece.pcm, piece.sample_rate_hz, piece.t_ns)

    def halt(self, t_ns: int) -> None:
        """Drop what is due from a session time on."""
        self._line.halt(t_ns - self._start_ns)

    async def blocks(self, start_ns: int) -> AsyncIterator[AudioBlock]:
        """Yield what the microphone hears, each block when its last sample has been heard."""
        self._start_ns = start_ns
        index = 0
        while True:
            first = index * BLOCK_SAMPLES
            at_ns = start_ns + round(first * NS_PER_S / self._near_hz)
            await self._clock.sleep_until_ns(at_ns + BLOCK_NS)
            heard = self._line.heard(first, BLOCK_SAMPLES)
            for talk in self._talks:
                begin, end = max(first, talk), min(first + BLOCK_SAMPLES, talk + self._person.size)
                if end > begin:
                    heard[begin - first : end - first] += self._person[begin - talk : end - talk]
            pcm = np.clip(np.rint(heard * 32_768), -32_768, 32_767).astype("<i2")
            yield AudioBlock(pcm.tobytes(), at_ns, index)
            index += 1


async def serve(context: RoomContext) -> None:
    """The fast room between simulated devices; ends the house after its time and leaves the result in a file."""
    options = context.options
    path, seconds = EchoPath(**options["path"]), float(options["seconds"])
    person = _recording(str(options["person"]))
    every_s = float(options["every_s"])
    count = int((seconds - _FIRST_TALK_S) / every_s) + 1 if person.size else 0
    talks_s = tuple(_FIRST_TALK_S + n * every_s for n in range(count))
    devices = SimulatedDevices(context.clock, path, person, talks_s)
    told = context.bus.subscribe(TurnDecision, UserSpeech, Turn, capacity=100_000)
    room = BehavioralRoom(context, devices, devices)
    try:
        await room.open()
        running = asyncio.create_task(room.run())
        start_ns = await context.session_started()
        talking = asyncio.create_task(_talk(room, context.clock))
        ending = asyncio.create_task(context.clock.sleep_until_ns(start_ns + round(seconds * NS_PER_S)))
        await asyncio.wait({running, talking, ending}, return_when=asyncio.FIRST_COMPLETED)
        for task in (running, talking):
            if task.done():
                task.result()
            task.cancel()
        ending.cancel()
        await asyncio.gather(running, talking, ending, return_exceptions=True)
        tally = _tally(told, start_ns, talks_s, person.size / SAMPLE_RATE_HZ)
        session = msgspec.structs.replace(tally, path=options["path"], seconds=seconds, agent_speech_s=devices.spoken_s)
        await context.new_offload("result").run(Path(options["result"]).write_bytes, msgspec.json.encode(session))
        context.bus.publish(SessionControl(t_ns=context.clock.now_ns(), action="finished"))
    finally:
        await room.aclose()


async def _talk(room: BehavioralRoom, clock: Clock) -> None:
    """Say everything there is to say, again and again."""
    lines = sentences()
    next_line = 0
    while True:
        await clock.sleep_until_ns(clock.now_ns() + round(PAUSE_S * NS_PER_S))
        if room.conversation.floor_is_free:
            said = [lines[(next_line + n) % len(lines)] for n in range(SENTENCES_PER_RESPONSE)]
            next_line += SENTENCES_PER_RESPONSE
            room.conversation.say(" ".join(said))


def _tally(told: Stream[AnyMessage], start_ns: int, talks_s: tuple[float, ...], talk_length_s: float) -> EchoSession:
    spans = [(at, at + talk_length_s + 1.0) for at in talks_s]
    stops = {at: 0.0 for at in talks_s}
    false = {"stop": 0, "turn": 0, "onset": 0, "duck": 0}
    for message in told.flush():
        at_s = (message.t_ns - start_ns) / NS_PER_S
        talk = next((begin for begin, end in spans if begin - 0.1 <= at_s < end), None)
        what = ""
        if isinstance(message, TurnDecision):
            what = {"pause": "stop", "stop": "stop", "duck": "duck"}.get(message.decision, "")
            if what == "stop" and talk is not None and not stops[talk] and at_s - talk <= _ANSWERED_WITHIN_S:
                stops[talk] = at_s - talk
        elif isinstance(message, UserSpeech):
            what = "onset" if message.state == "started" else ""
        elif isinstance(message, Turn):
            what = "turn" if message.speaker == "user" and message.state == "started" else ""
        if what and talk is None:
            false[what] += 1
    noticed = [round(1e3 * after, 1) for after in stops.values() if after]
    return EchoSession(
        self_interruptions=max(false["stop"], false["turn"]),
        false_onsets=false["onset"],
        false_ducks=false["duck"],
        talked_over=len(talks_s),
        noticed=len(noticed),
        notice_ms=tuple(noticed),
    )


def _recording(path: str) -> NDArray[np.float64]:
    if not path:
        return np.zeros(0)
    samples, rate_hz = soundfile.read(path, dtype="float64", always_2d=True)
    if rate_hz != SAMPLE_RATE_HZ or samples.shape[1] != 1:
        raise AttuneError(f"{path}: {rate_hz} Hz, {samples.shape[1]} channels", "Give 16 kHz mono")
    mono: NDArray[np.float64] = samples[:, 0]
    return mono
