"""Who takes part, and how: whose turn it is, whether the agent is meant, and when it stays out of other people's talk.

Stands between the person's turn (`UserTurn`) and the conversation. With at most one person in view it passes every turn on at once and says
nothing. With more, each turn gets one decision with its evidence: `answer`, `stay_out`, or first `wait`: where it is unsure whom
a turn is for, other people get `others_first_ms` to take it, and the agent answers if nobody does. Who goes on during that time
is answered to all of it, or to none. Noise takes no turn. Nods while the agent speaks are told as silent backchannels. Runs on the room's
loop; a few sums per block of hearing, no waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from behavioral.alarm import Alarm
from behavioral.dialogue.drafts import Draft
from behavioral.hearing.events import BlockHeard
from behavioral.people import People
from behavioral.silent_backchannels import SilentBackchannels
from behavioral.sources.contract import BLOCK_NS
from behavioral.turns.active_speaker import ActiveSpeaker
from behavioral.turns.addressee import Addressee, AddresseeEvidence, judge_addressee
from behavioral.turns.cues import Whole
from behavioral.turns.floor import TurnEnded
from runtime.bus import Bus
from runtime.clock import NS_PER_MS, NS_PER_S, Clock
from runtime.messages import TurnDecision
from runtime.settings import Profile

BLOCK_S = BLOCK_NS / NS_PER_S
TYPED = Addressee("", 1.0, in_question=False)
"""Who types, types to the agent."""
Answer = Callable[[TurnEnded, Draft | None, int], None]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A turn that the agent answers if nobody else does."""

    ended: TurnEnded
    draft: Draft | None
    judged: Addressee
    since_ns: int
    due_ns: int


class Participation:
    """The agent among several people."""

    def __init__(
        self,
        profile: Profile,
        clock: Clock,
        bus: Bus,
        *,
        people: People,
        whole: Callable[[str], Whole],
        agent_name: str,
        answer: Answer,
        stay_out: Callable[[TurnEnded], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Wire the parts.

        Args:
            profile: thresholds (turns) and what counts as voice (hearing).
            clock: session time.
            bus: told of decisions.
            people: who is in view.
            whole: knows the scenario's sentences.
            agent_name: what the agent is called.
            answer: takes a turn that is the agent's to answer, its draft if there is one, and the session time.
            stay_out: told of a turn that is not.
            failed: told of an exception in the alarm.
        """
        self._settings, self._clock, self._bus, self._people = profile.turns, clock, bus, people
        self._vad_off = profile.hearing.vad_off
        self._whole, self._agent_name = whole, agent_name
        self._answer, self._stay_out = answer, stay_out
        self._voice = ActiveSpeaker()
        self._nods = SilentBackchannels(people, bus)
        self._alarm = Alarm(clock, self._nobody_else, failed)
        self._waiting: _Waiting | None = None
        self._turn_start_ns: int | None = None
        self._so_far = 1.0
        self._speaker = ""
        self._agent_end_ns: int | None = None
        self._agent_asked = False
        self._aside_end_ns: int | None = None

    @property
    def waiting(self) -> bool:
        """Whether a turn waits for somebody else to take it."""
        return self._waiting is not None

    @property
    def speaker(self) -> str:
        """Whom to look at: the person in view who speaks or spoke last; empty with one person in view, or where it is not known."""
        return self._speaker if self._people.count > 1 and self._people.bearing_of(self._speaker) is not None else ""

    @property
    def listens(self) -> bool:
        """Whether the running speech, also over the agent's voice, may be for the agent: only then does it respond as a listener."""
        return self._so_far >= self._settings.stay_out_below

    def heard_block(self, block: BlockHeard) -> None:
        """Take one block of voice activity: who speaks, looking where."""
        voiced = block.speaking and block.probability >= self._vad_off
        now_ns = block.t_ns + BLOCK_NS
        self._voice.block(now_ns, BLOCK_S, voiced, block.azimuth_rad, self._people.seen)
        if self._people.count < 2:
            self._so_far = 1.0
        elif voiced:
            start_ns = now_ns if self._turn_start_ns is None else self._turn_start_ns
            self._so_far = self._judge("", start_ns, now_ns).probability
            self._speaker = self._voice.speaker().person_id or self._speaker

    def turn_started(self, t_ns: int) -> None:
        """A turn of a person began at `t_ns`: whoever it is, others are no longer waited for."""
        self._turn_start_ns, self._so_far = t_ns, 1.0
        self._voice.turn_started()
        self._alarm.set(None)

    def worth_preparing(self, text: str) -> bool:
        """Whether a turn with this text so far may want the agent's answer."""
        start_ns = self._turn_start_ns
        if start_ns is None or self._people.count < 2:
            return True
        return self._judge(text, start_ns, self._clock.now_ns()).probability >= self._settings.stay_out_below

    def addressee_of(self, ended: TurnEnded) -> Addressee:
        """Judge a turn that has just ended, before it is passed to `turn_ended`; the same answer at the same moment."""
        return TYPED if "typed" in ended.evidence else self._judge(ended.text, ended.start_ns, self._clock.now_ns())

    def turn_ended(self, ended: TurnEnded, draft: Draft | None, now_ns: int) -> None:
        """Take a turn that is over: answer it, wait, or stay out."""
        judged = self.addressee_of(ended)
        self._turn_start_ns, self._so_far = None, 1.0
        self._voice.turn_ended()
        if not ended.text and (ended.speech_end_ns - ended.start_ns) < self._settings.ignore_noise_ms * NS_PER_MS:
            self._answer(ended, draft, now_ns)  # which drops it
            if self._waiting is not None:
                self._alarm.set(max(now_ns, self._waiting.due_ns))
            return
        before, self._waiting = self._waiting, None
        if before is not None and judged.person_id not in ("", before.judged.person_id):
            self._leave(before.ended, before.draft, before.judged, now_ns, {"taken": 1.0})
        elif before is not None:
            if before.draft is not None:
                before.draft.cancel()
            if judged.in_question and not judged.person_id:
                judged = before.judged  # whose voice it was is not known: no more is known than before
            ended = replace(ended, text=f"{before.ended.text} {ended.text}".strip(), start_ns=before.ended.start_ns)
        if judged.person_id:
            self._speaker = judged.person_id
        if not judged.in_question:
            self._take(ended, draft, now_ns)
        elif judged.probability >= self._settings.addressed_from:
            self._decide("answer", ended, judged, now_ns, {})
            self._take(ended, draft, now_ns)
        elif judged.probability < self._settings.stay_out_below:
            self._leave(ended, draft, judged, now_ns, {})
        else:
            wait_ms = self._settings.others_first_ms
            due_ns = now_ns + round(wait_ms * NS_PER_MS)
            self._waiting = _Waiting(ended, draft, judged, now_ns, due_ns)
            self._decide("wait", ended, judged, now_ns, {"wait_ms": wait_ms})
            self._alarm.set(due_ns)

    def agent_spoke(self, heard: str, now_ns: int) -> None:
        """The agent has fallen silent; `heard` is what people heard of it."""
        if heard:
            self._agent_end_ns, self._agent_asked = now_ns, heard.rstrip().endswith("?")
            self._aside_end_ns = None

    def tick(self, now_ns: int, saying: str) -> None:
        """Once a frame: see nods; `saying` is the response that is heard now, empty while the agent is silent."""
        self._nods.tick(now_ns, saying)

    def close(self) -> None:
        """Wait for nobody any more."""
        self._alarm.set(None)
        if self._waiting is not None and self._waiting.draft is not None:
            self._waiting.draft.cancel()
        self._waiting = None

    # ------------------------------------------------------------ judging and deciding

    def _judge(self, text: str, start_ns: int, now_ns: int) -> Addressee:
        speaker = self._voice.speaker()
        gaze = self._people.gaze_of(now_ns, speaker.person_id) if speaker.person_id else None
        return judge_addressee(
            AddresseeEvidence(
                people=self._people.count,
                text=text,
                whole=self._whole(text) if text else "",
                agent_name=self._agent_name,
                speaker=speaker,
                looks=self._voice.looks_of(speaker.person_id),
                ends_on=None if gaze is None else gaze.target,
                after_agent_s=_since_s(self._agent_end_ns, start_ns),
                agent_asked=self._agent_asked,
                after_aside_s=_since_s(self._aside_end_ns, start_ns),
            )
        )

    def _nobody_else(self, now_ns: int) -> None:
        """Nobody has taken a turn that may have been the agent's."""
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        self._speaker = waiting.judged.person_id or self._speaker
        waited_ms = (now_ns - waiting.since_ns) / NS_PER_MS
        self._decide("answer", waiting.ended, waiting.judged, now_ns, {"waited_ms": round(waited_ms, 1)})
        self._take(replace(waiting.ended, due_ns=now_ns), waiting.draft, now_ns)

    def _take(self, ended: TurnEnded, draft: Draft | None, now_ns: int) -> None:
        self._agent_end_ns = self._aside_end_ns = None
        self._answer(ended, draft, now_ns)

    def _leave(
        self, ended: TurnEnded, draft: Draft | None, judged: Addressee, now_ns: int, more: dict[str, float]
    ) -> None:
        if draft is not None:
            draft.cancel()
        self._agent_end_ns, self._aside_end_ns = None, ended.speech_end_ns
        self._decide("stay_out", ended, judged, now_ns, more)
        self._stay_out(ended)

    def _decide(
        self,
        decision: Literal["answer", "wait", "stay_out"],
        ended: TurnEnded,
        judged: Addressee,
        now_ns: int,
        more: dict[str, float],
    ) -> None:
        self._bus.publish(
            TurnDecision(
                t_ns=now_ns,
                decision=decision,
                turn_id=ended.turn_id,
                person_id=judged.person_id,
                evidence={**judged.evidence, **more},
            )
        )


def _since_s(before_ns: int | None, start_ns: int) -> float | None:
    return None if before_ns is None else max(0, start_ns - before_ns) / NS_PER_S
