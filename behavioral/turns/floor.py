"""Who has the floor: the person's turns, from speech segments and recognised words to `Turn` and `TurnDecision`.

One state machine, fed on the event loop by the hearing side, pure but for the clock in its arguments. A turn
may hold several speech segments with pauses between them; its text is what was committed in all of them plus
the newest hypothesis. The decision to end waits for the recogniser's final words of the last segment, but
never longer than `final_words_wait_ms`, and for the audio model's opinion of the pause, but never longer than `sound_wait_ms`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from behavioral.hearing.events import ProsodySnapshot
from behavioral.turns.cues import Whole
from behavioral.turns.end_of_turn import EndOfTurn, TurnEvidence, judge_end_of_turn
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.settings import TurnSettings


@dataclass(frozen=True, slots=True)
class TurnOpened:
    """The person began a turn at `t_ns`."""

    turn_id: str
    t_ns: int


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The person's turn is over: its speech ended at `speech_end_ns`, and the turn was to end at `due_ns` by its evidence."""

    turn_id: str
    text: str
    start_ns: int
    speech_end_ns: int
    evidence: dict[str, float]
    due_ns: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """The open turn's present pause as it is judged now.

    Attributes:
        turn_id: the turn.
        text: what was said so far.
        since_ns: end of the last speech.
        due_ns: when the turn ends unless something changes.
        settled: whether the words are final and the audio model has spoken, so that only time can change the decision.
        judged: the fused evidence.
    """

    turn_id: str
    text: str
    since_ns: int
    due_ns: int
    settled: bool
    judged: EndOfTurn


@dataclass(slots=True)
class _OpenTurn:
    turn_id: str
    start_ns: int
    speech_end_ns: int = 0
    speaking: bool = True
    committed: list[str] = field(default_factory=list)
    hypothesis: str = ""
    finals_pending: int = 1
    sentence_end: float | None = None
    voice: ProsodySnapshot | None = None
    sounds: dict[int, float | None] = field(default_factory=dict)
    """The audio model's opinion by the pause's beginning; None while it is asked."""

    @property
    def text(self) -> str:
        return " ".join([*self.committed, self.hypothesis]).strip()

    @property
    def last(self) -> str:
        """The words after the last pause."""
        return self.hypothesis or (self.committed[-1] if self.committed else "")


class Floor:
    """The person's side of the floor."""

    def __init__(self, settings: TurnSettings, whole: Callable[[str], Whole] = lambda _text: "") -> None:
        """Start with nobody speaking; `whole` knows the scenario's sentences."""
        self._settings = settings
        self._whole = whole
        self._turn: _OpenTurn | None = None

    @property
    def turn_id(self) -> str:
        """Id of the person's open turn, or empty."""
        return self._turn.turn_id if self._turn else ""

    @property
    def user_has_floor(self) -> bool:
        """Whether a turn of the person is open, pauses included."""
        return self._turn is not None

    def speech_started(self, turn_id: str, t_ns: int) -> TurnOpened | None:
        """Take note of speech; returns the turn if it opens one (`turn_id` is used only then)."""
        if self._turn is not None:
            self._turn.speaking = True
            self._turn.finals_pending += 1
            return None
        self._turn = _OpenTurn(turn_id, t_ns)
        return TurnOpened(turn_id, t_ns)

    def speech_ended(self, t_ns: int, voice: ProsodySnapshot | None = None) -> None:
        """Take note that speech stopped at `t_ns`, and how its voice ended."""
        if self._turn is not None:
            self._turn.speaking = False
            self._turn.speech_end_ns = t_ns
            self._turn.voice = voice

    def sound_judged(self, pause_ns: int, probability: float | None) -> None:
        """Take the audio model's opinion of the pause that began at `pause_ns`; None while it is still asked."""
        if self._turn is not None and pause_ns >= self._turn.start_ns:
            self._turn.sounds = {pause_ns: probability}

    def hypothesis(self, text: str, onset_ns: int) -> None:
        """Replace the hypothesis of the segment that began at `onset_ns`; one from before the open turn is not part of it."""
        if self._turn is not None and onset_ns >= self._turn.start_ns:
            self._turn.hypothesis = text

    def final(self, text: str, end_ns: int, *, continues: bool = False, sentence_end: float | None = None) -> None:
        """Commit the text of the segment that ended at `end_ns`; one from before the open turn is not part of it.

        A segment that was cut for its length `continues`: its last words are still to come. `sentence_end` is the
        recogniser's log-odds that a sentence is over.
        """
        if self._turn is not None and end_ns >= self._turn.start_ns:
            self._turn.hypothesis = ""
            if text:
                self._turn.committed.append(text)
                self._turn.sentence_end = sentence_end
            if not continues:
                self._turn.finals_pending = max(0, self._turn.finals_pending - 1)

    def pause(self, now_ns: int, looks_s: float | None = None, facing: float = 0.5) -> Pause | None:
        """Judge the present pause; None while the person speaks or has no turn.

        Args:
            now_ns: session time.
            looks_s: for how long the person has looked at the agent, None if unknown.
            facing: how much the person faces the agent.
        """
        turn, settings = self._turn, self._settings
        if turn is None or turn.speaking:
            return None
        sound = turn.sounds.get(turn.speech_end_ns)
        asking = turn.speech_end_ns in turn.sounds and sound is None
        judged = judge_end_of_turn(
            settings,
            TurnEvidence(
                silence_ms=(now_ns - turn.speech_end_ns) / NS_PER_MS,
                speech_s=(turn.speech_end_ns - turn.start_ns) / NS_PER_S,
                text=turn.text,
                whole=self._whole(turn.text) or self._whole(turn.last),
                sentence_end=turn.sentence_end if turn.finals_pending == 0 else None,
                voice=turn.voice,
                sound=sound,
                looks_s=looks_s,
                facing=facing,
            ),
        )
        waits_ms = judged.required_ms
        if turn.finals_pending > 0:
            waits_ms += settings.final_words_wait_ms
        if asking:
            waits_ms = max(waits_ms, settings.sound_wait_ms)
        due_ns = turn.speech_end_ns + round(waits_ms * NS_PER_MS)
        settled = not asking and turn.finals_pending == 0
        return Pause(turn.turn_id, turn.text, turn.speech_end_ns, due_ns, settled, judged)

    def close(self, evidence: dict[str, float], due_ns: int = 0) -> TurnEnded:
        """End the open turn now.

        Raises:
            RuntimeError: when none is open.
        """
        turn, self._turn = self._turn, None
        if turn is None:
            raise RuntimeError("no turn is open")
        return TurnEnded(turn.turn_id, turn.text, turn.start_ns, turn.speech_end_ns, evidence, due_ns)
