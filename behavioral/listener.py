"""The listening agent as a whole: cues and looks become nods and continuers, moods a lean and a smile.

Joins the policy (`body.listening`), the gaze window, the mirroring and the body; the conversation tells it what is
heard, vision what is seen. It acts only while the person has the floor and no answer is being made. A continuer is
said only if the person is silent when its moment comes and when its sound is ready. Everything runs on the room's
loop and returns at once. Times in nanoseconds of the session where blocks and cues carry them, seconds towards the
body.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from behavioral.body.body import Body
from behavioral.body.gaze_window import GazeWindow
from behavioral.body.listening import ListenerAct, Listening
from behavioral.hearing.events import BackchannelCue, BlockHeard
from behavioral.people import People
from behavioral.small_sounds import SmallSounds
from behavioral.sources.contract import BLOCK_NS
from runtime.bus import Bus
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.ids import IdSource
from runtime.messages import BodyAct
from runtime.settings import Profile

CONTINUER_GRACE_S: Final = 0.3
"""A continuer whose moment is longer ago is no longer said."""


class Listener:
    """The listener's side of one conversation."""

    def __init__(
        self,
        profile: Profile,
        bus: Bus,
        ids: IdSource,
        *,
        body: Body,
        people: People,
        listening: Listening,
        sounds: SmallSounds,
        may_respond: Callable[[], bool],
    ) -> None:
        """Wire the parts.

        Args:
            profile: pause cue and voice activity's lower threshold.
            bus: told of every act.
            ids: of the acts.
            body: nods, mirrors and blinks.
            people: whether the person faces the agent.
            listening: the policy.
            sounds: say continuers.
            may_respond: whether the person has the floor and no answer is being made.
        """
        self._bus, self._ids = bus, ids
        self._body, self._people, self._listening, self._sounds = body, people, listening, sounds
        self._may_respond = may_respond
        self._window = GazeWindow(profile.listener)
        self._vad_off = profile.hearing.vad_off
        self._pause_s = profile.listener.pause_cue_ms * NS_PER_MS / NS_PER_S
        self._silent = True
        self._blinked_ns: int | None = None
        self._look_due_s: float | None = None
        self._continuer: ListenerAct | None = None

    def heard_block(self, block: BlockHeard) -> None:
        """Take one block of voice activity; a response that is overdue, or asked for by a look, may follow."""
        self._silent = not block.speaking and block.probability < self._vad_off
        now_s = (block.t_ns + BLOCK_NS) / NS_PER_S
        look_due_s = self._window.take(now_s, self._looks(block.t_ns + BLOCK_NS))
        self._see(now_s)
        if not self._may_respond():
            self._look_due_s = None
            return
        self._act(self._listening.talk(now_s, speaking=block.speaking, gap=block.probability < self._vad_off))
        if look_due_s is not None and block.speaking:
            self._look_due_s = look_due_s
        if self._look_due_s is not None and now_s >= self._look_due_s:
            self._look_due_s = None
            if self._window.open:
                self._act(self._listening.cue(now_s, now_s, "gaze", likelihood=self._window.likelihood))

    def heard_cue(self, cue: BackchannelCue) -> None:
        """The person left room for a response."""
        if not self._may_respond():
            return
        now_s = cue.t_ns / NS_PER_S
        from_s = now_s - self._pause_s if cue.kind == "pause" else now_s
        self._act(self._listening.cue(now_s, from_s, cue.kind, likelihood=self._window.likelihood))

    def felt(self, t_s: float, valence: float, arousal: float, confidence: float) -> None:
        """Take an estimate of the person's mood: -1 to 1 each, confidence 0 to 1."""
        self._body.mirroring.felt(t_s, valence, arousal, confidence)

    def saw_smile(self, t_s: float, smile: float) -> None:
        """Take how much the nearest person is seen to smile, 0 to 1; at any rate of pictures."""
        self._body.mirroring.smiled(t_s, smile)

    def saw_blink(self, t_s: float) -> None:
        """The nearest person was seen to blink: in a pause of speech a listener's blink follows."""
        if self._silent and self._may_respond():
            self._body.face.person_blinked(t_s)

    def tick(self, now_s: float) -> None:
        """Say a continuer whose moment has come, once a frame."""
        act = self._continuer
        if act is None or now_s < act.text_at_s:
            return
        self._continuer = None
        if now_s - act.text_at_s <= CONTINUER_GRACE_S and self._fits():
            self._sounds.utter(act.text, self._fits)
            self._tell("continuer", act.text_at_s, act.reason, 0.0)

    def _looks(self, now_ns: int) -> float | None:
        """How surely the nearest person looks at the agent, 0 to 1: by the eyes, else by the head, else unknown."""
        if self._people.nearest is None:
            return None
        gaze = self._people.gaze_of(now_ns)
        if gaze is None:
            return self._people.facing
        return gaze.confidence if gaze.target == "agent" else 0.0

    def _see(self, now_s: float) -> None:
        """Take over what vision has told of the nearest person's mouth and lids."""
        nearest, blinked_ns = self._people.nearest, self._people.blinked_ns()
        if nearest is not None and nearest.smile is not None:
            self.saw_smile(now_s, nearest.smile)
        if blinked_ns is not None and blinked_ns != self._blinked_ns:
            self.saw_blink(now_s)
        self._blinked_ns = blinked_ns

    def _fits(self) -> bool:
        """Whether a continuer would fall into a pause."""
        return self._silent and self._may_respond()

    def _act(self, act: ListenerAct | None) -> None:
        if act is None:
            return
        self._body.listen(act)
        self._tell(f"nod_{act.kind}", act.at_s, act.reason, act.duration_s)
        if act.text:
            self._continuer = act

    def _tell(self, name: str, at_s: float, reason: str, duration_s: float) -> None:
        self._bus.publish(
            BodyAct(
                t_ns=round(at_s * NS_PER_S),
                state="started",
                act=name,
                act_id=self._ids.new("act"),
                reason=reason,
                duration_ms=1e3 * duration_s,
            )
        )
