"""From a piece of evidence back to the recorded message that it was read off.

A sign of a trigger (`cognitive.motivation.weights`) is read off certain kinds of messages, those of the person whom the plan concerns or of
others: one table says which. The source of a sign is the newest message of these kinds, by the right person, that is not later than the
evidence; of several, the nearest in time. What the agent says or does from the plan's beginning on is never a source of that plan: it
comes of it. Where none fits, none is named. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from cognitive.conditions import CONDITIONS
from cognitive.mind.names import doer
from cognitive.planner import AFTER, MOVED, WHEN
from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S

Kind = Literal[
    "words",
    "voice",
    "voice over",
    "look",
    "coming",
    "going",
    "act",
    "feeling",
    "picture",
    "event",
    "own words",
    "page",
    "consent",
    "answer",
]
Whose = Literal["person", "others", "anyone"]

NEAR_S = 0.6
"""What happens at a moment is no further from its evidence than this."""
LASTS_S: dict[str, float] = {"look": 3.5, "voice": 20.0, "answer": 60.0}
"""What goes on until the next message says otherwise: looks are told about once a second."""
SLACK_NS = NS_PER_MS
"""Rounding of durations that times were computed from."""
AGENT = "agent"
FACING = 0.5
"""A face that is turned to the agent more than this looks at it, where no gaze is told."""

SOURCES: tuple[type[m.Message], ...] = (
    m.Turn, m.TypedText, m.UserSpeech, m.PersonPercept, m.PersonAct, m.AffectPercept, m.VisualChange, m.WorldEvent, m.AgentSpeech,
    m.Viewer, m.MemoryConsent, m.IntentionAnswer,
)  # fmt: skip
"""Messages that evidence is read off."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a sign is read off; `whose` messages count."""

    kinds: tuple[Kind, ...]
    whose: Whose = "person"


def _origins(table: dict[tuple[Kind, ...], str], whose: Whose) -> Iterator[tuple[str, Origin]]:
    for kinds, signs in table.items():
        for sign in signs.split("/"):
            yield sign.strip(), Origin(kinds, whose)


ORIGINS: dict[str, Origin] = dict([
    *_origins({
        ("coming", "page"): "arrival",
        ("look",): "turned to the agent / smiles / near / far / not near / waits for the answer / has turned away /"
                   "turns to the agent / looks about / is at it / unhappy / waits / came closer / watches / watches on / is elsewhere /"
                   "looks at the agent / frowns / story / puzzled / company / looked at the agent / had turned away /"
                   "is here / face / smiles at the agent",
        ("page",): "page opened",
        ("words", "event"): "greeting unanswered / goodbye unanswered",
        ("words", "consent"): "wish of memory",
        ("words",): "goodbye to others / called away /"
                    "talked with the agent / comes back / asks for help / asks / unanswered / for the agent /"
                    "searches / asks the room / said so before / wants to be left alone / takes leave / no talk / talk / long ago /"
                    "spoke last / back again / in words only / told of others / to oneself / calls for help /"
                    "calmly to others / calmly to oneself / satisfied / nobody knows /"
                    "says it to nobody / unwell / said little /"
                    "said by person / speech / leave",
        ("look", "event", "words"): "phone at hand / on the phone",
        ("look", "feeling", "event", "words"): "comes with a need / has been about",
        ("going", "look"): "goes",
        ("going",): "has left / nobody is left",
        ("look", "words", "act"): "wish to leave / wish to speak / engagement",
        ("own words",): "natural end / told to wait / open question / cut off / rounded off / promise / said by agent",
        ("event",): "is seen to search / tries in vain / beckons / at something / goes without",
        ("event", "words"): "speaks over it",
        ("event", "look", "words"): "goal believed / does not get on",
        ("words", "event", "look"): "time passes / seeks what the agent knows / wrong belief / acts on it / walks off",
        ("words", "own words"): "silence / unseen silence",
        ("feeling", "voice over"): "sighs",
        ("feeling", "words", "look"): "feeling / newest signs / kinds of signs / doubt / distress / voice / story valence",
        ("words", "act", "look", "feeling", "event"): "confusion",
        ("words", "act"): "understanding",
        ("words", "feeling"): "tells the agent",
    }, "person"),
    *_origins({("look",): "others stay / others watch", ("look", "feeling"): "others feel it too"}, "others"),
    *_origins({
        ("look",): "somebody looks up",
        ("picture",): "light / object / motion / size / size of motion / seen change",
        ("event",): "event / some event / unnoticed / hazard / unsure hazard / nobody is named / comforted",
        ("picture", "event"): "grows old",
        ("event", "words"): "harm / believed since / untrue since / it is there / plays",
        ("words", "own words"): "announced / pretence",
    }, "anyone"),
    (AFTER, Origin(("answer",), "anyone")),
    (MOVED, Origin(("look",))),
    *_origins({
        ("voice",): CONDITIONS["person_speaks"][1],
        ("words",): CONDITIONS["person_answered"][1],
        ("look",): f"{CONDITIONS['person_far'][1]} / {CONDITIONS['person_too_near'][1]}",
        ("feeling", "words", "look"): CONDITIONS["person_sad"][1],
    }, "person"),
])  # fmt: skip
"""By the name of the sign, or what a step waited for."""
WITHOUT = frozenset({"due", "is not here", "nudged before", "alone", "met a moment ago", "help is at hand"})
"""Signs that say that time has passed, or what did not happen: read off no message."""


OF_A_GOAL = "moves 'wants to "
"""How what moved the belief in somebody's goal says so (`cognitive.motivation.triggers.pursued_goal`)."""


def source_of(
    item: m.Evidence, messages: Iterable[m.Message], person_id: str, begun_ns: int, people: Iterable[str] = ()
) -> m.Message | None:
    """Return the recorded message that a piece of evidence was read off; None where none fits.

    Args:
        item: the evidence.
        messages: what was recorded around it.
        person_id: whom the plan concerns; empty for nobody in particular.
        begun_ns: when the plan began.
        people: who occurs in the session, so that it can be said whose deed an event tells.
    """
    origin = ORIGINS.get(item.detail if item.kind == WHEN else item.kind)
    if origin is None and item.detail.startswith(OF_A_GOAL):
        origin = ORIGINS["goal believed"]
    return None if origin is None else _newest(item, messages, origin, person_id, begun_ns, tuple(people))


def source_of_cue(item: m.Evidence, messages: Iterable[m.Message], person_id: str) -> m.Message | None:
    """Return the recorded message that a cue was read off which moved an estimate of a person's mind; None where none fits.

    Args:
        item: the cue (`cognitive.mind.likelihoods`), as the published estimates name it.
        messages: what was recorded around it.
        person_id: whose mind.
    """
    origin = next((origin for beginning, origin in _CUES if item.kind.startswith(beginning)), Origin(("feeling",)))
    if item.kind.startswith("looks "):
        messages = [message for message in messages if _looks_so(message, item.kind)]
    return _newest(item, messages, origin, person_id, item.t_ns + 1, ())


_CUES: tuple[tuple[str, Origin], ...] = (
    *((name, Origin(("words",))) for name in ("words: ", "speaks", "takes leave", "closes", "not understood", "understood", "asks")),
    *((name, Origin(("look",))) for name in (
        "looks", "face", "turns to", "near", "far", "comes closer", "moves off", "frowns"
    )),
    *((name, Origin(("act",))) for name in ("nods", "shakes")),
    ("puzzled gesture", Origin(("event",))),
    ("voice without words", Origin(("voice over",))),
)  # fmt: skip
"""What cues are read off, by their beginnings; all others are those of an `AffectPercept`."""


def _looks_so(message: m.Message, cue: str) -> bool:
    """Return whether a percept shows the look that a cue names: "looks at agent", "looks away"."""
    if not isinstance(message, m.PersonPercept):
        return False
    if message.gaze_target is None:
        return (cue == "looks at agent") == (message.facing >= FACING)
    at = cue.removeprefix("looks at ").removeprefix("looks ")
    return at in (message.gaze_target, message.gaze_name)


def _newest(
    item: m.Evidence,
    messages: Iterable[m.Message],
    origin: Origin,
    person_id: str,
    begun_ns: int,
    known: tuple[str, ...],
) -> m.Message | None:
    best: m.Message | None = None
    best_rank = (0, 0)
    for message in messages:
        kind = kind_of(message)
        if kind not in origin.kinds or not _of(message, origin.whose, person_id, known):
            continue
        if kind == "answer":
            if not (isinstance(message, m.IntentionAnswer) and item.detail.startswith(f"{message.intention_id}: ")):
                continue
        elif _agents_own(message) and message.t_ns >= begun_ns:
            continue
        window_ns = round(LASTS_S.get(kind, NEAR_S) * NS_PER_S)
        ages = [item.t_ns - t_ns for t_ns in moments(message) if -SLACK_NS <= item.t_ns - t_ns <= window_ns]
        if not ages:
            continue
        rank = (-max(0, min(ages)), -origin.kinds.index(kind))
        if best is None or rank >= best_rank:  # of equals the last to come
            best, best_rank = message, rank
    return best


def kind_of(message: m.Message) -> Kind | None:
    """Return what a message is evidence of; None for what is none (the beginning of a turn, a clause that is only planned)."""
    match message:
        case m.Turn(state="ended", speaker="user") | m.TypedText():
            return "words"
        case m.Turn(state="ended", speaker="agent"):
            return "own words"
        case m.AgentSpeech():
            return "own words" if message.state in ("started", "finished", "interrupted") else None
        case m.Turn(speaker="user") | m.UserSpeech():
            return "voice" if message.state == "started" else "voice over"
        case m.PersonPercept():
            return {"arrived": "coming", "left": "going"}.get(message.state, "look")  # type: ignore[return-value]
        case m.PersonAct():
            return "act"
        case m.AffectPercept():
            return "feeling"
        case m.VisualChange():
            return "picture"
        case m.WorldEvent():
            return "event"
        case m.Viewer():
            return "page"
        case m.MemoryConsent():
            return "consent"
        case m.IntentionAnswer():
            return "answer" if message.state in m.FINAL_STATES else None
    return None


def moments(message: m.Message) -> tuple[int, ...]:
    """Return the times that a message tells of: when it was, and when the speech that it tells of was over."""
    match message:
        case m.Turn(state="ended") if message.end_ns:
            return message.t_ns, min(message.end_ns, message.t_ns)
        case m.AgentSpeech(state="started"):
            return message.t_ns, message.t_ns + round(message.duration_ms * NS_PER_MS)
    return (message.t_ns,)


def _agents_own(message: m.Message) -> bool:
    return isinstance(message, m.AgentSpeech) or (isinstance(message, m.Turn) and message.speaker == AGENT)


def _of(message: m.Message, whose: Whose, person_id: str, people: tuple[str, ...]) -> bool:
    """Whether a message is of whom it is asked; one that does not say whose it is may be anybody's."""
    if whose == "anyone" or not person_id or _agents_own(message):
        return True
    who = doer(message.text, people) if isinstance(message, m.WorldEvent) else getattr(message, "person_id", "")
    return not who or (who == person_id) == (whose == "person")
