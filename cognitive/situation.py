"""The situation as reasoners see it: an immutable view of the scene at one moment, with what follows from it.

`derive` is pure: scene and time in, situation out. Durations are seconds, times session ns. It copies what is mutable, so that a
reasoner may keep a situation while the scene goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from msgspec.structs import replace

from cognitive import cues, deeds, speech_acts, uptake
from cognitive.ages import since_s
from cognitive.formulas import plain
from cognitive.memory.retrieval import Recollection
from cognitive.mind.mistakes import Belonging, Mistake
from cognitive.mind.person import MindView, PersonMind
from cognitive.scene import Change, Feeling, Happening, Person, Promise, Scene, Utterance, WishHeard
from runtime.clock import NS_PER_S

REPLY_GRACE_S = 2.5
"""So long after a user turn the reply is the fast system's business (its own LLM timeout is 2.5 s)."""
SPEECH_MAX_S = 60.0
"""Speech without an end for longer than this is a lost message, not speech."""
TURN_GAP_S = 4.0
"""A user turn without speech for this long is over even if nobody said so."""
FEELING_WINDOW_S = 20.0
"""Feelings older than this no longer count as now."""
DISTRESS = -0.25
IN_VAIN_S = 45.0
DOING_S = 30.0
WAIT_S = 60.0
"""Who was asked to wait does so for about this long."""
WALKS_S = 8.0
SEARCHES_S = 25.0
BECKONS_S = 12.0
BACK_WITHIN_S = 180.0
RESTS_S = 2.0

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
        minds: what is estimated of the people who are here or have just left.
        utterances: what was said, oldest first.
        last_words: the newest of them, whoever said it to whomever.
        all_feelings: the estimates of everybody's feelings, oldest first.
        events: what happened in the room, oldest first.
        promises: what the agent has promised to say.
        wishes: about being remembered that have not been acknowledged.
        mistakes: wrong beliefs that people have just shown, and what they look for in vain.
        belongings: what people have put down here and not taken again.
        agent_interrupted: the agent was cut off in what it last said.
        pretence: people play or rehearse.
        told_to_wait: the agent has asked for patience in what it last said.
        wordless_ns: end of the last voice without words, 0 if there was none.
        satisfied: what the person said last was thanks, or that all is clear.
        recollections: what is remembered of people who are here from earlier encounters, by person id, where they have agreed to it.
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
    minds: dict[str, MindView]
    utterances: tuple[Utterance, ...]
    last_words: Utterance | None
    all_feelings: tuple[Feeling, ...]
    events: tuple[Happening, ...]
    promises: tuple[Promise, ...]
    wishes: tuple[WishHeard, ...]
    mistakes: tuple[Mistake, ...]
    belongings: tuple[Belonging, ...]
    agent_interrupted: bool
    pretence: bool
    told_to_wait: bool
    satisfied: bool
    wordless_ns: int
    recollections: Mapping[str, Recollection] = field(default_factory=dict)

    def age_s(self, t_ns: int) -> float:
        """Return how long ago a session time was, seconds."""
        return max(0, self.now_ns - t_ns) / NS_PER_S

    def fresh(self, trigger: str, t_ns: int) -> bool:
        """Whether evidence of this time has not been acted upon by this trigger type yet."""
        return t_ns > self.handled_ns.get(trigger, -1)

    def mind(self, person_id: str) -> MindView:
        """Return what is estimated of a person: the prior of somebody unknown."""
        known = self.minds.get(person_id)
        return known if known is not None else PersonMind(person_id=person_id, updated_ns=self.now_ns).view(self.now_ns)

    def person(self, person_id: str) -> Person | None:
        """Return a person who is here."""
        return next((person for person in self.people if person.person_id == person_id), None)

    def left_alone(self, person: Person) -> bool:
        """Whether the person has asked not to be spoken to, and not turned to the agent again after a moment's pause."""
        return person.quiet_until_ns > self.now_ns and not self.back_again(person)

    def turns_to_agent(self, person_id: str) -> bool:
        """Whether the person's eyes have come to rest on the agent: who feels something then wants no longer to be left alone."""
        mind = self.mind(person_id)
        return mind.attending == "agent" and mind.agent_attention_s >= RESTS_S

    def back_again(self, person: Person) -> bool:
        """Whether the person has asked for a moment, been at something else, and turned to the agent again without a word from it."""
        mind = self.mind(person.person_id)
        asked_s = self.age_s(person.moment_ns)
        turned = 1.5 <= mind.agent_attention_s < asked_s - 5.0
        called_away = person.phone_ns > person.moment_ns or any(
            said.t_ns > person.moment_ns and said.person_id == person.person_id and said.to_agent < 0.5
            for said in self.utterances
        )
        turned_ns = self.now_ns - round(mind.agent_attention_s * NS_PER_S)
        met = self.last_agent is not None and self.last_agent.t_ns > turned_ns
        return bool(person.moment_ns) and asked_s <= BACK_WITHIN_S and turned and called_away and not met

    def distress(self, person_id: str, within_s: float) -> bool:
        """Whether the face shows distress, or the voice has done so within some seconds; words do not count."""
        person = self.person(person_id)
        if person is not None and person.face_valence is not None and person.face_valence <= DISTRESS:
            return True
        return any(
            feeling.person_id == person_id
            and feeling.valence <= DISTRESS
            and self.age_s(feeling.t_ns) <= within_s
            and not any(cue.startswith("word:") for cue in feeling.cues)
            for feeling in self.all_feelings
        )

    def deeds_of(self, person_id: str, within_s: float) -> list[Happening]:
        """Return what a person has lately been seen to do, oldest first."""
        doer = person_id.lower() + " "
        return [
            event for event in self.events if self.age_s(event.t_ns) <= within_s and event.text.lower().startswith(doer)
        ]

    def searches(self, person_id: str) -> tuple[Happening, ...]:
        """Return what a person has lately been seen to do in search of something."""
        return tuple(event for event in self.deeds_of(person_id, SEARCHES_S) if deeds.searches(event.text))

    def tries_again(self, person_id: str) -> tuple[Happening, ...]:
        """Return what a person has lately been seen to do over and over: the same deed, or one thing opened after another."""
        done = self.deeds_of(person_id, IN_VAIN_S)
        opened = [event for event in done if deeds.opens(event.text)]
        if len({event.text for event in opened}) > 1:
            return tuple(opened)
        texts = [plain(event.text) for event in done]
        same = [e for e, text in zip(done, texts, strict=True) if texts.count(text) > 1 and deeds.attempts(text)]
        return tuple([event for event in done if deeds.again(event.text)] or same)

    def beckons(self, person_id: str) -> Happening | None:
        """Return what a person has just been seen to do to be noticed."""
        return next((e for e in reversed(self.deeds_of(person_id, BECKONS_S)) if deeds.beckons(e.text)), None)

    def walks_off(self, person_id: str) -> bool:
        """Whether the person has just been seen to go to the door, the corridor, the car."""
        return any(deeds.walks_off(event.text) for event in self.deeds_of(person_id, WALKS_S))

    def steps_out(self, person_id: str) -> bool:
        """Whether the person has just been seen to go somewhere from which one comes back."""
        return any(deeds.steps_out(event.text) for event in self.deeds_of(person_id, 2 * WALKS_S))

    def busy_with_own(self, person_id: str) -> bool:
        """Whether the person has lately been seen to do something, and not to finish it."""
        return not all(deeds.finishes(event.text) for event in self.deeds_of(person_id, DOING_S))

    def said_at(self, t_ns: int) -> Utterance | None:
        """Return what a person said at a time."""
        return next((said for said in self.utterances if said.speaker == "user" and said.t_ns == t_ns), None)

    def last_said_by(self, person_id: str) -> Utterance | None:
        """Return what a person said last, to whomever."""
        return next((s for s in reversed(self.utterances) if s.speaker == "user" and s.person_id == person_id), None)


def derive(
    scene: Scene,
    now_ns: int,
    minds: dict[str, MindView] | None = None,
    mistakes: tuple[Mistake, ...] = (),
    belongings: tuple[Belonging, ...] = (),
    recollections: Mapping[str, Recollection] | None = None,
) -> Situation:
    """Return the situation at `now_ns`, with what is estimated of the people's minds and remembered of them."""
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
    own = last_agent is not None and last_agent.text in scene.own_words
    answered = last_user is not None and last_agent is not None and last_user.t_ns > last_agent.t_ns
    if last_agent is not None and last_agent.text.rstrip().endswith("?") and not answered and not own:
        agent_question = last_agent
    people = tuple(replace(person) for person in scene.present())
    spoken_ns = max(scene.user_end_ns, scene.agent_end_ns)
    return Situation(
        now_ns=now_ns,
        people=people,
        departed=tuple(replace(person) for person in scene.people.values() if not person.present),
        floor=floor,
        quiet_s=0.0 if floor == "user" else since_s(scene.user_end_ns, now_ns),
        silence_s=0.0 if floor in ("user", "agent") else since_s(spoken_ns, now_ns),
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
        minds=minds or {},
        utterances=tuple(scene.utterances),
        last_words=scene.utterances[-1] if scene.utterances else None,
        all_feelings=tuple(scene.feelings),
        events=tuple(scene.events),
        promises=tuple(replace(promise) for promise in scene.promises),
        wishes=tuple(scene.wishes),
        mistakes=mistakes,
        belongings=belongings,
        agent_interrupted=scene.agent_interrupted
        or (last_agent is not None and speech_acts.breaks_off(last_agent.text)),
        pretence=scene.pretence_until_ns > now_ns,
        told_to_wait=last_agent is not None
        and speech_acts.asks_to_wait(last_agent.text)
        and since_s(last_agent.t_ns, now_ns) <= WAIT_S,
        satisfied=last_user is not None and (speech_acts.thanks(last_user.text) or uptake.understood(last_user.text)),
        wordless_ns=scene.wordless_ns,
        recollections=dict(recollections or {}),
    )


def _last(scene: Scene, speaker: str) -> Utterance | None:
    """Return the newest thing that was said to the agent, or by it."""
    of_it = (said for said in reversed(scene.utterances) if said.speaker == speaker and not said.aside)
    return next((said for said in of_it if speaker == "agent" or said.to_agent >= 0.5), None)


def _floor(scene: Scene, now_ns: int) -> Floor:
    """Return who may speak; the person wins over the agent."""
    if scene.user_speaking_ns and since_s(scene.user_speaking_ns, now_ns) <= SPEECH_MAX_S:
        return "user"
    if scene.turn_open_ns and since_s(max(scene.turn_open_ns, scene.user_end_ns), now_ns) <= TURN_GAP_S:
        return "user"
    if scene.agent_until_ns > now_ns:
        return "agent"
    if scene.user_turn_ns and since_s(scene.user_turn_ns, now_ns) < REPLY_GRACE_S:
        return "reply_pending"
    return "free"
