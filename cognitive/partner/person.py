"""A simulated person: wants something, waits so long, answers what they know, is pleased or annoyed, and leaves.

The model is stepped ten times a second with what they perceive of the agent (its voice, its finished utterances, its gestures) and
returns what they do: say, fall silent, look, come nearer, leave. It knows nothing of the bus and not how its words reach the agent; both
fidelity levels use it unchanged. Every chance is drawn from a generator seeded with the session, so that the same agent gives the same
conversation. Seconds of session time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from cognitive.partner.outcome import InitiativeHeard, Outcome
from cognitive.partner.person_file import Goal, PersonFile
from cognitive.partner.understanding import Understood, holds_any, understand

REACTION_S = (0.5, 1.4)
GREETS_AFTER_S = (1.5, 4.0)
"""Who greets leaves the agent the first word for so long."""
NEXT_AFTER_S = (1.5, 5.0)
INTERRUPTED_FROM_S = 0.35
"""So long both must speak before the person feels interrupted."""
GONE_MOOD = -0.75
"""In a mood worse than this the person leaves without a word."""
BYE_WAIT_S = 3.0
IDLE_MAX_S = 25.0
UNWELCOME_MAX = 2
"""So often the person says that they want peace."""
MOOD_HALF_LIFE_S = 60.0


@dataclass(frozen=True, slots=True)
class Do:
    """One thing the person does: `say` (text), `hush`, `look` (at `agent`, `object` or `away`), `come`, `leave`."""

    what: str
    text: str = ""


@dataclass(slots=True)
class Person:
    """One person in one session."""

    file: PersonFile
    chance: random.Random
    outcome: Outcome = field(default_factory=Outcome)
    phase: str = "away"
    mood: float = 0.0
    talking_since_s: float | None = None
    agent_since_s: float | None = None
    _said: int = 0
    _goal: int = 0
    _tries: int = 0
    _waiting_since_s: float | None = None
    _due_s: float = 0.0
    _react_s: float | None = None
    _heard: list[tuple[str, InitiativeHeard | None]] = field(default_factory=list)
    _here_s: float = 0.0
    _last_s: float = 0.0
    _leave_s: float | None = None
    _look_s: float = 0.0
    _calm_s: float = 0.0
    _looks: str = ""
    _has_greeted: bool = False
    _interrupted: bool = False
    _told: int = 0
    _wrong: set[str] = field(default_factory=set)
    _answers_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin in the mood of the file."""
        self.mood = self.file.mood
        self.outcome.goals = len(self.file.goals)

    # ------------------------------------------------------------ what is perceived

    def agent_begins(self, now_s: float) -> None:
        """The agent's voice is heard to begin."""
        if self.agent_since_s is None:
            self.agent_since_s = now_s
        if self._waiting_since_s is not None and self.talking_since_s is None:
            self._answers_s.append(now_s - self._waiting_since_s)
            self.outcome.answered += 1
            self._waiting_since_s = None

    def agent_falls_silent(self, text: str, initiative: InitiativeHeard | None, now_s: float) -> None:
        """The agent has ended an utterance, of which these words were heard; `initiative` where nobody had asked for it."""
        self.agent_since_s = None
        self._interrupted = False
        self._last_s = now_s
        if text:
            self._heard.append((text, initiative))
            self._react_s = now_s + self.chance.uniform(*REACTION_S)

    def agent_gestures(self) -> None:
        """The agent is seen to wave, nod, point."""
        self._feel(self.file.likes.gesture)

    def own_words_over(self, now_s: float) -> None:
        """What the person wanted to say is said."""
        self.talking_since_s = None
        self._last_s = now_s
        self._waiting_since_s = now_s if self._leave_s is None else None

    # ------------------------------------------------------------ what is done

    def step(self, now_s: float) -> Iterator[Do]:
        """Yield what the person does now."""
        if self.phase == "away":
            if now_s >= self.file.arrives_after_s:
                self.phase, self._here_s, self._last_s = "here", now_s, now_s
                self._due_s = now_s + self.chance.uniform(*GREETS_AFTER_S)
                yield Do("come")
            return
        if self.phase == "gone":
            return
        if self._leave_s is not None and now_s >= self._leave_s and self.talking_since_s is None:
            self.phase = "gone"
            yield Do("leave")
            return
        self._calm(now_s)
        yield from self._look(now_s)
        if self.talking_since_s is not None:
            yield from self._overlapped(now_s)
        elif self.agent_since_s is not None:
            if now_s - self.agent_since_s > self.file.interrupts_after_s and self._leave_s is None:
                self.outcome.barge_ins += 1
                yield from self._say("Okay, okay.", now_s)
        elif self._leave_s is None:
            yield from self._turn(now_s)

    def finish(self, length_s: float) -> Outcome:
        """Return the outcome, complete but for what only the house knows."""
        result = self.outcome
        result.length_s, result.mood = round(length_s, 2), round(self.mood, 4)
        if self._answers_s:
            result.mean_answer_s = round(sum(self._answers_s) / len(self._answers_s), 3)
        result.initiatives = len(result.heard)
        for name in ("taken_up", "ignored", "unwelcome"):
            setattr(result, name, sum(heard.outcome == name for heard in result.heard))
        result.beliefs_corrected = len(self._wrong)
        return result

    # ------------------------------------------------------------ inside

    def _turn(self, now_s: float) -> Iterator[Do]:
        """Nobody speaks: react, wait, ask, tell, or go."""
        if self._react_s is not None:
            if now_s >= self._react_s:
                self._react_s = None
                heard, self._heard = self._heard, []
                yield from self._react(
                    " ".join(text for text, _ in heard), [i for _, i in heard if i is not None], now_s
                )
            return
        if self.mood <= GONE_MOOD:
            yield from self._go(now_s, "annoyed")
        elif self._waiting_since_s is not None:
            if now_s - self._waiting_since_s >= self.file.patience_s:
                self._waiting_since_s = None
                self._feel(self.file.likes.waiting)
                yield from self._ask_again(now_s)
        elif now_s - self._here_s >= self.file.stays_s:
            yield from self._go(now_s, "time was up")
        elif now_s >= self._due_s:
            yield from self._own_accord(now_s)

    def _own_accord(self, now_s: float) -> Iterator[Do]:
        if not self._has_greeted and not self.file.wants_quiet:
            self._has_greeted = True
            if not self.outcome.greeted and self.chance.random() < self.file.greets:
                yield from self._say(self._pick(self.file.greeting), now_s)
                return
        goal = self._present_goal()
        if goal is not None:
            yield from self._ask(goal, now_s)
        elif self._told < len(self.file.tells) and self.chance.random() < self.file.chattiness:
            self._told += 1
            yield from self._say(self.file.tells[self._told - 1], now_s)
        elif not self.file.wants_quiet and now_s - self._last_s >= IDLE_MAX_S * max(0.2, self.file.chattiness):
            yield from self._go(now_s, "nothing more to say")
        else:
            self._due_s = now_s + self.chance.uniform(*NEXT_AFTER_S)

    def _react(self, text: str, initiatives: list[InitiativeHeard], now_s: float) -> Iterator[Do]:
        """Make something of what the agent said, and perhaps answer."""
        heard, likes = understand(text), self.file.likes
        self._correct_beliefs(text)
        unwelcome = bool(initiatives) and self.file.wants_quiet and not heard.greets
        for initiative in initiatives:
            initiative.outcome = "unwelcome" if unwelcome else "ignored"
        if unwelcome:
            self._feel(likes.unwelcome)
            if sum(each.outcome == "unwelcome" for each in self.outcome.heard) <= UNWELCOME_MAX:
                yield from self._say(self._pick(self.file.wants_peace), now_s)
            return
        if heard.greets and not self.outcome.greeted:
            self.outcome.greeted = True
            self._feel(likes.greeting)
        self._feel(
            likes.sympathy * heard.sympathises + likes.initiative * bool(initiatives) + likes.answer * (not initiatives)
        )
        answers = list(self._answer(heard, now_s))
        if answers:
            for initiative in initiatives:
                initiative.outcome = "taken_up"
        yield from answers

    def _answer(self, heard: Understood, now_s: float) -> Iterator[Do]:
        goal = self._present_goal()
        if goal is not None and self._tries and (not goal.reached_by or holds_any(heard.text, goal.reached_by)):
            self._goal, self._tries = self._goal + 1, 0
            self.outcome.goals_reached += 1
            self._feel(self.file.likes.reached)
            if self.chance.random() < 0.5:
                yield from self._say(self._pick(self.file.thanks), now_s)
                return
        elif heard.asks and (known := self._known(heard.text)):
            yield from self._say(known, now_s)
            return
        elif heard.greets and not self._has_greeted:
            self._has_greeted = True
            if not self.file.wants_quiet:
                yield from self._say(self._pick(self.file.greeting), now_s)
                return
        elif goal is not None and self._tries:
            self._feel(self.file.likes.missed)
            yield from self._ask_again(now_s)
            return
        elif goal is not None and heard.offers:
            yield from self._ask(goal, now_s)
            return
        elif heard.offers:
            yield from self._say("No, thank you.", now_s)
            return
        elif heard.asks and not self.file.wants_quiet and self.chance.random() < 0.3 + self.file.chattiness:
            yield from self._say(self._pick(self.file.otherwise), now_s)
            return
        self._due_s = now_s + self.chance.uniform(*NEXT_AFTER_S)

    def _known(self, question: str) -> str:
        return next((answer for key, answer in self.file.knows.items() if holds_any(question, [key])), "")

    def _present_goal(self) -> Goal | None:
        """Return the goal that the person is at; those that rest on a belief which was corrected are passed over."""
        while self._goal < len(self.file.goals) and self.file.goals[self._goal].believes in self._wrong - {""}:
            self._goal, self._tries = self._goal + 1, 0
        return self.file.goals[self._goal] if self._goal < len(self.file.goals) else None

    def _ask(self, goal: Goal, now_s: float) -> Iterator[Do]:
        line = goal.says[min(self._tries, len(goal.says) - 1)]
        self._tries += 1
        yield from self._say(line, now_s)

    def _ask_again(self, now_s: float) -> Iterator[Do]:
        """Ask anew for what has not come, or let it be."""
        goal = self._present_goal()
        if goal is None or not self._tries:
            self._due_s = now_s + self.chance.uniform(*NEXT_AFTER_S)
        elif self._tries < goal.tries:
            yield from self._ask(goal, now_s)
        else:
            self._goal, self._tries = self._goal + 1, 0
            self._due_s = now_s + self.chance.uniform(*NEXT_AFTER_S)

    def _say(self, text: str, now_s: float) -> Iterator[Do]:
        self.talking_since_s = now_s
        self._interrupted = False
        self._due_s = now_s
        self.outcome.turns += self._leave_s is None
        yield Do("say", text)

    def _overlapped(self, now_s: float) -> Iterator[Do]:
        """Both speak: who was speaking first feels interrupted, and may give way."""
        begun_s, agent_s = self.talking_since_s, self.agent_since_s
        if begun_s is None or agent_s is None or agent_s <= begun_s or self._interrupted:
            return
        if now_s - agent_s >= INTERRUPTED_FROM_S:
            self._interrupted = True
            self.outcome.interruptions += 1
            self._feel(self.file.likes.interruption)
            if self.chance.random() > self.file.temper / 2.0:
                yield Do("hush")

    def _go(self, now_s: float, why: str) -> Iterator[Do]:
        self.outcome.ended = why
        self._leave_s = now_s + 0.5
        if self.mood > GONE_MOOD and self.chance.random() < self.file.parts:
            self._leave_s = now_s + BYE_WAIT_S
            self.outcome.parted = False
            yield from self._say(self._pick(self.file.goodbye), now_s)

    def parting_words(self, text: str) -> None:
        """The agent says something while the person takes leave."""
        if self.outcome.parted is False and understand(text).parts:
            self.outcome.parted = True

    def _look(self, now_s: float) -> Iterator[Do]:
        """Look at the agent while one of both speaks, else now and then, as attentive as the person is."""
        if now_s < self._look_s:
            return
        self._look_s = now_s + self.chance.uniform(1.0, 4.0)
        busy = self.talking_since_s is not None or self.agent_since_s is not None or self._waiting_since_s is not None
        attends = self.chance.random() < (max(0.9, self.file.attention) if busy else self.file.attention)
        target = "agent" if attends else "object" if self.file.busy_with else "away"
        if target != self._looks:
            self._looks = target
            yield Do("look", target)

    def _feel(self, change: float) -> None:
        """Move the mood, the less the further it is that way already."""
        room = 1.0 - abs(self.mood) if change * self.mood > 0.0 else 1.0
        self.mood = min(1.0, max(-1.0, self.mood + change * self.file.temper * room))

    def _calm(self, now_s: float) -> None:
        """Let the mood go back towards what it is without the agent."""
        if self._calm_s:
            rest = 0.5 ** ((now_s - self._calm_s) / MOOD_HALF_LIFE_S)
            self.mood = self.file.mood + (self.mood - self.file.mood) * rest
        self._calm_s = now_s

    def _correct_beliefs(self, text: str) -> None:
        for belief in self.file.believes:
            if holds_any(text, belief.corrected_by):
                self._wrong.add(belief.about)

    def _pick(self, lines: list[str]) -> str:
        return lines[self.chance.randrange(len(lines))]
