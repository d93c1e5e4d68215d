"""What a simulated person hears of the agent: its clauses as utterances, and which of them nobody had asked for.

An utterance is over when no further clause has begun within `JOINED_S` of the last one's end, or at once where it was interrupted. An
utterance is an initiative where its words are those of an intention that did not come from outside. Confined to the room's loop;
seconds of session time.
"""

from __future__ import annotations

from collections import deque

from cognitive.partner.outcome import InitiativeHeard
from cognitive.partner.person import Person
from cognitive.partner.understanding import understand
from runtime import messages as m
from runtime.clock import NS_PER_S

JOINED_S = 0.6
SMALL_SOUND = "sound"
"""Beginning of the ids of continuers and fillers, which are no utterances."""
INTENTIONS_MAX = 64
WORDS_CHARS = 120
STUCK_S = 30.0
"""An intention without a final answer for so long after its validity is stuck."""


class Listening:
    """Feeds a person with what the agent does, and keeps the account of its intentions."""

    def __init__(self, person: Person) -> None:
        """Nothing has been heard."""
        self._person = person
        self._clauses: list[str] = []
        self._silent_s: float | None = None
        self._initiative: InitiativeHeard | None = None
        self._intended: deque[m.Intention] = deque(maxlen=INTENTIONS_MAX)
        self._told: dict[str, InitiativeHeard] = {}
        self._open: dict[str, int] = {}
        self._greeted = False

    def take(self, message: m.Message, now_s: float) -> None:
        """Take one message of the agent's."""
        match message:
            case m.AgentSpeech() if not message.response_id.startswith(SMALL_SOUND):
                self._speech(message, now_s)
            case m.BodyAct() if message.state == "started" and message.act not in ("blink", "gaze_aversion"):
                self._person.agent_gestures()
            case m.Intention() if message.trigger != "external":
                self._open[message.id] = message.valid_until_ns
                self._person.outcome.intentions += 1
                if message.kind == "dialogue":
                    self._intended.append(message)
            case m.IntentionAnswer() if message.state in m.FINAL_STATES:
                self._open.pop(message.intention_id, None)
            case m.CognitiveCycle():
                outcome = self._person.outcome
                outcome.cycles += 1
                outcome.memory_bytes_max = max(outcome.memory_bytes_max, message.memory_bytes)

    def step(self, now_s: float) -> None:
        """Notice that an utterance is over."""
        if self._silent_s is not None and now_s - self._silent_s >= JOINED_S:
            self._over(now_s)

    def stuck(self, now_s: float) -> int:
        """Return how many intentions should have had their final answer long ago."""
        limit_ns = round((now_s - STUCK_S) * NS_PER_S)
        return sum(valid_until_ns < limit_ns for valid_until_ns in self._open.values())

    def _speech(self, message: m.AgentSpeech, now_s: float) -> None:
        if message.state == "started":
            self._silent_s = None
            self._person.agent_begins(now_s)
            self._clauses.append(message.text)
            self._recognise(message.text, now_s)
        elif message.state == "finished":
            self._silent_s = now_s
        elif message.state == "interrupted":
            if message.heard and self._clauses:
                self._clauses[-1] = message.heard
            self._over(now_s)
        elif message.state == "resumed":
            self._silent_s = None

    def _recognise(self, clause: str, now_s: float) -> None:
        """Find out whether a clause belongs to an intention of the agent's own."""
        text = clause.strip()
        greets = understand(text).greets
        intention = next((i for i in reversed(self._intended) if text and text in i.content), None)
        if intention is not None:
            if intention.id not in self._told:
                heard = InitiativeHeard(
                    at_s=round(now_s, 2), trigger=intention.trigger, words=intention.content[:WORDS_CHARS]
                )
                self._told[intention.id] = heard
                self._person.outcome.heard.append(heard)
                if greets and self._greeted:
                    self._person.outcome.double_greetings += 1
            self._initiative = self._told[intention.id]
        self._greeted = self._greeted or greets

    def _over(self, now_s: float) -> None:
        text = " ".join(clause.strip() for clause in self._clauses).strip()
        if text and self._person.outcome.ended:
            self._person.parting_words(text)
        self._person.agent_falls_silent(text, self._initiative, now_s)
        self._clauses.clear()
        self._silent_s = self._initiative = None
