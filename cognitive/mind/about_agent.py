"""What people believe of the agent (Mutual Theory of Mind, Wang et al. 2021), kept in the epistemic model like everything else.

What the agent says of itself (`own_words`), and what it has promised to say at a time, are facts about the agent that those believe who
heard it; who was away knows nothing of it. What somebody tells the agent about themself is a fact that both know from then on, and each
knows it of the other. So the model's own rules say who takes the agent to know, to be able to do or to have promised what. At most
`KEPT_MAX` such facts; the oldest gives way. Microseconds a sentence; confined to the room's loop.
"""

from __future__ import annotations

from cognitive.memory.facts import SELF, facts_in
from cognitive.mind import own_words
from cognitive.mind import state as st
from cognitive.mind.epistemic import EpistemicModel
from cognitive.mind.events import PLACE, Fact, Tells
from cognitive.mind.names import normal
from cognitive.mind.own_words import DROPPED, KEPT, OPEN
from cognitive.scene import Promise, Scene
from runtime.clock import NS_PER_S

KEPT_MAX = 20
"""Facts about the agent and what people have told of themselves: so that they never crowd out where things are."""
QUOTED_CHARS = 60
JUST_MADE_S = 8.0
"""A promise is taken in this soon after it was made: who comes later has not heard it."""


class AboutAgent:
    """Reads into a model what is said by and to the agent about the two."""

    def __init__(self, model: EpistemicModel) -> None:
        """Work on a model whose `me` is the agent."""
        self._model = model

    def said(self, scene: Scene, text: str, t_ns: int, hearer: str) -> None:
        """Take in what the agent has said of itself, in the hearing of who is here."""
        me = self._model.state.me
        for one in own_words.read(text, hearer) if me else ():
            if one.sort == "promise" and any(one.sentence[:QUOTED_CHARS] in known.words for known in scene.promises):
                continue  # one with a time: `promised`
            self._note(Tells(me, Fact(me, one.attribute, one.value), own_act=True), t_ns, one.sentence)

    def told(self, text: str, speaker: str, t_ns: int) -> None:
        """Take in what somebody has told about themself, in the hearing of who is here."""
        who = normal(speaker)
        for one in facts_in(text):
            if one.subject != SELF or one.retracts:
                continue
            self._note(Tells(who, Fact(who, one.attribute, one.value), own_act=True), t_ns, one.source)

    def promised(self, scene: Scene, now_ns: int) -> None:
        """Take in what the agent has just promised to say at a time, and that it has, or need not any more."""
        me = self._model.state.me
        for promise in scene.promises if me else ():
            attribute = _attribute(promise)
            record = self._model.state.facts.get(st.key(me, normal(attribute)))
            new = promise.state == OPEN and abs(now_ns - promise.made_ns) <= JUST_MADE_S * NS_PER_S
            over = promise.state in (KEPT, DROPPED) and record is not None and record.actual == OPEN
            if (record is None and new) or over:
                tells = Tells(me, Fact(me, attribute, promise.state), own_act=True)
                self._note(tells, now_ns, promise.words if new else "")

    def _note(self, tells: Tells, t_ns: int, text: str) -> None:
        facts, people = self._model.state.facts, self._model.state.people
        if st.key(tells.fact.subject, normal(tells.fact.attribute)) not in facts:
            kept = [name for name, record in facts.items() if record.subject in people and record.attribute != PLACE]
            while len(kept) >= KEPT_MAX:
                oldest = min(kept, key=lambda name: (facts[name].touched_ns, name))
                kept.remove(oldest)
                del facts[oldest]
        self._model.apply(tells, t_ns, text=text)


def _attribute(promise: Promise) -> str:
    """Return under which a timed promise is kept."""
    whom = f" {promise.person_id}" if promise.person_id else ""
    return (
        f"promise remind{whom} of {promise.about}"
        if promise.about
        else f"promise speak up to{whom or ' those here'} when it is time"
    )
