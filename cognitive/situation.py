"""The situation as reasoners see it: an immutable view of the scene at one moment, with what follows from it.

`derive` is pure: scene and time in, situation out. Durations are seconds, times session ns. It copies what is mutable, so that a
reasoner may keep a situation while the scene goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from cognitive import cues
from cognitive.scene import Change, Feeling, Person, Scene, Utterance
from runtime.clock import NS_PER_S

REPLY_GRACE_S = 2.5
"""So long after a user turn the reply is the fast system's business (its own LLM timeout is 2.5 s)."""
SPEECH_MAX_S = 60.0
"""Speech without an end for longer than this is a lost message, not speech."""
TURN_GAP_S = 4.0
"""A user turn without speech for this long is over even if nobody said so."""
FEELING_WINDOW_S = 20.0
"""Feelings older than this no longer count as now."""
NEVER_S = 1e6

Floor = Literal["user", "agent", "reply_pending", "free"]


@dataclass(frozen=True, slots=True)
class Situation:
    """One moment.

    Attributes:
        now_ns: session time.
        people: who is here, in order of arrival.
        departed: people of earlier encounters that are still remembered.
        floor: who has the right to speak: nobody else's words are to be talked over.
        quiet_s: since the person last spoke (0 while speaking).
        silence_s: since anybody last spoke.
        last_user: what the person said last.
        last_agent: what the agent said last.
        open_question: the person's question or request that the agent has not answered yet.
        agent_question: the agent's question that the person has not answered yet.
        exchanged: whether anybody has spoken with those who are here.
        partner: whom speech is for.
        valence: confidence-weighted mean valence of the partner over `FEELING_WINDOW_S`; 0 without any estimate.
        valence_trend: newest minus oldest estimate in that window.
        feelings: the estimates in that window, oldest first.
        changes: changes of the picture, oldest first.
        nudges: own attempts to revive the talk since the person last spoke.
        handled_ns: by trigger type, evidence up to this time has been acted upon.
        turn_id: the user turn that this moment follows.
        mind: what is believed of the people's minds, in words for a language model; empty where nothing is.
    """

    now_ns: int
    people: tuple[Person, ...]
    departed: tuple[Person, ...]
    floor: Floor
    quiet_s: float
    silence_s: float
    last_user: Utterance | None
    last_agent: Utterance | None
    open_question: Utterance | None
    agent_question: Utterance | None
    exchanged: bool
    partner: str
    valence: float
    valence_trend: float
    feelings: tuple[Feeling, ...]
    changes: tuple[Change, ...]
    nudges: int
    handled_ns: dict[str, int]
    turn_id: str
    mind: str = ""

    def age_s(self, t_ns: int) -> float:
        """Return how long ago a session time was, seconds."""
        return max(0, self.now_ns - t_ns) / NS_PER_S

    def fresh(self, trigger: str, t_ns: int) -> bool:
        """Whether evidence of this time has not been acted upon by this trigger type yet."""
        return t_ns > self.handled_ns.get(trigger, -1)


def derive(scene: Scene, now_ns: int) -> Situation:
    """Return the situation at `now_ns`."""
    last_user = _last(scene, "user")
    last_agent = _last(scene, "agent")
    floor = _floor(scene, now_ns)
    partner = scene.partner()
    window_ns = now_ns - round(FEELING_WINDOW_S * NS_PER_S)
    feelings = tuple(f for f in scene.feelings if f.t_ns >= window_ns and f.person_id in (partner, ""))
    weight = sum(f.confidence for f in feelings)
    valence = sum(f.valence * f.confidence for f in feelings) / weight if weight > 0 else 0.0
    open_question = None
    if last_user is not None and (last_agent is None or last_agent.t_ns < last_user.t_ns):
        asks = cues.is_question(last_user.text) or cues.help_request(last_user.text)
        open_question = last_user if asks else None
    agent_question = None
    if last_agent is not None and last_agent.text.rstrip().endswith("?") and scene.user_end_ns <= last_agent.t_ns:
        agent_question = last_agent
    people = tuple(replace(person) for person in scene.present())
    spoken_ns = max(scene.user_end_ns, scene.agent_end_ns)
    return Situation(
        now_ns=now_ns,
        people=people,
        departed=tuple(replace(person) for person in scene.people.values() if not person.present),
        floor=floor,
        quiet_s=0.0 if floor == "user" else _since(scene.user_end_ns, now_ns),
        silence_s=0.0 if floor in ("user", "agent") else _since(spoken_ns, now_ns),
        last_user=last_user,
        last_agent=last_agent,
        open_question=open_question,
        agent_question=agent_question,
        exchanged=any(person.talked for person in people),
        partner=partner,
        valence=max(-1.0, min(1.0, valence)),
        valence_trend=feelings[-1].valence - feelings[0].valence if len(feelings) > 1 else 0.0,
        feelings=feelings,
        changes=tuple(scene.changes),
        nudges=scene.nudges,
        handled_ns=dict(scene.handled_ns),
        turn_id=scene.turn_id,
    )


def _last(scene: Scene, speaker: str) -> Utterance | None:
    """Return the newest thing that was said to the agent, or by it."""
    return next((said for said in reversed(scene.utterances) if said.speaker == speaker and not said.aside), None)


def _since(t_ns: int, now_ns: int) -> float:
    return max(0, now_ns - t_ns) / NS_PER_S if t_ns else NEVER_S


def _floor(scene: Scene, now_ns: int) -> Floor:
    """Return who may speak; the person wins over the agent."""
    if scene.user_speaking_ns and _since(scene.user_speaking_ns, now_ns) <= SPEECH_MAX_S:
        return "user"
    if scene.turn_open_ns and _since(max(scene.turn_open_ns, scene.user_end_ns), now_ns) <= TURN_GAP_S:
        return "user"
    if scene.agent_until_ns > now_ns:
        return "agent"
    if scene.user_turn_ns and _since(scene.user_turn_ns, now_ns) < REPLY_GRACE_S:
        return "reply_pending"
    return "free"
