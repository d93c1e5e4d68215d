"""From a scene to the messages that the senses and the fast system would have sent, each with its time. Pure functions.

People who are seen are reported once a second and whenever something about them changes, as vision does it. Speech is voice activity,
words that are committed as they are said, and a turn that is decided half a second after its end. Whether a turn was meant for
the agent is only known where somebody else is in view, as in `behavioral/turns/addressee.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal

from msgspec import structs

from cognitive.bench.social import scene_file as s
from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S

WORDS_PER_S = 2.5
"""Conversational speech (150 words a minute)."""
SHORTEST_S = 0.5
TURN_END_S = 0.5
"""So long after its last sound a turn is decided to be over."""
PERCEPT_EVERY_S = 1.0
FACE_HEIGHT_AT_1_M = 0.22
"""Share of the picture's height that a face takes at one metre (a head of 24 cm in 55 degrees)."""
FACING = {"agent": 0.9, "other": 0.4, "object": 0.4, "away": 0.2}
"""How frontal a face is that looks there, where the scene does not say."""
FACING_AGENT = 0.6
"""A face as frontal as this looks at the agent, where the scene does not say."""
TO_AGENT, TO_OTHERS = 0.9, 0.1

Timed = tuple[int, m.Message]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What vision knows of one person."""

    person_id: str
    facing: float
    bearing_rad: float
    distance_m: float
    target: m.GazeTarget
    name: str = ""
    since_ns: int = 0
    valence: float | None = None
    smile: float | None = None


@dataclass(slots=True)
class _Timeline:
    """Messages so far, and who is in view."""

    found: list[Timed] = field(default_factory=list)
    seen: dict[str, _Seen] = field(default_factory=dict)
    speaking_until_ns: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def add(self, at_s: float, message: m.Message) -> None:
        t_ns = ns(at_s)
        self.found.append((t_ns, stamped(message, t_ns)))

    def number(self, kind: str) -> str:
        self.count += 1
        return f"script-{kind}-{self.count}"


def ns(seconds: float) -> int:
    """Return session time; time zero is no time on the wire, so scenes begin a nanosecond later."""
    return round(seconds * NS_PER_S) + 1


def stamped(message: m.Message, t_ns: int) -> m.Message:
    """Return the message with its time."""
    return structs.replace(message, t_ns=t_ns)


def speech_s(text: str, for_s: float | None = None) -> float:
    """Return how long it takes to say something."""
    return for_s if for_s is not None else max(SHORTEST_S, len(text.split()) / WORDS_PER_S)


def messages_of(scene: s.SceneScript) -> list[Timed]:
    """Return all messages of a scene in order of time."""
    timeline = _Timeline()
    stops = [event.at for event in scene.script if isinstance(event, s.Stops)]
    second = 0.0
    for event in scene.script:
        second = _percepts(timeline, second, event.at)
        _happens(timeline, event, stops)
    _percepts(timeline, second, scene.seconds)
    timeline.found.sort(key=lambda item: item[0])  # stable: what was written first comes first
    return timeline.found


def _percepts(timeline: _Timeline, second: float, until_s: float) -> float:
    """Report everybody once a second up to a time; return the next second that is due."""
    while second < until_s:
        for seen in timeline.seen.values():
            timeline.add(second, _percept(timeline, seen, "present", second))
        second += PERCEPT_EVERY_S
    return second


def _percept(timeline: _Timeline, seen: _Seen, state: str, at_s: float) -> m.PersonPercept:
    height = min(0.9, FACE_HEIGHT_AT_1_M / seen.distance_m)
    width = 0.45 * height
    speaking = timeline.speaking_until_ns.get(seen.person_id, 0) > ns(at_s)
    return m.PersonPercept(
        state=state,  # type: ignore[arg-type] # one of the three literals below
        person_id=seen.person_id,
        box=(0.5 - width / 2, 0.3, width, height),
        bearing_rad=(seen.bearing_rad, 0.0),
        confidence=0.9,
        facing=seen.facing,
        gaze_target=seen.target,
        gaze_name=seen.name,
        gaze_confidence=0.7,
        gaze_since_ns=seen.since_ns,
        distance_m=seen.distance_m,
        mouth_moving=0.9 if speaking else 0.05,
        smile=seen.smile,
        valence=seen.valence,
    )


def _happens(timeline: _Timeline, event: s.ScriptEvent, stops: list[float]) -> None:
    at_s, add = event.at, timeline.add
    match event:
        case s.Arrives():
            target: m.GazeTarget = event.target or ("agent" if event.facing >= FACING_AGENT else "away")
            bearing_rad = math.radians(event.bearing_deg)
            seen = _Seen(event.who, event.facing, bearing_rad, event.distance_m, target, event.name, ns(at_s))
            timeline.seen[event.who] = seen
            add(at_s, _percept(timeline, seen, "arrived", at_s))
        case s.Leaves():
            if (gone := timeline.seen.pop(event.who, None)) is not None:
                add(at_s, _percept(timeline, gone, "left", at_s))
        case s.Looks() | s.Moves() | s.Face():
            _changes(timeline, event)
        case s.Nods() | s.Shakes():
            act: Literal["nod", "shake"] = "nod" if isinstance(event, s.Nods) else "shake"
            cycles = max(1, round(2 * event.for_s))
            add(at_s, m.PersonAct(state="started", act=act, person_id=event.who))
            ended = m.PersonAct(
                state="ended",
                act=act,
                person_id=event.who,
                count=cycles,
                amplitude_rad=0.15,
                duration_ms=1e3 * event.for_s,
            )
            add(at_s + event.for_s, ended)
        case s.Says():
            _says(timeline, event)
        case s.Types():
            add(at_s, m.TypedText(text=event.text, person_id=_id(timeline, event.who)))
        case s.Sounds():
            add(at_s, m.UserSpeech(state="started"))
            add(at_s + event.for_s, m.UserSpeech(state="ended"))
        case s.Affect():
            add(
                at_s,
                m.AffectPercept(
                    valence=event.valence,
                    arousal=event.arousal,
                    confidence=event.confidence,
                    person_id=_id(timeline, event.who),
                    cues=event.cues,
                ),
            )
        case s.AgentSays():
            until_s = at_s + speech_s(event.text, event.for_s)
            stopped_s = next((stop for stop in stops if at_s < stop < until_s), None)
            for t_ns, message in agent_speech(event.text, timeline.number("reply"), at_s, until_s, stopped_s):
                timeline.found.append((t_ns, message))
        case s.Stops():
            add(at_s, m.TurnDecision(decision="stop", person_id=_id(timeline, event.who)))
        case s.Change():
            bearing_rad = math.radians(event.bearing_deg)
            add(at_s, m.VisualChange(magnitude=event.magnitude, what=event.who, bearing_rad=(bearing_rad, 0.0)))
        case s.Event():
            add(
                at_s,
                m.WorldEvent(
                    text=event.who,
                    kind=event.kind,
                    seen_by=None if event.seen_by is None else tuple(event.seen_by),
                    confidence=event.confidence,
                    bearing_rad=(math.radians(event.bearing_deg), 0.0),
                ),
            )
        case s.Page():
            add(at_s, m.Viewer(state=event.who, viewer_id="page"))


def _changes(timeline: _Timeline, event: s.Looks | s.Moves | s.Face) -> None:
    """Change what vision knows of a person, and report it at once."""
    seen = timeline.seen.get(event.who)
    if seen is None:  # has left the picture already
        return
    match event:
        case s.Looks():
            target = event.target or seen.target
            facing = event.facing if event.facing is not None else FACING[target] if event.target else seen.facing
            moved = (target, event.name) != (seen.target, seen.name)
            since_ns = ns(event.at) if moved else seen.since_ns
            seen = replace(seen, target=target, name=event.name, facing=facing, since_ns=since_ns)
        case s.Moves():
            bearing_rad = seen.bearing_rad if event.bearing_deg is None else math.radians(event.bearing_deg)
            seen = replace(seen, distance_m=event.distance_m or seen.distance_m, bearing_rad=bearing_rad)
        case s.Face():
            valence = seen.valence if event.valence is None else event.valence
            seen = replace(seen, valence=valence, smile=seen.smile if event.smile is None else event.smile)
    timeline.seen[event.who] = seen
    timeline.add(event.at, _percept(timeline, seen, "present", event.at))


def _says(timeline: _Timeline, event: s.Says) -> None:
    at_s, turn_id, person_id = event.at, timeline.number("turn"), _id(timeline, event.who)
    words = event.text.split()
    length_s = speech_s(event.text, event.for_s)
    others = len(timeline.seen) - (event.who in timeline.seen)
    addressed = None if not others else TO_AGENT if event.to == "agent" else TO_OTHERS
    timeline.speaking_until_ns[event.who] = ns(at_s + length_s)
    timeline.add(at_s, m.UserSpeech(state="started"))
    timeline.add(at_s + 0.1, m.Turn(state="started", speaker="user", turn_id=turn_id, start_ns=ns(at_s)))
    for index, word in enumerate(words):
        begin_s = at_s + length_s * index / len(words)
        end_s = at_s + length_s * (index + 1) / len(words)
        commit = m.Word(
            op="commit",
            unit_id=f"{turn_id}-{index}",
            text=word[:128],
            start_ns=ns(begin_s),
            end_ns=ns(end_s),
            confidence=event.confidence,
            turn_id=turn_id,
            person_id=person_id,
        )
        timeline.add(end_s, commit)
    timeline.add(at_s + length_s, m.UserSpeech(state="ended"))
    ended = m.Turn(
        state="ended",
        speaker="user",
        turn_id=turn_id,
        text=event.text,
        start_ns=ns(at_s),
        end_ns=ns(at_s + length_s),
        person_id=person_id,
        addressed=addressed,
    )
    timeline.add(at_s + length_s + TURN_END_S, ended)


def agent_speech(
    text: str, response_id: str, at_s: float, until_s: float, stopped_s: float | None = None
) -> list[Timed]:
    """Return what the fast system reports of one thing that it says."""
    length_ms = (until_s - at_s) * 1e3
    start_ns, end_ns = ns(at_s), ns(until_s if stopped_s is None else stopped_s)
    clause = m.AgentSpeech(state="started", response_id=response_id, text=text, duration_ms=length_ms)
    heard = text if stopped_s is None else text[: max(1, round(len(text) * (stopped_s - at_s) * 1e3 / length_ms))]
    state = "finished" if stopped_s is None else "interrupted"
    last = m.AgentSpeech(state=state, response_id=response_id, text=text, heard=heard)  # type: ignore[arg-type]
    turn = m.Turn(state="started", speaker="agent", turn_id=response_id, start_ns=start_ns)
    ended = m.Turn(
        state="ended", speaker="agent", turn_id=response_id, text=heard, start_ns=start_ns, end_ns=end_ns,
        interrupted=stopped_s is not None,
    )  # fmt: skip
    return [
        (start_ns, stamped(turn, start_ns)),
        (start_ns, stamped(clause, start_ns)),
        (end_ns, stamped(last, end_ns)),
        (end_ns + NS_PER_MS, stamped(ended, end_ns + NS_PER_MS)),
    ]


def _id(timeline: _Timeline, who: str) -> str:
    """Return whom speech is attributed to: nobody where vision does not see the speaker."""
    return who if who in timeline.seen else ""
