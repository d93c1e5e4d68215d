"""What the agent took people to feel, want and know at a moment of a recorded session, made anew from what it perceived until then.

The recorded percepts go through the same scene, filters and epistemic model as in the session, cycle by cycle as those are on record; so
any question can be asked of any moment. What the agent remembered from before the session is not in it. Blocking: reads the recording.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from cognitive.mind import tracker
from cognitive.mind.beliefs import Beliefs
from cognitive.mind.person import PersonMind
from cognitive.mind.reported import BeliefReports, minds_of
from cognitive.perceive import perceive
from cognitive.persona import load_persona
from cognitive.process import PERCEPTS
from cognitive.scene import Scene
from runtime import messages as m
from runtime.errors import AttuneError
from runtime.session.reader import SessionReader
from runtime.settings import Profile


@dataclass(slots=True)
class Moment:
    """One moment of a session: `t_ns` is that of the cycle that came last."""

    beliefs: Beliefs
    t_ns: int = 0
    scene: Scene = field(default_factory=Scene)
    minds: dict[str, PersonMind] = field(default_factory=dict)
    told: BeliefReports = field(init=False)

    def __post_init__(self) -> None:
        """Report on the beliefs from the beginning: who comes when has a say in what they are called."""
        self.told = BeliefReports(self.beliefs.model)

    def mind_of(self, person_id: str) -> m.MindReport | None:
        """Return what is estimated of a person; None of somebody unknown."""
        mind = self.minds.get(person_id)
        return None if mind is None else minds_of([mind.view(self.t_ns)], self.told.names())[0]

    def reports(self) -> tuple[m.BeliefReport, ...]:
        """Return what is published of the beliefs at this moment."""
        return self.told.of(person.person_id for person in self.scene.present())


def moment_at(reader: SessionReader, at_ns: int | None = None) -> Moment:
    """Return the moment after the last cycle until a session time; the session's last one where none is given.

    Raises:
        AttuneError: no cycle of the slow loop is on record until then.
    """
    moment = Moment(Beliefs(None, agent_name(reader)))
    said = {one.id: one for one in reader.messages(m.Intention) if one.kind == "dialogue"}
    waiting: list[m.Message] = []
    for item in reader.arrivals(*PERCEPTS, m.CognitiveCycle):
        message = item.message
        if not isinstance(message, m.CognitiveCycle):
            waiting.append(message)
            continue
        if at_ns is not None and message.t_ns > at_ns:
            break
        now = [one for one in waiting if one.t_ns <= message.t_ns]
        waiting = [one for one in waiting if one.t_ns > message.t_ns]
        _cycle(moment, now, message.t_ns)
        if own := [said[name].content for name in message.intention_ids if name in said]:
            moment.scene.own_words = " ".join(own)
    if not moment.t_ns:
        raise AttuneError(
            f"{reader.path}: no cycle of the slow loop is on record until then",
            "Name a later time, or a session that was run with cognitive.enabled.",
        )
    return moment


def agent_name(reader: SessionReader) -> str:
    """Return the agent's name in a session: that of its persona."""
    try:
        profile = msgspec.json.decode(reader.metadata.get("settings", ""), type=Profile, strict=False)
        return load_persona(profile.cognitive.persona).name
    except (msgspec.DecodeError, AttuneError):  # another version's settings, a persona that was a file of that machine
        told = next(iter(reader.messages(m.Knowledge)), None)
        return told.persona.partition(".")[0] if told is not None and told.persona else "Attune"


def _cycle(moment: Moment, messages: list[m.Message], now_ns: int) -> None:
    """Take in what one cycle did, as `cognitive.cycle` does."""
    moment.t_ns = now_ns
    for message in messages:
        if not isinstance(message, m.IntentionAnswer):
            perceive(moment.scene, message, now_ns)
    moment.scene.expire(now_ns)
    tracker.update(moment.minds, moment.scene, messages, now_ns)
    moment.beliefs.update(moment.scene, messages, now_ns)
    moment.beliefs.mistakes(moment.scene, now_ns)  # what shows counts for what is said next
    moment.told.see(person.person_id for person in moment.scene.present())
