"""The whole body at one tick: generated base, gaze on neck and head, face, limits, and the frame for the wire.

Layers from below: the motion generator's pose; lean and tilt that mirror the person, on trunk and head; the head's
share of the gaze, on neck and head; the joint limiter; eyes that hold their target whatever the head does; lids,
expression and visemes. One writer (the tick), one frame per tick, never none. Costs well under a millisecond;
allocates the frame's bytes and little else.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass

import msgspec
import numpy as np

from behavioral.body.face import Face
from behavioral.body.gaze import EYE_LIMIT_RAD, Gaze, Mode
from behavioral.body.head_turns import eyes_in_head, lean_and_tilt, look_with_head
from behavioral.body.listening import ListenerAct
from behavioral.body.mirroring import Mirroring
from behavioral.body.motion_source import open_motion
from behavioral.voice.speaker import ROUNDING_MS, ClauseScheduled
from behavioral.voice.visemes import VisemePlayer
from motion.clip import Pose
from motion.limits import JointLimiter
from motion.procedural.generator import SpokenWord
from motion.streaming.live import LiveMotion
from motion.text.encoder import shipped
from motion.text.matcher import match
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.messages import MotionFrame
from runtime.settings import Profile
from runtime.ticker import Tick

TAG_SCORE_MIN = 0.6
PREPARATION_S = 0.45
"""A hand needs this long to come up: the stroke of a tag at the first word comes a little after it."""
TAG_ACTS_MAX = 32
TAG_EXPRESSION_S = 2.5
TAG_EXPRESSIONS: dict[str, tuple[str, float]] = {
    "smile": ("happy", 0.8),
    "happy": ("happy", 0.8),
    "sad": ("sad", 0.6),
    "angry": ("angry", 0.4),
    "relaxed": ("relaxed", 0.7),
}
"""Tags that are faces; `[surprised]` is a gesture of the lexicon."""
MOUTH_TAIL_NS = 150 * NS_PER_MS
"""The mouth closes within this after a clause."""


@dataclass(slots=True)
class _Mouth:
    clause: ClauseScheduled
    player: VisemePlayer
    end_ns: int
    sounded: int
    """Samples that the generator knows of."""


class Body:
    """The agent's body."""

    def __init__(self, profile: Profile, seed: int) -> None:
        """Build the layers, each with a random source of its own so that they don't disturb each other."""
        shipped()  # read the text model now: it takes longer than a tick
        self.generator = open_motion(profile, seed)
        self.live = self.generator if isinstance(self.generator, LiveMotion) else None
        """The generator, where it has a loop of its own and hears sound."""
        self.gaze = Gaze(profile.listener, random.Random(f"{seed} gaze"))
        self.face = Face(profile.listener, random.Random(f"{seed} face"))
        self.mirroring = Mirroring(profile.listener, random.Random(f"{seed} mirroring"))
        self._limiter = JointLimiter()
        self._step_s = 1.0 / profile.loop.tick_hz
        self._mouths: deque[_Mouth] = deque()
        self._mode: Mode = "idle"
        self._nods: list[ListenerAct] = []
        self._tag_acts: list[tuple[str, float]] = []
        self._tag_faces: list[tuple[float, str, float]] = []
        self.response_id = ""
        self.own_acts = True
        """Whether it gestures, nods and makes faces for itself; it breathes, blinks and moves with speech whoever holds it."""

    @property
    def mode(self) -> Mode:
        """What the body is doing."""
        return self._mode

    def set_mode(self, mode: Mode, t_s: float) -> None:
        """Change what the agent is doing."""
        if mode == self._mode:
            return
        self._mode = mode
        self.generator.set_mode(mode, t_s)
        self.gaze.set_mode(mode, t_s)
        self.face.set_speaking(mode == "speaking")

    def speech_scheduled(self, scheduled: ClauseScheduled) -> None:
        """Move with a clause that will be heard; one that is taken up after a pause, with what is left of it."""
        words = [
            SpokenWord(w.text, scheduled.at_ns(w.start_ms) / NS_PER_S, scheduled.at_ns(w.end_ms) / NS_PER_S, w.accent)
            for w in scheduled.clause.words
            if w.start_ms >= scheduled.from_ms - ROUNDING_MS
        ]
        self.generator.speech_planned(scheduled.response_id, scheduled.at_ns(scheduled.from_ms) / NS_PER_S, words)
        self.mouth(scheduled)
        self.response_id = scheduled.response_id

    def mouth(self, scheduled: ClauseScheduled) -> None:
        """Move the mouth with a clause, and nothing else (a continuer, a filler)."""
        said = round(scheduled.from_ms * scheduled.clause.sample_rate_hz / 1e3)
        self._mouths.append(_Mouth(scheduled, VisemePlayer(scheduled.visemes), scheduled.end_ns, said))
        self._sound(self._mouths[-1])

    def speech_grew(self, scheduled: ClauseScheduled) -> None:
        """Take more sound and better times of a clause that moves the mouth; harmless when it does not any more."""
        for mouth in self._mouths:
            if (mouth.clause.response_id, mouth.clause.index) == (scheduled.response_id, scheduled.index):
                mouth.clause, mouth.end_ns = scheduled, scheduled.end_ns
                mouth.player = VisemePlayer(scheduled.visemes)
                self._sound(mouth)

    def _sound(self, mouth: _Mouth) -> None:
        """Let the generator hear what is new of a clause; after a gap it lies that much later."""
        clause, first = mouth.clause.clause, mouth.sounded
        if self.live is None or clause.ready == first:
            return
        at_s = mouth.clause.start_ns / NS_PER_S + first / clause.sample_rate_hz + mouth.clause.gaps_ms / 1e3
        self.live.say(at_s, clause.samples(first, clause.ready - first), clause.sample_rate_hz)
        mouth.sounded = clause.ready

    def speech_paused(self, t_s: float, silent_ns: int) -> None:
        """The voice halts: the mouth comes to rest with it, and what was planned for later waits to be told again.

        A gesture that is on its way runs to its end: hands that froze would look like a fault.
        """
        self._mouths = deque(mouth for mouth in self._mouths if mouth.clause.start_ns < silent_ns)
        for mouth in self._mouths:
            until_ms = (silent_ns - mouth.clause.start_ns) / NS_PER_MS
            shapes = [
                msgspec.structs.replace(v, end_ms=min(v.end_ms, until_ms))
                for v in mouth.clause.visemes
                if v.start_ms < until_ms
            ]
            mouth.player, mouth.end_ns = VisemePlayer(shapes), min(mouth.end_ns, silent_ns)
        self._tag_faces.clear()
        for act_id, at_s in self._tag_acts:
            if at_s > t_s:
                self.generator.cancel_gesture(act_id, t_s)
        self._tag_acts = [(act_id, at_s) for act_id, at_s in self._tag_acts if at_s <= t_s]
        self.generator.speech_stopped(silent_ns / NS_PER_S)

    def speech_stopped(self, t_s: float) -> None:
        """Drop what has not been said: mouth, strokes, accents, the acts and faces of its tags."""
        self._mouths.clear()
        self._tag_faces.clear()
        for act_id, _at_s in self._tag_acts:
            self.generator.cancel_gesture(act_id, t_s)
        self._tag_acts.clear()
        self.generator.speech_stopped(t_s)
        self.response_id = ""

    def perform_tag(self, label: str, act_id: str, now_s: float, at_s: float) -> float:
        """Perform a reply's behaviour tag with its stroke at a word; return its length in seconds, 0 for an unknown tag.

        A reply's text may come from a language model: a tag that names nothing is dropped, never spoken,
        never an error.
        """
        if not self.own_acts:
            return 0.0
        if label in TAG_EXPRESSIONS:
            self._tag_faces.append((at_s, *TAG_EXPRESSIONS[label]))
            return TAG_EXPRESSION_S
        found = match(label)
        if not found.label or found.score < TAG_SCORE_MIN:
            return 0.0
        run = self.generator.gesture(act_id, now_s, found.label, stroke_at_s=max(at_s, now_s + PREPARATION_S))
        self._tag_acts.append((act_id, at_s))
        del self._tag_acts[:-TAG_ACTS_MAX]
        return run.end_s - run.start_s

    def listen(self, act: ListenerAct) -> None:
        """Nod at the time that the listener's policy chose."""
        if self.own_acts:
            self._nods.append(act)

    def frame(self, tick: Tick, intention_ids: tuple[str, ...]) -> MotionFrame:
        """Return the frame of a tick."""
        t_s = tick.t_ns / NS_PER_S
        due = [act for act in self._nods if act.at_s <= t_s]
        for act in due:
            self._nods.remove(act)
            self.generator.nod(t_s, act.kind, act.amplitude)
        while self._tag_faces and self._tag_faces[0][0] <= t_s:
            _at_s, name, strength = self._tag_faces.pop(0)
            self.face.express(name, strength, t_s + TAG_EXPRESSION_S)
        mirrored = self.mirroring.tick(t_s)
        self.face.mirror(mirrored.weights)
        base = self.generator.sample(t_s)
        gaze = self.gaze.tick(t_s)
        self.face.gaze_shifted(t_s, gaze.shifted_rad)
        blink, expression = self.face.tick(t_s)
        rotations = base.rotations.copy()
        lean_and_tilt(rotations, mirrored.lean_rad, mirrored.tilt_rad)
        look_with_head(rotations, *gaze.head_rad)
        pose = self._limiter.apply(Pose(rotations, base.hips_m, base.hands), self._step_s)
        return MotionFrame(
            t_ns=tick.t_ns,
            index=tick.index,
            rotations=np.ascontiguousarray(pose.rotations, dtype="<f4").tobytes(),
            hips_m=(float(pose.hips_m[0]), float(pose.hips_m[1]), float(pose.hips_m[2])),
            hands=np.ascontiguousarray(pose.hands, dtype="<f4").tobytes(),
            eyes_rad=eyes_in_head(pose.rotations, gaze.look_rad, EYE_LIMIT_RAD),
            blink=blink,
            visemes=self._viseme_bytes(tick.t_ns),
            expression=expression.astype("<f4").tobytes(),
            response_id=self.response_id,
            intention_ids=intention_ids[:16],
            lateness_ms=tick.lateness_ms,
        )

    def _viseme_bytes(self, t_ns: int) -> bytes:
        while self._mouths and t_ns > self._mouths[0].end_ns + MOUTH_TAIL_NS:
            ended = self._mouths.popleft()
            self.face.phrase_ended(ended.end_ns / NS_PER_S)
            if not self._mouths:
                self.response_id = ""
        while len(self._mouths) > 1 and t_ns >= self._mouths[1].clause.start_ns:
            ended = self._mouths.popleft()
            self.face.phrase_ended(ended.end_ns / NS_PER_S)
        if not self._mouths:
            return bytes(60)
        mouth = self._mouths[0]
        since_ms = (t_ns - mouth.clause.start_ns) / NS_PER_MS
        return np.ascontiguousarray(mouth.player.weights(since_ms), dtype="<f4").tobytes()
