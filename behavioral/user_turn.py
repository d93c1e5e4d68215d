"""The person's turn from its first word to the decision that it is over, with the answer that is prepared meanwhile.

Keeps the floor, asks it again whenever something changes (speech, words, the audio model, gaze) and at the very moment at which it
would end, and tells the bus each decision with its evidence: `hold` once for each pause, and `end_of_turn`. On a likely
end an answer is drafted; it is dropped when the person goes on, and handed over when the turn is over. Whose turn it was and whether
the agent is meant is asked of `participation`, where there is one. Runs on the room's loop.
"""

from __future__ import annotations

from collections.abc import Callable

from behavioral.alarm import Alarm
from behavioral.dialogue.drafts import Draft
from behavioral.dialogue.replies import Replies
from behavioral.hearing.events import FinalText, ProsodySnapshot
from behavioral.participation import Participation
from behavioral.people import People
from behavioral.turns.cues import Whole
from behavioral.turns.floor import Floor, Pause, TurnEnded
from runtime.bus import Bus
from runtime.clock import NS_PER_MS, Clock
from runtime.ids import IdSource
from runtime.messages import Turn, TurnDecision
from runtime.settings import TurnSettings
from runtime.telemetry import Telemetry


class UserTurn:
    """The person's side of the conversation."""

    def __init__(
        self,
        settings: TurnSettings,
        clock: Clock,
        bus: Bus,
        ids: IdSource,
        telemetry: Telemetry,
        *,
        people: People,
        replies: Replies,
        whole: Callable[[str], Whole],
        wanted_text: Callable[[str], str],
        ended: Callable[[TurnEnded, Draft | None, int], None],
        failed: Callable[[Exception], None],
        participation: Participation | None = None,
    ) -> None:
        """Wire the parts.

        Args:
            settings: the profile's turns section.
            clock: session time.
            bus: told of turns and decisions.
            ids: of turns.
            telemetry: told how long a turn's end was waited for beyond what its evidence asked for.
            people: who looks at the agent.
            replies: drafts answers.
            whole: knows the scenario's sentences.
            wanted_text: what is to be answered, given the text of this turn.
            ended: takes a turn that is over, the draft of its answer if there is one, and the session time.
            failed: told of an exception in an alarm.
            participation: judges who spoke and to whom; without it every turn is the agent's, and nobody's by name.
        """
        self._settings, self._clock, self._bus, self._ids, self._telemetry = settings, clock, bus, ids, telemetry
        self._people, self._replies = people, replies
        self._wanted_text, self._ended = wanted_text, ended
        self._participation = participation
        self._floor = Floor(settings, whole)
        self._alarm = Alarm(clock, self.reconsider, failed)
        self._draft: Draft | None = None
        self._held_ns = -1
        self._evidence_ns = 0
        """When words or the audio model last said something: what they were late by is no delay of ours."""

    @property
    def open(self) -> bool:
        """Whether the person has the floor, pauses included."""
        return self._floor.user_has_floor

    @property
    def turn_id(self) -> str:
        """Id of the open turn, or empty."""
        return self._floor.turn_id

    def speech_started(self, t_ns: int) -> None:
        """The person speaks: a turn begins, or goes on."""
        self._drop_draft()
        self._alarm.set(None)
        opened = self._floor.speech_started("" if self.open else self._ids.new("turn"), t_ns)
        if opened is not None:
            if self._participation is not None:
                self._participation.turn_started(opened.t_ns)
            self._replies.warm()
            self._bus.publish(
                Turn(t_ns=t_ns, state="started", speaker="user", turn_id=opened.turn_id, start_ns=opened.t_ns)
            )

    def speech_ended(self, t_ns: int, voice: ProsodySnapshot | None) -> None:
        """The person is silent since `t_ns`."""
        self._floor.speech_ended(t_ns, voice)
        self.reconsider(self._clock.now_ns())

    def words(self, text: str, onset_ns: int) -> None:
        """Take a revised hypothesis of the speech that began at `onset_ns`."""
        self._floor.hypothesis(text, onset_ns)

    def final(self, event: FinalText) -> None:
        """Take the final words of a stretch of speech."""
        self._evidence_ns = self._clock.now_ns()
        self._floor.final(event.text, event.end_ns, continues=event.continues, sentence_end=event.sentence_end)
        self.reconsider(self._clock.now_ns())

    def sound_judged(self, pause_ns: int, probability: float | None) -> None:
        """Take the audio model's opinion of a pause, or (None) that it is asked."""
        self._floor.sound_judged(pause_ns, probability)
        if probability is not None:
            self._evidence_ns = self._clock.now_ns()
            self.reconsider(self._clock.now_ns())

    def typed(self, text: str, now_ns: int) -> None:
        """The person typed: a turn that is complete at once."""
        self._drop_draft()
        turn_id = self._ids.new("turn")
        self._bus.publish(Turn(t_ns=now_ns, state="started", speaker="user", turn_id=turn_id, start_ns=now_ns))
        self._tell_end(TurnEnded(turn_id, text, now_ns, now_ns, {"typed": 1.0}), now_ns)

    def reconsider(self, now_ns: int) -> None:
        """Judge the present pause: end the turn, or say when it would end and prepare its answer."""
        pause = self._floor.pause(now_ns, self._people.looks_at_agent(now_ns), self._people.facing)
        if pause is None:
            return
        if now_ns >= pause.due_ns:
            self._end(pause, now_ns)
            return
        self._alarm.set(pause.due_ns)
        if not pause.settled:
            return
        if self._held_ns != pause.since_ns:
            self._held_ns = pause.since_ns
            self._decide("hold", pause.turn_id, now_ns, pause.judged.evidence)
        if pause.judged.probability >= self._settings.prepare_from and pause.text:
            self._prepare(pause.text)

    def close(self) -> None:
        """Prepare nothing and ring no more."""
        self._alarm.set(None)
        self._drop_draft()

    def _prepare(self, text: str) -> None:
        if self._participation is not None and not self._participation.worth_preparing(text):
            self._drop_draft()
            return
        wanted = self._wanted_text(text)
        if self._draft is not None and self._draft.text == wanted:
            return
        self._drop_draft()
        self._draft = self._replies.prepare(wanted)

    def _drop_draft(self) -> None:
        if self._draft is not None:
            self._draft.cancel()
            self._draft = None

    def _end(self, pause: Pause, now_ns: int) -> None:
        self._alarm.set(None)
        silence_ms = (now_ns - pause.since_ns) / NS_PER_MS
        self._telemetry.record("end_of_turn_wait", silence_ms, required_ms=pause.judged.required_ms)
        evidence = {**pause.judged.evidence, "silence_ms": round(silence_ms, 1)}
        self._tell_end(self._floor.close(evidence, max(pause.due_ns, self._evidence_ns)), now_ns)

    def _tell_end(self, ended: TurnEnded, now_ns: int) -> None:
        draft, self._draft = self._draft, None
        self._decide("end_of_turn", ended.turn_id, now_ns, ended.evidence)
        judged = None if self._participation is None else self._participation.addressee_of(ended)
        self._bus.publish(
            Turn(
                t_ns=now_ns,
                state="ended",
                speaker="user",
                turn_id=ended.turn_id,
                text=ended.text[:4_000],
                start_ns=ended.start_ns,
                end_ns=ended.speech_end_ns,
                person_id="" if judged is None else judged.person_id,
                addressed=None if judged is None or not judged.in_question else judged.probability,
            )
        )
        self._ended(ended, draft, now_ns)

    def _decide(self, decision: str, turn_id: str, now_ns: int, evidence: dict[str, float]) -> None:
        self._bus.publish(
            TurnDecision(
                t_ns=now_ns,
                decision=decision,  # type: ignore[arg-type] # one of the literals, given by the callers above
                turn_id=turn_id,
                evidence=evidence,
            )
        )
