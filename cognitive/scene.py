"""What has happened so far, as plain bounded facts: who is here, who speaks, what was said and felt.

`Scene` is the mutable record that `cognitive.perceive` writes and `cognitive.situation` reads; it is saved with the memory, so that a
restarted process knows whom it has greeted. Everything in it is bounded by the constants below. Times are session ns, bearings are
yaw (agent's left positive) and pitch (up positive) in radians. Confined to the room's event loop.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from runtime.clock import NS_PER_S

PEOPLE_MAX = 24
UTTERANCES_MAX = 12
CHANGES_MAX = 16
FEELINGS_MAX = 24
EVENTS_MAX = 32
PLAYS_MAX = 8
PROMISES_MAX = 32
WARNED_MAX = 8
WISHES_MAX = 8
VIEWERS_MAX = 16
WORDS_MAX = 64
UTTERANCE_CHARS = 240
SEEN_TIMEOUT_S = 60.0
"""A seen person without any sign (percepts come once a second) has left unnoticed, for example while this process was down."""
HEARD_TIMEOUT_S = 120.0
"""A person who is only heard and says nothing for this long may be gone."""
OPEN, UNDER_WAY, KEPT, DROPPED, MISSED = "open", "under_way", "kept", "dropped", "missed"
"""States of a promise."""
UNSEEN = "user"
"""The person who is heard or typing but not seen."""


class Person(Struct, kw_only=True):
    """One person in this encounter.

    Attributes:
        seen: by a camera, as opposed to only heard or watching a page.
        present: here now.
        arrived_ns: start of this encounter.
        last_ns: latest sign of presence.
        left_ns: when the person left, 0 while present.
        encounters: how often this person has come.
        facing: 0 to 1, how much the face is turned to the agent.
        nearness: area of the face box as a share of the picture.
        nearness_before: the same, slowly averaged over the seconds before.
        greeted: greeted in this encounter, by whomever of the agent's two systems.
        greeted_agent_ns: when the person greeted in words, 0 if not.
        farewelled: the agent has taken leave in words.
        leave_ns: when the person took leave in words, 0 if not.
        spoke: this person has spoken or typed in this encounter.
        talked: this person or the agent has spoken in this encounter.
        watching: has the agent's page open.
        target: where the person looks, as vision last told, with `target_name`; empty where it does not tell.
        target_confidence: of that.
        target_since_ns: since when.
        distance_m: from the agent, 0 where unknown.
        face_valence: what the face shows; None where vision does not tell.
        face_since_ns: since when it shows that.
        phone_ns: when the person was last seen with a phone or heard on it.
        addressed_ns: when the person last spoke to the agent.
        answered_ns: when the agent last answered this person.
        turns_to_agent: turns of this person for the agent that were more than a greeting.
        nodded_ns: when the person last nodded, 0 if not.
        quiet_until_ns: the person has asked not to be spoken to until then.
        quiet_firm: even though they go on speaking to the agent.
        moment_ns: when the person asked for a moment, which ends when they turn to the agent again; 0 if not.
    """

    person_id: str
    seen: bool = True
    present: bool = True
    arrived_ns: int = 0
    last_ns: int = 0
    left_ns: int = 0
    encounters: int = 1
    confidence: float = 1.0
    facing: float = 1.0
    bearing_rad: tuple[float, float] = (0.0, 0.0)
    nearness: float = 0.0
    nearness_before: float = 0.0
    greeted: bool = False
    greeted_agent_ns: int = 0
    farewelled: bool = False
    leave_ns: int = 0
    spoke: bool = False
    talked: bool = False
    watching: bool = False
    target: str = ""
    target_name: str = ""
    target_confidence: float = 0.0
    target_since_ns: int = 0
    distance_m: float = 0.0
    face_valence: float | None = None
    face_since_ns: int = 0
    phone_ns: int = 0
    addressed_ns: int = 0
    answered_ns: int = 0
    turns_to_agent: int = 0
    nodded_ns: int = 0
    quiet_until_ns: int = 0
    quiet_firm: bool = False
    moment_ns: int = 0


class Utterance(Struct, frozen=True, kw_only=True):
    """Something that one side said.

    Attributes:
        t_ns: its end.
        aside: a person said it to somebody else.
        to_agent: how probably it was meant for the agent; its own are always 0.
        heard: trust in the wording.
        pretence: how firmly somebody had said, when this was said, that such words are play (`cognitive.safety.pretence`).
    """

    speaker: str
    text: str
    t_ns: int
    turn_id: str = ""
    person_id: str = ""
    aside: bool = False
    to_agent: float = 0.0
    heard: float = 1.0
    pretence: Literal["", "play", "declared"] = ""


class Play(Struct, frozen=True, kw_only=True):
    """Somebody has said that what follows is play.

    Attributes:
        t_ns: when.
        person_id: who.
        declared: firmly: a rehearsal, a role, a drill.
        among_themselves: to others, not to the agent.
    """

    t_ns: int
    person_id: str
    declared: bool = False
    among_themselves: bool = False


class Happening(Struct, frozen=True, kw_only=True):
    """Something that happened in the room, as a sentence; `seen_by` names who noticed, None where nobody says so."""

    text: str
    t_ns: int
    hazard: bool = False
    confidence: float = 1.0
    bearing_rad: tuple[float, float] = (0.0, 0.0)
    seen_by: tuple[str, ...] | None = None


class Promise(Struct, kw_only=True):
    """Something that the agent has promised to say at a time (`cognitive.owed` says how its state changes).

    Attributes:
        promise_id: unique in the scene.
        made_ns: when it was made; negative where that was before this session.
        due_ns: when it is due; may be negative too.
        words: in which it was made.
        about: what it is about; may be empty.
        person_id: to whom.
        state: `open`, `under_way` (a plan that says it has been sent), `kept`, `dropped` (taken back) or `missed`.
        reason: why it is open again, or was missed.
        tries: how often it was planned.
        intention_ids: the spoken step of each try that was sent, the newest last.
        retry_ns: it is not tried again before this.
        book_id: its id in the book of promises, where it was read from there.
    """

    promise_id: str
    made_ns: int
    due_ns: int
    words: str
    about: str = ""
    person_id: str = ""
    state: str = OPEN
    reason: str = ""
    tries: int = 0
    intention_ids: list[str] = field(default_factory=list)
    retry_ns: int = 0
    book_id: str = ""

    @property
    def owed(self) -> bool:
        """Whether it still has to be said, as far as is known."""
        return self.state in (OPEN, UNDER_WAY)


class Warned(Struct, frozen=True, kw_only=True):
    """A word of safety that was sent and has not begun: `intention_id`, up to when it answers evidence, and what was answered before."""

    intention_id: str
    since_ns: int
    before_ns: int


class Change(Struct, frozen=True, kw_only=True):
    """Something that changed in the picture: motion, light, object, arrival or departure."""

    what: str
    t_ns: int
    magnitude: float
    bearing_rad: tuple[float, float] = (0.0, 0.0)
    person_id: str = ""
    beside_others: bool = False


class Feeling(Struct, frozen=True, kw_only=True):
    """One estimate of how a person feels, and what it rests on (`words` or the percept's cues)."""

    t_ns: int
    valence: float
    arousal: float
    confidence: float
    person_id: str = ""
    cues: tuple[str, ...] = ()


class WishHeard(Struct, frozen=True, kw_only=True):
    """A wish about being remembered, what came of it (`cognitive.memory.tracks.TOLD`), and when: it is owed an acknowledgement."""

    finding: str
    t_ns: int
    person_id: str = ""


class Scene(Struct, kw_only=True):
    """All of it.

    Attributes:
        viewers: open pages.
        user_speaking_ns: onset of the person's running speech, 0 while silent.
        turn_open_ns: when the running user turn was last known to be alive, 0 where none runs.
        word_confidences: of the committed words of the running turn.
        user_end_ns: end of the person's last speech, 0 if there was none.
        wordless_ns: end of the last voice without words: a sigh, a laugh, a hum.
        user_turn_ns: when the last complete user turn was decided, 0 once the agent has begun to answer it.
        agent_until_ns: the agent speaks at most until then (session time), 0 while it is silent.
        agent_end_ns: end of the agent's last speech.
        nudges: own attempts to revive the talk since the person last spoke.
        handled_ns: by trigger type, evidence up to this time has been acted upon.
        events: what happened in the room.
        exchanges: turns of people that were meant for the agent, so far.
        agent_interrupted: the agent was cut off in what it last said, and nobody has taken that up.
        promises: what the agent has promised to say.
        warned: words of safety that have been sent and have not begun.
        wishes: about being remembered that have not been acknowledged.
        own_words: what the slow loop has last had the agent say of its own accord: no answer to anybody.
        pretence_until_ns: what people do until then is taken for a game or a rehearsal: somebody has said so.
        plays: who has said so, and how; it lowers the words of whom it covers.
    """

    people: dict[str, Person] = field(default_factory=dict)
    viewers: list[str] = field(default_factory=list)
    utterances: list[Utterance] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    feelings: list[Feeling] = field(default_factory=list)
    user_speaking_ns: int = 0
    turn_open_ns: int = 0
    turn_id: str = ""
    word_confidences: list[float] = field(default_factory=list)
    user_end_ns: int = 0
    wordless_ns: int = 0
    user_turn_ns: int = 0
    agent_until_ns: int = 0
    agent_end_ns: int = 0
    agent_turn_open: bool = False
    nudges: int = 0
    handled_ns: dict[str, int] = field(default_factory=dict)
    events: list[Happening] = field(default_factory=list)
    exchanges: int = 0
    agent_interrupted: bool = False
    promises: list[Promise] = field(default_factory=list)
    warned: list[Warned] = field(default_factory=list)
    wishes: list[WishHeard] = field(default_factory=list)
    own_words: str = ""
    pretence_until_ns: int = 0
    plays: list[Play] = field(default_factory=list)

    def bound(self) -> None:
        """Let the oldest give way where a list is over its limit."""
        del self.utterances[:-UTTERANCES_MAX]
        del self.changes[:-CHANGES_MAX]
        del self.word_confidences[:-WORDS_MAX]
        del self.feelings[:-FEELINGS_MAX]
        del self.events[:-EVENTS_MAX]
        del self.plays[:-PLAYS_MAX]
        del self.warned[:-WARNED_MAX]
        del self.wishes[:-WISHES_MAX]
        if len(self.promises) > PROMISES_MAX:  # what is settled gives way first, then what is due last
            first = sorted(self.promises, key=lambda promise: (promise.owed, -promise.due_ns if promise.owed else 0))
            for promise in first[: len(self.promises) - PROMISES_MAX]:
                self.promises.remove(promise)
        if len(self.people) > PEOPLE_MAX:
            spare = sorted(self.people.values(), key=lambda person: (person.present, person.last_ns, person.person_id))
            for person in spare[: len(self.people) - PEOPLE_MAX]:
                del self.people[person.person_id]

    def expire(self, now_ns: int) -> None:
        """Let go of people who have given no sign of presence for long."""
        for person in self.present():
            limit_s = SEEN_TIMEOUT_S if person.seen else HEARD_TIMEOUT_S
            if not person.watching and now_ns - person.last_ns > limit_s * NS_PER_S:
                person.present, person.left_ns = False, now_ns

    def present(self) -> list[Person]:
        """Return the people who are here, in order of arrival."""
        here = [person for person in self.people.values() if person.present]
        return sorted(here, key=lambda person: (person.arrived_ns, person.person_id))

    def partner(self, person_id: str = "") -> str:
        """Return whom speech of an unnamed speaker belongs to: the only or most frontal person, else `UNSEEN`."""
        if person_id:
            return person_id
        here = self.present()
        if not here:
            return UNSEEN
        return max(here, key=lambda person: (person.seen, person.facing, -person.arrived_ns)).person_id
