"""A lively room for hours: how long a cycle takes with three people and a history, and whether memory stays flat over a day.

Three people come and stay. Once a second their faces are seen, every twelve seconds somebody says something and is answered,
feelings and changes of the picture come in between, things are put away and taken, and every intention gets its answers. A cycle
is timed with what it costs besides thinking: encoding the state that is saved and the account that is published; not with writing
and syncing the file, which a thread of its own does. Session time steps by the second, real time is measured; or, where asked for, the work
that a cycle does: how many functions it calls, which is the same on a busy machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from cognitive.cycle import CognitiveCycle, Outcome
from cognitive.memory.store import Saved, encode
from cognitive.motivation.triggers import built_in_triggers
from cognitive.persona import load_persona
from cognitive.reasoners.embedded import EmbeddedReasoner
from runtime import codec
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.settings import CognitiveSettings

PEOPLE = ("anna", "ben", "carla")
SENTENCES = (
    "well I think that this is quite interesting and I would like to hear more about it",
    "I feel so tired and sad today",
    "where is the way to the library",
    "we won the match yesterday and I am very happy",
    "could you tell me a little about yourself",
    "I put my keys on the table",
    "can you remind me to call my mother in twenty minutes",
    "what do you mean by that",
)
THINGS = ("keys", "cup", "book", "letter", "phone", "scarf", "parcel", "umbrella")
SPOTS = ("in the drawer", "on the table", "on the shelf", "in the bag", "under the chair", "in the box")


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured.

    Attributes:
        cycle_ms: what each timed cycle took.
        calls: how many functions each of them called, of Python and of C; empty unless asked for.
        rss_mb: resident memory of this process at each full hour of session time.
        file_bytes: largest state that was to be saved.
        plans: initiatives taken.
        saved: the state at the end.
    """

    cycle_ms: list[float]
    rss_mb: list[float]
    file_bytes: int
    plans: int
    saved: Saved
    calls: list[int] = field(default_factory=list)

    def percentiles(self) -> dict[str, float]:
        """Return p50, p95 and the maximum of a cycle, milliseconds."""
        steps = statistics.quantiles(self.cycle_ms, n=100)
        return {"p50": round(steps[49], 3), "p95": round(steps[94], 3), "max": round(max(self.cycle_ms), 3)}


def run(settings: CognitiveSettings, *, history_s: int, cycles: int, seed: int = 1, count_calls: bool = False) -> Load:
    """Let some seconds of history pass, then time so many cycles, or count their calls, which takes several times as long.

    Raises:
        AttuneError: the persona cannot be read.
    """
    return asyncio.run(_run(settings, history_s, cycles, seed, count_calls))


async def _run(settings: CognitiveSettings, history_s: int, cycles: int, seed: int, count_calls: bool) -> Load:
    persona = load_persona(settings.persona)
    reasoner = EmbeddedReasoner(built_in_triggers(persona.name, settings.long_silence_s))
    saved = Saved()
    saved.planner.id_prefix = "intention"
    thinker = CognitiveCycle(settings, persona, reasoner, seed, saved)
    chance = random.Random(seed)  # no secret: variety
    took_ms: list[float] = []
    calls: list[int] = []
    rss_mb: list[float] = []
    answers: list[m.Message] = []
    largest = 0
    for second in range(1, history_s + cycles + 1):
        news = answers + second_of_messages(second, chance)
        started = time.perf_counter()
        with _counted(calls if count_calls and second > history_s else None):
            outcome = await thinker.run(news, second * NS_PER_S, regular=True)
            content = encode(saved)
            codec.encode(_account(outcome))
        if second > history_s:
            took_ms.append((time.perf_counter() - started) * 1e3)
        if second % 3_600 == 0:
            rss_mb.append(_rss_mb())
        largest = max(largest, len(content))
        answers = [
            m.IntentionAnswer(t_ns=second * NS_PER_S, intention_id=intention.id, state=state)
            for intention in outcome.sent
            for state in ("accepted", "started", "finished")
        ]
    return Load(took_ms, rss_mb, largest, saved.planner.plans, saved, calls)


def second_of_messages(second: int, chance: random.Random) -> list[m.Message]:
    """Return what a lively room with three people sends in one second."""
    t_ns = second * NS_PER_S
    news: list[m.Message] = [
        m.PersonPercept(
            t_ns=t_ns,
            state="arrived" if second == 1 else "present",
            person_id=name,
            box=(0.3 * k, 0.3, 0.2, 0.3),
            bearing_rad=(0.4 - 0.4 * k, 0.0),
            gaze_target=chance.choice(("agent", "agent", "other", "object", "away")),
            gaze_confidence=0.7,
            distance_m=1.5,
            valence=chance.uniform(-0.4, 0.4),
        )
        for k, name in enumerate(PEOPLE)
    ]
    phase = second % 12
    if phase == 0:
        news.append(m.UserSpeech(t_ns=t_ns, state="started"))
    if phase == 3:
        text, turn_id = chance.choice(SENTENCES), f"turn-{second}"
        news.append(m.UserSpeech(t_ns=t_ns, state="ended"))
        news += [
            m.Word(t_ns=t_ns, op="commit", unit_id=f"{turn_id}-{k}", text=word) for k, word in enumerate(text.split())
        ]
        turn = m.Turn(
            t_ns=t_ns, state="ended", speaker="user", turn_id=turn_id, text=text, person_id=chance.choice(PEOPLE),
            addressed=chance.choice((0.1, 0.9, 0.9)),
        )  # fmt: skip
        news.append(turn)
    if phase == 5:
        text = f"I see, that is remark number {second}."
        news.append(m.AgentSpeech(t_ns=t_ns, state="started", response_id=f"r{second}", text=text, duration_ms=1_500.0))
    if phase == 7:
        news.append(m.AgentSpeech(t_ns=t_ns, state="finished", response_id=f"r{second - 2}"))
    if second % 5 == 0:
        affect = m.AffectPercept(
            t_ns=t_ns, valence=chance.uniform(-1, 1), arousal=0.0, cues=("voice",), person_id=chance.choice(PEOPLE)
        )
        news.append(affect)
    if second % 7 == 0:
        news.append(m.VisualChange(t_ns=t_ns, magnitude=chance.random()))
    if second % 9 == 0:
        who, thing, spot = chance.choice(PEOPLE).title(), chance.choice(THINGS), chance.choice(SPOTS)
        news.append(m.WorldEvent(t_ns=t_ns, text=f"{who} puts the {thing} {spot}"))
    return news


@contextlib.contextmanager
def _counted(calls: list[int] | None) -> Iterator[None]:
    """Add to the list how many functions are called meanwhile in this thread."""
    if calls is None:
        yield
        return
    count = 0

    def seen(_frame: object, event: str, _value: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        yield
    finally:
        sys.setprofile(before)
        calls.append(count)


def _account(outcome: Outcome) -> m.CognitiveCycle:
    """Return the message that the room publishes."""
    return m.CognitiveCycle(
        cycle=outcome.cycle,
        duration_ms=0.0,
        scores=outcome.scores,
        restraint=outcome.restraint,
        memory_bytes=outcome.memory_bytes,
        memory=outcome.sections,
        minds=outcome.minds,
        beliefs=outcome.beliefs,
    )


def _rss_mb() -> float:
    import psutil

    return float(psutil.Process().memory_info().rss) / 1e6
