"""Lets Attune hear a script, in real time with all its processes or on virtual time in one, and reads off when its voice sounded.

The dialogue costs nothing: a scenario with the patterns of the one that ships, so that the recogniser is biased as it is there, and one
answer to everything. The slow system stays out (it would speak of its own accord), and so does vision. Blocking.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import yaml

from behavioral.bench.outcome import Interval
from behavioral.bench.script import REPLY, Script
from behavioral.commands.run import ROOMS
from behavioral.dialogue.scenario import load_scenario
from behavioral.voice.clauses import ClauseSplitter
from behavioral.voice.junctures import pause_after_ms
from behavioral.voice.tts.open import open_tts
from runtime.clock import NS_PER_S
from runtime.errors import AttuneError
from runtime.messages import AgentAudio, AgentSpeech, BodyAct, Span, TurnDecision
from runtime.offload import InlineOffload
from runtime.profile import load_profile
from runtime.session.reader import SessionReader
from runtime.settings import Profile
from runtime.supervisor import Supervisor
from runtime.virtual_house import run_virtual_house

AUDIBLE = 10 ** (-45 / 20)
"""Level of ten milliseconds from which the voice counts as heard."""
JOINED_S = 0.05
"""Shorter gaps are none: stops of consonants."""
HOP_S = 0.01
SMALL_SOUND = "sound"
"""Beginning of the ids of continuers and fillers (`behavioral.small_sounds`)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back from a script.

    Attributes:
        answers: of each answer of the agent's the stretches (s from the script's start) in which it sounded; continuers are none.
        late_ms: the most that a piece of sound reached the bus after the time at which it should have sounded.
        spans: what rooms measured, by name.
        decisions: every decision of turn-taking with its time (s).
        acts: listener's acts with their time (s).
        person_s: how long the person spoke.
    """

    answers: list[list[Interval]]
    late_ms: float
    spans: dict[str, list[Span]]
    decisions: list[tuple[float, TurnDecision]]
    acts: list[tuple[float, BodyAct]]
    person_s: float = 0.0


def bench_profile(folder: Path, settings: Sequence[str] = ()) -> Profile:
    """Return the profile `cpu` with the bench's dialogue; writes its scenario into the folder."""
    shipped = load_scenario("welcome").file
    rules = [
        {
            "id": rule.id,
            "patterns": list(rule.patterns),
            "replies": [REPLY],
            "priority": rule.priority,
            "hears": rule.hears,
        }
        for rule in shipped.rules
    ]
    content = {"name": "bench", "rules": rules, "fallbacks": [REPLY], "not_understood": [REPLY]}
    path = folder / "bench.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    profile = load_profile("cpu", settings)
    return msgspec.structs.replace(
        profile,
        dialogue=msgspec.structs.replace(profile.dialogue, scenario=str(path)),
        vision=msgspec.structs.replace(profile.vision, enabled=False),
    )


def hear(script: Script, *, realtime: bool, seed: int, settings: Sequence[str] = ()) -> Heard:
    """Play a script to the agent and return what was heard of it.

    Raises:
        AttuneError: the session did not end as meant.
    """
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as name:
        folder = Path(name)
        recording = folder / "person.wav"
        script.write(recording)
        profile = bench_profile(folder, settings)
        rooms = [room for room in ROOMS if room.name != "cognitive"]
        session = folder / "session"
        session.mkdir(mode=0o700)
        options: dict[str, object] = {
            "seed": seed,
            "audio": str(recording),
            "video": "",
            "speed": "realtime" if realtime else "max",
            "opening": False,
        }
        if realtime:
            result = asyncio.run(Supervisor(profile, rooms, session, seed, options).run())
        else:
            result = run_virtual_house(profile, rooms, session, seed, options)
        if not result.ok:
            raise AttuneError(f"the bench's session ended early: {result.reason}", "See what attune doctor says")
        person_s = sum(sound.end_s - sound.start_s for sound in script.sounds if sound.kind in ("turn", "interruption"))
        return replace(read(session), person_s=person_s)


def reply_s(settings: Sequence[str] = ()) -> float:
    """Return how long the undisturbed answer sounds, pauses between its clauses included."""
    voice = load_profile("cpu", settings).voice
    tts = open_tts(voice, lambda _name: InlineOffload())

    async def spoken() -> float:
        splitter = ClauseSplitter()
        total_s = 0.0
        try:
            for text in (*splitter.push(REPLY), *splitter.flush()):
                total_s += ((await tts.synthesise(text)).duration_ms + pause_after_ms(text)) / 1_000
        finally:
            await tts.aclose()
        return total_s - pause_after_ms(REPLY) / 1_000

    return asyncio.run(spoken())


def read(session: Path) -> Heard:
    """Read a session's recording."""
    reader = SessionReader(session)
    zero_ns = reader.media_zero_ns
    heard = Heard([], 0.0, {}, [], [])
    sounding: dict[str, list[Interval]] = {}
    late_ms = 0.0
    for arrival in reader.timed(AgentAudio, AgentSpeech, Span, TurnDecision, BodyAct):
        message = arrival.message
        at_s = (message.t_ns - zero_ns) / NS_PER_S
        if isinstance(message, AgentAudio):
            if message.response_id.startswith(SMALL_SOUND):
                continue  # a continuer or filler takes no turn
            late_ms = max(late_ms, (arrival.arrival_ns - message.t_ns) / 1e6)
            sounding.setdefault(message.response_id, []).extend(audible(message, at_s))
        elif isinstance(message, AgentSpeech):
            if message.state == "paused":  # players drop what they were handed for later
                stretches = sounding.get(message.response_id, [])
                stretches[:] = [(begin, min(end, at_s)) for begin, end in stretches if begin < at_s]
        elif isinstance(message, Span):
            heard.spans.setdefault(message.name, []).append(message)
        elif isinstance(message, TurnDecision):
            heard.decisions.append((at_s, message))
        elif isinstance(message, BodyAct) and message.state == "started" and message.reason != "reply":
            heard.acts.append((at_s, message))
    return replace(heard, answers=sorted(joined(one) for one in sounding.values() if one), late_ms=late_ms)


def audible(piece: AgentAudio, at_s: float) -> list[Interval]:
    """Return the stretches of a piece that can be heard."""
    samples = np.frombuffer(piece.pcm, "<i2").astype(np.float32) / 32_768
    hop = max(1, round(HOP_S * piece.sample_rate_hz))
    stretches: list[Interval] = []
    for first in range(0, len(samples), hop):
        part = samples[first : first + hop]
        if float(np.sqrt(np.mean(part * part))) >= AUDIBLE:
            begin_s = at_s + first / piece.sample_rate_hz
            stretches.append((begin_s, begin_s + len(part) / piece.sample_rate_hz))
    return stretches


def joined(stretches: Sequence[Interval]) -> list[Interval]:
    """Join stretches of one answer in order of time across gaps of less than `JOINED_S`."""
    intervals: list[Interval] = []
    for begin, end in sorted(stretches):
        if intervals and begin - intervals[-1][1] < JOINED_S:
            intervals[-1] = (intervals[-1][0], max(intervals[-1][1], end))
        else:
            intervals.append((begin, end))
    return intervals
