"""The person speaks over the agent: what is decided about it (`turns.overlap`), done to the voice and told to the bus.

Each step is one `TurnDecision` with its evidence: `duck`, `pause`, then `resume` (with `backchannel` where words said so) or `stop`, with
which the person has the floor from the first sound of the overlap on. An answer may also be ended by other means while the person
speaks: what an overlap was about is over then (`stopped`, `forget`). Called by the conversation on the room's loop; nothing blocks.
"""

from __future__ import annotations

from collections.abc import Callable

from behavioral.hearing.events import FinalText, ProsodySnapshot
from behavioral.responses import Responses
from behavioral.small_sounds import SmallSounds
from behavioral.turns.overlap import Overlap
from behavioral.user_turn import UserTurn
from behavioral.voice.playback import Playback
from runtime.bus import Bus
from runtime.clock import NS_PER_MS, Clock
from runtime.messages import TurnDecision
from runtime.settings import TurnSettings
from runtime.telemetry import Telemetry


class Interruptions:
    """Overlaps of the person's speech with the agent's."""

    def __init__(
        self,
        settings: TurnSettings,
        clock: Clock,
        bus: Bus,
        telemetry: Telemetry,
        *,
        responses: Responses,
        turn: UserTurn,
        playback: Playback,
        sounds: SmallSounds,
        no_turn: Callable[[], None],
    ) -> None:
        """Wire the parts.

        Args:
            settings: the profile's turns section.
            clock: session time.
            bus: told of decisions.
            telemetry: told how long it took to fall silent for an interruption.
            responses: what the agent says.
            turn: the person's turn, which a real interruption opens.
            playback: the agent's voice.
            sounds: its fillers, which a pause ends.
            no_turn: told that what the person said was no turn.
        """
        self._clock, self._bus, self._telemetry = clock, bus, telemetry
        self._responses, self._turn, self._playback = responses, turn, playback
        self._sounds, self._no_turn = sounds, no_turn
        self._overlap = Overlap(settings, lambda: responses.paused)
        self._stopped_ns: int | None = None
        self._voice: ProsodySnapshot | None = None
        self._paused_ns = self._silent_ns = 0

    def began(self, onset_ns: int) -> bool:
        """The person began to speak; return whether that is over the agent's voice, and so no turn yet."""
        if not self._responses.active or self._turn.open:
            return False
        self._overlap.begin(onset_ns, asked=self._responses.asked_by(onset_ns))
        return True

    def forget(self, now_ns: int) -> None:
        """Something else is said or answered from now on: speech that still goes on counts afresh, and by its length alone."""
        self._overlap.restart(now_ns)
        self._stopped_ns = None
        self._playback.duck(False)

    def stopped(self) -> None:
        """The answer was silenced by other means: what the person says over it takes the floor if it would have taken it."""
        self._stopped_ns = self._overlap.onset_ns if self._overlap.going_on or self._overlap.waiting else None
        self._playback.duck(False)

    def voiced(self, until_ns: int, text: str) -> None:
        """A block held the person's voice; `text` is the newest hypothesis."""
        if self._overlap.going_on:
            self._overlap.voiced(until_ns)
            self.judge(self._clock.now_ns(), text)

    def stirred(self, until_ns: int) -> None:
        """A block may be the beginning of the person's speech."""
        self._overlap.stirred(until_ns)

    def ended(self, offset_ns: int, voice: ProsodySnapshot | None, text: str) -> None:
        """The person stopped speaking, for now."""
        if not self._overlap.going_on:
            return
        self._voice = voice
        self._overlap.end(offset_ns)
        now_ns = self._clock.now_ns()
        if self._responses.paused:
            self.judge(now_ns, text)
            return
        # What it was is known with its words; a voice that was only lower comes back at once.
        self._playback.duck(False)
        if self._overlap.ducked and self._over_answer:
            self._decide("resume", now_ns, {})
        self._overlap.resumed()

    def judge(self, now_ns: int, text: str) -> None:
        """Decide anew about the present overlap, if there is one; `text` is the newest hypothesis."""
        if not self._overlap.going_on and not self._overlap.waiting:
            return
        if not self._over_answer:
            self._playback.duck(False)
            self._playback.resume(now_ns)
            stopped = self._overlap.onset_ns == self._stopped_ns
            if self._overlap.going_on and not stopped:  # the agent came to its end by itself
                self._give_floor()
            elif self._overlap.judge(now_ns, text).action == "stop":
                self._stop(now_ns, {})
            return
        decision = self._overlap.judge(now_ns, text)
        if decision.action == "duck":
            self._playback.duck(True)
            self._decide("duck", now_ns, decision.evidence)
        elif decision.action == "pause":
            self._pause(now_ns, decision.evidence)
        elif decision.action == "resume" and self._overlap.known:
            self._passed(now_ns, decision.evidence)
        elif decision.action == "resume":
            self._resume(now_ns, decision.evidence)
        elif decision.action == "stop":
            self._stop(now_ns, decision.evidence)

    def final(self, final: FinalText) -> None:
        """Take final words: they may say what an overlap was that stopped nothing so far."""
        decision = self._overlap.final(final)
        now_ns = self._clock.now_ns()
        if decision.action == "backchannel":
            self._passed(now_ns, decision.evidence)
        elif decision.action == "stop":
            offset_ns = self._stop(now_ns, decision.evidence)
            if offset_ns is not None:
                self._turn.speech_ended(offset_ns, self._voice)

    @property
    def _over_answer(self) -> bool:
        """Whether what the present overlap is about is still being prepared or said."""
        return self._responses.active and self._overlap.onset_ns != self._stopped_ns

    def _pause(self, now_ns: int, evidence: dict[str, float]) -> None:
        self._decide("pause", now_ns, evidence)
        self._paused_ns, self._silent_ns = now_ns, self._responses.pause(now_ns, self._sounds.sounding(now_ns))

    def _passed(self, now_ns: int, evidence: dict[str, float]) -> None:
        """It was a backchannel, or noise."""
        self._decide("backchannel", now_ns, evidence)
        if self._responses.paused:
            self._resume(now_ns, evidence)
        self._overlap.take()
        self._no_turn()

    def _resume(self, now_ns: int, evidence: dict[str, float]) -> None:
        self._overlap.resumed()
        from_ns = self._responses.resume(now_ns)
        silent_ms = max(0, from_ns - self._silent_ns) / NS_PER_MS
        self._decide("resume", now_ns, {**evidence, "silent_ms": round(silent_ms, 1)})

    def _stop(self, now_ns: int, evidence: dict[str, float]) -> int | None:
        """Give the floor to the person; return when the last stretch of the overlap ended, None where it goes on."""
        if self._responses.active:
            was_heard, paused = self._responses.audible(now_ns), self._responses.paused
            self._decide("stop", now_ns, evidence)
            silent_ns = self._responses.stop(now_ns)
            decided_ns, silent_ns = (self._paused_ns, self._silent_ns) if paused else (now_ns, silent_ns)
            if was_heard:
                self._telemetry.record(
                    "barge_in_to_silence",
                    max(0, silent_ns - decided_ns) / NS_PER_MS,
                    from_onset_ms=max(0, silent_ns - self._overlap.onset_ns) / NS_PER_MS,
                )
        self._playback.duck(False)
        return self._give_floor()

    def _give_floor(self) -> int | None:
        """Open the person's turn with every stretch of the overlap; the last one's final words come to it by themselves."""
        stretches = self._overlap.take()
        for number, stretch in enumerate(stretches):
            self._turn.speech_started(stretch.onset_ns)
            if stretch.final is not None and number < len(stretches) - 1:
                self._turn.final(stretch.final)
        return stretches[-1].offset_ns

    def _decide(self, decision: str, now_ns: int, evidence: dict[str, float]) -> None:
        self._bus.publish(
            TurnDecision(
                t_ns=now_ns,
                decision=decision,  # type: ignore[arg-type] # one of the literals, given by the callers above
                turn_id=self._responses.response_id,
                evidence=evidence,
            )
        )
